"""Make the pictures in docs/images anew: `snippetkit demo` as a terminal shows it, and the report of its pages.

Run by hand where Chromium is, with the extra docs: `.venv/bin/python .ci/pictures.py`.
"""

from __future__ import annotations

import os
import pty
import re
import sys
import time
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

from snippetkit.work.browsing import find_browser

IMAGES = Path(__file__).parent.parent / "docs" / "images"
COMMANDS = (
    "snippetkit demo",
    "snippetkit status snippetkit-demo",
    "snippetkit verify snippetkit-demo --both",
    "snippetkit remove snippetkit-demo",
)
COLUMNS = 136
REPORT_PIXELS = {"width": 900, "height": 700}
PAUSE_S = 1.5  # for people to read what stands there
_ABOUT_THE_MACHINE = "the machine is slow"
_ANIMATION = "@keyframes appear {from {opacity: 0}}"
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # rich's are on another host
_LINE = re.compile(r'clip-path="url\(#[\w-]+-line-(\d+)\)"')


def main() -> None:
    """Write both pictures."""
    IMAGES.mkdir(exist_ok=True)
    sys.stdout.flush()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ |= {"COLUMNS": str(COLUMNS), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        (IMAGES / "demo.svg").write_text(_animate(*_record()), "utf-8")
        _run("snippetkit demo")
        _run("snippetkit report snippetkit-demo")
        _photograph(Path(folder, "report.html"))


def _record() -> tuple[list[str], list[float]]:
    """Return each line of a terminal in which the commands are typed, and the second in which it appears."""
    lines: list[str] = []
    at_s: list[float] = []
    shift_s, start = 0.0, time.monotonic()
    for command in COMMANDS:
        shift_s += PAUSE_S
        began = time.monotonic()
        seen = [(moment, line) for moment, line in _run(command) if not line.startswith(_ABOUT_THE_MACHINE)]
        printed = [(began, f"$ {command}"), *seen, (time.monotonic(), "")]
        lines += [line for _, line in printed]
        at_s += [moment - start + shift_s for moment, _ in printed]
    return lines, at_s


def _run(command: str) -> list[tuple[float, str]]:
    """Return each line that a command prints on a terminal of its own, and when."""
    printed: list[tuple[float, str]] = []
    rest = b""

    def keep(terminal: int) -> bytes:
        nonlocal rest
        data = os.read(terminal, 65536)
        *whole, rest = (rest + data).split(b"\r\n")
        printed.extend((time.monotonic(), line.decode().rpartition("\r")[2]) for line in whole)
        return b"\0" if data else data  # what is returned is shown on our own terminal

    pty.spawn(command.split(), keep)
    return printed


def _animate(lines: list[str], at_s: list[float]) -> str:
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    for line in lines:
        console.print(Text.from_ansi(line), no_wrap=True, overflow="ellipsis", crop=True)
    drawing = _FONTS.sub("", console.export_svg(title="snippetkit", unique_id="t"))
    drawing = drawing.replace("<style>", f"<style>\n    {_ANIMATION}", 1)

    def at(match: re.Match[str]) -> str:
        return f'{match[0]} style="animation: appear 1ms {at_s[int(match[1])]:.1f}s both"'

    return re.sub(r"[ \t]+$", "", _LINE.sub(at, drawing), flags=re.MULTILINE)


def _photograph(report: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser())
        page = browser.new_page(viewport=REPORT_PIXELS)
        page.goto(report.as_uri())
        page.screenshot(path=IMAGES / "report.png")
        browser.close()


if __name__ == "__main__":
    main()
