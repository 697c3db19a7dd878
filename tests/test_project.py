"""`snippetkit.toml`: what may stand there, what is wrong with which line, and the schema that says the same."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import project
from snippetkit.errors import SettingError
from snippetkit.money import MAX_VALUE_CENTS
from snippetkit.project import Draft, DraftedPixel, DraftedRule, ProjectFile, to_toml
from snippetkit.terms import Placement
from tests.conftest import PIXEL_ID, Run

FULL = """\
templates_dir = "templates"
sheet = "pixels.csv"

[api]
url = "sandbox:"
version = "v26.0"
token_file = "token"
token_in = "query"
cache = false
account = "434566956589050"

[code]
kind = "meta"
file = "mail.html"
event = "Lead"
event_id = "1"
allow_hosts = ["cdn.example.com"]
allow = ["consent:grant"]
server_values = ["php"]

[pixels.checkout]
id = "6009125095680"
kind = "conversion"
file = "mail.html"
event = "Purchase"
event_id = "2"
allow_hosts = []
allow = []
server_values = []

[[rules]]
page = "/thanks.html"
pixel = "checkout"
value = 1999
amount = "19.99"
currency = "USD"

[[sites]]
name = "shop"
paths = ["public"]
include = [
  "*.html",  # pages
  "*.php",
]
exclude = ["drafts/"]
gitignore = false
follow_links = true
placement = "head-top"
whole_in_head = true
nonce = "abc"
template = "clean"
variables = { nonce = "abc" }
lazy_noscript = true
adopt = "replace"
fragments = true
server_code = true
prune = false
sheet = "shop.csv"
rules = [
  { page = "/a", pixel = "x" },
  # a note
  { page = "/b", pixel = "x" }, { page = "/c", pixel = "x", value = 5 },
  { page = "/d", pixel = "x" }]

[[sites]]
paths = ["blog"]
adopt = true

[[sites.rules]]
page = '''
/e'''
pixel = "x"

[[sites.rules]]
page = "/f"
pixel = "x"

[[exports]]
format = "gtm"
file = "build/gtm.json"
into = "container.json"
on_conflict = "rename"
formats = ["gtm"]
tags_as = "html"
variant = "both"
consent = "none"
site = "shop"
sheet = { file = "tags.xlsx", name = "Tags", hidden_rows = "skip", allow_empty_values = true, allow_zero_values = true }
rules = []

[[exports.events]]
on_event = "purchase"
pixel = "x"
value_key = "ecommerce.value"
currency_key = "ecommerce.currency"
order_key = "id"
value = 1
amount = 0.01
currency = "USD"
"""
SCHEMA = project.json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def _parsed(text: str, name: str = "snippetkit.toml") -> ProjectFile:
    found = project.parse(text, name)
    assert found
    return found


def _refusal(text: str) -> str:
    with pytest.raises(SettingError) as refused:
        project.parse(text, "snippetkit.toml")
    return refused.value.with_hint()


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _with(path: tuple[str | int, ...], value: Any, name: str | int | None = None) -> dict[str, Any]:
    """The full document with another value at a place, or the same under another name."""
    document: Any = tomllib.loads(FULL)
    owner = document
    for key in path[:-1]:
        owner = owner[key]
    if name is None:
        owner[path[-1]] = value
    else:
        owner[name] = owner.pop(path[-1])
    return document  # type: ignore[no-any-return]


def _toml(document: dict[str, Any]) -> str:
    """A document as TOML: each table inline, which JSON nearly is."""
    return "".join(f"{json.dumps(key)} = {_inline(value)}\n" for key, value in document.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inline(inner)}" for key, inner in value.items()) + "}"
    return f"[{', '.join(map(_inline, value))}]" if isinstance(value, list) else json.dumps(value)


# the reader and the schema


def test_the_shipped_schema_is_made_of_what_the_reader_goes_by(run: Run) -> None:
    """To make it anew: snippetkit init --schema > snippetkit/project/snippetkit.schema.json"""
    shipped = Path(project.__file__).with_name("snippetkit.schema.json").read_text("utf-8")
    assert json.loads(shipped) == SCHEMA
    assert run("init", "--schema").out == shipped
    VALIDATOR.check_schema(SCHEMA)


def test_both_take_every_key() -> None:
    document = tomllib.loads(FULL)
    VALIDATOR.validate(document)
    _parsed(FULL)
    told = {key for path in _paths(document) for key in path if isinstance(key, str)} - {"checkout"}
    assert {key for path in _paths(SCHEMA) for key in _property(path)} == told


def _property(path: tuple[str | int, ...]) -> list[str]:
    """The key that a place in the schema is about."""
    return [str(path[-1])] if path[-2:-1] == ("properties",) else []


_PLACES = [*_paths(tomllib.loads(FULL))]
WRONG = st.sampled_from([True, 7, "other", 1.5, [], ["x"], [7], {}, {"x": "y"}, {"x": {}}, [{}]])


@given(st.sampled_from(_PLACES), WRONG)
def test_both_take_and_refuse_the_same_values(path: tuple[str | int, ...], value: Any) -> None:
    document = _with(path, value)
    is_taken = True
    try:
        _parsed(_toml(document))
    except SettingError:
        is_taken = False
    assert VALIDATOR.is_valid(document) is is_taken


_KEYS = [path for path in _PLACES if isinstance(path[-1], str) and path[-2:-1] not in {("pixels",), ("variables",)}]


@pytest.mark.parametrize("path", _KEYS, ids=str)
def test_a_key_that_is_nearly_right_is_refused_by_both_with_the_right_one(path: tuple[str | int, ...]) -> None:
    document = _with(path, None, f"{path[-1]}x")
    assert not VALIDATOR.is_valid(document)
    assert f"unknown key '{path[-1]}x'" in (told := _refusal(_toml(document)))
    assert f"did you mean '{path[-1]}'?" in told


# what is wrong, and in which line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[sites]]\npaths = ['a']\nplacment = 'x'", "line 3: unknown key 'placment' in sites number 1; did you mean"),
        (
            "[[sites]]\npaths = ['a',\n's3://shop/site']",
            "line 2: s3://shop/site is neither a file nor a folder; name the folder",
        ),
        ("[[sites]]\npaths = 'a'", 'line 2: paths must be a list in [ ], not text; write paths = ["..."]'),
        ("[sites]\npaths = ['a']", "line 1: sites must be a list in [ ], not a table; write [[sites]]"),
        ("sheet = 'https://u:word@shop.example/a.csv'", "line 1: sheet is a URL, and names no file; download it"),
        ("[[exports]]\nformat = 'gtm'\nfile = 'a'\ninto = 'http://a/b'", "line 4: into is a URL, and names no file"),
        ("\n\n[[sites]]\nname = 'a'", "line 3: sites number 1 has no 'paths'; add paths = .."),
        ("[[sites]]\npaths = [\n'a',\n7,\n]", "line 4: paths number 2 must be text in quotes, not a whole number"),
        (
            "[[sites]]\npaths=['a']\nplacement='head'",
            "line 3: placement must be 'head-top', 'head-bottom', ",
        ),
        ("[[sites]]\npaths=['a']\nadopt='no'", "line 3: adopt must be true or false or 'replace', not text"),
        (
            "rules = [\n{page='/a', pixel='x'},\n{page='/b', pixl='x'},\n]",
            "line 3: unknown key 'pixl' in rules number 2",
        ),
        (
            "rules = [{page='/a', pixel='x', value=19.99}]",
            "line 1: value must be a whole number, not a number with a fraction; a value is in minor units",
        ),
        ("nonsense = 1", "line 1: unknown key 'nonsense'; there are api, code, templates_dir,"),
        ("[[pixels]]\nname = 'a'", "line 1: pixels must be a table, not a list; write [pixels.NAME] for each"),
        ("[[api]]\nurl = 'sandbox:'", "line 1: api must be a table, not a list; write [api]"),
        ("[pixels.a]\nid = 6009125095680", 'line 2: id must be text in quotes, not a whole number; write id = "60091'),
        ("[api]\nversion = 26.0", 'not a number with a fraction; write version = "26.0"'),
        (
            "rules = [{page='/a', pixel='x', value='1999'}]",
            "value must be a whole number, not text; write value = 1999",
        ),
        ("[[sites]]\npaths=['a']\nprune='false'", "line 3: prune must be true or false, not text; write prune = false"),
        (f"rules = [{{page='/a', pixel='x', value=0x{'f' * 5000}}}]", "line 1: value has too many digits; a whole"),
        (f"x = {'9' * 5000}", "snippetkit.toml: this is not TOML: a number has too many digits"),
        ("[pixels.a]\nid='1'\nsites=[]", "line 3: unknown key 'sites' in a; it stands at the top of the file, above"),
        ("x =", "snippetkit.toml, line 1: this is not TOML: invalid value, at the end; "),
        ("sites = 1979-05-27", "line 1: sites must be a list in [ ], not a date or a time"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    assert told in _refusal(text)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("file = \u201cmail.html\u201d", "write straight quotes"),
        ("// what it is", "a comment begins with #"),
        ("prune = yes", "write true or false"),
        ("prune = False", "write true or false"),
        ("amount = 19,99", "write a number with a point, or as text in quotes: 19.99, '19,99'"),
        ("file = 'mail.html';", "leave out the ; at the end"),
        ('file = "site\\shop"', "write / between folders"),
        ("[pixels.our shop]", "put such a name in quotes: [pixels.'our shop']"),
        ("[pixels.käufe]", "put such a name in quotes: [pixels.'our shop']"),
        ("file = mail.html", "put text in quotes"),
        ("paths: [site]", "write key = value"),
        ("a = 1\ra = 2", "end each line with a line feed"),
        ("x = 1\nx = 2", "keep one of them, with all that belongs there"),
        ("[a]\n[a]", "keep one of them, with all that belongs there"),
        ("= 1", "correct it; https://toml.io has the rules"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line_and_what_was_meant(line: str, hint: str) -> None:
    told = _refusal(f"[code]\n{line}\n")
    assert told.startswith(f"snippetkit.toml, line {2 + line.count(chr(10))}: this is not TOML: ")
    assert told.endswith(f"; {hint}")
    assert _refusal('{"sites": []}').endswith("; write key = value, with a [table] above; this is as JSON has it")


SECRET = "EAABsbCS1iHgBAO0ZCyZAZBZCZBZ"


@pytest.mark.parametrize(
    "text",
    [
        f"[api]\naccess_token = '{SECRET}'",
        "[api]\ntoken = 's3cr3t-value'",
        "[api]\nApp-Secret = 's3cr3t-value'",
        f"[api]\nurl = '{SECRET}'",
        f"[api]\ntoken_in = '{SECRET}'",
        f"[[sites]]\nvariables = {{ x = '{SECRET}' }}\npaths=['a']",
        f"[pixels.a]\nid = '1'\n{SECRET} = 'x'",
        "access_token = 's3cr3t-value'",
    ],
)
def test_a_token_is_refused_and_not_shown(text: str) -> None:
    told = _refusal(text)
    assert "the access token does not belong in this file; set SNIPPETKIT_ACCESS_TOKEN" in told
    assert SECRET not in told
    assert "s3cr3t" not in told


def test_lines_are_found_wherever_a_value_stands() -> None:
    file = _parsed(FULL)
    lines = FULL.splitlines()
    for index, page in enumerate("abcd"):
        assert f'"/{page}"' in lines[file.line("sites", 0, "rules", index) - 1]
    assert lines[file.line("sites", 1, "rules", 0) - 1] == "[[sites.rules]]"
    assert lines[file.line("sites", 1, "rules", 1, "page") - 1] == 'page = "/f"'
    assert lines[file.line("sites", 0, "include", 1) - 1] == '  "*.php",'
    assert lines[file.line("pixels", "checkout", "id") - 1] == f'id = "{PIXEL_ID}"'
    assert lines[file.line("exports", 0) - 1] == "[[exports]]"
    assert file.line("nowhere") == 1


def test_many_rules_are_placed_in_linear_time() -> None:
    rules = "".join(f'  {{ page = "/{number}", pixel = "x" }},\n' for number in range(3000))
    file = _parsed(f"rules = [\n{rules}]\n")
    assert [file.line("rules", number) for number in (0, 1500, 2999)] == [2, 1502, 3001]


# where it is


def test_it_is_found_from_the_current_folder_upwards(run: Run) -> None:
    Path("a/b").mkdir(parents=True)
    Path("pyproject.toml").write_text("[tool.snippetkit]\nsites = 1\n")
    os.chdir("a/b")
    assert "../../pyproject.toml, line 2: sites must be a list in [ ], not a whole number" in run("sync").err
    Path("../snippetkit.toml").write_text("sites = true\n")
    assert "../snippetkit.toml, line 1: sites must be a list in [ ], not true or false" in run("sync").err
    assert (
        "--no-config leaves out the project file, which this command needs; leave it out"
        in run("--no-config", "sync").err
    )
    Path("other.toml").write_text("sites = 'x'\n")
    assert "other.toml, line 1: sites must be a list in [ ], not text" in run("--config", "other.toml", "sync").err
    assert run("--config", "gone.toml", "sync").code == 6


def test_two_projects_in_one_folder_are_refused(run: Run) -> None:
    Path("pyproject.toml").write_text("[tool.snippetkit]\n")
    assert "has no sites and no exports" in run("sync").err
    Path("snippetkit.toml").write_text("")
    ran = run("status", ".")
    assert (ran.code, ran.err) == (
        2,
        "error: snippetkit.toml and pyproject.toml both have a project; keep one of them\n",
    )
    assert "has no sites and no exports" in run("--config", "snippetkit.toml", "sync").err


def test_other_tools_files_are_left_alone(run: Run) -> None:
    Path("pyproject.toml").write_text("[project]\nname = 'snippetkit'\n[tool.ruff]\n")
    assert "no snippetkit.toml" in run("sync").err
    Path("pyproject.toml").write_text("snippetkit = [broken")
    assert "no snippetkit.toml" in run("sync").err
    Path("pyproject.toml").write_text("[tool.snippetkit]\n[broken")
    assert "pyproject.toml, line 2: this is not TOML" in run("sync").err
    assert "has no [tool.snippetkit]" in run("--config", _other("[tool.ruff]"), "sync").err


def _other(text: str) -> str:
    Path("elsewhere").mkdir()
    Path("elsewhere/pyproject.toml").write_text(text)
    return "elsewhere/pyproject.toml"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives a file away")
def test_a_strangers_file_in_a_folder_for_everybody_is_no_trap(run: Run) -> None:
    Path("snippetkit.toml").write_text("exports = []\n")
    os.chown("snippetkit.toml", 12345, 12345)
    assert "has no sites and no exports" in run("sync").err
    Path().chmod(0o777)
    assert "snippetkit.toml is somebody else's, in a folder where everybody may write" in run("sync").err
    assert "has no sites and no exports" in run("--config", "snippetkit.toml", "sync").err


def test_help_and_commands_without_it_do_not_need_it(run: Run) -> None:
    Path("snippetkit.toml").write_text("broken")
    assert run("sync", "--help").code == run("init", "-o", "-").code == run("--version").code == 0


@pytest.mark.parametrize("command", ["csp", "inspect", "lint", "report", "status", "verify"])
def test_help_says_what_comes_from_the_file(run: Run, command: str) -> None:
    told = "taken from snippetkit.toml, if there is one: without a PATH, its sites."
    assert told in " ".join(run(command, "--help").out.split())
    assert "taken from snippetkit.toml" in " ".join(run("inject", "--help").out.split())
    assert "snippetkit.toml" not in run("demo", "--help").out


# the first one


@given(
    st.builds(
        Draft,
        st.text(),
        st.lists(st.builds(DraftedPixel, st.text(), st.text()), max_size=2, unique_by=lambda one: one.name).map(tuple),
        st.lists(
            st.builds(DraftedRule, st.text(), st.text(), st.none() | st.integers(0, MAX_VALUE_CENTS)), max_size=2
        ).map(tuple),
        st.lists(st.text(), max_size=2).map(tuple),
        st.sampled_from([None, *Placement]),
    )
)
def test_a_draft_of_any_names_can_be_read_again(draft: Draft) -> None:
    def is_text(text: str) -> bool:
        return not any("\ud800" <= char <= "\udfff" for char in text)

    texts = [draft.folder, *draft.notes, *(text for one in (*draft.pixels, *draft.rules) for text in one[:2])]
    if all(map(is_text, texts)):
        read = _parsed(to_toml(draft)).project
        assert {name: pixel.id for name, pixel in read.pixels.items()} == {one.name: one.id for one in draft.pixels}
        assert [(one.page, one.pixel, one.value) for one in read.sites[0].rules or ()] == [
            one[:3] for one in draft.rules
        ]
        assert read.sites[0].paths == (draft.folder,)
