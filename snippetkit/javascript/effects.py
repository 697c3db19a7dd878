"""What statements and expressions do, as trees that are equal for equal effects. The rules are those of ECMA-262."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from snippetkit.patterns import later

Tree: TypeAlias = "str | tuple[Tree, ...]"
"""A token, or the kind of a node with its parts."""

Names: TypeAlias = Mapping[str, Tree]
"""The variables of the functions around a place: `("local", function, name)`."""

_HOISTED = frozenset({"class_declaration", "const", "function_declaration", "generator_function_declaration", "let"})
_KINDS = frozenset({"const", "let", "var"})
_MOST_MEMBERS = 50
_LITERALS = frozenset({"number", "string"})
_LEFTMOST = frozenset({"assignment_expression", "call_expression", "member_expression", "subscript_expression"})
_VARIABLES = frozenset({"global", "local"})
_SETS_ONE = _KINDS | {"assignment_expression", "assignment_pattern", "augmented_assignment_expression"}
_SETS_EACH = frozenset(
    "array_pattern for_in_statement function_declaration object_pattern pair_pattern rest_pattern "
    "update_expression".split()
)
_WITH_ARGUMENTS = frozenset("function_declaration function_expression generator_function method_definition".split())
_RETURN: Tree = ("return_statement", "return")
_DECIMAL = later(r"(?=\.?[0-9])(?P<whole>0|[1-9][0-9]*)?(?:\.(?P<part>[0-9]*))?(?:[eE](?P<exponent>[+-]?[0-9]{1,3}))?")
_NAME = later(r"[A-Za-z_$][\w$]*", re.ASCII)
_ESCAPE = later(r"\\(?P<code>[\"'\\/bfnrtv]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})")
_PLAIN_STRING = later(rf"(?:[^\\]|{_ESCAPE.pattern})*")
_QUOTE = later("[\"']")
_SHORT_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def numbered(tree: Tree, numbers: dict[Tree, str]) -> Tree:
    """Return a tree in which the variables of functions are named by their places."""
    if isinstance(tree, str):
        return tree
    if tree[:1] == ("local",):
        return ("local", numbers.setdefault(tree, str(len(numbers))))
    return tuple(numbered(part, numbers) for part in tree)


def effects(tree: Tree) -> Iterator[Tree]:
    """Yield the statements that an expression amounts to if nobody uses its value."""
    kind = tree[0]
    if kind == "sequence_expression":
        for part in tree[1::2]:
            yield from effects(part)
    elif kind == "not" or tree[:2] == ("unary_expression", "void"):
        yield from effects(tree[-1])
    elif kind == "ternary_expression":
        yield from choose(tree[1], tuple(effects(tree[3])), tuple(effects(tree[5])))
    elif kind == "binary_expression" and tree[2] in {"&&", "||"}:
        condition = tree[1] if tree[2] == "&&" else _negated(tree[1])
        yield from choose(condition, tuple(effects(tree[3])))
    else:
        yield from _assigned_before(tree)


def choose(condition: Tree, then: tuple[Tree, ...], otherwise: tuple[Tree, ...] = ()) -> Iterator[Tree]:
    """Yield the statement that does one thing or another; `a && b` without another is an `if` in an `if`."""
    while condition[0] == "not" and condition[1][0] == "not":
        condition = condition[1][1]
    if condition[0] == "not" and otherwise:
        condition, then, otherwise = condition[1], otherwise, then
    if condition[0] == "binary_expression" and condition[2] == "&&" and not otherwise:
        yield from choose(condition[1], tuple(choose(condition[3], then)))
    else:
        yield ("if", condition, ("block", *then), ("block", *otherwise))


def _negated(condition: Tree) -> Tree:
    return condition[1] if condition[0] == "not" else ("not", condition)


def without_returns(statements: Sequence[Tree]) -> list[Tree]:
    """Return a function's statements with `if (!a) { rest }` for `if (a) return; rest`."""
    left = [*statements]
    for at in reversed(range(len(left) - 1)):
        statement, rest = left[at], left[at + 1 :]
        is_return = statement[0] == "if" and statement[2:] == (("block", _RETURN), ("block",))
        if is_return and not any(other[0] in _HOISTED for other in rest):
            left[at:] = choose(_negated(statement[1]), tuple(rest))
    return left


def filled(statements: Iterable[Tree]) -> Iterator[Tree]:
    """Yield statements with `var a = {b: 1};` for `var a = {}; a.b = 1;`."""
    last: Tree = ""
    for statement in statements:
        member = _member_of(last, statement)
        if member:
            fields = (*last[3][:-1], ",", member) if len(last[3]) > 3 else (*last[3][:-1], member)
            last = (*last[:3], (*fields, "}"))
            continue
        if last:
            yield last
        last = statement
    if last:
        yield last


def _member_of(variable: Tree, statement: Tree) -> Tree:
    """The member that a statement adds to a variable's object; nothing if it is no such statement."""
    is_object = len(variable) == 4 and variable[0] in _KINDS and variable[3][0] == "object"
    is_set = statement[0] == "do" and statement[1][0] == "assignment_expression"
    if not (is_object and is_set):
        return ""
    target, value = statement[1][1], statement[1][3]
    is_of_it = target[:2] == ("member_expression", variable[1]) and target[2] == "."
    fields = variable[3][2:-1:2]
    names = [field[1] for field in fields if field[0] == "pair"]
    is_new = (
        len(names) == len(fields) < _MOST_MEMBERS and target[-1] not in names and target[-1] != ("name", "__proto__")
    )
    return ("pair", target[-1], ":", value) if is_of_it and is_new and value[0] in _LITERALS else ""


def _assigned_before(tree: Tree) -> Iterator[Tree]:
    """Yield an expression; `(a = b).c = d` is `a = b; a.c = d` where `a` is a variable of a function."""
    path = [tree]
    while path[-1][0] in _LEFTMOST:
        path.append(path[-1][1])
    at = next((at for at, part in enumerate(path[1:], 1) if part[:1] == ("assignment_expression",)), 0)
    if at and path[at][1][:1] == ("local",) and path[at][2] == "=":
        yield from _assigned_before(path[at])
        new: Tree = path[at][1]
        for outer in reversed(path[:at]):
            new = (outer[0], new, *outer[2:])
        tree = new
    yield ("do", tree)


def _string(text: str) -> Tree:
    """What a string says; as it stands, where it has an escape beyond the plain ones."""
    inner = text[1:-1]
    if _PLAIN_STRING.fullmatch(inner):
        return ("string", _ESCAPE.sub(_unescaped, inner))
    return ("escaped", text if _QUOTE.search(inner) else inner)


def _unescaped(escape: re.Match[str]) -> str:
    code = escape["code"]
    return chr(int(code[1:], 16)) if code[1:] else _SHORT_ESCAPES.get(code, code)


def _template(text: str) -> Tree:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return ("template", text) if "\\" in text else ("string", text[1:-1])


def _number(text: str) -> Tree:
    """A decimal number as its digits and its exponent; any other as it stands."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return ("number", text)
    part = match["part"] or ""
    digits = f"{match['whole'] or ''}{part}".lstrip("0")
    exponent = int(match["exponent"] or 0) - len(part) + len(digits) - len(digits.rstrip("0"))
    return ("number", f"{digits.rstrip('0')}e{exponent}" if digits else "0")


def _named(text: str) -> Tree:
    return ("name", text)


def _regex(text: str) -> Tree:
    return ("regex", text)


def _unary(parts: tuple[Tree, ...]) -> Tree:
    if parts[0] != "!":
        return ("unary_expression", *parts)
    return _TRUTHS.get(parts[1], ("not", parts[1]))


def _subscript(parts: tuple[Tree, ...]) -> Tree:
    """`a['b']` is `a.b`."""
    name = parts[2][1] if len(parts) == 4 and parts[2][0] == "string" else ""
    if isinstance(name, str) and _NAME.fullmatch(name):
        return ("member_expression", parts[0], ".", ("name", name))
    return ("subscript_expression", *parts)


def _pair(parts: tuple[Tree, ...]) -> Tree:
    """`{'a': 1}` is `{a: 1}`."""
    key = ("name", parts[0][1]) if parts[0][0] == "string" else parts[0]
    return ("pair", key, *parts[1:])


def _augmented(parts: tuple[Tree, ...]) -> Tree:
    """`a ||= b` is `a || (a = b)`, where `a` can be read twice."""
    target, operator, value = parts
    is_plain = target[0] in _VARIABLES or (target[0] == "member_expression" and target[1][0] in _VARIABLES)
    if is_plain and operator in {"&&=", "||="}:
        return ("binary_expression", target, operator[:2], ("assignment_expression", target, "=", value))
    return ("augmented_assignment_expression", *parts)


def _call(parts: tuple[Tree, ...]) -> Tree:
    """A literal that a function is called with on the spot stands wherever the function has its parameter."""
    function, arguments = parts[0], parts[-1]
    if function[0] != "function_expression" or arguments[0] != "arguments":
        return ("call_expression", *parts)
    parameters, block = function[-2], function[-1]
    changed, pairs = _changed(block), [*zip(parameters[2:-1:2], arguments[2:-1:2], strict=False)]
    given = {
        name: value for name, value in pairs if value[0] in _LITERALS and name[0] == "local" and name not in changed
    }
    if ("global", "arguments") in changed or len({name for name, _ in pairs}) < len(pairs):
        given = {}
    left: list[Tree] = [("given",) if value == given.get(name) else value for name, value in pairs]
    left += arguments[2:-1:2][len(pairs) :]
    while left and left[-1] == ("given",):
        left.pop()
    return ("call_expression", (*function[:-1], _replaced(block, given)), ("arguments", *left))


def _changed(block: Tree) -> set[Tree]:
    """The variables that are set in a function, and `arguments` if it uses that."""
    changed, pending = set[Tree](), [(block, True)]
    while pending:
        tree, is_own = pending.pop()
        if tree == ("global", "arguments") and is_own:
            changed.add(tree)
        if not isinstance(tree, str):
            changed.update(tree[1:2] if tree[0] in _SETS_ONE else tree[1:] if tree[0] in _SETS_EACH else ())
            pending += [(part, is_own and tree[0] not in _WITH_ARGUMENTS) for part in tree]
    return changed


def _replaced(tree: Tree, given: Mapping[Tree, Tree]) -> Tree:
    if isinstance(tree, str) or not given:
        return tree
    return given.get(tree) or tuple(_replaced(part, given) for part in tree)


def _new(parts: tuple[Tree, ...]) -> Tree:
    """`new A` is `new A()`."""
    return ("new_expression", *parts, *([] if parts[-1][0] == "arguments" else [("arguments", "(", ")")]))


_TRUTHS: Mapping[Tree, Tree] = {("number", "0"): "true", ("number", "1e0"): "false"}
LEAVES: Mapping[str, Callable[[str], Tree]] = {
    "number": _number,
    "private_property_identifier": _named,
    "property_identifier": _named,
    "regex": _regex,
    "string": _string,
    "template_string": _template,
}
"""What a token says, by its kind."""

SHAPES: Mapping[str, Callable[[tuple[Tree, ...]], Tree]] = {
    "augmented_assignment_expression": _augmented,
    "call_expression": _call,
    "new_expression": _new,
    "pair": _pair,
    "subscript_expression": _subscript,
    "unary_expression": _unary,
}
"""What is made of the parts of an expression, by its kind."""
