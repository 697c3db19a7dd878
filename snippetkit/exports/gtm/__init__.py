"""Google Tag Manager: a container file, export format version 2, for Admin > Import Container.

The shape is that of the tool's own exports; its resources are those of the Tag Manager API v2 discovery document,
with the enumerations in upper snake case. Ids and fingerprint are fixed, so the same tags give the same bytes.
"""

from __future__ import annotations

from snippetkit.exports.gtm.reading import read, recognizes
from snippetkit.exports.gtm.rehearsing import triable
from snippetkit.exports.gtm.writing import export

__all__ = ["FILE_NAME", "HAS_NATIVE", "LOSES", "MERGES", "STEPS", "TITLE", "export", "read", "recognizes", "triable"]

TITLE = "Google Tag Manager"
FILE_NAME = "gtm.json"
STEPS = ("Admin > Import Container", "choose the file and a workspace", "Merge, and rename conflicting tags")
MERGES = True
HAS_NATIVE = True
LOSES = frozenset[str]()
