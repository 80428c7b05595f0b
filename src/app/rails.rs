//! Guard rails and what is staged: those in force, those that were in force when a change was decided, and what a send would break.
//!
//! Owns which rails hold for a change. What becomes of one that breaks a rail is decided in `update`.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    domain::{
        blast::Blast,
        guard_rail::{Breach, GuardRails, Rail},
        patch::{Patch, Values},
        profile::ProfileName,
        row::RowId,
    },
    send::plan::StagedRow,
};

use super::model::Model;

/// The guard rails of a filter profile under which a change was decided. That nothing may be sent is none of them: it holds only while its
/// filter profile is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Under {
    /// The filter profile.
    pub profile: ProfileName,
    /// Its guard rails then.
    pub rails: GuardRails,
}

/// A change with its rails.
type Change = (Patch, Arc<[Under]>);

/// Under which guard rails the changes of this session were decided: a change does not get rid of them by being sent under another filter
/// profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// For a row, each change that was staged on it with its rails: what undo brings back has its own again. Rows that were never decided
    /// about under a rail are not here.
    rows: BTreeMap<RowId, Vec<Change>>,
    /// Every set of rails that a change has, once.
    known: Vec<Arc<[Under]>>,
}

impl Held {
    /// A row has this staged since just now, in place of what was before; the rails are those in force, if there are any.
    pub fn decide(&mut self, row: RowId, before: Option<&Patch>, after: &Patch, under: Option<&Under>) {
        let former = before.map(|before| self.of(row, before)).unwrap_or_default();
        let now = self.joined(&former, under);
        if now.is_empty() && !self.rows.contains_key(&row) {
            return;
        }
        let entries = self.rows.entry(row).or_default();
        // What was decided without any rail has none when undo brings it back.
        if let Some(before) = before.filter(|_| entries.is_empty()) {
            entries.push((before.clone(), Arc::default()));
        }
        entries.retain(|(patch, _)| patch != after);
        entries.push((after.clone(), now));
    }

    /// The rails of a change. What is left of one that was sent in part has those of every change of its row.
    pub fn of(&self, row: RowId, patch: &Patch) -> Arc<[Under]> {
        let Some(entries) = self.rows.get(&row) else { return Arc::default() };
        if let Some((_, held)) = entries.iter().find(|(known, _)| known == patch) {
            return Arc::clone(held);
        }
        let all = entries.iter().flat_map(|(_, held)| held.iter());
        all.fold(Vec::new(), |joined, under| join(&joined, under)).into()
    }

    /// A set of rails with further ones, as the one that is known already.
    fn joined(&mut self, former: &Arc<[Under]>, under: Option<&Under>) -> Arc<[Under]> {
        let Some(under) = under else { return Arc::clone(former) };
        let joined = join(former, under);
        if let Some(known) = self.known.iter().find(|known| known[..] == joined[..]) {
            return Arc::clone(known);
        }
        let new: Arc<[Under]> = joined.into();
        self.known.push(Arc::clone(&new));
        new
    }
}

fn join(former: &[Under], under: &Under) -> Vec<Under> {
    let mut joined = former.to_vec();
    match joined.iter_mut().find(|known| known.profile == under.profile) {
        Some(known) => known.rails = known.rails.strictest(under.rails),
        None => joined.push(under.clone()),
    }
    joined
}

/// Why a guard rail holds for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Its filter profile is in force.
    InForce,
    /// Its filter profile was in force when the change was staged.
    Staged,
}

/// A guard rail that a send would break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Whose it is.
    pub profile: ProfileName,
    /// Why it holds.
    pub since: Since,
    /// Which it is, and by how many rows it is broken.
    pub breach: Breach,
}

impl Model {
    /// What a change that is decided now is to be held to; `None` where the filter profile in force says nothing.
    pub fn under(&self) -> Option<Under> {
        let present = &self.profiles.present;
        let rails = GuardRails { read_only: false, ..present.content.rails };
        (!rails.is_silent()).then(|| Under { profile: present.name.clone(), rails })
    }

    /// All rails that a change of one finding breaks by itself, each once.
    pub fn rails_broken(&self, row: RowId, now: &Values, patch: &Patch) -> Vec<Rail> {
        let held = self.deciding.held.of(row, patch);
        let all = held.iter().fold(self.rails(), |all, under| all.strictest(under.rails));
        all.broken_by(now, patch).collect()
    }

    /// Everything that stands against sending these rows, beside `under_way` rows of a send that they would join; `rails` are those in force.
    pub fn broken(&self, rails: GuardRails, rows: &[&StagedRow], under_way: usize) -> Vec<Broken> {
        let in_force = rails.breaches(rows.iter().map(|row| (&row.now, &row.patch)), under_way);
        let present = &self.profiles.present.name;
        let mut broken: Vec<Broken> =
            in_force.into_iter().map(|breach| Broken { profile: present.clone(), since: Since::InForce, breach }).collect();
        let mut others: Vec<(Under, Vec<&StagedRow>)> = Vec::new();
        for row in rows {
            for under in self.deciding.held.of(row.row, &row.patch).iter() {
                match others.iter_mut().find(|(known, _)| known == under) {
                    Some((_, rows)) => rows.push(row),
                    None => others.push((under.clone(), vec![row])),
                }
            }
        }
        for (Under { profile, rails }, held) in others {
            // How many rows a send may have is said of all of it, whatever part of it was staged under that.
            let beside = rows.len() - held.len() + under_way;
            for breach in rails.breaches(held.iter().map(|row| (&row.now, &row.patch)), beside) {
                if broken.iter().all(|known| known.breach != breach) {
                    broken.push(Broken { profile: profile.clone(), since: Since::Staged, breach });
                }
            }
        }
        broken
    }

    /// What a send of these rows has to be confirmed with, where that is its count: the setting, the filter profile in force and those that
    /// the changes were staged under all ask for it.
    pub fn blast(&self, rows: &[&StagedRow]) -> Option<Blast> {
        let mut above = self.settings.type_count_above.strictest(self.rails().type_count_above);
        for row in rows {
            for under in self.deciding.held.of(row.row, &row.patch).iter() {
                above = above.strictest(under.rails.type_count_above);
            }
        }
        Blast::of(rows.iter().map(|row| (&row.now, &row.patch)), above)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::{severity::SeverityId, status::StatusId};

    const ROW: RowId = RowId(7);

    fn under(name: &str, most_rows: Option<usize>, comment_to_suppress: bool) -> Under {
        let rails = GuardRails { comment_to_suppress, most_rows, ..GuardRails::default() };
        Under { profile: ProfileName::new(name).unwrap(), rails }
    }

    fn names(held: &Held, patch: &Patch) -> Vec<String> {
        held.of(ROW, patch).iter().map(|under| under.profile.as_str().to_owned()).collect()
    }

    #[test]
    fn a_change_keeps_the_rails_it_was_decided_under_and_gets_those_of_later_decisions() {
        let (suppressed, lowered) = (Patch::status(StatusId::SUPPRESSED), Patch::severity(SeverityId::LOW));
        let both = suppressed.merged(&lowered);
        let (strict, team) = (under("strict", Some(5), true), under("team", Some(9), false));
        let mut held = Held::default();
        held.decide(ROW, None, &suppressed, None);
        assert_eq!(held, Held::default(), "without rails nothing is kept");
        held.decide(ROW, Some(&suppressed), &both, Some(&strict));
        assert_eq!(names(&held, &both), ["strict"]);
        assert!(names(&held, &suppressed).is_empty(), "undo brings it back as it was decided");
        held.decide(ROW, Some(&both), &both, Some(&team));
        assert_eq!(names(&held, &both), ["strict", "team"], "staging it again takes no rail away");
        assert_eq!(names(&held, &lowered), ["strict", "team"], "what is left of it has all of them");
        held.decide(ROW, None, &both, None);
        assert!(names(&held, &both).is_empty(), "decided anew after it was dropped");
    }

    #[test]
    fn the_same_filter_profile_is_held_to_the_strictest_it_said() {
        let patch = Patch::status(StatusId::NEW);
        let mut held = Held::default();
        held.decide(ROW, None, &patch, Some(&under("team", Some(9), true)));
        held.decide(ROW, Some(&patch), &patch, Some(&under("team", Some(5), false)));
        assert_eq!(held.of(ROW, &patch)[..], [under("team", Some(5), true)]);
    }
}
