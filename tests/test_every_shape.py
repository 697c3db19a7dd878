"""Every shape of code that was met, on a page: the commands agree on it, and what is added to it is one thing more.

What a page fired before, it fires after, and what came is what was asked for: nothing is lost, nothing doubled.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from snippetkit import lint, snippets
from snippetkit.browser import Observed, Visit, serving, visit_all
from tests.conftest import CASES, CHROMIUM, PIXEL_ID, Run, sample
from tests.pixels import CODES, META_ID
from tests.reading import find_in_source
from tests.variants import VARIANTS

OTHER_ID = "6009125095689"
PAGE = "<!doctype html>\n<html>\n<head>\n  <title>x</title>\n{}</head>\n<body>\n{}  <p>x</p>\n</body>\n</html>\n"
BASE = snippets.without_nonce(CODES["fbq"])
SCRIPT = re.findall("<script.*</script>", BASE, re.DOTALL)[0]
INIT, VIEW = f"fbq('init', '{META_ID}');", "fbq('track', 'PageView');"
LEAD = "fbq('track', 'Lead', {value: 5.00, currency: 'EUR'});"

# Code that is read and does not simply run, and other ways to name a pixel.
STATES = {
    "held-back": SCRIPT.replace("<script", "<script type=text/plain data-name=meta"),
    "nomodule": SCRIPT.replace("<script", "<script nomodule"),
    "curly": SCRIPT.replace("'init'", "\u2018init\u2019"),
    "nobody": SCRIPT.replace(INIT, ""),
    "on-click": f"{BASE}<p><button onclick=\"fbq('track', 'Contact')\">x</button></p>",
    "outer-page": f"<script>parent.{INIT} parent.fbq('track', 'Contact');</script>",
    "constant": SCRIPT.replace(INIT, f"var ID = '{META_ID}'; fbq('init', ID);"),
    "later": SCRIPT.replace(INIT, f"addEventListener('load', function () {{ {INIT} }});"),
    "list": SCRIPT.replace(INIT, f"['{META_ID}'].forEach(function (id) {{ fbq('init', id) }});"),
    "revoked": SCRIPT.replace(INIT, f"fbq('consent', 'revoke');\n{INIT}"),
    "two-scripts": f"{SCRIPT}\n<script>fbq('track', 'Purchase', {{value: 30, currency: 'USD'}});</script>",
    "two-pixels": f"{SCRIPT}\n<script>fbq('init', '{PIXEL_ID}'); fbq('trackSingle', '{PIXEL_ID}', 'Contact');</script>",
    "in-a-file": f'<script src="pixel.js"></script><script>{LEAD.replace("Lead", "Contact")}</script>',
}


def _codes() -> dict[str, str]:
    files = [path for name in ("code", "migrate", "shapes") for path in sorted((CASES / name).iterdir())]
    codes = {f"{path.parent.name}-{path.name.removesuffix('.html')}": path.read_text("utf-8") for path in files}
    codes |= {f"state-{name}": code for name, code in STATES.items()}
    return codes | {f"variant-{re.sub(r'[^a-z0-9.]+', '-', one.name, flags=re.I)}": one.code for one in VARIANTS}


def _shapes() -> dict[str, bytes]:
    """Pages with each code in the head, in the body, or one page each, and the pages of the cases as they are."""
    pages = {f"page-{path.name}": path.read_bytes() for path in sorted((CASES / "pages").iterdir())}
    for name, code in _codes().items():
        line = code.rstrip("\r\n") + "\n"
        both = {f"{name}-head": PAGE.format(line, ""), f"{name}-body": PAGE.format("", line)}
        chosen = both if name.startswith(("code", "state")) else [*both][len(name) % 2 :][:1]
        pages |= {one: both[one].encode() for one in chosen}
    return pages


SHAPES = _shapes()
T = TypeVar("T")
Told = tuple[str, str | None, str | None, str | None, bool]


def _write(folder: Path) -> Path:
    folder.mkdir()
    for name, page in SHAPES.items():
        (folder / f"{name}.html").write_bytes(page)
    return folder


def _pages(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in folder.iterdir()}


def _ask(run: Run, command: str, *args: str | Path) -> dict[str, Any]:
    """What a command tells of each page."""
    return {Path(one["path"]).stem: one for one in json.loads(run(command, *args, "--json").out)["files"]}


def _told(one: Mapping[str, Any]) -> Told:
    return f"{one['dialect']}:{one['pixel_id'] or ''}", one["event"], one["value"], one["currency"], one["dynamic"]


def _place(finding: Mapping[str, Any]) -> tuple[str, int, int]:
    return finding["code"], finding["line"], finding["column"]


def test_inspect_status_and_lint_tell_the_same_of_every_shape(run: Run, tmp_path: Path) -> None:
    site = _write(tmp_path / "site")
    status, found, inspected = (_ask(run, command, site) for command in ("status", "lint", "inspect"))
    assert inspected.keys() == status.keys() == found.keys() == SHAPES.keys()
    for name, file in inspected.items():
        read, carried, findings = file["snippets"], status[name]["pixels"], found[name]["findings"]
        runs = {one["state"]: "live" for one in carried if one["managed"]} | {"unmarked": "live"}
        states = [(*_told(one), runs.get(one["state"], one["state"])) for one in carried]
        assert Counter(states) == Counter((*_told(one), one["state"]) for one in read), name
        of_code = Counter(_place(one) for one in findings if one["snippet"] is not None)
        assert of_code == Counter(_place(one) for snippet in read for one in snippet["findings"]), name
        is_dead = bool({"script-error", "not-run"}.intersection(one["code"] for one in findings))
        assert is_dead == any(one["state"] == "dead" for one in read), name


DEAD_STRING = "<script>fbq(\u2018init\u2019, \u20181\u2019); fbq(\u2018track\u2019, \u2018Lead\u2019);</script>"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.json", json.dumps({"html": DEAD_STRING}, ensure_ascii=False), "script-error"),
        ("a.js", f"const a = `{DEAD_STRING}`", "script-error"),
        ("a.js", "const a = \"<script nomodule>fbq('init', '1'); fbq('track', 'Lead');</script>\"", "not-run"),
        ("a.php", f"<?php echo '{DEAD_STRING}';", "script-error"),
    ],
)
def test_what_is_dead_in_a_string_of_a_program_is_so_to_inspect_and_to_lint(name: str, text: str, code: str) -> None:
    assert [one.state for one in snippets.read_file(name, text)] == ["dead"]
    assert [(one.code, one.snippet) for one in find_in_source(name, text)] == [(code, 0)]


def test_the_pixel_of_a_programs_base_code_may_be_named_in_another_file() -> None:
    program = re.sub("</?script[^>]*>", "", SCRIPT.replace(INIT, ""))
    assert [(one.pixel_id, one.state) for one in snippets.read_file("a.js", program)] == [("", "live")]
    assert find_in_source("a.js", program) == []


class Further(NamedTuple):
    """What goes onto every page: the code, what it reports, and why pages are refused, with the shapes' names."""

    code: str
    reports: Told
    refused: Mapping[str, str]

    @property
    def pixel_id(self) -> str:
        return self.reports[0].partition(":")[2]

    def comes_to(self, page: bytes) -> list[Told]:
        """What a page reports beside all that it did: where the base code is there, the event alone."""
        is_whole = self.reports[0].startswith("fbq:") and not (b"fbevents" in page and self is FURTHERS["an event"])
        return [*([(self.reports[0], "PageView", None, None, False)] if is_whole else []), self.reports]


def _of_other(code: str) -> str:
    return re.sub(f"{META_ID}|{PIXEL_ID}", OTHER_ID, code)


WITH_LEAD = snippets.add_event(snippets.read_code(BASE, "fbq"), "Lead", ("5.00", "EUR")).source
DEAD = "esbuild-iife|swc-toplevel|terser-2020|terser-toplevel|uglify-toplevel"
NOT_CERTAIN = {"what the browser gets is not certain, so nothing is put before it": "state-on-click-head"}
UNKNOWN = {"fbq is called here, but ": "state-(in-a-file|nobody)-.*"}
FURTHERS = {
    "an event": Further(
        WITH_LEAD,
        (f"fbq:{META_ID}", "Lead", "5.00", "EUR", False),
        {
            f"the page carries unmarked code of audience:{META_ID}; --adopt": "(code|shapes)-audience.*",
            "a second one would not wait; take it out by hand first": "state-held-back-.*",
            "which is dead: the script has nomodule": "state-nomodule-.*",
            "is dead here: '\u2018' is not JavaScript": "state-curly-.*",
            "is named here on a condition, or later than its script runs": "state-later-.*",
            f"the page carries unmarked code of fbq:{META_ID}; --adopt": "state-outer-page-.*",
            **UNKNOWN,
            **NOT_CERTAIN,
        },
    ),
    "another Meta Pixel": Further(
        _of_other(WITH_LEAD),
        (f"fbq:{OTHER_ID}", "Lead", "5.00", "EUR", False),
        {
            f"later or on a condition, would count for fbq:{OTHER_ID} too": "state-(curly|on-click|later)-.*",
            "they cannot both report correctly": "state-(held-back|nomodule|outer-page)-.*",
            **UNKNOWN,
        },
    ),
    "another fbds pixel": Further(
        _of_other(CODES["fbds"]), (f"fbds:{OTHER_ID}", None, "19.99", "USD", False), NOT_CERTAIN
    ),
    "another fp pixel": Further(
        _of_other(CODES["fp"]),
        (f"fp:{OTHER_ID}", None, "19.99", "USD", False),
        {
            "they cannot both report correctly": f"(code|migrate|shapes)-fp(?![.]({DEAD})|[.]after).*",
            "the page carries conversion code that cannot be read (": f"shapes-fp[.]({DEAD})-.*",
            **NOT_CERTAIN,
        },
    ),
}


def _came(before: Sequence[T], after: Sequence[T]) -> list[T]:
    """What is there now beside all that was there, which stands in the order that it had."""
    was, came = [*before], list[T]()
    for one in after:
        if was and one == was[0]:
            was.pop(0)
        else:
            came.append(one)
    assert was == []
    return came


class Read(NamedTuple):
    """What is read of a page: what each code tells, in its order, and each event of fbq with the pixels that get it."""

    told: list[Told]
    reached: list[tuple[str | None, frozenset[str]]]


@cache
def _read(page: bytes) -> Read:
    document = snippets.parse(page.decode("latin-1"))
    found = [*snippets.read_document(document), *snippets.read_handlers(document)]
    told = [(one.key, one.event, one.value, one.currency, one.dynamic) for one in found]
    return Read(told, [(call.event, call.pixel_ids) for call in lint.find_firing(document, "fbq").events])


def _counted(page: bytes) -> Counter[str]:
    """What a plain count finds, which parses nothing: calls by their verb, pixels of fp, images."""
    patterns = {
        "init": rb"""['"`]init['"`]""",
        "track": rb"""['"`]track\w*['"`]""",
        "fp": rb"""pixel_id['"]?\]? ?[=:]""",
        "image": rb"facebook\.com/(?:tr|offsite_event)",
    }
    return Counter({name: len(re.findall(pattern, page)) for name, pattern in patterns.items()})


def _check_one_more(further: Further, page: bytes, after: bytes) -> None:
    new = further.comes_to(page)
    was, now = _read(page), _read(after)
    assert _came(was.told, now.told) == new
    of_fbq = [(event, {further.pixel_id}) for key, event, *_ in new if key.startswith("fbq:")]
    assert _came(was.reached, now.reached) == of_fbq
    is_whole = "fbq:" not in further.reports[0] or len(of_fbq) > 1
    alone = Counter(track=1, image=int(b"'revoke'" not in page))  # an image does not wait for consent
    assert _counted(after) - _counted(page) == (_counted(further.code.encode()) if is_whole else alone)


def _unlike(refused: Mapping[str, str], further: Further) -> list[str]:
    """The shapes that are refused, or taken, and should not be, or for another reason.

    Left out are the variants, and the list: whether one that is certain is taken is not held here.
    """
    reasons = {name: part for part, names in further.refused.items() for name in SHAPES if re.fullmatch(names, name)}
    told = {name for name in refused if not name.startswith(("state-list", "variant"))}
    right = {name for name, part in reasons.items() if part in refused.get(name, "")}
    return sorted((told | reasons.keys()) - right)


@pytest.mark.wide
@pytest.mark.parametrize("name", FURTHERS)
def test_what_is_added_to_a_shape_is_one_thing_more_or_it_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    further, site, code = FURTHERS[name], _write(tmp_path / "site"), tmp_path / "code.html"
    code.write_text(further.code)
    outcomes, added = _ask(run, "inject", site, "--from-file", code), _pages(site)
    refused = {shape: one["reason"] for shape, one in outcomes.items() if one["action"] == "refused"}
    assert {shape for shape in SHAPES if added[shape] == SHAPES[shape]} == {*refused}
    assert all(outcomes[shape]["line"] and "\n" not in reason for shape, reason in refused.items())
    for shape in SHAPES.keys() - refused:
        _check_one_more(further, SHAPES[shape], added[shape])
    assert _unlike(refused, further) == []
    again = _ask(run, "inject", site, "--from-file", code)
    assert {one["action"] for shape, one in again.items() if shape not in refused} == {"unchanged"}
    assert _pages(site) == added
    assert run("remove", site, "--pixel", further.pixel_id).code == 0
    left = _pages(site)
    combined = {shape for shape, one in outcomes.items() if one["action"] == "updated"}  # made anew from what they do
    assert {shape for shape in SHAPES if left[shape] != SHAPES[shape]} == combined
    assert all(_read(left[shape]).told == _read(SHAPES[shape]).told for shape in combined)


SEEN = {
    "an event": """
        code-fbq-head shapes-fbq.swc-head shapes-purchase.terser-head state-two-scripts-body state-two-pixels-head
        state-on-click-body code-fp-body code-fbds-body code-image-head""",
    "another Meta Pixel": "code-fbq-body state-two-pixels-body",
    "another fbds pixel": "code-fbq-head code-fp-body",
    "another fp pixel": "code-fbds-body",
}
WITHOUT_JAVASCRIPT = ("state-two-scripts-body", "code-fbq-body", "code-fp-body")


def _write_seen(run: Run, folder: Path) -> dict[str, tuple[Further, str]]:
    """Write the pages that a browser looks at; return the further thing and the shape by the path of each page."""
    pages = {}
    for number, (name, shapes) in enumerate(SEEN.items()):
        further, site, code = FURTHERS[name], folder / str(number), folder / "code.html"
        for place in (folder / "before", site):
            place.mkdir(exist_ok=True)
            for shape in shapes.split():
                (place / f"{shape}.html").write_bytes(SHAPES[shape])
        code.write_text(further.code)
        assert run("inject", site, "--from-file", code).code == 0
        pages |= {f"{number}/{shape}": (further, shape) for shape in shapes.split()}
    return pages


@pytest.mark.wide
@pytest.mark.browser
def test_a_browser_sees_fire_what_fired_before_and_one_thing_more(run: Run, tmp_path: Path) -> None:
    assert CHROMIUM
    pages = dict(sample([*_write_seen(run, tmp_path).items()]))
    names = [*pages, *{f"before/{shape}" for _, shape in pages.values()}]
    ways = [(name, True) for name in names] + [(name, False) for name in names if name.endswith(WITHOUT_JAVASCRIPT)]
    with serving(tmp_path, "") as url:
        visits = [Visit(name, f"{url}/{name}.html", javascript, timeout_s=60) for name, javascript in ways]
        seen = {(one.path, one.javascript): one for _, one in visit_all(visits, CHROMIUM, parallel=3)}
    assert {observed.failure for observed in seen.values()} == {""}
    for name, javascript in ways[: len(pages)] + ways[len(names) :]:
        if name in pages:
            further, shape = pages[name]
            new = Counter((further.pixel_id, event) for _, event, *_ in further.comes_to(SHAPES[shape]))
            before, after = (seen[path, javascript] for path in (f"before/{shape}", name))
            assert _fired(after) == _fired(before) + new, (name, javascript)
            assert after.errors == before.errors == ()


def _fired(observed: Observed) -> Counter[tuple[str, str | None]]:
    return Counter((one.pixel_id, one.event) for one in observed.fired)
