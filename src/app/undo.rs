//! The undo of a send: former values that are staged to be sent back, and what cannot be.
//!
//! Owns plain data. Which values go back is decided in `update::undo_send`.

use std::collections::BTreeMap;

use crate::{
    domain::{
        patch::{Patch, Values},
        row::RowId,
        time::Millis,
    },
    journal::entry::{Origin, SendId},
    send::plan::Plan,
};

/// How the undo of a send stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undoing {
    /// The journal has been asked for its sends, to undo this one.
    pub asked: Option<Which>,
    /// What was staged to undo a send.
    pub staged: Option<Staged>,
}

/// Which send is to be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The last one that is neither an undo nor undone.
    Last,
    /// This one.
    This(SendId),
}

/// A send whose rows are being read before anything of it is put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoPlan {
    /// Which.
    pub send: SendId,
    /// When it began.
    pub at: Millis,
    /// Its processed rows, with what it set and the values before.
    pub rows: Vec<(RowId, Patch, Values)>,
}

/// Former values that were staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// Which send is undone by them.
    pub send: SendId,
    /// When it began.
    pub at: Millis,
    /// What was staged, by row; rows leave when they are sent.
    pub rows: BTreeMap<RowId, Patch>,
    /// What could not be undone and why, in words that are clean.
    pub left: Left,
}

/// What of a send is not undone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Rows that are left as they are, each with why.
    pub rows: Vec<(RowId, String)>,
    /// How many of those were changed since.
    pub changed: usize,
    /// How many of those have their former values already.
    pub there: usize,
    /// Comments that were empty before: the service cannot clear one.
    pub emptied: usize,
    /// Former comments that cannot be sent.
    pub refused: usize,
    /// Rows that are left as they are for another reason than those.
    pub other: usize,
}

impl Staged {
    /// `undo of the send of 11:02Z, 5 skipped, changed since, 3 comments cannot be emptied`.
    pub fn note(&self, now: Millis) -> String {
        let Left { rows: _, changed, there, emptied, refused, other } = &self.left;
        let comments = |count: usize, what: &str| {
            let plural = if count == 1 { "" } else { "s" };
            format!("{count} comment{plural} {what}")
        };
        let told: Vec<String> = [
            (*changed, format!("{changed} skipped, changed since")),
            (*there, format!("{there} skipped, as before already")),
            (*emptied, comments(*emptied, "cannot be emptied")),
            (*refused, comments(*refused, "cannot be sent again")),
            (*other, format!("{other} skipped for other reasons")),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, told)| told)
        .collect();
        let when = self.at.moment(now);
        if told.is_empty() { format!("undo of the send of {when}") } else { format!("undo of the send of {when}: {}", told.join("; ")) }
    }

    /// Whether a row of a plan puts former values back.
    pub fn has(&self, row: RowId, patch: &Patch) -> bool {
        self.rows.get(&row) == Some(patch)
    }
}

impl Undoing {
    /// What a plan comes from: the undo of a send where all of it puts former values of that send back, else the review.
    pub fn origin(&self, plan: &Plan) -> Origin {
        let mut rows = plan.groups.iter().flat_map(|group| &group.rows);
        match &self.staged {
            Some(staged) if rows.all(|row| staged.has(row.row, &row.patch)) => Origin::Undo(staged.send),
            _ => Origin::Review,
        }
    }

    /// A plan is being sent: its rows are no longer part of the undo.
    pub fn sent(&mut self, plan: &Plan) {
        if let Some(staged) = &mut self.staged {
            for row in plan.groups.iter().flat_map(|group| &group.rows) {
                staged.rows.remove(&row.row);
            }
        }
    }
}
