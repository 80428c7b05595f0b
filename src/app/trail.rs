//! The way back: places that were left by a jump, the latest last.
//!
//! Owns which places are kept. A place is a row of the table with the query that was asked there; it stays good while rows come, go and are
//! sorted, since a row keeps its number.

use super::model::{Model, Moved};
use crate::{
    domain::{order::Order, profile::ProfileName, query::Query, row::RowId},
    findings::groups::GroupId,
};

/// Most places that are kept; the oldest go first.
pub const MOST: usize = 100;

/// A place in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What was asked.
    pub query: Query,
    /// The filter profile that was in force.
    pub profile: ProfileName,
    /// How it was sorted; put back with another query only.
    pub order: Order,
    /// The filter as typed.
    pub filter: String,
    /// The cursor's row.
    pub row: Option<RowId>,
    /// The group, where it was on a header.
    pub header: Option<GroupId>,
    /// Where it was among the shown lines, for when it is not there any more.
    pub at: usize,
    /// The first place on screen.
    pub top: usize,
    /// Whether the cursor had been moved.
    pub moved: Moved,
}

impl Place {
    /// Where the cursor is.
    pub fn here(model: &Model) -> Self {
        Self {
            query: model.scan.query.clone(),
            profile: model.profiles.present.name.clone(),
            order: model.view.order().clone(),
            filter: model.filter.clone(),
            row: model.cursor.row,
            header: model.cursor.header,
            at: model.cursor.place,
            top: model.cursor.top,
            moved: model.cursor.moved,
        }
    }

    /// Whether it is the same for who goes back: how it was sorted or scrolled makes no difference.
    pub fn is_same(&self, other: &Self) -> bool {
        self.row == other.row
            && self.header == other.header
            && self.filter == other.filter
            && self.query == other.query
            && self.profile == other.profile
    }
}

/// Places that were left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trail {
    places: Vec<Place>,
}

impl Trail {
    /// Adds a place; twice in a row it is kept once.
    pub fn add(&mut self, place: Place) {
        if self.places.last().is_some_and(|last| last.is_same(&place)) {
            self.places.pop();
        }
        self.places.push(place);
        let over = self.places.len().saturating_sub(MOST);
        self.places.drain(..over);
    }

    /// Takes the latest place that is another than this one.
    pub fn back(&mut self, here: &Place) -> Option<Place> {
        while let Some(place) = self.places.pop() {
            if !place.is_same(here) {
                return Some(place);
            }
        }
        None
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
