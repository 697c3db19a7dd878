"""What the commands do, called as a program calls it: typed, silent, and with errors that say what to do next."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from snippetkit import rules, snippets, work
from snippetkit.errors import ApiError, FileError, PageRefusedError, SnippetError
from snippetkit.files import PAGES
from snippetkit.graph import Transport, create_pixel
from snippetkit.run import Outcome, RunOptions
from snippetkit.terms import Kind, Match
from snippetkit.work import Destination, FromApi, FromFile, Placing, Rendering, Sent, Tagging, Value
from tests.conftest import ACCOUNT, JS_PIXEL, PIXEL_ID

SECOND_ID = "6009125095681"
PAGE = b"<!doctype html>\n<head>\n<title>x</title>\n</head>\n<body>\n</body>\n"
FILE = FromFile(Sent("code.html", JS_PIXEL))
RULES = rules.parse(f"page,pixel,value\n/a.html,{PIXEL_ID},500\n/gone.html,{PIXEL_ID},700\n", "rules.csv")


@pytest.fixture(autouse=True)
def in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def at_api(api: Transport) -> FromApi:
    """The API with one pixel."""
    assert create_pixel(api, ACCOUNT, "Thank you", "CHECKOUT") == PIXEL_ID
    return FromApi(lambda: nullcontext(api))


def _carry_out(planner: work.SameForAll | work.ByRules | work.Removal) -> list[Outcome]:
    return list(work.carry_out(["."], planner, PAGES, RunOptions(), lambda _: None))


def test_importing_it_loads_no_room_that_a_use_case_needs() -> None:
    code = "import sys, snippetkit.work; print(*(name for name in sys.modules if name.startswith('snippetkit.')))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    rooms = {name.split(".")[1] for name in ran.stdout.split()}
    assert rooms == {"doors", "work"}


def test_code_goes_onto_a_page_and_off_it() -> None:
    [code] = work.load_for_pages(FILE, [], Value(500))
    planner = work.plan_for_all([code.snippet], Rendering(), Placing(), Value(500))
    done = work.rewrite(PAGE, planner)
    assert [(one.pixel_id, one.value) for one in snippets.read(done.after.decode())] == [(PIXEL_ID, "5.00")]
    assert done.has_edits
    assert not work.rewrite(done.after, planner).has_edits
    assert work.rewrite(done.after, work.plan_removal()).after == PAGE


def test_each_page_gets_what_its_rules_name_and_a_rule_without_a_page_fails(at_api: FromApi) -> None:
    Path("a.html").write_bytes(PAGE)
    Path("b.html").write_bytes(PAGE)
    for origin in (FILE, at_api):
        loaded = work.load_by_rules(RULES, origin)
        assert [row["value"] for row in work.values_of(RULES, loaded)] == ["5.00", "7.00"]
        outcomes = _carry_out(work.plan_by_rules(RULES, loaded, ["."], Rendering(), Placing()))
        assert [(outcome.path, outcome.verb) for outcome in outcomes if outcome.verb != "unchanged"] == [
            *([("a.html", "inserted")] if origin is FILE else []),
            ("rules.csv, line 3", "failed"),
        ]
    assert {outcome.verb for outcome in _carry_out(work.plan_removal(pixel_ids=[PIXEL_ID]))} == {"removed", "unchanged"}
    assert Path("a.html").read_bytes() == PAGE


def test_what_is_refused_is_an_error_and_what_a_person_should_know_is_told(at_api: FromApi) -> None:
    with pytest.raises(SnippetError, match=r"^code\.html:2:1: unexpected-script: ") as caught:
        work.load(FILE._replace(sent=Sent("code.html", f"\n<script>alert(1)</script>{JS_PIXEL}")), [], Value())
    assert caught.value.hint
    two = rules.parse(f"page,pixel\n/a.html,{SECOND_ID}\n/b.html,6009125095682\n", "rules.csv")
    told: list[str] = []
    with pytest.raises(ApiError, match="2 of 2 pixels failed"):
        work.load_by_rules(two, at_api, failed=told.append)
    assert [line.partition(": ")[0] for line in told] == ["rules.csv, line 2", "rules.csv, line 3"]
    [code] = work.load(at_api, [PIXEL_ID], Value())
    planner = work.plan_for_all([code.snippet], Rendering(), Placing(), Value())
    with pytest.raises(PageRefusedError, match="frameset"):
        work.rewrite(b"<!doctype html>\n<frameset></frameset>", planner)
    Path("own.html.j2").write_text("{% block script %}<script>1</script>{% endblock %}")
    work.plan_for_all([code.snippet], Rendering("own.html.j2"), Placing(), Value(), told.append)
    assert told[2:] == ["the template own.html.j2 leaves the noscript out: nothing is reported without JavaScript"]


def test_the_sandbox_is_an_api_without_a_network(tmp_path: Path) -> None:
    told: list[str] = []
    with work.connect_to_sandbox(tmp_path / "own.db", log=told.append) as api:
        pixel_id = create_pixel(api, ACCOUNT, "Thank you", "CHECKOUT")
        assert work.list_ids(api, Kind.CONVERSION, ACCOUNT) == [pixel_id]
        assert work.fetch(api, Kind.CONVERSION, pixel_id, 500).snippet.value == "5.00"
    assert len(told) == 3


def test_tags_are_made_and_written(at_api: FromApi) -> None:
    found = work.load(at_api, [PIXEL_ID], Value(500))
    tagging = Tagging(((Match.EXACT, "/thanks.html"),))
    made = work.export(work.make_tags(found, tagging, is_fixed=True), Destination("gtm"))
    again = work.export(work.make_tags(found, tagging, is_fixed=True), Destination("gtm"))
    assert made.content == again.content
    assert f"Thank you {PIXEL_ID}".encode() in made.content


def test_a_page_to_be_visited_may_say_that_it_is_utf_16_and_has_to_be_text(tmp_path: Path) -> None:
    for name, content in (("a.html", "<p>x".encode("utf-16")), ("b.html", "<p>x".encode("utf-16-le"))):
        (tmp_path / name).write_bytes(content)
    failed: list[FileError] = []
    found = work.find_pages([str(tmp_path)], PAGES, work.Browsing(), failed.append)
    assert [Path(path).name for path, _ in found] == ["a.html"]
    assert [Path(error.path).name for error in failed] == ["b.html"]
