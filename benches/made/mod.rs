//! Findings for measuring: as many as wanted, the same ones in every run, each made from its number alone.
//!
//! Their distributions are those of a queue of many accounts: few controls and many resources, a long tail of CVEs, most of them New. Their
//! documents have what those of the products have, at the usual size of one. No two have the same identity, and what differs between real
//! findings differs here, so that memory, compression and search are not flattered.
#![allow(dead_code, reason = "each bench takes what it needs")]

pub(crate) mod session;

use hubtriage::findings::archive::SealedPage;
use serde_json::{Value, json};

/// Findings of a full page.
pub(crate) const PAGE: usize = 100;
/// The moment that ages are counted from, in milliseconds.
pub(crate) const NOW: i64 = 1_793_620_800_000;
const DAY: i64 = 86_400_000;

const TEAMS: [&str; 8] = ["payments", "data", "core", "web", "identity", "logistics", "research", "sandbox"];
const STAGES: [&str; 3] = ["prod", "dev", "test"];
const REGIONS: [&str; 6] = ["eu-west-1", "us-east-1", "eu-central-1", "us-west-2", "ap-southeast-2", "eu-north-1"];
const SERVICES: [&str; 8] = ["S3", "EC2", "IAM", "RDS", "Lambda", "KMS", "CloudTrail", "ECS"];
const PACKAGES: [&str; 10] =
    ["openssl", "curl", "glibc", "linux-libc-dev", "zlib", "python3.11", "nodejs", "libxml2", "busybox", "log4j-core"];
const WORDS: [&str; 24] = [
    "access",
    "allows",
    "attacker",
    "bucket",
    "cluster",
    "configuration",
    "credentials",
    "encryption",
    "function",
    "instance",
    "internet",
    "logging",
    "network",
    "policy",
    "principal",
    "privilege",
    "public",
    "resource",
    "role",
    "rotation",
    "service",
    "snapshot",
    "unused",
    "version",
];

/// How large a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// About 2.4 KB: what findings have in the middle.
    Usual,
    /// About 5.2 KB: of vulnerabilities with many packages.
    Large,
}

/// Numbers that a finding is made of.
struct Dice(u64);

impl Dice {
    /// Those of one finding.
    const fn of(number: u64) -> Self {
        // Neighbouring numbers must not give neighbouring states.
        let mut state = number.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state ^= state >> 31;
        state = state.wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(state ^ (state >> 29) | 1)
    }

    /// A number below `count`, each as likely.
    fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % count
    }

    /// A number below `count` of which small ones are much more likely: a long tail.
    fn tail(&mut self, count: u64) -> u64 {
        let part = self.below(count) * self.below(count) / count;
        part * (1 + self.below(count)) / count
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(from.len() as u64);
        from.get(at as usize).copied().unwrap_or_default()
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.pick(&WORDS)).collect::<Vec<_>>().join(" ")
    }
}

/// One finding's document.
pub(crate) fn document(number: u64, size: Size) -> String {
    let mut dice = Dice::of(number);
    let account = dice.tail(120);
    let account_uid = format!("{:012}", 100_000_000_000 + account * 7_919);
    let team = TEAMS.get((account % 8) as usize).copied().unwrap_or_default();
    let stage = STAGES.get((account % 3) as usize).copied().unwrap_or_default();
    let at = dice.tail(6) as usize;
    let region = REGIONS.get(at).copied().unwrap_or_default();
    let created = NOW - dice.tail(400).cast_signed() * DAY - dice.below(86_400_000).cast_signed();
    let modified = created + dice.below(u64::try_from((NOW - created).max(1)).unwrap_or(1)).cast_signed();
    let is_new = dice.below(100) < 85;
    let instance = dice.below(1 + number * 3 / 4);
    let machine = format!("arn:aws:ec2:{region}:{account_uid}:instance/i-{instance:017x}");
    let mut document = json!({
        "activity_id": 1, "activity_name": "Create", "category_name": "Findings", "category_uid": 2,
        "metadata": {"uid": format!("{:016x}{:016x}{:032x}", dice.below(u64::MAX), dice.below(u64::MAX), number), "version": "1.6.0",
            "product": {"uid": "arn:aws:securityhub:::product", "vendor_name": "AWS"},
            "profiles": ["cloud", "datetime", "host"]},
        "cloud": {"provider": "AWS", "region": region,
            "account": {"uid": account_uid, "name": format!("{team}-{stage}-{account}"), "type": "AWS Account", "type_id": 10}},
        "status_id": if is_new { 1 } else { 2 }, "status": if is_new { "New" } else { "In Progress" },
        "time": modified, "type_name": "Finding: Create",
    });
    if dice.below(100) < 3 {
        document["comment"] = json!(format!("accepted until 2026-12-15, JIRA-{}", dice.below(4_000)));
    }
    let (product, severity, title, resource, kind) = match dice.below(100) {
        0..45 => {
            let control = dice.tail(250);
            let service = SERVICES.get((control % 8) as usize).copied().unwrap_or_default();
            let name = format!("{service}.{}", control / 8 + 1);
            let standards: Vec<Value> = (0..2 + control % 4).map(|at| json!({"uid": format!("standards/framework-{at}/v/1.0")})).collect();
            let parameters = json!([{"name": "days", "value": (control % 90).to_string()}]);
            document["compliance"] = json!({"control": name, "status": "Fail", "standards": standards, "control_parameters": parameters,
                "requirements": [format!("NIST.800-53.r5 AC-{control}"), format!("PCI DSS v4.0.1/{}.2", control % 12)]});
            let title = format!("{service} resources should not allow what number {control} of the standard forbids them");
            let bucket = dice.below(1 + number / 2);
            ("Security Hub CSPM", 2 + control % 3, title, format!("arn:aws:s3:::{team}-{stage}-bucket-{bucket}"), "AWS::S3::Bucket")
        }
        45..88 => {
            let cve = dice.tail(4_000);
            let package = dice.pick(&PACKAGES);
            let id = format!("CVE-{}-{}", 2018 + cve % 9, 1_000 + cve * 13);
            let score = 40 + cve % 60;
            document["vulnerabilities"] = json!([{"cve": {"uid": id, "cvss": [{"base_score": format!("{}.{}", score / 10, score % 10), "version": "3.1",
                    "vector_string": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}], "epss": {"score": format!("0.{:05}", cve * 17 % 99_999)}},
                "affected_packages": [{"name": package, "version": format!("{}.{}.{}", cve % 9, cve % 31, instance % 17),
                    "fixed_in_version": format!("{}.{}.99", cve % 9, cve % 31), "architecture": "X86_64", "package_manager": "OS"}],
                "is_exploit_available": cve.is_multiple_of(7), "is_fix_available": true,
                "references": [format!("https://nvd.nist.gov/vuln/detail/{id}"), format!("https://ubuntu.com/security/{id}")]}]);
            ("Inspector", 2 + cve % 4, format!("{id} - {package}"), machine, "AWS::EC2::Instance")
        }
        88..96 => {
            let at = dice.tail(60);
            document["finding_info"]["types"] = json!([format!("Recon:IAMUser/Pattern{at}")]);
            document["evidences"] = json!([{"api": {"operation": format!("Describe{at}"), "service": {"name": "ec2.amazonaws.com"}},
                "src_endpoint": {"ip": format!("198.51.{}.{}", instance % 256, number % 256), "port": 443 + instance % 60_000}}]);
            ("GuardDuty", 2 + at % 4, format!("An API of kind {at} was called from an unusual place"), machine, "AWS::EC2::Instance")
        }
        _ => {
            document["finding_info"]["types"] = json!(["SensitiveData:S3Object/Personal"]);
            let title = "The S3 object contains personal information".to_owned();
            ("Macie", 3, title, format!("arn:aws:s3:::{team}-exports/{number}.csv"), "AWS::S3::Object")
        }
    };
    let caption = ["Unknown", "Informational", "Low", "Medium", "High", "Critical"].get(severity as usize).copied().unwrap_or_default();
    document["metadata"]["product"]["name"] = json!(product);
    document["severity_id"] = json!(severity);
    document["severity"] = json!(caption);
    document["finding_info"]["uid"] = json!(format!("arn:aws:securityhub:{region}:{account_uid}:finding/{number:032x}"));
    document["finding_info"]["title"] = json!(title);
    document["finding_info"]["desc"] = json!(format!("{title}: {}. It concerns {resource}.", dice.words(28)));
    document["finding_info"]["created_time"] = json!(created);
    document["finding_info"]["modified_time"] = json!(modified);
    document["remediation"] = json!({"desc": format!("See how to mend it: {}.", dice.words(14)),
        "references": [format!("https://docs.aws.amazon.com/console/securityhub/{}/remediation", title.len() % 40)]});
    let own = resource.rsplit(':').next().unwrap_or_default().to_owned();
    document["resources"] = json!([{"uid": resource, "type": kind, "name": own, "region": region, "cloud_partition": "aws",
        "owner": {"account": {"uid": account_uid}},
        "tags": [{"name": "team", "value": team}, {"name": "env", "value": stage}, {"name": "cost-center", "value": format!("{}", 1_000 + account)},
            {"name": "created-by", "value": format!("terraform-{}", dice.below(1 << 40))}]}]);
    document["vendor_attributes"] = json!({"severity": caption, "severity_id": severity});
    let wanted = if size == Size::Large { 5_200 } else { 2_400 };
    let mut notes = Vec::new();
    let mut long = document.to_string().len() + 40;
    while long + 70 < wanted {
        let note = format!("{} {:016x}", dice.words(5), dice.below(u64::MAX));
        long += note.len() + 3;
        notes.push(json!(note));
    }
    document["unmapped"] = json!({"Notes": notes});
    document.to_string()
}

/// The documents from one number on.
pub(crate) fn documents(first: u64, count: usize, size: Size) -> Vec<String> {
    (first..first + count as u64).map(|number| document(number, size)).collect()
}

/// A page of them, read and sealed as a scan does.
pub(crate) fn page(first: u64, count: usize) -> SealedPage {
    SealedPage::seal(&documents(first, count, Size::Usual))
}

/// The answer of `GetFindingsV2` that has these findings.
pub(crate) fn body(first: u64, count: usize, size: Size, next: Option<&str>) -> String {
    let next = next.map(|token| format!(",\"NextToken\":\"{token}\"")).unwrap_or_default();
    format!("{{\"Findings\":[{}]{next}}}", documents(first, count, size).join(","))
}
