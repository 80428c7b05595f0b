//! Where a character of a TOML string stands in its file: escapes and line breaks make the two differ.

/// The byte of a file at which a character of a string stands: `raw` is the string as it is written, quotes included, `start` its first
/// byte, `at` the character of its value from 0. One that is behind the last is the closing quote.
pub(in crate::storage) fn of_character(raw: &str, start: usize, at: usize) -> usize {
    let (delimiter, is_basic) = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|delimiter| raw.starts_with(delimiter))
        .map_or(("", false), |delimiter| (delimiter, delimiter.starts_with('"')));
    let mut place = delimiter.len();
    let body_end = raw.len().saturating_sub(delimiter.len()).max(place);
    let body = |place: usize| raw.get(place..body_end).unwrap_or_default();
    if delimiter.len() == 3 {
        // A line break directly behind the opening quotes is no part of the value.
        place += ["\r\n", "\n"].into_iter().find(|newline| body(place).starts_with(newline)).map_or(0, str::len);
    }
    let mut left = at;
    loop {
        let rest = body(place);
        let Some(first) = rest.chars().next() else { return start + place };
        let width = if is_basic && first == '\\' { escape(rest) } else { Piece::Character(first.len_utf8()) };
        match width {
            Piece::Nothing(width) => place += width,
            Piece::Character(_) if left == 0 => return start + place,
            Piece::Character(width) => {
                left -= 1;
                place += width;
            }
        }
    }
}

/// A part of a string as it is written, with its length in bytes.
enum Piece {
    /// One character of the value.
    Character(usize),
    /// Nothing: a line that goes on.
    Nothing(usize),
}

/// What begins with a backslash.
fn escape(rest: &str) -> Piece {
    let digits = match rest.chars().nth(1) {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        Some(c) if c.is_whitespace() => {
            let after = rest.trim_start_matches('\\').trim_start_matches([' ', '\t', '\r', '\n']);
            return Piece::Nothing(rest.len() - after.len());
        }
        Some(c) => return Piece::Character(1 + c.len_utf8()),
        None => return Piece::Character(1),
    };
    Piece::Character((2 + digits).min(rest.len()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use proptest::prelude::*;
    use rstest::rstest;
    use toml::de::DeTable;

    use super::*;

    /// The value of `q = …`, and its text with where that begins.
    fn read(text: &str) -> (String, std::ops::Range<usize>) {
        let table = DeTable::parse(text).unwrap();
        let value = table.get_ref().get("q").unwrap();
        (value.get_ref().as_str().unwrap().to_owned(), value.span())
    }

    #[rstest]
    #[case::basic("q = \"ab\"", 1, 6)]
    #[case::literal("q = 'ab'", 0, 5)]
    #[case::the_closing_quote("q = 'ab'", 2, 7)]
    #[case::far_behind("q = 'ab'", 99, 7)]
    #[case::a_quote(r#"q = "a\"b""#, 2, 8)]
    #[case::a_short_number(r#"q = "\x41b""#, 1, 9)]
    #[case::a_number(r#"q = "\u00e9b""#, 1, 11)]
    #[case::a_long_number(r#"q = "\U0001F600b""#, 1, 15)]
    #[case::of_more_bytes("q = \"\u{e9}b\"", 1, 7)]
    #[case::lines("q = \"\"\"\nab\ncd\"\"\"", 3, 11)]
    #[case::lines_of_windows("q = \"\"\"\r\nab\"\"\"", 1, 10)]
    #[case::no_line_break("q = \"\"\"ab\"\"\"", 0, 7)]
    #[case::a_line_that_goes_on("q = \"\"\"a \\\n    b\"\"\"", 2, 15)]
    #[case::literal_lines("q = '''\na\\b'''", 2, 10)]
    fn a_character_stands_at(#[case] text: &str, #[case] at: usize, #[case] byte: usize) {
        let (value, span) = read(text);
        assert_eq!(of_character(text.get(span.clone()).unwrap(), span.start, at), byte);
        let here = text.get(byte..).unwrap();
        if let Some(c) = value.chars().nth(at)
            && !here.starts_with('\\')
        {
            assert!(here.starts_with(c), "it is the character that the value has there");
        }
    }

    /// Pieces of a string as written, each one character of the value or none.
    fn pieces() -> impl Strategy<Value = Vec<(&'static str, usize)>> {
        let piece = prop_oneof![
            Just(("a", 1)),
            Just(("\u{e9}", 1)),
            Just(("\u{1f600}", 1)),
            Just(("'", 1)),
            Just(("\\\"", 1)),
            Just(("\\\\", 1)),
            Just(("\\n", 1)),
            Just(("\\x41", 1)),
            Just(("\\u0042", 1)),
            Just(("\\U00000043", 1)),
            Just(("\n", 1)),
            Just(("\\\n   ", 0)),
            Just(("\\  \n\t", 0)),
        ];
        // What follows a line that goes on must not be white, else it belongs to it.
        proptest::collection::vec(piece, 0..20).prop_map(|pieces| {
            pieces.into_iter().flat_map(|piece| if piece.1 == 0 { vec![piece, ("z", 1)] } else { vec![piece] }).collect()
        })
    }

    proptest! {
        #[test]
        fn every_character_is_found_where_it_was_written(pieces in pieces()) {
            let body: String = pieces.iter().map(|(piece, _)| *piece).collect();
            let text = format!("q = \"\"\"\n{body}\"\"\"");
            let (value, span) = read(&text);
            prop_assert_eq!(value.chars().count(), pieces.iter().map(|(_, count)| count).sum::<usize>());
            let mut place = "q = \"\"\"\n".len();
            let mut at = 0;
            for (piece, count) in pieces {
                if count == 1 {
                    prop_assert_eq!(of_character(text.get(span.clone()).unwrap(), span.start, at), place, "{:?}", text);
                    at += 1;
                }
                place += piece.len();
            }
        }
    }
}
