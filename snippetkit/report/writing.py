"""What all reports have in common: one HTML page that holds all that it needs, and shows nothing that is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from snippetkit import csp, templating
from snippetkit.patterns import later

# The server that sends a file, and the number that our loaders add to an event: they differ each time.
_OF_ONE_RUN = later(r"http://127\.0\.0\.1:[0-9]+(?=/)|&ts=[0-9]+")
_MARK = '<meta name="generator" content="snippetkit report">'
_MARKED_BYTES = 4096  # the mark stands in the head
_MOST = 100  # things that a page has once or twice
_Item = TypeVar("_Item")


def rendered(template: str, **values: object) -> str:
    """Return a report, an HTML document whose characters are all printable, except line breaks and tabs.

    Args:
        template: its path below `templates/`.
        values: what the template uses.
    """
    hashes = {
        "style_hash": csp.hash_source(templating.render("report/style.css.j2").encode()),
        "script_hash": csp.hash_source(templating.render("report/script.js.j2").encode()),
    }
    return visible(templating.render(template, mark=_MARK, **hashes, **values))


def is_report(data: bytes) -> bool:
    """Whether a page is a report."""
    return _MARK.encode() in data[:_MARKED_BYTES]


def lasting(message: str) -> str:
    """Return a message without what differs from one run to the next."""
    return _OF_ONE_RUN.sub("", message)


class First:
    """Takes the first of each list: a page that repeats itself thousands of times must not bloat the report."""

    left_out = 0

    def of(self, items: Iterable[_Item]) -> tuple[_Item, ...]:
        every = tuple(items)
        self.left_out += len(every[_MOST:])
        return every[:_MOST]


def visible(text: str) -> str:
    """Return a text whose characters that cannot be seen are shown as escapes, except line breaks and tabs."""
    lines = text.split("\n")
    return "\n".join(line if line.isprintable() else "".join(map(_visible_character, line)) for line in lines)


def _visible_character(char: str) -> str:
    return char if char.isprintable() or char == "\t" else char.encode("unicode_escape").decode()
