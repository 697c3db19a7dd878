"""Google Tag Manager's container exports as JSON documents: what is wrong with one, and two of them together."""

from __future__ import annotations

from snippetkit.gtm.linting import check, find_problems
from snippetkit.gtm.merging import merge
from snippetkit.gtm.problem import CODES, Problem
from snippetkit.gtm.reading import parse

__all__ = ["CODES", "Problem", "check", "find_problems", "merge", "parse"]
