"""Owns what all findings have in common: ids and captions, paired times, the envelope of an OCSF finding.

Facts of the format: `*_time` is epoch milliseconds in UTC, `*_time_dt` the same instant as RFC 3339 text;
`type_uid` is `class_uid * 100 + activity_id`; `vendor_attributes` keeps the severity that the provider gave, the
root severity is the customer's.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .dice import SEED

# The moment at which the data set stands still. Ages are relative to it.
NOW = int(datetime(2026, 11, 20, tzinfo=timezone.utc).timestamp() * 1000)
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

SEVERITY = {0: "Unknown", 1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical", 6: "Fatal", 99: "Other"}
STATUS = {0: "Unknown", 1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved", 5: "Archived", 99: "Other"}
ACTIVITY = {1: "Create", 2: "Update", 3: "Close"}
CLASS = {
    2002: "Vulnerability Finding",
    2003: "Compliance Finding",
    2004: "Detection Finding",
    2006: "Data Security Finding",
}
PRODUCT = {
    "inspector": "Inspector",
    "securityhub": "Security Hub",
    "guardduty": "GuardDuty",
    "macie": "Macie",
    "securityhub-risk": "Security Hub Exposure Detection",
    "securityhub-coverage": "Security Hub Coverage",
}


def iso(millis):
    moment = datetime.fromtimestamp(millis // 1000, tz=timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{millis % 1000:03d}Z"


def at(text):
    """Epoch milliseconds of a date such as 2024-07-01 or a UTC time such as 2024-07-01T13:15:06."""
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp() * 1000)


def pair(target, name, millis):
    """Sets `name` and `name_dt`, which must always say the same instant."""
    target[name] = millis
    target[f"{name}_dt"] = iso(millis)
    return target


def metadata_uid(key):
    """Security Hub's own id of a finding: 64 hexadecimal digits."""
    return hashlib.sha256(f"{SEED}/{key}".encode()).hexdigest()


@dataclass
class Draft:
    """A finding whose triage (status, comment, customer's severity) may not be decided yet."""

    key: str
    env: str
    doc: dict
    created: int
    status_id: int | None = None
    comment: str | None = None
    tags: set = field(default_factory=set)

    def words(self):
        """What rules can ask for: tags given by the maker, and the names, ids and tag values of the resources."""
        found = set(self.tags)
        for entry in self.doc["resources"]:
            found |= {entry["uid"], entry.get("name", "")}
            found |= {tag["value"] for tag in entry.get("tags", [])}
        return found

    @property
    def uid(self):
        return metadata_uid(self.key)

    @property
    def severity_id(self):
        return self.doc["severity_id"]

    @property
    def product(self):
        return self.doc["metadata"]["product"]["uid"].rsplit("/", 1)[-1]

    def reprioritise(self, severity_id):
        """The customer's severity; the provider's stays in `vendor_attributes`."""
        self.doc["severity_id"] = severity_id
        self.doc["severity"] = SEVERITY[severity_id]
        return self

    def triage(self, status_id, comment=None):
        self.status_id = status_id
        self.comment = comment
        return self

    def finished(self):
        self.doc["status_id"] = self.status_id
        self.doc["status"] = STATUS[self.status_id]
        if self.comment:
            self.doc["comment"] = self.comment
        return self.doc


def account_object(account, typed=True, named=True):
    body = {"uid": account.uid}
    if named and account.name:
        body["name"] = account.name
    if typed:
        body |= {"type": "AWS Account", "type_id": 10}
    return body


def resource(kind, uid, account, region, **more):
    """One entry of `resources[]`; `more` may give name, uid_alt, tags, data, labels."""
    body = {
        "cloud_partition": "aws",
        "owner": {"account": {"uid": account.uid}},
        "region": region,
        "type": kind,
        "uid": uid,
    }
    body |= {name: value for name, value in more.items() if value}
    return body


def tag_list(tags):
    return [{"name": name, "value": value} for name, value in tags.items()]


def finding(
    key,
    *,
    product,
    class_uid,
    account,
    region,
    env,
    severity_id,
    created,
    modified,
    uid,
    title,
    desc,
    types,
    resources,
    dice,
    first_seen=None,
    last_seen=None,
    activity_id=None,
    severity=None,
    named=True,
    typed=True,
    info=None,
    body=None,
    version=None,
):
    """Builds a whole finding. `info` adds to `finding_info`, `body` to the root."""
    activity_id = activity_id or (1 if modified == created else 2)
    version = version or dice.pick(["1.6.0", "1.6.0", "1.6.0", "1.5.0"])
    # Findings share their resources' entries; what is added below belongs to this one alone.
    resources = [dict(entry) for entry in resources]
    first_seen = created if first_seen is None else first_seen
    last_seen = modified if last_seen is None else last_seen
    about = {"desc": desc, "title": title, "types": types, "uid": uid}
    pair(about, "created_time", created)
    pair(about, "modified_time", modified)
    pair(about, "first_seen_time", first_seen)
    pair(about, "last_seen_time", last_seen)
    about |= info or {}
    metadata = {
        "product": {
            "name": PRODUCT[product],
            "uid": f"arn:aws:securityhub:{region}::productv2/aws/{product}",
            "vendor_name": "AWS",
        },
        "profiles": ["cloud", "datetime"],
        "uid": metadata_uid(key),
        "version": version,
    }
    if class_uid == 2006:
        metadata["profiles"] = ["cloud", "data_classification", "datetime"]
    if version == "1.8.0":
        metadata["profiles"].append("aws/cloud_resources")
        metadata["extensions"] = [{"name": "aws", "uid": "998", "version": "1.0.0"}]
        for entry in resources:
            entry["provider"] = "AWS"
    caption = severity or SEVERITY[severity_id]
    doc = {
        "activity_id": activity_id,
        "activity_name": ACTIVITY[activity_id],
        "category_name": "Findings",
        "category_uid": 2,
        "class_name": CLASS[class_uid],
        "class_uid": class_uid,
        "cloud": {
            "account": account_object(account, typed, named),
            "cloud_partition": "aws",
            "provider": "AWS",
            "region": region,
        },
        "finding_info": about,
        "metadata": metadata,
        "resources": resources,
        "severity": caption,
        "severity_id": severity_id,
        "type_name": f"{CLASS[class_uid]}: {ACTIVITY[activity_id]}",
        "type_uid": class_uid * 100 + activity_id,
        "vendor_attributes": {"severity": caption, "severity_id": severity_id},
    }
    pair(doc, "time", modified)
    doc |= body or {}
    return Draft(key=key, env=env, doc=doc, created=created)
