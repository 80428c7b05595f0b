//! The findings of a running emulator: looked up, updated, filtered, sorted and paged. Knows requests only as filters and changes.

use std::cmp::Ordering;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::document::Datum;
use super::failure::Failure;
use super::field::{FieldId, FieldKind};
use super::finding::{Change, Finding, FindingIdentifier};
use super::page::{PageToken, Scan, Tokens};
use super::settings::SortField;

/// A page of findings may be asked for as long as not more than this many newer scans were begun.
const MOST_SCANS: usize = 100;

/// Which way to sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

/// The place of a finding in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place(u32);

/// All findings and the scans under way.
#[derive(Debug)]
pub(super) struct Store {
    /// A finding that aged out leaves its place empty, so that the scans' places stay true.
    entries: Vec<Option<Finding>>,
    by_uid: HashMap<String, Vec<Place>>,
    by_info_uid: HashMap<String, Vec<Place>>,
    scans: VecDeque<Scan>,
    begun: u32,
    tokens: Tokens,
}

impl Store {
    pub(super) fn new(findings: impl IntoIterator<Item = Finding>, seed: u64) -> Self {
        let mut store = Self {
            entries: Vec::new(),
            by_uid: HashMap::new(),
            by_info_uid: HashMap::new(),
            scans: VecDeque::new(),
            begun: 0,
            tokens: Tokens::new(seed),
        };
        for finding in findings {
            store.add(finding);
        }
        store
    }

    /// The line that a finding added now counts as.
    pub(super) fn next_line(&self) -> u32 {
        self.entries.len() as u32 + 1
    }

    pub(super) fn add(&mut self, finding: Finding) {
        let place = Place(self.entries.len() as u32);
        if let Some(uid) = finding.uid() {
            self.by_uid.entry(uid.to_owned()).or_default().push(place);
        }
        if let Some(uid) = finding.finding_info_uid() {
            self.by_info_uid.entry(uid.to_owned()).or_default().push(place);
        }
        self.entries.push(Some(finding));
    }

    pub(super) fn remove(&mut self, place: Place) {
        if let Some(entry) = self.entries.get_mut(place.0 as usize) {
            *entry = None;
        }
    }

    pub(super) fn get(&self, place: Place) -> Option<&Finding> {
        self.entries.get(place.0 as usize)?.as_ref()
    }

    pub(super) fn apply(&mut self, place: Place, change: &Change) {
        if let Some(Some(finding)) = self.entries.get_mut(place.0 as usize) {
            finding.apply(change);
        }
    }

    /// All present findings in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Place, &Finding)> {
        (0_u32..).zip(&self.entries).filter_map(|(number, entry)| Some((Place(number), entry.as_ref()?)))
    }

    /// The findings with that `metadata.uid`: one, unless the data has it twice.
    pub(super) fn with_uid(&self, uid: &str) -> Vec<Place> {
        let places = self.by_uid.get(uid).map(Vec::as_slice).unwrap_or_default();
        places.iter().copied().filter(|place| self.get(*place).is_some()).collect()
    }

    /// The findings with those three values: one, unless the data has them twice.
    pub(super) fn with_identifier(&self, identifier: &FindingIdentifier) -> Vec<Place> {
        let places = self.by_info_uid.get(&identifier.finding_info_uid).map(Vec::as_slice).unwrap_or_default();
        places.iter().copied().filter(|place| self.get(*place).is_some_and(|finding| finding.is(identifier))).collect()
    }

    /// Begins a scan: settles now which findings its pages show and in which order, so that updates between two pages neither repeat
    /// nor skip one. Pages show each finding as it is when the page is asked for.
    pub(super) fn begin(&mut self, request: Value, passes: impl Fn(&Finding) -> bool, sort: &[(SortField, Direction)]) -> Scan {
        let mut places: Vec<Place> = self.iter().filter(|(_, finding)| passes(finding)).map(|(place, _)| place).collect();
        if !sort.is_empty() {
            let mut keyed: Vec<(Vec<Option<f64>>, Place)> = places
                .iter()
                .map(|place| {
                    (sort.iter().map(|(field, _)| self.get(*place).and_then(|finding| sort_key(finding, *field))).collect(), *place)
                })
                .collect();
            keyed.sort_by(|(one, _), (two, _)| compare(one, two, sort));
            places = keyed.into_iter().map(|(_, place)| place).collect();
        }
        self.begun += 1;
        let scan = Scan { number: self.begun, request, places: Arc::from(places) };
        self.scans.push_back(scan.clone());
        if self.scans.len() > MOST_SCANS {
            self.scans.pop_front();
        }
        scan
    }

    /// The scan that a token continues, and where. The request must be the one that began it.
    pub(super) fn resume(&self, token: &str, request: &Value) -> Result<(Scan, usize), Failure> {
        let refuse = |reason| Failure::validation(format!("Invalid value for NextToken: {reason}"));
        let PageToken { scan, offset } = self.tokens.read(token).ok_or_else(|| refuse("it is not a token of this service"))?;
        let scan =
            self.scans.iter().find(|known| known.number == scan).ok_or_else(|| refuse("it has expired; start again without a token"))?;
        if scan.request != *request {
            return Err(refuse("Filters, Scopes, SortCriteria and MaxResults must be those of the first call"));
        }
        Ok((scan.clone(), offset as usize))
    }

    /// The token for the page that begins at `offset`.
    pub(super) fn token(&self, scan: &Scan, offset: usize) -> String {
        self.tokens.write(PageToken { scan: scan.number, offset: offset as u32 })
    }

    /// Makes every token that was given out an expired one.
    pub(super) fn expire_scans(&mut self) {
        self.scans.clear();
    }
}

fn sort_key(finding: &Finding, field: SortField) -> Option<f64> {
    static FIELDS: LazyLock<[Option<FieldId>; 2]> = LazyLock::new(|| {
        [FieldId::find(FieldKind::Date, SortField::ModifiedTime.name()), FieldId::find(FieldKind::Number, SortField::SeverityId.name())]
    });
    let [modified, severity] = *FIELDS;
    let field = match field {
        SortField::ModifiedTime => modified,
        SortField::SeverityId => severity,
    };
    finding.values(field?).find_map(|datum| match datum {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch stay far below 2^53")]
        Datum::Moment(moment) => Some(moment as f64),
        Datum::Number(number) => Some(number),
        Datum::Text(_) | Datum::Flag(_) | Datum::Pair(..) => None,
    })
}

/// Findings without the value come last, whichever way is sorted; equal ones keep the store's order.
fn compare(one: &[Option<f64>], two: &[Option<f64>], sort: &[(SortField, Direction)]) -> Ordering {
    for ((one, two), (_, direction)) in one.iter().zip(two).zip(sort) {
        let order = match (one, two) {
            (Some(one), Some(two)) if *direction == Direction::Ascending => one.total_cmp(two),
            (Some(one), Some(two)) => two.total_cmp(one),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}
