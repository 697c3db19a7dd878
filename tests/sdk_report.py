"""What the driver scripts share; they run in an SDK's own environment, where this package is not."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable

FIELDS = ["id", "name", "tag", "status", "creator", "js_pixel"]
AD = {
    "name": "offsite_ocpm",
    "campaign_id": "6009125095680",
    "bid_type": "7",
    "bid_info": {"1": 20, "38": 10, "44": 20, "55": 500},
    "targeting": {"countries": ["US"]},
    "creative": {"creative_id": "6009125095681"},
}


def specs(pixel_id: str) -> list[dict[str, str]]:
    """Return the specs that name one conversion pixel."""
    return [{"action.type": "offsite_conversion", "offsite_pixel": pixel_id}]


def member(status: int, answer: dict[str, object]) -> list[object]:
    """Return a batch member's status, with the answer or the code of the error."""
    error = answer.get("error")
    return [status, error["code"] if isinstance(error, dict) else answer]


def report(calls: dict[str, Callable[[], object]]) -> None:
    """Make the calls in their order, and print what each gave as one JSON document.

    What a call raises is its entry, so that the calls after it are seen too; the traceback goes to stderr.
    """
    gave: dict[str, object] = {}
    for name, call in calls.items():
        try:
            gave[name] = call()
        except Exception as error:
            traceback.print_exc()
            gave[name] = f"{type(error).__name__}: {error}"
    json.dump(gave, sys.stdout)
