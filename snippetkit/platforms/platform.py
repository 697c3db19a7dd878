"""What is known of an ad platform, as data: where its code comes from, where its events arrive, and on what terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit

from snippetkit import money
from snippetkit.key import JOIN, Ids, joined_id
from snippetkit.platforms.parts import Parts

ANY_HOST = r"[a-z0-9.-]+(?::[0-9]+)?"
"""A host and its port in a URL, a regular expression."""

_FOLDERS = r"(?:/[\w.%~-]+)*"


@dataclass(frozen=True, slots=True)
class Loader:
    """A script of the platform's that carries out what code has set or queued.

    Its URL is `https://<host><path>`; `path` is a regular expression, and `name` the file's, by which a copy on
    another host is known; with its folder where many files have that name. Without a host it is on the site's own,
    whatever that is. `stand_in` is the script that `verify` answers with, or its file: it asks for what the real one
    asks for, as far as that is known. `connect` are the origins to which the real one sends other requests than images,
    `scripts` those from which it loads more scripts, `frames` those of the frames that it makes.
    """

    host: str
    path: str
    name: str
    stand_in: Path | str
    connect: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The URL without its scheme, a regular expression; a host is the same in any case."""
        return f"(?i://{re.escape(self.host) or ANY_HOST}){self.path}"

    def is_at(self, path: str) -> bool:
        """Return whether a URL with this path is the loader's."""
        return re.fullmatch(self.path, path) is not None

    def script(self) -> str:
        """Return the script that stands in for the real one."""
        return self.stand_in if isinstance(self.stand_in, str) else self.stand_in.read_text("utf-8")


ID_IN_PATH = "{pixel_id}"
"""What stands for an id in an endpoint's path."""


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """An image's URL by which an event is reported.

    `query` says for each of the settings `pixel_id`, `event`, `value`, `currency`, `order_id` and `event_id` which
    parameters tell it; the first that is there counts. Of several endpoints of one path the first counts whose pixel
    is told, else the first of all. Without `hosts` they are the sites' own, where the paths are those of any folder.
    `only_with` are parameters without which a URL is no such one, `only_without` those with which it is none. `event`
    is what it reports where none tells that. A path may hold `{pixel_id}` in the place of an id, which `query` then
    names as it names a parameter. Its parameters stand behind `begins`, and `separator` parts them.
    `mark` is what such a URL is known by wherever it stands, a part of host and path in lower case. `retired` is the
    year in which it was switched off. `constants` are the other parameters of an image in a noscript. `id_parts` are
    parameters of which each tells one more part of an id that is put together; without them an image reports no
    event. `told_by` are settings of which an image has to tell one; else it shows only that the page was seen,
    which is the event `page_view`.
    `id_prefix` is what an id begins with that no parameter tells. `parts` is the parameter that tells the value once
    more. `is_image` says that pages have images of it; else only the loader's stand-in asks for it. `echo_hosts` are
    those of its hosts that are asked beside another, of which they are told the same.
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

    @property
    def any_host(self) -> str:
        """The hosts of its URLs, a regular expression."""
        return "|".join(map(re.escape, self.hosts)) or ANY_HOST

    @property
    def folders(self) -> str:
        """What of a URL's path may stand in front of the paths that are known, a regular expression."""
        return "" if self.hosts else _FOLDERS

    def is_on(self, host: str, path: str) -> bool:
        """Return whether events arrive on this host; on a site's own they do at the path alone."""
        return host in self.hosts if self.hosts else self.is_at(path)

    @property
    def pattern(self) -> str:
        """The URL's path, a regular expression; what is in the place of an id is a group of it."""
        paths = (re.escape(path).replace(re.escape(ID_IN_PATH), "([^/?#]+)") for path in self.paths)
        return f"{self.folders}(?:{'|'.join(paths)})(?={re.escape(self.begins)})"

    def in_path(self, path: str) -> dict[str, str]:
        """Return the pixel's id that stands in a URL's path, by the name that `query` has for it."""
        match = re.compile(self.pattern, re.IGNORECASE).match(path + self.begins)
        text = next(filter(None, match.groups()), "") if match else ""
        return {ID_IN_PATH: text} if text else {}

    def is_told_by(self, named: Mapping[str, object]) -> bool:
        """Return whether a URL at its path with these parameters is of this endpoint."""
        return named.keys() >= {*self.only_with} and named.keys().isdisjoint(self.only_without)

    def is_echo(self, host: str | None) -> bool:
        """Return whether a URL on this host only says what another one says beside it."""
        return host is not None and host.lower() in self.echo_hosts

    def is_at(self, path: str) -> bool:
        """Return whether a URL with this path is of this endpoint."""
        return re.fullmatch(f"{self.pattern}{re.escape(self.begins)}", path + self.begins, re.IGNORECASE) is not None

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

    def only_shows(self, named: Mapping[str, object]) -> bool:
        """Return whether parameters tell no more than that the page was seen."""
        return bool(self.told_by) and not any(self.tells(setting, named) for setting in self.told_by)

    def tells(self, setting: str, named: Mapping[str, object]) -> str | None:
        """Return the parameter that tells a setting among those that are `named`, None where none does."""
        return next((name for name in self.query.get(setting, ()) if name in named), None)


@dataclass(frozen=True, eq=False)
class Platform:
    """An ad platform: its facts, each of them here and nowhere else.

    Attributes:
        name: as it is called, in lower case.
        title: as people write it.
        ids: what its pixels' ids look like.
        loaders: the scripts that its code loads.
        endpoints: the images by which events are reported, the first of a path first.
        image_origin: where its loaders ask for images, `https://<host>`; `other_origins` are where else they may.
        default_currency: what a value without a currency counts in; empty where none does.
        needs_currency: whether a value has to have one.
        counts_orders_once: whether what tells an order's id again, by a script or an image, counts no second time.
        most_decimals: how many an amount may have, None where the platform sets no bound.
        is_in_minor_units: whether its code tells amounts in the currency's minor unit.
        exponents: the currencies that it takes, each with the power of ten that a minor unit is of the major one.
        consent: the statement, in JavaScript, by which a page that has its code tells that the visitor has agreed.
        base_events: the events that say no more than that a page was shown; they are no conversions.
        audience_events: those that only put the visitor into an audience.
        more_hosts: other hosts that its code may reach, with `*.` in front for all below one.
        own_url: matches, in quotes, how code tells where on the site's own host the platform is: `url` is the folder.
    """

    name: str
    title: str
    ids: Ids
    loaders: tuple[Loader, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    image_origin: str = ""
    other_origins: tuple[str, ...] = ()
    default_currency: str = ""
    needs_currency: bool = True
    counts_orders_once: bool = False
    most_decimals: int | None = None
    is_in_minor_units: bool = False
    exponents: Mapping[str, int] = field(default_factory=lambda: money.ISO_4217)
    consent: str = ""
    base_events: frozenset[str] = frozenset()
    audience_events: frozenset[str] = frozenset()
    more_hosts: frozenset[str] = frozenset()
    own_url: re.Pattern[str] | None = None

    def amount(self, value_cents: int, currency: str) -> str:
        """Return an amount in the major unit, as a snippet has it: `19.99`.

        Args:
            value_cents: the amount in the currency's minor units.
            currency: its code, one that the platform takes; an empty one is the default, or hundredths.

        Raises:
            SettingError: the platform does not take the currency, or the amount is out of range.
        """
        currency = currency or self.default_currency
        return money.to_major(value_cents, currency, self.exponents if currency else money.HUNDREDTHS)

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts that its code may reach."""
        return self.loader_hosts | self.image_hosts | self.more_hosts

    def own_urls(self, text: str) -> list[str]:
        """Return where code says that the platform is on the site's own host: URLs that end with a slash, each once."""
        found = (match["url"] for match in self.own_url.finditer(text)) if self.own_url else ()
        return [*dict.fromkeys(f"https:{url}" if url.startswith("//") else url for url in found)]

    def in_major(self, amount: str, currency: str) -> str:
        """Return an amount, as the platform's code tells it, in the major unit, as far as that is known."""
        return money.from_minor(amount, currency, self.exponents) if self.is_in_minor_units else amount

    def reads(self, url: str) -> bool:
        """Return whether a URL is one on a host where its events arrive."""
        parts = urlsplit(url)
        return any(endpoint.is_on(parts.hostname or "", parts.path) for endpoint in self.endpoints)

    @cached_property
    def images(self) -> tuple[Endpoint, ...]:
        """The endpoints of which pages have images."""
        return tuple(endpoint for endpoint in self.endpoints if endpoint.is_image)

    @cached_property
    def image_hosts(self) -> frozenset[str]:
        """The hosts where its events arrive."""
        return frozenset[str]().union(*(endpoint.hosts for endpoint in self.endpoints))

    def loader_of(self, host: str, path: str) -> Loader | None:
        """Return the loader that a URL leads to, on its host or the site's, by its name; None where there is none."""
        on_host = (loader for loader in self.loaders if not loader.host or host in self.loader_hosts)
        return next((one for one in on_host if f"/{path}".endswith(f"/{one.name}") or one.is_at(path)), None)

    @cached_property
    def loader_hosts(self) -> frozenset[str]:
        """The hosts that its loaders come from."""
        return frozenset(loader.host for loader in self.loaders if loader.host)

    @cached_property
    def image_origins(self) -> tuple[str, ...]:
        """Where its loaders ask for images."""
        return tuple(filter(None, (self.image_origin, *self.other_origins)))

    @cached_property
    def script_origins(self) -> tuple[str, ...]:
        """Where its loaders come from."""
        own = (f"https://{loader.host}" for loader in self.loaders if loader.host)
        return tuple(dict.fromkeys([*own, *(origin for loader in self.loaders for origin in loader.scripts)]))

    def endpoint(self, path: str, named: Mapping[str, str], *, checks_id: bool = False) -> Endpoint | None:
        """Return the endpoint of a URL.

        Args:
            path: the URL's, in any case.
            named: the URL's parameters.
                checks_id: whether a pixel that another endpoint than the first tells has to look like one.
        """
        at_path = (endpoint for endpoint in self.endpoints if endpoint.is_at(path))
        there = [endpoint for endpoint in at_path if endpoint.is_told_by(named)]
        for endpoint in there:
            known = {**named, **endpoint.in_path(path)}
            name = endpoint.tells("pixel_id", known)
            if name and (not checks_id or endpoint is there[0] or self.ids.pattern.fullmatch(known[name])):
                return endpoint
        return next(iter(there), None)
