"""The names in a script: where each is declared, what it is set to, and which global a path of names leads to.

Minifiers and people rename what is local: `(function (w, q) { q = w.queue || (w.queue = []); q.push(..) })(window)`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.literals import said_by_string
from snippetkit.javascript.picking import PATTERN, names_in, picked

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset(
    "arrow_function function_declaration function_expression generator_function generator_function_declaration "
    "method_definition".split()
)
GLOBAL_OBJECTS = frozenset({b"global", b"globalThis", b"self", b"window"})
"""The names of the window; `global` is what bundlers and polyfills call it."""
_OUTER_WINDOWS = frozenset({b"opener", b"parent", b"parent.parent", b"top"})
_LIKE_OUTER = frozenset({b"opener", b"parent", b"top"})
_SCOPES = FUNCTIONS | {"class_static_block", "for_in_statement", "for_statement", "statement_block", "switch_body"}
_PASSING = frozenset({"augmented_assignment_expression", "assignment_expression", "binary_expression"})
SHORTHAND = "shorthand_property_identifier"
MEMBERS = frozenset({"member_expression", "subscript_expression"})
COMPUTED = "computed_property_name"
_NAMES = frozenset({"identifier", SHORTHAND, "shorthand_property_identifier_pattern"})
_DEEPEST = 64
_LONGEST = 12
Key = tuple[bytes, int]
"""A name, and the id of the node that it is declared in: a function, a block, the script."""


class Use(NamedTuple):
    """A node, what it is in, and the ids of the scopes around it, from the outside: True for functions."""

    node: Node
    parent: Use | None
    scopes: dict[int, bool]

    def chain(self) -> Iterator[Use]:
        """This node and each around it, from the inside."""
        use: Use | None = self
        while use:
            yield use
            use = use.parent

    def around(self) -> Iterator[Use]:
        """Each node around this one, from the inside."""
        return islice(self.chain(), 1, None)

    def is_wrapped(self) -> bool:
        """Whether this node is in parentheses and is their value."""
        return self.parent is not None and self.parent.node.type == "parenthesized_expression"

    def is_field(self, name: str) -> bool:
        """Whether this node is that field of what it is in."""
        return self.parent is not None and self.parent.node.child_by_field_name(name) == self.node


def uses(root: Node, is_left_out: Callable[[Use], bool] = lambda use: False) -> Iterator[Use]:
    """Yield each node in the script's order; a node's own parent would be looked for from the root each time.

    What is left out is left out with all that is in it. The scopes of a node are right until the next one is asked for.
    """
    scopes = {root.id: True}
    pending: list[Use | None] = [Use(root, None, scopes)]
    while pending:
        use = pending.pop()
        if use is None:
            scopes.popitem()
            continue
        if is_left_out(use):
            continue
        if use.node.type in _SCOPES:
            scopes[use.node.id] = use.node.type in FUNCTIONS
            pending.append(None)
        yield use
        pending += [Use(child, use, scopes) for child in reversed(use.node.named_children)]


def unwrapped(node: Node) -> Node:
    """What is in parentheses, and there behind the last comma: `(0, tell)` is `tell`."""
    while node.type in {"parenthesized_expression", "sequence_expression"} and node.named_children:
        node = node.named_children[-1]
    return node


class Names:
    """The names that a script declares: `values` are what each is set to, `uses` where each is used.

    A name whose value is the window counts as the window; uses nested deeper than code ever is are left out.
    """

    def __init__(self, root: Node, is_left_out: Callable[[Use], bool] = lambda use: False) -> None:
        """Look at a syntax tree twice: a name may be used before its declaration."""
        self.values: dict[Key, list[Node]] = {}
        self.uses: dict[Key, list[Use]] = defaultdict(list)
        self._keys: dict[int, Key] = {}
        self._windows: set[Key] = set()
        self._picked: dict[Key, tuple[Node, bytes]] = {}
        for use in uses(root, is_left_out):
            for name, value, is_in_function in _declared(use):
                self.values.setdefault((name.text or b"", _scope(use, is_in_function)), []).extend(value)
            for name, of, member, is_in_function in _picked(use):
                picked_name = name.text or b"", _scope(use, is_in_function)
                self.values.setdefault(picked_name, [])
                self._picked[picked_name] = of, member
        for use in uses(root, is_left_out):
            key = self.key(use) if use.node.type in _NAMES else None
            if key:
                self._keys[use.node.start_byte] = key
                self.uses[key].append(use)
                self.values[key] += _assigned(use)
        for _ in range(2):  # once more for names of names
            self._windows.update(self.aliases(GLOBAL_OBJECTS))

    def key(self, use: Use) -> Key | None:
        """Return the name that an identifier is, None for a global; the scopes of the use have to be right."""
        text = use.node.text or b""
        around = islice(reversed(use.scopes), _DEEPEST)
        return next(((text, scope) for scope in around if (text, scope) in self.values), None)

    def key_of(self, node: Node) -> Key | None:
        """Return the name that an identifier is, None for a global."""
        return self._keys.get(node.start_byte)

    def path(self, node: Node | None) -> bytes:
        """Return what an expression names, however it is written.

        `tell` for `window?.["tell"]`, `(0, self.tell)`, `w.tell`, where `w` is the window, and `w[t]`, where `t` is
        that text; `.push` where what it is a member of has no name; empty for what is neither.
        """
        names: list[bytes] = []
        for _ in range(_LONGEST):
            node = unwrapped(node) if node else None
            if node is None or node.type not in {"member_expression", "subscript_expression"}:
                break
            names.append(member_name(node) or self._told_name(node))
            node = node.child_by_field_name("object")
        root = self._root(node)
        while names and root in GLOBAL_OBJECTS:
            root = names.pop()
        return b"" if b"" in names else b".".join([root, *reversed(names)])

    @staticmethod
    def is_like_outer(node: Node | None) -> bool:
        """Return whether an expression ends as one that is another window."""
        last = node and (node if node.type == "identifier" else node.child_by_field_name("property"))
        return last is not None and last.text in _LIKE_OUTER

    def is_outer(self, node: Node | None) -> bool:
        """Return whether an expression is another window: `parent`, `window.top`."""
        is_own = node is not None and node.type == "identifier" and self.key_of(node) is not None
        return not is_own and self.path(node) in _OUTER_WINDOWS

    def aliases(self, paths: frozenset[bytes]) -> Iterator[Key]:
        """Yield the names that are set to what a path leads to: `q` in `q = w.queue || (w.queue = [])`."""
        for key, values in self.values.items():
            if any(self._leads_to(value, paths) for value in values):
                yield key

    def picked(self, path: bytes) -> Iterator[Key]:
        """Yield the names that patterns give to a global: `f` in `const {tell: f} = window`."""
        for key, (of, member) in self._picked.items():
            if member == path and not self.values[key] and self.path(of) in GLOBAL_OBJECTS:
                yield key

    def called_by(self, name: bytes) -> Iterator[Node]:
        """Yield where the window's member is used whose name a variable tells: `window[a]`, where `a` is a text."""
        for key in self._texts.get(name, ()):
            for use in self.uses[key]:
                of = use.parent.node.child_by_field_name("object") if use.parent and use.is_field("index") else None
                if use.parent and of and self.path(of) in GLOBAL_OBJECTS:
                    yield use.parent.node

    @cached_property
    def _texts(self) -> dict[bytes, list[Key]]:
        """The names that are set to one text alone, by that."""
        texts: dict[bytes, list[Key]] = defaultdict(list)
        for key in self.values:
            if text := self._text(key):
                texts[text].append(key)
        return texts

    def _text(self, key: Key | None) -> bytes:
        """The text that a name is set to alone, empty where it may be something else."""
        values = self.values[key] if key else []
        return (values[0].text or b"")[1:-1] if len(values) == 1 and is_text(values[0]) else b""

    def _told_name(self, member: Node) -> bytes:
        """The name of a member that a variable tells."""
        index = member.child_by_field_name("index")
        return self._text(self.key_of(index)) if index and index.type == "identifier" else b""

    def _leads_to(self, value: Node, paths: frozenset[bytes]) -> bool:
        pending = [value]
        for _ in range(_LONGEST):
            if not pending:
                break
            node = unwrapped(pending.pop())
            if node.type in _PASSING:
                pending += [side for name in ("left", "right") if (side := node.child_by_field_name(name))]
            elif self.path(node) in paths:
                return True
        return False

    def _root(self, node: Node | None) -> bytes:
        if node is None or node.type != "identifier":
            return b""
        return b"window" if self.key_of(node) in self._windows else node.text or b""


def member_name(node: Node) -> bytes:
    """The name of a member, empty where it is told by an expression."""
    name = node.child_by_field_name("property") or node.child_by_field_name("index")
    if name is None or not (name.type == "property_identifier" or is_text(name)):
        return b""
    text = (name.text or b"") if name.type == "property_identifier" else (name.text or b"")[1:-1]
    return said_by_string(text.decode("utf-8", "replace")).encode() if b"\\" in text else text


def is_text(node: Node) -> bool:
    """Whether a node is a string, or a template without expressions."""
    if node.type == "template_string":
        return all(child.type in {"escape_sequence", "string_fragment"} for child in node.named_children)
    return node.type == "string"


def _declared(use: Use) -> Iterator[tuple[Node, list[Node], bool]]:
    """Yield each name that a node declares, what it is set to there, and whether it holds for the whole function."""
    node = use.node
    if node.type == "variable_declarator":
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        is_in_function = use.parent is None or use.parent.node.type == "variable_declaration"
        if name and name.type == "identifier":
            yield name, [value] if value else [], is_in_function
    elif node.type == "for_in_statement":
        kind, name = node.child_by_field_name("kind"), node.child_by_field_name("left")
        if kind and name and name.type == "identifier":
            yield name, [], kind.text == b"var"
    elif node.type in FUNCTIONS:
        values = _given(use)
        for place, parameter in enumerate(parameters(node)):
            is_plain = parameter.type == "identifier"
            yield from ((name, values[place : place + is_plain], True) for name in names_in(parameter))


def _picked(use: Use) -> Iterator[tuple[Node, Node, bytes, bool]]:
    """Yield each name that a pattern in a node declares, of what it is a member, which one, and as `_declared` does."""
    node = use.node
    if node.type == "variable_declarator":
        pairs = [(node.child_by_field_name("name"), node.child_by_field_name("value"))]
        is_in_function = use.parent is None or use.parent.node.type == "variable_declaration"
    else:
        pairs, is_in_function = (
            [*zip(parameters(node), _given(use), strict=False)] if node.type in FUNCTIONS else [],
            True,
        )
    for pattern, of in ((one, of) for one, of in pairs if one and of and one.type == PATTERN):
        yield from ((name, of, member, is_in_function) for name, member in picked(pattern))


def parameters(function: Node) -> list[Node]:
    """The parameters of a function."""
    one = function.child_by_field_name("parameter")
    return [one] if one else given(function.child_by_field_name("parameters"))


def given(arguments: Node | None) -> list[Node]:
    """What is in parentheses after a function's name."""
    return [node for node in arguments.named_children if node.type != "comment"] if arguments else []


def _given(use: Use) -> list[Node]:
    """The arguments of a function that is called where it stands."""
    inner = next(outer for outer in use.chain() if not outer.is_wrapped())
    call = inner.parent.node if inner.parent and inner.is_field("function") else None
    return given(call.child_by_field_name("arguments")) if call else []


def _assigned(use: Use) -> list[Node]:
    """What a name is set to where it is used."""
    is_left = use.parent is not None and use.parent.node.type in _PASSING and use.is_field("left")
    right = use.parent.node.child_by_field_name("right") if is_left and use.parent else None
    return [right] if right and use.parent and use.parent.node.type != "binary_expression" else []


def _scope(use: Use, is_in_function: bool) -> int:
    return next(scope for scope, is_function in reversed(use.scopes.items()) if is_function or not is_in_function)
