"""How pages are looked at in a browser: which, with what, and what they are expected to fire."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import click

from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from snippetkit.browser import Expected, Visit

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_GET_ONE = "install one (Debian: apt install chromium), or name its program with --browser"
_GET_PLAYWRIGHT = "pip install 'snippetkit[verify]'"
_EXPECTED = ("pixel", "event", "value", "currency")
_MODES = (
    click.option("--no-js", is_flag=True, help="Load the pages without JavaScript."),
    click.option("--both", is_flag=True, help="Load each page twice: with JavaScript, and without."),
)
_OPTIONS = (
    click.option("--csp", metavar="POLICY", default="", help="Serve the files with this Content-Security-Policy."),
    click.option(
        "--consent", type=click.Choice(["grant", "withhold"]), help="What the visitor says when the page asks."
    ),
    click.option("--event", "event_name", metavar="NAME", help="Push this event to the data layer of the loaded page."),
    click.option("--data", metavar="JSON", help="What else the event has, an object."),
    click.option("--live", is_flag=True, help="Let everything through: real pages, real loaders, real events."),
    click.option("--browser", metavar="FILE", envvar="SNIPPETKIT_BROWSER", show_envvar=True, help="The browser."),
    click.option(
        "--timeout",
        "timeout_s",
        type=click.FloatRange(0.1, 600),
        default=15.0,
        show_default=True,
        help="Seconds until a page that does not end to load is given up.",
    ),
)


class Browsing(NamedTuple):
    """How pages are looked at, as it was asked for."""

    modes: tuple[bool, ...] = (True,)
    csp: str = ""
    consent: str | None = None
    events: tuple[str, ...] = ()
    is_live: bool = False
    browser: str | None = None
    timeout_s: float = 15.0

    def executable(self) -> str:
        """Return the browser's program.

        Raises:
            SettingError: there is none, or nothing that drives it.
        """
        from importlib.util import find_spec

        if find_spec("playwright") is None:
            raise SettingError("playwright is not installed, which drives the browser", hint=_GET_PLAYWRIGHT)
        if self.browser is not None:
            found = shutil.which(self.browser)
            if found is None:
                raise SettingError(f"{self.browser} is no program", hint=_GET_ONE)
            return found
        for name in _BROWSERS:
            if found := shutil.which(name):
                return found
        raise SettingError("no Chromium here", hint=_GET_ONE)

    @contextmanager
    def serving(
        self, pages: Sequence[tuple[str, str]], *, with_screenshot: bool = False, with_thumbnail: bool = False
    ) -> Iterator[list[Visit]]:
        """Serve what is a file, and give the visits of all pages.

        Args:
            pages: for each page its path or URL, and the folder that is the site's root, empty for a URL.
            with_screenshot: take one of each.
            with_thumbnail: take a small picture of each.
        """
        from snippetkit.browser import Visit, consent_script, path_in_url, serving

        with ExitStack() as stack:
            roots = dict.fromkeys(root for _, root in pages if root)
            urls = {root: stack.enter_context(serving(Path(root), self.csp)) for root in roots}
            scripts = (consent_script(granted=self.consent == "grant"),) if self.consent else ()
            yield [
                Visit(
                    path,
                    f"{urls[root]}/{path_in_url(Path(path).relative_to(root))}" if root else path,
                    javascript,
                    scripts,
                    self.events if javascript else (),
                    self.is_live,
                    with_screenshot,
                    with_thumbnail,
                    self.timeout_s,
                )
                for path, root in pages
                for javascript in self.modes
            ]


def browsing_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how pages are looked at: the command gets them as one `Browsing`."""

    @wraps(function)
    def command(no_js: bool, both: bool, **arguments: Any) -> None:
        if no_js and both:
            raise click.UsageError("Give --no-js or --both.")
        _call(function, (True, False) if both else (not no_js,), arguments)

    return _add(command, *_MODES, *_OPTIONS)


def both_modes_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that always looks at a page with JavaScript and without."""

    @wraps(function)
    def command(**arguments: Any) -> None:
        _call(function, (True, False), arguments)

    return _add(command, *_OPTIONS)


def _call(function: Callable[..., None], modes: tuple[bool, ...], arguments: dict[str, Any]) -> None:
    names = ("csp", "consent", "event_name", "data", "live", "browser", "timeout_s")
    csp, consent, event_name, data, live, browser, timeout_s = (arguments.pop(name) for name in names)
    events = _events(event_name, data)
    function(browsing=Browsing(modes, csp, consent, events, live, browser, timeout_s), **arguments)


def _add(command: Callable[..., None], *options: Callable[..., Any]) -> Callable[..., None]:
    for option in reversed(options):
        command = option(command)
    return command


def _events(name: str | None, data: str | None) -> tuple[str, ...]:
    """The script that pushes an event, if there is one."""
    if name is None:
        if data is not None:
            raise click.UsageError("--data goes with --event.")
        return ()
    try:
        fields = json.loads(data or "{}")
    except (ValueError, RecursionError) as error:
        raise SettingError(f"--data is not JSON: {error}", hint="""such as '{"value": 19.99}'""") from error
    if not isinstance(fields, dict):
        raise SettingError("--data is no JSON object", hint="""such as '{"value": 19.99}'""")
    pushed = json.dumps({"event": name} | fields)
    return (f"(window.dataLayer = window.dataLayer || []).push({pushed})",)


def read_expected(texts: Sequence[str]) -> list[Expected] | None:
    """Return what `--expect` says, one event a text, or None where there is none.

    Raises:
        SettingError: a text is not what it should be.
    """
    return [_expected(text) for text in texts] or None


def _expected(text: str) -> Expected:
    from snippetkit.browser import Expected

    fields = dict(part.partition("=")[::2] for part in text.split(","))
    for name in (name for name in fields if name not in _EXPECTED):
        raise SettingError(f"--expect has no {name[:60]!r}", hint="such as pixel=123,value=19.99,currency=USD")
    pixel_id = fields.get("pixel", "")
    if not pixel_id.isdecimal():
        raise SettingError(f"--expect {text[:60]!r} names no pixel", hint="such as pixel=123,value=19.99")
    return Expected(pixel_id, fields.get("event"), fields.get("value"), fields.get("currency"))


def check_url(url: str, browsing: Browsing) -> None:
    """Make sure that nothing leaves the machine that is not meant to."""
    try:
        parts = urlsplit(url)
        is_page = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_page = False
    if not is_page:
        raise SettingError(f"{url!r} is no URL of a page", hint="http or https, such as https://shop.example/thanks")
    if not browsing.is_live and parts.hostname not in _LOOPBACK:
        raise SettingError(f"{parts.hostname} is another machine", hint="--live lets the browser reach it")
