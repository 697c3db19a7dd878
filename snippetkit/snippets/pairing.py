"""Which images belong to which scripts, and which are codes of their own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

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
    outers: dict[int, set[int]] = defaultdict(set)  # where a script's images stand
    of_pixel: dict[str, dict[int, Image]] = defaultdict(dict)
    at: dict[int, dict[int, Image]] = defaultdict(dict)
    for number, image in ((number, image) for number, image in enumerate(images) if image.element.inside):
        of_pixel[text_of(image.read.report.pixel_id)][number] = image
        at[image.outer.start][number] = image
    starts: dict[str, list[int]] = defaultdict(list)
    for start, pixel_id in sorted({(_start(code), code.pixel_id) for code in codes}):
        starts[pixel_id].append(start)
    rules: tuple[tuple[Callable[[Code], dict[int, Image]], Callable[[Code, Image], bool]], ...] = (
        (lambda code: of_pixel.get(platforms.in_image(code.pixel_id), {}), _fits_event),
        (
            lambda code: of_pixel.get(platforms.in_image(code.pixel_id), {}),
            lambda code, image: _fits_pixel(code, image) and _in_front(starts[code.pixel_id], image) == _start(code),
        ),
        (
            lambda code: at.get(_behind(masked, code), {}),
            lambda code, image: outers[_start(code)] <= {image.outer.start} and not image.read.is_opaque,
        ),
    )
    for near, fits in rules:
        for code in (code for code in codes if not code.images):
            fitting = {number: image for number, image in near(code).items() if fits(code, image)}
            nearest = min(fitting.values(), key=lambda image: _distance(code, image), default=None)
            for number, image in fitting.items():
                if nearest and image.outer is nearest.outer:
                    code.images.append(image)
                    outers[_start(code)].add(image.outer.start)
                    del of_pixel[text_of(image.read.report.pixel_id)][number]
                    del at[image.outer.start][number]
    for code in codes:
        code.images.sort(key=_is_echo)
    images[:] = [
        image for number, image in enumerate(images) if not image.element.inside or number in at[image.outer.start]
    ]


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
