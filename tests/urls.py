"""A table of URLs, and page rules of every kind with what each plainly means, written down without our own matching."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from snippetkit.containers import PageRule
from snippetkit.terms import Match

_HOSTS = (
    "https://shop.example",
    "https://www.shop.example",
    "http://shop.example:8080",
    "https://xn--bcher-kva.example",
)
_PATHS = (
    "/", "/thanks.html", "/Thanks.html", "/THANKS.HTML", "/thanks.htm", "/thanks.html/", "/thanks.html/more",
    "/a/thanks.html", "/thanksXhtml", "/thanks", "/thanks/", "/thanks/index.html", "/shop", "/shop/", "/Shop/tea",
    "/shop/tea.html", "/shop/tea/green.html", "/shop/index.html", "/shop/index.htm", "/shopping/", "/a/shop/",
    "/order/1", "/order/12", "/order/12345", "/order/12/thanks", "/ORDER/7", "/order/", "/order/x1", "/a.b+c(d)",
    "/aXb+c(d)", "/gr%C3%B6%C3%9Fe%20L.html", "/gr%c3%b6%c3%9fe%20L.html", "/[x]", "/a%7Cb", "/$1", "/a*b", "/~me",
    "/a%7B%7Bb%7D%7D", "/a'b", "/a&b=c", "//thanks.html", "/a//b", "/%74hanks.html", "/a,b;c:d@e",
    "/caf%C3%A9",
)  # fmt: skip
_ENDS = ("", "?utm_source=mail", "?UTM_SOURCE=Mail&a=b", "#thanks.html", "?a={{b}}", "?q=/thanks.html#utm_source=mail")

URLS = tuple(
    dict.fromkeys(
        [f"{_HOSTS[0]}{path}" for path in _PATHS]
        + [f"{_HOSTS[index % 4]}{path}{_ENDS[1 + index % 5]}" for index, path in enumerate(_PATHS)]
        + [f"{_HOSTS[(index + 1) % 4]}{path}{_ENDS[1 + (index + 2) % 5]}" for index, path in enumerate(_PATHS)]
        + [f"{_HOSTS[(index + 2) % 4]}{path}{_ENDS[(index + 4) % 6]}" for index, path in enumerate(_PATHS)]
        + [f"{_HOSTS[(index + 3) % 4]}{path}{_ENDS[(index + 5) % 6]}" for index, path in enumerate(_PATHS)]
    )
)
"""At least 200, as a browser shows them."""


def _path(url: str) -> str:
    return urlsplit(url).path


def _without_fragment(url: str) -> str:
    return url.split("#")[0]


def _is_order(path: str) -> bool:
    number = path.removeprefix("/order/")
    return path != number and number.isdigit() and 2 <= len(number) <= 4


PAGE_RULES: dict[PageRule, Callable[[str], bool]] = {
    PageRule.of(Match.ALL): lambda url: True,
    PageRule.of(Match.EXACT, "/thanks.html"): lambda url: _path(url) == "/thanks.html",
    PageRule.of(Match.EXACT, "/thanks.html", ignore_case=True): lambda url: _path(url).lower() == "/thanks.html",
    PageRule.of(Match.EXACT, "/"): lambda url: _path(url) == "/",
    PageRule.of(Match.EXACT, "/a.b+c(d)"): lambda url: _path(url) == "/a.b+c(d)",
    PageRule.of(Match.EXACT, "/größe L.html"): lambda url: _path(url) == "/gr%C3%B6%C3%9Fe%20L.html",
    PageRule.of(Match.EXACT, "/a{{b}}"): lambda url: _path(url) == "/a%7B%7Bb%7D%7D",
    PageRule.of(Match.EXACT, "/$1"): lambda url: _path(url) == "/$1",
    PageRule.of(Match.EXACT, "/a*b"): lambda url: _path(url) == "/a*b",
    PageRule.of(Match.EXACT, "/[x]"): lambda url: _path(url) == "/[x]",
    PageRule.of(Match.EXACT, "/a'b"): lambda url: _path(url) == "/a'b",
    PageRule.of(Match.EXACT, "/a&b=c"): lambda url: _path(url) == "/a&b=c",
    PageRule.of(Match.PREFIX, "/"): lambda url: True,
    PageRule.of(Match.PREFIX, "/shop"): lambda url: _path(url).startswith("/shop"),
    PageRule.of(Match.PREFIX, "/shop/"): lambda url: _path(url).startswith("/shop/"),
    PageRule.of(Match.PREFIX, "/SHOP/", ignore_case=True): lambda url: _path(url).lower().startswith("/shop/"),
    PageRule.of(Match.PREFIX, "/a.b"): lambda url: _path(url).startswith("/a.b"),
    PageRule.of(Match.REGEX, r"\.html$"): lambda url: _path(url).endswith(".html"),
    PageRule.of(Match.REGEX, r"\.html$", ignore_case=True): lambda url: _path(url).lower().endswith(".html"),
    PageRule.of(Match.REGEX, r"^/order/[0-9]{2,4}$"): lambda url: _is_order(_path(url)),
    PageRule.of(Match.REGEX, r"^/(?:thanks|order)\b"): lambda url: (
        _path(url) != ("/thanksXhtml") and _path(url).startswith(("/thanks", "/order"))
    ),
    PageRule.of(Match.REGEX, r"shop[^/]"): lambda url: "shopping" in _path(url),
    PageRule.of(Match.REGEX, r"[a-c]\*b|%7c", ignore_case=True): lambda url: "a*b" in _path(url) or "%7C" in _path(url),
    PageRule.of(Match.CONTAINS, "utm_source=mail"): lambda url: "utm_source=mail" in _without_fragment(url),
    PageRule.of(Match.CONTAINS, "utm_source=mail", ignore_case=True): lambda url: (
        "utm_source=mail" in _without_fragment(url).lower()
    ),
    PageRule.of(Match.CONTAINS, "thanks.html"): lambda url: "thanks.html" in _without_fragment(url),
    PageRule.of(Match.CONTAINS, "www.shop"): lambda url: "www.shop" in _without_fragment(url),
    PageRule.of(Match.CONTAINS, "?a="): lambda url: "?a=" in _without_fragment(url),
    PageRule.of(Match.HOST, "shop.example"): lambda url: urlsplit(url).hostname == "shop.example",
    PageRule.of(Match.HOST, "WWW.shop.example"): lambda url: urlsplit(url).hostname == "www.shop.example",
    PageRule.of(Match.HOST, "bücher.example"): lambda url: urlsplit(url).hostname == "xn--bcher-kva.example",
}
"""Each rule with its plain meaning."""
