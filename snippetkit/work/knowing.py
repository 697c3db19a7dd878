"""Pages that a run need not read again: those that the same plan has found as they should be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import PurePath
from types import FunctionType, NoneType
from typing import TYPE_CHECKING, Any

from snippetkit import __version__
from snippetkit.patterns import Compiled
from snippetkit.work.rendering import Rendering

if TYPE_CHECKING:
    from snippetkit.files import Known
    from snippetkit.run import Planner


def know(path: str, planner: Planner, *, writes: bool) -> Known:
    """Return the pages that a file says are known to this version of snippetkit, with this plan.

    Args:
        path: the file; there may be none yet.
        planner: what the run does to pages.
        writes: whether the run writes the file anew.

    Raises:
        FileError: something else is in the file, or it cannot be read.
    """
    from snippetkit.files import Known

    return Known(path, digest_plan(planner), writes=writes)


def digest_plan(planner: Planner) -> str:
    """Return the digest of what a page depends on: code, values, rules, templates, options, and our version."""
    return digest(planner)


def digest(value: object) -> str:
    """Return the digest of a value, which is the same in any process, and of our version.

    Raises:
        TypeError: something in it is neither data nor a function of a module.
    """
    total = hashlib.sha256(f"snippetkit {__version__}".encode())
    for part in _parts(value):
        total.update(b"%d:" % len(part) + part)
    return total.hexdigest()


def _parts(value: object) -> Iterator[bytes]:
    """The same bytes for the same value, in any process.

    Raises:
        TypeError: there is no telling.
    """
    yield type(value).__qualname__.encode()
    if isinstance(value, _PLAIN):
        yield repr(value).encode("utf-8", "surrogatepass")
        return
    for part in _inner(value):
        yield from _parts(part)
    yield b"end"


def _inner(value: object) -> Iterable[object]:
    for kinds, inner in _INNER:
        if isinstance(value, kinds):
            return inner(value)
    if is_dataclass(value):
        return _fields(value)
    raise TypeError(value)


def _fields(value: Any) -> list[object]:
    return [getattr(value, field.name) for field in fields(value) if field.compare]


_PLAIN = (NoneType, str, bytes, int, float, Decimal, PurePath, datetime)
# Sets come in another order in each process.
_INNER: Sequence[tuple[Any, Callable[[Any], Iterable[object]]]] = (
    (Enum, lambda one: (one.name,)),
    (Mapping, lambda one: one.items()),
    ((set, frozenset), lambda one: sorted(b"".join(_parts(member)) for member in one)),
    ((tuple, list), iter),
    (partial, lambda one: (one.func, one.args, one.keywords)),
    ((FunctionType, type), lambda one: (one.__module__, one.__qualname__)),
    (Rendering, lambda one: (*_fields(one), *sorted(one.texts().items()))),
    ((re.Pattern, Compiled), lambda one: (one.pattern, one.flags)),
)
