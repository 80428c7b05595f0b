"""Owns the findings of Security Hub Coverage (class 2003, without a control): what is not watched."""

from .dice import Dice
from .document import DAY, HOUR, MINUTE, NOW, finding, resource
from .estate import CORE, DATA, FR, IE, LEGACY, LOGS, PAY, PAYDEV, SANDBOX, SY, VA, WEB

UNKNOWN, INFO, LOW, MEDIUM, HIGH = 0, 1, 2, 3, 4

# account, Region, severity, what is missing, assessment, resource if it is not the account
GAPS = [
    (LEGACY, IE, HIGH, "GuardDuty is off", "GUARDDUTY_ENABLED"),
    (SANDBOX, SY, HIGH, "GuardDuty is off", "GUARDDUTY_ENABLED"),
    (LEGACY, FR, MEDIUM, "GuardDuty does not watch S3 data events", "GUARDDUTY_S3_DATA_EVENTS"),
    (LEGACY, FR, MEDIUM, "GuardDuty Runtime Monitoring is off", "GUARDDUTY_RUNTIME_MONITORING"),
    (SANDBOX, VA, LOW, "GuardDuty RDS login monitoring is off", "GUARDDUTY_RDS_LOGIN_EVENTS"),
    (DATA, IE, MEDIUM, "GuardDuty Runtime Monitoring is off", "GUARDDUTY_RUNTIME_MONITORING"),
    (WEB, SY, HIGH, "GuardDuty does not watch EKS audit logs", "GUARDDUTY_EKS_AUDIT_LOGS"),
    (LEGACY, IE, MEDIUM, "Inspector is off", "INSPECTOR_ENABLED"),
    (SANDBOX, SY, LOW, "Inspector is off", "INSPECTOR_ENABLED"),
    (WEB, SY, MEDIUM, "Inspector does not scan functions", "INSPECTOR_LAMBDA_STANDARD"),
    (PAYDEV, IE, LOW, "Inspector does not scan the code of functions", "INSPECTOR_LAMBDA_CODE"),
    (DATA, FR, MEDIUM, "Inspector reaches only some instances", "INSPECTOR_EC2_PARTIAL"),
    (LEGACY, FR, MEDIUM, "Inspector reaches only some instances", "INSPECTOR_EC2_PARTIAL"),
    (SANDBOX, VA, LOW, "Macie is off", "MACIE_ENABLED"),
    (WEB, SY, LOW, "Macie is off", "MACIE_ENABLED"),
    (CORE, VA, LOW, "Macie does not look for sensitive data by itself", "MACIE_AUTOMATED_DISCOVERY"),
    (LOGS, IE, INFO, "Macie does not look for sensitive data by itself", "MACIE_AUTOMATED_DISCOVERY"),
    (PAY, SY, UNKNOWN, "Coverage of Security Hub CSPM could not be determined", "CSPM_ENABLED"),
    (PAYDEV, SY, UNKNOWN, "Coverage of Security Hub CSPM could not be determined", "CSPM_ENABLED"),
]


def one(account, region, severity_id, gap, assessment):
    dice = Dice("coverage", account.uid, region, assessment)
    created = NOW - dice.between(4, 120) * DAY - dice.between(0, 86_399_999)
    modified = NOW - dice.between(2, 23) * HOUR - dice.below(60 * MINUTE)
    unsure = severity_id == UNKNOWN
    draft = finding(
        f"coverage/{account.uid}/{region}/{assessment}",
        product="securityhub-coverage",
        class_uid=2003,
        account=account,
        region=region,
        env=account.env,
        severity_id=severity_id,
        created=created,
        modified=modified,
        uid=dice.hex(64),
        title=f"{gap} in {region}",
        desc=(
            f"{gap} for account {account.uid} in {region}. Findings that depend on it will be missing."
            if not unsure
            else f"The account's settings in {region} could not be read in the last three attempts."
        ),
        types=["Coverage"],
        resources=[resource("AWS::::Account", account.uid, account, region)],
        dice=dice,
        named=not dice.chance(10),
        version="1.8.0" if dice.chance(40) else "1.6.0",
        body={
            "compliance": {
                "assessments": [{"category": assessment.split("_")[0], "desc": gap + ".", "meets_criteria": False, "name": assessment}],
                "status": "Unknown" if unsure else "Fail",
                "status_id": 0 if unsure else 3,
            },
            "remediation": {
                "desc": "Turn the capability on for the account, or for the whole organisation by a policy.",
                "references": ["https://docs.aws.amazon.com/securityhub/latest/userguide/"],
            },
        },
    )
    draft.tags = {assessment, account.name or "legacy"}
    return draft


def drafts():
    return [one(*gap) for gap in GAPS]
