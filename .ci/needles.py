"""Make `snippetkit/needles/shipped.py` and `snippetkit/platforms/shipped.py` anew, from what the platforms say.

.venv/bin/python .ci/needles.py && .venv/bin/ruff format snippetkit/needles snippetkit/platforms
"""

from __future__ import annotations

from pathlib import Path

from snippetkit import platforms
from snippetkit.needles import Anchored
from snippetkit.platforms.listing import make_list as outlines
from snippetkit.platforms.needles import make_bare_marks
from snippetkit.platforms.outline import Outline
from snippetkit.platforms.vocabulary import make_reporting

PACKAGE = Path(__file__).parent.parent / "snippetkit"
TARGETS = (PACKAGE / "needles" / "shipped.py", PACKAGE / "platforms" / "shipped.py")
LIST = '''"""The dialects that are shipped, as `.ci/needles.py` lists them."""

from __future__ import annotations

from snippetkit.javascript import Reporting
from snippetkit.platforms.outline import Outline

'''
HEAD = '''"""The needles of the platforms that are shipped, as `.ci/needles.py` makes them."""

from __future__ import annotations

from functools import cache

from snippetkit.needles.anchored import Anchored, Needles

'''
TAIL = '''

@cache
def find_shipped() -> Needles:
    """Return the needles of the platforms that are shipped."""
    names = (Anchored(anchor, texts, is_word=True) for anchor, texts in _NAMES)
    urls = (Anchored(anchor, texts, is_word=False) for anchor, texts in _URLS)
    return Needles(tuple(names), tuple(urls))
'''


def make() -> str:
    """Return the module's text."""
    needles = platforms.make_needles()
    return f"{HEAD}{_table('_NAMES', needles.names)}{_table('_URLS', needles.urls)}{TAIL}"


def make_list() -> str:
    """Return the text of the module with the list of dialects."""
    rows = "".join(f"    {_row(one)},\n" for one in outlines())
    sets = ", ".join(f"{name}=frozenset({{{', '.join(map(_text, sorted(texts)))}}})" for name, texts in _reporting())
    bare = " ".join(f"{_text(mark.encode())}," for mark in sorted(make_bare_marks()))
    return f"{LIST}SHIPPED = (\n{rows})\nREPORTING = Reporting({sets})\nBARE_MARKS = frozenset({{{bare}}})\n"


def _reporting() -> list[tuple[str, frozenset[bytes]]]:
    return [(name, texts) for name, texts in make_reporting()._asdict().items() if texts]


def _row(one: Outline) -> str:
    told = (f"{name}={value!r}" for name, value in one._asdict().items() if value != one._field_defaults.get(name))
    return f"Outline({', '.join(told)})"


def _table(name: str, rows: tuple[Anchored, ...]) -> str:
    lines = [f"    ({_text(one.anchor)}, ({' '.join(f'{_text(text)},' for text in one.texts)}))," for one in rows]
    return "\n".join([f"{name} = (", *lines, ")", ""])


def _text(data: bytes) -> str:
    return f'b"{data.decode()}"'


if __name__ == "__main__":
    for target, text in zip(TARGETS, (make(), make_list()), strict=True):
        target.write_text(text)
