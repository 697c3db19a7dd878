"""Which pages are looked at in a browser, in which browser, and how."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import FileError, SettingError
from snippetkit.work.browsers import find_browser

if TYPE_CHECKING:
    from snippetkit.browser import Visit
    from snippetkit.files import Selection

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_GET_ONE = (
    "install Chromium, Chrome or Edge (Debian: apt install chromium-headless-shell), or name its program with --browser"
)

NamedPage = tuple[str, str]
"""A page's path or URL, and the folder that is the root of its site, empty for a URL."""


class Browsing(NamedTuple):
    """How pages are looked at.

    `modes` says for each visit of a page whether JavaScript runs. `csp` is the policy that files are served with.
    `consent` is what the visitor says, `grant` or `withhold`, None for nothing. `events` are scripts that run once the
    page is loaded. `is_live` lets everything through. `browser` is the program, None for one that is installed.
    `as_visitor` hides from pages that the browser is driven. `start` is the page, of the same site, from which each is
    reached by a click, None where it is loaded at once.
    """

    modes: tuple[bool, ...] = (True,)
    csp: str = ""
    consent: str | None = None
    events: tuple[str, ...] = ()
    is_live: bool = False
    browser: str | None = None
    timeout_s: float = 15.0
    with_screenshot: bool = False
    with_thumbnail: bool = False
    as_visitor: bool = False
    start: str | None = None

    def executable(self) -> str:
        """Return the browser's program.

        Raises:
            SettingError: there is none.
        """
        import shutil

        if program := find_browser() if self.browser is None else shutil.which(self.browser):
            return program
        reason = "no Chromium found" if self.browser is None else f"{self.browser} is not a program"
        raise SettingError(reason, hint=_GET_ONE)

    def _start(self, root: str, url: str, path: str) -> str:
        """The URL from which a page is reached.

        Raises:
            SettingError: it is not there, or on another site.
        """
        from snippetkit.browser import path_in_url

        named = Path(self.start or "")
        if root and named.is_file() and named.resolve().is_relative_to(Path(root).resolve()):
            return f"{url}/{path_in_url(named.resolve().relative_to(Path(root).resolve()))}"
        if not root and (self.start or "").split("/")[:3] == path.split("/")[:3]:
            return self.start or ""
        if "://" not in (self.start or "") and not named.exists():
            raise SettingError(f"{self.start} does not exist", hint="name a page that links to the others")
        raise SettingError(f"{self.start} is not a page of the site of {path}", hint="name one that links to it")

    def check_url(self, url: str) -> None:
        """Make sure that only what is meant to leaves the machine.

        Raises:
            SettingError: a URL is not one, or must not be visited.
        """
        from urllib.parse import urlsplit

        try:
            parts = urlsplit(url)
            is_page = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_page = False
        if not is_page:
            raise SettingError(f"{url!r} is not a page URL", hint="http or https, such as https://shop.example/thanks")
        if not self.is_live and parts.hostname not in _LOOPBACK:
            raise SettingError(f"{parts.hostname} is another machine", hint="--live lets the browser reach it")

    @contextmanager
    def serving(self, pages: Sequence[NamedPage]) -> Iterator[list[Visit]]:
        """Serve the files among the pages, and give the visits of all pages."""
        from snippetkit.browser import serving

        with ExitStack() as stack:
            named: dict[str, set[Path]] = {}
            for path, root in pages:
                if root:
                    named.setdefault(root, set()).add(Path(path))
            urls = {root: stack.enter_context(serving(Path(root), self.csp, named[root])) for root in named}
            yield [*self._visits(pages, urls)]

    def _visits(self, pages: Sequence[NamedPage], urls: Mapping[str, str]) -> Iterator[Visit]:
        """The visits of pages whose folders are served at these URLs.

        Raises:
            SettingError: a page cannot be reached from `start`.
        """
        from snippetkit.browser import Visit, consent_script, path_in_url, visitor_script, waking_script

        hiding = (visitor_script(),) if self.as_visitor else ()
        scripts = (*hiding, *((consent_script(granted=self.consent == "grant"),) if self.consent else ()))
        waking = waking_script() if self.consent == "grant" else ""
        split = [(path, "", root) if root else (*split_login(path), root) for path, root in pages]
        if self.start and any(login for _, login, _ in (*split, (*split_login(self.start), ""))):
            raise SettingError("no walk leads to a page behind a password", hint="leave --navigate out")
        for path, authorization, root in split:
            size = _size(path) if root else 0
            for javascript in self.modes:
                yield Visit(
                    path,
                    f"{urls[root]}/{path_in_url(Path(path).relative_to(root))}" if root else path,
                    javascript,
                    scripts,
                    self.events if javascript else (),
                    self.is_live,
                    self.with_screenshot,
                    self.with_thumbnail and (javascript or True not in self.modes),  # one of each page
                    self.timeout_s,
                    waking if javascript else "",
                    start=self._start(root, urls.get(root, ""), path) if self.start else "",
                    authorization=authorization,
                    size=size,
                )


def _size(path: str) -> int:
    """The bytes that a file has, 0 where it is gone, which its server will tell of."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - of thousands
    except OSError:
        return 0


def split_login(url: str) -> tuple[str, str]:
    """Return a URL without the user and the password in it, and the header that tells a server of them, or nothing."""
    from base64 import b64encode
    from urllib.parse import unquote_to_bytes, urlsplit

    parts = urlsplit(url)
    login, is_there, host = parts.netloc.rpartition("@")
    if not is_there:
        return url, ""
    name, _, password = map(unquote_to_bytes, login.partition(":"))
    told = b64encode(name + b":" + password).decode()
    return parts._replace(netloc=host).geturl(), f"Basic {told}"


def find_pages(
    named: Sequence[str], selection: Selection, browsing: Browsing, failed: Callable[[FileError], None]
) -> list[NamedPage]:
    """Return the pages that files, folders and URLs stand for, each once and in order.

    Args:
        named: paths and URLs.
        selection: which files below folders are meant.
        browsing: says whether other machines may be reached.
        failed: is told what cannot be read.

    Raises:
        SettingError: a URL is not one, or must not be visited.
    """
    pages: dict[str, str] = {}
    for name in named:
        for path, root in _below(name, selection, browsing, failed):
            pages.setdefault(path, root)
    return list(pages.items())


def _below(
    name: str, selection: Selection, browsing: Browsing, failed: Callable[[FileError], None]
) -> Iterator[NamedPage]:
    from snippetkit import files

    if "://" in name:
        browsing.check_url(name)
        yield name, ""
        return
    root = next(folder for folder in (Path(name), *Path(name).parents) if folder.is_dir())
    paths = (file.path for file in files.walk([name], failed, selection))
    yield from ((path, str(root)) for path in paths if _can_be_read(path, failed))


def _can_be_read(path: str, failed: Callable[[FileError], None]) -> bool:
    from snippetkit import files

    try:
        with files.read_file(path) as page:
            files.check_is_text(path, page.head, takes_utf16=True)
            return True
    except FileError as error:
        failed(error)
        return False
