"""Findings about one snippet: its settings, and whether the script and the images agree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snippetkit import money, platforms
from snippetkit.html import MARKER
from snippetkit.javascript import Setting
from snippetkit.key import JOIN, PATTERN, Key
from snippetkit.lint.finding import Raw
from snippetkit.patterns import later
from snippetkit.platforms import Dialect, Ignored, Platform, Report
from snippetkit.references import decode
from snippetkit.snippets import Code, Document, Image

_REGION = later(
    re.escape(MARKER) + rb"begin\s+(?P<key>" + PATTERN.encode() + rb")\s+noscript\s[^<>]*-->[^<]*(?:<body>\s*)?"
)
_LONGEST_MARKER = 1_000
_TWICE = (
    (later(rb"[?&](?:amp;|#0*38;|#[xX]0*26;)(?P<name>[\w.]*)"), "has &amp;amp; for &amp;, so {!r} is lost"),
    (later(rb"[?&](?P<name>[\w.]+)%(?:25)+5[bB]"), "has %255B for %5B, so {!r} is lost"),
)
"""Names that the vendor does not know, because an editor or a CMS encoded them twice; and what to say."""


def find(document: Document) -> Iterator[Raw]:
    """Yield the findings about each snippet of a text."""
    scripts = ((code.script, code.pixel_id) for code in document.codes)
    together = {(script.start, platforms.in_image(pixel_id)) for script, pixel_id in scripts if script}
    for number, code in enumerate(document.codes):
        findings = [
            *_about_settings(code),
            *(raw for image in code.images for raw in _about_image(document, code, image)),
        ]
        is_of_another = any((code.script.start, _id_of(image)) in together for image in code.images if code.script)
        findings = [raw for raw in findings if not (raw.code == "id-mismatch" and is_of_another)]
        yield from (raw._replace(snippet=number) for raw in findings)
    yield from _in_regions(document)
    yield from _about_ids(document)
    for number, code in enumerate(document.handlers, len(document.codes)):
        yield from (raw._replace(snippet=number) for raw in _about_settings(code))


def _about_ids(document: Document) -> Iterator[Raw]:
    """Whatever is in the place of an id and is none, once for each."""
    told = set[str]()
    for number, code in enumerate((*document.codes, *document.handlers, *document.bases)):
        pixel_id, setting = code.pixel_id, code.report.pixel_id
        if pixel_id and pixel_id not in told and not (code.has_dynamic_id or (setting and setting.is_dynamic)):
            told.add(pixel_id)
            if not platforms.is_id(code.report.dialect, pixel_id) or not pixel_id.strip("0"):
                at = setting.start if setting else code.report.start
                yield Raw("id-invalid", at, f"{pixel_id[:60]!r} is not a pixel id, so nothing is counted", number)


def _id_of(image: Image) -> str:
    return image.read.report.pixel_id.text if image.read.report.pixel_id else ""


def _in_regions(document: Document) -> Iterator[Raw]:
    """A noscript in a region of ours belongs to the script of its key, whatever pixel it names itself."""
    for image in (image for code in document.codes if not code.script for image in code.images):
        pixel_ids = _ids_in_front(document.data, image.outer.start)
        codes = enumerate(document.codes if pixel_ids else ())
        of_key = ((n, code) for n, code in codes if code.script and code.pixel_id in pixel_ids)
        number, code = next(((n, code) for n, code in of_key if not code.images), (0, None))
        if code:
            yield from (raw._replace(snippet=number) for raw in _disagreements(code, image.read.report))


def _ids_in_front(data: bytes, at: int) -> list[str]:
    """The pixels in the key of the region whose marker is right in front."""
    start = data.rfind(MARKER, max(0, at - _LONGEST_MARKER), at)
    match = _REGION.fullmatch(data, start, at) if start >= 0 else None
    return Key(match["key"].decode()).pixel_ids if match else []


def _about_settings(code: Code) -> Iterator[Raw]:
    dialect = platforms.dialect_named(code.report.dialect)
    yield from _about_retirement(code, dialect)
    yield from _about_names(code, dialect.platform)
    reports = (code.report, *(image.read.report for image in code.images if code.script))
    for report in reports:
        yield from (Raw(one.code, one.setting.start, one.message) for one in report.ignored if _is_lost(one, report))
    yield from _about_order(code, dialect)
    if code.report.value:
        yield from _about_value(code, code.report.value, dialect)
    elif code.report.lacks:
        yield Raw("value-missing", code.report.start, code.report.lacks)


def _is_lost(ignored: Ignored, report: Report) -> bool:
    """Whether what is told in vain is told nowhere else: an event's id may also stand where it counts."""
    return ignored.code != "event-id-place" or report.event_id is None


def _about_retirement(code: Code, dialect: Dialect) -> Iterator[Raw]:
    retired = [(image.url.start, image.read.retired) for image in code.images if image.read.retired]
    if year := dialect.retired or (retired and retired[0][1]):
        at = code.report.start if dialect.retired else retired[0][0]
        message = f"its endpoint was switched off in {year}; 'snippetkit migrate' turns it into today's code"
        yield Raw("retired-endpoint", at, message)


def _about_value(code: Code, value: Setting, dialect: Dialect) -> Iterator[Raw]:
    if value.is_dynamic:
        yield Raw("dynamic-value", value.start, f"the value is set while the page is built or shown: {value.text[:60]}")
    else:
        yield from _about_amount(value, dialect.platform)
        if dialect.sample_value and money.is_same(value.text, dialect.sample_value):
            message = f"the value {value.text} is that of {dialect.platform.title}'s sample code, not an order's"
            yield Raw("value-zero", value.start, message)
    if code.unit_unknown:
        message = f"whether {value.text[:60]} is in the major or the minor unit is not stated; {dialect.call} states it"
        yield Raw("unit-unknown", value.start, f"{message} with {code.unit_unknown}, which takes 19.99 for 19.99")
    has_one = dialect.needs_currency and dialect.platform.needs_currency and dialect.counts_for(code.pixel_id)
    is_money = dialect.events is None or dialect.events.has_money(code.event)
    is_needed = has_one and is_money and not value.is_whole
    if code.report.currency is None and is_needed and not any(image.has_lost_brackets for image in code.images):
        yield Raw("currency-missing", value.start, f"a value without a currency; {code.report.add_currency}")


def _about_order(code: Code, dialect: Dialect) -> Iterator[Raw]:
    """An order without its id; one that a server fills in may be empty, and that is not known here."""
    key = _order_key(code, dialect) if code.report.verb == "track" else ""
    told = code.report.order_id
    if key and (told is None or not told.text.strip()):
        again = "a page that is reloaded counts it again"
        yield Raw(
            "order-id-missing", code.report.start, f"{code.event or 'an order'} without {key}, the order's id: {again}"
        )


def _order_key(code: Code, dialect: Dialect) -> str:
    """What should tell the order's id; an image that tells an order's lines reports nothing but orders."""
    if dialect.events:
        return dialect.events.order_key(code.event, code.pixel_id)
    return next((one.query["order_id"][0] for one in dialect.platform.images if one.lines and not code.script), "")


def _about_amount(value: Setting, platform: Platform) -> Iterator[Raw]:
    """What is wrong with an amount; one in minor units of a currency that is not known may be right."""
    told, most = value.text.removesuffix(f" {money.MINOR_UNITS}"), platform.most_decimals
    if money.AMOUNT.fullmatch(value.text):
        if most is not None and len(told.partition(".")[2]) > most:
            message = f"the value {told} has more decimals than the {most} that {platform.title} takes"
            yield Raw("value-invalid", value.start, message)
    elif told == value.text:
        example = "1999" if platform.is_in_minor_units else "19.99"
        yield Raw("value-invalid", value.start, f"the value {told[:60]!r} is not an amount such as {example}")
    elif not told.isdecimal():
        message = f"the value {told} is not whole, and {platform.title} takes minor units: 1999 for 19.99"
        yield Raw("value-unit", value.start, message)


def _about_names(code: Code, platform: Platform) -> Iterator[Raw]:
    """What is written in a way that the vendor does not know."""
    event, currency = code.report.event, code.report.currency
    if event and not event.is_dynamic and (message := _about_event(event.text, code, platform)):
        yield Raw("event-unknown", event.start, f"the event {event.text[:60]!r} is {message}")
    if currency and not currency.is_dynamic and currency.text not in (known := {*money.ISO_4217, *platform.exponents}):
        upper = currency.text.strip().upper()
        wanted = f"write {upper}" if upper in known else "give a code of ISO 4217, such as USD"
        yield Raw("currency-unknown", currency.start, f"the currency {currency.text[:60]!r} is unknown; {wanted}")


def _about_event(name: str, code: Code, platform: Platform) -> str:
    """What is said of an event's name; nothing where it is one of the platform's, or one of the account's own."""
    if standard := _meant_by(name, code.pixel_id, platform):
        return f"not the standard event {standard}"
    is_known = name in platform.base_events or platforms.events_of(code.report.dialect).counts(name)
    return "" if is_known else f"not one of {platform.title}'s events: it only puts the visitor into an audience"


def _meant_by(name: str, pixel_id: str, platform: Platform) -> str | None:
    """The standard event of a platform whose name this is except for its case, for a pixel that has such events."""
    known = (dialect.events for dialect in platforms.dialects_of(platform))
    lists = [one for one in known if one and (one.ids is None or one.ids.match(pixel_id))]
    if any(name in one.standard for one in lists):
        return None
    return next((standard for one in lists if (standard := one.meant_by(name))), None)


def _about_image(document: Document, code: Code, image: Image) -> Iterator[Raw]:
    at = image.url.start
    if broken := next(_broken(document, image), ""):
        yield Raw("noscript-parameters", at, f"the image's URL {broken}")
    elif code.script and code.report.verb != "audience":
        yield from _about_amounts(code, image.read.report)
    if code.script:
        yield from _about_whose(code, image.read.report)
    if image.element.name == "img" and "alt" not in image.element.attributes:
        yield Raw("img-alt-missing", image.element.start, 'the image has no alt attribute; add alt=""')
    if decode(image.url.value).strip().lower().startswith(b"http:"):
        yield Raw("insecure-url", at, "the image's URL is http; write https")


def _broken(document: Document, image: Image) -> Iterator[str]:
    """Which of the image's parameters do not arrive."""
    for name, wanted in image.read.misnamed:
        yield f"has {name}= where {wanted}= should be, so the {name} is lost"
    if name := image.read.without_brackets:
        yield f"has {name}= where {name}[value]= and {name}[currency]= should be"
    if image.read.repeated:
        yield f"names {image.read.repeated[0]!r} twice"
    url = decode(image.url.value)
    for pattern, message in _TWICE:
        if match := pattern.search(url):
            yield message.format(match["name"].decode())
    event = image.read.report.event
    span = slice(image.url.start, image.url.start + len(image.url.value))
    is_known = "id" in image.read.names and document.data[span] == document.masked[span]
    if is_known and not image.read.retired and not (event and event.text):
        yield "has no ev=, so it reports no event"


def _disagreements(code: Code, image: Report) -> Iterator[Raw]:
    yield from _about_whose(code, image)
    yield from _about_amounts(code, image)


def _about_whose(code: Code, image: Report) -> Iterator[Raw]:
    told, dialect = image.pixel_id, platforms.dialect_named(code.report.dialect)
    is_dynamic = code.has_dynamic_id or (told is not None and told.is_dynamic)
    # The image of a page view names what is in front of the part that an event tells.
    is_part = told is not None and dialect.joins_ids and told.text == code.pixel_id.partition(JOIN)[0]
    if (
        code.pixel_id
        and not (is_dynamic or is_part)
        and (told is None or platforms.in_image(code.pixel_id) != told.text)
    ):
        message = f"the script's pixel is {code.pixel_id}, the noscript's {told.text if told else 'missing'}"
        yield Raw("id-mismatch", told.start if told else image.start, message)
    ours, theirs = code.report.event, image.event
    is_dynamic = any(setting and setting.is_dynamic for setting in (ours, theirs))
    if theirs is None or is_dynamic or "audience" in (code.report.verb, image.verb):
        return
    # The vendor's noscript reports a page view, whatever conversion the script reports.
    name = code.report.dialect
    known = {platforms.event_key(name, code.event), *dialect.platform.base_events}
    if known.isdisjoint(platforms.event_key(name, one) for one in (theirs.text, theirs.text.replace("+", " "))):
        message = f"the script's event is {code.event or 'missing'}, the noscript's {theirs.text}"
        yield Raw("event-mismatch", theirs.start, message)


def _about_amounts(code: Code, image: Report) -> Iterator[Raw]:
    for name, ours, theirs in _amounts(code.report, image):
        if (theirs is None and not platforms.dialect_named(code.report.dialect).image_repeats) or any(
            s and s.is_dynamic for s in (ours, theirs)
        ):
            continue
        texts = [setting.text if setting else "missing" for setting in (ours, theirs)]
        if texts[0] != texts[1] and not (name == "value" and money.is_same(*texts)):
            at = theirs.start if theirs else image.start
            yield Raw(f"{name}-mismatch", at, f"the script's {name} is {texts[0]}, the noscript's {texts[1]}")


def _amounts(script: Report, image: Report) -> list[tuple[str, Setting | None, Setting | None]]:
    return [("value", script.value, image.value), ("currency", script.currency, image.currency)]
