"""Each request is reported twice: by the page that sends it and by the interception, in either order."""

from __future__ import annotations

from collections.abc import Callable

from snippetkit.browser.answering import is_preflight
from snippetkit.browser.devtools import Session, Told

Take = Callable[[Session, Told, str], None]
"""Is given an intercepted request, and the URL from which it was redirected, or nothing."""


class Pairs:
    """Waits for both, as what the page says comes in order: a request is taken when the page has said who sends it."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._sent: dict[str, str] = {}
        self._paused: dict[str, tuple[Session, Told]] = {}
        self._urls: dict[str, str] = {}

    def sends(self, number: str, frame: str) -> None:
        """Take note of what the page says (CDP, `Network.requestWillBeSent`): which frame sends, empty for none.

        The interception names the frame around it where a script has written the page in a frame.
        """
        if number in self._paused:
            session, event = self._paused.pop(number)
            self._both(session, _sent_by(frame, event))
        else:
            self._sent[number] = frame

    def pauses(self, session: Session, event: Told) -> None:
        """Take note of what waits for an answer (CDP, `Fetch.requestPaused`); of some, no page says anything."""
        number = event.get("networkId")
        if number is None or number in self._sent or is_preflight(event["request"]):
            self._both(session, _sent_by(self._sent.pop(number or "", ""), event))
        else:
            self._paused[number] = session, event

    def _both(self, session: Session, event: Told) -> None:
        number = event.get("networkId", "")
        before, self._urls[number] = self._urls.get(number, ""), event["request"]["url"]
        self._take(session, event, before if number else "")


def _sent_by(frame: str, event: Told) -> Told:
    return event | {"frameId": frame} if frame else event
