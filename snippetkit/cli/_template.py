"""`--template`, `--set` and `--templates-dir`, where a command writes a snippet through a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from snippetkit.model import Snippet

_GIVEN = frozenset({"snippet", "snippets"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What the options say: the template's name or file, the person's own folder, and the variables."""

    name: str | None = None
    folder: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)

    def render(self, snippets: Sequence[Snippet]) -> dict[str, str]:
        """Return the blocks of the template, `snippet` where none is named; say on stderr what is left out.

        Raises:
            SettingError, SnippetError: as `templating.render_blocks` does.
        """
        if self.name is None and self.folder is None and len(snippets) == 1:
            return _as_it_is(snippets[0])
        from pathlib import Path

        from snippetkit import templating

        folder = Path(self.folder) if self.folder else None
        template = templating.Template(self.name or "snippet", folder)
        blocks = templating.render_blocks(template, snippets, self.variables)
        if "noscript" not in blocks and any(snippet.noscript for snippet in snippets):
            click.echo(
                f"note: the template {template.name} leaves the noscript out: nothing is reported without JavaScript",
                err=True,
            )
        return blocks


def _as_it_is(snippet: Snippet) -> dict[str, str]:
    """What the template `snippet` makes, without the time that loading Jinja takes."""
    noscript = {"noscript": f"<noscript>{snippet.noscript}</noscript>"} if snippet.noscript else {}
    return {"script": snippet.script, **noscript}


def template_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options; the command gets them as one `Choice`, named `template`."""

    @click.option("--template", "template_name", metavar="NAME|FILE", help="Write the code through a template.")
    @click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="A variable for the template.")
    @templates_dir_option
    @wraps(function)
    def command(
        *args: Any, template_name: str | None, settings: tuple[str, ...], folder: str | None, **arguments: Any
    ) -> None:
        if settings and template_name is None:
            raise click.UsageError("--set is for --template.")
        function(*args, template=Choice(template_name, folder, _variables(settings)), **arguments)

    return command


templates_dir_option = click.option(
    "--templates-dir",
    "folder",
    envvar="SNIPPETKIT_TEMPLATES_DIR",
    show_envvar=True,
    metavar="DIR",
    help="Templates of yours: DIR/inject/NAME.html.j2 stands in the place of the shipped NAME.",
)


def print_rendered(template: Choice, snippets: Sequence[Snippet]) -> None:
    """Print the template's text for these snippets: the script, then the noscript, each ended by a newline."""
    for text in template.render(snippets).values():
        click.echo(text.encode())


def _variables(settings: Sequence[str]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not (name.isidentifier() and name.isascii()):
            raise SettingError(f"--set {setting!r} is no KEY=VALUE", hint="a key has letters, digits and underscores")
        if name in _GIVEN:
            raise SettingError(f"--set {name}: the template has {name} from the pixel")
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise SettingError(f"--set {name}: its value must be text in this terminal's encoding")
        variables[name] = value
    return variables
