//! The landing summary: what is in the queue, by what findings have in common.
//!
//! Owns what is counted and what each line stands for. Counting itself is done by the service, or here over the rows that are loaded.

use std::collections::HashMap;

use crate::{
    domain::{
        counted::{CountField, Counted},
        failure::CallError,
        query::{
            Query,
            expr::{Clause, How, Pattern, Relation, Test},
            field::Field,
        },
        row::RowId,
        severity::SeverityId,
        status::StatusId,
        text,
        time::Millis,
    },
    findings::{interner::Symbol, store::Store},
};

use super::{event::RequestId, model::Bound};

/// What is asked of the service: every facet, and the names of the accounts.
pub const FIELDS: [CountField; 6] =
    [CountField::Severity, CountField::Status, CountField::Product, CountField::AccountUid, CountField::Control, CountField::AccountName];

/// What findings are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Severity, worst first.
    Severity,
    /// Status, in the order of the menu.
    Status,
    /// Product.
    Product,
    /// Account.
    Account,
    /// Control.
    Control,
}

impl Facet {
    /// Every one, in the order of the screen.
    pub const ALL: [Self; 5] = [Self::Severity, Self::Status, Self::Product, Self::Account, Self::Control];

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Status => "status",
            Self::Product => "product",
            Self::Account => "account",
            Self::Control => "control",
        }
    }

    /// What the service counts it by.
    pub const fn field(self) -> CountField {
        match self {
            Self::Severity => CountField::Severity,
            Self::Status => CountField::Status,
            Self::Product => CountField::Product,
            Self::Account => CountField::AccountUid,
            Self::Control => CountField::Control,
        }
    }

    /// What asks for a value. A caption stands for its id, which is what decides; any other text of a severity or a status is asked for
    /// as the text that it is. The control of a loaded row may be a CVE or a type of finding instead, and looks like one. `None` for a
    /// value that cannot be asked for.
    pub fn clause(self, raw: &str, source: Source) -> Option<Clause> {
        let equals = |name: &str| {
            let pattern = Pattern { how: How::Equals, text: raw.to_owned() };
            let field = Field::named(name).filter(|_| !raw.is_empty())?;
            Some(Clause { field, test: Test::Text(vec![pattern]) })
        };
        match self {
            Self::Severity => match severity(raw) {
                Some(id) => Some(Clause { field: Field::named("severity")?, test: Test::Severity(Relation::Equal, vec![id]) }),
                None => equals("severity_text"),
            },
            Self::Status => match status(raw) {
                Some(id) => Some(Clause { field: Field::named("status")?, test: Test::Status(vec![id]) }),
                None => equals("status_text"),
            },
            Self::Control if matches!(source, Source::Loaded(_)) => equals(match raw {
                _ if raw.starts_with("CVE-") => "cve",
                _ if raw.contains([':', '/']) => "finding_info.types",
                _ => "control",
            }),
            Self::Product | Self::Account | Self::Control => equals(self.title()),
        }
    }

    /// Where a value stands among the others: severities by rank, statuses as in their menu, everything else by its count alone.
    fn rank(self, raw: &str) -> u8 {
        match self {
            Self::Severity => severity(raw).map_or(0, |id| id.rank() + 1),
            Self::Status => StatusId::OFFERED.iter().position(|&id| Some(id) == status(raw)).map_or(0, |at| 100 - at as u8),
            Self::Product | Self::Account | Self::Control => 0,
        }
    }
}

/// The severity of a caption; a number is none.
fn severity(raw: &str) -> Option<SeverityId> {
    SeverityId::OFFERED.into_iter().find(|id| id.caption().is_some_and(|caption| caption.eq_ignore_ascii_case(raw)))
}

/// The status of a caption; a number is none.
fn status(raw: &str) -> Option<StatusId> {
    StatusId::OFFERED.into_iter().find(|id| id.caption().is_some_and(|caption| caption.eq_ignore_ascii_case(raw)))
}

/// One value with its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The value as it came.
    pub raw: String,
    /// How it is shown; clean.
    pub shown: String,
    /// What else is shown of it: the id of an account that has a name; clean.
    pub beside: String,
    /// How many findings.
    pub count: u64,
}

impl Line {
    /// The severity, where the line stands for one.
    pub fn severity(&self, facet: Facet) -> Option<SeverityId> {
        (facet == Facet::Severity).then(|| severity(&self.raw)).flatten()
    }
}

/// Whether there may be more values than are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// These are all.
    #[default]
    Whole,
    /// The service gives no more.
    Cut,
}

/// The values of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Of what.
    pub facet: Facet,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Whether these are all.
    pub extent: Extent,
    /// The line that the cursor is on when it is in this block.
    pub cursor: usize,
    /// The first line on the screen.
    pub top: usize,
}

/// Who counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// Nobody yet.
    #[default]
    Nobody,
    /// The service, at this time.
    Service(Millis),
    /// This program, over so many loaded rows.
    Loaded(usize),
}

/// The landing summary.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Which findings are counted.
    pub query: Query,
    /// The request under way.
    pub request: Option<RequestId>,
    /// Who counted what is shown.
    pub source: Source,
    /// Why the service did not.
    pub refused: Option<CallError>,
    /// How many findings there are; `None` before it is known.
    pub total: Option<u64>,
    /// How the service's counts are meant.
    pub bound: Bound,
    /// The facets, in the order of [`Facet::ALL`].
    pub blocks: Vec<Block>,
    /// Which block the cursor is in.
    pub at: usize,
}

impl Summary {
    /// Nothing is counted yet.
    pub fn new(query: Query) -> Self {
        let block = |facet| Block { facet, lines: Vec::new(), extent: Extent::Whole, cursor: 0, top: 0 };
        Self {
            bound: Bound::of(&query),
            query,
            request: None,
            source: Source::Nobody,
            refused: None,
            total: None,
            blocks: Facet::ALL.map(block).to_vec(),
            at: 0,
        }
    }

    /// The block and the line that the cursor is on.
    pub fn here(&self) -> Option<(Facet, &Line)> {
        let block = self.blocks.get(self.at)?;
        Some((block.facet, block.lines.get(block.cursor)?))
    }

    /// How many lines each block has.
    pub fn counts(&self) -> Vec<usize> {
        self.blocks.iter().map(|block| block.lines.len()).collect()
    }

    /// The service has counted. Names of accounts that loaded rows tell are known for certain and win.
    pub fn counted(&mut self, counted: &[Counted], names: &HashMap<String, String>, now: Millis) {
        let of = |field| counted.iter().find(|counted| counted.field == field);
        let paired = match (of(CountField::AccountUid), of(CountField::AccountName)) {
            (Some(uids), Some(names)) => paired(uids, names),
            _ => HashMap::new(),
        };
        self.total = of(CountField::Severity).map(Counted::sum);
        self.source = Source::Service(now);
        self.refused = None;
        for facet in Facet::ALL {
            let Some(counted) = of(facet.field()) else { continue };
            let name = |uid: &str| names.get(uid).map(String::as_str).or_else(|| paired.get(uid).copied());
            let values = counted.values.iter().map(|(raw, count)| (raw.clone(), *count));
            let extent = if counted.is_cut() { Extent::Cut } else { Extent::Whole };
            self.put(facet, lines(facet, values, name), extent);
        }
    }

    /// Counts rows that are loaded, in place of the service.
    pub fn count_loaded(&mut self, store: &Store, rows: &[RowId], names: &HashMap<String, String>) {
        for facet in Facet::ALL {
            let values = loaded(store, rows, facet);
            self.put(facet, lines(facet, values.into_iter(), |uid| names.get(uid).map(String::as_str)), Extent::Whole);
        }
        self.total = Some(rows.len() as u64);
        self.source = Source::Loaded(rows.len());
    }

    /// Takes lines in; the cursor stays on its value where that is still there.
    fn put(&mut self, facet: Facet, lines: Vec<Line>, extent: Extent) {
        let Some(block) = self.blocks.iter_mut().find(|block| block.facet == facet) else { return };
        let here = block.lines.get(block.cursor).map(|line| line.raw.clone());
        let stays = here.and_then(|raw| lines.iter().position(|line| line.raw == raw));
        block.cursor = stays.unwrap_or(0);
        (block.lines, block.extent) = (lines, extent);
    }
}

/// Which loaded account has which name.
pub fn names(store: &Store) -> HashMap<String, String> {
    let mut known: HashMap<Symbol, Symbol> = HashMap::new();
    for chunk in store.chunks() {
        for (&account, &name) in chunk.account.iter().zip(&chunk.account_name) {
            if account.is_some() && name.is_some() {
                known.insert(account, name);
            }
        }
    }
    known.into_iter().map(|(account, name)| (store.text(account).to_owned(), store.text(name).to_owned())).collect()
}

fn lines<'a>(facet: Facet, values: impl Iterator<Item = (String, u64)>, name: impl Fn(&str) -> Option<&'a str>) -> Vec<Line> {
    let mut lines: Vec<Line> = values
        .map(|(raw, count)| {
            let clean = text::clean(&raw).into_owned();
            let name = if facet == Facet::Account { name(&raw).map(|name| text::clean(name).into_owned()) } else { None };
            let (shown, beside) = name.filter(|name| !name.trim().is_empty()).map_or((clean.clone(), String::new()), |name| (name, clean));
            Line { raw, shown, beside, count }
        })
        .collect();
    lines.sort_by(|one, two| {
        let rank = |line: &Line| facet.rank(&line.raw);
        rank(two).cmp(&rank(one)).then_with(|| two.count.cmp(&one.count)).then_with(|| one.raw.cmp(&two.raw))
    });
    lines
}

/// Which name belongs to which account, where the counts leave no doubt: the service counts ids and names apart. Taken that an account has
/// one name and no two share one, equal sums mean that every finding has both, and then a count that is there once in either list is that
/// of the same account. Where anything speaks against it, there are no names.
fn paired<'a>(uids: &'a Counted, names: &'a Counted) -> HashMap<&'a str, &'a str> {
    let is_whole = uids.values.len() == names.values.len() && uids.sum() == names.sum() && !uids.is_cut();
    if !is_whole {
        return HashMap::new();
    }
    let once = |counted: &'a Counted| {
        let mut seen: HashMap<u64, Option<&'a str>> = HashMap::new();
        for (value, count) in &counted.values {
            seen.entry(*count).and_modify(|value| *value = None).or_insert(Some(value));
        }
        seen
    };
    let (uids, names) = (once(uids), once(names));
    uids.into_iter().filter_map(|(count, uid)| Some((uid?, (*names.get(&count)?)?))).collect()
}

/// How many of the rows have which value.
fn loaded(store: &Store, rows: &[RowId], facet: Facet) -> Vec<(String, u64)> {
    let mut counts: HashMap<Symbol, u64> = HashMap::new();
    for row in rows.iter().filter_map(|&row| store.row(row)) {
        let symbol = match facet {
            Facet::Severity => row.severity_text,
            Facet::Status => row.status_text,
            Facet::Product => row.product,
            Facet::Account => row.account,
            Facet::Control => row.control,
        };
        if symbol.is_some() {
            *counts.entry(symbol).or_default() += 1;
        }
    }
    counts.into_iter().map(|(symbol, count)| (store.text(symbol).to_owned(), count)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn counted(field: CountField, values: &[(&str, u64)]) -> Counted {
        Counted { field, values: values.iter().map(|&(value, count)| (value.to_owned(), count)).collect() }
    }

    #[test]
    fn a_name_goes_with_an_account_only_where_the_counts_leave_no_doubt() {
        for (uids, names, pairs) in [
            (&[("1", 9), ("2", 4)][..], &[("a", 9), ("b", 4)][..], &[("1", "a"), ("2", "b")][..]),
            (&[("1", 4), ("2", 9)], &[("b", 9), ("a", 4)], &[("1", "a"), ("2", "b")]),
            // Two with the same count cannot be told apart.
            (&[("1", 9), ("2", 4), ("3", 4)], &[("a", 9), ("b", 4), ("c", 4)], &[("1", "a")]),
            // Some findings have no name: the sums differ.
            (&[("1", 9), ("2", 4)], &[("a", 7), ("b", 4)], &[]),
            // One account has had two names.
            (&[("1", 9)], &[("a", 5), ("b", 4)], &[]),
            (&[], &[], &[]),
        ] {
            let (uids, names) = (counted(CountField::AccountUid, uids), counted(CountField::AccountName, names));
            let found: BTreeMap<&str, &str> = paired(&uids, &names).into_iter().collect();
            assert_eq!(found, pairs.iter().copied().collect(), "{uids:?} {names:?}");
        }
        let full = |field| Counted { field, values: (1..=400).map(|at| (at.to_string(), at)).collect() };
        assert!(paired(&full(CountField::AccountUid), &full(CountField::AccountName)).is_empty(), "there may be more than were told");
    }

    #[test]
    fn a_value_is_asked_for_as_what_it_is() {
        use Source::{Loaded, Service};
        let service = Service(Millis(0));
        for (facet, raw, source, asked) in [
            (Facet::Severity, "Critical", service, Some("severity")),
            (Facet::Severity, "in progress", service, Some("severity_text")),
            (Facet::Severity, "4", service, Some("severity_text")),
            (Facet::Status, "in progress", service, Some("status")),
            (Facet::Status, "WORKFLOW\u{202e}", service, Some("status_text")),
            (Facet::Product, "GuardDuty", service, Some("product")),
            (Facet::Account, "111122223333", service, Some("account")),
            (Facet::Control, "a:b", service, Some("control")),
            (Facet::Control, "CVE-2026-1", Loaded(1), Some("cve")),
            (Facet::Control, "Recon:IAMUser", Loaded(1), Some("finding_info.types")),
            (Facet::Control, "S3.8", Loaded(1), Some("control")),
            (Facet::Product, "", service, None),
        ] {
            let clause = facet.clause(raw, source);
            assert_eq!(clause.as_ref().map(|clause| clause.field.name().to_owned()).as_deref(), asked, "{facet:?} {raw}");
            if let Some(Clause { test: Test::Text(patterns), .. }) = clause {
                assert_eq!(patterns, [Pattern { how: How::Equals, text: raw.to_owned() }], "the value as it came");
            }
        }
    }
}
