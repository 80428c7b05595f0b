//! What the colours must come to: contrast as WCAG 2.2 computes it, and what is left of their differences with other kinds of sight.

#![expect(clippy::panic, reason = "a colour of another kind is a failed test")]

use ratatui::style::{Color, Modifier, Style};

use super::{Colours, Glyphs, Ink, Theme};
use crate::domain::severity::SeverityId;

/// Linear red, green and blue, each of one.
type Light = [f64; 3];

/// The sixteen as xterm and as the VGA have them, which is what most palettes are near to.
const PALETTES: [[(u8, u8, u8); 16]; 2] = [
    [
        (0, 0, 0),
        (205, 0, 0),
        (0, 205, 0),
        (205, 205, 0),
        (0, 0, 238),
        (205, 0, 205),
        (0, 205, 205),
        (229, 229, 229),
        (127, 127, 127),
        (255, 0, 0),
        (0, 255, 0),
        (255, 255, 0),
        (92, 92, 255),
        (255, 0, 255),
        (0, 255, 255),
        (255, 255, 255),
    ],
    [
        (0, 0, 0),
        (170, 0, 0),
        (0, 170, 0),
        (170, 85, 0),
        (0, 0, 170),
        (170, 0, 170),
        (0, 170, 170),
        (170, 170, 170),
        (85, 85, 85),
        (255, 85, 85),
        (85, 255, 85),
        (255, 255, 85),
        (85, 85, 255),
        (255, 85, 255),
        (85, 255, 255),
        (255, 255, 255),
    ],
];

/// Sight without one of the three kinds of cones, as matrices of linear light: Machado, Oliveira and Fernandes, "A Physiologically-based
/// Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (2009), table 1, severity 1.0. The first is usual sight.
const SIGHTS: [(&str, [Light; 3]); 4] = [
    ("usual", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]]),
    ("deuteranopia", [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]]),
    ("tritanopia", [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]]),
];

fn linear((r, g, b): (u8, u8, u8)) -> Light {
    [r, g, b].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

/// The light of a colour; of the sixteen in one of the palettes.
fn light(colour: Color, palette: usize) -> Light {
    let named = |at: usize| linear(PALETTES[palette][at]);
    match colour {
        Color::Rgb(r, g, b) => linear((r, g, b)),
        Color::Indexed(at @ 16..=231) => {
            let step = |step: u8| [0, 95, 135, 175, 215, 255][usize::from(step)];
            let at = at - 16;
            linear((step(at / 36), step(at / 6 % 6), step(at % 6)))
        }
        Color::Indexed(at @ 232..) => linear((8 + 10 * (at - 232), 8 + 10 * (at - 232), 8 + 10 * (at - 232))),
        Color::Black => named(0),
        Color::Gray => named(7),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightCyan => named(14),
        Color::White => named(15),
        other => panic!("{other:?} is in none of these themes"),
    }
}

fn luminance([r, g, b]: Light) -> f64 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Light, b: Light) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

/// A colour as it is seen, in CIE L*a*b*.
fn seen(light: Light, sight: &[Light; 3]) -> [f64; 3] {
    let of = |row: &Light| row.iter().zip(light).map(|(factor, part)| factor * part).sum::<f64>();
    let remains = sight.map(|row| of(&row).clamp(0.0, 1.0));
    // From linear sRGB to XYZ, each relative to its white.
    let [x, y, z] = [
        ([0.412_456, 0.357_576, 0.180_438], 0.950_47),
        ([0.212_673, 0.715_152, 0.072_175], 1.0),
        ([0.019_334, 0.119_192, 0.950_304], 1.088_83),
    ]
    .map(|(row, white): (Light, f64)| row.iter().zip(remains).map(|(factor, part)| factor * part).sum::<f64>() / white)
    .map(|part| if part > 216.0 / 24_389.0 { part.cbrt() } else { (24_389.0 / 27.0 * part + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// Every style of a theme with its name.
fn styles(theme: Theme) -> Vec<(String, Style)> {
    let inks = Ink::ALL.iter().map(|&ink| (format!("{ink:?}"), theme.style(ink)));
    inks.chain(SeverityId::OFFERED.map(|id| (format!("{id:?}"), theme.severity(id)))).collect()
}

const fn theme(colours: Colours) -> Theme {
    Theme::new(colours, Glyphs::Unicode)
}

#[test]
fn without_colours_no_style_has_any_and_only_modifiers_that_every_terminal_shows() {
    let allowed = Modifier::BOLD | Modifier::REVERSED | Modifier::UNDERLINED;
    for (name, style) in styles(theme(Colours::None)) {
        assert_eq!((style.fg, style.bg), (None, None), "{name}");
        assert!(allowed.contains(style.add_modifier), "{name}: {style:?}");
    }
}

#[test]
fn only_the_sixteen_dim_and_a_theme_that_has_a_ground_has_both_its_colours() {
    for colours in Colours::ALL {
        let ground = theme(colours).ground();
        assert_eq!(ground.fg.is_some(), ground.bg.is_some());
        let dims = styles(theme(colours)).iter().any(|(_, style)| style.add_modifier.contains(Modifier::DIM));
        assert_eq!(dims, colours == Colours::Sixteen, "{colours:?}");
    }
}

#[test]
fn every_ink_is_readable_on_the_ground_of_its_theme() {
    for (colours, least) in [(Colours::Truecolour, 4.5), (Colours::ColourBlind, 4.5), (Colours::HighContrast, 7.0)] {
        let theme = theme(colours);
        let ground = theme.ground();
        for (name, style) in styles(theme) {
            for palette in 0..PALETTES.len() {
                let ink = light(style.fg.or(ground.fg).unwrap_or_default(), palette);
                // Reversed, it is the same the other way round.
                let reached = contrast(ink, light(style.bg.or(ground.bg).unwrap_or_default(), palette));
                assert!(reached >= least, "{colours:?}: {name} has {reached:.1}");
            }
        }
    }
}

#[test]
fn high_contrast_has_the_sixteen_only() {
    for (name, style) in styles(theme(Colours::HighContrast)) {
        assert!(!matches!(style.fg, Some(Color::Rgb(..) | Color::Indexed(_))) && style.bg.is_none(), "{name}: {style:?}");
    }
}

#[test]
fn what_must_be_told_apart_differs_with_every_kind_of_sight_and_severities_in_lightness_too() {
    let theme = theme(Colours::ColourBlind);
    let states = [Ink::Marked, Ink::Staged, Ink::Sending, Ink::Problem, Ink::Processed, Ink::New].map(|ink| theme.style(ink));
    let severities = [SeverityId::CRITICAL, SeverityId::HIGH, SeverityId::MEDIUM, SeverityId::LOW].map(|id| theme.severity(id));
    // Two to three is what an eye can just tell apart side by side; these stand far from each other.
    for (styles, least, least_lightness) in [(states.as_slice(), 25.0, 0.0), (&severities, 25.0, 7.5)] {
        for (name, sight) in SIGHTS {
            let seen: Vec<[f64; 3]> = styles.iter().filter_map(|style| style.fg).map(|fg| seen(light(fg, 0), &sight)).collect();
            assert_eq!(seen.len(), styles.len());
            for (at, a) in seen.iter().enumerate() {
                for (other, b) in seen.iter().enumerate().skip(at + 1) {
                    let (apart, lighter) = (distance(*a, *b), (a[0] - b[0]).abs());
                    assert!(apart >= least && lighter >= least_lightness, "{name}: {at} and {other}: {apart:.0}, {lighter:.1}");
                }
            }
        }
    }
}
