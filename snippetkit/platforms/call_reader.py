"""The reader of a dialect's calls, made of where those tell what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from snippetkit.javascript import Round, member_name, unwrapped
from snippetkit.platforms.adding import Adding
from snippetkit.platforms.calls import verb_of_object
from snippetkit.platforms.places import Place
from snippetkit.platforms.reports import Report
from snippetkit.platforms.told import Told, ToldCall
from snippetkit.records import dataclass, replace

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript import Script


@dataclass(frozen=True, slots=True)
class CallReader:
    """Reads what a dialect's calls report; `find_reports` of a `Dialect`.

    Attributes:
        dialect: its name.
        functions: the globals that are called, also by `push`: `x.push('event', ..)` is read as `x('event', ..)`.
        told: what the calls tell, by their verbs.
        adding: how a value is added, or why none is.
        queues: the globals onto which each call is pushed as a list, or as an object if `is_each_argument`.
        verb: where the verb stands, if it is no argument of its own.
        is_each_argument: whether each argument is a call of its own, as where objects are pushed.
        no_function: why a call of what is an object with methods reports nothing; or is a list, and no function.
        by_push: whether the globals are lists, and no call but `push` reports, to the pixels that are named by the same
            list; `told` may have `OBJECT`, for an object that is pushed alone.
        objects: which members such an object may have.
        no_currency: why no currency is added, where a value is.
        more: yields what else a script tells as an object that is pushed.
    """

    dialect: str
    functions: tuple[str, ...]
    told: Mapping[str, Told]
    adding: Adding | str
    queues: tuple[str, ...] = ()
    verb: Place = (0, ())
    is_each_argument: bool = False
    no_function: str = ""
    no_currency: str = ""
    by_push: bool = False
    objects: frozenset[str] = frozenset()
    more: Callable[[Script], Iterable[Node]] = lambda script: ()

    def __call__(self, script: Script) -> Iterator[Report]:
        """Yield what a script reports, one for each call and each round of the loops around it."""
        for queue in self.queues:
            told_in = script.told_alone if self.is_each_argument else script.told_in
            yield from self._reports(script, told_in(queue.encode()))
        yield from self._reports(script, script.told_by((one, [one]) for one in self.more(script)))
        for name in (function.encode() for function in self.functions):
            calls = [*script.calls(name)]
            pushes = [one for one in calls if not self.by_push or _is_push(one[0])]
            channel = name.decode() if self.by_push else ""
            yield from self._reports(script, script.told_by(pushes), channel=channel)
            yield from self._reports(script, () if self.by_push else script.told_by_lists(name))
            if self.by_push:
                others = (one for one in calls if one not in pushes)
                yield from self._reports(script, script.told_by(others), self.no_function)
            elif self.no_function:
                as_function = script.calls(name, as_function=True)
                yield from self._reports(script, script.told_by(as_function), self.no_function)

    def _reports(
        self, script: Script, calls: Iterable[tuple[Node, Round, list[Node]]], reason: str = "", channel: str = ""
    ) -> Iterator[Report]:
        for node, one, arguments in calls:
            call = ToldCall(script, node, arguments, one)
            told = self.told.get(call.text(self.verb) or verb_of_object(script, arguments, self.objects))
            reports = self._of_call(call, told, reason) if told else ()
            yield from (replace(report, channel=channel) for report in reports) if channel else reports

    def _of_call(self, call: ToldCall, told: Told, reason: str) -> Iterator[Report]:
        """One report for each pixel that a call tells; where it tells none, one of an event."""
        event, about = call.setting(told.own_event) or call.encoded(told), call.about(told)
        value, currency = call.worth(told, about)
        how = self.adding if isinstance(self.adding, str) else self.adding.how(about, value, currency)
        uncounted = tuple(told.event_ids.ignored(event)) if told.event_ids else ()
        report = Report(
            self.dialect,
            call.start,
            None,
            event,
            value,
            currency,
            call.verb(told),
            how,
            self.no_currency or how,
            order=call.one.order,
            inner=call.inner,
            order_id=call.id_at(told, told.order_id),
            event_id=call.id_at(told, told.event_id),
            ignored=(*call.ignored(told, value, currency), *uncounted),
            reason=reason,
            lacks="" if value else told.needs_value,
            unit_unknown=call.unit_unknown(told.unit),
            counts=not uncounted,
        )
        yield from (replace(report, pixel_id=pixel_id) for pixel_id in call.pixel_ids(told, event))


def _is_push(call: Node) -> bool:
    function = call.child_by_field_name("function")
    return function is not None and member_name(unwrapped(function)) == b"push"
