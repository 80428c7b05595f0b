//! How a finding is addressed: by `metadata.uid`, or by the identifier triple where it has none.

use serde::{Deserialize, Serialize};

/// The three values that `FindingIdentifiers` of `BatchUpdateFindingsV2` requires, byte for byte as the service gave them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// `cloud.account.uid`.
    #[serde(rename = "account")]
    pub account_uid: String,
    /// `finding_info.uid`.
    #[serde(rename = "finding")]
    pub finding_uid: String,
    /// `metadata.product.uid`.
    #[serde(rename = "product")]
    pub product_uid: String,
}

/// What names one finding towards the service. Never cleaned for display: it has to go back unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Identity {
    /// `metadata.uid`, the normal way.
    #[serde(rename = "uid")]
    MetadataUid(String),
    /// No `metadata.uid`: the triple.
    #[serde(rename = "identifier")]
    Identifier(Identifier),
    /// Neither is complete: the finding can be read but not updated. The text is a digest of the document, so that the same document
    /// keeps its row.
    #[serde(rename = "digest")]
    Unaddressable(String),
}

impl Identity {
    /// Whether `BatchUpdateFindingsV2` can address it.
    pub const fn is_addressable(&self) -> bool {
        !matches!(self, Self::Unaddressable(_))
    }

    /// The one line that names it on screen and on the clipboard; clean it before it is shown.
    pub fn shown(&self) -> &str {
        match self {
            Self::MetadataUid(uid) => uid,
            Self::Identifier(identifier) => &identifier.finding_uid,
            Self::Unaddressable(_) => "(no metadata.uid and no complete identifier)",
        }
    }
}
