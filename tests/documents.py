"""The README and the pages of docs/: what they say, and what their examples are typed into."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
DOCUMENTS = {"README.md": README} | {f"docs/{name}": text for name, text in PAGES.items()}
TOGETHER = "\n".join(DOCUMENTS.values())


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of `text` that are marked with `language`."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[tuple[str, str]]:
    """Each command line of the console blocks of `text`, and what it is shown to print."""
    steps = [step for block in blocks(text, "console") for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, shown) for command, _, shown in (step.partition("\n") for step in steps)]
