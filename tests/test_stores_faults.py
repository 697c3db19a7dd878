"""What goes wrong between a run and a store: each is told in one line, nothing is half written, no secret shows."""

from __future__ import annotations

import json

import pytest

from snippetkit import files
from snippetkit import run as running
from snippetkit.errors import NetworkError
from snippetkit.model import Edit, PageBytes
from snippetkit.run import Outcome, Planned, Planner, RunOptions
from snippetkit.stores import Settings
from snippetkit.stores import Stores as Door
from tests.conftest import CASES, Run
from tests.faulty_store import Faults, behind
from tests.stores import LIMITED, S3, SECRET, Stores

pytestmark = [pytest.mark.stores, pytest.mark.usefixtures("store_keys")]
CODE = CASES / "code" / "fp.html"
PAGE = b"<html><head></head><body></body></html>\n"


class Inserts:
    """A planner that puts a text before `</head>`."""

    def __init__(self, text: bytes = b"<!-- new -->") -> None:
        self.text = text

    def plan(self, path: str, page: PageBytes) -> list[Edit]:
        at = page.find(b"</head>")
        return [] if self.text in page.whole() else [Edit(at, at, self.text)]


@pytest.fixture
def store(object_stores: Stores) -> S3:
    return object_stores("seaweedfs")


@pytest.fixture
def site(store: S3, prefix: str) -> str:
    """A prefix with one page, which no other test has."""
    store.put(f"{prefix}a.html", PAGE, CacheControl="max-age=60")
    return prefix


class Adopts:
    """A planner for whose change the page has to be kept as it was."""

    def plan(self, path: str, page: PageBytes) -> Planned:
        return Planned(Inserts().plan(path, page), keeps="as-it-was")


def _run(
    store: S3, site: str, *, timeout_s: float = 5, dry_run: bool = False, planner: Planner | None = None
) -> list[Outcome]:
    """Run on what is below a prefix, with no pauses to speak of between attempts."""
    door = Door(Settings(store.endpoint, timeout_s=timeout_s, pause_s=0.001))
    options = RunOptions(dry_run=dry_run, door=door)
    return [*running.carry_out([store.url(site)], planner or Inserts(), files.PAGES, options)]


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
        assert _verbs(_run(faulty, site, timeout_s=1 if answer == "late" else 20)) == ["inserted"]
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
    assert raised.value.hint == "run again"  # nothing was written
    assert store.data(f"{site}a.html") == PAGE


def test_a_lost_answer_is_known_as_our_own_write(store: S3, site: str) -> None:
    page = f"PUT /{store.bucket}/{site}a.html"
    faults = Faults(page, ["lost"])
    with behind(store, faults) as faulty:
        assert _verbs(_run(faulty, site)) == ["inserted"]
    got = page.replace("PUT", "GET")
    assert [line for line in faults.came if line.endswith("a.html")] == [got, page, page, got]


@pytest.mark.parametrize("lost", [False, True])
def test_what_somebody_else_wrote_meanwhile_stays(store: S3, site: str, lost: bool) -> None:
    """Also where the answer to a first attempt, which the store took, was lost."""
    page, theirs = f"PUT /{store.bucket}/{site}a.html", b"<html>theirs</html>"
    faults = Faults(page, ["lost"] if lost else [])

    def write(line: str) -> None:
        if line == page and len(faults.came) - faults.came.index(page) == 1 + lost:
            store.put(f"{site}a.html", theirs)

    faults.before = write
    with behind(store, faults) as faulty:
        assert _verbs(_run(faulty, site)) == ["failed: changed during the run; run again"]
    assert store.data(f"{site}a.html") == theirs


def test_a_page_that_somebody_has_deleted_meanwhile_does_not_come_back(store: S3, site: str) -> None:
    def delete(line: str) -> None:
        if line.startswith("PUT ") and line.endswith("a.html"):
            store.client.delete_object(Bucket=store.bucket, Key=f"{site}a.html")

    with behind(store, Faults(before=delete)) as faulty:
        assert _verbs(_run(faulty, site)) == ["failed: changed during the run; run again"]
    assert store.keys(site) == []


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_when_the_store_ends_the_run_every_page_that_was_changed_has_been_told(
    store: S3, site: str, method: str
) -> None:
    keys = [f"{site}{name}.html" for name in "abcdefgh"]
    for key in keys:
        store.put(key, PAGE)
    faults = Faults(f"{method} /{store.bucket}/{site}d.html", [(503, "SlowDown")] * 5)
    told = []
    with behind(store, faults) as faulty:
        door = Door(Settings(faulty.endpoint, at_once=3, pause_s=0.02))
        outcomes = running.carry_out([store.url(site)], Inserts(), files.PAGES, RunOptions(door=door))
        with pytest.raises(NetworkError):
            told += (outcome.path for outcome in outcomes)
    changed = [store.url(key) for key in keys if store.data(key) != PAGE]
    assert store.url(f"{site}d.html") not in changed
    assert sorted(told) == changed
    assert len(changed) >= 3


CONFLICT = (409, "ConditionalRequestConflict")


@pytest.mark.parametrize(
    ("times", "verb"),
    [(1, "inserted"), (5, "failed: somebody else keeps writing it; run again")],
)
def test_a_conflict_is_tried_again_while_the_page_is_the_one_that_was_read(
    store: S3, site: str, times: int, verb: str
) -> None:
    faults = Faults(f"PUT /{store.bucket}/{site}a.html", [CONFLICT] * times)
    with behind(store, faults) as faulty:
        assert _verbs(_run(faulty, site)) == [verb]
    assert (store.data(f"{site}a.html") == PAGE) == (verb != "inserted")


@pytest.mark.parametrize(
    ("environment", "path", "code", "message"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "a-wrong-secret"}, "", 3, "the secret key is not that of the access key (Sig"),
        ({"AWS_ACCESS_KEY_ID": "AKIDNOBODY"}, "", 3, "the store does not know the access key (InvalidAccessKeyId)"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "", 3, "there are no credentials, or they cannot be"),
        ({"AWS_PROFILE": "nobody"}, "", 3, "the profile or ~/.aws/config cannot be read"),
        ({"AWS_ACCESS_KEY_ID": LIMITED["reader"][0]}, "", 3, "not permitted to PutObject (AccessDenied)"),
        ({"AWS_ACCESS_KEY_ID": LIMITED["lister"][0]}, "", 6, "not permitted to GetObject (AccessDenied)"),
        ({}, "none.html", 6, "no such object"),
        ({}, "none/", 6, "no matching objects; --include says which are taken"),
        ({}, "s3://nobody/x", 6, "there is no bucket nobody"),
        ({}, "s3://No Bucket/", 2, 'boto3 does not accept this: Invalid bucket name "No Bucket"'),
    ],
)
def test_what_a_store_does_not_permit_or_have_is_one_line_with_its_exit_code_and_no_secret(
    run: Run,
    store: S3,
    site: str,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    path: str,
    code: int,
    message: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    where = path if "://" in path else store.url(site + path)
    ran = run("inject", where, "-q", "--from-file", CODE, *store.options)
    assert (ran.code, ran.out) == (code, "")
    [line] = [line for line in ran.err.splitlines() if not line.startswith("note:")]
    assert message in line
    assert not [secret for secret in (SECRET, "a-wrong-secret") if secret in ran.err]
    assert store.data(f"{site}a.html") == PAGE


def test_a_store_that_cannot_be_reached_or_does_not_answer_is_exit_code_5_and_the_json_is_whole(
    run: Run, store: S3, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", lambda *_: 0)  # no pauses
    store.put(f"{site}b.html", PAGE)
    faults = Faults(f"GET /{store.bucket}/{site}b.html", [(503, "SlowDown")] * 5)
    with behind(store, faults) as faulty:
        options = ["--from-file", CODE, "--json", "--jobs", "1", *faulty.options]
        ran = run("inject", store.url(site), *options)
    assert (ran.code, ran.err.splitlines()[-1].removesuffix("; what is done stays done")) == (
        5,
        f"error: {store.url(site)}b.html: the store is busy or out of order (SlowDown, HTTP 503) (5 attempts);"
        " run again",
    )
    assert json.loads(ran.out)["summary"].keys() <= {"inserted"}
    again = run("inject", store.url(site), "--from-file", CODE, *store.options)
    assert again.code == 0


def test_what_cannot_be_written_back_as_it_was_is_refused_with_the_reason(store: S3, site: str) -> None:
    key = f"{site}a.html"
    store.put(key, PAGE, ContentEncoding="gzip")
    hint = "store the page as it is, and let the CDN compress it"
    reason = f"failed: stored compressed (Content-Encoding: gzip), so it is left as it is; {hint}"
    assert _verbs(_run(store, site)) == [reason]
    store.put(key, PAGE, SSECustomerAlgorithm="AES256", SSECustomerKey=b"k" * 32)
    reason = "failed: encrypted with a key of the customer's own (SSE-C), which snippetkit does not take"
    assert _verbs(_run(store, site)) == [reason]
    store.put(key, PAGE, ContentEncoding="aws-chunked")
    assert _verbs(_run(store, site)) == ["inserted"]


def test_a_page_that_is_larger_than_any_is_not_read(store: S3, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snippetkit.stores.s3.MAX_BYTES", len(PAGE) - 1)
    assert _verbs(_run(store, site)) == ["failed: larger than 0 MiB, the largest that is read"]
    assert store.data(f"{site}a.html") == PAGE


def test_code_that_was_put_in_by_hand_stays_where_the_page_cannot_be_kept_as_it_was(store: S3, site: str) -> None:
    assert _verbs(_run(store, site, planner=Adopts())) == [
        "failed: code that was put in by hand would be replaced, and in a store there is no place to keep it; "
        "adopt it where the site is made"
    ]
    assert store.data(f"{site}a.html") == PAGE


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("tagging", "its tags cannot be read; a write would lose them; permit s3:GetObjectTagging"),
        ("acl", "its access list cannot be read; a write would lose it; permit s3:GetObjectAcl"),
    ],
)
def test_tags_and_access_lists_that_may_not_be_read_are_not_lost(
    object_stores: Stores, request: pytest.FixtureRequest, what: str, told: str
) -> None:
    store, site = object_stores("moto"), f"unreadable-{what}/"
    store.put(f"{site}a.html", PAGE, **store.rich)
    before = store.everything(f"{site}a.html")
    denied = (403, "AccessDenied")
    faults = Faults(f"a.html?{what}", [denied] * 9)
    with behind(store, faults) as faulty:
        assert _verbs(_run(faulty, site)) == [f"failed: {told}"]
    assert store.everything(f"{site}a.html") == before
