//! `IpFilter`: addresses within a CIDR block, of either version.

use std::net::IpAddr;

use serde_json::Value;

use super::super::failure::Failure;
use super::super::members::Members;

/// A block of addresses. The address part of the block may have bits beyond the prefix; they do not count.
#[derive(Debug)]
pub(super) struct IpRange {
    address: IpAddr,
    prefix: u32,
}

impl IpRange {
    pub(super) fn read(value: &Value, place: &str) -> Result<Self, Failure> {
        let members = Members::of(value, place, &["Cidr"])?;
        let text = members.required_text("Cidr")?;
        Self::parse(text).ok_or_else(|| members.violation("Cidr", "Member must be an IP address or a CIDR block, such as 203.0.113.0/24"))
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) => digits.parse().ok().filter(|prefix| *prefix <= longest)?,
            None => longest,
        };
        Some(Self { address, prefix })
    }

    pub(super) fn met(&self, text: &str) -> bool {
        match (self.address, text.parse()) {
            (IpAddr::V4(block), Ok(IpAddr::V4(address))) => {
                let shift = 32 - self.prefix;
                u32::from(block).checked_shr(shift).unwrap_or(0) == u32::from(address).checked_shr(shift).unwrap_or(0)
            }
            (IpAddr::V6(block), Ok(IpAddr::V6(address))) => {
                let shift = 128 - self.prefix;
                u128::from(block).checked_shr(shift).unwrap_or(0) == u128::from(address).checked_shr(shift).unwrap_or(0)
            }
            _ => false,
        }
    }
}
