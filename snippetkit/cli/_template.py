"""`--template`, `--set` and `--templates-dir`, where a command writes a snippet through a template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from snippetkit.cli._command import unique
from snippetkit.cli._paths import Folder, TemplateOrFile
from snippetkit.cli._saying import say
from snippetkit.errors import SettingError
from snippetkit.work import Rendering

_GIVEN = frozenset({"snippet", "snippets"})


def template_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options; the command gets them as one `Rendering`, named `rendering`."""

    @click.option(
        "--template",
        "template_name",
        metavar="NAME|FILE",
        type=TemplateOrFile(),
        help="Write the code with this template.",
    )
    @click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="A variable for the template.")
    @click.option("--lazy-noscript", "is_lazy", is_flag=True, help='Write loading="lazy" on the noscript\'s image.')
    @templates_dir_option
    @wraps(function)
    def command(
        *args: Any,
        template_name: str | None,
        settings: tuple[str, ...],
        folder: str | None,
        is_lazy: bool,
        **arguments: Any,
    ) -> None:
        if settings and template_name is None:
            raise click.UsageError("--set needs --template.")
        rendering = Rendering(template_name, folder, _variables(settings), is_lazy)
        function(*args, rendering=rendering, **arguments)

    return command


templates_dir_option = click.option(
    "--templates-dir",
    "folder",
    envvar="SNIPPETKIT_TEMPLATES_DIR",
    show_envvar=True,
    metavar="DIR",
    type=Folder(),
    help="Your templates: DIR/inject/NAME.html.j2 replaces the shipped NAME.",
)


def say_note(note: str) -> None:
    """Print on stderr what a template leaves out."""
    say(f"note: {note}")


def _variables(settings: Sequence[str]) -> dict[str, str]:
    pairs: list[tuple[str, str]] = []
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not (name.isidentifier() and name.isascii()):
            raise SettingError(f"--set {setting!r} is not KEY=VALUE", hint="a key is letters, digits and underscores")
        if name in _GIVEN:
            raise SettingError(f"--set {name}: the template has {name} from the pixel")
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise SettingError(f"--set {name}: its value must be text in this terminal's encoding")
        pairs.append((name, value))
    return unique("--set", pairs)
