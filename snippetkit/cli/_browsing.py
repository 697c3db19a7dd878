"""The options that say how pages are looked at in a browser, and the pages that paths stand for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from snippetkit import work
from snippetkit.cli._command import add_options, refuse_options
from snippetkit.cli._output import printable
from snippetkit.cli._paths import File
from snippetkit.cli._progress import show_step
from snippetkit.cli._saying import warn
from snippetkit.errors import SettingError, why_not_json
from snippetkit.terms import STDIN

if TYPE_CHECKING:
    from snippetkit.cli._texts import Paths
    from snippetkit.errors import FileError
    from snippetkit.work import Browsing, NamedPage


class _Seconds(click.FloatRange):
    """A number within bounds; `nan`, which is within all of them, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if seconds != seconds:
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return seconds


_MODES = (
    click.option("--no-js", is_flag=True, help="Load the pages without JavaScript."),
    click.option("--both", is_flag=True, help="Load each page twice: with JavaScript, and without."),
)
_OPTIONS = (
    click.option("--csp", metavar="POLICY", default="", help="Serve the files with this Content-Security-Policy."),
    click.option(
        "--consent", type=click.Choice(["grant", "withhold"]), help="What the visitor answers when asked for consent."
    ),
    click.option(
        "--event", "event_name", metavar="NAME", help="Push this event to the data layer once the page is loaded."
    ),
    click.option("--data", metavar="JSON", help="The event's other fields, as a JSON object."),
    click.option(
        "--as-visitor",
        is_flag=True,
        help="Hide from the pages' scripts that the browser is automated; for your own pages.",
    ),
    click.option("--live", is_flag=True, help="Let everything through: real pages, loaders and events."),
    click.option(
        "--browser", metavar="FILE", type=File(), envvar="SNIPPETKIT_BROWSER", show_envvar=True, help="The browser."
    ),
    click.option(
        "--timeout",
        "timeout_s",
        type=_Seconds(0.1, 600),
        default=15.0,
        show_default=True,
        help="Give up on a page that has not loaded after this many seconds.",
    ),
)


def browsing_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how pages are looked at: the command gets them as one `Browsing`."""

    @wraps(function)
    def command(no_js: bool, both: bool, **arguments: Any) -> None:
        if no_js and both:
            raise click.UsageError("--no-js and --both cannot be used together.")
        if no_js:
            refuse_options("cannot be used with --no-js: without JavaScript a page pushes no event.", "event_name")
            refuse_options("cannot be used with --no-js: without JavaScript a page asks nothing.", "as_visitor")
        _call(function, (True, False) if both else (not no_js,), arguments)

    return add_options(command, *_MODES, *_OPTIONS)


def both_modes_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that always looks at a page with JavaScript and without."""

    @wraps(function)
    def command(**arguments: Any) -> None:
        _call(function, (True, False), arguments)

    return add_options(command, *_OPTIONS)


def _call(function: Callable[..., None], modes: tuple[bool, ...], arguments: dict[str, Any]) -> None:
    names = ("csp", "consent", "event_name", "data", "as_visitor", "live", "browser", "timeout_s")
    csp, consent, event_name, data, as_visitor, live, browser, timeout_s = (arguments.pop(name) for name in names)
    events = _events(event_name, data)
    browsing = work.Browsing(modes, _policy(csp), consent, events, live, browser, timeout_s, as_visitor=as_visitor)
    function(browsing=browsing, **arguments)


def _policy(text: str) -> str:
    """A policy on one line, as a header has it; files have it on several."""
    policy = " ".join(text.split())
    if not (policy.isascii() and policy.isprintable()):
        raise SettingError("--csp has a character that a policy cannot have", hint="such as \"default-src 'self'\"")
    return policy


def _events(name: str | None, data: str | None) -> tuple[str, ...]:
    """The script that pushes an event, if there is one."""
    import json

    if name is None:
        if data is not None:
            raise click.UsageError("--data needs --event.")
        return ()
    try:
        fields = json.loads(data or "{}")
    except (ValueError, RecursionError) as error:
        hint = """such as '{"value": 19.99}'"""
        raise SettingError(f"--data is not JSON: {why_not_json(error)}", hint=hint) from error
    if not isinstance(fields, dict):
        raise SettingError("--data is not a JSON object", hint="""such as '{"value": 19.99}'""")
    pushed = json.dumps({"event": name} | fields)
    return (f"(window.dataLayer = window.dataLayer || []).push({pushed})",)


def verify_options(text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add `--verify` and `--browser`, for a command that looks at what it wrote: it gets `is_verified` and `browser`.

    Args:
        text: what `--verify` does.
    """
    options = (
        click.option("--verify", "is_verified", is_flag=True, help=text),
        click.option(
            "--browser",
            metavar="FILE",
            type=File(),
            envvar="SNIPPETKIT_BROWSER",
            show_envvar=True,
            help="The one for --verify.",
        ),
    )

    def add(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def command(*, is_verified: bool, **arguments: Any) -> None:
            if not is_verified:
                refuse_options("needs --verify.", "browser")
            function(is_verified=is_verified, **arguments)

        return add_options(command, *options)

    return add


def find_pages(paths: Paths, browsing: Browsing) -> tuple[list[NamedPage], list[FileError]]:
    """Return the pages, each once and in order, and what failed, which is also told on stderr.

    Raises:
        SettingError: a URL is not one, or must not be visited.
    """
    if STDIN in paths.paths:
        raise click.UsageError("A page from stdin has no address; name its file.")
    if store := paths.in_store():
        raise click.UsageError(f"{store} is in an object store, which a browser cannot open: give the site's URL.")
    if browsing.csp and any("://" in path for path in paths.paths):
        raise click.UsageError("--csp is for files: a URL has its own policy.")
    failed: list[FileError] = []
    show_step("finding the pages")

    def fail(error: FileError) -> None:
        failed.append(error)
        warn(printable(f"failed: {error}"))

    return work.find_pages(paths.paths, paths.selection(), browsing, fail), failed
