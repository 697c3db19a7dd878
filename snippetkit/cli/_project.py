"""The project file that counts here, and what it has to say where the command line says nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from snippetkit.project import ProjectFile
    from snippetkit.terms import Placement

_Say = Callable[["ProjectFile"], Any]
"""What a project says of one option, None for nothing."""

_FILES = ("snippetkit.toml", "pyproject.toml")
_NONE = "no snippetkit.toml here or in a folder above"
# Where a run keeps what was found.
_FOUND = "snippetkit.cli.project"
# The commands that only read pages: without a PATH they look at the project's.
_READERS = frozenset({"csp", "inspect", "lint", "report", "status", "verify"})


def find_project() -> ProjectFile | None:
    """Return the project: of the file that was named, else of the nearest one from the current folder upwards.

    Raises:
        FileError: the file cannot be read.
        SettingError: it is not what it should be, with the line.
    """
    meta = click.get_current_context().meta
    if _FOUND not in meta:
        meta[_FOUND] = None if _is_ignored() else _read(click.get_current_context().find_root().params.get("config"))
    return meta[_FOUND]  # type: ignore[no-any-return]


def need_project() -> ProjectFile:
    """Return the project as `find_project` does.

    Raises:
        FileError, SettingError: as there; or there is none.
    """
    if found := find_project():
        return found
    if _is_ignored():
        raise SettingError("--no-config leaves out the project file, which this command needs", hint="leave it out")
    raise SettingError(_NONE, hint="'snippetkit init' writes one")


def read_project() -> dict[str, str]:
    """Return the project file that this run has read, by what messages call it; nothing where it has read none."""
    found = click.get_current_context().meta.get(_FOUND)
    return {"the project": found.name} if found else {}


def _is_ignored() -> bool:
    return bool(click.get_current_context().find_root().params.get("no_config"))


def _read(config: str | None) -> ProjectFile | None:
    if config is not None:
        from snippetkit import project

        return project.read(config)
    for file in _above():
        from snippetkit import project

        if found := project.look(file):
            _check_only(file)
            return found
    return None


def _check_only(file: str) -> None:
    """Make sure that no second project stands beside a file, which nobody would see to be ignored."""
    from snippetkit import project

    own, shared = _FILES
    beside = f"{file.removesuffix(own)}{shared}"
    if file.endswith(own) and os.path.isfile(beside) and project.look(beside):  # noqa: PTH113 (pathlib is slow to load)
        raise SettingError(f"{file} and {beside} both have a project", hint="keep one of them")


def _above() -> Iterator[str]:
    """The files that may hold a project, in this folder and in those above."""
    here, folder = "", ""
    with suppress(OSError):
        here = folder = os.getcwd()  # noqa: PTH109 (pathlib is slow to load)
    while folder:
        for name in _FILES:
            path = f"{folder}/{name}"
            if os.path.isfile(path):  # noqa: PTH113 (pathlib is slow to load)
                yield os.path.relpath(path, here)
        parent = os.path.dirname(folder)  # noqa: PTH120 (pathlib is slow to load)
        folder = parent if parent != folder else ""


def defaults(ctx: click.Context, given: Container[str]) -> dict[str, Any]:
    """Return what the project says of the options of a command, by their parameters.

    Args:
        ctx: the command's.
        given: the parameters of what stands on the command line.

    Raises:
        FileError, SettingError: as `find_project` does.
    """
    wanted = {name: say for name, (_, say) in _settings(ctx).items() if name not in given}
    if not wanted or not (file := find_project()):
        return {}
    if "template_name" in given:
        wanted.pop("settings", None)
    said = {name: say(file) for name, say in wanted.items()}
    return {name: value for name, value in said.items() if value is not None}


def told_of_project(ctx: click.Context) -> str:
    """Return what a command's help says of the project file; empty where the command takes nothing from it."""
    settings = _settings(ctx)
    if "paths" in settings:
        return "What is left out here is taken from snippetkit.toml, if there is one: without a PATH, its sites."
    return "Options that are left out are taken from snippetkit.toml, if it has them." if settings else ""


def _settings(ctx: click.Context) -> dict[str, tuple[str, _Say]]:
    """What a command takes from the project, by parameter: its option, and where the project says it."""
    tables = _API | _SITE | (_PLACING if ctx.info_name == "inject" else {})
    tables |= {"paths": _paths} if ctx.info_name in _READERS else {}
    options = {param.name: param.opts[0] for param in ctx.command.params if param.name}
    return {name: (option, tables[option]) for name, option in options.items() if option in tables}


def _api_url(file: ProjectFile) -> str | None:
    """The API's address; where a token would go to a host that nobody here has named, it is refused."""
    url = file.project.api.url
    if url is None or url == "sandbox:":
        return url
    if url.startswith("sandbox:"):
        return f"sandbox:{file.path(url.removeprefix('sandbox:'))}"
    from snippetkit.graph import check_url, is_trusted

    try:
        check_url(url)
    except SettingError as error:
        raise file.error(str(error), error.hint, "api", "url") from error
    if not is_trusted(url):
        hint = "say so yourself, with --api-url or SNIPPETKIT_API_URL"
        raise file.error("the access token would go to a host that this file names", hint, "api", "url")
    return url


def _path(text: str | None, file: ProjectFile) -> str | None:
    return None if text is None else file.path(text)


def _of_sites(key: str) -> _Say:
    """What all sites say, None where they differ or say what is usual."""

    def say(file: ProjectFile) -> Any:
        values = [getattr(site, key) for site in file.project.sites]
        return values[0] if values and values[0] and values.count(values[0]) == len(values) else None

    return say


def _template(file: ProjectFile) -> str | None:
    from snippetkit import work

    template = _of_sites("template")(file)
    return template and work.template_of(file, template)


def _variables(file: ProjectFile) -> list[str] | None:
    variables: Mapping[str, str] | None = _of_sites("variables")(file)
    return [f"{name}={value}" for name, value in variables.items()] if variables and _template(file) else None


def _placement(file: ProjectFile) -> str | None:
    placement: Placement | None = _of_sites("placement")(file)
    return placement and placement.value


def _adopt(file: ProjectFile) -> str | None:
    adopt = _of_sites("adopt")(file)
    return "whole" if adopt is True else adopt


def _paths(file: ProjectFile) -> list[str] | None:
    return [file.path(path) for site in file.project.sites for path in site.paths] or None


_API: dict[str, _Say] = {
    "--api-url": _api_url,
    "--api-version": lambda file: file.project.api.version,
    "--access-token-file": lambda file: _path(file.project.api.token_file, file),
    "--token-in": lambda file: file.project.api.token_in,
    "--no-cache": lambda file: not file.project.api.cache or None,
    "--account": lambda file: file.project.api.account,
    "--templates-dir": lambda file: _path(file.project.templates_dir, file),
}
_SITE: dict[str, _Say] = {
    "--include": _of_sites("include"),
    "--exclude": _of_sites("exclude"),
    "--no-gitignore": lambda file: (
        (bool(file.project.sites) and not any(s.gitignore for s in file.project.sites)) or None
    ),
    "--follow-links": _of_sites("follow_links"),
}
_PLACING: dict[str, _Say] = {
    "--placement": _placement,
    "--whole-in-head": _of_sites("whole_in_head"),
    "--nonce": _of_sites("nonce"),
    "--template": _template,
    "--set": _variables,
    "--lazy-noscript": _of_sites("lazy_noscript"),
    "--adopt": _adopt,
    "--fragments": _of_sites("fragments"),
    "--server-code": _of_sites("server_code"),
}
