"""Many pixels in batches of fifty, and answers that are kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from snippetkit.cache import AnswerCache
from snippetkit.errors import ApiError, NetworkError, PassingError, TokenError
from snippetkit.graph import delete_pixel, list_pixels, read_pixel, read_pixels
from snippetkit.model import Pixel
from tests.apis import CANARY, Answer, answers, api_that, clock, in_turn
from tests.conftest import ACCOUNT, PIXEL_ID

IDS = [str(6_000_000_000_000 + number) for number in range(120)]


def _members(request: Request) -> list[dict[str, Any]]:
    members: list[dict[str, Any]] = json.loads(request.form["batch"])
    return members


def _id(member: dict[str, Any]) -> str:
    return str(member["relative_url"].partition("?")[0])


def _good(member: dict[str, Any]) -> dict[str, Any]:
    return {"code": 200, "headers": [], "body": json.dumps({"id": _id(member), "name": "x"})}


def _bad(code: int) -> dict[str, Any]:
    return {"code": 400, "headers": [], "body": json.dumps({"error": {"message": "no", "code": code}})}


def _batch(**special: Any) -> Answer:
    """Answer each member well, but these: by id (with an underscore in front) the answers in their turn."""
    turns: dict[str, Iterator[Any]] = {name[1:]: iter(given) for name, given in special.items()}

    def answer(request: Request) -> Response:
        members = _members(request)
        return answers([next(turns.get(_id(m), iter([])), _good(m)) for m in members])(request)

    return answer


def test_120_pixels_take_three_requests_and_come_in_their_order() -> None:
    answer, seen = in_turn(_batch())
    with api_that(answer) as api:
        found = list(read_pixels(api, IDS, 1999))
    assert [(pixel_id, pixel.id) for pixel_id, pixel in found if isinstance(pixel, Pixel)] == [(i, i) for i in IDS]
    assert [len(_members(request)) for request in seen] == [50, 50, 20]
    assert "value=1999" in _members(seen[0])[0]["relative_url"]
    assert CANARY not in seen[0].form["batch"]


def test_a_member_that_was_not_come_to_or_was_throttled_is_asked_again_alone() -> None:
    answer, seen = in_turn(_batch(**{f"_{IDS[3]}": [None, None], f"_{IDS[7]}": [_bad(17)]}))
    quick, waited = clock()
    with api_that(answer, clock=quick) as api:
        found = dict(read_pixels(api, IDS[:10]))
    assert all(isinstance(pixel, Pixel) for pixel in found.values())
    assert [[_id(member) for member in _members(request)] for request in seen[1:]] == [[IDS[3], IDS[7]], [IDS[3]]]
    assert waited == [1.0, 2.0]


def test_a_member_that_is_never_come_to_ends_as_its_error() -> None:
    answer, seen = in_turn(_batch(**{f"_{IDS[0]}": [None] * 9}))
    quick, _ = clock()
    with api_that(answer, clock=quick) as api:
        [(_, error), (_, pixel)] = read_pixels(api, IDS[:2])
    assert isinstance(error, PassingError)
    assert isinstance(pixel, Pixel)
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("member", "kind", "reason"),
    [
        (_bad(100), ApiError, "code 100"),
        (_bad(190), TokenError, "code 190"),
        ({"code": 200, "body": "<html>"}, ApiError, "not JSON"),
        ({"code": 200, "body": json.dumps({"id": "1"})}, ApiError, "asked for pixel 6000000000000, the API answered 1"),
        ({"code": "200", "body": "{}"}, ApiError, "an unknown form"),
        ({"code": 200, "body": {}}, ApiError, "an unknown form"),
        ("text", ApiError, "an unknown form"),
        ({"code": 200, "headers": "x", "body": None}, ApiError, "not JSON"),
    ],
)
def test_each_member_keeps_its_error(member: object, kind: type[Exception], reason: str) -> None:
    with api_that(_batch(**{f"_{IDS[0]}": [member]})) as api:
        [(_, error), (_, pixel)] = read_pixels(api, IDS[:2])
    assert isinstance(error, kind)
    assert reason in str(error)
    assert isinstance(pixel, Pixel)


@pytest.mark.parametrize("answer", [{}, [], [None] * 3, "x"])
def test_a_batch_in_another_form_is_an_error(answer: object) -> None:
    with api_that(answers(answer)) as api, pytest.raises(ApiError, match="a batch in an unknown form"):
        list(read_pixels(api, IDS[:2]))


def _with_etag(request: Request) -> Response:
    """Answer single calls and batches with an ETag, and 304 where it is asked with that."""
    if request.path != "/":
        if request.headers.get("If-None-Match") == '"e"':
            return Response(status=304)
        return answers({"id": PIXEL_ID, "name": "first"}, ETag='"e"')(request)
    tag = [{"name": "ETag", "value": '"e"'}]
    known = {"code": 304, "headers": tag, "body": None}
    return answers([known if "headers" in m else _good(m) | {"headers": tag} for m in _members(request)])(request)


def test_a_second_run_asks_by_the_etag_and_takes_what_was_kept(tmp_path: Path) -> None:
    answer, seen = in_turn(_with_etag)
    with api_that(answer, store=AnswerCache(tmp_path / "answers.db")) as api:
        first = (read_pixel(api, PIXEL_ID, 1999), dict(read_pixels(api, IDS[:2])))
        second = (read_pixel(api, PIXEL_ID, 1999), dict(read_pixels(api, IDS[:2])))
        read_pixel(api, PIXEL_ID, 500)
    assert first == second
    asked = [request.headers.get("If-None-Match") for request in seen if request.method == "GET"]
    assert asked == [None, '"e"', None]
    assert [["headers" in m for m in _members(r)] for r in seen if r.method == "POST"] == [[False] * 2, [True] * 2]


def test_neither_the_token_nor_its_trace_is_in_the_cache(tmp_path: Path) -> None:
    with api_that(_with_etag, store=AnswerCache(tmp_path / "answers.db")) as api:
        read_pixel(api, PIXEL_ID)
    assert not [path for path in tmp_path.iterdir() if CANARY.encode() in path.name.encode() + path.read_bytes()]
    with api_that(_with_etag, store=AnswerCache(tmp_path / "answers.db")) as other:
        assert read_pixel(other, PIXEL_ID).name == "first"


def test_offline_answers_from_the_cache_alone(tmp_path: Path) -> None:
    with api_that(_with_etag, store=AnswerCache(tmp_path / "answers.db")) as api:
        online = (read_pixel(api, PIXEL_ID), dict(read_pixels(api, IDS[:2])))
    answer, seen = in_turn(_with_etag)
    with api_that(answer, store=AnswerCache(tmp_path / "answers.db"), offline=True) as api:
        assert (read_pixel(api, PIXEL_ID), dict(read_pixels(api, IDS[:2]))) == online
        for call in (
            lambda: read_pixel(api, "1"),
            lambda: list(list_pixels(api, ACCOUNT)),
            lambda: delete_pixel(api, "1"),
        ):
            with pytest.raises(NetworkError, match="offline"):
                call()
    assert seen == []


def test_a_broken_cache_costs_a_request_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "answers.db").write_bytes(b"no database" * 1000)
    with api_that(_with_etag, store=AnswerCache(tmp_path / "answers.db")) as api:
        assert read_pixel(api, PIXEL_ID).name == "first"
        assert read_pixel(api, PIXEL_ID).name == "first"


def test_a_cache_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "answers.db").symlink_to(os.devnull)
    with api_that(_with_etag, store=AnswerCache(tmp_path / "answers.db")) as api:
        assert read_pixel(api, PIXEL_ID).name == "first"


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with api_that(_with_etag, store=AnswerCache(tmp_path / "file" / "answers.db")) as api:
        assert read_pixel(api, PIXEL_ID).name == "first"
