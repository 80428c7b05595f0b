#!/usr/bin/env python3
"""Writes findings.jsonl and hostile.jsonl, the same bytes on every run, and prints the fault targets.

python3 assets/demo/generate.py            # beside this file
python3 assets/demo/generate.py --out DIR  # elsewhere, to compare
"""

import argparse
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from generator import coverage, cspm, exposure, guardduty, hostile, inspector, macie, triage  # noqa: E402

# Rows that a script of faults can fail, two for each error code of a row. All are New and stand among the first
# rows of the default order, hostile ones included. Found by key, so that other findings may come and go.
FAULT_TARGETS = [
    ("ConflictException", "guardduty/AttackSequence:EKS/CompromisedCluster/shop"),
    ("ConflictException", "exposure/payments-prod-settlement-exports/eu-west-1"),
    ("ResourceNotFoundException", "guardduty/CryptoCurrency:Runtime/BitcoinTool.B/gpu"),
    ("ResourceNotFoundException", "cspm/S3.2/555566667777/us-east-1/hackday-2026-uploads"),
    ("ValidationException", "cspm/S3.2/222233334444/eu-west-1/payments-prod-settlement-exports"),
    ("ValidationException", "macie/payments-prod-settlement-exports/manual/rerun-october-full.csv"),
    ("InternalServerException", "guardduty/Execution:Runtime/ReverseShell/shop"),
    ("InternalServerException", "guardduty/UnauthorizedAccess:IAMUser/TorIPCaller/deploy-key"),
]
FIRST_ROWS = 30
OPEN = (1, 2)
# Worst first; Other and Unknown are no order and come last.
RANK = {6: 0, 5: 1, 4: 2, 3: 3, 2: 4, 1: 5, 99: 6, 0: 7}


def all_drafts():
    base = inspector.drafts() + cspm.drafts() + macie.drafts()
    drafts = base + exposure.drafts(base) + guardduty.drafts() + coverage.drafts()
    triage.decide(drafts)
    return drafts


def place_in_order(drafts):
    """Position of each open finding when sorted worst severity first, then newest modified first."""

    def newest(doc):
        value = doc.get("finding_info", {}).get("modified_time") if isinstance(doc.get("finding_info"), dict) else None
        return value if isinstance(value, (int, float)) else 0

    rows = [draft.doc for draft in drafts] + hostile.documents()
    rows = [doc for doc in rows if doc.get("status_id") in OPEN]
    rows.sort(key=lambda doc: (RANK.get(doc.get("severity_id"), 8), -newest(doc)))
    return {doc["metadata"].get("uid"): number for number, doc in enumerate(rows, 1)}


def fault_targets(drafts):
    """(code, metadata.uid, place, title) of each target; stops if one is not where it was promised."""
    by_key = {draft.key: draft for draft in drafts}
    places = place_in_order(drafts)
    targets = []
    for code, key in FAULT_TARGETS:
        draft = by_key[key]
        place = places.get(draft.uid)
        if draft.status_id != 1 or place is None or place > FIRST_ROWS:
            sys.exit(f"fault target {key}: status {draft.status_id}, place {place}; pick another one")
        targets.append((code, draft.uid, place, draft.doc["finding_info"]["title"]))
    return targets


def lines(docs, ascii_only):
    # Escaped in the hostile file, so that nobody's terminal or pager is attacked by looking at it.
    return "".join(json.dumps(doc, ensure_ascii=ascii_only, separators=(",", ":"), sort_keys=True) + "\n" for doc in docs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent)
    out = parser.parse_args().out
    drafts = all_drafts()
    # By uid, which is random to the eye: the service promises no order either.
    findings = [draft.finished() for draft in sorted(drafts, key=lambda draft: draft.uid)]
    out.mkdir(parents=True, exist_ok=True)
    for name, text in [("findings.jsonl", lines(findings, False)), ("hostile.jsonl", lines(hostile.documents(), True))]:
        (out / name).write_bytes(text.encode("utf-8"))
        print(f"{name}: {text.count(chr(10))} findings, {len(text.encode('utf-8')):,} bytes")
    for code, uid, place, title in fault_targets(drafts):
        print(f"{code:26} {uid}  row {place:2}  {title}")


if __name__ == "__main__":
    main()
