//! Writing into the buffer: the one place through which text reaches the screen.
//!
//! Everything is clipped, so nothing here can fail at any size. Text should be clean already; whatever is not is made harmless here, so that
//! no control or format character can ever reach a cell. The theme's stand-ins for signs are put in here too.

use std::fmt::{self, Write};

use ratatui::{
    buffer::{Buffer, CellWidth},
    layout::Rect,
    style::Style,
};
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    app::pointer::{Place, Spot},
    domain::text::{self, Cut},
};

use super::theme::{Ink, Theme};

/// Stands for a character that must not reach the terminal.
const HARMLESS: char = '?';

/// A buffer to write on.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
    /// What can be clicked.
    spots: Vec<(Place, Spot)>,
    /// Room for what is formatted before it is written, the same for all of a frame.
    scratch: String,
}

impl<'a> Canvas<'a> {
    /// A canvas over a buffer.
    pub const fn new(buffer: &'a mut Buffer, theme: Theme) -> Self {
        Self { buffer, theme, spots: Vec::new(), scratch: String::new() }
    }

    /// Everything there is.
    pub const fn area(&self) -> Rect {
        self.buffer.area
    }

    /// How a kind of thing looks.
    pub const fn style(&self, ink: Ink) -> Style {
        self.theme.style(ink)
    }

    /// The theme.
    pub const fn theme(&self) -> Theme {
        self.theme
    }

    /// Notes what stands in an area, for a click on it.
    pub fn spot(&mut self, area: Rect, spot: Spot) {
        let area = area.intersection(self.buffer.area);
        if self.spots.is_empty() {
            self.spots.reserve(usize::from(self.buffer.area.height));
        }
        self.spots.push((Place { line: area.y, height: area.height, left: area.x, width: area.width }, spot));
    }

    /// Forgets what can be clicked: what is drawn from now on lies over it.
    pub fn cover(&mut self) {
        self.spots.clear();
    }

    /// What can be clicked.
    pub fn into_spots(self) -> Vec<(Place, Spot)> {
        self.spots
    }

    /// The buffer, for a widget of another crate; [`Self::mend`] what it drew.
    pub const fn buffer(&mut self) -> &mut Buffer {
        self.buffer
    }

    /// Writes on the first line of an area and gives the columns it took; what does not fit is left off.
    pub fn put(&mut self, area: Rect, clean: &str, style: Style) -> u16 {
        let area = area.intersection(self.buffer.area);
        #[cfg(test)]
        audit::look(self.buffer, area, clean);
        if area.is_empty() {
            return 0;
        }
        let start = self.buffer.index_of(area.x, area.y);
        let Some(cells) = self.buffer.content.get_mut(start..start + usize::from(area.width)) else { return 0 };
        if clean.is_ascii() {
            for (cell, byte) in cells.iter_mut().zip(clean.bytes()) {
                if byte != b' ' {
                    cell.set_char(if byte.is_ascii_control() { HARMLESS } else { char::from(byte) });
                } else if cell.symbol() != " " {
                    cell.set_char(' ');
                }
                cell.set_style(style);
            }
            return clean.len().min(cells.len()) as u16;
        }
        let ground = self.theme.ground();
        let mut used = 0;
        for grapheme in clean.graphemes(true) {
            let single = sole(grapheme).map(|c| if text::is_hidden(c) { HARMLESS } else { self.theme.sign(c) });
            let mended = if single.is_none() && grapheme.chars().any(text::is_hidden) { Some(harmless(grapheme)) } else { None };
            let grapheme = mended.as_deref().unwrap_or(grapheme);
            let width = usize::from(if single == Some(HARMLESS) { 1 } else { grapheme.cell_width() });
            if width == 0 {
                continue;
            }
            let Some((cell, covered)) = cells.get_mut(used..used + width).and_then(|cells| cells.split_first_mut()) else { break };
            match single {
                Some(c) => cell.set_char(c),
                None => cell.set_symbol(grapheme),
            };
            cell.set_style(style);
            // The cells under a wide character are not drawn.
            for cell in covered {
                cell.reset();
                cell.set_style(ground);
            }
            used += width;
        }
        used as u16
    }

    /// Writes one sign.
    pub fn sign(&mut self, x: u16, y: u16, sign: char, style: Style) {
        let sign = self.theme.sign(sign);
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_char(sign).set_style(style);
        }
    }

    /// Writes a text, cut so that it fits into the area.
    pub fn fit(&mut self, area: Rect, clean: &str, cut: Cut, style: Style) -> u16 {
        let columns = usize::from(area.width);
        #[cfg(test)]
        audit::room(area, clean);
        if columns == 0 {
            return 0;
        }
        let Some((front, back)) = text::parts(clean, columns, cut) else { return self.put(area, clean, style) };
        // Straight into the cells: most rows of every frame have something that is cut.
        let mut used = self.put(area, front, style);
        for part in ["…", back] {
            used += self.put(self::columns(area, used, u16::MAX), part, style);
        }
        used
    }

    /// Writes at the left end of what is left of a line, and takes that off it.
    pub fn write(&mut self, left: &mut Rect, clean: &str, style: Style) {
        let used = self.fit(*left, clean, Cut::End, style);
        left.x += used;
        left.width = left.width.saturating_sub(used);
    }

    /// Writes at the right end of what is left of a line, and takes that off it.
    pub fn write_right(&mut self, left: &mut Rect, clean: &str, style: Style) {
        let wide = (text::width(clean).min(usize::from(left.width))) as u16;
        let x = left.x + left.width - wide;
        self.fit(Rect { x, width: wide, ..*left }, clean, Cut::End, style);
        left.width -= wide;
    }

    /// [`Self::write`] for what is formatted.
    pub fn print(&mut self, left: &mut Rect, told: fmt::Arguments<'_>, style: Style) {
        let told = self.formatted(told);
        self.write(left, &told, style);
        self.scratch = told;
    }

    /// [`Self::write_right`] for what is formatted.
    pub fn print_right(&mut self, left: &mut Rect, told: fmt::Arguments<'_>, style: Style) {
        let told = self.formatted(told);
        self.write_right(left, &told, style);
        self.scratch = told;
    }

    fn formatted(&mut self, told: fmt::Arguments<'_>) -> String {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        // A text takes whatever is written to it.
        let _ = scratch.write_fmt(told);
        scratch
    }

    /// A horizontal line.
    pub fn rule(&mut self, area: Rect) {
        if area.is_empty() {
            return;
        }
        let style = self.style(Ink::Faint);
        for x in area.left()..area.right() {
            self.sign(x, area.y, '─', style);
        }
    }

    /// Lays a style over an area.
    pub fn tint(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buffer.area);
        self.buffer.set_style(area, style);
    }

    /// Empties an area, and the left half of a wide character that reaches into it.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        let ground = self.theme.ground();
        for y in area.top()..area.bottom() {
            if let Some(before) = area.x.checked_sub(1).and_then(|x| self.buffer.cell_mut((x, y)))
                && before.symbol().cell_width() > 1
            {
                before.set_char(' ');
            }
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(ground);
                }
            }
        }
    }

    /// A box with a title in its upper and a remark in its lower border; gives its inside.
    pub fn boxed(&mut self, area: Rect, title: &str, remark: &str) -> Rect {
        self.clear(area);
        let area = area.intersection(self.buffer.area);
        if area.width < 2 || area.height < 2 {
            return Rect::default();
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        let style = self.style(Ink::Plain);
        for x in area.x + 1..right {
            self.sign(x, area.y, '─', style);
            self.sign(x, bottom, '─', style);
        }
        for y in area.y + 1..bottom {
            self.sign(area.x, y, '│', style);
            self.sign(right, y, '│', style);
        }
        for (x, y, sign) in [(area.x, area.y, '┌'), (right, area.y, '┐'), (area.x, bottom, '└'), (right, bottom, '┘')] {
            self.sign(x, y, sign, style);
        }
        let on_border = |y| Rect { x: area.x + 2, y, width: area.width.saturating_sub(4), height: 1 };
        if !title.is_empty() {
            self.fit(on_border(area.y), &format!(" {title} "), Cut::End, self.style(Ink::Title));
        }
        if !remark.is_empty() {
            self.fit(on_border(bottom), &format!(" {remark} "), Cut::End, style);
        }
        Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 }
    }

    /// Makes what another crate's widget drew harmless.
    pub fn mend(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y))
                    && cell.symbol().chars().any(text::is_hidden)
                {
                    let mended = harmless(cell.symbol());
                    cell.set_symbol(&mended);
                }
            }
        }
    }
}

/// What was cut off without a sign of it, or written over something else: looked for in tests, on every screen that is drawn.
#[cfg(test)]
pub(super) mod audit {
    use std::cell::RefCell;

    use ratatui::{
        buffer::{Buffer, CellWidth},
        layout::Rect,
    };

    use crate::domain::text;

    thread_local! {
        static FOUND: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    /// Looks at a text that is about to be written.
    pub(super) fn look(buffer: &Buffer, area: Rect, clean: &str) {
        let shown = clean.trim_end();
        let note = |what: String| FOUND.with_borrow_mut(|found| found.push(what));
        if text::width(shown) > usize::from(area.width) {
            note(format!("{},{}: {:?} is cut off after {} columns", area.x, area.y, shown, area.width));
        }
        let end = area.x + area.width.min(text::width(shown) as u16);
        let under: String = (area.x..end)
            .filter_map(|x| buffer.cell((x, area.y)))
            .filter(|cell| cell.symbol().cell_width() > 0)
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        // A box has its title in its border.
        let is_free = under.chars().all(|c| matches!(c, ' ' | '─' | '-'));
        if !area.is_empty() && !is_free && under.trim() != shown.trim() {
            note(format!("{},{}: {:?} is written over {:?}", area.x, area.y, shown, under.trim()));
        }
    }

    /// Looks whether there is room for anything of a text.
    pub(super) fn room(area: Rect, clean: &str) {
        if area.width == 0 && !clean.trim().is_empty() {
            FOUND.with_borrow_mut(|found| found.push(format!("{},{}: {clean:?} has no room", area.x, area.y)));
        }
    }

    /// What was found since this was last asked, in this thread.
    pub(in crate::ui) fn take() -> Vec<String> {
        FOUND.take()
    }
}

/// The only character of a grapheme that has one.
fn sole(grapheme: &str) -> Option<char> {
    let mut chars = grapheme.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// A grapheme without the characters that must not reach the terminal; never empty.
fn harmless(grapheme: &str) -> String {
    let kept: String = grapheme.chars().filter(|&c| !text::is_hidden(c)).collect();
    if kept.is_empty() { HARMLESS.to_string() } else { kept }
}

/// The part of an area with these lines, counted from its top.
pub fn lines(area: Rect, from: u16, count: u16) -> Rect {
    let from = from.min(area.height);
    Rect { y: area.y + from, height: count.min(area.height - from), ..area }
}

/// The part of an area with these columns, counted from its left end.
pub fn columns(area: Rect, from: u16, count: u16) -> Rect {
    let from = from.min(area.width);
    Rect { x: area.x + from, width: count.min(area.width - from), ..area }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Colours, Glyphs};
    use proptest::prelude::*;

    fn written(text: &str, width: u16, glyphs: Glyphs) -> (u16, Vec<String>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        let used = Canvas::new(&mut buffer, Theme::new(Colours::None, glyphs)).put(Rect::new(0, 0, width, 1), text, Style::new());
        (used, buffer.content.iter().map(|cell| cell.symbol().to_owned()).collect())
    }

    #[test]
    fn a_wide_character_that_does_not_fit_is_left_off() {
        assert_eq!(written("a日本", 4, Glyphs::Unicode), (3, ["a", "日", " ", " "].map(str::to_owned).to_vec()));
    }

    #[test]
    fn signs_have_stand_ins_in_ascii_and_other_letters_stay() {
        let (_, cells) = written("▶✓●⟳✗✔–…é", 9, Glyphs::Ascii);
        assert_eq!(cells.concat(), ">*s~!+-~é");
    }

    #[test]
    fn a_box_over_the_right_half_of_a_wide_character_takes_the_character_away() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        let mut canvas = Canvas::new(&mut buffer, Theme::default());
        canvas.put(Rect::new(0, 0, 6, 1), "日本語", Style::new());
        canvas.clear(Rect::new(3, 0, 1, 1));
        assert_eq!(buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect::<Vec<_>>(), ["日", " ", " ", " ", "語", " "]);
    }

    #[test]
    fn what_is_cut_off_without_a_sign_or_written_over_something_is_found() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 2));
        let mut canvas = Canvas::new(&mut buffer, Theme::default());
        let line = Rect::new(0, 0, 10, 1);
        audit::take();
        canvas.fit(line, "a text that is too long", Cut::End, Style::new());
        canvas.clear(line);
        canvas.put(line, "fits   ", Style::new());
        canvas.boxed(Rect::new(0, 0, 10, 2), "title", "");
        assert_eq!(audit::take(), Vec::<String>::new());
        canvas.put(line, "a text that is too long", Style::new());
        canvas.put(Rect::new(2, 0, 8, 1), "over", Style::new());
        canvas.write(&mut Rect::new(4, 1, 0, 1), "nowhere", Style::new());
        assert_eq!(audit::take().len(), 4, "cut off, over the title, over the text, no room");
    }

    proptest! {
        #[test]
        fn no_hidden_character_reaches_a_cell_whatever_is_written(text in any::<String>(), width in 0_u16..20) {
            for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
                let (used, cells) = written(&text, width, glyphs);
                prop_assert!(used <= width);
                prop_assert!(cells.iter().flat_map(|cell| cell.chars()).all(|c| !text::is_hidden(c)), "{cells:?}");
            }
        }
    }
}
