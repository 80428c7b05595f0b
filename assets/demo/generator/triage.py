"""Owns what the analysts of the invented organisation decided so far: status, comment, their own severity.

About seven in ten findings are new. The others were decided for the reasons that people have: nothing to fix yet, a
build host that runs new programs all day, a test fixture, a ticket that somebody works on.
"""

from .dice import Dice
from .document import DAY, HOUR, NOW

NEW, IN_PROGRESS, SUPPRESSED, RESOLVED, ARCHIVED = 1, 2, 3, 4, 5
SHARES = {IN_PROGRESS: 77, SUPPRESSED: 64, RESOLVED: 38, ARCHIVED: 12}

LONG = (
    "PAY-1190: the acquirer's SFTP job still signs in with this key, and they rotate on their side only on the first Monday of a month. "
    "Agreed with their operations desk on 2026-11-12 that both sides change on 2026-12-07 between 05:00 and 06:00 UTC, with the old key kept inactive for one settlement run. "
    "Until then the key is limited by source address and may write to one prefix only. Owner: payments on-call. If the date moves, reopen this and tell compliance, who track it as an exception to 8.3.9."
)

# What must be among a finding's tags, how many at most, status, comments. The first rule that fits wins.
RULES = [
    # Fires: somebody is on it.
    (
        ["AttackSequence:IAM/CompromisedCredentials"],
        1,
        IN_PROGRESS,
        ["INC-2291: key disabled 20:52 UTC, second key deleted, sessions revoked. Reading CloudTrail back to 6 Nov."],
    ),
    (
        ["AttackSequence:S3/CompromisedData"],
        1,
        IN_PROGRESS,
        ["INC-2292 declared 23:05 UTC. Policy reverted, access log pulled, privacy office called."],
    ),
    (["Policy:S3/BucketAnonymousAccessGranted"], 1, IN_PROGRESS, ["INC-2292: policy reverted 23:01 UTC, keep open until the log is read"]),
    (["Stealth:IAMUser/CloudTrailLoggingDisabled"], 1, IN_PROGRESS, ["INC-2291: trail started again, gap of 19 minutes"]),
    (["hackday-2026-uploads", "Credentials"], 1, IN_PROGRESS, ["key deactivated, asked team 4 to move the demo"]),
    # Nothing to fix, or not affected.
    (["CVE-2023-45853"], 7, SUPPRESSED, ["not affected: minizip is not built from this package, SEC-377", "SEC-377, not affected"]),
    (["CVE-2016-2781"], 9, SUPPRESSED, ["won't be fixed upstream, no shared terminals here, SEC-214"]),
    (["CVE-2024-5535"], 3, SUPPRESSED, ["we never pass an empty protocol list, accepted until 2027-01-31, SEC-402"]),
    # Build hosts, workshops, test data.
    (
        ["Execution:Runtime/NewBinaryExecuted", "payments-dev"],
        5,
        SUPPRESSED,
        ["test binaries of the pipeline, rule requested in SEC-391", None],
    ),
    (["PrivilegeEscalation:Runtime/DockerSocketAccessed"], 2, SUPPRESSED, ["build job, moving to rootless in Q1, CI-77"]),
    (["Recon:EC2/PortProbeUnprotectedPort", "web-prod"], 4, SUPPRESSED, ["edge proxy is meant to be public", None]),
    (["UnauthorizedAccess:EC2/SSHBruteForce", "workshop"], 3, SUPPRESSED, ["workshop hosts, gone on 2026-12-31"]),
    (["payments-dev-fixtures", "Financial"], 3, SUPPRESSED, ["card numbers from the acquirer's test range, PAY-811"]),
    (["S3.13", "payments-dev"], 2, SUPPRESSED, [None, "dev, emptied nightly"]),
    (["S3.9", "payments-dev"], 2, SUPPRESSED, ["dev account, accepted until 2027-01-31, PAY-1182"]),
    (["ECR.2", "payments-dev"], 2, SUPPRESSED, ["dev account, accepted until 2027-01-31, PAY-1182"]),
    (["RDS.5", "payments-dev"], 2, SUPPRESSED, ["dev account, accepted until 2027-01-31, PAY-1182"]),
    (["RDS.8", "payments-dev"], 2, SUPPRESSED, ["dev account, accepted until 2027-01-31, PAY-1182"]),
    (["EC2.9", "workshop"], 4, SUPPRESSED, ["workshop hosts, gone on 2026-12-31", None]),
    (["EC2.6", "sandbox"], 1, SUPPRESSED, ["sandbox"]),
    (["EC2.3", "payments-dev"], 4, SUPPRESSED, ["runners hold no customer data, CI-61"]),
    (["IAM.6", "sandbox"], 1, SUPPRESSED, ["root is locked by policy, accepted until 2027-06-30, SEC-120"]),
    (["MACIE_ENABLED"], 1, SUPPRESSED, ["no buckets with customer data in this Region"]),
    (["CVE-2024-35195", "sandbox"], 2, SUPPRESSED, [None]),
    (["CVE-2024-35195", "payments-dev"], 1, SUPPRESSED, ["goes away with the move to 3.13, PAY-1122"]),
    # People are working on it.
    (["CVE-2024-1086"], 6, IN_PROGRESS, ["DATA-771: cluster is being replaced, cut over on 2026-11-24", "DATA-771"]),
    (["CVE-2025-32463"], 3, IN_PROGRESS, ["patched on vault-02, the others on Sat 21 Nov, PLAT-509", "PLAT-509", None]),
    (["CVE-2021-44228", "legacy"], 2, IN_PROGRESS, ["vendor patch arrived 2026-11-17, waiting for their window, ERP-31"]),
    (["CVE-2026-99107", "payments-prod"], 7, IN_PROGRESS, ["PAY-1204: first wave Sat 21 Nov 22:00 UTC", "PAY-1204", None]),
    (["CVE-2023-44487"], 5, IN_PROGRESS, ["node groups roll with 1.33, WEB-884", None]),
    (["CVE-2021-3156"], 2, IN_PROGRESS, ["ERP-28, host moves to Amazon Linux 2023"]),
    (["CVE-2025-55182"], 1, IN_PROGRESS, ["r816 built with 19.1.2, canary at 5 %, WEB-902"]),
    (["RDS.1"], 1, IN_PROGRESS, ["taken private 18:40 UTC, asking who shared it, DATA-803"]),
    (["IAM.3", "svc-acquirer-sftp"], 1, IN_PROGRESS, [LONG]),
    (["IAM.3", "data-prod"], 1, IN_PROGRESS, ["rotation booked for 2026-12-01, DATA-790"]),
    (["EKS.2"], 1, IN_PROGRESS, ["upgrade to 1.33 after the sale weekend, WEB-871"]),
    (["SSM.2"], 4, IN_PROGRESS, ["PLAT-512", "in the December patch run, PLAT-512"]),
    (["Lambda.2", "payments-prod"], 2, IN_PROGRESS, ["runtime move, PAY-1122", None]),
    (["Lambda.2", "payments-dev"], 1, IN_PROGRESS, ["runtime move, PAY-1122"]),
    (["Lambda.2", "web-prod"], 1, IN_PROGRESS, ["Node 24 with the next release, WEB-860"]),
    (["EC2.19", "erp-db-vendor-access"], 1, IN_PROGRESS, ["vendor needs 1433 until 2026-11-27, narrowed to their range, ERP-40"]),
    (["EC2.8", "legacy"], 2, IN_PROGRESS, ["ERP-35, old agent cannot use tokens yet"]),
    (["S3.5", "data-prod"], 3, IN_PROGRESS, ["DATA-765"]),
    (["KMS.3"], 1, IN_PROGRESS, ["is this on purpose? asked in #data-platform"]),
    (["Trojan:EC2/DNSDataExfiltration"], 1, IN_PROGRESS, ["host isolated 2026-11-15, image kept, INC-2284"]),
    (["UnauthorizedAccess:EC2/TorClient"], 1, IN_PROGRESS, ["INC-2284"]),
    (["Personalabteilung/Gehaltsübersicht 2025 (Entwurf).xlsx"], 1, IN_PROGRESS, ["works council informed, ERP-44"]),
    (["Personalabteilung/Bewerbungen/Lebenslauf_Jürgen_M.pdf"], 1, IN_PROGRESS, ["works council informed, ERP-44"]),
    (["Publicly accessible production database without encryption"], 1, IN_PROGRESS, ["ERP-40"]),
    (["Unpatched host runs Log4j with a known exploit"], 1, IN_PROGRESS, ["ERP-31"]),
    (["GUARDDUTY_RUNTIME_MONITORING", "data-prod"], 1, IN_PROGRESS, ["rollout in DATA-799"]),
    # Over and done with.
    (["CVE-2022-42889"], 1, RESOLVED, ["image rebuilt 2026-11-17, rescan clean"]),
    (["CVE-2024-37891", "payments-dev"], 2, RESOLVED, [None]),
    (["CVE-2024-45490", "payments-dev"], 3, RESOLVED, ["rebuilt on bookworm 12.12", None]),
    (["CVE-2025-6965", "payments-dev"], 2, RESOLVED, [None]),
    (["CVE-2024-6387", "airflow-ie-01"], 1, RESOLVED, ["patched, PLAT-498"]),
    (["UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B"], 1, RESOLVED, ["was travelling, confirmed by phone"]),
    (["Execution:Kubernetes/ExecInKubeSystemPod"], 1, ARCHIVED, ["on-call, WEB-INC-61"]),
    (["Policy:IAMUser/RootCredentialUsage"], 2, ARCHIVED, ["planned, two people present"]),
    (["Discovery:IAMUser/AnomalousBehavior"], 2, ARCHIVED, ["new inventory job", None]),
    (["Discovery:S3/AnomalousBehavior"], 2, ARCHIVED, [None]),
    (["Behavior:EC2/NetworkPortUnusual"], 2, ARCHIVED, ["new message broker", None]),
    (["PrivilegeEscalation:Kubernetes/PrivilegedContainer"], 1, ARCHIVED, ["node-tuner, reviewed"]),
    (["Object:S3/MaliciousFile"], 1, ARCHIVED, ["object deleted, partner told"]),
]

# New findings that somebody left a word on.
REMARKS = [
    (["CVE-2026-99318"], 2, "no fixed kernel yet, look again on 2026-11-24"),
    (["UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS"], 1, "asked g.novak whether this was the laptop"),
    (
        ["Image in use behind a public load balancer has a server-side flaw that is being exploited"],
        1,
        "r812 brought an old lockfile back, WEB-902",
    ),
    (["CVE-2025-30065"], 1, "do we read files from outside with this?"),
    (["S3.8", "data-prod-partner-drop"], 1, "partner bucket, needs a second look"),
    (["IAM.4", "legacy"], 1, "who owns this account?"),
    (["EC2.13", "payments-dev"], 1, "grafana for the load test, ask #payments"),
]

# Severities that the customer changed; the provider's stays visible beside it.
CHANGES = [
    (["AttackSequence:IAM/CompromisedCredentials"], 1, 6),
    (["AttackSequence:S3/CompromisedData"], 1, 6),
    (["Exfiltration:S3/AnomalousBehavior", "fire"], 1, 6),
    (["UnauthorizedAccess:IAMUser/TorIPCaller"], 1, 5),
    (["CryptoCurrency:Runtime/BitcoinTool.B"], 1, 5),
    (["Execution:Runtime/ReverseShell"], 1, 5),
    (["Stealth:IAMUser/CloudTrailLoggingDisabled"], 1, 4),
    (["S3.8", "payments-prod-settlement-exports"], 1, 5),
    (["manual/rerun-october-full.csv"], 1, 5),
    (["CVE-2023-45853"], 3, 2),
    (["EC2.19", "sandbox"], 1, 3),
    (["IAM.6", "sandbox"], 1, 3),
    (["CVE-2024-3094"], 1, 3),
    (["Execution:Runtime/NewBinaryExecuted", "payments-dev"], 2, 1),
    (["Recon:EC2/PortProbeUnprotectedPort", "web-prod"], 2, 1),
    (["payments-dev-fixtures", "Financial"], 2, 2),
    (["kyc/v7/passport-index-2025.csv"], 1, 5),
    (["CVE-2024-56326"], 2, 2),
    (["RDS.8", "data-prod"], 1, 3),
]


def _matches(draft, words):
    return set(words) <= draft.words()


def decide(drafts):
    """Gives each finding its status, comment and severity."""
    order = Dice("triage").shuffled(drafts)
    # Older findings were seen earlier; the youngest have not been looked at.
    order.sort(key=lambda draft: NOW - draft.created < 36 * HOUR)
    for words, most, severity_id in CHANGES:
        for draft in [draft for draft in order if _matches(draft, words)][:most]:
            draft.reprioritise(severity_id)
    for draft in drafts:
        if "pass" in draft.tags:
            draft.triage(RESOLVED)
    for words, most, status_id, comments in RULES:
        fitting = [draft for draft in order if draft.status_id is None and _matches(draft, words)][:most]
        assert fitting, f"no finding left for {words}"
        for index, draft in enumerate(fitting):
            draft.triage(status_id, comments[index % len(comments)])
    _fill(order)
    for words, most, remark in REMARKS:
        for draft in [draft for draft in order if draft.status_id is None and _matches(draft, words)][:most]:
            draft.triage(NEW, remark)
    for draft in drafts:
        if draft.status_id is None:
            draft.triage(NEW)
        if draft.status_id == RESOLVED and draft.product == "inspector":
            _close(draft)


def _fixable(draft):
    return all(item["is_fix_available"] for item in draft.doc.get("vulnerabilities", []))


def _fill(order):
    """Tops the shares up with findings of the middle: neither young nor of the worst kind."""
    left = dict(SHARES)
    for draft in order:
        if draft.status_id in left:
            left[draft.status_id] -= 1
    plain = [
        draft
        for draft in order
        if draft.status_id is None
        and _fixable(draft)
        and NOW - draft.created > 6 * DAY
        and draft.severity_id in (2, 3, 4)
        and draft.product in ("inspector", "securityhub")
    ]
    suits = {
        IN_PROGRESS: lambda draft: draft.env == "prod" and draft.severity_id >= 3,
        SUPPRESSED: lambda draft: draft.env in ("dev", "sandbox") and draft.severity_id <= 3,
        RESOLVED: lambda draft: draft.env != "legacy" and draft.product == "inspector" and NOW - draft.doc["time"] > DAY,
        ARCHIVED: lambda draft: draft.env == "sandbox",
    }
    words = {
        IN_PROGRESS: [None, "in this sprint", None, "ticket with the owning team"],
        SUPPRESSED: [None, "accepted until 2027-01-31, SEC-402"],
        RESOLVED: [None],
        ARCHIVED: [None],
    }
    for status_id, suit in suits.items():
        for index, draft in enumerate([draft for draft in plain if suit(draft)][: max(0, left[status_id])]):
            draft.triage(status_id, words[status_id][index % len(words[status_id])])
            plain.remove(draft)


def _close(draft):
    """The scanner no longer sees it, so its last word is Close."""
    doc = draft.doc
    doc["activity_id"], doc["activity_name"] = 3, "Close"
    doc["type_uid"] = doc["class_uid"] * 100 + 3
    doc["type_name"] = f"{doc['class_name']}: Close"
