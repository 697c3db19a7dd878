"""What code of some platforms may name, set, call and reach: put together from what their dialects say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from functools import cache, cached_property

from snippetkit import platforms
from snippetkit.platforms import Dialect, Platform
from snippetkit.snippets import Document

_SETTINGS = frozenset({"currency", "pixel_id", "value"})


class Vocabulary:
    """The names of some platforms' code; each pattern is made when it is first asked for."""

    def __init__(self, chosen: tuple[Platform, ...]) -> None:
        self._platforms = chosen
        self.dialects = tuple(dialect for platform in chosen for dialect in platforms.dialects_of(platform))
        self._globals = self.told(lambda dialect: dialect.globals)
        self._functions = self.told(lambda dialect: dialect.functions)
        self._paths = self.told(lambda dialect: dialect.settings)
        self._objects = [dialect for dialect in self.dialects if dialect.by_methods]

    def told(self, what: Callable[[Dialect], Iterable[str]]) -> frozenset[str]:
        """Return what is said of any of the dialects."""
        return frozenset(one for dialect in self.dialects for one in what(dialect))

    def with_hosts(self, hosts: Set[str]) -> Vocabulary:
        """Return the same where these hosts may be reached, too."""
        if hosts <= self.hosts:
            return self
        other = Vocabulary(self._platforms)
        other.hosts = self.hosts | hosts
        return other

    @cached_property
    def hosts(self) -> frozenset[str]:
        """All hosts that may be reached."""
        return frozenset[str]().union(*(platform.hosts for platform in self._platforms))

    @cached_property
    def trusted(self) -> frozenset[str]:
        """The identifiers and the members that the code uses."""
        return self._globals | self.told(lambda dialect: (*dialect.trusted_names, *dialect.click_functions))

    @cached_property
    def methods(self) -> frozenset[bytes]:
        """The paths of what is called of an object."""
        paths = (f"{name}.{verb}" for one in self._objects for name in one.functions for verb in one.calls.verbs)
        return frozenset(path.encode() for path in paths)

    @cached_property
    def reporting(self) -> frozenset[str]:
        """The globals that are called or pushed onto."""
        return self._functions | self.told(lambda dialect: dialect.queues)

    @cached_property
    def settings(self) -> frozenset[str]:
        """The members that are set."""
        return _SETTINGS | {path.rpartition(".")[2] for path in self._paths - self._globals}

    @cached_property
    def setting_paths(self) -> frozenset[bytes]:
        """The paths of the objects that settings are in."""
        return frozenset(around.encode() for path in self._paths for around in _around(path))

    @cached_property
    def hooks(self) -> frozenset[str]:
        """The members by which loaders take over what stubs are called with."""
        return self.told(lambda dialect: (dialect.takes_over,)) - self._globals - {""}

    @cached_property
    def of_stubs(self) -> frozenset[str]:
        """The hooks, and the stubs' queues."""
        return self.hooks | self._waiting

    @cached_property
    def is_global(self) -> re.Pattern[str]:
        """Matches one of the globals that the code shares with its loader."""
        return _one_of(_any(self._globals))

    @cached_property
    def queue(self) -> re.Pattern[str]:
        """Finds one of these globals, or a stub's queue."""
        return re.compile(rf"\b(?:{'|'.join(_any(self._globals | self._waiting))})\b")

    @cached_property
    def is_loader(self) -> re.Pattern[str]:
        """Matches a loader's URL."""
        loaders = (loader for platform in self._platforms for loader in platform.loaders)
        return _one_of(f"(?i:https?:)?{loader.url}" for loader in loaders)

    @cached_property
    def is_image(self) -> re.Pattern[str]:
        """Matches the beginning of an image's URL."""
        return _one_of((platforms.url_pattern(one) for one in self._platforms if one.images), re.IGNORECASE)

    @cached_property
    def tells(self) -> re.Pattern[str]:
        """Matches the source of what is called to report."""
        return re.compile(rf"(?:window\.)?(?:{self._calls})|.{{0,99}}\.push", re.DOTALL)

    @cached_property
    def tells_path(self) -> re.Pattern[bytes]:
        """Matches the path of what is called to report."""
        return re.compile(rf"{self._calls}|(?:.*\.)?push".encode(), re.DOTALL)

    @cached_property
    def is_setting(self) -> re.Pattern[str]:
        """Matches the source of what is set to report."""
        members = (rf"{name}\[(?:'\w+'|\"\w+\")\]" for name in _any(self._paths & self._globals))
        return re.compile(rf"(?:window\.)?(?:{_none_or((*_any(self._paths), *members))})")

    @cached_property
    def is_setting_path(self) -> re.Pattern[bytes]:
        """Matches the path of what is set to report."""
        return re.compile(_none_or(_any(self._paths)).encode())

    @cached_property
    def _waiting(self) -> frozenset[str]:
        return self.told(lambda dialect: (dialect.waits_in,))

    @cached_property
    def _calls(self) -> str:
        methods = [name for one in self._objects for name in one.functions]
        return _none_or([*_any(self._functions.difference(methods)), *(rf"{re.escape(one)}\.\w+" for one in methods)])


def of_document(document: Document) -> Vocabulary:
    """Return the vocabulary of the platforms whose code a text holds; of all of them where it holds none."""
    named = {platforms.dialect_named(code.report.dialect).platform for code in (*document.codes, *document.bases)}
    return _of(platforms.in_order(named, (one.name for one in named))) if named else of_all()


def of_all() -> Vocabulary:
    """Return the vocabulary of all platforms."""
    return _of(platforms.every_platform())


@cache
def _of(chosen: tuple[Platform, ...]) -> Vocabulary:
    return Vocabulary(chosen)


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
