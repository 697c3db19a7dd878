"""What `snippetkit verify` costs, as whole processes: seconds, CPU seconds and memory of all processes that it starts.

    python benchmarks/verifying.py [--pages 100] [--rounds 3] [--against CHECKOUT [--against-browser chromium]]
                                   [--puppeteer FOLDER] [--browser PROGRAM] [--rules 1000]

Beside it: another checkout of snippetkit, of which the ratio is told (its browser needs playwright), and bare loops of
playwright, and of puppeteer-core from a folder where `npm install puppeteer-core` was run. A loop opens each page in a
context of its own, one after the other, and waits for no more than `load`: it intercepts nothing and looks at nothing.
The commands take turns, so that whatever else the machine does hits all of them. Linux alone: what a browser leaves to
others is waited for as their subreaper. Memory is the most that was seen of all processes together, each shared page
counted once (PSS), every quarter of a second. `--rules` adds `export gtm --verify` of so many page rules, each with a
value of its own, and `report` over the pages.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from measuring import below, memory

from snippetkit import inject, snippets
from snippetkit.model import Loaded
from snippetkit.work import Rendering, make_insertion
from snippetkit.work.browsing import find_browser

HERE = Path(__file__).parent.parent
CODE = HERE / "tests" / "cases" / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
PLAYWRIGHT = """
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], chromium_sandbox=False)
    for path in sorted(Path(sys.argv[2]).iterdir()):
        context = browser.new_context(offline=True)
        context.new_page().goto(path.absolute().as_uri())
        context.close()
    browser.close()
"""
PUPPETEER = """
const puppeteer = require('puppeteer-core'), fs = require('fs'), path = require('path');
(async () => {
  const browser = await puppeteer.launch({ executablePath: process.argv[2], args: ['--no-sandbox'] });
  for (const name of fs.readdirSync(process.argv[3]).sort()) {
    const context = await browser.createBrowserContext(), page = await context.newPage();
    await page.setOfflineMode(true);
    await page.goto('file://' + path.resolve(process.argv[3], name));
    await context.close();
  }
  await browser.close();
})();
"""
REPORT = [sys.executable, "-m", "snippetkit", "report", "--timeout", "60", "-o"]
EXPORT = [sys.executable, "-m", "snippetkit", "export", "gtm", "--as", "html", "--from-file"]
_SUBREAPER = 36  # prctl(2)
_EVERY_S = 0.25


class Command(NamedTuple):
    """A command line, how often it loads a page, and the checkout whose code it runs."""

    line: list[str]
    visits: int
    checkout: Path = HERE


def write(folder: Path, pages: int) -> Path:
    """Write pages with conversion code into a new folder."""
    [snippet] = snippets.read(CODE.read_text("utf-8"))
    page = inject.apply(PAGE, inject.plan(Loaded(PAGE), make_insertion([snippet], Rendering())))
    folder.mkdir()
    for number in range(pages):
        (folder / f"{number:06}.html").write_bytes(page)
    return folder


def commands(asked: argparse.Namespace, work: Path) -> dict[str, Command]:
    """Return what is measured, by its name."""
    site, one = write(work / "site", asked.pages), write(work / "one", 1)
    verify = [sys.executable, "-m", "snippetkit", "verify", "--timeout", "60", "--browser"]
    found = {
        "verify, one page": Command([*verify, asked.browser, str(one)], 1),
        "verify": Command([*verify, asked.browser, str(site)], asked.pages),
        "verify --no-js": Command([*verify, asked.browser, str(site), "--no-js"], asked.pages),
        "verify --both": Command([*verify, asked.browser, str(site), "--both"], 2 * asked.pages),
        "playwright": Command([sys.executable, "-c", PLAYWRIGHT, asked.browser, str(site)], asked.pages),
    }
    if asked.rules:
        found["report"] = Command(
            [*REPORT, str(work / "report.html"), "--browser", asked.browser, str(site)], 2 * asked.pages
        )
        rules = [f"/thanks/{number}.html,6009125095680,{100 + number},USD\n" for number in range(asked.rules)]
        (work / "rules.csv").write_text("page,pixel,value,currency\n" + "".join(rules))
        export = [*EXPORT, str(CODE), "--pages", str(work / "rules.csv"), "-o", str(work / "gtm.json")]
        found["export --verify"] = Command([*export, "--verify", "--browser", asked.browser], asked.rules)
    if asked.puppeteer:
        (asked.puppeteer / "loop.cjs").write_text(PUPPETEER)
        line = ["node", str(asked.puppeteer / "loop.cjs"), asked.browser, str(site)]
        found["puppeteer"] = Command(line, asked.pages)
    if asked.against:
        found["verify, before"] = Command([*verify, asked.against_browser, str(site)], asked.pages, asked.against)
    return found


def watch(pid: int, ended: threading.Event, seen: list[int]) -> None:
    """Note, again and again, how many KiB a process and all below it have."""
    while not ended.wait(_EVERY_S):
        seen.append(sum(memory(one, "Pss:", "smaps_rollup") for one in (pid, *below(pid))))


def measure(command: Command) -> tuple[float, float, float]:
    """Return the seconds and the CPU seconds that a command takes, with all that it starts, and the most MB."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(command.checkout)}
    ended, seen = threading.Event(), [0]
    with subprocess.Popen(
        command.line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=command.checkout
    ) as process:
        watching = threading.Thread(target=watch, args=(process.pid, ended, seen))
        watching.start()
        status = process.wait()
        seconds = time.perf_counter() - start
        ended.set()
        watching.join()
    if status:
        sys.exit(f"{command.line} ended with {status}")
    try:
        while True:
            os.wait()
    except ChildProcessError:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, max(seen) / 1024


def main() -> None:
    """Print the medians of all rounds, a visit's CPU, and how many times less that is than before."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--browser", default=find_browser())
    parser.add_argument("--against", type=Path)
    parser.add_argument("--against-browser", default="chromium")
    parser.add_argument("--puppeteer", type=Path)
    parser.add_argument("--rules", type=int, default=0)
    asked = parser.parse_args()
    if asked.browser is None:
        sys.exit("no Chromium here (Debian: apt install chromium-headless-shell)")
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as folder:
        named = commands(asked, Path(folder))
        taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in named}
        for _ in range(asked.rounds):
            for name, command in named.items():
                taken[name].append(measure(command))
    middle = {name: [statistics.median(one) for one in zip(*rounds, strict=True)] for name, rounds in taken.items()}
    title = f"{asked.pages} pages, medians of {asked.rounds} rounds"
    print(f"{title:34} seconds   CPU s   CPU ms a visit   visits a second      MB")
    for name, (seconds, cpu, peak) in middle.items():
        visits = named[name].visits
        print(
            f"{name:34} {seconds:7.2f} {cpu:7.2f}   {cpu / visits * 1000:14.0f}   {visits / seconds:15.1f} {peak:7.0f}"
        )
    if asked.against:
        ratios = [before / now for before, now in zip(middle["verify, before"], middle["verify"], strict=True)]
        print(f"{ratios[0]:.2f} times less time, and {ratios[1]:.2f} times less CPU than before")


if __name__ == "__main__":
    main()
