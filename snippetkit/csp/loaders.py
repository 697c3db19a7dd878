"""Whose loader a URL leads to, and from where it comes."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from snippetkit import platforms
from snippetkit.csp.suspecting import file_pattern
from snippetkit.platforms import Outline, Platform

SELF = "'self'"
_MOST_URLS = 256  # the pages of a site load the same scripts


@lru_cache(maxsize=_MOST_URLS)
def owners_of(url: bytes) -> frozenset[Platform]:
    """Return the platforms whose loader, or a copy of it, a URL leads to."""
    lower = url.lower()
    may_be = {dialect.platform for dialect in platforms.choose(lambda one: _may_lead_to(lower, one))}
    found = (one for one in may_be if any(pattern.match(url) for pattern in _patterns(one)))
    return frozenset(platform for platform in found if _is_signed(platform, url))


def _may_lead_to(lower: bytes, one: Outline) -> bool:
    """Whether a URL in lower case has a host or a file's name of the loaders of a dialect's platform."""
    files = (name.removesuffix(".js").lower().encode() for name in one.loaders)
    if any(file in lower and re.search(rb"(?<![\w.-])" + re.escape(file), lower) for file in files):
        return True
    return any(host.encode() in lower for host in one.hosts if host)


def in_order(owners: frozenset[Platform]) -> tuple[Platform, ...]:
    """Return platforms by the names of their dialects."""
    return platforms.in_order(owners, (one.name for one in owners))


def _is_signed(platform: Platform, url: bytes) -> bool:
    """Whether the URL of a loader that several platforms share is for this one."""
    signs = [dialect.sign for dialect in platforms.dialects_of(platform)]
    return any(sign is None or sign.search(url) for sign in signs)


@cache
def _patterns(platform: Platform) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """The URLs on the hosts of a platform's loaders, and those of copies elsewhere, by the files' names."""
    hosts = "|".join(sorted(map(re.escape, platform.loader_hosts))) or "(?!)"
    files = "|".join(sorted({file_pattern(loader.name) for loader in platform.loaders})) or "(?!)"
    own = rf"\s*(?:https?:)?//(?:{hosts})/"
    copy = rf"""\s*(?:(?:https?:)?//(?P<host>[\w.-]+(?::[0-9]+)?)(?=/)|(?!//|[a-z][a-z0-9+.-]*:))
        [^\s"'`?\#<>\\(){{}}|]*?(?<![\w.-])(?:{files})(?![\w.-])"""
    return re.compile(own.encode(), re.IGNORECASE), re.compile(copy.encode(), re.IGNORECASE | re.VERBOSE)


def origin_of(loader: bytes) -> str:
    """Return the source that allows a loader, by its URL."""
    own, copy = _patterns(in_order(owners_of(loader))[0])
    match = copy.match(loader)
    if match is None:
        host = own.match(loader)
        return f"https://{(host[0] if host else b'').decode().strip().lower().rpartition('//')[2].rstrip('/')}"
    return f"https://{match['host'].decode().lower()}" if match["host"] else SELF
