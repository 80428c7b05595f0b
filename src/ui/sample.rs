//! A model with a little of everything, for the tests of the screens. Built through the same calls that `update` makes.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    app::{
        event::{Caller, Connection, RequestId, Told},
        journaling::JournalState,
        model::{Model, RowState, ScanState, Settings},
    },
    domain::{
        batch::RowCode,
        comment::{Comment, LineBreaks},
        failure::{CallError, CallFailure},
        patch::{Patch, Values},
        query::Query,
        row::{HubId, RowId},
        severity::SeverityId,
        status::StatusId,
        summary,
        time::Millis,
    },
    findings::archive::SealedPage,
    journal::hub_key::HubKey,
    send::report::{Activity, Change, Problem, ProblemKind, Progress},
};

/// Whole days of milliseconds.
const DAY: i64 = 86_400_000;
/// The present of every sample.
pub(super) const NOW: i64 = 1_793_620_800_000;

/// What differs between the sample findings.
struct Sample {
    /// Now, and what the vendor says.
    severity: [i32; 2],
    status: i32,
    days: i64,
    /// Id, name, Region.
    account: [&'static str; 3],
    /// Its name, and its control or type.
    product: [&'static str; 2],
    title: &'static str,
    /// Its uid and type.
    resource: [&'static str; 2],
}

const PROD: [&str; 3] = ["111122223333", "payments-prod", "eu-west-1"];
const DEV: [&str; 3] = ["222233334444", "payments-dev", "eu-west-1"];
const DATA: [&str; 3] = ["333344445555", "data-prod", "eu-west-1"];
const CORE: [&str; 3] = ["444455556666", "core", "us-east-1"];

const OVER_READ: &str = "openssl: buffer over-read in 3 packages";
const BUCKET: &str = "S3 general purpose buckets should block public access";
const CVE: [&str; 2] = ["Inspector", "CVE-2026-10481"];
const S3_8: [&str; 2] = ["Security Hub CSPM", "S3.8"];

#[rustfmt::skip]
const SAMPLES: &[Sample] = &[
    Sample { severity: [5, 5], status: 1, days: 2, account: PROD, product: CVE, title: OVER_READ,
        resource: ["arn:aws:ec2:eu-west-1:111122223333:instance/i-0fa17b2c3d4e59c21", "AWS::EC2::Instance"] },
    Sample { severity: [5, 5], status: 1, days: 2, account: PROD, product: CVE, title: OVER_READ,
        resource: ["arn:aws:ec2:eu-west-1:111122223333:instance/i-0fa17b2c3d4e577d0", "AWS::EC2::Instance"] },
    Sample { severity: [5, 5], status: 2, days: 3, account: DEV, product: CVE, title: OVER_READ,
        resource: ["arn:aws:ec2:eu-west-1:222233334444:instance/i-03bc5d6e7f801a0a1", "AWS::EC2::Instance"] },
    Sample { severity: [4, 4], status: 1, days: 5, account: DATA, product: S3_8, title: BUCKET,
        resource: ["arn:aws:s3:::ledger-data-prod", "AWS::S3::Bucket"] },
    Sample { severity: [4, 4], status: 1, days: 5, account: DATA, product: S3_8, title: BUCKET,
        resource: ["arn:aws:s3:::logs-data-prod", "AWS::S3::Bucket"] },
    Sample { severity: [4, 4], status: 1, days: 5, account: DATA, product: S3_8, title: BUCKET,
        resource: ["arn:aws:s3:::archive-data-prod", "AWS::S3::Bucket"] },
    Sample { severity: [4, 3], status: 2, days: 9, account: CORE, product: ["GuardDuty", "Recon:IAMUser/MaliciousIPCaller"],
        title: "API ListBuckets was called from a known malicious IP address",
        resource: ["arn:aws:iam::444455556666:role/ci-deploy", "AWS::IAM::Role"] },
    Sample { severity: [3, 3], status: 1, days: 12, account: ["444455556666", "core", "ap-southeast-2"],
        product: ["Macie", "SensitiveData:S3Object/Personal"], title: "The S3 object contains personal information",
        resource: ["arn:aws:s3:::exports-core/2026/10/customers.csv", "AWS::S3::Object"] },
    Sample { severity: [3, 3], status: 1, days: 14, account: DEV, product: ["Security Hub CSPM", "EC2.19"],
        title: "Security groups should not allow unrestricted access to ports with high risk",
        resource: ["arn:aws:ec2:eu-west-1:222233334444:security-group/sg-0d12ab34", "AWS::EC2::SecurityGroup"] },
    Sample { severity: [2, 2], status: 1, days: 40, account: ["111122223333", "payments-prod", "eu-central-1"],
        product: ["Security Hub CSPM", "IAM.6"], title: "Hardware MFA should be enabled for the root user",
        resource: ["AWS::::Account:111122223333", "AWS::::Account"] },
    Sample { severity: [1, 1], status: 1, days: 400, account: CORE, product: ["IAM Access Analyzer", "UnusedAccess"],
        title: "Role has not been used for 90 days", resource: ["arn:aws:iam::444455556666:role/old-batch", "AWS::IAM::Role"] },
    Sample { severity: [99, 99], status: 1, days: 3, account: ["555566667777", "", "us-gov-west-1"],
        product: ["Security Hub Exposure Detection", "Exposure"],
        title: "Potential credential theft: internet-reachable instance with an admin role",
        resource: ["arn:aws:ec2:us-gov-west-1:555566667777:instance/i-0aa0bb1cc2dd3ee4f", "AWS::EC2::Instance"] },
];

/// One document in the shape of the sample at `at`.
pub(super) fn document(at: usize) -> Value {
    let sample = SAMPLES.get(at % SAMPLES.len()).unwrap();
    let time = NOW - sample.days * DAY;
    let [product, control] = sample.product;
    let mut document = json!({
        "metadata": {"uid": format!("uid-{at:04}"), "product": {"name": product, "uid": "arn:aws:securityhub:::p", "vendor_name": "AWS"}},
        "finding_info": {"uid": format!("finding-{at:04}"), "title": sample.title, "types": [control], "created_time": time,
            "modified_time": time + 3_600_000 - i64::try_from(at).unwrap(),
            "desc": "What it means, in the words of the product, long enough that it has to be broken into several lines on a narrow terminal."},
        "cloud": {"account": {"uid": sample.account[0], "name": sample.account[1]}, "region": sample.account[2], "provider": "AWS"},
        "severity_id": sample.severity[0], "vendor_attributes": {"severity_id": sample.severity[1]},
        "status_id": sample.status, "class_name": "Finding",
        "resources": [{"uid": sample.resource[0], "type": sample.resource[1],
            "tags": [{"name": "env", "value": "prod"}, {"name": "team", "value": "payments"}]}],
    });
    if control.starts_with("CVE") {
        document["vulnerabilities"] = json!([{"cve": {"uid": control, "cvss": [{"base_score": 9.8, "vendor_name": "NVD", "version": "3.1"}],
            "epss": {"score": "0.94"}}, "is_exploit_available": true, "fix_coverage": "All",
            "affected_packages": [{"name": "openssl", "version": "3.0.11", "fixed_in_version": "3.0.14"}]}]);
    } else if product == "Security Hub CSPM" {
        document["compliance"] = json!({"control": control, "status": "FAIL"});
        document["remediation"] = json!({"desc": "Turn it off, or accept it with a comment.", "references": ["https://example.org/fix"]});
    }
    if at == 2 {
        document["comment"] = json!("asked the owner, see PAY-1100");
    }
    document
}

/// Settings as shipped, of the demo.
pub(super) fn settings() -> Settings {
    Settings { writes_per_second: 8.0, reads_per_second: 3.0, label: Some("demo"), ..Settings::default() }
}

/// Nothing has happened yet.
pub(super) fn fresh(columns: u16, rows: u16) -> Model {
    Model::new(settings(), Query::open(), columns, rows, Millis(NOW))
}

/// Connected, and nothing has been loaded.
pub(super) fn connected(columns: u16, rows: u16) -> Model {
    let mut model = fresh(columns, rows);
    model.session.connection = Some(Connection { region: "eu-west-1".into(), endpoint: Some("http://127.0.0.1:4000".into()) });
    model.session.caller =
        Some(Caller { account: "222233334444".into(), arn: "arn:aws:sts::222233334444:assumed-role/audit/analyst".into() });
    model.scan.state = ScanState::Loading;
    model.store.begin_scan();
    model.journal.state = JournalState::Open;
    model
}

/// Takes in documents as a page.
pub(super) fn arrive(model: &mut Model, documents: &[String]) {
    let arrival = model.store.arrive(SealedPage::seal(documents), HubId(0));
    model.scan.loaded += arrival.added.len();
    model.view.arrive(&model.store, &arrival);
    model.cursor.row = model.cursor.row.or_else(|| model.view.get(0));
}

/// So many findings are here; more follow.
pub(super) fn loaded(columns: u16, rows: u16, count: usize) -> Model {
    let mut model = connected(columns, rows);
    let documents: Vec<String> = (0..count).map(|at| document(at).to_string()).collect();
    arrive(&mut model, &documents);
    model.scan.total = Some(9_812);
    model
}

/// Puts the cursor on a row.
pub(super) fn cursor_on(model: &mut Model, row: u32) {
    model.cursor.row = Some(RowId(row));
    model.cursor.place = model.view.place(RowId(row)).unwrap();
}

/// A comment.
pub(super) fn comment(text: &str) -> Comment {
    Comment::new(text, LineBreaks::Space).unwrap()
}

/// A problem of a row.
pub(super) fn problem(kind: ProblemKind, message: &str) -> RowState {
    let request_id = Some(Arc::from("7f3c0a51-5d0e-4c1b-9a77-0d6a2f10b2e4"));
    RowState::Problem(Problem {
        kind,
        message: Arc::from(message),
        request_id,
        patch: Patch::status(StatusId::SUPPRESSED),
        tries: 1,
        change: None,
    })
}

/// A row in every state: marked, staged, being sent, processed, unprocessed, unknown.
pub(super) fn busy(columns: u16, rows: u16) -> Model {
    let mut model = loaded(columns, rows, SAMPLES.len());
    for row in [1, 2, 9, 10] {
        model.marks.rows.insert(RowId(row));
    }
    let accepted = Patch { comment: Some(comment("accepted until 2026-12-15, PAY-1182")), ..Patch::status(StatusId::SUPPRESSED) };
    model.staging.stage(&[1, 2].map(RowId), &accepted);
    model.staging.stage(&[3, 5].map(RowId), &Patch::status(StatusId::RESOLVED));
    model.staging.stage(&[6].map(RowId), &Patch::severity(SeverityId::LOW));
    model.staging.stage(&[7].map(RowId), &Patch::status(StatusId::IN_PROGRESS));
    model.staging.stage(&[8].map(RowId), &Patch::comment(comment("looking into it")));
    model.outcomes.set(RowId(3), problem(ProblemKind::Row(RowCode::Conflict), "The finding was updated concurrently"));
    model.outcomes.set(RowId(5), problem(ProblemKind::Row(RowCode::ResourceNotFound), "Finding not found"));
    model.outcomes.set(RowId(6), problem(ProblemKind::Unknown, "the connection was cut after the call left"));
    model.outcomes.set(RowId(7), RowState::Sending);
    model.store.apply(RowId(4), &Patch::status(StatusId::RESOLVED));
    model.outcomes.set(RowId(4), RowState::Processed);
    // All of it is in the journal.
    model.staging.take_decided();
    cursor_on(&mut model, 1);
    model
}

/// Rows that someone else changed, that are gone, and whose change was denied, three tries each.
pub(super) fn undecided(columns: u16, rows: u16) -> Model {
    let mut model = loaded(columns, rows, SAMPLES.len());
    let accepted = Patch { comment: Some(comment("accepted until 2026-12-15, PAY-1182")), ..Patch::status(StatusId::SUPPRESSED) };
    model.staging.stage(&[1, 2, 3, 4, 5].map(RowId), &accepted);
    model.staging.stage(&[6].map(RowId), &Patch::severity(SeverityId::LOW));
    for (row, kind, message) in [
        (1, ProblemKind::Changed, "the status was changed"),
        (2, ProblemKind::Changed, "the comment was changed"),
        (3, ProblemKind::Missing, ""),
        (4, ProblemKind::Call(CallFailure::AccessDenied), "explicit deny on securityhub:OCSFSyntaxPath/StatusId"),
        (5, ProblemKind::Row(RowCode::InternalServer), "try again later"),
    ] {
        let row = RowId(row);
        let seen = model.store.values(row);
        let theirs = match row.0 {
            1 => Values { status: Some(StatusId::IN_PROGRESS), ..seen.clone() },
            _ => Values { comment: Some("mine, since this morning".into()), ..seen.clone() },
        };
        let change = (kind == ProblemKind::Changed).then(|| Box::new(Change { seen, theirs: theirs.clone() }));
        if change.is_some() {
            model.store.know(row, &theirs);
        }
        let RowState::Problem(problem) = problem(kind, message) else { continue };
        let patch = model.staging.get(row).cloned().unwrap();
        model.outcomes.set(row, RowState::Problem(Problem { patch, tries: 3, change, ..problem }));
    }
    model.staging.take_decided();
    cursor_on(&mut model, 1);
    model
}

/// A send that does this since twelve minutes.
pub(super) fn stands(columns: u16, rows: u16, activity: Activity) -> Model {
    let mut model = sending(columns, rows);
    model.sending.activity = Some(activity);
    model.sending.since = Some(Millis(NOW - 720_000));
    model
}

/// Credentials that ran out in the middle.
pub(super) fn expired() -> CallError {
    CallError {
        failure: CallFailure::ExpiredCredentials,
        operation: "BatchUpdateFindingsV2",
        code: Some("ExpiredTokenException".into()),
        message: "The security token included in the request is expired".into(),
        request_id: None,
    }
}

/// Brings a row's document, as the runtime would.
pub(super) fn bring(model: &mut Model, row: u32) {
    let (archive, slot) = model.store.document(RowId(row)).unwrap();
    let raw = archive.document(slot).unwrap();
    let document = summary::read_document(&raw).unwrap();
    let told = Told { summary: summary::summarise(&document), document: summary::pretty(&document) };
    model.documents.asked(RowId(row), RequestId(0));
    model.documents.keep(RequestId(0), Ok(Arc::new(told)));
}

/// A send of five hundred rows of which three hundred are answered.
pub(super) fn sending(columns: u16, rows: u16) -> Model {
    let mut model = busy(columns, rows);
    model.sending.rows = (300..500).map(|row| (RowId(1000 + row), Patch::status(StatusId::SUPPRESSED))).collect();
    model.sending.progress = Progress { rows: 500, answered: 300, processed: 300, calls: 3, throttled: 0 };
    model.sending.activity = Some(Activity::Sending);
    model.sending.began = Some(Millis(NOW - 3_000));
    model
}

/// What was sent before is known.
pub(super) fn remembered(columns: u16, rows: u16) -> Model {
    let mut model = busy(columns, rows);
    model.journal.key = Some(HubKey::new(Some("222233334444"), "eu-west-1", None));
    model.journal.history = Some(super::sample_ledger::everything());
    model
}

/// Nothing to sign with.
pub(super) fn no_credentials() -> CallError {
    CallError {
        failure: CallFailure::MissingCredentials,
        operation: "GetFindingsV2",
        code: None,
        message: "the credential provider was not enabled".into(),
        request_id: None,
    }
}

/// A query that the service does not accept, with its message.
pub(super) fn refused(message: &str) -> CallError {
    CallError {
        failure: CallFailure::Validation,
        operation: "GetFindingsV2",
        code: Some("ValidationException".into()),
        message: message.to_owned(),
        request_id: Some("7f3c0a51-5d0e-4c1b-9a77-0d6a2f10b2e4".into()),
    }
}

/// A denied write.
pub(super) fn denied() -> CallError {
    CallError {
        failure: CallFailure::AccessDenied,
        operation: "BatchUpdateFindingsV2",
        code: Some("AccessDeniedException".into()),
        message:
            "User: arn:aws:sts::222233334444:assumed-role/audit/analyst is not authorized to perform: securityhub:BatchUpdateFindings \
                  with an explicit deny on securityhub:OCSFSyntaxPath/StatusId"
                .into(),
        request_id: Some("7f3c0a51-5d0e-4c1b-9a77-0d6a2f10b2e4".into()),
    }
}
