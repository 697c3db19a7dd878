"""What a site's robots.txt lets a robot see (RFC 9309), and what stands in it beside that: a delay, and sitemaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from snippetkit.work.web import AGENT, quoted

_EVERYBODY = "*"


class Robots(NamedTuple):
    """The rules for our robot, each a pattern and whether it allows, and the seconds to wait between requests."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay_s: float = 0.0
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether a page may be seen: the longest pattern that fits decides, and of two alike the one that allows."""
        parts = urlsplit(quoted(url))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fitting = [(len(pattern), is_allowed) for pattern, is_allowed in self.rules if _fits(pattern, path)]
        return max(fitting, default=(0, True))[1]


NOTHING = Robots((("/", False),))
"""What is known of a site whose robots.txt fails: nothing may be seen (RFC 9309, 2.3.1.4)."""


def read_robots(text: str) -> Robots:
    """Return what a robots.txt says to our robot: the groups that name it, or those for everybody."""
    sitemaps = list[str]()
    of_agent: dict[str, list[tuple[str, str]]] = {}
    agents, is_open = list[str](), False
    for name, value in _lines(text):
        if name == "sitemap":
            sitemaps.append(value)
        elif name == "user-agent":
            agents = [*agents, value] if is_open else [value]
            is_open = True
            of_agent.setdefault(_token(value), [])
        else:
            is_open = False
            for agent in agents:
                of_agent[_token(agent)].append((name, value))
    said = of_agent.get(AGENT, of_agent.get(_EVERYBODY, ()))
    return Robots(tuple(_rules(said)), _delay_s(said), tuple(sitemaps))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """What each line says, its name in lower case, without comments."""
    for line in text.removeprefix("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _token(agent: str) -> str:
    """The product of a user agent, without its version."""
    return agent.split("/")[0].strip().lower()


def _rules(said: Sequence[tuple[str, str]]) -> Iterator[tuple[str, bool]]:
    """The rules; one without a path says nothing."""
    for name, value in said:
        if name in {"allow", "disallow"} and value:
            yield quoted(value), name == "allow"


def _delay_s(said: Sequence[tuple[str, str]]) -> float:
    for name, value in said:
        if name == "crawl-delay" and value.replace(".", "", 1).isdecimal():
            return float(value)
    return 0.0


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as a pattern says: a star is anything, a dollar at the end is the end."""
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    is_whole, at = pattern.endswith("$"), len(first)
    for part in rest[:-1] if is_whole else rest:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if not is_whole:
        return True
    return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at if rest else at == len(path)
