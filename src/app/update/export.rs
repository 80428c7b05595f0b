//! Exporting rows: which, in which format, under which name. Bringing the documents back and writing is not done here.

use std::fmt::Write as _;

use super::{marks, notice, prompting};
use crate::{
    app::{
        action::Action,
        effect::Effect,
        event::RequestId,
        export::{Content, Coverage, Export, Exporting, Format, NotWritten, Row, Rows, Source, What, Written},
        keymap::Context,
        model::{Level, Model, ScanState},
        overlay::{Choice, Menu, MenuItem, Overlay, Prompt, PromptPurpose},
        prompt::{Verdict, WrongText},
        survey::Covered,
        wording,
    },
    domain::{row::RowId, text},
};

/// Asks for the format; over a text on the screen, for the name of the file that it goes into.
pub(super) fn menu(model: &mut Model) -> Vec<Effect> {
    if is_busy(model) {
        return Vec::new();
    }
    if matches!(model.overlays.last(), Some(Overlay::Text(_))) {
        let name = proposed(model, "copied", "txt");
        prompting::open(model, Prompt::new(PromptPurpose::SaveText, name));
        return Vec::new();
    }
    let (rows, described) = rows(model);
    if rows.is_empty() {
        model.say(Level::Warning, "there is no finding to export");
        return Vec::new();
    }
    let item = |format: Format| MenuItem {
        choice: Choice::Export(format),
        number: None,
        key: format.key(),
        caption: format!("{}: {}", format.caption(), format.help()),
        now: 0,
        note: None,
    };
    let items = Format::ALL.map(item).to_vec();
    model.overlays.push(Overlay::Menu(Menu { title: format!("export {described}"), items, cursor: 0, targets: None }));
    Vec::new()
}

/// The format was chosen: asks for the name of the file.
pub(super) fn named(model: &mut Model, format: Format) -> Vec<Effect> {
    let name = proposed(model, "findings", format.word());
    prompting::open(model, Prompt::new(PromptPurpose::Export(format), name));
    Vec::new()
}

/// `findings-2026-11-28T0842Z.csv`.
fn proposed(model: &Model, what: &str, end: &str) -> String {
    let now = model.now.exact();
    let minute: String = now.chars().take("2026-11-28T08:42".len()).filter(|&c| c != ':').collect();
    format!("{what}-{minute}Z.{end}")
}

/// The rows that are exported: the marked ones if there are any, else those that the filter leaves; and what they are, in words.
fn rows(model: &Model) -> (Vec<RowId>, String) {
    if !model.marks.rows.is_empty()
        && let Some(targets) = model.targets()
    {
        let described = targets.described();
        return (targets.rows, described);
    }
    let rows = marks::left(model);
    let (count, left) = (wording::grouped(rows.len()), marks::left_words(model));
    let described = match (coverage(model), model.scan.total.map(wording::grouped)) {
        (Coverage::Whole, _) if rows.len() == 1 => format!("the only row{left}"),
        (Coverage::Whole, _) => format!("all {count} rows{left}"),
        (Coverage::Loaded, Some(total)) => format!("{count} loaded rows{left}; the query has {} {total}", model.scan.bound.word()),
        (Coverage::Loaded, None) => format!("{count} loaded rows{left}; the query has more"),
    };
    (rows, described)
}

fn coverage(model: &Model) -> Coverage {
    if model.marks.rows.is_empty() && model.scan.state != ScanState::Complete { Coverage::Loaded } else { Coverage::Whole }
}

fn is_busy(model: &mut Model) -> bool {
    if model.exporting.is_some() {
        let back = notice::table_keys(model, Action::Back);
        model.say(Level::Warning, format!("an export is under way; {back} at the table stops it"));
    }
    model.exporting.is_some()
}

/// Begins to write rows into a new file: the marked ones if there are any, else those that the filter leaves.
pub(super) fn begin(model: &mut Model, format: Format, path: &str) -> Vec<Effect> {
    if is_busy(model) {
        return Vec::new();
    }
    let (rows, described) = rows(model);
    if rows.is_empty() {
        model.say(Level::Warning, "there is no finding to export");
        return Vec::new();
    }
    let row = |&row: &RowId| {
        let source = Source::of(&model.store, row)?;
        Some(Row { source, values: model.store.values(row), staged: model.staging.get(row).cloned() })
    };
    let found: Vec<Row> = rows.iter().filter_map(row).collect();
    let of = found.len();
    let content = Content::Rows(Rows {
        format,
        rows: found,
        columns: model.columns.iter().map(|column| column.what.clone()).collect(),
        about: about(model, of, &described),
        now: model.now,
    });
    write(model, What::Rows(format), path, content, of)
}

/// Writes the text that is on the screen.
pub(super) fn save_text(model: &mut Model, path: &str) -> Vec<Effect> {
    let Some(Overlay::Text(screen)) = model.overlays.last() else { return Vec::new() };
    let content = Content::Text(screen.text.clone());
    if is_busy(model) { Vec::new() } else { write(model, What::Text, path, content, 0) }
}

fn write(model: &mut Model, what: What, path: &str, content: Content, of: usize) -> Vec<Effect> {
    let path = path.trim();
    if path.is_empty() {
        model.say(Level::Warning, "without a name nothing was written");
        return Vec::new();
    }
    let request = model.next_request();
    let file = text::clean(path).into_owned();
    let coverage = if what == What::Text { Coverage::Whole } else { coverage(model) };
    model.exporting = Some(Exporting { request, file, what, done: 0, of, began: model.now, coverage });
    tell(model);
    vec![Effect::Export(Box::new(Export { request, file: path.to_owned(), content }))]
}

/// What the rows are: `14 marked of the query status:new · hub aws 111122223333 eu-west-1 · 2026-11-28 08:42:17Z`.
fn about(model: &Model, count: usize, described: &str) -> String {
    let mut parts = vec![format!("{}: {described}", wording::counted(count, "finding")), format!("query {}", model.scan.query)];
    if !model.filter.is_empty() {
        parts.push(format!("filter {}", model.filter));
    }
    if let Some(hub) = &model.journal.key {
        parts.push(format!("hub {hub}"));
    }
    parts.push(model.now.shown());
    text::clean(&parts.join(" · ")).into_owned()
}

/// Begins what is said while rows are written.
const WRITING: &str = "writing";

fn tell(model: &mut Model) {
    let Some(exporting) = &model.exporting else { return };
    let file = exporting.file.clone();
    let said = match (exporting.what, exporting.done) {
        (What::Text, _) => format!("{WRITING} {file}"),
        (What::Rows(_), 0) => format!("{WRITING} {} to {file}", wording::counted(exporting.of, "row")),
        (What::Rows(_), done) => {
            let back = notice::table_keys(model, Action::Back);
            format!("{WRITING} {file}: {} of {}; {back} stops", wording::grouped(done), wording::counted(exporting.of, "row"))
        }
    };
    model.say(Level::Info, said);
}

/// Some rows have been written.
pub(super) fn goes_on(model: &mut Model, request: RequestId, covered: Covered) {
    let Some(exporting) = model.exporting.as_mut().filter(|exporting| exporting.request == request) else { return };
    exporting.done = covered.done;
    // What something else said stays until it is read.
    if model.notice.as_ref().is_none_or(|notice| notice.text.starts_with(WRITING)) {
        tell(model);
    }
}

/// Everything has been written, or nothing.
pub(super) fn done(model: &mut Model, request: RequestId, result: Result<Written, NotWritten>) {
    let Some(exporting) = model.exporting.take_if(|exporting| exporting.request == request) else { return };
    match result {
        Ok(written) => {
            let (file, size) = (text::clean(&written.file).into_owned(), wording::size(written.bytes));
            let mut said = match exporting.what {
                What::Rows(_) => format!("wrote {}, {size}, to {file}", wording::counted(written.rows, "row")),
                What::Text => format!("wrote {size} to {file}"),
            };
            said.push_str(" (mode 0600)");
            let mut level = Level::Info;
            if written.left_out > 0 {
                level = Level::Warning;
                let _ = write!(said, "; {} without a document left out", wording::grouped(written.left_out));
            }
            if exporting.coverage == Coverage::Loaded {
                level = Level::Warning;
                said.push_str("; rows that are not loaded are not in it");
            }
            model.say(level, said);
        }
        Err(NotWritten::Stopped) => model.say(Level::Warning, "stopped: nothing was written"),
        Err(NotWritten::Failed(why)) => model.say(Level::Error, format!("nothing was written: {}", text::clean(&why))),
        Err(NotWritten::Refused(why)) => refused(model, &exporting, &text::clean(&why)),
    }
}

/// The file cannot be made: another name is asked for, unless the analyst is somewhere else by now.
fn refused(model: &mut Model, exporting: &Exporting, why: &str) {
    let purpose = match (exporting.what, model.overlays.last()) {
        (What::Rows(format), None) => PromptPurpose::Export(format),
        (What::Text, Some(Overlay::Text(_))) => PromptPurpose::SaveText,
        _ => {
            model.say(Level::Error, format!("nothing was written: {why}"));
            return;
        }
    };
    model.notice = None;
    prompting::open(model, Prompt::new(purpose, exporting.file.clone()));
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        // Before the ending of the name is where another one is made of it.
        let place = exporting.file.rfind('.').and_then(|at| exporting.file.get(..at)).map_or(0, |before| before.chars().count());
        prompt.line.go(place);
        prompt.wrong = Some(WrongText { column: place + 1, why: why.to_owned() });
        prompt.verdict = Verdict::Refused;
    }
}

/// Writes no further; what was written goes away.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    let keys = notice::keys(model, Context::Table, Action::Export);
    model.say(Level::Info, format!("stopping the export; {keys} begins another"));
    vec![Effect::StopExport]
}
