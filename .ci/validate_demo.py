"""Checks assets/demo: every finding by the OCSF schema of its own version, and what the schema cannot see.

Prints each failure as file:line and JSON path, closes with "N passed, N failed", exits 1 if anything failed.
A check is one finding, or one property of the files as a whole.
"""

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from datetime import datetime, timezone
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

DEMO = Path("assets/demo")
FINDINGS, HOSTILE = DEMO / "findings.jsonl", DEMO / "hostile.jsonl"
NOW = int(datetime(2026, 11, 20, tzinfo=timezone.utc).timestamp() * 1000)
DAY = 86_400_000

VERSIONS = {"1.5.0", "1.6.0", "1.8.0"}
CLASSES = {
    2002: ("vulnerability_finding", "Vulnerability Finding"),
    2003: ("compliance_finding", "Compliance Finding"),
    2004: ("detection_finding", "Detection Finding"),
    2006: ("data_security_finding", "Data Security Finding"),
}
# product, its class, the fewest findings the demo should have of it
PRODUCTS = {
    "inspector": ("Inspector", 2002, 230),
    "securityhub": ("Security Hub", 2003, 190),
    "guardduty": ("GuardDuty", 2004, 60),
    "macie": ("Macie", 2006, 25),
    "securityhub-risk": ("Security Hub Exposure Detection", 2004, 25),
    "securityhub-coverage": ("Security Hub Coverage", 2003, 12),
}
SEVERITY = {0: "Unknown", 1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical", 6: "Fatal", 99: None}
STATUS = {1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved", 5: "Archived"}
ACTIVITY = {1: "Create", 2: "Update", 3: "Close"}
# Captions of ids by the name of the attribute and, where one name means several things, the object that holds it.
# None as a caption: the source's own word.
CAPTIONS = {
    "severity_id": SEVERITY,
    "fix_coverage_id": {1: "Complete", 2: "Partial", 3: "None"},
    "category_id": {1: "Personal", 3: "Financial", 6: "Security"},
    "direction_id": {1: "Inbound", 2: "Outbound"},
    "impact_id": {2: "Medium", 3: "High"},
    "algorithm_id": {3: "SHA-256"},
    ("compliance", "status_id"): {0: "Unknown", 1: "Pass", 3: "Fail"},
    ("data_classifications", "status_id"): {1: "Complete", 2: "Partial"},
    ("account", "type_id"): {10: "AWS Account"},
    ("databucket", "type_id"): {1: "S3"},
    ("file", "type_id"): {1: "Regular File"},
    ("observables", "type_id"): {10: "Resource UID"},
    ("analytic", "type_id"): {1: "Rule", 4: "Learning (ML/DL)"},
    ("", "status_id"): STATUS,
}


@cache
def validator(version, class_uid, profiles):
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version)).get_class_schema(CLASSES[class_uid][0], list(profiles))
    return Draft202012Validator(schema)


def path_of(parts):
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def schema_faults(doc):
    metadata = doc["metadata"]
    # The profiles of extensions (with a slash) are not in the compiled schemas.
    profiles = tuple(sorted(name for name in metadata["profiles"] if "/" not in name))
    for error in validator(metadata["version"], doc["class_uid"], profiles).iter_errors(doc):
        yield path_of(error.absolute_path), error.message[:200]


def walk(value, parts=()):
    """Every value with its path, parents first. What stands below `data` belongs to the provider and is left alone."""
    yield parts, value
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "data":
                yield from walk(inner, (*parts, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*parts, index))


def millis(text):
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def time_faults(doc):
    for parts, value in walk(doc):
        if not isinstance(value, dict):
            continue
        for name in value:
            base = name.removesuffix("_dt")
            if base != "time" and not base.endswith("_time"):
                continue
            if base not in value or f"{base}_dt" not in value:
                yield path_of((*parts, name)), "stands without its pair"
            elif name == base and millis(value[f"{base}_dt"]) != value[base]:
                yield path_of((*parts, name)), f"{value[base]} is not {value[base + '_dt']}"
            elif name == base and not 0 < value[base] <= NOW:
                yield path_of((*parts, name)), f"{value[base]} is after the standstill, or no time at all"
    about = doc["finding_info"]
    for earlier, later in [("created", "modified"), ("first_seen", "last_seen"), ("first_seen", "created"), ("last_seen", "modified")]:
        if about[f"{earlier}_time"] > about[f"{later}_time"]:
            yield "$.finding_info", f"{earlier}_time is after {later}_time"
    if doc["time"] != about["modified_time"]:
        yield "$.time", "is not finding_info.modified_time"
    if NOW - doc["time"] > 90 * DAY:
        yield "$.time", "no update for 90 days: the service would have dropped the finding"


def caption_faults(doc):
    for parts, value in walk(doc):
        if not isinstance(value, dict):
            continue
        holder = next((part for part in reversed(parts) if isinstance(part, str)), "")
        for name, number in value.items():
            captions = CAPTIONS.get((holder, name)) or CAPTIONS.get(name)
            if captions is None:
                continue
            caption = value.get(name.removesuffix("_id"))
            if number not in captions:
                yield path_of((*parts, name)), f"{number} is not among the ids that the demo uses"
            elif captions[number] is not None and caption != captions[number]:
                yield path_of((*parts, name)), f"{number} is {captions[number]!r}, not {caption!r}"
            elif not caption:
                yield path_of((*parts, name)), "has no caption"
    class_uid, activity_id = doc["class_uid"], doc["activity_id"]
    expected = {
        "activity_name": ACTIVITY.get(activity_id),
        "category_name": "Findings",
        "category_uid": 2,
        "class_name": CLASSES[class_uid][1],
        "type_name": f"{CLASSES[class_uid][1]}: {ACTIVITY.get(activity_id)}",
        "type_uid": class_uid * 100 + activity_id,
    }
    for name, value in expected.items():
        if doc.get(name) != value:
            yield f"$.{name}", f"{doc.get(name)!r}, expected {value!r}"


def shape_faults(doc):
    """Who made it, where it belongs, and that no text in it is dangerous: that is the other file's part."""
    metadata, cloud = doc["metadata"], doc["cloud"]
    account, region = cloud["account"]["uid"], cloud["region"]
    product = metadata["product"]["uid"].rsplit("/", 1)[-1]
    name, class_uid, _ = PRODUCTS.get(product, (None, None, 0))
    if (metadata["product"]["name"], doc["class_uid"]) != (name, class_uid):
        yield "$.metadata.product", f"{metadata['product']['name']!r} of class {doc['class_uid']} does not fit {product!r}"
    if metadata["product"]["uid"] != f"arn:aws:securityhub:{region}::productv2/aws/{product}":
        yield "$.metadata.product.uid", f"is not of {region}"
    if not re.fullmatch("[0-9a-f]{64}", metadata["uid"]):
        yield "$.metadata.uid", "is not 64 hexadecimal digits"
    if not re.fullmatch(r"\d{12}", account):
        yield "$.cloud.account.uid", "is not 12 digits"
    uid = doc["finding_info"]["uid"]
    if uid.startswith("arn:") and uid.split(":")[3:5] != [region, account]:
        yield "$.finding_info.uid", f"is not of {account} in {region}"
    for index, entry in enumerate(doc["resources"]):
        if entry["owner"]["account"]["uid"] != account or not entry["uid"]:
            yield f"$.resources[{index}]", "belongs to another account, or has no uid"
    if (product == "securityhub") != ("control" in doc.get("compliance", {})):
        yield "$.compliance.control", "is for Security Hub CSPM, and always there"
    comment = doc.get("comment")
    if comment is not None and not (comment.strip() and len(comment) <= 512):
        yield "$.comment", "is blank, or longer than 512 characters"
    for parts, value in walk_all(doc):
        bad = next((char for char in value if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")), None)
        if bad:
            yield path_of(parts), f"holds U+{ord(bad):04X}"
        if parts[-2:-1] == ("references",) and not value.startswith("https://"):
            yield path_of(parts), "is no https link"


def walk_all(value, parts=()):
    """Every text, those below `data` too."""
    if isinstance(value, str):
        yield parts, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from walk_all(inner, (*parts, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk_all(inner, (*parts, index))


def finding_faults(doc):
    if not isinstance(doc, dict):
        yield "$", "is not an object"
        return
    if doc.get("class_uid") not in CLASSES or doc.get("metadata", {}).get("version") not in VERSIONS:
        yield "$.class_uid", f"class {doc.get('class_uid')} of version {doc.get('metadata', {}).get('version')} is not used here"
        return
    broken = list(schema_faults(doc))
    yield from broken
    if broken:
        return
    for check in (time_faults, caption_faults, shape_faults):
        try:
            yield from check(doc)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            yield "$", f"{check.__name__} stopped: {error!r}"


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, faults):
        faults = list(faults)
        for fault in faults:
            print(f"{what}: {fault}")
        if faults:
            self.failed += 1
        else:
            self.passed += 1


def read(path, tally):
    """(line number, document) of each line that is JSON; anything else is a failed check."""
    docs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            docs.append((number, json.loads(line)))
        except ValueError as error:
            tally.check(f"{path}:{number}", [f"$: is not JSON: {error}"])
    return docs


def duplicates(values):
    return [value for value, count in Counter(values).items() if count > 1]


def identity(doc):
    return doc["cloud"]["account"]["uid"], doc["finding_info"]["uid"], doc["metadata"]["product"]["uid"]


def collection_checks(docs, tally):
    """What only the whole set can have or lack. `docs` are the findings that passed on their own."""
    size = FINDINGS.stat().st_size
    average = size / max(1, len(docs))
    status = Counter(doc["status"] for doc in docs)
    products = Counter(doc["metadata"]["product"]["uid"].rsplit("/", 1)[-1] for doc in docs)
    severities = {doc["severity_id"] for doc in docs}
    changed = sum(doc["severity_id"] != doc["vendor_attributes"]["severity_id"] for doc in docs)
    known = {doc["finding_info"]["uid"] for doc in docs}
    strangers = [
        event["uid"] for doc in docs for event in doc["finding_info"].get("related_events", []) if event["uid"] not in known
    ]

    def expect(what, holds, got):
        tally.check(f"{FINDINGS}: {what}", [] if holds else [f"got {got}"])

    expect("at least 600 findings", len(docs) >= 600, len(docs))
    expect("an average of 2,500 to 4,000 bytes", 2500 <= average <= 4000, round(average))
    expect("at most 2,200,000 bytes", size <= 2_200_000, size)
    for product, (_, _, least) in PRODUCTS.items():
        expect(f"at least {least} of {product}", products[product] >= least, products[product])
    for word, low, high in [("New", 65, 75), ("In Progress", 8, 16), ("Suppressed", 7, 13), ("Resolved", 4, 9), ("Archived", 1, 4)]:
        share = 100 * status[word] / max(1, len(docs))
        expect(f"{low} to {high} % {word}", low <= share <= high, f"{share:.1f} %")
    expect("every severity", severities == set(SEVERITY), sorted(severities))
    expect("at least 15 severities changed by the customer", changed >= 15, changed)
    expect("unique metadata.uid", not duplicates(doc["metadata"]["uid"] for doc in docs), "duplicates")
    expect("unique account, finding id and product", not duplicates(map(identity, docs)), "duplicates")
    expect("related events that exist", not strangers, strangers[:3])
    expect("accounts without a name", any("name" not in doc["cloud"]["account"] for doc in docs), "none")
    expect("at least 100 findings with a comment", sum("comment" in doc for doc in docs) >= 100, "fewer")


def hostile_checks(docs, taken, tally):
    def expect(what, holds, got):
        tally.check(f"{HOSTILE}: {what}", [] if holds else [f"got {got}"])

    uids = [doc["metadata"]["uid"] for doc in docs if "uid" in doc.get("metadata", {})]
    bare = [doc for doc in docs if "uid" not in doc.get("metadata", {})]
    new = sum(doc.get("status_id") == 1 for doc in docs)
    texts = "".join(text for doc in docs for _, text in walk_all(doc))
    kinds = {unicodedata.category(char) for char in texts}
    expect("12 to 20 findings", 12 <= len(docs) <= 20, len(docs))
    expect("ASCII, so that looking at the file is safe", HOSTILE.read_bytes().isascii(), "other bytes")
    expect("uids that no other finding has", not duplicates(uids + taken), duplicates(uids + taken))
    expect("two findings without metadata.uid", len(bare) == 2, len(bare))
    expect("those two told apart by their identifiers", len(set(map(identity, bare))) == 2, list(map(identity, bare)))
    expect("all but one New", new == len(docs) - 1, new)
    expect("control, format, separator and combining characters", {"Cc", "Cf", "Zl", "Zp", "Mn"} <= kinds, sorted(kinds))


def generator_checks(tally):
    """The committed files are the generator's, whatever the order of Python's sets; the README tells the targets."""
    for seed in ("1", "4242"):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-B", str(DEMO / "generate.py"), "--out", folder]
            run = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONHASHSEED": seed}, check=False)
            tally.check(f"{DEMO}/generate.py", [] if run.returncode == 0 else [f"exit code {run.returncode}: {run.stderr.strip()}"])
            for path in (FINDINGS, HOSTILE):
                made = Path(folder, path.name)
                same = made.exists() and made.read_bytes() == path.read_bytes()
                tally.check(f"{path}:1", [] if same else ["$: generate.py writes other bytes; run it and commit its files"])
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"^(\w+Exception) +([0-9a-f]{64}) +row +(\d+)", run.stdout, re.MULTILINE)
    missing = [f"| {code} | `{uid}` | {row} |" for code, uid, row in targets if f"| {code} | `{uid}` | {row} |" not in readme]
    tally.check(f"{DEMO}/README.md", [f"lacks {line}" for line in missing])
    codes = Counter(code for code, _, _ in targets)
    tally.check(f"{DEMO}/generate.py: two targets for each of four codes", [] if sorted(codes.values()) == [2, 2, 2, 2] else [str(codes)])


def spoiled(doc):
    """Copies of a good finding, each with one flaw that a check must see, and the name of the flaw."""
    def change(name, edit):
        copied = copy.deepcopy(doc)
        edit(copied)
        return name, copied

    yield change("an unknown attribute", lambda one: one["finding_info"].update(tittle="x"))
    yield change("a missing required attribute", lambda one: one.pop("time"))
    yield change("a text for a number", lambda one: one.update(severity_id="4"))
    yield change("times that disagree", lambda one: one["finding_info"].update(created_time=one["finding_info"]["created_time"] - 1000))
    yield change("a time without its pair", lambda one: one.pop("time_dt"))
    yield change("a caption of another id", lambda one: one.update(status="Resolved" if one["status_id"] != 4 else "New"))
    yield change("a wrong type_uid", lambda one: one.update(type_uid=one["class_uid"] * 100 + 99))
    yield change("a control character", lambda one: one["finding_info"].update(title="a\x1b[31mb"))
    yield change("a product of another Region", lambda one: one["cloud"].update(region="eu-north-1"))


def main():
    tally = Tally()
    good = []
    for number, doc in read(FINDINGS, tally):
        faults = list(finding_faults(doc))
        tally.check(f"{FINDINGS}:{number}", [f"{path}: {message}" for path, message in faults])
        if not faults:
            good.append(doc)
    collection_checks(good, tally)
    hostile = [doc for _, doc in read(HOSTILE, tally)]
    hostile_checks(hostile, [doc["metadata"]["uid"] for doc in good], tally)
    generator_checks(tally)
    # A check that cannot fail is worth nothing: one finding of each product is spoiled in every way.
    for product in PRODUCTS:
        sample = next((doc for doc in good if doc["metadata"]["product"]["uid"].endswith(f"/{product}")), None)
        for name, doc in spoiled(sample) if sample else []:
            tally.check(f"{product} with {name}", [] if list(finding_faults(doc)) else ["was not noticed"])
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
