//! The columns of the rows, in chunks that can be shared: a long sort or a scan elsewhere holds the chunks as they were, and a change
//! copies only the chunk it falls into.

use super::interner::Symbol;

/// Rows of one chunk.
pub const CHUNK_ROWS: usize = 4096;

/// "Not there, or no integer" in an id column.
pub const NO_ID: i32 = i32::MIN;

/// "Unknown" in a time column.
pub const NO_TIME: i64 = i64::MIN;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)+) => {
        /// One row, put together from its columns.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Row {
            $($(#[$doc])* pub $name: $type,)+
        }

        /// Up to [`CHUNK_ROWS`] rows by column.
        #[derive(Debug, Clone, Default)]
        pub struct Chunk {
            $($(#[$doc])* pub $name: Vec<$type>,)+
        }

        impl Chunk {
            /// Adds a row behind the last.
            pub fn push(&mut self, row: Row) {
                $(self.$name.push(row.$name);)+
            }

            /// One row.
            pub fn get(&self, at: usize) -> Option<Row> {
                Some(Row { $($name: *self.$name.get(at)?,)+ })
            }

            /// Replaces a row.
            pub fn set(&mut self, at: usize, row: Row) {
                $(if let Some(cell) = self.$name.get_mut(at) { *cell = row.$name; })+
            }
        }
    };
}

columns! {
    /// `severity_id`, or [`NO_ID`].
    severity: i32,
    /// `vendor_attributes.severity_id`, or [`NO_ID`].
    vendor_severity: i32,
    /// `status_id`, or [`NO_ID`].
    status: i32,
    /// Created, milliseconds, or [`NO_TIME`].
    created: i64,
    /// Modified, milliseconds, or [`NO_TIME`].
    modified: i64,
    /// The shown severity where the id has no caption of its own.
    severity_text: Symbol,
    /// The shown status.
    status_text: Symbol,
    /// The comment.
    comment: Symbol,
    /// The account id.
    account: Symbol,
    /// The account's name.
    account_name: Symbol,
    /// The Region.
    region: Symbol,
    /// The product.
    product: Symbol,
    /// Control, CVE or type.
    control: Symbol,
    /// The CVE alone, for grouping: in the column of controls another may stand.
    cve: Symbol,
    /// The title.
    title: Symbol,
    /// The first resource.
    resource: Symbol,
    /// Its type.
    resource_type: Symbol,
    /// How many resources; capped.
    resource_count: u16,
    /// Which archive holds the document.
    archive: u32,
    /// Where in it.
    slot: u32,
    /// The scan that saw it last.
    seen: u32,
    /// The hub it came from.
    hub: u16,
}
