"""The files that a project reads, which no export of its own may be written over."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snippetkit.project import ExportSettings, Project, ProjectFile, Sheet, Site
    from snippetkit.work.pruning import SitePlan

_EMBEDDED = "sandbox:"
_OTHER = "write another file"


def check_outputs(file: ProjectFile, sites: Sequence[SitePlan]) -> None:
    """Make sure that no export takes the place of what the project reads, nor becomes a page of a site.

    Args:
        file: the project.
        sites: all of its sites.

    Raises:
        SettingError: one does, with its line.
    """
    for number, export in enumerate(file.project.exports):
        reason, hint = _lost(file, number, sites)
        if reason:
            raise file.error(f"{export.file} {reason}", hint, "exports", number, "file")


def _lost(file: ProjectFile, number: int, sites: Sequence[SitePlan]) -> tuple[str, str]:
    """Why an export's file cannot be written, and what to do instead; empty where it can."""
    from snippetkit import files

    exports, own = file.project.exports, file.project.templates_dir
    output = file.path(exports[number].file)
    for label, path in _inputs(file):
        if files.is_same(output, file.path(path)):
            return f"is {label}, which would be lost", _OTHER
    if any(files.is_same(output, file.path(other.file)) for other in exports[:number]):
        return "is written twice", "give each export a file of its own"
    if own is not None and files.takes([file.path(own)], output, files.Selection(("*",), gitignore=False)):
        return "is in the folder of your templates", _OTHER
    for site in sites:
        if files.takes(site.paths, output, site.selection):
            return f"is a page of site {site.name}, or would become one", f"{_OTHER}, or let the site exclude it"
    return "", ""


def _inputs(file: ProjectFile) -> Iterator[tuple[str, str]]:
    """What is read, by what messages call it, each with its path as the file has it."""
    project = file.project
    yield "this file", os.path.basename(file.name)  # noqa: PTH119 (as `ProjectFile.path` has it)
    for name, code in (*project.pixels.items(), ("code", project.code)):
        if code.file is not None:
            yield f"the code of {name}", code.file
    for sheet in _sheets(project):
        yield "a sheet of rules", sheet if isinstance(sheet, str) else sheet.file
    for site in project.sites:
        if site.template is not None and _is_file(site.template):
            yield "a template", site.template
    yield from (("the container that tags are merged into", one.into) for one in project.exports if one.into)
    yield from _of_api(project)


def _is_file(template: str) -> bool:
    from snippetkit.templating import Template

    return Template(template).is_file


def _sheets(project: Project) -> Iterator[str | Sheet]:
    owners: tuple[Project | Site | ExportSettings, ...] = (project, *project.sites, *project.exports)
    for owner in owners:
        if owner.sheet is not None:
            yield owner.sheet


def _of_api(project: Project) -> Iterator[tuple[str, str]]:
    if project.api.token_file is not None:
        yield "the file of the access token", project.api.token_file
    if project.api.url and (embedded := project.api.url.removeprefix(_EMBEDDED)) not in {"", project.api.url}:
        yield "the database of the embedded API", embedded
