"""What is asked of all dialects before one of them is loaded: most texts with code hold that of one or two."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from snippetkit.needles import find_installed
from snippetkit.platforms.dialect import Dialect
from snippetkit.platforms.finding import dialect_named, every, modules
from snippetkit.platforms.outline import Outline


def choose(is_chosen: Callable[[Outline], bool]) -> list[Dialect]:
    """Return those of all dialects that are chosen, by their names."""
    return [dialect_named(one.name) for one in outlines() if is_chosen(one)]


@cache
def outlines() -> tuple[Outline, ...]:
    """Return what is known of each dialect, by its name."""
    if find_installed():
        return make_list()
    from snippetkit.platforms.shipped import SHIPPED

    return SHIPPED


def make_list() -> tuple[Outline, ...]:
    """Return the same, made of the dialects themselves."""
    return tuple(map(_outline, every()))


def _outline(dialect: Dialect) -> Outline:
    platform, ids = dialect.platform, dialect.platform.ids
    is_ascii = ids.pattern.flags & re.ASCII
    return Outline(
        dialect.name,
        modules()[dialect.name],
        platform.name,
        dialect.globals,
        dialect.named_as,
        dialect.found_by,
        dialect.read_by,
        tuple(dict.fromkeys(loader.name for loader in platform.loaders)),
        tuple(dict.fromkeys(loader.host.lower() for loader in platform.loaders)),
        tuple(dict.fromkeys(image.mark.encode() for image in platform.images)) if dialect.read_image else (),
        has_functions=bool(dialect.functions),
        has_base_codes=bool(dialect.base_codes),
        needs_base=dialect.reaches_named or dialect.needs_base,
        told_in_part=f"(?{'a' if is_ascii else 'u'}:{ids.pattern.pattern})" if ids.untold else "",
    )
