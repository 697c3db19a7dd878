"""What one file gets of others in the same run: the pixels that their base codes name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from snippetkit import html
from snippetkit.javascript import Occasion
from snippetkit.patterns import later
from snippetkit.records import dataclass, field
from snippetkit.references import decode
from snippetkit.snippets import states
from snippetkit.snippets.codes import Code, Of

_IMPORT = later(
    rb"(?<![\w$.])(?:import|export)\b(?:[\w$\s*,]|\{[^{}]*+\})*?(?:(?<![\w$])from\s*+)?[\"'](?P<url>\.{0,2}/[^\"'\s]++)[\"']"
)
"""A module that a module imports by its URL (ECMA-262, 16.2.2); a bare name is a package's."""
_MOST_IMPORTS = 100

MOST_PATHS = 10
"""How many files are told that have the same base code: a site may have it on thousands of pages."""


@dataclass(frozen=True, slots=True)
class Base:
    """Base code of one file, or of several that say the same.

    `names` are the codes that name pixels, each with the paths of its files as `base_from`. `makers` are the paths of
    the files that make what a dialect's code calls, by its name. `candidates` are the paths of those of which each
    may be the one that names the pixels of an event, and which do not name the same. No more than `MOST_PATHS` are
    told of each.
    """

    names: tuple[Code, ...] = ()
    makers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    candidates: Mapping[Of, tuple[str, ...]] = field(default_factory=dict)


class Given(NamedTuple):
    """Base code that is there from a byte offset of a text on; that of a file that waits comes behind all of it."""

    offset: int
    base: Base


@dataclass(frozen=True, slots=True)
class Others:
    """The base code of other files: what comes together with a file `anyhow`, and the script files, by their URLs.

    `calls` says when other files call functions of the file, by their names.
    """

    anyhow: Base | None = None
    by_url: Mapping[str, Base] = field(default_factory=dict)
    calls: Mapping[str, Occasion] = field(default_factory=dict)

    def given(self, elements: Sequence[html.Element], text: bytes) -> Iterator[Given]:
        """Yield what a text gets, in order; behind it come the files that wait.

        Args:
            elements: those of the text.
            text: the text, with identifiers in the place of server code.
        """
        if self.anyhow:
            yield Given(0, self.anyhow)
        urls = ((element, url) for element in elements if self.by_url for url in urls_of(element, text))
        loaded = ((element, self.by_url.get(url)) for element, url in urls)
        found = [Given(states.place_of_file(element, len(text)), base) for element, base in loaded if base]
        yield from sorted(found, key=lambda one: one.offset)


NOTHING = Others()


def names_of(given: Iterable[Given]) -> list[tuple[int, Code]]:
    """Return the codes that name pixels in other files, with the byte offsets from which on they do."""
    return [(one.offset, code) for one in given for code in one.base.names]


def urls_of(element: html.Element, text: bytes) -> list[str]:
    """Return the URLs of the files that a script element runs, as they are written: its own, or what it imports."""
    if element.name != "script" or not states.is_module(element) or "src" in element.attributes or element.inside:
        return [url_of(element)]
    return imported(text[element.inner_start : element.inner_end])


def imported(script: bytes) -> list[str]:
    """Return the URLs of the modules that a script imports, as they are written."""
    found = islice(_IMPORT.finditer(script), _MOST_IMPORTS) if b"import" in script or b"export" in script else ()
    return [match["url"].decode("utf-8", "replace") for match in found]


def url_of(element: html.Element) -> str:
    """Return the URL of the file that a script element runs, as it is written; empty where it runs none."""
    url = element.attributes.get("src") if states.runs_file(element) else None
    return decode(url.value).decode("utf-8", "replace").strip() if url else ""
