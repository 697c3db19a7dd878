"""Seeded faults: each is found and named by the command line's own way; a right page yields none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from snippetkit.browser import Verdict, Visit, consent_script, judge, serving, visit_all
from snippetkit.terms import Placement
from tests.conftest import CHROMIUM
from tests.faulty import FAULTY, FILES, LOADER, RIGHT, A, B, Case, page, policy
from tests.pages import insertion_of, make_options, put
from tests.pixels import CODES, EVERY_CODE

pytestmark = [pytest.mark.browser]

TIMEOUT_S = 60.0
NONCE = "Zr0pQ1aB"
TEMPLATES = [None, "clean", "idle", "nonce", "noscript-only", "consent"]

# How many events fire of a case of code, with JavaScript or without, where it is not one.
FIRED = {
    ("image", True): 0,  # it stands in a noscript
    ("rakuten", True): 0,  # it stands in a noscript
    ("lintrk", True): 2,  # the page view, too
    ("paq", True): 2,  # the page view, too
    ("twq", True): 2,  # the page view, too
    ("twq", False): 0,  # the platform has no image
    ("ire", False): 0,  # the platform has no image
    ("criteo", False): 0,  # the platform has no image
    ("obapi", False): 0,  # the platform has no image
    ("rdt", False): 0,  # the platform has no image that says a pixel
    ("pintrk", True): 2,  # the page view, too
    ("snaptr", False): 0,  # the platform has no image
    ("ttd", False): 0,  # its code has no image
    ("gtag", False): 0,  # the platform has no image
    ("ytag", False): 0,  # it has no noscript
    ("dotq", True): 2,  # the page view, too
    ("adroll", False): 0,  # the platform has no image
    ("adroll2", False): 0,  # the platform has no image
    ("amzn", False): 0,  # the platform has no image
    ("oaiq", False): 0,  # the platform has no image
    ("ttq", True): 2,  # the page view, too
    ("uetq", True): 2,  # the page view, too
    ("ttq", False): 0,  # the platform has no image
}


def _injected() -> Iterator[tuple[str, Callable[[], Case]]]:
    """What `inject` makes of a page: each template with each placement, with JavaScript and without.

    Each is made where it is looked at.
    """
    for dialect, template, placement in product(CODES, TEMPLATES, Placement):
        if dialect == "fp" or placement is Placement.HEAD_BOTTOM:
            csp = policy(script=f"'nonce-{NONCE}' {LOADER}") if template == "nonce" else ""
            variables = {"nonce": NONCE} if template == "nonce" else {}
            html = cache(partial(_put_in, dialect, template, placement, **variables))
            name = f"{dialect}, {template or 'as it is'}, {placement.value}"
            with_script = 0 if template in {"noscript-only", "consent"} else 1
            yield name, partial(_case, html, javascript=True, csp=csp, fired=with_script)
            without = partial(_case, html, javascript=False, csp=csp, fired=int(template != "consent"))
            yield f"{name}, no JavaScript", without
            if template == "consent":
                for word, fired in (("granted", 1), ("withheld", 0)):
                    scripts = (consent_script(granted=word == "granted"),)
                    yield f"{name}, {word}", partial(_case, html, scripts=scripts, fired=fired)
    yield "two fp pixels, combined", partial(_case, _both, fired=2)
    yield "two fp pixels, combined, no JavaScript", partial(_case, _both, javascript=False, fired=2)
    for name, code in EVERY_CODE.items():
        for javascript in (True, False):
            fired = FIRED.get((name, javascript), 1)
            as_it_is = partial(page, "", code)
            yield f"case {name}, {javascript}", partial(_case, as_it_is, javascript=javascript, fired=fired)


def _case(html: Callable[[], bytes], **settings: Any) -> Case:
    return Case(html(), **settings)


def _put_in(dialect: str, template: str | None, placement: Placement, **variables: str) -> bytes:
    return put(page(), insertion_of(CODES[dialect], template, **variables), make_options(placement))


def _both() -> bytes:
    return put(put(page(), insertion_of(CODES["fp"])), insertion_of(CODES["fp"].replace(A, B)))


INJECTED = dict(_injected())
POSTED = "events that are posted"


@contextmanager
def _visits(folder: Path, cases: Mapping[str, Case]) -> Iterator[list[Visit]]:
    """The visits of the pages, which are served from one folder, once for each policy."""
    for name, content in FILES.items():
        (folder / name).write_text(content)
    with ExitStack() as stack:
        urls = {csp: stack.enter_context(serving(folder, csp)) for csp in {case.csp for case in cases.values()}}
        visits = []
        for number, (name, case) in enumerate(cases.items()):
            (folder / f"{number}.html").write_bytes(case.html)
            visits.append(
                Visit(name, f"{urls[case.csp]}/{number}.html", case.javascript, case.scripts, timeout_s=TIMEOUT_S)
            )
        yield visits


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> dict[str, Case]:
    """The pages that the tests ask for; of the many right ones that is a sample, unless all is tried."""
    of_tests = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    names = {POSTED, *(params["name"] for params in of_tests if "name" in params)}
    assert not FAULTY.keys() & RIGHT.keys() | INJECTED.keys() & (FAULTY | RIGHT).keys()
    cases = {name: case for name, case in (FAULTY | RIGHT).items() if name in names}
    return cases | {name: make() for name, make in INJECTED.items() if name in names}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory, cases: dict[str, Case]) -> dict[str, Verdict]:
    """What is said of each page, all of them seen by one browser."""
    assert CHROMIUM
    with _visits(tmp_path_factory.mktemp("pages"), cases) as visits:
        return {observed.path: judge(observed) for _, observed in visit_all(visits, CHROMIUM, parallel=4)}


@pytest.mark.parametrize("name", FAULTY)
def test_the_fault_is_found_and_named(verdicts: dict[str, Verdict], name: str) -> None:
    found = verdicts[name].faults
    for code, line, text in FAULTY[name].faults:
        told = [fault for fault in found if fault.code == code]
        assert [True for fault in told if text in fault.message and line in {fault.line, None}], (code, line, found)
    assert {fault.code for fault in found} == {code for code, _, _ in FAULTY[name].faults}


@pytest.mark.parametrize("name", [*RIGHT, *(pytest.param(name, marks=pytest.mark.wide) for name in INJECTED)])
def test_a_right_page_has_none(verdicts: dict[str, Verdict], cases: dict[str, Case], name: str) -> None:
    verdict = verdicts[name]
    assert verdict.faults == ()
    assert len(verdict.observed.fired) == cases[name].fired


def test_an_event_that_is_posted_is_read(verdicts: dict[str, Verdict]) -> None:
    fired = verdicts[POSTED].observed.fired
    assert sorted((one.pixel_id, one.event, one.value) for one in fired) == [("7", "Buy", "3"), ("7", "Lead", "2")]
