//! Sorting rows: numbers that compare like the rows' values for a full sort, and one comparison for placing the rows of a new page.
//!
//! All keys of a row are packed into one number, and the numbers are sorted digit by digit: no comparison function, equal rows stay where
//! they are, and the work can be left and taken up again anywhere. What does not fit into one number takes a further sort.

use std::{cmp::Ordering, ops::Range};

use crate::domain::{
    order::{Direction, Order, SortField, SortKey},
    row::RowId,
    severity::SeverityId,
};

use super::{
    alphabet::{self, Alphabet},
    budget::{Budget, pieces},
    chunk::{CHUNK_ROWS, Chunk, NO_ID, NO_TIME},
    interner::Symbol,
    radix::{self, Radix},
    row_set::RowSet,
    store::Store,
};

/// A sort of all rows of a result, done in steps. While it goes on the alphabet's ranks must stay as they are.
#[derive(Debug)]
pub(super) struct Sorting {
    /// The keys that are still to be sorted by, in packs that fit into one number: the last of them comes first, since a later pass keeps
    /// what the one before did among rows that are equal to it.
    packs: Vec<Vec<Column>>,
    columns: Vec<Column>,
    /// How many rows the store had.
    count: usize,
    at: usize,
    pass: Pass,
    /// The numbers of the present pack, by row.
    codes: Vec<u64>,
    radix: Radix,
    is_first: bool,
    rows: Vec<RowId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    Measure,
    Codes,
    Gather,
    Sort,
    Take,
}

impl Sorting {
    /// Begins.
    pub(super) fn new(store: &Store, order: &Order) -> Self {
        Self {
            packs: Vec::new(),
            columns: order.0.iter().map(|key| Column::of(store, *key)).collect(),
            count: store.len(),
            at: 0,
            pass: Pass::Measure,
            codes: Vec::new(),
            radix: Radix::default(),
            is_first: true,
            rows: Vec::new(),
        }
    }

    /// Goes on with the rows of `members`; gives them in order once it is done. The alphabet must know every text of them.
    pub(super) fn step(&mut self, store: &Store, alphabet: &Alphabet, members: &RowSet, budget: &mut Budget) -> Option<Vec<RowId>> {
        loop {
            let end = match self.pass {
                Pass::Measure | Pass::Codes => self.count,
                Pass::Gather if self.is_first => self.count,
                Pass::Gather | Pass::Take => self.radix.items.len(),
                Pass::Sort => 0,
            };
            let part = budget.part(&mut self.at, end);
            let pack = self.packs.last().map(Vec::as_slice).unwrap_or_default();
            let is_done = match self.pass {
                Pass::Measure => {
                    self.columns.iter_mut().for_each(|column| column.measure(store, part.clone()));
                    self.at == end
                }
                Pass::Codes => {
                    self.codes.resize(part.end.max(self.codes.len()), 0);
                    let codes = self.codes.get_mut(part.clone()).unwrap_or_default();
                    codes.fill(0);
                    for column in pack {
                        column.add_to(store, alphabet, part.clone(), codes);
                    }
                    self.at == end
                }
                Pass::Gather if self.is_first => {
                    let rows = part.map(|row| RowId(row as u32)).filter(|&row| members.contains(row));
                    self.radix.items.extend(rows.map(|row| (self.codes.get(row.index()).copied().unwrap_or_default(), row.0)));
                    self.at == end
                }
                Pass::Gather => {
                    for item in self.radix.items.get_mut(part).unwrap_or_default() {
                        item.0 = self.codes.get(item.1 as usize).copied().unwrap_or_default();
                    }
                    self.at == end
                }
                Pass::Sort => self.radix.step(pack.iter().map(Column::bits).sum(), budget),
                Pass::Take => {
                    self.rows.extend(self.radix.items.get(part).unwrap_or_default().iter().map(|&(_, row)| RowId(row)));
                    self.at == end
                }
            };
            if !is_done {
                return None;
            }
            self.at = 0;
            self.pass = match self.pass {
                Pass::Measure => {
                    self.pack();
                    Pass::Codes
                }
                Pass::Codes => Pass::Gather,
                Pass::Gather => {
                    self.is_first = false;
                    self.radix.restart();
                    Pass::Sort
                }
                Pass::Sort => {
                    self.packs.pop();
                    if self.packs.is_empty() { Pass::Take } else { Pass::Codes }
                }
                Pass::Take => return Some(std::mem::take(&mut self.rows)),
            };
        }
    }

    fn pack(&mut self) {
        self.rows.reserve(self.count);
        self.radix.items.reserve(self.count);
        for column in self.columns.drain(..) {
            let used: u32 = self.packs.last().map_or(u64::BITS, |pack| pack.iter().map(Column::bits).sum());
            match self.packs.last_mut() {
                Some(pack) if used + column.bits() <= u64::BITS => pack.push(column),
                _ => self.packs.push(vec![column]),
            }
        }
    }
}

/// A sort key as a range of numbers from zero.
#[derive(Debug, Clone, Copy)]
struct Column {
    key: SortKey,
    /// The smallest and the greatest value that is a value; of texts, zero and how many there are.
    least: i64,
    greatest: i64,
}

impl Column {
    fn of(store: &Store, key: SortKey) -> Self {
        let (least, greatest) = match key.field {
            SortField::Severity => (0, i64::from(SeverityId::FATAL.rank())),
            SortField::Status | SortField::Created | SortField::Modified => (i64::MAX, i64::MIN),
            _ => (0, i64::try_from(store.interner().len()).unwrap_or(i64::MAX)),
        };
        Self { key, least, greatest }
    }

    /// Takes in the values of these rows.
    fn measure(&mut self, store: &Store, rows: Range<usize>) {
        let none = match self.key.field {
            SortField::Status => i64::from(NO_ID),
            SortField::Created | SortField::Modified => NO_TIME,
            _ => return,
        };
        for (chunk, of) in pieces(rows) {
            let Some(chunk) = store.chunks().get(chunk) else { return };
            match self.key.field {
                SortField::Status => self.widen(chunk.status.get(of).unwrap_or_default().iter().map(|&id| i64::from(id)), none),
                SortField::Created => self.widen(chunk.created.get(of).unwrap_or_default().iter().copied(), none),
                _ => self.widen(chunk.modified.get(of).unwrap_or_default().iter().copied(), none),
            }
        }
    }

    fn widen(&mut self, values: impl Iterator<Item = i64>, none: i64) {
        for value in values.filter(|&value| value != none) {
            self.least = self.least.min(value);
            self.greatest = self.greatest.max(value);
        }
    }

    /// The greatest number. Values that are none are the smallest of their type, so that a real one is never so far from the smallest that
    /// its number would not fit.
    fn most(&self) -> u64 {
        match self.key.field {
            SortField::Status | SortField::Created | SortField::Modified if self.least > self.greatest => 0,
            SortField::Status | SortField::Created | SortField::Modified => self.greatest.abs_diff(self.least) + 1,
            _ => self.greatest.unsigned_abs(),
        }
    }

    fn bits(&self) -> u32 {
        radix::width(self.most())
    }

    /// Puts the numbers of these rows behind what is there.
    fn add_to(&self, store: &Store, alphabet: &Alphabet, rows: Range<usize>, codes: &mut [u64]) {
        let first = rows.start;
        for (at, of) in pieces(rows) {
            let Some(chunk) = store.chunks().get(at) else { return };
            let from = at * CHUNK_ROWS + of.start - first;
            let codes = codes.get_mut(from..from + of.len()).unwrap_or_default();
            let ranked = |symbol: Symbol| u64::from(alphabet.rank(symbol));
            let mut texts =
                |column: &[Symbol]| self.add(codes, column.get(of.clone()).unwrap_or_default().iter().map(|&symbol| ranked(symbol)));
            match self.key.field {
                SortField::Region => texts(&chunk.region),
                SortField::Product => texts(&chunk.product),
                SortField::Control => texts(&chunk.control),
                SortField::Title => texts(&chunk.title),
                SortField::Resource => texts(&chunk.resource),
                SortField::Severity => {
                    let ids = chunk.severity.get(of).unwrap_or_default();
                    self.add(codes, ids.iter().map(|&id| u64::from(SeverityId(id).rank())));
                }
                SortField::Status => {
                    let ids = chunk.status.get(of).unwrap_or_default();
                    self.add(codes, ids.iter().map(|&id| if id == NO_ID { 0 } else { self.number(i64::from(id)) }));
                }
                SortField::Created => self.add(codes, chunk.created.get(of).unwrap_or_default().iter().map(|&time| self.number(time))),
                SortField::Modified => self.add(codes, chunk.modified.get(of).unwrap_or_default().iter().map(|&time| self.number(time))),
                SortField::Account => {
                    let shown = |(&id, &name): (&Symbol, &Symbol)| ranked(if name.is_some() { name } else { id });
                    let ids = chunk.account.get(of.clone()).unwrap_or_default();
                    self.add(codes, ids.iter().zip(chunk.account_name.get(of).unwrap_or_default()).map(shown));
                }
            }
        }
    }

    fn add(&self, codes: &mut [u64], numbers: impl Iterator<Item = u64>) {
        let (most, bits) = (self.most(), self.bits());
        for (code, number) in codes.iter_mut().zip(numbers) {
            // A value that came after the column was measured is as the greatest.
            let number = number.min(most);
            let number = if self.key.direction == Direction::Descending { most - number } else { number };
            *code = code.unbounded_shl(bits) | number;
        }
    }

    /// A value's number: nothing at all comes first, as the smallest there is.
    fn number(&self, value: i64) -> u64 {
        if value < self.least { 0 } else { value.abs_diff(self.least) + 1 }
    }
}

/// Compares two rows by the keys of an order, reading the columns directly.
pub fn compare(store: &Store, order: &Order, a: RowId, b: RowId) -> Ordering {
    let at = |row: RowId| store.chunks().get(row.index() / CHUNK_ROWS).map(|chunk| (chunk.as_ref(), row.index() % CHUNK_ROWS));
    let (Some((chunk_a, at_a)), Some((chunk_b, at_b))) = (at(a), at(b)) else { return a.cmp(&b) };
    for key in &order.0 {
        let ordering = match number(chunk_a, at_a, key.field).zip(number(chunk_b, at_b, key.field)) {
            Some((a, b)) => a.cmp(&b),
            None => match (symbol(chunk_a, at_a, key.field), symbol(chunk_b, at_b, key.field)) {
                (a, b) if a == b => Ordering::Equal,
                (a, b) => alphabet::compare(store.interner(), a, b),
            },
        };
        let ordering = match key.direction {
            Direction::Ascending => ordering,
            Direction::Descending => ordering.reverse(),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    a.cmp(&b)
}

/// Sorts rows of a page, which are few, by comparing them.
pub fn sort_few(store: &Store, order: &Order, rows: &mut [RowId]) {
    rows.sort_unstable_by(|&a, &b| compare(store, order, a, b));
}

/// Places rows into others; both are sorted already.
pub fn merge(store: &Store, order: &Order, rows: &mut Vec<RowId>, added: &[RowId]) {
    if added.is_empty() {
        return;
    }
    // From the last to the first: only what stands behind the first of them moves.
    let mut end = rows.len();
    rows.extend_from_slice(added);
    for (left, &row) in added.iter().enumerate().rev() {
        let at = rows.get(..end).unwrap_or_default().partition_point(|&other| compare(store, order, other, row).is_lt());
        rows.copy_within(at..end, at + left + 1);
        if let Some(slot) = rows.get_mut(at + left) {
            *slot = row;
        }
        end = at;
    }
}

/// Puts rows and those that are added to them behind what is in `out`; both are sorted already.
pub fn merge_into(store: &Store, order: &Order, out: &mut Vec<RowId>, rows: &[RowId], added: &[RowId]) {
    let mut rest = rows;
    for &row in added {
        let (before, behind) = rest.split_at(rest.partition_point(|&other| compare(store, order, other, row).is_lt()));
        out.extend_from_slice(before);
        out.push(row);
        rest = behind;
    }
    out.extend_from_slice(rest);
}

fn number(chunk: &Chunk, at: usize, field: SortField) -> Option<i64> {
    match field {
        SortField::Severity => chunk.severity.get(at).map(|&id| i64::from(SeverityId(id).rank())),
        SortField::Status => chunk.status.get(at).copied().map(i64::from),
        SortField::Created => chunk.created.get(at).copied(),
        SortField::Modified => chunk.modified.get(at).copied(),
        _ => None,
    }
}

fn symbol(chunk: &Chunk, at: usize, field: SortField) -> Symbol {
    let column = match field {
        SortField::Account => match chunk.account_name.get(at) {
            Some(name) if name.is_some() => return *name,
            _ => &chunk.account,
        },
        SortField::Region => &chunk.region,
        SortField::Product => &chunk.product,
        SortField::Control => &chunk.control,
        SortField::Title => &chunk.title,
        SortField::Resource => &chunk.resource,
        SortField::Severity | SortField::Status | SortField::Created | SortField::Modified => return Symbol::NONE,
    };
    column.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::row::HubId, findings::archive::SealedPage};
    use proptest::prelude::*;

    /// A row: severity, time, title.
    type Sample = (i32, Option<i64>, u8);

    fn store(rows: &[Sample]) -> Store {
        let documents: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(at, (severity, time, title))| {
                let time = time.map(|time| format!(r#""time":{time},"#)).unwrap_or_default();
                format!(
                    r#"{{{time}"metadata":{{"uid":"{at}"}},"severity_id":{severity},"status_id":{severity},
                    "finding_info":{{"title":"T{title}","created_time":{}}},"cloud":{{"account":{{"uid":"{title}"}}}}}}"#,
                    i64::from(*title) - 2
                )
            })
            .collect();
        let mut store = Store::default();
        store.arrive(SealedPage::seal(&documents), HubId(0));
        store
    }

    fn sorted(store: &Store, order: &Order) -> Vec<RowId> {
        sorted_in_steps(store, order, usize::MAX)
    }

    fn sorted_in_steps(store: &Store, order: &Order, step: usize) -> Vec<RowId> {
        let mut alphabet = Alphabet::default();
        alphabet.settle(store.interner());
        let members = (0..store.len() as u32).map(RowId).collect();
        let mut sorting = Sorting::new(store, order);
        loop {
            if let Some(rows) = sorting.step(store, &alphabet, &members, &mut Budget::of(step)) {
                return rows;
            }
        }
    }

    fn time() -> impl Strategy<Value = Option<i64>> {
        let near = 1_700_000_000_000_i64..1_700_000_000_005;
        // Hostile times make a key as wide as it can be.
        prop_oneof![1 => Just(None), 8 => near.prop_map(Some), 1 => any::<i64>().prop_map(Some)]
    }

    fn order() -> impl Strategy<Value = Order> {
        let key = (0..SortField::OFFERED.len(), any::<bool>()).prop_map(|(at, down)| SortKey {
            field: SortField::OFFERED.get(at).copied().unwrap_or(SortField::Title),
            direction: if down { Direction::Descending } else { Direction::Ascending },
        });
        proptest::collection::vec(key, 0..6).prop_map(Order)
    }

    proptest! {
        #[test]
        fn sorting_by_any_keys_is_what_comparing_says_and_placing_pages_gives_the_same(
            rows in proptest::collection::vec((0_i32..8, time(), 0_u8..5), 1..60), cut in 0_usize..60, order in order(),
            step in 1_usize..100,
        ) {
            let store = store(&rows);
            let all = sorted(&store, &order);
            prop_assert_eq!(all.len(), rows.len());
            prop_assert_eq!(&sorted_in_steps(&store, &order, step), &all);
            prop_assert!(all.windows(2).all(|pair| matches!(pair, [a, b] if compare(&store, &order, *a, *b).is_lt())));
            let cut = cut.min(rows.len());
            let (mut first, mut second): (Vec<RowId>, Vec<RowId>) = (0..rows.len() as u32).map(RowId).partition(|row| row.index() < cut);
            let mut merged = Vec::new();
            for page in [&mut first, &mut second] {
                sort_few(&store, &order, page);
                merge(&store, &order, &mut merged, page);
            }
            prop_assert_eq!(merged, all);
        }
    }

    #[test]
    fn keys_that_do_not_fit_into_one_number_together_are_sorted_all_the_same() {
        let rows: Vec<Sample> =
            vec![(3, Some(i64::MAX), 1), (3, Some(i64::MIN + 1), 1), (3, None, 1), (3, Some(i64::MAX), 0), (5, Some(0), 9)];
        let store = store(&rows);
        let order: Order = "severity, modified, created, title, status".parse().unwrap_or_default();
        let all = sorted(&store, &order);
        assert!(all.windows(2).all(|pair| matches!(pair, [a, b] if compare(&store, &order, *a, *b).is_lt())), "{all:?}");
        assert_eq!(all.first(), Some(&RowId(4)));
    }
}
