//! The commands and options, for `docs/manual.md`: made from the definitions of the command line.

use std::fmt::Write;

use clap::{Arg, Command, CommandFactory};

use crate::cli::Cli;

use super::own_commands;

/// The tables of `docs/manual.md`: the program's own options, then each command with its own.
pub fn markdown() -> String {
    let mut program = Cli::command();
    program.build();
    let mut out = String::new();
    section(&mut out, &program);
    for command in own_commands(&program) {
        section(&mut out, command);
        for command in own_commands(command) {
            section(&mut out, command);
        }
    }
    out
}

fn section(out: &mut String, command: &Command) {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    writeln!(out, "### `{name}`\n\n{about}\n").ok();
    let arguments: Vec<&Arg> = command.get_arguments().filter(|argument| !argument.is_hide_set() && argument.get_id() != "help").collect();
    if arguments.is_empty() {
        return;
    }
    out.push_str("| option | does |\n|---|---|\n");
    for argument in arguments {
        writeln!(out, "| {} | {} |", written(argument), told(argument)).ok();
    }
    out.push('\n');
}

/// `` `-q`, `--query QUERY` ``
fn written(argument: &Arg) -> String {
    let takes = argument.get_action().takes_values();
    let names: Vec<String> = argument.get_value_names().unwrap_or_default().iter().map(|name| name.replace('|', "\\|")).collect();
    let value = if takes { format!(" {}", names.join(" ")) } else { String::new() };
    let mut forms: Vec<String> = argument.get_short().map(|short| format!("`-{short}`")).into_iter().collect();
    match argument.get_long() {
        Some(long) => forms.push(format!("`--{long}{value}`")),
        None => forms.push(format!("`{}`", value.trim())),
    }
    forms.join(", ")
}

/// What it does, what it may be, and what it is without being said.
fn told(argument: &Arg) -> String {
    let mut told = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let possible: Vec<String> =
        argument.get_possible_values().iter().filter(|value| !value.is_hide_set()).map(|value| format!("`{}`", value.get_name())).collect();
    if argument.get_action().takes_values() && !possible.is_empty() {
        write!(told, ": {}", possible.join(", ")).ok();
    }
    let defaults: Vec<String> = argument.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
    if argument.get_action().takes_values() && !defaults.is_empty() {
        write!(told, " (default {})", defaults.join(" ")).ok();
    }
    told.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_of_every_command_stands_in_a_table() {
        let markdown = markdown();
        for sign in [
            "### `hubtriage`\n",
            "### `hubtriage config check`",
            "| `-q`, `--query QUERY` |",
            "| `PLAN.json` |",
            "`--no-editor`",
            "(default `0`)",
        ] {
            assert!(markdown.contains(sign), "{sign}: {markdown}");
        }
        assert!(!markdown.contains("hubtriage help"));
    }
}
