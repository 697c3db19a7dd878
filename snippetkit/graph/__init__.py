"""The client of the Graph API of conversion pixels and Meta Pixels: the only part that makes HTTP requests."""

from snippetkit.graph.ads import ad_params, create_ad
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
    read_pixels,
    update_pixel,
)
from snippetkit.graph.retry import Clock
from snippetkit.graph.specs import choose_pixels, read_specs, write_specs
from snippetkit.graph.transport import EXPLORER_URL, LIVE_URL, Transport, check_url, is_trusted

__all__ = [
    "EXPLORER_URL",
    "LIVE_URL",
    "Clock",
    "Transport",
    "ad_params",
    "authorize",
    "check_url",
    "choose_pixels",
    "create_ad",
    "create_custom_conversion",
    "create_meta_pixel",
    "create_pixel",
    "deauthorize",
    "delete_pixel",
    "is_trusted",
    "list_accounts",
    "list_meta_pixels",
    "list_pixels",
    "list_shared_accounts",
    "read_code",
    "read_meta_pixel",
    "read_pixel",
    "read_pixels",
    "read_specs",
    "rename_meta_pixel",
    "share",
    "unshare",
    "update_pixel",
    "write_specs",
]
