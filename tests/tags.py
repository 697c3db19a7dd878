"""Container tags of every kind, of which each format has a golden file."""

from __future__ import annotations

from snippetkit import snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.model import Snippet
from snippetkit.terms import Consent, Match, TagVariant
from tests.conftest import ACCOUNT, JS_PIXEL
from tests.pixels import CODES, PURCHASE
from tests.reading import read_js_pixel

CHECKOUT = read_js_pixel(JS_PIXEL)
REGISTRATION = read_js_pixel(JS_PIXEL.replace("6009125095680", "6009125095681").replace("19.99", "5.00"))
QUEUED = snippets.join(snippets.read(CODES["fbds"]))
META = snippets.read_code(CODES["fbq"], "fbq")


def purchase() -> Snippet:
    """The Meta Pixel's base code with a purchase, as a person writes it."""
    base = CODES["fbq"].split("fbq('track', 'PageView');")[0]
    [snippet] = (
        snippet
        for snippet in snippets.read(base + PURCHASE.split("\n", 2)[2].removeprefix("\n"))
        if snippet.event == "Purchase"
    )
    return snippet


def exact(path: str) -> tuple[PageRule, ...]:
    """The rule for one page."""
    return (PageRule.of(Match.EXACT, path),)


TAGS = [
    ContainerTag('Checkout "one" <é>', (CHECKOUT,), rules=exact("/thanks.html"), account=ACCOUNT),
    ContainerTag("Registration", (REGISTRATION,), TagVariant.BOTH, exact("/welcome.html"), consent=Consent.NONE),
    ContainerTag("Two pixels in one script", (CHECKOUT, REGISTRATION), rules=exact("/both.html"), account=ACCOUNT),
    ContainerTag(
        "Queue, on the pages of the shop but one, under a name that is much longer than fifty characters",
        (QUEUED,),
        rules=(PageRule.of(Match.PREFIX, "/shop/"), PageRule.of(Match.REGEX, r"^/[a-z]+/tea\.html$", ignore_case=True)),
        exceptions=exact("/shop/cart.html"),
    ),
    ContainerTag("Queue, on a mail's visitors", (QUEUED,), rules=(PageRule.of(Match.CONTAINS, "utm_source=mail"),)),
    ContainerTag("Image", (QUEUED,), TagVariant.IMAGE, (PageRule.of(Match.HOST, "shop.example"),)),
    ContainerTag("Meta Pixel", (META,), rules=(PageRule.of(Match.ALL),)),
    ContainerTag("Purchase", (QUEUED,), event=DataLayerEvent.of("purchase", "value", "currency")),
    ContainerTag("Order", (CHECKOUT,), event=DataLayerEvent.of("order placed", "ecommerce.value")),
    ContainerTag("Sign-up", (REGISTRATION,), event=DataLayerEvent.of("sign_up")),
    ContainerTag("Without a trigger", (REGISTRATION,)),
]
