//! Sorting rows: one comparison, used both for a full sort and for placing the rows of a new page.

use std::cmp::Ordering;

use crate::domain::{
    order::{Direction, Order, SortField},
    row::RowId,
    severity::SeverityId,
};

use super::{
    chunk::{CHUNK_ROWS, Row},
    interner::{Interner, Symbol},
    store::Store,
};

/// All rows of the store in the given order; equal rows stay as they arrived.
pub fn sorted(store: &Store, order: &Order) -> Vec<RowId> {
    let ranks = Ranks::of(store, order);
    let keys: Vec<Vec<u64>> = order.0.iter().map(|key| column(store, key.field, key.direction, &ranks)).collect();
    let mut rows: Vec<RowId> = (0..store.len() as u32).map(RowId).collect();
    let key = |keys: &[u64], row: &RowId| keys.get(row.index()).copied().unwrap_or_default();
    rows.sort_by(|a, b| {
        keys.iter().map(|keys| key(keys, a).cmp(&key(keys, b))).find(|ordering| ordering.is_ne()).unwrap_or_else(|| a.cmp(b))
    });
    rows
}

/// Compares two rows by the keys of an order, reading the columns directly.
pub fn compare(store: &Store, order: &Order, a: RowId, b: RowId) -> Ordering {
    let (Some(row_a), Some(row_b)) = (store.row(a), store.row(b)) else { return a.cmp(&b) };
    for key in &order.0 {
        let ordering = match number(&row_a, key.field).zip(number(&row_b, key.field)) {
            Some((a, b)) => a.cmp(&b),
            None => compare_texts(store.interner(), symbol(&row_a, key.field), symbol(&row_b, key.field)),
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

/// Places new rows into rows that are sorted already.
pub fn merge(store: &Store, order: &Order, rows: &mut Vec<RowId>, added: &[RowId]) {
    let mut added = added.to_vec();
    added.sort_by(|&a, &b| compare(store, order, a, b));
    let mut merged = Vec::with_capacity(rows.len() + added.len());
    let mut taken = 0;
    for row in added {
        let rest = rows.get(taken..).unwrap_or_default();
        let before = rest.partition_point(|&other| compare(store, order, other, row).is_lt());
        merged.extend_from_slice(rest.get(..before).unwrap_or_default());
        merged.push(row);
        taken += before;
    }
    merged.extend_from_slice(rows.get(taken..).unwrap_or_default());
    *rows = merged;
}

fn number(row: &Row, field: SortField) -> Option<i64> {
    Some(match field {
        SortField::Severity => i64::from(SeverityId(row.severity).rank()),
        SortField::Status => i64::from(row.status),
        SortField::Created => row.created,
        SortField::Modified => row.modified,
        _ => return None,
    })
}

fn symbol(row: &Row, field: SortField) -> Symbol {
    match field {
        SortField::Account if row.account_name.is_some() => row.account_name,
        SortField::Account => row.account,
        SortField::Region => row.region,
        SortField::Product => row.product,
        SortField::Control => row.control,
        SortField::Title => row.title,
        SortField::Resource => row.resource,
        SortField::Severity | SortField::Status | SortField::Created | SortField::Modified => Symbol::NONE,
    }
}

fn compare_texts(interner: &Interner, a: Symbol, b: Symbol) -> Ordering {
    interner.lower(a).cmp(interner.lower(b)).then_with(|| interner.text(a).cmp(interner.text(b)))
}

/// The rank of every symbol in the alphabet, only where a key needs it.
struct Ranks(Vec<u32>);

impl Ranks {
    fn of(store: &Store, order: &Order) -> Self {
        let needs_text = |field| !matches!(field, SortField::Severity | SortField::Status | SortField::Created | SortField::Modified);
        if !order.0.iter().any(|key| needs_text(key.field)) {
            return Self(Vec::new());
        }
        let interner = store.interner();
        let mut symbols: Vec<Symbol> = (0..interner.len() as u32).map(Symbol).collect();
        symbols.sort_by(|&a, &b| compare_texts(interner, a, b));
        let mut ranks = vec![0; symbols.len()];
        for (rank, symbol) in symbols.iter().enumerate() {
            if let Some(slot) = ranks.get_mut(symbol.0 as usize) {
                *slot = rank as u32;
            }
        }
        Self(ranks)
    }

    fn rank(&self, symbol: Symbol) -> u64 {
        self.0.get(symbol.0 as usize).copied().map_or(0, u64::from)
    }
}

/// One sort key for every row, as numbers that compare like the values.
fn column(store: &Store, field: SortField, direction: Direction, ranks: &Ranks) -> Vec<u64> {
    let mut keys = Vec::with_capacity(store.chunks().len() * CHUNK_ROWS);
    // Flipping the sign bit makes signed numbers compare as unsigned ones.
    let signed = |number: i64| number.cast_unsigned() ^ (1 << 63);
    for chunk in store.chunks() {
        match field {
            SortField::Severity => keys.extend(chunk.severity.iter().map(|&id| u64::from(SeverityId(id).rank()))),
            SortField::Status => keys.extend(chunk.status.iter().map(|&id| signed(i64::from(id)))),
            SortField::Created => keys.extend(chunk.created.iter().map(|&time| signed(time))),
            SortField::Modified => keys.extend(chunk.modified.iter().map(|&time| signed(time))),
            SortField::Account => {
                keys.extend(
                    chunk.account.iter().zip(&chunk.account_name).map(|(&id, &name)| ranks.rank(if name.is_some() { name } else { id })),
                );
            }
            SortField::Region => keys.extend(chunk.region.iter().map(|&symbol| ranks.rank(symbol))),
            SortField::Product => keys.extend(chunk.product.iter().map(|&symbol| ranks.rank(symbol))),
            SortField::Control => keys.extend(chunk.control.iter().map(|&symbol| ranks.rank(symbol))),
            SortField::Title => keys.extend(chunk.title.iter().map(|&symbol| ranks.rank(symbol))),
            SortField::Resource => keys.extend(chunk.resource.iter().map(|&symbol| ranks.rank(symbol))),
        }
    }
    if direction == Direction::Descending {
        for key in &mut keys {
            *key = !*key;
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::row::HubId, findings::archive::SealedPage};
    use proptest::prelude::*;

    fn store(rows: &[(i32, i64, u8)]) -> Store {
        let documents: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(at, (severity, time, title))| {
                format!(
                    r#"{{"metadata":{{"uid":"{at}"}},"severity_id":{severity},"time":{time},"finding_info":{{"title":"T{title}"}},
                    "cloud":{{"account":{{"uid":"{title}"}}}}}}"#
                )
            })
            .collect();
        let mut store = Store::default();
        store.arrive(SealedPage::seal(&documents), HubId(0));
        store
    }

    proptest! {
        #[test]
        fn merging_pages_gives_the_same_order_as_sorting_all(
            rows in proptest::collection::vec((0_i32..8, 1_700_000_000_000_i64..1_700_000_000_005, 0_u8..5), 1..60),
            cut in 0_usize..60,
            field in 0_usize..10,
            down in any::<bool>(),
        ) {
            let store = store(&rows);
            let mut order = Order::default().led_by(SortField::OFFERED.get(field).copied().unwrap_or(SortField::Title));
            if down {
                order = order.reversed();
            }
            let all = sorted(&store, &order);
            prop_assert!(all.windows(2).all(|pair| matches!(pair, [a, b] if compare(&store, &order, *a, *b).is_lt())));
            let cut = cut.min(rows.len());
            let (first, second): (Vec<RowId>, Vec<RowId>) = (0..rows.len() as u32).map(RowId).partition(|row| row.index() < cut);
            let mut merged = Vec::new();
            merge(&store, &order, &mut merged, &first);
            merge(&store, &order, &mut merged, &second);
            prop_assert_eq!(merged, all);
        }
    }
}
