//! The names that a request may use: filter fields by kind, and fields that statistics group by.
//!
//! The lists are those of the service model (`tests/data/securityhub-v2.model.json`), and a test compares them with it. This
//! module only knows names and where they sit in a document; it never looks at a document.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Fields of a `StringFilters` entry (`OcsfStringField`).
pub(super) const TEXT_FIELDS: [&str; 79] = [
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

/// Fields of a `NumberFilters` entry (`OcsfNumberField`).
pub(super) const NUMBER_FIELDS: [&str; 14] = [
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

/// Fields of a `DateFilters` entry (`OcsfDateField`).
pub(super) const DATE_FIELDS: [&str; 7] = [
    "finding_info.created_time_dt",
    "finding_info.first_seen_time_dt",
    "finding_info.last_seen_time_dt",
    "finding_info.modified_time_dt",
    "resources.image.created_time_dt",
    "resources.image.last_used_time_dt",
    "resources.modified_time_dt",
];

/// Fields of a `BooleanFilters` entry (`OcsfBooleanField`).
pub(super) const BOOLEAN_FIELDS: [&str; 3] =
    ["compliance.assessments.meets_criteria", "vulnerabilities.is_exploit_available", "vulnerabilities.is_fix_available"];

/// Fields of a `MapFilters` entry (`OcsfMapField`).
pub(super) const MAP_FIELDS: [&str; 4] = ["resources.tags", "compliance.control_parameters", "databucket.tags", "finding_info.tags"];

/// Fields of an `IpFilters` entry (`OcsfIpField`).
pub(super) const IP_FIELDS: [&str; 2] = ["evidences.dst_endpoint.ip", "evidences.src_endpoint.ip"];

/// Fields that statistics can be grouped by (`GroupByField`); all of them are text fields too.
pub(super) const GROUP_FIELDS: [&str; 34] = [
    "activity_name",
    "cloud.account.uid",
    "cloud.provider",
    "cloud.region",
    "compliance.assessments.name",
    "compliance.status",
    "compliance.control",
    "finding_info.title",
    "finding_info.related_events.traits.category",
    "finding_info.types",
    "impact",
    "likelihood",
    "metadata.product.name",
    "metadata.product.uid",
    "resources.type",
    "resources.cloud_partition",
    "resources.criticality",
    "resources.name",
    "resources.owner.account.uid",
    "resources.owner.org.uid",
    "resources.owner.account.name",
    "resources.provider",
    "resources.region",
    "resources.uid",
    "severity",
    "status",
    "vulnerabilities.fix_coverage",
    "class_name",
    "vulnerabilities.affected_packages.name",
    "finding_info.analytic.name",
    "compliance.standards",
    "cloud.account.name",
    "vendor_attributes.severity",
    "metadata.product.vendor_name",
];

/// What kind of filter a field belongs to. No field belongs to two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum FieldKind {
    Text,
    Number,
    Date,
    Boolean,
    Map,
    Ip,
}

impl FieldKind {
    pub(super) const ALL: [Self; 6] = [Self::Text, Self::Number, Self::Date, Self::Boolean, Self::Map, Self::Ip];

    /// The field names of this kind, in the model's order.
    pub(super) const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Text => &TEXT_FIELDS,
            Self::Number => &NUMBER_FIELDS,
            Self::Date => &DATE_FIELDS,
            Self::Boolean => &BOOLEAN_FIELDS,
            Self::Map => &MAP_FIELDS,
            Self::Ip => &IP_FIELDS,
        }
    }
}

/// One filterable field. Small, because every fact of every finding carries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FieldId(u8);

impl FieldId {
    /// The field of that kind with that name.
    pub(super) fn find(kind: FieldKind, name: &str) -> Option<Self> {
        let (id, found) = *CATALOGUE.by_name.get(name)?;
        (found == kind).then_some(id)
    }
}

/// A place in the tree of field paths, followed while a document is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathNode(usize);

impl PathNode {
    /// The top of a document.
    pub(super) const ROOT: Self = Self(0);

    /// The place under member `name`, if any field lies there or below. Arrays add no step: a field's path runs through their elements.
    pub(super) fn child(self, name: &str) -> Option<Self> {
        let branch = CATALOGUE.branches.get(self.0)?;
        branch.children.iter().find(|(child, _)| *child == name).map(|(_, node)| Self(*node))
    }

    /// The field that ends here.
    pub(super) fn field(self) -> Option<(FieldId, FieldKind)> {
        CATALOGUE.branches.get(self.0)?.field
    }
}

#[derive(Default)]
struct Branch {
    children: Vec<(&'static str, usize)>,
    field: Option<(FieldId, FieldKind)>,
}

struct Catalogue {
    by_name: HashMap<&'static str, (FieldId, FieldKind)>,
    branches: Vec<Branch>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::build);

impl Catalogue {
    fn build() -> Self {
        let mut catalogue = Self { by_name: HashMap::new(), branches: vec![Branch::default()] };
        let fields = FieldKind::ALL.into_iter().flat_map(|kind| kind.names().iter().map(move |name| (kind, *name)));
        for (number, (kind, name)) in (0_u8..).zip(fields) {
            let field = (FieldId(number), kind);
            catalogue.by_name.insert(name, field);
            let node = catalogue.path(name);
            if let Some(branch) = catalogue.branches.get_mut(node) {
                branch.field = Some(field);
            }
        }
        catalogue
    }

    fn path(&mut self, name: &'static str) -> usize {
        let mut node = 0;
        for step in name.split('.') {
            let known =
                self.branches.get(node).and_then(|branch| branch.children.iter().find(|(child, _)| *child == step)).map(|(_, next)| *next);
            node = known.unwrap_or_else(|| {
                let next = self.branches.len();
                self.branches.push(Branch::default());
                if let Some(branch) = self.branches.get_mut(node) {
                    branch.children.push((step, next));
                }
                next
            });
        }
        node
    }
}
