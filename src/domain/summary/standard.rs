//! Names of the standards that controls belong to.

/// What the identifiers of Security Hub CSPM's standards are called; the part between `standards/` and `/v/`.
const NAMES: &[(&str, &str)] = &[
    ("aws-foundational-security-best-practices", "AWS Foundational Security Best Practices"),
    ("aws-resource-tagging-standard", "AWS Resource Tagging Standard"),
    ("cis-aws-foundations-benchmark", "CIS AWS Foundations Benchmark"),
    ("nist-800-53", "NIST SP 800-53"),
    ("nist-800-171", "NIST SP 800-171"),
    ("pci-dss", "PCI DSS"),
    ("service-managed-aws-control-tower", "AWS Control Tower, service-managed"),
];

/// `standards/pci-dss/v/4.0.1`, also at the end of an ARN or as a `ruleset`, becomes `PCI DSS v4.0.1`; what is not known stays as it is.
pub(super) fn readable(identifier: &str) -> String {
    named(identifier).unwrap_or_else(|| identifier.to_owned())
}

fn named(identifier: &str) -> Option<String> {
    let rest = ["standards/", "ruleset/"].into_iter().find_map(|word| identifier.rsplit_once(word).map(|(_, rest)| rest))?;
    let (slug, version) = rest.split_once("/v/")?;
    let (_, name) = NAMES.iter().find(|(known, _)| *known == slug)?;
    Some(format!("{name} v{version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_standards_have_names_and_others_stay_as_they_are() {
        for (identifier, name) in [
            ("standards/aws-foundational-security-best-practices/v/1.0.0", "AWS Foundational Security Best Practices v1.0.0"),
            ("arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0", "CIS AWS Foundations Benchmark v1.2.0"),
            ("arn:aws:securityhub:eu-west-1::standards/pci-dss/v/4.0.1", "PCI DSS v4.0.1"),
            ("standards/our-own/v/1", "standards/our-own/v/1"),
            ("standards/pci-dss", "standards/pci-dss"),
            ("", ""),
        ] {
            assert_eq!(readable(identifier), name);
        }
    }
}
