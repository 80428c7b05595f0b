//! The lines of a file that rows are written into.
//!
//! A cell has the whole value and not what the screen has room for. Ages are written as times: a file is read later. Everything but whole
//! documents is clean.

use crate::{
    app::wording,
    domain::{
        column::ColumnKind,
        csv,
        finding::Finding,
        markdown,
        patch::Values,
        query::matching::{FieldReader, Subject},
        summary, text,
        time::Millis,
    },
};

use super::{Format, Row, Rows, Source};

/// Writes rows in one format.
#[derive(Debug, Clone)]
pub struct Sheet {
    format: Format,
    columns: Vec<Column>,
    about: String,
    now: Millis,
}

/// Whether a row has been added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It has.
    Yes,
    /// It has no document, or one that cannot be read.
    LeftOut,
}

#[derive(Debug, Clone)]
enum Column {
    Uid,
    Table(ColumnKind),
    Field(String, FieldReader),
    Staged,
}

impl Sheet {
    /// The sheet of these rows. A spreadsheet has the uid first, so that its lines can be told apart and found again; what is staged has a
    /// column wherever anything is.
    pub fn of(rows: &Rows) -> Self {
        let mut columns = Vec::new();
        if rows.format != Format::Jsonl {
            let has_uid = rows.columns.iter().any(|column| column.field().is_some_and(|field| field.name() == "uid"));
            if rows.format == Format::Csv && !has_uid {
                columns.push(Column::Uid);
            }
            columns.extend(rows.columns.iter().map(|column| match column {
                ColumnKind::Ocsf(field) => Column::Field(field.name().to_owned(), FieldReader::new(field)),
                column => Column::Table(column.clone()),
            }));
            if rows.rows.iter().any(|row| row.staged.is_some()) {
                columns.push(Column::Staged);
            }
        }
        Self { format: rows.format, columns, about: rows.about.clone(), now: rows.now }
    }

    /// What stands above the rows.
    pub fn head(&self) -> String {
        let mut out = String::new();
        let titles = self.columns.iter().map(Column::title);
        match self.format {
            Format::Jsonl => {}
            Format::Csv => csv::add_line(titles, &mut out),
            Format::Markdown => {
                markdown::add_text(&self.about, &mut out);
                out.push_str("\n\n");
                markdown::add_line(titles, &mut out);
                markdown::add_rule(self.columns.len(), &mut out);
            }
        }
        out
    }

    /// Adds a row; `document` is its document, where it could be brought back.
    pub fn add(&self, row: &Row, document: Option<&str>, out: &mut String) -> Added {
        match (self.format, document) {
            (Format::Jsonl, Some(document)) => {
                text::add_on_one_line(document, out);
                out.push('\n');
            }
            (Format::Jsonl, None) => return Added::LeftOut,
            (Format::Csv, document) => csv::add_line(self.cells(row, document), out),
            (Format::Markdown, document) => markdown::add_line(self.cells(row, document), out),
        }
        Added::Yes
    }

    fn cells(&self, row: &Row, document: Option<&str>) -> Vec<String> {
        let finding = match (document, &row.source) {
            (Some(document), _) => Finding::parse(document),
            (None, Source::Unread(identity)) => Finding::unread(identity.clone()),
            (None, Source::Document(..)) => Finding::parse(""),
        };
        // Read once, and only where a column needs it.
        let needs = self.columns.iter().any(|column| matches!(column, Column::Field(..)));
        let document = document.filter(|_| needs).and_then(summary::read_document);
        let cell = |column: &Column| match column {
            Column::Uid if !finding.identity.is_addressable() => String::new(),
            Column::Uid => text::clean(finding.identity.shown()).into_owned(),
            Column::Table(column) => value(column, &finding, &row.values),
            Column::Field(_, reader) => {
                let Some(document) = &document else { return String::new() };
                let subject = Subject { identity: &finding.identity, document, now: self.now, values: Some(&row.values) };
                text::clean(reader.texts(&subject).join(", ").trim()).into_owned()
            }
            Column::Staged => row.staged.as_ref().map(wording::patch).unwrap_or_default(),
        };
        self.columns.iter().map(cell).collect()
    }
}

impl Column {
    fn title(&self) -> &str {
        match self {
            Self::Uid => "uid",
            Self::Table(ColumnKind::Age) => "created",
            Self::Table(column) => column.word(),
            Self::Field(name, _) => name,
            Self::Staged => "staged",
        }
    }
}

/// What a column of the table holds. What an update can change is what the row has by now.
fn value(column: &ColumnKind, finding: &Finding, now: &Values) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let time = |time: Option<Millis>| time.map(Millis::shown).unwrap_or_default();
    match column {
        ColumnKind::Severity => match &finding.severity_text {
            // The source's own word, as long as it is the document's severity.
            Some(word) if finding.severity == now.severity => word.clone(),
            _ => now.severity.map(wording::severity_caption).unwrap_or_default(),
        },
        ColumnKind::Status => match &finding.status_text {
            Some(word) if finding.status == now.status => word.clone(),
            _ => now.status.map(wording::status_caption).unwrap_or_default(),
        },
        ColumnKind::Comment => now.comment.as_deref().map(|comment| text::clean(comment).into_owned()).unwrap_or_default(),
        ColumnKind::Age => time(finding.created),
        ColumnKind::Modified => time(finding.modified),
        ColumnKind::Account if finding.account_name.is_some() => text(&finding.account_name),
        ColumnKind::Account | ColumnKind::AccountId => text(&finding.account),
        ColumnKind::Region => text(&finding.region),
        ColumnKind::Product => text(&finding.product),
        ColumnKind::Control => text(&finding.control),
        ColumnKind::Title => text(&finding.title),
        ColumnKind::Resource => text(&finding.resource),
        ColumnKind::Type => text(&finding.resource_type),
        // Read from the document, elsewhere.
        ColumnKind::Ocsf(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::{
        domain::{column::Column as Chosen, identity::Identity, patch::Patch, severity::SeverityId, status::StatusId},
        findings::archive::SealedPage,
    };

    const DOCUMENT: &str = r#"{"metadata":{"uid":"u1","product":{"name":"GuardDuty"}},"severity_id":4,"severity":"High","status_id":1,"status":"New",
        "finding_info":{"title":"a | b, \"c\"","created_time":1758266357000},"cloud":{"account":{"uid":"111122223333"},"region":"eu-west-1"},
        "resources":[{"uid":"=cmd|x","type":"AWS::S3::Bucket"}],"vulnerabilities":[{"cve":{"uid":"CVE-1"}},{"cve":{"uid":"CVE-2"}}]}"#;

    fn rows(format: Format, columns: &[&str], documents: &[String]) -> Rows {
        let page = SealedPage::seal(documents);
        let values = |at: usize| {
            let finding = &page.findings[at];
            Values { status: finding.status, severity: finding.severity, comment: finding.comment.clone() }
        };
        let row = |at| Row { source: Source::Document(page.archive.clone(), at), values: values(at), staged: None };
        Rows {
            format,
            rows: (0..documents.len()).map(row).collect(),
            columns: Chosen::list(columns).unwrap().into_iter().map(|column| column.what).collect(),
            about: "2 findings of `status:new`".to_owned(),
            now: Millis(1_790_000_000_000),
        }
    }

    fn written(rows: &Rows, documents: &[String]) -> String {
        let sheet = Sheet::of(rows);
        let mut out = sheet.head();
        for (row, document) in rows.rows.iter().zip(documents) {
            assert_eq!(sheet.add(row, Some(document), &mut out), Added::Yes);
        }
        out
    }

    #[test]
    fn a_spreadsheet_has_the_uid_and_the_columns_of_the_table_whole_and_without_formulas() {
        let documents = [DOCUMENT.to_owned()];
        let rows = rows(Format::Csv, &["severity", "status", "age", "account", "title:2", "resource", "cve"], &documents);
        assert_eq!(
            written(&rows, &documents),
            "uid,severity,status,created,account,title,resource,cve\n\
             u1,High,New,\"2025-09-19 07:19:17Z\",111122223333,\"a | b, \"\"c\"\"\",\"'=cmd|x\",\"CVE-1, CVE-2\"\n"
        );
    }

    #[test]
    fn values_are_those_of_the_row_and_what_is_staged_has_a_column_of_its_own() {
        let documents = [DOCUMENT.to_owned(), DOCUMENT.replace("u1", "u2")];
        let mut rows = rows(Format::Csv, &["severity", "status", "comment", "uid"], &documents);
        rows.rows[0].values =
            Values { status: Some(StatusId::RESOLVED), severity: Some(SeverityId::LOW), comment: Some("d\u{202e}one".into()) };
        rows.rows[1].staged = Some(Patch::status(StatusId::SUPPRESSED));
        assert_eq!(
            written(&rows, &documents),
            "severity,status,comment,uid,staged\nLow,Resolved,done,u1,\nHigh,New,,u2,\"status → Suppressed\"\n"
                .replace("done", "d<U+202E>one")
        );
    }

    #[test]
    fn a_ticket_has_a_line_of_what_it_is_and_a_table_whose_cells_are_only_text() {
        let documents = [DOCUMENT.to_owned()];
        let rows = rows(Format::Markdown, &["severity", "title", "resource"], &documents);
        assert_eq!(
            written(&rows, &documents),
            "2 findings of \\`status:new\\`\n\n| severity | title | resource |\n| --- | --- | --- |\n| High | a \\| b, \"c\" | =cmd\\|x |\n"
        );
    }

    #[test]
    fn documents_are_written_as_they_came_a_line_each() {
        let documents = [DOCUMENT.to_owned(), "{\"a\":\"\u{202e}\\n\",\"a\":1.50}".to_owned()];
        let rows = rows(Format::Jsonl, &["severity"], &documents);
        assert_eq!(written(&rows, &documents), format!("{}\n{}\n", DOCUMENT.replace('\n', " "), documents[1]));
    }

    #[test]
    fn a_row_without_a_document_has_what_is_known_of_it() {
        let mut rows = rows(Format::Csv, &["severity", "status", "title", "cve"], &[]);
        let values = Values { status: Some(StatusId::NEW), ..Values::default() };
        rows.rows.push(Row { source: Source::Unread(Identity::MetadataUid("u9".into())), values, staged: None });
        let mut out = String::new();
        assert_eq!(Sheet::of(&rows).add(&rows.rows[0], None, &mut out), Added::Yes);
        assert_eq!(out, "u9,,New,,\n");
        rows.format = Format::Jsonl;
        assert_eq!(Sheet::of(&rows).add(&rows.rows[0], None, &mut out), Added::LeftOut);
    }

    #[test]
    fn hostile_findings_stay_in_their_cells() {
        let documents: Vec<String> =
            include_str!("../../../assets/demo/hostile.jsonl").lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
        assert!(documents.len() > 5);
        let names: Vec<&str> = ColumnKind::BUILT_IN.each_ref().map(ColumnKind::word).into_iter().chain(["resources.uid", "tag"]).collect();
        let csv = written(&rows(Format::Csv, &names, &documents), &documents);
        assert!(!csv.chars().any(|c| c != '\n' && text::is_hidden(c)));
        assert_eq!(csv.lines().count(), documents.len() + 1);
        let markdown = written(&rows(Format::Markdown, &names, &documents), &documents);
        assert!(!markdown.chars().any(|c| c != '\n' && text::is_hidden(c)));
        assert_eq!(markdown.lines().count(), documents.len() + 4);
        assert_eq!(written(&rows(Format::Jsonl, &names, &documents), &documents), documents.join("\n") + "\n");
    }
}
