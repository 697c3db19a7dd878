"""The frozen types of a container."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import combinations

from snippetkit.containers.page_rules import PageRule
from snippetkit.errors import SettingError
from snippetkit.model import Snippet
from snippetkit.patterns import later
from snippetkit.records import dataclass, field
from snippetkit.terms import Consent, OnConflict, TagsAs, TagVariant

_EVENT = later(r"[A-Za-z0-9_](?:[A-Za-z0-9_.: -]{0,98}[A-Za-z0-9_])?")
_KEY = later(r"[A-Za-z_$][\w$]{0,60}(?:\.[A-Za-z0-9_$]{1,60}){0,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DataLayerEvent:
    """A custom event on which a tag fires: `name`, and where in the data layer its value, currency and order's id are.

    The keys are paths with dots, such as `ecommerce.value`; None where the code's own setting counts.
    """

    name: str
    value_key: str | None = None
    currency_key: str | None = None
    order_key: str | None = None

    @classmethod
    def of(
        cls, name: str, value_key: str | None = None, currency_key: str | None = None, order_key: str | None = None
    ) -> DataLayerEvent:
        """Return the event that a person named.

        Raises:
            SettingError: it is not the name of an event, or a key is not a path in a data layer.
        """
        if not _EVENT.fullmatch(name):
            raise SettingError(
                f"{name[:60]!r} is not an event name", hint="letters, digits and _ . : - such as purchase"
            )
        keys = [key for key in (value_key, currency_key, order_key) if key is not None]
        for key in (key for key in keys if not _KEY.fullmatch(key)):
            raise SettingError(f"{key[:60]!r} is not a data-layer path", hint="such as value or ecommerce.value")
        for one, other in ((one, other) for one, other in combinations(keys, 2) if _is_inside(one, other)):
            raise SettingError(f"{one} and {other} are not two values", hint="one is a part of the other")
        return cls(name, value_key, currency_key, order_key)

    @property
    def keys(self) -> dict[str, str]:
        """The keys that are given, by setting: `value`, `currency`, `order_id`."""
        keys = {"value": self.value_key, "currency": self.currency_key, "order_id": self.order_key}
        return {setting: key for setting, key in keys.items() if key is not None}


def _is_inside(key: str, other: str) -> bool:
    return f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.")


@dataclass(frozen=True, slots=True)
class ContainerTag:
    """A tag-manager tag.

    `name` is unique inside the container. `snippets` is the code of one pixel, or that of several whose dialect shares
    a global, which are then combined. It fires once on each page for which one of `rules` holds and none of
    `exceptions`; or each time `event` happens, and then there are no rules. Where there is neither, the user will
    choose the trigger in the tag manager. `account` is the ad account, where it is known.
    """

    name: str
    snippets: tuple[Snippet, ...]
    variant: TagVariant = TagVariant.SCRIPT
    rules: tuple[PageRule, ...] = ()
    exceptions: tuple[PageRule, ...] = ()
    event: DataLayerEvent | None = None
    consent: Consent = Consent.ADS
    account: str | None = None

    def fires_on(self, url: str) -> bool:
        """Whether it fires when a page is shown, by the literal meaning of its rules.

        Args:
            url: the page's, absolute, as the browser shows it.
        """
        return any(rule.matches(url) for rule in self.rules) and not any(rule.matches(url) for rule in self.exceptions)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How an export is made.

    `made_at` is the time that is written into the file. `existing` is the text of a person's own export, into which
    the tags are merged, and `on_conflict` what becomes of an item whose name is taken there. `formats` is what a
    bundle holds, all formats where it is empty. `tags_as` is which types of tags fire scripts where the target has
    some for platforms.
    """

    made_at: datetime = datetime(2015, 1, 1, tzinfo=UTC)
    existing: str | None = field(default=None, repr=False)
    on_conflict: OnConflict = OnConflict.FAIL
    formats: tuple[str, ...] = ()
    tags_as: TagsAs = TagsAs.AUTO


@dataclass(frozen=True, slots=True)
class Export:
    """What an export made; nothing is written yet.

    `content` is the file. `changes` says, one line each, what a merge adds, replaces and renames; `notes` what a person
    has to know: what the target cannot express, and what an import replaces. `native` are the names of the tags that
    the tag manager carries out itself, by a type of its own for the platform.
    """

    content: bytes = field(repr=False)
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
