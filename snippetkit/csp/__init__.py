"""What a Content-Security-Policy has to allow so that conversion code fires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door

if TYPE_CHECKING:
    from snippetkit.csp.page import additions, conversion_scripts, own_origins
    from snippetkit.csp.policies import hash_source, own_policies
    from snippetkit.csp.sources import Additions, union

__all__ = ["Additions", "additions", "conversion_scripts", "hash_source", "own_origins", "own_policies", "union"]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "page": "additions conversion_scripts own_origins",
            "policies": "hash_source own_policies",
            "sources": "Additions union",
        },
    )
