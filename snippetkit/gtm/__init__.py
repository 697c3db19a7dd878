"""Google Tag Manager's container exports as JSON documents: what is wrong with one; comparing and merging two."""

from __future__ import annotations

from snippetkit.gtm.comparing import Change, Difference, compare
from snippetkit.gtm.items import BUILT_IN_TRIGGERS, template_types, value_of, variables_in
from snippetkit.gtm.linting import check, find_problems
from snippetkit.gtm.merging import merge
from snippetkit.gtm.problem import CODES, Problem
from snippetkit.gtm.reading import parse, refuse_binary, whole
from snippetkit.gtm.shape import EXPORT_HINT, require
from snippetkit.gtm.versions import from_api, from_older, is_version, refuse_many, refuse_version

__all__ = [
    "BUILT_IN_TRIGGERS",
    "CODES",
    "EXPORT_HINT",
    "Change",
    "Difference",
    "Problem",
    "check",
    "compare",
    "find_problems",
    "from_api",
    "from_older",
    "is_version",
    "merge",
    "parse",
    "refuse_binary",
    "refuse_many",
    "refuse_version",
    "require",
    "template_types",
    "value_of",
    "variables_in",
    "whole",
]
