"""The Jinja environment: sandboxed, strict about names, escaping; with the filters that conversion code needs."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snippetkit import money, platforms
from snippetkit.errors import SettingError, SnippetError
from snippetkit.patterns import later
from snippetkit.terms import Kind

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment
    from jinja2.sandbox import SandboxedEnvironment

    from snippetkit.model import Snippet

_PACKAGE = Path(__file__).parent.parent
# In a wheel the templates are inside the package, in a checkout and an editable install beside it.
FOLDER = next((f for f in (_PACKAGE / "templates", _PACKAGE.parent / "templates") if f.is_dir()), _PACKAGE)

_AMOUNT = later(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_AS_IT_STANDS = "the templates snippet and noscript-only take the code as it stands"


def make_bounded(loader: BaseLoader) -> SandboxedEnvironment:
    """Return an environment for one rendering of anybody's templates, which escapes everything and limits their work.

    Args:
        loader: gives the text of a template.
    """
    from snippetkit.templating.bounds import BoundedEnvironment

    environment = BoundedEnvironment(autoescape=True, **_settings(loader))
    environment.filters |= _FILTERS
    environment.bound_filters()
    return environment


@cache
def shipped() -> Environment:
    """Return the environment of the shipped templates alone; it escapes where a name ends in `html.j2`.

    These are the package's own code, so there is no sandbox around them: it takes half of the time of a rendering.
    """
    from jinja2 import Environment, FileSystemLoader, select_autoescape

    environment = Environment(
        autoescape=select_autoescape(enabled_extensions=("html.j2",)), **_settings(FileSystemLoader(FOLDER))
    )
    environment.filters |= _FILTERS
    environment.policies["json.dumps_function"] = _dumped
    return environment


def _dumped(value: object, **options: Any) -> str:
    """What `tojson` makes of a value, which mostly is a text: without an encoder of its own, ten times as fast."""
    import json

    return json.encoder.encode_basestring_ascii(value) if type(value) is str else json.dumps(value, **options)


def _settings(loader: BaseLoader) -> dict[str, Any]:
    from jinja2 import StrictUndefined

    return {
        "loader": loader,
        "undefined": StrictUndefined,
        "auto_reload": False,
        "keep_trailing_newline": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def rewritable(snippet: Snippet, *dialects: str) -> Snippet:
    """Return a snippet, sure that its code can be written anew from its settings.

    Args:
        snippet: any.
        dialects: the dialects that the template can write; without any, all that have a template.

    Raises:
        SnippetError: it is of another dialect, names no pixel, or a setting of it is not fixed.
    """
    wanted = dialects or rewritable_dialects()
    reason = ""
    if snippet.dialect not in wanted:
        reason = f"it is {snippet.dialect} code, and this template writes {', '.join(wanted)}"
    elif not snippet.pixel_id:
        reason = "it names no pixel"
    elif "eventID" in snippet.script:
        reason = "it has an event's id, which fresh code does not carry over"
    elif snippet.function:
        reason = f"it reports when {snippet.function}() is called, and fresh code would at once"
    elif lost := _lost_with(snippet):
        reason = f"it calls {lost}, which fresh code does not carry over"
    elif not platforms.ids_of(snippet.dialect).pattern.fullmatch(snippet.pixel_id):
        reason = f"it has no valid {platforms.ids_of(snippet.dialect).noun}: {snippet.pixel_id[:60]}"
    else:
        reason = next(filter(None, map(_why_not_fixed, snippet.events)), "")
    if reason:
        raise SnippetError(f"the code of {snippet.key} cannot be rewritten: {reason}", hint=_AS_IT_STANDS)
    return snippet


def _lost_with(snippet: Snippet) -> str:
    """What code calls that code written anew would not, empty where there is nothing of the kind."""
    verbs = sorted(platforms.dialect_named(snippet.dialect).calls.unwritten)
    return next((verb for verb in verbs if re.search(rf"['\"`]{verb}['\"`]", snippet.script)), "")


@cache
def rewritable_dialects() -> tuple[str, ...]:
    """Return the dialects that have a template, those of a platform in the order of their age."""
    every = platforms.every()
    named = (one for one in every if one.template or (FOLDER / template_of(one.name)).is_file())
    in_order = sorted(named, key=lambda dialect: (dialect.platform.name, dialect.since, dialect.name))
    return tuple(dialect.name for dialect in in_order)


def template_of(dialect_name: str) -> str:
    """Return where the template of a dialect is, below a folder of templates."""
    return f"dialects/{dialect_name}.html.j2"


def _why_not_fixed(event: Snippet) -> str:
    if dynamic := ["value"] * event.dynamic + [place.name for place in event.places if place.is_dynamic]:
        return f"its {dynamic[0]} is set while the page is built or shown"
    if event.value is not None and not _AMOUNT.fullmatch(event.value):
        return f"its value is not an amount: {event.value[:60]}"
    return ""


def two_decimals(value: str) -> str:
    """Return an amount with at least two decimals: `5` is `5.00`."""
    whole, _, decimals = value.partition(".")
    return f"{whole}.{decimals:0<2}"


def trimmed(value: str) -> str:
    """Return an amount without trailing zeros: `5.00` is `5`, `0.10` is `0.1`.

    Raises:
        ValueError: it is not an amount; an exponent would make a text of any length.
    """
    if not _AMOUNT.fullmatch(value):
        raise ValueError(f"{value[:60]!r} is not an amount")
    return f"{Decimal(value).normalize():f}"


def minor_units(snippet: Snippet) -> str:
    """Return what a snippet is worth as a whole number of its currency's minor units: `19.99` of USD is `1999`.

    Raises:
        SettingError: the currency is not known, or the amount is not whole in its minor unit.
    """
    exponents = platforms.dialect_named(snippet.dialect).platform.exponents
    return money.to_minor(snippet.value or "", snippet.currency or "", exponents)


def needed(value: str | None) -> str:
    """Return what a conversion is worth, for code that reports none without.

    Raises:
        SettingError: it is worth nothing.
    """
    if value is None:
        raise SettingError("such code reports nothing without a value", hint="give --value, and --currency")
    return value


def verb(event: str, dialect_name: str = "") -> str:
    """Return the command that a dialect's function reports an event with; without a dialect, that of the API's code."""
    return platforms.events_of(dialect_name or platforms.answering(Kind.META)[0].name).verb_of(event)


def own_url(snippet: Snippet) -> str:
    """Return where, on the site's own host, code says that its platform is.

    Raises:
        SnippetError: it does not say that.
    """
    platform = platforms.dialect_named(snippet.dialect).platform
    urls = platform.own_urls(snippet.source)
    if not urls:
        reason = f"it does not say where the site's own {platform.title} is"
        raise SnippetError(f"the code of {snippet.key} cannot be rewritten: {reason}", hint=_AS_IT_STANDS)
    return urls[0]


_FILTERS = {
    "minor_units": minor_units,
    "needed": needed,
    "own_url": own_url,
    "rewritable": rewritable,
    "two_decimals": two_decimals,
    "trimmed": trimmed,
    "verb": verb,
}
