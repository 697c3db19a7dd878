"""What can be said about a template before it is rendered: its blocks, and the variables that it uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from snippetkit.errors import SettingError
from snippetkit.terms import Part

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.nodes import Template

_BLOCKS = "a template has a block named script, one named noscript, or both, and its text in them"


def check(environment: Environment, path: str, *, variables: Collection[str], several: bool) -> None:
    """Make sure that nothing would silently be left out.

    Args:
        environment: loads the template.
        path: which.
        variables: what the person sets.
        several: whether there is more than one snippet.

    Raises:
        SettingError: text outside a block, a block of another name, a variable that the template does not use,
            or several snippets for a template that takes one.
        jinja2.TemplateError: it cannot be found, or is no template.
    """
    from jinja2 import meta, nodes

    assert environment.loader is not None  # noqa: S101
    source, file, _ = environment.loader.get_source(environment, path)
    outline = environment.parse(source, path, file)
    _check_blocks(outline, file or path)
    if not any(outline.find(kind) for kind in (nodes.Extends, nodes.Include)):
        used = meta.find_undeclared_variables(outline) - _own_names(outline) - environment.globals.keys()
        _check_variables(used, file or path, variables, several=several)


def _own_names(outline: Template) -> set[str]:
    """The names that a template sets or imports itself: Jinja counts those in blocks as variables, too."""
    from jinja2 import nodes

    names = {node.name for node in outline.find_all(nodes.Name) if node.ctx == "store"}
    return (
        names
        | {node.target for node in outline.find_all(nodes.Import)}
        | {node.name for node in outline.find_all(nodes.Macro)}
    )


def _check_blocks(outline: Template, file: str) -> None:
    from jinja2 import nodes

    extends = outline.find(nodes.Extends) is not None
    for line in _stray_text(outline):
        raise SettingError(f"{file}, line {line}: text outside a block", hint=_BLOCKS)
    blocks = [node for node in outline.body if isinstance(node, nodes.Block)]
    for block in blocks:
        if block.name not in set(Part) and not extends:
            raise SettingError(f"{file}, line {block.lineno}: there is no place for a block {block.name}", hint=_BLOCKS)
    if not blocks and not extends:
        raise SettingError(f"{file}: no block", hint=_BLOCKS)


def _stray_text(outline: Template) -> Iterator[int]:
    from jinja2 import nodes

    for output in (node for node in outline.body if isinstance(node, nodes.Output)):
        for node in output.nodes:
            text = node.data if isinstance(node, nodes.TemplateData) else "{{"
            if text.strip():
                yield node.lineno + text[: len(text) - len(text.lstrip())].count("\n")


def _check_variables(used: Collection[str], file: str, variables: Collection[str], *, several: bool) -> None:
    for name in sorted(set(variables) - set(used)):
        takes = ", ".join(sorted(used)) or "none"
        raise SettingError(f"{file}: the template has no variable {name}", hint=f"its variables are {takes}")
    if several and "snippets" not in used:
        raise SettingError(f"{file}: the template takes one pixel", hint="the template combined takes several")
