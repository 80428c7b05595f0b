//! Snapshots of the screens: the text, and under it the runs of styles, which the text alone would lose.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fmt::Write;

use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::{Buffer, CellWidth},
    style::{Color, Modifier},
};

use super::{
    draw, sample,
    theme::{Colours, Glyphs, Theme},
};
use crate::app::model::Model;

/// The buffer that a model gives.
pub(super) fn drawn(model: &Model, theme: Theme) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(model.screen.columns, model.screen.rows)).unwrap();
    terminal.draw(|frame| draw(model, &theme, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// Text and style runs of a buffer, line by line.
pub(super) fn shown(buffer: &Buffer) -> String {
    let (mut text, mut styles) = (String::new(), String::new());
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut line = String::new();
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        let mut covered = 0;
        for x in buffer.area.left()..buffer.area.right() {
            let cell = &buffer[(x, y)];
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = cell.symbol().cell_width().saturating_sub(1);
            line.push_str(cell.symbol());
            let style = style(cell.fg, cell.bg, cell.modifier);
            match runs.last_mut() {
                Some((_, end, last)) if *last == style && *end == x => *end = x + 1,
                _ => runs.push((x, x + 1, style)),
            }
        }
        writeln!(text, "{}", line.trim_end()).unwrap();
        let runs: Vec<String> =
            runs.iter().filter(|(.., style)| !style.is_empty()).map(|(start, end, style)| format!("{start}-{end} {style}")).collect();
        if !runs.is_empty() {
            writeln!(styles, "{y}: {}", runs.join(", ")).unwrap();
        }
    }
    format!("{text}\n{styles}")
}

fn style(fg: Color, bg: Color, modifier: Modifier) -> String {
    let mut words = Vec::new();
    if fg != Color::Reset {
        words.push(format!("{fg:?}").to_lowercase());
    }
    if bg != Color::Reset {
        words.push(format!("on {bg:?}").to_lowercase());
    }
    words.extend(modifier.iter_names().map(|(name, _)| name.to_lowercase()));
    words.join(" ")
}

fn snapshot(name: &str, model: &Model) {
    themed(name, model, Theme::default());
}

fn themed(name: &str, model: &Model, theme: Theme) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, shown(&drawn(model, theme)));
    });
}

/// The two sizes that every screen is looked at in.
const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

#[test]
fn the_table_shows_each_state_of_a_row_in_its_place() {
    for (columns, rows) in SIZES {
        snapshot(&format!("table_{columns}"), &sample::busy(columns, rows));
    }
}

#[test]
fn without_colours_and_in_ascii_every_state_still_has_its_sign() {
    themed("table_plain", &sample::busy(120, 40), Theme::new(Colours::None, Glyphs::Ascii));
}
