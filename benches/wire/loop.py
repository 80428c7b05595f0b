"""The updates of benches/wire/compare through boto3's public API, as somebody would write the loop.

`findings` prints 10,000 findings, one a line; `serial URL` and `threads URL` suppress them in calls of a hundred and print how many
seconds that took, how many attempts there were and how many of those were answered with 429; `batches PREFIX` writes the hundred
requests for the AWS CLI.
"""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

ROWS, CALL, THREADS = 10_000, 100, 8
SUPPRESSED = 3


def uid(at):
    return f"{at:064x}"


def requests():
    for first in range(0, ROWS, CALL):
        yield {"MetadataUids": [uid(at) for at in range(first, first + CALL)], "StatusId": SUPPRESSED}


def findings():
    for at in range(ROWS):
        finding = {
            "metadata": {"uid": uid(at), "product": {"name": "Inspector", "uid": "p"}},
            "finding_info": {"uid": f"finding-{at}", "title": f"finding number {at}"},
            "cloud": {"account": {"uid": "222233334444"}, "region": "eu-west-1"},
            "severity_id": 3, "severity": "Medium", "status_id": 1, "status": "New",
        }
        print(json.dumps(finding, separators=(",", ":")))


class Counter:
    """Counts attempts and those that were too many."""

    def __init__(self):
        self.lock = threading.Lock()
        self.attempts = self.throttled = 0

    def saw(self, response, **_):
        # (response, parsed) of an attempt, or None where there was no answer.
        with self.lock:
            self.attempts += 1
            self.throttled += response is not None and response[0].status_code == 429


def update(threads, url):
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client("securityhub", endpoint_url=url, config=Config(max_pool_connections=max(10, threads)))
    counter = Counter()
    client.meta.events.register_first("needs-retry.securityhub.BatchUpdateFindingsV2", counter.saw)

    def call(request):
        try:
            client.batch_update_findings_v2(**request)
        except (BotoCoreError, ClientError):
            # What is lost is counted at the other end.
            pass

    began = time.perf_counter()
    if threads == 1:
        for request in requests():
            call(request)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(call, requests()))
    print(f"{time.perf_counter() - began:.2f} {counter.attempts} {counter.throttled}")


def main():
    match sys.argv[1:]:
        case ["findings"]:
            findings()
        case ["serial", url]:
            update(1, url)
        case ["threads", url]:
            update(THREADS, url)
        case ["batches", prefix]:
            for number, request in enumerate(requests()):
                with open(f"{prefix}-{number:03}.json", "w") as file:
                    json.dump(request, file)
        case _:
            sys.exit(__doc__)


main()
