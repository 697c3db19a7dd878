"""How a page is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

VIEW = (1280, 720)
"""Width and height of the window, in pixels."""


@dataclass(frozen=True, slots=True)
class Visit:
    """How a page is looked at.

    `path` is what a person named, `url` what the browser is sent to. `scripts` run in front of the page's own, `events`
    are carried out one after the other once it is loaded. `is_live` lets everything through. `timeout_s` is when the
    browser stops to wait.
    """

    path: str
    url: str
    javascript: bool = True
    scripts: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    is_live: bool = False
    with_screenshot: bool = False
    with_thumbnail: bool = False
    timeout_s: float = 15.0


def consent_script(*, granted: bool) -> str:
    """Return the script that answers in the visitor's place what a page asks about consent."""
    return f"{(Path(__file__).parent / 'consent.js').read_text('utf-8').rstrip()}({'true' if granted else 'false'});"
