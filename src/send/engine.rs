//! stub
/// Options
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// x
    pub conflict_check: ConflictCheck,
}
/// c
#[derive(Debug, Clone, Default)]
pub enum ConflictCheck {
    /// a
    #[default]
    Always,
    /// n
    Never,
}
