//! The question for the count of a send: a box over the review, with what would be sent and why that is asked.

use ratatui::layout::Rect;

use crate::{
    app::{action::Action, count_prompt::CountPrompt, keymap::Context, model::Model, overlay::Trigger},
    domain::text::{self, Cut},
};

use super::{
    canvas::{self, Canvas},
    menu,
    theme::Ink,
};

/// Widest box.
const WIDEST: u16 = 90;

/// Draws it in the middle.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, prompt: &CountPrompt, screen: Rect) {
    let most = usize::from(screen.width.saturating_sub(8).min(WIDEST));
    let count = text::grouped(prompt.blast.rows);
    let asked = text::wrap(&format!("type {count} to send: {}", prompt.blast), most);
    let why = text::wrap(&format!("asked for: {}", prompt.blast.reasons().join(", ")), most);
    let lines: Vec<(&str, Ink)> =
        asked.iter().map(|line| (line.as_str(), Ink::Title)).chain(why.iter().map(|line| (line.as_str(), Ink::Faint))).collect();
    let widest = lines.iter().map(|(line, _)| text::width(line)).max().unwrap_or_default().max(most.min(60)) as u16;
    let area = menu::beside(screen, None, widest + 6, lines.len() as u16 + 6);
    let inside = canvas.boxed(area, "this send asks for its count", &keys(model, prompt));
    let inside = canvas::columns(inside, 2, inside.width.saturating_sub(4));
    for ((line, ink), at) in lines.iter().zip(0..) {
        canvas.fit(canvas::lines(inside, at, 1), line, Cut::End, canvas.style(*ink));
    }
    let at = lines.len() as u16 + 1;
    let mut left = canvas::lines(inside, at, 1);
    if prompt.trigger == Trigger::Locked {
        canvas.write(&mut left, "keys count once this has been on the screen", canvas.style(Ink::Faint));
        return;
    }
    canvas.write(&mut left, "count: ", canvas.style(Ink::Label));
    let (before, behind) = prompt.line.halves();
    let [before, behind] = [before, behind].map(|text| text::clean(text).into_owned());
    let mut behind = behind.chars();
    let under = behind.next().unwrap_or(' ').to_string();
    canvas.write(&mut left, &before, canvas.style(Ink::Plain));
    canvas.write(&mut left, &under, canvas.style(Ink::Selected));
    canvas.write(&mut left, behind.as_str(), canvas.style(Ink::Plain));
    if let Some(refused) = &prompt.refused {
        canvas.fit(canvas::lines(inside, at + 2, 1), &format!("✗ {refused}"), Cut::End, canvas.style(Ink::Problem));
    }
}

/// What ends it; sending only once keys count.
fn keys(model: &Model, prompt: &CountPrompt) -> String {
    let shown = |action, word: &str| model.settings.keymap.shown(Context::Prompt, action).map(|keys| format!("{keys} {word}"));
    let send = shown(Action::Accept, "sends once it is right").filter(|_| prompt.trigger != Trigger::Locked);
    [send, shown(Action::Back, "back")].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use crate::{
        app::{
            event::Event,
            model::Model,
            update::{Ctx, update},
        },
        domain::{blast::CountAbove, guard_rail::GuardRails},
        ui::{
            sample,
            screens::{every, typed},
        },
    };

    /// The review of 350 findings, some of them Critical, once it has been seen.
    fn review(columns: u16, rows: u16) -> Model {
        let mut model = typed(sample::loaded(columns, rows, 350), "* l s 3");
        let effects = model.staging.take_decided();
        assert_eq!(effects.len(), 0, "the journal was told");
        model.settings.type_count_above = CountAbove(300);
        seen(typed(model, "w"))
    }

    fn seen(mut model: Model) -> Model {
        let now = model.now;
        // What is staged is on disk by now.
        model.journal.unsaved.clear();
        update(&mut model, Event::Drawn, Ctx { now });
        model
    }

    #[test]
    fn a_review_says_that_the_count_will_be_asked_and_the_question_says_why() {
        every("review_asks_count", review);
        every("count_locked", |columns, rows| typed(review(columns, rows), "y"));
        every("count", |columns, rows| seen(typed(review(columns, rows), "y")));
        every("count_typed", |columns, rows| typed(seen(typed(review(columns, rows), "y")), "3 5"));
        every("count_refused", |columns, rows| typed(seen(typed(review(columns, rows), "y")), "3 5 enter"));
    }

    #[test]
    fn the_editor_says_why_there_has_to_be_a_comment() {
        let asked = |columns, rows| {
            let mut model = sample::busy(columns, rows);
            let rails = GuardRails { comment_to_suppress: true, ..GuardRails::default() };
            model.profiles.present.content.rails = rails;
            typed(model, "g U g g s 3")
        };
        every("editor_needed", asked);
        every("editor_needed_left", |columns, rows| typed(asked(columns, rows), "esc"));
    }
}
