//! A decision: what is to be staged, before it is known which comment that makes on each finding.

use super::{
    comment::{Comment, CommentError, LineBreaks},
    guard_rail::Rail,
    patch::Patch,
    severity::SeverityId,
    status::StatusId,
    template::{Template, Variable},
};

/// What stands between an old comment and what is appended to it.
pub const JOINT: &str = " | ";

/// What an analyst decided, or a recipe says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Decision {
    /// The status.
    pub status: Option<StatusId>,
    /// The severity.
    pub severity: Option<SeverityId>,
    /// The comment.
    pub comment: Option<Wording>,
}

/// How a comment comes about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wording {
    /// What it says.
    pub template: Template,
    /// What becomes of the old one.
    pub mode: CommentMode,
}

/// What becomes of the comment that a finding has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CommentMode {
    /// It is replaced, as the service does.
    #[default]
    Replace,
    /// It stays, and the new one stands behind it.
    Append,
}

/// Why a finding is left alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Left {
    /// A variable of the template has no value there.
    #[error("no {{{name}}}", name = .0.name())]
    Without(Variable),
    /// The old and the new comment together are longer than the service takes.
    #[error("{0}")]
    Comment(CommentError),
    /// A guard rail of the recipe's own.
    #[error("{0}, says the recipe")]
    OwnRail(Rail),
}

impl Decision {
    /// A decision of exactly what a patch sets.
    pub fn of(patch: &Patch) -> Self {
        let wording = |comment: &Comment| Wording { template: Template::literal(comment.as_str()), mode: CommentMode::Replace };
        Self { status: patch.status, severity: patch.severity, comment: patch.comment.as_ref().map(wording) }
    }

    /// Whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The variables that have to have a value.
    pub fn variables(&self) -> impl Iterator<Item = Variable> + use<> {
        self.comment.as_ref().map(|wording| wording.template.variables()).unwrap_or_default().into_iter()
    }

    /// What it sets on a finding: `value` knows the variables there, `old` is the comment that the finding has or has staged, as it is sent.
    pub fn patch<'a>(
        &self,
        value: impl Fn(Variable) -> Option<&'a str>,
        old: Option<&str>,
        line_breaks: LineBreaks,
    ) -> Result<Patch, Left> {
        let comment = match &self.comment {
            None => None,
            Some(wording) => {
                let filled = wording.template.fill(value).map_err(Left::Without)?;
                if Comment::count(&filled, line_breaks) == 0 {
                    // Behind an old comment it would leave nothing but the joint.
                    return Err(Left::Comment(CommentError::Blank));
                }
                let old = old.filter(|old| wording.mode == CommentMode::Append && !old.trim().is_empty());
                let whole = match old {
                    // Staged twice, or sent and staged again, it is said once.
                    Some(old) if old.ends_with(&filled) => old.to_owned(),
                    Some(old) => format!("{old}{JOINT}{filled}"),
                    None => filled,
                };
                Some(Comment::new(&whole, line_breaks).map_err(Left::Comment)?)
            }
        };
        Ok(Patch { status: self.status, severity: self.severity, comment })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn decision(template: &str, mode: CommentMode) -> Decision {
        let comment = Some(Wording { template: template.parse().unwrap(), mode });
        Decision { status: Some(StatusId::SUPPRESSED), severity: None, comment }
    }

    fn said(decision: &Decision, old: Option<&str>) -> Result<String, Left> {
        let value = |variable: Variable| (variable == Variable::Ticket).then_some("PAY-1");
        decision.patch(value, old, LineBreaks::Space).map(|patch| patch.comment.unwrap().as_str().to_owned())
    }

    #[test]
    fn a_comment_replaces_the_old_one_or_stands_behind_it() {
        let [replace, append] = [CommentMode::Replace, CommentMode::Append].map(|mode| decision("see {ticket}", mode));
        assert_eq!(said(&replace, Some("old")).as_deref(), Ok("see PAY-1"));
        assert_eq!(said(&append, Some("old")).as_deref(), Ok("old | see PAY-1"));
        assert_eq!(said(&append, Some(" ")).as_deref(), Ok("see PAY-1"));
        assert_eq!(said(&append, None).as_deref(), Ok("see PAY-1"));
        assert_eq!(said(&append, Some("old | see PAY-1")).as_deref(), Ok("old | see PAY-1"), "said already");
    }

    #[test]
    fn what_makes_no_comment_leaves_the_finding_alone() {
        let append = decision("see {ticket}", CommentMode::Append);
        assert!(said(&append, Some(&"x".repeat(500))).is_ok(), "512 characters in all");
        assert_eq!(said(&append, Some(&"x".repeat(501))), Err(Left::Comment(CommentError::TooLong(513))));
        assert_eq!(said(&decision("{control}", CommentMode::Replace), None), Err(Left::Without(Variable::Control)));
        let blank =
            Decision { comment: Some(Wording { template: Template::lenient(" \n"), mode: CommentMode::Append }), ..Decision::default() };
        assert_eq!(said(&blank, Some("old")), Err(Left::Comment(CommentError::Blank)));
    }

    #[test]
    fn a_decision_of_a_patch_sets_that_patch() {
        let patch = Patch { comment: Some(Comment::new("{ticket} as it is", LineBreaks::Space).unwrap()), ..Patch::status(StatusId::NEW) };
        assert_eq!(Decision::of(&patch).patch(|_| None, Some("old"), LineBreaks::Space), Ok(patch));
        assert!(Decision::of(&Patch::default()).is_empty());
    }
}
