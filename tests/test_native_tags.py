"""Tags of the types that Google Tag Manager has for platforms: what `import` reads, and what `export` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from snippetkit import platforms
from snippetkit.exports import gtm
from snippetkit.gtm import find_problems
from tests.conftest import Run
from tests.containers import Json, export, html_tag, parameter, variable

Told = tuple[str, str, str | None, str | None, str | None, str | None, str]
NATIVES = [(dialect, native) for dialect in platforms.every() for native in dialect.native]


def _tag(type_: str, *parameters: Json) -> Json:
    return {**html_tag("1", "x"), "type": type_, "parameter": list(parameters)}


def _texts(type_: str, **texts: str) -> Json:
    return _tag(type_, *(parameter(key, text) for key, text in texts.items()))


def _table(key: str, cells: tuple[str, str], **rows: str) -> Json:
    listed = [
        {"type": "MAP", "map": [parameter(cells[0], name), parameter(cells[1], text)]} for name, text in rows.items()
    ]
    return {"type": "LIST", "key": key, "list": listed}


_SETTINGS = ("eventSettingsTable", ("parameter", "parameterValue"))
_OLD_SETTINGS = ("eventParameters", ("name", "value"))
_GA4 = (parameter("eventName", "purchase"), parameter("measurementIdOverride", "G-ABCDE12345"))


READ: list[tuple[Json, Told]] = [
    (
        _texts("awct", conversionId="123456789", conversionLabel="AbC", conversionValue="19.99", currencyCode="USD"),
        ("gtag", "AW-123456789/AbC", "conversion", "19.99", "USD", None, "live"),
    ),
    (
        _texts("awct", conversionId="AW-123456789", conversionLabel="AbC", orderId="{{Order}}"),
        ("gtag", "AW-123456789/AbC", "conversion", None, None, "{{Order}}", "live"),
    ),
    (
        _tag("gaawe", *_GA4, _table(*_SETTINGS, value="{{Total}}", currency="EUR", transaction_id="A-1")),
        ("gtag", "G-ABCDE12345", "purchase", "{{Total}}", "EUR", "A-1", "live"),
    ),
    (
        _tag("gaawe", *_GA4, parameter("sendEcommerceData", "true", "BOOLEAN")),
        ("gtag", "G-ABCDE12345", "purchase", "{{the data layer's ecommerce}}", None, None, "live"),
    ),
    (
        _tag("gaawe", *_GA4, _table(*_OLD_SETTINGS, value="{{Total}}", currency="EUR", transaction_id="A-1")),
        ("gtag", "G-ABCDE12345", "purchase", "{{Total}}", "EUR", "A-1", "live"),
    ),
    (
        _tag("gaawe", *_GA4, _table(*_OLD_SETTINGS, value="1", currency="EUR"), _table(*_SETTINGS, value="2")),
        ("gtag", "G-ABCDE12345", "purchase", "2", "EUR", None, "live"),
    ),
    (
        _texts("gaawc", measurementId="G-ABCDE12345"),
        ("gtag", "G-ABCDE12345", None, None, None, None, "base code"),
    ),
    (_texts("googtag", tagId="G-ABCDE12345"), ("gtag", "G-ABCDE12345", None, None, None, None, "base code")),
    (
        _texts("baut", tagId="40123456", eventType="VARIABLE_REVENUE", goalValue="5", p_currency="USD"),
        ("uetq", "40123456", "", "5", "USD", None, "live"),
    ),
    (
        _texts("baut", tagId="40123456", eventType="CUSTOM", customEventAction="signup"),
        ("uetq", "40123456", "signup", None, None, None, "live"),
    ),
    (
        _texts(
            "baut", tagId="40123456", eventType="CUSTOM", eventAction="buy", goalValue="{{Total}}", p_currency="EUR"
        ),
        ("uetq", "40123456", "buy", "{{Total}}", "EUR", None, "live"),
    ),
    (
        _texts("baut", tagId="40123456", eventType="PAGE_LOAD"),
        ("uetq", "40123456", None, None, None, None, "base code"),
    ),
    (
        _texts("pntr", tagId="2612000000123", eventName="checkout", value="7.50", currency="usd", order_id="A-1"),
        ("pintrk", "2612000000123", "checkout", "7.50", "usd", "A-1", "live"),
    ),
    (
        _texts("qpx", pixel_id="0123456789abcdef0123456789abcdef", pixel_event="Purchase"),
        ("qp", "0123456789abcdef0123456789abcdef", "Purchase", None, None, None, "live"),
    ),
    (
        _texts("crto", accountId="12345", tagType="TRANSACTION_TAG", TransactionID="A-1", TransactionArray="{{Lines}}"),
        ("criteo", "12345", "trackTransaction", "{{Lines}}", None, "A-1", "live"),
    ),
    (
        _texts("crto", accountId="12345", tagType="HOME_TAG"),
        ("criteo", "12345", None, None, None, None, "base code"),
    ),
    (
        _texts("asp", customerId="A" * 22, pixelId="B" * 22, conversionValueCurrency="USD"),
        ("adroll", f"{'A' * 22}/{'B' * 22}", "", None, "USD", None, "live"),
    ),
    (
        _texts(
            "fls",
            advertiserId="1234567",
            groupTag="sales",
            activityTag="thank0",
            countingMethod="TRANSACTIONS",
            revenue="19.99",
            orderId="A-1",
        ),
        ("floodlight", "DC-1234567/sales/thank0+transactions", "purchase", "19.99", None, "A-1", "live"),
    ),
    (
        _texts("flc", advertiserId="1234567", groupTag="lead", activityTag="form0", ordinalType="UNIQUE"),
        ("floodlight", "DC-1234567/lead/form0+unique", "conversion", None, None, None, "live"),
    ),
    (_texts("googtag", tagId="DC-1234567"), ("floodlight", "DC-1234567", None, None, None, None, "base code")),
    (_texts("pntr", tagId="2612000000123"), ("pintrk", "2612000000123", None, None, None, None, "base code")),
    (_texts("bzi", id="123456"), ("lintrk", "123456", None, None, None, None, "base code")),
    (
        _tag(
            "twitter_website_tag",
            parameter("twitter_pixel_id", "o1abc"),
            parameter("event_type", "Purchase"),
            _table("event_parameters", ("param_table_key_column", "param_table_value_column"), value="9.00"),
        ),
        ("twq", "o1abc", "Purchase", "9.00", None, None, "live"),
    ),
    (
        _texts("awc", merchantId="10001", orderValue="19.99", currency="EUR", orderRef="A-1", group="DEFAULT"),
        ("awin", "10001", "", "19.99", "EUR", "A-1", "live"),
    ),
    (_texts("awj", merchantId="10001"), ("awin", "10001", None, None, None, None, "base code")),
    (
        _texts("sgtmadsct", conversionId="123456789", conversionLabel="AbC", rdp="false"),
        ("gtag", "AW-123456789/AbC", "conversion", None, None, None, "live"),
    ),
]
SHAPES = {"missingField", "unknownField", "unknownWord", "wrongType"}


def test_every_type_is_tried() -> None:
    assert {tag["type"] for tag, _ in READ} == {native.type for _, native in NATIVES}


@pytest.mark.parametrize(("tag", "told"), READ)
def test_what_a_tag_reports_is_read(tag: Json, told: Told) -> None:
    [reading] = gtm.read(export(tag=[tag])).tags
    [one] = reading.snippets
    assert (one.dialect, one.pixel_id, one.event, one.value, one.currency, one.order_id, one.state) == told
    assert one.dynamic == ("{{" in json.dumps(told))
    assert one.conversion == (told[-1] == "live")
    assert not reading.kind.startswith("type ")
    assert SHAPES.isdisjoint(problem.code for problem in find_problems(export(tag=[tag])))


CONSTANTS = [
    variable("9", "Ads", "AW-123456789"),
    variable("8", "Id", "123456789") | {"type": "jsm", "parameter": [parameter("javascript", "function () {}")]},
]


@pytest.mark.parametrize("type_", ["gaawc", "googtag"])
def test_an_older_event_takes_its_pixel_from_the_tag_that_it_names(type_: str) -> None:
    config = {**_texts(type_, measurementId="G-ABCDE12345", tagId="G-ABCDE12345"), "name": "Config", "tagId": "2"}
    event = _tag("gaawe", parameter("eventName", "purchase"), parameter("measurementId", "Config", "TAG_REFERENCE"))
    named, lost = (gtm.read(export(tag=tags)).tags for tags in ([event, config], [event]))
    assert [tag.snippets[0].pixel_id for tag in named] == ["G-ABCDE12345", "G-ABCDE12345"]
    assert lost[0].snippets[0].pixel_id == ""
    assert find_problems(export(tag=[event, config])) == []


def test_tags_that_name_each_other_are_read() -> None:
    event = _tag("gaawe", parameter("eventName", "purchase"), parameter("measurementId", "x", "TAG_REFERENCE"))
    assert gtm.read(export(tag=[event])).tags[0].snippets[0].pixel_id == ""


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        (
            _texts("awct", conversionId="AW-123456789", conversionLabel="AbC"),
            "conversionId is 'AW-123456789', and the tag adds AW-: write 123456789",
        ),
        (
            _texts("awct", conversionId="{{Ads}}", conversionLabel="AbC"),
            "conversionId is 'AW-123456789', and the tag adds AW-: write 123456789",
        ),
        (
            _texts("awct", conversionId="AW-{{Id}}", conversionLabel="AbC"),
            "conversionId is 'AW-{{Id}}', and the tag adds AW-: write {{Id}}",
        ),
        (
            _texts("flc", advertiserId="DC-1234567", groupTag="lead", activityTag="form0", ordinalType="UNIQUE"),
            "advertiserId is 'DC-1234567', and the tag adds DC-: write 1234567",
        ),
        (_texts("baut", tagId="", eventType="PAGE_LOAD"), "there is no tagId, so it names no pixel of Microsoft"),
        (_texts("gaawe", eventName="lead"), "there is no measurementIdOverride, so it names no pixel of Google"),
        (_texts("awct"), "there is no conversionId and no conversionLabel, so it names no pixel of Google"),
        (
            _texts("awct", conversionId="123456789", conversionLabel=""),
            "there is no conversionLabel, so it names no pixel of Google",
        ),
        (_texts("googtag", tagId="G-XXXXXXXXXX"), "tagId 'G-XXXXXXXXXX': that is not a pixel of Google"),
        (
            _texts("awct", conversionId="123456789", conversionLabel="my label"),
            "conversionId '123456789', conversionLabel 'my label': that is not a pixel of Google",
        ),
    ],
)
def test_a_tag_that_names_no_pixel_is_found(tag: Json, message: str) -> None:
    [problem] = find_problems(export(tag=[tag], variable=CONSTANTS))
    assert (problem.code, problem.level, problem.message) == ("invalidPixelId", "warning", message)


@pytest.mark.parametrize(
    "tag",
    [
        _texts("awct", conversionId="{{Ads}}", conversionLabel="AbC"),
        _texts("awct", conversionId="{{Layer}}", conversionLabel="my label"),
        _texts("googtag", tagId="AW-123456789"),
        _texts("googtag", tagId="GT-ABCD123"),
        _texts("googtag", tagId="DC-1234567"),
        _texts("sp", conversionId="AW-123456789"),
    ],
)
def test_what_a_variable_tells_and_every_id_of_a_platform_is_a_pixel(tag: Json) -> None:
    layer = variable("8", "Layer") | {"type": "v", "parameter": [parameter("name", "ads")]}
    document = export(tag=[tag], variable=[variable("9", "Ads", "123456789"), layer])
    assert find_problems(document) == []


def test_a_tag_of_another_type_is_not_read() -> None:
    contents = gtm.read(export(tag=[_texts("gclidw"), {**_texts("sp", conversionId="1"), "name": "y", "tagId": "2"}]))
    assert [tag.kind for tag in contents.not_read] == ["Conversion Linker", "Google Ads remarketing"]


def test_import_lists_them_with_the_same_columns(run: Run) -> None:
    tag = _texts(
        "awct", conversionId="123456789", conversionLabel="AbC", conversionValue="{{Total}}", currencyCode="USD"
    )
    Path("gtm.json").write_text(json.dumps(export(tag=[tag])))
    ran = run("import", "gtm.json")
    assert ran.out.splitlines()[1].split()[:7] == [
        "x",
        "gtag",
        "AW-123456789/AbC",
        "conversion",
        "{{Total}}",
        "USD",
        "live",
    ]
    assert "1 tag with conversion code" in ran.err


WRITTEN = {
    "awct": ("gtag", "AW-123456789/AbC", "conversion"),
    "fls": ("floodlight", "DC-1234567/sales/thank0+transactions", "purchase"),
    "gaawe": ("gtag", "G-ABCDE12345", "purchase"),
    "pntr": ("pintrk", "2612000000123", "checkout"),
}
"""A pixel and an event for each type that is written for code that is made."""


def _tags(file: str = "gtm.json") -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = json.loads(Path(file).read_bytes())["containerVersion"]["tag"]
    return tags


@pytest.mark.parametrize("type_", WRITTEN)
def test_code_that_is_made_becomes_a_tag_of_its_type_behind_the_platforms_own(run: Run, type_: str) -> None:
    dialect, pixel_id, event = WRITTEN[type_]
    has_currency = platforms.dialect_named(dialect).platform.needs_currency
    code = ["--kind", dialect, "--pixel", pixel_id, "--event", event, "--value", "1999"]
    code += ["--currency", "USD"] if has_currency else []
    ran = run("export", "gtm", *code, "--page-path", "/thanks.html", "-o", "gtm.json")
    assert ran.code == 0, ran.err
    base, tag = _tags()
    assert (tag["type"], tag["setupTag"][0]["tagName"]) == (type_, base["name"])
    contents = gtm.read(json.loads(Path("gtm.json").read_bytes()))
    assert contents.tags[0].snippets[0].state == "base code"
    [told] = contents.tags[1].snippets
    assert (told.pixel_id, told.event, told.value, told.currency) == (
        pixel_id,
        event,
        "19.99",
        "USD" if has_currency else None,
    )
    assert run("lint-container", "gtm.json").code == 0


def test_the_order_of_the_data_layer_is_told(run: Run) -> None:
    code = ["--kind", "gtag", "--pixel", "G-ABCDE12345", "--event", "purchase", "--value", "1999", "--currency", "USD"]
    event = ["--on-event", "purchase", "--order-key", "ecommerce.transaction_id"]
    assert run("export", "gtm", *code, *event, "-o", "gtm.json").code == 0
    [told] = gtm.read(json.loads(Path("gtm.json").read_bytes())).tags[1].snippets
    assert told.order_id == "{{Data layer ecommerce.transaction_id}}"


def test_what_no_type_carries_is_custom_html(run: Run) -> None:
    code = ["--kind", "uetq", "--pixel", "40123456", "--event", "purchase", "--value", "1999", "--currency", "USD"]
    assert run("export", "gtm", *code, "--all-pages", "-o", "gtm.json").code == 0
    assert [tag["type"] for tag in _tags()] == ["html"]
    refused = run("export", "gtm", *code, "--all-pages", "-o", "-", "--as", "native")
    assert (refused.code, "no built-in tag type" in refused.err) == (6, True)


@pytest.mark.parametrize(("dialect", "native"), NATIVES)
def test_each_type_tells_an_id_as_it_reads_it(dialect: platforms.Dialect, native: platforms.NativeTag) -> None:
    texts = {key: f"{number}x" for number, key in enumerate(native.id_keys)}
    pixel_id = native.id_told(texts)
    assert native.id_parts(f"{native.fits}{pixel_id}") or native.fits
    if not native.fits:
        assert native.id_parts(pixel_id) == texts
    assert native.settings <= {"event", "value", "currency", "order_id", "event_id"}
    assert native.older_keys.keys() <= native.keys.keys()
    assert native.needs is None or native.needs in dialect.native
    assert not native.is_whole or dialect.retired is None
