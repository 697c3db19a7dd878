"""An image's URL by which a platform is told of an event: where it is, and which parameters tell what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from urllib.parse import quote

from snippetkit.key import JOIN, joined_id
from snippetkit.patterns import later
from snippetkit.platforms.parts import Parts
from snippetkit.records import dataclass, field

ANY_HOST = r"[a-z0-9.-]+(?::[0-9]+)?"
"""A host and its port in a URL, a regular expression."""

_LINE = later(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
"""What a line of an order costs; a discount is negative."""

_FOLDERS = r"(?:/[\w.%~-]+)*"

ID_IN_PATH = "{pixel_id}"
"""What stands for an id in an endpoint's path."""


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """An image's URL by which an event is reported.

    `query` says for each of the settings `pixel_id`, `event`, `value`, `currency`, `order_id` and `event_id` which
    parameters tell it; the first that is there counts. Of several endpoints of one path the first counts whose
    pixel is told, else the first of all. A host may begin with `*.` for any one below another. Without `hosts` they
    are the sites' own, where the paths are those of any folder. `only_with` are parameters without which a URL is
    no such one, `only_without` those with which it is none. `event` is what it reports where none tells that. A
    path may hold `{pixel_id}` in the place of an id, or of each of its parts, which `query` then names as it names a
    parameter. Its
    parameters stand behind `begins`, and `separator` parts them. `mark` is what such a URL is known by wherever it
    stands, a part of host and path in lower case. `retired` is the year in which it was switched off. `constants`
    are the other parameters of an image in a noscript. `id_parts` are parameters of which each tells one more part
    of an id that is put together; without them an image reports no event. `told_by` are settings of which an image
    has to tell one; else it shows only that the page was seen, which is the event `page_view`. `id_prefix` is what
    an id begins with that no parameter tells. `parts` is the parameter that tells the value once more. `is_image`
    says that pages have images of it; else only the loader's stand-in asks for it. `echo_hosts` are those of its
    hosts that are asked beside another, of which they are told the same. `lines` is what parts the amounts of an
    order's lines, of which the value is the sum; empty where it is one amount. `lists` are the parameters that tell
    something of each line, and so have to be of one length. `numbered` is how the parameters begin that tell a line's
    price and how often that counts, `AMT1` and `QTY1`, where no total is told; and the one that is subtracted.
    """

    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    query: Mapping[str, tuple[str, ...]]
    mark: str
    retired: int | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    id_parts: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()
    page_view: str = ""
    id_prefix: str = ""
    parts: Parts | None = None
    is_image: bool = True
    echo_hosts: tuple[str, ...] = ()
    begins: str = "?"
    separator: str = "&"
    only_with: tuple[str, ...] = ()
    only_without: tuple[str, ...] = ()
    event: str = ""
    lines: str = ""
    lists: tuple[str, ...] = ()
    numbered: tuple[str, str, str] | None = None

    @property
    def any_host(self) -> str:
        """The hosts of its URLs, a regular expression."""
        return "|".join(re.escape(host).replace(r"\*", "[a-z0-9-]+") for host in self.hosts) or ANY_HOST

    @property
    def folders(self) -> str:
        """What of a URL's path may stand in front of the paths that are known, a regular expression."""
        return "" if self.hosts else _FOLDERS

    def is_on(self, host: str, path: str) -> bool:
        """Return whether events arrive on this host; on a site's own they do at the path alone."""
        return re.fullmatch(self.any_host, host) is not None if self.hosts else self.is_at(path)

    @property
    def pattern(self) -> str:
        """The URL's path, a regular expression; what is in the place of an id is a group of it."""
        paths = (re.escape(path).replace(re.escape(ID_IN_PATH), "([^/?#]+)") for path in self.paths)
        return f"{self.folders}(?:{'|'.join(paths)})(?={re.escape(self.begins)})"

    def in_path(self, path: str) -> dict[str, str]:
        """Return the pixel's id that stands in a URL's path, by the name that `query` has for it."""
        match = _path(self).match(path + self.begins)
        text = JOIN.join(filter(None, match.groups())) if match else ""
        return {ID_IN_PATH: text} if text else {}

    def is_told_by(self, named: Mapping[str, object]) -> bool:
        """Return whether a URL at its path with these parameters is of this endpoint."""
        return named.keys() >= {*self.only_with} and named.keys().isdisjoint(self.only_without)

    def is_echo(self, host: str | None) -> bool:
        """Return whether a URL on this host only says what another one says beside it."""
        return host is not None and host.lower() in self.echo_hosts

    def is_at(self, path: str) -> bool:
        """Return whether a URL with this path is of this endpoint."""
        return _path(self).fullmatch(path + self.begins) is not None

    @property
    def url(self) -> str:
        """The URL of an image up to its parameters, as it is written."""
        return f"https://{self.hosts[0]}{self.paths[0]}"

    def written(self, settings: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
        """Return the parameters of a noscript's image that tells settings, those that an image can tell."""
        told = [(self.query[name][0], text) for name, text in settings if text is not None and self.query.get(name)]
        split = [pair for name, text in told if name != ID_IN_PATH for pair in self._split(name, text)]
        return [*split, *self.constants.items()]

    def url_of(self, pixel_id: str) -> str:
        """Return the URL of a pixel's image up to its parameters."""
        return self.url.replace(ID_IN_PATH, quote(pixel_id, safe=""))

    def _split(self, name: str, text: str) -> Iterator[tuple[str, str]]:
        """The parameters that tell a setting; for an id that is put together, one for each part."""
        is_id = name in self.query.get("pixel_id", ())
        names = (name, *self.id_parts) if is_id else (name,)
        told = text.removeprefix(self.id_prefix) if is_id else text
        yield from zip(names, told.split(JOIN, len(names) - 1), strict=False)

    def id_told(self, named: Mapping[str, str]) -> str:
        """Return the pixel's id that parameters tell, of all its parts; empty where they tell none."""
        parts = (named.get(name, "") for name in (self.tells("pixel_id", named) or "", *self.id_parts))
        told = joined_id(*filter(None, parts))
        return f"{self.id_prefix}{told}" if told else ""

    @property
    def bracketed(self) -> tuple[str, ...]:
        """What stands in front of the brackets of its parameters, such as `cd` in `cd[value]`."""
        names = (name for names in self.query.values() for name in names if name.endswith("]"))
        return tuple(dict.fromkeys(name.partition("[")[0] for name in names))

    def summed(self, value: str) -> str:
        """Return the sum of the lines that a value tells; what tells one amount, or none, stays as it is."""
        lines = value.split(self.lines) if self.lines else []
        return str(sum(map(Decimal, lines))) if len(lines) > 1 and all(map(_LINE.fullmatch, lines)) else value

    def only_shows(self, named: Mapping[str, object]) -> bool:
        """Return whether parameters tell no more than that the page was seen."""
        return bool(self.told_by) and not any(self.tells(setting, named) for setting in self.told_by)

    def tells(self, setting: str, named: Mapping[str, object]) -> str | None:
        """Return the parameter that tells a setting among those that are `named`, None where none does."""
        return next((name for name in self.query.get(setting, ()) if name in named), None)


@cache
def _path(endpoint: Endpoint) -> re.Pattern[str]:
    """An endpoint's paths, with what begins the parameters behind them."""
    return re.compile(f"{endpoint.pattern}{re.escape(endpoint.begins)}", re.IGNORECASE)
