"""What is said to a tab, to a frame, or to a window that a page opens, before anything of it runs."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from snippetkit.browser.answering import refuse
from snippetkit.browser.devtools import Session, Told
from snippetkit.browser.targets import RUN
from snippetkit.browser.visits import VIEW, Visit

_WATCH = Path(__file__).parent / "watch.js"
_WINDOW = {"width": VIEW[0], "height": VIEW[1], "deviceScaleFactor": 1, "mobile": False}


def begin(session: Session, visit: Visit, *, is_page: bool) -> list[Coroutine[Any, Any, Told]]:
    """Return what is said to a tab, or to a frame that has a process of its own.

    Args:
        session: its.
        visit: one of those that it is for, which have the same scripts.
        is_page: whether it is the tab.
    """
    call = session.call
    scripts = (_WATCH.read_text("utf-8"), *visit.scripts) if visit.javascript else ()
    return [
        call("Page.enable"),
        call("Network.enable"),
        call("Network.setCacheDisabled", cacheDisabled=True),
        call("Fetch.enable"),
        call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True),
        *(call("Page.addScriptToEvaluateOnNewDocument", source=script) for script in scripts),
        *([] if visit.javascript else [call("Emulation.setScriptExecutionDisabled", value=True)]),
        *([call("Runtime.enable"), call("Audits.enable")] if is_page else []),
        *([call("Emulation.setDeviceMetricsOverride", **_WINDOW)] if is_page else []),
        *([call("Emulation.setFocusEmulationEnabled", enabled=True)] if is_page else []),
        call(RUN),
    ]


def begin_popup(session: Session, *, is_live: bool) -> None:
    """Let a window run; it gets no answers unless the visit is live."""
    if not is_live:
        session.listen(
            {
                "Fetch.requestPaused": partial(refuse, session),
                "Page.javascriptDialogOpening": partial(dismiss, session),
            }
        )
        session.tell("Fetch.enable")
    session.tell("Page.enable")
    session.tell(RUN)


def dismiss(session: Session, event: Told) -> None:
    """Close a dialog (CDP, `Page.javascriptDialogOpening`); a page that asks whether to leave it is left."""
    session.tell("Page.handleJavaScriptDialog", accept=event["type"] == "beforeunload")
