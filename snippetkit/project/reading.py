"""From a TOML text to a project, each key checked, with the line of what is wrong."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, get_args, get_origin

from snippetkit.errors import FileError, SettingError
from snippetkit.patterns import later
from snippetkit.project.lines import Path, find_lines, line_of
from snippetkit.project.schema import choices_of, hints_of, is_needed, members_of
from snippetkit.project.settings import Project, Sheet, Site
from snippetkit.project.syntax import not_toml

SECTION: Path = ("tool", "snippetkit")
"""Where the project stands in a pyproject.toml."""

_SECRET = later(r"(?:access|api)?[_-]?token|(?:app|client)?[_-]?secret|password", re.IGNORECASE)
# How the platform's access tokens begin.
_TOKEN = later(r"\bEAA[A-Za-z0-9]{16,}")
_REFUSED = "the access token does not belong in this file"
_INSTEAD = "set SNIPPETKIT_ACCESS_TOKEN, or name a file that is not checked in: token_file"
_WANTED: dict[Any, str] = {
    bool: "true or false",
    Decimal: "a number",
    dict: "a table",
    int: "a whole number",
    list: "a list in [ ]",
    str: "text in quotes",
}
_TOML = {
    bool: "true or false",
    int: "a whole number",
    Decimal: "a number with a fraction",
    str: "text",
    list: "a list",
    dict: "a table",
}
_LARGEST = 2**63 - 1  # TOML 1.0, integers
_UNITS = "a value is in minor units, 1999 for 19.99; in major ones write amount = 19.99"


@dataclass(frozen=True)
class ProjectFile:
    """A project, and the file that it was read from; `at` leads to it there."""

    name: str
    text: str = field(repr=False)
    project: Project
    at: Path = ()

    @cached_property
    def _lines(self) -> Mapping[Path, int]:
        return find_lines(self.text)

    def line(self, *path: str | int) -> int:
        """Return the line, from 1, of what keys and indexes lead to."""
        return line_of(self._lines, self.at + path)

    def where(self, *path: str | int) -> str:
        """Return where that is, for messages."""
        return f"{self.name}, line {self.line(*path)}"

    def path(self, text: str) -> str:
        """Return a path of the file, which counts from the file's folder, as seen from the current folder."""
        return os.path.normpath(os.path.join(os.path.dirname(self.name), text))  # noqa: PTH118, PTH120 (for patterns)

    def error(self, message: str, hint: str, *path: str | int) -> SettingError:
        """Return the error that says what is wrong with that, and what to do next."""
        return SettingError(f"{self.where(*path)}: {message}", hint=hint)

    @contextmanager
    def naming(self, *path: str | int) -> Iterator[None]:
        """Say in which line a file is named that cannot be read.

        Raises:
            FileError: it cannot be.
        """
        try:
            yield
        except FileError as error:
            raise FileError(f"{self.where(*path)}: {error}", hint=error.hint, path=error.path) from error

    def none_of(self, choices: Iterable[str], given: str, *path: str | int) -> SettingError:
        """Return the error for a text that is none of those that may stand there."""
        return self.error(*_none_of(choices, given, path), *path)


class _WrongError(Exception):
    def __init__(self, message: str, hint: str, path: Path) -> None:
        super().__init__(message)
        self.hint = hint
        self.path = path


def parse(text: str, name: str, at: Path = ()) -> ProjectFile | None:
    """Return the project in a text, None where it has none.

    Args:
        text: TOML.
        name: what messages call it.
        at: where in it the project is.

    Raises:
        SettingError: it is no TOML, or there is a key that a project does not have, or a value of another type, or an
            access token; with the line.
    """
    try:
        raw: Any = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise not_toml(text, name, error) from None
    for key in at:
        raw = raw.get(key) if isinstance(raw, dict) else None
    if raw is None:
        return None
    try:
        return _checked(ProjectFile(name, text, _read(Project, raw, ()), at))
    except _WrongError as problem:
        raise ProjectFile(name, text, Project(), at).error(str(problem), problem.hint, *problem.path) from None


def _checked(file: ProjectFile) -> ProjectFile:
    """The same project, whose sites are files and folders: `sync` holds them against each other and against exports."""
    for number, site in enumerate(file.project.sites):
        for path in (path for path in site.paths if "://" in path):
            hint = "name the folder that the site is made in, or give the URL to 'snippetkit inject --pages'"
            raise file.error(f"{path} is neither a file nor a folder", hint, "sites", number, "paths")
    for named, at in _files(file.project):
        if named and "://" in named:
            raise file.error(f"{at[-1]} is a URL, and names no file", "download it, and name the file", *at)
    return file


def _files(project: Project) -> Iterator[tuple[str | None, Path]]:
    """The files that a project reads, each with what leads to it."""
    for name, code in project.pixels.items():
        yield code.file, ("pixels", name, "file")
    yield project.code.file, ("code", "file")
    yield _file_of(project.sheet), ("sheet",)
    for number, site in enumerate(project.sites):
        yield _file_of(site.sheet), ("sites", number, "sheet")
    for number, export in enumerate(project.exports):
        yield _file_of(export.sheet), ("exports", number, "sheet")
        yield export.into, ("exports", number, "into")


def _file_of(sheet: str | Sheet | None) -> str | None:
    return sheet.file if isinstance(sheet, Sheet) else sheet


def _read(hint: Any, raw: Any, path: Path) -> Any:
    """What stands at a path, as the type that may stand there."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    several = members_of(hint)
    if len(several) > 1:
        return _any_of(several, raw, path)
    [one] = several
    if choices_of(one):
        return _choice(one, raw, path)
    if is_dataclass(one):
        return _table(one, raw, path)
    if get_origin(one) is tuple:
        return tuple(_read(get_args(one)[0], item, (*path, at)) for at, item in enumerate(_typed(list, raw, path)))
    if get_origin(one) is Mapping:
        if isinstance(raw, list):
            hint = f"write [{_joined(path)}.NAME] for each"
            raise _WrongError(f"{_name(path)} must be a table, not a list", hint, path)
        _check_names(_typed(dict, raw, path), path)
        return {name: _read(get_args(one)[1], value, (*path, name)) for name, value in raw.items()}
    return _typed(one, raw, path)


def _typed(kind: type, raw: Any, path: Path) -> Any:
    if isinstance(raw, int) and abs(raw) > _LARGEST:
        raise _WrongError(f"{_name(path)} has too many digits", "a whole number has 64 bits at most", path)
    if type(raw) is not kind:
        hint = _hint(kind, raw, path)
        raise _WrongError(f"{_name(path)} must be {_WANTED[kind]}, not {_shown(raw)}", hint, path)
    if isinstance(raw, str) and _TOKEN.search(raw):
        raise _WrongError(_REFUSED, _INSTEAD, path)
    return raw


def _hint(kind: type, raw: Any, path: Path) -> str:
    """What to write instead of a value of another type."""
    if kind is int and isinstance(raw, Decimal):
        return _UNITS
    if isinstance(raw, dict | list):
        return f"write [[{_joined(path)}]]" if kind is list else f"write [{_joined(path)}]" if kind is dict else ""
    if not (path and isinstance(path[-1], str)):
        return ""
    if kind is list:
        return f'write {path[-1]} = ["..."]' if isinstance(raw, str) else ""
    if kind is str:
        return f'write {path[-1]} = "{raw}"' if type(raw) in {int, Decimal} else ""
    is_bare = isinstance(raw, str) and (raw.isdecimal() if kind is int else raw in {"true", "false"})
    return f"write {path[-1]} = {raw}" if is_bare else ""


def _joined(path: Path) -> str:
    return ".".join(map(str, path))


def _any_of(several: Iterable[Any], raw: Any, path: Path) -> Any:
    for one in several:
        if is_dataclass(one) and isinstance(raw, dict):
            return _read(one, raw, path)
        with suppress(_WrongError):
            return _read(one, raw, path)
    wanted = " or ".join(" or ".join(map(repr, choices_of(one))) or _WANTED.get(one, "a table") for one in several)
    raise _WrongError(f"{_name(path)} must be {wanted}, not {_shown(raw)}", "", path)


def _choice(hint: Any, raw: Any, path: Path) -> Any:
    """One of some texts."""
    choices = choices_of(hint)
    if _typed(str, raw, path) not in choices:
        raise _WrongError(*_none_of(choices, raw, path), path)
    return hint(raw) if isinstance(hint, type) else raw


def _none_of(choices: Iterable[str], given: str, path: Path) -> tuple[str, str]:
    """What is wrong with a text, and what to do; it is not shown, as it may be a secret in the wrong place."""
    known = [*choices]
    return f"{_name(path)} must be {_either(known)}", _nearest(given, known)


def _either(known: Sequence[str]) -> str:
    *first, last = map(repr, known)
    return f"{', '.join(first)} or {last}" if first else last


def _table(cls: Any, raw: Any, path: Path) -> Any:
    _check_names(_typed(dict, raw, path), path)
    hints = hints_of(cls)
    for key in (key for key in raw if key not in hints):
        there = f" in {_name(path)}" if path else ""
        hint = _nearest(key, hints) or f"there are {', '.join(hints)}"
        if path and key in hints_of(Project).keys() - hints_of(Site).keys():
            hint = "it stands at the top of the file, above the first table, or as a table of its own"
        raise _WrongError(f"unknown key {key!r}{there}", hint, (*path, key))
    for one in fields(cls):
        if is_needed(one) and one.name not in raw:
            raise _WrongError(f"{_name(path)} has no {one.name!r}", f"add {one.name} = ..", path)
    return cls(**{key: _read(hints[key], value, (*path, key)) for key, value in raw.items()})


def _check_names(raw: Mapping[str, Any], path: Path) -> None:
    for key in raw:
        if _SECRET.fullmatch(key) or _TOKEN.search(key):
            raise _WrongError(_REFUSED, _INSTEAD, (*path, key))


def _nearest(text: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(text.lower().replace("-", "_"), [*known], 1)
    return f"did you mean {near[0]!r}?" if near else ""


def _name(path: Path) -> str:
    """A value as a person calls it: its key, and which of several."""
    *_, last = (key for key in path if isinstance(key, str))
    number = f" number {path[-1] + 1}" if path and isinstance(path[-1], int) else ""
    return f"{last}{number}"


def _shown(raw: Any) -> str:
    return _TOML.get(type(raw), "a date or a time")
