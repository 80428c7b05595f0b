//! What a step of staging did, so that it can be told when it is taken back or done again.
//!
//! Owns words only: small whatever the step was for. What it did to which row is `staging`'s.

use std::sync::Arc;

use crate::domain::{
    decision::{CommentMode, Decision},
    field::Field,
    patch::Patch,
    profile::ProfileName,
    severity::SeverityId,
    status::StatusId,
    text,
    time::Millis,
};

use super::wording;

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A decision was staged.
    Staged(Sketch),
    /// What was staged was dropped.
    Dropped,
    /// Of changes that someone else had come before, the own ones were kept.
    KeptMine,
    /// Of changes that someone else had come before, theirs were kept.
    KeptTheirs,
    /// What was denied was staged without this field.
    LeftOut(Field),
    /// The former values of the send that began then were staged.
    SendUndone(Millis),
    /// The changes of a plan file of this name were staged.
    Planned(Arc<str>),
}

/// What a decision sets, without its texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sketch {
    /// The status.
    pub status: Option<StatusId>,
    /// The severity.
    pub severity: Option<SeverityId>,
    /// What becomes of the old comment, where there is a new one.
    pub comment: Option<CommentMode>,
    /// The recipe it was, if it was one.
    pub recipe: Option<ProfileName>,
}

impl Deed {
    /// A decision was staged, as a recipe or not.
    pub fn staged(decision: &Decision, recipe: Option<&ProfileName>) -> Self {
        Self::Staged(Sketch {
            status: decision.status,
            severity: decision.severity,
            comment: decision.comment.as_ref().map(|wording| wording.mode),
            recipe: recipe.cloned(),
        })
    }

    /// Exactly this was staged.
    pub fn patch(patch: &Patch) -> Self {
        let comment = patch.comment.as_ref().map(|_| CommentMode::Replace);
        Self::Staged(Sketch { status: patch.status, severity: patch.severity, comment, recipe: None })
    }

    /// What it was and on how many rows: `Suppressed + comment on 41 rows`, `dropped 2 staged changes`. Clean.
    pub fn told(&self, rows: usize, now: Millis) -> String {
        let on = wording::counted(rows, "row");
        match self {
            Self::Staged(sketch) => format!("{} on {on}", sketch.told()),
            Self::Dropped => format!("dropped {}", wording::counted(rows, "staged change")),
            Self::KeptMine => format!("kept mine on {on}"),
            Self::KeptTheirs => format!("kept theirs on {on}"),
            Self::LeftOut(field) => format!("left out the {} on {on}", field.word()),
            Self::SendUndone(at) => format!("former values of the send of {} on {on}", at.moment(now)),
            Self::Planned(file) => {
                let name = file.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(file);
                format!("plan {} on {on}", text::clean(name))
            }
        }
    }
}

impl Sketch {
    /// `recipe accept-risk: Suppressed + comment`.
    fn told(&self) -> String {
        let comment = self.comment.map(|mode| match mode {
            CommentMode::Replace => "comment".to_owned(),
            CommentMode::Append => "appended comment".to_owned(),
        });
        let set: Vec<String> = [self.status.map(wording::status_caption), self.severity.map(wording::severity_caption), comment]
            .into_iter()
            .flatten()
            .collect();
        let set = if set.is_empty() { "nothing".to_owned() } else { set.join(" + ") };
        match &self.recipe {
            Some(recipe) => format!("recipe {}: {set}", text::clean(recipe.as_str())),
            None => set,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::{
        comment::{Comment, LineBreaks},
        decision::Wording,
    };

    #[test]
    fn every_step_has_a_name_in_words() {
        let comment = Some(Comment::new("why", LineBreaks::Space).unwrap());
        let both = Patch { comment: comment.clone(), ..Patch::status(StatusId::SUPPRESSED) };
        let all = Patch { severity: Some(SeverityId::LOW), ..both.clone() };
        let recipe = ProfileName::new("accept-risk").unwrap();
        let mut appended = Decision::of(&both);
        appended.comment.as_mut().unwrap().mode = CommentMode::Append;
        let now = Millis(1_793_620_800_000);
        for (deed, rows, told) in [
            (Deed::patch(&both), 41, "Suppressed + comment on 41 rows"),
            (Deed::patch(&all), 1_204, "Suppressed + Low + comment on 1,204 rows"),
            (Deed::patch(&Patch { comment, ..Patch::default() }), 1, "comment on 1 row"),
            (Deed::patch(&Patch::status(StatusId(42))), 2, "42 on 2 rows"),
            (Deed::patch(&Patch::default()), 2, "nothing on 2 rows"),
            (Deed::staged(&Decision::of(&both), Some(&recipe)), 3, "recipe accept-risk: Suppressed + comment on 3 rows"),
            (Deed::staged(&appended, None), 3, "Suppressed + appended comment on 3 rows"),
            (Deed::Dropped, 2, "dropped 2 staged changes"),
            (Deed::Dropped, 1, "dropped 1 staged change"),
            (Deed::KeptMine, 4, "kept mine on 4 rows"),
            (Deed::KeptTheirs, 1, "kept theirs on 1 row"),
            (Deed::LeftOut(Field::Status), 5, "left out the status on 5 rows"),
            (Deed::SendUndone(Millis(now.0 - 3_600_000)), 5, "former values of the send of 11:00Z on 5 rows"),
            (Deed::Planned("/tmp/march\u{202e}.json".into()), 5, "plan march<U+202E>.json on 5 rows"),
        ] {
            assert_eq!(deed.told(rows, now), told);
        }
        assert!(matches!(Decision::of(&all).comment, Some(Wording { mode: CommentMode::Replace, .. })));
    }
}
