"""What goes wrong between a run and a store: each is told in one line, nothing is half written, no secret shows."""

from __future__ import annotations

from zlib import crc32

import pytest

from snippetkit import files
from snippetkit import run as running
from snippetkit.errors import NetworkError
from snippetkit.model import Edit, PageBytes
from snippetkit.run import Outcome, RunOptions
from snippetkit.stores import Settings
from snippetkit.stores import Stores as Door
from tests.conftest import CASES
from tests.faulty_store import Faults, behind
from tests.stores import ENVIRONMENT, S3, Stores

pytestmark = pytest.mark.stores
CODE = CASES / "code" / "fp.html"
PAGE = b"<html><head></head><body></body></html>\n"


class Inserts:
    """A planner that puts a text before `</head>`."""

    def __init__(self, text: bytes = b"<!-- new -->") -> None:
        self.text = text

    def plan(self, path: str, page: PageBytes) -> list[Edit]:
        at = page.find(b"</head>")
        return [] if self.text in page.whole() else [Edit(at, at, self.text)]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def store(object_stores: Stores) -> S3:
    return object_stores("seaweedfs")


@pytest.fixture
def site(store: S3, request: pytest.FixtureRequest) -> str:
    """A prefix with one page, which no other test has."""
    prefix = f"{crc32(request.node.name.encode()):08x}/"
    store.put(f"{prefix}a.html", PAGE, CacheControl="max-age=60")
    return prefix


def _run(store: S3, site: str, *, timeout_s: float = 5, dry_run: bool = False) -> list[Outcome]:
    """Run on what is below a prefix, with no pauses to speak of between attempts."""
    door = Door(Settings(store.endpoint, timeout_s=timeout_s, pause_s=0.001))
    return [*running.carry_out([store.url(site)], Inserts(), files.PAGES, RunOptions(dry_run=dry_run, door=door))]


def _verbs(outcomes: list[Outcome]) -> list[str]:
    return [f"{outcome.verb}: {outcome.reason}" if outcome.reason else outcome.verb for outcome in outcomes]


BUSY = [(429, "TooManyRequests"), (503, "SlowDown"), (500, "InternalError"), (502, ""), (400, "RequestTimeout")]


@pytest.mark.wide
@pytest.mark.parametrize("answer", ["lost", *BUSY, "cut", "late"])
@pytest.mark.parametrize("of", ["PUT /site/{}a.html", "PUT /site/{}.snippetkit-", "GET /site?", "GET /site/{}a.html"])
def test_another_attempt_succeeds_where_the_store_was_busy_or_the_answer_did_not_come(
    store: S3, site: str, of: str, answer: str | tuple[int, str]
) -> None:
    faults = Faults(of.format(site), [answer])
    with behind(store, faults) as faulty:
        assert _verbs(_run(faulty, site, timeout_s=0.5)) == ["inserted"]
    assert not faults.answers
    assert store.data(f"{site}a.html").count(b"<!-- new -->") == 1
    assert store.everything(f"{site}a.html")["CacheControl"] == "max-age=60"
    assert store.keys(site) == [f"{site}a.html"]


@pytest.mark.parametrize(("of", "answer"), [("GET /site?", (503, "SlowDown")), ("GET /site/", "late")])
def test_a_store_that_stays_busy_ends_the_run_as_the_network_does(
    store: S3, site: str, of: str, answer: str | tuple[int, str]
) -> None:
    faults = Faults(of, [answer] * 5)
    with behind(store, faults) as faulty, pytest.raises(NetworkError, match=r"\(5 attempts\)$") as raised:
        _run(faulty, site, timeout_s=0.1)
    assert raised.value.hint == "run again; what is done stays done"
    assert store.data(f"{site}a.html") == PAGE
