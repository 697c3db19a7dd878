"""A base code that does not work: what is called does not reach the loader, or nothing loads that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript import FailedError, Script, ScriptTrial, Thing, UncertainError, given, kind_of, text_of, uses
from snippetkit.lint import bases
from snippetkit.lint.finding import Raw
from snippetkit.lint.vocabulary import Vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_SIDES = {"assignment_expression": "left", "augmented_assignment_expression": "left", "variable_declarator": "name"}
_LONGEST = 60


def find(script: Script, known: Vocabulary) -> Iterator[Raw]:
    """Yield `unexpected-script` for the first thing in a script's base code that does not work.

    The script is run twice: on a page without the loader, and on one where it is there and takes calls itself.
    """
    base_codes = bases.node_ids(script)
    is_left_out = {"function_declaration"}  # the page calls it, once the base code has done its work
    nodes = [
        use.node for use in uses(script.root, lambda use: use.node.id in base_codes or use.node.type in is_left_out)
    ]
    made = {name: node for name, node in _set(script, nodes) if known.is_global.fullmatch(name)}
    missing = frozenset[str]() if base_codes else frozenset(made)  # a base code that is known may have made them
    trial = ScriptTrial(script, missing, lambda node: node.id in base_codes)
    try:
        told = next(_faults(trial, script, nodes, made, known), None)
    except UncertainError:
        return
    except FailedError as error:
        told = (error.node, "fails in the browser")
    if told:
        text = text_of(told[0])[:_LONGEST].partition("\n")[0]
        yield Raw("unexpected-script", script.start + told[0].start_byte, f"{text!r} {told[1]}")


def _set(script: Script, nodes: Iterable[Node]) -> Iterator[tuple[str, Node]]:
    """The names that are set, apart from those of functions' own variables."""
    for node in (node for node in nodes if node.type in _SIDES):
        name = node.child_by_field_name(_SIDES[node.type])
        key = script.names.key_of(name) if name and name.type == "identifier" else None
        if name and (key is None or key[1] == script.root.id):
            yield _path(script, name), node


def _path(script: Script, node: Node) -> str:
    return script.names.path(node).decode("utf-8", "replace")


def _faults(
    trial: ScriptTrial, script: Script, nodes: Iterable[Node], made: dict[str, Node], known: Vocabulary
) -> Iterator[tuple[Node, str]]:
    """What does not work, and what is said of it."""
    called = [(node, _path(script, name)) for node in nodes if (name := node.child_by_field_name("function"))]
    functions = known.told(lambda dialect: () if dialect.by_methods else dialect.functions)
    stubs = made.keys() & functions
    queues = {f"{name}.push": name for name in made.keys() & known.told(lambda dialect: dialect.queues)}
    calls = {node: name for node, name in called if name in stubs}
    kinds = {"array", "object"} if any(dialect.calls.verb_key for dialect in known.dialects) else {"array"}
    entries = {one: queues[name] for node, name in called if name in queues for one in _pushed(node, kinds)}
    yield from _of_others(_set(script, nodes), functions - stubs)
    trial.run()
    yield from _about_loader(trial, [node for node, name in called if name.endswith("createElement")])
    if not trial.elements:
        idle = [name for name in sorted(stubs) if kind_of(trial.window.members.get(name)) == "function"]
        yield from ((made[name], "makes a stub, but nothing loads what handles its calls") for name in idle)
    yield from _lost(calls | entries, {name: _queued(trial, name) for name in made})
    hooks = {name: one.takes_over for one in known.dialects for name in stubs & {*one.functions} if one.takes_over}
    loaded = {name: _take_over(trial, name, hook) for name, hook in hooks.items()}
    trial.run()
    yield from _lost({node: name for node, name in calls.items() if name in hooks}, loaded)


def _of_others(set_here: Iterable[tuple[str, Node]], stubs: Collection[str]) -> Iterator[tuple[Node, str]]:
    """What is set of a stub that another script makes."""
    for name, node in set_here:
        of, _, member = name.partition(".")
        if member and of in stubs:
            yield node, "changes another script's base code"


def _about_loader(trial: ScriptTrial, making: Sequence[Node]) -> Iterator[tuple[Node, str]]:
    """What is wrong with the elements that a script makes, or would."""
    for element in trial.elements:
        if element.node and not element.members.get("src"):
            yield element.node, "makes an element that loads nothing: its src is not set"
        if element.node and not element.is_in_page:
            yield element.node, "makes an element that is not put into the page"
    if making and not trial.elements:
        yield making[0], "is not reached on a page without the loader"


def _pushed(call: Node, kinds: Collection[str]) -> list[Node]:
    return [node for node in given(call.child_by_field_name("arguments")) if node.type in kinds]


def _lost(calls: dict[Node, str], taken: dict[str, list[Thing]]) -> Iterator[tuple[Node, str]]:
    """The calls, and the entries of a queue, that a loader does not get."""
    places = {name: {one.node for one in things} for name, things in taken.items()}
    yield from ((node, "does not reach the loader") for node, name in calls.items() if node not in places[name])


def _queued(trial: ScriptTrial, name: str) -> list[Thing]:
    """What is queued for a loader; a stub's queue holds what each call was given."""
    queue = trial.window.members.get(name)
    held = [*queue.held()] if isinstance(queue, Thing) else []
    return held + [inner for one in held for inner in one.held()]


def _take_over(trial: ScriptTrial, name: str, hook: str) -> list[Thing]:
    """Have a stub pass on what it is called with, as its loader does, to the list that is returned."""
    taken = list[Thing]()
    stub = trial.window.members.get(name)
    if isinstance(stub, Thing):
        stub.members[hook] = Thing(call=taken.append)
    return taken
