"""Whether a script runs as it stands: it does, or it is dead or held back, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from snippetkit import html, platforms
from snippetkit.javascript import Script, find_of_module, find_own_global
from snippetkit.patterns import later
from snippetkit.records import dataclass
from snippetkit.references import decode
from snippetkit.terms import JAVASCRIPT_TYPES

if TYPE_CHECKING:
    from snippetkit.platforms import Report
    from snippetkit.snippets.mending import Sign

DEAD = "dead"
NO_SCRIPT = "this is not JavaScript, so none of this script runs"
"""Why a script that cannot be parsed is dead."""
HELD_BACK = "held back"

_TYPES = JAVASCRIPT_TYPES | {"module"}
_LATER = frozenset({"async", "defer"})
_HANDLED = {
    "for": later(rb"\s*window\s*", re.IGNORECASE),
    "event": later(rb"\s*onload(?:\(\))?\s*", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class State:
    """Why code does not run as it stands: in a word, the finding's code, the byte offset of the reason, a sentence.

    `holder` is who holds it back; then it runs later, and there is no finding. `lacks_name` says that it would run, did
    anything name a pixel.
    """

    name: str
    code: str
    start: int
    reason: str
    holder: html.Holder | None = None
    lacks_name: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether the script is not JavaScript."""
        return self.code == "script-error"


def dead(start: int, reason: str, code: str = "not-run") -> State:
    """Return the state of code that never runs."""
    return State(DEAD, code, start, reason)


def of_tag(element: html.Element) -> State | None:
    """Return why a script's content does not run, or not yet, as its tag says; None where it does.

    The rules are the HTML standard's (4.12.1 "The script element", "prepare the script element").
    """
    kind = _kind(element)
    names = element.attributes.keys()
    reason = ""
    if holder := _holder(element, kind):
        return State(HELD_BACK, "", element.start, f"{holder.name} holds it back", holder)
    if kind not in _TYPES:
        reason = f"the script's type is {kind[:40]}, which no browser runs"
    elif "src" in names:
        reason = "the script has a src, so the code in it does not run"
    elif kind != "module" and "nomodule" in names:
        reason = "the script has nomodule, so no browser that knows modules runs it"
    elif kind != "module" and names >= _HANDLED.keys() and not _is_on_load(element):
        reason = "the script has for and event, and only those of the window's onload run"
    return dead(element.start, reason) if reason else None


def of_text(script: Script, sign: Sign | None, *, is_served: bool, is_module: bool) -> State | None:
    """Return why a script is not JavaScript, None where it is.

    Args:
        script: the script, mended.
        sign: what was mended first, None where nothing was.
        is_served: whether a server writes some of it, so that it may be JavaScript by the time it runs.
        is_module: whether it may hold what only a module may.
    """
    if sign and (script.error is None or not is_served):
        return dead(sign.start, f"{sign.text!r} is not JavaScript, so none of this script runs", "script-error")
    if is_served:
        return None
    if script.error is None:
        statement = None if is_module else find_of_module(script.root, script.masked[script.start : script.end])
        reason = "only a module may have this, so none of this script runs"
        return statement and dead(script.start + statement.start_byte, reason, "script-error")
    return dead(script.error, NO_SCRIPT, "script-error")


def of_module(element: html.Element, script: Script, dialect: str) -> State | None:
    """Return why code of a dialect is dead in a module: what a module declares is not global, as the loader needs."""
    if not is_module(element):
        return None
    known = platforms.dialect_named(dialect)
    own = find_own_global(script, known.found_by or known.globals)
    return own and dead(own[0], f"the script is a module, where {own[1]} is not global, so the loader does not find it")


def _holder(element: html.Element, kind: str) -> html.Holder | None:
    """Who starts a script later; one with a src is started without its content."""
    if "src" in element.attributes:
        return None
    if element.inside == "template":
        return next(holder for holder in html.HOLDERS if holder.element == "template")
    return html.find_holder(kind, {name: attribute.value for name, attribute in element.attributes.items()})


def runs_file(element: html.Element) -> bool:
    """Return whether a script's file is run as it stands, by browsers that know modules."""
    kind, names = _kind(element), element.attributes.keys()
    is_script = element.name == "script" and not element.inside and "src" in names
    return is_script and kind in _TYPES and (kind == "module" or "nomodule" not in names)


def may_wait(element: html.Element) -> bool:
    """Return whether a script's file may be run behind scripts that stand below it, as its attributes say."""
    return not _LATER.isdisjoint(element.attributes)


def place_of_file(element: html.Element, end: int) -> int:
    """Return where a script's file comes among what runs in a text of `end` bytes; `place_of_event` counts alike."""
    if "async" in element.attributes:
        return 2 * end + 1 + element.start
    return end + element.start if is_module(element) or "defer" in element.attributes else element.start


def place_of_event(element: html.Element, report: Report, end: int) -> int:
    """Return where an event comes: deferred scripts run when the page is parsed, async ones by when it is loaded."""
    if report.verb == "init":
        return element.start
    if report.waits or report.after == "load":
        return 4 * end + 1
    if report.after:
        return 2 * end
    return end + element.start if is_module(element) else element.start


def is_module(element: html.Element) -> bool:
    """Return whether a script is a module."""
    return _kind(element) == "module"


def _kind(element: html.Element) -> str:
    """The type of a script, by its language where it has none."""
    kind, language = (element.attributes.get(name) for name in ("type", "language"))
    told = kind.value if kind else b"text/" + language.value if language and language.value else b""
    return decode(told).strip().lower().decode("latin-1")


def _is_on_load(element: html.Element) -> bool:
    return all(form.fullmatch(element.attributes[name].value) for name, form in _HANDLED.items())
