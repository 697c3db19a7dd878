"""The frames of a tab: which document is in which, and so who sent a request."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from snippetkit.browser.devtools import Told
from snippetkit.browser.watching import Log

_SANDBOX = "/partytown-sandbox-sw.html"  # of Partytown (0.10.3)


def _is_of_parent(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"http", "https"} or parts.path.endswith(_SANDBOX)


class Frames:
    """The frames around `main`, as the browser tells of them."""

    def __init__(self, main: str) -> None:
        self.main = main
        self._parents: dict[str, str] = {}
        self._urls: dict[str, str] = {}
        self._pages: Mapping[str, Log] = {}

    def left(self) -> None:
        """Take note that the tab shows another document: nothing is left of the frames of the one before."""
        self._parents.clear()
        self._urls.clear()
        self._pages = {}

    def watch(self, pages: Mapping[str, Log]) -> None:
        """Take note that each of these frames shows a page of its own, which is watched by itself."""
        self._pages = pages

    def log_of(self, frame: str) -> Log | None:
        """What watches the page that a frame is part of, None for the tab's own."""
        while self._is_part(frame):
            frame = self._parents[frame]
        return self._pages.get(frame)

    def attached(self, event: Told) -> None:
        """Take note of another frame (CDP, `Page.frameAttached`)."""
        self._parents[event["frameId"]] = event["parentFrameId"]

    def navigated(self, frame: Told) -> None:
        """Take note of the document in a frame (CDP, `Page.frameNavigated`)."""
        self._urls[frame["id"]] = frame["url"]
        if "parentId" in frame:
            self._parents[frame["id"]] = frame["parentId"]

    def sender(self, frame: str, *, is_document: bool) -> str:
        """Which document sent a request: empty for the page's own, the URL of one in a frame.

        What has no address of its own, such as `about:blank` and `srcdoc`, belongs to the document around it, and so do
        the request for a frame's document, and the page's own code in a worker of Partytown's frame.
        """
        if is_document:
            frame = self._parents.get(frame, self.main)
        while self._is_part(frame) and _is_of_parent(self._urls.get(frame, "")):
            frame = self._parents[frame]
        return self._urls.get(frame, "") if self._is_part(frame) else ""

    def _is_part(self, frame: str) -> bool:
        return frame in self._parents and frame not in self._pages
