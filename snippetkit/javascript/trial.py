"""What conversion code leads to: it is carried out on a page that has nothing but what every page has.

Only what such code is made of is known here: no loops, and functions that run at once or when they are called. The
rules are those of ECMA-262; where they lead to what is not known, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from snippetkit.javascript.names import GLOBAL_OBJECTS, given, is_text, member_name, parameters
from snippetkit.javascript.script import Script
from snippetkit.javascript.things import UNKNOWN, Thing, UncertainError, goes_on, is_true, kind_of, member, put
from snippetkit.javascript.tokens import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEP, _MOST_STEPS = 20, 200_000
_COMMENTS = frozenset({"comment", "html_comment"})
_NOTHING = frozenset({"comment", "empty_statement", "html_comment", "null", "undefined"})
_EQUAL, _UNEQUAL = frozenset({"==", "==="}), frozenset({"!=", "!=="})
_LAZY = {"&&": "&&", "||": "||", "??": "??", "&&=": "&&", "||=": "||", "??=": "??"}


class FailedError(Exception):
    """The browser would throw at a node."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.start_byte)
        self.node = node


class _Returned(Exception):  # noqa: N818
    """A function has returned."""


class ScriptTrial:
    """A page on which a script is run; `missing` are the globals that the page does not have before.

    What `is_left_out` may do anything. `elements` are those that the script made.
    """

    def __init__(self, script: Script, missing: frozenset[str], is_left_out: Callable[[Node], bool]) -> None:
        self.elements: list[Thing] = []
        self.window = Thing(is_host=True, missing=missing)
        self._script, self._is_left_out = script, is_left_out
        self._variables: dict[int, dict[bytes, object]] = {}
        self._arguments = UNKNOWN
        self._depth = self._steps = 0
        self.window.members.update({name.decode(): self.window for name in GLOBAL_OBJECTS}, document=self._document())

    def run(self) -> None:
        """Run the script, once more if it has been run already.

        Raises:
            FailedError: the browser would throw.
            UncertainError: it depends on what is not known.
        """
        try:
            self._value(self._script.root)
        except (RecursionError, _Returned) as error:
            raise UncertainError from error

    def _document(self) -> Thing:
        element = self._element()
        making, finding = Thing(call=self._make), Thing(call=lambda _: Thing(items=[element]))
        members = {"createElement": making, "getElementsByTagName": finding, "head": element, "body": element}
        return Thing({**members}, is_host=True)

    def _element(self) -> Thing:
        element, putting = Thing(is_host=True), Thing(call=put)
        element.members.update(appendChild=putting, insertBefore=putting, parentNode=element)
        return element

    def _make(self, arguments: Thing) -> Thing:
        made = self._element()
        made.node, made.missing = arguments.node, frozenset({"src"})
        self.elements.append(made)
        return made

    def _value(self, node: Node) -> object:
        """What a node is; a statement is nothing."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise UncertainError
        if self._is_left_out(node):
            return UNKNOWN
        if is_text(node):
            return text_of(node)[1:-1]
        if node.type in _NOTHING:
            return None
        found = _KINDS.get(node.type)
        if found is None:
            raise UncertainError
        return found(self, node)

    def _part(self, node: Node, name: str) -> object:
        part = node.child_by_field_name(name)
        return self._value(part) if part else None

    def _each(self, node: Node) -> object:
        value: object = None
        for child in (child for child in node.named_children if child.type not in _COMMENTS):
            value = self._value(child)
        return value

    def _is_so(self, node: Node, name: str) -> bool:
        return is_true(self._part(node, name))

    def _choice(self, node: Node) -> object:
        return self._part(node, "consequence" if self._is_so(node, "condition") else "alternative")

    def _return(self, node: Node) -> object:
        raise _Returned(self._each(node))

    def _binary(self, node: Node) -> object:
        operator, left = text_of(node.child_by_field_name("operator") or node), self._part(node, "left")
        if operator in _LAZY:
            return self._part(node, "right") if goes_on(_LAZY[operator], left) else left
        right = self._part(node, "right")
        if operator not in _EQUAL | _UNEQUAL or UNKNOWN in (left, right):
            return UNKNOWN
        return (left == right) == (operator in _EQUAL)

    def _unary(self, node: Node) -> object:
        operator, value = text_of(node.child_by_field_name("operator") or node), self._part(node, "argument")
        if operator == "!":
            return UNKNOWN if value is UNKNOWN else not is_true(value)
        if operator == "typeof" and value is not UNKNOWN:
            return kind_of(value)
        return None if operator == "void" else UNKNOWN

    def _declared(self, node: Node) -> object:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name and value:
            self._set(name, self._value(value))
        return None

    def _assigned(self, node: Node) -> object:
        value = self._part(node, "right")
        self._set(node.child_by_field_name("left") or node, value)
        return value

    def _augmented(self, node: Node) -> object:
        left = self._part(node, "left")
        operator = _LAZY.get(text_of(node.child_by_field_name("operator") or node))
        return self._assigned(node) if operator and goes_on(operator, left) else left

    def _set(self, left: Node, value: object) -> None:
        if left.type == "identifier":
            key = self._key(left)
            if key:
                self._variables.setdefault(key[1], {})[key[0]] = value
            else:
                self.window.members[text_of(left)] = value
            return
        of, name = self._part(left, "object"), member_name(left)
        if of is None:
            raise FailedError(left)
        if isinstance(of, Thing) and of is not UNKNOWN and name:
            of.members[name.decode()] = value

    def _key(self, name: Node) -> tuple[bytes, int] | None:
        """A variable of a function; one of the script is a member of the window."""
        key = self._script.names.key_of(name)
        return key if key and key[1] != self._script.root.id else None

    def _name(self, node: Node) -> object:
        key, name = self._key(node), text_of(node)
        if name == "arguments" and key is None:
            return self._arguments
        if key is None and name not in self.window.members and self._script.names.key_of(node):
            return None
        return self._variables.get(key[1], {}).get(key[0]) if key else member(self.window, name)

    def _path(self, node: Node) -> object:
        of = self._part(node, "object")
        if of is None and not any(child.type == "optional_chain" for child in node.children):
            raise FailedError(node)
        if isinstance(of, Thing) and of.items and text_of(node.child_by_field_name("index") or node) == "0":
            return of.items[0]
        name = member_name(node).decode()
        return None if of is None else member(of, name) if isinstance(of, Thing) and name else UNKNOWN

    def _called(self, node: Node) -> object:
        function = self._part(node, "function")
        told = [self._value(one) for one in given(node.child_by_field_name("arguments"))]
        if function is UNKNOWN:
            return UNKNOWN
        if not isinstance(function, Thing) or function.call is None:
            raise FailedError(node)
        self._depth += 1
        if self._depth > _DEEP:
            raise FailedError(node)
        value = function.call(Thing(items=told, node=node))
        self._depth -= 1
        return value

    def _function(self, node: Node) -> Thing:
        return Thing(call=partial(self._enter, node, self._variables))

    def _declared_function(self, node: Node) -> object:
        if name := node.child_by_field_name("name"):
            self._set(name, self._function(node))
        return None

    def _enter(self, function: Node, around: dict[int, dict[bytes, object]], arguments: Thing) -> object:
        """Run a function, which has variables of its own, and those that were around it where it was made."""
        outside = self._variables, self._arguments
        self._variables = {**around, function.id: {}}
        self._arguments = self._arguments if function.type == "arrow_function" else arguments
        items = arguments.items or []
        for place, name in enumerate(parameters(function)):
            self._set(name, items[place] if place < len(items) else None)
        try:
            value = self._part(function, "body")
        except _Returned as returned:
            value = returned.args[0]
        self._variables, self._arguments = outside
        return value

    def _object(self, node: Node) -> Thing:
        pairs = [pair for pair in given(node) if pair.type == "pair"]
        keys = (text_of(pair.child_by_field_name("key") or pair).strip("\"'`") for pair in pairs)
        return Thing(dict(zip(keys, (self._part(pair, "value") for pair in pairs), strict=True)))

    def _array(self, node: Node) -> Thing:
        return Thing(items=[self._value(one) for one in given(node)], node=node)

    def _number(self, node: Node) -> object:
        try:
            return float(text_of(node))
        except ValueError:
            return UNKNOWN


_EACH = "else_clause expression_statement lexical_declaration parenthesized_expression program sequence_expression"
_KINDS: dict[str, Callable[[ScriptTrial, Node], object]] = {
    **dict.fromkeys(f"{_EACH} statement_block variable_declaration".split(), ScriptTrial._each),
    **dict.fromkeys(("if_statement", "ternary_expression"), ScriptTrial._choice),
    **dict.fromkeys(("arrow_function", "function_expression"), ScriptTrial._function),
    **dict.fromkeys(("member_expression", "subscript_expression"), ScriptTrial._path),
    "array": ScriptTrial._array,
    "assignment_expression": ScriptTrial._assigned,
    "augmented_assignment_expression": ScriptTrial._augmented,
    "binary_expression": ScriptTrial._binary,
    "call_expression": ScriptTrial._called,
    "false": lambda *_: False,
    "function_declaration": ScriptTrial._declared_function,
    "identifier": ScriptTrial._name,
    "number": ScriptTrial._number,
    "object": ScriptTrial._object,
    "return_statement": ScriptTrial._return,
    "true": lambda *_: True,
    "unary_expression": ScriptTrial._unary,
    "variable_declarator": ScriptTrial._declared,
}
