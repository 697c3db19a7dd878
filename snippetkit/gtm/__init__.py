"""Google Tag Manager's container exports as JSON documents: what is wrong with one, and two of them together."""

from __future__ import annotations

from snippetkit.gtm.comparing import Change, Difference, compare
from snippetkit.gtm.linting import check, find_problems
from snippetkit.gtm.merging import merge
from snippetkit.gtm.problem import CODES, Problem
from snippetkit.gtm.reading import parse
from snippetkit.gtm.shape import require

__all__ = ["CODES", "Change", "Difference", "Problem", "check", "compare", "find_problems", "merge", "parse", "require"]
