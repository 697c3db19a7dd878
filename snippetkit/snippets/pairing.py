"""Which images belong to which scripts, and which are codes of their own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from snippetkit import platforms
from snippetkit.patterns import later
from snippetkit.snippets.codes import Code, Image, text_of

_BETWEEN = later(
    rb"(?:[\t\n\f\r ]|<!--(?![\t\n\f\r ]*snippetkit:)(?>.*?-->)|</head[\t\n\f\r ]*>|<body(?=[\t\n\f\r >])[^>]*>)*",
    re.DOTALL | re.IGNORECASE,
)
"""What may be between the halves of code; a region's marker separates what is inside from what is outside."""


def pair(masked: bytes, codes: Sequence[Code], images: list[Image]) -> None:
    """Give each code its images, taken off the list: of its pixel and event, of its pixel, or right behind it.

    One of its pixel and of another event goes to the script that stands last in front of it.

    An image outside any noscript is half of no code: it reports by itself, even beside a script. Nor is an image of
    another pixel half of a script that has its own image elsewhere.
    """
    left, starts = _Left(images), defaultdict[str, list[int]](list)
    for start, pixel_id in sorted({(_start(code), code.pixel_id) for code in codes}):
        starts[pixel_id].append(start)

    def is_last_in_front(code: Code, image: Image) -> bool:
        return _fits_pixel(code, image) and _in_front(starts[code.pixel_id], image) == _start(code)

    rules = (left.of_pixel, _fits_event), (left.of_pixel, is_last_in_front), (partial(left.behind, masked), left.may_be)
    for near, fits in rules:
        for code in (code for code in codes if not code.images):
            left.give(code, {number: image for number, image in near(code).items() if fits(code, image)})
    for code in codes:
        code.images.sort(key=_is_echo)
    images[:] = [image for number, image in enumerate(images) if left.has(number, image)]


class _Left:
    """The images in noscripts that no code has got yet, by their numbers in the text."""

    def __init__(self, images: Sequence[Image]) -> None:
        self._of_pixel: dict[str, dict[int, Image]] = defaultdict(dict)
        self._at: dict[int, dict[int, Image]] = defaultdict(dict)
        self._outers: dict[int, set[int]] = defaultdict(set)  # where a script's images stand
        for number, image in ((number, image) for number, image in enumerate(images) if image.element.inside):
            self._of_pixel[text_of(image.read.report.pixel_id)][number] = image
            self._at[image.outer.start][number] = image

    def of_pixel(self, code: Code) -> dict[int, Image]:
        return self._of_pixel.get(platforms.in_image(code.pixel_id), {})

    def behind(self, masked: bytes, code: Code) -> dict[int, Image]:
        return self._at.get(_behind(masked, code), {})

    def may_be(self, code: Code, image: Image) -> bool:
        """Whether an image right behind a script may be its own: it has none elsewhere, and the image can be read."""
        return self._outers[_start(code)] <= {image.outer.start} and not image.read.is_opaque

    def has(self, number: int, image: Image) -> bool:
        return not image.element.inside or number in self._at[image.outer.start]

    def give(self, code: Code, fitting: Mapping[int, Image]) -> None:
        """Give a code those of the fitting images that stand in the nearest noscript."""
        nearest = min(fitting.values(), key=lambda image: _distance(code, image), default=None)
        for number, image in fitting.items():
            if nearest and image.outer is nearest.outer:
                code.images.append(image)
                self._outers[_start(code)].add(image.outer.start)
                del self._of_pixel[text_of(image.read.report.pixel_id)][number]
                del self._at[image.outer.start][number]


def of_images(images: Iterable[Image]) -> Iterator[Code]:
    """Yield the codes of images that are half of none: each is one of its own, but for the echo of another."""
    first: dict[tuple[int, str], Code] = {}
    for image in sorted(images, key=_is_echo):
        code = Code(image.read.report, text_of(image.read.report.pixel_id), None, [image])
        before = first.setdefault((image.noscript.start if image.noscript else -1, code.pixel_id), code)
        if not (image.read.is_echo and before is not code):
            yield code
        elif image.noscript:
            before.images.append(image)


def _is_echo(image: Image) -> bool:
    return image.read.is_echo


def _fits_event(code: Code, image: Image) -> bool:
    dialect, event = platforms.dialect_named(code.report.dialect), text_of(image.read.report.event)
    keys = {platforms.event_key(dialect.name, one) for one in (code.event, event)}
    return _fits_pixel(code, image) and (not dialect.has_events or len(keys) == 1)


def _fits_pixel(code: Code, image: Image) -> bool:
    return bool(code.pixel_id) and platforms.in_image(code.pixel_id) == text_of(image.read.report.pixel_id)


def _start(code: Code) -> int:
    return code.script.start if code.script else 0


def _behind(masked: bytes, code: Code) -> int:
    gap = _BETWEEN.match(masked, code.script.end) if code.script else None
    return gap.end() if gap else -1


def _in_front(starts: Sequence[int], image: Image) -> int:
    """The start of the pixel's last script in front of an image, or else of the first behind it."""
    return starts[max(bisect_right(starts, image.outer.start) - 1, 0)]


def _distance(code: Code, image: Image) -> tuple[bool, int]:
    gap = image.outer.start - _start(code)
    return gap < 0, abs(gap)
