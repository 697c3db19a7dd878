"""A first project file as a commented text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from snippetkit.terms import Kind, Placement

_HEAD = """\
# What 'snippetkit sync' keeps true: which code is on which pages, and in which tag managers.
# 'snippetkit sync --check' says what would change. Paths count from this file.
# The access token does not belong here: SNIPPETKIT_ACCESS_TOKEN has it.
"""
_API = """
# [api]
# url = "sandbox:"  # the embedded API, which needs no account; the live one by default
"""
_NO_PIXEL = """
# [pixels.checkout]  # any name
# kind = "meta"      # or conversion, or a platform's code, which is made here
# id = "123"
# event = "Purchase"
# file = "mail.html" # instead of kind and event: code that somebody sent, which needs no access token
"""
_SITE_OPTIONS = """\
# include = ["*.html", "*.htm"]
# exclude = ["drafts/"]
# template = "consent"  # 'snippetkit templates list' shows which there are
# server_code = true    # pages with PHP, Jinja or the like in them
# adopt = true          # puts marked code in the place of code that was put in by hand
# sheet = "pixels.csv"  # page,pixel,value,currency, instead of rules
"""
_KEPT = """\
prune = false  # otherwise 'sync' takes out snippetkit's code that is listed at the end
"""
_NO_RULE = """\
# rules = [
#   { page = "/thanks.html", pixel = "checkout", amount = 19.99, currency = "USD" },
# ]
"""  # not an empty list, which would take all code out
_EXPORTS = """
# [[exports]]
# format = "gtm"
# file = "build/gtm.json"
# into = "container.json"  # your own container's export, which the tags are merged into
"""
_BY_HAND = """
# Code on these pages that no rule here covers:
"""


class DraftedPixel(NamedTuple):
    """A pixel's name and id, and where its code is from."""

    name: str
    id: str | None
    kind: str = Kind.CONVERSION
    event: str | None = None
    file: str | None = None
    allow_hosts: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()


class DraftedRule(NamedTuple):
    """A page or a pattern of pages, a pixel's name, the value in minor units or the amount in major, its currency."""

    page: str
    pixel: str
    value: int | None = None
    amount: str | None = None
    currency: str | None = None


class Draft(NamedTuple):
    """A project with one site, and a line for what it could not take in; `placement` is where all code there is.

    `leaves` says that some of what it could not take in is snippetkit's own, which must not be pruned.
    """

    folder: str
    pixels: tuple[DraftedPixel, ...] = ()
    rules: tuple[DraftedRule, ...] = ()
    notes: tuple[str, ...] = ()
    placement: str | None = None
    leaves: bool = False


def to_toml(draft: Draft) -> str:
    """Return the text of a project file."""
    pixels = "".join(map(_pixel, draft.pixels)) or _NO_PIXEL
    notes = _BY_HAND + "".join(f"#   {quoted(note)[1:-1]}\n" for note in draft.notes) if draft.notes else ""
    return _HEAD + _API + pixels + _site(draft) + _EXPORTS + notes


def quoted(text: str) -> str:
    """Return a text as TOML has it: a JSON string, in which no character stands for itself that TOML refuses."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _pixel(pixel: DraftedPixel) -> str:
    source = {"file": pixel.file} if pixel.file is not None else {"kind": pixel.kind, "event": pixel.event}
    allowed = {"allow_hosts": pixel.allow_hosts or None, "allow": pixel.allow or None}
    return f"\n[pixels.{_key(pixel.name)}]\n{_lines({'id': pixel.id, **source, **allowed})}"


def _site(draft: Draft) -> str:
    placement = draft.placement if draft.placement != Placement.HEAD_BOTTOM else None
    settings = _lines({"paths": [draft.folder], "placement": placement})
    rules = f"rules = [\n{''.join(map(_rule, draft.rules))}]\n" if draft.rules else _NO_RULE
    kept = _KEPT if draft.leaves else ""
    return f"\n[[sites]]\n{settings}{kept}{_SITE_OPTIONS}{rules}"


def _rule(rule: DraftedRule) -> str:
    cells = ", ".join(f"{name} = {_value(cell)}" for name, cell in rule._asdict().items() if cell is not None)
    return f"  {{ {cells} }},\n"


def _lines(settings: dict[str, str | Sequence[str] | None]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in settings.items() if value is not None)


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("-", "").replace("_", "").isalnum() else quoted(name)


def _value(value: int | str | Iterable[str]) -> str:
    if isinstance(value, int):
        return str(value)
    return quoted(value) if isinstance(value, str) else f"[{', '.join(map(quoted, value))}]"
