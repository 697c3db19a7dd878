"""On its port the sandbox answers programs of this machine, and of the pages only those that were let in."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from snippetkit.errors import SettingError
from snippetkit.sandbox import Store, create_app, guarded
from tests.conftest import ACCOUNT, PIXEL_ID

PORT = "8013"
OWN = f"http://127.0.0.1:{PORT}"
SHOP = "http://localhost:3000"
BY_FETCH = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
BY_IMAGE = {"Sec-Fetch-Site": "cross-site"}
DELETION = f"/v25.0/{PIXEL_ID}?method=delete&access_token=any"


@pytest.fixture
def pixels(store: Store) -> Store:
    store.add_pixel(ACCOUNT, "a", "OTHER")
    return store


def _ask(
    store: Store, path: str, headers: dict[str, str], *, origins: tuple[str, ...] = (), port: str = PORT, **how: str
) -> TestResponse:
    environ = {"SERVER_PORT": port, "HTTP_HOST": f"127.0.0.1:{port}"}
    client = Client(guarded(create_app(store), origins))
    return client.open(path, headers=headers, environ_overrides=environ | how)


@pytest.mark.parametrize(
    "headers",
    [
        BY_FETCH,
        BY_IMAGE,
        {"Origin": "https://shop.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"},
        {"Origin": f"http://127.0.0.1:{PORT}.shop.example"},
        {"Origin": f"{OWN},https://shop.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "anything else"},
    ],
    ids=str,
)
def test_a_page_of_another_site_changes_nothing_and_reads_nothing(pixels: Store, headers: dict[str, str]) -> None:
    for method in ("GET", "POST", "DELETE", "OPTIONS"):
        answer = _ask(pixels, DELETION, headers, REQUEST_METHOD=method)
        assert (answer.status_code, answer.json and answer.json["error"]["code"]) == (403, 5)
        assert "--allow-origin" in answer.text
        assert "Access-Control" not in str(answer.headers)
    assert pixels.pixel(PIXEL_ID)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "shop.example",
            f"shop.example:{PORT}",
            "127.0.0.1",
            "127.0.0.1:80",
            f"127.0.0.2:{PORT}",
            f"[::2]:{PORT}",
            "",
        ),
        *(f"127.0.0.1,shop.example:{PORT}", f"localhost.shop.example:{PORT}", f"user@127.0.0.1:{PORT}"),
    ],
)
def test_a_name_that_was_made_to_mean_this_machine_is_not_its_own(pixels: Store, host: str) -> None:
    for headers in ({}, {"Origin": OWN}, {"Origin": f"http://{host}"}, {"Sec-Fetch-Site": "same-origin"}):
        answer = _ask(pixels, DELETION, headers, HTTP_HOST=host)
        assert answer.status_code == 403
        assert f"this is the sandbox at 127.0.0.1:{PORT}, and the request is for " in answer.text
    assert pixels.pixel(PIXEL_ID)


@pytest.mark.parametrize(("port", "suffix"), [(PORT, f":{PORT}"), ("80", "")])
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "LocalHost"])
def test_programs_and_a_persons_own_address_bar_may_use_it_by_each_of_its_addresses(
    pixels: Store, port: str, suffix: str, name: str
) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}):
        answer = _ask(pixels, f"/v25.0/{PIXEL_ID}?access_token=any", headers, HTTP_HOST=f"{name}{suffix}", port=port)
        assert answer.json == {"id": PIXEL_ID}
    assert _ask(pixels, DELETION, {}, HTTP_HOST=f"{name}{suffix}", port=port).json == {"success": True}
    assert pixels.pixel(PIXEL_ID) is None


def test_its_own_origin_may_use_it_by_another_of_its_addresses(pixels: Store) -> None:
    headers = {"Origin": f"http://localhost:{PORT}", "Sec-Fetch-Site": "cross-site"}
    assert _ask(pixels, DELETION, headers).json == {"success": True}


@pytest.mark.wide
@pytest.mark.parametrize(("host", "headers"), [("www.facebook.com", BY_FETCH), (f"127.0.0.1:{PORT}", BY_IMAGE)])
@pytest.mark.parametrize("path", ["/offsite_event.php?id={}", "/tr?id={}&ev=Lead", "/tr/?id={}", "/v25.0/tr?id={}"])
def test_what_pages_fire_is_taken_from_all_and_records_only(
    pixels: Store, path: str, host: str, headers: dict[str, str]
) -> None:
    path = path.format(PIXEL_ID)
    assert _ask(pixels, path, headers, HTTP_HOST=host).mimetype == "image/gif"
    assert len(pixels.events(PIXEL_ID)) == 1
    for change in ("method=delete", "method=POST", "batch=[]"):
        _ask(pixels, f"{path}&{change}", headers, HTTP_HOST=host)
        _ask(pixels, f"{path}&{change}", headers, HTTP_HOST=host, REQUEST_METHOD="POST")
    assert pixels.pixel(PIXEL_ID)


@pytest.mark.parametrize(
    "path", [f"/{PIXEL_ID}/tr?method=delete", f"/tr/../{PIXEL_ID}?method=delete", f"/tr/{PIXEL_ID}?method=delete"]
)
def test_only_those_two_addresses_are_open(pixels: Store, path: str) -> None:
    assert _ask(pixels, f"{path}&access_token=any", BY_IMAGE).status_code in {400, 403}
    assert pixels.pixel(PIXEL_ID)


def test_a_page_that_is_let_in_may_read_the_answers_and_another_one_may_not(pixels: Store) -> None:
    origins = ("https://Shop.Example:443/", "http://localhost:3000")
    for origin in ("https://shop.example", SHOP):
        headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
        answer = _ask(pixels, f"/v25.0/{PIXEL_ID}?access_token=any", headers, origins=origins)
        assert answer.json and answer.json["id"] == PIXEL_ID
        assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"]) == (origin, "Origin")
        wanted = {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization"}
        asked = _ask(pixels, f"/{PIXEL_ID}", headers | wanted, origins=origins, REQUEST_METHOD="OPTIONS")
        assert (asked.status_code, asked.text) == (204, "")
        assert asked.headers["Access-Control-Allow-Headers"] == "authorization"
        assert "DELETE" in asked.headers["Access-Control-Allow-Methods"]
    for headers in (BY_IMAGE, {"Origin": "http://shop.example"}, {"Origin": "http://localhost:3001"}):
        refused = _ask(pixels, DELETION, headers, origins=origins)
        assert (refused.status_code, "Access-Control-Allow-Origin" in refused.headers) == (403, False)


@pytest.mark.parametrize(
    "text",
    ["*", "null", "shop.example", "http://", "http://a/b", "http://a b", "http://u@a", "http://a:b", "//a", "file://"],
)
def test_what_is_no_origin_is_refused(store: Store, text: str) -> None:
    with pytest.raises(SettingError, match="is not a page origin"):
        guarded(create_app(store), [text])


@pytest.mark.parametrize(
    ("host", "status"),
    [("Host: {0}", 200), ("", 403), ("Host: {0}\r\nHost: shop.example", 403), ("Host: shop.example", 403)],
)
def test_on_the_wire_one_host_counts(store: Store, sandbox_url: str, host: str, status: int) -> None:
    own = urlsplit(sandbox_url).netloc
    with socket.create_connection(("127.0.0.1", urlsplit(sandbox_url).port or 0), timeout=10) as connection:
        lines = [f"GET /act_{ACCOUNT}/offsitepixels?access_token=any HTTP/1.0", host.format(own)]
        connection.sendall("\r\n".join([*filter(None, lines), "", ""]).encode())
        assert connection.recv(100).split()[1] == str(status).encode()


def test_a_database_that_fails_is_a_refusal_of_the_api_that_names_the_file(store: Store) -> None:
    store.close()
    answer = _ask(store, DELETION, {})
    assert (answer.status_code, answer.json and answer.json["error"]["code"]) == (400, 805)
    assert "sandbox.db: the sandbox's database cannot be used: " in answer.text
    assert answer.json and answer.json["error"]["is_transient"] is False
