"""Which variables of the page code from outside may tell: data of the page's own, nothing of the browser's visitor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.lint import paths
from tests.conftest import JS_PIXEL, Run
from tests.pixels import PURCHASE

DATA = """
total amount price value currency data items cart order sku quantity revenue tax shipping discount coupon
order.id order.total order.name order.currency order.price order.status order.type order.label order.items.length
cart.total cart.items cart.items.length cart.amount cart.currency cart.data.total cart.count cart.index
product.price product.name product.id product.title product.description product.size product.unit product.code
ecommerce.purchase.revenue ecommerce.transaction.total ecommerce.items shop.order.product.sku digitalData.cart.price
dataLayer_.total utag_data.order_total _order.$total $x transaction.transaction_id basket.contents checkout.country
"""
BROWSER = """
document.cookie document.referrer document.title location location.href window.x self.x globalThis.x parent.x top.x
frames.x opener.x frameElement frameElement.src event event.srcElement event.target.x navigation
navigation.currentEntry.url clientInformation clientInformation.userAgent navigator.userAgent origin name status length
history.state localStorage.token sessionStorage.token indexedDB.x caches.x cookieStore.x crypto.x performance.timeOrigin
screen.width innerWidth outerHeight screenX devicePixelRatio external.x closed customElements.x visualViewport.scale
speechSynthesis.x trustedTypes.x Intl.x Math.PI Date.x Image.x HTMLElement.x constructor.name __proto__.x toString.name
undefined NaN eval.name fetch.name onclick onload.x
x.ownerDocument.cookie x.ownerDocument x.baseURI x.form.password form.password.value login.value
cc.value card.number.value
x.valueAsNumber x.checked x.files x.selectedIndex x.innerText x.textContent x.innerHTML x.outerHTML x.dataset.token
x.parentNode.x x.firstChild.data x.attributes.x x.style.x x.contentDocument.x x.contentWindow.x x.shadowRoot.x x.src
x.href chrome.runtime.id offscreenBuffering
x.location.href x.document.x x.navigator.x x.localStorage.x x.defaultView.x x.elements.x x.options.x x.list.x
coords.latitude position.coords.longitude x.cookie x.referrer x.userAgent x.responseText x.response x.target.x
x.detail.x
x.srcElement.x x.view.x x.clipboardData.x x.constructor.x x.prototype.x x.__proto__.x f.caller.x f.arguments
"""


def _found(text: str, *asked: str) -> list[tuple[str, str]]:
    return [(one.code, one.asked) for one in lint.find_untrusted(snippets.parse(text), asked=frozenset(asked))]


def _codes(path: str) -> list[str]:
    """Code of two dialects that tells a path."""
    return [PURCHASE.replace("30.00,", f"{path},", 1), JS_PIXEL.replace("'19.99'", path)]


@pytest.mark.parametrize("path", DATA.split())
def test_a_path_of_data_may_be_told(path: str) -> None:
    assert paths.is_data(path)
    assert [_found(code) for code in _codes(path)] == [[], []]


@pytest.mark.wide
@pytest.mark.parametrize("path", BROWSER.split())
def test_a_path_by_which_the_browser_can_be_read_may_not(path: str) -> None:
    assert not paths.is_data(path)
    asked = f"value:{path}" if paths.is_of_page(path) else ""
    assert [_found(code) for code in _codes(path)] == [[("unexpected-script", asked)]] * 2
    assert [_found(code, f"value:{path}") for code in _codes(path)] == [
        [] if asked else [("unexpected-script", "")]
    ] * 2


@pytest.mark.parametrize("path", ["this", "this.x", "this.document.cookie", "super.x", "new.target", "import.meta.url"])
def test_what_is_no_name_cannot_be_asked_for(path: str) -> None:
    for code in _codes(path):
        assert {asked for _, asked in _found(code, f"value:{path}")} == {""}


@pytest.mark.parametrize("member", ["cookie", "name", "total", "title"])
@pytest.mark.parametrize("given", ["document", "window"])
def test_a_member_of_what_the_script_itself_names_may_not_be_told(member: str, given: str) -> None:
    told = f"(function (d) {{ fbq('track', 'Lead', {{x: d.{member}}}); }})({given});"
    assert _found(PURCHASE.replace("</script>", f"{told}\n</script>"), f"value:d.{member}") == [
        ("unexpected-script", "")
    ]


def test_what_stands_behind_a_value_that_is_asked_for_is_found_still() -> None:
    code = PURCHASE.replace("30.00,", "order.value, a: order.value,", 1)
    found = lint.find_untrusted(snippets.parse(code))
    assert [one.message for one in found] == ["'order.value' may pass on what the browser knows"] * 2
    assert _found(code, "value:order.value") == []
    more = code.replace("</script>", "alert(1);\n</script>")
    assert _found(more, "value:order.value") == [("unexpected-script", "")]


def test_the_names_come_from_the_sources_that_the_table_names() -> None:
    table = json.loads((Path(paths.__file__).parent / "browser_names.json").read_text("utf-8"))
    names = {kind: table[kind] for kind in ("elements", "globals", "others")}
    assert [source.split()[0] for source in table["sources"]] == [
        "@webref/idl",
        "@mdn/browser-compat-data",
        "globals",
        "Node",
    ]
    assert all(sorted(set(found)) == found and len(found) > 500 for found in names.values())
    assert {*names["elements"], *names["others"]} >= paths._DATA  # a word that no interface has needs no reason


def test_a_value_goes_onto_a_page_where_it_is_asked_for(run: Run) -> None:
    Path("page.html").write_text("<!doctype html>\n<head>\n</head>\n<body>\n</body>\n")
    Path("code.html").write_text(PURCHASE.replace("30.00,", "order.value,", 1).partition("<noscript>")[0])
    refused = run("inject", "page.html", "--from-file", "code.html")
    assert refused.code == 6
    assert refused.err == (
        "error: code.html:3:34: unexpected-script: 'order.value' may pass on what the browser knows; "
        "--allow value:order.value allows it\n"
    )
    assert run("inject", "page.html", "--from-file", "code.html", "--allow", "value:order.value").code == 0
    assert "{value: order.value, currency: 'USD'}" in Path("page.html").read_text()


@pytest.mark.parametrize(
    "value",
    [
        "Number(order.total)",
        "window.order.total",
        "dataLayer[0].value",
        "{{ total | money }}",
        "price\n  + tax",
        "+sum",
    ],
)
def test_a_value_that_is_refused_comes_with_what_to_do_and_that_is_taken(run: Run, value: str) -> None:
    Path("page.html").write_text("<!doctype html>\n<head>\n</head>\n<body>\n</body>\n")
    code = PURCHASE.partition("<noscript>")[0]
    Path("code.html").write_text(code.replace("30.00,", f"{value},", 1))
    refused = run("inject", "page.html", "--from-file", "code.html")
    hint = f"(var total = {' '.join(value.split())};) and use that: value: total\n"
    assert (refused.code, refused.err.count("\n")) == (6, 1)
    assert refused.err.endswith(f"; have a script of the page put it into a variable first {hint}")
    Path("code.html").write_text(code.replace("30.00,", "total,", 1))
    assert run("inject", "page.html", "--from-file", "code.html").code == 0


def test_what_is_refused_elsewhere_is_no_value(run: Run) -> None:
    Path("page.html").write_text("<!doctype html>\n<head>\n</head>\n<body>\n</body>\n")
    Path("code.html").write_text(PURCHASE.replace("30.00,", "total,", 1).replace("</script>", "alert(1);</script>"))
    told = run("inject", "page.html", "--from-file", "code.html").err
    assert told.endswith("nothing was written; use only the vendor's code\n")
