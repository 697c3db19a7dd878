"""The sandbox answers as the reference says, on a port and in process, and its data lasts."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snippetkit import snippets
from snippetkit.errors import SettingError
from snippetkit.graph import Transport, create_pixel, list_pixels, read_pixel
from snippetkit.model import AccessToken
from snippetkit.money import MAX_VALUE_CENTS, to_major
from snippetkit.sandbox import Store, WsgiAdapter, create_app, create_server
from tests.conftest import ACCOUNT, JS_PIXEL, PIXEL_ID
from tests.reading import read_js_pixel

_DAY_S = 24 * 60 * 60
TOKEN = {"access_token": "any"}


def _create(url: str, **fields: str) -> requests.Response:
    return requests.post(
        f"{url}/act_{ACCOUNT}/offsitepixels", data={**TOKEN, "name": "Thank you", **fields}, timeout=10
    )


def test_the_calls_of_the_reference(sandbox_url: str) -> None:
    account = f"{sandbox_url}/act_{ACCOUNT}/offsitepixels"
    form = {name: (None, value) for name, value in {**TOKEN, "name": "NAME", "tag": "CHECKOUT"}.items()}
    assert requests.post(account, files=form, timeout=10).json() == {"id": PIXEL_ID}
    members = {"id": PIXEL_ID, "name": "NAME", "tag": "checkout", "status": "Unverified"}
    listed = _get(account, fields="name,tag,status")
    assert listed == {"data": [members], "paging": {"cursors": {"before": PIXEL_ID, "after": PIXEL_ID}}}
    creator = f"{ACCOUNT} (Sandbox account)"
    read = _get(f"{sandbox_url}/{PIXEL_ID}")
    assert read == {**members, "creator": creator, "js_pixel": _js_pixel("NAME", "0.01")}
    js = _get(f"{sandbox_url}/{PIXEL_ID}/snippets", value="1999")
    assert js == {"data": [{"id": ACCOUNT, "js": _js_pixel("NAME", "19.99")}]}


def _get(url: str, **params: str) -> Any:
    return requests.get(url, params={**TOKEN, **params}, timeout=10).json()


def _js_pixel(name: str, value: str) -> str:
    return JS_PIXEL.replace("Thank you", name).replace("19.99", value)


def test_the_answer_is_the_vendors_on_the_wire(sandbox_url: str) -> None:
    _create(sandbox_url)
    answer = requests.get(f"{sandbox_url}/v2.3/{PIXEL_ID}/", headers={"Authorization": "Bearer x"}, timeout=10)
    assert answer.headers["Content-Type"] == "text/javascript; charset=UTF-8"
    assert "<" not in answer.text
    assert "\\u003Cscript" in answer.text


@pytest.mark.parametrize(
    ("value_cents", "in_script", "in_noscript"),
    [(0, "0.00", "0"), (1, "0.01", "0.01"), (100, "1.00", "1"), (1050, "10.50", "10.5"), (100000, "1000.00", "1000")],
)
def test_the_value_has_two_decimals_in_the_script_and_is_trimmed_in_the_noscript(
    api: Transport, value_cents: int, in_script: str, in_noscript: str
) -> None:
    pixel_id = create_pixel(api, ACCOUNT, "x", "OTHER")
    code = read_pixel(api, pixel_id, value_cents).js_pixel
    assert f"fb_param.value = '{in_script}';" in code
    assert f"&amp;value={in_noscript}&amp;" in code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value_cents=st.integers(0, MAX_VALUE_CENTS))
def test_the_server_and_our_own_conversion_agree_on_every_value(api: Transport, value_cents: int) -> None:
    found = list(list_pixels(api, ACCOUNT))
    pixel_id = found[0].id if found else create_pixel(api, ACCOUNT, "x", "OTHER")
    snippet = read_js_pixel(read_pixel(api, pixel_id, value_cents).js_pixel)
    snippets.check(snippet, pixel_id, value_cents)
    assert snippet.value == to_major(value_cents, "USD")


def test_the_tag_is_other_by_default_and_may_be_written_in_either_case(api: Transport, sandbox_url: str) -> None:
    assert _create(sandbox_url).json() == {"id": PIXEL_ID}
    second = _create(sandbox_url, name="b", tag="lead").json()["id"]
    assert [read_pixel(api, pixel_id).tag for pixel_id in (PIXEL_ID, second)] == ["OTHER", "LEAD"]


def test_a_list_has_pages_and_next_is_a_url_of_this_server(api: Transport, sandbox_url: str) -> None:
    ids = [create_pixel(api, ACCOUNT, str(number), "OTHER") for number in range(5)]
    create_pixel(api, "1", "of another account", "OTHER")
    assert [pixel.id for pixel in list_pixels(api, ACCOUNT)] == ids
    page = requests.get(f"{sandbox_url}/act_{ACCOUNT}/offsitepixels", params={**TOKEN, "limit": "2"}, timeout=10).json()
    found = [pixel["id"] for pixel in page["data"]]
    while "next" in page["paging"]:
        assert page["paging"]["next"].startswith(f"{sandbox_url}/act_{ACCOUNT}/offsitepixels?")
        page = requests.get(page["paging"]["next"], params=TOKEN, timeout=10).json()
        found += [pixel["id"] for pixel in page["data"]]
    assert found == ids


def test_the_client_reads_more_pixels_than_a_page_holds(api: Transport, store: Store) -> None:
    ids = [store.add_pixel(ACCOUNT, str(number), "OTHER") for number in range(230)]
    assert [pixel.id for pixel in list_pixels(api, ACCOUNT)] == ids


def _send(method: str, url: str, **fields: str) -> Any:
    return requests.request(method, url, data={**TOKEN, **fields}, timeout=10).json()


@pytest.mark.parametrize(("version", "done"), [("", True), ("/v2.2", True), ("/v2.3", {"success": True})])
def test_name_and_tag_change_together_or_alone(sandbox_url: str, version: str, done: object) -> None:
    pixel = f"{sandbox_url}{version}/{_create(sandbox_url).json()['id']}"
    changes = [
        ({"name": "a", "tag": "LEAD"}, ("a", "lead")),
        ({"name": "b"}, ("b", "lead")),
        ({"tag": "other"}, ("b", "other")),
    ]
    for fields, (name, tag) in changes:
        assert _send("POST", pixel, **fields) == done
        assert _get(pixel, fields="name,tag") == {"id": PIXEL_ID, "name": name, "tag": tag}


@pytest.mark.parametrize(("version", "done"), [("", True), ("/v2.3", {"success": True})])
def test_a_deleted_pixel_is_gone_and_its_id_does_not_come_back(sandbox_url: str, version: str, done: object) -> None:
    _create(sandbox_url)
    assert _send("DELETE", f"{sandbox_url}{version}/{PIXEL_ID}") == done
    assert _send("DELETE", f"{sandbox_url}/{PIXEL_ID}")["error"]["code"] == 100
    assert _create(sandbox_url).json() == {"id": "6009125095681"}


def test_accounts_are_authorized_and_deauthorized_several_at_once(sandbox_url: str) -> None:
    _create(sandbox_url)
    accounts = f"{sandbox_url}/{PIXEL_ID}/adaccounts"
    assert _get(accounts) == {"data": {PIXEL_ID: [{"account_id": int(ACCOUNT)}]}}
    assert _send("POST", accounts, adaccounts='["1454681918119229", 5]') is True
    assert _send("POST", accounts, adaccounts="[5]") is True
    ids = [ACCOUNT, "1454681918119229", "5"]
    assert _get(accounts) == {"data": {PIXEL_ID: [{"account_id": int(account)} for account in ids]}}
    later = _get(f"{sandbox_url}/v2.3/{PIXEL_ID}/adaccounts")
    assert later == {"data": [{"account_id": account, "id": f"act_{account}"} for account in ids]}
    assert _send("DELETE", accounts, adaccounts='["act_5", "1454681918119229"]') is True
    assert _get(accounts) == {"data": {PIXEL_ID: [{"account_id": int(ACCOUNT)}]}}


def test_a_sandbox_of_the_schema_before_gets_the_new_tables(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    Store(path).close()
    with sqlite3.connect(path) as old:
        old.executescript("DROP TABLE authorization; DROP TABLE share; DROP TABLE node; PRAGMA user_version = 2;")
    old.close()
    store = Store(path)
    assert store.authorized(PIXEL_ID) == []
    assert store.add_node("adspixel", ACCOUNT, {"name": "x"}) == "1000000000000001"
    store.close()


@pytest.mark.wide
@pytest.mark.parametrize(
    ("method", "path", "params", "code"),
    [
        ("GET", PIXEL_ID, {}, 190),
        ("POST", f"act_{ACCOUNT}/offsitepixels", {"name": "x"}, 190),
        ("POST", f"act_{ACCOUNT}/offsitepixels", TOKEN, 100),
        ("POST", f"act_{ACCOUNT}/offsitepixels", {**TOKEN, "name": "x" * 101}, 100),
        ("POST", f"act_{ACCOUNT}/offsitepixels", {**TOKEN, "name": "Thank you"}, 100),
        ("POST", f"act_{ACCOUNT}/offsitepixels", {**TOKEN, "name": "x", "tag": "SALE"}, 100),
        ("POST", "act_x/offsitepixels", {**TOKEN, "name": "x"}, 100),
        ("GET", f"act_{ACCOUNT}/offsitepixels", {**TOKEN, "limit": "-1"}, 100),
        ("GET", f"act_{ACCOUNT}/offsitepixels", {**TOKEN, "after": "x"}, 100),
        ("GET", "6009125095999", TOKEN, 100),
        ("GET", "9" * 30, TOKEN, 100),
        ("GET", "me", TOKEN, 803),
        ("GET", PIXEL_ID, {**TOKEN, "value": "19.99"}, 100),
        ("GET", f"{PIXEL_ID}/snippets", {**TOKEN, "value": "1e3"}, 100),
        ("POST", PIXEL_ID, {**TOKEN, "name": ""}, 100),
        ("POST", PIXEL_ID, {**TOKEN, "tag": "SALE"}, 100),
        ("POST", PIXEL_ID, {**TOKEN, "name": "Taken"}, 100),
        ("POST", PIXEL_ID, {}, 190),
        ("DELETE", PIXEL_ID, {}, 190),
        ("GET", f"{PIXEL_ID}/adaccounts", {}, 190),
        ("POST", f"{PIXEL_ID}/adaccounts", TOKEN, 100),
        ("POST", f"{PIXEL_ID}/adaccounts", {**TOKEN, "adaccounts": "5"}, 100),
        ("POST", f"{PIXEL_ID}/adaccounts", {**TOKEN, "adaccounts": "[5, 'x']"}, 100),
        ("POST", f"{PIXEL_ID}/adaccounts", {**TOKEN, "adaccounts": '["x"]'}, 100),
        ("DELETE", f"{PIXEL_ID}/adaccounts", {**TOKEN, "adaccounts": f"[{ACCOUNT}]"}, 100),
        ("GET", f"{PIXEL_ID}/nothing", TOKEN, 2500),
        ("PUT", PIXEL_ID, TOKEN, 2500),
        ("GET", "", TOKEN, 2500),
    ],
)
def test_what_is_wrong_is_refused_with_the_vendors_code(
    sandbox_url: str, method: str, path: str, params: dict[str, str], code: int
) -> None:
    _create(sandbox_url)
    _create(sandbox_url, name="Taken")
    answer = requests.request(method, f"{sandbox_url}/{path}", params=params, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code


@pytest.mark.parametrize(
    "query",
    [
        f"/offsite_event.php?id={PIXEL_ID}&value=19.99&currency=USD",
        f"/tr?ev={PIXEL_ID}&cd[value]=19.99&cd[currency]=USD&noscript=1",
        f"/tr/?id={PIXEL_ID}&ev=Purchase&cd%5Bvalue%5D=19.99&cd%5Bcurrency%5D=USD",
    ],
)
@pytest.mark.parametrize("way", ["asked for", "posted", "posted as a form"])
def test_an_event_is_stored_and_answered_with_an_image(store: Store, sandbox_url: str, query: str, way: str) -> None:
    path, _, told = query.partition("?")
    form = parse_qsl(told) if way == "posted as a form" else None
    url = f"{sandbox_url}{path if form else query}"
    answer = requests.request("GET" if way == "asked for" else "POST", url, data=form, timeout=10)
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.content.startswith(b"GIF89a")
    [event] = store.events(PIXEL_ID)
    assert (event.pixel_id, event.value, event.currency) == (PIXEL_ID, "19.99", "USD")


@pytest.mark.parametrize(
    "query", ["", "?id=", "?id=x", "?ev=PageView", f"?id={'9' * 30}", "?id=%FF", "?id=1&id=-1&value="]
)
def test_an_event_of_no_pixel_is_answered_like_any_other(sandbox_url: str, query: str) -> None:
    assert requests.get(f"{sandbox_url}/tr{query}", timeout=10).status_code == 200


def test_status_is_unverified_then_active_for_24_hours_then_inactive(store: Store) -> None:
    now_s = 1_000_000.0
    with requests.Session() as session:
        session.mount("https://", WsgiAdapter(create_app(store, now_s=lambda: now_s)))
        api = Transport(session, "https://sandbox.invalid", AccessToken("x"))
        pixel_id = create_pixel(api, ACCOUNT, "x", "OTHER")
        assert read_pixel(api, pixel_id).status == "Unverified"
        session.get(f"https://sandbox.invalid/offsite_event.php?id={pixel_id}")
        for later_s, status in ((0, "Active"), (_DAY_S - 1, "Active"), (_DAY_S, "Inactive"), (9 * _DAY_S, "Inactive")):
            now_s = 1_000_000.0 + later_s
            assert read_pixel(api, pixel_id).status == status
        session.get(f"https://sandbox.invalid/offsite_event.php?id={pixel_id}")
        assert read_pixel(api, pixel_id).status == "Active"


def test_what_was_stored_is_there_after_reopening_and_ids_go_on(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.db"
    first = Store(path)
    assert first.add_pixel(ACCOUNT, "a", "OTHER") == PIXEL_ID
    first.close()
    second = Store(path)
    assert second.pixel(PIXEL_ID) is not None
    assert second.add_pixel(ACCOUNT, "b", "OTHER") == "6009125095681"
    second.close()


def test_two_stores_share_one_file(tmp_path: Path) -> None:
    one, other = Store(tmp_path / "db"), Store(tmp_path / "db")
    pixel_id = one.add_pixel(ACCOUNT, "a", "OTHER")
    assert pixel_id is not None
    assert other.pixel(pixel_id) is not None
    one.close()
    other.close()


def test_a_port_that_is_taken_is_refused(store: Store) -> None:
    server = create_server(create_app(store), 0)
    with pytest.raises(SettingError, match=f"port {server.port} cannot be used"):
        create_server(create_app(store), server.port)
    server.server_close()
