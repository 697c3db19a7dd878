"""What a visit of a file depends on, as one digest: the page, the scripts and frames that it names, and the options."""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from snippetkit import __version__
from snippetkit.errors import FileError
from snippetkit.patterns import later
from snippetkit.work.browsing import Browsing, NamedPage

if TYPE_CHECKING:
    from snippetkit.browser import Expected

# What an element loads and runs, whatever it is called; and anything called like a script, wherever that is said.
_ELEMENT = later(
    rb"""<(?:script|iframe|frame|embed|object)\b[^>]{0,1000}?\s(?:src|data)\s*=\s*["']?([^"'\s>]{1,300})""",
    re.IGNORECASE,
)
_SCRIPT = later(rb"\.(?:js|mjs|cjs|json)(?![\w.])")
_BACKWARDS = later(rb"""[^\s"'`<>()=,;|\\]+""")
_LONGEST_NAME = 300
_KEPT = 4096  # files of a site; most pages name the same few


def digest_visit(content: str, browsing: Browsing, expected: Sequence[Expected] | None, *, javascript: bool) -> str:
    """Return the digest by which a visit is known to be the same: what is looked at, how, and what has to fire.

    Args:
        content: what `digest_page` gives.
        browsing: how the page is looked at.
        expected: what has to fire, or None for what the code says.
        javascript: whether JavaScript runs.
    """
    how = [browsing.csp, browsing.consent, browsing.events, browsing.is_live, browsing.browser]
    how += [browsing.as_visitor, browsing.start]
    told = json.dumps([__version__, content, javascript, how, expected])
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()


def digest_page(page: NamedPage) -> str:
    """Return the digest of a file and of what it names, in hexadecimal; empty for a URL and for what cannot be read."""
    path, root = page
    if not root or (data := _read(path)) is None:
        return ""
    total = hashlib.sha256(os.fsencode(os.path.relpath(path, root)) + b"\0" + data)
    for file in sorted(_find_named(page, data).there):
        digest, _ = _look(file, _stamp(file))
        total.update(b"\0" + os.fsencode(os.path.relpath(file, root)) + b"\0" + digest.encode())
    return total.hexdigest()


class NamedFiles(NamedTuple):
    """The files of its site that a page names, and those that they name: scripts, data, frames.

    `gone` are the places where one might be and is not.
    """

    there: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


def find_named(page: NamedPage) -> NamedFiles:
    """Return what a page names. A name that a script puts together is not seen."""
    data = _read(page[0])
    return _find_named(page, data) if data else NamedFiles()


def _find_named(page: NamedPage, data: bytes) -> NamedFiles:
    path, root = page
    found, gone = {path}, set[str]()
    waiting = [(path, _names(data))]
    while waiting:
        file, names = waiting.pop()
        for named in {one for name in names for one in _places(name, file, root)} - found - gone:
            if os.path.isfile(named):  # noqa: PTH113
                found.add(named)
                waiting.append((named, _look(named, _stamp(named))[1]))
            else:
                gone.add(named)
    return NamedFiles(frozenset(found - {path}), frozenset(gone))


def _names(data: bytes) -> frozenset[bytes]:
    names = {match[1] for match in _ELEMENT.finditer(data)}
    for match in _SCRIPT.finditer(data):
        before = data[max(0, match.start() - _LONGEST_NAME) : match.end()][::-1]
        if name := _BACKWARDS.match(before):
            names.add(name[0][::-1])
    return frozenset(names)


def _places(name: bytes, file: str, root: str) -> Iterator[str]:
    """Where the files are that a name may mean, as a URL: seen from the file that has it, or from the site's root."""
    bare = os.fsdecode(unquote_to_bytes(re.split(rb"[?#]", name)[0]))
    if "//" in bare or "\0" in bare:
        return
    folder = "" if bare.startswith("/") else os.path.relpath(os.path.dirname(file) or ".", root)  # noqa: PTH120
    for place in dict.fromkeys((folder, "")):
        yield os.path.join(root, posixpath.normpath(f"/{place}/{bare}").lstrip("/"))  # noqa: PTH118


def _read(path: str) -> bytes | None:
    from snippetkit import files

    try:
        return files.read(path)
    except FileError:
        return None


def _stamp(file: str) -> tuple[int, int]:
    try:
        status = os.stat(file)  # noqa: PTH116
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(_KEPT)
def _look(file: str, _stamp: tuple[int, int]) -> tuple[str, frozenset[bytes]]:
    """The digest of a file that a page names, and what it names itself."""
    data = _read(file) or b""
    return hashlib.sha256(data).hexdigest(), _names(data)
