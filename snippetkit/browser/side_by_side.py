"""Pages of ours side by side, each in a frame of one page: what they share is made once, and waited for once.

They share what a browser keeps for their site, and none of them is the window's own page: what seems wrong with one is
looked at again, as a page by itself.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import zip_longest

from snippetkit.browser.devtools import DevToolsError
from snippetkit.browser.observed import Observed
from snippetkit.browser.tabs import PageLostError, Tab
from snippetkit.browser.visiting import settle, stopped
from snippetkit.browser.visits import Visit
from snippetkit.browser.watching import Log
from snippetkit.browser.wording import in_words
from snippetkit.browser.worlds import ScriptStoppedError
from snippetkit.records import dataclass

_AT_ONCE = 25  # more would be in each other's way
# They are one page under several URLs, so it is requested once: what is written into a frame has the URL of the window
# meanwhile (HTML standard, "document open steps"). Nobody looks at them, so they are not drawn.
_SHOW = """(async (urls) => {{
  const own = location.href, page = await (await fetch(own)).text();
  document.body.replaceChildren();
  for (const url of urls) {{
    const frame = document.createElement('iframe');
    frame.hidden = true;
    document.body.append(frame);
    history.replaceState(null, '', url);
    frame.contentDocument.open();
    frame.contentDocument.write(page);
    frame.contentDocument.close();
  }}
  history.replaceState(null, '', own);
}})({})"""
# What each frame runs is a number in a list of scripts; the answer is why it stopped, or nothing.
_RUN = """((scripts, numbers) => numbers.map((number, at) => {{
  try {{ frames[at].eval(scripts[number]); return ''; }} catch (error) {{ return String(error); }}
}}))({}, {})"""


@dataclass(slots=True)
class _Shown:
    """A page in a frame, what watches it, and why it stopped."""

    visit: Visit
    log: Log
    failure: str = ""


async def look_at_all(tab: Tab, visits: Sequence[Visit]) -> list[Observed]:
    """Look at pages that share a script, and return what each of them did."""
    log, failure = tab.begin(visits[0]), ""
    timeout_s = visits[0].timeout_s * math.ceil(len(visits) / _AT_ONCE)
    shown = [_Shown(visit, Log(visit.url, started=log.started)) for visit in visits]
    try:
        await tab.pace.within(timeout_s, tab.unless_lost(_look(tab, log, shown)))
    except TimeoutError:
        failure = f"not loaded after {timeout_s:g} seconds"
    except ScriptStoppedError as error:
        failure = stopped(error)
    except (DevToolsError, PageLostError) as error:
        failure = in_words(str(error))
    failure = failure or ("one of the pages went on" if tab.went_to else "")
    return [_observed(one, log, failure or one.failure) for one in shown]


def _observed(one: _Shown, log: Log, failure: str) -> Observed:
    of_page = log.errors_in(one.visit.url)
    return Observed(one.visit.path, one.visit.javascript, "", tuple(one.log.fired), errors=of_page, failure=failure)


async def _look(tab: Tab, log: Log, shown: Sequence[_Shown]) -> None:
    first = shown[0].visit
    await tab.go(first.url)
    await tab.has_loaded.wait()
    await tab.worlds.run(first.shared)
    for at in range(0, len(shown), _AT_ONCE):
        await _look_at_some(tab, log, shown[at : at + _AT_ONCE])


async def _look_at_some(tab: Tab, log: Log, shown: Sequence[_Shown]) -> None:
    visits = [one.visit for one in shown]
    await tab.worlds.ask(_SHOW.format(json.dumps([visit.url for visit in visits])), waits=True)
    tree = await tab.session.call("Page.getFrameTree")
    frames = [child["frame"]["id"] for child in tree["frameTree"].get("childFrames", ())]
    if len(frames) != len(shown):
        raise PageLostError("detached")  # by a script that leads the page elsewhere, or takes a frame away
    tab.frames.watch(dict(zip(frames, (one.log for one in shown), strict=True)))
    for step in zip_longest(*(visit.events for visit in visits), fillvalue=""):
        await _run(tab, shown, step)
        await settle(tab, visits[0], log)


async def _run(tab: Tab, shown: Sequence[_Shown], step: Sequence[str]) -> None:
    """Carry out a script in each frame."""
    scripts = list(dict.fromkeys(step))
    blocks = json.dumps([f"{{\n{script}\n}}" for script in scripts])
    reasons = await tab.worlds.read(_RUN.format(blocks, [scripts.index(script) for script in step]))
    for one, reason in zip(shown, reasons or ["a script broke it"] * len(shown), strict=True):
        one.failure = one.failure or (stopped(reason) if reason else "")
