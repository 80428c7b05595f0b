//! The picker of recipes: letter, name, what each sets, and what the one under the cursor would do.

use ratatui::{layout::Rect, style::Style};

use crate::{
    app::{
        action::{Action, Motion},
        forecast::Certainty,
        keymap::Context,
        model::Model,
        pointer::Spot,
        recipes::{Outlook, RecipePicker},
        wording,
    },
    domain::{
        decision::CommentMode,
        recipe::{Offer, Recipe},
        text::{self, Cut},
    },
};

use super::{
    canvas::{self, Canvas},
    list, menu,
    theme::Ink,
};

/// Columns and lines that stay free around it.
const MARGIN: u16 = 2;
/// Columns of the sign of the cursor, the number, the letter and the spaces around them.
const BEFORE: u16 = 6;
/// Most columns of a name, and of what is set beside the comment.
const NAME: usize = 24;
const SETS: usize = 22;
/// Lines that tell what the recipe would do, the rule over them included. They are always there, so that nothing jumps under the cursor.
const MORE: u16 = 9;
/// Columns of what stands before those lines.
const LABEL: u16 = 12;

/// What is told where there is no recipe: a line for each, and what can be copied.
const NONE: [(&str, Ink); 7] = [
    ("No recipes yet: a recipe is a decision that is made over and over.", Ink::Plain),
    ("Write one into the file that `hubtriage config path` names, such as:", Ink::Plain),
    ("", Ink::Plain),
    ("[recipes.accept-risk]", Ink::Key),
    ("status = \"suppressed\"", Ink::Key),
    ("comment = \"risk accepted under {ticket} on {date}\"", Ink::Key),
    ("", Ink::Plain),
];

/// Draws the picker over what is there.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, picker: &RecipePicker, screen: Rect) {
    let title = format!("recipe for {}", picker.targets.described());
    let width = screen.width.saturating_sub(2 * MARGIN).min(120);
    if picker.recipes.is_empty() {
        let inside = canvas.boxed(menu::beside(screen, None, width, NONE.len() as u16 + 3), &title, &shown(model, &[Action::Back]));
        let inside = canvas::columns(inside, 2, inside.width.saturating_sub(4));
        for ((line, ink), at) in NONE.iter().zip(1..) {
            canvas.fit(canvas::lines(inside, at, 1), line, Cut::End, canvas.style(*ink));
        }
        return;
    }
    let offers = picker.offers();
    let height = (offers.len() as u16).saturating_add(MORE + 2).min(screen.height.saturating_sub(MARGIN));
    let inside = canvas.boxed(menu::beside(screen, None, width, height), &title, &remark(model));
    let rows = canvas::lines(inside, 0, inside.height.saturating_sub(MORE));
    let widest = |told: &dyn Fn(&Recipe) -> String, most: usize| {
        picker.recipes.iter().map(|recipe| text::width(&told(recipe))).max().unwrap_or_default().min(most) as u16
    };
    let columns = [widest(&name, NAME), widest(&sets, SETS)];
    for (at, line) in list::visible(offers.len(), picker.cursor, rows.height, |_| 1) {
        let Some(offer) = offers.get(at) else { continue };
        let area = canvas::lines(rows, line, 1);
        canvas.spot(area, Spot::Entry(at));
        if at == picker.cursor {
            canvas.tint(area, canvas.style(Ink::Selected));
        }
        draw_offer(canvas, offer, at, columns, area);
        if at == picker.cursor {
            canvas.sign(area.x, area.y, '▶', canvas.style(Ink::Selected));
        }
    }
    let more = canvas::lines(inside, inside.height.saturating_sub(MORE), MORE);
    canvas.rule(canvas::lines(more, 0, 1));
    if let Some(recipe) = picker.recipes.get(picker.cursor) {
        let area = canvas::columns(canvas::lines(more, 1, MORE - 1), 1, more.width.saturating_sub(2));
        draw_outlook(canvas, model, recipe, &picker.outlook, area);
    }
}

/// `letter or digit · j/k Enter · = changes what is asked · Esc`.
fn remark(model: &Model) -> String {
    format!(
        "letter or digit · {} {} · {}",
        shown(model, &[Action::Move(Motion::Down), Action::Move(Motion::Up)]),
        shown(model, &[Action::Open]),
        shown(model, &[Action::Back])
    )
}

fn shown(model: &Model, actions: &[Action]) -> String {
    let keys = actions.iter().filter_map(|&action| model.settings.keymap.shown(Context::Menu, action));
    keys.collect::<Vec<_>>().join("/")
}

fn name(recipe: &Recipe) -> String {
    text::clean(recipe.name.as_str()).into_owned()
}

/// `Suppressed, Low`; empty where only a comment is set.
fn sets(recipe: &Recipe) -> String {
    let status = recipe.decision.status.map(|id| caption(id.caption(), id.0));
    let severity = recipe.decision.severity.map(|id| caption(id.caption(), id.0));
    [status, severity].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn caption(caption: Option<&str>, id: i32) -> String {
    caption.map_or_else(|| id.to_string(), str::to_owned)
}

fn draw_offer(canvas: &mut Canvas<'_>, offer: &Offer<'_>, at: usize, [named, set]: [u16; 2], area: Rect) {
    if at < 9 {
        canvas.put(canvas::columns(area, 2, 1), &(at + 1).to_string(), canvas.style(Ink::Faint));
    }
    canvas.put(canvas::columns(area, 4, 1), &offer.letter.map(String::from).unwrap_or_default(), canvas.style(Ink::Key));
    canvas.fit(canvas::columns(area, BEFORE, named), &name(offer.recipe), Cut::Middle, canvas.style(Ink::Title));
    canvas.fit(canvas::columns(area, BEFORE + named + 2, set), &sets(offer.recipe), Cut::End, Style::new());
    let before = BEFORE + named + 2 + if set > 0 { set + 2 } else { 0 };
    if let Some(wording) = &offer.recipe.decision.comment {
        let sign = if wording.mode == CommentMode::Append { "+ " } else { "" };
        let comment = format!("{sign}{}", text::clean(&wording.template.to_string()));
        canvas.fit(canvas::columns(area, before, area.width.saturating_sub(before + 1)), &comment, Cut::End, canvas.style(Ink::Faint));
    }
}

/// A label and what it is, from a line on; gives the next line.
fn told(canvas: &mut Canvas<'_>, area: Rect, line: u16, label: &str, value: &str, ink: Ink) -> u16 {
    let area = canvas::lines(area, line, 1);
    canvas.put(canvas::columns(area, 0, LABEL), label, canvas.style(Ink::Label));
    canvas.fit(canvas::columns(area, LABEL, u16::MAX), value, Cut::End, canvas.style(ink));
    line + 1
}

fn draw_outlook(canvas: &mut Canvas<'_>, model: &Model, recipe: &Recipe, outlook: &Outlook, area: Rect) {
    let decision = &recipe.decision;
    let mut line = 0;
    if let Some(status) = decision.status {
        let now = outlook.statuses.iter().map(|(now, rows)| (now.map(|now| caption(now.caption(), now.0)), *rows));
        let value = change(now, &caption(status.caption(), status.0), outlook.rows);
        line = told(canvas, area, line, "status", &value, Ink::Plain);
    }
    if let Some(severity) = decision.severity {
        let now = outlook.severities.iter().rev().map(|(now, rows)| (now.map(|now| caption(now.caption(), now.0)), *rows));
        let value = change(now, &caption(severity.caption(), severity.0), outlook.rows);
        line = told(canvas, area, line, "severity", &value, Ink::Plain);
    }
    if let Some(comment) = &outlook.comment {
        let mut lines = text::wrap(&format!("\"{comment}\""), usize::from(area.width.saturating_sub(LABEL)));
        // What does not fit in two lines is cut with a sign of it.
        if lines.len() > 2 {
            let rest = lines.split_off(1).join(" ");
            lines.push(rest);
        }
        for (at, piece) in lines.iter().enumerate() {
            line = told(canvas, area, line, if at == 0 { "comment" } else { "" }, piece, Ink::Staged);
        }
    }
    line = told(canvas, area, line, "comes to", &comes_to(outlook), if outlook.refused.is_some() { Ink::Problem } else { Ink::Plain });
    if let Some(wording) = decision.comment.as_ref().filter(|_| outlook.commented > 0) {
        let (label, end) = match wording.mode {
            CommentMode::Append => ("keeps", ", which stay before it"),
            CommentMode::Replace => ("replaces", ""),
        };
        line = told(canvas, area, line, label, &format!("{}{end}", wording::counted(outlook.commented, "old comment")), Ink::Plain);
    }
    if !outlook.left.is_empty() {
        let left: Vec<String> = outlook.left.iter().map(|(why, rows)| format!("{}: {why}", wording::grouped(*rows))).collect();
        line = told(canvas, area, line, "left alone", &text::clean(&left.join(" · ")), Ink::Warning);
    }
    if let Some((rows, why)) = &outlook.needs_comment {
        let value = format!("a comment first, on {}: {}", wording::counted(*rows, "finding"), text::clean(why));
        line = told(canvas, area, line, "asks for", &value, Ink::Warning);
    }
    for (variable, answer) in &outlook.answers {
        let keys = shown(model, &[Action::Answer]);
        let value = match answer {
            Some(answer) => format!("{} · {keys} changes it", text::clean(answer)),
            None => format!("asked when it is staged, once a session · {keys} says it now"),
        };
        line = told(canvas, area, line, variable.name(), &value, Ink::Plain);
    }
}

/// `New 12, In Progress 2 → Suppressed · 3 have it already`.
fn change(now: impl Iterator<Item = (Option<String>, usize)>, to: &str, rows: usize) -> String {
    let mut changed = 0;
    let mut parts = Vec::new();
    for (now, count) in now {
        changed += count;
        parts.push(format!("{} {}", now.unwrap_or_else(|| "none".to_owned()), wording::grouped(count)));
    }
    let stay = rows.saturating_sub(changed);
    match (changed, stay) {
        (0, 0) => format!("→ {to}"),
        (0, _) => format!("{to} already"),
        (_, 0) => format!("{} → {to}", parts.join(", ")),
        (_, stay) => format!("{} → {to} · {} {} it already", parts.join(", "), wording::grouped(stay), have(stay)),
    }
}

const fn have(count: usize) -> &'static str {
    if count == 1 { "has" } else { "have" }
}

/// `14 findings · 5 different comments · 5 calls`.
fn comes_to(outlook: &Outlook) -> String {
    if let Some(why) = &outlook.refused {
        return format!("nothing: {why}");
    }
    if outlook.rows == 0 {
        return "nothing".to_owned();
    }
    let about = if outlook.certainty == Certainty::Rough { "about " } else { "" };
    let comments = match outlook.comments {
        0 => None,
        1 => (outlook.rows > 1).then(|| "the same comment".to_owned()),
        count => Some(format!("{about}{} different comments", wording::grouped(count))),
    };
    let already =
        (outlook.already > 0).then(|| format!("{} {} everything already", wording::grouped(outlook.already), have(outlook.already)));
    let parts = [
        Some(wording::counted(outlook.rows, "finding")),
        comments,
        Some(format!("{about}{}", wording::counted(outlook.calls, "call"))),
        already,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::super::{
        sample,
        screens::{every, snapshot, typed, written},
    };
    use super::*;
    use crate::storage::config::Config;

    const RECIPES: &str = include_str!("../../assets/demo/recipes.toml");

    fn offered(columns: u16, rows: u16) -> Model {
        let mut model = sample::busy(columns, rows);
        model.settings.recipes = Config::parse(RECIPES.as_bytes()).unwrap().recipes;
        model
    }

    #[test]
    fn each_recipe_is_told_with_what_it_would_do_to_the_marked_rows() {
        every("recipes", |columns, rows| typed(offered(columns, rows), "a"));
        every("recipes_left_alone", |columns, rows| typed(offered(columns, rows), "a G k"));
        snapshot("recipes_footer", &offered(80, 24));
    }

    #[test]
    fn what_is_asked_stands_in_the_footer_and_the_answer_in_the_picker() {
        let asked = |columns, rows| written(typed(offered(columns, rows), "a a"), "PAY-1182");
        every("recipes_asked", asked);
        snapshot("recipes_blank", &typed(offered(80, 24), "a a enter"));
        snapshot("recipes_answered", &typed(asked(80, 24), "enter a j j j"));
    }

    #[test]
    fn more_recipes_than_fit_are_scrolled_and_long_names_and_comments_are_cut() {
        let [name, comment] = [("n", 30), ("word ", 60)].map(|(piece, times)| piece.repeat(times));
        let recipe = |at: i32| format!("[recipes.r{at}-{name}]\nstatus = \"new\"\nseverity = \"unknown\"\ncomment = \"{comment}\"\n");
        let many = (0..30).map(recipe).collect::<Vec<_>>().concat();
        every("recipes_many", |columns, rows| {
            let mut model = sample::busy(columns, rows);
            model.settings.recipes = Config::parse(many.as_bytes()).unwrap().recipes;
            typed(model, "a G k k k")
        });
    }

    #[test]
    fn without_recipes_three_lines_make_the_first() {
        every("recipes_none", |columns, rows| typed(sample::busy(columns, rows), "a"));
    }
}
