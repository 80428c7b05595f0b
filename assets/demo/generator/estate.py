"""Owns the invented organisation: its accounts, hosts, images, functions, buckets, databases and people.

Names and ids are made up. Account numbers are of the pattern used in examples, addresses come from the ranges
kept for documentation, access key ids end in EXAMPLE.
"""

from base64 import b64encode
from dataclasses import dataclass

from .dice import Dice
from .document import DAY, NOW, iso, resource, tag_list

IE, FR, VA, SY = "eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-2"


@dataclass(frozen=True)
class Account:
    uid: str
    name: str | None
    env: str
    team: str


PAY = Account("222233334444", "payments-prod", "prod", "payments")
PAYDEV = Account("222233335555", "payments-dev", "dev", "payments")
DATA = Account("333344445555", "data-prod", "prod", "data-platform")
CORE = Account("444455556666", "core", "prod", "platform")
WEB = Account("666677778888", "web-prod", "prod", "storefront")
SANDBOX = Account("555566667777", "sandbox", "sandbox", "engineering")
LOGS = Account("777788889999", "log-archive", "prod", "security")
# Joined with an acquisition; the organisation was never told its name.
LEGACY = Account("888899990000", None, "legacy", "unknown")
ACCOUNTS = [PAY, PAYDEV, DATA, CORE, WEB, SANDBOX, LOGS, LEGACY]

PLATFORM = {"al2023": "AMAZON_LINUX_2023", "al2": "AMAZON_LINUX_2", "ubuntu22": "UBUNTU_22_04", "ubuntu24": "UBUNTU_24_04"}


@dataclass(frozen=True)
class Host:
    uid: str
    name: str
    group: str
    account: Account
    region: str
    system: str
    size: str
    number: int
    private_ip: str
    public_ip: str | None
    vpc: str
    subnet: str
    image: str
    launched: int

    @property
    def volume(self):
        return f"vol-0{Dice('volume', self.uid).hex(16)}"

    @property
    def arn(self):
        return f"arn:aws:ec2:{self.region}:{self.account.uid}:instance/{self.uid}"

    @property
    def tags(self):
        tags = {"Name": self.name, "env": self.account.env, "service": self.group}
        if self.account is LEGACY:
            return {"Name": self.name, "Owner": "it-ops", "Backup": "weekly"}
        if self.account is SANDBOX:
            return tags | {"expires": "2026-12-31", "created-by": "sso/" + Dice("creator", self.uid).pick(PEOPLE)}
        tags |= {"team": self.account.team, "cost-center": COST[self.account.team], "managed-by": "terraform"}
        if self.group.startswith("eks"):
            cluster = self.group.removesuffix("-nodes")
            tags |= {
                "aws:autoscaling:groupName": f"eks-{cluster}-{Dice('asg', cluster).hex(8)}",
                "eks:cluster-name": cluster,
                "eks:nodegroup-name": "general-a",
                f"kubernetes.io/cluster/{cluster}": "owned",
            }
        elif self.number < 40 and self.group not in SINGLETONS:
            tags |= {
                "aws:autoscaling:groupName": f"{self.group}-{Dice('asg', self.group, self.region).hex(6)}",
                "patch-group": f"{self.account.env}-{'sat' if self.number % 2 else 'sun'}",
            }
        return tags

    def for_inspector(self):
        dice = Dice("profile", self.group, self.account.uid)
        addresses = [self.private_ip] + ([self.public_ip] if self.public_ip else [])
        details = {
            "iamInstanceProfileArn": f"arn:aws:iam::{self.account.uid}:instance-profile/{self.group}-{dice.hex(6)}",
            "imageId": self.image,
            "ipV4Addresses": addresses,
            "keyName": "break-glass-2025" if self.group in SINGLETONS else None,
            "launchedAt": iso(self.launched)[:19] + "Z",
            "platform": PLATFORM[self.system],
            "subnetId": self.subnet,
            "type": self.size,
            "vpcId": self.vpc,
        }
        details = {name: value for name, value in details.items() if value}
        return resource(
            "AWS::EC2::Instance", self.uid, self.account, self.region, tags=tag_list(self.tags), data={"awsEc2InstanceDetails": details}
        )

    def for_posture(self):
        return resource("AWS::EC2::Instance", self.uid, self.account, self.region, uid_alt=self.arn, tags=tag_list(self.tags))

    def for_threat(self):
        dice = Dice("eni", self.uid)
        data = {
            "availability_zone": self.region + "abc"[self.number % 3],
            "image_id": self.image,
            "instance_state": "running",
            "instance_type": self.size,
            "launch_time": self.launched,
            "network_interfaces": [
                {
                    "network_interface_id": f"eni-0{dice.hex(16)}",
                    "private_ip_address": self.private_ip,
                    "public_ip": self.public_ip,
                    "security_groups": [
                        {
                            "group_id": f"sg-0{Dice('sg', self.group + '-default', self.account.uid, self.region).hex(16)}",
                            "group_name": f"{self.group}-default",
                        }
                    ],
                    "subnet_id": self.subnet,
                    "vpc_id": self.vpc,
                }
            ],
            # As the service has it: pairs of key and value here, name and value in the resource's own tags.
            "tags": [{"key": "Name", "value": self.name}, {"key": "env", "value": self.account.env}],
        }
        if not self.public_ip:
            del data["network_interfaces"][0]["public_ip"]
        return resource(
            "AWS::EC2::Instance", self.uid, self.account, self.region, name=self.name, uid_alt=self.arn, tags=tag_list(self.tags), data=data
        )


PEOPLE = ["amara.okafor", "b.lindqvist", "chen.wei", "d.moreau", "e.rossi", "farid.haddad", "g.novak", "hana.sato"]
COST = {
    "payments": "4410",
    "data-platform": "4620",
    "platform": "1000",
    "storefront": "5230",
    "engineering": "9900",
    "security": "1010",
    "unknown": "0000",
}
SINGLETONS = {"bastion", "jump", "gitlab", "vault", "airflow", "ledger-batch"}

# group, account, Region, system, size, how many, reached from the internet
GROUPS = [
    ("payments-api", PAY, IE, "al2023", "m7i.large", 14, False),
    ("payments-worker", PAY, IE, "al2023", "c7i.xlarge", 9, False),
    ("payments-api-dr", PAY, FR, "al2023", "m7i.large", 4, False),
    ("ledger-batch", PAY, IE, "ubuntu22", "r6i.2xlarge", 2, False),
    ("bastion", PAY, IE, "al2023", "t3.small", 1, True),
    ("payments-api-dev", PAYDEV, IE, "al2023", "t3.large", 12, False),
    ("ci-runner", PAYDEV, IE, "ubuntu22", "c6i.2xlarge", 6, False),
    ("eks-storefront-nodes", WEB, VA, "al2023", "m6i.2xlarge", 8, False),
    ("eks-storefront-nodes", WEB, SY, "al2023", "m6i.xlarge", 4, False),
    ("edge-proxy", WEB, VA, "ubuntu22", "c6i.large", 3, True),
    ("edge-proxy", WEB, IE, "ubuntu22", "c6i.large", 2, True),
    ("emr-core", DATA, IE, "al2023", "r6i.4xlarge", 6, False),
    ("spark-adhoc", DATA, FR, "al2023", "r6i.2xlarge", 3, False),
    ("airflow", DATA, IE, "ubuntu22", "m6i.xlarge", 2, False),
    ("vault", CORE, IE, "ubuntu24", "m7i.large", 3, False),
    ("gitlab", CORE, IE, "ubuntu24", "m7i.2xlarge", 1, False),
    ("jump", CORE, IE, "ubuntu24", "t3.small", 1, True),
    ("workshop", SANDBOX, VA, "ubuntu22", "t3.medium", 4, True),
    ("gpu-notebook", SANDBOX, VA, "ubuntu22", "g5.xlarge", 2, True),
    ("erp-app", LEGACY, FR, "al2", "m5.xlarge", 3, False),
    ("ftp-gateway", LEGACY, FR, "al2", "t2.medium", 1, True),
]


def _hosts():
    made = []
    for group, account, region, system, size, count, public in GROUPS:
        net = Dice("vpc", account.uid, region)
        vpc, block = f"vpc-0{net.hex(16)}", net.between(16, 95)
        image = f"ami-0{Dice('ami', group, account.uid, region).hex(16)}"
        for number in range(1, count + 1):
            dice = Dice("host", group, account.uid, region, number)
            # Members of a scaling group are young; what people keep by hand is not.
            lasting = group in SINGLETONS or account in (LEGACY, SANDBOX) or group in ("ci-runner", "emr-core")
            short = {IE: "ie", FR: "fr", VA: "va", SY: "sy"}[region]
            made.append(
                Host(
                    uid=f"i-0{dice.hex(16)}",
                    name=f"{group}-{short}-{number:02d}",
                    group=group,
                    account=account,
                    region=region,
                    system=system,
                    size=size,
                    number=number,
                    private_ip=f"10.{block}.{dice.between(0, 31)}.{dice.between(5, 250)}",
                    public_ip=f"198.51.100.{dice.between(2, 250)}" if public else None,
                    vpc=vpc,
                    subnet=f"subnet-0{Dice('subnet', vpc, number % 3).hex(16)}",
                    image=image,
                    launched=NOW - (dice.between(230, 700) if lasting else dice.between(9, 75)) * DAY - dice.between(0, 86_399) * 1000,
                )
            )
    return made


HOSTS = _hosts()


def hosts(group, region=None):
    return [host for host in HOSTS if host.group == group and region in (None, host.region)]


@dataclass(frozen=True)
class Image:
    """One pushed image of a repository, found by Inspector's registry scan."""

    repository: str
    account: Account
    region: str
    base: str
    tag: str
    digest: str
    in_use: int
    pushed: int

    @property
    def uid(self):
        return f"arn:aws:ecr:{self.region}:{self.account.uid}:repository/{self.repository}/sha256:{self.digest}"

    def for_inspector(self):
        details = {
            "architecture": "amd64",
            "author": "buildkit",
            "imageHash": f"sha256:{self.digest}",
            "imageTags": [self.tag],
            "inUseCount": self.in_use,
            "platform": {
                "debian12": "DEBIAN_12",
                "alpine": "ALPINE_LINUX_3_19",
                "al2023": "AMAZON_LINUX_2023",
                "distroless": "DEBIAN_12",
                "sid": "DEBIAN_SID",
            }[self.base],
            "pushedAt": iso(self.pushed)[:19] + "Z",
            "registry": self.account.uid,
            "repositoryName": self.repository,
        }
        tags = {"team": self.account.team, "env": self.account.env} if self.account.name else {}
        return resource(
            "AWS::ECR::ContainerImage",
            self.uid,
            self.account,
            self.region,
            tags=tag_list(tags),
            data={"awsEcrContainerImageDetails": details},
        )


# repository, account, Region, base, tags from oldest to newest
REPOSITORIES = [
    ("payments/api", PAY, IE, "debian12", ["2026.11.2", "2026.11.3"]),
    ("payments/fraud-scoring", PAY, IE, "debian12", ["4.18.0"]),
    ("payments/card-vault", PAY, IE, "distroless", ["1.9.4"]),
    ("payments/api", PAYDEV, IE, "debian12", ["pr-3391", "pr-3402", "main-7f1c2e9"]),
    ("payments/fraud-scoring", PAYDEV, IE, "debian12", ["pr-611", "main-0be41aa"]),
    ("storefront/web", WEB, VA, "debian12", ["r812", "r815"]),
    ("storefront/web", WEB, SY, "debian12", ["r812"]),
    ("storefront/checkout", WEB, VA, "debian12", ["r402", "r404"]),
    ("storefront/search", WEB, VA, "alpine", ["3.7.1"]),
    ("storefront/images", WEB, VA, "debian12", ["1.22.0"]),
    ("data/airflow-tasks", DATA, IE, "debian12", ["2026-10-01", "2026-11-12"]),
    ("data/report-renderer", DATA, IE, "debian12", ["0.44.2"]),
    ("data/feature-api", DATA, FR, "alpine", ["2.3.0"]),
    ("platform/ingress-auth", CORE, IE, "distroless", ["0.31.0"]),
    ("platform/log-router", CORE, IE, "alpine", ["5.2.2"]),
    ("sandbox/rag-demo", SANDBOX, VA, "debian12", ["latest"]),
    ("sandbox/toolbox", SANDBOX, VA, "sid", ["latest"]),
    ("erp-portal", LEGACY, FR, "debian12", ["1.4.0"]),
]


def _images():
    made = []
    for repository, account, region, base, tags in REPOSITORIES:
        for age, tag in enumerate(reversed(tags)):
            dice = Dice("image", repository, account.uid, region, tag)
            made.append(
                Image(
                    repository=repository,
                    account=account,
                    region=region,
                    base=base,
                    tag=tag,
                    digest=dice.hex(64),
                    in_use=dice.between(2, 12) if age == 0 and account.env == "prod" else dice.between(0, 1),
                    pushed=NOW - (3 + 25 * age + dice.between(1, 40)) * DAY - dice.between(0, 80_000) * 1000,
                )
            )
    return made


IMAGES = _images()


def images(*repositories, account=None):
    return [image for image in IMAGES if image.repository in repositories and account in (None, image.account)]


@dataclass(frozen=True)
class Function:
    name: str
    account: Account
    region: str
    runtime: str
    in_vpc: bool

    @property
    def arn(self):
        return f"arn:aws:lambda:{self.region}:{self.account.uid}:function:{self.name}"

    @property
    def tags(self):
        return {"env": self.account.env, "team": self.account.team, "service": self.name.split("-")[0]} if self.account.name else {}

    def for_inspector(self):
        dice = Dice("function", self.arn)
        details = {
            "architectures": ["ARM64" if dice.chance(60) else "X86_64"],
            "codeSha256": b64encode(bytes.fromhex(dice.hex(64))).decode(),
            "executionRoleArn": f"arn:aws:iam::{self.account.uid}:role/{self.name}-exec",
            "functionName": self.name,
            "lastModifiedAt": iso(NOW - dice.between(20 * 86_400, 300 * 86_400) * 1000)[:19] + "Z",
            "packageType": "ZIP",
            "runtime": self.runtime.upper().replace(".", "_"),
            "version": "$LATEST",
        }
        if self.in_vpc:
            details["vpcConfig"] = {
                "subnetIds": [f"subnet-0{dice.hex(16)}"],
                "vpcId": f"vpc-0{Dice('vpc', self.account.uid, self.region).hex(16)}",
            }
        return resource(
            "AWS::Lambda::Function",
            f"{self.arn}:$LATEST",
            self.account,
            self.region,
            tags=tag_list(self.tags),
            data={"awsLambdaFunctionDetails": details},
        )

    def for_posture(self):
        return resource("AWS::Lambda::Function", self.name, self.account, self.region, uid_alt=self.arn, tags=tag_list(self.tags))


FUNCTIONS = [
    Function(name, account, region, runtime, in_vpc)
    for name, account, region, runtime, in_vpc in [
        ("payments-webhook-intake", PAY, IE, "python3.9", False),
        ("payments-refund-notifier", PAY, IE, "python3.11", True),
        ("payments-statement-export", PAY, IE, "python3.11", True),
        ("payments-fx-rates", PAY, IE, "python3.9", True),
        ("payments-webhook-intake", PAYDEV, IE, "python3.9", False),
        ("payments-refund-notifier", PAYDEV, IE, "python3.11", False),
        ("payments-statement-export", PAYDEV, IE, "python3.11", False),
        ("data-catalog-sync", DATA, IE, "python3.11", True),
        ("data-quality-alerts", DATA, FR, "python3.9", False),
        ("web-image-resize", WEB, VA, "nodejs18.x", False),
        ("web-sitemap", WEB, VA, "nodejs18.x", False),
        ("core-tag-enforcer", CORE, IE, "python3.12", False),
        ("core-log-forwarder", CORE, IE, "java11", True),
        ("hackday-slackbot", SANDBOX, VA, "python3.9", False),
        ("sandbox-cleanup", SANDBOX, VA, "python3.9", False),
        ("erp-invoice-mailer", LEGACY, FR, "python3.9", False),
    ]
]


def functions(*runtimes):
    return [function for function in FUNCTIONS if function.runtime.startswith(runtimes)]


@dataclass(frozen=True)
class Bucket:
    name: str
    account: Account
    region: str

    @property
    def arn(self):
        return f"arn:aws:s3:::{self.name}"

    @property
    def tags(self):
        if not self.account.name:
            return {}
        return {"env": self.account.env, "team": self.account.team, "cost-center": COST[self.account.team], "managed-by": "terraform"}

    def entry(self, data=None):
        return resource("AWS::S3::Bucket", self.name, self.account, self.region, uid_alt=self.arn, tags=tag_list(self.tags), data=data)


BUCKETS = [
    Bucket(name, account, region)
    for name, account, region in [
        ("payments-prod-settlement-exports", PAY, IE),
        ("payments-prod-receipts", PAY, IE),
        ("payments-prod-chargeback-evidence", PAY, IE),
        ("payments-prod-terraform-state", PAY, IE),
        ("payments-prod-dr-snapshots", PAY, FR),
        ("payments-dev-fixtures", PAYDEV, IE),
        ("payments-dev-build-artifacts", PAYDEV, IE),
        ("payments-dev-loadtest-results", PAYDEV, IE),
        ("data-prod-lake-raw", DATA, IE),
        ("data-prod-lake-curated", DATA, IE),
        ("data-prod-partner-drop", DATA, FR),
        ("data-prod-athena-results", DATA, IE),
        ("data-prod-ml-training", DATA, FR),
        ("storefront-static-va", WEB, VA),
        ("storefront-uploads-va", WEB, VA),
        ("storefront-static-sy", WEB, SY),
        ("core-artifacts-ie", CORE, IE),
        ("core-gitlab-backups", CORE, IE),
        ("org-cloudtrail-777788889999", LOGS, IE),
        ("org-vpc-flow-logs-777788889999", LOGS, IE),
        ("hackday-2026-uploads", SANDBOX, VA),
        ("workshop-shared-va", SANDBOX, VA),
        ("erp-fileshare-fr", LEGACY, FR),
        ("erp-db-dumps", LEGACY, FR),
    ]
]
BUCKET = {bucket.name: bucket for bucket in BUCKETS}

# The outside world: documentation addresses, invented networks.
TOR = [
    ("203.0.113.66", "DE", "Falkenstein", 64500, "Nightjar Relay Association"),
    ("203.0.113.171", "NL", "Amsterdam", 64501, "Polder Exit Collective"),
]
SCANNERS = [
    ("203.0.113.9", "RO", "Bucharest", 64502, "Carpat Hosting"),
    ("203.0.113.40", "VN", "Hanoi", 64503, "Red Delta Telecom"),
    ("203.0.113.202", "BR", "Campinas", 64504, "Ipe Datacenter"),
    ("203.0.113.119", "US", "Ashburn", 64505, "Survey Beam Research"),
]
OFFICES = [
    ("198.51.100.251", "IE", "Dublin", 64506, "Liffey Business Broadband"),
    ("198.51.100.252", "SE", "Malmo", 64507, "Oresund Fiber"),
]
