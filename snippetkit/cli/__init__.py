"""The command line: one module per command or command group, found by walking this package."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import StringIO, TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

import click

from snippetkit import __version__
from snippetkit.cli._output import printable
from snippetkit.cli._paths import File
from snippetkit.cli._saying import warn
from snippetkit.errors import (
    AccessError,
    ApiError,
    BrowserError,
    FileError,
    NetworkError,
    PageRefusedError,
    PassingError,
    SettingError,
    SheetError,
    SlowReadingError,
    SnippetError,
    SnippetkitError,
    TokenError,
    without_password,
)

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

EXIT_CODES: dict[type[SnippetkitError], int] = {
    SettingError: 2,
    SheetError: 2,
    TokenError: 3,
    AccessError: 3,
    ApiError: 4,
    PassingError: 4,
    NetworkError: 5,
    FileError: 6,
    BrowserError: 6,
    PageRefusedError: 6,
    SlowReadingError: 6,
    SnippetError: 6,
}
INTERRUPTED = 130
_OBJECTS = 100_000
COMPLETION_VARIABLE = "_SNIPPETKIT_COMPLETE"
"""Set by the scripts that 'snippetkit completion' prints, where a shell asks what completes a line."""


class _Commands(click.Group):
    """Takes each module of this package without a leading underscore as the command of its name.

    A dash in the name is an underscore in the module's; a module named like a Python keyword has one at its end.
    The first line of a module says what its command is for: that is read for the help, and no module is loaded.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _modules().get(cmd_name)
        if module is None:
            return None
        command = import_module(f"snippetkit.cli.{module}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        from snippetkit.cli._paths import matching

        known = ((name, _purpose(module)) for name, module in sorted(_modules().items()))
        return matching(incomplete, known) + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=self.list_commands(ctx), ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _purpose(module)) for name, module in sorted(_modules().items())])


def _modules() -> dict[str, str]:
    """The name of each command, and its module: each in this package's folder without a leading underscore."""
    names = (name.partition(".") for name in os.listdir(__path__[0]))  # noqa: PTH208 (pathlib is slow to load)
    public = (stem for stem, _, suffix in names if suffix in {"", "py"} and stem[:1] not in {"", "_"})
    return {module.rstrip("_").replace("_", "-"): module for module in public}


def _purpose(name: str) -> str:
    with open(f"{__path__[0]}/{name}.py", encoding="utf-8") as module:  # noqa: PTH123 (pathlib is slow to load)
        return module.readline().partition("`: ")[2].rstrip().removesuffix('"""')


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@click.option(
    "--config",
    metavar="FILE",
    type=File(),
    envvar="SNIPPETKIT_CONFIG",
    show_envvar=True,
    help="The project file.  [default: snippetkit.toml or pyproject.toml, here or in a folder above]",
)
@click.option("--no-config", is_flag=True, help="Ignore project files.")
def root(**_: object) -> None:
    """Fetch ad conversion snippets, put them into HTML pages, export them to tag managers.

    New here? "snippetkit demo" shows the whole line, with no account and no network.
    """


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and exit with its code; the README's "Exit codes" lists them."""
    _spare_the_collector()
    if instruction := os.environ.get(COMPLETION_VARIABLE):
        from snippetkit.cli._completing import complete

        sys.exit(complete(root, instruction))
    sys.exit(_run(args))


def _spare_the_collector() -> None:
    """Search for cycles of objects seldom, and not at the end: modules and their classes are what would be found there.

    A page leaves no cycle behind, whatever a command does to it. Of the time of a command with one page, the search
    took a quarter.
    """
    gc.set_threshold(_OBJECTS)
    atexit.register(gc.freeze)


def _open_closed_streams() -> None:
    """Point closed standard streams at the null device, lest a file opened later gets their number and their output."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 (open until the end)


def _run(args: Sequence[str] | None) -> int:
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A name from outside may not fit the user's encoding; a system that ends lines in another way must not.
            stream.reconfigure(errors="backslashreplace", newline="\n")
    hook = sys.unraisablehook
    try:
        code = root.main(args, prog_name="snippetkit", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        told = StringIO()
        error.show(file=told)
        warn(without_password(told.getvalue().rstrip("\n")))
        return error.exit_code
    except click.Abort:
        sys.unraisablehook = lambda _: None  # a browser's event loop that was cut off complains when it is collected
    except SnippetkitError as error:
        return _tell(error)
    except OSError as error:
        if not error.filename:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what could not be written is not tried again at exit
        return _complain(f"{error.filename or 'standard output'}: {error.strerror}", EXIT_CODES[FileError])
    gc.collect()
    sys.unraisablehook = hook
    return _complain("interrupted", INTERRUPTED)


def _tell(error: SnippetkitError) -> int:
    code = next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)
    for one in error.errors if isinstance(error, SheetError) else ():
        _complain(one.with_hint(), code)
    return _complain(error.with_hint(), code)


def _complain(message: str, code: int) -> int:
    warn(f"error: {printable(without_password(message))}")
    return code
