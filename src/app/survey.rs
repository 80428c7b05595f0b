//! Going through the documents of loaded rows, off the loop: what is looked for, and what was found.
//!
//! Plain data. `runtime` does the reading; of each kind of survey only the newest goes on.

use crate::{
    domain::{
        query::{Query, field::Field},
        row::RowId,
    },
    findings::{held::Gathering, row_set::RowSet},
};

use super::{event::RequestId, model::RangeKind};

/// What a survey is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Survey {
    /// Which rows match. A query of named findings matches none: whose rows they are is known without their documents.
    Query(Query),
    /// What each row has at these fields: short names or paths of a document, as a query names them.
    Values(Vec<String>),
}

/// Kinds of surveys: a newer one takes the place of one of its kind that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SurveyKind {
    /// Of a query.
    Query,
    /// Of values.
    Values,
}

impl Survey {
    /// Its kind.
    pub const fn kind(&self) -> SurveyKind {
        match self {
            Self::Query(_) => SurveyKind::Query,
            Self::Values(_) => SurveyKind::Values,
        }
    }
}

/// What a survey found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The rows that match; comes once, at the end.
    Rows(RowSet),
    /// For each of some rows a text for each field, in the order asked: several values joined by `, `, clean, at most 512 characters, empty
    /// where there is none. Comes in parts; each row once.
    Values(Vec<(RowId, Box<[String]>)>),
}

/// How far a survey is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Covered {
    /// Rows that were looked at.
    pub done: usize,
    /// Rows in all.
    pub of: usize,
    /// Of those that were looked at, rows whose document cannot be read: they match nothing, and have no values.
    pub unreadable: usize,
}

/// The surveys that something waits for.
#[derive(Debug, Clone, Default)]
pub struct Surveys {
    /// Marking by a query.
    pub marking: Option<Marking>,
    /// The values of shown columns.
    pub values: Option<Values>,
}

/// What documents have at the fields of shown columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The survey.
    pub request: RequestId,
    /// The fields, in the order of its answers.
    pub fields: Vec<Field>,
    /// How many rows it is of.
    pub of: usize,
    /// Rows that it has not answered yet; at its end those have nothing there.
    pub rows: RowSet,
}

/// Marks or unmarks the rows that match, once they are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Marking {
    /// The survey.
    pub request: RequestId,
    /// What becomes of the rows that match.
    pub kind: RangeKind,
    /// Rows that were asked about, those without a document included.
    pub asked: usize,
    /// How far it is.
    pub covered: Covered,
    /// Rows that match, as their columns tell.
    pub known: RowSet,
    /// Rows whose columns do not tell and that have no document.
    pub without: usize,
    /// The survey, until the documents that it is to go through are put together.
    pub asking: Option<Asking>,
}

/// A survey that is about to be asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// What is looked for.
    pub query: Query,
    /// Where.
    pub gathering: Gathering,
}

impl Surveys {
    /// Whether documents are still put together for a survey.
    pub fn is_asking(&self) -> bool {
        self.marking.as_ref().is_some_and(|marking| marking.asking.is_some())
    }
}
