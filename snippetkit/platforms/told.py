"""Where the calls of a dialect tell what, as data, and the reader that is made of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeGuard

from snippetkit.javascript import Round, given, is_nothing, set_by, text_of
from snippetkit.platforms.events import EventIds
from snippetkit.platforms.places import Lines, Place, Vain
from snippetkit.platforms.reports import Ignored, joined_setting
from snippetkit.platforms.sums import total
from snippetkit.records import dataclass, replace

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript import Script, Setting

_NO = frozenset({"false", "null", "undefined"})
_LISTED = "the event's parameters are in a list, which is ignored; leave out the brackets around the object"


@dataclass(frozen=True, slots=True)
class Told:
    """Where a call tells each setting, None for what it never tells.

    A list where an id belongs tells several, and is one report for each. `value` and `currency` are members of the
    object that is the argument `about`; or the value is the sum of `lines`, or stands by itself, where `amount` says.
    `vain` is what people write where it does not count. `own_event` is where the user's own name of an event stands,
    which counts before that at `event`. `verb` is what the call does, as `Report.verb` has it. `misnamed` are members
    in which people tell the value, and from which the platform does not take it; `scores` are members for something
    else, which are meant for the value only beside a currency. `needs_value` says what becomes of a call without a
    value, empty where that is fine. `unit` is where a call that names a pixel says that its events' amounts are in the
    major unit, without which that is unknown. `with_money` are the events whose value is an amount: that of another one
    is only beside a currency; empty where it always is. `event_ids` says that an event has an id, which names its
    pixel, `skips_null` that a member which is null says nothing. `within` is the path to the object that holds the
    amounts, in the argument `about`, and `id_part` where the second part of an id stands that is put together. `again`
    is the path to lines that tell the value once more. A text may be `passed_through` functions that encode it.
    `audience` is where `true` says that the visitor is only put into an audience.
    """

    pixel_id: Place | None = None
    event: Place | None = None
    own_event: Place | None = None
    about: int | None = None
    value: tuple[str, ...] = ("value",)
    currency: tuple[str, ...] = ("currency",)
    lines: Lines | None = None
    order_id: Place | None = None
    event_id: Place | None = None
    vain: tuple[Vain, ...] = ()
    misnamed: tuple[str, ...] = ()
    unit: Place | None = None
    event_ids: EventIds | None = None
    skips_null: bool = False
    within: str = ""
    id_part: Place | None = None
    scores: tuple[str, ...] = ()
    with_money: frozenset[str] = frozenset()
    verb: str = "track"
    amount: Place | None = None
    needs_value: str = ""
    audience: Place | None = None
    again: str = ""
    passed_through: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ToldCall:
    """A call with its arguments, in one round of the loops around it."""

    script: Script
    node: Node
    arguments: list[Node]
    one: Round

    @property
    def start(self) -> int:
        """Where it stands in the text, or the call of the function that hands on to it what it tells."""
        return self.script.start + (self.one.call or self.node).start_byte

    @property
    def inner(self) -> int | None:
        """Where it stands itself, if it is in such a function."""
        return self.script.start + self.node.start_byte if self.one.call else None

    def argument(self, at: int | None) -> Node | None:
        return self.arguments[at] if at is not None and at < len(self.arguments) else None

    def about(self, told: Told) -> Node | None:
        """The object that holds the amounts, or what is in its place."""
        return self._member(self.argument(told.about), told.within) if told.within else self.argument(told.about)

    def at(self, place: Place | None) -> Node | None:
        """What stands at a place."""
        node = self.argument(place[0]) if place else None
        if place and place[1]:
            found = (self._member(node, path) for path in place[1])
            node = next((one for one in found if one is not None), None)
        return node

    def _member(self, node: Node | None, path: str) -> Node | None:
        """The member of an object, and of objects in it, that a path with dots leads to."""
        for name in path.split("."):
            node = self.script.member(self.meant(node), name, given=self.one.given).node
        return node

    def meant(self, node: Node | None) -> Node | None:
        return self.script.meant(node, self.one.given)

    def pixel_ids(self, told: Told, event: Setting | None) -> Sequence[Setting | None]:
        """The pixels that the call tells; where it tells none, that of its event, or none at all."""
        ids = [joined_setting(one, self.setting(told.id_part)) for one in self.settings(told.pixel_id)]
        of_event = told.event_ids.pixel_of(event) if told.event_ids else None
        return ids or (() if told.verb == "init" else (of_event,))

    def worth(self, told: Told, about: Node | None) -> tuple[Setting | None, Setting | None]:
        """The value, where that is an amount, and the currency."""
        value, currency = self._amounts(told, about)
        value = self.total(told.lines) if told.lines else self.amount(told.amount) or value
        return self.told_again(told, value) if self.has_money(told, currency) else None, currency

    def _amounts(self, told: Told, about: Node | None) -> tuple[Setting | None, Setting | None]:
        """The value and the currency that the object at `about` tells."""
        if self.listed(told):
            return None, None
        value, currency = self.script.settings(about, self.one.given, keys=(told.value, told.currency))
        known = self.script.members(self.meant(about), self.one.given) if told.skips_null else {}
        null = {name for name, node in known.items() if is_nothing(node)}
        return None if null & {*told.value} else value, None if null & {*told.currency} else currency

    def id_at(self, told: Told, place: Place | None) -> Setting | None:
        """The order's or the event's id that stands at a place, or what may tell another one."""
        node = self.at(place)
        holder = self.meant(self.argument(place[0])) if place and place[1] else None
        over = self.script.member(holder, *place[1], given=self.one.given).set_over if place and holder else None
        if over:
            return set_by(self.script, over, self.one.given)
        return None if told.skips_null and node is not None and is_nothing(node) else self.setting(place)

    def unit_unknown(self, place: Place | None) -> str:
        """What would tell the unit of amounts, empty where something does or may."""
        told, within = self.at(place), self.argument(place[0]) if place else None
        holder, known = self.meant(within), self.one.given
        over = self.script.member(holder, *place[1], given=known).set_over if place else None
        is_open = within is not None and (over is not None or not self.script.is_object(holder, known))
        is_told = (self.script.said(told, known) or text_of(told)) not in _NO if told else is_open
        return "" if place is None or is_told else f"{place[1][0]}: true"

    def verb(self, told: Told) -> str:
        """What the call does."""
        is_audience = told.audience and self.script.said(self.at(told.audience), self.one.given) == "true"
        return "audience" if is_audience else told.verb

    def text(self, place: Place) -> str:
        return self.script.text(self.at(place), self.one.given)

    def setting(self, place: Place | None) -> Setting | None:
        return self.script.setting(self.at(place), self.one.given)

    def encoded(self, told: Told) -> Setting | None:
        """The event's name, which may be passed through a function that encodes it."""
        node = self.at(told.event)
        function = node.child_by_field_name("function") if node and node.type == "call_expression" else None
        inner = given(node.child_by_field_name("arguments")) if node and function else []
        is_encoded = function is not None and len(inner) == 1 and text_of(function) in told.passed_through
        return self.script.setting(inner[0] if is_encoded else node, self.one.given)

    def told_again(self, told: Told, value: Setting | None) -> Setting | None:
        """The value, with the lines that another one would contradict."""
        lines = self._member(self.argument(told.about), told.again) if told.again else None
        is_again = value is not None and lines is not None and not (_is_list(lines) and not given(lines))
        return replace(value, told_by=value.told_by or told.again) if value and is_again else value

    def total(self, lines: Lines) -> Setting | None:
        node = self.at(lines.place)
        return total(self.script, node, lines, self.one, self.amount(lines.less)) if node is not None else None

    def amount(self, place: Place | None) -> Setting | None:
        return self.script.amount(self.at(place), self.one.given)

    def settings(self, place: Place | None) -> list[Setting]:
        """What stands at a place, each item of a list."""
        node = self.at(place)
        listed = self.script.constants.list_of(node, self.one.given) if node else None
        settings = (self.script.setting(one, self.one.given) for one in ([node] if listed is None else listed))
        return [setting for setting in settings if setting]

    def has_money(self, told: Told, currency: Setting | None) -> bool:
        """Whether the value of a call is an amount."""
        event = self.setting(told.event)
        is_known = event is None or event.is_dynamic or event.text in told.with_money
        return not told.with_money or currency is not None or is_known

    def ignored(self, told: Told, value: Setting | None, currency: Setting | None) -> Iterator[Ignored]:
        """What the call tells in vain."""
        settings = ((self.setting(one.place), one) for one in told.vain)
        yield from (Ignored(setting, one.code, one.message) for setting, one in settings if setting)
        if value is None:
            yield from self._misnamed(told, has_currency=currency is not None)

    def _misnamed(self, told: Told, *, has_currency: bool) -> Iterator[Ignored]:
        """What stands in the place of the value, where a call tells none."""
        if listed := self.listed(told):
            yield Ignored(listed, "value-key", _LISTED)
        for name in (*told.misnamed, *(told.scores if has_currency else ())):
            if setting := self.script.amount(self._member(self.about(told), name), self.one.given):
                wanted = f"the value is not taken from {name!r}, so it is lost; write {told.value[0]}"
                yield Ignored(setting, "value-key", wanted)

    def listed(self, told: Told) -> Setting | None:
        """The value in an object that stands in a list, where the object itself belongs."""
        node = self.about(told)
        objects = (self.script.members(item, self.one.given) for item in (given(node) if _is_list(node) else ()))
        values = (one[name] for one in objects for name in told.value if name in one)
        return next((self.script.amount(value, self.one.given) for value in values), None)


def _is_list(node: Node | None) -> TypeGuard[Node]:
    return node is not None and node.type == "array"
