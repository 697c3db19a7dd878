"""What the calls about objects of the table `node` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from snippetkit.sandbox.call import ApiCall, check_account, no_object, page

if TYPE_CHECKING:
    from snippetkit.sandbox.store import Node


def stored_node(call: ApiCall, node_id: str) -> Node:
    """Return the object; one that no longer exists is refused."""
    node = call.store.node(node_id)
    if node is None:
        raise no_object(node_id)
    return node


def node_page(call: ApiCall, kind: str, account: str, read: Callable[[ApiCall, Node], object]) -> dict[str, object]:
    """Return one page of the objects of a kind that an account has or shares; `read` gives what goes out for one."""
    check_account(account)
    return page(
        call,
        lambda after, limit: call.store.nodes(kind, account, after, limit),
        lambda node: read(call, node),
        lambda: call.store.count_nodes(kind, account),
    )
