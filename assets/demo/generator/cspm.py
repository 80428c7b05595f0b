"""Owns the Security Hub CSPM findings (class 2003): one control, one resource, pass or fail."""

from .controls import BY_UID
from .dice import Dice
from .document import MINUTE, NOW, finding, resource, tag_list
from .estate import (
    ACCOUNTS,
    BUCKET,
    BUCKETS,
    CORE,
    DATA,
    FR,
    FUNCTIONS,
    HOSTS,
    IE,
    IMAGES,
    LEGACY,
    LOGS,
    PAY,
    PAYDEV,
    PEOPLE,
    SANDBOX,
    SY,
    VA,
    WEB,
    hosts,
)


def tags_of(account):
    if account is LEGACY:
        return []
    return tag_list({"env": account.env, "team": account.team, "managed-by": "terraform"})


def thing(kind, account, region, uid, service, path, **more):
    """A resource whose uid is a short id and whose ARN stands in `uid_alt`."""
    arn = f"arn:aws:{service}:{region}:{account.uid}:{path}"
    return account, region, resource(kind, uid, account, region, uid_alt=arn, tags=tags_of(account), **more)


def whole_account(account, region=IE):
    return account, region, resource("AWS::::Account", account.uid, account, region)


def group(account, region, name):
    uid = f"sg-0{Dice('sg', name, account.uid, region).hex(16)}"
    return thing("AWS::EC2::SecurityGroup", account, region, uid, "ec2", f"security-group/{uid}", name=name)


def vpc(account, region):
    uid = f"vpc-0{Dice('vpc', account.uid, region).hex(16)}"
    return thing("AWS::EC2::VPC", account, region, uid, "ec2", f"vpc/{uid}")


def volume(host):
    uid = host.volume
    return thing("AWS::EC2::Volume", host.account, host.region, uid, "ec2", f"volume/{uid}")


def user(account, name):
    uid = "AIDA" + Dice("user", account.uid, name).base32(10) + "EXAMPLE"
    return account, VA, resource("AWS::IAM::User", uid, account, "global", name=name, uid_alt=f"arn:aws:iam::{account.uid}:user/{name}")


def policy(account, name):
    uid = "ANPA" + Dice("policy", account.uid, name).base32(10) + "EXAMPLE"
    return account, VA, resource("AWS::IAM::Policy", uid, account, "global", name=name, uid_alt=f"arn:aws:iam::{account.uid}:policy/{name}")


def database(account, region, name):
    uid = "db-" + Dice("db", account.uid, name).base32(26)
    return thing("AWS::RDS::DBInstance", account, region, uid, "rds", f"db:{name}", name=name)


def snapshot(account, region, name):
    return thing("AWS::RDS::DBSnapshot", account, region, name, "rds", f"snapshot:{name}")


def repository(image):
    return thing("AWS::ECR::Repository", image.account, image.region, image.repository, "ecr", f"repository/{image.repository}")


def key(account, region, alias):
    uid = Dice("kms", account.uid, alias).uuid()
    return thing("AWS::KMS::Key", account, region, uid, "kms", f"key/{uid}", name=alias)


def queue(account, region, name):
    arn = f"arn:aws:sqs:{region}:{account.uid}:{name}"
    return (
        account,
        region,
        resource(
            "AWS::SQS::Queue",
            f"https://sqs.{region}.amazonaws.com/{account.uid}/{name}",
            account,
            region,
            uid_alt=arn,
            tags=tags_of(account),
        ),
    )


def secret(account, region, name):
    suffix = Dice("secret", name).base32(6)
    return thing("AWS::SecretsManager::Secret", account, region, name, "secretsmanager", f"secret:{name}-{suffix}")


def table(account, region, name):
    return thing("AWS::DynamoDB::Table", account, region, name, "dynamodb", f"table/{name}")


def balancer(account, region, name):
    path = f"loadbalancer/app/{name}/{Dice('elb', name).hex(16)}"
    return thing("AWS::ElasticLoadBalancingV2::LoadBalancer", account, region, name, "elasticloadbalancing", path)


def cluster(account, region, name):
    return thing("AWS::EKS::Cluster", account, region, name, "eks", f"cluster/{name}")


def task(account, region, name):
    return thing("AWS::ECS::TaskDefinition", account, region, name.split(":")[0], "ecs", f"task-definition/{name}")


def distribution(account, name):
    uid = "E" + Dice("distribution", name).base32(13)
    return (
        account,
        VA,
        resource(
            "AWS::CloudFront::Distribution",
            uid,
            account,
            "global",
            uid_alt=f"arn:aws:cloudfront::{account.uid}:distribution/{uid}",
            tags=tags_of(account),
        ),
    )


def bucket(name):
    one = BUCKET[name]
    return one.account, one.region, one.entry()


def host(one):
    return one.account, one.region, one.for_posture()


def function(one):
    return one.account, one.region, one.for_posture()


def names(pattern):
    return [one.name for one in BUCKETS if pattern in one.name]


OLD_RUNTIMES = [one for one in FUNCTIONS if one.runtime in ("python3.9", "nodejs18.x", "java11")]
REPOSITORIES = list({(image.repository, image.account): image for image in IMAGES}.values())
OPEN_GROUPS = [
    (SANDBOX, VA, "workshop-default"),
    (SANDBOX, VA, "gpu-notebook-default"),
    (SANDBOX, VA, "hackday-elastic"),
    (PAYDEV, IE, "loadtest-grafana"),
    (LEGACY, FR, "ftp-gateway-default"),
    (LEGACY, FR, "erp-db-vendor-access"),
    (WEB, VA, "edge-proxy-debug"),
]
DATABASES = {
    "ledger": database(PAY, IE, "payments-ledger-a"),
    "ledger-dr": database(PAY, FR, "payments-ledger-dr"),
    "dev": database(PAYDEV, IE, "payments-dev-shared"),
    "loadtest": database(PAYDEV, IE, "payments-loadtest"),
    "hackday": database(SANDBOX, VA, "hackday-postgres"),
    "erp": database(LEGACY, FR, "erp-oracle"),
    "airflow": database(DATA, IE, "airflow-metadata"),
    "catalog": database(WEB, VA, "storefront-catalog"),
}

# control, resources that fail it, resources that pass it
CHECKS = [
    ("S3.1", [whole_account(SANDBOX), whole_account(LEGACY), whole_account(WEB)], [whole_account(PAY), whole_account(CORE)]),
    ("S3.2", [bucket("payments-prod-settlement-exports"), bucket("hackday-2026-uploads")], []),
    (
        "S3.5",
        [
            bucket(name)
            for name in names("storefront")
            + names("data-prod")
            + names("erp")
            + names("hackday")
            + names("payments-dev")
            + names("workshop")
        ],
        [bucket("payments-prod-receipts"), bucket("org-cloudtrail-777788889999")],
    ),
    (
        "S3.8",
        [
            bucket(name)
            for name in [
                "payments-prod-settlement-exports",
                "hackday-2026-uploads",
                "workshop-shared-va",
                "storefront-static-va",
                "storefront-static-sy",
                "storefront-uploads-va",
                "erp-fileshare-fr",
                "erp-db-dumps",
                "data-prod-partner-drop",
                "payments-dev-loadtest-results",
                "payments-dev-build-artifacts",
            ]
        ],
        [bucket("payments-prod-chargeback-evidence"), bucket("payments-prod-terraform-state"), bucket("core-gitlab-backups")],
    ),
    (
        "S3.9",
        [
            bucket(name)
            for name in names("payments-dev") + ["data-prod-athena-results", "core-artifacts-ie", "workshop-shared-va", "erp-db-dumps"]
        ],
        [],
    ),
    ("S3.13", [bucket(name) for name in names("payments-dev") + ["data-prod-athena-results", "hackday-2026-uploads"]], []),
    ("EC2.2", [vpc(SANDBOX, VA), vpc(LEGACY, FR), vpc(PAYDEV, IE), vpc(DATA, FR), vpc(WEB, SY)], []),
    (
        "EC2.3",
        [volume(one) for one in hosts("ci-runner") + hosts("erp-app") + hosts("ftp-gateway") + hosts("gpu-notebook")],
        [volume(one) for one in hosts("payments-api")[:2]],
    ),
    ("EC2.6", [vpc(SANDBOX, VA), vpc(LEGACY, FR), vpc(PAYDEV, IE), vpc(DATA, FR)], [vpc(PAY, IE)]),
    (
        "EC2.8",
        [
            host(one)
            for one in hosts("ci-runner")[:5]
            + hosts("workshop")
            + hosts("gpu-notebook")
            + hosts("erp-app")
            + hosts("ftp-gateway")
            + hosts("airflow")
            + hosts("jump")
        ],
        [host(one) for one in hosts("bastion") + hosts("vault")[:2]],
    ),
    ("EC2.9", [host(one) for one in HOSTS if one.public_ip and one.group != "edge-proxy"], []),
    ("EC2.13", [group(*one) for one in OPEN_GROUPS[:3] + OPEN_GROUPS[6:]], []),
    ("EC2.19", [group(*one) for one in OPEN_GROUPS], []),
    (
        "IAM.1",
        [
            policy(PAYDEV, "ci-deploy-everything"),
            policy(LEGACY, "it-ops"),
            policy(SANDBOX, "builder"),
            policy(DATA, "emr-legacy-bootstrap"),
        ],
        [],
    ),
    (
        "IAM.3",
        [
            user(CORE, "svc-deploy-legacy"),
            user(PAY, "svc-acquirer-sftp"),
            user(DATA, "svc-partner-drop"),
            user(LEGACY, "erp-backup"),
            user(LEGACY, "it-ops-admin"),
            user(WEB, "svc-cdn-invalidate"),
            user(PAYDEV, "svc-loadtest"),
        ],
        [user(PAY, "svc-statement-export")],
    ),
    ("IAM.4", [whole_account(LEGACY, VA)], [whole_account(PAY, VA), whole_account(CORE, VA)]),
    ("IAM.5", [user(LEGACY, "it-ops-admin"), user(LEGACY, "vendor-support"), user(SANDBOX, PEOPLE[1])], []),
    ("IAM.6", [whole_account(one, VA) for one in (LEGACY, SANDBOX, DATA, WEB)], [whole_account(one, VA) for one in (PAY, CORE, LOGS)]),
    (
        "IAM.8",
        [
            user(LEGACY, "vendor-support"),
            user(CORE, "svc-deploy-legacy-2"),
            user(WEB, "svc-cdn-purge-old"),
            user(DATA, "contractor-" + PEOPLE[5]),
        ],
        [],
    ),
    ("RDS.1", [snapshot(DATA, IE, "customer-360-before-migration")], []),
    ("RDS.2", [DATABASES["hackday"], DATABASES["erp"]], [DATABASES["ledger"]]),
    ("RDS.3", [DATABASES["hackday"], DATABASES["erp"], DATABASES["loadtest"]], [DATABASES["ledger"], DATABASES["ledger-dr"]]),
    ("RDS.5", [DATABASES["dev"], DATABASES["loadtest"], DATABASES["airflow"], DATABASES["erp"]], []),
    ("RDS.8", [DATABASES["dev"], DATABASES["loadtest"], DATABASES["hackday"], DATABASES["airflow"]], [DATABASES["catalog"]]),
    ("RDS.11", [DATABASES["hackday"], DATABASES["loadtest"]], []),
    ("Lambda.1", [function(FUNCTIONS[13])], []),
    ("Lambda.2", [function(one) for one in OLD_RUNTIMES], []),
    ("CloudTrail.4", [thing("AWS::CloudTrail::Trail", LEGACY, FR, "erp-audit", "cloudtrail", "trail/erp-audit")], []),
    ("KMS.3", [key(DATA, FR, "alias/feature-store")], []),
    (
        "KMS.4",
        [
            key(DATA, IE, "alias/lake-raw"),
            key(PAYDEV, IE, "alias/dev-shared"),
            key(WEB, VA, "alias/session-cookies"),
            key(LEGACY, FR, "alias/backup"),
        ],
        [key(PAY, IE, "alias/card-vault")],
    ),
    ("ECR.1", [repository(one) for one in REPOSITORIES if one.account in (SANDBOX, LEGACY)], []),
    ("ECR.2", [repository(one) for one in REPOSITORIES if one.account in (PAYDEV, SANDBOX, LEGACY, WEB)], []),
    ("ECS.8", [task(PAYDEV, IE, "loadtest-driver:12"), task(WEB, VA, "sitemap-worker:48")], []),
    ("EKS.1", [cluster(WEB, VA, "eks-storefront"), cluster(WEB, SY, "eks-storefront")], []),
    ("EKS.2", [cluster(WEB, SY, "eks-storefront")], [cluster(WEB, VA, "eks-storefront")]),
    ("ELB.6", [balancer(PAYDEV, IE, "payments-api-dev"), balancer(WEB, SY, "storefront-edge"), balancer(WEB, VA, "checkout-edge")], []),
    ("DynamoDB.2", [table(PAYDEV, IE, "idempotency-keys-dev"), table(WEB, VA, "carts"), table(PAY, IE, "webhook-dedupe")], []),
    (
        "SecretsManager.1",
        [
            secret(PAY, IE, "acquirer/sftp-password"),
            secret(DATA, IE, "partner/api-token"),
            secret(WEB, VA, "cdn/purge-token"),
            secret(PAYDEV, IE, "loadtest/basic-auth"),
        ],
        [],
    ),
    ("SQS.3", [queue(WEB, VA, "partner-order-feed")], []),
    ("SSM.2", [host(one) for one in hosts("erp-app") + hosts("ftp-gateway") + hosts("emr-core")[:3] + hosts("jump")], []),
    ("GuardDuty.1", [whole_account(LEGACY, IE), whole_account(SANDBOX, SY)], []),
    (
        "WAF.10",
        [thing("AWS::WAFv2::WebACL", WEB, SY, "storefront-acl", "wafv2", "regional/webacl/storefront-acl/" + Dice("waf").uuid())],
        [],
    ),
    ("CloudFront.1", [distribution(WEB, "storefront")], []),
]


# For how many minutes these have failed: the two of the bucket that was opened last night, and a key that waits for
# its deletion, which takes 30 days at most.
SINCE = {
    ("S3.2", "payments-prod-settlement-exports"): 10 * 60 + 41,
    ("S3.8", "payments-prod-settlement-exports"): 10 * 60 + 52,
    "KMS.3": 5 * 24 * 60,
    "RDS.1": 31 * 60,
    "SQS.3": 3 * 24 * 60,
}


def assessments(control, passed, dice):
    """What the service says about how it came to its verdict; not every finding carries it."""
    if passed:
        return [
            {
                "desc": "The rule ran and the resource met it.",
                "meets_criteria": True,
                "name": f"{control.uid}/evaluation",
                "category": "CONFIG_EVALUATION",
            }
        ]
    if dice.chance(45):
        return [
            {
                "desc": "The rule ran and the resource did not meet it.",
                "meets_criteria": False,
                "name": f"{control.uid}/evaluation",
                "category": "CONFIG_EVALUATION",
            }
        ]
    return None


def one(control, place, passed):
    account, region, entry = place
    dice = Dice("cspm", control.uid, account.uid, region, entry["uid"])
    minutes = SINCE.get((control.uid, entry["uid"])) or SINCE.get(control.uid) or dice.between(1_500, 199 * 24 * 60)
    created = NOW - minutes * MINUTE - dice.between(0, 59_999)
    modified = NOW - dice.between(30, min(26 * 60, (NOW - created) // MINUTE - 10)) * MINUTE - dice.between(0, 59_999)
    severity_id = 1 if passed else control.severity_id
    compliance = {
        "control": control.uid,
        "standards": control.standards,
        "status": "Pass" if passed else "Fail",
        "status_id": 1 if passed else 3,
    }
    if control.requirements:
        compliance["requirements"] = list(control.requirements)
    if control.parameters:
        compliance["control_parameters"] = [{"name": name, "values": list(values)} for name, *values in control.parameters]
    verdict = assessments(control, passed, dice)
    if verdict:
        compliance["assessments"] = verdict
    draft = finding(
        f"cspm/{control.uid}/{account.uid}/{region}/{entry['uid']}",
        product="securityhub",
        class_uid=2003,
        account=account,
        region=region,
        env=account.env,
        severity_id=severity_id,
        created=created,
        modified=modified,
        first_seen=created - dice.between(2, 15) * 1000,
        last_seen=modified - dice.between(2, 15) * 1000,
        uid=f"arn:aws:securityhub:{region}:{account.uid}:security-control/{control.uid}/finding/{dice.uuid()}",
        title=control.title,
        desc=control.desc,
        types=list(control.types),
        resources=[dict(entry)],
        dice=dice,
        typed=False,
        named=not dice.chance(12),
        version="1.8.0" if dice.chance(5) else None,
        info={
            "analytic": {
                "category": "AWS::Config::ConfigRule",
                "name": f"securityhub-{control.rule}-{Dice('rule', control.uid, account.uid, region).hex(8)}",
                "type": "Rule",
                "type_id": 1,
            }
        },
        body={
            "compliance": compliance,
            "remediation": {
                "desc": "The control's page in the documentation says how to correct this.",
                "references": [f"https://docs.aws.amazon.com/console/securityhub/{control.uid}/remediation"],
            },
        },
    )
    draft.tags = {control.uid, entry.get("name", ""), entry["uid"], account.name or "legacy", "pass" if passed else "fail"}
    return draft


def drafts():
    known = {account.uid for account in ACCOUNTS}
    made = []
    for uid, failing, passing in CHECKS:
        made += [one(BY_UID[uid], place, False) for place in failing]
        made += [one(BY_UID[uid], place, True) for place in passing]
    assert all(draft.doc["cloud"]["account"]["uid"] in known for draft in made)
    return made
