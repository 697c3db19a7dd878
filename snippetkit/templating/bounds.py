"""How much a template may do: one budget for all that it writes, compares and repeats, in characters and rounds.

Work is counted before it is done, so that no operation of a template (`"x" * 10**10`, `center(10**9)`) is begun that
would not end. Nothing is measured by a clock: a template that renders on one machine renders on all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from jinja2 import nodes, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from snippetkit.patterns import later

if TYPE_CHECKING:
    from jinja2.runtime import Context

MAX_WORK = 2_000_000
"""Characters; a round or a part of a list counts as ten. The code of a hundred pixels takes a few hundred thousand."""

_PART = 10
_STEP = "_counted"
_MEASURE = "_measured"
_WIDTH = later(r"%(?:\(\w*+\))?[-#0 +]*+(?:\d*\.)?\d{5,}|\{[^{}:]*:[^{}]*\d{5,}")
_FORMATS = frozenset({"format", "format_map"})
_BODIES = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock, nodes.Block)


class TooMuchError(Exception):
    """A template that would do more than it may."""

    def __init__(self) -> None:
        super().__init__(f"the template does too much: it would write or go through more than {MAX_WORK} characters")


def _once(value: object) -> int:
    return 1


def _each(value: object) -> int:
    return _size(value)


def _each_line(value: object) -> int:
    return str(value).count("\n") + 1 if isinstance(value, str) else 1


# Filters that enlarge their first argument: how many times the largest of the others, by what it is.
_GROWING: dict[str, Callable[[object], int]] = {
    **dict.fromkeys(("batch", "center", "ljust", "rjust", "round", "slice", "to_bytes", "truncate", "zfill"), _once),
    **dict.fromkeys(("expandtabs", "format", "format_map", "join", "replace", "tojson", "translate"), _each),
    **dict.fromkeys(("urlize", "wordwrap", "xmlattr", "*"), _each),
    "indent": _each_line,
}


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """An environment for the templates of one rendering, which do no more than `MAX_WORK` together."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, **settings: Any) -> None:
        self._left = MAX_WORK
        super().__init__(finalize=self._measured, **settings)
        self.code_generator_class = _Counting
        self.globals.pop("lipsum")

    def bound_filters(self) -> None:
        """Count what each filter does, except those that are added later."""
        self.filters |= {name: self._bounded(name, function) for name, function in self.filters.items()}
        self.filters |= {_STEP: self._step, _MEASURE: self._measured}

    def call(self, context: Context, function: Any, /, *given: Any, **named: Any) -> Any:
        """Call what a template calls."""
        method = getattr(function, "__wrapped__", function)
        owner = [method.__self__] if isinstance(getattr(method, "__self__", None), str | bytes | int) else []
        self._pay(getattr(method, "__name__", ""), [*owner, *given, *named.values()])
        return super().call(context, function, *given, **named)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Do what an operator between two values does."""
        if operator == "**" and isinstance(left, int) and isinstance(right, int):
            self._spend(left.bit_length() * max(right, 1))
        elif operator == "*" and isinstance(left, int):
            self._pay(operator, [right, left])
        else:
            self._pay("format" if operator == "%" and isinstance(left, str) else operator, [left, right])
        return super().call_binop(context, operator, left, right)

    def _bounded(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        skipped = int(hasattr(function, "jinja_pass_arg"))

        @wraps(function)
        def bounded(*given: Any, **named: Any) -> Any:
            given = (*given[:skipped], *(list(v) if isinstance(v, Iterator) else v for v in given[skipped:]))
            self._pay(name, [*given[skipped:], *named.values()])
            return function(*given, **named)

        return bounded

    def _pay(self, name: str, given: Sequence[object]) -> None:
        self._spend(sum(_size(value) for value in given))
        if name in _GROWING and len(given) > 1:
            self._spend(_GROWING[name](given[0]) * max(_largest(value) for value in given[1:]))
        if name in _FORMATS and given and isinstance(given[0], str) and _WIDTH.search(given[0]):
            raise TooMuchError

    @pass_context
    def _step(self, context: Context, cost: int) -> str:
        self._spend(cost)
        return ""

    def _measured(self, value: Any) -> Any:
        self._spend(_size(value))
        return value

    def _spend(self, work: int) -> None:
        if work > self._left:
            raise TooMuchError
        self._left -= work


class _Counting(CodeGenerator):
    """Writes a template's code with a step before each body, and a measure around what grows by itself."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802 (jinja2 calls it so)
        _Measuring().visit(node)
        bodies: list[Any] = [node, *node.find_all(_BODIES)]
        for body in bodies:
            cost = _PART + sum(len(text.data) for text in body.find_all(nodes.TemplateData))
            body.body.insert(0, nodes.ExprStmt(_filter(nodes.Const(cost), _STEP), lineno=body.lineno))
        node.set_environment(self.environment)
        super().visit_Template(node, frame)


class _Measuring(NodeTransformer):
    def visit_Concat(self, node: nodes.Expr) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _measured(node)

    visit_List = visit_Dict = visit_Concat  # noqa: N815

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _measured(node) if node.ctx == "load" else node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = _measured(node.expr)
        for operand in node.ops:
            operand.expr = _measured(operand.expr)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _measured(node.node)
        return node


def _measured(node: nodes.Expr) -> nodes.Filter:
    return _filter(node, _MEASURE)


def _filter(node: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _parts(value: object) -> list[object] | None:
    """What a value holds, None where it holds nothing."""
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return [*value] if isinstance(value, list | tuple | set | frozenset) else None


def _size(value: object) -> int:
    """The characters of a value, with a few more for each part; counted up to `MAX_WORK`."""
    total, pending = 0, [value]
    while pending and total <= MAX_WORK:
        item = pending.pop()
        pending += _parts(item) or []
        total += _PART + _length(item)
    return total


def _length(item: object) -> int:
    if isinstance(item, str | bytes | range):
        return len(item)
    return item.bit_length() // 3 if isinstance(item, int) else 0


def _largest(value: object) -> int:
    """The largest number in a value that was measured, or the length of its longest text."""
    parts = _parts(value)
    if parts is not None:
        return max((_largest(part) for part in parts), default=1)
    if isinstance(value, int):
        return abs(value)
    return max(1, len(value)) if isinstance(value, str | bytes) else 1
