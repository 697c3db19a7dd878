"""BeautifulSoup as a second reader of what the API answers, which shares no line of code with ours.

Through a fault of ours, we and a browser could see different things in a text. If a parser made by others sees the
same elements with the same attributes, that is far less likely; if it does not, the code is not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from snippetkit.errors import SnippetError

_OURS = frozenset({"script", "noscript"})


class Seen(NamedTuple):
    """An element as a reader sees it: its name, its attributes as they stand, and the text of a script."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""


def read_again(code: str) -> list[Seen]:
    """Return the scripts and the noscripts of code, and after each noscript its content, as BeautifulSoup sees them.

    Raises:
        SnippetError: it cannot read the code.
    """
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    raw = code.replace("&", "&amp;")  # so that references stay as they stand: only the structure is compared
    try:
        soup = BeautifulSoup(raw, "html.parser", multi_valued_attributes=None)
    except ParserRejectedMarkup as error:
        raise SnippetError("the code is not valid HTML") from error
    elements = [element for element in soup.find_all(True) if element.name in _OURS or element.find_parent("noscript")]
    return [Seen(one.name, _texts(one.attrs), _script_text(one.name, one.get_text())) for one in elements]


def _texts(attributes: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in attributes.items()}


def _script_text(name: str, text: str) -> str:
    return text.replace("&amp;", "&") if name == "script" else ""
