"""Texts that are not markup: a script alone, and the URL of an image."""

from __future__ import annotations

from snippetkit import html, platforms, server_code
from snippetkit.javascript import Script
from snippetkit.platforms import Report
from snippetkit.records import replace
from snippetkit.snippets.codes import Code, Image, Named, find_bases, find_codes, text_of
from snippetkit.snippets.document import Document
from snippetkit.snippets.given import NOTHING, Others, names_of
from snippetkit.snippets.typed import without_types


def parse_script(
    text: str, *, is_typed: bool = False, is_jsx: bool = False, is_served: bool = False, others: Others = NOTHING
) -> Document:
    """Take apart a script that has no markup around it.

    Args:
        text: the script.
        is_typed: whether it is TypeScript; what is not JavaScript in it is passed over as far as possible.
        is_jsx: whether TypeScript may hold elements.
        is_served: whether a server, or another script, may put values into it.
        others: the base code of other files.
    """
    data = text.encode("utf-8", "surrogatepass")
    whole = (0, len(data))
    masked = server_code.mask_values(server_code.mask_page(data, is_script=True), [whole], []) if is_served else data
    masked = without_types(masked, is_jsx=is_jsx) if is_typed else masked
    script = Script(data, masked, *whole, reporting=platforms.reporting())
    element = html.Element("script", 0, 0, len(data), len(data), {})
    named: Named = {}
    given = tuple(others.given((), masked))
    found = find_codes(masked, ((element, script),), {}, named, names_of(given), lambda _: others.calls.get)
    codes = tuple(found) if platforms.mention().search(masked) else ()
    bases, naming = tuple(find_bases(codes, named)), tuple(named.values())
    return Document(data, masked, (), (), codes, (), bases, naming, program=script, others=others, given=given)


def parse_image(data: bytes, masked: bytes | None = None) -> Document | None:
    """Take apart a text that is the URL of an image of the vendor's; None where it is not.

    Args:
        data: the text.
        masked: the same with underscores in the place of what a server or a script writes, None where a server may.
    """
    masked = masked or server_code.mask_values(server_code.mask_page(data), [], [(0, len(data))])
    read = platforms.read_image(data, masked, 0, len(data))
    if read is None:
        return None
    url = html.Attribute(data, 0)
    element = html.Element("img", 0, 0, len(data), len(data), {"src": url, "alt": html.Attribute(b"", 0)})
    read = replace(read, report=_unescaped(read.report))
    pixel_id = read.report.pixel_id
    is_dynamic = pixel_id is not None and pixel_id.is_dynamic
    image = Image(element, None, url, read)
    code = Code(read.report, text_of(pixel_id), None, [image], has_dynamic_id=is_dynamic)
    return Document(data, masked, (), (), (code,))


def _unescaped(report: Report) -> Report:
    """What an image reports whose URL is not in an attribute: nothing that is added to it is escaped."""
    add_value, add_currency = (how.replace("&amp;", "&") for how in (report.add_value, report.add_currency))
    return replace(report, add_value=add_value, add_currency=add_currency)
