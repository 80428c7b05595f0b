//! Token buckets: bursts, refills, classes.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::client::get_findings;
use super::settings;
use crate::emulator::quota::{Admission, Buckets};
use crate::emulator::{Emulator, Operation, Quota, Rate, Settings};

/// How many calls in a row are granted.
fn granted(buckets: &mut Buckets, operation: Operation, now: Instant) -> usize {
    (0..1_000).take_while(|_| buckets.admit(operation, now) == Admission::Granted).count()
}

#[test]
fn a_bucket_grants_its_burst_and_then_its_rate() {
    let mut buckets = Buckets::new(Some(Quota::default()));
    let start = Instant::now();
    assert_eq!(granted(&mut buckets, Operation::GetFindingsV2, start), 6);
    assert_eq!(granted(&mut buckets, Operation::GetFindingsV2, start + Duration::from_millis(300)), 0, "a third of a second is not over");
    assert_eq!(granted(&mut buckets, Operation::GetFindingsV2, start + Duration::from_secs(1)), 3);
    assert_eq!(granted(&mut buckets, Operation::GetFindingsV2, start + Duration::from_mins(1)), 6, "no more than a burst is saved up");
}

#[test]
fn classes_have_buckets_of_their_own() {
    let mut buckets = Buckets::new(Some(Quota::default()));
    let now = Instant::now();
    assert_eq!(granted(&mut buckets, Operation::BatchUpdateFindingsV2, now), 30);
    assert_eq!(granted(&mut buckets, Operation::GetFindingsV2, now), 6);
    assert_eq!(granted(&mut buckets, Operation::DescribeSecurityHubV2, now), 30);
    assert_eq!(granted(&mut buckets, Operation::GetFindingStatisticsV2, now), 30);
    assert_eq!(granted(&mut buckets, Operation::BatchUpdateFindingsV2, now + Duration::from_secs(1)), 10);
}

#[test]
fn without_a_quota_everything_is_granted() {
    assert_eq!(granted(&mut Buckets::new(None), Operation::GetFindingsV2, Instant::now()), 1_000);
}

#[tokio::test]
async fn throttled_calls_say_so() {
    // A bucket that never fills again shows the same answers however slow the machine is.
    let once = Rate { per_second: 0.0, burst: 2.0 };
    let quota = Some(Quota { reads: once, writes: once, others: once });
    let emulator = Emulator::start(Settings { quota, ..settings(1) }).await.unwrap();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get_findings(&emulator, &json!({})).await.status);
    }
    assert_eq!(statuses, [200, 200, 429]);
    let answer = get_findings(&emulator, &json!({})).await;
    assert_eq!((answer.code().as_str(), answer.message().as_str()), ("ThrottlingException", "Rate exceeded"));
}
