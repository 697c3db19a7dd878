"""What is tried again, how long after, and what never is."""

from __future__ import annotations

import socket
import threading

import pytest
import requests
from werkzeug.wrappers import Response

from snippetkit.errors import ApiError, NetworkError, PassingError, TokenError
from snippetkit.graph import Transport, create_pixel, delete_pixel, read_pixel
from snippetkit.graph.retry import wait_s
from snippetkit.model import AccessToken
from tests.apis import CANARY, Answer, answers, api_that, clock, in_turn, refuses
from tests.conftest import ACCOUNT, PIXEL_ID

PIXEL = answers({"id": PIXEL_ID})


def _text(text: str, status: int) -> Answer:
    return lambda request: Response(text, status)


@pytest.mark.parametrize(
    "passing",
    [
        *(refuses(code) for code in (1, 2, 4, 17, 32, 341, 613, 80000, 80003, 80006, 80008, 80009, 80014)),
        refuses(999, is_transient=True),
        refuses(999, status=500),
        _text("<html>", 502),
        _text("Service Unavailable", 200),
    ],
)
def test_what_passes_is_tried_again_until_it_has(passing: Answer) -> None:
    answer, seen = in_turn(passing, passing, PIXEL)
    quick, waited = clock()
    with api_that(answer, clock=quick) as api:
        assert read_pixel(api, PIXEL_ID).id == PIXEL_ID
    assert (len(seen), waited) == (3, [1.0, 2.0])


@pytest.mark.parametrize(
    "lasting",
    [
        *(refuses(code) for code in (3, 10, 100, 102, 190, 200, 368, 803, 2500, 2635, 6200, 80007)),
        refuses(613, error_subcode=1487225),
        refuses(613, error_subcode=1487632),
        refuses(999, is_transient="true"),
        _text("<html>", 200),
        _text("Service Unavailable, she wrote", 200),
    ],
)
def test_what_lasts_is_asked_once(lasting: Answer) -> None:
    answer, seen = in_turn(lasting)
    quick, waited = clock()
    with api_that(answer, clock=quick) as api, pytest.raises((ApiError, TokenError)) as info:
        read_pixel(api, PIXEL_ID)
    assert not isinstance(info.value, PassingError)
    assert (len(seen), waited) == (1, [])


def test_after_five_tries_it_is_given_up_and_the_error_keeps_every_field() -> None:
    answer, seen = in_turn(refuses(2, "Later.", error_subcode=7, error_user_msg="Tea first."))
    quick, waited = clock()
    with api_that(answer, clock=quick) as api, pytest.raises(PassingError, match=r"Later\..*code 2") as info:
        read_pixel(api, PIXEL_ID)
    assert (len(seen), waited) == (5, [1.0, 2.0, 4.0, 8.0])
    assert info.value.fields["error_user_msg"] == "Tea first."
    assert info.value.hint == "try again later"


def test_jitter_takes_up_to_half_of_a_wait_and_no_wait_is_over_a_minute() -> None:
    least, _ = clock(chance=0.0)
    most, _ = clock(chance=1.0)
    error = PassingError("x")
    assert [wait_s(error, tries, least) for tries in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]
    assert [wait_s(error, tries, most) for tries in (4, 5)] == [8.0, None]


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        ("x_ad_account_usage", '{"acc_id_util_pct":100,"reset_time_duration":45}', 45.0),
        ("x_business_use_case_usage", '{"1":[{"estimated_time_to_regain_access":1}]}', 60.0),
        ("x_business_use_case_usage", '{"1":[{"estimated_time_to_regain_access":0}]}', 1.0),
        ("x_business_use_case_usage", "no JSON", 1.0),
        ("x_business_use_case_usage", '{"1":[1],"2":3}', 1.0),
        ("x_ad_account_usage", "[]", 1.0),
    ],
)
def test_the_apis_own_time_is_kept(header: str, value: str, seconds: float) -> None:
    throttled = answers({"error": {"message": "slow down", "code": 17}}, 400, **{header: value})
    answer, _ = in_turn(throttled, PIXEL)
    quick, waited = clock()
    with api_that(answer, clock=quick) as api:
        read_pixel(api, PIXEL_ID)
    assert waited == [seconds]


def test_a_time_of_minutes_is_the_users_to_wait() -> None:
    usage = '{"1":[{"estimated_time_to_regain_access":12}]}'
    answer, seen = in_turn(answers({"error": {"message": "x", "code": 80004}}, 400, x_business_use_case_usage=usage))
    with api_that(answer) as api, pytest.raises(PassingError) as info:
        read_pixel(api, PIXEL_ID)
    assert (len(seen), info.value.hint) == (1, "the API takes calls again in 12 minutes")


def test_a_change_is_tried_again_too() -> None:
    answer, seen = in_turn(refuses(2), answers(True))
    quick, _ = clock()
    with api_that(answer, clock=quick) as api:
        delete_pixel(api, PIXEL_ID)
    assert [request.method for request in seen] == ["DELETE", "DELETE"]


LISTED = answers({"data": [{"id": "1", "name": "other"}, {"id": PIXEL_ID, "name": "mine"}]})
NONE_LISTED = answers({"data": []})


@pytest.mark.parametrize("uncertain", [refuses(2), refuses(1, status=500), _text("<html>", 504)])
def test_a_create_that_may_have_been_done_is_looked_up_by_its_name(uncertain: Answer) -> None:
    answer, seen = in_turn(uncertain, LISTED)
    with api_that(answer) as api:
        assert create_pixel(api, ACCOUNT, "mine", "OTHER") == PIXEL_ID
    assert [request.method for request in seen] == ["POST", "GET"]


def test_a_create_that_was_not_done_is_made_once_more() -> None:
    answer, seen = in_turn(refuses(2), NONE_LISTED, PIXEL)
    with api_that(answer) as api:
        assert create_pixel(api, ACCOUNT, "mine", "OTHER") == PIXEL_ID
    assert [request.method for request in seen] == ["POST", "GET", "POST"]


def test_a_create_that_was_refused_is_not_made_again() -> None:
    answer, seen = in_turn(refuses(100))
    with api_that(answer) as api, pytest.raises(ApiError):
        create_pixel(api, ACCOUNT, "mine", "OTHER")
    assert len(seen) == 1


def test_a_create_whose_answer_got_lost_on_the_way_is_looked_up_by_its_name() -> None:
    listed = b'{"data":[{"id":"6009125095680","name":"mine"}]}'
    replies = [b"", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(listed), listed)]
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server, requests.Session() as session:

        def answer() -> None:
            for reply in replies:
                connection, _ = server.accept()
                with connection:
                    asked.append(connection.recv(65536).split(b" ")[0])
                    connection.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        api = Transport(session, f"http://127.0.0.1:{server.getsockname()[1]}", AccessToken(CANARY))
        assert create_pixel(api, ACCOUNT, "mine", "OTHER") == PIXEL_ID
        thread.join()
    assert asked == [b"POST", b"GET"]


def test_no_network_is_no_reason_to_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    quick, waited = clock()
    with requests.Session() as session, pytest.raises(NetworkError):
        read_pixel(Transport(session, f"http://127.0.0.1:{port}", AccessToken(CANARY), clock=quick), PIXEL_ID)
    assert waited == []
