"""The types of tags that Google Tag Manager has for a platform's code, as data: which parameter tells what.

An export has the parameters of such a tag as they stand here: of the type TEMPLATE with a text, BOOLEAN with `true` or
`false`, or LIST with rows of a name and a text each (Tag Manager API v2, "Tag").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from snippetkit.key import JOIN
from snippetkit.patterns import later
from snippetkit.records import dataclass, field

_HOLE = later(r"\{(\w+)\}")


class ListParameter(NamedTuple):
    """A parameter that is a list of settings: its key, and what each row calls a setting's name and its text.

    `names` says how a setting is called there.
    """

    key: str
    name_key: str
    text_key: str
    names: Mapping[str, str] = {}


@dataclass(frozen=True, eq=False)
class NativeTag:
    """A type of tags that does what code of a dialect does.

    Attributes:
        type: what an export calls it, such as `awct`.
        title: what the tool calls it.
        id_form: the pixel's id, with the parameters that tell it in braces, such as `AW-{conversionId}`.
        keys: the parameters that tell `event`, `value`, `currency`, `order_id` and `event_id`.
        table: the parameter that lists further settings.
        older_keys: what parameters were called before; they are read, and not written.
        older_table: the list of settings as it was before; it is read, and not written.
        refers: the parameter that names another tag, whose pixel it is where it tells no id itself.
        event: what it reports where no parameter tells; None where it only names the pixel.
        only: the parameters, with their texts, by which it is told from others of its type.
        more: further parameters of such a tag, each with its text, or True or False.
        needs: the type of tags that has to fire before it, for the same pixel.
        note: what a person has to do for it, empty where nothing is left to do.
        fits: what the ids of its pixels look like; empty for any of the form.
        is_whole: whether it carries all that the code of a dialect says, so that it can be written in its place.
    """

    type: str
    title: str
    id_form: str
    keys: Mapping[str, str] = field(default_factory=dict)
    table: ListParameter | None = None
    older_keys: Mapping[str, str] = field(default_factory=dict)
    older_table: ListParameter | None = None
    refers: str = ""
    event: str | None = None
    only: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str | bool] = field(default_factory=dict)
    needs: NativeTag | None = None
    note: str = ""
    fits: str = ""
    is_whole: bool = False

    @cached_property
    def id_keys(self) -> tuple[str, ...]:
        """The parameters that tell the pixel's id."""
        return tuple(_HOLE.findall(self.id_form))

    @cached_property
    def _id_pattern(self) -> re.Pattern[str]:
        parts = _HOLE.split(self.id_form)
        return re.compile("".join(f"(?P<{part}>[^/]+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))

    @property
    def id_prefix(self) -> str:
        """What stands in front of the id that a parameter tells, and belongs to the pixel's."""
        return self.id_form.partition("{")[0]

    def id_told(self, parameters: Mapping[str, str]) -> str:
        """Return the pixel's id that parameters tell; a prefix that a person has written too stands once."""
        told = {key: parameters.get(key, "").strip() for key in self.id_keys}
        told[self.id_keys[0]] = told[self.id_keys[0]].removeprefix(self.id_prefix)
        return self.id_form.format_map(told)

    def id_parts(self, pixel_id: str) -> Mapping[str, str] | None:
        """Return the parameters that tell a pixel's id, or that of its account; None where such a tag cannot."""
        ids = (pixel_id, pixel_id.partition(JOIN)[0])
        match = next(filter(None, map(self._id_pattern.fullmatch, ids)), None)
        return match.groupdict() if match and re.match(self.fits, match[0]) else None

    @property
    def settings(self) -> frozenset[str]:
        """The settings that it can tell."""
        return frozenset({*self.keys, *(self.table.names if self.table else ())})
