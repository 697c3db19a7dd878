"""The client of the Graph API of conversion pixels: the only part of snippetkit that makes HTTP requests."""

from snippetkit.graph.pixels import create_pixel, list_pixels, read_pixel
from snippetkit.graph.transport import Transport

__all__ = ["Transport", "create_pixel", "list_pixels", "read_pixel"]
