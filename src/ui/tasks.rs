//! The tasks: what is under way, what it waits for, and what can be taken back.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        action::Action,
        journaling::JournalState,
        keymap::Context,
        model::{Model, ScanState},
        overlay::Overlay,
        progress::{self, Task, Work},
        tasks_panel::TasksPanel,
        wording,
    },
    domain::{
        advice::advise,
        text::{self, Cut},
    },
    send::report::{Activity, End},
};

use super::{
    canvas::{self, Canvas},
    preview::paragraph,
    progress::first_guess,
    steps,
    theme::Ink,
};

/// Columns of the labels.
const LABEL: u16 = 11;

/// Most parts of the query that are told to be applied here.
const MAX_REASONS: usize = 3;

/// A part of the screen: its label, and lines that say how it stands.
struct Part {
    label: &'static str,
    lines: Vec<(String, Ink)>,
}

/// From so many lines on there is an empty line between the parts.
const ROOMY: u16 = 30;

/// Lines that the steps have at least, whatever else there is to tell.
const LEAST_STEPS: u16 = 4;

/// Draws the tasks into everything but the footer.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, panel: &TasksPanel, area: Rect) {
    let mut left = canvas::columns(canvas::lines(area, 0, 1), 1, area.width.saturating_sub(2));
    canvas.write(&mut left, "Tasks", canvas.style(Ink::Title));
    canvas.write(&mut left, " · what is under way, and what can be taken back", Style::new());
    canvas.rule(canvas::lines(area, 1, 1));
    let between = u16::from(area.height >= ROOMY);
    let tasks = model.tasks();
    let mut rest = canvas::lines(area, 2, u16::MAX);
    let parts =
        [Some(send(model, &tasks)), Some(loading(model, &tasks)), Some(reads(model, &tasks)), others(model, &tasks), Some(journal(model))];
    for part in parts.into_iter().flatten() {
        let kept = canvas::lines(rest, 0, rest.height.saturating_sub(LEAST_STEPS));
        let used = draw_part(canvas, &part, kept);
        rest = canvas::lines(rest, used.saturating_add(between).min(kept.height), u16::MAX);
    }
    canvas.put(canvas::lines(canvas::columns(rest, 1, LABEL), 0, 1), "steps", canvas.style(Ink::Label));
    steps::draw(canvas, model, panel, canvas::columns(rest, LABEL + 1, rest.width.saturating_sub(LABEL + 2)));
}

/// Draws a part and gives the lines it took.
fn draw_part(canvas: &mut Canvas<'_>, part: &Part, area: Rect) -> u16 {
    canvas.put(canvas::lines(canvas::columns(area, 1, LABEL), 0, 1), part.label, canvas.style(Ink::Label));
    let mut rest = canvas::columns(area, LABEL + 1, area.width.saturating_sub(LABEL + 2));
    for (line, ink) in &part.lines {
        let used = paragraph(canvas, rest, line, canvas.style(*ink), 3);
        rest = canvas::lines(rest, used, u16::MAX);
    }
    rest.y - area.y
}

/// What is under way of a kind.
fn task(tasks: &[Task], work: Work) -> Option<&Task> {
    tasks.iter().find(|task| task.work == work)
}

fn send(model: &Model, tasks: &[Task]) -> Part {
    let label = "send";
    let sending = &model.sending;
    let Some(activity) = &sending.activity else {
        return Part { label, lines: vec![("nothing has been sent in this session".to_owned(), Ink::Faint)] };
    };
    let progress = sending.progress;
    let failed = progress.answered.saturating_sub(progress.processed + sending.unsent);
    let mut counts = vec![
        format!(
            "{} of {} have an outcome",
            wording::grouped(progress.answered.saturating_sub(sending.unsent)),
            wording::counted(progress.rows, "finding")
        ),
        format!("{} processed", wording::grouped(progress.processed)),
    ];
    for (count, what) in [(failed, "not, or not known"), (sending.unsent, "not sent")] {
        if count > 0 {
            counts.push(format!("{} {what}", wording::grouped(count)));
        }
    }
    let since = sending.since.filter(|_| sending.is_active()).map(|since| format!(", for {}", since.age(model.now))).unwrap_or_default();
    let mut lines = vec![
        (format!("{}{since}", doing(model, activity)), ink(activity)),
        (counts.join(" · "), Ink::Plain),
        (calls(model, tasks), Ink::Plain),
    ];
    if let Some(began) = sending.began {
        let mut told = vec![format!("began {}", began.shown())];
        if sending.is_active() {
            told.push(format!("{} ago", began.age(model.now)));
            told.extend(left(model, tasks).map(|left| format!("about {left} left")));
        }
        lines.push((told.join(" · "), Ink::Plain));
    }
    if let Activity::Waiting(error) | Activity::Held(error) | Activity::Over(End::Refused(error)) = activity {
        let advice = advise(error, &model.place());
        lines.push((format!("✗ {} {}", advice.what, advice.help), Ink::Problem));
    }
    if sending.is_active() {
        let key = |action| model.settings.keymap.shown(Context::Tasks, action).unwrap_or_default();
        let [pause, stop] = [key(Action::PauseSending), key(Action::StopSending)];
        lines.push(match activity {
            Activity::Stopping => ("what is not sent stays staged".to_owned(), Ink::Faint),
            Activity::Paused | Activity::Held(_) => (format!("{pause} goes on, {stop} stops; what is not sent stays staged"), Ink::Key),
            _ => (format!("{pause} pauses, {stop} stops after the calls under way; the rest stays staged"), Ink::Key),
        });
    }
    Part { label, lines }
}

/// What a send is doing, in a sentence.
fn doing(model: &Model, activity: &Activity) -> String {
    match activity {
        Activity::Sending => "⟳ sending".to_owned(),
        Activity::Waiting(error) => format!("⟳ waits before it tries again: {}", error.failure.word()),
        Activity::Paused => "paused: no call goes out".to_owned(),
        Activity::Held(error) => format!("held: {}; it goes on by itself once that is over", error.failure.word()),
        Activity::Stopping => "stopping: the calls under way are waited for".to_owned(),
        Activity::Over(End::Done) if model.outcomes.problem_count() > 0 => "over; some findings have a problem".to_owned(),
        Activity::Over(End::Done) => "over: every finding has an outcome".to_owned(),
        Activity::Over(End::Stopped) => "stopped before its end".to_owned(),
        Activity::Over(End::Refused(error)) => format!("ended: {}", error.failure.word()),
        Activity::Over(End::Unwritable(why)) => format!("ended: the journal cannot be written: {}", text::clean(why)),
    }
}

const fn ink(activity: &Activity) -> Ink {
    match activity {
        Activity::Sending => Ink::Sending,
        Activity::Waiting(_) | Activity::Paused | Activity::Held(_) | Activity::Stopping | Activity::Over(End::Stopped) => Ink::Warning,
        Activity::Over(End::Done) => Ink::Good,
        Activity::Over(End::Refused(_) | End::Unwritable(_)) => Ink::Problem,
    }
}

/// How long a send still takes; before the first answer judged by the pace.
fn left(model: &Model, tasks: &[Task]) -> Option<String> {
    let send = task(tasks, Work::Send)?;
    send.left().or_else(|| first_guess(model).map(progress::duration))
}

/// `27 calls, 2 of them throttled · 56 findings a second`.
fn calls(model: &Model, tasks: &[Task]) -> String {
    let progress = model.sending.progress;
    let mut told = wording::counted(usize::try_from(progress.calls).unwrap_or(usize::MAX), "call");
    if progress.throttled > 0 {
        told = format!("{told}, {} of them throttled", wording::grouped(progress.throttled));
    }
    if let Some(rate) = task(tasks, Work::Send).and_then(Task::speed) {
        told = format!("{told} · {} findings a second", rate.trim_end_matches("/s"));
    }
    told
}

fn loading(model: &Model, tasks: &[Task]) -> Part {
    let scan = &model.scan;
    let loaded = wording::counted(scan.loaded, "finding");
    let of = scan.total.map(|total| format!(" of {} {}", scan.bound.word(), wording::grouped(total))).unwrap_or_default();
    let query = text::clean(&scan.query.to_string()).into_owned();
    let (told, ink) = match &scan.state {
        ScanState::Waiting => ("waits for the connection".to_owned(), Ink::Faint),
        ScanState::Held => ("nothing is loaded yet: the summary is looked at first".to_owned(), Ink::Faint),
        ScanState::Loading => (format!("⟳ {loaded}{of} loaded of {query}"), Ink::Sending),
        ScanState::Complete => (format!("all {loaded} of {query} loaded"), Ink::Plain),
        ScanState::Stopped => (format!("stopped at {loaded}{of}"), Ink::Warning),
        ScanState::Failed(error) => (format!("✗ failed at {loaded}{of}: {}", error.failure.word()), Ink::Problem),
    };
    let mut lines = vec![(told, ink)];
    if let Some(scan) = task(tasks, Work::Scan) {
        lines.extend(paced(model, scan));
    }
    let reasons = model.serving.reasons();
    // A few tell enough; the others are of the same kind.
    let more = reasons.len().saturating_sub(MAX_REASONS);
    for (at, reason) in reasons.iter().take(MAX_REASONS).enumerate() {
        let more = if more > 0 && at + 1 == MAX_REASONS { format!(" (and {more} more)") } else { String::new() };
        lines.push((format!("applied here: {}{more}", text::clean(reason)), Ink::Faint));
    }
    Part { label: "loading", lines }
}

/// How fast it goes, where that is known; and that it is kept to a pace.
fn paced(model: &Model, task: &Task) -> Option<(String, Ink)> {
    let mut told = task.pace(model.now);
    if told.is_empty() {
        return None;
    }
    let pace = model.settings.reads_per_second;
    if pace > 0.0 {
        told.push(format!("kept to {pace} reads a second"));
    }
    Some((told.join(" · "), Ink::Plain))
}

fn reads(model: &Model, tasks: &[Task]) -> Part {
    let mut lines = Vec::new();
    for task in tasks.iter().filter(|task| matches!(task.work, Work::Pass | Work::Reads)) {
        let counted = task.counted();
        let what = if counted.is_empty() { "named findings".to_owned() } else { counted };
        lines.push((format!("⟳ {}: {what}", task.word), Ink::Sending));
        lines.extend(paced(model, task));
    }
    match model.rereads.len() {
        0 => lines.push(("none under way".to_owned(), Ink::Faint)),
        count => lines.push((format!("{} under way or waiting for the pace", wording::counted(count, "read")), Ink::Faint)),
    }
    Part { label: "reads", lines }
}

/// What else is under way; nothing where there is nothing.
fn others(model: &Model, tasks: &[Task]) -> Option<Part> {
    let is_told = |task: &&Task| matches!(task.work, Work::Send | Work::Scan | Work::Pass | Work::Reads | Work::Saving | Work::Journal);
    let lines: Vec<(String, Ink)> = tasks
        .iter()
        .filter(|task| !is_told(task))
        .map(|task| {
            let mut told = Some(task.counted()).filter(|counted| !counted.is_empty()).into_iter().collect::<Vec<_>>();
            told.extend(task.pace(model.now));
            let told = if told.is_empty() { String::new() } else { format!(": {}", told.join(" · ")) };
            (format!("⟳ {}{told}", task.word), Ink::Sending)
        })
        .collect();
    (!lines.is_empty()).then_some(Part { label: "other", lines })
}

fn journal(model: &Model) -> Part {
    let journal = &model.journal;
    let whose = journal.key.as_ref().map(|key| format!(", {}", text::clean(&key.to_string()))).unwrap_or_default();
    let is_asked = model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Busy(_)));
    let first = match &journal.state {
        JournalState::Opening if journal.key.is_none() => ("waits until it is known whose it is".to_owned(), Ink::Faint),
        JournalState::Opening => (format!("⟳ being opened{whose}"), Ink::Sending),
        JournalState::Open => (format!("open{whose}"), Ink::Good),
        JournalState::Busy(holder) => {
            let waits = if is_asked { "" } else { "; this session waits for it" };
            (format!("another session has it{whose}: {}{waits}", text::clean(holder)), Ink::Warning)
        }
        JournalState::Broken(why) => (format!("✗ cannot be written: {}; nothing is sent", text::clean(why)), Ink::Problem),
        JournalState::Foreign(why) => (format!("✗ {}; nothing is sent", text::clean(why)), Ink::Problem),
        JournalState::Off => ("off: what is staged is in memory only, and nothing is sent".to_owned(), Ink::Warning),
    };
    let unsaved = journal.unsaved.len();
    let staged = wording::counted(model.staging.len(), "staged change");
    let second = if model.staging.is_empty() && unsaved == 0 {
        ("nothing is staged".to_owned(), Ink::Faint)
    } else if unsaved > 0 {
        let is_long = journal.overdue(model.now) > 0;
        let since = journal.unsaved_since.filter(|_| is_long).map(|since| format!(", for {}", since.age(model.now))).unwrap_or_default();
        // What was dropped is to be written too.
        let what = if unsaved > model.staging.len() {
            wording::counted(unsaved, "decision")
        } else {
            format!("{} of {staged}", wording::grouped(unsaved))
        };
        (format!("○ {what} not on disk yet{since}"), Ink::Warning)
    } else if journal.state == JournalState::Off {
        (format!("{staged}, not kept"), Ink::Warning)
    } else {
        (format!("{staged}, all on disk"), Ink::Plain)
    };
    let mut lines = vec![first, second];
    lines.extend(journal.mended.iter().map(|what| (format!("! {what}"), Ink::Warning)));
    Part { label: "journal", lines }
}

/// Draws the question what to do while another session has the journal.
pub fn busy(canvas: &mut Canvas<'_>, model: &Model, question: &crate::app::overlay::Busy, screen: Rect) {
    let key = |action| model.settings.keymap.shown(Context::Busy, action).unwrap_or_default();
    let most = usize::from(screen.width.saturating_sub(8)).min(76);
    let mut lines: Vec<(String, Ink)> = Vec::new();
    let who = format!("Another hubtriage has this hub: {}.", question.holder);
    for (told, ink) in
        [(who, Ink::Title), ("Two sessions must not send at once, so this one cannot send while that one is open.".to_owned(), Ink::Plain)]
    {
        lines.extend(text::wrap(&told, most).into_iter().map(|line| (line, ink)));
    }
    lines.push((String::new(), Ink::Plain));
    for (action, what) in [
        (Action::ReadOnly, "goes on read-only: what is staged is in memory only, nothing is sent"),
        (Action::WaitForJournal, "waits until it has gone; the table can be read meanwhile"),
        (Action::Quit, "quits"),
    ] {
        lines.extend(text::wrap(&format!("{} {what}", key(action)), most).into_iter().map(|line| (line, Ink::Key)));
    }
    let widest = lines.iter().map(|(line, _)| text::width(line)).max().unwrap_or_default();
    let area = super::menu::beside(screen, None, widest as u16 + 6, lines.len() as u16 + 4);
    let inside = canvas.boxed(area, "", "");
    let inside = canvas::columns(inside, 2, inside.width.saturating_sub(4));
    for ((line, ink), at) in lines.iter().zip(1..) {
        canvas.fit(canvas::lines(inside, at, 1), line, Cut::End, canvas.style(*ink));
    }
}
