"""Owns what GuardDuty finds beside the incidents: slow trouble in an old account, probes, people who travel."""

from .dice import Dice
from .document import DAY, HOUR, MINUTE, resource
from .estate import BUCKET, CORE, DATA, FR, IE, LEGACY, OFFICES, PAY, PAYDEV, PEOPLE, SANDBOX, SCANNERS, SY, TOR, VA, WEB, hosts
from .threat import HIGH, LOW, MEDIUM, access_key, bucket, call, cluster, endpoint, flow, lookup, process, threat


def old_estate():
    """Slow trouble in the acquired account, and odd things elsewhere."""
    erp, place = hosts("erp-app"), (LEGACY, FR)
    runner = hosts("ci-runner")[3]
    return [
        threat(
            "erp",
            "Trojan:EC2/DNSDataExfiltration",
            HIGH,
            place,
            f"Instance {erp[1].uid} may be sending data out in DNS queries.",
            "Long, random-looking labels below one domain, 2,900 in an hour.",
            [erp[1].for_threat()],
            [lookup("4f1b9a7c2e.q7.dnslog-tunnel.example"), lookup("9c03d1e8fa.q7.dnslog-tunnel.example")],
            created=6 * DAY,
            modified=14 * HOUR,
            count=2900,
        ),
        threat(
            "erp",
            "UnauthorizedAccess:EC2/TorClient",
            HIGH,
            place,
            f"Instance {erp[1].uid} connects to the Tor network.",
            "Connections to a guard node every ten minutes.",
            [erp[1].for_threat()],
            [flow(erp[1], TOR[1], local=41522, remote=9001, inbound=False)],
            created=6 * DAY + 2 * HOUR,
            modified=15 * HOUR,
            count=811,
        ),
        threat(
            "runner",
            "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
            HIGH,
            (PAYDEV, IE),
            "Credentials of an instance were used outside AWS.",
            f"Credentials made for {runner.uid} through its role ci-runner called from {OFFICES[1][0]}. A developer copying them to a laptop looks the same as theft.",
            [access_key(PAYDEV, IE, "ci-runner", "AssumedRole"), runner.for_threat()],
            [call("PutImage", "ecr", OFFICES[1], "ci-runner", "AssumedRole", agent="Boto3/1.42.4")],
            created=3 * DAY,
            modified=2 * DAY + 4 * HOUR,
            count=7,
        ),
        threat(
            "eicar",
            "Object:S3/MaliciousFile",
            HIGH,
            (DATA, FR),
            "A malicious file was stored in data-prod-partner-drop.",
            "The scan of inbound/2026-11-16/terms.pdf.exe found Trojan.GenericKD. The object was tagged, not removed.",
            [bucket("data-prod-partner-drop")],
            [
                {
                    "file": {
                        "name": "terms.pdf.exe",
                        "path": "inbound/2026-11-16/terms.pdf.exe",
                        "size": 184320,
                        "type": "Regular File",
                        "type_id": 1,
                        "hashes": [{"algorithm": "SHA-256", "algorithm_id": 3, "value": Dice("eicar").hex(64)}],
                    }
                }
            ],
            created=4 * DAY,
            modified=4 * DAY,
        ),
        threat(
            "hackday",
            "CredentialAccess:RDS/MaliciousIPCaller.FailedLogin",
            MEDIUM,
            (SANDBOX, VA),
            "Failed logins to hackday-postgres came from a known bad address.",
            "48 failed logins as postgres.",
            [
                resource(
                    "AWS::RDS::DBInstance",
                    "hackday-postgres",
                    SANDBOX,
                    VA,
                    uid_alt=f"arn:aws:rds:us-east-1:{SANDBOX.uid}:db:hackday-postgres",
                    data={"engine": "postgres", "engine_version": "15.4"},
                )
            ],
            [{"src_endpoint": endpoint(SCANNERS[1]), "user": {"name": "postgres"}}],
            created=9 * DAY,
            modified=20 * HOUR,
            count=48,
        ),
        threat(
            "kube-exec",
            "Execution:Kubernetes/ExecInKubeSystemPod",
            MEDIUM,
            (WEB, SY),
            "A command was run in a kube-system pod of eks-storefront.",
            "kubectl exec into coredns by the on-call role.",
            [cluster(WEB, SY, "eks-storefront")],
            [call("create pods/exec", "eks", OFFICES[1], "oncall-admin", "AssumedRole", agent="kubectl/v1.33.4")],
            created=12 * DAY,
            modified=12 * DAY,
        ),
        threat(
            "kube-exec",
            "PrivilegeEscalation:Kubernetes/PrivilegedContainer",
            MEDIUM,
            (WEB, VA),
            "A privileged container was started in eks-storefront.",
            "The daemon set node-tuner asks for privileged mode.",
            [cluster(WEB, VA, "eks-storefront")],
            [call("create daemonsets", "eks", OFFICES[1], "platform-deploy", "AssumedRole", agent="helm/3.19")],
            created=33 * DAY,
            modified=33 * DAY,
        ),
    ]


def everyday():
    """What every organisation has: probes, guessing, people who travel, jobs that changed."""
    made = []
    reached = hosts("edge-proxy") + hosts("bastion") + hosts("jump") + hosts("ftp-gateway") + hosts("workshop")[:2]
    for host in reached:
        dice = Dice("probe", host.uid)
        port = {"edge-proxy": 8080, "ftp-gateway": 21}.get(host.group, 22)
        age = dice.between(5, 150) * DAY
        made.append(
            threat(
                host.uid,
                "Recon:EC2/PortProbeUnprotectedPort",
                LOW,
                (host.account, host.region),
                f"Port {port} of {host.uid} is being probed.",
                "Known scanners try a port that is open to every address.",
                [host.for_threat()],
                [flow(host, dice.pick(SCANNERS), local=port, remote=dice.between(32_000, 60_000), inbound=True)],
                created=age,
                modified=dice.between(2, 70) * HOUR,
                count=dice.between(20, 900),
            )
        )
    for host in hosts("bastion") + hosts("jump") + hosts("workshop") + hosts("gpu-notebook")[1:] + hosts("ftp-gateway"):
        dice = Dice("guess", host.uid)
        place = dice.pick(SCANNERS)
        made.append(
            threat(
                host.uid,
                "UnauthorizedAccess:EC2/SSHBruteForce",
                LOW,
                (host.account, host.region),
                f"{place[0]} guesses SSH passwords of {host.uid}.",
                "Many failed logins, none that worked.",
                [host.for_threat()],
                [flow(host, place, local=22, remote=dice.between(32_000, 60_000), inbound=True)],
                created=dice.between(2, 60) * DAY,
                modified=dice.between(3, 44) * HOUR,
                count=dice.between(5, 60),
            )
        )
    for name in ("data-prod-lake-raw", "data-prod-lake-curated", "data-prod-athena-results", "data-prod-ml-training"):
        dice = Dice("explore", name)
        person = dice.pick(PEOPLE)
        made.append(
            threat(
                name,
                "Discovery:S3/AnomalousBehavior",
                LOW,
                (DATA, BUCKET[name].region),
                f"{person} listed {name} in an unusual way.",
                "ListObjects over prefixes that this person never listed before. The data team's notebooks do this whenever a project starts.",
                [bucket(name), access_key(DATA, BUCKET[name].region, person, "AssumedRole")],
                [call("ListObjects", "s3", OFFICES[1], person, "AssumedRole", agent="Boto3/1.42.4", mfa=True)],
                created=dice.between(3, 80) * DAY,
                modified=dice.between(1, 3) * DAY,
                count=dice.between(4, 90),
                rule=False,
            )
        )
    for account, region in ((LEGACY, FR), (SANDBOX, VA)):
        made.append(
            threat(
                account.uid,
                "Policy:IAMUser/RootCredentialUsage",
                LOW,
                (account, VA),
                "The root user was used.",
                "The root user signed in and read the bill.",
                [resource("AWS::IAM::AccessKey", "Root", account, VA, data={"user_name": "Root", "user_type": "Root"})],
                [call("GetBillingDetails", "billing", OFFICES[0], "Root", "Root")],
                created=Dice("root", account.uid).between(20, 120) * DAY,
                modified=Dice("root2", account.uid).between(8, 19) * DAY,
                count=4,
            )
        )
    for name in ("storefront-static-va", "hackday-2026-uploads", "payments-prod-settlement-exports"):
        one = BUCKET[name]
        dice = Dice("switches", name)
        age = 11 * HOUR + 9 * MINUTE if "settlement" in name else dice.between(15, 85) * DAY
        made.append(
            threat(
                name,
                "Policy:S3/BucketBlockPublicAccessDisabled",
                LOW,
                (one.account, one.region),
                f"Public access switches of {name} were turned off.",
                "DeletePublicAccessBlock was called. That alone opens nothing, but nothing stops a policy that does.",
                [bucket(name)],
                [call("DeletePublicAccessBlock", "s3", OFFICES[0], "payments-ops" if "settlement" in name else "terraform", "AssumedRole")],
                created=age,
                modified=age,
            )
        )
    for person in PEOPLE[:3]:
        dice = Dice("travel", person)
        age = dice.between(1, 25) * DAY
        made.append(
            threat(
                person,
                "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
                MEDIUM,
                (CORE, VA),
                f"{person} signed in from two far places.",
                "Two console sessions within an hour, from Dublin and from Campinas.",
                [access_key(CORE, VA, person)],
                [
                    call("ConsoleLogin", "signin", SCANNERS[2], person, mfa=True),
                    call("ConsoleLogin", "signin", OFFICES[0], person, mfa=True),
                ],
                created=age,
                modified=age,
                count=2,
            )
        )
    for account in (PAY, DATA, WEB):
        dice = Dice("inventory", account.uid)
        age = dice.between(2, 50) * DAY
        made.append(
            threat(
                account.uid,
                "Discovery:IAMUser/AnomalousBehavior",
                LOW,
                (account, IE if account is not WEB else VA),
                "The role posture-inventory asked for things it never asked for.",
                "DescribeSecurityGroups and ListRoles in Regions where the role was not used before. A new version of the inventory job was rolled out that day.",
                [access_key(account, IE, "posture-inventory", "AssumedRole")],
                [call("DescribeSecurityGroups", "ec2", OFFICES[1], "posture-inventory", "AssumedRole", agent="Boto3/1.42.4")],
                created=age,
                modified=age - 5 * HOUR,
                count=dice.between(6, 40),
                rule=False,
            )
        )
    for host in hosts("ci-runner"):
        dice = Dice("build", host.uid)
        age = dice.between(2, 70) * DAY
        made.append(
            threat(
                host.uid,
                "Execution:Runtime/NewBinaryExecuted",
                MEDIUM,
                (host.account, host.region),
                f"A new binary was run on {host.uid}.",
                "A test binary was built and run by the build agent, as every pipeline does.",
                [host.for_threat()],
                [
                    process(
                        dice,
                        f"/home/runner/_work/api/target/debug/deps/api-{dice.hex(16)}",
                        "api --test-threads 4",
                        "runner",
                        ("/home/runner/.cargo/bin/cargo", "/usr/bin/bash", "/home/runner/bin/Runner.Worker"),
                    )
                ],
                created=age,
                modified=dice.between(6, 40) * HOUR,
                count=dice.between(12, 400),
            )
        )
    for host in hosts("ci-runner")[:2]:
        age = Dice("socket", host.uid).between(12, 60) * DAY
        made.append(
            threat(
                host.uid,
                "PrivilegeEscalation:Runtime/DockerSocketAccessed",
                MEDIUM,
                (host.account, host.region),
                f"A container on {host.uid} used the Docker socket.",
                "A build job mounts /var/run/docker.sock to build images.",
                [host.for_threat()],
                [process(Dice("socket2", host.uid), "/usr/local/bin/docker", "docker build -t api:pr .", "root", ("/usr/bin/dumb-init",))],
                created=age,
                modified=age - 3 * HOUR,
                count=9,
            )
        )
    for host in hosts("emr-core")[:3]:
        dice = Dice("volume", host.uid)
        age = dice.between(1, 12) * DAY
        made.append(
            threat(
                host.uid,
                "Behavior:EC2/TrafficVolumeUnusual",
                MEDIUM,
                (host.account, host.region),
                f"Instance {host.uid} sends an unusual amount of data.",
                "38 GB to one address on port 443 in an hour. The address belongs to the partner that receives the monthly report.",
                [host.for_threat()],
                [flow(host, OFFICES[0], local=50_120, remote=443, inbound=False)],
                created=age,
                modified=age - 2 * HOUR,
                rule=False,
            )
        )
    for host in hosts("payments-worker")[:2] + hosts("spark-adhoc")[:1]:
        dice = Dice("port", host.uid)
        age = dice.between(2, 40) * DAY
        made.append(
            threat(
                host.uid,
                "Behavior:EC2/NetworkPortUnusual",
                MEDIUM,
                (host.account, host.region),
                f"Instance {host.uid} talks on a port that it never used.",
                "Outbound connections to port 5671.",
                [host.for_threat()],
                [flow(host, OFFICES[0], local=50_333, remote=5671, inbound=False)],
                created=age,
                modified=age - HOUR,
                count=3,
                rule=False,
            )
        )
    return made
