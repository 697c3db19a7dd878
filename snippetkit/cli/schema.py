"""`snippetkit schema`: print the JSON Schema of what a command prints with --json."""

from __future__ import annotations

import click

from snippetkit import schemas
from snippetkit.cli._command import Command
from snippetkit.cli._saying import put

_PROJECT = "snippetkit.toml"
_NAMES = [*schemas.names(), _PROJECT]


@click.command(cls=Command)
@click.argument("name", metavar="NAME", type=click.Choice(_NAMES))
def command(name: str) -> None:
    """Print the JSON Schema of what a command prints with --json, or of the project file.

    NAME is a command, such as 'inspect' or 'pixels-list', or 'snippetkit.toml'. A document's version goes up when a
    member is removed or changes its meaning, and not for a new member, so ignore members that you do not know.
    """
    from json import dumps

    put(dumps(_project() if name == _PROJECT else schemas.schema(name), indent=2))


def _project() -> schemas.Schema:
    from snippetkit import project

    return project.json_schema()
