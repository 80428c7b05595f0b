"""Owns the exposure findings (class 2004): several weaknesses of one resource that add up.

Each one refers to findings of the other products by their own ids, as the service does, so the others are made first.
"""

from .dice import Dice
from .document import DAY, MINUTE, NOW, finding
from .estate import ACCOUNTS, BUCKET, FUNCTIONS, hosts, images

LOW, MEDIUM, HIGH, CRITICAL = 2, 3, 4, 5
HIJACK = "Exposure/Potential Impact/Resource Hijacking"
LEAK = "Exposure/Potential Impact/Data Exfiltration"
TAKEOVER = "Exposure/Potential Impact/Account Takeover"
DESTROY = "Exposure/Potential Impact/Data Destruction"

ACCOUNT = {account.uid: account for account in ACCOUNTS}

# What a finding of a product or a control contributes; anything else counts as a misconfiguration.
TRAITS = {
    "S3.2": ("Reachability", "Publicly readable"),
    "S3.8": ("Misconfiguration", "Public access switches off"),
    "S3.5": ("Misconfiguration", "Plain HTTP accepted"),
    "EC2.8": ("Misconfiguration", "Metadata without session token"),
    "EC2.9": ("Reachability", "Public address"),
    "EC2.19": ("Reachability", "High-risk port open to every address"),
    "EC2.13": ("Reachability", "SSH open to every address"),
    "EC2.3": ("Misconfiguration", "Volume not encrypted"),
    "RDS.2": ("Reachability", "Publicly accessible database"),
    "RDS.3": ("Misconfiguration", "Storage not encrypted"),
    "RDS.1": ("Reachability", "Snapshot shared with everyone"),
    "Lambda.1": ("Reachability", "Publicly invocable"),
    "Lambda.2": ("Misconfiguration", "Runtime without updates"),
    "EKS.1": ("Reachability", "Public cluster endpoint"),
    "EKS.2": ("Misconfiguration", "Kubernetes version without updates"),
    "IAM.1": ("Assumability", "Administrator permissions"),
    "IAM.3": ("Assumability", "Long-lived access key"),
    "IAM.5": ("Assumability", "Console password without MFA"),
    "IAM.8": ("Assumability", "Unused credentials"),
    "SQS.3": ("Reachability", "Queue open to every principal"),
    "SSM.2": ("Vulnerability", "Patches missing"),
    "KMS.4": ("Misconfiguration", "Key does not rotate"),
}


def trait(draft):
    if draft.product == "inspector":
        exploited = draft.doc["vulnerabilities"][0]["is_exploit_available"]
        return "Vulnerability", "Exploit available" if exploited else "Vulnerable"
    if draft.product == "macie":
        return "Sensitive data", draft.doc["finding_info"]["types"][0].rsplit("/", 1)[-1]
    return TRAITS.get(draft.doc["compliance"]["control"], ("Misconfiguration", draft.doc["finding_info"]["title"]))


def related(draft):
    about, entry = draft.doc["finding_info"], draft.doc["resources"][-1]
    category, value = trait(draft)
    return {
        "observables": [{"type": "Resource UID", "type_id": 10, "value": entry.get("uid_alt", entry["uid"])}],
        "product": {"uid": draft.doc["metadata"]["product"]["uid"]},
        "title": about["title"],
        "traits": [{"category": category, "name": value}],
        "type": "Finding",
        "uid": about["uid"],
    }


class Pool:
    """The findings made so far, found by words that describe them."""

    def __init__(self, drafts):
        self._drafts = drafts

    def matching(self, *words, uid=None, account=None, region=None):
        """Open findings with all the words among their tags; about that resource, of that account, where given."""
        for draft in self._drafts:
            entries = [entry["uid"] for entry in draft.doc["resources"]]
            # Inspector names a version of a function, Security Hub CSPM the function.
            about = uid is None or any(entry == uid or f":function:{uid}:" in entry for entry in entries)
            cloud = draft.doc["cloud"]
            about = about and account in (None, cloud["account"]["uid"]) and region in (None, cloud["region"])
            if about and set(words) <= draft.tags and "pass" not in draft.tags:
                yield draft


def host_cases(pool):
    """Hosts that are reachable or hold too much, with what is wrong about each."""
    plans = [
        ("gpu-notebook", 2, CRITICAL, "Publicly reachable host with weak metadata settings and a remotely exploitable SSH server", HIJACK),
        ("workshop", 4, HIGH, "Publicly reachable host with weak metadata settings and a remotely exploitable SSH server", HIJACK),
        ("ftp-gateway", 1, CRITICAL, "Publicly reachable host without patches and with a local way to root", HIJACK),
        ("erp-app", 2, HIGH, "Unpatched host runs Log4j with a known exploit", TAKEOVER),
        ("bastion", 1, MEDIUM, "Publicly reachable host with a vulnerable TLS library", HIJACK),
        ("jump", 1, HIGH, "Publicly reachable host with weak metadata settings and a way to root that is being exploited", TAKEOVER),
        ("emr-core", 2, MEDIUM, "Host with access to the data lake has a kernel flaw that is being exploited", LEAK),
        ("airflow", 1, MEDIUM, "Scheduler with broad role answers metadata requests without a token", TAKEOVER),
        ("ci-runner", 2, MEDIUM, "Build host with deployment rights has known local ways to root", TAKEOVER),
    ]
    for group, count, severity_id, title, kind in plans:
        for host in hosts(group)[:count]:
            events = list(pool.matching(uid=host.uid, account=host.account.uid))[:5]
            yield host.uid, host.account, host.region, severity_id, title, kind, events, host.for_posture()


def other_cases(pool):
    def of(place, *words, uid, most=5):
        return list(pool.matching(*words, uid=uid, account=place.account.uid, region=place.region))[:most]

    shop = [image for image in images("storefront/web", "storefront/checkout") if image.in_use > 1]
    for image in shop:
        yield image.uid, image.account, image.region, CRITICAL, "Image in use behind a public load balancer has a server-side flaw that is being exploited", TAKEOVER, of(
            image, uid=image.uid
        ), image.for_inspector()
    settlement = BUCKET["payments-prod-settlement-exports"]
    yield settlement.name, settlement.account, settlement.region, CRITICAL, "Publicly readable bucket holds card data", LEAK, of(
        settlement, "S3.2", uid=settlement.name
    ) + of(settlement, "S3.8", uid=settlement.name) + of(settlement, "Financial", uid=settlement.name, most=3), settlement.entry()
    for name, severity_id, title in [
        ("hackday-2026-uploads", HIGH, "Publicly readable bucket holds credentials and personal data"),
        ("data-prod-partner-drop", MEDIUM, "Bucket shared with a partner lacks public access switches and holds bank data"),
        ("erp-fileshare-fr", MEDIUM, "Bucket without public access switches holds salaries and passwords"),
        ("storefront-uploads-va", MEDIUM, "Bucket without public access switches holds what customers upload"),
    ]:
        bucket = BUCKET[name]
        yield name, bucket.account, bucket.region, severity_id, title, LEAK, of(bucket, uid=name), bucket.entry()
    for index, severity_id, title in [
        (13, CRITICAL, "Publicly invocable function with known flaws runs outside the VPC"),
        (0, MEDIUM, "Function behind a public webhook runs on a runtime without updates"),
        (12, HIGH, "Function with read access to all logs has Log4j with a known exploit"),
    ]:
        function = FUNCTIONS[index]
        yield function.arn, function.account, function.region, severity_id, title, HIJACK, of(
            function, uid=function.name
        ), function.for_posture()
    for words, severity_id, title, kind in [
        (("RDS.2", "hackday-postgres"), HIGH, "Publicly accessible database without encryption", LEAK),
        (("RDS.2", "erp-oracle"), CRITICAL, "Publicly accessible production database without encryption", LEAK),
        (("RDS.1",), CRITICAL, "Snapshot with customer records is shared with everyone", LEAK),
        (("SQS.3",), HIGH, "Order queue accepts messages from anyone", DESTROY),
        (("EKS.1", "eks-storefront"), MEDIUM, "Cluster with a public endpoint runs an unsupported version", TAKEOVER),
        (("IAM.3", "svc-deploy-legacy"), HIGH, "User with deployment rights has a long-lived access key", TAKEOVER),
        (("IAM.5", "it-ops-admin"), HIGH, "Administrator signs in with a password alone", TAKEOVER),
    ]:
        first = list(pool.matching(*words))[-1]
        entry = dict(first.doc["resources"][-1])
        account = ACCOUNT[first.doc["cloud"]["account"]["uid"]]
        region = first.doc["cloud"]["region"]
        events = list(pool.matching(uid=entry["uid"], account=account.uid, region=region))[:5]
        yield entry["uid"], account, region, severity_id, title, kind, events, entry


def graph(uid, events):
    """The path from the internet to the resource, as the service draws it."""
    nodes = [{"name": "Internet", "type": "Internet", "uid": "internet"}, {"name": uid, "type": "Resource", "uid": uid}]
    edges = [{"is_directed": True, "name": "reaches", "source": "internet", "target": uid}]
    for event in events[:3]:
        nodes.append({"name": event["title"], "type": "Finding", "uid": event["uid"]})
        edges.append({"is_directed": True, "name": "contributes", "source": event["uid"], "target": uid})
    return {"edges": edges, "is_directed": True, "name": "Attack path", "nodes": nodes}


def summary(count, categories):
    what = ", ".join(categories).lower()
    if count == 1:
        return f"A single finding is enough to expose this resource ({what})."
    return f"{count} findings about this resource add up ({what}). Resolving the first of them lowers the exposure the most."


def one(key, account, region, severity_id, title, kind, events, entry):
    dice = Dice("exposure", key, title)
    newest = max((draft.doc["time"] for draft in events), default=NOW - 3 * DAY)
    oldest = max((draft.created for draft in events), default=NOW - 9 * DAY)
    # An exposure exists from the moment its last ingredient does.
    created = min(oldest + dice.between(4, 55) * MINUTE, NOW - 40 * MINUTE)
    modified = max(created, min(newest + dice.between(1, 20) * MINUTE, NOW - dice.between(16, 39) * MINUTE))
    contributions = [related(draft) for draft in events]
    version = "1.8.0" if dice.chance(12) else "1.6.0"
    kinds = {(event["traits"][0]["category"], event["traits"][0]["name"]) for event in contributions}
    categories = sorted({category for category, _ in kinds})
    info = {
        "related_events": contributions,
        "related_events_count": len(contributions),
        "traits": [{"category": category, "name": name} for category, name in sorted(kinds)],
    }
    if severity_id == CRITICAL:
        info["attack_graph"] = graph(entry.get("uid_alt", entry["uid"]), contributions)
    entry.pop("provider", None)
    draft = finding(
        f"exposure/{key}/{region}",
        product="securityhub-risk",
        class_uid=2004,
        account=account,
        region=region,
        env=account.env,
        severity_id=severity_id,
        created=created,
        modified=modified,
        uid=f"arn:aws:securityhub:{region}:{account.uid}:risk:{dice.hex(64)}",
        title=title,
        desc=summary(len(contributions), categories),
        types=[kind, "Exposure"],
        resources=[entry],
        dice=dice,
        named=not dice.chance(8),
        version=version,
        info=info,
        body={
            "impact": "High" if severity_id >= HIGH else "Medium",
            "impact_id": 3 if severity_id >= HIGH else 2,
            "remediation": {
                "desc": "Start with the contributing finding that is listed first.",
                "references": ["https://docs.aws.amazon.com/securityhub/latest/userguide/exposure-findings.html"],
            },
        },
    )
    draft.tags = {key, account.name or "legacy", title}
    return draft


def drafts(others):
    pool = Pool(others)
    return [one(*case) for case in [*host_cases(pool), *other_cases(pool)]]
