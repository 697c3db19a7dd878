"""Which templates there are, and where the text of one comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from snippetkit import platforms
from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.records import dataclass
from snippetkit.templating import environment

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from jinja2.sandbox import SandboxedEnvironment

MAX_BYTES = 1024 * 1024

_ROOM = "inject"
_SUFFIX = ".html.j2"
_NAME = later(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_DESCRIPTION = later(r"\s*\{#[-+]?(.*?)[-+]?#\}", re.DOTALL)


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
        """Whether it is a file of its own, not a name."""
        return not _NAME.fullmatch(self.name)

    @property
    def path(self) -> str:
        """The name under which the environment finds it."""
        return self.name if self.is_file else f"{_ROOM}/{self.name}{_SUFFIX}"


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template that exists: its name, its file, the folder it is from, and its first comment."""

    name: str
    file: Path
    folder: Path
    description: str


def list_templates(folder: Path | None = None) -> list[TemplateFile]:
    """Return the templates for a snippet, by name; one in `folder` stands in the place of a shipped one.

    Raises:
        SettingError: `folder` is no folder, or a template cannot be read.
    """
    templates = {template.name: template for place in _folders(folder) for template in _list(place)}
    return [templates[name] for name in sorted(templates)]


def find_template(name: str, folder: Path | None = None) -> TemplateFile:
    """Return one template.

    Raises:
        SettingError: there is none of that name; it says which there are. Or as `list_templates` does.
    """
    there = {template.name: template for template in list_templates(folder)}
    if name not in there:
        raise SettingError(f"there is no template {name!r}", hint=f"there are {', '.join(there)}")
    return there[name]


def read(file: Path) -> str:
    """Return a template's text.

    Raises:
        SettingError: it cannot be read, is not UTF-8, or is larger than a template may be.
    """
    try:
        if not file.is_file() and file.exists():
            raise SettingError(f"{file}: not a regular file, and no template")
        if file.stat().st_size > MAX_BYTES:
            raise SettingError(f"{file}: larger than {MAX_BYTES} bytes, the most that a template may have")
        return file.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SettingError(f"{file}: the template cannot be read: {reason}") from error


def check_there(template: Template) -> None:
    """Make sure that a template is there.

    Raises:
        SettingError: it is not, or it cannot be read.
    """
    if template.is_file:
        read(Path(template.name))
    else:
        find_template(template.name, template.folder)


def own_texts(template: Template) -> dict[str, bytes]:
    """Return what a person's own files hold that a template may be, include, import or extend, by file.

    Files that cannot be read, or are larger than a template may be, are left out: rendering says so of those it needs.
    """
    files = [Path(template.name)] if template.is_file else []
    files += template.folder.rglob("*") if template.folder else ()
    return {file.as_posix(): text for file in files if (text := _bytes_of(file)) is not None}


def _bytes_of(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.is_file() and file.stat().st_size <= MAX_BYTES else None
    except OSError:
        return None


def make_environment(template: Template) -> SandboxedEnvironment:
    """Return the environment in which a template is found, and whatever it includes, imports or extends.

    Raises:
        SettingError: there is no such template, or it cannot be read.
    """
    from jinja2 import ChoiceLoader, FunctionLoader

    loaders: list[BaseLoader] = [_in_folder(place) for place in _places(template.folder)]
    if template.is_file:
        text = read(Path(template.name))
        own = FunctionLoader(lambda name: (text, name, None) if name == template.name else None)
        loaders.insert(0, own)
    else:
        find_template(template.name, template.folder)
    return environment.make_bounded(ChoiceLoader([*loaders, FunctionLoader(_of_dialect)]))


def _of_dialect(name: str) -> tuple[str, str, None] | None:
    """The template of a dialect from a distribution of its own."""
    for dialect in platforms.every():
        if dialect.template and name == environment.template_of(dialect.name):
            return read(dialect.template), str(dialect.template), None
    return None


def _in_folder(folder: Path) -> BaseLoader:
    """What finds templates in a folder, and reads nothing elsewhere."""
    from jinja2 import FunctionLoader
    from jinja2.loaders import split_template_path

    def load(name: str) -> tuple[str, str, None] | None:
        file = folder.joinpath(*split_template_path(name))
        return (_read_inside(file, folder), str(file), None) if file.exists() else None

    return FunctionLoader(load)


def _read_inside(file: Path, folder: Path) -> str:
    """The text of a template in a folder.

    Raises:
        SettingError: it is a link that leads out of there, or cannot be read.
    """
    if not file.resolve().is_relative_to(folder.resolve()):
        raise SettingError(f"{file}: a link that leads out of {folder}", hint="copy the template there")
    return read(file)


def _places(folder: Path | None) -> list[Path]:
    return [*reversed(_folders(folder))]


def _folders(folder: Path | None) -> list[Path]:
    if folder is None:
        return [environment.FOLDER]
    if not folder.is_dir():
        raise SettingError(f"{folder}: no folder of templates", hint="'snippetkit templates copy' starts one")
    return [environment.FOLDER, folder]


def _list(folder: Path) -> Iterator[TemplateFile]:
    for file in (folder / _ROOM).glob(f"*{_SUFFIX}"):
        name = file.name.removesuffix(_SUFFIX)
        if _NAME.fullmatch(name):
            comment = _DESCRIPTION.match(_read_inside(file, folder))
            yield TemplateFile(name, file, folder, " ".join(comment[1].split()) if comment else "")
