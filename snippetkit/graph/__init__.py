"""The client of the Graph API of conversion pixels and Meta Pixels: the only part that makes HTTP requests."""

from snippetkit.graph.meta import (
    create_custom_conversion,
    create_meta_pixel,
    list_meta_pixels,
    list_shared_accounts,
    read_meta_pixel,
    rename_meta_pixel,
    share,
    unshare,
)
from snippetkit.graph.pixels import (
    authorize,
    create_pixel,
    deauthorize,
    delete_pixel,
    list_accounts,
    list_pixels,
    read_code,
    read_pixel,
    update_pixel,
)
from snippetkit.graph.transport import Transport

__all__ = [
    "Transport",
    "authorize",
    "create_custom_conversion",
    "create_meta_pixel",
    "create_pixel",
    "deauthorize",
    "delete_pixel",
    "list_accounts",
    "list_meta_pixels",
    "list_pixels",
    "list_shared_accounts",
    "read_code",
    "read_meta_pixel",
    "read_pixel",
    "rename_meta_pixel",
    "share",
    "unshare",
    "update_pixel",
]
