"""What calls tell, where a dialect says so as data: the forms that the code of ad platforms has."""

from __future__ import annotations

import pytest

from snippetkit.javascript import Script
from snippetkit.key import NUMBERS
from snippetkit.platforms import CallReader, Endpoint, Lines, Platform, Report, Told, at, reader

_NO = "no value"
PUSHED = CallReader(
    "x",
    ("tell",),
    {
        "event": Told(
            event=at(1), about=2, value=("revenue", "gv"), currency=("currency", "gc"), order_id=at(2, "order")
        )
    },
    _NO,
)
QUEUED = CallReader("x", (), {"goal": Told(event=at(1)), "order": Told(order_id=at(1))}, _NO, queues=("tell",))
SENT = CallReader("x", ("tell",), {"event": Told(pixel_id=at(2, "send_to", "to"), event=at(1), about=2)}, _NO)
OBJECTS = CallReader(
    "x",
    (),
    {"sale": Told(order_id=at(0, "id"), lines=Lines(at(0, "item"))), "lead": Told(event=at(0, "name"))},
    _NO,
    queues=("tell",),
    verb=at(0, "event"),
    is_each_argument=True,
)
WHOLE_LINES = CallReader("x", ("tell",), {"sale": Told(lines=Lines(at(1, "items"), "subTotal", ""))}, _NO)

LESS = CallReader("x", ("tell",), {"sale": Told(lines=Lines(at(1, "items"), "subTotal", "", less=at(1, "less")))}, _NO)


def _read(find: CallReader, code: str) -> list[tuple[str | None, ...]]:
    data = code.encode()
    return [_told(report) for report in find(Script(data, data, 0, len(data)))]


def _told(report: Report) -> tuple[str | None, ...]:
    settings = (report.pixel_id, report.event, report.value, report.currency, report.order_id)
    return tuple(one and ("?" if one.is_dynamic else one.text) for one in settings)


@pytest.mark.parametrize(
    ("find", "code", "found"),
    [
        (PUSHED, "tell.push('event', 'buy', {gv: 2, gc: 'USD', order: 7})", [(None, "buy", "2", "USD", "7")]),
        (PUSHED, "tell('event', '', {gv: 2, revenue: 3})", [(None, "", "3", None, None)]),
        (PUSHED, "tell.push('page'); tell.push('event')", [(None, None, None, None, None)]),
        (
            QUEUED,
            "tell.push(['goal', 'a'], ['order', 9], ['page'])",
            [(None, "a", None, None, None), (None, None, None, None, "9")],
        ),
        (
            SENT,
            "tell('event', 'buy', {send_to: ['A-1/x', 'G-2'], value: 5})",
            [("A-1/x", "buy", "5", None, None), ("G-2", "buy", "5", None, None)],
        ),
        (SENT, "tell('event', 'buy', {to: 'G-2'})", [("G-2", "buy", None, None, None)]),
        (SENT, "tell('event', 'buy', {send_to: []})", [(None, "buy", None, None, None)]),
        (SENT, "tell('event', 'buy', {send_to: [shop.id]})", [("?", "buy", None, None, None)]),
        (
            OBJECTS,
            "tell.push({event: 'sale', id: 'A', item: [{price: 1.10, quantity: 3}, {price: '2', quantity: 1}]})",
            [(None, None, "5.30", None, "A")],
        ),
        (
            OBJECTS,
            "tell.push({event: 'other'}, {event: 'lead', name: 'x'}, {event: 'sale'})",
            [(None, "x", None, None, None), (None, None, None, None, None)],
        ),
        (
            OBJECTS,
            "tell.push({event: 'sale', item: [{price: shop.price, quantity: 3}]})",
            [(None, None, "?", None, None)],
        ),
        (OBJECTS, "tell.push({event: 'sale', item: shop.items})", [(None, None, "?", None, None)]),
        (
            OBJECTS,
            "tell.push({event: 'sale', item: [{price: '1,10', quantity: 3}]})",
            [(None, None, "1,10", None, None)],
        ),
        (
            WHOLE_LINES,
            "tell('sale', {items: [{subTotal: 1.5, n: 2}, {subTotal: 2}]})",
            [(None, None, "3.5", None, None)],
        ),
        *(
            (
                LESS,
                f"tell('sale', {{items: [{{subTotal: 1.5}}, {{subTotal: 2}}]{less}}})",
                [(None, None, value, None, None)],
            )
            for less, value in (
                ("", "3.5"),
                (", less: 0.5", "3.0"),
                (", less: '0.50'", "3.00"),
                (", less: ''", "3.5"),
                (", less: shop.less", "?"),
                (", less: '0,50'", "?"),
            )
        ),
    ],
)
def test_a_call_is_read_as_the_data_says(find: CallReader, code: str, found: list[tuple[str | None, ...]]) -> None:
    assert _read(find, code) == found


def test_a_sum_is_no_place_for_another_value() -> None:
    code = b"tell.push({event: 'sale', item: [{price: 1, quantity: 2}]})"
    [report] = OBJECTS(Script(code, code, 0, len(code)))
    assert report.value is not None
    assert (report.value.told_by, report.value.is_dynamic) == ("the sum of its lines", False)


IMAGES = Platform(
    name="x",
    title="X",
    ids=NUMBERS,
    endpoints=(
        Endpoint(
            ("ad.x.example",),
            ("/activity/",),
            {"pixel_id": ("src",), "event": ("cat",), "value": ("cost",)},
            "x.example/activity",
            begins="",
            separator=";",
        ),
        Endpoint(
            ("ad.x.example",),
            ("/conversion/{pixel_id}/", "/_/{pixel_id}/pixel"),
            {"pixel_id": ("{pixel_id}",), "event": ("tag",), "value": ("value",)},
            "x.example/conversion",
        ),
    ),
)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://ad.x.example/activity/src=12;cat=buy;cost=1.50;u1=a/b;ord=7?", ("12", "buy", "1.50")),
        ("//ad.x.example/activity/cat=buy", (None, "buy", None)),
        ("//AD.X.example/Conversion/12/?value=1.50&amp;tag=a", ("12", "a", "1.50")),
        ("//ad.x.example/_/12/pixel?tag=a;b", ("12", "a;b", None)),
        ("//ad.x.example/_/12/other?tag=a", None),
        ("//ad.x.example/conversion//?tag=a", None),
    ],
)
def test_an_images_url_is_read_as_the_endpoint_says(url: str, found: tuple[str | None, ...] | None) -> None:
    data = url.encode()
    image = reader(IMAGES, "x")(data, data, 0, len(data))
    told = image and (image.report.pixel_id, image.report.event, image.report.value)
    assert (told and tuple(one and one.text for one in told)) == found
    assert not told or all(url[one.start : one.end] == one.text for one in told if one)
