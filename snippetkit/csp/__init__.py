"""What a Content-Security-Policy has to allow so that conversion code fires."""

from __future__ import annotations

from snippetkit.csp.page import additions, conversion_scripts, own_origins
from snippetkit.csp.policies import hash_source, own_policies
from snippetkit.csp.sources import Additions, union

__all__ = ["Additions", "additions", "conversion_scripts", "hash_source", "own_origins", "own_policies", "union"]
