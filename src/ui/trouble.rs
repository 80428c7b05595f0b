//! What stands in the way: the call-level error, always on screen until something succeeds again, and the body when there are no rows.

use ratatui::layout::Rect;

use crate::{
    app::{
        action::Action,
        keymap::Context,
        model::{Model, ScanState},
        serving::{Explanation, Hiding},
        wording,
    },
    domain::{
        advice::{Advice, advise, advise_on_query},
        failure::{CallError, CallFailure},
        text::{self, Cut},
    },
    send::report::Activity,
};

use super::{
    canvas::{self, Canvas},
    preview::paragraph,
    theme::Ink,
};

/// The advice on what stands in the way: of the send under way, else of every call.
pub fn advice(model: &Model) -> Option<Advice> {
    match &model.sending.activity {
        Some(Activity::Held(error)) => Some(held(model, error)),
        Some(Activity::Waiting(error)) => Some(waiting(model, error)),
        Some(Activity::Paused) => Some(paused(model)),
        _ => model.session.trouble.as_ref().map(|error| told(model, error)),
    }
}

/// A send that goes on by itself once something outside has changed.
fn held(model: &Model, error: &CallError) -> Advice {
    let mut advice = advise(error, &model.place());
    let kept = format!("{} kept.", wording::counted_are(model.staging.len(), "staged change"));
    if error.failure == CallFailure::ExpiredCredentials {
        let since = model.sending.since.map(|since| format!(" at {}", since.moment(model.now))).unwrap_or_default();
        advice.what = format!("Credentials expired{since}. {kept}");
        let help = advice.help.trim_end_matches('.').to_owned();
        advice.help = format!("{help}; this goes on by itself.");
        // What the service says of it tells nothing more, and how it is to be mended must be in sight.
        advice.said.clear();
    } else {
        advice.what = format!("{} {kept}", advice.what);
        advice.help = format!("{} The send looks by itself whether it can go on. {}", advice.help, stops(model));
    }
    advice
}

/// A send that tries again by itself in a moment.
fn waiting(model: &Model, error: &CallError) -> Advice {
    let advice = advise(error, &model.place());
    let help = format!("It is tried again by itself; {}. {} {}", answered(model), stops(model), advice.help);
    Advice { help, ..advice }
}

/// A send that the analyst paused.
fn paused(model: &Model) -> Advice {
    Advice {
        what: format!("Sending is paused: {}.", answered(model)),
        said: String::new(),
        help: format!("What is not sent stays staged. {} {}", key(model, Action::PauseSending, "goes on."), stops(model)),
        request_id: None,
    }
}

/// `214 of 350 are answered`.
fn answered(model: &Model) -> String {
    let progress = model.sending.progress;
    format!("{} of {} are answered", wording::grouped(progress.answered), wording::grouped(progress.rows))
}

fn stops(model: &Model) -> String {
    key(model, Action::StopSending, "stops it.")
}

/// The advice on an error, with the key that tries again where that is the way on.
fn told(model: &Model, error: &CallError) -> Advice {
    let is_of_query = matches!(&model.scan.state, ScanState::Failed(failed) if failed == error);
    if is_of_query && error.failure == CallFailure::Validation {
        let mut advice = advise_on_query(error, &model.place(), &model.scan.query);
        advice.help = format!("{} {}", advice.help, key(model, Action::EditQuery, "edits the query."));
        return advice;
    }
    let mut advice = advise(error, &model.place());
    let is_write = error.is_of_write();
    let again = match error.failure {
        CallFailure::NoRegion | CallFailure::Validation => String::new(),
        failure if failure.wants_reconnect() => key(model, Action::RunAgain, "connects again."),
        _ if is_write => String::new(),
        _ => key(model, Action::RunAgain, "asks again."),
    };
    if !again.is_empty() {
        advice.help = format!("{} {again}", advice.help);
    }
    advice
}

/// The banner above the footer: what happened and what helps, flowing over its lines; the request id stands at its end.
pub fn banner(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let Some(advice) = advice(model) else { return };
    if area.height == 0 {
        return;
    }
    let style = canvas.style(Ink::Problem);
    canvas.put(canvas::lines(canvas::columns(area, 1, 1), 0, 1), "✗", style);
    let area = canvas::columns(area, 3, area.width.saturating_sub(4));
    let last = canvas::lines(area, area.height - 1, 1);
    let mut told = format!("{} {}", advice.what, advice.help);
    let request = advice.request_id.map(|id| format!("request {id}"));
    let room = usize::from(area.width) * usize::from(area.height);
    let reserved = request.as_ref().map_or(0, |request| text::width(request) + 2);
    if !advice.said.is_empty() && text::width(&told) + text::width(&advice.said) + reserved + 40 < room {
        told = format!("{} The service said: {} {}", advice.what, advice.said, advice.help);
    }
    let wrapped = text::wrap(&told, usize::from(area.width));
    let (above, end) = wrapped.split_at(wrapped.len().min(usize::from(area.height) - 1));
    for (line, at) in above.iter().zip(0_u16..) {
        let style = if at == 0 { style } else { canvas.style(Ink::Plain) };
        canvas.fit(canvas::lines(area, at, 1), line, Cut::End, style);
    }
    let mut last = last;
    canvas.write_right(&mut last, &request.unwrap_or_default(), canvas.style(Ink::Faint));
    last.width = last.width.saturating_sub(2);
    canvas.fit(last, &end.join(" "), Cut::End, canvas.style(Ink::Plain));
}

/// The body where no row is shown: what happened, what is kept, and what helps.
pub fn empty(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let area = canvas::columns(area, 4, area.width.saturating_sub(8));
    let mut rest = canvas::lines(area, 1, u16::MAX);
    for (line, ink) in lines(model) {
        let used = paragraph(canvas, rest, &line, canvas.style(ink), usize::from(rest.height));
        rest = canvas::lines(rest, used.max(1), u16::MAX);
    }
}

fn lines(model: &Model) -> Vec<(String, Ink)> {
    if !model.view.all().is_empty() {
        return hidden(model);
    }
    let query = text::clean(&model.scan.query.to_string()).into_owned();
    let mut lines = match (&model.scan.state, &model.session.trouble) {
        (_, Some(error)) | (ScanState::Failed(error), None) => failed(model, error),
        (ScanState::Waiting, None) if model.session.connection.is_none() => {
            vec![("Connecting to Security Hub …".to_owned(), Ink::Title), ("Looking for credentials and Region.".to_owned(), Ink::Plain)]
        }
        (ScanState::Waiting | ScanState::Loading, None) => {
            vec![(format!("Asking for {query} …"), Ink::Title), ("The first page is on its way.".to_owned(), Ink::Plain)]
        }
        (ScanState::Held, None) => {
            vec![("Nothing is loaded yet.".to_owned(), Ink::Title), (key(model, Action::RunAgain, "loads the findings."), Ink::Plain)]
        }
        (ScanState::Stopped, None) => {
            vec![("Stopped before the first page came.".to_owned(), Ink::Title), (key(model, Action::RunAgain, "asks again."), Ink::Plain)]
        }
        (ScanState::Complete, None) => unmatched(model, &query),
    };
    if !model.staging.is_empty() {
        lines.push((format!("{} kept, staged.", wording::counted(model.staging.len(), "change")), Ink::Staged));
    }
    lines
}

/// Nothing was found: which clause removes all, and how to change it.
fn unmatched(model: &Model, query: &str) -> Vec<(String, Ink)> {
    let mut lines = vec![(format!("No findings match {query}."), Ink::Title)];
    match model.explanation.as_ref().map(Explanation::told) {
        Some(told) if !told.is_empty() => {
            lines.extend(told.into_iter().map(|sentence| (text::clean(&sentence).into_owned(), Ink::Plain)));
            lines.push((key(model, Action::EditQuery, "edits the query."), Ink::Plain));
        }
        _ => lines
            .push(("Nothing of it is waiting here. `hubtriage --all` asks for every finding, whatever its status.".to_owned(), Ink::Plain)),
    }
    lines.push((key(model, Action::RunAgain, "asks again."), Ink::Plain));
    lines
}

fn failed(model: &Model, error: &CallError) -> Vec<(String, Ink)> {
    let advice = told(model, error);
    let mut lines = vec![(format!("✗ {}", advice.what), Ink::Problem)];
    if !advice.said.is_empty() {
        lines.push((format!("The service said: {}", advice.said), Ink::Plain));
    }
    lines.push((String::new(), Ink::Plain));
    lines.push((advice.help, Ink::Title));
    if let Some(id) = advice.request_id {
        lines.push((format!("request {id}"), Ink::Faint));
    }
    lines
}

/// Rows are loaded, and none is shown: says what hides them and how to see them again.
fn hidden(model: &Model) -> Vec<(String, Ink)> {
    let all = wording::counted(model.view.all().len(), "loaded finding");
    let typed = model.filter.trim();
    let (which, only) = match (&model.only.marked, model.only.new) {
        (Some(_), true) => ("none is both marked and new", "; only rows that are marked and new are looked at"),
        (None, true) => ("none is new", "; only new rows are looked at"),
        (Some(_), false) => ("only marked rows are, and none is marked", "; only marked rows are looked at"),
        (None, false) => ("nothing is left", ""),
    };
    if typed.is_empty() {
        return vec![
            (format!("None of the {all} is shown: {which}."), Ink::Title),
            (key(model, Action::Back, "shows all again."), Ink::Plain),
        ];
    }
    let mut lines = vec![(format!("The filter \"{}\" hides all of the {all}{only}.", text::clean(typed)), Ink::Title)];
    if let Some(told) = model.hiding.as_ref().and_then(Hiding::told) {
        lines.push((text::clean(&told).into_owned(), Ink::Plain));
    }
    lines.push((key(model, Action::Back, "clears it."), Ink::Plain));
    lines.push((key(model, Action::Filter, "changes it."), Ink::Plain));
    lines
}

/// A key and what it does, read off the live key map.
fn key(model: &Model, action: Action, does: &str) -> String {
    match model.settings.keymap.shown(Context::Table, action) {
        // In the problems panel the same key may mean something else.
        Some(keys) if !model.overlays.is_empty() => format!("{keys} in the table {does}"),
        Some(keys) => format!("{keys} {does}"),
        None => String::new(),
    }
}
