//! What is under way, at the right end of the key line: how much of it is done, how fast, and how long it takes still.

use ratatui::layout::Rect;

use crate::{
    app::{
        action::Action,
        keymap::Context,
        model::Model,
        progress::{self, Task, Work},
    },
    domain::{batch::MAX_ROWS, text},
    send::report::Activity,
};

use super::{canvas::Canvas, theme::Ink};

/// Columns of the bar that shows how far a send is.
const BAR: usize = 10;
/// A key line of fewer columns gives half of it to what is under way.
const NARROW: u16 = 100;

/// How far the most important thing under way is, and how many others there are: `sending 214/350 ▐██████▌ 24/s  6 s  +2 W`.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, left: &mut Rect) {
    let tasks = model.tasks();
    let mut notable = tasks.iter().filter(|task| task.is_notable(model.now));
    let Some(task) = notable.next() else { return };
    let others = notable.count();
    // The keys have the greater part of the line, where it is wide enough for both.
    let room = if left.width < NARROW { usize::from(left.width / 2) } else { usize::from(left.width) * 2 / 5 };
    let Some(told) = told(model, task, others).into_iter().find(|told| text::width(told) <= room) else { return };
    canvas.write_right(left, &told, canvas.style(Ink::Sending));
    left.width = left.width.saturating_sub(2);
}

/// The same in fewer and fewer words.
fn told(model: &Model, task: &Task, others: usize) -> Vec<String> {
    let more = match (others, model.settings.keymap.shown(Context::Table, Action::Tasks)) {
        (0, _) => None,
        (others, keys) => Some(format!("+{others} {}", keys.unwrap_or_default()).trim_end().to_owned()),
    };
    let counts = Some(task.counts()).filter(|counts| !counts.is_empty());
    let begins = [Some(task.word.to_owned()), counts.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let bar = task.total.filter(|total| *total > 0 && task.work == Work::Send).map(|total| bar(task.done, total));
    let left = task.left().or_else(|| first_guess(model).filter(|_| task.work == Work::Send).map(progress::duration));
    let since = if task.total.is_none() { Some(format!("for {}", task.began.age(model.now))) } else { None };
    let barred = [Some(begins.clone()), bar].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let forms = [
        [Some(barred), task.speed(), left.clone(), since.clone(), more.clone()],
        [Some(begins.clone()), task.speed(), left.clone(), since, more.clone()],
        [Some(begins.clone()), None, left, None, more.clone()],
        [Some(begins), None, None, None, more],
        [Some(task.word.to_owned()), None, None, None, None],
    ];
    forms.map(|form| form.into_iter().flatten().collect::<Vec<_>>().join("  ")).to_vec()
}

/// How much is done of a whole.
fn bar(done: usize, total: usize) -> String {
    let done = (done * BAR * 2).checked_div(total).unwrap_or_default();
    let mut bar = String::with_capacity(BAR * 3 + 6);
    bar.push('▐');
    bar.extend((0..BAR).map(|at| match done.saturating_sub(at * 2) {
        0 => ' ',
        1 => '▌',
        _ => '█',
    }));
    bar.push('▌');
    bar
}

/// Seconds that a send still takes, before its first answer judged by the pace of its calls.
pub fn first_guess(model: &Model) -> Option<u64> {
    let progress = model.sending.progress;
    let goes = matches!(model.sending.activity, Some(Activity::Sending | Activity::Waiting(_)));
    let calls = (progress.rows as u64).div_ceil(MAX_ROWS as u64);
    let whole = estimate(calls, model.settings.writes_per_second).filter(|_| goes && progress.answered == 0)?;
    let gone = model.sending.began.map_or(0, |began| model.now.0.saturating_sub(began.0) / 1_000);
    whole.checked_sub(gone.unsigned_abs()).filter(|left| *left > 0)
}

/// Seconds that so many calls take at a rate; `None` where there is no limit.
pub fn estimate(calls: u64, per_second: f64) -> Option<u64> {
    if per_second <= 0.0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "a rough number of seconds, never negative")]
    Some((calls as f64 / per_second).ceil() as u64)
}
