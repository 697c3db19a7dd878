"""What the handlers of a page's elements report, when a visitor does something: `<button onclick="tell(..)">`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from snippetkit import html, platforms, references, server_code
from snippetkit.javascript import Script, Setting
from snippetkit.platforms import Report

# What a text with such a handler holds, which is faster to look for than to read its tags.
_SIGN = rb"""[\t\n\f\r\ /"'](?:on|@|v-on:|x-on:|hx-on:|ng-|\(|href|action|formaction)[a-z:.()|-]{0,60}[\t\n\f\r\ ]{0,9}=
        [\t\n\f\r\ ]{0,9}(?:"[^"]{0,9999}?|'[^']{0,9999}?|[^\t\n\f\r "'>]{0,99}?)"""


@dataclass(frozen=True, slots=True)
class Handled:
    """What a handler reports, in the text's own bytes, and the byte offset where it stops being JavaScript, or None."""

    element: html.Element
    reports: tuple[Report, ...]
    error: int | None


def find_handled(data: bytes, masked: bytes, elements: Sequence[html.Element]) -> Iterator[Handled]:
    """Yield what handlers report: those that report something, or have such code and are not JavaScript.

    Args:
        data: the text.
        masked: the text with identifiers in the place of server code.
        elements: its elements; most texts have all of their code in these.
    """
    is_there = any(_is_outside(masked, name, elements) for name in _names()) and _sign().search(masked)
    for handler in html.find_handlers(masked) if is_there else ():
        start, end = handler.attribute.start, handler.attribute.start + len(handler.attribute.value)
        if told := platforms.global_names().search(masked, start, end):
            name = told[0].decode()
            yield _handled(data, server_code.mask_values(masked, [(start, end)], []), handler, end, name)


@cache
def _names() -> tuple[bytes, ...]:
    return tuple({name.encode() for dialect in platforms.every() for name in dialect.names})


@cache
def _sign() -> re.Pattern[bytes]:
    return re.compile(rb"%b(?:%b)" % (_SIGN, b"|".join(map(re.escape, _names()))), re.IGNORECASE | re.VERBOSE)


def _is_outside(masked: bytes, text: bytes, elements: Sequence[html.Element]) -> bool:
    """Whether a text occurs anywhere outside the elements."""
    at = masked.find(text)
    for element in elements:
        if at < element.inner_start:
            break
        if at < element.inner_end:
            at = masked.find(text, element.inner_end)
    return at >= 0


def _handled(data: bytes, masked: bytes, handler: html.Handler, end: int, told: str) -> Handled:
    start = handler.attribute.start
    code = _Code(data, masked, start, end)
    script = Script(code.texts[0], code.texts[1], 0, len(code.texts[0]), is_body=True, reporting=platforms.reporting())
    reports = (report for dialect in platforms.every() for report in dialect.find_reports(script))
    placed = [code.placed(report, handler.action) for report in sorted(reports, key=lambda report: report.start)]
    is_certain = handler.is_plain and data[start:end] == masked[start:end]
    error = code.place(script.error) if is_certain and script.error is not None else None
    if error is not None and not placed:
        placed = [Report(platforms.of_global(told).name, start, action=handler.action)]
    return Handled(html.Element(handler.name, handler.start, start, end, handler.end, {}), tuple(placed), error)


class _Code(references.Decoded):
    """The text of an attribute as the browser reads it: where a handler's code says something, and on what."""

    def __init__(self, data: bytes, masked: bytes, start: int, end: int) -> None:
        said = references.escapes_in(masked, start, end, references.REFERENCE, references.decode_text)
        super().__init__((data, masked), start, end, said)

    def placed(self, report: Report, action: str) -> Report:
        """Return a report of the code with its places in the text, made on an action."""
        pixel_id, event, value, currency = map(
            self._setting, (report.pixel_id, report.event, report.value, report.currency)
        )
        start = self.place(report.start)
        ignored = tuple(replace(one, setting=self._moved(one.setting)) for one in report.ignored)
        moved = replace(report, start=start, pixel_id=pixel_id, event=event, value=value, currency=currency)
        return replace(moved, action=action, ignored=ignored)

    def _setting(self, setting: Setting | None) -> Setting | None:
        return setting and self._moved(setting)

    def _moved(self, setting: Setting) -> Setting:
        return replace(setting, start=self.place(setting.start), end=self.place(setting.end))
