//! The pictures of the README, drawn from the program's own screens. `assets/pictures/render` runs this.

use std::{fmt::Write as _, fs, path::Path};

use crate::support::pty::{Pty, Start};

/// Pixels of a cell.
const WIDTH: u32 = 8;
const HEIGHT: u32 = 17;
/// Around the screen.
const MARGIN: u32 = 10;

const PAPER: &str = "#16181d";
const TEXT: &str = "#d6d9e0";
/// The sixteen colours of a terminal.
const PALETTE: [&str; 16] = [
    "#2b2f38", "#e06c6c", "#8fc379", "#d9b45f", "#6aa5e8", "#c08ae0", "#5dbfc7", "#c9ccd3", "#6c7280", "#ff8585", "#a8e08e", "#f5d07a",
    "#8abfff", "#e0a8ff", "#7fe0e8", "#ffffff",
];

/// What a run of cells has in common.
#[derive(Debug, Clone, PartialEq)]
struct Look {
    text: String,
    paper: Option<String>,
    bold: bool,
    dim: bool,
    underline: bool,
}

fn colour(colour: vt100::Color) -> Option<String> {
    match colour {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) => PALETTE.get(usize::from(index)).map(|&hex| hex.to_owned()),
        vt100::Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
    }
}

fn look(cell: &vt100::Cell) -> Look {
    let (mut text, mut paper) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
    if cell.inverse() {
        (text, paper) = (Some(paper.unwrap_or_else(|| PAPER.to_owned())), Some(text.unwrap_or_else(|| TEXT.to_owned())));
    }
    Look { text: text.unwrap_or_else(|| TEXT.to_owned()), paper, bold: cell.bold(), dim: cell.dim(), underline: cell.underline() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A screen as SVG: rectangles for papers, and a text for each run of cells that look the same, stretched to its cells whatever the font.
fn svg(screen: &vt100::Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (u32::from(rows.get()), u32::from(columns.get()));
    let (width, height) = (columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"13\" xml:space=\"preserve\">\n",
        escaped(title)
    );
    for row in 0..rows {
        let mut runs: Vec<(u32, u32, Look, String)> = Vec::new();
        for column in 0..columns {
            let Some(cell) = screen.cell(u16::try_from(row).unwrap(), u16::try_from(column).unwrap()) else { continue };
            if cell.is_wide_continuation() {
                if let Some(run) = runs.last_mut() {
                    run.1 += 1;
                }
                continue;
            }
            let (here, text) = (look(cell), if cell.has_contents() { cell.contents() } else { " " });
            match runs.last_mut() {
                Some((_, cells, look, run)) if *look == here => {
                    *cells += 1;
                    run.push_str(text);
                }
                _ => runs.push((column, 1, here, text.to_owned())),
            }
        }
        for (column, cells, look, text) in runs {
            let (left, top) = (MARGIN + column * WIDTH, MARGIN + row * HEIGHT);
            if let Some(paper) = &look.paper {
                writeln!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{HEIGHT}\" fill=\"{paper}\"/>", cells * WIDTH).unwrap();
            }
            if text.trim().is_empty() {
                continue;
            }
            // Blanks at the ends of a text are stretched by some renderers and dropped by others.
            let indent = u32::try_from(text.chars().take_while(|c| *c == ' ').count()).unwrap();
            let kept = text.trim_end_matches(' ');
            let trimmed = kept.trim_start_matches(' ');
            let length = (cells - indent - u32::try_from(text.len() - kept.len()).unwrap()) * WIDTH;
            let mut style = String::new();
            for (holds, word) in
                [(look.bold, " font-weight=\"bold\""), (look.dim, " opacity=\"0.6\""), (look.underline, " text-decoration=\"underline\"")]
            {
                style.push_str(if holds { word } else { "" });
            }
            writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{style}>{}</text>",
                left + indent * WIDTH,
                top + HEIGHT - 4,
                look.text,
                escaped(trimmed)
            )
            .unwrap();
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn save(pty: &Pty, name: &str, title: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures");
    fs::write(folder.join(name), svg(pty.screen(), title)).unwrap();
}

#[test]
fn a_picture_holds_every_text_of_the_screen_where_it_stands() {
    let mut parser = vt100::Parser::new(2.try_into().unwrap(), 12.try_into().unwrap(), 0);
    parser.process("a \x1b[1;31m<b>\x1b[0m  \x1b[7mc\x1b[0m\r\n  d".as_bytes());
    let svg = svg(parser.screen(), "x");
    let at = |column: u32, row: u32| format!("<text x=\"{}\" y=\"{}\"", MARGIN + column * WIDTH, MARGIN + row * HEIGHT + HEIGHT - 4);
    for (place, end) in [
        (at(0, 0), ">a</text>"),
        (at(2, 0), " font-weight=\"bold\">&lt;b&gt;</text>"),
        (at(7, 0), &format!("fill=\"{PAPER}\">c</text>")),
        (at(2, 1), ">d</text>"),
    ] {
        assert!(svg.lines().any(|line| line.starts_with(&place) && line.ends_with(end)), "{place} {end}: {svg}");
    }
    assert!(svg.contains(&format!("<rect x=\"{}\" y=\"{MARGIN}\" width=\"{WIDTH}\"", MARGIN + 7 * WIDTH)), "{svg}");
}

#[test]
#[ignore = "writes assets/pictures: run assets/pictures/render when a screen has changed"]
fn the_pictures_are_drawn() {
    let size = |arguments: &'static [&'static str]| Start { arguments, columns: 110, rows: 30, ..Start::default() };
    let mut pty = Pty::start(&size(&["demo"]));
    pty.says(&["complete"]);
    pty.send("4j");
    pty.send("  ");
    pty.says(&["2 marked"]);
    pty.send("a");
    pty.says(&["accept-risk"]);
    save(&pty, "recipes.svg", "hubtriage: the picker of recipes");
    pty.send("a");
    pty.says(&["for this session"]);
    pty.send("PAY-1182");
    pty.says(&["PAY-1182"]);
    pty.send("\r");
    pty.says(&["2 staged"]);
    save(&pty, "table.svg", "hubtriage: the table of findings");
    pty.send("w");
    pty.says(&["nothing has been sent"]);
    save(&pty, "review.svg", "hubtriage: the review");
    pty.send("\u{1b}");
    pty.until("the review is left", |pty| !pty.flat().contains("nothing has been sent"));
    pty.send("6jM");
    pty.says(&["1 a"]);
    pty.send("4");
    pty.says(&["3 staged"]);
    pty.send("3");
    pty.says(&["4 staged"]);
    save(&pty, "flow.svg", "hubtriage: flow mode");

    let mut pty = Pty::start(&size(&["demo", "--faults", "demo"]));
    pty.says(&["complete"]);
    pty.send("T");
    pty.says(&["mark:"]);
    pty.send("severity>=critical");
    pty.says(&["mark: severity>=critical"]);
    pty.send("\r");
    pty.until("they are marked", |pty| !pty.flat().contains("mark: severity") && pty.flat().contains("✓"));
    pty.send("s4");
    pty.says(&["staged Resolved"]);
    pty.send("w");
    pty.says(&["nothing has been sent"]);
    pty.send("y");
    pty.says(&["✗ 8"]);
    pty.send("!");
    pty.says(&["Problems"]);
    save(&pty, "problems.svg", "hubtriage: the list of problems");
}
