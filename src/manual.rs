//! The manual page: one page for the program and all its commands, made from the command line's definitions.

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
    // A page of its own for each command would have to be installed one by one.
    for command in own_commands(&program) {
        chapter(out, command)?;
        for command in own_commands(command) {
            chapter(out, command)?;
        }
    }
    Ok(())
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
