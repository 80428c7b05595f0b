//! What the terminal sends, as events; a burst of keys is told apart from typing.

use crossterm::event::{Event as TerminalEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};

use crate::app::{
    event::{Arrival, Event},
    keymap::Key,
    pointer::{Mouse, Spots, Turn},
};

/// From how many keys on, arrived at one moment, they are taken for a paste. A fast typist's keys come together over a slow line, but not
/// so many.
const BURST: usize = 8;

/// Translates everything that arrived at one moment. What was clicked is read off the frame that is on the screen; without one the mouse is
/// off, and nothing of it counts.
pub fn translate(arrived: Vec<TerminalEvent>, frame: Option<&Spots>) -> Vec<Event> {
    let is_press = |event: &TerminalEvent| matches!(event, TerminalEvent::Key(key) if key.kind != KeyEventKind::Release);
    let keys = arrived.iter().filter(|event| is_press(event)).count();
    let arrival = if keys >= BURST { Arrival::Burst } else { Arrival::Single };
    arrived
        .into_iter()
        .filter_map(|event| match event {
            TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => Some(Event::Key(Key::from(key), arrival)),
            TerminalEvent::Paste(text) => Some(Event::Paste(text)),
            TerminalEvent::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
            TerminalEvent::Mouse(event) => mouse(event, frame?).map(Event::Mouse),
            _ => None,
        })
        .collect()
}

fn mouse(event: MouseEvent, frame: &Spots) -> Option<Mouse> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Mouse::Click(frame.click(event.column, event.row))),
        MouseEventKind::ScrollUp => Some(Mouse::Wheel(Turn::Up)),
        MouseEventKind::ScrollDown => Some(Mouse::Wheel(Turn::Down)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Context;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    fn keys(text: &str) -> Vec<TerminalEvent> {
        text.chars().map(|c| TerminalEvent::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))).collect()
    }

    #[test]
    fn many_keys_at_once_are_a_burst_and_a_few_are_typing() {
        assert!(translate(keys("s3"), None).iter().all(|event| matches!(event, Event::Key(_, Arrival::Single))));
        assert!(translate(keys("yes, delete"), None).iter().all(|event| matches!(event, Event::Key(_, Arrival::Burst))));
        assert_eq!(translate(vec![TerminalEvent::FocusGained, TerminalEvent::Resize(1, 2)], None), [Event::Resize(1, 2)]);
    }

    #[test]
    fn the_mouse_counts_only_where_it_is_on_and_only_clicks_and_the_wheel_do() {
        let event = |kind| TerminalEvent::Mouse(MouseEvent { kind, column: 3, row: 4, modifiers: KeyModifiers::NONE });
        let all = || {
            vec![
                event(MouseEventKind::Moved),
                event(MouseEventKind::Down(MouseButton::Right)),
                event(MouseEventKind::Down(MouseButton::Left)),
                event(MouseEventKind::Up(MouseButton::Left)),
                event(MouseEventKind::ScrollDown),
            ]
        };
        let frame = Spots { context: Context::Table, places: Vec::new() };
        assert_eq!(translate(all(), Some(&frame)), [Event::Mouse(Mouse::Click(frame.click(3, 4))), Event::Mouse(Mouse::Wheel(Turn::Down))]);
        assert_eq!(translate(all(), None), []);
    }
}
