"""What happens while a page is looked at, as the browser tells it."""

from __future__ import annotations

import base64
import re
import time
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from snippetkit.browser.devtools import Told
from snippetkit.browser.observed import Blocked, Fired, ScriptError, is_loader, read_event
from snippetkit.patterns import later
from snippetkit.records import dataclass, field

_FIELD = later(rb'name="([^"\r\n]*)"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)


@dataclass(eq=False)
class Log:
    """What happens during a visit, as it comes; `is_over` once the page has left: what the next fires is not its own.

    What the page requested before that is noted before it.
    """

    page_url: str
    is_over: bool = False
    started: float = field(default_factory=time.monotonic)
    fired: list[Fired] = field(default_factory=list)
    busy_at: float = 0.0
    _pending: dict[str, tuple[str, str]] = field(default_factory=dict)
    _blocked: list[tuple[Blocked, str, int]] = field(default_factory=list)
    _errors: list[ScriptError] = field(default_factory=list)

    def event(self, url: str, frame: str = "") -> None:
        """Note an event, if it is one, with the URL of the frame that sent it, empty for the page."""
        event = read_event(url, round((time.monotonic() - self.started) * 1000))
        if event and not self.is_over:
            self.fired.append(event._replace(frame=self.place(frame)))

    def sent(self, number: str, url: str, session: str) -> None:
        """Note that a session of the tab sent a request."""
        self._stir()
        self._pending[number] = url, session

    def done(self, number: str) -> None:
        """Note that a request is answered, or never will be."""
        self._stir()
        self._pending.pop(number, None)

    def left(self, number: str) -> None:
        """Note that another document has come, by this request: nobody reports any more on what was sent before."""
        self._pending = {one: sent for one, sent in self._pending.items() if one == number}

    def gone(self, session: str) -> None:
        """Note that a session has ended: a worker, or a frame, of which nobody reports any more."""
        self._pending = {number: sent for number, sent in self._pending.items() if sent[1] != session}

    @property
    def is_busy(self) -> bool:
        """Whether something that was requested has not come yet."""
        return bool(self._pending)

    def _stir(self) -> None:
        self.busy_at = time.monotonic()

    def exception(self, event: dict[str, Any]) -> None:
        """Note an error of a script (CDP, `Runtime.exceptionThrown`)."""
        details = event["exceptionDetails"]
        thrown = details.get("exception", {})
        text = thrown.get("description") or str(thrown.get("value", "")) or details.get("text", "")
        self._errors.append(ScriptError(text.split("\n")[0], details.get("url", ""), details["lineNumber"] + 1))

    def issue(self, event: dict[str, Any]) -> None:
        """Note what a policy blocked, unless it only reports (CDP, `Audits.issueAdded`)."""
        details = event["issue"]["details"].get("contentSecurityPolicyIssueDetails")
        if details and not details["isReportOnly"]:
            at = details.get("sourceCodeLocation", {})
            blocked = Blocked(details.get("blockedURL") or "inline code", details["violatedDirective"])
            self._blocked.append((blocked, at.get("url", ""), at.get("lineNumber", -1) + 1))

    @property
    def errors(self) -> tuple[ScriptError, ...]:
        """The errors, each with its place as a person knows it."""
        return tuple(error._replace(url=self.place(error.url)) for error in self._errors)

    def errors_in(self, url: str) -> tuple[ScriptError, ...]:
        """The errors in a page that is shown in a frame, and those of which nobody says whose they are."""
        return tuple(error._replace(url="") for error in self._errors if error.url in {"", url})

    @property
    def blocked(self) -> tuple[Blocked, ...]:
        """What was blocked, with the line where it is one of the page's."""
        return tuple(
            blocked if self.place(url) or not line else blocked._replace(line=line)
            for blocked, url, line in self._blocked
        )

    def place(self, url: str) -> str:
        """A URL as a person knows it: nothing for the page itself, the path for what is on its site."""
        if url in {"", self.page_url}:
            return ""
        parts = urlsplit(url)
        return unquote(parts.path) if origin_of(url) == origin_of(self.page_url) else url

    def waits_for_loader(self) -> bool:
        """Whether a loader is still to come."""
        return any(is_loader(url) for url, _ in self._pending.values())

    def waits_for(self) -> str:
        """What was requested and is not there yet, in words."""
        waiting = [self.place(url) for url, _ in self._pending.values() if url != self.page_url]
        if waiting:
            return f"still waiting for {waiting[0]}"
        return "the server has not sent all of it" if self._pending else "it was slow"


def asked(request: Told) -> str:
    """The URL of a request (CDP, `Network.Request`), with the form fields that go with it: long events are posted."""
    parts = request.get("postDataEntries", ()) if read_event(request["url"], 0) else ()
    body = b"".join(base64.b64decode(part.get("bytes", "")) for part in parts)
    if not body:
        return str(request["url"])
    fields = _FIELD.findall(body) or parse_qsl(body)
    return f"{request['url']}{'&' if '?' in request['url'] else '?'}{urlencode(fields)}"


def origin_of(url: str) -> tuple[str, str]:
    """Return the scheme, and the host with its port."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
