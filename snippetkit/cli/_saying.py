"""What is said: messages on stderr, as loud as is wanted, and what a command is for on stdout."""

from __future__ import annotations

import sys

import click

from snippetkit.cli import _terminal

_LOUDNESS = "snippetkit.loudness"


def _loudness_option(*names: str, loudness: int, text: str) -> click.Option:
    def keep(context: click.Context, param: click.Parameter, is_given: int) -> None:
        if is_given and context.meta.setdefault(_LOUDNESS, loudness) != loudness:
            raise click.UsageError("--quiet and --verbose cannot be used together.")

    return click.Option(names, count=True, expose_value=False, callback=keep, help=text)


LOUDNESS_OPTIONS = (
    _loudness_option("-q", "--quiet", loudness=-1, text="Print only errors and warnings on stderr."),
    _loudness_option("-v", "--verbose", loudness=1, text="Print more on stderr: each request, each file."),
)


def loudness() -> int:
    """Return how much is said on stderr: -1 what went wrong, 0 what there is to know, 1 also what is done."""
    context = click.get_current_context(silent=True)
    return int(context.meta.get(_LOUDNESS, 0)) if context else 0


def warn(text: object) -> None:
    """Print on stderr what went wrong."""
    _terminal.make_way()
    click.echo(_terminal.styled(str(text), sys.stderr), err=True, color=_terminal.takes_colour(sys.stderr))


def say(text: object) -> None:
    """Print on stderr what there is to know, unless that is not wanted."""
    if loudness() >= 0:
        warn(text)


def detail(text: object) -> None:
    """Print on stderr what is being done, where that is wanted."""
    if loudness() > 0:
        warn(text)


def put(content: object, *, nl: bool = True) -> None:
    """Print on stdout, a text or bytes."""
    _write(content if isinstance(content, bytes) else str(content), nl=nl)


def put_verdicts(lines: str) -> None:
    """Print lines on stdout, on a terminal the verdicts that they begin with in colour."""
    _write(_terminal.styled(lines, sys.stdout), nl=True)


def put_diff(diff: bytes) -> None:
    """Print a diff on stdout, on a terminal in colour."""
    _write(_terminal.styled_diff(diff, sys.stdout), nl=False)


def _write(content: str | bytes, *, nl: bool) -> None:
    if sys.stdout.isatty():
        _terminal.make_way()
    click.echo(content, nl=nl, color=_terminal.takes_colour(sys.stdout))
    _terminal.begin("\n" if nl else content)
