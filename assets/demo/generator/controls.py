"""Owns the catalogue of Security Hub controls that the demo uses.

Control ids, Config rule names, severities and standards are those of the service; titles and descriptions are ours.
"""

from dataclasses import dataclass

FSBP = "standards/aws-foundational-security-best-practices/v/1.0.0"
CIS3 = "standards/cis-aws-foundations-benchmark/v/3.0.0"
NIST = "standards/nist-800-53/v/5.0.0"
PCI = "standards/pci-dss/v/4.0.1"

LOW, MEDIUM, HIGH, CRITICAL = 2, 3, 4, 5


@dataclass(frozen=True)
class Control:
    uid: str
    rule: str
    severity_id: int
    title: str
    desc: str
    requirements: tuple = ()
    parameters: tuple = ()
    types: tuple = ("Software and Configuration Checks/Industry and Regulatory Standards", "Posture Management")

    @property
    def standards(self):
        found = [FSBP]
        found += [CIS3] if any(text.startswith("CIS") for text in self.requirements) else []
        found += [NIST] if any(text.startswith("NIST") for text in self.requirements) else []
        found += [PCI] if any(text.startswith("PCI") for text in self.requirements) else []
        return found


def cis(number):
    return f"CIS AWS Foundations Benchmark v3.0.0/{number}"


def nist(*numbers):
    return tuple(f"NIST.800-53.r5 {number}" for number in numbers)


def pci(number):
    return f"PCI DSS v4.0.1/{number}"


EXPOSED = ("Effects/Data Exposure", "Posture Management")

CATALOGUE = [
    Control("S3.1", "s3-account-level-public-access-blocks-periodic", MEDIUM, "The account should block public S3 access as a whole", "Looks at the four account-wide public access switches of S3. Fails if any of them is off.", (cis("2.1.4"), *nist("AC-3", "AC-4", "SC-7"), pci("1.4.4"))),
    Control("S3.2", "s3-bucket-public-read-prohibited", CRITICAL, "S3 buckets should not be readable by everyone", "Reads the bucket's policy, its access list and its public access switches. Fails if anyone on the internet can read objects.", (*nist("AC-3", "AC-21", "SC-7"), pci("1.4.4")), types=EXPOSED),
    Control("S3.5", "s3-bucket-ssl-requests-only", MEDIUM, "S3 buckets should accept requests over TLS only", "Fails if the bucket policy has no statement that denies requests where aws:SecureTransport is false.", (cis("2.1.1"), *nist("AC-17(2)", "SC-8"), pci("4.2.1"))),
    Control("S3.8", "s3-bucket-level-public-access-prohibited", HIGH, "S3 buckets should have all public access switches on", "Looks at the bucket's own four public access switches. Fails if one of them is off, whatever the policy says.", (cis("2.1.4"), *nist("AC-3", "AC-4", "AC-6", "SC-7"), pci("1.4.4")), types=EXPOSED),
    Control("S3.9", "s3-bucket-logging-enabled", MEDIUM, "S3 buckets should write access logs", "Fails if server access logging has no target bucket.", (*nist("AU-2", "AU-12", "SI-7(8)"), pci("10.2.1"))),
    Control("S3.13", "s3-lifecycle-policy-check", LOW, "S3 buckets should have a lifecycle rule", "Fails if no enabled lifecycle rule exists on the bucket.", nist("CP-10", "SI-12")),
    Control("EC2.2", "vpc-default-security-group-closed", HIGH, "Default security groups should carry no rules", "Fails if the default security group of a VPC lets traffic in or out.", (cis("5.4"), *nist("AC-4", "SC-7"), pci("1.3.1"))),
    Control("EC2.3", "encrypted-volumes", MEDIUM, "Attached EBS volumes should be encrypted", "Fails if a volume in use is stored without encryption.", nist("CA-9(1)", "SC-28", "SI-7(6)")),
    Control("EC2.6", "vpc-flow-logs-enabled", MEDIUM, "VPCs should record rejected traffic", "Fails if the VPC has no flow log for rejected packets.", (cis("3.7"), *nist("AU-2", "AU-12", "SI-4(8)")), (("trafficType", "REJECT"),)),
    Control("EC2.8", "ec2-imdsv2-check", HIGH, "Instances should insist on IMDSv2", "Fails if the instance still answers metadata requests without a session token.", (cis("5.6"), *nist("AC-3", "AC-6"), pci("2.2.6"))),
    Control("EC2.9", "ec2-instance-no-public-ip", HIGH, "Instances should have no public IPv4 address", "Fails if the instance's configuration shows a public address.", nist("AC-4", "AC-21", "SC-7")),
    Control("EC2.13", "restricted-ssh", HIGH, "Security groups should not open SSH to every address", "Fails if port 22 is open to 0.0.0.0/0 or ::/0.", (*nist("AC-4", "CM-7", "SC-7"), pci("1.3.1"))),
    Control("EC2.19", "vpc-sg-restricted-common-ports", CRITICAL, "Security groups should not open high-risk ports to every address", "Fails if a rule opens one of the listed administration, database or mail ports to 0.0.0.0/0 or ::/0.", nist("AC-4", "CA-9(1)", "CM-2", "SC-7"), (("blockedPorts", "20", "21", "22", "23", "25", "110", "135", "143", "445", "1433", "3306", "3389", "5432", "5601", "9200"),)),
    Control("IAM.1", "iam-policy-no-statements-with-admin-access", HIGH, "Customer managed policies should not grant everything", "Fails if the default version of a policy allows action * on resource *.", (*nist("AC-2", "AC-3", "AC-6"), pci("7.2.1"))),
    Control("IAM.3", "access-keys-rotated", MEDIUM, "Access keys of users should be replaced within 90 days", "Fails if an active access key is older than the limit.", (cis("1.14"), *nist("AC-2(1)", "AC-3(15)"), pci("8.3.9")), (("maxAccessKeyAge", "90"),)),
    Control("IAM.4", "iam-root-access-key-check", CRITICAL, "The root user should have no access key", "Fails if an access key of the root user exists, used or not.", (cis("1.4"), *nist("AC-2", "AC-6(10)"), pci("2.2.2"))),
    Control("IAM.5", "mfa-enabled-for-iam-console-access", MEDIUM, "Users with a console password should have MFA", "Fails if a user can sign in to the console with a password alone.", (cis("1.10"), *nist("AC-3", "IA-2(1)"), pci("8.4.2"))),
    Control("IAM.6", "root-account-hardware-mfa-enabled", CRITICAL, "The root user should have a hardware MFA device", "Fails if the root user has no MFA, or only a virtual device.", (cis("1.6"), *nist("AC-2(1)", "IA-2(1)", "IA-2(6)"), pci("8.4.2"))),
    Control("IAM.8", "iam-user-unused-credentials-check", MEDIUM, "Credentials that nobody uses should be removed", "Fails if a password or an access key went unused for longer than the limit.", (*nist("AC-2", "AC-2(3)", "AC-6"), pci("8.2.6")), (("maxCredentialUsageAge", "90"),)),
    Control("RDS.1", "rds-snapshots-public-prohibited", CRITICAL, "Database snapshots should not be shared with everyone", "Fails if any AWS account may restore the snapshot.", (*nist("AC-3", "AC-21", "SC-7"), pci("1.4.4")), types=EXPOSED),
    Control("RDS.2", "rds-instance-public-access-check", CRITICAL, "Database instances should not have a public address", "Fails if PubliclyAccessible is true on the instance.", (cis("2.3.3"), *nist("AC-4", "SC-7"), pci("1.4.4"))),
    Control("RDS.3", "rds-storage-encrypted", MEDIUM, "Database storage should be encrypted", "Fails if the instance's storage is not encrypted.", (cis("2.3.1"), *nist("CA-9(1)", "SC-28"))),
    Control("RDS.5", "rds-multi-az-support", MEDIUM, "Database instances should span availability zones", "Fails if the instance has no standby in another zone.", nist("CP-10", "SC-36")),
    Control("RDS.8", "rds-instance-deletion-protection-enabled", LOW, "Database instances should be protected from deletion", "Fails if deletion protection is off.", nist("CM-3", "SC-5(2)")),
    Control("RDS.11", "db-instance-backup-enabled", MEDIUM, "Database instances should be backed up daily", "Fails if backups are off or kept for fewer days than asked.", nist("CP-6", "CP-9"), (("backupRetentionMinimum", "7"),)),
    Control("Lambda.1", "lambda-function-public-access-prohibited", CRITICAL, "Function policies should not let everyone invoke them", "Fails if the resource policy of the function allows any principal without a condition.", (*nist("AC-3", "AC-21", "SC-7"), pci("7.2.1"))),
    Control("Lambda.2", "lambda-function-settings-check", MEDIUM, "Functions should run on a supported runtime", "Fails if the function's runtime no longer gets security updates.", (*nist("CA-9(1)", "CM-2", "SI-2"), pci("12.3.4")), (("runtime", "nodejs24.x", "nodejs22.x", "python3.14", "python3.13", "python3.12", "python3.11", "java25", "java21", "java17"),)),
    Control("CloudTrail.4", "cloud-trail-log-file-validation-enabled", LOW, "Trails should sign their log files", "Fails if log file validation is off.", (cis("3.2"), *nist("AU-9", "SI-7(7)"), pci("10.3.2"))),
    Control("KMS.3", "kms-cmk-not-scheduled-for-deletion-2", CRITICAL, "Keys should not wait for deletion", "Fails while a customer managed key waits for deletion.", nist("SC-12", "SC-12(2)")),
    Control("KMS.4", "cmk-backing-key-rotation-enabled", MEDIUM, "Customer managed keys should rotate", "Fails if yearly rotation is off for a symmetric key.", (cis("3.6"), *nist("SC-12", "SC-28(3)"), pci("3.7.4"))),
    Control("ECR.1", "ecr-private-image-scanning-enabled", HIGH, "Repositories should scan images", "Fails if neither scan on push nor continuous scanning covers the repository.", (*nist("RA-5"), pci("6.2.3"))),
    Control("ECR.2", "ecr-private-tag-immutability-enabled", MEDIUM, "Image tags should not be reassigned", "Fails if tags of the repository can be overwritten.", nist("CA-9(1)", "CM-2")),
    Control("ECS.8", "ecs-no-environment-secrets", HIGH, "Secrets should not be passed in container environments", "Fails if a container definition carries an environment variable named as a secret.", (*nist("CA-9(1)", "CM-2"), pci("8.6.2")), (("secretKeys", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"),)),
    Control("EKS.1", "eks-endpoint-no-public-access", HIGH, "Cluster endpoints should not be public", "Fails if the cluster's API endpoint accepts connections from the internet.", (*nist("AC-4", "SC-7"), pci("1.4.4"))),
    Control("EKS.2", "eks-cluster-supported-version", HIGH, "Clusters should run a supported Kubernetes version", "Fails if the cluster is on a version older than the oldest supported one.", (*nist("CM-2", "SI-2"), pci("12.3.4")), (("oldestVersionSupported", "1.32"),)),
    Control("ELB.6", "elb-deletion-protection-enabled", MEDIUM, "Load balancers should be protected from deletion", "Fails if deletion protection is off.", nist("CM-3", "SC-5(2)")),
    Control("DynamoDB.2", "dynamodb-pitr-enabled", MEDIUM, "Tables should be restorable to a point in time", "Fails if point-in-time recovery is off.", nist("CP-9", "CP-10")),
    Control("SecretsManager.1", "secretsmanager-rotation-enabled-check", MEDIUM, "Secrets should rotate by themselves", "Fails if no rotation function is set for the secret.", (*nist("AC-2(1)", "AC-3(15)"), pci("8.6.3"))),
    Control("SQS.3", "sqs-queue-no-public-access", CRITICAL, "Queue policies should not let everyone in", "Fails if the queue's policy allows any principal without a condition.", nist("AC-3", "AC-4")),
    Control("SSM.2", "ec2-managedinstance-patch-compliance-status-check", HIGH, "Managed instances should have their patches", "Fails if the last patch run left a required patch missing.", (*nist("CM-8(3)", "SI-2"), pci("6.3.3"))),
    Control("GuardDuty.1", "guardduty-enabled-centralized", HIGH, "GuardDuty should be on", "Fails if no detector is enabled in the Region.", (*nist("RA-3(4)", "SI-4"), pci("11.5.1"))),
    Control("WAF.10", "wafv2-webacl-not-empty", MEDIUM, "Web ACLs should have at least one rule", "Fails if the web ACL has neither a rule nor a rule group.", nist("CA-9(1)", "CM-2")),
    Control("CloudFront.1", "cloudfront-default-root-object-configured", HIGH, "Distributions should have a default root object", "Fails if a request for / could list the origin.", (*nist("SC-7(11)", "SC-7(16)"), pci("2.2.6"))),
]
BY_UID = {control.uid: control for control in CATALOGUE}
