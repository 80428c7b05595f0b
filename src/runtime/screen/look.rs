//! How a cell looks, and the shortest sequence that changes one look into another.

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

/// What of a look is seen where there is no character.
const ON_BLANKS: Modifier =
    Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::SLOW_BLINK).union(Modifier::RAPID_BLINK).union(Modifier::CROSSED_OUT);

/// Bold and dim are taken back together.
const WEIGHT: Modifier = Modifier::BOLD.union(Modifier::DIM);

/// Each modifier with the parameter that sets it and the one that takes it back.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];
const BLINK: Modifier = Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK);

/// Colours and modifiers of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    text: Color,
    ground: Color,
    modifier: Modifier,
}

impl Look {
    /// That of a terminal that was just reset.
    pub const PLAIN: Self = Self { text: Color::Reset, ground: Color::Reset, modifier: Modifier::empty() };

    /// That of a cell.
    pub const fn of(cell: &Cell) -> Self {
        Self { text: cell.fg, ground: cell.bg, modifier: cell.modifier }
    }

    /// Whether blanks look the same in both.
    pub fn is_same_on_blanks(self, other: Self) -> bool {
        let seen = self.modifier & ON_BLANKS;
        self.ground == other.ground && seen == other.modifier & ON_BLANKS && (seen.is_empty() || self.text == other.text)
    }

    /// Whether a blank of this look is what an erased cell is on every terminal, be it one that erases with the ground in force or not.
    pub fn is_erased(self) -> bool {
        self.is_same_on_blanks(Self::PLAIN)
    }

    /// The look nearest to `self` in which blanks look as in `wanted`.
    fn nearest_for_blanks(self, wanted: Self) -> Self {
        let seen = wanted.modifier & ON_BLANKS;
        Self {
            text: if seen.is_empty() { self.text } else { wanted.text },
            ground: wanted.ground,
            modifier: (self.modifier - ON_BLANKS) | seen,
        }
    }
}

/// The look in force, as far as it is known, and room for the sequences that are compared.
#[derive(Debug, Default)]
pub struct Looks {
    /// `None` where something else may have changed it.
    now: Option<Look>,
    changed: Vec<u8>,
    anew: Vec<u8>,
    first: Vec<u8>,
}

impl Looks {
    /// The look in force is not known any more.
    pub const fn forget(&mut self) {
        self.now = None;
    }

    /// The look was reset.
    pub const fn is_reset(&mut self) {
        self.now = Some(Look::PLAIN);
    }

    /// Whether a character, or a blank, needs no change to look as wanted.
    pub fn fits(&self, wanted: Look, is_blank: Blank) -> bool {
        self.now.is_some_and(|now| match is_blank {
            Blank::Yes => now.is_same_on_blanks(wanted),
            Blank::No => now == wanted,
        })
    }

    /// Writes what makes a character, or a blank, look as wanted.
    pub fn take_on(&mut self, wanted: Look, is_blank: Blank, out: &mut Vec<u8>) {
        if self.fits(wanted, is_blank) {
            return;
        }
        self.shortest(wanted);
        if is_blank == Blank::Yes
            && let Some(nearest) = self.now.map(|now| now.nearest_for_blanks(wanted))
        {
            std::mem::swap(&mut self.first, &mut self.changed);
            self.shortest(nearest);
            if self.changed.len() < self.first.len() {
                out.extend_from_slice(&self.changed);
                self.now = Some(nearest);
                return;
            }
            std::mem::swap(&mut self.first, &mut self.changed);
        }
        out.extend_from_slice(&self.changed);
        self.now = Some(wanted);
    }

    /// Leaves the shorter of the two ways to a look in `changed`: by what differs, or from a reset.
    fn shortest(&mut self, wanted: Look) {
        sequence(&mut self.anew, None, wanted);
        match self.now {
            None => std::mem::swap(&mut self.changed, &mut self.anew),
            Some(now) => {
                sequence(&mut self.changed, Some(now), wanted);
                if self.anew.len() < self.changed.len() {
                    std::mem::swap(&mut self.changed, &mut self.anew);
                }
            }
        }
    }
}

/// Whether a cell holds a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// It is a space.
    Yes,
    /// It is not.
    No,
}

/// The sequence from a look, or from any look by way of a reset, to another.
fn sequence(out: &mut Vec<u8>, from: Option<Look>, to: Look) {
    out.clear();
    out.extend_from_slice(b"\x1b[");
    let begins = out.len();
    // A reset is no parameter at all where nothing follows, and 0 where something does.
    let from = from.unwrap_or_else(|| {
        if to != Look::PLAIN {
            parameter(out, 0);
        }
        Look::PLAIN
    });
    let mut lost = from.modifier - to.modifier;
    let mut gained = to.modifier - from.modifier;
    for group in [WEIGHT, BLINK] {
        if lost.intersects(group) {
            gained |= to.modifier & group;
        }
    }
    for (modifier, _, off) in MODIFIERS {
        if lost.contains(modifier) {
            parameter(out, off);
            // What is taken back together is taken back once.
            for group in [WEIGHT, BLINK] {
                if group.contains(modifier) {
                    lost -= group;
                }
            }
        }
    }
    for (modifier, on, _) in MODIFIERS {
        if gained.contains(modifier) {
            parameter(out, on);
        }
    }
    if from.text != to.text {
        colour(out, to.text, 30);
    }
    if from.ground != to.ground {
        colour(out, to.ground, 40);
    }
    if out.last() == Some(&b';') && out.len() > begins {
        out.pop();
    }
    out.push(b'm');
}

/// A parameter and the separator behind it.
fn parameter(out: &mut Vec<u8>, value: u8) {
    number(out, u16::from(value));
    out.push(b';');
}

/// The colour of the text, from 30 on, or of the ground, from 40 on. The sixteen have codes of their own, which every terminal knows; with bold,
/// some draw the dark eight bright, where their user has set that.
fn colour(out: &mut Vec<u8>, colour: Color, base: u8) {
    let plain = match colour {
        Color::Reset => 9,
        Color::Black | Color::Indexed(0) => 0,
        Color::Red | Color::Indexed(1) => 1,
        Color::Green | Color::Indexed(2) => 2,
        Color::Yellow | Color::Indexed(3) => 3,
        Color::Blue | Color::Indexed(4) => 4,
        Color::Magenta | Color::Indexed(5) => 5,
        Color::Cyan | Color::Indexed(6) => 6,
        Color::Gray | Color::Indexed(7) => 7,
        Color::DarkGray | Color::Indexed(8) => 60,
        Color::LightRed | Color::Indexed(9) => 61,
        Color::LightGreen | Color::Indexed(10) => 62,
        Color::LightYellow | Color::Indexed(11) => 63,
        Color::LightBlue | Color::Indexed(12) => 64,
        Color::LightMagenta | Color::Indexed(13) => 65,
        Color::LightCyan | Color::Indexed(14) => 66,
        Color::White | Color::Indexed(15) => 67,
        Color::Indexed(index) => {
            for value in [base + 8, 5, index] {
                parameter(out, value);
            }
            return;
        }
        Color::Rgb(red, green, blue) => {
            for value in [base + 8, 2, red, green, blue] {
                parameter(out, value);
            }
            return;
        }
    };
    parameter(out, base + plain);
}

/// A number in digits.
pub fn number(out: &mut Vec<u8>, value: u16) {
    for place in [10_000, 1_000, 100, 10] {
        if value >= place {
            out.push(b'0' + (value / place % 10) as u8);
        }
    }
    out.push(b'0' + (value % 10) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn look(text: Color, modifier: Modifier) -> Look {
        Look { text, modifier, ..Look::PLAIN }
    }

    fn written(looks: &mut Looks, wanted: Look, is_blank: Blank) -> String {
        let mut out = Vec::new();
        looks.take_on(wanted, is_blank, &mut out);
        String::from_utf8_lossy(&out).replace('\u{1b}', "^")
    }

    #[rstest]
    #[case::the_same(Some(Look::PLAIN), Look::PLAIN, "")]
    #[case::not_known(None, Look::PLAIN, "^[m")]
    #[case::not_known_and_coloured(None, look(Color::Red, Modifier::BOLD), "^[0;1;31m")]
    #[case::one_of_the_sixteen(Some(Look::PLAIN), look(Color::LightRed, Modifier::empty()), "^[91m")]
    #[case::by_its_number(Some(Look::PLAIN), look(Color::Indexed(9), Modifier::empty()), "^[91m")]
    #[case::of_the_others(Some(Look::PLAIN), look(Color::Indexed(208), Modifier::empty()), "^[38;5;208m")]
    #[case::of_24_bits(Some(Look::PLAIN), look(Color::Rgb(1, 20, 255), Modifier::empty()), "^[38;2;1;20;255m")]
    #[case::a_reset_is_shorter(Some(look(Color::Red, Modifier::BOLD)), Look::PLAIN, "^[m")]
    #[case::the_difference_is_shorter(Some(look(Color::Red, Modifier::BOLD)), look(Color::Blue, Modifier::BOLD), "^[34m")]
    #[case::one_modifier_of_many(
        Some(look(Color::Indexed(100), Modifier::BOLD | Modifier::REVERSED)),
        look(Color::Indexed(100), Modifier::BOLD),
        "^[27m"
    )]
    #[case::bold_goes_and_dim_stays(
        Some(look(Color::Indexed(100), Modifier::BOLD | Modifier::DIM)),
        look(Color::Indexed(100), Modifier::DIM),
        "^[22;2m"
    )]
    #[case::both_kinds_of_blink(
        Some(look(Color::Rgb(100, 100, 100), Modifier::SLOW_BLINK | Modifier::RAPID_BLINK)),
        look(Color::Rgb(100, 100, 100), Modifier::RAPID_BLINK),
        "^[25;6m"
    )]
    fn a_look_is_changed_by_the_shorter_of_the_difference_and_a_reset(#[case] now: Option<Look>, #[case] to: Look, #[case] bytes: &str) {
        let mut looks = Looks { now, ..Looks::default() };
        assert_eq!(written(&mut looks, to, Blank::No), bytes);
        assert_eq!(written(&mut looks, to, Blank::No), "", "it is in force");
    }

    #[test]
    fn blanks_take_no_colour_of_text_and_no_weight() {
        let mut looks = Looks { now: Some(look(Color::Red, Modifier::BOLD)), ..Looks::default() };
        assert_eq!(written(&mut looks, Look::PLAIN, Blank::Yes), "");
        assert_eq!(written(&mut looks, look(Color::Red, Modifier::BOLD), Blank::No), "", "it was kept");
        let reversed = look(Color::Red, Modifier::REVERSED);
        assert_eq!(written(&mut looks, reversed, Blank::Yes), "^[7m", "bold stays");
        assert_eq!(written(&mut looks, Look::PLAIN, Blank::Yes), "^[m", "shorter than ^[27m");
        let ground = Look { ground: Color::Blue, ..look(Color::Green, Modifier::ITALIC) };
        assert_eq!(written(&mut looks, ground, Blank::Yes), "^[44m");
    }

    #[test]
    fn only_what_no_ground_and_no_line_is_seen_on_may_be_erased() {
        assert!(look(Color::Red, Modifier::BOLD | Modifier::ITALIC).is_erased());
        assert!(!look(Color::Reset, Modifier::UNDERLINED).is_erased());
        assert!(!look(Color::Reset, Modifier::REVERSED).is_erased());
        assert!(!Look { ground: Color::Black, ..Look::PLAIN }.is_erased());
    }

    #[rstest]
    #[case(0, "0")]
    #[case(9, "9")]
    #[case(10, "10")]
    #[case(101, "101")]
    #[case(65_535, "65535")]
    fn numbers_are_written_in_digits(#[case] value: u16, #[case] digits: &str) {
        let mut out = Vec::new();
        number(&mut out, value);
        assert_eq!(out, digits.as_bytes());
    }
}
