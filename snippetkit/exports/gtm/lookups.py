"""Variables: where a tag's value and currency are in the data layer, and what is used where they are not."""

from __future__ import annotations

from snippetkit.containers import ContainerTag
from snippetkit.errors import SnippetError
from snippetkit.exports import _lookups
from snippetkit.exports.gtm.triggers import to_gtm
from snippetkit.records import dataclass


@dataclass(frozen=True, slots=True)
class GtmLookup:
    """A setting from the data layer: its key there, and the constant that is used where there is none.

    It is a Data Layer Variable and, where there is a constant, a RegEx Table over it: a variable's own default
    covers what is undefined, but not what is empty.
    """

    key: str
    constant: str | None = None

    @property
    def name(self) -> str:
        """The variable's name, which tells the whole lookup."""
        return to_gtm(_lookups.Lookup(self.key, self.constant).name)

    @property
    def reference(self) -> str:
        """How a tag refers to it."""
        return f"{{{{{self.name}}}}}"

    @property
    def source(self) -> GtmLookup:
        """The same key without a constant."""
        return GtmLookup(self.key)


def of_tag(tag: ContainerTag) -> dict[str, GtmLookup]:
    """Return the lookups of a tag by their settings, `value`, `currency` and `order_id`.

    Raises:
        SnippetError: several pixels would take one value, or a constant cannot be written.
    """
    by_setting = _lookups.lookups(tag)
    for setting, lookup in by_setting.items():
        if lookup.own and ("{{" in lookup.own or "}}" in lookup.own):
            raise SnippetError(f"{tag.name}: Google Tag Manager would read the {setting} {lookup.own!r} as a variable")
    return {setting: GtmLookup(lookup.key, lookup.own) for setting, lookup in by_setting.items()}
