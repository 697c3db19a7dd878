"""What the styles of an .ods say: which text is struck through, which sheets and columns are not shown.

OpenDocument 1.3, part 3: 16.2 (styles and their parents), 20.370 and 20.375 (`style:text-line-through-*`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

of = "{{urn:oasis:names:tc:opendocument:xmlns:{}:1.0}}{}".format
"""Return the full name of an element or an attribute, by its prefix and its own name."""

COLUMNS, VISIBILITY = of("table", "number-columns-repeated"), of("table", "visibility")
DEFAULT = of("table", "default-cell-style-name")
MOST_COLUMNS = 16384
"""How many columns spreadsheets have."""

_COLUMN = of("table", "table-column")
_STYLE, _NAME, _PARENT, _FAMILY = (of("style", name) for name in ("style", "name", "parent-style-name", "family"))
_OF_TEXT, _OF_TABLE = (of("style", name) for name in ("text-properties", "table-properties"))
_THROUGH = tuple(of("style", f"text-line-through-{name}") for name in ("style", "type"))
_DISPLAY = of("table", "display")
_Key = tuple[str | None, str | None]


class Styles(NamedTuple):
    """The names of styles whose text is struck through, of cells and of parts of a text, and that hide a sheet."""

    struck_cells: frozenset[str] = frozenset()
    struck_texts: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


class Across(NamedTuple):
    """Of a sheet, the columns that are hidden, and those whose cells are struck through unless they say otherwise."""

    hidden: frozenset[int]
    struck: frozenset[int]


def read(documents: Sequence[Element]) -> Styles:
    """Return the styles of a workbook's documents: those that people name, and those of single cells."""
    styles = {(one.get(_FAMILY), one.get(_NAME)): one for document in documents for one in document.iter(_STYLE)}
    struck = {key for key in styles if _is_struck(styles, key)}
    hidden = {key for key, style in styles.items() if _hides(style)}
    return Styles(_named(struck, "table-cell"), _named(struck, "text"), _named(hidden, "table"))


def _named(keys: Collection[_Key], family: str) -> frozenset[str]:
    return frozenset(name for of_family, name in keys if of_family == family and name)


def _is_struck(styles: Mapping[_Key, Element], key: _Key) -> bool:
    """Whether a style strikes its text through: what it does not say, its parent says."""
    seen = set[_Key]()
    while key in styles and key not in seen:
        seen.add(key)
        told = [properties.get(name) for properties in styles[key].iter(_OF_TEXT) for name in _THROUGH]
        if any(told):
            return any(one not in {None, "none"} for one in told)
        key = (key[0], styles[key].get(_PARENT))
    return False


def _hides(style: Element) -> bool:
    return any(properties.get(_DISPLAY) == "false" for properties in style.iter(_OF_TABLE))


def count(element: Element, name: str) -> int:
    """Return how often something is repeated, by an attribute."""
    told = element.get(name, "1")
    return int(told) if told.isdecimal() else 1


def across(table: Element, styles: Styles) -> Across:
    """Return what the columns of a sheet say."""
    hidden, struck, at = set[int](), set[int](), 0
    for column in table.iter(_COLUMN):
        columns = range(at, min(at + count(column, COLUMNS), MOST_COLUMNS))
        hidden |= {*columns} if column.get(VISIBILITY, "visible") != "visible" else set()
        struck |= {*columns} if column.get(DEFAULT) in styles.struck_cells else set()
        at = columns.stop
    return Across(frozenset(hidden), frozenset(struck))
