//! What names a hub across sessions: each has a journal and a session file of its own.

use std::fmt;

/// One partition, account, Region and endpoint that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HubKey {
    /// `aws`, `aws-cn`, `aws-us-gov`: told by the Region.
    pub partition: String,
    /// The account whose hub it is; `None` where neither STS nor the hub's ARN told it.
    pub account: Option<String>,
    /// The Region.
    pub region: String,
    /// The endpoint, where it is not the Region's own.
    pub endpoint: Option<String>,
}

impl HubKey {
    /// The key of a hub.
    pub fn new(account: Option<&str>, region: &str, endpoint: Option<&str>) -> Self {
        let partition = match region.split_once('-').map(|(first, _)| first) {
            Some("cn") => "aws-cn",
            _ if region.starts_with("us-gov-") => "aws-us-gov",
            Some("eusc") => "aws-eusc",
            _ if region.starts_with("us-isob-") => "aws-iso-b",
            _ if region.starts_with("us-iso-") => "aws-iso",
            _ => "aws",
        };
        Self {
            partition: partition.to_owned(),
            account: account.map(str::to_owned),
            region: region.to_owned(),
            endpoint: endpoint.map(|endpoint| endpoint.trim_end_matches('/').to_owned()),
        }
    }
}

impl fmt::Display for HubKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.partition, self.account.as_deref().unwrap_or("unknown account"), self.region)?;
        self.endpoint.as_ref().map_or(Ok(()), |endpoint| write!(f, " at {endpoint}"))
    }
}
