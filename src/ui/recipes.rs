//! The picker of recipes: letter, name, what each sets, and what the one under the cursor would do.

use ratatui::layout::Rect;

use crate::{
    app::{model::Model, pointer::Spot, recipes::RecipePicker},
    domain::text::{self, Cut},
};

use super::{
    canvas::{self, Canvas},
    list, menu,
    theme::Ink,
};

/// Columns and lines that stay free around it.
const MARGIN: u16 = 2;

/// Draws the picker over what is there.
pub fn draw(canvas: &mut Canvas<'_>, _model: &Model, picker: &RecipePicker, screen: Rect) {
    let offers = picker.offers();
    let width = screen.width.saturating_sub(2 * MARGIN).min(110);
    let height = (offers.len() as u16).saturating_add(2).min(screen.height.saturating_sub(MARGIN));
    let title = format!("recipe for {}", picker.targets.described());
    let inside = canvas.boxed(menu::beside(screen, None, width, height), &title, "");
    for (at, line) in list::visible(offers.len(), picker.cursor, inside.height, |_| 1) {
        let Some(offer) = offers.get(at) else { continue };
        let area = canvas::lines(inside, line, 1);
        canvas.spot(area, Spot::Entry(at));
        if at == picker.cursor {
            canvas.tint(area, canvas.style(Ink::Selected));
        }
        let letter = offer.letter.map(String::from).unwrap_or_default();
        canvas.put(canvas::columns(area, 2, 2), &letter, canvas.style(Ink::Key));
        let name = text::clean(offer.recipe.name.as_str());
        canvas.fit(canvas::columns(area, 5, area.width.saturating_sub(6)), &name, Cut::End, canvas.style(Ink::Title));
        if at == picker.cursor {
            canvas.sign(area.x, area.y, '▶', canvas.style(Ink::Selected));
        }
    }
}
