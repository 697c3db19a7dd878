"""A loaded machine: how slow it is, how long limits are then, and which visits are repeated."""

from __future__ import annotations

import asyncio

import pytest

from snippetkit.browser.doubts import Codes, Doubts
from snippetkit.browser.pace import Pace
from snippetkit.browser.wording import in_words


class _Time:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _measured(took_s: float, *, times: int = 20) -> tuple[Pace, _Time, list[float]]:
    """A machine on which a page takes so long, and what was said of it."""
    time, told = _Time(), list[float]()
    pace = Pace(told.append, time)
    for _ in range(times):
        with pace.measuring():
            time.now += took_s
    return pace, time, told


@pytest.mark.parametrize(
    ("took_s", "slowness", "at_once"),
    [(0.01, 1, 8), (0.1, 1, 8), (0.5, 5, 6), (0.6, 6, 5), (1.2, 12, 4), (2.5, 25, 4), (600, 30, 4)],
)
def test_where_a_page_is_slow_limits_are_longer_and_tabs_fewer(took_s: float, slowness: float, at_once: int) -> None:
    pace, time, told = _measured(took_s)
    assert pace.slowness == pytest.approx(slowness, abs=0.01)
    assert (pace.at_once(8), pace.at_once(1), pace.is_quick) == (at_once, 1, slowness == 1)
    before = pace.now()
    time.now += 60
    assert pace.now() - before == pytest.approx(60 / slowness, rel=0.01)
    assert len(told) == (slowness >= 4)


def test_a_page_that_does_not_come_slows_the_clock_before_it_has_come() -> None:
    time = _Time()
    pace = Pace(clock=time)
    with pace.measuring():
        before = pace.now()
        time.now += 2
        assert pace.slowness == pytest.approx(20)
        assert pace.now() - before == pytest.approx(0.1)
    assert pace.slowness == pytest.approx(10.5)


def test_a_measurement_that_fails_is_one_too() -> None:
    time = _Time()
    pace = Pace(clock=time)
    with pytest.raises(TimeoutError), pace.measuring():
        time.now += 60
        raise TimeoutError
    assert pace.slowness == pytest.approx(15.5)
    time.now += 60
    assert pace.slowness == pytest.approx(15.5)


def test_a_limit_is_kept_and_what_takes_longer_is_cut_off() -> None:
    async def sleeping(ended: list[str]) -> str:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cut off")
        return "done"

    async def main() -> None:
        pace, ended = Pace(), list[str]()
        assert await pace.within(60, asyncio.sleep(0.01, "done")) == "done"
        with pytest.raises(TimeoutError):
            await pace.within(0.01, sleeping(ended))
        with pytest.raises(ZeroDivisionError):
            await pace.within(60, _failing())
        waiting = asyncio.ensure_future(pace.within(60, sleeping(ended)))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert ended == ["cut off", "cut off"]

    async def _failing() -> None:
        raise ZeroDivisionError

    asyncio.run(main())


LOST, HUNG, RIGHT = Codes({"not-fired"}), Codes({"not-loaded"}), Codes()


@pytest.mark.parametrize(
    ("learned", "codes", "slowness", "is_believed"),
    [
        ([], LOST, 1, False),
        ([(LOST, LOST)], LOST, 1, False),
        ([(LOST, LOST)] * 2, LOST, 1, True),
        ([(LOST, LOST)] * 2, HUNG, 1, False),
        ([(LOST, LOST)] * 2, LOST | HUNG, 1, False),
        ([(LOST, LOST)] * 9, LOST, 3, False),
        ([(LOST, LOST)] * 9 + [(LOST, RIGHT)], LOST, 1, False),
        ([(LOST, HUNG), *[(LOST, LOST)] * 9], LOST, 1, False),
        ([(HUNG, RIGHT), *[(LOST, LOST)] * 2], LOST, 1, True),
    ],
)
def test_what_a_quick_machine_confirmed_twice_is_believed_until_it_is_refuted(
    learned: list[tuple[Codes, Codes]], codes: Codes, slowness: float, is_believed: bool
) -> None:
    doubts = Doubts()
    for among_others, alone in learned:
        doubts.learn(among_others, alone)
    assert doubts.is_believed(codes, slowness) is is_believed


WORDS = {
    "net::ERR_NAME_NOT_RESOLVED": "its host is not found (net::ERR_NAME_NOT_RESOLVED)",
    "net::ERR_TOO_MANY_REDIRECTS": "the server redirects in a circle (net::ERR_TOO_MANY_REDIRECTS)",
    "net::ERR_ABORTED": "the server sent no page (net::ERR_ABORTED)",
    "net::ERR_CERT_DATE_INVALID": "its certificate or encryption is wrong (net::ERR_CERT_DATE_INVALID)",
    "net::ERR_FAILED": "the browser cannot load it (net::ERR_FAILED)",
    "Download is starting": "it is a download, not a page",
    "Target crashed": "the page crashed: its process in the browser ended",
    "the tab has been closed": "the page was closed while it was looked at",
    "Not attached to an active page: frame was detached": "the page was closed while it was looked at",
    "Cannot navigate to invalid URL": "its address is invalid",
    "Unable to capture screenshot": "the browser aborted the visit",
}


@pytest.mark.parametrize("message", WORDS)
def test_what_a_browser_says_is_said_in_words_of_our_own(message: str) -> None:
    assert in_words(message) == WORDS[message]
