"""What code of some platforms may name, set, call and reach: put together from what their dialects say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from snippetkit import platforms
from snippetkit.platforms import Dialect, Platform
from snippetkit.records import dataclass
from snippetkit.snippets import Document

_SETTINGS = frozenset({"currency", "pixel_id", "value"})


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The names of some platforms' code.

    `trusted` are the identifiers and members that it uses, `methods` the paths of what is called of an object,
    `reporting` the globals that are called or pushed onto, `settings` the members that are set. `is_global` matches one
    of the globals that the code shares with its loader; `queue` finds one of these, or a stub's queue. `hooks` are
    the members by which loaders take over what stubs are called with, `of_stubs` these and the stubs' queues.
    `is_loader` matches a loader's URL, `is_image` the beginning of an image's; `hosts` are all that may be reached.
    `tells` and `is_setting` match the source of what is called and set to report, `tells_path` and `is_setting_path`
    its path. `setting_paths` are those of the objects that settings are in.
    """

    dialects: tuple[Dialect, ...]
    hosts: frozenset[str]
    trusted: frozenset[str]
    methods: frozenset[bytes]
    reporting: frozenset[str]
    settings: frozenset[str]
    is_global: re.Pattern[str]
    queue: re.Pattern[str]
    hooks: frozenset[str]
    of_stubs: frozenset[str]
    is_loader: re.Pattern[str]
    is_image: re.Pattern[str]
    tells: re.Pattern[str]
    tells_path: re.Pattern[bytes]
    is_setting: re.Pattern[str]
    is_setting_path: re.Pattern[bytes]
    setting_paths: frozenset[bytes]

    def told(self, what: Callable[[Dialect], Iterable[str]]) -> frozenset[str]:
        """Return what is said of any of the dialects."""
        return frozenset(one for dialect in self.dialects for one in what(dialect))


def of_document(document: Document) -> Vocabulary:
    """Return the vocabulary of the platforms whose code a text holds; of all of them where it holds none."""
    named = {platforms.dialect_named(code.report.dialect).platform for code in (*document.codes, *document.bases)}
    return _of(tuple(platform for platform in platforms.every_platform() if platform in named or not named))


def of_all() -> Vocabulary:
    """Return the vocabulary of all platforms."""
    return _of(platforms.every_platform())


@cache
def _of(chosen: tuple[Platform, ...]) -> Vocabulary:
    dialects = tuple(dialect for platform in chosen for dialect in platforms.dialects_of(platform))
    functions = {name for dialect in dialects for name in dialect.functions}
    queues = {name for dialect in dialects for name in dialect.queues}
    globals_ = {name for dialect in dialects for name in dialect.globals}
    paths = {path for dialect in dialects for path in dialect.settings}
    names = {name for dialect in dialects for name in (*dialect.trusted_names, *dialect.click_functions)}
    hooks = {dialect.takes_over for dialect in dialects if dialect.takes_over} - globals_
    waiting = {dialect.waits_in for dialect in dialects}
    objects = [dialect for dialect in dialects if dialect.by_methods]
    methods = {f"{name}.{verb}".encode() for one in objects for name in one.functions for verb in one.calls.verbs}
    told = [*_any(functions - {name for one in objects for name in one.functions})]
    told += [rf"{re.escape(name)}\.\w+" for one in objects for name in one.functions]
    setting = "|".join((*_any(paths), *(rf"{name}\[(?:'\w+'|\"\w+\")\]" for name in _any(paths & globals_))))
    return Vocabulary(
        dialects,
        hosts=frozenset[str]().union(*(platform.hosts for platform in chosen)),
        trusted=frozenset(names | globals_),
        methods=frozenset(methods),
        reporting=frozenset(functions | queues),
        settings=_SETTINGS | {path.rpartition(".")[2] for path in paths - globals_},
        is_global=_one_of(_any(globals_)),
        queue=re.compile(rf"\b(?:{'|'.join(_any(globals_ | waiting))})\b"),
        hooks=frozenset(hooks),
        of_stubs=frozenset(hooks | waiting),
        is_loader=_one_of(f"(?i:https?:)?{loader.url}" for platform in chosen for loader in platform.loaders),
        is_image=_one_of((platforms.url_pattern(one) for one in chosen if one.images), re.IGNORECASE),
        tells=re.compile(rf"(?:window\.)?(?:{_none_or(told)})|.{{0,99}}\.push", re.DOTALL),
        tells_path=re.compile(rf"{_none_or(told)}|(?:.*\.)?push".encode(), re.DOTALL),
        is_setting=re.compile(rf"(?:window\.)?(?:{setting or _NOTHING})"),
        is_setting_path=re.compile(_none_or(_any(paths)).encode()),
        setting_paths=frozenset(around.encode() for path in paths for around in _around(path)),
    )


def _around(path: str) -> Iterator[str]:
    """The paths of the objects that a setting is in, apart from the global itself."""
    parts = path.split(".")[:-1]
    yield from (".".join(parts[:length]) for length in range(2, len(parts) + 1))


_NOTHING = r"(?!)"


def _any(names: Iterable[str]) -> list[str]:
    return [re.escape(name) for name in sorted(names)]


def _none_or(patterns: Iterable[str]) -> str:
    return "|".join(patterns) or _NOTHING


def _one_of(patterns: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    return re.compile(_none_or(patterns), flags)
