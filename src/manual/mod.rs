//! The manual page: one page for the program, its keys and all its commands, made from the key map and the command line's definitions.
//! The tables of `docs/manual.md` are made from the same.

pub mod keys;
pub mod options;

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;

/// Writes the page in roff.
pub fn write(out: &mut dyn Write) -> io::Result<()> {
    let mut program = Cli::command();
    program.build();
    let page = Man::new(program.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    page.render_extra_section(out)?;
    keys_section(out)?;
    for (heading, entries) in [("FILES", FILES), ("ENVIRONMENT", ENVIRONMENT), ("EXIT STATUS", EXITS)] {
        writeln!(out, ".SH {heading}")?;
        for (name, told) in entries {
            entry(out, name, told)?;
        }
    }
    // A page of its own for each command would have to be installed one by one.
    for command in own_commands(&program) {
        chapter(out, command)?;
        for command in own_commands(command) {
            chapter(out, command)?;
        }
    }
    Ok(())
}

/// Where the program keeps what, on Linux.
const FILES: &[(&str, &str)] = &[
    ("$XDG_CONFIG_HOME/hubtriage/config.toml", "the configuration; ~/.config where XDG_CONFIG_HOME is not set"),
    ("$XDG_CONFIG_HOME/hubtriage/profiles/NAME.toml", "filter profiles of the user"),
    ("/etc/xdg/hubtriage/profiles/NAME.toml", "filter profiles for everybody on the machine, under each folder of XDG_CONFIG_DIRS"),
    (
        "$XDG_STATE_HOME/hubtriage/",
        "journals, sessions and the log, readable by the user alone; ~/.local/state where XDG_STATE_HOME is not set",
    ),
];

/// What is read of the environment, beside what the AWS SDK reads.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID", "as in the AWS CLI; the options go over them"),
    ("AWS_ENDPOINT_URL_SECURITYHUB, AWS_ENDPOINT_URL", "another endpoint; a port of hubtriage emulator, say"),
    ("AWS_CA_BUNDLE", "certificate authorities to trust in place of the system's"),
    ("HTTPS_PROXY, NO_PROXY", "the proxy"),
    ("VISUAL, EDITOR", "the editor for comments, unless it is switched off"),
    ("NO_COLOR", "no colours, where it is set and not empty"),
    ("HUBTRIAGE_LOG", "how much is logged: off, error, warn, info, debug or trace"),
];

/// How the commands without a terminal end.
const EXITS: &[(&str, &str)] = &[
    ("0", "done; with apply, every finding of the plan is processed"),
    ("1", "a file or value that cannot be used, a plan of another hub, or read-only"),
    ("2", "a command line that cannot be meant"),
    ("3", "some findings were not found (plan) or not processed (apply); they are named"),
    ("4", "denied, or out of reach"),
    ("130", "interrupted, after the calls under way"),
];

fn keys_section(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, ".SH KEYS")?;
    for place in keys::places() {
        writeln!(out, ".SS \"{}\"", escaped(place.title))?;
        for line in place.lines {
            let name = if line.name.is_empty() { String::new() } else { format!(" ({})", line.name) };
            entry(out, &line.keys.join("  "), &format!("{}{name}", line.meaning))?;
        }
    }
    Ok(())
}

fn entry(out: &mut dyn Write, name: &str, told: &str) -> io::Result<()> {
    writeln!(out, ".TP\n\\fB{}\\fR\n{}", escaped(name), escaped(told))
}

/// A text as roff takes it: nothing in it is a request or an escape.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('"', "\\(dq").replace('^', "\\(ha").replace('~', "\\(ti");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

fn own_commands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|command| command.get_name() != "help")
}

fn chapter(out: &mut dyn Write, command: &Command) -> io::Result<()> {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let mut sections = Vec::new();
    let page = Man::new(command.clone());
    page.render_synopsis_section(&mut sections)?;
    page.render_description_section(&mut sections)?;
    if command.get_arguments().next().is_some() {
        page.render_options_section(&mut sections)?;
    }
    page.render_extra_section(&mut sections)?;
    writeln!(out, ".SH \"{}\"", name.to_uppercase())?;
    // Under the command's own heading, the usual ones are one level down.
    out.write_all(String::from_utf8_lossy(&sections).replace("\n.SH ", "\n.SS ").replacen(".SH ", ".SS ", 1).as_bytes())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn the_page_tells_every_option_of_every_command() {
        let mut page = Vec::new();
        write(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap().replace("\\-", "-");
        let program = Cli::command();
        let commands = own_commands(&program).chain(own_commands(&program).flat_map(own_commands));
        let mut told = 0;
        for command in commands.chain([&program]) {
            for option in command.get_arguments().filter_map(|argument| argument.get_long()) {
                assert!(page.contains(&format!("--{option}")), "{} --{option}", command.get_name());
                told += 1;
            }
        }
        assert!(told > 15, "{told}");
        for heading in [".SH NAME", ".SH \"HUBTRIAGE DEMO\"", ".SH \"HUBTRIAGE CONFIG CHECK\"", ".SS DESCRIPTION"] {
            assert!(page.contains(heading), "{heading}");
        }
        assert!(!page.contains("hubtriage-demo(1)"));
    }
}
