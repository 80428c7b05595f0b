//! What the service counts findings by, and what came of counting.
//!
//! The fields are those of the service's model (`GroupByField` in `tests/data/securityhub-v2.model.json`), and a test compares them with it.
//! Must not know the call.

use std::fmt;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:literal => $variant:ident,)+) => {
        /// A field that the service counts findings by. It has no others: no CVE, no age, no comment.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CountField {
            $($(#[$doc])* $variant,)+
        }

        impl CountField {
            /// Every one, in the order of the model.
            pub const ALL: [Self; 34] = [$(Self::$variant,)+];

            /// The path, as the service and a query name it.
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

fields! {
    /// What happened to the finding: `Create`, `Update`, `Close`.
    "activity_name" => Activity,
    /// Id of the account.
    "cloud.account.uid" => AccountUid,
    /// `AWS`, or another cloud.
    "cloud.provider" => Provider,
    /// Region of the finding.
    "cloud.region" => Region,
    /// Name of an assessment.
    "compliance.assessments.name" => Assessment,
    /// Result of the control: `Fail`, `Pass`.
    "compliance.status" => ComplianceStatus,
    /// Control: `S3.8`.
    "compliance.control" => Control,
    /// Title.
    "finding_info.title" => Title,
    /// Category of a trait that an exposure is made of.
    "finding_info.related_events.traits.category" => TraitCategory,
    /// Types.
    "finding_info.types" => Type,
    /// Impact.
    "impact" => Impact,
    /// Likelihood.
    "likelihood" => Likelihood,
    /// Name of the product.
    "metadata.product.name" => Product,
    /// ARN of the product.
    "metadata.product.uid" => ProductUid,
    /// Type of a resource: `AWS::S3::Bucket`.
    "resources.type" => ResourceType,
    /// Partition of a resource: `aws`.
    "resources.cloud_partition" => ResourcePartition,
    /// Criticality of a resource.
    "resources.criticality" => ResourceCriticality,
    /// Name of a resource.
    "resources.name" => ResourceName,
    /// Id of the account that owns a resource.
    "resources.owner.account.uid" => OwnerUid,
    /// Id of the organization that owns a resource.
    "resources.owner.org.uid" => OwnerOrganization,
    /// Name of the account that owns a resource.
    "resources.owner.account.name" => OwnerName,
    /// Cloud of a resource.
    "resources.provider" => ResourceProvider,
    /// Region of a resource.
    "resources.region" => ResourceRegion,
    /// Uid of a resource, most often its ARN.
    "resources.uid" => ResourceUid,
    /// Severity, as the text of the document: `High`.
    "severity" => Severity,
    /// Status, as the text of the document: `In Progress`.
    "status" => Status,
    /// Whether fixes are there for all, some or no packages.
    "vulnerabilities.fix_coverage" => FixCoverage,
    /// Class: `Compliance Finding`.
    "class_name" => Class,
    /// Name of an affected package.
    "vulnerabilities.affected_packages.name" => Package,
    /// Name of what detected it.
    "finding_info.analytic.name" => Analytic,
    /// Standards of the control.
    "compliance.standards" => Standard,
    /// Name of the account.
    "cloud.account.name" => AccountName,
    /// Severity as the product has it, as a text.
    "vendor_attributes.severity" => VendorSeverity,
    /// Vendor of the product.
    "metadata.product.vendor_name" => Vendor,
}

impl fmt::Display for CountField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

/// Most values that the service counts of a field; `MaxStatisticResults` in its model. There are no further pages.
pub const MOST_VALUES: usize = 400;

/// Most fields of one call; the model's documentation of `GroupByRules`.
pub const MOST_FIELDS: usize = 5;

/// How many findings have which value of a field.
///
/// A finding counts once for each value that it has, and nowhere if it has none: counts need not add up to the number of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The field.
    pub field: CountField,
    /// Values as they came, not cleaned, with their counts; at most [`MOST_VALUES`], the most frequent ones.
    pub values: Vec<(String, u64)>,
}

impl Counted {
    /// Nothing has a value here.
    pub const fn none(field: CountField) -> Self {
        Self { field, values: Vec::new() }
    }

    /// Whether there may be values beside those that were counted.
    pub const fn is_cut(&self) -> bool {
        self.values.len() >= MOST_VALUES
    }

    /// All counts together.
    pub fn sum(&self) -> u64 {
        self.values.iter().map(|&(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use crate::domain::query::field::TEXT_PATHS;

    #[test]
    fn the_fields_are_those_of_the_model_and_can_all_be_asked_about() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/securityhub-v2.model.json");
        let model: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let listed: Vec<&str> =
            model["shapes"]["GroupByField"]["enum"].as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
        assert_eq!(CountField::ALL.map(CountField::path).to_vec(), listed);
        assert_eq!(model["shapes"]["MaxStatisticResults"]["max"], MOST_VALUES);
        for field in CountField::ALL {
            assert!(TEXT_PATHS.contains(&field.path()), "{field}");
        }
    }

    #[test]
    fn what_may_have_been_cut_is_told() {
        let counted = |count| Counted { field: CountField::Title, values: vec![(String::new(), 2); count] };
        assert_eq!((counted(399).is_cut(), counted(400).is_cut(), counted(3).sum()), (false, true, 6));
        assert!(!Counted::none(CountField::Title).is_cut());
    }
}
