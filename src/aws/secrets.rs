//! Keeps credentials out of the words of an error: what is written to the journal, the log and the screen comes from these.
//!
//! A signature that does not match is answered with the whole canonical request, the session token in it; a credential process may say
//! what it was about to hand out.

/// Names that a secret stands behind, in lower case.
const NAMES: [&str; 10] = [
    "x-amz-security-token",
    "security-token",
    "authorization",
    "credential",
    "signature",
    "session_token",
    "sessiontoken",
    "secret_access_key",
    "secretaccesskey",
    "accesskeyid",
];
/// What access key ids begin with; they have 20 characters, and longer ones are allowed.
const KEY_IDS: [&str; 2] = ["AKIA", "ASIA"];
/// Stands in place of a secret.
const HIDDEN: &str = "(hidden)";

/// The text without what looks like a secret.
pub(super) fn hidden(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some((begin, end)) = next(text, &lower, at) {
        out.push_str(text.get(at..begin).unwrap_or_default());
        out.push_str(HIDDEN);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Where the next secret begins and ends.
fn next(text: &str, lower: &str, from: usize) -> Option<(usize, usize)> {
    let named = NAMES.iter().filter_map(|name| behind_name(text, lower, name, from));
    let ids = KEY_IDS.iter().filter_map(|prefix| {
        let begin = from + text.get(from..)?.find(prefix)?;
        let end = begin + run(text, begin, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        (end - begin >= 16).then_some((begin, end))
    });
    named.chain(ids).min_by_key(|&(begin, end)| (begin, std::cmp::Reverse(end)))
}

fn behind_name(text: &str, lower: &str, name: &str, from: usize) -> Option<(usize, usize)> {
    let mut look = from;
    loop {
        let after = look + lower.get(look..)?.find(name)? + name.len();
        let gap = run(text, after, |byte| matches!(byte, b'"' | b'\'' | b' ' | b':' | b'=' | b'\\'));
        let separated = text.get(after..after + gap)?.contains([':', '=']);
        let begin = after + gap;
        let end = begin + run(text, begin, |byte| byte.is_ascii_alphanumeric() || b"+/=%._~-*".contains(&byte));
        // A short word is a word: "credential: expired".
        if separated && end - begin >= 8 {
            return Some((begin, end));
        }
        look = after;
    }
}

/// How many bytes from here on are so.
fn run(text: &str, from: usize, is: impl Fn(u8) -> bool) -> usize {
    text.as_bytes().get(from..).unwrap_or_default().iter().take_while(|&&byte| is(byte)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_stands_behind_the_name_of_a_secret_is_hidden_and_the_rest_stays() {
        for (text, expected) in [
            (
                "The Canonical String should have been 'POST\n/findingsv2\n\nhost:h\nx-amz-security-token:IQoJb3JpZ2luX2Vj/+=\n\nhost;x'",
                "The Canonical String should have been 'POST\n/findingsv2\n\nhost:h\nx-amz-security-token:(hidden)\n\nhost;x'",
            ),
            ("Credential=AKIAIOSFODNN7EXAMPLE/20261125/eu-west-1, Signature=abcdef0123456789", "Credential=(hidden), Signature=(hidden)"),
            (
                r#"{"AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG"}"#,
                r#"{"AccessKeyId": "(hidden)", "SecretAccessKey": "(hidden)"}"#,
            ),
            ("The security token included in the request is expired", "The security token included in the request is expired"),
            ("no credentials: expired", "no credentials: expired"),
            ("key AKIAIOSFODNN7EXAMPLE is not active, é", "key (hidden) is not active, é"),
        ] {
            assert_eq!(hidden(text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_named_secret_survives_in_any_surroundings(before in ".{0,20}", secret in "[A-Za-z0-9+/]{20,60}", name in 0..NAMES.len(), after in "[ \n,'].{0,20}") {
            let text = format!("{before} {}:{secret}{after}", NAMES[name]);
            prop_assert!(!hidden(&text).contains(&secret), "{}", hidden(&text));
        }

        #[test]
        fn any_text_is_taken(text in ".{0,200}") {
            hidden(&text);
        }
    }
}
