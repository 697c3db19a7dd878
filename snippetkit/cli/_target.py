"""Which format an export has, into what it is merged, and the time that it says."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit import exports
from snippetkit.cli._source import name_of
from snippetkit.cli._texts import STDIN, read_text
from snippetkit.errors import SettingError
from snippetkit.terms import OnConflict

if TYPE_CHECKING:
    from datetime import datetime

    from snippetkit.containers import ContainerTag, Export

_FORMATS = exports.names()
_BUNDLE = "bundle"
_TARGET_OPTIONS = (
    click.argument("format_name", metavar=f"[{'|'.join(_FORMATS)}]", type=click.Choice(_FORMATS)),
    click.option("-o", "--output", metavar="FILE", default="-", help="The file to write; stdout by default."),
    click.option("--into", metavar="FILE", help="Merge the tags into this export of your own container."),
    click.option(
        "--on-conflict",
        type=click.Choice([choice.value for choice in OnConflict]),
        help="With --into: what becomes of an item whose name is taken there.  [default: fail]",
    ),
    click.option(
        "--format",
        "formats",
        multiple=True,
        type=click.Choice([name for name in _FORMATS if name != _BUNDLE]),
        help="A format that a bundle holds; all by default.",
    ),
)


class Target(NamedTuple):
    """The format and its options, as they were given."""

    format_name: str
    into: str | None
    on_conflict: str | None
    formats: tuple[str, ...]

    def check(self, output: str, *others: str | None) -> None:
        """Make sure that the options go together.

        Args:
            output: the file to write.
            others: the other files that are read.
        """
        if self.into == STDIN and STDIN in others:
            raise click.UsageError("--into and another file cannot both be read from stdin.")
        if self.formats and self.format_name != _BUNDLE:
            raise click.UsageError("--format is for a bundle.")
        if self.on_conflict and self.into is None:
            raise click.UsageError("--on-conflict goes with --into.")
        if self.into is not None and not exports.find(self.format_name).MERGES:
            raise click.UsageError(f"--into is not for {self.format_name}.")
        if self.format_name == _BUNDLE and output == "-" and _is_terminal():
            raise click.UsageError("A bundle is a zip: give -o FILE.")

    def export(self, tags: Sequence[ContainerTag]) -> Export:
        """Return the file that holds the tags.

        Raises:
            SnippetkitError: it cannot hold them.
        """
        from snippetkit.containers import Options

        made_at = _made_at()
        existing = None if self.into is None else read_text(self.into)
        on_conflict = OnConflict(self.on_conflict or OnConflict.FAIL)
        try:
            return exports.find(self.format_name).export(tags, Options(made_at, existing, on_conflict, self.formats))
        except SettingError as error:
            if self.into is None:
                raise
            raise SettingError(f"{name_of(self.into)}: {error}", hint=error.hint) from error


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _made_at() -> datetime:
    """The time that the file says: SOURCE_DATE_EPOCH's, or a fixed one, so that the same input gives the same bytes.

    The variable is that of the Reproducible Builds specification.
    """
    from datetime import UTC, datetime

    from snippetkit.containers import Options

    text = os.environ.get("SOURCE_DATE_EPOCH")
    if text is None:
        return Options().made_at
    with suppress(ValueError, OverflowError, OSError):
        if re.fullmatch("[0-9]+", text):
            return datetime.fromtimestamp(int(text), UTC)
    raise SettingError(f"SOURCE_DATE_EPOCH is {text!r}, no number of seconds since 1970")


def target_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the format and what belongs to it: the command gets them as one `Target`, and `output`."""

    @wraps(function)
    def command(
        format_name: str, into: str | None, on_conflict: str | None, formats: tuple[str, ...], **arguments: Any
    ) -> None:
        function(target=Target(format_name, into, on_conflict, formats), **arguments)

    for option in reversed(_TARGET_OPTIONS):
        command = option(command)
    return command
