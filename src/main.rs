//! The thin binary: the process's arguments, environment and streams in, its exit code out.

use std::{io, process::ExitCode};

use hubtriage::storage::environment::Environment;

fn main() -> ExitCode {
    hubtriage::run(std::env::args_os(), &Environment::of_process(), &mut io::stdout(), &mut io::stderr())
}
