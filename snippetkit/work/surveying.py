"""The code that stands on the pages of a folder, as a file of code could hold it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SnippetkitError
from snippetkit.work.sent import Allowed, Sent, code_of_each, find_snippets
from snippetkit.work.worth import Value, with_value

if TYPE_CHECKING:
    from snippetkit.inject import Carried, Region
    from snippetkit.model import PageBytes, Snippet

_NOBODY = Value()
_ANY_AMOUNT = "1"


class Placed(NamedTuple):
    """An event that code on a page reports; `code` is what its pixel's regions hold, empty where it is in none."""

    carried: Carried
    code: str = ""


class Taken(NamedTuple):
    """The code of one pixel, what it has to be allowed, and itself with one value that is the same for all."""

    snippet: Snippet
    allowed: Allowed
    unvalued: str


def survey(page: PageBytes) -> list[Placed]:
    """Return what code is on a page."""
    from snippetkit import inject

    found = inject.find_code(page).carried
    codes = _codes(page.whole()) if any(one.is_managed for one in found) else {}
    return [Placed(one, codes.get((one.dialect, one.pixel_id), "") if one.is_managed else "") for one in found]


def _codes(data: bytes) -> Mapping[tuple[str, str], str]:
    """What the regions of each pixel hold, their scripts first."""
    from snippetkit import inject

    regions = sorted(inject.find_page_regions(data), key=lambda region: region.part, reverse=True)
    codes: dict[tuple[str, str], str] = {}
    for region in regions:
        for pixel_id in region.pixel_ids:
            key = (region.dialect, pixel_id)
            codes[key] = codes.get(key, "") + _lines(region)
    return codes


def _lines(region: Region) -> str:
    """The code of a region without the page's indentation, unless that may be inside one of its texts."""
    first, *lines = region.pixel_code.decode("utf-8", "surrogateescape").splitlines() or [""]
    indent = (region.layout.indent or b"").decode()
    is_indented = all(line.startswith(indent) for line in lines if line) and not any("`" in line for line in lines)
    return "\n".join([first, *(line.removeprefix(indent) if is_indented else line for line in lines), ""])


@lru_cache(maxsize=256)
def take(code: str, pixel_id: str) -> Taken:
    """Return the code of a pixel as a file that holds it is read.

    Raises:
        SnippetkitError: it would not be taken from a file.
    """
    from snippetkit import lint

    sent = Sent("its code", code)
    document, _ = find_snippets(sent, [pixel_id])
    findings = lint.find_untrusted(document)
    hosts = frozenset[str]().union(*(finding.hosts for finding in findings))
    allowed = Allowed(hosts, asked=frozenset(finding.asked for finding in findings if finding.asked))
    [snippet] = code_of_each(sent, [pixel_id], allowed, _NOBODY)
    return Taken(snippet, allowed, _with(snippet, _ANY_AMOUNT) or snippet.source)


def is_kept_by(snippet: Snippet, amount: str) -> bool:
    """Whether code stays as it is where an amount is set that it reports already."""
    return _with(snippet, amount) == snippet.source


def _with(snippet: Snippet, amount: str) -> str | None:
    """The code with an amount; None where no rule can set one."""
    with suppress(SnippetkitError, ArithmeticError):
        if snippet.value is not None and snippet.currency is not None:
            return with_value(snippet, Value(amount=amount, currency=snippet.currency)).source
    return None
