"""The Jinja environment: sandboxed, strict about names, escaping; and the filters that conversion code needs."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from jinja2.sandbox import SandboxedEnvironment

    from snippetkit.model import Snippet

_PACKAGE = Path(__file__).parent.parent
# In a wheel the templates lie inside the package, in a checkout and an editable install beside it.
FOLDER = next((f for f in (_PACKAGE / "templates", _PACKAGE.parent / "templates") if f.is_dir()), _PACKAGE)

_REWRITABLE = ("fp", "fbds", "fbq")
_ID = re.compile(r"[0-9]{1,20}")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_AS_IT_STANDS = "the templates snippet and noscript-only take the code as it stands"


def make(loader: BaseLoader, *, escape_all: bool) -> SandboxedEnvironment:
    """Return an environment.

    Args:
        loader: gives the text of a template.
        escape_all: escape in every template, not only in those whose name ends in `html.j2`.
    """
    from jinja2 import StrictUndefined, select_autoescape
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        auto_reload=False,
        autoescape=escape_all or select_autoescape(enabled_extensions=("html.j2",)),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"rewritable": rewritable, "two_decimals": two_decimals, "trimmed": trimmed}
    return environment


@cache
def shipped() -> SandboxedEnvironment:
    """Return the environment of the shipped templates alone."""
    from jinja2 import FileSystemLoader

    return make(FileSystemLoader(FOLDER), escape_all=False)


def rewritable(snippet: Snippet, *dialects: str) -> Snippet:
    """Return a snippet whose code can be written anew from its settings.

    Args:
        snippet: any.
        dialects: the dialects that the template can write, all three where none is given.

    Raises:
        SnippetError: it is of another dialect, names no pixel, or a setting of it is not fixed.
    """
    wanted = dialects or _REWRITABLE
    reason = ""
    if snippet.dialect not in wanted:
        reason = f"it is {snippet.dialect} code, and this template writes {', '.join(wanted)}"
    elif not snippet.pixel_id:
        reason = "it names no pixel"
    elif not _ID.fullmatch(snippet.pixel_id):
        reason = f"its pixel is no number: {snippet.pixel_id[:60]}"
    elif dynamic := ["value"] * snippet.dynamic + [place.name for place in snippet.places if place.is_dynamic]:
        reason = f"its {dynamic[0]} is set while the page is made or shown"
    elif snippet.value is not None and not _AMOUNT.fullmatch(snippet.value):
        reason = f"its value is no amount: {snippet.value[:60]}"
    if reason:
        raise SnippetError(f"the code of {snippet.key} cannot be written anew: {reason}", hint=_AS_IT_STANDS)
    return snippet


def two_decimals(value: str) -> str:
    """Return an amount with two decimals, with more where it has more: `5` is `5.00`."""
    whole, _, decimals = value.partition(".")
    return f"{whole}.{decimals:0<2}"


def trimmed(value: str) -> str:
    """Return an amount without the zeros at its end: `5.00` is `5`, `0.10` is `0.1`."""
    return f"{Decimal(value).normalize():f}"
