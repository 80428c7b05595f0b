//! Bringing documents back to copy something of them.

use crate::{
    app::{
        clipboard::{Gathered, Gathering, MOST_GATHERED},
        export::Source,
    },
    domain::{
        console,
        identity::Identity,
        query::{
            field::Field,
            matching::{FieldReader, Subject},
        },
        summary, text,
        time::Millis,
    },
};

use super::export::{Opened, parts};

/// The field of a document that the console searches by.
const CONSOLE_UID: &str = "finding_info.uid";

/// Gathers what is asked for of these rows, a line each, in their order.
pub fn gather(what: Gathering, rows: &[Source], region: &str) -> Gathered {
    let uid = FieldReader::new(&Field::Path(CONSOLE_UID.to_owned()));
    let mut gathered = Gathered::default();
    for part in parts(rows, |source| source) {
        let opened = Opened::of(rows.get(part.clone()).unwrap_or_default().iter());
        for source in rows.get(part).unwrap_or_default() {
            if gathered.text.len() > MOST_GATHERED {
                gathered.left += 1;
                continue;
            }
            let line = match (what, opened.document(source), source) {
                (Gathering::Documents, document, _) => document.map(|document| text::escape_json(document.trim())),
                (Gathering::ConsoleUrls, None, Source::Unread(Identity::Identifier(identifier))) => {
                    console::url(region, &identifier.finding_uid)
                }
                (Gathering::ConsoleUrls, document, _) => {
                    document.and_then(|document| finding_uid(&uid, document)).and_then(|uid| console::url(region, &uid))
                }
            };
            match line {
                Some(line) => {
                    if gathered.count > 0 {
                        gathered.text.push('\n');
                    }
                    gathered.text.push_str(&line);
                    gathered.count += 1;
                }
                None => gathered.without += 1,
            }
        }
    }
    // The last one may be what makes it too long.
    if gathered.text.len() > MOST_GATHERED && gathered.left == 0 {
        gathered.count -= 1;
        gathered.left = 1;
    }
    gathered
}

fn finding_uid(reader: &FieldReader, document: &str) -> Option<String> {
    let document = summary::read_document(document)?;
    let identity = Identity::Unaddressable(String::new());
    let subject = Subject { identity: &identity, document: &document, now: Millis(0), values: None };
    reader.texts(&subject).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{identity::Identifier, text::is_hidden},
        findings::archive::SealedPage,
    };

    fn sources(documents: &[String]) -> Vec<Source> {
        let pages: Vec<SealedPage> = documents.chunks(3).map(SealedPage::seal).collect();
        let slots = pages.iter().flat_map(|page| (0..page.findings.len()).map(|slot| (page.archive.clone(), slot)));
        slots.map(|(archive, slot)| Source::Document(archive, slot)).collect()
    }

    fn document(at: usize) -> String {
        format!("{{\"metadata\":{{\"uid\":\"{at}\"}},\"finding_info\":{{\"uid\":\"arn:f/{at}\",\"title\":\"\u{202e}{at}\"}}}}")
    }

    #[test]
    fn documents_are_gathered_in_order_and_nothing_hidden_is_left_in_them() {
        let documents: Vec<String> = (0..10).map(document).collect();
        let mut sources = sources(&documents);
        sources.reverse();
        sources.push(Source::Unread(Identity::MetadataUid("unread".into())));
        let gathered = gather(Gathering::Documents, &sources, "eu-west-1");
        assert_eq!((gathered.count, gathered.without, gathered.left), (10, 1, 0));
        let expected: Vec<String> = documents.iter().rev().map(|document| document.replace('\u{202e}', "\\u202e")).collect();
        assert_eq!(gathered.text, expected.join("\n"));
        assert!(!gathered.text.chars().any(|c| c != '\n' && is_hidden(c)));
    }

    #[test]
    fn addresses_are_by_the_uid_that_the_console_searches_by() {
        let documents = [document(1), "{\"metadata\":{\"uid\":\"x\"}}".to_owned(), "no json".to_owned()];
        let mut sources = sources(&documents);
        let identifier = Identifier { account_uid: "a".into(), finding_uid: "f".into(), product_uid: "p".into() };
        sources.push(Source::Unread(Identity::Identifier(identifier)));
        let gathered = gather(Gathering::ConsoleUrls, &sources, "eu-west-1");
        assert_eq!((gathered.count, gathered.without), (2, 2));
        let ends: Vec<&str> = gathered.text.lines().filter_map(|line| line.rsplit_once("%253A")).map(|(_, end)| end).collect();
        assert_eq!(ends, ["arn%3Af%2F1", "f"]);
    }

    #[test]
    fn what_is_too_long_is_counted_and_not_gathered() {
        let big = format!("{{\"a\":\"{}\"}}", "x".repeat(MOST_GATHERED / 3));
        let gathered = gather(Gathering::Documents, &sources(&vec![big.clone(); 9]), "");
        assert!(gathered.left > 0 && gathered.count + gathered.left == 9 && gathered.text.len() < MOST_GATHERED + big.len() + 9);
        let whole = gather(Gathering::Documents, &sources(&vec![big; 2]), "");
        assert_eq!((whole.left, whole.count), (0, 2));
    }
}
