"""What the handlers of a page's elements report, when a visitor does something: `<button onclick="tell(..)">`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit import html, platforms, references, server_code
from snippetkit.javascript import Script, Setting
from snippetkit.platforms import Mentions, Report
from snippetkit.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Handled:
    """What a handler reports, in the text's own bytes, and the byte offset where it stops being JavaScript, or None."""

    element: html.Element
    reports: tuple[Report, ...]
    error: int | None


def find_handled(data: bytes, masked: bytes, elements: Sequence[html.Element], mentions: Mentions) -> Iterator[Handled]:
    """Yield what handlers report: those that report something, or have such code and are not JavaScript.

    Args:
        data: the text.
        masked: the text with identifiers in the place of server code.
        elements: its elements; most texts have all of their code in these.
        mentions: where it names the dialects' globals.
    """
    named = (at for gap in html.gaps(elements, len(masked)) for at in mentions.names(*gap))
    is_there = any(html.may_be_handled(masked, at) for at in named)
    for handler in html.find_handlers(masked) if is_there else ():
        start, end = handler.attribute.start, handler.attribute.start + len(handler.attribute.value)
        if told := platforms.global_names().search(masked, start, end):
            name = told[0].decode()
            yield _handled(data, server_code.mask_values(masked, [(start, end)], []), handler, end, name)


def _handled(data: bytes, masked: bytes, handler: html.Handler, end: int, told: str) -> Handled:
    start = handler.attribute.start
    code = _Code(data, masked, start, end)
    script = Script(code.texts[0], code.texts[1], 0, len(code.texts[0]), is_body=True, reporting=platforms.reporting())
    reports = sorted(platforms.reports_in(script), key=lambda report: report.start)
    placed = [code.placed(report, handler.action) for report in reports]
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
