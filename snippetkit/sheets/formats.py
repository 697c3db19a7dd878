"""What a spreadsheet shows of a number that it stores (ECMA-376, part 1, 18.8.31: number formats)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal
from functools import cache
from typing import NamedTuple

from snippetkit.patterns import later
from snippetkit.sheets.cells import Cell

_TOKENS = later(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<sign>[^\]-]*)[^\]]*\]|\[(?P<condition>[<>=][^\]]*)\]|\[[^\]]*\]'
    r"|(?P<general>(?i:general|standard))|(?P<digits>[0#?]+)|(?P<point>\.)|(?P<comma>,)|(?P<other>[%/@]|[Ee][+-])"
    r"|(?P<section>;)|(?P<plain>.)",
    re.DOTALL,
)
_MISLEADS = later(r"[0-9]|(?<![^\W\d_])[.,]")
_BESIDE = " ()+-'\u2019\u00a0\u202f"
_AS_SHOWN = Context(prec=15)
_AS_STORED = later(r"@?")


class _Format(NamedTuple):
    """How numbers are shown: with how many decimals, None for all; beside what; and whether not as they are stored."""

    decimals: int | None = None
    sign: str = ""
    trouble: str = ""


def show(number: int | float, code: str) -> Cell:
    """Return a stored number as a cell, by the code of its format.

    A spreadsheet shows 15 digits of a number at most, and that is what is taken of it.
    """
    told = str(number) if isinstance(number, int) else repr(number)
    form = _read(code)
    if form.trouble:
        hint = "format the column as a plain number, and check that it is the right one"
        return Cell(fault=f"is stored as {told}, and {form.trouble}, by the format {code[:40]!r}", hint=hint)
    if isinstance(number, int):
        return Cell(told, True, form.sign, bool(form.decimals))
    stored = _AS_SHOWN.create_decimal(told)
    if not stored.is_finite() or "e" in told:
        return Cell(told, True, form.sign)
    rounded = stored if form.decimals is None else round(stored, form.decimals)
    note = "" if rounded == stored else f"is shown as {rounded}, and {stored:f} is used"
    return Cell(_plain(stored), True, form.sign, bool(form.decimals), note=note)


def _plain(stored: Decimal) -> str:
    """The digits of a number; a whole one that is stored with a fraction keeps it, as `1999.0`."""
    told = f"{stored:f}"
    return told if "." in told else f"{told}.0"


@cache
def _read(code: str) -> _Format:
    if _AS_STORED.fullmatch(code):
        return _Format()
    sections = [*_sections(code)]
    has_conditions = any(match["condition"] for section in sections for match in section)
    read = [_read_section(section) for section in (sections if has_conditions else sections[:1])]
    trouble = next((form.trouble for form in read if form.trouble), "")
    if len({form.sign for form in read}) > 1:
        trouble = trouble or "shown with other signs where it is larger or smaller"
    return _Format(max((form.decimals for form in read), key=lambda decimals: decimals or 0), read[0].sign, trouble)


def _sections(code: str) -> Iterator[list[re.Match[str]]]:
    section: list[re.Match[str]] = []
    for match in _TOKENS.finditer(code):
        if match["section"]:
            yield section
            section = []
        else:
            section.append(match)
    yield section


def _read_section(section: list[re.Match[str]]) -> _Format:
    beside = "".join(match["quoted"] or match["escaped"] or match["sign"] or match["plain"] or "" for match in section)
    shape = "".join(
        "0" * len(match["digits"]) if match["digits"] else match["point"] or match["comma"] or match["other"] or ""
        for match in section
    )
    if any(match["general"] for match in section):
        return _Format(None, beside.strip(_BESIDE), _trouble(f"0{shape}", "0", beside))
    whole, _, rest = shape.partition(".")
    decimals = len(rest.replace(",", ""))
    return _Format(decimals, beside.strip(_BESIDE), _trouble(shape, whole, beside))


def _trouble(shape: str, whole: str, beside: str) -> str:
    if "%" in shape:
        return "shown as a percentage"
    if whole.endswith(",") or shape.endswith(","):
        return "shown divided by a thousand"
    if re.search("[/@Ee]", shape) or "0" not in shape:
        return "shown in another form"
    return "shown with other digits or marks" if _MISLEADS.search(beside) else ""
