//! What names a row of the table inside the program.

/// A finding's place in the store: given once, when the finding first arrives, and bound to its identity from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u32);

impl RowId {
    /// For indexing columns.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which hub a row came from: an index into the session's hubs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct HubId(pub u16);
