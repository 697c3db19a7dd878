"""Variables: where a tag's value and currency are in the data layer, and what counts where they are not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snippetkit.containers import ContainerTag, DataLayerEvent
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports.gtm.names import from_gtm, to_gtm

_NAME = re.compile(r"Data layer (\S+?)(?:, or (.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A setting that comes from the data layer: its key there, and the constant that counts where there is none.

    It is a Data Layer Variable, and where there is a constant a RegEx Table that looks at it: a variable's own default
    counts for what is undefined, and not for what is empty.
    """

    key: str
    constant: str | None = None

    @property
    def name(self) -> str:
        """The variable's name; it tells all of the lookup."""
        return to_gtm(f"Data layer {self.key}" + ("" if self.constant is None else f", or {self.constant}"))

    @property
    def reference(self) -> str:
        """How a tag says it."""
        return f"{{{{{self.name}}}}}"

    @property
    def source(self) -> Lookup:
        """The same key without a constant."""
        return Lookup(self.key)


def of_tag(tag: ContainerTag) -> dict[str, Lookup]:
    """Return the lookups of a tag by their settings, `value` and `currency`.

    Raises:
        SnippetError: several pixels would take one value, or a constant cannot be written.
    """
    keys = tag.event.keys if tag.event else {}
    if keys and len(tag.snippets) > 1:
        raise SnippetError(f"{tag.name}: several pixels cannot take their value from one event")
    return {setting: Lookup(key, _constant(tag, setting)) for setting, key in keys.items()}


def from_name(name: str) -> Lookup | None:
    """Return the lookup whose variable has a name, or None where no lookup's has."""
    found = _NAME.fullmatch(from_gtm(name))
    try:
        return Lookup(DataLayerEvent.of("x", found[1]).value_key or "", found[2]) if found else None
    except SettingError:
        return None


def _constant(tag: ContainerTag, setting: str) -> str | None:
    [snippet] = tag.snippets
    if any(place.name == setting and place.is_dynamic for place in snippet.places):
        return None
    constant: str | None = getattr(snippet, setting)
    if constant and ("{{" in constant or "}}" in constant):
        raise SnippetError(f"{tag.name}: Google Tag Manager would read the {setting} {constant!r} as a variable")
    return constant
