"""Types of arguments that a shell completes: files, folders, templates."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem


def matching(incomplete: str, known: Iterable[tuple[str, str]]) -> list[CompletionItem[str]]:
    """Return what begins with a text, of pairs of what may stand there and what is told about it."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(text, help=told or None) for text, told in known if text.startswith(incomplete)]


def cache_folder() -> Path:
    """Return the folder for what may be made anew."""
    from pathlib import Path

    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "snippetkit")


class File(click.ParamType[str]):
    """The path of a file, of a folder, or `-`; it is not looked at."""

    name = "file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Let the shell complete it."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type=self.name)]


class Folder(File):
    """The path of a folder; it is not looked at."""

    name = "dir"


class TemplateName(click.ParamType[str]):
    """The name of a template."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Return the templates that there are, those in `--templates-dir` too."""
        from pathlib import Path

        from snippetkit import templating
        from snippetkit.cli._completing import setting

        folder = setting(ctx, "folder")
        known = templating.list_templates(Path(folder) if folder else None)
        return matching(incomplete, ((template.name, template.description) for template in known))


class TemplateOrFile(TemplateName):
    """The name of a template, or the path of a file."""

    name = "name or file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Return the templates that there are, or let the shell complete a file."""
        return super().shell_complete(ctx, param, incomplete) or File().shell_complete(ctx, param, incomplete)
