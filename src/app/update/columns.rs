//! The columns of the table: the cell cursor, the choice of columns, and the values that only documents have.

use crate::{
    app::{
        action::Action,
        column_chooser::{ColumnChooser, ColumnEntry, Shown},
        columns::Columns,
        effect::Effect,
        event::{More, RequestId},
        keymap::Context,
        model::{Level, Model},
        overlay::{Overlay, Prompt, PromptPurpose},
        prompt::WrongText,
        survey::{Found, Survey, SurveyKind, Values},
    },
    domain::{
        column::{Column, ColumnKind, MAX_COLUMNS, MAX_WIDTH, MIN_WIDTH},
        query::field::Field,
        row::RowId,
        text,
    },
    findings::held::Held,
};

use super::{narrowing, prompting};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// To the left; of widths, less.
    Left,
    /// To the right; of widths, more.
    Right,
}

impl Way {
    fn from(self, at: usize, steps: usize, last: usize) -> usize {
        match self {
            Self::Left => at.saturating_sub(steps),
            Self::Right => at.saturating_add(steps).min(last),
        }
    }
}

/// Moves the cell cursor. Where it has not been used yet, it comes where `,` looks without it.
pub(super) fn go(model: &mut Model, way: Way, count: Option<usize>) -> Vec<Effect> {
    let last = model.columns.len().saturating_sub(1);
    model.cursor.column = Some(match model.cursor.column {
        Some(at) => way.from(at, count.unwrap_or(1), last),
        None => model.columns.iter().position(|column| column.what == ColumnKind::Control).unwrap_or_default(),
    });
    Vec::new()
}

/// Opens the choice of columns.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let chooser = ColumnChooser::of(&model.columns, model.cursor.column);
    model.overlays.push(Overlay::Columns(chooser));
    follow(model);
    Vec::new()
}

/// The cell cursor goes with that of the choice, so that the column is seen in the table.
pub(super) fn follow(model: &mut Model) {
    if let Some(Overlay::Columns(chooser)) = model.overlays.last() {
        model.cursor.column = chooser.cell();
    }
}

/// The choice is left: the cell cursor goes back to what it was on.
pub(super) fn leave(model: &mut Model, chooser: &ColumnChooser) {
    let before = chooser.before.as_ref();
    model.cursor.column = before.and_then(|what| model.columns.iter().position(|column| column.what == *what));
}

/// Changes the list, and the table with it.
fn change(model: &mut Model, change: impl FnOnce(&mut ColumnChooser) -> Result<(), String>) -> Vec<Effect> {
    let Some(Overlay::Columns(chooser)) = model.overlays.last_mut() else { return Vec::new() };
    chooser.refused = None;
    match change(chooser) {
        Ok(()) => {
            model.columns = chooser.shown();
            follow(model);
        }
        Err(why) => model.say(Level::Warning, why),
    }
    Vec::new()
}

/// Shows or hides the column.
pub(super) fn show(model: &mut Model) -> Vec<Effect> {
    change(model, |chooser| {
        let shown = chooser.entries.iter().filter(|entry| entry.shown == Shown::Yes).count();
        let Some(entry) = chooser.entry() else { return Ok(()) };
        entry.shown = match entry.shown {
            Shown::Yes if shown == 1 => return Err("it is the only column; show another one first".to_owned()),
            Shown::No if shown == MAX_COLUMNS => return Err(format!("{MAX_COLUMNS} columns are the most; hide another one first")),
            Shown::Yes => Shown::No,
            Shown::No => Shown::Yes,
        };
        Ok(())
    })
}

/// Puts the column elsewhere in the order.
pub(super) fn shift(model: &mut Model, way: Way, count: Option<usize>) -> Vec<Effect> {
    change(model, |chooser| {
        let last = chooser.entries.len().saturating_sub(1);
        let (from, to) = (chooser.cursor, way.from(chooser.cursor, count.unwrap_or(1), last));
        if from < chooser.entries.len() {
            let entry = chooser.entries.remove(from);
            chooser.entries.insert(to, entry);
            chooser.cursor = to;
        }
        Ok(())
    })
}

/// Makes the column wider or narrower than it is; under the least it is as wide as is right again.
pub(super) fn widen(model: &mut Model, way: Way, count: Option<usize>) -> Vec<Effect> {
    let Some(Overlay::Columns(chooser)) = model.overlays.last() else { return Vec::new() };
    let on_screen = Columns::of(&model.columns, model.cursor.column, model.screen.columns);
    let drawn = chooser.cell().and_then(|at| on_screen.cell(at)).map(|cell| cell.width);
    let by = u16::try_from(count.unwrap_or(1)).unwrap_or(u16::MAX);
    change(model, |chooser| {
        let Some(entry) = chooser.entry() else { return Ok(()) };
        let now = entry.column.width.or(drawn).unwrap_or(MIN_WIDTH);
        entry.column.width = match way {
            Way::Right => Some(now.saturating_add(by).clamp(MIN_WIDTH, MAX_WIDTH)),
            Way::Left if entry.column.width == Some(MIN_WIDTH) => None,
            Way::Left => Some(now.saturating_sub(by).clamp(MIN_WIDTH, MAX_WIDTH)),
        };
        Ok(())
    })
}

/// Lets the column be as wide as is right for the terminal.
pub(super) fn fit(model: &mut Model) -> Vec<Effect> {
    change(model, |chooser| {
        if let Some(entry) = chooser.entry() {
            entry.column.width = None;
        }
        Ok(())
    })
}

/// Shows these columns.
pub(super) fn put(model: &mut Model, columns: Vec<Column>) -> Vec<Effect> {
    let cell = model.cell().cloned();
    model.cursor.column = cell.and_then(|what| columns.iter().position(|column| column.what == what));
    model.columns = columns;
    Vec::new()
}

/// Back to the default columns.
pub(super) fn reset(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.overlays.last(), Some(Overlay::Columns(_))) {
        return put(model, Column::defaults());
    }
    change(model, |chooser| {
        let here = chooser.entries.get(chooser.cursor).map(|entry| entry.column.what.clone());
        for entry in &mut chooser.entries {
            entry.column.width = None;
        }
        chooser.list(&Column::defaults());
        chooser.cursor = here.and_then(|what| chooser.place(&what)).unwrap_or_default();
        Ok(())
    })
}

/// Takes a column of a document's field out of the list.
pub(super) fn remove(model: &mut Model) -> Vec<Effect> {
    let hide = model.settings.keymap.shown(Context::Columns, Action::ShowColumn).unwrap_or_default();
    change(model, |chooser| {
        let Some(entry) = chooser.entry() else { return Ok(()) };
        if entry.column.what.field().is_none() {
            return Err(format!("{} is always in the list; {hide} hides it", entry.column.what.word()));
        }
        let is_shown = entry.shown == Shown::Yes;
        if is_shown && chooser.shown().len() == 1 {
            return Err("it is the only column; show another one first".to_owned());
        }
        chooser.entries.remove(chooser.cursor);
        chooser.cursor = chooser.cursor.min(chooser.entries.len().saturating_sub(1));
        Ok(())
    })
}

/// Asks for a column to add.
pub(super) fn prompt(model: &mut Model) -> Vec<Effect> {
    ask(model, "");
    Vec::new()
}

fn ask(model: &mut Model, text: &str) {
    prompting::open(model, Prompt::new(PromptPurpose::AddColumn, text));
}

/// Adds the column that was typed behind that of the cursor; one that is in the list is shown.
pub(super) fn add(model: &mut Model, typed: &str) -> Vec<Effect> {
    if typed.trim().is_empty() {
        return Vec::new();
    }
    let column: Column = match typed.parse() {
        Ok(column) => column,
        Err(error) => {
            let why = text::clean(&error.to_string()).into_owned();
            if let Some(Overlay::Columns(chooser)) = model.overlays.last_mut() {
                chooser.refused = Some(why);
                ask(model, typed);
            } else {
                ask(model, typed);
                prompting::refuse(model, WrongText { column: 1, why });
            }
            return Vec::new();
        }
    };
    if !matches!(model.overlays.last(), Some(Overlay::Columns(_))) {
        return add_last(model, column);
    }
    change(model, |chooser| {
        let known = chooser.place(&column.what);
        let is_shown = known.and_then(|at| chooser.entries.get(at)).is_some_and(|entry| entry.shown == Shown::Yes);
        if !is_shown && chooser.shown().len() == MAX_COLUMNS {
            return Err(format!("{MAX_COLUMNS} columns are the most; hide another one first"));
        }
        if let Some(at) = known.filter(|_| is_shown) {
            chooser.cursor = at;
            if let Some(entry) = chooser.entry().filter(|_| column.width.is_some()) {
                entry.column.width = column.width;
            }
            return Ok(());
        }
        let mut to = (chooser.cursor + 1).min(chooser.entries.len());
        if let Some(at) = known {
            chooser.entries.remove(at);
            to -= usize::from(at < to);
        }
        chooser.entries.insert(to, ColumnEntry { column, shown: Shown::Yes });
        chooser.cursor = to;
        Ok(())
    })
}

/// Shows a column behind the others; one that is shown already gets its width, where that was said.
fn add_last(model: &mut Model, column: Column) -> Vec<Effect> {
    let count = model.columns.len();
    match model.columns.iter_mut().find(|known| known.what == column.what) {
        Some(known) => known.width = column.width.or(known.width),
        None if count >= MAX_COLUMNS => model.say(Level::Warning, format!("{MAX_COLUMNS} columns are the most; hide another one first")),
        None => model.columns.push(column),
    }
    Vec::new()
}

/// Sees to it that documents are read for what is shown: those of the rows on the screen first.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    if let Some(at) = model.cursor.column {
        model.cursor.column = Some(at.min(model.columns.len().saturating_sub(1)));
    }
    let mut effects = Vec::new();
    let wanted = model.columns.iter().filter_map(|column| column.what.field());
    if !model.store.extra().shows(wanted.clone()) {
        let fields: Vec<Field> = wanted.cloned().collect();
        let is_new = model.store.show_extra(&fields);
        if model.surveys.values.is_some() && (is_new || fields.is_empty()) {
            model.surveys.values = None;
            effects.push(Effect::CancelSurvey(SurveyKind::Values));
        }
        // A filter looks at what is shown.
        refilter(model);
    }
    if model.surveys.values.is_some() || !model.store.extra().is_waiting() {
        return effects;
    }
    let lines = usize::from(model.layout().body);
    let on_screen: Vec<RowId> = (model.cursor.top..).take(lines).filter_map(|line| model.view.get(line)).collect();
    let rows = model.store.ask_extra(&on_screen);
    let fields: Vec<Field> = model.store.extra().fields().cloned().collect();
    let held = Held::of(&model.store, rows.iter().copied());
    let request = model.next_request();
    let what = Survey::Values(fields.iter().map(|field| field.name().to_owned()).collect());
    model.surveys.values = Some(Values { request, fields, of: rows.len(), rows: rows.into_iter().collect() });
    effects.push(Effect::Survey { request, what, rows: held.pages.into() });
    effects
}

/// Documents have been read.
pub(super) fn surveyed(model: &mut Model, request: RequestId, found: &Found, more: More) {
    let (Found::Values(values), Some(mut survey)) = (found, model.surveys.values.take()) else { return };
    if survey.request != request {
        model.surveys.values = Some(survey);
        return;
    }
    for (row, texts) in values {
        survey.rows.remove(*row);
        for (field, text) in survey.fields.iter().zip(texts) {
            model.store.learn(field, *row, text);
        }
    }
    if more == More::Follows {
        model.surveys.values = Some(survey);
    } else {
        // No document, or one that cannot be read: there is nothing to wait for.
        for row in survey.rows.iter() {
            for field in &survey.fields {
                model.store.learn(field, row, "");
            }
        }
    }
    refilter(model);
}

/// Looks again which rows the filter leaves: what it looks at has changed.
fn refilter(model: &mut Model) {
    if !model.filter.is_empty() {
        let typed = model.filter.clone();
        narrowing::set_filter(model, &typed);
    }
}
