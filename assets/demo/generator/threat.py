"""Owns the shape of a GuardDuty finding (class 2004): its evidence, its resources, its references."""

from .dice import Dice
from .document import DAY, HOUR, MINUTE, NOW, finding, pair, resource, tag_list
from .estate import BUCKET, VA, WEB

LOW, MEDIUM, HIGH, CRITICAL = 2, 3, 4, 5
# The page of the user guide that explains the types, by what they begin with or speak of.
GUIDE = {
    "AttackSequence": "guardduty-attack-sequence-finding-types",
    "Object": "gdu-malware-protection-s3-finding-types",
    "IAMUser": "guardduty_finding-types-iam",
    "EC2": "guardduty_finding-types-ec2",
    "S3": "guardduty_finding-types-s3",
    "Runtime": "findings-runtime-monitoring",
    "Kubernetes": "guardduty-finding-types-eks-audit-logs",
    "RDS": "findings-rds-protection",
}


def detector(account, region):
    return Dice("detector", account.uid, region).hex(32)


def finding_arn(kind, account, region, key):
    return (
        f"arn:aws:guardduty:{region}:{account.uid}:detector/{detector(account, region)}/finding/{Dice('guardduty-id', kind, key).hex(32)}"
    )


def endpoint(place, port=None):
    ip, country, city, number, network = place
    body = {"autonomous_system": {"name": network, "number": number}, "ip": ip, "location": {"city": city, "country": country}}
    return body | ({"port": port} if port else {})


def call(operation, service, place, user, kind="IAMUser", key_id=None, error=None, agent=None, mfa=None):
    """An API call: who, what, from where."""
    api = {"operation": operation, "service": {"name": f"{service}.amazonaws.com"}}
    if error:
        api["response"] = {"error": error}
    person = {"name": user, "type": kind}
    if key_id:
        person["credential_uid"] = key_id
    actor = {"user": person}
    if mfa is not None:
        actor["session"] = {"is_mfa": mfa}
    body = {"actor": actor, "api": api, "src_endpoint": endpoint(place)}
    if agent:
        body["http_request"] = {"user_agent": agent}
    return body


def lookup(name, protocol="udp"):
    return {
        "connection_info": {"direction": "Outbound", "direction_id": 2, "protocol_name": protocol},
        "query": {"hostname": name, "type": "A"},
    }


def flow(host, place, *, local, remote, inbound, blocked=False):
    inside = {"ip": host.private_ip, "port": local, "instance_uid": host.uid, "vpc_uid": host.vpc}
    outside = endpoint(place, remote)
    src, dst = (outside, inside) if inbound else (inside, outside)
    return {
        "connection_info": {
            "direction": "Inbound" if inbound else "Outbound",
            "direction_id": 1 if inbound else 2,
            "protocol_name": "tcp",
            "protocol_num": 6,
        },
        "data": {"blocked": blocked},
        "dst_endpoint": dst,
        "src_endpoint": src,
    }


def process(dice, path, cmd, user, parents=(), since=None):
    """A process as the runtime agent saw it, with the processes that started it."""
    name = path.rsplit("/", 1)[-1]
    pid = dice.between(2_000, 65_000)
    body = {
        "cmd_line": cmd,
        "file": {
            "hashes": [{"algorithm": "SHA-256", "algorithm_id": 3, "value": Dice("sha", path, cmd).hex(64)}],
            "name": name,
            "path": path,
            "type": "Regular File",
            "type_id": 1,
        },
        "name": name,
        "pid": pid,
        "user": {"name": user, "uid": "0" if user == "root" else "1000"},
        "working_directory": path.rsplit("/", 1)[0] if path.startswith(("/home", "/tmp")) else "/",
    }
    if since:
        pair(body, "created_time", since)
    if parents:
        body["ancestry"] = [
            {"name": parent.rsplit("/", 1)[-1], "path": parent, "pid": pid - 7 * (depth + 1)} for depth, parent in enumerate(parents)
        ]
    return {"actor": {"process": body}, "process": body if not parents else {"name": name, "path": path, "pid": pid}}


def attack(tactic, uid, technique, technique_uid):
    return {"tactic": {"name": tactic, "uid": uid}, "technique": {"name": technique, "uid": technique_uid}}


def access_key(account, region, user, kind="IAMUser", key_id=None):
    temporary = kind == "AssumedRole"
    key_id = key_id or ("ASIA" if temporary else "AKIA") + Dice("key", account.uid, user).base32(9) + "EXAMPLE"
    principal = ("AROA" if temporary else "AIDA") + Dice("principal", account.uid, user).base32(10) + "EXAMPLE"
    data = {
        "access_key_id": key_id,
        "principal_id": principal + (f":{Dice('session', user).hex(8)}" if temporary else ""),
        "user_name": user,
        "user_type": kind,
    }
    return resource("AWS::IAM::AccessKey", key_id, account, region, name=user, data=data)


def cluster(account, region, name):
    arn = f"arn:aws:eks:{region}:{account.uid}:cluster/{name}"
    data = {
        "kubernetes_version": "1.33" if region == VA else "1.30",
        "status": "ACTIVE",
        "vpc_id": f"vpc-0{Dice('vpc', account.uid, region).hex(16)}",
    }
    return resource(
        "AWS::EKS::Cluster", name, account, region, uid_alt=arn, tags=tag_list({"env": account.env, "team": account.team}), data=data
    )


def container(image, name):
    return resource(
        "Container",
        Dice("container", image, name).hex(64),
        WEB,
        VA,
        name=name,
        data={
            "image": image,
            "namespace": "shop",
            "pod": f"{name}-{Dice('pod', name).hex(9)}-{Dice('pod2', name).hex(5)}",
            "runtime": "containerd",
        },
    )


def bucket(name, public="NOT_PUBLIC"):
    return BUCKET[name].entry(
        {"bucket_owner": BUCKET[name].account.uid, "effective_permission": public, "server_side_encryption": "AES256"}
    )


def instants(created, modified, dice):
    """Times of two ages. Old ones are given in whole days or hours: without a spread, all would share one minute."""
    if created < 2 * DAY:
        early, late = dice.below(MINUTE), dice.below(MINUTE)
    else:
        early = dice.below(20 * HOUR)
        late = dice.below(50 * MINUTE) if modified < 3 * DAY else early
    if created == modified:
        late = early
    return NOW - created - early, NOW - modified - late


def threat(
    key,
    kind,
    severity_id,
    place,
    title,
    desc,
    resources,
    evidences,
    *,
    created,
    modified,
    count=1,
    attacks=(),
    traits=(),
    related=(),
    rule=True,
    tags=(),
    version=None,
):
    """`created` and `modified` are milliseconds before the standstill."""
    account, region = place
    dice = Dice("guardduty", kind, key)
    own = detector(account, region)
    short = Dice("guardduty-id", kind, key).hex(32)
    family, about = kind.split(":")
    chapter = GUIDE.get(family) or GUIDE[about.split("/")[0]]
    info = {
        "analytic": {"type": "Rule", "type_id": 1, "uid": own} if rule else {"type": "Learning (ML/DL)", "type_id": 4, "uid": own},
        "product": {"uid": own},
        "uid_alt": short,
    }
    if attacks:
        info["attacks"] = list(attacks)
    if traits:
        info["traits"] = list(traits)
    if related:
        info["related_events"] = list(related)
        info["related_events_count"] = len(related)
    created, modified = instants(created, modified, dice)
    body = {
        "count": count,
        "evidences": evidences,
        "remediation": {
            "desc": "See what the documentation advises for this type of finding.",
            "references": [f"https://docs.aws.amazon.com/guardduty/latest/ug/{chapter}.html"],
        },
    }
    draft = finding(
        f"guardduty/{kind}/{key}",
        product="guardduty",
        class_uid=2004,
        account=account,
        region=region,
        env=account.env,
        severity_id=severity_id,
        created=created,
        modified=max(modified, created),
        first_seen=created - dice.between(4, 14) * MINUTE,
        last_seen=max(modified - dice.between(2, 9) * MINUTE, created - 3 * MINUTE),
        uid=f"arn:aws:guardduty:{region}:{account.uid}:detector/{own}/finding/{short}",
        title=title,
        desc=desc,
        types=[kind, "Threats"],
        resources=resources,
        dice=dice,
        named=not dice.chance(7),
        version=version or ("1.8.0" if dice.chance(6) else None),
        info=info,
        body=body,
    )
    if kind.startswith("AttackSequence"):
        draft.doc["metadata"]["product"]["feature"] = {"name": "Correlation"}
    draft.tags = {kind, key, account.name or "legacy", *tags}
    return draft


def signal(kind, place, key, title):
    account, region = place
    return {
        "product": {"uid": f"arn:aws:securityhub:{region}::productv2/aws/guardduty", "name": "GuardDuty"},
        "title": title,
        "type": kind,
        "uid": finding_arn(kind, account, region, key),
    }
