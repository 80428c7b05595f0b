//! The text of flow mode: what was decided on the finding, why it matters and how to fix it, and the recipes under it.

use crate::domain::{row::RowId, summary::Fact, text, time::Millis};

use super::{Lines, MARGIN, Role, Span, StyledLine};
use crate::{
    app::{
        flow::{Flow, roughly},
        history,
        model::{Model, RowState},
        wording,
    },
    domain::recipe,
};

/// Lines above the text, but for the title: position, rule, kind, resource, place, what looks alike, rule.
pub const FLOW_HEAD: u16 = 7;
/// Lines of the footer.
const FOOTER: u16 = 2;
/// Most lines of a title.
const MAX_TITLE: usize = 2;
/// Most lines of recipes: the ninth is the last that a digit picks.
const MAX_RECIPES: usize = 3;
/// What a digit picks.
const PICKED: usize = 9;

/// The screen of flow mode as far as its lines have to be counted for scrolling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowPage {
    /// The title, broken into lines.
    pub title: Vec<String>,
    /// The text that scrolls.
    pub text: Vec<StyledLine>,
    /// Lines that there are for it.
    pub room: u16,
    /// The recipes, under a rule; none where there are none.
    pub recipes: Vec<StyledLine>,
}

/// The screen of flow mode on a terminal of this size.
pub fn flow_page(model: &Model, flow: &Flow, columns: u16, rows: u16) -> FlowPage {
    let wide = usize::from(columns.saturating_sub(2 * MARGIN));
    let mut lines = Lines { out: Vec::new(), columns: wide, search: "" };
    let Some(row) = flow.row else {
        lines.over(model, flow);
        return FlowPage { title: Vec::new(), text: lines.out, room: rows.saturating_sub(FOOTER + 2), recipes: Vec::new() };
    };
    lines.flow(model, row);
    let title = title(model, row, wide);
    let recipes = recipes(model, wide);
    let used = FLOW_HEAD + FOOTER + title.len() as u16 + 1 + recipes.len() as u16;
    FlowPage { title, text: lines.out, room: rows.saturating_sub(used), recipes }
}

/// The severity in words and the title, over as few lines as it needs.
fn title(model: &Model, id: RowId, columns: usize) -> Vec<String> {
    let Some(row) = model.store.row(id) else { return Vec::new() };
    let title = match model.store.text(row.title) {
        "" => "no title",
        title => title,
    };
    // The state's sign and a space stand before it.
    let whole = format!("{}  {title}", wording::severity_now(model, &row));
    let mut lines = text::wrap(&whole, columns.saturating_sub(2));
    if lines.len() > MAX_TITLE {
        lines.truncate(MAX_TITLE);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
            *last = text::fit(last, columns.saturating_sub(2), text::Cut::End).into_owned();
        }
    }
    lines
}

/// `1 a accept-risk  2 f false-positive`: the digit that stages a recipe at once, its letter in the picker, its name.
fn recipes(model: &Model, columns: usize) -> Vec<StyledLine> {
    let mut lines: Vec<StyledLine> = Vec::new();
    let mut used = 0;
    let recipes = model.recipes();
    let offers = recipe::offers(recipes.iter().copied());
    for (number, offer) in (1..=PICKED).zip(&offers) {
        let letter = offer.letter.map(|letter| format!(" {letter}")).unwrap_or_default();
        let name = text::clean(offer.recipe.name.as_str()).into_owned();
        let wide = 2 + letter.len() + text::width(&name);
        let gap = if used == 0 { 0 } else { 2 };
        if lines.is_empty() || used + gap + wide > columns {
            if lines.len() == MAX_RECIPES {
                break;
            }
            lines.push(StyledLine::default());
            used = 0;
        }
        let gap = if used == 0 { "" } else { "  " };
        if let Some(line) = lines.last_mut() {
            line.spans.extend([
                Span { role: Role::Key, text: format!("{gap}{number}") },
                Span { role: Role::Faint, text: letter },
                Span { role: Role::Plain, text: format!(" {}", text::fit(&name, columns.saturating_sub(6), text::Cut::End)) },
            ]);
        }
        used += gap.len() + wide;
    }
    lines
}

impl Lines<'_> {
    /// What was decided, what happened to it, and as much as is known of why and how.
    fn flow(&mut self, model: &Model, id: RowId) {
        self.decided(model, id);
        // What was decided stands apart on a screen with room; here every line counts.
        if self.out.last().is_some_and(|line| line.spans.is_empty()) {
            self.out.pop();
        }
        let Some(row) = model.store.row(id) else { return };
        match model.outcomes.get(id) {
            Some(RowState::Sending) => self.field("sending", Role::Plain, "its call is under way"),
            Some(RowState::Waiting(kind)) => {
                self.field("sending", Role::Plain, &format!("{}: tried again by itself", text::clean(kind.word())));
            }
            Some(RowState::Processed) => self.field("sent", Role::Plain, "processed in this session"),
            _ if model.is_gone(id) => self.field("gone", Role::Faint, "the last result no longer has this finding"),
            _ if !model.store.is_addressable(id) => {
                self.field("note", Role::Problem, "the service cannot update this finding: it has no complete identifier");
            }
            _ => {}
        }
        if row.comment.is_some() {
            self.field("comment", Role::Plain, &format!("\"{}\"", model.store.text(row.comment)));
        }
        if let Some(last) = history::last(model, id) {
            self.field("last", Role::Faint, &last);
        }
        match model.documents.get(id) {
            Some(Ok(told)) => {
                for fact in told.summary.facts.iter().filter(|fact| fact.label != "tags") {
                    self.field(fact.label, Role::Plain, &told_now(fact, model.now));
                }
                self.blank();
                told.summary.lines.iter().for_each(|line| self.summary(line, model.now));
            }
            Some(Err(why)) => self.field("document", Role::Problem, &text::clean(why)),
            None => self.plain(Role::Faint, "the document is being brought …"),
        }
        self.history(model, id);
    }

    /// Nothing is left to decide: what was done.
    fn over(&mut self, model: &Model, flow: &Flow) {
        self.plain(Role::Heading, "Nothing is left to decide here.");
        self.blank();
        let decided = wording::counted(flow.pace.decided, "finding");
        let pace = flow.pace.a_minute().map(|rate| format!(", {} a minute", wording::grouped(rate))).unwrap_or_default();
        self.field("decided", Role::Plain, &format!("{decided} in {}{pace}", roughly(flow.pace.spent)));
        self.field("staged", Role::Staged, &format!("{} for the review", wording::counted(model.staging.len(), "finding")));
        if model.scan.state.is_under_way() {
            self.field("loading", Role::Faint, "more findings are coming: the first undecided one comes up by itself");
        }
        let rows = model.view.rows();
        let deaf = rows.iter().filter(|&&row| model.is_undecided(row) && !model.store.is_addressable(row)).count();
        if deaf > 0 {
            self.field("left out", Role::Faint, &format!("{} that the service cannot be told about", wording::counted(deaf, "finding")));
        }
    }
}

/// A fact, its time as an age.
pub fn told_now(fact: &Fact, now: Millis) -> String {
    let age = fact.at.map(|at| at.ago(now).unwrap_or_else(|| at.shown())).unwrap_or_default();
    format!("{}{age}{}", fact.told, fact.after)
}
