"""The fp dialect (2012 to 2014): a global `fb_param` that the loader `fp.js` reads.

A script of this dialect does two things and no other: it sets members of `fb_param`, and it loads `fp.js` from the
vendor. The tables below say which syntax, names and strings that takes; whatever else stands in a script, it is
not of this dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from snippetkit.dialects import Report, Setting
from snippetkit.dialects._javascript import Script, parse, refusal, text_of, walk
from snippetkit.terms import Several

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "fp"
IMAGE_HOST = "www.facebook.com"
IMAGE_PATH = "/offsite_event.php"
IMAGE_QUERY = {"id": "pixel_id", "value": "value", "currency": "currency"}
IMAGE_CONSTANTS: dict[str, str] = {}
TRACES = (b"fb_param", b"offsite_event.php")

TRUSTED_NAMES = frozenset({"fb_param"})
TRUSTED_FUNCTIONS = (
    """
function (waiting) {
  function next() {
    var set = waiting.shift();
    if (!set) return;
    set();
    var loader = document.createElement('script');
    loader.async = true;
    loader.onload = loader.onerror = next;
    loader.src = 'https://connect.facebook.net/en_US/fp.js';
    document.head.appendChild(loader);
  }
  next();
}
""",
)
"""What the template `combined` works a list off with: each function sets `fb_param`, and the loader reads it."""

SEVERAL = Several.COMBINED

_ADD_VALUE = "add fb_param.value = '0.00'; behind fb_param.pixel_id"
_ADD_CURRENCY = "add fb_param.currency = 'USD'; behind fb_param.pixel_id"
_MEMBERS = ("pixel_id", "value", "currency")
_SIDES = {
    "assignment_expression": ("left", "right"),
    "augmented_assignment_expression": ("left", "right"),
    "variable_declarator": ("name", "value"),
}
_CONDITIONS = frozenset(
    {"augmented_assignment_expression", "else_clause", "if_statement", "switch_case", "ternary_expression"}
)
_SETTING = re.compile(r"(?P<object>.*)\.(?P<name>pixel_id|value|currency)", re.DOTALL)
_OBJECTS = frozenset({"fb_param", "window.fb_param"})
_LONGEST_CHAIN = 20
_DIGITS = frozenset("0123456789")
_STRING = re.compile(r"(?:https?:)?//connect\.facebook\.net/[A-Za-z_]{2,8}/fp\.js|text/javascript|[A-Za-z0-9_.]*")
_NAMES = frozenset(
    "appendChild async body createElement currency document fb_param getElementsByTagName head insertBefore "
    "parentNode pixel_id src type value window".split()
)
_SYNTAX = frozenset(
    "arguments assignment_expression call_expression comment expression_statement formal_parameters "
    "function_expression identifier member_expression number object parenthesized_expression program "
    "property_identifier statement_block string string_fragment subscript_expression true variable_declaration "
    "variable_declarator".split()
)


def find(script: Script) -> Iterator[Report]:
    """Yield what a script reports: each time that it sets a member of `fb_param` once more, one more.

    Members that are set once more without a pixel are those of the pixel in front.
    """
    reports: list[dict[str, Node]] = []
    for found in _groups(script):
        if reports and "pixel_id" not in found:
            reports[-1] |= found
        else:
            reports.append(found)
    yield from (_report(script, found) for found in reports)


def _groups(script: Script) -> Iterator[dict[str, Node]]:
    found: dict[str, Node] = {}
    for reference in script.references(b"fb_param"):
        for name, value in _assigned(script, reference):
            if found and (not name or name in found):
                yield found
                found = {}
            if name in _MEMBERS:
                found[name] = value
    if found:
        yield found


def _assigned(script: Script, reference: Node) -> Iterator[tuple[str, Node]]:
    """What is set where `fb_param` is used: one member, or with an object several and first, without a name, itself."""
    parent = reference.parent
    if parent is None:
        return
    target = reference
    if parent.type in {"member_expression", "subscript_expression"}:
        target, parent = parent, parent.parent
    value = _right_side(parent, target) if parent else None
    if value and target != reference:
        member = target.child_by_field_name("property") or target.child_by_field_name("index")
        yield (script.key(member) if member else "", value)
    elif value:
        yield "", value
        yield from script.members(value).items()


def _right_side(parent: Node, target: Node) -> Node | None:
    sides = _SIDES.get(parent.type)
    if sides is None or parent.child_by_field_name(sides[0]) != target:
        return None
    value = parent.child_by_field_name(sides[1])
    for _ in range(_LONGEST_CHAIN):
        if value and value.type == "assignment_expression":
            value = value.child_by_field_name("right")
    return value


def _report(script: Script, found: dict[str, Node]) -> Report:
    pixel_id, value, currency = (_setting_of(script, found.get(name)) for name in _MEMBERS)
    start = min(node.start_byte for node in found.values()) + script.start
    return Report(
        NAME,
        start,
        pixel_id,
        value=value,
        currency=currency,
        add_value=_ADD_VALUE,
        add_currency=_ADD_CURRENCY,
        queue=_queue(script, next(iter(found.values()))),
    )


def _setting_of(script: Script, node: Node | None) -> Setting | None:
    """What is set; what is set on a condition only, or added to what was there, is no literal that could be changed."""
    setting = script.setting(node, needs_quotes=True)
    if setting is None or not _is_conditional(node):
        return setting
    return replace(setting, is_dynamic=True, is_whole=True)


def _queue(script: Script, node: Node) -> int | None:
    """Where the list begins whose functions set `fb_param` one behind the other, when they are called."""
    around: Node | None = node
    for _ in range(_LONGEST_CHAIN):
        around = around.parent if around else None
        if around is None or around.type == "function_expression":
            break
    array = around.parent if around and around.type == "function_expression" else None
    is_given = array is not None and array.parent is not None and array.parent.type == "arguments"
    return script.start + array.start_byte if array and array.type == "array" and is_given else None


def _is_conditional(node: Node | None) -> bool:
    for _ in range(_LONGEST_CHAIN):
        node = node.parent if node else None
        if node is None or node.type in _CONDITIONS:
            return node is not None
    return False


def read_script(script: str) -> dict[str, str]:
    """Return what a script sets: `pixel_id`, `value`, `currency`, as far as it does.

    Args:
        script: the text between `<script>` and `</script>`.

    Raises:
        SnippetError: the script holds anything that is not of this dialect, with the line and what it is.
    """
    nodes = list(walk(parse(script)))
    local = _local_names(nodes)
    for node in nodes:
        _check(node, local)
    return dict(setting for node in nodes if (setting := _setting(node)))


def _local_names(nodes: list[Node]) -> tuple[range, frozenset[str]]:
    """The byte range of the one function that there may be, and the names declared in it."""
    functions = [node for node in nodes if node.type == "function_expression"]
    if len(functions) > 1:
        raise refusal(functions[1], "a second function")
    inside = range(functions[0].start_byte, functions[0].end_byte) if functions else range(0)
    names = (node.child_by_field_name("name") for node in nodes if node.start_byte in inside)
    return inside, frozenset(text_of(name) for name in names if name)


def _check(node: Node, local: tuple[range, frozenset[str]]) -> None:
    names = _NAMES | local[1] if node.start_byte in local[0] else _NAMES
    if (
        node.type not in _SYNTAX
        or (node.type == "identifier" and text_of(node) not in names)
        or (node.type == "property_identifier" and text_of(node) not in _NAMES)
        or (node.type == "string" and not _STRING.fullmatch(text_of(node)[1:-1]))
        or (node.type == "subscript_expression" and text_of(node)[-2:-1] not in _DIGITS)
    ):
        raise refusal(node, f"{text_of(node)[:60]!r} is not part of {NAME} conversion code")


def _setting(node: Node) -> tuple[str, str] | None:
    if node.type != "assignment_expression":
        return None
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    match = _SETTING.fullmatch(text_of(left)) if left else None
    if match is None or right is None:
        return None
    if match["object"] not in _OBJECTS or not _is_top_level(node):
        raise refusal(node, f"{match['name']} is not set on the global fb_param")
    if right.type not in {"string", "number"}:
        raise refusal(node, f"{match['name']} is not a literal")
    return match["name"], text_of(right).strip("\"'")


def _is_top_level(assignment: Node) -> bool:
    statement = assignment.parent
    return statement is not None and statement.parent is not None and statement.parent.type == "program"
