"""`snippetkit init`: write a first snippetkit.toml, from what stands on pages or from questions."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from snippetkit import project, work
from snippetkit.cli._command import Command, refuse_output
from snippetkit.cli._output import OutputFile, counted, printable, put_out
from snippetkit.cli._paths import File
from snippetkit.cli._reading import Texts
from snippetkit.cli._saying import put, say
from snippetkit.cli._source import read_sent
from snippetkit.cli._texts import Paths
from snippetkit.cli._types import CURRENCY, MINOR_UNITS
from snippetkit.errors import SettingError
from snippetkit.project import Draft, DraftedPixel, DraftedRule
from snippetkit.terms import STDIN, Kind

if TYPE_CHECKING:
    from snippetkit.inject import Carried

_FILE = "file"
_NO_RULES = "add rules to it, then "


@click.command(cls=Command)
@click.argument("folder", metavar="[FOLDER]", default=".", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--from-file",
    metavar="FILE",
    type=File(),
    help="Take the pixels' code from this file instead of an API, where the file has it.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=OutputFile(),
    default=project.NAME,
    show_default=True,
    help="The file to write.",
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option(
    "--schema", "is_schema", is_flag=True, help="Print the file's JSON schema, for editors, and nothing else."
)
def command(folder: str, from_file: str | None, output: str, force: bool, is_schema: bool) -> None:
    """Write a first snippetkit.toml, for the pages in FOLDER.

    Code that snippetkit has put onto these pages becomes rules; what was put in by hand is listed in comments. Where
    there is none, a few questions are asked on a terminal.
    """
    if is_schema:
        put(_schema())
        return
    if output != STDIN and os.path.lexists(output) and not force:
        raise SettingError(f"{output} already exists", hint="--force replaces it; or -o another FILE")
    pages = _survey(folder)
    refuse_output(output, {f"the page {printable(page)}": os.path.join(folder, page) for page in pages})  # noqa: PTH118
    held = frozenset[str]() if from_file is None else _pixels_in(from_file)
    draft = work.draft(_below(folder, output), pages, _below(from_file, output) if from_file else "", held)
    if not (draft.rules or draft.notes) and _can_ask():
        draft = _ask(draft, output)
    text = project.to_toml(draft)
    assert project.parse(text, output)  # noqa: S101 (it can be read again)
    put_out(text.encode(), output)
    said = f"{counted(len(pages), 'page')}, {counted(len(draft.pixels), 'pixel')}, {counted(len(draft.rules), 'rule')}"
    say(f"{said}; {'' if draft.rules else _NO_RULES}'snippetkit sync --check' says what would change")


def _schema() -> str:
    from json import dumps

    return dumps(project.json_schema(), indent=2)


def _pixels_in(file: str) -> frozenset[str]:
    _, readings = work.find_snippets(read_sent(file))
    return frozenset(snippet.pixel_id for snippet in readings)


def _below(path: str, output: str) -> str:
    """A path as the file that is written has it, with slashes."""
    from snippetkit import files

    base = os.path.dirname(output) if output != STDIN else ""  # noqa: PTH120 (pathlib makes no relative paths)
    return files.relative(path, base or ".")


def _survey(folder: str) -> dict[str, list[Carried]]:
    """The code on each page, by its path from the folder on."""
    from snippetkit import files, inject

    texts = Texts(Paths((folder,), (), (), gitignore=True, follow_links=False))
    pages: dict[str, list[Carried]] = {}
    for path, status in texts.each_in_bytes(inject.find_code):
        pages[files.relative(path, folder)] = status.carried
    return pages


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask(draft: Draft, output: str) -> Draft:
    """The draft with a pixel and a page, as they are told on the terminal."""
    say("snippetkit has put no code onto these pages yet. What is to go there?")
    pixel = _ask_pixel(output)
    page = click.prompt("Page, as a path in the folder", default="/thanks.html", err=True)
    value = click.prompt(
        "Value in minor units (1999 is 19.99), or leave empty",
        default="",
        show_default=False,
        value_proc=_minor,
        err=True,
    )
    currency = None if value is None else click.prompt("Currency", default="USD", type=CURRENCY, err=True)
    return draft._replace(pixels=(pixel,), rules=(DraftedRule(page, pixel.name, value, currency),))


def _ask_pixel(output: str) -> DraftedPixel:
    name = click.prompt("A name for the pixel", default="checkout", err=True)
    source = click.Choice([*(kind.value for kind in Kind), *work.kinds(), _FILE])
    kind = click.prompt(
        f"Its kind ({', '.join(Kind)}, or a platform's code), or '{_FILE}' for code that was sent",
        default=Kind.META.value,
        type=source,
        show_choices=False,
        err=True,
    )
    if kind == _FILE:
        there = click.Path(exists=True, dir_okay=False)
        return DraftedPixel(name, None, file=_below(str(click.prompt("The file", type=there, err=True)), output))
    pixel_id = click.prompt("Its id", err=True)
    has_event = kind != Kind.CONVERSION
    event = click.prompt("Event, or leave empty", default="", show_default=False, err=True) if has_event else ""
    return DraftedPixel(name, pixel_id, kind, event or None)


def _minor(text: str) -> int | None:
    return MINOR_UNITS.convert(text, None, None) if text else None
