"""The client of the Graph API of conversion pixels: the only part of snippetkit that makes HTTP requests."""

from snippetkit.graph.ads import ad_params, create_ad
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
from snippetkit.graph.transport import Transport

__all__ = [
    "Clock",
    "Transport",
    "ad_params",
    "authorize",
    "choose_pixels",
    "create_ad",
    "create_pixel",
    "deauthorize",
    "delete_pixel",
    "list_accounts",
    "list_pixels",
    "read_code",
    "read_pixel",
    "read_pixels",
    "read_specs",
    "update_pixel",
    "write_specs",
]
