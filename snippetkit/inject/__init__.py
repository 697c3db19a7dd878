"""Plan, apply, remove: the edits that put the code of a pixel onto a page, keep it up to date, and take it out.

A program that has a page and code calls `snippetkit.inject_page`, which checks that the code is conversion code;
what is here trusts its caller, plans for pages that are not read whole, and takes an `Insertion` made by a template.

Everything here is pure, bytes to edits to bytes. What is put onto a page stands in a marked region:

    <!-- snippetkit:begin fp:6009125095680 script head-bottom sha256=0f1e2d3c4b5a6978 -->
    ...
    <!-- snippetkit:end fp:6009125095680 script -->

A region is named by its `Key`; an event that stands alone, behind its base code, has a region of its own. Half of the
checksum is over the lines between the markers, without their newlines and the white space around them, so that a
changed newline or indentation is not taken for a hand edit. The other half is over what the code does (`meaning`):
where that is unchanged, a formatter or a minifier has been there, and nobody has edited it. Behind the checksum,
`adopted=6009125095680` says that the region took the place of code of that pixel that was put in by hand.

`find_code` tells what code is on a page, in regions and outside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door

if TYPE_CHECKING:
    from snippetkit.inject.adding import tell
    from snippetkit.inject.edits import apply, difference
    from snippetkit.inject.insertion import Insertion, PlanOptions
    from snippetkit.inject.needing import check_left, find_left
    from snippetkit.inject.planning import plan, plan_all, tell_losses
    from snippetkit.inject.pruning import Wanted
    from snippetkit.inject.regions import Region
    from snippetkit.inject.removal import find_page_regions, plan_removal
    from snippetkit.inject.restoring import Restored, check_back, may_hold, name_adopted, pixels_gone, restore
    from snippetkit.inject.status import Carried, PageStatus, find_among_others, find_code

__all__ = [
    "Carried",
    "Insertion",
    "PageStatus",
    "PlanOptions",
    "Region",
    "Restored",
    "Wanted",
    "apply",
    "check_back",
    "check_left",
    "difference",
    "find_among_others",
    "find_code",
    "find_left",
    "find_page_regions",
    "may_hold",
    "name_adopted",
    "pixels_gone",
    "plan",
    "plan_all",
    "plan_removal",
    "restore",
    "tell",
    "tell_losses",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "adding": "tell",
            "edits": "apply difference",
            "insertion": "Insertion PlanOptions",
            "needing": "check_left find_left",
            "planning": "plan plan_all tell_losses",
            "pruning": "Wanted",
            "regions": "Region",
            "removal": "find_page_regions plan_removal",
            "restoring": "Restored check_back may_hold name_adopted pixels_gone restore",
            "status": "Carried PageStatus find_among_others find_code",
        },
    )
