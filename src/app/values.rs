//! Values that loaded findings have, for completing a query.

use crate::{
    domain::query::{completion::MAX_OFFERS, field::Field},
    findings::{chunk::Chunk, interner::Symbol, store::Store},
};

/// Most bytes of a value that is offered: rows hold the beginning of longer ones.
const MAX_BYTES: usize = 300;

/// A column of texts.
type Texts = fn(&Chunk) -> &Vec<Symbol>;

/// Values of a field among the loaded findings that hold what is typed, in any case: the most frequent first, at most [`MAX_OFFERS`]. Only
/// of fields that rows have; rows show clean texts, so a value that was cleaned is left out.
pub fn of(store: &Store, field: &Field, typed: &str) -> Vec<String> {
    let Field::Short(short) = field else { return Vec::new() };
    let (columns, fits): (&[Texts], fn(&str) -> bool) = match short.name {
        "account" => (&[|chunk| &chunk.account, |chunk| &chunk.account_name], is_whole),
        "region" => (&[|chunk| &chunk.region], is_whole),
        "product" => (&[|chunk| &chunk.product], is_whole),
        // One column has what findings of a kind share, whatever it is.
        "control" => (&[|chunk| &chunk.control], |value| is_whole(value) && !is_cve(value) && !value.contains(['/', ':'])),
        "cve" => (&[|chunk| &chunk.control], |value| is_whole(value) && is_cve(value)),
        "title" => (&[|chunk| &chunk.title], is_whole),
        "resource" => (&[|chunk| &chunk.resource], is_whole),
        "type" => (&[|chunk| &chunk.resource_type], is_whole),
        _ => return Vec::new(),
    };
    let interner = store.interner();
    let mut counts = vec![0_u32; interner.len()];
    for chunk in store.chunks() {
        for symbol in columns.iter().flat_map(|column| column(chunk)) {
            if let Some(count) = counts.get_mut(symbol.0 as usize) {
                *count += 1;
            }
        }
    }
    let needle = typed.to_lowercase();
    let met = (1..).zip(counts.into_iter().skip(1)).filter(|(_, count)| *count > 0).map(|(at, count)| (count, Symbol(at)));
    let holds = |(_, symbol): &(u32, Symbol)| interner.lower(*symbol).contains(&needle) && fits(interner.text(*symbol));
    let mut met: Vec<(u32, Symbol)> = met.filter(holds).collect();
    // Where many are equally frequent, as resources are, the order of their texts is easier to look through than that of their arrival.
    let rank = |(a_count, a): &(u32, Symbol), (b_count, b): &(u32, Symbol)| {
        b_count.cmp(a_count).then_with(|| interner.text(*a).cmp(interner.text(*b)))
    };
    if met.len() > MAX_OFFERS {
        met.select_nth_unstable_by(MAX_OFFERS, rank);
        met.truncate(MAX_OFFERS);
    }
    met.sort_unstable_by(rank);
    met.into_iter().map(|(_, symbol)| interner.text(symbol).to_owned()).collect()
}

/// Whether a text of a row can be the value that the document has: not one in which a sign was made visible, and none that was cut.
fn is_whole(value: &str) -> bool {
    value.len() <= MAX_BYTES && !value.contains("<U+")
}

fn is_cve(value: &str) -> bool {
    value.starts_with("CVE-")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::{domain::row::HubId, findings::archive::SealedPage};

    fn store(documents: &[&str]) -> Store {
        let mut store = Store::default();
        let documents: Vec<String> = documents.iter().map(|document| (*document).to_owned()).collect();
        store.begin_scan();
        store.arrive(SealedPage::seal(&documents), HubId::default());
        store
    }

    fn found(store: &Store, field: &str, typed: &str) -> Vec<String> {
        of(store, &Field::named(field).unwrap(), typed)
    }

    #[test]
    fn values_are_those_of_the_fields_column_the_most_frequent_first() {
        let finding = |uid: &str, account: &str, name: &str, control: &str| {
            format!(
                r#"{{"metadata":{{"uid":"{uid}"}},"cloud":{{"account":{{"uid":"{account}","name":"{name}"}}}},"compliance":{{"control":"{control}"}},"finding_info":{{"title":"{control}"}}}}"#
            )
        };
        let store = store(&[
            &finding("a", "111122223333", "payments", "S3.8"),
            &finding("b", "111122223333", "Payments dev", "CVE-2026-1"),
            &finding("c", "999922223333", "core", "S3.8"),
            &finding("d", "111122223333", "payments", "Recon:IAMUser/MaliciousIPCaller"),
        ]);
        assert_eq!(found(&store, "account", "PAY"), ["payments", "Payments dev"]);
        assert_eq!(found(&store, "account", ""), ["111122223333", "payments", "999922223333", "Payments dev", "core"]);
        assert_eq!(found(&store, "control", ""), ["S3.8"]);
        assert_eq!(found(&store, "cve", ""), ["CVE-2026-1"]);
        assert_eq!(found(&store, "title", "recon"), ["Recon:IAMUser/MaliciousIPCaller"]);
        assert!(found(&store, "comment", "").is_empty() && found(&store, "cloud.region", "").is_empty());
    }

    #[test]
    fn a_value_that_is_not_as_the_document_has_it_is_left_out() {
        let long = "x".repeat(400);
        let store = store(&[
            r#"{"metadata":{"uid":"a"},"finding_info":{"title":"a\u202eb"}}"#,
            &format!(r#"{{"metadata":{{"uid":"b"}},"finding_info":{{"title":"{long}"}}}}"#),
            r#"{"metadata":{"uid":"c"},"finding_info":{"title":"ab"}}"#,
        ]);
        assert_eq!(found(&store, "title", ""), ["ab"]);
    }
}
