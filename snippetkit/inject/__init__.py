"""Plan, apply, remove: the edits that put the code of a pixel onto a page, keep it up to date, and take it out.

Everything here is pure, bytes to edits to bytes. What is put onto a page stands in a marked region:

    <!-- snippetkit:begin fp:6009125095680 script head-bottom sha256=0f1e2d3c4b5a6978 -->
    ...
    <!-- snippetkit:end fp:6009125095680 script -->

The key is `dialect:id`, or `dialect:id+id` where one script reports for several pixels. The checksum is over the lines
between the markers, their newlines and the white space around them left out, so that a hand edit is seen and a changed
newline or indentation is not taken for one.

`find_code` tells what code stands on a page, in regions and outside of them.
"""

from __future__ import annotations

from snippetkit.inject.edits import apply, difference
from snippetkit.inject.insertion import Insertion, Terms
from snippetkit.inject.planning import plan, plan_all
from snippetkit.inject.regions import Region, find_regions
from snippetkit.inject.removal import plan_removal
from snippetkit.inject.status import Carried, PageStatus, find_code

__all__ = [
    "Carried",
    "Insertion",
    "PageStatus",
    "Region",
    "Terms",
    "apply",
    "difference",
    "find_code",
    "find_regions",
    "plan",
    "plan_all",
    "plan_removal",
]
