"""The name of a region on a page, parsed and printed only here."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

from snippetkit.errors import SnippetError
from snippetkit.patterns import later

_ID = r"(?:[A-Za-z0-9_.]|-(?=[A-Za-z0-9_.%])|%[0-9A-F]{2})+"

IDS_PATTERN = rf"{_ID}(?:\+{_ID})*"
"""The pixels' ids in a key: other characters of an id are percent-encoded, so that they end no comment."""

PATTERN = rf"[a-z][a-z0-9]*:{IDS_PATTERN}(?:/(?:[A-Za-z0-9_]|%[0-9A-F]{{2}})+)?"
"""A key as a regular expression, for texts that hold one."""

HINT = "a key is dialect:id; 'snippetkit status' shows it"

_KEY = later(PATTERN)
_JOINED = later(r"[\w.-]+(?:/[\w.+-]+)+")


JOIN = "/"
"""What stands between the parts of an id that is put together, as of an account and of one of its conversions."""


class Ids(NamedTuple):
    """What the ids of a platform's pixels look like.

    `pattern` matches one; `noun` is what it is called, such as `number`, and `hint` says where a person finds it.
    `part` matches what an event tells of an id that is put together, where what goes in front is named elsewhere;
    `untold` is what an image does not tell of an id.
    """

    pattern: re.Pattern[str]
    noun: str
    hint: str
    part: re.Pattern[str] | None = None
    untold: re.Pattern[str] | None = None


NUMBERS = Ids(later(r"[0-9]+"), "number", "'snippetkit pixels list' shows it")


class Key(str):
    """A region's name: `dialect:id`, or `dialect:id+id` where one script reports for several pixels.

    `dialect:id/event` is that of an event alone, whose base code is elsewhere on the page; what in an event's name
    is not an ASCII letter, digit or underscore is percent-encoded, so that it ends no comment.

    Raises:
        SnippetError: the text is not a key.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Key:
        """Return the text as a key."""
        if not _KEY.fullmatch(text):
            raise SnippetError(f"{text[:60]!r} is not a key", hint=HINT)
        return super().__new__(cls, text)

    @classmethod
    def of(cls, dialect: str, *pixel_ids: str, ids: Ids = NUMBERS) -> Key:
        """Return the key of code that reports for these pixels, at least one, whose platform has such ids.

        Raises:
            SnippetError: the code does not say which pixel, or says it with something other than an id.
        """
        for pixel_id in pixel_ids:
            if not pixel_id:
                hint = "a region is called after its pixel: send the part of the code that names it, too"
                raise SnippetError(f"the {dialect} code names no pixel", hint=hint)
            if not ids.pattern.fullmatch(pixel_id):
                hint = f"put the pixel's {ids.noun} there; {ids.hint}"
                raise SnippetError(
                    f"the {dialect} code has {pixel_id[:60]!r} where its pixel's {ids.noun} goes", hint=hint
                )
        return cls(f"{dialect}:{'+'.join(map(quoted, pixel_ids))}")

    def with_event(self, event: str) -> Key:
        """Return the key of an event alone, of the same pixels."""
        text = re.sub("[.~-]", lambda match: f"%{ord(match[0]):02X}", quote(event, safe="", errors="replace"))
        return Key(f"{self.partition('/')[0]}/{text}")

    def of_pixel(self, pixel_id: str) -> Key:
        """Return the same key for one of its pixels."""
        return Key(f"{self.dialect}:{quoted(pixel_id)}{self[len(self.partition('/')[0]) :]}")

    @property
    def event(self) -> str:
        """The event that the code reports alone; empty where it brings its base code."""
        return unquote(self.partition("/")[2])

    @property
    def dialect(self) -> str:
        """The dialect of the code."""
        return self.partition(":")[0]

    @property
    def pixel_ids(self) -> list[str]:
        """The pixels that the code reports for."""
        return [*_pixel_ids(self)]


def quoted(pixel_id: str) -> str:
    """Return an id as a key has it."""
    text = quote(pixel_id, safe="").replace("~", "%7E")
    return re.sub("-(?=-|$)", "%2D", text)


def name_of(dialect: str, *pixel_ids: str) -> str:
    """Return what messages and lists call code: like its key, though an id may be missing, or not be a number."""
    return f"{dialect}:{'+'.join(quoted(id_) if _JOINED.fullmatch(id_) else id_ for id_ in pixel_ids)}"


def joined_id(*parts: str) -> str:
    """Return the id that is put together of these parts."""
    return JOIN.join(parts)


@lru_cache(maxsize=1024)
def _pixel_ids(key: str) -> tuple[str, ...]:
    return tuple(map(unquote, key.partition("/")[0].partition(":")[2].split("+")))
