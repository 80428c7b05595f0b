"""Owns the Macie findings (class 2006): objects with sensitive data in them."""

from .dice import Dice
from .document import HOUR, MINUTE, NOW, finding, pair, resource
from .estate import BUCKET, LEGACY

MEDIUM, HIGH, LOW = 3, 4, 2
CATEGORY = {"Personal": 1, "Financial": 3, "Security": 6}
PUBLIC = {"payments-prod-settlement-exports", "hackday-2026-uploads"}
KIND = {
    "Financial": ("Financial", "Card or bank data was found in an object."),
    "Personal": ("Personal", "Data about people was found in an object."),
    "Credentials": ("Security", "Credentials were found in an object."),
    "Multiple": ("Personal", "Several kinds of sensitive data were found in an object."),
}
TITLE = {
    "Financial": "Card or bank data in an S3 object",
    "Personal": "Personal data in an S3 object",
    "Credentials": "Credentials in an S3 object",
    "Multiple": "Several kinds of sensitive data in an S3 object",
}

# bucket, object key, kind, severity, what was found
OBJECTS = [
    (
        "payments-prod-settlement-exports",
        "acquirer-a/2026/11/18/settlement_20261118.csv",
        "Financial",
        HIGH,
        {"CREDIT_CARD_NUMBER": 48211, "NAME": 48190},
    ),
    (
        "payments-prod-settlement-exports",
        "acquirer-a/2026/11/17/settlement_20261117.csv",
        "Financial",
        HIGH,
        {"CREDIT_CARD_NUMBER": 47602, "NAME": 47588},
    ),
    ("payments-prod-settlement-exports", "acquirer-b/2026/11/18/payouts.csv.gz", "Financial", HIGH, {"BANK_ACCOUNT_NUMBER": 3120}),
    (
        "payments-prod-settlement-exports",
        "manual/rerun-october-full.csv",
        "Financial",
        HIGH,
        {"CREDIT_CARD_NUMBER": 912044, "BANK_ACCOUNT_NUMBER": 66012},
    ),
    (
        "payments-prod-chargeback-evidence",
        "2026/10/case-88120/statement-scan.pdf",
        "Multiple",
        MEDIUM,
        {"NAME": 2, "ADDRESS": 2, "BANK_ACCOUNT_NUMBER": 1},
    ),
    ("payments-prod-chargeback-evidence", "2026/10/case-88407/id-card.pdf", "Personal", MEDIUM, {"NAME": 1, "DATE_OF_BIRTH": 1}),
    ("payments-dev-fixtures", "cards/visa-approved.json", "Financial", HIGH, {"CREDIT_CARD_NUMBER": 120}),
    ("payments-dev-fixtures", "cards/visa-declined.json", "Financial", HIGH, {"CREDIT_CARD_NUMBER": 120}),
    ("payments-dev-fixtures", "cards/mc-3ds.json", "Financial", HIGH, {"CREDIT_CARD_NUMBER": 64}),
    ("payments-dev-fixtures", "cards/amex.json", "Financial", HIGH, {"CREDIT_CARD_NUMBER": 32}),
    ("payments-dev-fixtures", "people/generated-100k.csv", "Personal", MEDIUM, {"NAME": 100000, "ADDRESS": 100000, "PHONE_NUMBER": 99812}),
    ("payments-dev-loadtest-results", "run-2026-10-28/requests.jsonl", "Financial", HIGH, {"CREDIT_CARD_NUMBER": 5000}),
    ("payments-dev-build-artifacts", "api/pr-3391/dist.tar.gz", "Credentials", HIGH, {"OPENSSH_PRIVATE_KEY": 1}),
    (
        "data-prod-lake-raw",
        "crm/contacts/dt=2026-11-15/part-00000.snappy.parquet",
        "Personal",
        MEDIUM,
        {"NAME": 218400, "PHONE_NUMBER": 204981},
    ),
    (
        "data-prod-lake-raw",
        "crm/contacts/dt=2026-11-16/part-00000.snappy.parquet",
        "Personal",
        MEDIUM,
        {"NAME": 218733, "PHONE_NUMBER": 205110},
    ),
    (
        "data-prod-lake-raw",
        "crm/contacts/dt=2026-11-17/part-00000.snappy.parquet",
        "Personal",
        MEDIUM,
        {"NAME": 219002, "PHONE_NUMBER": 205336},
    ),
    ("data-prod-lake-raw", "support/tickets/2026-11.jsonl.gz", "Multiple", HIGH, {"NAME": 8120, "CREDIT_CARD_NUMBER": 41, "ADDRESS": 903}),
    ("data-prod-lake-curated", "marketing/segments/churn_risk.parquet", "Personal", MEDIUM, {"NAME": 41002}),
    (
        "data-prod-ml-training",
        "kyc/v7/passport-index-2025.csv",
        "Personal",
        HIGH,
        {"USA_PASSPORT_NUMBER": 340, "UK_PASSPORT_NUMBER": 118, "DATE_OF_BIRTH": 458},
    ),
    ("data-prod-athena-results", "adhoc/7f3a1c9e-query.csv", "Personal", MEDIUM, {"NAME": 5200, "ADDRESS": 5188}),
    (
        "data-prod-partner-drop",
        "outbound/2026-11-01/commission_statement.xlsx",
        "Multiple",
        HIGH,
        {"NAME": 212, "BANK_ACCOUNT_NUMBER": 212},
    ),
    ("storefront-uploads-va", "returns/9f21/photo_of_receipt_and_card.jpg.txt", "Financial", MEDIUM, {"CREDIT_CARD_NUMBER": 1}),
    ("storefront-uploads-va", "support-attachments/2026/11/passport front.pdf", "Personal", MEDIUM, {"NAME": 1, "USA_PASSPORT_NUMBER": 1}),
    ("core-artifacts-ie", "terraform/modules/edge/examples/.env", "Credentials", HIGH, {"AWS_CREDENTIALS": 1}),
    (
        "core-gitlab-backups",
        "1763000401_2026_11_13_18.5.1_gitlab_backup.tar",
        "Credentials",
        HIGH,
        {"OPENSSH_PRIVATE_KEY": 3, "JSON_WEB_TOKEN": 9},
    ),
    ("hackday-2026-uploads", "team-4/demo/.aws/credentials", "Credentials", HIGH, {"AWS_CREDENTIALS": 1}),
    ("hackday-2026-uploads", "team-9/slides/customer_list_REAL.csv", "Personal", MEDIUM, {"NAME": 300, "PHONE_NUMBER": 300}),
    (
        "erp-fileshare-fr",
        "Personalabteilung/Gehaltsübersicht 2025 (Entwurf).xlsx",
        "Multiple",
        HIGH,
        {"NAME": 86, "BANK_ACCOUNT_NUMBER": 84},
    ),
    (
        "erp-fileshare-fr",
        "Personalabteilung/Bewerbungen/Lebenslauf_Jürgen_M.pdf",
        "Personal",
        MEDIUM,
        {"NAME": 1, "ADDRESS": 1, "DATE_OF_BIRTH": 1},
    ),
    ("erp-fileshare-fr", "Comptabilité/RIB fournisseurs.csv", "Financial", MEDIUM, {"BANK_ACCOUNT_NUMBER": 340}),
    ("erp-fileshare-fr", "IT/passwords old.txt", "Credentials", HIGH, {"HTTP_BASIC_AUTH_HEADER": 4}),
    ("erp-db-dumps", "oracle/full_2026-08-03.dmp.gz", "Multiple", HIGH, {"NAME": 65103, "ADDRESS": 64990, "BANK_ACCOUNT_NUMBER": 1204}),
    ("workshop-shared-va", "handouts/attendees.csv", "Personal", LOW, {"NAME": 24}),
]


def family(detection):
    if "CARD" in detection or "BANK" in detection:
        return "Financial"
    if detection in ("AWS_CREDENTIALS", "OPENSSH_PRIVATE_KEY", "JSON_WEB_TOKEN", "HTTP_BASIC_AUTH_HEADER"):
        return "Security"
    return "Personal"


def classifications(found, partial):
    """One entry a category, each with what was counted."""
    made = []
    for category in sorted({family(name) for name in found}):
        details = [{"count": count, "type": name} for name, count in found.items() if family(name) == category]
        made.append(
            {
                "category": category,
                "category_id": CATEGORY[category],
                "discovery_details": details,
                "status": "Partial" if partial else "Complete",
                "status_id": 2 if partial else 1,
                "total": sum(entry["count"] for entry in details),
            }
        )
    return made


def one(name, key, kind, severity_id, found):
    bucket = BUCKET[name]
    dice = Dice("macie", name, key)
    fresh = name == "payments-prod-settlement-exports"
    created = (
        NOW - (dice.between(2 * 60, 9 * 60) * MINUTE if fresh else dice.between(30 * 60, 85 * 24 * 60) * MINUTE) - dice.between(0, 59_999)
    )
    again = dice.chance(30) and not fresh
    modified = NOW - dice.between(HOUR // 1000, (NOW - created) // 1000 - 60) * 1000 - dice.below(1000) if again else created
    path, _, base = key.rpartition("/")
    # Archives hold much beside what was counted.
    archive = dice.between(40_000_000, 6_000_000_000) if key.endswith((".tar", ".tar.gz", ".dmp.gz")) else 0
    size = archive + 40_000 + sum(found.values()) * dice.between(70, 160) + dice.below(9_000)
    public = name in PUBLIC
    file = {
        "data_classifications": classifications(found, max(found.values()) > 200_000),
        "ext": base.rsplit(".", 1)[-1] if "." in base[1:] else "",
        "is_encrypted": True,
        "name": base,
        "path": f"{name}/{key}",
        "size": size,
        "storage_class": "STANDARD",
        "type": "Regular File",
        "type_id": 1,
        "version": dice.base32(32),
    }
    if not file["ext"]:
        del file["ext"]
    pair(file, "modified_time", created - dice.between(60, 5_000) * MINUTE)
    where = {
        "encryption_details": {"algorithm": "aws:kms" if bucket.account.env == "prod" else "AES256", "type": "Server-side"},
        "file": file,
        "is_encrypted": True,
        "is_public": public,
        "name": name,
        "owner": {"account": {"uid": bucket.account.uid}, "name": bucket.account.name or "it-ops"},
        "region": bucket.region,
        "tags": [{"name": tag, "value": value} for tag, value in bucket.tags.items()],
        "type": "S3",
        "type_id": 1,
        "uid": bucket.arn,
    }
    if bucket.account.env == "prod":
        where["encryption_details"]["key_uid"] = f"arn:aws:kms:{bucket.region}:{bucket.account.uid}:key/{Dice('s3key', name).uuid()}"
    if not where["tags"]:
        del where["tags"]
    category, desc = KIND[kind]
    listing = ", ".join(f"{count:,} {detection}" for detection, count in found.items())
    draft = finding(
        f"macie/{name}/{key}",
        product="macie",
        class_uid=2006,
        account=bucket.account,
        region=bucket.region,
        env=bucket.account.env,
        severity_id=severity_id,
        created=created,
        modified=modified,
        uid=dice.hex(32),
        title=TITLE[kind] + (" of a public bucket" if public else ""),
        desc=f"{desc} Counted in s3://{name}/{key}: {listing}.",
        types=[f"SensitiveData:S3Object/{kind}", "Sensitive Data"],
        resources=[
            resource(
                "AWS::S3::Object",
                key,
                bucket.account,
                bucket.region,
                uid_alt=f"{bucket.arn}/{key}",
                data={"size": size, "storage_class": "STANDARD", "public_access": public, "e_tag": dice.hex(32)},
            ),
            bucket.entry({"public_access": "PUBLIC" if public else "NOT_PUBLIC", "shared_access": "NOT_SHARED"}),
        ],
        dice=dice,
        named=bucket.account is not LEGACY and not dice.chance(8),
        version="1.8.0" if dice.chance(9) else None,
        body={"count": sum(found.values()) if max(found.values()) < 1000 else 1, "databucket": where},
    )
    draft.tags = {name, key, kind, bucket.account.name or "legacy", "fire" if fresh else "quiet"}
    return draft


def drafts():
    return [one(*entry) for entry in OBJECTS]
