//! The text that could not be copied, the menu of the export, and its prompt.

use super::{
    sample,
    screens::{every, typed},
};
use crate::app::{
    clipboard::{Clipboard, Way},
    event::Event,
    export::NotWritten,
    model::Model,
    overlay::Overlay,
    text_screen::TextScreen,
    update::{Ctx, update},
};

fn with(columns: u16, rows: u16, clipboard: Clipboard) -> Model {
    let mut model = sample::busy(columns, rows);
    model.settings.clipboard = clipboard;
    model
}

#[test]
fn a_text_that_could_not_be_copied_fills_the_terminal_from_its_left_end() {
    every("copy_off", |columns, rows| typed(with(columns, rows, Clipboard { way: Way::Off, ..Clipboard::default() }), "* l y r"));
    every("copy_too_long", |columns, rows| {
        let mut model = with(columns, rows, Clipboard::default());
        let document = format!("{{\"metadata\":{{\"uid\":\"u1\"}},\"unmapped\":\"{}\"}}", "0123456789 ".repeat(600));
        let why = "106,644 bytes, the clipboard takes 74,994".to_owned();
        model.overlays.push(Overlay::Text(TextScreen { title: "the JSON document".into(), why, text: document, top: 4 }));
        model
    });
}

#[test]
fn the_export_is_chosen_named_and_refused() {
    every("export_menu", |columns, rows| typed(sample::busy(columns, rows), "x"));
    every("export_prompt", |columns, rows| typed(sample::busy(columns, rows), "x c"));
    every("export_refused", |columns, rows| {
        let mut model = typed(sample::busy(columns, rows), "x m enter");
        let (Some(request), now) = (model.exporting.as_ref().map(|exporting| exporting.request), model.now) else { return model };
        let why = NotWritten::Refused("findings-2026-11-02T1405Z.md is there already: give another name".into());
        update(&mut model, Event::Exported(request, Err(why)), Ctx { now });
        model
    });
}
