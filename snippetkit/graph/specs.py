"""Which pixels an ad tracks and which it optimises for: `tracking_specs` and `conversion_specs`.

The form is the reference's ("Conversion pixels", "Pixel Tracking"): a list of objects with an `action.type` and a
pixel. Nothing here asks the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from snippetkit.errors import SettingError
from snippetkit.graph import loose_json
from snippetkit.model import AdPixels
from snippetkit.patterns import later

PIXEL_KEY = "offsite_pixel"
"""The key under which the reference names a conversion pixel; a Meta Pixel's is `fb_pixel`."""

_ACTION_KEY = "action.type"
_ACTION = "offsite_conversion"
_ROLES = ("tracking_specs", "conversion_specs")
_ID = later(r"[0-9]{1,20}")


def choose_pixels(track: Iterable[str], optimize: Iterable[str]) -> AdPixels:
    """Return what an ad has to name, each pixel once and in order.

    A pixel that is optimised for is tracked anyway, and is left out of what is tracked (reference, "Pixel Tracking").

    Args:
        track: ids of pixels to track, digits.
        optimize: ids of pixels to optimise for, digits.
    """
    conversion = tuple(dict.fromkeys(optimize))
    return AdPixels(tuple(pixel for pixel in dict.fromkeys(track) if pixel not in conversion), conversion)


def write_specs(pixels: AdPixels, key: str = PIXEL_KEY) -> dict[str, list[dict[str, str]]]:
    """Return `tracking_specs` and `conversion_specs`, ready for `json.dumps`.

    The ids are strings, though the reference shows bare numbers: an id may have 17 digits, and a reader that takes
    JSON's numbers as doubles, as JavaScript does, changes what is beyond 2**53. The API names ids as strings in its
    own answers; published clients send both.

    Args:
        pixels: the ids.
        key: the member that names the pixel, `offsite_pixel` or `fb_pixel`.
    """
    ids = zip(_ROLES, (pixels.tracking, pixels.conversion), strict=True)
    return {role: [{_ACTION_KEY: _ACTION, key: pixel} for pixel in chosen] for role, chosen in ids}


def read_specs(text: str, source: str, key: str = PIXEL_KEY) -> AdPixels:
    """Return the pixels that specs name, as they stand there: `choose_pixels` applies the rule.

    Args:
        text: loose JSON (`loose_json`): a spec or a list of them, which are tracked, or an object that has
            `tracking_specs`, `conversion_specs` or both, each a spec or a list. A spec's members are one value or a
            list of values; an id is a whole number or a string of digits.
        source: what errors call the text.
        key: the member that names the pixel. Another one is refused, because the ids of conversion pixels and of
            Meta Pixels are not the same.

    Raises:
        SettingError: the text cannot be read, or holds anything but specs of pixels.
    """
    document = loose_json.read(text, source)
    by_role = document if isinstance(document, dict) and document.keys() & set(_ROLES) else {_ROLES[0]: document}
    if extra := by_role.keys() - set(_ROLES):
        raise SettingError(f"{source}: {min(extra)!r} beside the specs", hint=f"give {' and '.join(_ROLES)} only")
    return AdPixels(*(tuple(_pixels(by_role.get(role, []), f"{source}: {role}", key)) for role in _ROLES))


def is_id(value: object) -> bool:
    """Whether a value is an id as the API writes them: a string of digits."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _pixels(specs: object, source: str, key: str) -> Iterator[str]:
    for number, spec in enumerate(_as_list(specs), 1):
        where = f"{source}: spec {number}"
        if not isinstance(spec, dict) or spec.keys() != {_ACTION_KEY, key}:
            members = ", ".join(map(repr, spec)) if isinstance(spec, dict) else "something else"
            raise SettingError(
                f"{where}: expected an object with {_ACTION_KEY!r} and {key!r}, found {members or 'an empty one'}",
                hint="specs of pixels only; --key says which kind of pixel",
            )
        if _as_list(spec[_ACTION_KEY]) != [_ACTION]:
            raise SettingError(f"{where}: the {_ACTION_KEY} is not {_ACTION!r}", hint="specs of pixels only")
        yield from (_pixel(value, where) for value in _as_list(spec[key]))


def _pixel(value: object, where: str) -> str:
    pixel = str(value) if isinstance(value, int) else value
    if not isinstance(pixel, str) or not is_id(pixel):
        raise SettingError(f"{where}: {str(value)[:40]!r} is not a pixel's id", hint="an id is a whole number")
    return pixel


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
