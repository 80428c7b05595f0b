//! Sorting rows: numbers that compare like the rows' values for a full sort, and one comparison for placing the rows of a new page.
//!
//! All keys of a row are packed into one number with its present place behind them: one sort of numbers, without a comparison function,
//! and equal rows stay where they are. What does not fit into one number takes a further pass.

use std::cmp::Ordering;

use crate::domain::{
    order::{Direction, Order, SortField, SortKey},
    row::RowId,
    severity::SeverityId,
};

use super::{
    alphabet::{self, Alphabet},
    chunk::{CHUNK_ROWS, Chunk},
    interner::Symbol,
    store::Store,
};

/// Puts rows, which must be given in the order they arrived, into this order. The alphabet must know every text of the store.
pub fn sort(store: &Store, alphabet: &Alphabet, order: &Order, rows: &mut Vec<RowId>) {
    let place_bits = bits(rows.len() as u64);
    let mut codes: Vec<u128> = Vec::new();
    // From the last key to the first: a later pass keeps what the one before did among rows that are equal to it.
    let mut columns: Vec<Column> = order.0.iter().map(|key| Column::of(store, *key)).collect();
    while !columns.is_empty() {
        let mut used = place_bits;
        let from = columns.iter().rposition(|column| {
            used += column.bits;
            used > u128::BITS
        });
        let pack = columns.split_off(from.map_or(0, |at| at + 1));
        codes.clear();
        codes.resize(store.len(), 0);
        let mut width = place_bits;
        for column in &pack {
            column.add_to(store, alphabet, &mut codes);
            width += column.bits;
        }
        if width <= u64::BITS {
            let code = |row: RowId| codes.get(row.index()).copied().unwrap_or_default() as u64;
            let mut packed: Vec<u64> = rows.iter().zip(0_u64..).map(|(&row, place)| (code(row) << place_bits) | place).collect();
            packed.sort_unstable();
            place(rows, packed.into_iter().map(|packed| packed & (1_u64 << place_bits).wrapping_sub(1)));
        } else {
            let code = |row: RowId| codes.get(row.index()).copied().unwrap_or_default();
            let mut packed: Vec<u128> = rows.iter().zip(0_u128..).map(|(&row, place)| (code(row) << place_bits) | place).collect();
            packed.sort_unstable();
            place(rows, packed.into_iter().map(|packed| (packed & (1_u128 << place_bits).wrapping_sub(1)) as u64));
        }
    }
}

/// Takes the rows from these places, one after the other.
fn place(rows: &mut Vec<RowId>, places: impl Iterator<Item = u64>) {
    *rows = places.filter_map(|place| rows.get(place as usize).copied()).collect();
}

/// How many bits the numbers below `count` need.
fn bits(count: u64) -> u32 {
    u64::BITS - count.saturating_sub(1).leading_zeros()
}

/// A sort key as a range of numbers from zero.
struct Column {
    key: SortKey,
    /// The smallest value that is a value; zero for texts.
    least: i64,
    /// The greatest number.
    most: u64,
    bits: u32,
}

impl Column {
    fn of(store: &Store, key: SortKey) -> Self {
        let (least, most) = match key.field {
            SortField::Severity => (0, u64::from(SeverityId::FATAL.rank())),
            SortField::Status => range(store, |chunk| chunk.status.iter().map(|&status| i64::from(status)), i64::from(super::chunk::NO_ID)),
            SortField::Created => range(store, |chunk| chunk.created.iter().copied(), super::chunk::NO_TIME),
            SortField::Modified => range(store, |chunk| chunk.modified.iter().copied(), super::chunk::NO_TIME),
            _ => (0, store.interner().len() as u64),
        };
        Self { key, least, most, bits: u64::BITS - most.leading_zeros() }
    }

    /// Puts the numbers of all rows behind what is there.
    fn add_to(&self, store: &Store, alphabet: &Alphabet, codes: &mut [u128]) {
        for (chunk, codes) in store.chunks().iter().zip(codes.chunks_mut(CHUNK_ROWS)) {
            let ranked = |symbol: Symbol| u64::from(alphabet.rank(symbol));
            match self.key.field {
                SortField::Severity => self.add(codes, chunk.severity.iter().map(|&id| u64::from(SeverityId(id).rank()))),
                SortField::Status => self.add(codes, chunk.status.iter().map(|&id| self.number(i64::from(id)))),
                SortField::Created => self.add(codes, chunk.created.iter().map(|&time| self.number(time))),
                SortField::Modified => self.add(codes, chunk.modified.iter().map(|&time| self.number(time))),
                SortField::Account => {
                    let shown = |(&id, &name): (&Symbol, &Symbol)| ranked(if name.is_some() { name } else { id });
                    self.add(codes, chunk.account.iter().zip(&chunk.account_name).map(shown));
                }
                SortField::Region => self.add(codes, chunk.region.iter().map(|&symbol| ranked(symbol))),
                SortField::Product => self.add(codes, chunk.product.iter().map(|&symbol| ranked(symbol))),
                SortField::Control => self.add(codes, chunk.control.iter().map(|&symbol| ranked(symbol))),
                SortField::Title => self.add(codes, chunk.title.iter().map(|&symbol| ranked(symbol))),
                SortField::Resource => self.add(codes, chunk.resource.iter().map(|&symbol| ranked(symbol))),
            }
        }
    }

    fn add(&self, codes: &mut [u128], numbers: impl Iterator<Item = u64>) {
        for (code, number) in codes.iter_mut().zip(numbers) {
            let number = if self.key.direction == Direction::Descending { self.most.wrapping_sub(number) } else { number };
            *code = (*code << self.bits) | u128::from(number);
        }
    }

    /// A value's number: nothing at all comes first, as the smallest there is.
    fn number(&self, value: i64) -> u64 {
        if value < self.least { 0 } else { value.abs_diff(self.least) + 1 }
    }
}

/// The smallest value of a column that is not `none`, and the number of its greatest.
fn range<'a, I: Iterator<Item = i64> + 'a>(store: &'a Store, values: impl Fn(&'a Chunk) -> I, none: i64) -> (i64, u64) {
    let (mut least, mut greatest) = (i64::MAX, i64::MIN);
    for chunk in store.chunks() {
        for value in values(chunk) {
            if value != none {
                least = least.min(value);
                greatest = greatest.max(value);
            }
        }
    }
    // The sentinels are the smallest numbers of their types, so a real value is never so small that its number would not fit.
    if least > greatest { (i64::MAX, 0) } else { (least, greatest.abs_diff(least) + 1) }
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
    let mut merged = Vec::with_capacity(rows.len() + added.len());
    merge_into(store, order, &mut merged, rows, added);
    *rows = merged;
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
        let mut alphabet = Alphabet::default();
        alphabet.settle(store.interner());
        let mut rows: Vec<RowId> = (0..store.len() as u32).map(RowId).collect();
        sort(store, &alphabet, order, &mut rows);
        rows
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
        ) {
            let store = store(&rows);
            let all = sorted(&store, &order);
            prop_assert_eq!(all.len(), rows.len());
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
