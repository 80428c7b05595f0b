//! The emulator asked over HTTP, by a client that knows nothing of it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod client;
mod connections;
mod faults;
mod faults_file;
mod hub;
mod loading;
mod model;
mod paging;
mod permissions;
mod quota;
mod statistics;
mod update;
mod validation;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Emulator, Findings, Settings};

/// A finding with the members that updates, filters and order look at.
fn document(number: usize) -> Value {
    json!({
        "metadata": { "uid": format!("uid-{number}"), "product": { "uid": "arn:product", "name": "GuardDuty" } },
        "finding_info": {
            "uid": format!("finding-{number}"),
            "title": format!("Finding {number}"),
            "modified_time": 1_795_478_400_000_u64 + number as u64,
            "modified_time_dt": format!("2026-11-{:02}T00:00:00Z", number % 28 + 1),
        },
        "cloud": { "account": { "uid": if number.is_multiple_of(2) { "222233334444" } else { "555566667777" } }, "region": "eu-west-1" },
        "severity": "High", "severity_id": 4,
        "status": "New", "status_id": 1,
        "vendor_attributes": { "severity": "High", "severity_id": 4 },
    })
}

fn documents(count: usize) -> Vec<Value> {
    (0..count).map(document).collect()
}

/// Settings with that many findings, `uid-0` and up.
fn settings(count: usize) -> Settings {
    Settings { findings: Findings::from(documents(count)), ..Settings::default() }
}

async fn emulator(count: usize) -> Emulator {
    Emulator::start(settings(count)).await.unwrap()
}

/// Asks again and again until the answer is yes; a minute is far more than any of these needs.
async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not come about");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
