"""What the code of platforms shares with their loaders, by name: for those that read scripts without knowing any."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from functools import cache

from snippetkit.javascript import Reporting
from snippetkit.key import JOIN, Ids
from snippetkit.needles import find_installed
from snippetkit.platforms.dialect import Dialect
from snippetkit.platforms.events import Events
from snippetkit.platforms.finding import dialect_named, every, every_platform
from snippetkit.platforms.listing import choose
from snippetkit.platforms.native import NativeTag
from snippetkit.platforms.platform import Platform


@cache
def reporting() -> Reporting:
    """Return the globals of all dialects by which scripts report."""
    if find_installed():
        return make_reporting()
    from snippetkit.platforms.shipped import REPORTING

    return REPORTING


def make_reporting() -> Reporting:
    """Return the same, made of all dialects."""
    functions = frozenset(name.encode() for dialect in every() for name in dialect.functions)
    queues = frozenset(name.encode() for dialect in every() for name in dialect.queues)
    objects = [(name, dialect) for dialect in every() if dialect.by_methods for name in dialect.functions]
    methods = frozenset(f"{name}.{verb}".encode() for name, dialect in objects for verb in dialect.calls.verbs)
    lists = frozenset(name.encode() for dialect in every() if dialect.by_push for name in dialect.functions)
    pushed = {b"%b.push" % name for name in lists}
    own = frozenset(f"{name}.{verb}".encode() for name, dialect in objects for verb in dialect.own_methods)
    return Reporting(functions, queues, frozenset(name.encode() for name, _ in objects), methods | pushed, own, lists)


def ids_of(dialect_name: str) -> Ids:
    """Return what the ids of a dialect's pixels look like."""
    return dialect_named(dialect_name).platform.ids


def events_of(dialect_name: str) -> Events:
    """Return which events a dialect has; without a list of its own, none is standard."""
    return dialect_named(dialect_name).events or Events(frozenset())


def event_key(dialect_name: str, event: str | None) -> str | None:
    """Return what is equal for all names of one event of a dialect."""
    return None if event is None else events_of(dialect_name).key(event)


def is_id(dialect_name: str, text: str) -> bool:
    """Return whether a text is the id of a pixel in a dialect, or its part behind the slash, with that slash."""
    ids = ids_of(dialect_name)
    part = ids.part.fullmatch(text.removeprefix(JOIN)) if ids.part and text.startswith(JOIN) else None
    return (ids.pattern.fullmatch(text) or part) is not None


def is_of_any(text: str) -> bool:
    """Return whether a text may be the id of a pixel of some platform."""
    return any(platform.ids.pattern.fullmatch(text) for platform in every_platform())


def may_be(dialect_name: str, pixel_ids: Iterable[str]) -> bool:
    """Return whether code of a dialect may be of these pixels; that of one which is not installed, of any."""
    known = choose(lambda one: one.name == dialect_name)
    return all(dialect.platform.ids.pattern.fullmatch(id_) for dialect in known for id_ in pixel_ids)


@cache
def in_image(pixel_id: str) -> str:
    """Return what an image tells of an id; some tell not all of it."""
    fitting = choose(lambda one: one.told_in_part != "" and re.fullmatch(one.told_in_part, pixel_id) is not None)
    untold = next((one.platform.ids.untold for one in fitting), None)
    return untold.sub("", pixel_id) if untold else pixel_id


def in_order(some: Container[Platform], names: Iterable[str]) -> tuple[Platform, ...]:
    """Return some platforms, of which these are the names, by the names of their dialects."""
    named = frozenset(names)
    dialects = choose(lambda one: one.platform in named)
    return tuple({id(one.platform): one.platform for one in dialects if one.platform in some}.values())


@cache
def dialects_of(platform: Platform) -> tuple[Dialect, ...]:
    """Return the dialects of a platform."""
    return tuple(one for one in choose(lambda one: one.platform == platform.name) if one.platform is platform)


@cache
def of_global(name: str) -> Dialect:
    """Return the dialect that people write today of the platform whose code has this global."""
    known = choose(lambda one: name in one.globals)
    platform = min(known, key=lambda dialect: dialect.sign is not None).platform
    return min(dialects_of(platform), key=lambda dialect: (dialect.retired is not None, not dialect.globals))


@cache
def native_tags() -> Mapping[str, tuple[tuple[Dialect, NativeTag], ...]]:
    """Return the dialects that Google Tag Manager has a type of tags for, by that type."""
    by_type = defaultdict[str, list[tuple[Dialect, NativeTag]]](list)
    for dialect in every():
        for native in dialect.native:
            by_type[native.type].append((dialect, native))
    return {type_: tuple(tags) for type_, tags in by_type.items()}


def native_tag(type_: str, texts: Mapping[str, str]) -> tuple[Dialect, NativeTag] | None:
    """Return the dialect that a tag of Google Tag Manager's reports for, and what kind of tag it is, None for another.

    Args:
        type_: the tag's type.
        texts: its parameters' texts, by their keys.
    """
    fitting = [
        (dialect, native)
        for dialect, native in native_tags().get(type_, ())
        if all(texts.get(key, "") == text for key, text in native.only.items())
    ]
    of_id = (each for each in fitting if re.match(each[1].fits, each[1].id_told(texts)))
    return next(of_id, fitting[-1] if fitting else None)  # a variable may tell any id
