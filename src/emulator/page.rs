//! Page tokens: opaque to the caller, bound to the scan they continue.

use std::sync::Arc;

use serde_json::Value;

use super::random;
use super::store::Place;

/// What one sequence of pages shows.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    pub(super) number: u32,
    /// The first request without its token; later ones must be equal.
    pub(super) request: Value,
    pub(super) places: Arc<[Place]>,
}

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageToken {
    pub(super) scan: u32,
    pub(super) offset: u32,
}

/// Writes and reads tokens. One that was not written here is recognised; it is not meant to withstand forgery.
#[derive(Debug)]
pub(super) struct Tokens {
    seed: u64,
}

const DIGITS: usize = 16;

impl Tokens {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed: random::mix(seed, 0x70_61_67_65) }
    }

    pub(super) fn write(&self, token: PageToken) -> String {
        let plain = u64::from(token.scan) << 32 | u64::from(token.offset);
        let check = random::mix(self.seed, plain);
        format!("{check:016x}{:016x}", plain ^ random::mix(self.seed, check))
    }

    pub(super) fn read(&self, text: &str) -> Option<PageToken> {
        if text.len() != 2 * DIGITS {
            return None;
        }
        let check = u64::from_str_radix(text.get(..DIGITS)?, 16).ok()?;
        let hidden = u64::from_str_radix(text.get(DIGITS..)?, 16).ok()?;
        let plain = hidden ^ random::mix(self.seed, check);
        if random::mix(self.seed, plain) != check {
            return None;
        }
        Some(PageToken { scan: u32::try_from(plain >> 32).ok()?, offset: u32::try_from(plain & u64::from(u32::MAX)).ok()? })
    }
}
