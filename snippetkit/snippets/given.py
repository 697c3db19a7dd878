"""What one file gets of others in the same run: the pixels that their base codes name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from snippetkit import html
from snippetkit.references import decode
from snippetkit.snippets import states
from snippetkit.snippets.codes import Code, Of

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
    """The base code of other files: what comes together with a file `anyhow`, and the script files, by their URLs."""

    anyhow: Base | None = None
    by_url: Mapping[str, Base] = field(default_factory=dict)

    def given(self, elements: Sequence[html.Element], end: int) -> Iterator[Given]:
        """Yield what a text gets, in order; `end` is its length, behind which come the files that wait.

        Args:
            elements: those of the text.
            end: how many bytes the text has.
        """
        if self.anyhow:
            yield Given(0, self.anyhow)
        loaded = ((element, self.by_url.get(url_of(element))) for element in elements if self.by_url)
        found = [Given(states.place_of_file(element, end), base) for element, base in loaded if base]
        yield from sorted(found, key=lambda one: one.offset)


NOTHING = Others()


def names_of(given: Iterable[Given]) -> list[tuple[int, Code]]:
    """Return the codes that name pixels in other files, with the byte offsets from which on they do."""
    return [(one.offset, code) for one in given for code in one.base.names]


def url_of(element: html.Element) -> str:
    """Return the URL of the file that a script element runs, as it is written; empty where it runs none."""
    url = element.attributes.get("src") if states.runs_file(element) else None
    return decode(url.value).decode("utf-8", "replace").strip() if url else ""
