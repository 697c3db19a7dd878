"""Base code that names a pixel and reports nothing: its events stand elsewhere. It is listed, and goes in once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import inject, snippets, work
from snippetkit.browser import Fired, Observed, judge
from snippetkit.model import Loaded
from tests.conftest import Run
from tests.pages import COMBINE, insertion_of, make_options, put, take_out, why_refused
from tests.pixels import CODES, META_ID
from tests.reading import find_in_source

ADOPT = make_options(adopt=True, combine=COMBINE)
TRACK = "fbq('track', 'PageView');\n"
FBQ = snippets.without_nonce(CODES["fbq"]).partition("-->\n")[2]
BASE = FBQ.partition("<noscript")[0].replace(TRACK, "")
INIT = f"<script>fbq('init', '{META_ID}');</script>"
PURCHASE = FBQ.replace(TRACK, f"{TRACK}fbq('track', 'Purchase', {{value: 30.00, currency: 'USD'}});\n")
PAGE = "<!doctype html>\n<html>\n<head>\n  <title>x</title>\n%s</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
DEAD = {
    "not run": (BASE.replace("<script", '<script type="text/x-none"', 1), "not-run"),
    "broken": (BASE.replace("</script", "}\n</script"), "script-error"),
}


def _listed(text: str, name: str = "x.html") -> list[tuple[str, str | None, str, int]]:
    return [(one.pixel_id, one.event, one.state, one.line) for one in snippets.read_file(name, text)]


@pytest.mark.parametrize("code", [BASE, INIT, INIT.replace("fbq(", "window._fbq("), f"{INIT}\n{INIT}"])
def test_base_code_without_an_event_is_listed_and_no_fault(code: str) -> None:
    page = PAGE % code
    assert _listed(page) == [(META_ID, None, "base code", 5)]
    assert find_in_source("x.html", page) == []
    [carried] = inject.find_code(Loaded(page.encode())).carried
    assert (carried.key, carried.event, carried.state) == (f"fbq:{META_ID}", None, "base code")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.js", f"fbq('init', '{META_ID}');"),
        ("x.json", json.dumps({"head": INIT})),
        ("x.php", f'<?php echo "{INIT}";'),
        ("x.vue", INIT),
        ("x.html", f"<script>fbq('init', '{META_ID}'); fbq('trackSingle', '1', 'Lead')</script>"),
    ],
)
def test_base_code_is_listed_in_whatever_file_and_beside_other_pixels(name: str, text: str) -> None:
    assert (META_ID, None, "base code", 1) in _listed(text, name)
    assert (META_ID, "base code") in [
        (one.pixel_id, one.state) for one in inject.find_code(Loaded(text.encode()), name).carried
    ]


def test_base_code_with_its_event_is_listed_as_that_event_alone() -> None:
    assert _listed(PAGE % FBQ) == [(META_ID, "PageView", "live", 5)]
    assert _listed(PAGE % f"{BASE}<script>{TRACK}</script>") == [(META_ID, "PageView", "live", 19)]


def test_base_code_beside_a_handler_is_listed_with_it() -> None:
    page = PAGE % f"{BASE}<button onclick=\"fbq('track', 'Lead')\">x</button>"
    assert {(event, state) for _, event, state, _ in _listed(page)} == {(None, "base code"), ("Lead", "on click")}


@pytest.mark.parametrize("name", DEAD)
def test_base_code_that_is_dead_is_listed_so_and_told(name: str) -> None:
    code, finding = DEAD[name]
    page = PAGE % code
    assert _listed(page) == [(META_ID, None, "dead", 5)]
    assert [(one.code, one.snippet) for one in find_in_source("x.html", page)] == [(finding, 0)]
    observed = Observed("x.html", javascript=True, source=page)
    assert [fault.code for fault in judge(observed).faults] == [finding]
    live = page.replace("</head>", f"{INIT}<script>{TRACK}</script></head>")
    told = [one.code for one in find_in_source("x.html", live)]
    assert told == (["script-error"] if finding == "script-error" else [])
    fired = (Fired(META_ID, "PageView", None, None, 1, "https://www.facebook.com/tr/?ev=PageView"),)
    assert finding not in [fault.code for fault in judge(Observed("x.html", True, source=live, fired=fired)).faults]


@pytest.mark.parametrize("code", [BASE, INIT])
def test_the_same_base_code_goes_in_once_and_adopting_takes_its_place(code: str) -> None:
    page = (PAGE % code).encode()
    insertion = insertion_of(FBQ)
    assert f"unmarked base code of fbq:{META_ID}; --adopt puts" in why_refused(page, insertion)
    adopted = put(page, insertion, ADOPT)
    assert adopted.count(f"fbq('init', '{META_ID}')".encode()) == 1
    [carried] = inject.find_code(Loaded(adopted)).carried
    assert (carried.event, carried.state) == ("PageView", "head-bottom")
    assert b"fbq" not in take_out(adopted)


def test_base_code_that_is_held_back_is_not_adopted() -> None:
    held = BASE.replace("<script", '<script type="text/plain" data-category="ads"', 1)
    why = why_refused((PAGE % held).encode(), insertion_of(FBQ), ADOPT)
    assert "unmarked base code" in why
    assert "a second one would not wait" in why


def test_an_event_goes_behind_base_code_that_has_none() -> None:
    page = put((PAGE % BASE).encode(), insertion_of(PURCHASE))
    assert page.count(b"fbq('init'") == 1
    assert [(one.event, one.state) for one in inject.find_code(Loaded(page)).carried] == [("Purchase", "head-bottom")]


def test_commands_say_that_a_file_has_base_code_and_no_event(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "base.html"
    path.write_text(BASE)
    refused = run("snippet", "--from-file", str(path))
    assert refused.code != 0
    assert f"the base code of fbq:{META_ID}, and no event" in refused.err
    assert json.loads(run("inspect", str(path), "--json").out)["files"][0]["snippets"][0]["state"] == "base code"
    assert f"fbq:{META_ID}" in run("status", str(path)).out


@pytest.mark.parametrize(
    ("kind", "pixel_id", "of_event"),
    [
        ("lintrk", "123456", "fmt=gif&conversionId=7654321"),
        ("pintrk", "2612000000123", "event=lead"),
        ("uetq", "12345678", "Ver=2&ea=lead&evt=custom&ec=x&gv=5"),
    ],
)
def test_the_image_of_base_code_is_base_code_and_one_of_an_event_is_live(
    kind: str, pixel_id: str, of_event: str
) -> None:
    made = work.make(kind, pixel_id, work.Value())
    assert {(state, event) for _, event, state, _ in _listed(made.source)} <= {
        ("base code", None),
        ("base code", "init"),
    }
    for page in (PAGE % made.source, f"<noscript>{made.noscript}</noscript>"):
        carried = inject.find_code(Loaded(page.encode())).carried
        assert {one.state for one in carried} == {"base code"}
        assert {finding.code for finding in find_in_source("x.html", page)} <= {"noscript-in-head"}
    image = snippets.read(
        made.source.replace("fmt=gif", of_event).replace("event=init", of_event).replace("Ver=2", of_event)
    )[0]
    assert (image.script, image.state, image.conversion) == ("", "live", True)
