"""`snippetkit lint-container`: say what is wrong with a container of Google Tag Manager."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from snippetkit import schemas
from snippetkit.cli._command import Command
from snippetkit.cli._containers import read_container
from snippetkit.cli._output import counted, printable
from snippetkit.cli._paths import File
from snippetkit.cli._saying import put, put_verdicts, say
from snippetkit.cli._texts import name_of
from snippetkit.errors import reading

if TYPE_CHECKING:
    from snippetkit.gtm import Problem


def _text(file: str, problems: Sequence[Problem]) -> str:
    lines = (f"{file}: {problem.level} {problem.code}: {problem.where}: {problem.message}" for problem in problems)
    return "\n".join(map(printable, lines))


def _json(file: str, problems: Sequence[Problem]) -> str:
    import json

    names = ("code", "level", "message", "where")
    findings = [{name: getattr(problem, name) for name in names} for problem in problems]
    files = [{"path": file, "findings": findings}]
    return json.dumps({"version": schemas.version("lint-container"), "files": files}, indent=2)


_FORMATS: dict[str, Callable[[str, Sequence[Problem]], str]] = {"text": _text, "json": _json}


@click.command(cls=Command)
@click.argument("file", metavar="FILE", type=File())
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(_FORMATS)),
    default="text",
    show_default=True,
    help="A line for each finding, or one JSON document.",
)
def command(file: str, format_name: str) -> None:
    """Say what an import or a publication of a container would refuse; exit with 1 where there is something.

    FILE is an export of Google Tag Manager's, ours or anybody's, or - for stdin. It is held to the published schema
    and to the rules of the compiler, which are told by the compiler's own names.
    """
    from snippetkit import gtm

    with reading(name_of(file)):
        problems = gtm.find_problems(read_container(file))
    out = _FORMATS[format_name](file, problems)
    if out:
        (put_verdicts if format_name == "text" else put)(out)
    say(counted(len(problems), "finding"))
    click.get_current_context().exit(int(bool(problems)))
