"""Which templates there are, and where the text of one comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from snippetkit.errors import SettingError
from snippetkit.templating import environment

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from jinja2.sandbox import SandboxedEnvironment

_ROOM = "inject"
_SUFFIX = ".html.j2"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_DESCRIPTION = re.compile(r"\s*\{#[-+]?(.*?)[-+]?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Template:
    """Which template is meant.

    `name` is a template's name, such as `clean`, or the path of a file (it has a dot or a slash). `folder` is a
    person's own: what it has below `inject/` stands in the place of a shipped template of the same name.
    """

    name: str
    folder: Path | None = None

    @property
    def is_file(self) -> bool:
        """Whether it is a file of its own, and no name."""
        return not _NAME.fullmatch(self.name)

    @property
    def path(self) -> str:
        """The name under which the environment finds it."""
        return self.name if self.is_file else f"{_ROOM}/{self.name}{_SUFFIX}"


@dataclass(frozen=True, slots=True)
class Found:
    """A template that is there: its name, its file, the folder it is from, and its first comment."""

    name: str
    file: Path
    folder: Path
    description: str


def list_templates(folder: Path | None = None) -> list[Found]:
    """Return the templates for a snippet, by name; one in `folder` stands in the place of a shipped one.

    Raises:
        SettingError: `folder` is no folder, or a template cannot be read.
    """
    found = {template.name: template for place in _folders(folder) for template in _list(place)}
    return [found[name] for name in sorted(found)]


def find(name: str, folder: Path | None = None) -> Found:
    """Return one template.

    Raises:
        SettingError: there is none of that name, with the names that there are; or as `list_templates` does.
    """
    there = {template.name: template for template in list_templates(folder)}
    if name not in there:
        raise SettingError(f"there is no template {name!r}", hint=f"there are {', '.join(there)}")
    return there[name]


def read(file: Path) -> str:
    """Return a template's text.

    Raises:
        SettingError: it cannot be read, or is not UTF-8.
    """
    try:
        return file.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SettingError(f"{file}: the template cannot be read: {reason}") from error


def make_environment(template: Template) -> SandboxedEnvironment:
    """Return the environment in which a template is found, and whatever it includes, imports or extends.

    Raises:
        SettingError: there is no such template, or it cannot be read.
    """
    from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader

    loaders: list[BaseLoader] = [FileSystemLoader(place, encoding="utf-8-sig") for place in _places(template.folder)]
    if template.is_file:
        text = read(Path(template.name))
        own = FunctionLoader(lambda name: (text, name, None) if name == template.name else None)
        loaders.insert(0, own)
    else:
        find(template.name, template.folder)
    return environment.make(ChoiceLoader(loaders), escape_all=True)


def _places(folder: Path | None) -> list[Path]:
    return [*reversed(_folders(folder))]


def _folders(folder: Path | None) -> list[Path]:
    if folder is None:
        return [environment.FOLDER]
    if not folder.is_dir():
        raise SettingError(f"{folder}: no folder of templates", hint="'snippetkit templates copy' begins one")
    return [environment.FOLDER, folder]


def _list(folder: Path) -> Iterator[Found]:
    for file in (folder / _ROOM).glob(f"*{_SUFFIX}"):
        name = file.name.removesuffix(_SUFFIX)
        if _NAME.fullmatch(name):
            comment = _DESCRIPTION.match(read(file))
            yield Found(name, file, folder, " ".join(comment[1].split()) if comment else "")
