//! The line of an entry: one JSON object, closed by a checksum over what comes before it.
//!
//! `{"v":1,"seq":7,"at":"2026-11-25T09:15:02.120Z","type":"intent",...,"sum":"9a3c01ff"}`. What every version keeps: an object on one line
//! that begins with `v` and ends with `sum`, the CRC-32 (IEEE) of the bytes before `,"sum"` in eight hexadecimal digits. A line with a good
//! sum is what was written; if it cannot be understood, a newer release wrote it. Fields may be added within a version where ignoring them
//! is harmless.

use serde::Deserialize;

use super::{
    entry::{Entry, Seq, Stamped},
    form,
};
use crate::domain::{text, time::Millis};

/// The version this release writes, and the newest it reads.
pub const VERSION: u64 = 1;

/// `,"sum":"9a3c01ff"}`.
const SUM_BYTES: usize = 18;

/// Why a line gives no entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It is not what was written.
    #[error("{0}")]
    Damaged(&'static str),
    /// It is whole, and this release does not understand it: it must not be guessed at.
    #[error("written by a newer hubtriage ({0})")]
    Newer(String),
}

/// Writes a line with its line break. Fails only where an entry has no JSON form, which none of ours lacks.
pub fn write(stamped: &Stamped, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    let start = out.len();
    let Stamped { seq, at, entry } = stamped;
    out.extend_from_slice(format!("{{\"v\":{VERSION},\"seq\":{},\"at\":{},", seq.0, serde_json::to_string(at)?).as_bytes());
    let body = serde_json::to_string(entry)?;
    // Without its braces: its members follow those above. What a terminal would act on is escaped, so that a journal can be looked at.
    let members = body.strip_prefix('{').and_then(|body| body.strip_suffix('}')).unwrap_or_default();
    out.extend_from_slice(text::escape_json(members).as_bytes());
    let sum = crc32fast::hash(out.get(start..).unwrap_or_default());
    out.extend_from_slice(format!(",\"sum\":\"{sum:08x}\"}}\n").as_bytes());
    Ok(())
}

#[derive(Deserialize)]
struct Version {
    v: u64,
}

#[derive(Deserialize)]
struct Head {
    seq: Seq,
    at: Millis,
}

/// Reads a line without its line break.
pub fn read(line: &[u8]) -> Result<Stamped, LineError> {
    let Some((covered, sum)) = line.len().checked_sub(SUM_BYTES).and_then(|at| line.split_at_checked(at)) else {
        return Err(LineError::Damaged(if line.is_empty() { "an empty line" } else { "no checksum at its end" }));
    };
    let written = std::str::from_utf8(sum)
        .ok()
        .and_then(|sum| sum.strip_prefix(",\"sum\":\"")?.strip_suffix("\"}"))
        .filter(|hex| hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
        .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .ok_or(LineError::Damaged("no checksum at its end"))?;
    if crc32fast::hash(covered) != written {
        return Err(LineError::Damaged("its checksum does not match"));
    }
    // Which is every line that this release writes.
    form::read(line).map_or_else(|| general(line), Ok)
}

/// Reads a line whose sum is good, whatever the order of its members and whatever else is among them, and says what is wrong with it.
fn general(line: &[u8]) -> Result<Stamped, LineError> {
    let newer = |error: serde_json::Error| LineError::Newer(error.to_string());
    let version: Version = serde_json::from_slice(line).map_err(newer)?;
    if version.v != VERSION {
        return Err(LineError::Newer(format!("version {}, this release reads {VERSION}", version.v)));
    }
    let Head { seq, at } = serde_json::from_slice(line).map_err(newer)?;
    let entry: Entry = serde_json::from_slice(line).map_err(newer)?;
    Ok(Stamped { seq, at, entry })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use proptest::prelude::*;

    use super::*;
    use crate::journal::{
        carried::Carried,
        ledger::Ledger,
        sample::{self, stamped},
    };

    fn line(stamped: &Stamped) -> Vec<u8> {
        let mut line = Vec::new();
        write(stamped, &mut line).unwrap();
        assert_eq!(line.pop(), Some(b'\n'));
        line
    }

    /// A line that says this, with a good sum.
    fn summed(text: &str) -> Vec<u8> {
        format!("{text},\"sum\":\"{:08x}\"}}", crc32fast::hash(text.as_bytes())).into_bytes()
    }

    /// Written by the release that fixed version 1; a change that this test notices needs another version.
    const VERSION_1: &str = include_str!("../../tests/data/journal-v1.jsonl");

    #[test]
    fn lines_of_version_1_are_written_as_ever_and_read_as_ever() {
        let entries: Vec<Stamped> = sample::one_of_each().into_iter().zip(1..).map(|(entry, seq)| stamped(seq, entry)).collect();
        let mut written = Vec::new();
        for entry in &entries {
            write(entry, &mut written).unwrap();
        }
        assert_eq!(String::from_utf8(written).unwrap(), VERSION_1);
        assert_eq!(VERSION_1.lines().map(|line| read(line.as_bytes()).unwrap()).collect::<Vec<_>>(), entries);
    }

    proptest! {
        #[test]
        fn every_entry_comes_back_as_it_was_byte_for_byte(seq in any::<u64>(), at in any::<i64>(), entry in sample::entry()) {
            let stamped = Stamped { seq: Seq(seq), at: Millis(at), entry };
            let line = line(&stamped);
            prop_assert!(!std::str::from_utf8(&line).unwrap().chars().any(text::is_hidden));
            prop_assert_eq!(read(&line), Ok(stamped));
        }

        /// What this release writes is read in one go; only times outside the calendar, which no clock gives, are not.
        #[test]
        fn every_entry_is_read_directly(seq in any::<u64>(), at in 0..253_402_207_199_999_i64, entry in sample::entry()) {
            let stamped = Stamped { seq: Seq(seq), at: Millis(at), entry };
            prop_assert_eq!(form::read(&line(&stamped)), Some(stamped));
        }

        #[test]
        fn a_line_in_another_form_is_read_directly_as_it_is_in_general_or_not_at_all(
            whole in prop::sample::select(VERSION_1.lines().collect::<Vec<_>>()),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::sample::select(OTHER)), 1..3),
        ) {
            let mut text = whole.get(..whole.len() - SUM_BYTES).unwrap().to_owned();
            for (place, end, other) in changes {
                // Where a name or a value begins, and up to where one ends, or nothing is taken away.
                let begins: Vec<usize> = text.match_indices(['{', '[', ',', ':']).map(|(at, _)| at + 1).collect();
                let begin = begins[place.index(begins.len())];
                let ends = || text.get(begin..).unwrap().match_indices([',', '}', ']']).map(|(at, _)| begin + at);
                let end = [begin].into_iter().chain(ends()).nth(end.index(3)).unwrap_or(begin);
                text.replace_range(begin..end, other);
            }
            agrees(&text);
        }

        #[test]
        fn what_is_carried_over_comes_back_too(entries in proptest::collection::vec(sample::entry(), 0..12)) {
            let mut ledger = Ledger::default();
            for (entry, seq) in entries.into_iter().zip(1..) {
                ledger.apply(stamped(seq, entry));
            }
            for carried in Carried::of(&ledger) {
                let stamped = stamped(1, Entry::Carried(carried));
                prop_assert_eq!(read(&line(&stamped)), Ok(stamped));
            }
        }

        #[test]
        fn a_flipped_bit_anywhere_is_noticed(entry in sample::entry(), place in any::<prop::sample::Index>(), bit in 0..8_u8) {
            let mut line = line(&stamped(1, entry));
            let place = place.index(line.len());
            line[place] ^= 1 << bit;
            prop_assert!(matches!(read(&line), Err(LineError::Damaged(_))));
        }
    }

    #[test]
    fn what_a_newer_release_wrote_is_refused_and_not_guessed() {
        let at = r#""at":"2026-11-25T09:15:02.120Z""#;
        for text in [
            format!(r#"{{"v":2,"seq":1,{at},"type":"session","who":1"#),
            format!(r#"{{"v":1,"seq":1,{at},"type":"reverted","send":1"#),
            format!(r#"{{"v":1,"seq":1,{at},"type":"unstaged","rows":[],"why":"expired""#),
            format!(r#"{{"v":1,"seq":1,{at},"type":"send_ended","send":1"#),
        ] {
            assert!(matches!(read(&summed(&text)), Err(LineError::Newer(_))), "{text}");
        }
        let more = summed(&format!(r#"{{"v":1,"seq":1,{at},"type":"send_ended","send":1,"unsent":2,"colour":"red""#));
        assert_eq!(read(&more).unwrap().entry, Entry::SendEnded { send: super::super::entry::SendId(1), unsent: 2 });
    }

    /// What may be in the place of a name with its value, or of a value.
    const OTHER: &[&str] = &[
        "",
        "null",
        "0",
        "-1",
        "3.0",
        "1e2",
        "1e999",
        "18446744073709551616",
        "true",
        "\"\"",
        "\"processed\"",
        "\"\\ud800\"",
        "{}",
        "[]",
        "[[]]",
        "{\"processed\":null}",
        "{\"processed\":{}}",
        "{\"uid\":\"a\"}",
        "[3,null,null]",
        "[1,2]",
        " ",
        "\"v\":1,",
        "\"v\":2,",
        "\"\\u0076\":1,",
        "\"seq\":1,",
        "\"at\":\"2026-11-25T09:15:02Z\",",
        "\"at\":7,",
        "\"type\":\"session\",",
        "\"sum\":\"a\",",
        "\"sum\":1e999,",
        "\"sum\":\"\\udc00\",",
        "\"x\":1,",
        "\"x\":1e999,",
        "\"x\":\"\\ud800\",",
        "\"x\":{\"y\":[1e999]},",
        "\"rows\":[],",
        "\"request_id\":null,",
        "\"unsent\":0,",
        "\"status\":1,",
        "\"process\":4294967296,",
    ];

    /// With a good sum, this is read directly as it is in general, or not directly.
    #[track_caller]
    fn agrees(text: &str) {
        let line = summed(text);
        let general = general(&line);
        if let Some(stamped) = form::read(&line) {
            assert_eq!(Ok(stamped), general, "{text}");
        }
        assert_eq!(read(&line), general, "{text}");
    }

    #[test]
    fn what_is_skipped_is_looked_at_as_closely_as_ever() {
        let at = r#""at":"2026-11-25T09:15:02.120Z""#;
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for (value, is_read) in
            [("1e999", false), (r#""\ud800""#, false), (deep.as_str(), false), ("1e9", true), (r#""\ud83d\ude00""#, true), ("[[{}]]", true)]
        {
            for text in [
                format!(r#"{{"v":1,"seq":1,{at},"type":"send_ended","send":1,"unsent":2,"x":{value}"#),
                format!(r#"{{"v":1,"seq":1,{at},"x":{value},"type":"send_ended","send":1,"unsent":2"#),
                format!(r#"{{"v":1,"seq":1,{at},"type":"session","process":1,"release":"1","x":{value}"#),
                format!(r#"{{"v":1,"seq":1,{at},"type":"staged","groups":[{{"patch":{{"x":{value}}},"rows":[]}}]"#),
                format!(
                    r#"{{"v":1,"seq":1,{at},"type":"unstaged","rows":[{{"identifier":{{"account":"","finding":"","product":"","x":{value}}}}}],"why":"dropped""#
                ),
            ] {
                assert_eq!(read(&summed(&text)).is_ok(), is_read, "{text}");
                agrees(&text);
            }
        }
    }

    #[test]
    fn a_first_member_that_comes_again_is_refused() {
        for again in [r#""v":1"#, r#""v":2"#, r#""\u0076":1"#, r#""seq":2"#, r#""at":"2026-11-25T09:15:02.120Z""#, r#""type":"send_ended""#]
        {
            let text = format!(r#"{{"v":1,"seq":1,"at":"2026-11-25T09:15:02.120Z","type":"send_ended","send":1,"unsent":2,{again}"#);
            assert!(matches!(read(&summed(&text)), Err(LineError::Newer(_))), "{text}");
            agrees(&text);
        }
    }

    #[test]
    fn what_is_no_line_is_damaged() {
        for bytes in
            [&b""[..], b"{}", b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", b"{\"v\":1,\"seq\":1,\"sum\":\"0000\"}", &[0xff; 64]]
        {
            assert!(matches!(read(bytes), Err(LineError::Damaged(_))), "{bytes:?}");
        }
    }
}
