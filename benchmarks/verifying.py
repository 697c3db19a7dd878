"""How long `snippetkit verify` takes, as whole processes, beside a bare loop over the same pages in the same browser.

    python benchmarks/verifying.py [PAGES] [ROUNDS]

The loop opens each page in a context of its own, one after the other, and waits for no more than `load`: it intercepts
nothing and looks at nothing. The commands take turns, so that whatever else the machine does hits all of them.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from snippetkit import inject, snippets
from snippetkit.model import Loaded
from snippetkit.work import Rendering, make_insertion
from snippetkit.work.browsing import find_browser

CODE = Path(__file__).parent.parent / "tests" / "cases" / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
BARE = """
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], chromium_sandbox=False)
    for path in sorted(Path(sys.argv[2]).iterdir()):
        context = browser.new_context(java_script_enabled=sys.argv[3] == "on", offline=True)
        context.new_page().goto(path.absolute().as_uri())
        context.close()
    browser.close()
"""
VERIFY = "from snippetkit.cli import main; main()"


def _write(folder: Path, pages: int) -> Path:
    [snippet] = snippets.read(CODE.read_text("utf-8"))
    page = inject.apply(PAGE, inject.plan(Loaded(PAGE), make_insertion([snippet], Rendering())))
    folder.mkdir()
    for number in range(pages):
        (folder / f"{number:06}.html").write_bytes(page)
    return folder


def _commands(work: Path, pages: int) -> dict[str, tuple[int, list[str]]]:
    """The command lines, and how often each loads a page."""
    browser = find_browser()
    if browser is None:
        sys.exit("no Chromium here (Debian: apt install chromium-headless-shell)")
    site, one = _write(work / "site", pages), _write(work / "one", 1)
    verify = [sys.executable, "-c", VERIFY, "verify", "--timeout", "60"]
    bare = [sys.executable, "-c", BARE, browser, str(site)]
    return {
        "verify, one page": (1, [*verify, str(one)]),
        "verify": (pages, [*verify, str(site)]),
        "verify --no-js": (pages, [*verify, "--no-js", str(site)]),
        "verify --both": (2 * pages, [*verify, "--both", str(site)]),
        "bare loop": (pages, [*bare, "on"]),
        "bare loop, no JavaScript": (pages, [*bare, "off"]),
    }


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the best and the median of all rounds, and the visits per second when a run of one page is taken off."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        commands = _commands(Path(folder), pages)
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, (_, command) in commands.items():
                taken[name].append(_seconds(command))
    start_up = min(taken["verify, one page"])
    print(f"{pages} pages, {rounds} rounds         best     median   visits per second (best)")
    for name, (visits, _) in commands.items():
        best, median = min(taken[name]), statistics.median(taken[name])
        rate = f"{(visits - 1) / (best - start_up):6.1f}" if visits > 1 and best > start_up else "     -"
        print(f"{name:26} {best:7.2f} s  {median:7.2f} s   {rate}")


if __name__ == "__main__":
    main()
