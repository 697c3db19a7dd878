"""What happens while a page is looked at, as the browser tells it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from snippetkit.browser.observed import Blocked, Fired, ScriptError, read_event

if TYPE_CHECKING:
    from playwright.async_api import Request

_FIELD = re.compile(rb'name="([^"\r\n]*)"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)


@dataclass(eq=False)
class Log:
    """What happens during a visit, as it comes."""

    page_url: str
    started: float = field(default_factory=time.monotonic)
    fired: list[Fired] = field(default_factory=list)
    pending: dict[Request, str] = field(default_factory=dict)
    busy_at: float = 0.0
    _blocked: list[tuple[Blocked, str, int]] = field(default_factory=list)
    _errors: list[ScriptError] = field(default_factory=list)

    def request(self, request: Request) -> None:
        """Note that something is asked for; only a redirect is an event here, since no interception sees it."""
        self._stir()
        before = request.redirected_from
        if before:
            self.pending.pop(before, None)
            if not read_event(before.url, 0):
                self.event(request.url)
        self.pending[request] = request.url

    def event(self, url: str) -> None:
        """Note an event, if it is one."""
        event = read_event(url, round((time.monotonic() - self.started) * 1000))
        if event:
            self.fired.append(event)

    def ended(self, request: Request) -> None:
        """Note that something was answered, or failed."""
        self._stir()
        self.pending.pop(request, None)

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
        """A URL as a person knows it: nothing for the page itself, the path for what is of its site."""
        if url == self.page_url:
            return ""
        parts = urlsplit(url)
        return unquote(parts.path) if origin_of(url) == origin_of(self.page_url) else url

    def waits_for(self) -> str:
        """What was asked for and is not there yet, in words."""
        waiting = [self.place(url) for url in self.pending.values() if url != self.page_url]
        return f"still waits for {waiting[0]}" if waiting else "it was slow"


def asked(request: Request) -> str:
    """The URL of a request, with the fields of a form that goes along: long events are posted."""
    body = request.post_data_buffer if read_event(request.url, 0) else None
    if not body:
        return request.url
    fields = _FIELD.findall(body) or parse_qsl(body)
    return f"{request.url}{'&' if '?' in request.url else '?'}{urlencode(fields)}"


def origin_of(url: str) -> tuple[str, str]:
    """Return the scheme, and the host with its port."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
