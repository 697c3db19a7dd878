"""What is known of an ad platform, as data: where its code comes from, where its events arrive, and on what terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from snippetkit import money
from snippetkit.key import Ids
from snippetkit.platforms.endpoint import ANY_HOST, Endpoint
from snippetkit.records import dataclass, field


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
