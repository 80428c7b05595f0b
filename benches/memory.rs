//! What the loaded findings take in memory: bytes a finding by part, and the most that the process had resident.
//!
//! `cargo bench --bench memory`, or with other sizes `-- 10000 1000000`. Each size is loaded in a process of its own, page by page through
//! `update`, as a scan does. Bytes are counted, so they are the same in every run; what is resident has the allocator and the program in it.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench says what it measured, and ends where it cannot")]
#![expect(clippy::disallowed_methods, reason = "each size is loaded in a process of its own")]
#![expect(clippy::cast_precision_loss, reason = "bytes are told to a tenth")]

use std::process::{Command, ExitCode};

use allocation_counter::{AllocationInfo, measure, opt_out};
use hubtriage::{
    app::{
        event::{Connection, Event, More, ServedOrder},
        model::{Asked, Model, Settings},
        update::{Ctx, update},
    },
    domain::{
        query::Query,
        row::{HubId, RowId},
        time::Millis,
    },
    findings::{archive::SealedPage, identities::Identities, interner::Interner, store::Store},
};

use made::{NOW, PAGE, Size};

mod made;

/// Says that the next argument is the size to load in this very process.
const HERE: &str = "--here";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if let (true, Some(&size)) = (arguments.iter().any(|argument| argument == HERE), sizes.first()) {
        load(size);
        return ExitCode::SUCCESS;
    }
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    for size in sizes {
        let program = std::env::current_exe().expect("a bench knows where it is");
        let status = Command::new(program).args([HERE, &size.to_string()]).status().expect("a bench can be started again");
        if !status.success() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn load(size: usize) {
    let empty = resident();
    let mut model = None;
    let whole = measure(|| model = Some(loaded(size)));
    let model = model.expect("it has been loaded");
    let after = resident();
    println!("{size} findings");
    let each = |bytes: i64| bytes as f64 / size as f64;
    let say = |what: &str, info: &AllocationInfo| {
        println!("  {what:<44} {:>8.1} bytes a finding, {:>8.1} at most", each(info.bytes_current), each(info.bytes_max.cast_signed()));
    };
    say("the whole model", &whole);
    say("  documents", &documents(&model.store));
    say("  texts", &texts(&model.store));
    say("  identities", &identities(&model.store));
    say("  all of the store", &store(size));
    println!("  resident: {:.1} MB before, {:.1} MB after, {:.1} MB at most", empty.now, after.now, after.most);
}

/// Loads through `update`; what makes the findings is not counted, and neither is what a scan's own thread would hold.
fn loaded(size: usize) -> Model {
    let settings = Settings { asked: Asked::CommandLine, ..Settings::default() };
    let mut model = Model::new(settings, Query::open(), 120, 40, Millis(NOW));
    let connection = Connection { region: "eu-west-1".to_owned(), endpoint: None };
    update(&mut model, Event::Connected(Ok(connection)), Ctx { now: Millis(NOW) });
    let scan = model.scan.id;
    while model.store.len() < size {
        let first = model.store.len();
        let page = page(first, PAGE.min(size - first));
        let more = if first + PAGE >= size { More::Last } else { More::Follows };
        update(&mut model, Event::Page { scan, page, more, order: ServedOrder::AsAsked }, Ctx { now: Millis(NOW) });
    }
    model
}

fn page(first: usize, count: usize) -> SealedPage {
    let mut documents = Vec::new();
    opt_out(|| documents = made::documents(first as u64, count, Size::Usual));
    let page = SealedPage::seal(&documents);
    opt_out(|| drop(documents));
    page
}

fn documents(loaded: &Store) -> AllocationInfo {
    let mut kept = Vec::new();
    measure(|| {
        for row in (0..loaded.len()).step_by(PAGE) {
            let archive = page(row, PAGE.min(loaded.len() - row)).archive;
            opt_out(|| kept.push(archive));
        }
    })
}

fn texts(loaded: &Store) -> AllocationInfo {
    let mut interner = Interner::default();
    measure(|| {
        for symbol in 1..loaded.interner().len() as u32 {
            interner.intern(loaded.interner().text(hubtriage::findings::interner::Symbol(symbol)));
        }
    })
}

fn identities(loaded: &Store) -> AllocationInfo {
    let mut identities = Identities::default();
    measure(|| {
        for row in 0..loaded.len() as u32 {
            let identity = loaded.identity(RowId(row)).expect("every row has one");
            identities.push(&identity);
        }
    })
}

fn store(size: usize) -> AllocationInfo {
    let mut store = Store::default();
    measure(|| {
        store.begin_scan();
        for first in (0..size).step_by(PAGE) {
            store.arrive(page(first, PAGE.min(size - first)), HubId(0));
        }
    })
}

/// Megabytes (1,000,000 bytes) of this process.
struct Resident {
    now: f64,
    most: f64,
}

fn resident() -> Resident {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or_default() * 1.024 / 1_000.0
    };
    Resident { now: of("VmRSS:"), most: of("VmHWM:") }
}
