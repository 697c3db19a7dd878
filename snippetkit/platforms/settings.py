"""What scripts set for a loader to read, where a dialect says as data which globals tell what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from snippetkit.javascript import Setting, right_side, unwrapped
from snippetkit.platforms.parts import Parts
from snippetkit.platforms.reports import Report, joined_setting
from snippetkit.records import dataclass, field, replace

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript import Script

_MEMBERS = frozenset({"member_expression", "subscript_expression"})
_CONDITIONS = frozenset(
    {"augmented_assignment_expression", "else_clause", "if_statement", "switch_case", "ternary_expression"}
)
_LONGEST_CHAIN = 20
Set = tuple[str, "Node"]
"""The path of what is set, and the value."""


@dataclass(frozen=True, slots=True)
class SettingReader:
    """Reads what a dialect's settings report, one report for each script; `find_reports` of a `Dialect`.

    Attributes:
        dialect: its name.
        paths: the globals that tell `pixel_id`, `value`, `currency` and `order_id`; the first that is set counts.
        add_value: how a value is added.
        add_currency: how a currency is.
        id_parts: the globals that tell further parts of an id that is put together.
        currencies: the currency that the value of some of these globals is in.
        parts: where the value is told once more, in parts.
        lines: where the value is told once more, as lines with prices: another one would contradict them.
        needs_value: whether without a value it only shows that the page was seen.
        audience: the global that says, where it is true, that the visitor is only put into an audience.
        event: what is reported, where the name of what is set says that.
    """

    dialect: str
    paths: Mapping[str, tuple[str, ...]]
    add_value: str
    add_currency: str
    id_parts: tuple[str, ...] = ()
    currencies: Mapping[str, str] = field(default_factory=dict)
    parts: Parts | None = None
    lines: str = ""
    needs_value: bool = False
    audience: str = ""
    event: str = ""

    def __call__(self, script: Script) -> Iterator[Report]:
        """Yield what a script reports."""
        found: dict[str, list[Node]] = {}
        for path, value in find_set(script, sorted({path.partition(".")[0] for path in self._known})):
            if path in self._known:
                found.setdefault(path, []).append(value)
        if any(path in found for path in (*self.paths.get("pixel_id", ()), *self.paths["value"])):
            yield self._report(script, found)

    @property
    def _known(self) -> frozenset[str]:
        parts = (self.parts.name,) if self.parts else ()
        told = (path for paths in self.paths.values() for path in paths)
        return frozenset({*told, *self.id_parts, *parts, *filter(None, (self.lines, self.audience))})

    def _report(self, script: Script, found: Mapping[str, list[Node]]) -> Report:
        first = min((node for nodes in found.values() for node in nodes), key=lambda node: node.start_byte)
        amounts = self.paths["value"]
        told = {path: _told(script, nodes, first, is_value=path in amounts) for path, nodes in found.items()}
        named = {name: next(filter(None, map(told.get, paths)), None) for name, paths in self.paths.items()}
        value, currency = named["value"], named.get("currency")
        of_value = next((path for path in amounts if path in told), "")
        if value and of_value in self.currencies:
            currency = replace(value, text=self.currencies[of_value], is_dynamic=False, told_by=of_value)
        value = replace(value, told_by=self.lines) if value and self.lines in found else value
        first_part = named.get("pixel_id")
        is_audience = self.audience in found and script.said(found[self.audience][-1]) == "true"
        start = script.start + first.start_byte
        report = Report(
            self.dialect,
            start,
            first_part and joined_setting(first_part, *(told.get(path) for path in self.id_parts)),
            Setting(self.event, start, start) if self.event else None,
            value=value,
            currency=currency,
            verb="track" if (value or not self.needs_value) and not is_audience else "audience",
            add_value=self.add_value,
            add_currency=self.add_currency,
            order_id=named.get("order_id"),
        )
        parts = told.get(self.parts.name) if self.parts else None
        return self.parts.in_report(report, parts, script.data) if self.parts and parts else report


def find_set(script: Script, roots: Iterable[str]) -> Iterator[Set]:
    """Yield what a script sets of some globals, and each member that an object for one has; not a function's own."""
    for reference in (one for root in roots for one in script.references(root.encode())):
        target = reference
        while (parent := script.tree.parent(target)) and parent.type in _MEMBERS:
            if parent.child_by_field_name("object") != target:
                break
            target = parent
        value = right_side(script.tree.parent(target), target)
        if value and not _is_local(script, reference):
            yield from _members(script, script.names.path(target).decode("utf-8", "replace"), value)


def _is_local(script: Script, reference: Node) -> bool:
    key = script.names.key_of(reference) if reference.type == "identifier" else None
    return key is not None and key[1] != script.root.id


def _members(script: Script, path: str, value: Node) -> Iterator[Set]:
    value = unwrapped(value)
    pending = [(path, value)]
    while pending:
        path, value = pending.pop()
        members = script.members(value)
        pending += [(f"{path}.{name}", member) for name, member in members.items()]
        if not members:
            yield path, value


def _told(script: Script, nodes: list[Node], first: Node, *, is_value: bool) -> Setting | None:
    """What is set; it is no literal that could be changed where that is done on a condition, or more than once."""
    node = nodes[-1]
    setting = (script.amount if is_value else script.setting)(node, needs_quotes=True)
    is_certain = len(nodes) == 1 and _condition(script, node) == _condition(script, first)
    return setting if is_certain or setting is None else replace(setting, is_dynamic=True, is_whole=True)


def _condition(script: Script, node: Node) -> int | None:
    """What decides whether something is set: the nearest node around it that does; `if (39)` decides nothing."""
    around = islice(script.tree.around(node), _LONGEST_CHAIN)
    return next((one.id for one in around if one.type in _CONDITIONS and not _is_met(script, one)), None)


def _is_met(script: Script, one: Node) -> bool:
    """Whether the condition of an `if` is a number that is not zero, as a server writes it there."""
    asked = one.child_by_field_name("condition") if one.type == "if_statement" else None
    told = unwrapped(asked) if asked else None
    return told is not None and told.type == "number" and script.text(told).strip("0.") != ""
