//! A one-line prompt: what it is for, what is typed, and for queries what may be put in and what is wrong.

use super::{export::Format, line::Line, palette::Listing, trail::Place};
use crate::domain::{
    profile::ProfileName,
    query::{Query, completion::Completion},
    template::Variable,
    text,
};

/// A one-line prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What it is for.
    pub purpose: PromptPurpose,
    /// What is typed.
    pub line: Line,
    /// What was there before, put back by Esc.
    pub before: String,
    /// Where the cursor of the table was; put back by Esc, and what going back leads to once the prompt was accepted.
    pub left: Option<Place>,
    /// What may be put in at the cursor.
    pub completion: Completion,
    /// Which of the offers stands in the text, while they are gone through.
    pub offered: Option<usize>,
    /// Where the list of the palette is.
    pub listing: Listing,
    /// Which of the texts typed before is shown, counted from the latest, and what was typed until then.
    pub former: Option<(usize, String)>,
    /// What is wrong with the text, where it has to be a query or a name.
    pub wrong: Option<WrongText>,
    /// Whether it was tried to accept what is wrong.
    pub verdict: Verdict,
}

/// What keeps a text from being accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongText {
    /// Where, in characters from 1; at most one behind the last.
    pub column: usize,
    /// What is wrong, in words; clean.
    pub why: String,
}

/// Whether it was tried to accept what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    /// It is still being written.
    #[default]
    Open,
    /// It was refused.
    Refused,
}

/// What a prompt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromptPurpose {
    /// Filter the table while typing.
    Filter,
    /// Search in the text underneath.
    Search,
    /// Ask the service for something else.
    Query,
    /// Mark the rows that match a query.
    MarkByQuery,
    /// Unmark the rows that match a query.
    UnmarkByQuery,
    /// Name the filter profile that what is on screen is saved as.
    SaveProfile,
    /// Name the file that the review's plan is saved as.
    SavePlan,
    /// Name the file that rows are exported into.
    Export(Format),
    /// Name the file that the text on the screen is written into.
    SaveText,
    /// Name a column to add.
    AddColumn,
    /// Run an action by its name.
    Command,
    /// Say what a variable of templates is.
    Variable(Variable),
}

impl PromptPurpose {
    /// Whether what is typed has to be a query.
    pub const fn is_query(self) -> bool {
        matches!(self, Self::Query | Self::MarkByQuery | Self::UnmarkByQuery)
    }

    /// Whether what was typed is kept for the next prompt of the kind. A name to save under is another one each time.
    pub const fn is_kept(self) -> bool {
        !matches!(self, Self::SaveProfile | Self::SavePlan | Self::Export(_) | Self::SaveText)
    }

    /// What stands before the text.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Filter => "filter: ",
            Self::Search => "search: ",
            Self::Query => "query: ",
            Self::MarkByQuery => "mark: ",
            Self::UnmarkByQuery => "unmark: ",
            Self::SaveProfile => "save as filter profile: ",
            Self::SavePlan => "save as: ",
            Self::Export(Format::Jsonl) => "export as JSON lines to: ",
            Self::Export(Format::Csv) => "export as CSV to: ",
            Self::Export(Format::Markdown) => "export as Markdown to: ",
            Self::SaveText => "write the text to: ",
            Self::Command => "action: ",
            Self::AddColumn => "column, such as resources.vpc_uid or cve:20: ",
            Self::Variable(Variable::User) => "{user} for this session: ",
            // Nothing else is ever asked.
            Self::Variable(_) => "{ticket} for this session: ",
        }
    }
}

impl Prompt {
    /// A prompt with a text in it that is put back by Esc.
    pub fn new(purpose: PromptPurpose, text: impl Into<String>) -> Self {
        let before = text.into();
        let mut prompt = Self {
            purpose,
            line: Line::new(before.clone()),
            before,
            left: None,
            completion: Completion::default(),
            offered: None,
            listing: Listing::default(),
            former: None,
            wrong: None,
            verdict: Verdict::Open,
        };
        prompt.judge();
        prompt
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        self.line.text()
    }

    /// It is to be taken as it is: what was not wrong while nothing was typed is wrong now.
    pub fn is_taken(&mut self) {
        if self.purpose == PromptPurpose::Query && self.text().trim().is_empty() {
            self.wrong = Some(WrongText { column: 1, why: NOTHING.to_owned() });
        }
        if matches!(self.purpose, PromptPurpose::Variable(_)) && self.text().trim().is_empty() {
            self.wrong = Some(WrongText { column: 1, why: BLANK.to_owned() });
        }
    }

    /// Looks at the text anew, where it has to be a query or a name. An empty query is not wrong yet.
    pub fn judge(&mut self) {
        self.verdict = Verdict::Open;
        self.wrong = match self.purpose {
            PromptPurpose::SaveProfile => wrong_name(self.text()),
            PromptPurpose::Variable(_) => wrong_answer(self.text()),
            purpose if purpose.is_query() => wrong_query(self.text()),
            _ => None,
        };
    }
}

/// Nothing is no query where one is asked: clearing the line and Enter would download a hub.
const NOTHING: &str = "the query is empty; write everything, or a term such as status:new";

/// A comment would have a hole where the answer belongs.
const BLANK: &str = "write what stands in the comments of this session";

/// Most characters of an answer: beside it something of a comment has to fit.
const MAX_ANSWER: usize = 200;

fn wrong_answer(text: &str) -> Option<WrongText> {
    let count = text.trim().chars().count();
    (count > MAX_ANSWER).then(|| WrongText { column: MAX_ANSWER + 1, why: format!("{count} characters; {MAX_ANSWER} are the most") })
}

fn wrong_query(text: &str) -> Option<WrongText> {
    let error = text.parse::<Query>().err()?;
    Some(WrongText { column: error.column, why: text::clean(&error.wrong.to_string()).into_owned() })
}

/// Blanks around a name are no part of it.
fn wrong_name(text: &str) -> Option<WrongText> {
    let (at, error) = ProfileName::wrong(text.trim())?;
    let before = text.chars().take_while(|c| c.is_whitespace()).count();
    Some(WrongText { column: before + at + 1, why: error.to_string() })
}
