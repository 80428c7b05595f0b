//! How findings are written: columns for the eye, values for a spreadsheet, documents for programs.
//!
//! Texts of a row are clean already (`domain::finding`), identities and documents are not. A document is written as it came, but for a
//! terminal, where what it must not see is written as JSON escapes: the same document to every reader of JSON.

use std::fmt::Write;

use crate::{
    cli::Form,
    domain::{
        csv,
        finding::Finding,
        identity::Identity,
        text::{self, Cut},
        time::Millis,
    },
    report::Stream,
};

use super::pages::Arrived;

/// The width of a table that is not written to a terminal.
pub const USUAL_COLUMNS: usize = 120;

/// Writes findings in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sheet {
    /// Columns.
    Table(Table),
    /// Documents, a line each.
    Documents(Stream),
    /// Comma-separated values.
    Values,
}

impl Sheet {
    /// A form for a stream; `columns` is the terminal's width, `now` what ages are counted from.
    pub fn new(form: Form, stream: Stream, columns: usize, now: Millis) -> Self {
        match form {
            Form::Table => Self::Table(Table::new(columns, now)),
            Form::Jsonl => Self::Documents(stream),
            Form::Csv => Self::Values,
        }
    }

    /// What stands above the findings, with its line break.
    pub fn head(&self) -> String {
        match self {
            Self::Table(table) => table.head(),
            Self::Documents(_) => String::new(),
            Self::Values => {
                let mut line = String::new();
                csv::add_line(HEAD, &mut line);
                line
            }
        }
    }

    /// Adds a finding's line, with its line break.
    pub fn add(&self, arrived: &Arrived, out: &mut String) {
        match self {
            Self::Table(table) => table.add(&arrived.finding, out),
            Self::Documents(Stream::Other) => text::add_on_one_line(&arrived.document, out),
            Self::Documents(Stream::Terminal) => out.push_str(&text::escape_json(arrived.document.trim())),
            // Ends its line by itself.
            Self::Values => return add_values(&arrived.finding, out),
        }
        out.push('\n');
    }
}

/// The columns of a table, by the width there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<(Column, usize)>,
    now: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Severity,
    Status,
    Age,
    Account,
    Region,
    Product,
    Control,
    Title,
}

impl Column {
    /// In the order they stand, with their widths; the title takes what is left.
    const ALL: [(Self, usize); 8] = [
        (Self::Severity, 13),
        (Self::Status, 11),
        (Self::Age, 4),
        (Self::Account, 14),
        (Self::Region, 12),
        (Self::Product, 12),
        (Self::Control, 14),
        (Self::Title, 0),
    ];

    /// What goes first where there is no room for a title.
    const SPARED: [Self; 5] = [Self::Product, Self::Region, Self::Control, Self::Age, Self::Account];

    const fn head(self) -> &'static str {
        match self {
            Self::Severity => "SEVERITY",
            Self::Status => "STATUS",
            Self::Age => "AGE",
            Self::Account => "ACCOUNT",
            Self::Region => "REGION",
            Self::Product => "PRODUCT",
            Self::Control => "CONTROL/CVE",
            Self::Title => "TITLE",
        }
    }

    /// Ends of account names differ more often than their middles: prod, dev.
    const fn cut(self) -> Cut {
        match self {
            Self::Account | Self::Region => Cut::Middle,
            _ => Cut::End,
        }
    }
}

/// Least columns for a title.
const MIN_TITLE: usize = 30;

impl Table {
    fn new(width: usize, now: Millis) -> Self {
        let mut columns = Column::ALL.to_vec();
        let left = |columns: &[(Column, usize)]| {
            let taken: usize = columns.iter().map(|(_, wide)| wide + 1).sum();
            width.saturating_sub(taken.saturating_sub(1))
        };
        for spared in Column::SPARED {
            if left(&columns) >= MIN_TITLE {
                break;
            }
            columns.retain(|(column, _)| *column != spared);
        }
        let title = left(&columns).max(1);
        for (column, wide) in &mut columns {
            if *column == Column::Title {
                *wide = title;
            }
        }
        Self { columns, now }
    }

    fn head(&self) -> String {
        let mut line = String::new();
        self.cells(|column| column.head().to_owned(), &mut line);
        line.push('\n');
        line
    }

    fn add(&self, finding: &Finding, out: &mut String) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        self.cells(
            |column| match column {
                Column::Severity => severity(finding),
                Column::Status => status(finding),
                Column::Age => finding.created.map(|created| created.age(self.now).to_string()).unwrap_or_default(),
                Column::Account => text(if finding.account_name.is_some() { &finding.account_name } else { &finding.account }),
                Column::Region => text(&finding.region),
                Column::Product => text(&finding.product),
                Column::Control => text(&finding.control),
                Column::Title => text(&finding.title),
            },
            out,
        );
    }

    fn cells(&self, cell: impl Fn(Column) -> String, out: &mut String) {
        let began = out.len();
        for (at, &(column, wide)) in self.columns.iter().enumerate() {
            let text = cell(column);
            let text = text::fit(&text, wide, column.cut());
            let pad = " ".repeat(wide.saturating_sub(text::width(&text)));
            let space = if at > 0 { " " } else { "" };
            if column == Column::Age {
                let _ = write!(out, "{space}{pad}{text}");
            } else {
                let _ = write!(out, "{space}{text}{pad}");
            }
        }
        let used = out.get(began..).unwrap_or_default().trim_end().len();
        out.truncate(began + used);
    }
}

/// The source's own word, or the caption.
fn severity(finding: &Finding) -> String {
    word(finding.severity_text.as_ref(), finding.severity.map(|id| (id.caption(), id.0)))
}

fn status(finding: &Finding) -> String {
    word(finding.status_text.as_ref(), finding.status.map(|id| (id.caption(), id.0)))
}

fn word(text: Option<&String>, id: Option<(Option<&'static str>, i32)>) -> String {
    match (text, id) {
        (Some(text), _) => text.clone(),
        (None, Some((Some(caption), _))) => caption.to_owned(),
        (None, Some((None, id))) => id.to_string(),
        (None, None) => String::new(),
    }
}

/// The first line of comma-separated values.
const HEAD: [&str; 18] = [
    "uid",
    "addressed_by",
    "severity_id",
    "severity",
    "status_id",
    "status",
    "created",
    "modified",
    "account",
    "account_name",
    "region",
    "product",
    "control",
    "title",
    "resource",
    "resource_type",
    "resource_count",
    "comment",
];

fn add_values(finding: &Finding, out: &mut String) {
    let (uid, by) = match &finding.identity {
        Identity::MetadataUid(uid) => (uid.as_str(), "metadata.uid"),
        Identity::Identifier(identifier) => (identifier.finding_uid.as_str(), "identifier"),
        Identity::Unaddressable(_) => ("", ""),
    };
    let number = |id: Option<i32>| id.map(|id| id.to_string()).unwrap_or_default();
    let time = |time: Option<Millis>| time.map(Millis::shown).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells: [String; HEAD.len()] = [
        text::clean(uid).into_owned(),
        by.to_owned(),
        number(finding.severity.map(|id| id.0)),
        severity(finding),
        number(finding.status.map(|id| id.0)),
        status(finding),
        time(finding.created),
        time(finding.modified),
        text(&finding.account),
        text(&finding.account_name),
        text(&finding.region),
        text(&finding.product),
        text(&finding.control),
        text(&finding.title),
        text(&finding.resource),
        text(&finding.resource_type),
        finding.resource_count.to_string(),
        text(&finding.comment),
    ];
    csv::add_line(&cells, out);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    const NOW: Millis = Millis(1_758_273_557_000);

    fn arrived(document: &str) -> Arrived {
        Arrived { finding: Finding::parse(document), document: document.to_owned() }
    }

    fn written(form: Form, stream: Stream, columns: usize, document: &str) -> String {
        let sheet = Sheet::new(form, stream, columns, NOW);
        let mut out = String::new();
        sheet.add(&arrived(document), &mut out);
        out
    }

    const WIDE: &str = r#"{"severity_id":4,"severity":"High","status_id":2,"status":"In Progress","metadata":{"uid":"u","product":{"name":"GuardDuty"}},
        "finding_info":{"title":"会会会会会会会会会会会会会会会会会会会会会会会会会会会会会会会会会会会会 \u001b[31m\u202e","created_time":1758266357000},
        "cloud":{"account":{"uid":"111122223333","name":"a-very-long-name-of-an-account-prod"},"region":"eu-west-1"},"compliance":{"control":"S3.8"}}"#;

    #[test]
    fn a_table_never_is_wider_than_the_terminal_and_gives_up_columns_before_the_title() {
        for columns in [40, 60, 80, 100, 120, 200] {
            let sheet = Sheet::new(Form::Table, Stream::Terminal, columns, NOW);
            let line = written(Form::Table, Stream::Terminal, columns, WIDE);
            for line in [sheet.head().as_str(), &line] {
                assert!(text::width(line.trim_end_matches('\n')) <= columns, "{columns}: {line}");
                assert!(!line.trim_end_matches('\n').contains(char::is_control), "{line:?}");
            }
            assert!(sheet.head().contains("TITLE") && sheet.head().contains("SEVERITY"), "{columns}");
            assert_eq!(sheet.head().contains("PRODUCT"), columns >= 120, "{columns}");
        }
        let line = written(Form::Table, Stream::Other, USUAL_COLUMNS, WIDE);
        assert!(line.starts_with("High          In Progress   2h a-ve") && line.contains("-prod eu-west-1"), "{line}");
    }

    #[test]
    fn a_document_stays_as_it_came_on_one_line() {
        let raw = "{\"b\":1.50,\n  \"a\":\"\u{202e}\\n\",\r\n\"b\":2}\n";
        assert_eq!(written(Form::Jsonl, Stream::Other, 0, raw), "{\"b\":1.50,   \"a\":\"\u{202e}\\n\",  \"b\":2}\n");
    }

    #[test]
    fn a_terminal_gets_a_document_that_means_the_same_without_what_it_must_not_see() {
        let raw = "{\"a\":\"x\u{202e}y\u{9b}z\u{7f}\u{e0041}\",\n\t\"b\":1}";
        let line = written(Form::Jsonl, Stream::Terminal, 0, raw);
        assert!(!line.trim_end_matches('\n').contains(text::is_hidden), "{line:?}");
        let [before, after]: [serde_json::Value; 2] = [raw, &line].map(|text| serde_json::from_str(text).unwrap());
        assert_eq!(before, after);
    }

    #[test]
    fn comma_separated_lines_have_as_many_values_as_the_first_and_no_control_characters() {
        let sheet = Sheet::new(Form::Csv, Stream::Other, 0, NOW);
        assert_eq!(sheet.head().trim_end().split(',').count(), 18);
        let line = written(Form::Csv, Stream::Other, 0, &WIDE.replace("\"uid\":\"u\"", "\"uid\":\"=u\\u0007\""));
        assert!(
            line.starts_with("\"'=u<U+0007>\",metadata.uid,4,High,2,\"In Progress\",\"2025-09-19 07:19:17Z\",,111122223333,"),
            "{line}"
        );
        assert!(!line.trim_end_matches('\n').contains(char::is_control));
    }
}
