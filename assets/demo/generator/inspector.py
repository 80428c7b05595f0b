"""Owns the Inspector findings (class 2002): which vulnerability is where, and since when."""

from .cves import BY_UID
from .dice import Dice
from .document import DAY, HOUR, MINUTE, NOW, at, finding, pair
from .estate import VA, Function, Host, functions, hosts, images

TYPES = ["Software and Configuration Checks/Vulnerabilities/CVE", "Vulnerabilities"]
PYTHON = functions("python")

# vulnerability, where it is, and for how many days it can have been known there at most
WHERE = [
    (
        "CVE-2026-99107",
        hosts("payments-api")
        + hosts("payments-worker")[:5]
        + hosts("payments-api-dr")
        + hosts("bastion")
        + hosts("payments-api-dev")
        + hosts("spark-adhoc")[:2]
        + hosts("emr-core")[:2],
        5,
    ),
    (
        "CVE-2026-99318",
        hosts("payments-worker")
        + hosts("payments-api-dr")[:2]
        + hosts("payments-api-dev")[:5]
        + hosts("eks-storefront-nodes", VA)[:4]
        + hosts("eks-storefront-nodes")[-3:]
        + hosts("spark-adhoc"),
        21,
    ),
    ("CVE-2024-6387", hosts("ci-runner")[:3] + hosts("airflow") + hosts("workshop") + hosts("gpu-notebook"), 160),
    ("CVE-2023-44487", hosts("eks-storefront-nodes"), 60),
    ("CVE-2024-5535", hosts("edge-proxy") + hosts("ledger-batch") + hosts("airflow"), 45),
    ("CVE-2023-4911", hosts("ci-runner")[:3] + hosts("workshop")[:3], 190),
    ("CVE-2025-32463", hosts("vault") + hosts("gitlab") + hosts("jump"), 140),
    ("CVE-2021-3156", hosts("erp-app") + hosts("ftp-gateway"), 200),
    ("CVE-2024-1086", hosts("emr-core"), 120),
    ("CVE-2025-55182", images("storefront/web", "storefront/checkout"), 9),
    ("CVE-2021-44228", hosts("erp-app")[:2] + images("erp-portal") + functions("java11"), 200),
    ("CVE-2022-22965", images("erp-portal"), 200),
    ("CVE-2022-42889", images("data/report-renderer", "erp-portal"), 180),
    ("CVE-2025-24813", images("payments/fraud-scoring") + images("data/report-renderer"), 110),
    ("CVE-2025-30065", hosts("emr-core")[:2] + hosts("spark-adhoc")[:2], 150),
    ("CVE-2024-3094", images("sandbox/toolbox"), 170),
    (
        "CVE-2023-45853",
        images("payments/api", "payments/fraud-scoring", "storefront/images", "data/airflow-tasks", "sandbox/rag-demo")[:11],
        90,
    ),
    ("CVE-2024-24790", images("payments/card-vault", "platform/ingress-auth", "data/feature-api"), 130),
    ("CVE-2024-45337", images("platform/ingress-auth", "platform/log-router"), 130),
    ("CVE-2025-7783", images("storefront/checkout", "storefront/search"), 100),
    ("CVE-2023-4863", images("storefront/images", "data/airflow-tasks", "sandbox/rag-demo"), 150),
    ("CVE-2024-45490", images("payments/api", "payments/fraud-scoring")[:7], 80),
    ("CVE-2025-6965", images("payments/api", "data/airflow-tasks", "storefront/images", "data/report-renderer"), 95),
    ("CVE-2023-48795", images("payments/card-vault", "platform/ingress-auth", "platform/log-router", "data/feature-api"), 110),
    ("CVE-2024-35195", PYTHON, 175),
    ("CVE-2024-37891", PYTHON[1:9], 150),
    ("CVE-2024-6345", PYTHON[4:10], 120),
    ("CVE-2024-56326", PYTHON[2:4] + PYTHON[6:8] + PYTHON[10:11], 110),
    ("CVE-2024-21538", images("storefront/web", "storefront/checkout"), 85),
    ("CVE-2024-45590", images("storefront/checkout", "storefront/search"), 90),
    ("CVE-2024-37890", images("storefront/checkout"), 90),
    ("CVE-2021-23337", images("storefront/web"), 145),
    ("CVE-2024-21626", hosts("eks-storefront-nodes", VA)[:3], 60),
    ("CVE-2022-3715", hosts("ci-runner") + hosts("workshop")[:2], 195),
    ("CVE-2016-2781", hosts("ci-runner") + hosts("edge-proxy") + hosts("ledger-batch") + hosts("airflow")[:1], 200),
    ("CVE-2026-99402", images("payments/fraud-scoring", "data/report-renderer"), 8),
    ("CVE-2026-99026", images("storefront/search", "data/feature-api", "platform/log-router"), 2),
]


def title(cve):
    names = [package.name for package in cve.packages]
    head = ", ".join(names[:2])
    return f"{cve.uid} - {head}" + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def fix_coverage(packages):
    fixed = sum(package.fixed is not None for package in packages)
    if fixed == len(packages):
        return "Complete", 1
    return ("None", 3) if fixed == 0 else ("Partial", 2)


def where_on(package, place):
    """The path as each kind of scan reports it: agentless host scans name the volume, functions unpack to /var/task."""
    if isinstance(place, Function):
        return package.path.replace("opt/app/lib", "var/task/lib")
    if isinstance(place, Host) and package.manager == "GOBINARY":
        return f"{place.volume}:/p1:{package.path}"
    return package.path


def affected(package, place):
    body = {"epoch": package.epoch, "name": package.name, "package_manager": package.manager, "version": package.version}
    if package.manager == "OS":
        body["architecture"] = "X86_64"
    if package.release:
        body["release"] = package.release
    if package.path:
        body["path"] = where_on(package, place)
    if package.fixed:
        body["fixed_in_version"] = package.fixed
    if package.update:
        body["remediation"] = {"desc": package.update}
    return body


def references(cve):
    links = [f"https://nvd.nist.gov/vuln/detail/{cve.uid}", *cve.references]
    if any("amzn" in (package.release or "") for package in cve.packages):
        links += [f"https://explore.alas.aws.amazon.com/{cve.uid}.html"]
        links += [f"https://alas.aws.amazon.com/AL2023/{advisory}.html" for advisory in cve.advisories if advisory.startswith("ALAS2023")]
    return links


def vulnerability(cve, place):
    published = at(cve.published) + Dice("published", cve.uid).between(8, 20) * HOUR
    coverage, coverage_id = fix_coverage(cve.packages)
    about = {"cvss": list(cve.scores), "desc": cve.desc, "epss": {"score": cve.epss}, "uid": cve.uid}
    if not cve.scores:
        del about["cvss"]
    pair(about, "created_time", published)
    # The record of a vulnerability is edited for months; never after the standstill, though.
    pair(
        about,
        "modified_time",
        min(published + Dice("edited", cve.uid).between(1, 320) * DAY, NOW - 9 * HOUR - Dice("edited", cve.uid).below(80) * MINUTE),
    )
    body = {
        "affected_packages": [affected(package, place) for package in cve.packages],
        "cve": about,
        "fix_coverage": coverage,
        "fix_coverage_id": coverage_id,
        "is_exploit_available": bool(cve.exploited or cve.proof),
        "is_fix_available": coverage_id != 3,
        "references": references(cve),
        "severity": cve.rating,
    }
    if cve.exploited:
        pair(body, "exploit_last_seen_time", at(cve.exploited) + Dice("exploited", cve.uid).between(1, 23 * 60) * MINUTE)
    if cve.advisories:
        body["related_vulnerabilities"] = list(cve.advisories)
    return body


def drafts():
    made = []
    for uid, places, oldest in WHERE:
        cve = BY_UID[uid]
        for place in places:
            identity = place.uid if hasattr(place, "uid") else place.arn
            dice = Dice("inspector", uid, identity)
            began = max(at(cve.published) + 14 * HOUR, getattr(place, "launched", getattr(place, "pushed", 0)) + 20 * MINUTE)
            created = max(
                NOW - dice.between(oldest * 24 * 20, oldest * 24 * 60) * MINUTE - dice.between(0, 59_999), began + dice.between(0, 5 * HOUR)
            )
            # A rescan touches a finding again and again; the last one was somewhere in the past days.
            newest = NOW - dice.between(40, min(60 * 24 * 9, max(60, (NOW - created) // MINUTE))) * MINUTE - dice.between(0, 59_999)
            # Without an update for 90 days it would have been dropped.
            touched = NOW - created > 50 * DAY or dice.chance(85)
            modified = newest if newest > created and touched else created
            draft = finding(
                f"inspector/{uid}/{identity}",
                product="inspector",
                class_uid=2002,
                account=place.account,
                region=place.region,
                env=place.account.env,
                severity_id=cve.severity_id,
                severity=cve.caption,
                created=created,
                modified=modified,
                uid=f"arn:aws:inspector2:{place.region}:{place.account.uid}:finding/{dice.hex(32)}",
                title=title(cve),
                desc=cve.desc,
                types=TYPES,
                resources=[place.for_inspector()],
                dice=dice,
                named=not dice.chance(6),
                version="1.8.0" if dice.chance(4) else None,
                body={"vulnerabilities": [vulnerability(cve, place)]},
            )
            draft.tags = {
                uid,
                place.account.name or "legacy",
                "exploited" if cve.exploited else "quiet",
                getattr(place, "name", getattr(place, "repository", "")),
                getattr(place, "tag", ""),
            }
            made.append(draft)
    return made
