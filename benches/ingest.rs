//! What a page of 100 findings of 5.2 KB takes from its body to rows and archive, beside what the SDK's own reading of it takes.
//!
//! `cargo bench --bench ingest -- --check` fails where a bound is missed. All is measured in turn in one run, since the machine may be busy;
//! the SDK is measured by calls that are answered out of memory, with the page and with an empty one. The program has the SDK read nothing.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a bench says what it measured, and ends where it cannot"
)]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use aws_sdk_securityhub::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use hubtriage::{
    aws::raw_page,
    domain::{
        query::{Query, matching::Matcher},
        row::{HubId, RowId},
        time::Millis,
    },
    findings::{archive::SealedPage, store::Store},
};

use made::{NOW, PAGE, Size};

mod made;

/// Rounds; the medians are told.
const ROUNDS: usize = 101;

/// Milliseconds that a page may take beside what the SDK takes, and that opening a document may.
const ON_TOP: f64 = 2.0;
const OPENED: f64 = 1.0;

fn main() -> ExitCode {
    let is_check = std::env::args().any(|argument| argument == "--check");
    let body = made::body(1_000, PAGE, Size::Large, Some("next"));
    println!("a page of {PAGE} findings, {} bytes", body.len());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    let (full, empty) = (answered_with(body.clone()), answered_with("{}".to_owned()));
    let (open, everything) = (Matcher::new(&Query::open()), Matcher::new(&Query::Everything));
    let mut times: [Vec<Duration>; 8] = Default::default();
    for _ in 0..ROUNDS {
        let mut note = |place: usize, began: Instant| times.get_mut(place).expect("there is a place for each").push(began.elapsed());
        let began = Instant::now();
        let answer = runtime.block_on(full.get_findings_v2().send()).expect("memory answers");
        assert_eq!(answer.findings().len(), PAGE);
        drop(answer);
        note(0, began);
        let began = Instant::now();
        black_box(runtime.block_on(empty.get_findings_v2().send()).expect("memory answers"));
        note(1, began);
        let began = Instant::now();
        let cut = raw_page::cut(body.as_bytes()).expect("the page is one");
        note(2, began);
        let began = Instant::now();
        let page = SealedPage::seal_where(&cut.findings, |finding, document| everything.admits(finding, document, Millis(NOW)));
        note(3, began);
        let began = Instant::now();
        black_box(SealedPage::seal_where(&cut.findings, |finding, document| open.admits(finding, document, Millis(NOW))));
        note(4, began);
        let began = Instant::now();
        for (finding, document) in page.findings.iter().zip(&cut.findings) {
            black_box(open.admits(finding, document, Millis(NOW)));
        }
        note(5, began);
        let mut store = Store::default();
        let began = Instant::now();
        store.arrive(page, HubId(0));
        note(6, began);
        let (archive, slot) = store.document(RowId(57)).expect("it has arrived");
        let began = Instant::now();
        black_box(archive.document(slot).expect("it is held"));
        note(7, began);
    }
    let [full, empty, cut, sealed, sealed_open, matched, arrived, opened] = times.map(median);
    let sdk = full - empty;
    let ours = cut + sealed_open + arrived;
    for (what, took) in [
        ("the SDK reads it (its call with the page less one without)", sdk),
        ("cut into documents", cut),
        ("read into rows and compressed, without a query", sealed),
        ("read into rows, matched with status:new,in_progress, compressed", sealed_open),
        ("of that, matched", matched),
        ("taken into the store", arrived),
        ("body to rows and archive: cut, read, matched, compressed, taken in", ours),
        ("a document is opened: its page decompressed", opened),
    ] {
        println!("{what:<72} {took:>7.3} ms {:>6.2} of the SDK's", took / sdk);
    }
    // The SDK reads no page any more, so what it would have taken is saved.
    println!("{:<72} {:>7.3} ms; at most {ON_TOP}", "on top of the SDK's reading, which no longer takes place", ours - sdk);
    let is_missed = ours - sdk > ON_TOP || opened > OPENED;
    if is_missed {
        eprintln!("a bound was missed");
    }
    if is_missed && is_check { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// A client whose calls are answered with this body at once.
fn answered_with(body: String) -> Client {
    let memory = SharedHttpConnector::new(Memory(body));
    let config = aws_sdk_securityhub::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("a", "b", None, None, "made for measuring"))
        .http_client(http_client_fn(move |_, _| memory.clone()))
        .build();
    Client::from_conf(config)
}

#[derive(Debug)]
struct Memory(String);

impl HttpConnector for Memory {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        let status = StatusCode::try_from(200).expect("200 is a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(self.0.clone()))))
    }
}
