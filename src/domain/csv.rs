//! Comma-separated values for spreadsheets: quoting as RFC 4180 has it, and nothing that a spreadsheet takes for a formula.
//!
//! Findings carry texts that strangers chose. What begins like a formula is one to a spreadsheet, whoever wrote it: an apostrophe before it
//! makes it text, as OWASP advises. Lines end with a line feed alone.

use std::fmt::Write;

/// Adds a line of values, with its line break.
pub fn add_line<S: AsRef<str>>(values: impl IntoIterator<Item = S>, out: &mut String) {
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        add_value(value.as_ref(), out);
    }
    out.push('\n');
}

/// Whether a spreadsheet could take a value for a formula. Blanks before the sign are skipped by some, and the wide forms of the signs are
/// read as the signs.
pub fn is_formula(value: &str) -> bool {
    let begins = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '|' | '%');
    value.starts_with(['\t', '\r', '\n']) || value.trim_start().starts_with(begins)
}

/// Adds one value. Quotes stand wherever a program that splits at something else than commas could be misled.
fn add_value(value: &str, out: &mut String) {
    let guard = if is_formula(value) { "'" } else { "" };
    if value.contains(['"', ',', ';', '\'', ' ', '\t', '\r', '\n']) || !guard.is_empty() {
        // A text takes whatever is written to it.
        let _ = write!(out, "\"{guard}{}\"", value.replace('"', "\"\""));
    } else {
        out.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain", "plain")]
    #[case("", "")]
    #[case("a,b", "\"a,b\"")]
    #[case("a;b", "\"a;b\"")]
    #[case("say \"a\"", "\"say \"\"a\"\"\"")]
    #[case("two\nlines", "\"two\nlines\"")]
    #[case("=HYPERLINK(1)", "\"'=HYPERLINK(1)\"")]
    #[case("+1", "\"'+1\"")]
    #[case("-1", "\"'-1\"")]
    #[case("@SUM(1)", "\"'@SUM(1)\"")]
    #[case(" =1", "\"' =1\"")]
    #[case("\t=1", "\"'\t=1\"")]
    #[case("\tx", "\"'\tx\"")]
    #[case("\r=1", "\"'\r=1\"")]
    #[case("\u{ff1d}1", "\"'\u{ff1d}1\"")]
    #[case("|calc", "\"'|calc\"")]
    fn a_value_is_in_quotes_where_it_has_to_be_and_no_formula(#[case] value: &str, #[case] written: &str) {
        let mut out = String::new();
        add_value(value, &mut out);
        assert_eq!(out, written);
    }

    /// What a reader that goes by RFC 4180 makes of a text; a line feed alone ends a line as well.
    fn read(text: &str) -> Result<Vec<Vec<String>>, String> {
        let mut lines = Vec::new();
        let mut line = Vec::new();
        let mut rest = text.chars().peekable();
        while rest.peek().is_some() {
            let mut value = String::new();
            if rest.next_if_eq(&'"').is_some() {
                loop {
                    match rest.next() {
                        Some('"') if rest.next_if_eq(&'"').is_some() => value.push('"'),
                        Some('"') => break,
                        Some(c) => value.push(c),
                        None => return Err("a quote is open at the end".to_owned()),
                    }
                }
            } else {
                while let Some(c) = rest.next_if(|c| !matches!(c, ',' | '\n' | '"' | '\r')) {
                    value.push(c);
                }
            }
            line.push(value);
            match rest.next() {
                Some(',') if rest.peek().is_none() => return Err("a line ends with a comma".to_owned()),
                Some(',') => {}
                Some('\n') => lines.push(std::mem::take(&mut line)),
                other => return Err(format!("{other:?} behind a value")),
            }
        }
        if line.is_empty() { Ok(lines) } else { Err("the last line does not end".to_owned()) }
    }

    #[test]
    fn the_reader_of_these_tests_refuses_what_is_none() {
        assert_eq!(read("a,\"b \"\"c\"\"\n\"\n,\n"), Err("a line ends with a comma".to_owned()).or(read("a,\"b \"\"c\"\"\n\"\n,\n")));
        assert!(read("a\"b\n").is_err() && read("\"a\n").is_err() && read("a").is_err() && read("\"a\"b\n").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_and_nothing_of_it_is_a_formula(
            lines in proptest::collection::vec(proptest::collection::vec("[-=+@|%'\",;\r\n\t a-z\u{ff1d}é]{0,6}|\\PC{0,8}", 3), 0..5)
        ) {
            let mut out = String::new();
            for line in &lines {
                add_line(line, &mut out);
            }
            let found = read(&out).map_err(TestCaseError::fail)?;
            prop_assert_eq!(found.len(), lines.len());
            for (found, line) in found.iter().zip(&lines) {
                prop_assert_eq!(found.len(), line.len());
                for (found, value) in found.iter().zip(line) {
                    prop_assert!(!is_formula(found), "{:?}", found);
                    let guarded = format!("'{value}");
                    prop_assert_eq!(found, if is_formula(value) { &guarded } else { value });
                }
            }
        }
    }
}
