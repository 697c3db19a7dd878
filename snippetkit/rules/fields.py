"""The page and the pixel of a rule, as people and spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.platforms import Ids
from snippetkit.sheets import Cell

DIGITS = Ids(later("[0-9]{1,20}"), "string of digits", "'snippetkit pixels list' shows it")
"""What ids look like where nothing else is said: as the API has them."""

_PAGES = "a page is a path on the site: /thanks.html, /shop/, /shop/*.html, /shop/**"
_NO_PAGES = (
    (later("\\A\\Z|[\x00-\x1f\x7f\ud800-\udfff]"), "is not a path"),
    (later(r"\\"), "has a backslash; write /"),
    (later(r"\A//|://"), "is a URL; leave the scheme and the host out"),
    (later(r"[?#]"), "has a query or a fragment, which are not part of a path"),
    (later(r"(?:\A|/)\.\.?(?:/|\Z)"), "goes through '.' or '..'"),
    (later(r"//"), "has an empty segment"),
    (later(r"[^/]\*\*|\*\*[^/]"), "has ** next to other text; write it alone between slashes"),
    (later(r"\A[A-Za-z]:/"), "is a path on a disk; write it as the site has it"),
    (later(r"[\s,;]/|\.html?[,;]\s*\S"), "names several pages; give each a row of its own"),
    (later(r"/\s|\.html?[\s,;][^/]*\Z"), "says more than a path"),
    (later(r"[<>{}]|/:|/\.\*|[\])]\+|\$\Z"), "has a placeholder or a regular expression; * stands for any text"),
    (
        later("[\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]"),
        "has a sign that is not seen; type it again",
    ),
    (later(r"\A\*(?!\*\Z)[^/]*\Z"), "does not say which folders; write /* and the like for the top one, /**/* for all"),
)
"""What a browser or a server does not read as the path of a page, or not as it looks."""

_PATH = later(r"/.*|.*\*.*|.*/|.*\.[A-Za-z][A-Za-z0-9]{1,7}", re.DOTALL)
_TOTALS = later(r"(grand )?total\b.*|sum|summe|gesamt.*|insgesamt|subtotal|zwischensumme|somme|suma", re.IGNORECASE)
NO_TOTALS = SettingError("is that of a total, or missing", hint="delete the row, or name its page")
"""What is wrong with a row that only has a value, or says of itself that it is a sum."""

_SPREADSHEET_DIGITS = 15
_NUMBERS = (
    (
        later(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+"),
        "as a spreadsheet shows a long number, whose last digits are lost",
    ),
    (later(r"[0-9]+[.,]0+"), "as pandas and spreadsheets write a whole number beside empty cells"),
    (later(r"[0-9]{1,3}(?:[.,'\s\u2019][0-9]{3})+"), "as a spreadsheet shows a number, with its digits in groups"),
)
_AS_TEXT = "put the id there as text (format the column as text first), from 'snippetkit pixels list' or the ad account"


def page(cell: Cell) -> str:
    """Return the page of a rule, with its leading slash.

    Raises:
        SettingError: it is not a path of a page on a site.
    """
    cell.check()
    text = cell.text
    for pattern, reason in _NO_PAGES:
        if pattern.search(text):
            raise SettingError(f"{text[:60]!r} {reason}", hint=_PAGES)
    if not _PATH.fullmatch(text):
        raise SettingError(f"{text[:60]!r} is not a path", hint=_PAGES)
    return f"/{text.removeprefix('/')}"


def is_total(page: Cell) -> bool:
    """Whether a row without a pixel is about no page: it names none, or a sum."""
    return page.is_empty or _TOTALS.fullmatch(page.text) is not None


def pixel_id(cell: Cell, ids: Sequence[Ids]) -> str:
    """Return the pixel of a rule.

    Args:
        cell: its id, as text, or as a number of which a spreadsheet keeps all digits.
        ids: what ids may look like, of which one has to fit.

    Raises:
        SettingError: it is no id.
    """
    cell.check()
    text = cell.text
    if cell.is_number and not re.fullmatch(f"[0-9]{{1,{_SPREADSHEET_DIGITS}}}", text):
        whose = (
            "of more than 15 digits, of which a spreadsheet loses the last" if text.isdecimal() else "with a fraction"
        )
        raise SettingError(f"is stored as a number {whose}: {text[:60]}", hint=_AS_TEXT)
    if any(one.pattern.fullmatch(text) for one in ids):
        return text
    if not text:
        raise SettingError("is empty", hint="name the pixel of the page in each row")
    for pattern, reason in _NUMBERS:
        if pattern.fullmatch(text):
            raise SettingError(f"{text[:60]!r} is not an id but {reason}", hint=_AS_TEXT)
    noun, hint = (ids[0].noun, ids[0].hint) if len(ids) == 1 else ("id of any platform", "")
    article = "an" if noun[0] in "aeiou" else "a"
    raise SettingError(f"{text[:60]!r} is not {article} {noun}", hint=hint)


def read_page(text: str) -> str:
    """Return the page of a rule, as somebody types it.

    Raises:
        SettingError: as `page`.
    """
    return page(Cell(text.strip()))


def read_pixel_id(text: str, ids: Sequence[Ids]) -> str:
    """Return the pixel of a rule, as somebody types it.

    Raises:
        SettingError: as `pixel_id`.
    """
    return pixel_id(Cell(text.strip()), ids)


def doubt(pixel: str) -> str:
    """Return what is doubtful about an id: zeros where a spreadsheet would have put them; empty if nothing is."""
    lost = pixel[_SPREADSHEET_DIGITS:]
    if not (pixel.isdecimal() and lost and not lost.strip("0")):
        return ""
    zeros = f"{len(lost)} zero{'s'[: len(lost) > 1]}"
    return f"{pixel} ends with {zeros}, as where a spreadsheet has kept 15 digits of an id: compare it"
