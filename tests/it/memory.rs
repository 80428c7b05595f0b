//! What findings take in memory, in bytes that are counted: as many in every run, whatever the machine does beside.
#![expect(clippy::cast_precision_loss, reason = "small numbers")]

use allocation_counter::{AllocationInfo, measure, opt_out};
use hubtriage::{
    domain::row::HubId,
    findings::{archive::SealedPage, store::Store},
};

use crate::made::{self, PAGE, Size};

/// What `findings` says a finding of the usual size costs, its whole document included.
const BYTES_A_FINDING: f64 = 640.0;

/// Loads findings page by page; the documents as they come are not counted.
fn loaded(count: usize) -> AllocationInfo {
    // What the thread keeps for compressing pages is there once, however many there are.
    drop(made::page(0, PAGE));
    let mut store = Store::default();
    let info = measure(|| {
        store.begin_scan();
        for first in (0..count).step_by(PAGE) {
            let mut documents = Vec::new();
            opt_out(|| documents = made::documents(first as u64, PAGE, Size::Usual));
            let page = SealedPage::seal(&documents);
            opt_out(|| drop(documents));
            store.arrive(page, HubId(0));
        }
    });
    assert_eq!(store.len(), count);
    info
}

#[test]
fn a_finding_costs_what_is_said_and_twice_as_many_cost_twice_as_much() {
    let (some, twice) = (loaded(10_000), loaded(20_000));
    for (count, info) in [(10_000.0, some), (20_000.0, twice)] {
        let (kept, most) = (info.bytes_current as f64 / count, info.bytes_max as f64 / count);
        assert!(kept <= BYTES_A_FINDING, "{kept} bytes a finding of {count}");
        // While a long row of texts grows both the old and the new one are there.
        assert!(most <= BYTES_A_FINDING * 1.25, "{most} bytes a finding of {count} at most");
    }
    let grown = twice.bytes_current as f64 / some.bytes_current as f64;
    assert!(grown <= 2.05, "{grown} times the bytes for twice the findings");
    // A page's archive is three blocks; nothing is kept block by block for a finding.
    assert!(twice.count_current < 20_000 / 20, "{} blocks", twice.count_current);
}
