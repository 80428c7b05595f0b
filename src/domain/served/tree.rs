//! What the service is to be asked, as a tree without negations and without limits.

use super::{
    MAX_COMPOSITES, MAX_FILTERS,
    local::WhyLocal,
    plain::{Filter, Operator},
};

/// A part of a query that the service does not do, by the place of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) origin: usize,
    pub(super) why: WhyLocal,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    /// Holds for every finding.
    Always,
    /// Holds for none.
    Never,
    Leaf(Filter),
    /// At least two, none of them `Always` or `Never`, none joined by the same operator. The number is the place of its text.
    Join(Operator, Vec<Tree>, usize),
}

/// More filters than any request can hold: composites with nested ones, all full.
pub(super) const CAPACITY: usize = MAX_COMPOSITES * MAX_FILTERS * (MAX_COMPOSITES + 1);

impl Tree {
    /// Joins trees: flat, each once, and without what decides nothing.
    pub(super) fn join(operator: Operator, parts: Vec<Self>, origin: usize) -> Self {
        let (deciding, neutral) = match operator {
            Operator::And => (Self::Never, Self::Always),
            Operator::Or => (Self::Always, Self::Never),
        };
        if parts.contains(&deciding) {
            return deciding;
        }
        let mut flat: Vec<Self> = Vec::new();
        for part in parts {
            match part {
                Self::Join(of, inner, _) if of == operator => inner.into_iter().for_each(|part| add(&mut flat, part)),
                part if part == neutral => {}
                part => add(&mut flat, part),
            }
        }
        match flat.len() {
            0 => neutral,
            1 => flat.pop().unwrap_or(neutral),
            _ => Self::Join(operator, flat, origin),
        }
    }

    /// Where the text of it is.
    pub(super) fn origin(&self) -> usize {
        match self {
            Self::Always | Self::Never => 0,
            Self::Leaf(filter) => filter.origin,
            Self::Join(_, _, origin) => *origin,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(one), Self::Leaf(two)) => one.is_same(two),
            (Self::Join(one, left, _), Self::Join(two, right, _)) => {
                one == two && left.len() == right.len() && left.iter().zip(right).all(|(one, two)| one.is_same(two))
            }
            _ => self == other,
        }
    }
}

/// Adds a part unless it is there. What no request can hold is not looked through.
fn add(parts: &mut Vec<Tree>, part: Tree) {
    if parts.len() > CAPACITY || !parts.iter().any(|known| known.is_same(&part)) {
        parts.push(part);
    }
}
