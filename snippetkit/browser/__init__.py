"""Pages in a real browser: what fires, whether that is what should, and why not."""

from __future__ import annotations

from snippetkit.browser.causes import Fault
from snippetkit.browser.chromium import visit_all
from snippetkit.browser.judging import FAULTS, NOTES, Verdict, judge
from snippetkit.browser.judging_walks import judge_walk
from snippetkit.browser.observed import Blocked, Fired, Observed, Origin, ScriptError
from snippetkit.browser.origins import find_origins, where
from snippetkit.browser.serving import path_in_url, serving, serving_everywhere
from snippetkit.browser.standing import Expected
from snippetkit.browser.surroundings import needed
from snippetkit.browser.trying import Trial, can_try, make_trials, visit
from snippetkit.browser.visiting import THUMBNAIL_SIZE, decode
from snippetkit.browser.visits import Visit, consent_script, visitor_script, waking_script

__all__ = [
    "FAULTS",
    "NOTES",
    "THUMBNAIL_SIZE",
    "Blocked",
    "Expected",
    "Fault",
    "Fired",
    "Observed",
    "Origin",
    "ScriptError",
    "Trial",
    "Verdict",
    "Visit",
    "can_try",
    "consent_script",
    "decode",
    "find_origins",
    "judge",
    "judge_walk",
    "make_trials",
    "needed",
    "path_in_url",
    "serving",
    "serving_everywhere",
    "visit",
    "visit_all",
    "visitor_script",
    "waking_script",
    "where",
]
