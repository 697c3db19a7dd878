"""What holds for the options of every command: one that counts once comes once, and no text is empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

import click
from click.core import ParameterSource

from snippetkit.cli._output import OutputFile
from snippetkit.cli._paths import File
from snippetkit.cli._project import defaults, read_project, told_of_project
from snippetkit.cli._saying import LOUDNESS_OPTIONS
from snippetkit.cli._terminal import make_way
from snippetkit.errors import SettingError
from snippetkit.terms import STDIN

_ELSEWHERE = {"--dry-run": "--check", "-n": "--check"}
"""What options of other tools are called here."""


class OptionalValue(click.Option):
    """An option that may come without a value, and takes one only after `=`: what follows it may be a path.

    Args:
        bare: the value that it has without one.
    """

    def __init__(self, *arguments: Any, bare: str, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.bare = bare


class Command(click.Command):
    """A command that refuses what would be lost: an option given twice, and an empty text; and takes -q and -v.

    A flag may come twice, since it says the same again; one that has an opposite may not. An empty text is most often
    a shell variable that is not set, and as a pattern it would stand for everything, or for nothing.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params += LOUDNESS_OPTIONS

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out; whatever ends it, no progress line stays."""
        _check_outputs(ctx)
        try:
            return super().invoke(ctx)
        finally:
            make_way()

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, and what it takes from the project file."""
        super().format_help_text(ctx, formatter)
        if told := told_of_project(ctx):
            formatter.write_paragraph()
            formatter.write(f"{click.wrap_text(told, formatter.width, '  ', '  ')}\n")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what was given.

        Raises:
            SettingError: an option that counts once was given twice, or a text is empty.
        """
        args = _with_values(self.get_params(ctx), args)
        if not ctx.resilient_parsing:
            given, _, order = _parsed(self, ctx, args)
            _check_once(order)
            _check_texts(self.get_params(ctx), given)
            help_option = self.get_help_option(ctx)
            if not (help_option and given.get(help_option.name or "")):
                ctx.default_map = defaults(ctx, {name for name, value in given.items() if _is_there(value)})
        return super().parse_args(ctx, args)


class Group(click.Group):
    """A group of such commands."""

    command_class = Command


def _parsed(command: click.Command, ctx: click.Context, args: Sequence[str]) -> tuple[Any, Any, list[click.Parameter]]:
    """What was given; an option that goes in front of the command is told as such."""
    try:
        return command.make_parser(ctx).parse_args([*args])
    except click.NoSuchOption as error:
        name, root = error.option_name, ctx.find_root()
        param = next((param for param in root.command.params if name in param.opts), None)
        if param is None:
            raise _meant(error, command) from error
        option, path = f"{name} {param.metavar or ''}".rstrip(), ctx.command_path.removeprefix(f"{root.command_path} ")
        message = f"{name} goes in front of the command: {root.command_path} {option} {path}"
        raise click.UsageError(message, ctx) from error


def _meant(error: click.NoSuchOption, command: click.Command) -> click.UsageError:
    """The same error; where other tools have such an option, one that names ours."""
    ours = _ELSEWHERE.get(error.option_name, "")
    if not any(ours in param.opts for param in command.params):
        return error
    return click.UsageError(f"No such option '{error.option_name}': it is called {ours} here.", error.ctx)


def _is_there(value: Any) -> bool:
    """Whether something stands on the command line; the parser has its own object for what does not."""
    return isinstance(value, str | bool | int) or (isinstance(value, list | tuple) and len(value) > 0)


def named_options(*params: str) -> list[str]:
    """Return the options of those parameters that were given on the command line, not in the environment."""
    context = click.get_current_context()
    options = (param for param in context.command.params if param.name in params)
    source = context.get_parameter_source
    return [param.opts[0] for param in options if source(param.name or "") is ParameterSource.COMMANDLINE]


def refuse_options(reason: str, *params: str) -> None:
    """Refuse these parameters where they stand on the command line and would be lost.

    Args:
        reason: what is said behind the option's name: `needs --all.`
        params: the parameters' names.

    Raises:
        click.UsageError: one of them is there.
    """
    for option in named_options(*params):
        raise click.UsageError(f"{option} {reason}")


def add_options(command: Callable[..., None], *options: Callable[..., Any]) -> Callable[..., None]:
    """Return a command with these options and arguments, which the help lists in this order."""
    for option in reversed(options):
        command = option(command)
    return command


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


summary_option = click.option(
    "--summary", "is_summary", is_flag=True, help="Print only how many pages had which result, and why."
)
_SHORTCUTS = {"json": "Same as --format json.", "summary": "Same as --format summary: counts."}
_CHOICES = {"format_name", *(f"is_{name}" for name in _SHORTCUTS)}


def format_options(names: Iterable[str], text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add `--format`, and for `json` and `summary` an option of their own: the command gets `format_name`.

    Args:
        names: the formats, the usual one first.
        text: what they are.
    """
    known = list(names)
    shortcuts = [name for name in _SHORTCUTS if name in known]
    chosen = click.option(
        "--format", "format_name", type=click.Choice(known), default=known[0], show_default=True, help=text
    )
    flags = [click.option(f"--{name}", f"is_{name}", is_flag=True, help=_SHORTCUTS[name]) for name in shortcuts]

    def add(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def command(*, format_name: str, **arguments: Any) -> None:
            for name in [name for name in shortcuts if arguments.pop(f"is_{name}")]:
                if format_name != name:
                    refuse_options(f"and --{name} cannot be used together.", *_CHOICES - {f"is_{name}"})
                format_name = name
            function(format_name=format_name, **arguments)

        return add_options(command, chosen, *flags)

    return add


def unique(option: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what a repeatable option says of each name.

    Raises:
        SettingError: it says two things of one.
    """
    values: dict[str, str] = {}
    for name, value in pairs:
        if values.setdefault(name, value) != value:
            raise SettingError(f"{option} gives two values for {name}", hint="give one")
    return values


def _with_values(params: Sequence[click.Parameter], args: Sequence[str]) -> list[str]:
    bare = {opt: f"{opt}={param.bare}" for param in params if isinstance(param, OptionalValue) for opt in param.opts}
    end = args.index("--") if "--" in args else len(args)
    return [*(bare.get(arg, arg) for arg in args[:end]), *args[end:]]


def _check_once(order: Sequence[click.Parameter]) -> None:
    for param, times in Counter(order).items():
        if times > 1 and isinstance(param, click.Option) and not _may_repeat(param):
            raise SettingError(f"{_name(param)} can be given only once, not {times} times", hint="give it once")


def _may_repeat(option: click.Option) -> bool:
    return option.multiple or option.count or (option.is_flag and not option.secondary_opts)


def _check_texts(params: Sequence[click.Parameter], given: Mapping[str, Any]) -> None:
    for param in params:
        text = given.get(param.name or "")
        if text == "" or (isinstance(text, list | tuple) and "" in text):
            raise SettingError(f"{_name(param)} is empty", hint="leave it out, or give it a value")


def _check_outputs(ctx: click.Context) -> None:
    """Make sure that what is written is not what is read, nor written a second time.

    Pages are looked at by whoever reads them: one may be a report of an earlier run.

    Raises:
        click.UsageError: it is.
    """
    params = [param for param in ctx.command.params if isinstance(param.type, File) and param.nargs == 1]
    named = {param: file for param in params if (file := ctx.params.get(param.name or "")) and file != STDIN}
    for output, file in named.items():
        if isinstance(output.type, OutputFile):
            others = {_short(param): other for param, other in named.items() if param is not output}
            refuse_output(file, others | read_project(), _short(output))


def refuse_output(output: str, others: Mapping[str, str], option: str = "-o") -> None:
    """Refuse to write over a file that is read, or written too.

    Args:
        output: the file to write.
        others: those files, by what messages call them.
        option: what names the output.

    Raises:
        click.UsageError: the output is one of them.
    """
    from snippetkit import files

    for name, file in others.items():
        if files.is_same(output, file):
            raise click.UsageError(f"{option} and {name} name the same file; give {option} another one.")


def _short(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else _name(param).removesuffix("|-")


def _name(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        return "/".join(sorted(param.opts, key=len))
    return param.make_metavar(click.get_current_context()).strip("[].")
