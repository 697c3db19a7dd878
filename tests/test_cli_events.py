"""`snippet`, `inject` and `export` with code that reports several events, in one script or in several."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import snippets
from snippetkit.templating import Template, render_blocks
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.pixels import META_ID
from tests.test_joining import PAGE_VIEW as BASE

OTHER_ID = "6009125095681"
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
TO_EUR_500 = ["--value", "500", "--currency", "EUR"]
COMMANDS = [["snippet"], ["inject", "page.html"], ["export", "gtm", "-o", "gtm.json"]]
TWO_SCRIPTS = f"{BASE}\n<script>fbq('track', 'Purchase', {{value: 30, currency: 'USD'}});</script>\n"
TWO_EVENTS = TWO_SCRIPTS + "<script>fbq('track', 'Lead', {value: 2, currency: 'USD'});</script>\n"


@pytest.fixture
def page() -> Path:
    path = Path("page.html")
    path.write_bytes(PAGE)
    return path


def _write(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text)
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_base_code_and_event_in_two_scripts_are_the_code_of_one_pixel(run: Run, page: Path, command: list[str]) -> None:
    ran = run(*command, "--from-file", _write("code.html", TWO_SCRIPTS), *TO_EUR_500)
    assert (ran.code, ran.err.splitlines()[0]) == (0, f"pixel {META_ID} reports Purchase, with 5.00 EUR")
    written = ran.out or (page.read_text() if command[0] == "inject" else json.loads(Path("gtm.json").read_text()))
    text = written if isinstance(written, str) else written["containerVersion"]["tag"][0]["parameter"][0]["value"]
    found = [(found.event, found.value, found.currency) for found in snippets.read(text)]
    assert found == [("PageView", None, None), ("Purchase", "5.00", "EUR")]


@pytest.mark.parametrize("command", COMMANDS)
def test_where_several_events_have_a_value_it_is_said_which_one_gets_it(
    run: Run, page: Path, command: list[str]
) -> None:
    arguments = [*command, "--from-file", _write("code.html", TWO_EVENTS), *TO_EUR_500]
    refused = run(*arguments)
    reason = "several events have a value: Purchase 30 USD, Lead 2 USD; --event NAME says which one to set"
    assert (refused.code, refused.out, refused.err) == (6, "", f"error: pixel {META_ID}: {reason}\n")
    unknown = run(*arguments, "--event", "Search")
    reason = "the code has no event 'Search'; it reports PageView, Purchase, Lead"
    assert (unknown.code, unknown.out, unknown.err) == (6, "", f"error: pixel {META_ID}: {reason}\n")
    assert page.read_bytes() == PAGE
    assert not Path("gtm.json").exists()
    ran = run(*arguments, "--event", "Lead")
    said = f"pixel {META_ID} reports Lead, with 5.00 EUR, and Purchase, with 30 USD"
    assert (ran.code, ran.err.splitlines()[0]) == (0, said)


def test_one_call_for_two_pixels_is_printed_once_with_one_value(run: Run) -> None:
    both = BASE.replace("fbq('track'", f"fbq('init', '{OTHER_ID}');\nfbq('track', 'Lead', {{value: 2}});\nfbq('track'")
    ran = run("snippet", "--from-file", _write("code.html", both))
    assert (ran.code, ran.out) == (0, both)
    refused = run("inject", ".", "--from-file", "code.html")
    assert "second-pixel: " in refused.err
    assert refused.err.endswith("; nothing was written; give each pixel a script of its own\n")


def test_two_pixels_of_one_script_are_printed_once_and_a_value_is_one_pixels(run: Run) -> None:
    pixels = [snippets.read(JS_PIXEL.replace(PIXEL_ID, pixel_id))[0] for pixel_id in (PIXEL_ID, OTHER_ID)]
    both = render_blocks(Template("combined"), pixels)
    code = _write("code.html", "\n".join(both.values()))
    assert run("snippet", "--from-file", code).out == code.read_text()
    refused = run("snippet", "--from-file", code, "--value", "500")
    assert (refused.code, refused.out) == (6, "")
    assert f"one script reports fp:{PIXEL_ID}, fp:{OTHER_ID}; name the PIXEL that --value is for" in refused.err
    assert run("snippet", OTHER_ID, "--from-file", code, "--value", "500").out.count("<script") == 1


def test_a_page_keeps_the_value_of_each_event_that_nobody_asked_for(run: Run, page: Path) -> None:
    inject = ["inject", page, "--from-file", _write("code.html", TWO_EVENTS)]
    assert run(*inject, "--event", "Lead", "--value", "500").code == 0
    assert run(*inject, "--event", "Purchase", "--value", "700").err.endswith("1 updated\n")
    assert run(*inject).err.endswith("1 unchanged\n")
    told = {found.event: found.value for found in snippets.read(page.read_text())}
    assert told == {"PageView": None, "Purchase": "7.00", "Lead": "5.00"}
    assert run("inject", page, "--from-file", "code.html", "--template", "clean").err.endswith("1 updated\n")
    assert {found.event: found.value for found in snippets.read(page.read_text())} == told
    assert run("remove", page).code == 0
    assert page.read_bytes() == PAGE


def test_a_rule_takes_the_code_of_several_scripts_and_its_value_is_that_of_the_event(run: Run, page: Path) -> None:
    _write("rules.csv", f"page,pixel,value\n/page.html,{META_ID},500\n")
    inject = ["inject", ".", "--pages", "rules.csv", "--from-file", _write("code.txt", TWO_EVENTS)]
    assert "rules.csv, line 2: " in run(*inject).err
    assert run(*inject, "--event", "Lead").code == 0
    told = {found.event: found.value for found in snippets.read(page.read_text())}
    assert told == {"PageView": None, "Purchase": "30", "Lead": "5.00"}


def test_a_data_layer_has_the_value_of_one_event(run: Run) -> None:
    export = ["export", "gtm", "--from-file", _write("code.html", TWO_EVENTS), "--on-event", "order"]
    assert "2 events of the code have a value, and the data layer has one" in run(*export).err
    assert run(*export, "--event", "Lead", "--value", "500").code == 0


IMAGE = (
    f'<noscript><img alt="" src="https://www.facebook.com/tr?id={META_ID}&ev=Lead&cd[value]=3&noscript=1"></noscript>'
)


def test_the_value_of_one_event_hides_no_disagreement_of_another(run: Run) -> None:
    export = ["export", "html", "-o", "out.html", "--from-file", _write("code.html", TWO_EVENTS + IMAGE)]
    for more in ([], ["--event", "Purchase", "--value", "500"]):
        assert "value-mismatch: the script's value is 2, the noscript's 3" in run(*export, *more).err
    assert run(*export, "--event", "Lead", "--value", "500").code == 0
    _write("code.html", TWO_EVENTS.replace("{value: 2, currency: 'USD'}", "{}") + IMAGE)
    assert "value-mismatch: the script's value is missing" in run(*export, "--value", "500").err


def test_an_event_again_without_its_value_is_told_what_the_page_has(sandbox_run: Run, page: Path) -> None:
    pixel_id = sandbox_run("pixels", "create", "--kind", "meta", "--name", "Shop").out.strip()
    inject = ["inject", page, "--kind", "meta", "--pixel", pixel_id, "--event", "Purchase"]
    assert sandbox_run(*inject, "--value", "1999", "--currency", "USD").code == 0
    before, ran = page.read_bytes(), sandbox_run(*inject)
    told = (
        f"the page has the value 19.99 USD of fbq:{pixel_id}, where the new code reports Purchase without one; --value"
    )
    assert (ran.code, told in ran.err, page.read_bytes()) == (6, True, before)
    assert sandbox_run(*inject, "--value", "1999", "--currency", "USD").err.endswith("1 unchanged\n")


@pytest.mark.browser
def test_a_base_code_with_an_event_fires_each_once_with_javascript_and_without(sandbox_run: Run, page: Path) -> None:
    pixel_id = sandbox_run("pixels", "create", "--kind", "meta", "--name", "Shop").out.strip()
    event = ["--event", "Purchase", "--value", "1999", "--currency", "USD"]
    assert sandbox_run("inject", page, "--kind", "meta", "--pixel", pixel_id, *event, "--event-id", "17").code == 0
    ran = sandbox_run("verify", page, "--both", "--json")
    assert ran.code == 0
    for visit in json.loads(ran.out)["visits"]:
        told = [(one["pixel_id"], one["event"], one["value"], one["currency"]) for one in visit["fired"]]
        assert told == [(pixel_id, "PageView", None, None), (pixel_id, "Purchase", "19.99", "USD")]


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize("name", ["adobe", "zaraz"])
def test_scripts_that_a_tag_manager_puts_into_one_fire_all_their_events(run: Run, name: str) -> None:
    base = BASE.replace("'PageView');\n</script>", "'PageView') // the base code</script>")
    code = _write("code.html", TWO_EVENTS.replace(BASE, base))
    ran = run("export", name, "--from-file", code, "--page-path", "/thanks.html", "-o", "out.json", "--verify")
    assert (ran.code, "2 visits checked, all OK" in ran.err) == (0, True)
