//! What a query can ask about: short names, the fields that the service filters by, and any other path of a document.
//!
//! The lists of served paths are those of the service's model (`tests/data/securityhub-v2.model.json`), and a test compares them with it.
//! Must not look at a document.

use std::{borrow::Cow, fmt};

/// What kind of value is at a field, and so which comparisons it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Texts: `:`, `:begins*`, `~`, `~~`.
    Text,
    /// Numbers: `:`, `<`, `<=`, `>`, `>=`.
    Number,
    /// Points in time: compared with an age (`7d`, `12h`) or a date.
    Date,
    /// Yes or no.
    Flag,
    /// Names with values, such as tags: `:name=value`, `~name=part`.
    Map,
    /// Addresses: an address or a network in CIDR form.
    Ip,
    /// `severity_id`: words, ids, and an order that is not that of the ids.
    Severity,
    /// `status_id`: words and ids.
    Status,
    /// Known only from the document: compared as a number where both sides are numbers, else as text. Always applied locally.
    Any,
}

/// A short name for what people ask about most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Short {
    /// How it is written.
    pub name: &'static str,
    /// The paths it stands for; a finding meets a comparison if any of them does.
    pub paths: &'static [&'static str],
    /// What kind of value that is.
    pub kind: Kind,
    /// What it is, in a few words, for completion.
    pub help: &'static str,
}

/// The short names, in the order completion offers them.
pub const SHORTS: &[Short] = &[
    Short { name: "status", paths: &["status_id"], kind: Kind::Status, help: "new, in_progress, suppressed, …" },
    Short {
        name: "severity",
        paths: &["severity_id"],
        kind: Kind::Severity,
        help: "critical, high, …; >=high is high, critical and fatal",
    },
    Short { name: "account", paths: &["cloud.account.uid", "cloud.account.name"], kind: Kind::Text, help: "account id or name" },
    Short { name: "region", paths: &["cloud.region"], kind: Kind::Text, help: "Region: eu-west-1, eu-*" },
    Short {
        name: "product",
        paths: &["metadata.product.name"],
        kind: Kind::Text,
        help: "guardduty, inspector, macie, cspm, coverage, exposure, or the name",
    },
    Short { name: "control", paths: &["compliance.control"], kind: Kind::Text, help: "control: S3.8" },
    Short { name: "cve", paths: &["vulnerabilities.cve.uid"], kind: Kind::Text, help: "CVE: CVE-2026-1234; cve:* has one" },
    Short { name: "title", paths: &["finding_info.title"], kind: Kind::Text, help: "title" },
    Short { name: "resource", paths: &["resources.uid", "resources.name"], kind: Kind::Text, help: "uid or name of a resource" },
    Short { name: "type", paths: &["resources.type"], kind: Kind::Text, help: "type of a resource: AWS::S3::Bucket" },
    Short { name: "tag", paths: &["resources.tags"], kind: Kind::Map, help: "tag of a resource: env=prod" },
    Short { name: "comment", paths: &["comment"], kind: Kind::Text, help: "the comment; comment:* has one" },
    Short { name: "age", paths: &["finding_info.created_time_dt"], kind: Kind::Date, help: "time since it was created: <7d" },
    Short {
        name: "created",
        paths: &["finding_info.created_time_dt"],
        kind: Kind::Date,
        help: "when it was created: >=2026-01-31, or an age",
    },
    Short { name: "modified", paths: &["finding_info.modified_time_dt"], kind: Kind::Date, help: "when its product changed it" },
    Short { name: "seen", paths: &["finding_info.last_seen_time_dt"], kind: Kind::Date, help: "when it was last seen: >30d ago" },
    Short { name: "first_seen", paths: &["finding_info.first_seen_time_dt"], kind: Kind::Date, help: "when it was first seen" },
    Short { name: "class", paths: &["class_name"], kind: Kind::Text, help: "class: Compliance Finding" },
    Short { name: "result", paths: &["compliance.status"], kind: Kind::Text, help: "result of the control: Fail, Pass, Warning" },
    Short { name: "standard", paths: &["compliance.standards"], kind: Kind::Text, help: "standard of the control" },
    Short { name: "exploit", paths: &["vulnerabilities.is_exploit_available"], kind: Kind::Flag, help: "whether an exploit is known" },
    Short { name: "fix", paths: &["vulnerabilities.is_fix_available"], kind: Kind::Flag, help: "whether a fix is available" },
    Short { name: "package", paths: &["vulnerabilities.affected_packages.name"], kind: Kind::Text, help: "affected package" },
    Short { name: "cvss", paths: &["vulnerabilities.cve.cvss.base_score"], kind: Kind::Number, help: "CVSS base score of any vendor" },
    Short { name: "epss", paths: &["vulnerabilities.cve.epss.score"], kind: Kind::Any, help: "EPSS score: >=0.5" },
    Short { name: "vendor", paths: &["metadata.product.vendor_name"], kind: Kind::Text, help: "vendor of the product" },
    Short {
        name: "vendor_severity",
        paths: &["vendor_attributes.severity_id"],
        kind: Kind::Severity,
        help: "severity as the product has it",
    },
    Short { name: "api", paths: &["evidences.api.operation"], kind: Kind::Text, help: "API operation of the evidence" },
    Short { name: "src", paths: &["evidences.src_endpoint.ip"], kind: Kind::Ip, help: "source address or network" },
    Short { name: "dst", paths: &["evidences.dst_endpoint.ip"], kind: Kind::Ip, help: "destination address or network" },
    Short {
        name: "owner",
        paths: &["resources.owner.account.uid", "resources.owner.account.name"],
        kind: Kind::Text,
        help: "account that owns a resource",
    },
    Short { name: "severity_text", paths: &["severity"], kind: Kind::Text, help: "severity as a text, as the document has it" },
    Short { name: "status_text", paths: &["status"], kind: Kind::Text, help: "status as a text, as the document has it" },
    Short { name: "uid", paths: &["metadata.uid"], kind: Kind::Text, help: "metadata.uid" },
];

/// Fields of `StringFilters` (`OcsfStringField`).
pub const TEXT_PATHS: [&str; 79] = [
    "metadata.uid",
    "activity_name",
    "cloud.account.uid",
    "cloud.provider",
    "cloud.region",
    "compliance.assessments.category",
    "compliance.assessments.name",
    "compliance.control",
    "compliance.status",
    "compliance.standards",
    "finding_info.desc",
    "finding_info.src_url",
    "finding_info.title",
    "finding_info.types",
    "finding_info.uid",
    "finding_info.related_events.traits.category",
    "finding_info.related_events.uid",
    "finding_info.related_events.product.uid",
    "finding_info.related_events.title",
    "impact",
    "likelihood",
    "metadata.product.name",
    "metadata.product.uid",
    "metadata.product.vendor_name",
    "remediation.desc",
    "remediation.references",
    "resources.cloud_partition",
    "resources.criticality",
    "resources.name",
    "resources.owner.account.uid",
    "resources.owner.org.uid",
    "resources.owner.account.name",
    "resources.provider",
    "resources.region",
    "resources.type",
    "resources.uid",
    "severity",
    "status",
    "comment",
    "vulnerabilities.fix_coverage",
    "class_name",
    "databucket.encryption_details.algorithm",
    "databucket.encryption_details.key_uid",
    "databucket.file.data_classifications.classifier_details.type",
    "evidences.actor.user.account.uid",
    "evidences.api.operation",
    "evidences.api.response.error_message",
    "evidences.api.service.name",
    "evidences.connection_info.direction",
    "evidences.connection_info.protocol_name",
    "evidences.dst_endpoint.autonomous_system.name",
    "evidences.dst_endpoint.location.city",
    "evidences.dst_endpoint.location.country",
    "evidences.src_endpoint.autonomous_system.name",
    "evidences.src_endpoint.hostname",
    "evidences.src_endpoint.location.city",
    "evidences.src_endpoint.location.country",
    "finding_info.analytic.name",
    "malware.name",
    "malware_scan_info.uid",
    "malware.severity",
    "resources.cloud_function.layers.uid_alt",
    "resources.cloud_function.runtime",
    "resources.cloud_function.user.uid",
    "resources.device.encryption_details.key_uid",
    "resources.device.image.uid",
    "resources.image.architecture",
    "resources.image.registry_uid",
    "resources.image.repository_name",
    "resources.image.uid",
    "resources.subnet_info.uid",
    "resources.vpc_uid",
    "vulnerabilities.affected_code.file.path",
    "vulnerabilities.affected_packages.name",
    "vulnerabilities.cve.epss.score",
    "vulnerabilities.cve.uid",
    "vulnerabilities.related_vulnerabilities",
    "cloud.account.name",
    "vendor_attributes.severity",
];

/// Fields of `NumberFilters` (`OcsfNumberField`).
pub const NUMBER_PATHS: [&str; 14] = [
    "activity_id",
    "compliance.status_id",
    "confidence_score",
    "severity_id",
    "status_id",
    "finding_info.related_events_count",
    "evidences.api.response.code",
    "evidences.dst_endpoint.autonomous_system.number",
    "evidences.dst_endpoint.port",
    "evidences.src_endpoint.autonomous_system.number",
    "evidences.src_endpoint.port",
    "resources.image.in_use_count",
    "vulnerabilities.cve.cvss.base_score",
    "vendor_attributes.severity_id",
];

/// Fields of `DateFilters` (`OcsfDateField`).
pub const DATE_PATHS: [&str; 7] = [
    "finding_info.created_time_dt",
    "finding_info.first_seen_time_dt",
    "finding_info.last_seen_time_dt",
    "finding_info.modified_time_dt",
    "resources.image.created_time_dt",
    "resources.image.last_used_time_dt",
    "resources.modified_time_dt",
];

/// Fields of `BooleanFilters` (`OcsfBooleanField`).
pub const FLAG_PATHS: [&str; 3] =
    ["compliance.assessments.meets_criteria", "vulnerabilities.is_exploit_available", "vulnerabilities.is_fix_available"];

/// Fields of `MapFilters` (`OcsfMapField`).
pub const MAP_PATHS: [&str; 4] = ["resources.tags", "compliance.control_parameters", "databucket.tags", "finding_info.tags"];

/// Fields of `IpFilters` (`OcsfIpField`).
pub const IP_PATHS: [&str; 2] = ["evidences.dst_endpoint.ip", "evidences.src_endpoint.ip"];

/// One field of a query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    /// By its short name.
    Short(&'static Short),
    /// A path that the service filters by; the same kind as there.
    Served(&'static str, Kind),
    /// Any other path of a document, as it was written: names joined by dots. Arrays add no step.
    Path(String),
}

impl Field {
    /// The field of a name: a short name, a served path, else any path. `None` where it can be none: a name holds letters, digits, `_`,
    /// `-`, `/` and dots between its steps, and a word without a dot that is no short name and no served path is a slip and no path.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(short) = SHORTS.iter().find(|short| short.name == name) {
            return Some(Self::Short(short));
        }
        if let Some((path, kind)) = served(name) {
            return Some(Self::Served(path, kind));
        }
        let is_step = |step: &str| !step.is_empty() && step.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
        (name.contains('.') && name.split('.').all(is_step)).then(|| Self::Path(name.to_owned()))
    }

    /// What kind of value it has.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Short(short) => short.kind,
            Self::Served(_, kind) => *kind,
            Self::Path(_) => Kind::Any,
        }
    }

    /// How it is written.
    pub fn name(&self) -> &str {
        match self {
            Self::Short(short) => short.name,
            Self::Served(path, _) => path,
            Self::Path(path) => path,
        }
    }

    /// The paths it stands for.
    pub fn paths(&self) -> Vec<Cow<'static, str>> {
        match self {
            Self::Short(short) => short.paths.iter().map(|path| Cow::Borrowed(*path)).collect(),
            Self::Served(path, _) => vec![Cow::Borrowed(path)],
            Self::Path(path) => vec![Cow::Owned(path.clone())],
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A path that the service filters by, and its kind. `severity_id`, `vendor_attributes.severity_id` and `status_id` are numbers here as
/// they are there; their short names know the words.
pub fn served(path: &str) -> Option<(&'static str, Kind)> {
    all_served().find(|(known, _)| *known == path)
}

/// Every path that the service filters by, with its kind.
pub fn all_served() -> impl Iterator<Item = (&'static str, Kind)> {
    let lists: [(&'static [&'static str], Kind); 6] = [
        (&TEXT_PATHS, Kind::Text),
        (&NUMBER_PATHS, Kind::Number),
        (&DATE_PATHS, Kind::Date),
        (&FLAG_PATHS, Kind::Flag),
        (&MAP_PATHS, Kind::Map),
        (&IP_PATHS, Kind::Ip),
    ];
    lists.into_iter().flat_map(|(paths, kind)| paths.iter().map(move |path| (*path, kind)))
}
