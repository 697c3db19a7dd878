"""What a script does beyond reporting a conversion.

It is read as a syntax tree, and everything in it has to be on the lists below. Names are looked up by scope, so that a
parameter called `location` is not taken for the page's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from snippetkit.javascript import Names, Script, Use, is_text, text_of, unwrapped, uses
from snippetkit.lint import assignments, bases, declared, paths, telling, vocabulary
from snippetkit.lint.finding import Raw
from snippetkit.lint.hosts import foreign_hosts
from snippetkit.lint.vocabulary import Vocabulary
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

_SYNTAX = frozenset(
    "arguments array arrow_function assignment_expression augmented_assignment_expression binary_expression "
    "call_expression comment empty_statement expression_statement false formal_parameters function_declaration "
    "function_expression html_comment identifier if_statement lexical_declaration member_expression null number "
    "object optional_chain pair parenthesized_expression program property_identifier return_statement "
    "sequence_expression statement_block string string_fragment subscript_expression template_string "
    "ternary_expression true unary_expression variable_declaration variable_declarator".split()
)
_STATEMENTS = frozenset(
    "class_declaration expression_statement for_in_statement for_statement function_declaration if_statement "
    "lexical_declaration return_statement switch_statement try_statement variable_declaration while_statement".split()
)
_NAMES = frozenset(
    "appendChild arguments async body createElement currency defer document getElementsByTagName globalThis head "
    "insertBefore parentNode pixel_id self src type value window".split()
)
_METHODS = frozenset({"appendChild", "createElement", "getElementsByTagName", "insertBefore"})
_PLAIN = later(rf"(?!.*(?:{'|'.join(sorted(_METHODS))})).+", re.DOTALL)
_SET = frozenset({"async", "defer", "src", "type"})
"""Members that code sets but does not read, unlike its settings: what an event tells cannot become an element's URL."""
_READ = frozenset({"apply", "body", "head", "loaded", "parentNode", "push"})
_NEVER_SET = frozenset("apply body document globalThis head parentNode self window".split())
_ELEMENTS = frozenset({"body", "head", "parentNode"})
_SHORTEST = later(rb"[A-Za-z]")
"""What minifiers call a variable of the whole script; the browser has nothing with such a name."""
_DEEP = 20
_LONGEST_LINE = 1000
_OPERATORS = {
    "augmented_assignment_expression": frozenset({"||=", "??="}),
    "binary_expression": frozenset("|| && ?? == != === !==".split()),
    "unary_expression": frozenset({"!", "+", "-", "~", "typeof", "void"}),
}
"""None of them makes a text out of other texts."""
_BLANK = later(rb"\s*(?:/\*[^*]*\*/\s*)*")
_WORDS = later(r"[\w .%-]*")
_SET_WORDS = later(r"[\w .%:|-]*")
"""What a setting may be: a list of amounts in parts, too."""
_CODE = later(r"script|head|body|use strict|undefined|function|[\d.]*|text/javascript")
_URL = later(r"(?:https?:)?//[a-z0-9.-]+/[\w./?&=%-]*", re.ASCII)


def find(script: Script, known: Vocabulary) -> Iterator[Raw]:
    """Yield `unexpected-script` for the first thing that conversion code does not do, and what may be asked for."""
    told = set[int]()
    is_base = _in_base_code(script)
    names = Names(script.root, is_base)
    for raw in (_about(script, use, known, names) for use in _unexpected(script, known, names, is_base)):
        if raw.offset not in told:
            yield raw
        told.add(raw.offset)
        if not (raw.hosts or raw.asked):
            return


def _about(script: Script, use: Use, known: Vocabulary, names: Names) -> Raw:
    """What is said of a part of a script that conversion code does not have; a path of names is shown entirely."""
    path = telling.path_told(use, known, names)
    node = telling.path_around(use).node if path else use.node
    text = text_of(node)[:60].partition("\n")[0]
    message = f"{text!r} {'may pass on what the browser knows' if path else 'is not part of conversion code'}"
    asked = f"value:{path}" if path and paths.is_of_page(path) else ""
    return Raw(
        "unexpected-script", script.start + node.start_byte, message, hosts=_hosts_of_url(node, known), asked=asked
    )


def unexpected(script: Script) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield where something is in a text that conversion code does not have, and the statement around it."""
    is_base = _in_base_code(script)
    for use in _unexpected(script, vocabulary.of_all(), Names(script.root, is_base), is_base):
        node, start = use.node, script.start
        statement = next(outer.node for outer in use.chain() if _is_whole(outer))
        yield start + node.start_byte, (start + statement.start_byte, start + statement.end_byte)


def _is_whole(use: Use) -> bool:
    return use.node.type in _STATEMENTS or use.parent is None or use.parent.node.type == "program"


def _in_base_code(script: Script) -> Callable[[Use], bool]:
    """Says whether a node is a dialect's base code, token for token: nothing in it is looked at."""
    known = bases.node_ids(script)
    return lambda use: use.node.id in known


def _unexpected(script: Script, known: Vocabulary, names: Names, is_base: Callable[[Use], bool]) -> Iterator[Use]:
    """Each part of a script that conversion code does not have, apart from its base code."""
    for use in uses(script.root, is_base):
        if not _is_expected(script, use, known, names):
            yield use


def _hosts_of_url(node: Node, known: Vocabulary) -> tuple[str, ...]:
    """The host of a string that is a plain URL: where that host is allowed, so is its script."""
    text = text_of(node)[1:-1] if is_text(node) else ""
    return tuple(foreign_hosts(text.encode(), known.hosts)) if _URL.fullmatch(text) else ()


def _is_expected(script: Script, use: Use, known: Vocabulary, names: Names) -> bool:
    node = use.node
    if node.is_missing or node.type not in _SYNTAX:
        return False
    if node.type == "html_comment":
        return _is_comment(script, node)
    if node.type == "identifier":
        is_trusted = text_of(node) in _NAMES | known.trusted and _is_read_or_queue(use, known)
        is_known = _is_local(use, names, known) or is_trusted
        return is_known or _is_server_code(script, node) or _is_page_value(use, known, names)
    check = _CHECKS.get(node.type)
    return check is None or check(use, known, names)


def _is_comment(script: Script, node: Node) -> bool:
    """Whether JavaScript, too, reads an HTML comment as one: `<!--` anywhere, `-->` where nothing precedes it."""
    if text_of(node).startswith("<!--"):
        return True
    before = script.masked[script.start + max(0, node.start_byte - _LONGEST_LINE) : script.start + node.start_byte]
    start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
    return (start > 0 or len(before) < _LONGEST_LINE) and _BLANK.fullmatch(before, start) is not None


def _is_local(use: Use, names: Names, known: Vocabulary) -> bool:
    """Whether a name is declared around here; for the whole script, a letter that is set, or one of a dialect's own."""
    key = names.key(use)
    is_of_script = key is not None and key[1] == next(iter(use.scopes))
    if key is None or not is_of_script:
        return key is not None
    is_own = key[0].decode() in known.told(lambda dialect: dialect.declares)
    return (is_own or _SHORTEST.fullmatch(key[0]) is not None) and bool(names.values[key])


def _is_read_or_queue(use: Use, known: Vocabulary) -> bool:
    """Whether a global is never set here, or is one of the dialects' own."""
    is_operand = use.parent is not None and use.parent.node.type == "binary_expression"
    is_declared = use.parent is not None and use.parent.node.type == "function_declaration"  # which was looked at
    is_set = (use.is_field("name") and not is_declared) or (use.is_field("left") and not is_operand)
    return not is_set or known.is_global.fullmatch(text_of(use.node)) is not None


def _is_member(use: Use, known: Vocabulary, names: Names) -> bool:
    """A key of what an event tells; a method, called; a setting, set; or a name that is read."""
    name = text_of(use.node)
    if _is_page_value(use, known, names) or _is_method(use, known, names) or declared.goes_on(use, known, names):
        return True
    if use.parent and use.parent.node.type == "pair":
        return name not in _READ | known.reporting | known.of_stubs
    if name in _METHODS:
        return use.parent is not None and use.parent.is_field("function")
    if name in _ELEMENTS:
        outer = use.parent.parent if use.parent else None
        return outer is not None and outer.node.type in {"binary_expression", "member_expression"}
    if use.parent is not None and names.path(use.parent.node) in known.setting_paths:
        return True
    if name in _SET | known.settings:
        return use.parent is not None and use.parent.is_field("left")
    is_set = use.parent is not None and use.parent.is_field("left")
    return name in _NAMES | known.trusted and not (is_set and name in _NEVER_SET | known.hooks)


def _is_method(use: Use, known: Vocabulary, names: Names) -> bool:
    """Whether a member is a method of a dialect's object, and is called."""
    is_called = use.parent is not None and use.parent.is_field("function")
    return is_called and use.parent is not None and names.path(use.parent.node) in known.methods


def _is_text(use: Use, known: Vocabulary, names: Names) -> bool:
    """What an event tells is not run, and may be any text; a template must have no expressions."""
    if not is_text(use.node) or use.is_field("arguments"):
        return False
    text = text_of(use.node)[1:-1]
    is_in_pair = use.parent is not None and use.parent.node.type == "pair"
    if is_in_pair and use.is_field("key"):
        return text not in _READ | known.reporting | known.of_stubs
    if use.is_field("index"):
        return True
    if telling.is_told(use, known, names):
        return (
            any(outer.node.type == "pair" for outer in islice(use.around(), _DEEP))
            or _WORDS.fullmatch(text) is not None
        )
    left = use.parent.node.child_by_field_name("left") if use.parent else None
    key = use.parent.node.child_by_field_name("key") if is_in_pair and use.parent else None
    is_setting = key is not None and text_of(key).strip("\"'`") in known.settings
    if is_setting or telling.is_setting(left, known, names):
        return _SET_WORDS.fullmatch(text) is not None
    return any(form.fullmatch(text) for form in (_CODE, known.is_loader))


def _is_page_value(use: Use, known: Vocabulary, names: Names) -> bool:
    """Whether a name is a variable of the page, or a member of one, that is read to be told by an event."""
    path = telling.path_told(use, known, names)
    return path != "" and paths.is_data(path)


def _is_index(use: Use, known: Vocabulary, _: Names) -> bool:
    """The first of the elements of a name, or a member by its name."""
    index, of = use.node.child_by_field_name("index"), use.node.child_by_field_name("object")
    if index is None or of is None:
        return False
    if index.type == "number":
        return of.type == "call_expression"
    name = text_of(index)[1:-1]
    if name in known.settings and not use.is_field("left"):
        return False
    return is_text(index) and name in (_NAMES | known.trusted) - _METHODS - _SET - _NEVER_SET - known.hooks


def _is_call(use: Use, _: Vocabulary, __: Names) -> bool:
    """What is put into the page has a name: it was made here."""
    function, arguments = use.node.child_by_field_name("function"), use.node.child_by_field_name("arguments")
    method = function.child_by_field_name("property") if function else None
    if method is None or arguments is None or text_of(method) not in {"appendChild", "insertBefore"}:
        return True
    return [node.type for node in arguments.named_children[:1]] == ["identifier"]


def _is_assignment(use: Use, known: Vocabulary, names: Names) -> bool:
    return assignments.is_allowed(use, known, names)


def _is_arguments(use: Use, known: Vocabulary, names: Names) -> bool:
    return assignments.is_given_no_queue(use, known, names)


def _is_operation(use: Use, _: Vocabulary, __: Names) -> bool:
    operator = use.node.child_by_field_name("operator")
    return operator is not None and text_of(operator) in _OPERATORS[use.node.type]


def _is_put_where_nothing_is(use: Use, known: Vocabulary, names: Names) -> bool:
    """`a ||= b`, which is just `a || (a = b)`."""
    return _is_operation(use, known, names) and assignments.is_allowed(use, known, names)


def _is_function(use: Use, _: Vocabulary, __: Names) -> bool:
    """A function that runs at once; or one without parameters, like the queue's, which touches no element."""
    is_arrow = use.node.type == "arrow_function"
    if use.node.child_by_field_name("name") or use.node.children[0].type == "async":
        return False
    outer = next((around for around in use.around() if around.node.type != "parenthesized_expression"), None)
    function = outer.node.child_by_field_name("function") if outer and outer.node.type == "call_expression" else None
    if function and unwrapped(function) == use.node:
        return True
    parameters = use.node.child_by_field_name("parameters")
    is_plain = not is_arrow and parameters is not None and not parameters.named_children
    return is_plain and _PLAIN.fullmatch(assignments.short(use.node)) is not None


_CHECKS: dict[str, Callable[[Use, Vocabulary, Names], bool]] = {
    "arguments": _is_arguments,
    "arrow_function": _is_function,
    "assignment_expression": _is_assignment,
    "augmented_assignment_expression": _is_put_where_nothing_is,
    "binary_expression": _is_operation,
    "call_expression": _is_call,
    "function_declaration": declared.is_declared,
    "function_expression": _is_function,
    "property_identifier": _is_member,
    "string": _is_text,
    "subscript_expression": _is_index,
    "template_string": _is_text,
    "unary_expression": _is_operation,
    "variable_declarator": _is_assignment,
}


def _is_server_code(script: Script, node: Node) -> bool:
    start, end = script.start + node.start_byte, script.start + node.end_byte
    return script.data[start:end] != script.masked[start:end]
