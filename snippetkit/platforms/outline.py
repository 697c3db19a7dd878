"""What the list of dialects says of each, so that most need not be loaded."""

from __future__ import annotations

from typing import NamedTuple


class Outline(NamedTuple):
    """What the list of dialects says of one; what is not said here is as its `Dialect` has it.

    `module` is where it stands, `platform` its platform's name, `loaders` are the names of that one's loaders, and
    `hosts` where they are, an empty one for the site's own host. `marks` are the parts of URLs that the images have
    which it reads. `needs_base` says that its events need base code. `told_in_part` matches the ids of which images
    tell a part.
    """

    name: str
    module: str
    platform: str
    globals: tuple[str, ...] = ()
    named_as: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()
    loaders: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    marks: tuple[bytes, ...] = ()
    has_functions: bool = False
    has_base_codes: bool = False
    needs_base: bool = False
    told_in_part: str = ""
