"""One folder per ad platform: its facts as data, and one module for each dialect of its page code.

`Dialect` says what a dialect's module has; the other rooms derive from that what they know of platforms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door
from snippetkit.key import Ids
from snippetkit.needles import GROUP, Needles
from snippetkit.platforms.needles import (
    find_images,
    global_names,
    image_in_string,
    make_needles,
    mention,
    mention_in_string,
    needles,
)

if TYPE_CHECKING:
    from snippetkit.platforms.adding import Adding
    from snippetkit.platforms.call_reader import CallReader
    from snippetkit.platforms.calls import EMPTY_LIST, OBJECT, AnswerCheck, Calls, verb_of_object
    from snippetkit.platforms.deeds import Deed, conversion, find_deeds
    from snippetkit.platforms.dialect import Dialect
    from snippetkit.platforms.endpoint import ANY_HOST, Endpoint
    from snippetkit.platforms.events import EventIds, Events
    from snippetkit.platforms.finding import answering, dialect_named, every, every_platform, exponents
    from snippetkit.platforms.images import no_reports, read_image, read_request, reader, url_pattern
    from snippetkit.platforms.listing import choose, outlines
    from snippetkit.platforms.lone import Lone
    from snippetkit.platforms.native import ListParameter, NativeTag
    from snippetkit.platforms.outline import Outline
    from snippetkit.platforms.parts import Parts
    from snippetkit.platforms.places import Lines, Vain, at
    from snippetkit.platforms.platform import Loader, Platform
    from snippetkit.platforms.reports import Ignored, ImageReport, Report, in_major, with_currency
    from snippetkit.platforms.settings import SettingReader
    from snippetkit.platforms.standing import Mentions, dialects_in, names_image, reports_in
    from snippetkit.platforms.told import Told
    from snippetkit.platforms.vocabulary import (
        dialects_of,
        event_key,
        events_of,
        ids_of,
        in_image,
        in_order,
        is_id,
        is_of_any,
        may_be,
        native_tag,
        native_tags,
        of_global,
        reporting,
    )

__all__ = [
    "ANY_HOST",
    "EMPTY_LIST",
    "GROUP",
    "OBJECT",
    "Adding",
    "AnswerCheck",
    "CallReader",
    "Calls",
    "Deed",
    "Dialect",
    "Endpoint",
    "EventIds",
    "Events",
    "Ids",
    "Ignored",
    "ImageReport",
    "Lines",
    "ListParameter",
    "Loader",
    "Lone",
    "Mentions",
    "NativeTag",
    "Needles",
    "Outline",
    "Parts",
    "Platform",
    "Report",
    "SettingReader",
    "Told",
    "Vain",
    "answering",
    "at",
    "choose",
    "conversion",
    "dialect_named",
    "dialects_in",
    "dialects_of",
    "event_key",
    "events_of",
    "every",
    "every_platform",
    "exponents",
    "find_deeds",
    "find_images",
    "global_names",
    "ids_of",
    "image_in_string",
    "in_image",
    "in_major",
    "in_order",
    "is_id",
    "is_of_any",
    "make_needles",
    "may_be",
    "mention",
    "mention_in_string",
    "names_image",
    "native_tag",
    "native_tags",
    "needles",
    "no_reports",
    "of_global",
    "outlines",
    "read_image",
    "read_request",
    "reader",
    "reporting",
    "reports_in",
    "url_pattern",
    "verb_of_object",
    "with_currency",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "adding": "Adding",
            "call_reader": "CallReader",
            "calls": "EMPTY_LIST OBJECT AnswerCheck Calls verb_of_object",
            "deeds": "Deed conversion find_deeds",
            "dialect": "Dialect",
            "endpoint": "ANY_HOST Endpoint",
            "events": "EventIds Events",
            "finding": "answering dialect_named every every_platform exponents",
            "images": "no_reports read_image read_request reader url_pattern",
            "outline": "Outline",
            "listing": "choose outlines",
            "lone": "Lone",
            "native": "ListParameter NativeTag",
            "parts": "Parts",
            "places": "Lines Vain at",
            "platform": "Loader Platform",
            "reports": "Ignored ImageReport Report in_major with_currency",
            "settings": "SettingReader",
            "standing": "Mentions dialects_in names_image reports_in",
            "told": "Told",
            "vocabulary": "dialects_of event_key events_of ids_of in_image in_order is_id is_of_any may_be native_tag "
            "native_tags of_global reporting",
        },
    )
