"""The fp dialect (2012 to 2014): a global `fb_param` that the loader `fp.js` reads.

A script of this dialect does two things and no more: it sets members of `fb_param`, and it loads `fp.js` from the
vendor. The tables below say which syntax, names and strings that takes; if anything else is in a script, it is
not of this dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from snippetkit.javascript import FUNCTIONS, SIDES, Script, Setting, Tree, parse, refusal, right_side, text_of, walk
from snippetkit.patterns import later
from snippetkit.platforms import AnswerCheck, Dialect, Report
from snippetkit.platforms.facebook import PLATFORM
from snippetkit.records import replace
from snippetkit.terms import Coexistence, Kind

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "fp"
_COMBINED = (
    """
function (waiting) {
  function next() {
    var set = waiting.shift();
    if (!set) return;
    set();
    var loader = document.createElement('script');
    loader.async = true;
    loader.onload = loader.onerror = next;
    loader.src = 'LOADER';
    document.head.appendChild(loader);
  }
  next();
}
""",
)
"""How the template `combined` works off a list: each function sets `fb_param`, and the loader reads it."""

_ADD_VALUE = "add fb_param.value = '0.00'; after fb_param.pixel_id"
_ADD_CURRENCY = "add fb_param.currency = 'USD'; after fb_param.pixel_id"
_MEMBERS = ("pixel_id", "value", "currency")
_SIDES = {**SIDES, "augmented_assignment_expression": ("left", "right")}
_CONDITIONS = frozenset(
    {"augmented_assignment_expression", "else_clause", "if_statement", "switch_case", "ternary_expression"}
)
_SETTING = later(r"(?P<object>.*)\.(?P<name>pixel_id|value|currency)", re.DOTALL)
_OBJECTS = frozenset({"fb_param", "window.fb_param"})
_LONGEST_CHAIN = 20
_DIGITS = frozenset("0123456789")
_STRING = later(r"(?:https?:)?//connect\.facebook\.net/[A-Za-z_]{2,8}/fp\.js|text/javascript|[A-Za-z0-9_.]*")
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


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: one more report each time that it sets a member of `fb_param` again.

    Members that are set again without a pixel belong to the pixel before.
    """
    reports: list[dict[str, Node]] = []
    for group in _groups(script):
        if reports and "pixel_id" not in group:
            reports[-1] |= group
        else:
            reports.append(group)
    yield from (_report(script, group) for group in reports)


def _groups(script: Script) -> Iterator[dict[str, Node]]:
    group: dict[str, Node] = {}
    for reference in script.references(b"fb_param"):
        if _is_local(script.tree, reference):
            return
        for name, value in _assigned(script, reference):
            if group and (not name or name in group):
                yield group
                group = {}
            if name in _MEMBERS:
                group[name] = value
    if group:
        yield group


def _is_local(tree: Tree, reference: Node) -> bool:
    """Whether a function declares its own `fb_param` there: the loader reads the global, and reports nothing."""
    declared = tree.parent(reference)
    is_declared = declared is not None and declared.child_by_field_name("name") == reference
    return is_declared and any(one.type in FUNCTIONS for one in islice(tree.around(reference), 1, 1 + _LONGEST_CHAIN))


def _assigned(script: Script, reference: Node) -> Iterator[tuple[str, Node]]:
    """What is set where `fb_param` is used: one member, or an object, first and nameless, and its members."""
    parent = script.tree.parent(reference)
    if parent is None:
        return
    target = reference
    if parent.type in {"member_expression", "subscript_expression"}:
        target, parent = parent, script.tree.parent(parent)
    value = right_side(parent, target, _SIDES)
    if value and target != reference:
        member = target.child_by_field_name("property") or target.child_by_field_name("index")
        yield (script.key(member) if member else "", value)
    elif value:
        yield "", value
        yield from script.members(value).items()


def _report(script: Script, members: dict[str, Node]) -> Report:
    operation = _operation(script.tree, members.get("pixel_id"))
    pixel_id, value, currency = (_setting_of(script, name, members.get(name), operation) for name in _MEMBERS)
    start = min(node.start_byte for node in members.values()) + script.start
    return Report(
        NAME,
        start,
        pixel_id,
        value=value,
        currency=currency,
        add_value=_ADD_VALUE,
        add_currency=_ADD_CURRENCY,
        queue=_queue(script, next(iter(members.values()))),
    )


def _setting_of(script: Script, name: str, node: Node | None, operation: Node | None) -> Setting | None:
    """What is set; if that is done on a condition, or added to what was there, it is no literal that could be changed.

    What is set behind the same `a &&` as the pixel is as certain as the pixel.
    """
    setting = (script.amount if name == "value" else script.setting)(node, needs_quotes=True)
    if setting is None or not (_is_conditional(script.tree, node) or _operation(script.tree, node) != operation):
        return setting
    return replace(setting, is_dynamic=True, is_whole=True)


def _queue(script: Script, node: Node) -> int | None:
    """The start of the list whose functions set `fb_param` one after the other, when they are called."""
    near = islice(script.tree.around(node), _LONGEST_CHAIN)
    function = next((one for one in near if one.type == "function_expression"), None)
    kinds = [(one.type, one) for one in islice(script.tree.around(function), 2)] if function else []
    is_queue = [kind for kind, _ in kinds] == ["array", "arguments"]
    return script.start + kinds[0][1].start_byte if is_queue else None


def _is_conditional(tree: Tree, node: Node | None) -> bool:
    return node is not None and any(one.type in _CONDITIONS for one in islice(tree.around(node), _LONGEST_CHAIN))


def _operation(tree: Tree, node: Node | None) -> Node | None:
    """The `a && ..` behind which something is set: how minifiers write what is in an `if`, or after a return."""
    is_set, inner = False, node
    for around in islice(tree.around(node), _LONGEST_CHAIN) if node else ():
        if is_set and around.type == "binary_expression" and around.named_children[-1] == inner:
            return around
        is_set, inner = is_set or around.type == "assignment_expression", around
    return None


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
    """The byte range of the one function that may be there, and the names declared in it."""
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


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"fb_param", b"offsite_event.php", b"facebook.net/en_US/fp.js"),
    coexistence=Coexistence.COMBINED,
    settings=("fb_param", "fb_param.currency", "fb_param.pixel_id", "fb_param.value"),
    loader="fp.js",
    base_codes=_COMBINED,
    has_events=False,
    trims_images=True,
    retired=2017,
    successor="fbq",
    answered=AnswerCheck(
        image_host="www.facebook.com",
        image_path="/offsite_event.php",
        image_query={"id": "pixel_id", "value": "value", "currency": "currency"},
        image_constants={},
        read_script=read_script,
        kind=Kind.CONVERSION,
        hint="nothing was written; the code of a pixel whose name holds HTML can be read once it is renamed",
    ),
    since=2012,
)
