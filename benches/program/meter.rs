//! What of the figures is the terminal's and the system's: programs that do nothing, measured alike.

use std::{path::Path, time::Duration};

use crate::{
    figures::Figures,
    terminal::{Command, Terminal},
};

/// Measures them.
pub(crate) fn measure(figures: &mut Figures) {
    for _ in 0..20 {
        let mut terminal = start("/bin/echo", &["a"]);
        figures.time("meter: exec to the byte of echo", terminal.until("it writes", None, |terminal| terminal.written() > 0));
    }
    let mut terminal = start("/bin/sh", &["-c", "stty raw -echo; echo ready; exec cat"]);
    terminal.shows("ready");
    for _ in 0..200 {
        let answer = terminal.press("j", Duration::from_millis(5));
        figures.time("meter: a key that cat sends back", answer.last);
    }
}

fn start(program: &str, arguments: &[&str]) -> Terminal {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    Terminal::start(&Command { program: Path::new(program), arguments: &arguments, home: Path::new("/") })
}
