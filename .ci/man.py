"""Make `man/snippetkit.1` anew, from what the commands and the README say: `.venv/bin/python .ci/man.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from snippetkit import __version__
from snippetkit.cli import root
from snippetkit.cli._project import told_of_project

HERE = Path(__file__).parent.parent
PAGE = HERE / "man" / "snippetkit.1"
SECRETS = {
    "SNIPPETKIT_ACCESS_TOKEN": "The access token of the live API.",
    "SNIPPETKIT_APP_SECRET": "The secret of the app, where that wants it proven.",
}  # options of no command, since a process's arguments are seen by everybody
_EXIT_CODE = re.compile(r"^\| (\d+) \| (.*) \|$", re.MULTILINE)


def make() -> str:
    """Return the manual page: every command with its options, the variables that set options, and the exit codes."""
    top = click.Context(root, info_name="snippetkit")
    commands = [*_commands(top)]
    lines = [f'.TH SNIPPETKIT 1 "" "snippetkit {__version__}"', ".SH NAME", "snippetkit \\- " + _purpose(top)]
    lines += [".SH SYNOPSIS", ".B snippetkit", "COMMAND [OPTIONS] [ARGUMENTS]", ".SH DESCRIPTION", *_help(top)]
    lines += [".SH COMMANDS", *(line for context in commands for line in _command(context))]
    lines += [".SH ENVIRONMENT", *_variables(commands)]
    lines += [".SH EXIT STATUS", *_exit_codes((HERE / "README.md").read_text("utf-8"))]
    return "\n".join(lines) + "\n"


def _commands(context: click.Context) -> Iterator[click.Context]:
    """Each command that is no group, in the order of the help."""
    if not isinstance(context.command, click.Group):
        yield context
        return
    for name in context.command.list_commands(context):
        command = context.command.get_command(context, name)
        if command is not None and not command.hidden:
            yield from _commands(click.Context(command, info_name=name, parent=context))


def _purpose(context: click.Context) -> str:
    return _escaped((context.command.help or "").partition("\n")[0].rstrip("."))


def _command(context: click.Context) -> list[str]:
    usage = " ".join(context.command.collect_usage_pieces(context))
    options = [param for param in context.command.params if isinstance(param, click.Option) and not param.hidden]
    return [
        f'.SS "{_escaped(context.command_path)} {_escaped(usage)}"',
        *_help(context),
        *([".PP", _escaped(told)] if (told := told_of_project(context)) else []),
        *(line for option in options for line in _option(option, context)),
    ]


def _option(option: click.Option, context: click.Context) -> list[str]:
    names, text = option.get_help_record(context) or ("", "")
    return [".TP", f"\\fB{_escaped(names)}\\fR", _escaped(" ".join(text.split()))]


def _help(context: click.Context) -> list[str]:
    """The paragraphs of a command's help; those that click leaves as they are stay so here."""
    lines = []
    for paragraph in cleandoc(context.command.help or "").split("\n\n"):
        keeps_lines = paragraph.startswith("\b")
        text = _escaped(paragraph.removeprefix("\b").strip("\n"))
        lines += [".nf", text, ".fi"] if keeps_lines else [".PP", text.replace("\n", " ")]
    return lines


def _variables(commands: list[click.Context]) -> list[str]:
    set_by: dict[str, set[str]] = {}
    for context in commands:
        for option in context.command.params:
            if isinstance(option.envvar, str):
                set_by.setdefault(option.envvar, set()).add(max(option.opts, key=len))
    texts = SECRETS | {name: f"The same as {', '.join(sorted(options))}." for name, options in set_by.items()}
    return [line for name in sorted(texts) for line in (".TP", f"\\fB{name}\\fR", _escaped(texts[name]))]


def _exit_codes(readme: str) -> list[str]:
    table = readme.partition("\n## Exit codes\n")[2]
    return [line for code, text in _EXIT_CODE.findall(table) for line in (".TP", code, _escaped(text.replace("`", "")))]


def _escaped(text: str) -> str:
    """Return what troff prints as this text: a dash stays one that can be copied, no line is an instruction."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE).replace('"', "\\(dq")


if __name__ == "__main__":
    PAGE.write_text(make(), "utf-8")
