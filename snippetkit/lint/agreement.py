"""Findings about one snippet: its settings, and whether the script and the images agree."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit import money
from snippetkit.dialects import Report, Setting
from snippetkit.lint.finding import Raw
from snippetkit.snippets import Code, Document, Image

_RETIRED = frozenset({"audience", "fbds", "fp"})


def find(document: Document) -> Iterator[Raw]:
    """Yield the findings about each snippet of a text."""
    for number, code in enumerate(document.codes):
        found = [*_about_settings(code), *(raw for image in code.images for raw in _about_image(code, image))]
        yield from (raw._replace(snippet=number) for raw in found)


def _about_settings(code: Code) -> Iterator[Raw]:
    retired = [image.url.start for image in code.images if image.read.is_retired]
    if code.report.dialect in _RETIRED or retired:
        at = code.report.start if code.report.dialect in _RETIRED else retired[0]
        yield Raw("retired-endpoint", at, "its endpoint was switched off in 2017; 'snippetkit migrate' helps")
    value, currency = code.report.value, code.report.currency
    if value is None:
        return
    if value.is_dynamic:
        yield Raw("dynamic-value", value.start, f"the value is set while the page is made or shown: {value.text[:60]}")
    elif not money.AMOUNT.fullmatch(value.text):
        yield Raw("value-invalid", value.start, f"the value {value.text[:60]!r} is not an amount such as 19.99")
    if currency is None and not value.is_whole and not any(image.has_lost_brackets for image in code.images):
        yield Raw("currency-missing", value.start, f"a value without a currency; {code.report.add_currency}")


def _about_image(code: Code, image: Image) -> Iterator[Raw]:
    at = image.url.start
    if image.has_lost_brackets:
        yield Raw("noscript-parameters", at, "the image's URL has cd= where cd[value]= and cd[currency]= should be")
    elif image.read.repeated:
        yield Raw("noscript-parameters", at, f"the image's URL names {image.read.repeated[0]!r} twice")
    elif code.script:
        yield from _disagreements(code, image.read.report)
    if "alt" not in image.element.attributes:
        yield Raw("img-alt-missing", image.element.start, 'the image has no alt attribute; add alt=""')
    if image.url.value.strip().lower().startswith(b"http:"):
        yield Raw("insecure-url", at, "the image's URL is http; write https")


def _disagreements(code: Code, image: Report) -> Iterator[Raw]:
    if code.pixel_id and image.pixel_id and not image.pixel_id.is_dynamic and code.pixel_id != image.pixel_id.text:
        message = f"the script's pixel is {code.pixel_id}, the noscript's {image.pixel_id.text}"
        yield Raw("id-mismatch", image.pixel_id.start, message)
    for name, ours, theirs in _amounts(code.report, image):
        if (theirs is None and code.report.dialect == "fbq") or any(s and s.is_dynamic for s in (ours, theirs)):
            continue
        texts = [setting.text if setting else "missing" for setting in (ours, theirs)]
        if texts[0] != texts[1] and not (name == "value" and money.is_same(*texts)):
            at = theirs.start if theirs else image.start
            yield Raw(f"{name}-mismatch", at, f"the script's {name} is {texts[0]}, the noscript's {texts[1]}")


def _amounts(script: Report, image: Report) -> list[tuple[str, Setting | None, Setting | None]]:
    return [("value", script.value, image.value), ("currency", script.currency, image.currency)]
