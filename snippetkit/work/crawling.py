"""The pages of a site that links lead to: of one origin, as far as robots.txt lets, and no more than was said."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

from snippetkit.errors import NetworkError, SettingError
from snippetkit.work.links import HTML, find_links
from snippetkit.work.robots import NOTHING, Robots, read_robots
from snippetkit.work.web import AGENT, Get, Origin, WebAnswer, asking, origin_of

_MOST_BYTES = 20_000_000
_LONGEST_DELAY_S = 10.0


class Bounds(NamedTuple):
    """How far a crawl goes: how many pages at most, and how many links from a page that was named."""

    pages: int
    depth: int


class Crawled(NamedTuple):
    """The pages, in the order of their discovery, and what else there is to know: a sentence each."""

    pages: tuple[str, ...]
    notes: tuple[str, ...]


def crawl(starts: list[str], bounds: Bounds, check: Callable[[str], None], timeout_s: float) -> Crawled:
    """Return the pages that links lead to from these, which are the first; links that scripts make are not seen.

    Args:
        starts: URLs.
        bounds: how far.
        check: raises an error where a URL must not be asked for.
        timeout_s: how long a server has for an answer.

    Raises:
        NetworkError: a server does not answer, or a page that was named is not there.
        SettingError: by `check`; or robots.txt forbids a page that was named.
    """
    origins = {origin_of(url) for url in starts}

    def check_is_here(url: str) -> None:
        check(url)
        if origin_of(url) not in origins:
            raise _LeftError(f"the server sends visitors on to {url}", hint="name that URL")

    with asking(check_is_here, _MOST_BYTES, timeout_s, is_live=True) as get:
        return _Crawl(get, bounds, origins).go(starts)


class _LeftError(SettingError):
    """A redirect leads to another site."""


class _Crawl:
    def __init__(self, get: Get, bounds: Bounds, origins: set[Origin]) -> None:
        self._get = get
        self._origins = origins
        self._bounds = bounds
        self._robots: dict[Origin, Robots] = {}
        self._forbidden: set[str] = set()
        self._lost: set[str] = set()
        self._left: set[str] = set()
        self._far: set[str] = set()
        self._pages: dict[str, None] = {}
        self._is_cut = False

    def go(self, starts: list[str]) -> Crawled:
        waiting = deque((urldefrag(url).url, 0) for url in dict.fromkeys(starts))
        known = {url for url, _ in waiting}
        while waiting:
            url, depth = waiting.popleft()
            if len(self._pages) >= self._bounds.pages:
                self._is_cut = True
                break
            for link in self._links(url, is_named=depth == 0):
                if link not in known:
                    known.add(link)
                    if depth < self._bounds.depth:
                        waiting.append((link, depth + 1))
                    else:
                        self._far.add(link)
        self._left -= known
        return Crawled(tuple(self._pages), tuple(self._notes()))

    def _links(self, url: str, *, is_named: bool) -> Iterator[str]:
        """Take a page, if it is one that may be taken, and yield where its links lead."""
        robots = self._robots_of(url)
        if not robots.allows(url):
            if is_named:
                fails = ", since it cannot be had" if robots is NOTHING else ""
                message = f"robots.txt does not let {AGENT} see {url}{fails}"
                raise SettingError(message, hint="allow it there, or name the page without --crawl")
            self._forbidden.add(url)
            return
        answer = self._asked(url, robots, is_named=is_named)
        if answer and answer.url not in self._pages and (is_named or (answer.kind in HTML and not answer.is_download)):
            self._pages[answer.url] = None
            links = find_links(answer.text, answer.url)
            self._left.update(link for link in links.left if origin_of(link) in self._origins)
            yield from (link for link in links.followed if origin_of(link) in self._origins)

    def _asked(self, url: str, robots: Robots, *, is_named: bool) -> WebAnswer | None:
        if self._pages and robots.delay_s:
            time.sleep(min(robots.delay_s, _LONGEST_DELAY_S))
        try:
            answer = self._get(url)
            if answer.status >= 400:
                raise NetworkError(f"{url}: the server answered {answer.status}")
        except (NetworkError, _LeftError) as error:
            if is_named:
                raise
            if isinstance(error, NetworkError):
                self._lost.add(url)
            return None
        return answer

    def _robots_of(self, url: str) -> Robots:
        """What a site lets robots see: all where there is no robots.txt, nothing where that fails (RFC 9309, 2.3.1)."""
        origin = origin_of(url)
        if origin not in self._robots:
            answer = self._get(urljoin(url, "/robots.txt"))
            text = answer.text if answer.status < 400 else ""
            self._robots[origin] = read_robots(text) if answer.status < 500 else NOTHING
        return self._robots[origin]

    def _notes(self) -> Iterator[str]:
        if self._is_cut:
            yield f"the crawl ended at {len(self._pages)} pages; --max-pages lets it go on"
        elif self._far:
            links = f"{self._bounds.depth} link{'' if self._bounds.depth == 1 else 's'}"
            yield f"the crawl ended {links} away, at {_some(self._far)}; --max-depth lets it go on"
        for urls, what in (
            (self._forbidden, "robots.txt forbids"),
            (self._left, "not followed, as nofollow asks:"),
            (self._lost, "broken links:"),
        ):
            if urls:
                yield f"{what} {_some(urls)}"


def _some(urls: set[str]) -> str:
    return min(urls) + (f" and {len(urls) - 1} more" if len(urls) > 1 else "")
