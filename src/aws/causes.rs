//! An error and its causes as one line that a person can read.

use std::error::Error;

/// Most characters of a line.
const MAX_CHAIN: usize = 300;

/// An error and its causes, outermost first.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The causes of an error in one line. The outer words of the SDK ("dispatch failure", "io error") say nothing, so the ones without
/// more than two words go, unless there is nothing else.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in causes(error) {
        let text = cause.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let said = parts.last().is_some_and(|last| last.contains(&text));
        if text.is_empty() || said {
            continue;
        }
        // A wrapper that repeats its cause gives way to it.
        if parts.last().is_some_and(|last| text.contains(last.as_str())) {
            parts.pop();
        }
        parts.push(text);
    }
    let telling = |part: &String| part.split(' ').count() > 2;
    if parts.iter().any(telling) {
        parts.retain(telling);
    }
    shortened(&parts.join(": "))
}

/// The start of a long text.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_CHAIN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Link(&'static str, Option<Box<Link>>);

    impl fmt::Display for Link {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Link {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_ref().map(|next| next.as_ref() as _)
        }
    }

    fn linked(words: &[&'static str]) -> Link {
        let mut next = None;
        for word in words.iter().rev() {
            next = Some(Box::new(Link(word, next)));
        }
        next.map_or(Link("", None), |link| *link)
    }

    #[test]
    fn a_chain_of_causes_is_one_readable_line() {
        for (words, line) in [
            (
                &["dispatch failure", "io error", "client error (Connect)", "tcp connect error", "Connection refused (os error 111)"][..],
                "client error (Connect): tcp connect error: Connection refused (os error 111)",
            ),
            (&["tcp connect error: refused", "refused"], "tcp connect error: refused"),
            (&["refused", "it was refused"], "it was refused"),
            (&["io error"], "io error"),
            (&["two\n lines  of\ttext", ""], "two lines of text"),
        ] {
            assert_eq!(chain(&linked(words)), line);
        }
        let long: &'static str = Box::leak("wörter ".repeat(200).into_boxed_str());
        assert_eq!(chain(&linked(&[long])).chars().count(), MAX_CHAIN + 1);
    }
}
