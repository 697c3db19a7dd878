"""The URL paths of the pages that a run changed, for a CDN that is to drop its copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from snippetkit.work.planning import roots_of

if TYPE_CHECKING:
    from snippetkit.run import Outcome

_WRITTEN = frozenset({"inserted", "updated", "removed"})
_INDEX = ("index.html", "index.htm")
_SAFE = "/-._~!$&'()+*,;=:@"  # RFC 3986, 3.3: what a path may hold as it is


def listing_changed(outcomes: Iterable[Outcome], paths: Sequence[str], output: str) -> Iterator[Outcome]:
    """Yield the same outcomes, and in the end, however that comes, write which pages changed, a URL path a line.

    Args:
        outcomes: how the pages fare.
        paths: the files, folders and URLs that were named; a path counts from there, as those of page rules do.
        output: the file to write; what was in it goes.

    Raises:
        FileError: it cannot be written.
    """
    from pathlib import Path

    from snippetkit import files
    from snippetkit.run import DOUBTFUL

    roots, changed = roots_of(paths), dict[str, None]()
    try:
        for outcome in outcomes:
            if outcome.verb in _WRITTEN or DOUBTFUL in outcome.notes:
                changed.update(dict.fromkeys(_urls(outcome.path, roots)))
            yield outcome
    finally:
        files.write(Path(output), "".join(f"{url}\n" for url in changed).encode())


def _urls(path: str, roots: Sequence[str]) -> Iterator[str]:
    """The URL path of a page, and that of its folder where it is the folder's index."""
    url = "/" + path[len(next((root for root in roots if path.startswith(root)), "")) :]
    folder, _, name = url.rpartition("/")
    for one in (url, f"{folder}/") if name in _INDEX else (url,):
        yield quote(one.encode("utf-8", "surrogateescape"), safe=_SAFE)
