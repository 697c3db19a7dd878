"""The report on a container: what it says of its tags, which of them are tried in a browser, and what is seen there."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup, Tag

from snippetkit import exports, report
from snippetkit.containers import DataLayerEvent
from snippetkit.terms import Consent, TagVariant
from tests.conftest import CASES, Run
from tests.containers import PAGE_PATH, Json, condition, export, html_tag, parameter, trigger, variable
from tests.tags import TAGS

GOLDEN = CASES / "exports" / "gtm.json"
NO_BROWSER = ["--browser", "no-such-program"]
HOSTILE = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>\u202e\x1b'
FBQ = "<script>fbq('init', '434566956589050'); fbq('track', 'Purchase', {value: %s, currency: 'USD'});</script>"


def _soup(file: str | Path = "report.html") -> BeautifulSoup:
    return BeautifulSoup(Path(file).read_text("utf-8"), "html.parser")


def _rows(soup: BeautifulSoup, caption: str) -> list[list[str]]:
    found = soup.find("caption", string=caption)
    assert isinstance(found, Tag) and isinstance(found.parent, Tag)
    rows = found.parent.select("tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])] for row in rows]


def _summary(soup: BeautifulSoup) -> dict[str, str]:
    listed = soup.select("#content > section:first-of-type dl > *")
    texts = [" ".join(one.get_text(" ").split()) for one in listed]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def test_it_says_what_the_tags_report_when_they_fire_and_what_they_wait_for(run: Run) -> None:
    ran = run("report", GOLDEN, *NO_BROWSER)
    assert ran.code == 0
    first, note, last = ran.err.splitlines()
    assert (first, last) == ("0 findings", "wrote: report.html")
    assert note.startswith(
        "note: not tried in a browser: no-such-program is not a program; install Chromium, Chrome or Edge ("
    )
    soup = _soup()
    assert _summary(soup) == {
        "Tag manager": "Google Tag Manager",
        "Tags": "12 with conversion code",
        "Pixels": "3",
        "Findings": "none",
        "In a browser": "not tried",
    }
    pixels = _rows(soup, "The pixels, what they report, and by which tags")
    assert pixels[0] == ["434566956589050", "Meta", "PageView", "none", "none", "none", "1 tag Meta Pixel"]
    assert [
        "6009125095680",
        "Meta",
        "none",
        "{{Data layer ecommerce.value, or 19.99}}",
        "USD",
        "none",
        "1 tag Order",
    ] in pixels
    triggers = dict(row[:2] for row in _rows(soup, "The triggers, and the tags that they fire"))
    assert triggers["Page path is /welcome.html"] == "2 tags Registration Registration image"
    first = soup.select("article")[0].get_text(" ", strip=True)
    assert first.startswith(
        'Checkout "one" <é> Kind Custom HTML Fires on Page path is /thanks.html Consent to ads Folder Ad account'
    )
    assert "Not tried: no-such-program is not a program" in soup.get_text()


def test_the_report_of_a_bundle_is_that_of_its_container_and_names_the_files(run: Run) -> None:
    Path("code.html").write_text(FBQ % "5")
    assert run("export", "bundle", "--from-file", "code.html", "--all-pages", "-o", "bundle.zip").code == 0
    assert run("report", "bundle.zip", *NO_BROWSER).code == 0
    soup = _soup()
    assert soup.title and soup.title.get_text() == "Conversion tags in bundle.zip"
    assert [item.get_text() for item in soup.select("#content > section:first-of-type li")][:3] == [
        "README.md",
        "csp.txt",
        "adobe.json",
    ]
    with ZipFile("bundle.zip") as bundle:
        Path("gtm.json").write_bytes(bundle.read("gtm.json"))
    assert run("report", "gtm.json", "-o", "alone.html", *NO_BROWSER).code == 0
    caption = "What this tag reports"
    assert _rows(soup, caption) == _rows(_soup("alone.html"), caption)


@pytest.mark.parametrize("name", ["matomo", "zaraz", "adobe"])
def test_a_container_of_another_tag_manager_has_a_report_too(run: Run, name: str) -> None:
    ran = run("report", CASES / "exports" / f"{name}.json")
    assert ran.code == 0
    assert "note: not tried in a browser: only Google Tag Manager containers can be tried\n" in ran.err
    assert _summary(_soup())["Findings"] == "not looked for"


def _bundle(**changed: bytes | None) -> Path:
    content = exports.find_format("bundle").export(TAGS[:1]).content
    Path("made.zip").write_bytes(content)
    with ZipFile("made.zip") as made, ZipFile("bundle.zip", "w") as bundle:
        for name in made.namelist():
            data = changed.get(name.partition(".")[0], made.read(name))
            if data is not None:
                bundle.writestr(name, data)
    return Path("bundle.zip")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"gtm": b"{}"},
            "bundle.zip: gtm.json is not the file that was made with this bundle; export the bundle again",
        ),
        ({"csp": None}, "bundle.zip: csp.txt is not the file that was made with this bundle"),
        ({"manifest": None}, "bundle.zip: a zip without the manifest of a bundle; unpack it, and give the file in it"),
        ({"manifest": b"[]"}, "bundle.zip: a zip without the manifest of a bundle"),
    ],
)
def test_a_bundle_that_was_changed_is_refused(run: Run, changed: dict[str, bytes | None], message: str) -> None:
    ran = run("report", _bundle(**changed))
    assert (ran.code, Path("report.html").exists()) == (2, False)
    assert f"error: {message}" in ran.err


def test_a_zip_that_cannot_be_unpacked_and_a_bundle_without_a_container_are_refused(run: Run) -> None:
    Path("x.zip").write_bytes(b"PK\x03\x04 and no more")
    assert "error: x.zip: a zip that cannot be unpacked: " in run("report", "x.zip").err
    Path("code.html").write_text(FBQ % "5")
    run("export", "bundle", "--from-file", "code.html", "--all-pages", "--format", "html", "-o", "b.zip")
    ran = run("report", "b.zip")
    assert (ran.code, "error: b.zip: a bundle without a container that can be read; export" in ran.err) == (2, True)


def test_a_container_is_reported_alone_and_takes_no_options_of_pages(run: Run) -> None:
    Path("page.html").write_text("<p>")
    for arguments in (["page.html", GOLDEN], [GOLDEN, "--live"], [GOLDEN, "--csp", "x"], [GOLDEN, "--include", "*.x"]):
        ran = run("report", *arguments)
        assert (ran.code, "container" in ran.err, Path("report.html").exists()) == (2, True, False)


def test_what_is_wrong_makes_the_exit_code_1_and_the_report_is_written(run: Run) -> None:
    Path("x.json").write_text(json.dumps(export(tag=[html_tag("1", "A", FBQ % "5", triggers=("7",))])))
    ran = run("report", "x.json", *NO_BROWSER)
    assert (ran.code, ran.err.splitlines()[0]) == (1, "1 finding")
    assert "unknownTriggerId, error, tag 'A' (tagId 1)" in _soup().get_text()


def test_nothing_from_a_container_becomes_an_element_or_speaks_to_a_terminal(run: Run) -> None:
    tags = [html_tag("1", HOSTILE, FBQ % json.dumps(HOSTILE).replace("</", "<\\/"), triggers=("2",))]
    document = export(tag=tags, trigger=[trigger("2", HOSTILE)], builtInVariable=[PAGE_PATH])
    document["containerVersion"]["container"]["name"] = HOSTILE
    Path("x.json").write_text(json.dumps(document))
    run("report", "x.json", *NO_BROWSER)
    text = Path("report.html").read_text("utf-8")
    soup = BeautifulSoup(text, "html.parser")
    assert (len(soup.select("script")), len(soup.select("img"))) == (1, 0)
    assert {char for char in text if not char.isprintable()} <= {"\n", "\t"}
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]


def _triable(document: Json) -> exports.Triable:
    triable = exports.triable("gtm", document)
    assert triable
    return triable


def test_what_we_export_is_tried_as_it_was_meant() -> None:
    triable = _triable(json.loads(GOLDEN.read_bytes()))
    meant = {tag.name: tag for tag in TAGS}
    assert triable.left_out == {"Without a trigger": "no trigger fires it"}
    assert [tag.name for tag in triable.tags if tag.name not in meant] == ["Registration image"]
    for tag in (tag for tag in triable.tags if tag.name in meant):
        one = meant[tag.name]
        assert (tag.rules, tag.exceptions, tag.consent) == (one.rules, one.exceptions, one.consent)
        assert tag.event == one.event
        assert {snippet.pixel_id for snippet in tag.snippets} <= {snippet.pixel_id for snippet in one.snippets}
    assert [tag.variant for tag in triable.tags if tag.name == "Image"] == [TagVariant.IMAGE]


def _one(tag: Json, **lists: list[Json]) -> exports.Triable:
    return _triable(export(tag=[tag], **lists))


def _event_trigger(**more: Any) -> Json:
    filters = {"customEventFilter": [condition("EQUALS", "_event", "purchase")]}
    return {"triggerId": "2", "name": "T", "type": "CUSTOM_EVENT", **filters, **more}


def test_a_value_of_the_data_layer_is_pushed_where_its_variable_says() -> None:
    layer = variable("3", "Total") | {
        "type": "v",
        "parameter": [parameter("dataLayerVersion", "2", "INTEGER"), parameter("name", "order.total")],
    }
    constant = variable("4", "Currency", "EUR")
    html = (FBQ % "{{Total}}").replace("'USD'", "{{Currency}}")
    triable = _one(html_tag("1", "A", html, ("2",)), trigger=[_event_trigger()], variable=[layer, constant])
    [tag] = triable.tags
    assert tag.event == DataLayerEvent("purchase", value_key="order.total")
    kept = json.loads(triable.content)["containerVersion"]
    assert [item["name"] for item in kept["variable"]] == ["Total", "Currency"]
    assert (tag.consent, tag.rules) == (Consent.NONE, ())


PATHS = {"trigger": [trigger("2", "T")], "builtInVariable": [PAGE_PATH]}
LEFT_OUT: dict[str, tuple[str, Json, dict[str, list[Json]]]] = {
    "paused": ("it is paused", html_tag("1", "A", FBQ % 5, ("2",), paused=True), PATHS),
    "native": (
        "the tag manager carries it out itself",
        html_tag("1", "A", "", ("2",)) | {"type": "bzi", "parameter": [parameter("id", "123456")]},
        PATHS,
    ),
    "sequence": (
        "other tags fire before or after it",
        html_tag("1", "A", FBQ % 5, ("2",), setupTag=[{"tagName": "A"}]),
        PATHS,
    ),
    "broken": (
        "lint-container says what keeps it from being published",
        html_tag("1", "A", FBQ % 5 + "<script>let a;</script>", ("2",)),
        PATHS,
    ),
    "consent": (
        "it waits for a consent that is not tried here",
        html_tag(
            "1",
            "A",
            FBQ % 5,
            ("2",),
            consentSettings={
                "consentStatus": "NEEDED",
                "consentType": {"type": "LIST", "list": [{"type": "TEMPLATE", "value": "analytics_storage"}]},
            },
        ),
        PATHS,
    ),
    "variable": (
        "a variable of it is of a kind that is not tried here",
        html_tag("1", "A", FBQ % "{{V}}", ("2",)),
        PATHS | {"variable": [variable("3", "V") | {"type": "u", "parameter": []}]},
    ),
    "pixel": (
        "it does not say which pixel it is for",
        html_tag("1", "A", "<script>fbq('track', 'Purchase', {value: 5, currency: 'USD'})</script>", ("2",)),
        PATHS,
    ),
    "trigger": (
        "its trigger 'T' is of a kind that is not tried here",
        html_tag("1", "A", FBQ % 5, ("2",)),
        {"trigger": [{"triggerId": "2", "name": "T", "type": "CLICK"}]},
    ),
    "condition": (
        "a condition of its trigger, on {{Page Path}}, is of a kind that is not tried here",
        html_tag("1", "A", FBQ % 5, ("2",)),
        PATHS | {"trigger": [trigger("2", "T") | {"filter": [condition("ENDS_WITH", "Page Path", "/x")]}]},
    ),
    "both": (
        "its triggers together are of a kind that is not tried here",
        html_tag("1", "A", FBQ % 5, ("2", "2147479553")),
        {"trigger": [_event_trigger()]},
    ),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_a_stand_in_cannot_fire_is_left_out_with_the_reason(name: str) -> None:
    reason, tag, lists = LEFT_OUT[name]
    triable = _one(tag, **deepcopy(lists))
    assert (triable.tags, dict(triable.left_out)) == ((), {"A": reason})


@pytest.mark.browser
def test_what_fires_in_a_browser_is_told_with_its_verdict(run: Run) -> None:
    ran = run("report", GOLDEN)
    assert ran.code == 1
    assert "wrong: the page /welcome.html (JavaScript): fired-twice: pixel 6009125095681 fired 2 times\n" in ran.err
    assert "in a stand-in of Google Tag Manager: 12 visits checked, 1 wrong\n" in ran.err
    soup = _soup()
    shown = {row[0]: row[1:] for row in _rows(soup, "What fired in a browser")}
    assert shown["the page /thanks.html"] == [
        "right",
        "434566956589050 PageView , no value 6009125095680 , 19.99 USD",
        "nothing",
    ]
    assert shown["the event purchase"][1].endswith("6009125095680 , 12.34 EUR")
    assert shown["the page /welcome.html"][0] == "wrong"
    assert shown["the page /thanks.html without consent"][:2] == ["right", "nothing"]
    assert "In a browser not tried: no trigger fires it" in soup.get_text(" ", strip=True)
    again = Path("report.html").read_bytes()
    run("report", GOLDEN)
    assert Path("report.html").read_bytes() == again


@pytest.mark.browser
def test_where_no_tag_can_be_tried_that_is_said(run: Run) -> None:
    ran = run("report", CASES / "containers" / "broad.json")
    note = "note: not tried in a browser: no tag is of a kind that a stand-in fires"
    assert (ran.code, ran.err.splitlines()) == (0, ["0 findings", note, "wrote: report.html"])
    assert "not tried: the tag manager carries it out itself" in " ".join(_soup().get_text(" ").split())


@pytest.mark.browser
def test_a_container_that_somebody_made_is_tried_too(run: Run) -> None:
    layer = variable("13", "Total") | {
        "type": "v",
        "parameter": [parameter("dataLayerVersion", "2", "INTEGER"), parameter("name", "order.total")],
    }
    loaded = (CASES / "code" / "fbq.html").read_text("utf-8").partition("<noscript")[0]
    html = loaded.replace("fbq('track', 'PageView');", "fbq('track', 'Purchase', {value: {{Total}}, currency: {{C}}});")
    tags = [html_tag("11", "A", html, ("12",)), html_tag("15", "B", "<b>x</b>", ("12",))]
    document = export(tag=tags, trigger=[_event_trigger(triggerId="12")], variable=[layer, variable("14", "C", "EUR")])
    Path("x.json").write_text(json.dumps(document))
    ran = run("report", "x.json")
    assert ran.code == 0, ran.err
    shown = {row[0]: row[1:] for row in _rows(_soup(), "What fired in a browser")}
    assert shown["the event purchase"] == ["right", "434566956589050 Purchase , 12.34 EUR", "nothing"]


_AFTER_LOAD = {"adroll"}
"""Whose older code waits for the page to be loaded, which it is already where the stand-in begins."""
_CODES = sorted(path.stem for path in (CASES / "code").glob("*.html"))


@pytest.mark.browser
@pytest.mark.wide
@pytest.mark.parametrize("name", _CODES)
def test_the_code_of_every_dialect_is_right_in_a_container(run: Run, name: str) -> None:
    html = (CASES / "code" / f"{name}.html").read_text("utf-8")
    needed = {"consentStatus": "NEEDED"}  # nothing is named that it would wait for
    tag = html_tag("1", "A", html, ("2147479553",), consentSettings=needed)
    Path("x.json").write_text(json.dumps(export(tag=[tag])))
    ran = run("report", "x.json")
    assert (ran.code, "not-fired" in ran.err) == ((1, True) if name in _AFTER_LOAD else (0, False)), ran.err


@pytest.mark.browser
@pytest.mark.parametrize(("name", "event"), [("lintrk", "lintrk('track', {conversion_id: 7654321});"), ("fbq", "")])
def test_base_code_in_a_tag_of_its_own_is_right(run: Run, name: str, event: str) -> None:
    html = (CASES / "code" / f"{name}.html").read_text("utf-8").replace(event, "").partition("<noscript")[0]
    Path("x.json").write_text(json.dumps(export(tag=[html_tag("1", "A", html, ("2147479553",))])))
    assert run("report", "x.json").code == 0


def test_a_report_without_tags_says_so() -> None:
    contents = exports.Contents((), (), ())
    text = report.render_container(report.ContainerReport("x", "y", contents, (), report.Trials(reason="z")))
    assert "No tag has conversion code." in text
    assert "No trigger fires a tag with conversion code." in text
