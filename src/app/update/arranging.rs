//! Long work over rows goes on in steps, and keys that are about what comes of it wait for that: a mark must not fall on a row that the
//! filter typed before it takes away.

use super::{by_query, keys, marks, movement, pointing, typing};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        event::{Arrival, Event},
        keymap::{Context, Key, Resolved},
        model::{Level, Model},
        overlay::{Choice, Overlay, PromptPurpose},
        pointer::Mouse,
    },
    findings::{
        arranging::{Doing, Traffic},
        budget::Budget,
    },
};

impl Model {
    /// Whether there is work to go on with as soon as no key waits.
    pub fn has_work(&self) -> bool {
        let is_busy = self.scan.state.is_under_way() || self.sending.is_active();
        self.is_arranging() || self.surveys.is_asking() || self.view.has_work(if is_busy { Traffic::Goes } else { Traffic::Quiet })
    }

    /// Whether that work goes before what the hub has to say: something was asked for, or it has begun.
    pub fn is_arranging(&self) -> bool {
        self.view.doing().is_some() || !self.typed_ahead.is_empty()
    }
}

/// Goes on with what there is to do; once that is done, with what was typed meanwhile, one key at a time.
pub(super) fn step(model: &mut Model) -> Vec<Effect> {
    if !model.view.is_behind()
        && let Some(event) = model.typed_ahead.pop_front()
    {
        return match event {
            Event::Key(key, arrival) => keys::pressed(model, key, arrival),
            Event::Paste(text) => typing::pasted(model, &text),
            Event::Mouse(mouse) => pointing::happened(model, mouse),
            _ => Vec::new(),
        };
    }
    if model.view.doing().is_none() && model.surveys.is_asking() {
        return by_query::gather(model, Budget::of(model.view.pace().step));
    }
    let was_behind = model.view.is_behind();
    if model.view.step(&model.store) && was_behind {
        movement::find_again(model);
        told(model);
        marks::rest_came(model);
    }
    Vec::new()
}

/// Says what is done, where that takes longer than a key: what was asked for last, whatever has to be done before it.
pub(super) fn tell(model: &mut Model, asked: Doing) {
    let text = match asked {
        Doing::Sorting => format!("{SORTING}{}", model.view.order()),
        Doing::Grouping | Doing::Filtering => {
            format!("{GROUPING}{}", model.view.grouped_by().map_or_else(|| "nothing".to_owned(), |field| field.to_string()))
        }
    };
    model.say(Level::Info, text);
}

const SORTING: &str = "sorting by ";
const GROUPING: &str = "grouping by ";

/// It is done: says so in place of what was said before.
fn told(model: &mut Model) {
    let said = model.notice.as_ref().map(|notice| notice.text.as_str()).unwrap_or_default();
    if said.starts_with(SORTING) {
        super::narrowing::tell_sorted(model);
    } else if said.starts_with(GROUPING) {
        super::grouping::tell_grouped(model);
    }
}

/// A key.
pub(super) fn pressed(model: &mut Model, key: Key, arrival: Arrival) -> Vec<Effect> {
    if interrupts(model, key) {
        // Whoever interrupts does not want what was typed before.
        model.typed_ahead.clear();
    } else if waits(model, key) {
        model.typed_ahead.push_back(Event::Key(key, arrival));
        return Vec::new();
    }
    keys::pressed(model, key, arrival)
}

/// A pasted text.
pub(super) fn pasted(model: &mut Model, text: String) -> Vec<Effect> {
    if !model.typed_ahead.is_empty() {
        model.typed_ahead.push_back(Event::Paste(text));
        return Vec::new();
    }
    typing::pasted(model, &text)
}

/// The mouse.
pub(super) fn pointed(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    if model.is_behind() {
        model.typed_ahead.push_back(Event::Mouse(mouse));
        return Vec::new();
    }
    pointing::happened(model, mouse)
}

impl Model {
    fn is_behind(&self) -> bool {
        self.view.is_behind() || !self.typed_ahead.is_empty()
    }
}

fn interrupts(model: &Model, key: Key) -> bool {
    let ends = Resolved::Action(Action::Interrupt);
    model.is_behind() && !model.context().is_text() && model.settings.keymap.resolve(Context::Global, &[key]) == ends
}

/// Whether a key is about rows that are not there yet, or comes behind one that is. What only asks for other rows does not wait: it takes
/// the place of what was asked for before.
fn waits(model: &Model, key: Key) -> bool {
    if !model.is_behind() {
        return false;
    }
    if !model.typed_ahead.is_empty() {
        return true;
    }
    let context = model.context();
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) if prompt.purpose == PromptPurpose::Filter => return false,
        Some(Overlay::Menu(menu)) => {
            return !menu.items.iter().any(|item| matches!(item.choice, Choice::Sort(_) | Choice::Group(_)));
        }
        Some(Overlay::Help(_)) => return false,
        _ => {}
    }
    let mut typed = model.typed.keys.clone();
    typed.push(key);
    match model.settings.keymap.resolve(context, &typed) {
        Resolved::Action(action) => !matches!(
            action,
            Action::Sort | Action::Reverse | Action::Group | Action::Filter | Action::Help | Action::Redraw | Action::Suspend
        ),
        Resolved::Prefix | Resolved::Nothing => false,
    }
}
