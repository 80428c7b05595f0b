//! How far long work is, how fast it goes and how long it takes; and that nothing is measured where nothing is under way.

use super::*;
use crate::app::{
    progress::{Stands, Task, Work},
    survey::Covered,
};

fn at(model: &mut Model, seconds_and_tenths: i64, event: Event) -> Vec<Effect> {
    update(model, event, Ctx { now: Millis(CTX.now.0 + seconds_and_tenths * 100) })
}

fn page_at(model: &mut Model, tenths: i64, range: std::ops::Range<usize>, more: More) {
    let documents: Vec<String> = range.map(|at| document(at, 1)).collect();
    let scan = model.scan.id;
    at(model, tenths, Event::Page { scan, page: SealedPage::seal(&documents), more, order: ServedOrder::AsAsked });
}

fn told(model: &Model) -> Vec<String> {
    let told = |task: &Task| [Some(task.word.to_owned()), Some(task.counts()), task.speed(), task.left()].into_iter().flatten().collect();
    model.tasks().iter().map(told).map(|told: Vec<String>| told.join(" ").trim_end().to_owned()).collect()
}

#[test]
fn loading_tells_how_many_how_fast_and_how_long() {
    let mut model = connected(settings());
    assert_eq!(told(&model), ["loading"]);
    let scan = model.scan.id;
    at(&mut model, 1, Event::Total(scan, Ok(1_000)));
    for page in 0..6 {
        page_at(&mut model, 4 + 4 * i64::try_from(page).unwrap(), page * 40..(page + 1) * 40, More::Follows);
    }
    assert_eq!(told(&model), ["loading 240/~1,000 100/s 8 s"]);
    assert_eq!(model.next_tick(), Some(500));
    at(&mut model, 30, Event::Tick);
    assert_eq!(told(&model), ["loading 240/~1,000 100/s 7 s"], "it counts down between two pages");
    page_at(&mut model, 32, 240..250, More::Last);
    assert_eq!(told(&model), [""; 0], "what is over goes at once");
    assert_eq!(model.progress.gauges.len(), 0);
}

#[test]
fn what_is_shown_changes_at_most_four_times_a_second_but_for_what_begins_and_ends() {
    let mut model = connected(settings());
    at(&mut model, 0, Event::Tick);
    let mut shown = Vec::new();
    for page in 0..50 {
        // Fifty pages in two seconds.
        let now = Millis(CTX.now.0 + 40 * i64::try_from(page).unwrap());
        let documents = [document(page, 1)];
        let scan = model.scan.id;
        let event = Event::Page { scan, page: SealedPage::seal(&documents), more: More::Follows, order: ServedOrder::AsAsked };
        update(&mut model, event, Ctx { now });
        shown.push(told(&model));
    }
    shown.dedup();
    assert!((7..=9).contains(&shown.len()), "{shown:?}");
    let effects = at(&mut model, 20, Event::Key(Key::char('r'), Arrival::Single));
    assert!(matches!(effects.as_slice(), [Effect::Reread { .. }, ..]));
    assert_eq!(model.tasks().iter().map(|task| task.work).collect::<Vec<_>>(), [Work::Scan, Work::Reads]);
}

#[test]
fn a_send_that_is_paused_stands_and_the_clock_is_followed_slowly() {
    let mut model = loaded(150);
    assert_eq!((told(&model), model.next_tick()), (Vec::new(), None), "idle costs nothing");
    press(&mut model, "* s 3 w y");
    assert_eq!(model.tasks().first().map(|task| (task.work, task.done, task.total)), Some((Work::Send, 0, Some(150))));
    let report = |answered, activity| {
        Event::Sending(SendReport { rows: Vec::new(), progress: Progress { rows: 150, answered, ..Progress::default() }, activity })
    };
    let documents: Vec<String> = (0..100).map(|at| document(at, 1)).collect();
    at(&mut model, 10, Event::SendSaw(SealedPage::seal(&documents)));
    assert_eq!(told(&model), ["checking 100/150 100/s"], "what is read ahead of the calls");
    at(&mut model, 15, report(0, Activity::Sending));
    at(&mut model, 20, report(50, Activity::Sending));
    at(&mut model, 30, report(100, Activity::Sending));
    assert_eq!(told(&model), ["sending 100/150 50/s 1 s"]);
    assert_eq!(model.next_tick(), Some(500));
    at(&mut model, 31, report(100, Activity::Paused));
    assert_eq!(told(&model), ["paused 100/150"], "how it stands is shown at once");
    assert_eq!((model.tasks()[0].stands, model.next_tick()), (Stands::Waits, Some(1_000)));
    model.sending.rows.clear();
    at(&mut model, 32, report(150, Activity::Over(End::Done)));
    assert!(model.tasks().iter().all(|task| task.work == Work::History));
    at(&mut model, 33, Event::Journal(JournalEvent::History(Ok(Arc::default()))));
    assert_eq!((told(&model), model.next_tick().is_some_and(|tick| tick < 1_000)), (Vec::new(), false));
}

#[test]
fn reads_passes_and_surveys_are_counted() {
    let mut model = loaded(250);
    let effects = press(&mut model, "* r");
    assert_eq!(effects.len(), 3);
    assert_eq!(told(&model), ["reading again 0/250"]);
    let mut reads = effects.into_iter();
    let mut answer = |model: &mut Model, tenths: i64| {
        let Some(Effect::Reread { request, identities }) = reads.next() else { unreachable!("a read") };
        let number = |identity: &Identity| match identity {
            Identity::MetadataUid(uid) => uid.trim_start_matches('u').parse().unwrap(),
            other => unreachable!("{other:?}"),
        };
        let documents: Vec<String> = identities.iter().map(|identity| document(number(identity), 1)).collect();
        at(model, tenths, Event::Reread { request, asked: identities, result: Ok(SealedPage::seal(&documents)) });
    };
    answer(&mut model, 10);
    assert_eq!(told(&model), ["reading again 100/250 100/s 2 s"]);
    answer(&mut model, 20);
    answer(&mut model, 30);
    assert_eq!((told(&model), model.progress.read, model.progress.reads.len()), (Vec::new(), 0, 0));

    press(&mut model, "s 3 w t");
    assert_eq!(told(&model), ["checking 0/250"]);
    model.pass = None;
    model.rereads.clear();
    press(&mut model, "esc esc T");
    type_text(&mut model, "unmapped.x:1");
    let effects = press(&mut model, "enter");
    let Some(Effect::Survey { request, .. }) = effects.first() else { unreachable!("{effects:?}") };
    assert_eq!(told(&model), ["matching 0/250"]);
    at(&mut model, 60, Event::Surveying(*request, Covered { done: 200, of: 250, unreadable: 0 }));
    assert_eq!(told(&model), ["matching 200/250 33/s 2 s"]);
}
