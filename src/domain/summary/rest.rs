//! What no other part tells: members that this version does not know, so that a new class of finding can be decided on too.

use serde_json::Value;

use super::{
    lines::Lines,
    read::{grouped, scalar},
};

/// Lines of what is left.
const MAX_LEFT: usize = 16;

/// Members at the root that other parts tell, or that only repeat what these say.
const KNOWN: &[&str] = &[
    "activity_id",
    "activity_name",
    "actor",
    "api",
    "category_name",
    "category_uid",
    "class_name",
    "class_uid",
    "cloud",
    "comment",
    "compliance",
    "confidence",
    "confidence_id",
    "confidence_score",
    "connection_info",
    "count",
    "data_classification",
    "data_classifications",
    "data_security",
    "databucket",
    "dst_endpoint",
    "end_time",
    "end_time_dt",
    "evidences",
    "file",
    "finding_info",
    "http_request",
    "impact",
    "impact_id",
    "impact_score",
    "likelihood",
    "likelihood_score",
    "malware",
    "message",
    "metadata",
    "priority",
    "priority_id",
    "priority_score",
    "process",
    "query",
    "raw_data",
    "remediation",
    "resources",
    "risk_details",
    "risk_level",
    "risk_level_id",
    "risk_score",
    "severity",
    "severity_id",
    "src_endpoint",
    "start_time",
    "start_time_dt",
    "status",
    "status_code",
    "status_detail",
    "status_id",
    "time",
    "time_dt",
    "timezone_offset",
    "type_name",
    "type_uid",
    "vendor_attributes",
    "vulnerabilities",
];

/// Tells the leaves of unknown members with their paths.
pub(super) fn tell(lines: &mut Lines, document: &Value) {
    let Some(members) = document.as_object() else { return };
    let mut left = Left { told: Vec::new(), count: 0 };
    for (name, value) in members.iter().filter(|(name, _)| !KNOWN.contains(&name.as_str())) {
        left.gather(&mut vec![name], value);
    }
    lines.heading("Also in the document");
    for told in left.told {
        lines.text(Some(told));
    }
    if left.count > MAX_LEFT {
        let more = grouped(left.count - MAX_LEFT);
        lines.note(format!("… and {more} more in the document"));
    }
}

struct Left {
    told: Vec<String>,
    count: usize,
}

impl Left {
    fn gather<'a>(&mut self, path: &mut Vec<&'a str>, value: &'a Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    path.push(name);
                    self.gather(path, value);
                    path.pop();
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.gather(path, item)),
            leaf => {
                // Only what is shown is worth being put together.
                if leaf.is_null() {
                    return;
                }
                self.count += 1;
                if self.told.len() < MAX_LEFT {
                    let path = scalar(&Value::String(path.join("."))).unwrap_or_default();
                    let value = scalar(leaf).unwrap_or_default();
                    self.told.push(format!("{path} = {value}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::summary::SummaryLine;
    use serde_json::json;

    #[test]
    fn unknown_members_are_told_with_their_paths_and_the_rest_is_counted() {
        let mut lines = Lines::default();
        let many: Vec<i32> = (0..40).collect();
        tell(&mut lines, &json!({"severity": "High", "unused_access": {"days": 90, "services": ["s3", null, {"name": "ec2"}]}, "z": many}));
        let lines = lines.finish().lines;
        for expected in ["unused_access.days = 90", "unused_access.services = s3", "unused_access.services.name = ec2", "z = 0"] {
            assert!(lines.contains(&SummaryLine::Text(expected.into())), "{expected} in {lines:#?}");
        }
        assert_eq!(lines.last(), Some(&SummaryLine::Note("… and 27 more in the document".into())));
        assert_eq!(lines.len(), MAX_LEFT + 2);
    }
}
