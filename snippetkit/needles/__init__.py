"""What shows that a text may hold code of some platform, told without the platforms: most files hold none.

This search is most of what such files cost, and most runs need no more.
"""

from __future__ import annotations

from snippetkit.needles.anchored import ESCAPES, Anchored, Needles, as_urls, needles_of
from snippetkit.needles.installed import GROUP, find_installed
from snippetkit.needles.shipped import find_shipped

__all__ = ["ESCAPES", "GROUP", "Anchored", "Needles", "as_urls", "find_installed", "find_shipped", "needles_of"]
