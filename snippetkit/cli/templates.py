"""`snippetkit templates`: list, show and copy the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from snippetkit.cli._command import Group, refuse_options
from snippetkit.cli._output import table
from snippetkit.cli._paths import File, TemplateName
from snippetkit.cli._saying import put, say
from snippetkit.cli._template import templates_dir_option
from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from snippetkit.templating import TemplateFile


@click.group(cls=Group)
def command() -> None:
    """List, show and copy the templates that 'snippet --template' and 'inject --template' take."""


@command.command("list")
@templates_dir_option
def list_(folder: str | None) -> None:
    """List the templates: the name, where it is from, and what it is for."""
    from pathlib import Path

    from snippetkit import templating

    templates = templating.list_templates(Path(folder) if folder else None)
    origins = ["shipped" if template.folder == templating.FOLDER else str(template.folder) for template in templates]
    rows = [(template.name, origin, template.description) for template, origin in zip(templates, origins, strict=True)]
    put(table([("NAME", "FROM", "DESCRIPTION"), *rows]))


@command.command("show")
@click.argument("name", type=TemplateName())
@templates_dir_option
def show(name: str, folder: str | None) -> None:
    """Print a template as it stands."""
    put(_text(_find(name, folder)).encode(), nl=False)


@command.command("copy")
@click.argument("name", type=TemplateName())
@click.argument("dest", metavar="[DEST]", required=False, type=File())
@templates_dir_option
def copy(name: str, dest: str | None, folder: str | None) -> None:
    """Copy a template, to make it your own.

    DEST is a file or a folder that is there. Without it the copy goes to where --templates-dir finds it, or, where
    that is not given, into this folder. A file that is there is left as it is.
    """
    from pathlib import Path

    from snippetkit import files

    if dest is not None:
        refuse_options("cannot be used with DEST: the copy goes to one of them.", "folder")
    template = _find(name, None)
    target = Path(dest) if dest else Path(folder, "inject") if folder else Path()
    if target.is_dir() or dest is None:
        target = target / template.file.name
    if target.exists() or target.is_symlink():
        raise SettingError(f"{target}: the file exists already", hint="give another DEST")
    files.write(target, _text(template).encode())
    say(f"wrote: {target}")


def _find(name: str, folder: str | None) -> TemplateFile:
    from pathlib import Path

    from snippetkit import templating

    return templating.find_template(name, Path(folder) if folder else None)


def _text(template: TemplateFile) -> str:
    return template.file.read_text("utf-8-sig")
