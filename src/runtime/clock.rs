//! The time of day, read in one place.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::{app::update::Ctx, domain::time::Millis};

/// What comes with an event that happens now.
pub fn ctx() -> Ctx {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ctx { now: Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)) }
}
