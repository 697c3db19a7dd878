"""Which hosts a URL reaches, as a browser reads it, besides its platform's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snippetkit.patterns import later

_HOST = later(
    rb"""(?<![\w.+-])(?:https?:[/\\]*|(?:[a-z][a-z0-9+.-]*:)?[/\\]{2})([^/\\?#\s'"<>]+)
       | (javascript|vbscript|data|blob):""",
    re.IGNORECASE | re.VERBOSE,
)


def foreign_hosts(text: bytes, own: frozenset[str]) -> Iterator[str]:
    """Yield the hosts that URLs in a text reach, except their `own` (`*.` is all below one); for code, its scheme."""
    for match in _HOST.finditer(b"".join(text.split())):
        host = (match[1] or match[2]).decode("utf-8", "replace").lower().rpartition("@")[2].partition(":")[0]
        if host not in own and not any(one[0] == "*" and host.endswith(one[1:]) for one in own):
            yield host
