"""The client: what it sends, what it makes of each answer, and that the token goes nowhere else."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest
import requests
from werkzeug.wrappers import Request, Response

from snippetkit.errors import AnsweredError, ApiError, NetworkError, SettingError, SnippetkitError, TokenError
from snippetkit.graph import (
    Transport,
    authorize,
    create_pixel,
    deauthorize,
    delete_pixel,
    items,
    list_accounts,
    list_pixels,
    read_code,
    read_pixel,
    read_pixels,
    transport,
    update_pixel,
)
from snippetkit.model import AccessToken, Pixel
from snippetkit.sandbox import Store, create_server
from tests.apis import CANARY, Answer, answers, api_that, clock, refuses
from tests.conftest import ACCOUNT, CASES, PIXEL_ID, serving


def test_what_goes_out_is_the_call_of_the_reference_with_the_token_in_the_header() -> None:
    seen: list[tuple[str, str, dict[str, str], dict[str, str], str]] = []

    def answer(request: Request) -> Response:
        seen.append(
            (
                request.method,
                request.path,
                request.args.to_dict(),
                request.form.to_dict(),
                request.headers["Authorization"],
            )
        )
        return answers({"id": PIXEL_ID})(request)

    with api_that(answer) as api:
        create_pixel(api, ACCOUNT, "Thank you é", "CHECKOUT")
        read_pixel(api, PIXEL_ID, 1999)
        read_pixel(api, PIXEL_ID)
    fields = "id,name,tag,status,creator,js_pixel"
    bearer = f"Bearer {CANARY}"
    assert seen == [
        ("POST", f"/act_{ACCOUNT}/offsitepixels", {}, {"name": "Thank you é", "tag": "CHECKOUT"}, bearer),
        ("GET", f"/{PIXEL_ID}", {"fields": fields, "value": "1999"}, {}, bearer),
        ("GET", f"/{PIXEL_ID}", {"fields": fields}, {}, bearer),
    ]


def test_a_netrc_file_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine graph.invalid login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers["Authorization"])
        return answers({"id": PIXEL_ID})(request)

    with api_that(answer) as api:
        read_pixel(api, PIXEL_ID)
    assert seen == [f"Bearer {CANARY}"]


def test_a_pixel_is_read_as_the_api_answers_it() -> None:
    members = {
        "id": PIXEL_ID,
        "name": "Thank you (new)",
        "tag": "key_page_view",
        "status": "Active",
        "creator": f"{ACCOUNT} (Tea (and more))",
        "js_pixel": "<script>",
        "more": [1],
    }
    with api_that(answers(members)) as api:
        assert read_pixel(api, PIXEL_ID) == Pixel(
            PIXEL_ID, "Thank you (new)", "KEY_PAGE_VIEW", "Active", f"{ACCOUNT} (Tea (and more))", "<script>"
        )


def test_a_list_goes_on_by_the_cursor_while_there_is_a_next_even_behind_an_empty_page() -> None:
    pages: dict[str | None, object] = {
        None: {"data": [{"id": "1"}], "paging": {"cursors": {"after": "A"}, "next": "https://evil.invalid/"}},
        "A": {"data": [], "paging": {"cursors": {"after": "B"}, "next": "https://evil.invalid/"}},
        "B": {"data": [{"id": "2"}], "paging": {"cursors": {"after": "C"}}},
    }
    with api_that(lambda request: answers(pages[request.args.get("after")])(request)) as api:
        assert [pixel.id for pixel in list_pixels(api, ACCOUNT)] == ["1", "2"]


def _recorded(name: str) -> object:
    return json.loads((CASES / "graph" / f"{name}.json").read_text("utf-8"))


def test_the_recorded_answers_are_read() -> None:
    with api_that(answers(_recorded("pixel-created"))) as api:
        assert create_pixel(api, ACCOUNT, "x", "OTHER") == PIXEL_ID
    with api_that(answers(_recorded("pixel-list"))) as api:
        assert [(pixel.name, pixel.tag) for pixel in list_pixels(api, ACCOUNT)] == [
            ("Thank you", "CHECKOUT"),
            ("Welcome", "REGISTRATION"),
        ]
    with api_that(answers(_recorded("pixel-read"))) as api:
        assert read_pixel(api, PIXEL_ID).js_pixel.startswith("<!-- Conversion code for Thank you -->\n<script")
    for name, kind, subcode in (("error-token", TokenError, 463), ("error-object", ApiError, 33)):
        with api_that(answers(_recorded(name), 400)) as api, pytest.raises(kind) as info:
            read_pixel(api, PIXEL_ID)
        assert isinstance(info.value, AnsweredError)
        assert info.value.fields["error_subcode"] == subcode
    with api_that(answers(_recorded("batch"))) as api:
        [(_, pixel), (_, error)] = read_pixels(api, [PIXEL_ID, "6009125095681"])
    assert isinstance(pixel, Pixel)
    assert isinstance(error, ApiError)


def test_old_answers_are_paged_by_the_id_and_not_by_their_url() -> None:
    def answer(request: Request) -> Response:
        assert request.host == "graph.invalid"
        last = request.args.get("__after_id") == PIXEL_ID
        return answers(_recorded("pixel-list" if last else "pixel-list-old"))(request)

    with api_that(answer) as api:
        assert [pixel.id for pixel in list_pixels(api, ACCOUNT)] == [PIXEL_ID, PIXEL_ID, "6009125095681"]


def test_pages_without_end_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "MAX_PAGES", 3)
    turns = iter(range(100))
    with (
        api_that(
            lambda request: answers({"data": [], "paging": {"next": "x", "cursors": {"after": str(next(turns))}}})(
                request
            )
        ) as api,
        pytest.raises(ApiError, match="more than 3 pages"),
    ):
        list(list_pixels(api, ACCOUNT))


def test_pages_that_run_in_a_circle_end() -> None:
    page = {"data": [], "paging": {"cursors": {"after": "A"}, "next": "x"}}
    with api_that(answers(page)) as api, pytest.raises(ApiError, match="again and again"):
        list(list_pixels(api, ACCOUNT))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([], "an unknown form"),
        ("x", "an unknown form"),
        (True, "an unknown form"),
        ({"data": {}}, "id is ''"),
        ({"id": 6009125095680}, "id is not text"),
        ({"id": "6009125095680\n"}, "id is"),
        ({"id": "٦٠٠٩"}, "id is"),
        ({"id": "1"}, "asked for pixel 6009125095680, the API answered 1"),
        ({"id": PIXEL_ID, "name": None}, "name is not text"),
        ({"id": PIXEL_ID, "js_pixel": "\ud800"}, "js_pixel is not text"),
    ],
)
def test_an_answer_that_is_no_pixel_is_an_error(answer: object, reason: str) -> None:
    with api_that(answers(answer)) as api, pytest.raises(ApiError, match=reason):
        read_pixel(api, PIXEL_ID)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"data": {}}, "an unknown form"),
        ({"data": [1]}, "an unknown form"),
        ({"data": [], "paging": {"next": "x"}}, "no cursor"),
        ({"data": [], "paging": {"next": "x", "cursors": {"after": 1}}}, "no cursor"),
    ],
)
def test_an_answer_that_is_no_list_is_an_error(answer: object, reason: str) -> None:
    with api_that(answers(answer)) as api, pytest.raises(ApiError, match=reason):
        list(list_pixels(api, ACCOUNT))


def test_a_message_of_any_length_stays_readable() -> None:
    with api_that(refuses(100, "x" * 1_000_000)) as api, pytest.raises(ApiError) as info:
        read_pixel(api, PIXEL_ID)
    assert len(str(info.value)) < 600


@pytest.mark.parametrize("answer", [True, {"success": True}])
def test_done_is_said_in_two_ways(answer: object) -> None:
    with api_that(answers(answer)) as api:
        update_pixel(api, PIXEL_ID, name="x")
        delete_pixel(api, PIXEL_ID)
        authorize(api, PIXEL_ID, ["1"])
        deauthorize(api, PIXEL_ID, ["1"])


@pytest.mark.parametrize("answer", [False, {"success": False}, {}, None, "true", [True], {"id": PIXEL_ID}])
def test_whatever_else_is_answered_is_not_done(answer: object) -> None:
    with api_that(answers(answer)) as api, pytest.raises(ApiError, match="that it was not done"):
        delete_pixel(api, PIXEL_ID)


@pytest.mark.parametrize("path", sorted((CASES / "graph").glob("accounts-*.json")), ids=lambda path: path.stem)
def test_accounts_are_read_in_every_recorded_form(path: Path) -> None:
    with api_that(answers(json.loads(path.read_text()))) as api:
        assert list_accounts(api, PIXEL_ID) == ["1454681918119229", ACCOUNT]


@pytest.mark.parametrize("path", sorted((CASES / "graph").glob("snippets-*.json")), ids=lambda path: path.stem)
def test_snippets_are_read_in_every_recorded_form(path: Path) -> None:
    with api_that(answers(json.loads(path.read_text()))) as api:
        assert read_code(api, PIXEL_ID, 1999) == "<script></script>"


@pytest.mark.parametrize(
    "answer",
    [
        True,
        "x",
        {"data": "x"},
        {"data": ["x"]},
        {"data": [{"js": [1]}]},
        {"data": [{"js": "a"}, {"js": "b"}]},
        {"data": []},
    ],
)
def test_snippets_in_another_form_are_an_error(answer: object) -> None:
    with api_that(answers(answer)) as api, pytest.raises(ApiError, match="in an unknown form"):
        read_code(api, PIXEL_ID)


@pytest.mark.parametrize("answer", [True, {"data": [1]}, {"data": [{"id": "act_1"}]}, {"data": [{"account_id": "x"}]}])
def test_accounts_in_another_form_are_an_error(answer: object) -> None:
    with api_that(answers(answer)) as api, pytest.raises(ApiError, match="in an unknown form"):
        list_accounts(api, PIXEL_ID)


@pytest.mark.parametrize(
    ("code", "kind", "hint"),
    [
        (190, TokenError, "get a new token"),
        (102, TokenError, "get a new token"),
        (10, TokenError, "ads_management"),
        (200, TokenError, "ads_management"),
        (294, TokenError, "ads_management"),
        ((100, 33), ApiError, "pixels list"),
        (100, ApiError, ""),
        (368, ApiError, "see the ad account's support inbox"),
    ],
)
def test_a_refusal_says_what_and_what_next(code: int | tuple[int, int], kind: type[SnippetkitError], hint: str) -> None:
    code, subcode = code if isinstance(code, tuple) else (code, 0)
    with (
        api_that(refuses(code, "Sorry.", error_subcode=subcode)) as api,
        pytest.raises(kind, match=rf"GET /{PIXEL_ID}: Sorry\..*code {code}") as info,
    ):
        read_pixel(api, PIXEL_ID)
    assert hint in info.value.hint and bool(hint) == bool(info.value.hint)
    if isinstance(info.value, ApiError):
        assert info.value.fields["fbtrace_id"] == "x"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda request: Response("<html>", 200), "HTTP 200, and the answer is not JSON"),
        (lambda request: Response("[" * 100_000, 200), "not JSON"),
        (lambda request: Response(b"\xff", 200), "not JSON"),
        (lambda request: Response("", 502), "HTTP 502, and the answer is not JSON"),
        (answers({}, 500), "no reason given .HTTP 500"),
        (answers({"error": "text"}, 200), "no reason given"),
        (lambda request: Response("{}", 302, headers={"Location": "https://evil.invalid/"}), "HTTP 302"),
    ],
)
def test_an_answer_that_is_none_is_an_error(answer: Answer, reason: str) -> None:
    with api_that(answer, clock=clock()[0]) as api, pytest.raises(ApiError, match=reason):
        read_pixel(api, PIXEL_ID)


def test_an_answer_that_does_not_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1000)
    with api_that(lambda request: Response(" " * 2000)) as api, pytest.raises(ApiError, match="longer than 1000 bytes"):
        read_pixel(api, PIXEL_ID)


def _connect(url: str) -> Pixel:
    with requests.Session() as session:
        return read_pixel(Transport(session, url, AccessToken(CANARY)), PIXEL_ID)


def test_no_server_is_a_network_error_that_names_the_url_and_not_the_token() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NetworkError, match=f"http://127.0.0.1:{port}: no connection") as info:
        _connect(f"http://127.0.0.1:{port}")
    assert CANARY not in repr(info.value)
    assert info.value.__suppress_context__


def test_an_answer_that_breaks_off_is_a_network_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"id"')

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NetworkError, match="broke off"):
            _connect(f"http://127.0.0.1:{server.getsockname()[1]}")
        thread.join()


def test_a_proxy_of_the_environment_gets_no_token_in_the_clear(
    sandbox_url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        store.add_pixel(ACCOUNT, "x", "OTHER")
        assert _connect(sandbox_url).id == PIXEL_ID


def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_TIMEOUT_S", 0.05)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(NetworkError, match="no answer in time"),
    ):
        _connect(f"http://127.0.0.1:{server.getsockname()[1]}")


def test_a_plain_server_is_no_https_server() -> None:
    @Request.application
    def app(request: Request) -> Response:
        return Response("{}")

    with serving(create_server(app, 0)) as url, pytest.raises(NetworkError, match="certificate"):
        _connect(url.replace("http:", "https:"))


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.facebook.com",
        "ftp://127.0.0.1",
        "graph.facebook.com",
        "",
        "https://",
        "https://user@graph.facebook.com",
        "https://evil.invalid\\@graph.facebook.com",
        "https://graph.facebook.com?x",
        "https://graph.facebook.com#x",
        "https://graph.facebook.com:x",
        "https://[",
        "http://127.0.0.1.evil.invalid",
    ],
)
def test_the_token_is_sent_over_https_or_the_loopback_only(url: str) -> None:
    with pytest.raises(SettingError, match="the API URL"):
        Transport(requests.Session(), url, AccessToken(CANARY))


def test_the_token_is_in_no_repr() -> None:
    api = Transport(requests.Session(), "https://graph.invalid", AccessToken(CANARY))
    assert CANARY not in f"{AccessToken(CANARY)!r} {api!r} {vars(api)!r}"
