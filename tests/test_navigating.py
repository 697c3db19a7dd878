"""`--navigate`: what fires at which step of a walk, with a soft navigation of our own and with real libraries."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zlib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from snippetkit import schemas
from tests.conftest import Run
from tests.faulty import FP, FP_NOSCRIPT, FP_SCRIPT, page
from tests.pixels import CODES, EVERY_CODE
from tests.sdks import cache_folder

# Puts the body of the next page into this one, as such libraries do, and runs the scripts there; `data-hover` runs
# them as soon as the mouse is over the link, `data-preview` shows a page that was visited before first as it was then.
SOFT = """
var visited = {};
function report() {
  new Image().src = 'https://www.facebook.com/tr?id=434566956589050&ev=Purchase&ts=' + Math.random();
}
function take(url, hidden) {
  return fetch(url).then(function (answer) { return answer.text(); }).then(function (text) {
    var next = new DOMParser().parseFromString(text, 'text/html'), body = document.adoptNode(next.body);
    if (hidden) document.body.appendChild(body); else document.body.replaceWith(body);
    body.querySelectorAll('script').forEach(function (old) {
      var script = document.createElement('script');
      if (old.src) script.src = old.src; else script.textContent = old.textContent;
      old.replaceWith(script);
    });
  });
}
addEventListener('click', function (event) {
  var link = event.target.closest('a');
  if (!link || link.dataset.full) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  var first = link.dataset.preview && visited[link.href] ? take(link.href) : Promise.resolve(), next = link.href;
  visited[next] = true;
  first.then(function () { take(next); });
});
addEventListener('mouseover', function (event) {
  if (event.target.dataset.hover) take(event.target.href, true);
});
addEventListener('popstate', function () { take(location.href); });
"""
LIBRARY = "<script src=soft.js></script>\n"
BODY = FP_SCRIPT[FP_SCRIPT.index(">") + 1 : FP_SCRIPT.rindex("</script>")]
ONCE = f"<script>if (!window.told) {{ window.told = true; {BODY} }}</script>\n"
GUARDED = f"<script>if (!document.prerendering) {{ {BODY} }}</script>\n"
STEP = "after one click, without loading the page again"
REMEMBER = "let its script remember on window that it has fired"
BACK = f"fires-again: fired once more as the visitor comes back to the page; {REMEMBER}"
TWICE = f"fires-again: fired 2 times {STEP}; 'snippetkit inject --lazy-noscript' keeps its noscript's image back"
PREVIEW = f"fires-again: fired 2 times after a second click, first in a preview; {REMEMBER}"
NEVER = (
    "not-fired: did not fire after a click on a link to the page, only as the page is loaded; let the link load it anew"
)
HOVERED = "fires-unseen: fired while the mouse is over the link; let its script wait until the page is shown"
# For each page: its HTML, what its link has, the faults, and the steps at which it fired.
ANEW = ["click, loaded anew", "forward, loaded anew", "reload"]
SECOND = "second click"
SOFTLY = ["click", "forward", SECOND, "reload"]
PAGES: dict[str, tuple[bytes, str, list[str], list[str]]] = {
    "full": (page(FP), "data-full=1", [], ANEW),
    "body": (page(LIBRARY, FP_SCRIPT), "", [BACK], SOFTLY),
    "preview": (page(LIBRARY, FP_SCRIPT), "data-preview=1", [PREVIEW, BACK], [*SOFTLY[:-1], SECOND, "reload"]),
    "file": (page(LIBRARY, "<script>report();</script>\n"), "", [BACK], SOFTLY),
    "order": (page(LIBRARY, EVERY_CODE["gtag"]), "", [], SOFTLY),
    "view": (page(LIBRARY, CODES["fbq"]), "", [TWICE], ["click", *SOFTLY]),
    "image": (
        page(LIBRARY, FP_SCRIPT + FP_NOSCRIPT),
        "",
        [TWICE, BACK],
        ["click", *SOFTLY],  # the image is at hand by then
    ),
    "head": (page(LIBRARY + FP_SCRIPT), "", [NEVER], ["reload"]),
    "guarded": (page(LIBRARY + ONCE), "", [NEVER], ["reload"]),
    "once": (page(LIBRARY, ONCE), "", [], ["click", "reload"]),
    "hover": (page("", FP_SCRIPT), "data-full=1 data-hover=1", [HOVERED], ["hover", *ANEW]),
    "twice": (page("", FP_SCRIPT + FP_SCRIPT), "data-full=1", ["fired-twice: fired 2 times after one click"], []),
    "none": (page(LIBRARY), "", [], []),
}


def _site(rules: str = "") -> None:
    Path("site").mkdir()
    Path("site/soft.js").write_text(SOFT)
    links = "".join(f'<p><a href="{name}.html" {has}>x</a></p>\n' for name, (_, has, _, _) in PAGES.items())
    covered = (
        '<p style="position: relative"><a href="covered.html">x</a><b style="position: absolute; inset: 0">y</b></p>'
    )
    Path("site/cart.html").write_bytes(page(LIBRARY + rules, links + covered + '<p><a href="led.html">x</a></p>'))
    for name, (html, *_) in PAGES.items():
        Path("site", f"{name}.html").write_bytes(html)


def _walked(run: Run, *paths: str | Path, start: str = "site/cart.html") -> dict[str, dict[str, Any]]:
    ran = run("verify", *paths, "--navigate", start, "--json", "--timeout", "60")
    document = json.loads(ran.out)
    jsonschema.Draft202012Validator(schemas.schema("verify")).validate(document)
    return {Path(visit["path"]).stem: visit for visit in document["visits"]}


def _told(visit: dict[str, Any]) -> list[str]:
    told = (f"{fault['code']}: {fault['message']}" for fault in visit["faults"])
    return [re.sub("pixel [0-9]+ (?:Purchase |PageView )?", "", line) for line in told]


@pytest.mark.browser
def test_what_fires_at_each_step_is_told_and_what_is_too_much(run: Run) -> None:
    _site()
    for name in ("lost", "covered"):
        Path("site", f"{name}.html").write_bytes(page(FP_SCRIPT))
    visits = _walked(run, *(f"site/{name}.html" for name in (*PAGES, "lost", "covered")))
    assert {name: _told(visits[name]) for name in PAGES} == {name: faults for name, (_, _, faults, _) in PAGES.items()}
    steps = {name: [one["step"] for one in visit["fired"]] for name, visit in visits.items()}
    assert {name: steps[name] for name in PAGES if PAGES[name][3]} == {
        name: wanted for name, (*_, wanted) in PAGES.items() if wanted
    }
    assert _told(visits["lost"]) == ["not-loaded: the page where the walk starts has no link to it"]
    assert _told(visits["covered"]) == [
        "not-loaded: the page where the walk starts has a link to it that cannot be clicked"
    ]
    by = [(one["by"], one["line"]) for one in visits["image"]["fired"]]
    assert [{name for name, _ in by[:2]}, by[-1][0]] == [{"script", "image"}, "script"]
    assert None not in [line for _, line in by]


@pytest.mark.browser
def test_a_page_that_is_prerendered_is_told_so(run: Run) -> None:
    _site('<script type="speculationrules">{"prerender": [{"urls": ["full.html"]}]}</script>\n')
    Path("site/once.html").write_bytes(page(GUARDED, ""))
    visits = _walked(run, "site/full.html")
    remedy = "let its script wait until the page is shown"
    assert _told(visits["full"]) == [f"fires-unseen: fired in a prerendered page that nobody has opened; {remedy}"]
    assert visits["full"]["fired"][0]["step"] == "prerender"
    text = run("verify", "site/once.html", "--navigate", "site/cart.html", "--timeout", "60").out
    assert "prerender" not in text
    assert ", reload, after " in text


WRONG = [
    (["--no-js"], "Error: --no-js cannot be used with --navigate."),
    (["--both"], "Error: --both cannot be used with --navigate."),
    (["--live"], "Error: --live cannot be used with --navigate."),
    (["--screenshot", "x"], "Error: --screenshot cannot be used with --navigate."),
    (["--only-changed", "x"], "Error: --only-changed cannot be used with --navigate."),
    ([], "error: gone.html does not exist; name a page that links to the others"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_what_cannot_be_meant_is_refused(run: Run, arguments: list[str], message: str) -> None:
    _site()
    ran = run("verify", "site/full.html", "--navigate", "gone.html", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith(message)


# Real libraries.

NPM = "@hotwired/turbo@8.0.23 htmx.org@2.0.7 unpoly@3.14.3 swup@4.10.0 @builder.io/partytown@0.10.3"
# Each library's file, and what its pages have; how often script and image count after a click to a page that has them
# in its head or in its body, and how often once more as the visitor comes back.
LIBRARIES = {
    "turbo": ("@hotwired/turbo/dist/turbo.es2017-umd.js", "", {"head": (2, 0), "body": (2, 1)}),
    "htmx": ("htmx.org/dist/htmx.min.js", "hx-boost=true", {"head": (1, 0), "body": (2, 1)}),
    "unpoly": ("unpoly/unpoly.min.js", "up-main", {"head": (1, 0), "body": (2, 1)}),
    "swup": ("swup/dist/Swup.umd.js", "", {"head": (0, 0), "body": (1, 0)}),
}


@pytest.fixture(scope="module")
def modules(pytestconfig: pytest.Config) -> Path:
    """The libraries, installed once."""
    folder = cache_folder(pytestconfig) / f"npm-{zlib.crc32(NPM.encode()):08x}"
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        options = "--no-audit --no-fund --silent --ignore-scripts".split()
        subprocess.run(["npm", "install", *options, "--prefix", folder, *NPM.split()], check=True, env=os.environ)
        (folder / "whole").touch()
    return folder / "node_modules"


@pytest.mark.engines
@pytest.mark.browser
@pytest.mark.parametrize("name", LIBRARIES)
def test_real_libraries_are_seen_to_count_as_they_do(run: Run, modules: Path, name: str) -> None:
    file, has, counts = LIBRARIES[name]
    Path("site").mkdir()
    Path("site/lib.js").write_bytes((modules / file).read_bytes())
    more = (
        "<script>addEventListener('DOMContentLoaded', function () { new Swup(); });</script>" if name == "swup" else ""
    )
    head = f"<!doctype html><html><head><title>x</title><script src=lib.js></script>{more}"
    main = f"<body {has}><main id=swup class=transition-main>"
    links = "".join(f"<a up-follow href={place}.html>{place}</a> " for place in counts)
    Path("site/cart.html").write_text(f"{head}</head>{main}{links}</main></body></html>")
    Path("site/head.html").write_text(f"{head}{FP}</head>{main}thanks</main></body></html>")
    Path("site/body.html").write_text(f"{head}</head>{main}{FP}</main></body></html>")
    for place, visit in _walked(run, "site/head.html", "site/body.html").items():
        steps = [one["step"] for one in visit["fired"]]
        assert (steps.count("click"), steps.count("forward")) == counts[place], place
        codes = {fault["code"] for fault in visit["faults"]}
        click, forward = counts[place]
        assert ("fires-again" in codes) is (click > 1 or forward > 0), place
        assert ("not-fired" in codes) is (click == 0), place


@pytest.fixture
def party(modules: Path) -> str:
    """The script that a page has for Partytown, whose files are on the site."""
    library = modules / "@builder.io/partytown/lib"
    Path("site/~partytown").mkdir(parents=True)
    for file in library.glob("*.js"):
        Path("site/~partytown", file.name).write_bytes(file.read_bytes())
    return f"<script>{(library / 'partytown.js').read_text()}</script>\n"


@pytest.mark.engines
@pytest.mark.browser
def test_partytown_runs_the_code_in_its_worker_and_counts_once(run: Run, party: str) -> None:
    script = FP_SCRIPT.replace("text/javascript", "text/partytown")
    Path("site/party.html").write_bytes(page(f"{party}{script}"))
    ran = run("verify", "site", "--consent", "grant", "--json", "--timeout", "60")
    [visit] = json.loads(ran.out)["visits"]
    assert (ran.code, len(visit["fired"]), visit["faults"]) == (0, 1, [])


GTAG = "window.dataLayer = window.dataLayer || []; window.gtag = function () { dataLayer.push(arguments); };"
IN_WORKER = (
    '<script type="text/partytown" src="https://www.googletagmanager.com/gtag/js?id=AW-123456789"></script>\n'
    f"<script type='text/partytown'>{GTAG} gtag('config', 'AW-123456789');</script>\n"
)
ORDER = (
    "gtag('event', 'conversion', {send_to: 'AW-123456789/AbC-D_efG', value: 2, currency: 'USD', transaction_id: 't'});"
)


@pytest.mark.engines
@pytest.mark.browser
@pytest.mark.parametrize(
    ("forwards", "made", "faults"),
    [("gtag", "", []), ("dataLayer.push", GTAG, ["not-fired"])],
)
def test_what_partytowns_worker_is_told_by_the_page_counts_where_lint_says_so(
    run: Run, party: str, forwards: str, made: str, faults: list[str]
) -> None:
    head = f"<script>partytown = {{forward: ['{forwards}']}};</script>{party}{IN_WORKER}"
    Path("site/party.html").write_bytes(page(head, f"<script>{made} {ORDER}</script>"))
    [visit] = json.loads(run("verify", "site/party.html", "--json").out)["visits"]
    assert [fault["code"] for fault in visit["faults"]] == faults
    told = json.loads(run("lint", "site/party.html", "--json").out)["files"]
    assert [one["code"] for file in told for one in file["findings"]] == ["not-run"] * len(faults)
