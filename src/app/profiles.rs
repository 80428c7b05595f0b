//! The saved filter profiles: which there are, which is in force, and what is known of them.
//!
//! Owns the state. What picking or saving one does is in `update::profiles`; files are read and written outside.

use std::collections::{BTreeMap, HashMap};

use crate::{
    domain::{
        guard_rail::GuardRails,
        profile::{Broken, Catalogue, Content, FilterProfile, HubChoice, ProfileName},
    },
    journal::hub_key::HubKey,
};

use super::{
    event::RequestId,
    model::{Access, Model},
};

/// The saved filter profiles.
#[derive(Debug, Clone)]
pub struct Profiles {
    /// All that were found when they were last read.
    pub catalogue: Catalogue,
    /// The one in force, as it was last read.
    pub present: FilterProfile,
    /// The last session's, where it cannot be used; gone once one has been picked.
    pub lost: Option<Lost>,
    /// The one that was in force before it.
    pub last: Option<ProfileName>,
    /// Which hub this session asks, as a filter profile would name it.
    pub hub: HubChoice,
    /// How many findings each has, as far as it was asked.
    pub counts: HashMap<ProfileName, Count>,
    /// The reading of the files under way.
    pub loading: Option<RequestId>,
    /// The counting under way or over; answers to an earlier one are dropped.
    pub counting: Option<RequestId>,
    /// What is being saved, or waits for a Yes.
    pub saving: Option<Saving>,
    /// How many changes are staged in each hub that this run of the program has left.
    pub elsewhere: BTreeMap<HubKey, usize>,
}

/// The filter profile that was in force when the last session was left, and cannot be used now. Its guard rails are not known, so nothing is
/// sent until the analyst has picked one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Its name as it was written down; it may be no name.
    pub name: String,
    /// Why it cannot be used, clean.
    pub why: String,
}

/// How many findings a filter profile has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Count {
    /// The service has been asked.
    Asked,
    /// So many; at most so many where a part of the query is applied locally.
    Of(u64),
    /// It could not be told: the service's words, clean.
    Refused(String),
}

/// A filter profile being saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Saving {
    /// Under which name.
    pub name: ProfileName,
    /// What is said.
    pub content: Content,
    /// How it stands.
    pub state: SavingState,
}

/// How the saving of a filter profile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavingState {
    /// It waits for a Yes.
    Asks,
    /// It is being written.
    Writes,
    /// It is on disk, and comes into force once the files have been read again.
    Reads(RequestId),
}

/// Whether a file that is there may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// It may not: it was not known to be there.
    No,
    /// The analyst said so.
    Yes,
}

/// Why a filter profile was not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSaved {
    /// There is a file of that name by now.
    Exists,
    /// In a sentence.
    Because(String),
}

/// An entry of the picker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry<'a> {
    /// One that can be picked.
    Known(&'a FilterProfile),
    /// One that cannot.
    Broken(&'a Broken),
}

impl Default for Profiles {
    fn default() -> Self {
        Self::new(Catalogue::default(), FilterProfile::open())
    }
}

impl Profiles {
    /// What a session begins with.
    pub fn new(catalogue: Catalogue, present: FilterProfile) -> Self {
        Self {
            catalogue,
            hub: present.asked.clone(),
            present,
            lost: None,
            last: None,
            counts: HashMap::new(),
            loading: None,
            counting: None,
            saving: None,
            elsewhere: BTreeMap::new(),
        }
    }

    /// The entries of the picker: those that can be picked, then the broken ones.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.catalogue.known.iter().map(Entry::Known).chain(self.catalogue.broken.iter().map(Entry::Broken))
    }

    /// How many entries the picker has.
    pub fn entry_count(&self) -> usize {
        self.catalogue.known.len() + self.catalogue.broken.len()
    }

    /// The place of the one in force among the entries.
    pub fn place_of_present(&self) -> usize {
        self.catalogue.known.iter().position(|profile| profile.name == self.present.name).unwrap_or_default()
    }

    /// The name that the next session is to come back with: one that is lost stays so until another is picked.
    pub fn left_as(&self) -> &str {
        self.lost.as_ref().map_or(self.present.name.as_str(), |lost| &lost.name)
    }

    /// Whether a filter profile is for the hub that this session asks.
    pub fn is_here(&self, profile: &FilterProfile) -> bool {
        profile.asked == self.hub
    }

    /// Changes staged in other hubs.
    pub fn staged_elsewhere(&self, here: Option<&HubKey>) -> usize {
        self.elsewhere.iter().filter(|(hub, _)| Some(*hub) != here).map(|(_, count)| count).sum()
    }
}

impl Model {
    /// The guard rails in force. Where those of the last session's filter profile cannot be known, nothing may be sent.
    pub const fn rails(&self) -> GuardRails {
        let rails = self.profiles.present.content.rails;
        GuardRails { read_only: rails.read_only || self.profiles.lost.is_some(), ..rails }
    }

    /// Whether sending is possible: neither the session nor the filter profile in force may forbid it.
    pub const fn access(&self) -> Access {
        if self.rails().read_only { Access::ReadOnly } else { self.settings.access }
    }

    /// Whether what is on the screen is no longer what the filter profile in force says.
    pub fn has_left_profile(&self) -> bool {
        let present = &self.profiles.present;
        self.scan.query != present.query()
            || *self.view.order() != present.order()
            || self.columns != present.columns()
            || self.view.grouped_by() != present.group()
    }
}
