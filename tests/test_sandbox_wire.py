"""The sandbox takes a request in every form that published clients give it, and answers as the vendor does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from snippetkit.sandbox import Store, create_app
from tests.conftest import ACCOUNT, PIXEL_ID, examples

TOKEN = {"access_token": "any"}
SECOND_ID = "6009125095681"


@pytest.fixture
def pixels(store: Store, sandbox_url: str) -> str:
    """The URL of a sandbox that has two pixels."""
    for name in ("a", "b"):
        assert store.add_pixel(ACCOUNT, name, "OTHER")
    return sandbox_url


def _multipart(fields: dict[str, str]) -> dict[str, tuple[None, str]]:
    return {name: (None, text) for name, text in fields.items()}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("form", ["params", "data", "json", "files"])
def test_parameters_and_the_token_come_in_any_form_on_any_method(pixels: str, method: str, form: str) -> None:
    given: Any = {**TOKEN, "fields": "name", "name": "new"}
    answer = requests.request(
        method, f"{pixels}/{PIXEL_ID}", **{form: _multipart(given) if form == "files" else given}, timeout=10
    )
    assert answer.json() == ({"id": PIXEL_ID, "name": "a"} if method == "GET" else True)
    if method == "POST":
        assert _get(f"{pixels}/{PIXEL_ID}", fields="name")["name"] == "new"


def _get(url: str, **params: str) -> Any:
    return requests.get(url, params={**TOKEN, **params}, timeout=10).json()


def test_json_values_that_are_no_text_are_taken_as_their_json(pixels: str) -> None:
    body = {**TOKEN, "adaccounts": [5, "6"], "nothing": None}
    assert requests.post(f"{pixels}/{PIXEL_ID}/adaccounts", json=body, timeout=10).json() is True
    assert [item["account_id"] for item in _get(f"{pixels}/v2.3/{PIXEL_ID}/adaccounts")["data"]] == [ACCOUNT, "5", "6"]


@pytest.mark.parametrize("scheme", ["Bearer", "OAuth", "bearer"])
def test_the_token_may_come_in_the_header(pixels: str, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} any"}
    assert requests.get(f"{pixels}/{PIXEL_ID}", headers=headers, timeout=10).json()["id"] == PIXEL_ID
    refused = requests.get(f"{pixels}/{PIXEL_ID}", headers={"Authorization": "Basic any"}, timeout=10)
    assert refused.json()["error"]["code"] == 190


def test_post_may_stand_for_another_method(pixels: str) -> None:
    answer = requests.post(f"{pixels}/{PIXEL_ID}", data={**TOKEN, "method": "delete"}, timeout=10)
    assert answer.json() is True
    assert _get(f"{pixels}/{PIXEL_ID}")["error"]["error_subcode"] == 33


@pytest.mark.parametrize("path", ["/{}", "/{}/", "//{}", "/v2.3/{}", "/v2.3/{}/", "/v25.0/{}"])
def test_a_version_and_slashes_make_no_other_call(pixels: str, path: str) -> None:
    assert _get(pixels + path.format(PIXEL_ID), fields="name") == {"id": PIXEL_ID, "name": "a"}


@pytest.mark.parametrize(
    ("version", "fields", "found"),
    [
        ("", None, {"id", "name", "tag", "status", "creator", "js_pixel"}),
        ("/v2.3", None, {"id", "name", "tag", "status", "creator", "js_pixel"}),
        ("/v2.4", None, {"id"}),
        ("/v2.11", "", {"id"}),
        ("/v2.11", "name,tag", {"id", "name", "tag"}),
        ("/v2.11", " name , tag,", {"id", "name", "tag"}),
        ("/v2.11", '["name", "tag"]', {"id", "name", "tag"}),
        ("", "id", {"id"}),
        ("/v2.6", "last_firing_time", {"id", "last_firing_time"}),
    ],
)
def test_fields_say_what_is_answered(pixels: str, version: str, fields: str | None, found: set[str]) -> None:
    requests.get(f"{pixels}/tr?id={PIXEL_ID}&ev=PageView", timeout=10)
    params = {} if fields is None else {"fields": fields}
    assert _get(f"{pixels}{version}/{PIXEL_ID}", **params).keys() == found
    assert _get(f"{pixels}{version}/act_{ACCOUNT}/offsitepixels", **params)["data"][0].keys() == found


@pytest.mark.parametrize("fields", ["id,nothing", "[", "[" * 9999, "name{x}"])
def test_a_field_that_there_is_not_is_refused(pixels: str, fields: str) -> None:
    answer = requests.get(f"{pixels}/{PIXEL_ID}", data={**TOKEN, "fields": fields}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)


@pytest.mark.parametrize(("summary", "found"), [("true", True), ("1", True), ("total_count", True), ("false", False)])
def test_a_summary_counts_all_pages(pixels: str, summary: str, found: bool) -> None:
    answer = _get(f"{pixels}/act_{ACCOUNT}/offsitepixels", summary=summary, limit="1")
    assert len(answer["data"]) == 1
    assert answer.get("summary") == ({"total_count": 2} if found else None)


@pytest.mark.parametrize("version", ["", "/v2.11"])
def test_next_works_as_it_stands_and_repeats_only_a_token_that_was_a_parameter(pixels: str, version: str) -> None:
    url = f"{pixels}{version}/act_{ACCOUNT}/offsitepixels/"
    params = {"limit": "1", "fields": "name", "appsecret_proof": "x"}
    first = requests.get(url, params={**TOKEN, **params}, timeout=10).json()["paging"]["next"]
    assert first.startswith(url)
    assert requests.get(first, timeout=10).json()["data"] == [{"id": SECOND_ID, "name": "b"}]
    header = {"Authorization": "Bearer secret"}
    other = requests.get(url, params=params, headers=header, timeout=10).json()["paging"]["next"]
    assert parse_qs(urlsplit(other).query) == {"limit": ["1"], "fields": ["name"], "after": [PIXEL_ID]}
    last = requests.get(other, headers=header, timeout=10).json()
    assert "next" not in last["paging"]


def test_next_may_be_followed_with_all_parameters_a_second_time(pixels: str) -> None:
    params = {**TOKEN, "limit": "1", "fields": "name"}
    first = requests.get(f"{pixels}/act_{ACCOUNT}/offsitepixels", params=params, timeout=10).json()
    again = requests.get(first["paging"]["next"], params=params, timeout=10).json()
    assert again["data"] == [{"id": SECOND_ID, "name": "b"}]


def test_an_update_may_repeat_the_id(pixels: str) -> None:
    body = {**TOKEN, "id": PIXEL_ID, "tag": "LEAD"}
    assert requests.post(f"{pixels}/v2.1/{PIXEL_ID}", data=body, timeout=10).json() is True
    assert _get(f"{pixels}/{PIXEL_ID}", fields="name,tag") == {"id": PIXEL_ID, "name": "a", "tag": "lead"}


@pytest.mark.parametrize(
    ("version", "kind"), [("", "text/javascript"), ("/v2.3", "text/javascript"), ("/v2.8", "application/json")]
)
def test_the_type_and_a_header_of_an_answer_depend_on_the_version(pixels: str, version: str, kind: str) -> None:
    for path in (PIXEL_ID, "nothing"):
        answer = requests.get(f"{pixels}{version}/{path}", params=TOKEN, timeout=10)
        assert answer.headers["Content-Type"] == f"{kind}; charset=UTF-8"
        assert answer.headers.get("facebook-api-version", "") == version.removeprefix("/")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{", 400),
        ("application/json", b"[]", 400),
        ("application/json", b"[" * 99_999, 400),
        ("application/json", b'{"access_token":"x","name":"\\ud800"}', 400),
        ("application/json", b"\xff", 400),
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=x", b"--y\r\n", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nno end", 400),
        ("application/x-www-form-urlencoded", b"name=" + b"x" * (16 * 1024 * 1024), 413),
        ("application/json", b'"' + b"x" * (16 * 1024 * 1024), 413),
    ],
)
def test_a_body_that_cannot_be_read_is_an_error_of_the_api(pixels: str, kind: str, body: bytes, status: int) -> None:
    headers = {"Content-Type": kind}
    answer = requests.post(f"{pixels}/{PIXEL_ID}", params=TOKEN, data=body, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, 100)
    assert _get(f"{pixels}/{PIXEL_ID}", fields="name")["name"] == "a"


@pytest.mark.parametrize(
    ("path", "params", "error"),
    [
        (PIXEL_ID, {}, {"type": "OAuthException", "code": 190, "is_transient": False}),
        ("6009125095999", TOKEN, {"type": "GraphMethodException", "code": 100, "error_subcode": 33}),
        ("act_x/offsitepixels", TOKEN, {"type": "GraphMethodException", "code": 100, "error_subcode": 33}),
        ("someone", TOKEN, {"type": "OAuthException", "code": 803}),
        (f"{PIXEL_ID}/nothing", TOKEN, {"type": "OAuthException", "code": 2500}),
        (PIXEL_ID, {**TOKEN, "value": "1.5"}, {"type": "OAuthException", "code": 100}),
    ],
)
def test_an_error_has_the_vendors_fields(
    pixels: str, path: str, params: dict[str, str], error: dict[str, object]
) -> None:
    found = requests.get(f"{pixels}/{path}", params=params, timeout=10).json()["error"]
    assert error.items() <= found.items()
    assert found.keys() - {"error_subcode"} == {"message", "type", "code", "is_transient", "fbtrace_id"}
    assert len(found["fbtrace_id"]) == 11


@pytest.fixture
def get(pixels: str) -> Iterator[Any]:
    with requests.Session() as session:

        def get(etag: str | None = None, agent: str = "one") -> requests.Response:
            headers = {"User-Agent": agent, **({"If-None-Match": etag} if etag else {})}
            return session.get(f"{pixels}/{PIXEL_ID}", params=TOKEN, headers=headers, timeout=10)

        yield get


def test_an_etag_spares_the_body_until_something_changes(get: Any, store: Store) -> None:
    etag = get().headers["ETag"]
    assert (etag[0], etag[-1]) == ('"', '"')
    for known in (etag, f'"x", {etag}'):
        same = get(known)
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
        assert "x-app-usage" in same.headers
    assert get(etag.strip('"')).status_code == 200
    assert get(etag, agent="other").status_code == 200
    store.update_pixel(PIXEL_ID, "new", "OTHER")
    assert get(etag).json()["name"] == "new"


def test_only_what_was_got_has_an_etag(pixels: str) -> None:
    assert "ETag" not in requests.post(f"{pixels}/{PIXEL_ID}", data=TOKEN, timeout=10).headers
    for path in ("nothing", f"tr?id={PIXEL_ID}"):
        assert "ETag" not in requests.get(f"{pixels}/{path}", params=TOKEN, timeout=10).headers


def test_usage_headers_name_the_account(pixels: str) -> None:
    headers = requests.get(f"{pixels}/v2.11/act_{ACCOUNT}/offsitepixels", params=TOKEN, timeout=10).headers
    share = {"call_count": 0, "total_cputime": 0, "total_time": 0}
    assert json.loads(headers["x-app-usage"]) == share
    assert json.loads(headers["x-ad-account-usage"]) == {"acc_id_util_pct": 0, "reset_time_duration": 0}
    use_case = {"type": "ads_management", **share, "estimated_time_to_regain_access": 0}
    assert json.loads(headers["x-business-use-case-usage"]) == {ACCOUNT: [use_case]}
    assert "x-ad-account-usage" not in requests.get(f"{pixels}/{PIXEL_ID}", params=TOKEN, timeout=10).headers


_TEXTS = st.text() | st.sampled_from(
    [
        "1",
        "-1",
        "[",
        "{}",
        "[5]",
        '["\\ud800"]',
        "9" * 30,
        "[" * 9999,
        '{"a.b":[1]}',
        "0.5",
        "true",
        "\x00",
        "LEAD",
        "7",
    ]
)
_NAMES = (
    "access_token name tag value fields limit after summary adaccounts batch bid_type bid_info max_bid targeting "
    "creative campaign_id tracking_specs conversion_specs business account_id rule event_source_id custom_event_type "
    "id ev method"
).split()
_EDGES = "offsitepixels adspixels adgroups customconversions adaccounts snippets shared_accounts".split()
_OBJECTS = [f"act_{ACCOUNT}", PIXEL_ID, "1000000000000001", "1000000000000002", "tr", "offsite_event.php", "v2.11"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(200))
@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    path=st.tuples(
        st.sampled_from(["", "/v2.11", "/v2.0"]),
        st.sampled_from(_OBJECTS) | st.text(st.characters(codec="utf-8", exclude_characters="?")),
        st.sampled_from(["", *_EDGES]),
    ).map("/".join),
    params=st.dictionaries(st.sampled_from(_NAMES), _TEXTS).map(lambda found: TOKEN | found),
    form=st.sampled_from(["query_string", "data", "json"]),
)
def test_whatever_is_asked_the_answer_is_json_or_an_image(
    store: Store, method: str, path: str, params: dict[str, str], form: str
) -> None:
    if not store.kind(PIXEL_ID):
        store.add_pixel(ACCOUNT, "a", "OTHER")
        store.add_node("adspixel", ACCOUNT, {"name": "a"})
        store.add_node("adgroup", ACCOUNT, {"name": "a"})
    request: Any = {form: params}
    answer = Client(create_app(store)).open(path, method=method, **request)
    if answer.mimetype != "image/gif":
        body = json.loads(answer.get_data())
        assert (answer.status_code == 400) == (isinstance(body, dict) and "error" in body)
