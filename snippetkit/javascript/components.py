"""How React, Vue, Angular and the browser call what a component is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.javascript.names import member_name
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

BY_FRAMEWORK = frozenset(
    "beforeCreate beforeMount componentDidMount connectedCallback constructor created mounted ngOnInit render "
    "setup".split()
)
"""Methods of components that React, Vue, Angular and the browser call (custom elements, HTML standard, 4.13)."""
_HOOK = later(rb"use[A-Z]\w*")
"""How React names what only a component may call (react.dev, "Rules of Hooks")."""
OF_COMPONENTS = frozenset({"actions", "methods"})


def is_of_component(node: Node) -> bool:
    """Return whether a node is markup, or calls a hook."""
    callee = node.child_by_field_name("function") if node.type == "call_expression" else None
    name = (member_name(callee) or callee.text or b"") if callee else b""
    return node.type.startswith("jsx_") or _HOOK.fullmatch(name) is not None
