"""A batch answers each member as if it had come alone, and tests can have anything go wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from snippetkit.sandbox import Store, WsgiAdapter, create_app, create_server, faults
from snippetkit.sandbox.faults import AnswerFault
from tests.conftest import ACCOUNT, PIXEL_ID, serving

TOKEN = {"access_token": "any"}
PIXELS = f"act_{ACCOUNT}/offsitepixels"


def _batch(url: str, members: object, **request: Any) -> Any:
    data = {**request.pop("data", TOKEN), "batch": json.dumps(members)}
    return requests.post(f"{url}/", data=data, timeout=10, **request).json()


def _bodies(answers: list[Any]) -> list[Any]:
    return [json.loads(answer["body"]) for answer in answers]


def test_members_are_answered_in_order_and_see_what_came_before(sandbox_url: str) -> None:
    answers = _batch(
        sandbox_url,
        [
            {"method": "POST", "relative_url": PIXELS, "body": "name=a&tag=LEAD"},
            {"method": "GET", "relative_url": f"{PIXEL_ID}?fields=name,tag"},
            {"method": "GET", "relative_url": f"/{PIXEL_ID}/", "body": "fields=name"},
            {"method": "GET", "relative_url": "6009125095999"},
            {"method": "delete", "relative_url": PIXEL_ID},
            {"method": "GET", "relative_url": PIXEL_ID},
        ],
    )
    assert [answer["code"] for answer in answers] == [200, 200, 200, 400, 200, 400]
    created, read, read_by_body, missing, deleted, gone = _bodies(answers)
    assert created == {"id": PIXEL_ID}
    assert read == {"id": PIXEL_ID, "name": "a", "tag": "lead"}
    assert read_by_body == {"id": PIXEL_ID, "name": "a"}
    assert deleted is True
    assert missing["error"]["code"] == gone["error"]["code"] == 100


def test_a_member_is_answered_as_if_it_came_alone(sandbox_url: str, store: Store) -> None:
    store.add_pixel(ACCOUNT, "a", "OTHER")
    [member] = _batch(sandbox_url, [{"method": "GET", "relative_url": PIXEL_ID}])
    alone = requests.get(f"{sandbox_url}/{PIXEL_ID}", params=TOKEN, timeout=10)
    assert member["body"] == alone.text
    headers = {header["name"]: header["value"] for header in member["headers"]}
    assert headers["Content-Type"] == "text/javascript; charset=UTF-8"
    assert headers["ETag"] == alone.headers["ETag"]


@pytest.mark.parametrize("form", ["json", "files", "params"])
def test_a_batch_comes_in_any_form(sandbox_url: str, form: str) -> None:
    fields: dict[str, Any] = {**TOKEN, "batch": json.dumps([{"method": "GET", "relative_url": PIXELS}])}
    given = {name: (None, text) for name, text in fields.items()} if form == "files" else fields
    answers = requests.post(f"{sandbox_url}/v2.11", **{form: given}, timeout=10).json()
    assert _bodies(answers) == [{"data": []}]


def test_the_version_of_the_batch_is_for_members_without_one(sandbox_url: str, store: Store) -> None:
    store.add_pixel(ACCOUNT, "a", "OTHER")
    members = [{"method": "POST", "relative_url": f"{version}{PIXEL_ID}"} for version in ("", "v2.2/", "/v2.3/")]
    assert _bodies(_batch(f"{sandbox_url}/v2.5", members)) == [{"success": True}, True, {"success": True}]
    assert _bodies(_batch(sandbox_url, members)) == [True, True, {"success": True}]


def test_the_token_of_the_batch_is_for_members_without_one(sandbox_url: str, store: Store) -> None:
    for name in ("a", "b"):
        store.add_pixel(ACCOUNT, name, "OTHER")
    member = {"method": "GET", "relative_url": f"{PIXELS}?limit=1"}
    own = {"method": "GET", "relative_url": f"{PIXELS}?limit=1&access_token=own"}
    [page, own_page] = _bodies(_batch(sandbox_url, [member, own]))
    assert "access_token=any" in page["paging"]["next"]
    assert "access_token=own&" in own_page["paging"]["next"]
    assert requests.get(page["paging"]["next"], timeout=10).json()["data"][0]["name"] == "b"
    [page] = _bodies(_batch(sandbox_url, [member], data={}, headers={"Authorization": "Bearer secret"}))
    assert "next" in page["paging"]
    assert "secret" not in json.dumps(page)
    [refused, page] = _bodies(_batch(sandbox_url, [member, own], data={}))
    assert refused["error"]["code"] == 190
    assert "data" in page


@pytest.mark.parametrize(
    "shape", [lambda etag: f"If-None-Match: {etag}", lambda etag: {"name": "If-None-Match", "value": etag}]
)
def test_a_member_may_have_an_etag(sandbox_url: str, store: Store, shape: Callable[[str], object]) -> None:
    store.add_pixel(ACCOUNT, "a", "OTHER")
    etag = requests.get(f"{sandbox_url}/{PIXEL_ID}", params=TOKEN, timeout=10).headers["ETag"]
    [member] = _batch(sandbox_url, [{"method": "GET", "relative_url": PIXEL_ID, "headers": [shape(etag)]}])
    assert (member["code"], member["body"]) == (304, None)


def test_fifty_members_are_taken_and_no_more(sandbox_url: str) -> None:
    member = {"method": "GET", "relative_url": PIXELS}
    assert [answer["code"] for answer in _batch(sandbox_url, [member] * 50)] == [200] * 50
    error = _batch(sandbox_url, [member] * 51)["error"]
    assert error["type"] == "GraphBatchException"
    assert error["message"] == "Too many requests in batch message. Maximum batch size is 50"


@pytest.mark.parametrize(
    "members",
    [
        {},
        "x",
        [1],
        [{}],
        [{"method": "GET", "relative_url": 5}],
        [{"method": "", "relative_url": "x"}],
        [{"method": "GET", "relative_url": "x", "body": {}}],
    ],
)
def test_a_batch_that_is_none_is_refused(sandbox_url: str, members: object) -> None:
    assert _batch(sandbox_url, members)["error"]["type"] == "GraphBatchException"


@pytest.mark.parametrize("text", ["", "[", "[" * 99_999])
def test_a_batch_that_is_no_json_is_refused(sandbox_url: str, text: str) -> None:
    answer = requests.post(sandbox_url, data={**TOKEN, "batch": text}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "GraphBatchException")


@pytest.mark.parametrize("member", ["", "/", "v2.11", "?batch=[]"])
def test_a_batch_in_a_batch_is_no_call(sandbox_url: str, member: str) -> None:
    inner = {"method": "POST", "relative_url": member, "body": "batch=[]"}
    [answer] = _bodies(_batch(sandbox_url, [inner]))
    assert answer["error"]["code"] == 2500


@pytest.mark.parametrize("url", ["https://[", "\ud800", "//evil.invalid/x", "%", "a b", "\n"])
def test_a_strange_url_of_a_member_ends_in_an_answer(sandbox_url: str, url: str) -> None:
    answer = _batch(sandbox_url, [{"method": "GET", "relative_url": url}])
    error = answer["error"] if isinstance(answer, dict) else _bodies(answer)[0]["error"]
    assert error["code"] in {100, 803, 2500}


_READS = [
    {"relative_url": f"{PIXEL_ID}?fields=id,name,js_pixel&value=1999"},
    {"relative_url": f"{PIXEL_ID}?fields=js_pixel&fields=id&value=x"},
    {"relative_url": f"v2.2/{PIXEL_ID}?access_token="},
    {"relative_url": f"/v99.1//{PIXEL_ID}/snippets/?value=%31&value=2"},
    {"relative_url": f"{PIXEL_ID}", "body": "fields=id,n%61me&fields=tag&%ff=%ff"},
    {"relative_url": "%36009125095680?fields=%5B%22name%22%5D"},
    {"relative_url": f"{PIXEL_ID}?fields=%ff"},
    {"relative_url": f"{PIXEL_ID}?fields=\u00e9\ud800+%C3%A9"},
    {"relative_url": "6009125095999"},
    {"relative_url": "\u00e9\ud800?a;b"},
    {"relative_url": f"{PIXELS}?limit=1&after=0", "headers": ["Host: other.invalid", "Authorization: Bearer own"]},
    {"relative_url": f"{PIXELS}?limit=1&summary=true"},
    {"relative_url": f"{PIXEL_ID}/nothing"},
    {"relative_url": PIXEL_ID, "headers": [{"name": "User-Agent", "value": "other"}, "If-None-Match"]},
]
_OTHERS = [
    {"relative_url": PIXEL_ID, "method": "HEAD"},
    {"relative_url": PIXEL_ID, "method": "PUT"},
    {"relative_url": f"{PIXEL_ID}?m%65thod=delete"},
    {"relative_url": "", "method": "POST", "body": "batch=[]"},
    {"relative_url": f"{PIXELS}?name=b", "method": "post", "body": "name=\u00e9<%3C&tag=lead"},
    {"relative_url": f"tr?id={PIXEL_ID}&ev=x"},
]


@pytest.mark.parametrize("version", ["", "v26.0"])
@pytest.mark.parametrize("token", [{}, TOKEN])
@pytest.mark.parametrize("members", [_READS, _READS + _OTHERS], ids=["reads", "all"])
def test_a_member_is_answered_as_a_whole_request_would_be(
    tmp_path: Path, version: str, token: dict[str, str], members: list[dict[str, Any]]
) -> None:
    batch = {**token, "batch": json.dumps([{"method": "GET", **member} for member in members])}

    def answer(name: str, **faulty: Any) -> tuple[str, list[Any]]:
        with closing(Store(tmp_path / name)) as store, requests.Session() as session:
            for pixel in ("a <b> & \0id \0name", "c"):
                store.add_pixel(ACCOUNT, pixel, "OTHER")
            session.mount("https://", WsgiAdapter(create_app(store, now_s=lambda: 1_700_000_000, **faulty)))
            text = session.post(f"https://sandbox.invalid/{version}", data=batch).text
            return text, [store.pixels(ACCOUNT, "0", 9), store.events(PIXEL_ID)]

    # Where something may go wrong with a member, it is a whole request.
    assert answer("light.db") == answer("whole.db", faults=lambda _: None)


def test_after_a_batch_of_reads_nothing_is_held(sandbox_url: str, store: Store) -> None:
    _batch(sandbox_url, [{"method": "GET", "relative_url": url} for url in ("6009125095999", "x", PIXELS)])
    store.add_pixel(ACCOUNT, "a", "OTHER")
    assert [answer["code"] for answer in _batch(sandbox_url, [{"method": "GET", "relative_url": PIXEL_ID}])] == [200]
    assert not store._connection.in_transaction


@contextmanager
def _failing(store: Store, *planned: AnswerFault | None) -> Iterator[str]:
    """A sandbox on a port whose first answers go wrong as planned."""
    plan = iter(planned)
    with serving(create_server(create_app(store, faults=lambda _: next(plan, None)), 0)) as url:
        yield url


def _create(url: str) -> requests.Response:
    return requests.post(f"{url}/{PIXELS}", data={**TOKEN, "name": "a"}, timeout=10)


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        (faults.server_error(503), 503, '"is_transient":true'),
        (faults.HTML, 200, "<!doctype html>"),
        (faults.SERVICE_UNAVAILABLE, 200, "Service Unavailable"),
        (faults.throttled(17, ACCOUNT, 5), 400, '"code":17'),
    ],
)
def test_a_fault_comes_instead_and_nothing_is_done(store: Store, fault: AnswerFault, status: int, text: str) -> None:
    with _failing(store, fault) as url:
        answer = _create(url)
        assert answer.status_code == status
        assert text in answer.text
        assert _create(url).json() == {"id": PIXEL_ID}


def test_a_fault_has_the_type_that_the_version_has(store: Store) -> None:
    with _failing(store, faults.throttled(17, ACCOUNT, 5)) as url:
        answer = requests.get(f"{url}/v3.1/{PIXEL_ID}", params=TOKEN, timeout=10)
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"


def test_throttling_says_when_calls_are_taken_again(store: Store) -> None:
    with _failing(store, faults.throttled(80004, ACCOUNT, 5)) as url:
        answer = requests.get(f"{url}/{PIXEL_ID}", params=TOKEN, timeout=10)
    assert answer.json()["error"]["code"] == 80004
    assert json.loads(answer.headers["x-app-usage"])["call_count"] == 100
    assert json.loads(answer.headers["x-ad-account-usage"]) == {"acc_id_util_pct": 100, "reset_time_duration": 300}
    [use_case] = json.loads(answer.headers["x-business-use-case-usage"])[ACCOUNT]
    assert use_case["estimated_time_to_regain_access"] == 5


def test_a_cut_body_was_done_and_breaks_off(store: Store) -> None:
    with _failing(store, AnswerFault(keep_bytes=3)) as url, pytest.raises(requests.exceptions.ChunkedEncodingError):
        _create(url)
    assert store.pixel(PIXEL_ID) is not None


def test_a_cut_body_breaks_off_in_process_too(store: Store) -> None:
    with requests.Session() as session:
        session.mount("https://", WsgiAdapter(create_app(store, faults=lambda _: AnswerFault(keep_bytes=3))))
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            session.post(f"https://sandbox.invalid/{PIXELS}", data={**TOKEN, "name": "a"})


def test_a_slow_answer_comes_too_late_for_what_was_done(store: Store) -> None:
    done, enough = threading.Event(), threading.Event()

    def wait() -> None:
        done.set()
        enough.wait()

    with _failing(store, AnswerFault(wait=wait)) as url:
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.post(f"{url}/{PIXELS}", data={**TOKEN, "name": "a"}, timeout=(10, 0.2))
        assert done.wait(10)
        assert requests.get(f"{url}/{PIXEL_ID}", params=TOKEN, timeout=10).json()["name"] == "a"
        enough.set()


def test_a_member_that_timed_out_is_null(store: Store) -> None:
    store.add_pixel(ACCOUNT, "a", "OTHER")
    with _failing(store, None, None, faults.NULL_MEMBER, faults.server_error(500)) as url:
        answers = _batch(url, [{"method": "GET", "relative_url": PIXEL_ID}] * 4)
    assert [answer and answer["code"] for answer in answers] == [200, None, 500, 200]
