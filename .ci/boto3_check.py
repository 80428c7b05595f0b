"""Asks the emulator everything that an ordinary client of Security Hub V2 would, through boto3's public API.

`prepare FOLDER` writes the findings and the faults that the checks rely on; `check URL` runs them against an emulator that was
started with those, prints each failure, closes with "N passed, N failed" and exits 1 if anything failed.
"""

import json
import sys
import traceback
from pathlib import Path

COUNT = 250
ACCOUNT, OTHER = "222233334444", "555566667777"
PRODUCT = "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty"
SEVERITIES = {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"}
WITHOUT_UID = {200, 201, 202}

FAULTS = """
[[call]]
operation = "DescribeSecurityHubV2"
calls = 1
fault = "throttling"

[[call]]
operation = "DescribeSecurityHubV2"
calls = 2
fault = "cut_before"

[[finding]]
line = 101
code = "ConflictException"
message = "changed at the same time"

[[finding]]
uid = "uid-0101"
code = "InternalServerException"
message = "failed"
times = 1

[[finding]]
uid = "uid-0102"
code = "ValidationException"
message = "not valid for this finding"

[[deny]]
field = "SeverityId"
values = [1]
"""


def finding(number):
    severity = number % 5 + 1
    day = number % 28 + 1
    metadata = {"product": {"name": "GuardDuty", "uid": PRODUCT, "vendor_name": "AWS"}, "version": "1.6.0"}
    if number not in WITHOUT_UID:
        metadata["uid"] = f"uid-{number:04}"
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "class_name": "Detection Finding",
        "class_uid": 2004,
        "cloud": {"account": {"uid": ACCOUNT if number % 2 else OTHER}, "provider": "AWS", "region": "eu-west-1"},
        "finding_info": {
            "created_time_dt": "2026-01-01T00:00:00.000Z",
            "modified_time_dt": f"2026-11-{day:02}T12:00:00.000Z",
            "title": f"Unusual call number {number} of the Lambda function",
            "types": ["TTPs/Discovery"],
            "uid": f"arn:aws:guardduty:eu-west-1:{ACCOUNT}:detector/d/finding/{number}",
        },
        "metadata": metadata,
        "evidences": [{"src_endpoint": {"ip": f"203.0.113.{number}", "port": 443}}],
        "resources": [
            {"uid": f"arn:aws:lambda:::function:f{number}", "type": "AWS::Lambda::Function", "tags": [{"name": "env", "value": "prod" if number < 50 else "test"}]},
            {"uid": f"arn:aws:iam:::role/r{number}", "type": "AWS::IAM::Role"},
        ],
        "severity": SEVERITIES[severity],
        "severity_id": severity,
        "status": "New",
        "status_id": 1,
        "vendor_attributes": {"severity": SEVERITIES[severity], "severity_id": severity},
        "vulnerabilities": [{"is_fix_available": number % 10 == 0}],
    }


def prepare(folder):
    lines = "".join(json.dumps(finding(number)) + "\n" for number in range(COUNT))
    Path(folder, "findings.jsonl").write_text(lines, encoding="utf-8")
    Path(folder, "faults.toml").write_text(FAULTS, encoding="utf-8")


CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Session:
    """Clients for one emulator, and short ways to ask it."""

    def __init__(self, url):
        import boto3
        from botocore.config import Config

        keys = {"region_name": "eu-west-1", "aws_access_key_id": "emulator", "aws_secret_access_key": "emulator", "endpoint_url": url}
        self.hub = boto3.client("securityhub", **keys)
        # The client would refuse bad requests itself; these are for the service to refuse.
        careless = Config(parameter_validation=False, retries={"total_max_attempts": 1})
        self.careless = boto3.client("securityhub", config=careless, **keys)
        self.sts = boto3.client("sts", **keys)
        self.model = self.hub.meta.service_model

    def find(self, **request):
        pages = self.hub.get_paginator("get_findings_v2").paginate(**request)
        return [found for page in pages for found in page["Findings"]]

    def where(self, **composite):
        return self.find(Filters={"CompositeFilters": [composite]})

    def one(self, uid):
        (found,) = self.where(StringFilters=[text("metadata.uid", "EQUALS", uid)])
        return found

    def enumeration(self, shape):
        return self.model.shape_for(shape).enum


def text(field, comparison, value):
    return {"FieldName": field, "Filter": {"Value": value, "Comparison": comparison}}


def expect(got, wanted):
    assert got == wanted, f"got {got!r}, expected {wanted!r}"


def numbers(findings):
    return sorted(int(found["finding_info"]["uid"].rsplit("/", 1)[1]) for found in findings)


def refused(call, code, status, part=""):
    """The error that a call must end with; gives its message."""
    from botocore.exceptions import ClientError

    try:
        answer = call()
    except ClientError as error:
        got = error.response
        expect((got["Error"]["Code"], got["ResponseMetadata"]["HTTPStatusCode"]), (code, status))
        assert got["ResponseMetadata"]["RequestId"], "an error has a request id"
        message = got["Error"]["Message"]
        assert part in message, f"{part!r} is not in {message!r}"
        return message
    raise AssertionError(f"was answered instead of refused: {answer!r}")


@check
def describes_the_hub_after_a_throttled_and_a_cut_call(session):
    answer = session.hub.describe_security_hub_v2()
    assert f":{ACCOUNT}:hubv2/" in answer["HubV2Arn"], answer
    expect(answer["ResponseMetadata"]["RetryAttempts"], 2)


@check
def names_the_caller(session):
    expect(session.sts.get_caller_identity()["Account"], ACCOUNT)


@check
def lists_no_aggregators(session):
    expect(session.hub.list_aggregators_v2()["AggregatorsV2"], [])


@check
def pages_all_findings_as_they_were_given(session):
    pages = list(session.hub.get_paginator("get_findings_v2").paginate(PaginationConfig={"PageSize": 100}))
    expect([len(page["Findings"]) for page in pages], [100, 100, 50])
    expect([found for page in pages for found in page["Findings"]], [finding(number) for number in range(COUNT)])


@check
def pages_in_small_steps_too(session):
    expect(numbers(session.find(PaginationConfig={"PageSize": 7})), list(range(COUNT)))


@check
def a_token_of_another_request_is_refused(session):
    token = session.hub.get_findings_v2(MaxResults=10)["NextToken"]
    expect(len(session.hub.get_findings_v2(MaxResults=10, NextToken=token)["Findings"]), 10)
    refused(lambda: session.hub.get_findings_v2(MaxResults=11, NextToken=token), "ValidationException", 400, "NextToken")
    refused(lambda: session.hub.get_findings_v2(MaxResults=10, NextToken="garbage"), "ValidationException", 400, "NextToken")


@check
def filters_strings(session):
    expect(len(session.where(StringFilters=[text("severity", "EQUALS", "Critical")])), 50)
    expect(len(session.where(StringFilters=[text("severity", "NOT_EQUALS", "Critical")])), 200)
    expect(len(session.where(StringFilters=[text("metadata.uid", "PREFIX", "uid-00")])), 100)
    # An absent uid does not begin so either.
    expect(len(session.where(StringFilters=[text("metadata.uid", "PREFIX_NOT_EQUALS", "uid-00")])), 150)
    expect(numbers(session.where(StringFilters=[text("finding_info.title", "CONTAINS", "number 24 ")])), [24])
    expect(len(session.where(StringFilters=[text("finding_info.title", "NOT_CONTAINS", "number 24 ")])), 249)
    expect(len(session.where(StringFilters=[text("finding_info.title", "CONTAINS_WORD", "LAMBDA")])), COUNT)
    expect(len(session.where(StringFilters=[text("resources.type", "EQUALS", "AWS::IAM::Role")])), COUNT)


@check
def filters_numbers_dates_flags_tags_and_addresses(session):
    expect(len(session.where(NumberFilters=[{"FieldName": "severity_id", "Filter": {"Gte": 4}}])), 100)
    between = {"Start": "2026-11-01T00:00:00Z", "End": "2026-11-02T23:59:59Z"}
    dated = session.where(DateFilters=[{"FieldName": "finding_info.modified_time_dt", "Filter": between}])
    expect(numbers(dated), [number for number in range(COUNT) if number % 28 < 2])
    recent = {"DateRange": {"Value": 36500, "Unit": "DAYS"}}
    expect(len(session.where(DateFilters=[{"FieldName": "finding_info.created_time_dt", "Filter": recent}])), COUNT)
    expect(len(session.where(BooleanFilters=[{"FieldName": "vulnerabilities.is_fix_available", "Filter": {"Value": True}}])), 25)
    tag = {"Key": "env", "Value": "prod", "Comparison": "EQUALS"}
    expect(len(session.where(MapFilters=[{"FieldName": "resources.tags", "Filter": tag}])), 50)
    block = {"FieldName": "evidences.src_endpoint.ip", "Filter": {"Cidr": "203.0.113.0/28"}}
    expect(numbers(session.where(IpFilters=[block])), list(range(16)))


@check
def joins_filters(session):
    critical = text("severity", "EQUALS", "Critical")
    tenth = {"FieldName": "vulnerabilities.is_fix_available", "Filter": {"Value": True}}
    expect(len(session.where(StringFilters=[critical], BooleanFilters=[tenth], Operator="AND")), 0)
    expect(len(session.where(StringFilters=[critical], BooleanFilters=[tenth], Operator="OR")), 75)
    nested = [{"StringFilters": [critical]}, {"BooleanFilters": [tenth]}]
    account = text("cloud.account.uid", "EQUALS", ACCOUNT)
    expect(len(session.where(StringFilters=[account], NestedCompositeFilters=nested[:1], Operator="AND")), 25)
    expect(len(session.find(Filters={"CompositeFilters": nested, "CompositeOperator": "OR"})), 75)
    expect(len(session.find(Filters={"CompositeFilters": nested, "CompositeOperator": "AND"})), 0)


@check
def every_field_that_boto3_knows_can_be_filtered_and_grouped_by(session):
    filters = {
        ("StringFilters", "OcsfStringField"): {"Value": "x", "Comparison": "EQUALS"},
        ("NumberFilters", "OcsfNumberField"): {"Eq": 1},
        ("DateFilters", "OcsfDateField"): {"Start": "2026-01-01T00:00:00Z"},
        ("BooleanFilters", "OcsfBooleanField"): {"Value": True},
        ("MapFilters", "OcsfMapField"): {"Key": "x", "Value": "x", "Comparison": "NOT_EQUALS"},
        ("IpFilters", "OcsfIpField"): {"Cidr": "10.0.0.0/8"},
    }
    for (kind, shape), comparison in filters.items():
        fields = session.enumeration(shape)
        assert fields, shape
        for start in range(0, len(fields), 20):
            entries = [{"FieldName": name, "Filter": comparison} for name in fields[start : start + 20]]
            session.hub.get_findings_v2(Filters={"CompositeFilters": [{kind: entries, "Operator": "OR"}]}, MaxResults=1)
    groups = session.enumeration("GroupByField")
    for start in range(0, len(groups), 5):
        session.hub.get_finding_statistics_v2(GroupByRules=[{"GroupByField": name} for name in groups[start : start + 5]])


@check
def sorts(session):
    def order(field, direction):
        return [field(found) for found in session.find(SortCriteria=[{"Field": name, "SortOrder": direction}])]

    for name, field in [
        ("finding_info.modified_time_dt", lambda found: found["finding_info"]["modified_time_dt"]),
        ("severity_id", lambda found: found["severity_id"]),
    ]:
        expect(order(field, "asc"), sorted(order(field, "asc")))
        expect(order(field, "desc"), sorted(order(field, "asc"), reverse=True))
    refused(lambda: session.find(SortCriteria=[{"Field": "no.such", "SortOrder": "asc"}]), "ValidationException", 400, "SortCriteria[0].Field")


@check
def counts(session):
    rules = [{"GroupByField": "severity"}, {"GroupByField": "cloud.account.uid", "Filters": {"CompositeFilters": [{"StringFilters": [text("severity", "EQUALS", "High")]}]}}]
    severity, account = session.hub.get_finding_statistics_v2(GroupByRules=rules)["GroupByResults"]
    expect({value["FieldValue"]: value["Count"] for value in severity["GroupByValues"]}, dict.fromkeys(SEVERITIES.values(), 50))
    expect(sum(value["Count"] for value in account["GroupByValues"]), 50)
    few = session.hub.get_finding_statistics_v2(GroupByRules=rules[:1], MaxStatisticResults=2, SortOrder="asc")
    expect(len(few["GroupByResults"][0]["GroupByValues"]), 2)


@check
def updates_by_uid(session):
    before = session.one("uid-0007")
    answer = session.hub.batch_update_findings_v2(MetadataUids=["uid-0007"], StatusId=3, Comment="accepted: JIRA-12")
    expect((answer["ProcessedFindings"], answer["UnprocessedFindings"]), ([{"MetadataUid": "uid-0007"}], []))
    expect(session.one("uid-0007"), before | {"status": "Suppressed", "status_id": 3, "comment": "accepted: JIRA-12"})


@check
def updates_by_identifier(session):
    rows = [
        {"CloudAccountUid": ACCOUNT if number % 2 else OTHER, "FindingInfoUid": finding(number)["finding_info"]["uid"], "MetadataProductUid": PRODUCT}
        for number in sorted(WITHOUT_UID)
    ]
    unknown = rows[0] | {"FindingInfoUid": "absent"}
    answer = session.hub.batch_update_findings_v2(FindingIdentifiers=[*rows, unknown], SeverityId=5)
    expect(answer["ProcessedFindings"], [{"FindingIdentifier": row} for row in rows])
    (failed,) = answer["UnprocessedFindings"]
    expect((failed["FindingIdentifier"], failed["ErrorCode"]), (unknown, "ResourceNotFoundException"))
    changed = [found for found in session.find() if "uid" not in found["metadata"]]
    expect([(found["severity"], found["severity_id"]) for found in changed], [("Critical", 5)] * 3)
    expect([found["vendor_attributes"] for found in changed], [finding(number)["vendor_attributes"] for number in sorted(WITHOUT_UID)])


@check
def updates_a_hundred_at_once(session):
    uids = [f"uid-{number:04}" for number in range(100)]
    answer = session.hub.batch_update_findings_v2(MetadataUids=uids, StatusId=2)
    expect(len(answer["ProcessedFindings"]), 100)
    expect(len(session.where(StringFilters=[text("status", "EQUALS", "In Progress")])), 100)


@check
def rows_fail_one_by_one(session):
    uids = ["absent", "uid-0100", "uid-0101", "uid-0102", "uid-0103"]
    answer = session.hub.batch_update_findings_v2(MetadataUids=uids, StatusId=4)
    expect(answer["ResponseMetadata"]["HTTPStatusCode"], 200)
    expect(answer["ProcessedFindings"], [{"MetadataUid": "uid-0103"}])
    got = {row["MetadataUid"]: (row["ErrorCode"], row["ErrorMessage"]) for row in answer["UnprocessedFindings"]}
    wanted = {
        "absent": ("ResourceNotFoundException", got["absent"][1]),
        "uid-0100": ("ConflictException", "changed at the same time"),
        "uid-0101": ("InternalServerException", "failed"),
        "uid-0102": ("ValidationException", "not valid for this finding"),
    }
    expect(got, wanted)
    expect(sorted({code for code, _ in got.values()}), sorted(session.enumeration("BatchUpdateFindingsV2UnprocessedFindingErrorCode")))
    again = session.hub.batch_update_findings_v2(MetadataUids=uids, StatusId=4)
    expect([row["MetadataUid"] for row in again["ProcessedFindings"]], ["uid-0101", "uid-0103"])
    expect(session.one("uid-0100")["status"], "New")


@check
def a_denied_value_is_refused_with_account_and_field(session):
    update = session.hub.batch_update_findings_v2
    message = refused(lambda: update(MetadataUids=["uid-0110"], SeverityId=1), "AccessDeniedException", 403, "OCSFSyntaxPath/SeverityId")
    assert ACCOUNT in message, message
    expect(len(update(MetadataUids=["uid-0110"], SeverityId=2)["ProcessedFindings"]), 1)


@check
def bad_updates_are_refused(session):
    one = {"MetadataUids": ["uid-0120"]}
    triple = {"CloudAccountUid": ACCOUNT, "FindingInfoUid": "x", "MetadataProductUid": PRODUCT}
    half = {"CloudAccountUid": ACCOUNT, "FindingInfoUid": "x"}
    bad = [
        ({"StatusId": 1}, "at least one finding"),
        ({"MetadataUids": [], "StatusId": 1}, "at least one finding"),
        (one | {"FindingIdentifiers": [triple], "StatusId": 1}, "together"),
        ({"MetadataUids": ["x"] * 101, "StatusId": 1}, "less than or equal to 100"),
        ({"FindingIdentifiers": [triple] * 101, "StatusId": 1}, "less than or equal to 100"),
        ({"FindingIdentifiers": [half], "StatusId": 1}, "MetadataProductUid"),
        ({"MetadataUids": [" "], "StatusId": 1}, "MetadataUids[0]"),
        (one, "One of Comment, SeverityId, StatusId"),
        (one | {"Comment": ""}, "Comment"),
        (one | {"Comment": " \t"}, "Comment"),
        (one | {"Comment": "x" * 513}, "less than or equal to 512"),
        (one | {"StatusId": 7}, "StatusId"),
        (one | {"SeverityId": 6}, "SeverityId"),
        (one | {"SeverityId": -1}, "SeverityId"),
    ]
    for request, part in bad:
        refused(lambda request=request: session.careless.batch_update_findings_v2(**request), "ValidationException", 400, part)
    expect(session.one("uid-0120"), finding(120))


@check
def bad_queries_are_refused(session):
    def filters(**composite):
        return {"Filters": {"CompositeFilters": [composite]}}

    status = text("status", "EQUALS", "New")
    nested = {"NestedCompositeFilters": [{"NestedCompositeFilters": [{}]}]}
    tag = {"FieldName": "resources.tags", "Filter": {"Key": "a", "Value": "b", "Comparison": "CONTAINS"}}
    bad = [
        ({"MaxResults": 0}, "greater than or equal to 1"),
        ({"MaxResults": 101}, "less than or equal to 100"),
        ({"Filters": {"CompositeFilters": [{}] * 11}}, "less than or equal to 10"),
        (filters(StringFilters=[status] * 21), "less than or equal to 20"),
        (filters(**nested), "one level deep"),
        (filters(StringFilters=[text("no.such", "EQUALS", "x")]), "FieldName"),
        (filters(StringFilters=[text("status", "MATCHES", "x")]), "Comparison"),
        (filters(StringFilters=[status, text("status", "NOT_EQUALS", "New")]), "can't be combined"),
        (filters(StringFilters=[text("status", "CONTAINS", "a"), text("status", "NOT_CONTAINS", "b")]), "can't be combined"),
        (filters(NumberFilters=[{"FieldName": "status_id", "Filter": {}}]), "Gte"),
        (filters(DateFilters=[{"FieldName": "finding_info.created_time_dt", "Filter": {"Start": "soon"}}]), "ISO 8601"),
        (filters(MapFilters=[tag]), "automation rules"),
        (filters(IpFilters=[{"FieldName": "evidences.src_endpoint.ip", "Filter": {"Cidr": "x"}}]), "CIDR"),
        (filters(Operator="XOR"), "Operator"),
    ]
    for request, part in bad:
        refused(lambda request=request: session.careless.get_findings_v2(**request), "ValidationException", 400, part)


@check
def bad_statistics_are_refused(session):
    bad = [
        ({"GroupByRules": []}, "GroupByRules"),
        ({"GroupByRules": [{"GroupByField": "status"}] * 6}, "less than or equal to 5"),
        ({"GroupByRules": [{"GroupByField": "comment"}]}, "GroupByField"),
        ({"GroupByRules": [{"GroupByField": "status"}], "MaxStatisticResults": 401}, "less than or equal to 400"),
    ]
    for request, part in bad:
        refused(lambda request=request: session.careless.get_finding_statistics_v2(**request), "ValidationException", 400, part)


@check
def an_operation_that_is_not_emulated_is_refused(session):
    refused(lambda: session.hub.get_findings(), "UnknownOperationException", 404)


def run(url):
    session = Session(url)
    passed = failed = 0
    for function in CHECKS:
        try:
            function(session)
            passed += 1
        except Exception:
            failed += 1
            print(f"{function.__name__} failed:")
            traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main(arguments):
    match arguments:
        case ["prepare", folder]:
            prepare(folder)
            return 0
        case ["check", url]:
            return run(url)
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
