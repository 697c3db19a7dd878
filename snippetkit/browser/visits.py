"""How a page is looked at."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

from snippetkit import platforms
from snippetkit.html import HOLDERS
from snippetkit.records import dataclass, field

VIEW = (1280, 720)
"""Width and height of the window, in pixels."""


@dataclass(frozen=True, slots=True)
class Visit:
    """How a page is looked at.

    `path` is what a person named, `url` what the browser is sent to. `scripts` run in front of the page's own. Once it
    is loaded, `waking` starts what is held back, out of the page's reach, and `events` are carried out one after the
    other. `is_live` lets everything through. `timeout_s` is when the browser stops waiting. `is_idle` says that the
    page itself does nothing, so that only what is done on it is waited for. `start` is the URL from which the page is
    reached by a click, empty where it is loaded at once. `shared` is a script that several pages of ours, of one site,
    make use of: where they are looked at side by side, it is carried out once for all of them, in front of `events`.
    `authorization` is the header that the page's own server is sent, empty for none. `size` is how many bytes the page
    has, 0 where that is not known: large ones are looked at few at a time.
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
    waking: str = ""
    is_idle: bool = False
    start: str = ""
    shared: str = ""
    authorization: str = field(default="", repr=False)
    size: int = 0

    def signed_in(self, url: str) -> str:
        """Return a URL of the page's own server with the user and the password in it: for the browser alone."""
        if not self.authorization:
            return url
        login = base64.b64decode(self.authorization.removeprefix("Basic "))
        told = ":".join(quote(part, safe="") for part in login.split(b":", 1))
        return url.replace("://", f"://{told}@", 1)


def consent_script(*, granted: bool) -> str:
    """Return the script that answers in the visitor's place what a page asks about consent."""
    function = (Path(__file__).parent / "consent.js").read_text("utf-8").rstrip()
    calls = " ".join(filter(None, (platform.consent for platform in platforms.every_platform())))
    return f"{function}({'true' if granted else 'false'}, function () {{ {calls} }});"


def visitor_script() -> str:
    """Return the script that answers as a visitor's browser what pages ask to tell a driven one."""
    return (Path(__file__).parent / "visitor.js").read_text("utf-8")


def waking_script() -> str:
    """Return the script that starts what is held back, as the tools do once the visitor has agreed."""
    selectors = json.dumps([holder.selector for holder in HOLDERS if holder.waits])
    _, _, function = (Path(__file__).parent / "wake.js").read_text("utf-8").partition("\n")
    return f"{function.rstrip()}({selectors})"
