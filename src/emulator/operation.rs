//! The operations served, and which HTTP request asks for which.

use hyper::Method;

/// An operation of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `POST /findingsv2`
    GetFindingsV2,
    /// `PATCH /findingsv2/batchupdatev2`
    BatchUpdateFindingsV2,
    /// `POST /findingsv2/statistics`
    GetFindingStatisticsV2,
    /// `GET /hubv2`
    DescribeSecurityHubV2,
    /// `GET /aggregatorv2/list`
    ListAggregatorsV2,
    /// `GET /aggregatorv2/get/{AggregatorV2Arn}`
    GetAggregatorV2,
    /// `POST /`, form-encoded: `GetCallerIdentity` of STS, so that one endpoint URL serves a whole client.
    GetCallerIdentity,
    /// Anything else.
    Unknown,
}

impl Operation {
    /// Every operation that is served.
    pub const SERVED: [Self; 7] = [
        Self::GetFindingsV2,
        Self::BatchUpdateFindingsV2,
        Self::GetFindingStatisticsV2,
        Self::DescribeSecurityHubV2,
        Self::ListAggregatorsV2,
        Self::GetAggregatorV2,
        Self::GetCallerIdentity,
    ];

    /// The name in the service model.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GetFindingsV2 => "GetFindingsV2",
            Self::BatchUpdateFindingsV2 => "BatchUpdateFindingsV2",
            Self::GetFindingStatisticsV2 => "GetFindingStatisticsV2",
            Self::DescribeSecurityHubV2 => "DescribeSecurityHubV2",
            Self::ListAggregatorsV2 => "ListAggregatorsV2",
            Self::GetAggregatorV2 => "GetAggregatorV2",
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::Unknown => "Unknown",
        }
    }

    /// The operation of that name in the service model.
    pub fn named(name: &str) -> Option<Self> {
        Self::SERVED.into_iter().find(|operation| operation.name() == name)
    }

    pub(super) fn of(method: &Method, path: &str) -> Self {
        match (method.as_str(), path) {
            ("POST", "/findingsv2") => Self::GetFindingsV2,
            ("PATCH", "/findingsv2/batchupdatev2") => Self::BatchUpdateFindingsV2,
            ("POST", "/findingsv2/statistics") => Self::GetFindingStatisticsV2,
            ("GET", "/hubv2") => Self::DescribeSecurityHubV2,
            ("GET", "/aggregatorv2/list") => Self::ListAggregatorsV2,
            ("GET", path) if path.starts_with("/aggregatorv2/get/") => Self::GetAggregatorV2,
            ("POST", "/" | "") => Self::GetCallerIdentity,
            _ => Self::Unknown,
        }
    }

    /// The IAM action a caller needs. `GetFindingsV2` and `BatchUpdateFindingsV2` share theirs with the operations they succeed, and
    /// statistics are allowed by the action of ad-hoc insights.
    pub(super) const fn action(self) -> &'static str {
        match self {
            Self::GetFindingsV2 => "securityhub:GetFindings",
            Self::BatchUpdateFindingsV2 => "securityhub:BatchUpdateFindings",
            Self::GetFindingStatisticsV2 => "securityhub:GetAdhocInsightResults",
            Self::DescribeSecurityHubV2 => "securityhub:DescribeSecurityHubV2",
            Self::ListAggregatorsV2 => "securityhub:ListAggregatorsV2",
            Self::GetAggregatorV2 => "securityhub:GetAggregatorV2",
            Self::GetCallerIdentity => "sts:GetCallerIdentity",
            Self::Unknown => "securityhub:Unknown",
        }
    }
}
