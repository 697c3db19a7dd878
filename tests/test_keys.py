"""What `sync` says names keys of the project file, where other commands have an option."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import snippetkit
from snippetkit import project
from snippetkit.cli import sync

KEYS = {
    one.name
    for table in (project.CodeSettings, project.Site, project.ExportSettings, project.Sheet)
    for one in fields(table)
}
KEYS |= {one.name for table in (project.PixelSettings, project.RuleSettings) for one in fields(table)}
TOLD = {
    "--hidden-rows skip leaves them out, --hidden-rows take takes them": (
        'sheet = { file = .., hidden_rows = "skip" } leaves them out, sheet = { file = .., hidden_rows = "take" } takes'
        " them"
    ),
    "--sheet 'EU 1' takes it": 'sheet = { file = .., name = "EU 1" } takes it',
    "--allow 'consent:grant' allows it": 'allow = ["consent:grant"] allows it',
    "--allow-host a.example --allow-host b.example allows it": 'allow_hosts = ["a.example", "b.example"] allows it',
    "--adopt=replace puts": 'adopt = "replace" puts',
    "--adopt puts": "adopt = true puts",
    "'inject --adopt' marks it again": "'inject --adopt' marks it again",
    "--on-conflict rename keeps both": 'on_conflict = "rename" keeps both',
    "--event NAME says which": "event says which",
    "--event-id gives it one, --force leaves it out": "event_id gives it one, --force leaves it out",
    "--server-values takes it, with php": "server_values takes it, with php",
    "'snippetkit remove --key fp:1' first": "'snippetkit remove --key fp:1' first",
}


@pytest.mark.parametrize("text", TOLD)
def test_an_option_is_a_key_of_the_file(text: str) -> None:
    assert sync.in_keys(text) == TOLD[text]


def test_each_key_is_one_that_the_file_has_and_no_option_is_one_of_syncs() -> None:
    told = {**sync._BARE, **sync._VALUED}
    for option, text in told.items():
        assert {*re.findall(r"\b[a-z_]{2,}\b(?= =|\Z)", text)} - {"sheet", "file", "true"} <= KEYS, option
    assert not {opt for param in sync.command.params for opt in param.opts} & told.keys()


def test_a_hint_that_has_other_words_here_is_one_that_is_given_elsewhere() -> None:
    texts = [path.read_text("utf-8") for path in Path(snippetkit.__file__).parent.rglob("*.py")]
    assert all(sum(f'"{hint}"' in text for text in texts) > 1 for hint in sync.HINTS)


ROOMS = "containers exports files graph html inject lint money platforms rules run sheets snippets templating work"
# What comes of no project: what sync does not do, of another command, or of git.
ELSEWHERE = {
    "containers/from_rules.py": {"--pages"}, "containers/page_rules.py": {"--page-contains"},
    "work/browsing.py": {"--browser", "--live", "--navigate"}, "work/on_site.py": {"--site"},
    "work/crawling.py": {"--crawl", "--max-depth", "--max-pages"}, "work/web.py": {"--timeout"},
    "exports/zaraz/__init__.py": {"--data"}, "graph/specs.py": {"--key"}, "inject/restoring.py": {"--key"},
}  # fmt: skip
NO_PROJECT = {"files/known.py", "run/connecting.py", "run/remote.py", "work/revisions.py"}


def test_what_sync_can_say_names_no_option_that_it_does_not_have() -> None:
    """A text in a room that sync comes to names a key, an option of its own, or a command with its option."""
    own = {option for param in sync.command.params for option in param.opts}
    house = Path(snippetkit.__file__).parent
    rooms = (path for room in ROOMS.split() for path in (*house.glob(f"{room}.py"), *house.glob(f"{room}/**/*.py")))
    left = {}
    for path in rooms:
        name = path.relative_to(house).as_posix()
        for text in _texts(ast.parse(path.read_text("utf-8"))) if name not in NO_PROJECT else ():
            told = re.sub(r"'[a-z -]+ --[^']*'", "", sync.in_keys(text))
            options = {*re.findall(r"(?<![\w-])--[a-z][a-z-]+", told)} - own - ELSEWHERE.get(name, set())
            if options:
                left[f"{name}: {text}"] = options
    assert left == {}


def _texts(tree: ast.Module) -> Iterator[str]:
    """The texts of a module that are no docstrings; of a formatted one, its own words."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(value) for node in joined for value in node.values}
    for node in joined:
        yield "".join(str(value.value) if isinstance(value, ast.Constant) else "x" for value in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone | inside:
            yield node.value
