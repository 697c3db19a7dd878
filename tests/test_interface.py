"""What a Python program calls: it does what the commands do, and says by its type what it refuses."""

from __future__ import annotations

import doctest
import inspect
import json
import subprocess
import sys
import typing
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import snippetkit
from snippetkit import exports, interface
from snippetkit.containers import DataLayerEvent, PageRule
from snippetkit.errors import PageRefusedError, SettingError, SnippetError, SnippetkitError
from snippetkit.terms import Match
from tests.conftest import CASES, JS_PIXEL, PIXEL_ID, Run

PAGE = b"<!doctype html>\r\n<head>\r\n  <title>Thank you</title>\r\n</head>\r\n<body>\r\n  <p>x</p>\r\n</body>\r\n"
CODES = {name: (CASES / "code" / f"{name}.html").read_text("utf-8") for name in ("fp", "fbds", "fbq")}
OTHER = JS_PIXEL.replace(PIXEL_ID, "6009125095681")


def test_the_examples_are_right() -> None:
    ran = doctest.testmod(interface)
    assert ran.attempted > 10
    assert ran.failed == 0


def test_each_name_is_there_typed_and_documented() -> None:
    assert {*snippetkit.__all__} <= {*dir(snippetkit)}
    for name in (name for name in snippetkit.__all__ if name != "__version__"):
        found = getattr(snippetkit, name)
        assert found.__doc__
        if inspect.isfunction(found):
            assert {*inspect.signature(found).parameters, "return"} == {*typing.get_type_hints(found)}
    with pytest.raises(AttributeError, match="no attribute 'injekt'"):
        snippetkit.injekt  # noqa: B018


def test_importing_it_loads_nothing_else() -> None:
    code = "import sys; before = {*sys.modules}; import snippetkit; print(*({*sys.modules} - before))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name for name in ran.stdout.split() if name.split(".")[0] not in sys.stdlib_module_names}
    assert loaded == {"snippetkit"}


@pytest.mark.parametrize("name", CODES)
def test_a_page_is_what_the_command_makes_of_it(run: Run, name: str) -> None:
    Path("code.html").write_text(CODES[name])
    for values, options in (
        ({}, []),
        ({"value_cents": 2500}, ["--value", "2500"]),
        ({"value_cents": 700, "currency": "EUR"}, ["--value", "700", "--currency", "EUR"]),
        ({"amount": "7.50", "currency": "EUR"}, ["--amount", "7.5", "--currency", "EUR"]),
        ({"value_cents": 700, "currency": "eur"}, ["--value", "700", "--currency", "EUR"]),
        ({"amount": Decimal("2E+1")}, ["--amount", "20"]),
        ({"placement": "body-bottom"}, ["--placement", "body-bottom"]),
    ):
        if {"amount", "value_cents"} & values.keys() and name == "fbq":
            continue  # a base code has no value
        Path("page.html").write_bytes(PAGE)
        assert run("inject", "page.html", "--from-file", "code.html", *options).code == 0
        made = snippetkit.inject_page(PAGE, CODES[name], **values)  # type: ignore[arg-type]
        assert made == Path("page.html").read_bytes()
        assert snippetkit.inject_page(made, CODES[name], **values) == made  # type: ignore[arg-type]
        assert snippetkit.remove_page(made) == PAGE


def test_a_value_that_nobody_asks_for_stays() -> None:
    page = snippetkit.inject_page(PAGE, JS_PIXEL, value_cents=700)
    assert snippetkit.inject_page(page, JS_PIXEL) == page
    in_euros = snippetkit.inject_page(PAGE, JS_PIXEL, value_cents=700, currency="EUR")
    with pytest.raises(PageRefusedError, match=r"the page has .* EUR, but the new value is in USD"):
        snippetkit.inject_page(in_euros, JS_PIXEL, value_cents=800)


def test_several_pixels_share_a_script_and_each_can_be_taken_from_it() -> None:
    page = snippetkit.inject_page(PAGE, [JS_PIXEL, OTHER])
    both = snippetkit.read(page)
    assert [snippet.pixel_id for snippet in both] == [PIXEL_ID, "6009125095681"]
    assert snippetkit.inject_page(PAGE, both) == page
    alone = snippetkit.inject_page(PAGE, both[1], value_cents=500)
    assert [(one.pixel_id, one.value) for one in snippetkit.read(alone)] == [("6009125095681", "5.00")]
    left = snippetkit.remove_page(page, pixel_ids=["6009125095681"])
    assert [snippet.pixel_id for snippet in snippetkit.read(left)] == [PIXEL_ID]
    assert snippetkit.remove_page(page, pixel_ids=iter(())) == page
    assert snippetkit.remove_page(left) == PAGE
    with pytest.raises(SnippetError, match="one script reports"):
        snippetkit.inject_page(PAGE, page.decode())


FBQ = "<script>fbq('init', '434566956589050'); %s</script>"
TWO = FBQ % "fbq('track', 'Lead', {value: 1, currency: 'USD'}); fbq('track', 'Purchase', {value: 2, currency: 'USD'})"


def test_a_value_is_for_one_event() -> None:
    with pytest.raises(SnippetError, match="several events have a value: Lead 1 USD, Purchase 2 USD"):
        snippetkit.inject_page(PAGE, TWO, value_cents=500)
    by_name = snippetkit.inject_page(PAGE, TWO, value_cents=500, event="Purchase")
    assert [one.value for one in snippetkit.read(by_name)] == ["1", "5.00"]


@pytest.mark.parametrize(
    ("code", "refusal", "hint"),
    [
        ("", "no conversion code", ""),
        (FBQ % "", "the base code of fbq:434566956589050, and no event", ""),
        (JS_PIXEL + OTHER, "the code of several scripts", "snippetkit.read"),
        (JS_PIXEL.replace("</script>", "alert(1)</script>"), "unexpected-script", "only the vendor's code"),
        (JS_PIXEL.replace("connect.facebook.net", "evil.example"), "foreign-host", "allow_hosts=['evil.example']"),
        (FBQ % "fbq('consent', 'grant'); fbq('track', 'Lead')", "consent-granted", "allow=['consent:grant']"),
        (JS_PIXEL.replace("value=19.99", "value=5.00"), "value-mismatch", "fix"),
        (JS_PIXEL.replace(f"id={PIXEL_ID}", "id=6009125095681"), "id-mismatch", "fix"),
        (FBQ % "fbq('track', 'Lead', {value: a+b, currency: 'USD'})", "unexpected-script", "(var total = a+b;)"),
        ('<img src="https://www.facebook.com/tr?id=1&amp;ev=Lead">', "an image pixel, not a conversion pixel's", ""),
    ],
)
def test_code_that_does_more_or_disagrees_is_refused(code: str, refusal: str, hint: str) -> None:
    with pytest.raises(SnippetError, match=refusal) as caught:
        snippetkit.inject_page(PAGE, code)
    assert hint in caught.value.hint
    with pytest.raises(SnippetError, match=refusal):
        snippetkit.export("html", code)


def test_what_is_asked_for_is_allowed() -> None:
    grants = FBQ % "fbq('consent', 'grant'); fbq('track', 'Lead')"
    assert b"grant" in snippetkit.inject_page(PAGE, grants, allow=["consent:grant"])
    copied = JS_PIXEL.replace("connect.facebook.net", "cdn.example")
    assert b"cdn.example" in snippetkit.inject_page(PAGE, copied, allow_hosts=["cdn.example"])


def test_a_value_mends_halves_that_report_different_ones() -> None:
    page = snippetkit.inject_page(PAGE, JS_PIXEL.replace("value=19.99", "value=5.00"), value_cents=1999)
    assert [finding for finding in snippetkit.lint_page(page) if finding.level == "error"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"value_cents": 19.99},
            "value_cents is 19.99: it must be a whole number of minor units, 1999 for 19.99 USD, or None",
        ),
        ({"value_cents": -1}, "a value must be from 0"),
        ({"value_cents": 1, "currency": "XXX"}, "unknown currency 'XXX'"),
        ({"currency": "EUR"}, "a currency or an event without a value"),
        ({"event": "Lead"}, "a currency or an event without a value"),
        (
            {"placement": "head"},
            "placement is 'head': it must be one of head-top, head-bottom, body-top, body-bottom",
        ),
    ],
)
def test_an_argument_that_cannot_be_used_is_an_error(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        snippetkit.inject_page(PAGE, JS_PIXEL, **arguments)  # type: ignore[arg-type]


def test_a_page_is_bytes() -> None:
    for call in (lambda page: snippetkit.inject_page(page, JS_PIXEL), snippetkit.remove_page):
        with pytest.raises(SettingError, match=r"html is '.*': it must be the bytes of a page"):
            call(PAGE.decode())  # type: ignore[arg-type]


def inject(**arguments: Any) -> bytes:
    return snippetkit.inject_page(**{"html": PAGE, "code": JS_PIXEL, **arguments})


def make(**arguments: Any) -> snippetkit.Snippet:
    return snippetkit.make(**{"kind": "ttq", "pixel_id": "C4ABCDE0C77U00000123", **arguments})


def remove(**arguments: Any) -> bytes:
    return snippetkit.remove_page(**{"html": PAGE, **arguments})


def export(**arguments: Any) -> snippetkit.Export:
    return snippetkit.export(**{"format_name": "gtm", "code": JS_PIXEL, "pages": ["/a"], **arguments})


# What a newcomer hands in by mistake, by the function and the argument, with what the message says that came.
NOT_TEXT = [(None, "is None"), (5, "is 5"), (Path("x"), "is PosixPath('x')"), ([PAGE], "is [b'<!doctype")]
NO_FLAGS = [(None, "is None"), (1, "is 1"), (10**80, "is a number of more than 60 digits"), ("no", "is 'no'")]
NO_LISTS = [
    (None, "is None"),
    (5, "is 5"),
    (b"x", "is b'x'"),
    ([None], "has None"),
    ([3], "has 3"),
    ([b"x"], "has b'x'"),
]
NO_WORDS: list[tuple[Any, str]] = [(None, "is None"), ([], "is []"), ("", "is ''"), (5, "is 5")]
NO_CODE = [*NO_LISTS, ([], "is []"), (Path("x"), "is PosixPath('x')"), ([JS_PIXEL, None], "has None")]
NO_HOSTS = [*NO_LISTS, ("cdn.example", "is 'cdn.example'"), (["https://cdn.example"], "has 'https://cdn.example'")]
NO_ASKED = [*NO_LISTS, ("consent:grant", "is 'consent:grant'"), (["consent"], "has 'consent'")]
NO_CURRENCY = [
    ("", "is ''"),
    (5, "is 5"),
    ("euro", "is 'euro'"),
    ("\u017fsd", "is '\u017fsd'"),
    (["EUR"], "is ['EUR']"),
]
NO_AMOUNT = [(19.99, "is 19.99"), ("19,99", "is '19,99'"), ("", "is ''"), (Decimal("-1"), "is Decimal('-1')")]
NO_CENTS = [("1999", "is '1999'"), (True, "is True"), (19.99, "is 19.99")]
UNFIT: dict[Callable[..., object], dict[str, list[tuple[Any, str]]]] = {
    snippetkit.read: {"text": NOT_TEXT},
    snippetkit.lint_page: {"html": NOT_TEXT},
    make: {
        "kind": NO_WORDS,
        "pixel_id": NO_WORDS,
        "event": [("", "is ''"), (5, "is 5")],
        "value_cents": NO_CENTS,
        "amount": NO_AMOUNT,
        "currency": NO_CURRENCY,
        "event_id": [("", "is ''"), (5, "is 5")],
    },
    inject: {
        "html": [*NOT_TEXT, (PAGE.decode(), "is '<!doctype")],
        "code": NO_CODE,
        "value_cents": NO_CENTS,
        "amount": NO_AMOUNT,
        "currency": NO_CURRENCY,
        "event": [("", "is ''"), (5, "is 5")],
        "placement": NO_WORDS,
        "adopt": [*NO_FLAGS, ("whole", "is 'whole'"), ([], "is []")],
        "force": NO_FLAGS,
        "server_code": NO_FLAGS,
        "fragments": NO_FLAGS,
        "allow": NO_ASKED,
        "allow_hosts": NO_HOSTS,
    },
    remove: {
        "html": [*NOT_TEXT, (PAGE.decode(), "is '<!doctype")],
        "pixel_ids": [
            *((given, told) for given, told in NO_LISTS if given is not None),
            (PIXEL_ID, f"is '{PIXEL_ID}'"),
            ([int(PIXEL_ID)], f"has {PIXEL_ID}"),
            (["fbq:434566956589050"], "has 'fbq:434566956589050'"),
            ([""], "has ''"),
        ],
        "force": NO_FLAGS,
    },
    export: {
        "format_name": NO_WORDS,
        "code": NO_CODE,
        "pages": [*NO_LISTS, ("/thanks.html", "is '/thanks.html'")],
        "on_event": [(5, "is 5"), (["buy"], "is ['buy']")],
        "value_cents": NO_CENTS,
        "amount": NO_AMOUNT,
        "currency": NO_CURRENCY,
        "event": [("", "is ''"), (5, "is 5")],
        "name": [*NO_WORDS, ("\ud800", "is '\\ud800'")],
        "variant": NO_WORDS,
        "consent": NO_WORDS,
        "tags_as": NO_WORDS,
        "force": NO_FLAGS,
        "allow": NO_ASKED,
        "allow_hosts": NO_HOSTS,
    },
}


@pytest.mark.parametrize(
    ("call", "name", "given", "came"),
    [
        (call, name, given, came)
        for call, arguments in UNFIT.items()
        for name, unfit in arguments.items()
        for given, came in unfit
    ],
)
def test_an_argument_of_another_kind_is_refused_by_its_name(
    call: Callable[..., object], name: str, given: object, came: str
) -> None:
    with pytest.raises(SettingError) as caught:
        call(**{name: given})
    assert str(caught.value).startswith(f"{name} {came}")
    assert ": it must be " in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("call", UNFIT, ids=lambda call: call.__name__)
def test_each_argument_is_in_the_table(call: Callable[..., object]) -> None:
    behind = {
        make: snippetkit.make,
        inject: snippetkit.inject_page,
        remove: snippetkit.remove_page,
        export: snippetkit.export,
    }
    function: Callable[..., object] = behind.get(call, call)
    assert [*UNFIT[call]] == [*inspect.signature(function).parameters]


def test_a_list_may_be_anything_that_is_gone_through() -> None:
    page = snippetkit.inject_page(PAGE, (code for code in (JS_PIXEL, OTHER)))  # type: ignore[arg-type]
    assert page == snippetkit.inject_page(PAGE, (JS_PIXEL, OTHER))
    for ids in ({PIXEL_ID}, iter([PIXEL_ID]), {PIXEL_ID: 1}, (PIXEL_ID,)):
        left = snippetkit.remove_page(page, pixel_ids=ids)
        assert [snippet.pixel_id for snippet in snippetkit.read(left)] == ["6009125095681"]


@pytest.mark.parametrize(
    ("pages", "on_event", "message"),
    [
        (["/a"], "buy", "pages and on_event: a tag fires on one or the other"),
        (["/a"], DataLayerEvent("buy"), "pages and on_event: a tag fires on one or the other"),
        (["/a", PageRule(Match.ALL)], None, "a rule for all pages, which takes in the others"),
        ([], "", "'' is not an event name"),
    ],
)
def test_when_a_tag_fires_is_said_once(pages: list[str | PageRule], on_event: str | None, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        snippetkit.export("gtm", JS_PIXEL, pages=pages, on_event=on_event)


@pytest.mark.parametrize(("tags_as", "type_"), [("auto", "awct"), ("native", "awct"), ("html", "html")])
def test_which_types_of_tags_fire_is_chosen_as_on_the_command_line(tags_as: str, type_: str) -> None:
    code = snippetkit.make("gtag", "AW-123456789/AbC", event="conversion", value_cents=1999, currency="USD")
    made = export(code=code, tags_as=tags_as)
    assert json.loads(made.content)["containerVersion"]["tag"][-1]["type"] == type_
    assert bool(made.native) == (type_ != "html")
    bundle = ZipFile(BytesIO(export(format_name="bundle", code=code, tags_as=tags_as).content))
    assert bundle.read("gtm.json") == made.content


def test_types_of_tags_that_there_are_not_are_refused() -> None:
    with pytest.raises(SnippetError, match="no built-in tag type"):
        export(tags_as="native")
    with pytest.raises(
        SettingError, match=r"^tags_as cannot be used with matomo, which has no types of tags for platforms$"
    ):
        export(format_name="matomo", tags_as="html")


def test_what_is_returned_can_stand_in_a_set() -> None:
    for code in (*CODES.values(), JS_PIXEL, TWO, FBQ % "fbq('track', 'Lead')"):
        assert len({*snippetkit.read(code), *snippetkit.read(code)}) == len(snippetkit.read(code)) > 0
    findings = snippetkit.lint_page(FBQ % "fbq('track', 'Purchase', {value: '5,00'})")
    assert len({*findings, *findings}) == len(findings) > 0
    assert len({export(), export()}) == 1


def test_a_page_that_is_refused_says_where() -> None:
    with pytest.raises(PageRefusedError, match="frameset") as caught:
        snippetkit.inject_page(b"<!doctype html>\n<frameset></frameset>", JS_PIXEL)
    assert (caught.value.line, caught.value.column) == (2, 1)
    edited = snippetkit.inject_page(PAGE, JS_PIXEL).replace(b"19.99", b"5.00", 1)
    with pytest.raises(PageRefusedError, match="edited"):
        snippetkit.remove_page(edited)
    assert snippetkit.remove_page(edited, force=True) == PAGE


def test_adopted_code_does_not_go_without_a_word() -> None:
    by_hand = PAGE.replace(b"</head>", JS_PIXEL.encode() + b"</head>")
    with pytest.raises(PageRefusedError, match="--adopt"):
        snippetkit.inject_page(by_hand, JS_PIXEL)
    adopted = snippetkit.inject_page(by_hand, JS_PIXEL, adopt=True)
    with pytest.raises(PageRefusedError, match="put in by hand"):
        snippetkit.remove_page(adopted)
    assert b"fb_param" not in snippetkit.remove_page(adopted, force=True)


def test_code_that_does_more_is_adopted_where_that_is_asked_for_as_the_command_does(run: Run) -> None:
    by_hand = PAGE.replace(b"</head>", JS_PIXEL.replace("</script>", "order();</script>", 1).encode() + b"</head>")
    with pytest.raises(PageRefusedError, match="--adopt=replace"):
        snippetkit.inject_page(by_hand, JS_PIXEL, adopt=True)
    Path("code.html").write_text(JS_PIXEL)
    Path("page.html").write_bytes(by_hand)
    assert run("inject", "page.html", "--from-file", "code.html", "--adopt=replace").code == 0
    assert snippetkit.inject_page(by_hand, JS_PIXEL, adopt="replace") == Path("page.html").read_bytes()


@pytest.mark.parametrize("name", exports.names())
def test_an_export_is_what_the_command_makes(run: Run, name: str) -> None:
    Path("code.html").write_text(JS_PIXEL)
    options = ["--from-file", "code.html", "--value", "2500", "--page-path", "/thanks.html", "-o", "out"]
    assert run("export", name, *options).code == 0
    made = snippetkit.export(name, JS_PIXEL, value_cents=2500, pages=["/thanks.html"])
    assert made.content == Path("out").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "fp"}, "'fp' is not a kind of code that can be made here"),
        ({"pixel_id": "1"}, "'1' is not the id of any TikTok pixel"),
        ({"currency": "USD"}, "a currency without a value"),
        ({"value_cents": 5, "currency": "USD"}, "a base code has no value"),
        ({"value_cents": 5, "amount": "0.05"}, "value_cents and amount are the same in two units"),
        ({"amount": "0.005", "currency": "USD", "event": "Lead"}, "0.005 USD is not a whole number"),
        ({"value_cents": 5, "event": "Lead"}, "the currency of 5 minor units is missing"),
    ],
)
def test_code_that_cannot_be_made_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        make(**arguments)


def test_made_code_is_exported_and_is_what_the_command_prints(run: Run) -> None:
    made = make(event="Lead", value_cents=500, currency="EUR")
    told = ["--kind", "ttq", made.pixel_id, "--event", "Lead", "--value", "500", "--currency", "EUR"]
    assert run("snippet", *told).out == made.source
    assert made.pixel_id.encode() in snippetkit.export("gtm", made, pages=["/thanks.html"]).content


def test_an_export_of_several_fires_on_an_event() -> None:
    made = snippetkit.export("gtm", [JS_PIXEL, OTHER], on_event="purchase", consent="none")
    assert f'"Pixel {PIXEL_ID} + 6009125095681"'.encode() in made.content
    with pytest.raises(SettingError, match="format_name is 'gmt': it must be one of adobe, "):
        snippetkit.export("gmt", JS_PIXEL)


@pytest.mark.parametrize("page", [PAGE.decode().encode("utf-16"), PAGE.decode().encode("utf-16-le")])
def test_a_page_in_utf_16_is_refused_and_not_taken_for_one_without_code(page: bytes) -> None:
    for call in (snippetkit.read, snippetkit.lint_page, snippetkit.remove_page):
        with pytest.raises(SnippetkitError, match="this is UTF-16"):
            call(page)
