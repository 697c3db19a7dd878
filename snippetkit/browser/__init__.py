"""Pages in a real browser: what fires, whether that is what should, and why not."""

from __future__ import annotations

from snippetkit.browser.chromium import THUMBNAIL_SIZE, Visit, visit_all
from snippetkit.browser.judging import FAULTS, Expected, Fault, Verdict, judge, where
from snippetkit.browser.observed import Blocked, Fired, Observed, ScriptError
from snippetkit.browser.serving import serving

__all__ = [
    "FAULTS",
    "THUMBNAIL_SIZE",
    "Blocked",
    "Expected",
    "Fault",
    "Fired",
    "Observed",
    "ScriptError",
    "Verdict",
    "Visit",
    "judge",
    "serving",
    "visit_all",
    "where",
]
