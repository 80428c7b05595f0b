//! How an emulator is set up. Plain data; nothing here acts.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::fault::FaultPlan;
use super::filter::{SameField, TextComparison};
use super::findings::Findings;
use super::quota::Quota;

/// Everything an emulator is told at its start. `Settings::default()` is an empty hub of account 222233334444 in eu-west-1, on any free
/// port of 127.0.0.1, without quota, faults or latency.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; only loopback addresses are accepted.
    pub address: IpAddr,
    /// The port; 0 takes any free one.
    pub port: u16,
    /// What is in the hub.
    pub findings: Findings,
    /// Rate limits; `None` never answers 429 by itself.
    pub quota: Option<Quota>,
    /// Which status and severity ids an update may set.
    pub values: ValueSet,
    /// Scripted trouble.
    pub faults: FaultPlan,
    /// Seeds request ids and page tokens.
    pub seed: u64,
    /// How long every call takes at least.
    pub latency: Duration,
    /// The account that the caller belongs to.
    pub account: String,
    /// The Region that is emulated.
    pub region: String,
    /// Whether Security Hub V2 is on for the account in this Region.
    pub enablement: Enablement,
    /// The Region that findings are aggregated in. `ListAggregatorsV2` names it even while the hub is off here, so that a client's advice
    /// can be tried out; whether the service does so is not documented.
    pub home_region: Option<String>,
    /// Whose findings the account sees.
    pub standing: Standing,
    /// How string and map filters on one field are joined.
    pub same_field: SameField,
    /// String comparisons to refuse. The model's text leaves open whether `CONTAINS` is accepted outside automation rules.
    pub refused_comparisons: Vec<TextComparison>,
    /// What `SortCriteria` may name. The service documents no list; both are accepted unless this is shortened.
    pub sort_fields: Vec<SortField>,
    /// What date ranges in days count back from.
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            findings: Findings::default(),
            quota: None,
            values: ValueSet::default(),
            faults: FaultPlan::default(),
            seed: 0,
            latency: Duration::ZERO,
            account: "222233334444".to_owned(),
            region: "eu-west-1".to_owned(),
            enablement: Enablement::default(),
            home_region: None,
            standing: Standing::default(),
            same_field: SameField::default(),
            refused_comparisons: Vec::new(),
            sort_fields: vec![SortField::ModifiedTime, SortField::SeverityId],
            clock: Clock::default(),
        }
    }
}

/// The documented sets of ids an update may set; they changed between releases of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueSet {
    /// Severity 0 to 5 and 99, status 0 to 6 and 99.
    #[default]
    Older,
    /// Severity 0 to 6 and 99, status 0 to 5 and 99.
    Newer,
}

impl ValueSet {
    /// The severity ids an update may set.
    pub const fn severities(self) -> &'static [i64] {
        match self {
            Self::Older => &[0, 1, 2, 3, 4, 5, 99],
            Self::Newer => &[0, 1, 2, 3, 4, 5, 6, 99],
        }
    }

    /// The status ids an update may set.
    pub const fn statuses(self) -> &'static [i64] {
        match self {
            Self::Older => &[0, 1, 2, 3, 4, 5, 6, 99],
            Self::Newer => &[0, 1, 2, 3, 4, 5, 99],
        }
    }
}

/// Whether Security Hub V2 is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enablement {
    /// It is.
    #[default]
    On,
    /// It is not: every call about findings or the hub says so.
    Off,
}

/// The caller's standing in its organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Sees and updates the findings of all accounts.
    #[default]
    DelegatedAdministrator,
    /// Sees and updates those of its own account only.
    Member,
}

/// A field that findings can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortField {
    /// `finding_info.modified_time_dt`: seen to work against the service.
    ModifiedTime,
    /// `severity_id`: assumed, by number, so that 99 (Other) is the highest.
    SeverityId,
}

impl SortField {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ModifiedTime => "finding_info.modified_time_dt",
            Self::SeverityId => "severity_id",
        }
    }
}

/// The present, as filters see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// Always this, in milliseconds since the epoch.
    Fixed(i64),
}

impl Clock {
    pub(super) fn now(self) -> i64 {
        match self {
            Self::System => jiff::Timestamp::now().as_millisecond(),
            Self::Fixed(moment) => moment,
        }
    }
}

/// Whether the caller's credentials are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CredentialState {
    /// They are.
    #[default]
    Valid,
    /// Every call answers `ExpiredTokenException`.
    Expired,
    /// Every call answers `UnrecognizedClientException`.
    Unrecognized,
}
