"""A dialect of somebody else's, one module and one template in a distribution with an entry point, is one of ours.

It is run in a process of its own, as a person has it who has installed that distribution.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from snippetkit import exports
from snippetkit.platforms import GROUP
from tests.pixels import META_ID, PURCHASE
from tests.processes import Forks, forking

HERE = Path(__file__).parent
CODE = """<script>
!function (page, html, loader, first) {
  if (page.acme) return;
  page.acme = function () { page.acme.run ? page.acme.run.apply(null, arguments) : page.acme.queue.push(arguments); };
  page.acme.queue = [];
  loader = html.createElement('script');
  loader.async = !0;
  loader.src = 'https://cdn.acme.example/px.js';
  first = html.getElementsByTagName('script')[0];
  first.parentNode.insertBefore(loader, first);
}(window, document);
acme('init', 'ACME-1234');
acme('track', 'Order', {value: 19.99, currency: 'EUR'});
</script>
<noscript><img alt="" src="https://hits.acme.example/hit?p=ACME-1234&amp;e=Order&amp;v=19.99&amp;c=EUR"></noscript>
"""
PAGE = "<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n<p>Thanks</p>\n</body>\n</html>\n"
KEY = "acme:ACME-1234"


class Installed:
    """snippetkit beside the distribution, started in the current folder."""

    def __init__(self, forks: Forks) -> None:
        self._forks = forks

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Return what a run that ends with this code prints, and what it says where that is not 0."""
        ran = self._run(arguments, code)
        return ran.stdout + (ran.stderr if code else "")

    def said(self, *arguments: str) -> str:
        """Return what a run that ends well says."""
        return self._run(arguments, 0).stderr

    def _run(self, arguments: Sequence[str], code: int) -> subprocess.CompletedProcess[str]:
        ran = self._forks.run(arguments)
        assert ran.returncode == code, ran.stderr
        return ran


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("acme")
    site = folder / "site-packages"
    metadata = site / "acme_pixel-1.0.dist-info"
    metadata.mkdir(parents=True)
    shutil.copy(HERE / "dialects/acme.py", site / "acme_pixel.py")
    shutil.copy(HERE / "dialects/acme.html.j2", site / "acme.html.j2")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-pixel\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\nacme = acme_pixel\n")
    (folder / "page.html").write_text(PAGE)
    (folder / "code.html").write_text(CODE)
    code = ["--from-file", "code.html"]
    first = [
        ["inject", "page.html", *code, "--template", "clean"],
        ["export", "gtm", *code, "--all-pages", "-o", "made"],
    ]
    with forking(folder, first, PYTHONPATH=os.pathsep.join([str(site), *sys.path])) as forks:
        yield Installed(forks)


@pytest.fixture
def acme(installed: Installed) -> Installed:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(CODE)
    return installed


def test_it_is_read_beside_another_platforms_code_and_each_event_is_of_its_own_pixel(acme: Installed) -> None:
    Path("code.html").write_text(f"{PURCHASE}{CODE}")
    [file] = json.loads(acme("inspect", "code.html", "--json"))["files"]
    told = ("dialect", "pixel_id", "event", "value", "currency", "dynamic")
    found = [tuple(one[name] for name in told) for one in file["snippets"] if one["conversion"]]
    assert found == [
        ("fbq", META_ID, "Purchase", "30.00", "USD", False),
        ("acme", "ACME-1234", "Order", "19.99", "EUR", False),
    ]


WRONG = {
    "right": ("", "", []),
    "value": ("{value: 19.99", "{value: 29.99", ["value-mismatch"]),
    "id": ("p=ACME-1234", "p=ACME-9999", ["id-mismatch"]),
    "call": ("</script>", "acme('forget');</script>", ["unexpected-script"]),
    "second": ("acme('track'", "acme('init', 'ACME-9999');\nacme('track'", ["second-pixel"]),
    "loader": ("cdn.acme.example", "cdn.evil.example", ["foreign-host", "unexpected-script"]),
    "mixed": ("https://cdn.acme.example/px.js", "https://connect.facebook.net/en_US/fbevents.js", ["foreign-host"]),
    "nameless": ("acme('init', 'ACME-1234');\n", "", ["not-run"]),
}
"""What is written for what of the code, and what is said of that at least."""


def test_it_is_checked(acme: Installed) -> None:
    for name, (before, after, _) in WRONG.items():
        Path(f"wrong-{name}.html").write_text(CODE.replace(before, after, 1))
    printed = acme("lint", *(f"wrong-{name}.html" for name in WRONG), "--json", code=1).rpartition("\n}")[0]
    found = {one["path"]: {each["code"] for each in one["findings"]} for one in json.loads(f"{printed}\n}}")["files"]}
    for name, (_, _, codes) in WRONG.items():
        there = found[f"wrong-{name}.html"]
        assert there >= set(codes), name
        assert bool(there) == bool(codes), name


def test_it_goes_onto_a_page_once_and_out_again(acme: Installed) -> None:
    acme("inject", "page.html", "--from-file", "code.html")
    page = Path("page.html").read_text()
    assert all(line in page for line in CODE.splitlines())
    assert page.count(f"snippetkit:begin {KEY} ") == 2
    acme("inject", "page.html", "--from-file", "code.html", "--check")
    assert KEY in acme("status", "page.html")
    acme("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "USD")
    page = Path("page.html").read_text()
    assert ("value: 49.99, currency: 'USD'" in page, "v=49.99&amp;c=USD" in page) == (True, True)
    acme("remove", "page.html", "--key", KEY)
    assert Path("page.html").read_text() == PAGE


def test_nothing_that_it_does_is_lost_where_it_is_adopted(acme: Installed) -> None:
    more = CODE.replace("</script>\n<noscript>", "acme('track', 'Extra');\n</script>\n<noscript>")
    for name, code in (("same", CODE), ("more", more)):
        Path(f"{name}.html").write_text(PAGE.replace("</head>", f"{code.partition('<noscript>')[0]}</head>"))
    assert "unmarked code of acme:ACME-1234" in acme("inject", "same.html", "--from-file", "code.html", code=6)
    acme("inject", "same.html", "--from-file", "code.html", "--adopt")
    said = acme("inject", "more.html", "--from-file", "code.html", "--adopt", code=6)
    assert "adopting this code would lose acme('track', 'Extra')" in said


def test_its_template_writes_it_anew(acme: Installed) -> None:
    acme("inject", "page.html", "--from-file", "code.html", "--template", "clean")
    page = Path("page.html").read_text()
    assert ('acme(\'track\', "Order", {value: 19.99, currency: "EUR"});' in page, page.count(KEY)) == (True, 4)
    assert acme("lint", "page.html") == ""


def test_its_code_is_made_here(acme: Installed) -> None:
    told = ["--kind", "acme", "--event", "Order", "--value", "1999", "--currency", "EUR"]
    made = acme("snippet", "ACME-1234", *told)
    assert ('acme(\'track\', "Order", {value: 19.99, currency: "EUR"});' in made, "<noscript" in made) == (True, True)
    acme("inject", "page.html", *told, "--pixel", "ACME-1234")
    assert "value: 19.99" in Path("page.html").read_text()
    said = acme("snippet", "ACME-1234", "--kind", "acmee", code=2)
    assert "'acmee' is unknown; give conversion, meta, acme, " in said


def test_a_pixel_that_is_none_has_no_place(acme: Installed) -> None:
    Path("code.html").write_text(CODE.replace("ACME-1234", "YOUR-ID"))
    said = acme("inject", "page.html", "--from-file", "code.html", code=6)
    reason = "the acme code has 'YOUR-ID' where its pixel's id goes; put the pixel's id there; Acme's manager shows it"
    assert reason in said
    assert "'acme:x' is not a key" in acme("remove", "page.html", "--key", "acme:x", code=2)


@pytest.mark.wide
@pytest.mark.parametrize("name", exports.names())
def test_it_is_exported(acme: Installed, name: str) -> None:
    acme("export", name, "--from-file", "code.html", "--all-pages", "-o", "made")
    if name == "gtm":
        assert "ACME-1234" in acme("import", "made")
    assert Path("made").stat().st_size


Tag = dict[str, Any]


def _tags() -> list[Tag]:
    """The tags of the container that was made, each with its parameters by their keys."""
    tags = json.loads(Path("made").read_bytes())["containerVersion"]["tag"]
    return [{**tag, "parameter": {each.pop("key"): each for each in tag["parameter"]}} for tag in tags]


def test_it_is_a_tag_of_its_own_type_behind_the_one_that_it_needs(acme: Installed) -> None:
    acme("export", "gtm", "--from-file", "code.html", "--all-pages", "-o", "made")
    base, order = _tags()
    text = {"type": "TEMPLATE"}
    assert base["parameter"] == {"account": {**text, "value": "1234"}, "kind": {**text, "value": "base"}}
    assert ("firingTriggerId" in base, base["tagFiringOption"]) == (False, "ONCE_PER_LOAD")
    assert order["setupTag"] == [{"tagName": base["name"], "stopOnSetupFailure": False}]
    row = {"type": "MAP", "map": [{**text, "key": "name", "value": "c"}, {**text, "key": "text", "value": "EUR"}]}
    assert order["parameter"] == {
        "account": {**text, "value": "1234"},
        "kind": {**text, "value": "event"},
        "name": {**text, "value": "Order"},
        "worth": {**text, "value": "19.99"},
        "isQuick": {"type": "BOOLEAN", "value": "true"},
        "settings": {"type": "LIST", "list": [row]},
    }
    names = ("NAME", "DIALECT", "PIXEL", "EVENT", "VALUE", "CURRENCY", "STATE")
    header, *rows = (re.split("  +", line) for line in acme("import", "made").splitlines())
    told = [[row[header.index(name)] for name in names[1:4]] for row in rows]
    assert told == [["acme", "ACME-1234", "base code"], ["acme", "ACME-1234", "Order"]]


def test_its_value_is_the_data_layers(acme: Installed) -> None:
    event = ["--on-event", "order", "--value-key", "total", "--currency-key", "money"]
    acme("export", "gtm", "--from-file", "code.html", *event, "-o", "made")
    _, order = _tags()
    assert order["parameter"]["worth"]["value"] == "{{Data layer total, or 19.99}}"
    assert order["parameter"]["settings"]["list"][0]["map"][1]["value"] == "{{Data layer money, or EUR}}"
    assert order["tagFiringOption"] == "ONCE_PER_EVENT"


def test_two_of_its_tags_need_one_and_the_same(acme: Installed) -> None:
    of_each = ["--from-file", "code.html", "--currency", "EUR", "--all-pages", "-o", "made"]
    acme("export", "gtm", *of_each, "--value", "1999")
    Path("made").rename("before")
    acme("export", "gtm", *of_each, "--value", "2999", "--into", "before", "--on-conflict", "rename")
    assert [tag["parameter"]["kind"]["value"] for tag in _tags()] == ["base", "event", "event"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("</script>", "acme('track', 'Extra');</script>"),
        ("currency: 'EUR'}", "currency: 'EUR', note: 'x'}"),
        ("19.99, c", "order.total, c"),
    ],
)
def test_code_that_says_more_is_custom_html(acme: Installed, before: str, after: str) -> None:
    options = ["--from-file", "code.html", "--all-pages", "-o", "made"]
    acme("export", "gtm", *options, "--as", "html")
    assert [tag["type"] for tag in _tags()] == ["html"]
    Path("code.html").write_text(CODE.replace(before, after, 1))
    allowed = ["--allow", "value:order.total"] if "order.total" in after else []
    said = acme("export", "gtm", *options, *allowed, "--as", "native", code=6)
    assert "Google Tag Manager has no built-in tag type that carries everything this code says" in said
    acme("export", "gtm", *options, *allowed)
    assert [tag["type"] for tag in _tags()] == ["html"]


@pytest.mark.browser
def test_a_tag_of_its_own_type_is_not_tried(acme: Installed) -> None:
    options = ["--from-file", "code.html", "--all-pages", "-o", "made", "--verify"]
    assert "runs in the tag manager itself, so it was not tried" in acme.said("export", "gtm", *options)
    assert "not tried" not in acme.said("export", "gtm", *options, "--as", "html")


def test_other_tag_managers_have_no_types_of_platforms(acme: Installed) -> None:
    said = acme("export", "matomo", "--from-file", "code.html", "--as", "native", "--all-pages", "-o", "made", code=2)
    assert "--as is for gtm" in said


def test_a_policy_has_its_hosts_and_no_others(acme: Installed) -> None:
    hashed, *directives = acme("csp", "code.html").splitlines()
    assert hashed.endswith("=' https://cdn.acme.example")
    assert directives == [
        "img-src https://hits.acme.example",
        "connect-src https://hits.acme.example",
        "frame-src https://sync.acme.example",
    ]


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize("options", [[], ["--no-js"]])
def test_a_browser_fires_it(acme: Installed, options: list[str]) -> None:
    acme("inject", "page.html", "--from-file", "code.html")
    [visit] = json.loads(acme("verify", "page.html", "--json", *options))["visits"]
    [fired] = visit["fired"]
    told = tuple(fired[name] for name in ("pixel_id", "event", "value", "currency"))
    assert (told, visit["faults"]) == (("ACME-1234", "Order", "19.99", "EUR"), [])
