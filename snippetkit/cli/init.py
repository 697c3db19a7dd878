"""`snippetkit init`: write a first snippetkit.toml, from what stands on pages or from questions."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import click

from snippetkit import project, work
from snippetkit.cli._command import Command, refuse_options, refuse_output
from snippetkit.cli._output import OutputFile, counted, printable, put_out
from snippetkit.cli._paths import File
from snippetkit.cli._reading import Texts
from snippetkit.cli._saying import put, say
from snippetkit.cli._source import read_sent
from snippetkit.cli._texts import Paths
from snippetkit.cli._types import CURRENCY
from snippetkit.errors import FileError, NoFilesError, SettingError
from snippetkit.project import Draft, DraftedPixel, DraftedRule
from snippetkit.terms import STDIN, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from snippetkit.amounts import Written
    from snippetkit.work import Placed

_Read = TypeVar("_Read")
_FILE = "file"
_INSTEAD = "write file = '..' in the place of kind, with the file that has the code"
_NO_RULES = "add rules to it, then "


@click.command(cls=Command)
@click.argument("folder", metavar="[FOLDER]", default=".", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--from-file",
    metavar="FILE",
    type=File(),
    help="Take the pixels' code from this file instead of the pages, where the file has it.",
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

    Code that snippetkit has put onto these pages becomes rules, and is written to pixels/ beside the file; what was put
    in by hand is listed in comments. Where there is none, a few questions are asked on a terminal.
    """
    if is_schema:
        refuse_options("cannot be used with --schema, which only prints.", "folder", "from_file", "output", "force")
        put(_schema())
        return
    if output != STDIN and os.path.lexists(output) and not force:
        raise SettingError(f"{output} already exists", hint="--force replaces it; or -o another FILE")
    pages = _survey(folder)
    refuse_output(output, {f"the page {printable(page)}": os.path.join(folder, page) for page in pages})  # noqa: PTH118
    held = frozenset[str]() if from_file is None else _pixels_in(from_file)
    draft, codes = work.draft(_below(folder, output), pages, _below(from_file, output) if from_file else "", held)
    files = {_beside(output, name): code for name, code in codes.items()}
    _check_files(files, output, force=force)
    if not (draft.rules or draft.notes) and _can_ask():
        draft = _ask(draft, output)
    text = project.to_toml(draft)
    assert project.parse(text, output)  # noqa: S101 (it can be read again)
    _write(text, output, files)
    _say_asked(draft)
    said = f"{counted(len(pages), 'page')}, {counted(len(draft.pixels), 'pixel')}, {counted(len(draft.rules), 'rule')}"
    say(f"{said}; {'' if draft.rules else _NO_RULES}'snippetkit sync --check' says what would change")


def _check_files(files: Mapping[str, str], output: str, *, force: bool) -> None:
    """Make sure that no other code is lost where the code of the pages is written."""
    from snippetkit import files as disk

    for path, code in files.items() if output != STDIN and not force else ():
        if os.path.lexists(path):
            with disk.read_file(path) as there:
                if there.whole() != _encoded(code):
                    raise SettingError(f"{path} already exists", hint="--force replaces it")


def _write(text: str, output: str, files: Mapping[str, str]) -> None:
    """Write the files with code, then the one that names them; what goes to stdout is only shown."""
    for path, code in files.items():
        if output == STDIN:
            say(f"note: -o FILE would write {path}, too")
        else:
            put_out(_encoded(code), path)
    put_out(text.encode(), output)


def _say_asked(draft: Draft) -> None:
    """Say whose code the API has, and what that takes."""
    if asked := [pixel.name for pixel in draft.pixels if pixel.file is None and pixel.kind in {*Kind}]:
        say(f"note: the API has the code of {', '.join(asked)}: set SNIPPETKIT_ACCESS_TOKEN for 'sync', or {_INSTEAD}")


def _encoded(code: str) -> bytes:
    return code.encode("utf-8", "surrogateescape")


def _schema() -> str:
    from json import dumps

    return dumps(project.json_schema(), indent=2)


def _pixels_in(file: str) -> frozenset[str]:
    _, readings = work.find_snippets(read_sent(file))
    return frozenset(snippet.pixel_id for snippet in readings)


def _below(path: str, output: str) -> str:
    """A path as the file that is written has it, with slashes."""
    from snippetkit import files

    return files.relative(path, _folder_of(output) or ".")


def _beside(output: str, path: str) -> str:
    """A path of the file that is written, as seen from the current folder."""
    return os.path.join(_folder_of(output), path)  # noqa: PTH118


def _folder_of(output: str) -> str:
    return os.path.dirname(output) if output != STDIN else ""  # noqa: PTH120 (pathlib makes no relative paths)


def _survey(folder: str) -> dict[str, list[Placed]]:
    """The code on each page, by its path from the folder on."""
    from snippetkit import files

    paths = Paths((folder,), (), (), gitignore=True, follow_links=False)
    missing: list[FileError] = []
    if next(files.walk([folder], missing.append, paths.selection()), None) is None and _is_empty(missing):
        say(f"note: {printable(folder)} has no pages yet")
        return {}
    texts = Texts(paths)
    return {files.relative(path, folder): placed for path, placed in texts.each_in_bytes(work.survey)}


def _is_empty(missing: Sequence[FileError]) -> bool:
    return all(isinstance(one, NoFilesError) for one in missing)


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask(draft: Draft, output: str) -> Draft:
    """The draft with a pixel and a page, as they are told on the terminal."""
    say("snippetkit has put no code onto these pages yet. What should go there?")
    pixel = _ask_pixel(output)
    page = click.prompt("Page, as a path in the folder", default="/thanks.html", value_proc=_again(_page), err=True)
    written = click.prompt(
        "What it is worth, such as 19.99 USD, or leave empty",
        default="",
        show_default=False,
        value_proc=_again(_amount),
        err=True,
    )
    amount, currency = (None, None) if written is None else (written.number(), _ask_currency(written))
    rule = DraftedRule(page, pixel.name, amount=amount, currency=currency)
    return draft._replace(pixels=(pixel,), rules=(rule,))


def _again(read: Callable[[str], _Read]) -> Callable[[str], _Read]:
    """The same for an answer: where it cannot be read, click says why, and asks again."""

    def take(text: str) -> _Read:
        try:
            return read(text)
        except SettingError as error:
            raise click.UsageError(error.with_hint()) from error

    return take


def _amount(text: str) -> Written | None:
    """An amount as people write it."""
    from snippetkit import amounts

    written = amounts.read(text) if text.strip() else None
    return written if written is None or written.number() else None


def _page(text: str) -> str:
    from snippetkit import rules

    return rules.read_page(text)


def _pixel_id(kind: str, text: str) -> str:
    from snippetkit import platforms, rules
    from snippetkit.key import NUMBERS

    return rules.read_pixel_id(text, [NUMBERS if kind in {*Kind} else platforms.ids_of(kind)])


def _ask_currency(written: Written) -> str:
    """The currency beside an amount; asked for where there is none, or the sign of several."""
    from snippetkit import amounts

    meant = amounts.currencies(written.sign) if written.sign else ("USD",)
    if written.sign and len(meant) == 1:
        return meant[0]
    return str(click.prompt("Currency", default=meant[0], type=CURRENCY, err=True))


def _ask_pixel(output: str) -> DraftedPixel:
    name = click.prompt("A name for the pixel", default="checkout", err=True)
    source = click.Choice([*(kind.value for kind in Kind), *work.kinds(), _FILE])
    kind = click.prompt(
        f"Its kind ({', '.join(Kind)}, or a platform's code), or '{_FILE}' for code that you were sent",
        default=Kind.META.value,
        type=source,
        show_choices=False,
        err=True,
    )
    if kind == _FILE:
        there = click.Path(exists=True, dir_okay=False)
        return DraftedPixel(name, None, file=_below(str(click.prompt("The file", type=there, err=True)), output))
    pixel_id = click.prompt("Its id", value_proc=_again(partial(_pixel_id, kind)), err=True)
    has_event = kind != Kind.CONVERSION
    event = click.prompt("Event, or leave empty", default="", show_default=False, err=True) if has_event else ""
    return DraftedPixel(name, pixel_id, kind, event or None)
