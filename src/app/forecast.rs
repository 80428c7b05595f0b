//! What a comment that is being written comes to on its rows: how long it gets, how many differ, how many calls that takes.
//!
//! Told at every key, so what it costs is bounded: the rows are sorted into kinds once for each set of variables, and only so many kinds are
//! filled at a key.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::{
    domain::{
        batch::MAX_ROWS,
        comment::{Comment, CommentError},
        decision::{CommentMode, Decision, Left, Wording},
        identity::Identity,
        patch::Patch,
        row::RowId,
        severity::SeverityId,
        status::StatusId,
        template::Variable,
    },
    findings::{chunk::Row, interner::Symbol},
};

use super::{deciding::symbol, model::Model};

/// Most kinds of rows that are filled at a key. Where there are more, the longest of them are, and what is told is about right.
pub const MOST_FILLED: usize = 500;

/// What a comment comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Characters of the longest comment that results, of those too that are too long.
    pub longest: usize,
    /// How many different comments result.
    pub comments: usize,
    /// How many calls they take.
    pub calls: usize,
    /// Rows that get a comment.
    pub rows: usize,
    /// Rows that have a comment already, where it would be replaced or appended to.
    pub existing: usize,
    /// Rows that are left alone since their comment would be too long.
    pub too_long: usize,
    /// Rows that are left alone since a variable has no value there.
    pub without: BTreeMap<Variable, usize>,
    /// The comment of the first row that gets one, where variables are filled in it; clean.
    pub first: Option<String>,
    /// Variables that will be asked for.
    pub asked: Vec<Variable>,
    /// Whether counts are right, and but for what will be asked lengths too.
    pub certainty: Certainty,
}

/// Whether what is told is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Certainty {
    /// It is.
    #[default]
    Exact,
    /// About.
    Rough,
}

/// The rows by what a comment depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    /// What they were sorted for.
    basis: Option<Basis>,
    /// The kinds that are filled at each key: where there are too many, those whose comments are the longest.
    kinds: Vec<Kind>,
    /// Rows of kinds that are not filled.
    unfilled: usize,
    /// Rows that have a comment already.
    existing: usize,
    /// The first row that is of any kind.
    first: Option<RowId>,
    /// How many comments, if all values differ in their texts.
    comments: usize,
    /// How many calls of these and of what is staged already.
    calls: usize,
    /// Rows where a variable has no value.
    without: BTreeMap<Variable, usize>,
}

/// What the kinds hang on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Basis {
    variables: BTreeSet<Variable>,
    mode: CommentMode,
    status: Option<StatusId>,
    severity: Option<SeverityId>,
}

/// Rows that are alike for a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    sample: RowId,
    /// Rows addressed by uid, and by the triple: they never share a call.
    rows: [usize; 2],
    existing: usize,
}

/// What makes two rows alike.
#[derive(PartialEq, Eq, Hash)]
struct Likeness<'a> {
    comment: Of<'a>,
    status: Option<StatusId>,
    severity: Option<SeverityId>,
}

/// What a row's comment is made of.
#[derive(PartialEq, Eq, Hash, Clone, Copy)]
struct Of<'a> {
    values: [Symbol; 4],
    staged: Option<&'a Comment>,
    stored: Symbol,
}

const OF_FINDING: [Variable; 4] = [Variable::Control, Variable::Account, Variable::Resource, Variable::Title];

impl Spread {
    fn of(model: &Model, rows: &[RowId], basis: Basis) -> Self {
        let mut spread = Self::default();
        let mut places: HashMap<Likeness<'_>, usize> = HashMap::new();
        let mut comments: HashSet<Of<'_>> = HashSet::new();
        for &id in rows {
            let Some(row) = model.store.row(id) else { continue };
            let place = match model.store.identity(id) {
                Some(Identity::MetadataUid(_)) => 0,
                Some(Identity::Identifier(_)) => 1,
                Some(Identity::Unaddressable(_)) | None => continue,
            };
            let values = OF_FINDING.map(|variable| if basis.variables.contains(&variable) { symbol(variable, &row) } else { Symbol::NONE });
            let mut used = OF_FINDING.into_iter().zip(values).filter(|(variable, _)| basis.variables.contains(variable));
            if let Some((variable, _)) = used.find(|&(_, value)| model.store.text(value).is_empty()) {
                *spread.without.entry(variable).or_insert(0) += 1;
                continue;
            }
            let staged = model.staging.get(id);
            let appended = basis.mode == CommentMode::Append;
            let old = staged.and_then(|patch| patch.comment.as_ref()).filter(|_| appended);
            let stored = if appended && old.is_none() { row.comment } else { Symbol::NONE };
            let comment = Of { values, staged: old, stored };
            let likeness = Likeness {
                comment,
                status: basis.status.or_else(|| staged?.status),
                severity: basis.severity.or_else(|| staged?.severity),
            };
            spread.first.get_or_insert(id);
            let at = *places.entry(likeness).or_insert_with(|| {
                comments.insert(comment);
                spread.kinds.push(Kind { sample: id, rows: [0; 2], existing: 0 });
                spread.kinds.len() - 1
            });
            if let Some(kind) = spread.kinds.get_mut(at) {
                let [by_uid, by_identifier] = &mut kind.rows;
                *(if place == 0 { by_uid } else { by_identifier }) += 1;
                kind.existing += usize::from(row.comment.is_some() || old.is_some());
            }
        }
        spread.comments = comments.len();
        spread.existing = spread.kinds.iter().map(|kind| kind.existing).sum();
        spread.calls = spread.kinds.iter().map(|kind| calls(kind.rows)).sum();
        if spread.kinds.len() > MOST_FILLED {
            let weight = |kind: &Kind| {
                let Some(row) = model.store.row(kind.sample) else { return 0 };
                let values = basis.variables.iter().map(|&variable| model.store.text(symbol(variable, &row)).len());
                values.sum::<usize>()
                    + if basis.mode == CommentMode::Append { old(model, kind.sample, &row).map_or(0, str::len) } else { 0 }
            };
            spread.kinds.sort_by_cached_key(|kind| std::cmp::Reverse(weight(kind)));
            spread.unfilled = spread.kinds.split_off(MOST_FILLED).iter().flat_map(|kind| kind.rows).sum();
        }
        spread.basis = Some(basis);
        spread
    }
}

/// The comment that a row has staged, or else has.
fn old<'a>(model: &'a Model, id: RowId, row: &Row) -> Option<&'a str> {
    let staged = model.staging.get(id).and_then(|patch| patch.comment.as_ref()).map(Comment::as_str);
    staged.or_else(|| row.comment.is_some().then(|| model.store.text(row.comment)))
}

/// How many calls rows with the same patch take.
fn calls(rows: [usize; 2]) -> usize {
    rows.iter().map(|count| count.div_ceil(MAX_ROWS)).sum()
}

impl Forecast {
    /// What a decision comes to on rows. Without a comment it is nothing. The spread is kept for the next time.
    pub fn of(model: &Model, rows: &[RowId], decision: &Decision, spread: &mut Spread) -> Self {
        let Some(Wording { template, mode }) = &decision.comment else { return Self::default() };
        let used = template.variables();
        let (of_finding, of_session): (BTreeSet<Variable>, BTreeSet<Variable>) = used.iter().partition(|variable| variable.is_of_finding());
        let mut asked = Vec::new();
        let mut session: BTreeMap<Variable, String> = BTreeMap::new();
        for variable in of_session {
            let value = model.session_variable(variable).unwrap_or_else(|| {
                asked.push(variable);
                format!("{{{}}}", variable.name())
            });
            session.insert(variable, value);
        }
        let basis = Basis { variables: of_finding, mode: *mode, status: decision.status, severity: decision.severity };
        if spread.basis.as_ref() != Some(&basis) {
            *spread = Spread::of(model, rows, basis);
        }
        let filled = |id: RowId, filler: &Decision| -> Result<Patch, Left> {
            let Some(row) = model.store.row(id) else { return Ok(Patch::default()) };
            let value =
                |variable: Variable| session.get(&variable).map_or_else(|| model.store.text(symbol(variable, &row)), String::as_str);
            filler.patch(|variable| Some(value(variable)), old(model, id, &row), model.settings.line_breaks)
        };
        let mut forecast = Self { without: spread.without.clone(), ..Self::default() };
        let mut groups: HashMap<Patch, [usize; 2]> = HashMap::new();
        for kind in &spread.kinds {
            let count = kind.rows.iter().sum::<usize>();
            match filled(kind.sample, decision) {
                Ok(patch) => {
                    let length = patch.comment.as_ref().map_or(0, |comment| comment.as_str().chars().count());
                    forecast.longest = forecast.longest.max(length);
                    forecast.rows += count;
                    let staged = model.staging.get(kind.sample).cloned().unwrap_or_default();
                    let group = groups.entry(staged.merged(&patch)).or_default();
                    for (sum, count) in group.iter_mut().zip(kind.rows) {
                        *sum += count;
                    }
                }
                Err(Left::Comment(CommentError::TooLong(length))) => {
                    forecast.longest = forecast.longest.max(length);
                    forecast.too_long += count;
                }
                Err(Left::Comment(CommentError::Blank) | Left::Without(_) | Left::OwnRail(_)) => {}
            }
        }
        forecast.comments = groups.keys().map(|patch| &patch.comment).collect::<HashSet<_>>().len();
        forecast.calls = groups.values().map(|&rows| calls(rows)).sum();
        forecast.existing = spread.existing;
        if spread.unfilled > 0 {
            forecast.certainty = Certainty::Rough;
            forecast.rows += spread.unfilled;
            (forecast.comments, forecast.calls) = (spread.comments, spread.calls);
        }
        if !used.is_empty() {
            let patch = spread.first.and_then(|id| filled(id, decision).ok());
            let comment = patch.and_then(|patch| patch.comment);
            forecast.first = comment.map(|comment| crate::domain::text::clean(comment.as_str()).into_owned());
        }
        forecast.asked = asked;
        forecast
    }
}
