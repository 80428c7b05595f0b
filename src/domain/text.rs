//! Clean text: nothing of a finding reaches a terminal, a clipboard, a log or a file name before it went through here.
//!
//! Findings carry attacker-controlled strings (object keys, tags, command lines, user agents). ratatui drops control characters but lets
//! bidi and zero-width characters through, so they are made visible once, where documents become rows.

use std::{borrow::Cow, fmt::Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Most combining marks kept on one base character: enough for every living script, too few to paint over other rows.
const MAX_MARKS: usize = 4;

/// Format characters (general category Cf, Unicode 17) and the other characters that take no room and change what is around them.
const FORMAT_RANGES: &[(u32, u32)] = &[
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
];

/// Whether a character must not reach a terminal as it is: control, format, or without a width of its own though it is no mark.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    if c.is_control() {
        return true;
    }
    let code = u32::from(c);
    FORMAT_RANGES
        .binary_search_by(|&(low, high)| {
            if high < code {
                std::cmp::Ordering::Less
            } else if low > code {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok()
}

/// The display form of a text, on one line: white space controls become a space, variation selectors go, other hidden characters are
/// shown as `<U+202E>`, and towers of combining marks are cut.
pub fn clean(raw: &str) -> Cow<'_, str> {
    if raw.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(cleaned(raw, ' '))
}

/// Like [`clean`], keeping line breaks: for the views that show a text over several lines.
pub fn clean_lines(raw: &str) -> String {
    cleaned(&raw.replace("\r\n", "\n"), '\n')
}

/// Adds a JSON text on one line and otherwise as it came: a line break in a document stands between its tokens, where a space is the same.
pub fn add_on_one_line(json: &str, out: &mut String) {
    out.extend(json.trim().chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }));
}

/// A JSON text on one line, without what a terminal must not see: in texts an escape means the same, and between them only white space
/// can stand. To every reader of JSON it is the same document.
pub fn escape_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '\n' | '\r' | '\t') {
            out.push(' ');
        } else if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // A text takes whatever is written to it.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn cleaned(raw: &str, line_break: char) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut marks = 0;
    for c in raw.chars() {
        if c.is_ascii() && !c.is_ascii_control() {
            marks = 0;
            out.push(c);
        } else if matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}') {
            out.push(line_break);
            marks = 0;
        } else if c == '\t' {
            out.push(' ');
        } else if matches!(u32::from(c), 0xFE00..=0xFE0F | 0xE0100..=0xE01EF) {
            // A variation selector only chooses a glyph; terminals disagree on the width it gives.
        } else if is_hidden(c) {
            out.push_str("<U+");
            out.push_str(&format_hex(c));
            out.push('>');
            marks = 0;
        } else if unicode_width::UnicodeWidthChar::width(c) == Some(0) {
            marks += 1;
            if marks <= MAX_MARKS {
                out.push(c);
            }
        } else {
            marks = 0;
            out.push(c);
        }
    }
    out
}

fn format_hex(c: char) -> String {
    format!("{:04X}", u32::from(c))
}

/// How many terminal columns a clean text takes.
pub fn width(clean: &str) -> usize {
    if clean.is_ascii() { clean.len() } else { clean.width() }
}

/// Where a text that is too wide is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The end goes: titles.
    End,
    /// The middle goes, so that the tail stays visible: ARNs, ids.
    Middle,
}

/// A clean text in at most `columns` columns, with `…` where something is missing; never splits a grapheme.
pub fn fit(clean: &str, columns: usize, cut: Cut) -> Cow<'_, str> {
    match parts(clean, columns, cut) {
        None => Cow::Borrowed(clean),
        Some(_) if columns == 0 => Cow::Borrowed(""),
        Some((front, back)) => Cow::Owned([front, "…", back].concat()),
    }
}

/// What of a clean text stands before and behind the `…` in at most `columns` columns; `None` where all of it fits. Never splits a
/// grapheme. Where there is no column at all, there is none for the `…` either.
pub fn parts(clean: &str, columns: usize, cut: Cut) -> Option<(&str, &str)> {
    if width(clean) <= columns {
        return None;
    }
    let room = columns.saturating_sub(1);
    Some(match cut {
        Cut::End => (head(clean, room), ""),
        Cut::Middle => (head(clean, room / 3), tail(clean, room - room / 3)),
    })
}

fn head(clean: &str, columns: usize) -> &str {
    if clean.is_ascii() {
        return clean.get(..columns).unwrap_or(clean);
    }
    let mut used = 0;
    let beyond = clean.grapheme_indices(true).find(|(_, grapheme)| {
        used += grapheme.width();
        used > columns
    });
    beyond.and_then(|(at, _)| clean.get(..at)).unwrap_or(clean)
}

fn tail(clean: &str, columns: usize) -> &str {
    if clean.is_ascii() {
        return clean.get(clean.len().saturating_sub(columns)..).unwrap_or(clean);
    }
    let mut used = 0;
    let kept = clean.grapheme_indices(true).rev().take_while(|(_, grapheme)| {
        used += grapheme.width();
        used <= columns
    });
    kept.last().and_then(|(at, _)| clean.get(at..)).unwrap_or_default()
}

/// A count with its thousands apart: `9,812`.
pub fn grouped(count: impl TryInto<u64>) -> String {
    let mut shown = String::new();
    add_grouped(count, &mut shown);
    shown
}

/// Adds a count with its thousands apart.
pub fn add_grouped(count: impl TryInto<u64>, out: &mut String) {
    let count = count.try_into().unwrap_or(u64::MAX);
    let digits = count.checked_ilog10().unwrap_or(0) + 1;
    out.reserve((digits + digits / 3) as usize);
    for left in (0..digits).rev() {
        let digit = (count / 10_u64.pow(left) % 10) as u8;
        out.push(char::from(b'0' + digit));
        if left > 0 && left.is_multiple_of(3) {
            out.push(',');
        }
    }
}

/// A clean text broken into lines of at most `columns` columns, at spaces where there are any.
pub fn wrap(clean: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for paragraph in clean.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_inclusive(' ') {
            let wide = width(word.trim_end());
            if used > 0 && used + wide > columns {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            if wide <= columns {
                line.push_str(word);
                used += width(word);
                continue;
            }
            for grapheme in word.graphemes(true) {
                let step = grapheme.width();
                if used + step > columns {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(grapheme);
                used += step;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown_and_never_passed_on() {
        for (raw, shown) in [
            ("plain", "plain"),
            ("a\u{1b}[31mb", "a<U+001B>[31mb"),
            ("a\u{202e}b", "a<U+202E>b"),
            ("line\r\nbreak", "line  break"),
            ("a\tb", "a b"),
            ("a\u{2028}b\u{85}c", "a b c"),
            ("zero\u{200b}width\u{feff}", "zero<U+200B>width<U+FEFF>"),
            ("tag\u{e0041}", "tag<U+E0041>"),
            ("heart\u{2764}\u{fe0f}", "heart\u{2764}"),
            ("日本", "日本"),
            ("c\u{9b}31m", "c<U+009B>31m"),
        ] {
            assert_eq!(clean(raw), shown, "{raw:?}");
            assert!(!clean(raw).chars().any(is_hidden));
        }
        let tower = format!("Z{}", "\u{0301}".repeat(40));
        assert_eq!(clean(&tower).chars().count(), 1 + MAX_MARKS);
    }

    #[test]
    fn ranges_are_sorted_so_that_the_search_finds_them() {
        assert!(FORMAT_RANGES.windows(2).all(|pair| matches!(pair, [a, b] if a.1 < b.0)));
        for c in ['\u{ad}', '\u{200d}', '\u{2066}', '\u{2069}', '\u{e007f}', '\u{fff9}', '\u{2029}'] {
            assert!(is_hidden(c), "{c:?}");
        }
        for c in ['é', 'ß', '日', '\u{301}', '😀'] {
            assert!(!is_hidden(c), "{c:?}");
        }
    }

    #[test]
    fn cutting_respects_columns_and_graphemes() {
        assert_eq!(fit("abcdef", 6, Cut::End), "abcdef");
        assert_eq!(fit("abcdefg", 6, Cut::End), "abcde…");
        assert_eq!(fit("日本語テスト", 5, Cut::End), "日本…");
        assert_eq!(fit("arn:aws:s3:::bucket", 10, Cut::Middle), "arn…bucket");
        assert_eq!(fit("abc", 0, Cut::End), "");
        assert_eq!(fit("abc", 1, Cut::Middle), "…");
    }

    #[test]
    fn wrapping_breaks_at_spaces_and_inside_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("a\nb", 4), ["a", "b"]);
        assert_eq!(wrap("", 4), [""]);
    }
}
