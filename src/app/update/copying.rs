//! Copying: what of which findings, and whether it goes to the clipboard or onto the screen.

use std::{collections::HashSet, fmt::Write};

use super::{notice, staging};
use crate::{
    app::{
        action::Action,
        clipboard::{Copying, Gathered, Gathering, MOST_GATHERED, Multiplexer, Way},
        effect::Effect,
        event::RequestId,
        export::Source,
        keymap::Context,
        model::{Level, Model},
        overlay::{Overlay, TargetSource, Targets},
        text_screen::TextScreen,
        wording,
    },
    domain::{console, identity::Identity, row::RowId, text},
};

/// Which rows are copied: in flow mode the finding on the screen alone, elsewhere those that a decision would be for.
fn targets(model: &mut Model) -> Option<Targets> {
    match model.overlays.last() {
        Some(Overlay::Flow(flow)) => Some(Targets { rows: vec![flow.row?], hidden: 0, source: TargetSource::Cursor }),
        _ => staging::targets(model),
    }
}

/// Copies uids, a line each.
pub(super) fn uids(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = targets(model) else { return notice::no_row(model) };
    let of = |row: RowId| model.store.identity(row).filter(Identity::is_addressable);
    let lines: Vec<String> = targets.rows.iter().filter_map(|&row| Some(text::clean(of(row)?.shown()).into_owned())).collect();
    let (count, of) = (lines.len(), targets.rows.len());
    if count == 0 {
        model.say(Level::Warning, "there is nothing to copy: no uid, and no complete identifier");
        return Vec::new();
    }
    let what = told("the uid", "uid", count, of, &targets);
    offer(model, what, lines.join("\n"))
}

/// Copies the first resource of each, each resource once, a line each.
pub(super) fn resources(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = targets(model) else { return notice::no_row(model) };
    let mut met = HashSet::new();
    let mut lines = Vec::new();
    for row in targets.rows.iter().filter_map(|&row| model.store.row(row)) {
        if row.resource.is_some() && met.insert(row.resource) {
            lines.push(model.store.text(row.resource).to_owned());
        }
    }
    let what = match (lines.len(), targets.rows.len()) {
        (0, _) => {
            model.say(Level::Warning, "there is nothing to copy: no resource is named");
            return Vec::new();
        }
        (_, 1) => "the resource".to_owned(),
        (count, of) => format!("{} of {}", wording::counted(count, "different resource"), wording::counted(of, "finding")),
    };
    offer(model, what, lines.join("\n"))
}

/// Copies whole documents, a line each.
pub(super) fn documents(model: &mut Model) -> Vec<Effect> {
    gather(model, Gathering::Documents)
}

/// Copies the addresses of findings in the console, a line each.
pub(super) fn console_urls(model: &mut Model) -> Vec<Effect> {
    let Some(region) = model.session.connection.as_ref().map(|connection| connection.region.clone()) else {
        model.say(Level::Warning, "which Region's console it is is not known yet: the hub is not connected");
        return Vec::new();
    };
    if console::url(&region, "u").is_none() {
        let region = text::clean(&region).into_owned();
        let copy = notice::keys(model, model.context(), Action::CopyUid);
        model.say(Level::Warning, format!("no console is known for the Region {region}; {copy} copies the uid, to search for it there"));
        return Vec::new();
    }
    gather(model, Gathering::ConsoleUrls)
}

/// Has the documents brought back.
fn gather(model: &mut Model, what: Gathering) -> Vec<Effect> {
    let Some(targets) = targets(model) else { return notice::no_row(model) };
    let region = model.session.connection.as_ref().map(|connection| connection.region.clone()).unwrap_or_default();
    let rows: Vec<Source> = targets.rows.iter().filter_map(|&row| Source::of(&model.store, row)).collect();
    let request = model.next_request();
    model.copying = Some(Copying { request, what });
    vec![Effect::Gather { request, what, rows, region }]
}

/// The documents have been brought back.
pub(super) fn gathered(model: &mut Model, request: RequestId, gathered: Gathered) -> Vec<Effect> {
    let Some(copying) = model.copying.take_if(|copying| copying.request == request) else { return Vec::new() };
    let Gathered { text, count, without, left } = gathered;
    let (one, many) = match copying.what {
        Gathering::Documents => ("the JSON document", "document"),
        Gathering::ConsoleUrls => ("the console URL", "console URL"),
    };
    if left > 0 {
        let asked = wording::counted(count + without + left, many);
        let export = notice::table_keys(model, Action::Export);
        let most = wording::size(MOST_GATHERED as u64);
        model.say(Level::Warning, format!("{asked}, more than {most}: nothing was copied; {export} exports"));
        return Vec::new();
    }
    if count == 0 {
        model.say(
            Level::Warning,
            match copying.what {
                Gathering::Documents => "there is nothing to copy: no document is held; read it again first",
                Gathering::ConsoleUrls => "there is nothing to copy: the console searches by finding_info.uid, and there is none",
            },
        );
        return Vec::new();
    }
    let mut what = if count + without == 1 { one.to_owned() } else { wording::counted(count, many) };
    if without > 0 {
        let _ = write!(what, " of {}", wording::counted(count + without, "finding"));
    }
    if copying.what == Gathering::ConsoleUrls {
        what.push_str(doubt(model));
    }
    offer(model, what, text)
}

/// What has to be known of an address of the console, where its hub is not one of AWS.
fn doubt(model: &Model) -> &'static str {
    let endpoint = model.session.connection.as_ref().and_then(|connection| connection.endpoint.as_deref());
    match (model.settings.label, endpoint) {
        (Some(_), _) => " (of an emulator: it leads nowhere)",
        (None, Some(endpoint)) if !console::is_of_aws(endpoint) => " (this hub has an endpoint of its own: it may lead nowhere)",
        (None, _) => "",
    }
}

/// `the uid`, or `41 uids`, with how many findings there are where some have none.
fn told(one: &str, many: &str, count: usize, of: usize, targets: &Targets) -> String {
    match (of, &targets.source) {
        (1, _) => one.to_owned(),
        (_, TargetSource::Marks | TargetSource::Cursor) if count == of => wording::counted(count, many),
        (_, TargetSource::Group(name)) if count == of => format!("{} of group {name}", wording::counted(count, many)),
        _ => format!("{} of {}", wording::counted(count, many), wording::counted(of, "finding")),
    }
}

/// Puts a clean text on the clipboard, or on the screen where it cannot get there.
fn offer(model: &mut Model, what: String, text: String) -> Vec<Effect> {
    let clipboard = model.settings.clipboard;
    let why = match clipboard.way {
        Way::Through(through) if text.len() <= clipboard.most_bytes => return vec![Effect::Copy { what, text, through }],
        Way::Through(_) => {
            format!("{} bytes, the clipboard takes {}", wording::grouped(text.len()), wording::grouped(clipboard.most_bytes))
        }
        Way::Off => "the configuration keeps the clipboard off".to_owned(),
        Way::None => "this terminal has no clipboard".to_owned(),
    };
    model.overlays.push(Overlay::Text(TextScreen { title: what, why, text, top: 0 }));
    Vec::new()
}

/// It has been handed to the terminal, or not.
pub(super) fn copied(model: &mut Model, through: Multiplexer, result: Result<String, String>) {
    match result {
        Ok(what) => {
            let how = match through {
                Multiplexer::None => "some terminals refuse it (OSC 52)",
                Multiplexer::Tmux => "tmux needs set -s set-clipboard on",
                Multiplexer::Screen => "some terminals refuse it (OSC 52 through screen)",
                Multiplexer::Either => "tmux, if it is one, needs set -s set-clipboard on",
            };
            model.say(Level::Info, format!("copied {what}; {how}"));
        }
        Err(why) => {
            let help = notice::keys(model, Context::Global, Action::Redraw);
            model.say(Level::Error, format!("the terminal did not take it: {}; {help} draws the screen anew", text::clean(&why)));
        }
    }
}
