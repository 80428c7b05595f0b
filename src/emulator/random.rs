//! Repeatable noise from a seed: uids, request ids and page tokens. Nothing here is secret or secure.

use std::fmt::Write as _;

/// One step of the `splitmix64` generator (Steele, Lea and Flood, 2014).
const fn step(state: u64) -> u64 {
    let mut word = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// A number that depends on both arguments and shows neither.
pub(super) const fn mix(seed: u64, number: u64) -> u64 {
    step(step(seed) ^ number)
}

/// That many hexadecimal digits grown from a number.
pub(super) fn hex(mut state: u64, digits: usize) -> String {
    let mut text = String::with_capacity(digits + 16);
    while text.len() < digits {
        state = step(state);
        // Writing into a String cannot fail.
        let _ = write!(text, "{state:016x}");
    }
    text.truncate(digits);
    text
}

/// Digits grown from a number in the groups of a UUID.
pub(super) fn uuid(state: u64) -> String {
    let digits = hex(state, 32);
    let mut text = String::with_capacity(36);
    for (place, digit) in digits.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}
