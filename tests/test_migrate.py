"""A conversion pixel's code becomes a Meta Pixel's: same value, same currency, and an event that the user agreed to."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import migrate, snippets
from snippetkit.errors import SettingError, SnippetError
from snippetkit.migrate import MigratedEvent
from snippetkit.model import Snippet
from snippetkit.terms import PIXEL_TAGS
from tests.conftest import CASES, PIXEL_ID, Run
from tests.pixels import CODES
from tests.visited import sent

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NEW_ID = "434566956589050"
FP = str(CASES / "code" / "fp.html")


def _fp(value: str = "'19.99'", currency: str = "'USD'") -> str:
    return (
        f"<script>var fb_param = {{}}; fb_param.pixel_id = '{PIXEL_ID}'; fb_param.value = {value};\n"
        f"fb_param.currency = {currency};</script>"
    )


def _fbds(members: str = "{'value': '19.99', 'currency': 'USD'}", pixel_id: str = PIXEL_ID) -> str:
    return f"<script>window._fbq = window._fbq || [];\n_fbq.push(['track', '{pixel_id}', {members}]);</script>"


def _convert(text: str, event: str = "Purchase", currency: str | None = None) -> MigratedEvent:
    return migrate.convert(migrate.pick(snippets.read(text)), NEW_ID, event, currency)


def _read(migrated: MigratedEvent) -> Snippet:
    [snippet] = snippets.read(migrated.code())
    return snippet


@pytest.mark.parametrize("dialect", ["fbds", "fp"])
def test_the_new_code_is_as_the_case_has_it(run: Run, dialect: str) -> None:
    before = CASES / "migrate" / f"{dialect}.before"
    ran = run("migrate", before, "--pixel", NEW_ID, "--event", "Purchase")
    assert (ran.code, ran.out) == (0, before.with_suffix(".after").read_text("utf-8"))


_AMOUNTS = st.from_regex(r"\A(0|[1-9][0-9]{0,11})(\.[0-9]{1,3})?\Z")
_CURRENCIES = st.none() | st.from_regex(r"\A[A-Z]{3}\Z")


@given(_AMOUNTS, _CURRENCIES, st.sampled_from(["'", '"']))
def test_any_value_and_currency_carry_over_exactly(value: str, currency: str | None, quote: str) -> None:
    members = f"value: {quote}{value}{quote}" + (f", currency: {quote}{currency}{quote}" if currency else "")
    new = _read(_convert(_fbds(f"{{{members}}}")))
    assert (new.dialect, new.pixel_id, new.event, new.value, new.currency) == (
        "fbq",
        NEW_ID,
        "Purchase",
        value,
        currency,
    )


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        (_fp(), "19.99", "USD"),
        (_fp("19.90"), "19.90", "USD"),
        (_fp("'007.50'"), "7.50", "USD"),
        (_fp(".5"), "0.5", "USD"),
        (_fp("5."), "5", "USD"),
        (_fp("'0'", "'JPY'"), "0", "JPY"),
        (_fbds("{'value': '999999999999.999'}"), "999999999999.999", None),
        (_fbds("{'currency': 'EUR'}"), None, "EUR"),
        (_fbds("{}"), None, None),
        (f"<img src='https://www.facebook.com/offsite_event.php?id={PIXEL_ID}&amp;value=1'>", "1", None),
        (f"<img src='//www.facebook.com/tr?ev={PIXEL_ID}&cd%5Bvalue%5D=1&cd[currency]=CHF'>", "1", "CHF"),
    ],
)
def test_the_code_of_each_dialect_is_taken(text: str, value: str | None, currency: str | None) -> None:
    migrated = _convert(text)
    assert (migrated.value, migrated.currency) == (value, currency)
    assert (_read(migrated).value, _read(migrated).currency) == (value, currency)


@pytest.mark.parametrize(
    ("event", "verb"),
    [("Purchase", "track"), ("Lead", "track"), ("Quote asked", "trackCustom"), ("Other", "trackCustom")],
)
def test_a_standard_event_is_tracked_and_any_other_is_a_custom_one(event: str, verb: str) -> None:
    assert f'fbq("{verb}", "{event}", {{value: 19.99, currency: "USD"}});' in _convert(_fp(), event).code()


@given(
    st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]),
        min_size=1,
        max_size=50,
    )
)
def test_no_name_of_an_event_breaks_the_code(event: str) -> None:
    try:
        migrated = _convert(_fp(), event)
    except SettingError:
        return
    new = _read(migrated)
    assert (new.event, new.value, new.currency) == (event, "19.99", "USD")
    assert migrated.code().count("</script>") == 1


@pytest.mark.parametrize("event", ["", " ", "a\nb", "x" * 51, "purchase", "ADDTOCART"])
def test_a_name_that_no_event_should_have_is_refused(event: str) -> None:
    with pytest.raises(SettingError):
        _convert(_fp(), event)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_fp("'<?php echo $x ?>'"), r"line 1: the value is set while .*: <\?php echo \$x \?>"),
        (_fp(currency="{{ c }}"), r"line 2: the currency is set while .*: \{\{ c \}\}"),
        ("\n\n" + _fbds("{value: total}"), "line 4: the value is set while .*: total"),
        (_fp("'1,50'"), "the value '1,50' is not an amount"),
        (_fp("'-1'"), "not an amount"),
        (_fp("'1e3'"), "not an amount"),
        (_fp("'1234567890123456'"), "not an amount that a JavaScript number keeps exactly"),
        (_fp(currency="'dollars'"), "the code's currency 'dollars' is not a currency code"),
        (CODES["fbq"], r"line 2: the code of a Meta Pixel \(fbq\) already, which reports PageView$"),
        (CODES["fbq"] + "<script>fbq('track', 'Lead');</script>", r"already, which reports PageView, Lead$"),
        ("<img src='https://www.facebook.com/tr?id=1'>", r"the code of a Meta Pixel \(fbq\) already$"),
        (f"<img src='https://www.facebook.com/tr?id={NEW_ID}&ev=Purchase'>", r"a Meta Pixel \(fbq\) already"),
        ((CASES / "code" / "audience.html").read_text(), "line 1: the code of an audience pixel"),
        ("<img src='https://www.facebook.com/tr?id=1&amp;ev=PixelInitialized'>", "the code of an audience pixel"),
        ("<p>no code</p>", "no conversion code in it"),
        ("", "no conversion code in it"),
        (
            _fp() + _fbds(pixel_id="6009125095681"),
            f"2 conversion pixels: {PIXEL_ID} in line 1, 6009125095681 in line 2",
        ),
    ],
)
def test_what_cannot_be_carried_over_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(SnippetError, match=message):
        _convert(text)


def test_of_several_one_can_be_picked() -> None:
    found = snippets.read(_fp() + _fbds(pixel_id="6009125095681") + _fp("'1'"))
    assert migrate.pick(found, "6009125095681").dialect == "fbds"
    with pytest.raises(SnippetError, match=f"2 conversion pixels: {PIXEL_ID} in line 1, {PIXEL_ID} in line") as caught:
        migrate.pick(found, PIXEL_ID)
    assert caught.value.hint == "give them one by one"
    with pytest.raises(SnippetError, match=f"no code of pixel 1, only of {PIXEL_ID}, 6009125095681"):
        migrate.pick(found, "1")


def test_other_code_beside_it_does_not_matter() -> None:
    assert migrate.pick(snippets.read(CODES["fbq"] + _fp())).dialect == "fp"


def test_the_conversion_pixels_own_id_is_refused() -> None:
    with pytest.raises(SettingError, match=rf"{PIXEL_ID} is the conversion pixel itself, and not valid in fbq\('init'"):
        migrate.convert(migrate.pick(snippets.read(_fp())), PIXEL_ID, "Purchase")


def test_a_currency_is_given_only_to_code_without_one() -> None:
    assert _convert(_fbds("{value: '1'}"), currency="EUR").currency == "EUR"
    assert _convert(_fp(), currency="USD").currency == "USD"
    for given_currency in ("EUR", "usd", ""):
        with pytest.raises(SettingError):
            _convert(_fp(), currency=given_currency)
    for given_currency in ("usd", ""):
        with pytest.raises(SettingError, match="not a currency code"):
            _convert(_fbds("{value: '1'}"), currency=given_currency)


def test_each_tag_but_other_has_an_event() -> None:
    assert migrate.TAG_EVENTS.keys() == set(PIXEL_TAGS) - {"OTHER"}
    for tag, event in migrate.TAG_EVENTS.items():
        assert migrate.event_of(tag, {}) == event
        assert f'fbq("track", "{event}"' in _convert(_fp(), event).code()
    with pytest.raises(SettingError, match="OTHER has no event") as caught:
        migrate.event_of("OTHER", {})
    assert caught.value.hint == "name one: --event NAME, or --map OTHER=NAME"
    assert migrate.event_of("OTHER", {"OTHER": "Quote"}) == "Quote"
    assert migrate.event_of("LEAD", {"LEAD": "Contact"}) == "Contact"


def test_the_command_prints_the_table_on_stderr_and_the_code_on_stdout(run: Run) -> None:
    ran = run("migrate", FP, "--pixel", NEW_ID, "--tag", "checkout", "--map", "other=Quote")
    assert ran.code == 0
    assert ran.out.startswith("<script>\n") and ran.out.endswith("</noscript>\n")
    for line in ("CHECKOUT       Purchase", "OTHER          Quote", "note: which event a tag means is inferred"):
        assert line in ran.err
    assert ran.err.endswith(
        f"pixel {PIXEL_ID} (fp) becomes pixel {NEW_ID} (fbq): event Purchase, 19.99 USD\n",
    )
    assert "CHECKOUT" not in run("migrate", FP, "--pixel", NEW_ID, "--event", "Lead").err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], r"a conversion pixel's id is not valid in a Meta Pixel's code"),
        (["--pixel", NEW_ID], "OTHER          (name one)"),
        (["--pixel", NEW_ID], "give --tag TAG, or --event NAME"),
        (["--pixel", NEW_ID, "--tag", "OTHER"], "the tag OTHER has no event of its own"),
        (["--pixel", NEW_ID, "--map", "OTHER"], "give TAG=NAME"),
        (["--pixel", NEW_ID, "--map", "SALE=Purchase"], "a tag is one of CHECKOUT,"),
        (["--pixel", NEW_ID, "--event", "purchase"], "the standard event is Purchase"),
        (["--pixel", PIXEL_ID, "--event", "Purchase"], "is the conversion pixel itself"),
        (["--pixel", NEW_ID, "--event", "Purchase", "-o", FP], "-o and FILE name the same file"),
    ],
)
def test_wrong_usage_is_said(run: Run, args: list[str], message: str) -> None:
    before = Path(FP).read_bytes()
    ran = run("migrate", FP, *args)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert Path(FP).read_bytes() == before


def test_stdin_is_read_and_a_file_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(_fbds("{value: '1'}").encode())))
    ran = run("migrate", "-", "--pixel", NEW_ID, "--event", "Lead", "-o", "new.html")
    assert (ran.code, ran.out) == (0, "")
    assert "note: the code names no currency" in ran.err
    assert ran.err.endswith("wrote: new.html\n")
    assert 'fbq("track", "Lead", {value: 1});' in Path("new.html").read_text()


def test_a_purchase_without_a_value_gets_a_note(run: Run) -> None:
    Path("old.html").write_text(_fbds("{}"))
    ran = run("migrate", "old.html", "--pixel", NEW_ID, "--event", "Purchase")
    assert "event Purchase, no value\nnote: the code has no value" in ran.err
    assert 'fbq("track", "Purchase");' in ran.out
    assert run("migrate", "old.html", "--pixel", NEW_ID, "--event", "Lead").err.count("note") == 0


def test_where_the_old_halves_disagree_the_scripts_counts_and_it_is_said(run: Run) -> None:
    Path("old.html").write_text(CODES["fp"].replace("value=19.99", "value=0"))
    ran = run("migrate", "old.html", "--pixel", NEW_ID, "--event", "Purchase")
    assert "note: line 15: the script's value is 19.99, the noscript's 0; the script's is taken\n" in ran.err
    assert "cd%5Bvalue%5D=19.99" in ran.out


MADE_ALREADY = "line 2: the code of a Meta Pixel (fbq) already, which reports PageView"


def test_old_code_beside_base_code_and_event_is_carried_over_alone(run: Run) -> None:
    new = CODES["fbq"] + "<script>fbq('track', 'Lead', {value: 5, currency: 'USD'});</script>"
    Path("old.html").write_text(new + _fp())
    ran = run("migrate", "old.html", "--pixel", NEW_ID, "--event", "Purchase")
    becomes = f"pixel {PIXEL_ID} (fp) becomes pixel {NEW_ID} (fbq): event Purchase, 19.99 USD\n"
    assert (ran.code, ran.err) == (0, becomes)


@pytest.mark.parametrize("more", [[], ["--pixel", NEW_ID], ["--pixel", NEW_ID, "--event", "Purchase"]])
@pytest.mark.parametrize(("code", "told"), [("", ""), ("<script>fbq('track', 'Lead');</script>", ", Lead")])
def test_what_is_no_old_code_is_said_in_one_line_before_anything_is_asked_for(
    run: Run, more: list[str], code: str, told: str
) -> None:
    Path("old.html").write_text(CODES["fbq"] + code)
    ran = run("migrate", "old.html", *more)
    assert (ran.code, ran.out, ran.err) == (6, "", f"error: old.html, {MADE_ALREADY}{told}\n")


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("text", [CODES["fp"], CODES["fbds"]], ids=["fp", "fbds"])
def test_the_new_code_fires_the_same_conversion_once(browser: Browser, text: str, javascript: bool) -> None:
    migrated = _convert(text)
    page = f"<!doctype html><title>x</title><body>{migrated.code()}"
    url = f"https://www.facebook.com/tr?id={NEW_ID}&ev=Purchase&cd%5Bvalue%5D=19.99&cd%5Bcurrency%5D=USD"
    assert sent(browser, page.encode(), javascript=javascript) == [url if javascript else f"{url}&noscript=1"]
