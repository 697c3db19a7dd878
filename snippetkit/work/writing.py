"""Code written by the template of its dialect and read again: which dialects have one, and what their code can tell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.records import replace

if TYPE_CHECKING:
    from snippetkit.model import Snippet
    from snippetkit.platforms import Dialect

SETTINGS = ("value", "currency", "order_id", "event_id")
"""What code may tell of an event."""

_SAMPLE_CENTS = 100
_SAMPLE_IDS = {"order_id": "A-1", "event_id": "E-1"}
_LINE = later(r"line [0-9]+: ")
_HOW = ("add ", "put ")


def kinds() -> tuple[str, ...]:
    """Return the names of the dialects whose code can be made: those that have a template, and were not retired.

    Nothing says on which host of a site's own a platform is, so that code for such a one is not made.
    """
    from snippetkit import platforms, templating

    dialects = map(platforms.dialect_named, templating.rewritable_dialects())
    return tuple(sorted(one.name for one in dialects if not (one.retired or one.platform.own_url)))


def suggest_kinds(text: str) -> str:
    """Return a question after the kinds that a text may mean, by their own names or their platforms': TikTok's is ttq.

    Args:
        text: no kind.

    Returns:
        The question; empty where it means none.
    """
    from snippetkit import platforms

    words = {text.casefold(), *text.casefold().replace("_", " ").replace("-", " ").split()}
    named = {name: platforms.dialect_named(name).platform for name in kinds()}
    meant = [name for name, one in named.items() if words & {name, one.name, one.title.casefold().split()[0]}]
    return f"did you mean {' or '.join(meant)}?" if meant else ""


def find_dialect(name: str) -> Dialect:
    """Return a dialect whose code can be made.

    Raises:
        SettingError: there is none of that name.
    """
    from snippetkit import platforms

    if name not in kinds():
        raise SettingError(
            f"{name[:60]!r} is not a kind of code that can be made here", hint=f"there are {', '.join(kinds())}"
        )
    return platforms.dialect_named(name)


def wanted(dialect: Dialect, pixel_id: str, event: str | None, settings: Mapping[str, str | None]) -> Snippet:
    """Return what code is to say, as a snippet that has no source yet: with what its base code reports by a call."""
    from snippetkit.model import Snippet

    base = dialect.events.base if dialect.events and dialect.events.tracks_base else None
    of_base = Snippet(dialect.name, pixel_id, None, None, "", event=base, conversion=False)
    if event is None and dialect.has_events:
        return of_base
    value, currency, order_id, event_id = map(settings.get, SETTINGS)
    return Snippet(
        dialect.name,
        pixel_id,
        value,
        currency,
        "",
        event=event,
        order_id=order_id,
        event_id=event_id,
        others=(of_base,) if base else (),
    )


@lru_cache(maxsize=64)
def write(snippet: Snippet) -> Snippet:
    """Return the code that says what a snippet does, as it is read.

    Raises:
        SettingError: without an event, it would say nothing.
        SnippetError: it cannot be written.
    """
    from snippetkit import snippets
    from snippetkit.templating import Template, render_blocks

    blocks = render_blocks(Template("clean"), [snippet])
    document = snippets.parse("\n".join(blocks.values()))
    readings = snippets.read_document(document)
    if any(one.script_span for one in readings):
        [group] = snippets.group(readings)
        return snippets.join(group)
    bases, image = snippets.read_bases(document), next(iter(readings), None)
    if not bases:
        raise SettingError("such code names no pixel without an event", hint="--event NAME says what it is for")
    base = bases[0]
    return _with_image(base, image) if image else base


def _with_image(base: Snippet, image: Snippet) -> Snippet:
    """A base code with its noscript, which belongs to no event of the script."""
    by = len(base.source) + 1
    noscript, url = ((span[0] + by, span[1] + by) if span else None for span in (image.noscript_span, image.image_span))
    return replace(base, source=f"{base.source}\n{image.source}", noscript_span=noscript, image_span=url)


def tells(dialect_name: str, pixel_id: str, event: str | None = None) -> dict[str, str]:
    """Return what a pixel's code can tell: for `value`, `currency`, `order_id` and `event_id` nothing, or why not.

    It is tried: code that is written with such a setting is read again.

    Raises:
        SettingError: such code cannot be made.
        SnippetError: it cannot be written.
    """
    from snippetkit import money

    dialect = find_dialect(dialect_name)
    platform = dialect.platform
    currency = platform.default_currency or ("USD" if "USD" in platform.exponents else min(platform.exponents))
    settings = {"value": platform.amount(_SAMPLE_CENTS, currency), "currency": currency, **_SAMPLE_IDS}
    made = write(wanted(dialect, pixel_id, event, settings))
    told = {name: getattr(made, name) for name in settings}
    is_told = {name: told[name] == said or money.is_same(told[name], said) for name, said in settings.items()}
    return {name: "" if is_told[name] else _why_not(made, name) for name in SETTINGS}


def _why_not(made: Snippet, name: str) -> str:
    """Why code lacks a setting: as the dialect says it, where that is more than how to add one."""
    from snippetkit import platforms

    reason = _LINE.sub("", made.gaps.get(name, ""), count=1)
    title = platforms.dialect_named(made.dialect).platform.title
    return reason if reason and not reason.startswith(_HOW) else f"{title} takes none from it"
