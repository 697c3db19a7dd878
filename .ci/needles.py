"""Make `snippetkit/needles/shipped.py` anew, from what the platforms say.

.venv/bin/python .ci/needles.py && .venv/bin/ruff format snippetkit/needles
"""

from __future__ import annotations

from pathlib import Path

from snippetkit import platforms
from snippetkit.needles import Anchored

TARGET = Path(__file__).parent.parent / "snippetkit" / "needles" / "shipped.py"
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


def _table(name: str, rows: tuple[Anchored, ...]) -> str:
    lines = [f"    ({_text(one.anchor)}, ({' '.join(f'{_text(text)},' for text in one.texts)}))," for one in rows]
    return "\n".join([f"{name} = (", *lines, ")", ""])


def _text(data: bytes) -> str:
    return f'b"{data.decode()}"'


if __name__ == "__main__":
    TARGET.write_text(make())
