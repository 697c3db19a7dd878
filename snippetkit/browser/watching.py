"""What happens while a page is looked at, as the browser tells it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from snippetkit.browser.observed import Blocked, Fired, ScriptError, is_loader, read_event

if TYPE_CHECKING:
    from playwright.async_api import Page, Request

_FIELD = re.compile(rb'name="([^"\r\n]*)"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)


@dataclass(eq=False)
class Log:
    """What happens during a visit, as it comes; `is_over` once the page went on: what the next one fires is not its.

    What the page requested before that is noted before it.
    """

    page_url: str
    is_over: bool = False
    started: float = field(default_factory=time.monotonic)
    fired: list[Fired] = field(default_factory=list)
    pending: dict[Request, str] = field(default_factory=dict)
    busy_at: float = 0.0
    _sent: set[str] = field(default_factory=set)
    _blocked: list[tuple[Blocked, str, int]] = field(default_factory=list)
    _errors: list[ScriptError] = field(default_factory=list)

    def request(self, request: Request, frame: str = "") -> None:
        """Note what a document of the page requests; only a redirect is an event: no interception sees it."""
        self._stir()
        before = request.redirected_from
        if before:
            self.pending.pop(before, None)
            if not read_event(before.url, 0):
                self.event(request.url, frame)
        self.pending[request] = request.url

    def event(self, url: str, frame: str = "") -> None:
        """Note an event, if it is one, with the URL of the frame that sent it, empty for the page."""
        event = read_event(url, round((time.monotonic() - self.started) * 1000))
        if event and not self.is_over:
            self.fired.append(event._replace(frame=self.place(frame)))

    def ended(self, request: Request) -> None:
        """Note that something was answered, or failed."""
        self._stir()
        self.pending.pop(request, None)

    def sent(self, event: dict[str, Any]) -> None:
        """Note that the page sent a request: the page itself says so (CDP, `Network.requestWillBeSent`).

        What it answers later is heard later; `request` comes another way, on a slow machine long after that.
        """
        self._stir()
        self._sent.add(event["requestId"])

    def done(self, event: dict[str, Any]) -> None:
        """Note that the page has an answer, or none will come (CDP, `Network.loadingFinished`, `loadingFailed`)."""
        self._stir()
        self._sent.discard(event["requestId"])

    def left(self) -> None:
        """Note that another document has come: nobody reports any more on what the one before sent."""
        self._sent.clear()

    @property
    def is_busy(self) -> bool:
        """Whether something that was requested has not come yet."""
        return bool(self.pending or self._sent)

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
        return any(is_loader(url) for url in self.pending.values())

    def waits_for(self) -> str:
        """What was requested and is not there yet, in words."""
        waiting = [self.place(url) for url in self.pending.values() if url != self.page_url]
        return f"still waiting for {waiting[0]}" if waiting else "it was slow"


def asked(request: Request) -> str:
    """The URL of a request, with the form fields that go with it: long events are posted."""
    body = request.post_data_buffer if read_event(request.url, 0) else None
    if not body:
        return request.url
    fields = _FIELD.findall(body) or parse_qsl(body)
    return f"{request.url}{'&' if '?' in request.url else '?'}{urlencode(fields)}"


def sender(request: Request, page: Page) -> str | None:
    """Which document sent a request: empty for the page's own, the URL of one in a frame, None for another window's.

    What has no address of its own, such as `about:blank` and `srcdoc`, belongs to the document around it, and so does
    the request for a frame's document.
    """
    from playwright.async_api import Error

    try:
        frame = request.frame
    except Error:  # a request of a window that opens
        return None
    if frame.page != page:
        return None
    if request.is_navigation_request():
        frame = frame.parent_frame or frame
    while frame.parent_frame and urlsplit(frame.url).scheme not in {"http", "https"}:
        frame = frame.parent_frame
    return frame.url if frame.parent_frame else ""


def origin_of(url: str) -> tuple[str, str]:
    """Return the scheme, and the host with its port."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
