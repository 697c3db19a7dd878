"""Which hosts a URL reaches, as a browser reads it, beside the vendor's."""

from __future__ import annotations

import re
from collections.abc import Iterator

_VENDOR = frozenset({"connect.facebook.net", "www.facebook.com", "facebook.com"})
_HOST = re.compile(
    rb"""(?<![\w.+-])(?:https?:[/\\]*|(?:[a-z][a-z0-9+.-]*:)?[/\\]{2})([^/\\?#\s'"<>]+)
       | (javascript|vbscript|data|blob):""",
    re.IGNORECASE | re.VERBOSE,
)


def foreign_hosts(text: bytes) -> Iterator[str]:
    """Yield the hosts that URLs in a text reach, but for the vendor's; for code in a URL its scheme."""
    for match in _HOST.finditer(b"".join(text.split())):
        host = (match[1] or match[2]).decode("utf-8", "replace").lower().rpartition("@")[2].partition(":")[0]
        if host not in _VENDOR:
            yield host
