"""Every variant of code that was met on pages, and what comes of it. `python -m tests.variants` prints the table.

Read right: the pixel, the value and the currency are those of the code. Reported: lint names what is wrong with it,
by these codes. Refused: a value cannot be set in it, and the error says where one would have to be added.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from snippetkit import lint, snippets
from snippetkit.errors import SnippetError
from tests.conftest import JS_PIXEL, PIXEL_ID
from tests.pixels import CODES

FBDS = CODES["fbds"]
OTHER = "6009125095681"
# What lint says of nearly all old code, and what most of today's lacks.
USUAL = {"retired-endpoint", "img-alt-missing"}


class Variant(NamedTuple):
    """A shape: its name, the code, the codes of lint that it must have, and whether a value can be set in it.

    `read` is what `snippets.read` gives for each snippet: the pixel's id, the value and the currency.
    """

    name: str
    code: str
    codes: frozenset[str] = frozenset()
    is_settable: bool = True
    read: tuple[tuple[str, str | None, str | None], ...] = ((PIXEL_ID, "19.99", "USD"),)


def _sub(code: str, pattern: str, new: str) -> str:
    text = re.sub(pattern, new, code)
    assert text != code, pattern
    return text


def _dynamic(code: str, pattern: str, new: str, value: str | None = None) -> Variant:
    name = f"a dynamic value: {new.strip()}"
    return Variant(
        name, _sub(code, pattern, new), frozenset({"dynamic-value"}), False, ((PIXEL_ID, value or new, "USD"),)
    )


IMAGE = re.search(r"<noscript>.*</noscript>", JS_PIXEL)[0]  # type: ignore[index]
PUSH = re.search(r"window\._fbq\.push.*", FBDS)[0]  # type: ignore[index]
BOTH = ((PIXEL_ID, "19.99", "USD"), (OTHER, "19.99", "USD"))

VARIANTS = [
    Variant("fp as the API gave it", JS_PIXEL),
    Variant("fbds", FBDS),
    Variant("fbq, a base code", CODES["fbq"], is_settable=False, read=(("434566956589050", None, None),)),
    Variant("double quotes", _sub(FBDS, "'", '"')),
    Variant("no quotes on numbers", _sub(FBDS, "'19.99'", "19.99")),
    Variant("keys without quotes", _sub(FBDS, "'(value|currency)'", r"\1")),
    Variant("either key order", _sub(FBDS, "('value': '19.99'), ('currency': 'USD')", r"\2, \1")),
    Variant("tabs", _sub(FBDS, "  ", "\t")),
    Variant("CRLF", _sub(JS_PIXEL, "\n", "\r\n")),
    Variant("one line, minified", _sub(_sub(FBDS, r"\n\s*", ""), r"(?<=[,:=]) | (?==)", "")),
    Variant("trailing comma", _sub(FBDS, "'USD'}", "'USD',}")),
    Variant("comma operator", _sub(JS_PIXEL, "';\nfb_param", "',\nfb_param")),
    Variant("value before the pixel's id", _sub(JS_PIXEL, r"(fb_param.pixel_id.*\n)(fb_param.value.*\n)", r"\2\1")),
    Variant(
        "several pushes in one script",
        FBDS.replace(PUSH, f"{PUSH}\n{PUSH.replace(PIXEL_ID, OTHER)}"),
        frozenset({"second-pixel"}),
        read=BOTH,
    ),
    Variant(
        "several fp blocks on one page",
        JS_PIXEL + JS_PIXEL.replace(PIXEL_ID, OTHER),
        frozenset({"fb-param-clobber"}),
        read=BOTH,
    ),
    Variant(
        "fbds next to fbq",
        FBDS + CODES["fbq"],
        is_settable=False,
        read=((PIXEL_ID, "19.99", "USD"), ("434566956589050", None, None)),
    ),
    Variant(
        "one noscript with several images",
        _sub(
            FBDS.replace(PUSH, f"{PUSH}\n{PUSH.replace(PIXEL_ID, OTHER)}"),
            "(<img.*?/>)",
            lambda m: m[0] + m[0].replace(PIXEL_ID, OTHER),
        ),
        frozenset({"second-pixel"}),
        read=BOTH,
    ),  # type: ignore[arg-type]
    Variant("the old endpoint under the newer script", FBDS.partition("<noscript>")[0] + IMAGE),
    _dynamic(JS_PIXEL, "'19.99'", "<?php echo $x ?>"),
    _dynamic(JS_PIXEL, "(?<=')19.99", "{{ x }}"),
    _dynamic(FBDS, "(?<=')19.99", "{$amount}"),
    _dynamic(FBDS, "'19.99'", "total"),
    Variant("noscript URL with raw &", _sub(JS_PIXEL, "&amp;", "&")),
    Variant("noscript URL without a scheme", _sub(JS_PIXEL, "https://www", "//www")),
    Variant("noscript URL with http", _sub(JS_PIXEL, "https://www", "http://www"), frozenset({"insecure-url"})),
    Variant("cd%5Bvalue%5D", _sub(FBDS, r"cd\[(\w+)\]", r"cd%5B\1%5D")),
    Variant("a newline inside src", _sub(FBDS, "&amp;cd", "\n&amp;cd")),
    Variant("no alt", _sub(FBDS, ' alt=""', ""), frozenset({"img-alt-missing"})),
    Variant("<img ... />, <img .../>, <img ...>", _sub(_sub(JS_PIXEL, " />", "/>"), "/>", ">")),
    Variant(
        "brackets eaten: cd=&amp;cd=USD",
        _sub(FBDS, r"cd\[value\]=19.99&amp;cd\[currency\]", "cd=&amp;cd"),
        frozenset({"noscript-parameters"}),
        is_settable=False,
    ),
    Variant(
        "19.99 in the script, 0.00 in the noscript", _sub(FBDS, r"\]=19.99", "]=0.00"), frozenset({"value-mismatch"})
    ),
    Variant(
        "&amp; inside a JavaScript string",
        _sub(FBDS, "loaded = true", "loaded = 'a&amp;b'"),
        frozenset({"entity-in-script", "unexpected-script"}),
    ),
    Variant(
        "no currency",
        _sub(_sub(JS_PIXEL, "fb_param.currency.*\n", ""), "&amp;currency=USD", ""),
        frozenset({"currency-missing"}),
        read=((PIXEL_ID, "19.99", None),),
    ),
    Variant("no noscript", JS_PIXEL.partition("<noscript>")[0]),
    Variant("no script", IMAGE),
    Variant(
        "the pixel's name closes the comment",
        _sub(JS_PIXEL, "Thank you", "CV --><script>alert(1)</script>"),
    ),
    Variant("the whole block in an HTML comment", f"<!-- {JS_PIXEL.partition('-->')[2]} -->", read=()),
    Variant(
        "<noscript> inside a JavaScript string",
        f"<script>var text = '{IMAGE.replace(chr(39), chr(34))}';</script>",
        read=(),
    ),
    Variant(
        "audience: addPixelId",
        "<script>_fbq.push(['addPixelId', '6009125095680']);</script>",
        is_settable=False,
        read=((PIXEL_ID, None, None),),
    ),
    Variant(
        "audience: _fbds.pixelId",
        "<script>var _fbds = _fbds || {}; _fbds.pixelId = 6009125095680;</script>",
        is_settable=False,
        read=((PIXEL_ID, None, None),),
    ),
    Variant(
        "a stray nonce of the vendor's",
        CODES["fbq"].replace("<script>", '<script nonce="x">'),
        is_settable=False,
        read=(("434566956589050", None, None),),
    ),
]


def read(variant: Variant) -> tuple[tuple[str, str | None, str | None], ...]:
    """Return what is read."""
    return tuple((found.pixel_id, found.value, found.currency) for found in snippets.read(variant.code))


def reported(variant: Variant) -> set[str]:
    """Return what lint says, the usual apart."""
    return {finding.code for finding in lint.find(snippets.parse(variant.code))} - (USUAL - variant.codes)


def refusals(variant: Variant) -> list[str]:
    """Return why a value cannot be set, for each snippet in which it cannot."""
    reasons = []
    for found in snippets.read(variant.code):
        try:
            found.with_value("5.00")
        except SnippetError as error:
            reasons.append(str(error))
    return reasons


def main() -> None:
    """Print the table."""
    print("| variant | read | reported | set a value |\n|---|---|---|---|")  # noqa: T201
    for variant in VARIANTS:
        told = "right" if read(variant) == variant.read else "WRONG"
        found = "not code" if not variant.read else told
        value = "refused" if refusals(variant) else "yes" if variant.read else "-"
        print(f"| {variant.name} | {found} | {', '.join(sorted(reported(variant)))} | {value} |")  # noqa: T201


if __name__ == "__main__":
    main()
