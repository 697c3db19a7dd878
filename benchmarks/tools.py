"""The tools that are measured: the floors in C, cp and perl, the peers of Python and Node, and snippetkit."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from pathlib import Path

import corpus
from builds import ROOT, command
from measuring import HERE, Bench, Command, Step, say

CODE = HERE.parent / "tests" / "cases" / "code" / "fp.html"
PIXEL_ID = "6009125095680"
PYTHON_PACKAGES = ["python-lolhtml", "turbohtml", "lxml", "beautifulsoup4"]
NODE_PACKAGES = ["parse5-html-rewriting-stream", "cheerio"]
PERL = "BEGIN { open F, shift; $code = <F> } s{(</head>)}{$code$1}i"

READ, INSERT, COPY = "C read", "C insert", "cp -r"
BEFORE = "snippetkit before"


def probe() -> str:
    """Return the script that all tools but ours insert: the one of the code that ours inserts, with an id."""
    code = CODE.read_text("utf-8")
    start, end = code.index("<script"), code.index("</script>")
    return f'<script id="probe"{code[start + len("<script") : end]}</script>\n'


def floors(bench: Bench) -> list[Step]:
    """Return what no tool can go below, with one process and with two, and `cp -r`."""
    code = bench.folder / "probe.html"
    code.write_text(probe(), "utf-8")
    floor = str(bench.floor)
    steps = [Step(READ, lambda pages, work: [floor, "read", str(pages), "1"], READ, "absent")]
    steps += [Step(f"{READ}, 2 processes", lambda pages, work: [floor, "read", str(pages), "2"], READ, "absent")]
    for name, processes in ((INSERT, "1"), (f"{INSERT}, 2 processes", "2")):
        steps.append(Step(name, functools.partial(_insert, floor, processes, str(code)), INSERT))
    return [*steps, Step(COPY, lambda pages, work: ["cp", "-r", str(pages), str(work)], INSERT, "absent")]


def _insert(floor: str, processes: str, code: str, pages: Path, work: Path) -> Command:
    return [floor, "insert", str(work), processes, code]


def perl(bench: Bench) -> Step:
    """Return `perl -0777 -pi`, one process for as many files as fit on a command line."""
    perl = ["perl", "-0777", "-pi", "-e", PERL, str(bench.folder / "probe.html")]
    script = "find \"$0\" -type f \\( -name '*.html' -o -name '*.htm' \\) -print0 | xargs -0 -s 1000000 \"$@\""
    return Step("perl -i", lambda pages, work: ["sh", "-c", script, str(work), *perl], INSERT)


def python_peers(bench: Bench) -> list[Step]:
    """Return the Python peers, in the environment in the cache; installs what is missing."""
    python = str(corpus.python())
    installed = [python, "-c", "import lolhtml, turbohtml, lxml, bs4"]
    if subprocess.run(installed, stderr=subprocess.DEVNULL).returncode:
        subprocess.run([python, "-m", "pip", "install", "-q", *PYTHON_PACKAGES], check=True, stdout=sys.stderr)
    peer = functools.partial(_peer, bench, python, HERE / "peers")
    return [
        peer("Python, first </head>", "first_head_end.py"),
        peer("lol-html (Python)", "lol_html.py"),
        peer("turbohtml.rewrite", "turbohtml_rewrite.py"),
        peer("lxml", "lxml_html.py"),
        peer("BeautifulSoup", "beautifulsoup.py", sampled=True),
    ]


def node_peers(bench: Bench) -> list[Step]:
    """Return the Node peers, or none where Node or its packages cannot be had; says so."""
    folder = corpus.cache_folder() / "node"
    folder.mkdir(parents=True, exist_ok=True)
    if not (shutil.which("node") and shutil.which("npm")):
        say("the Node peers are left out: no node and npm here")
        return []
    if not all((folder / "node_modules" / package).is_dir() for package in NODE_PACKAGES):
        install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), *NODE_PACKAGES]
        if subprocess.run(install, stdout=sys.stderr).returncode:
            say("the Node peers are left out: npm could not install them")
            return []
    for program in (HERE / "peers").glob("*.mjs"):  # a module's imports are looked for beside it
        shutil.copyfile(program, folder / program.name)
    peer = functools.partial(_peer, bench, "node", folder)
    return [
        peer("parse5 rewriting stream", "parse5_rewriting.mjs", sampled=True),
        peer("cheerio", "cheerio.mjs", sampled=True),
    ]


def _peer(bench: Bench, runtime: str, folder: Path, name: str, program: str, *, sampled: bool = False) -> Step:
    code = str(bench.folder / "probe.html")
    command = [runtime, str(folder / program)]
    return Step(name, lambda pages, work: [*command, str(work), code], INSERT, sampled=sampled)


@functools.cache
def has(option: str, *verbs: str) -> bool:
    """Tell whether these commands of snippetkit have an option."""
    commands = [[sys.executable, "-m", "snippetkit", verb, "--help"] for verb in verbs]
    return all(option in subprocess.run(command, capture_output=True, text=True).stdout for command in commands)


def snippetkit(jobs: int, folder: Path = ROOT) -> list[Step]:
    """Return the first run, the two runs with nothing to do, and the removal, one behind the other on one copy.

    Args:
        jobs: how many processes.
        folder: that of the build.
    """
    insert = ["--from-file", str(CODE)]
    run = functools.partial(ours, folder, jobs)
    name = f"{'snippetkit' if folder == ROOT else BEFORE}, {jobs} job{'s' if jobs > 1 else ''}"
    return [
        Step(f"{name}: first run", functools.partial(run, "inject", insert), INSERT),
        Step(f"{name}: no change", functools.partial(run, "inject", insert), READ, "keep"),
        Step(f"{name}: --check", functools.partial(run, "inject", [*insert, "--check"]), READ, "keep"),
        Step(f"{name}: remove", functools.partial(run, "remove", []), INSERT, "keep"),
    ]


def ours(folder: Path, jobs: int, verb: str, options: Command, pages: Path, work: Path) -> Command:
    """Return a command of a build, as the interpreter that runs the benchmark has it."""
    number = ["--jobs", str(jobs)] if has("--jobs", "inject", "remove") else []
    return command(folder, verb, str(work), *options, *number)


def start_ups(bench: Bench) -> list[Step]:
    """Return what a process takes before its first page."""
    empty = bench.folder / "empty"
    empty.mkdir(exist_ok=True)
    return [
        Step("start-up: python", lambda pages, work: [sys.executable, "-c", "pass"], start="absent"),
        Step(
            "start-up: snippetkit inject, no pages",
            lambda pages, work: ours(ROOT, 1, "inject", ["--from-file", str(CODE)], pages, empty),
            start="absent",
        ),
    ]
