"""The files that a server puts into a page before a browser sees it, such as PHP's `include 'pixel.php'`."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

from snippetkit import server_code
from snippetkit.patterns import later

_WORDS = (
    rb"(?<![^\s(@#=%<{:\[>~!-])(?:include(?:[_A-Z]\w*+)?|INCLUDE|PROCESS|require(?:_once)?|render(?:_\w++|[A-Z]\w*+)?"
    rb"|partial(?:Cached)?|template|embed|parse|(?<!@)sections?"
    rb"|get_(?:header|footer|sidebar|template_part)|wp_(?:head|footer|body_open)|block_template_part"
    rb"|(?:await\s++)?Html\.(?:Render)?Partial(?:Async)?|RenderPage|TMPL_INCLUDE)(?![\w=.:])"
)
_INCLUDING = later(
    rb"(?:" + _WORDS + rb"|\{\{~?>)"
    rb"(?:[^'\"{}]{0,80}?(?:\"(?P<double>[\w./ -]++)\"|'(?P<single>[\w./ -]++)')|\s*+(?P<bare>[\w./-]++))?"
)
_NO_SERVER = (b"$", b"#{")
"""What a template literal of JavaScript begins with, or a value: it includes nothing."""


def find_included(data: bytes) -> Iterator[str]:
    """Yield the names of the files that a page's server code includes, empty where it computes one."""
    if not _INCLUDING.search(data):
        return
    for span in server_code.find_spans(data):
        code = data[span.start : span.end]
        if span.is_closed and span.mark.kind is not server_code.PieceKind.COMMENT and not code.startswith(_NO_SERVER):
            for match in _INCLUDING.finditer(code):
                name = match["double"] or match["single"] or match["bare"] or b""
                yield name.decode("utf-8", "replace")


def find_file(page: str, name: str, paths: Collection[str]) -> str | None:
    """Return which of the paths a name in a page leads to; None where none does, or several may.

    Args:
        page: the path of the page.
        name: the name of the file, with its suffix or without it, as template languages name their parts.
        paths: those of the files.
    """
    beside = os.path.normpath(Path(page).parent / name.lstrip("/"))
    if not name or beside in paths:
        return beside if name else None
    found = [path for path in paths if any(_ends_with(path, wanted) for wanted in _forms(name))]
    if len(found) > 1:  # a part is in the language of the page
        found = [path for path in found if Path(path).suffix == Path(page).suffix]
    return found[0] if len(found) == 1 else None


def _forms(name: str) -> Iterable[str]:
    """The name, and Blade's `parts.pixel` as a path."""
    plain = os.path.normpath(name).replace("\\", "/").lstrip("./")
    return {plain, plain.replace(".", "/")}


def _ends_with(path: str, wanted: str) -> bool:
    own = PurePosixPath(path.replace("\\", "/"))
    stem = own.name.lstrip("_").partition(".")[0]
    folder = "" if str(own.parent) == "." else f"{own.parent}/"
    return any(f"/{folder}{last}".endswith(f"/{wanted}") for last in (own.name, stem))
