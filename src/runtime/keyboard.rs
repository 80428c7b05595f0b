//! What the terminal sends, as events; a burst of keys is told apart from typing.

use crossterm::event::{Event as TerminalEvent, KeyEventKind};

use crate::app::{
    event::{Arrival, Event},
    keymap::Key,
};

/// From how many keys on, arrived at one moment, they are taken for a paste. A fast typist's keys come together over a slow line, but not
/// so many.
const BURST: usize = 8;

/// Translates everything that arrived at one moment.
pub fn translate(arrived: Vec<TerminalEvent>) -> Vec<Event> {
    let is_press = |event: &TerminalEvent| matches!(event, TerminalEvent::Key(key) if key.kind != KeyEventKind::Release);
    let keys = arrived.iter().filter(|event| is_press(event)).count();
    let arrival = if keys >= BURST { Arrival::Burst } else { Arrival::Single };
    arrived
        .into_iter()
        .filter_map(|event| match event {
            TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => Some(Event::Key(Key::from(key), arrival)),
            TerminalEvent::Paste(text) => Some(Event::Paste(text)),
            TerminalEvent::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    fn keys(text: &str) -> Vec<TerminalEvent> {
        text.chars().map(|c| TerminalEvent::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))).collect()
    }

    #[test]
    fn many_keys_at_once_are_a_burst_and_a_few_are_typing() {
        assert!(translate(keys("s3")).iter().all(|event| matches!(event, Event::Key(_, Arrival::Single))));
        assert!(translate(keys("yes, delete")).iter().all(|event| matches!(event, Event::Key(_, Arrival::Burst))));
        assert_eq!(translate(vec![TerminalEvent::FocusGained, TerminalEvent::Resize(1, 2)]), [Event::Resize(1, 2)]);
    }
}
