//! One screen with a little of everything, in every theme.

use ratatui::style::Color;

use super::{
    sample,
    screens::{drawn, themed, typed},
    theme::{Colours, Glyphs, Theme},
};
use crate::{
    app::model::{Level, Model},
    domain::{row::RowId, time::Millis},
};

/// Rows in every state, marked, new and gone ones, the preview, a menu and a notice.
fn everything(columns: u16, rows: u16) -> Model {
    let mut model = sample::busy(columns, rows);
    model.visit.rows = [0, 1, 4, 8, 9, 10, 11].map(RowId).into_iter().collect();
    model.store.lose(RowId(9));
    let query = model.scan.query.clone();
    model.visit.visits.read(&query, Millis(0));
    model.visit.visits.earlier = std::mem::take(&mut model.visit.visits.present);
    let mut model = typed(model, "g g 3 j S j j");
    sample::bring(&mut model, 3);
    model.say(Level::Warning, "the copy is not confirmed");
    model
}

#[test]
fn every_theme_tells_every_state_apart() {
    for (name, colours) in [
        ("sixteen", Colours::Sixteen),
        ("truecolour", Colours::Truecolour),
        ("high_contrast", Colours::HighContrast),
        ("colour_blind", Colours::ColourBlind),
        ("none", Colours::None),
    ] {
        themed(&format!("theme_{name}"), &everything(120, 32), Theme::new(colours, Glyphs::Unicode));
    }
    themed("theme_ascii", &everything(120, 32), Theme::new(Colours::Sixteen, Glyphs::Ascii));
}

#[test]
fn the_text_of_a_screen_is_the_same_in_every_theme() {
    let text = |colours| -> String {
        let buffer = drawn(&everything(80, 24), Theme::new(colours, Glyphs::Unicode));
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect()
    };
    for colours in Colours::ALL {
        assert_eq!(text(colours), text(Colours::None), "{colours:?}");
    }
}

#[test]
fn a_theme_with_a_ground_leaves_no_cell_without_it_and_one_without_leaves_the_terminals() {
    for colours in Colours::ALL {
        let theme = Theme::new(colours, Glyphs::Unicode);
        let ground = theme.ground().bg.unwrap_or_default();
        for keys in ["", "S", "c", "F", "w enter", "!", "W", "?", "L", "f", "enter", "q", "z k", "M", "g 0"] {
            let buffer = drawn(&typed(everything(80, 24), &format!("esc {keys}")), theme);
            for (at, cell) in buffer.content.iter().enumerate() {
                let (x, y) = buffer.pos_of(at);
                assert!(cell.bg == ground, "{colours:?} {keys:?}: {x},{y} {cell:?}");
                assert!(cell.fg != Color::Reset || ground == Color::Reset, "{colours:?} {keys:?}: {x},{y} {cell:?}");
            }
        }
    }
    let buffer = drawn(&sample::fresh(60, 10), Theme::new(Colours::Truecolour, Glyphs::Unicode));
    assert!(buffer.content.iter().all(|cell| cell.bg != Color::Reset), "too small a terminal too");
}
