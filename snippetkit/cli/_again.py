"""`--since` a document of an earlier run, `--only-changed` since a commit: only what has changed is loaded again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit import schemas, work
from snippetkit.cli._command import add_options
from snippetkit.cli._paths import File
from snippetkit.cli._progress import show_step
from snippetkit.cli._texts import name_of, read_data
from snippetkit.errors import FileError, SettingError, why_not_json
from snippetkit.work import Earlier, NamedPage

if TYPE_CHECKING:
    from snippetkit.browser import Verdict

_OPTIONS = (
    click.option(
        "--since",
        metavar="FILE",
        type=File(),
        help="Load only pages that have changed since an earlier run, whose --json this is, or were wrong in it; the "
        "other verdicts are carried over.",
    ),
    click.option(
        "--only-changed",
        metavar="REF",
        help="Load only pages that differ from those in this commit or branch of git.",
    ),
)
_MAKE_ONE = "give what 'snippetkit verify --json' printed"
_MEMBERS = ("path", "javascript", "fired", "expected", "faults", "notes")


class Again(NamedTuple):
    """What is known already: the document of an earlier run, or a revision of git."""

    since: str | None = None
    revision: str | None = None

    def earlier(self) -> Earlier:
        """Return the verdicts of the earlier run.

        Raises:
            FileError, SettingError: the document cannot be read, or is none.
        """
        return _read(self.since) if self.since is not None else {}

    def split(self, pages: Sequence[NamedPage]) -> tuple[Sequence[NamedPage], Sequence[NamedPage]]:
        """Return the pages to load, and those that have not changed since the revision.

        Raises:
            SettingError: git cannot tell.
        """
        if self.revision is None:
            return pages, ()
        show_step("asking git")
        return work.split_unchanged(pages, self.revision)


def again_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--since` and `--only-changed`: the command gets them as `again`."""

    @wraps(function)
    def command(*, since: str | None, only_changed: str | None, **arguments: Any) -> None:
        if since is not None and only_changed is not None:
            raise click.UsageError("--since and --only-changed cannot be used together.")
        function(again=Again(since, only_changed), **arguments)

    return add_options(command, *_OPTIONS)


def refuse_urls(again: Again, paths: Sequence[str]) -> None:
    """Refuse to look for changes at URLs.

    Raises:
        click.UsageError: a URL is among the paths.
    """
    for option, given in (("--since", again.since), ("--only-changed", again.revision)):
        if given is not None and any("://" in path for path in paths):
            raise click.UsageError(
                f"{option} is for files: whether a page at a URL has changed is only known once it is loaded."
            )


def _read(file: str) -> Earlier:
    import json

    try:
        document = json.loads(read_data(file))
    except (ValueError, RecursionError) as error:
        raise FileError(f"{name_of(file)} is not JSON: {why_not_json(error)}", hint=_MAKE_ONE) from error
    try:
        if document["version"] != schemas.version("verify"):
            message = f"{name_of(file)} has version {document['version']!r}, and not {schemas.version('verify')}"
            raise SettingError(message, hint="run 'snippetkit verify --json' again")
        visits = [visit for visit in document["visits"] if visit.get("digest")]
        return {(visit["path"], visit["javascript"]): _verdict(visit) for visit in visits}
    except (AttributeError, KeyError, TypeError) as error:
        raise FileError(f"{name_of(file)} is not a document of 'snippetkit verify --json'", hint=_MAKE_ONE) from error


def _verdict(visit: Mapping[str, Any]) -> Verdict:
    """What `--json` says of a visit, as it was.

    Raises:
        AttributeError, KeyError, TypeError: it is not that.
    """
    from snippetkit.browser import Expected, Fault, Fired, Observed, Verdict

    path, javascript, fired, expected, faults, notes = (visit[name] for name in _MEMBERS)
    events = tuple(Fired(**{name: one[name] for name in Fired._fields if name in one}) for one in fired)
    observed = Observed(str(path), bool(javascript), "", events, notes=tuple(notes))
    origins = tuple((str(one["by"]), one["line"]) for one in fired)
    told = tuple(Expected(**one) for one in expected)
    return Verdict(observed, told, tuple(Fault(**one) for one in faults), str(visit["digest"]), origins)
