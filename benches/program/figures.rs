//! What was measured, and its printing: one table for any number of programs.

use std::time::Duration;

use crate::{budgets::Budget, terminal::Answer};

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Milliseconds.
    Millis,
    /// Microseconds of work of the processor.
    Work,
    /// Seconds.
    Seconds,
    Bytes,
    BytesASecond,
    /// Millions of bytes.
    Megabytes,
}

impl Unit {
    const fn word(self) -> &'static str {
        match self {
            Self::Millis => "ms",
            Self::Work => "us",
            Self::Seconds => "s",
            Self::Bytes => "B",
            Self::BytesASecond => "B/s",
            Self::Megabytes => "MB",
        }
    }

    /// Whether it is the same however busy the machine is.
    pub(crate) const fn is_counted(self) -> bool {
        match self {
            Self::Bytes | Self::BytesASecond | Self::Megabytes => true,
            Self::Millis | Self::Work | Self::Seconds => false,
        }
    }

    fn written(self, value: f64) -> String {
        match self {
            Self::Bytes | Self::BytesASecond | Self::Work => format!("{value:.0}"),
            Self::Millis | Self::Seconds => format!("{value:.2}"),
            Self::Megabytes => format!("{value:.1}"),
        }
    }
}

/// One figure and every time that it was measured.
struct Figure {
    name: String,
    unit: Unit,
    samples: Vec<f64>,
}

impl Figure {
    /// The sample that so many per cent do not pass.
    fn at(&self, percent: usize) -> f64 {
        let mut sorted = self.samples.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// The figures of one program, in the order in which they came first.
#[derive(Default)]
pub(crate) struct Figures(Vec<Figure>);

impl Figures {
    /// Takes one sample.
    pub(crate) fn add(&mut self, name: &str, unit: Unit, value: f64) {
        match self.0.iter_mut().find(|figure| figure.name == name) {
            Some(figure) => figure.samples.push(value),
            None => self.0.push(Figure { name: name.to_owned(), unit, samples: vec![value] }),
        }
    }

    /// Takes a time in milliseconds.
    pub(crate) fn time(&mut self, name: &str, time: Duration) {
        self.add(name, Unit::Millis, time.as_secs_f64() * 1_000.0);
    }

    /// Takes what came of a key: until its last byte, and how many bytes.
    pub(crate) fn key(&mut self, name: &str, answer: Answer) {
        self.time(&format!("{name}, last byte"), answer.last);
        self.add(&format!("{name}, bytes"), Unit::Bytes, answer.bytes as f64);
    }

    /// The same and until the first byte, where that is much earlier.
    pub(crate) fn work(&mut self, name: &str, answer: Answer) {
        self.time(&format!("{name}, first byte"), answer.first);
        self.key(name, answer);
    }

    fn find(&self, name: &str) -> Option<&Figure> {
        self.0.iter().find(|figure| figure.name == name)
    }

    /// The median of a figure.
    pub(crate) fn median(&self, name: &str) -> Option<f64> {
        self.find(name).map(|figure| figure.at(50))
    }
}

/// A budget that was missed.
pub(crate) struct Missed {
    /// A line that says so.
    pub(crate) what: String,
    pub(crate) unit: Unit,
}

/// How the table is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For reading.
    Aligned,
    /// For another program: a line a figure, cells apart by tabs.
    Tabs,
}

/// The figures of several programs beside each other, with the budgets of the first; gives the figures that miss theirs.
pub(crate) fn print(all: &[(String, Figures)], budgets: &[Budget], size: usize, form: Form) -> Vec<Missed> {
    let mut names: Vec<(&str, Unit)> = Vec::new();
    for figure in all.iter().flat_map(|(_, figures)| &figures.0) {
        if !names.iter().any(|(name, _)| *name == figure.name) {
            names.push((&figure.name, figure.unit));
        }
    }
    let mut missed = Vec::new();
    let heads: Vec<String> = all.iter().flat_map(|(program, _)| [program.clone(), "95 %".to_owned()]).collect();
    line(form, "", "", &heads, "budget", "");
    for (name, unit) in names {
        let budget = budgets.iter().find(|budget| budget.figure == name && budget.is_for(size));
        let cells: Vec<String> = all
            .iter()
            .flat_map(|(_, figures)| match figures.find(name) {
                Some(figure) => [unit.written(figure.at(50)), unit.written(figure.at(95))],
                None => ["-".to_owned(), "-".to_owned()],
            })
            .collect();
        let median = all.first().and_then(|(_, figures)| figures.median(name));
        let verdict = match (budget, median) {
            (Some(budget), Some(median)) if median > budget.most => {
                let what = format!("{name} at {size}: {} {}, and the budget is {}", unit.written(median), unit.word(), budget.most);
                missed.push(Missed { what, unit });
                "MISSED"
            }
            _ => "",
        };
        let most = budget.map(|budget| budget.most.to_string()).unwrap_or_default();
        line(form, name, unit.word(), &cells, &most, verdict);
    }
    missed
}

fn line(form: Form, name: &str, unit: &str, cells: &[String], budget: &str, verdict: &str) {
    match form {
        Form::Aligned => {
            let cells = cells.iter().map(|cell| format!("{cell:>9}")).collect::<Vec<_>>().join(" ");
            println!("{}", format!("{name:<54} {unit:>3} {cells} {budget:>7} {verdict}").trim_end());
        }
        Form::Tabs => println!("{name}\t{unit}\t{}\t{budget}\t{verdict}", cells.join("\t")),
    }
}
