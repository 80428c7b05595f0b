//! Tables in Markdown, for tickets: what a finding says is text there and nothing else.
//!
//! A stranger's text must not become a link, an image that tells where it was looked at, or markup of the page around it. So every sign
//! that begins such a thing is written with a backslash, and an address is broken where a reader would make a link of it by itself.

/// Adds a line of a table, with its line break.
pub fn add_line<S: AsRef<str>>(cells: impl IntoIterator<Item = S>, out: &mut String) {
    out.push('|');
    for cell in cells {
        out.push(' ');
        add_text(cell.as_ref(), out);
        out.push_str(" |");
    }
    out.push('\n');
}

/// Adds the line between the titles of a table and its rows.
pub fn add_rule(columns: usize, out: &mut String) {
    out.push('|');
    for _ in 0..columns {
        out.push_str(" --- |");
    }
    out.push('\n');
}

/// Adds a text that means itself. A line break would end the row: it becomes a space.
pub fn add_text(text: &str, out: &mut String) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '$' => out.extend(['\\', c]),
            ':' if rest.peek() == Some(&'/') => out.extend(['\\', ':']),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain text", "plain text")]
    #[case("a|b", "a\\|b")]
    #[case("a\\|b", "a\\\\\\|b")]
    #[case("two\r\nlines", "two  lines")]
    #[case("![x](https://evil.example/y.png)", "!\\[x\\](https\\://evil.example/y.png)")]
    #[case("<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)\\>")]
    #[case("arn:aws:s3:::logs_2026", "arn:aws:s3:::logs\\_2026")]
    fn a_text_means_itself(#[case] text: &str, #[case] written: &str) {
        let mut out = String::new();
        add_text(text, &mut out);
        assert_eq!(out, written);
    }

    proptest! {
        #[test]
        fn a_line_has_as_many_cells_as_it_was_given(cells in proptest::collection::vec("[|\\\\`\n\r a-z<]{0,8}|\\PC{0,8}", 1..6)) {
            let mut out = String::new();
            add_line(&cells, &mut out);
            prop_assert_eq!(out.matches('\n').count(), 1);
            // A pipe is a border where an even number of backslashes stands before it.
            let mut borders = 0;
            let mut is_escaped = false;
            for c in out.chars() {
                borders += usize::from(c == '|' && !is_escaped);
                is_escaped = c == '\\' && !is_escaped;
            }
            prop_assert_eq!(borders, cells.len() + 1, "{}", out);
        }
    }
}
