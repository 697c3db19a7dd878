"""A text taken apart: its elements, what its scripts and images report, and which of them belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice

from snippetkit import dialects, html
from snippetkit.dialects import Report
from snippetkit.dialects._javascript import Script
from snippetkit.dialects.image import ImageReport
from snippetkit.dialects.image import read as read_image

TRACE = re.compile(rb"fb_param|_fbq|_fbds|(?<![\w$])fbq(?![\w$])|facebook\.com/tr/?\?|offsite_event\.php")
"""What a text holds if it holds conversion code."""

TEXTS = (b"fb_param", b"_fbds", b"fbq", b"facebook.com/tr", b"offsite_event.php")
"""A text that holds none of these holds no code, which is found out much faster than by `TRACE`."""

_SERVER_OPENINGS = (b"<?", b"<%", b"{{", b"{%", b"{$")
SERVER_CODE = re.compile(
    rb"""<\?(?:php|=|[\t\n\r ]).*?(?:\?>|\Z) | <%.*?(?:%>|\Z) | \{\{[^{}<>]*+\}\} | \{%(?:[^{}<>%]|%(?!\}))*+%\}
       | \{\$[\w.$\[\]'":|>-]*+\}""",
    re.DOTALL | re.VERBOSE,
)
_NEWLINE = re.compile(rb"\r\n?|\n")
_BLOCK = 1024
_MOST_PIXELS = 20  # an event is of each pixel, and a page made to be slow names thousands
_CONTINUED = bytes(range(0x80, 0xC0))
_SCRIPT_TYPES = frozenset(
    "application/ecmascript application/javascript application/x-ecmascript application/x-javascript module "
    "text/ecmascript text/javascript text/jscript text/x-ecmascript text/x-javascript".split()
) | {""}
_COMMENTS = re.compile(rb"(?:[\t\n\f\r ]|<!--.*?-->)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the vendor's: its element, the noscript that it stands in, and what its URL reports."""

    element: html.Element
    noscript: html.Element | None
    url: html.Attribute
    read: ImageReport

    @property
    def has_lost_brackets(self) -> bool:
        """Whether the URL has `cd=` where `cd[value]=` and `cd[currency]=` were once."""
        return "cd" in self.read.names

    @property
    def outer(self) -> html.Element:
        """The noscript, or the image where it stands in none."""
        return self.noscript or self.element


@dataclass(frozen=True, slots=True)
class Code:
    """What belongs together: one report of a script, the script, and its images; or an image alone.

    `error` is the byte offset where the script stops to be JavaScript, or None.
    """

    report: Report
    pixel_id: str
    script: html.Element | None = None
    images: list[Image] = field(default_factory=list)
    error: int | None = None

    @property
    def event(self) -> str | None:
        """The name of the event that is reported."""
        return self.report.event.text if self.report.event else None


@dataclass(frozen=True)
class Document:
    """A text in bytes, and `masked`, where identifiers stand in the place of server code."""

    data: bytes
    masked: bytes
    elements: tuple[html.Element, ...]
    scripts: tuple[tuple[html.Element, Script], ...]
    codes: tuple[Code, ...]

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column, in characters, of a byte offset, each counted from 1."""
        line = bisect_right(self._lines, offset)
        start = self._lines[line - 1]
        return line, self._characters(offset) - self._characters(start) + 1

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in _NEWLINE.finditer(self.data))]

    @cached_property
    def _counts(self) -> list[int]:
        """How many characters there are in front of each block of bytes."""
        blocks = (self.data[start : start + _BLOCK] for start in range(0, len(self.data), _BLOCK))
        return [0, *accumulate(len(block.translate(None, _CONTINUED)) for block in blocks)]

    def _characters(self, offset: int) -> int:
        block = offset // _BLOCK
        return self._counts[block] + len(self.data[block * _BLOCK : offset].translate(None, _CONTINUED))


def parse(text: str) -> Document:
    """Take a text apart: a page, a part of one, or code that somebody sent.

    Code inside an HTML comment, a JavaScript string or a script of another type is not found. Nothing is raised.
    """
    data = text.encode("utf-8", "surrogatepass")
    if not any(text in data for text in TEXTS):
        return Document(data, data, (), (), ())
    masked = data
    if any(opening in data for opening in _SERVER_OPENINGS):
        masked = SERVER_CODE.sub(lambda match: b"_" * len(match[0]), data)
    elements = tuple(html.find_elements(masked))
    scripts = tuple(
        (element, Script(data, masked, element.inner_start, element.inner_end))
        for element in elements
        if _is_script(element) and TRACE.search(masked, element.inner_start, element.inner_end)
    )
    codes = [*_codes(scripts)]
    images = [*_images(data, masked, elements)]
    _pair(masked, codes, images)
    codes += [Code(image.read.report, _text(image.read.report.pixel_id), None, [image]) for image in images]
    codes.sort(key=lambda code: code.script.start if code.script else code.images[0].outer.start)
    return Document(data, masked, elements, scripts, tuple(codes))


def _is_script(element: html.Element) -> bool:
    kind = element.attributes["type"].value if "type" in element.attributes else b""
    is_javascript = kind.strip().lower().decode("latin-1") in _SCRIPT_TYPES
    is_run = is_javascript and "src" not in element.attributes
    return element.name == "script" and is_run and element.is_closed and not element.inside


def _codes(scripts: Sequence[tuple[html.Element, Script]]) -> Iterator[Code]:
    """The codes of all scripts; an event of fbq is of each pixel that was named until then (`init`)."""
    named: dict[str, Code] = {}
    for element, script in scripts:
        reports = sorted(
            (report for dialect in dialects.every() for report in dialect.find(script)), key=lambda found: found.start
        )
        for report in reports:
            code = Code(report, _text(report.pixel_id), element, error=script.error)
            if report.verb == "init":
                named[code.pixel_id] = code
            elif report.dialect == "fbq" and report.pixel_id is None:
                yield from [
                    Code(report, pixel_id, element, error=script.error)
                    for pixel_id in islice(named or [""], _MOST_PIXELS)
                ]
            else:
                yield code


def _images(data: bytes, masked: bytes, elements: Sequence[html.Element]) -> Iterator[Image]:
    noscript: html.Element | None = None
    for element in elements:
        if element.name == "noscript":
            noscript = element
        url = element.attributes.get("src") if element.name == "img" else None
        found = read_image(data, masked, url.start, url.start + len(url.value)) if url else None
        if url and found:
            yield Image(element, noscript if element.inside and noscript and noscript.is_closed else None, url, found)


def _pair(masked: bytes, codes: Sequence[Code], images: list[Image]) -> None:
    """Give each code its images, taken off the list: of its pixel and event, of its pixel, or right behind it."""
    of_pixel: dict[str, dict[int, Image]] = defaultdict(dict)
    at: dict[int, dict[int, Image]] = defaultdict(dict)
    for number, image in enumerate(images):
        of_pixel[_text(image.read.report.pixel_id)][number] = image
        at[image.outer.start][number] = image
    rules: tuple[tuple[Callable[[Code], dict[int, Image]], Callable[[Code, Image], bool]], ...] = (
        (lambda code: of_pixel.get(code.pixel_id, {}), _fits_event),
        (lambda code: of_pixel.get(code.pixel_id, {}), _fits_pixel),
        (lambda code: at.get(_behind(masked, code), {}), lambda code, image: True),
    )
    for near, fits in rules:
        for code in (code for code in codes if not code.images):
            found = {number: image for number, image in near(code).items() if fits(code, image)}
            nearest = min(found.values(), key=lambda image: _distance(code, image), default=None)
            for number, image in found.items():
                if nearest and image.outer is nearest.outer:
                    code.images.append(image)
                    del of_pixel[_text(image.read.report.pixel_id)][number]
                    del at[image.outer.start][number]
    images[:] = [image for number, image in enumerate(images) if number in at[image.outer.start]]


def _fits_event(code: Code, image: Image) -> bool:
    event = _text(image.read.report.event)
    return _fits_pixel(code, image) and (code.report.dialect != "fbq" or code.event == event)


def _fits_pixel(code: Code, image: Image) -> bool:
    return bool(code.pixel_id) and code.pixel_id == _text(image.read.report.pixel_id)


def _behind(masked: bytes, code: Code) -> int:
    gap = _COMMENTS.match(masked, code.script.end) if code.script else None
    return gap.end() if gap else -1


def _distance(code: Code, image: Image) -> tuple[bool, int]:
    gap = image.outer.start - (code.script.start if code.script else 0)
    return gap < 0, abs(gap)


def _text(setting: dialects.Setting | None) -> str:
    return setting.text if setting else ""
