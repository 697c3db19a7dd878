"""What a Python program calls: a page in, a page out. `snippetkit` has these names at its top, and loads them late.

What a conversion is worth is a whole number of the currency's minor unit, and the name says so: `value_cents=1999` is
19.99 USD; or `amount="19.99"`, text or a `Decimal` in the major unit, but no float, which is not what it looks like.

What is refused is an error of `snippetkit.errors`, each a `SnippetkitError` with a `hint` that says what to do next;
where it names an option of the command line, such as `--force`, the argument of that name is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from snippetkit import exports, files, lint, snippets, work
from snippetkit.accepting import Wish, accept, worth
from snippetkit.arguments import READ, Amount, check, each, each_code, firing, one_of, word
from snippetkit.containers import ContainerTag, DataLayerEvent, Export, ExportOptions, PageRule, together
from snippetkit.errors import FileError, SettingError
from snippetkit.lint import Finding
from snippetkit.model import Snippet
from snippetkit.terms import Consent, Placement, TagsAs, TagVariant
from snippetkit.work import Placing, Rendering, Value

__all__ = ["Code", "Export", "Finding", "Snippet", "export", "inject_page", "lint_page", "make", "read", "remove_page"]

Code = str | Snippet
"""Code to place: as text, such as a file's, or a snippet that `read` returned."""

_ADOPT = {False: None, True: "whole", "replace": "replace"}


def read(text: str | bytes) -> list[Snippet]:
    """Return the conversion code in a text, in its order.

    >>> page = "<script>fbq('init', '434566956589050'); fbq('track', 'Lead', {value: 5, currency: 'USD'})</script>"
    >>> [snippet] = read(page)
    >>> snippet.key, snippet.event, snippet.value, snippet.currency
    ('fbq:434566956589050', 'Lead', '5', 'USD')

    Args:
        text: a page, a part of one, or code that somebody sent; bytes are read as UTF-8.

    Raises:
        SettingError: it is neither text nor bytes, or bytes that are UTF-16 or no text.
        SlowReadingError: so much of a long script in it is broken that it would take minutes.
    """
    check(READ, text=text)
    return snippets.read(_decoded("text", text))


def lint_page(html: str | bytes) -> list[Finding]:
    """Return what is wrong with the conversion code in a text, in its order.

    The codes of findings are stable. It is not called `lint`, since that is a module of the package.

    >>> code = "<script>fbq('init', '434566956589050'); fbq('track', 'Purchase', {value: '5,00'})</script>"
    >>> [(finding.level, finding.code, finding.line) for finding in lint_page(code)]
    [('warning', 'currency-missing', 1), ('error', 'value-invalid', 1)]

    Args:
        html: a page, a part of one, or code; bytes are read as UTF-8.

    Raises:
        SettingError: it is neither text nor bytes, or bytes that are UTF-16 or no text.
        SlowReadingError: so much of a long script in it is broken that it would take minutes.
    """
    check(READ, html=html)
    return lint.find(snippets.parse(_decoded("html", html)))


def make(
    kind: str,
    pixel_id: str,
    *,
    event: str | None = None,
    value_cents: int | None = None,
    amount: Amount | None = None,
    currency: str | None = None,
    event_id: str | None = None,
) -> Snippet:
    r"""Return the code of a pixel, made here by what the platform says of its code; it goes where other code goes.

    >>> made = make("ttq", "C4ABCDE0C77U00000123", event="CompletePayment", value_cents=1999, currency="USD")
    >>> made.script.splitlines()[-2]
    'ttq.track("CompletePayment", {value: 19.99, currency: "USD"});'
    >>> page = b"<!doctype html>\n<head>\n<title>Thank you</title>\n</head>\n<body>\n</body>\n"
    >>> [(snippet.key, snippet.value) for snippet in read(inject_page(page, made))]
    [('ttq:C4ABCDE0C77U00000123', '19.99')]

    Args:
        kind: the name of the platform's code, such as `ttq`: one that `snippetkit inspect` shows as a dialect.
        pixel_id: the pixel, as the platform writes it.
        event: what the code reports. Without one it is base code where the platform has events by name: that is to
            paste, and `inject_page` refuses it, since it reports no conversion.
        value_cents: what a conversion is worth, in the currency's minor unit for every platform.
        amount: the same in its major unit instead, as text or a `Decimal`: `19.99`.
        currency: the value's; None for the platform's own, where it has one.
        event_id: what a server reports the same event under.

    Raises:
        SettingError: an argument cannot be used, or the platform's code cannot tell it.
        SnippetError: the code that was made does not say what was asked for.
    """
    check(kind=kind, pixel_id=pixel_id, event=event, event_id=event_id)
    value = worth(value_cents, amount, currency)._replace(event=event, event_id=event_id)
    if currency is not None and not value.is_given:
        raise SettingError("a currency without a value", hint="give value_cents or amount")
    return work.make(kind, pixel_id, value)


def inject_page(
    html: bytes,
    code: Code | Sequence[Code],
    *,
    value_cents: int | None = None,
    amount: Amount | None = None,
    currency: str | None = None,
    event: str | None = None,
    placement: Placement | str = Placement.HEAD_BOTTOM,
    adopt: bool | Literal["replace"] = False,
    force: bool = False,
    server_code: bool = False,
    fragments: bool = False,
    allow: Iterable[str] = (),
    allow_hosts: Iterable[str] = (),
) -> bytes:
    r"""Return a page with conversion code on it, or the same bytes where it is there already.

    The script goes to the end of the head, the noscript right behind `<body>`, in marked regions; all other bytes
    stay. Done again with another value, the regions are brought up to date, and `remove_page` takes them out.

    >>> page = b"<!doctype html>\n<head>\n<title>Thank you</title>\n</head>\n<body>\n</body>\n"
    >>> code = '''<script>fbq('init', '434566956589050'); fbq('track', 'Lead', {value: 5, currency: 'USD'})</script>'''
    >>> done = inject_page(page, code, value_cents=1999)
    >>> [(snippet.event, snippet.value) for snippet in read(done)]
    [('Lead', '19.99')]
    >>> inject_page(done, code) == done
    True
    >>> remove_page(done) == page
    True

    Args:
        html: the page as a file has it, in its own encoding.
        code: the code of one pixel, or that of several. It may report a conversion, and nothing else.
        value_cents: what a conversion is worth, in the currency's minor unit. None leaves the value that stands on the
            page, or else takes the code's.
        amount: the same in its major unit instead, as text or a `Decimal`: `19.99`.
        currency: the value's, an ISO 4217 code; None for the code's.
        event: which event the value is for, where several have one.
        placement: where the script goes.
        adopt: put marked code in the place of unmarked code of the same pixel; `replace` also of such that does more,
            and nothing says what that was.
        force: replace a region that was edited by hand, and a value that is made while the page is shown.
        server_code: take pages with PHP, ERB, Jinja or the like in them.
        fragments: take parts of pages, without doctype, `<html>`, `<head>` and `<body>`.
        allow: what else the code may do, as its refusal says it, such as `consent:grant`.
        allow_hosts: other hosts than the vendor's that it may reach.

    Raises:
        PageRefusedError: the right edit is not certain; it says why, and where.
        SnippetError: the code does more than report a conversion, its halves disagree, or it has no place for a value.
        SettingError: an argument cannot be used.
    """
    check(html=html, adopt=adopt, server_code=server_code, fragments=fragments)
    wish = _wish(worth(value_cents, amount, currency), event, force, allow, allow_hosts)
    where = word("placement", Placement, placement)
    placing = Placing(where, adopt=_ADOPT[adopt], fragments=fragments, server_code=server_code)
    planner = work.plan_for_all([accept(one, wish) for one in each_code(code)], Rendering(), placing, wish.value)
    return work.rewrite(html, planner).after


def remove_page(html: bytes, *, pixel_ids: Iterable[str] | None = None, force: bool = False) -> bytes:
    r"""Return a page without the code that was injected, or the same bytes where there is none.

    >>> remove_page(b"<!doctype html>\n<title>Nothing here</title>\n")
    b'<!doctype html>\n<title>Nothing here</title>\n'

    Args:
        html: the page as a file has it.
        pixel_ids: take out the code of these pixels, and leave the others'; None takes all out, and no ids nothing.
        force: take out what was edited by hand, too, what stands in the place of code that was adopted, and base code
            that another region needs.

    Raises:
        PageRefusedError: a region was edited by hand, or is not whole; or it stands in the place of code that was
            adopted, which only `snippetkit remove` can put back, from the copy that it has kept; or another region
            needs its base code.
        SettingError: an argument cannot be used.
    """
    check(html=html, force=force)
    ids = frozenset[str]() if pixel_ids is None else frozenset(each("pixel_ids", pixel_ids))
    if pixel_ids is not None and not ids:
        return html
    planner = work.plan_removal(pixel_ids=ids, force=force, where="in memory")
    return work.rewrite(html, planner).after


def export(
    format_name: str,
    code: Code | Sequence[Code],
    *,
    pages: Iterable[str | PageRule] = (),
    on_event: str | DataLayerEvent | None = None,
    value_cents: int | None = None,
    amount: Amount | None = None,
    currency: str | None = None,
    event: str | None = None,
    name: str = "Pixel",
    variant: TagVariant | str = TagVariant.SCRIPT,
    consent: Consent | str = Consent.ADS,
    tags_as: TagsAs | str = TagsAs.AUTO,
    force: bool = False,
    allow: Iterable[str] = (),
    allow_hosts: Iterable[str] = (),
) -> Export:
    """Return the import file of a tag manager that fires code: `content` are its bytes, `notes` what there is to know.

    >>> code = "<script>fbq('init', '434566956589050'); fbq('track', 'Lead', {value: 5, currency: 'USD'})</script>"
    >>> made = export("gtm", code, pages=["/thanks.html"], value_cents=1999)
    >>> import json
    >>> [tag["name"] for tag in json.loads(made.content)["containerVersion"]["tag"]]
    ['Pixel 434566956589050']

    Args:
        format_name: `adobe`, `bundle`, `gtm`, `html`, `matomo` or `zaraz`.
        code: as for `inject_page`, which has the same words for what it is worth and may do.
        pages: the paths of the pages on which it fires, or rules (`snippetkit.containers.PageRule`).
        on_event: the custom event on which it fires instead.
        value_cents: what a conversion is worth, in the currency's minor unit; None for the code's.
        amount: the same in its major unit instead, as text or a `Decimal`: `19.99`.
        currency: the value's; None for the code's.
        event: which event the value is for, where several have one.
        name: what a tag is called, in front of its pixel.
        variant: what fires: the `script`, the `image`, or `both`.
        consent: what a tag waits for: `ads`, the visitor's consent, or `none`.
        tags_as: which types of tags fire the script, where the tag manager has some for platforms: `html` is Custom
            HTML, `native` the platform's own, and `auto` the platform's own where that carries all that the code says.
        force: replace a value that is made while the page is shown.
        allow: what else the code may do.
        allow_hosts: other hosts than the vendor's that it may reach.

    Raises:
        SnippetError: the code is refused, or the format cannot hold it.
        SettingError: an argument cannot be used.
    """
    one_of("format_name", exports.names(), format_name)
    check(name=name)
    written_as = _written_as(format_name, tags_as)
    wish = _wish(worth(value_cents, amount, currency), event, force, allow, allow_hosts)
    rules, fires_on = firing(pages, on_event)
    tags = [
        ContainerTag(
            f"{name} {' + '.join(snippet.pixel_id for snippet in group)}",
            group,
            word("variant", TagVariant, variant),
            rules,
            event=fires_on,
            consent=word("consent", Consent, consent),
        )
        for group in together([accept(one, wish) for one in each_code(code)])
    ]
    return exports.find_format(format_name).export(tags, ExportOptions(tags_as=written_as))


def _written_as(format_name: str, tags_as: TagsAs | str) -> TagsAs:
    """Which types of tags fire scripts; a tag manager that has none for platforms takes no choice."""
    chosen = word("tags_as", TagsAs, tags_as)
    if chosen is not TagsAs.AUTO and not exports.find_format(format_name).HAS_NATIVE:
        raise SettingError(
            f"tags_as cannot be used with {format_name}, which has no types of tags for platforms", hint="leave it out"
        )
    return chosen


def _wish(value: Value, event: str | None, force: bool, allow: Iterable[str], allow_hosts: Iterable[str]) -> Wish:
    check(event=event, force=force)
    asked, hosts = each("allow", allow), each("allow_hosts", allow_hosts)
    return Wish(value._replace(force=force), event, frozenset(asked), frozenset(hosts))


def _decoded(name: str, text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        files.check_is_text(name, text)
    except FileError as error:
        raise SettingError(str(error), hint="decode it, and pass the text") from None
    return text.decode("utf-8", "surrogateescape")
