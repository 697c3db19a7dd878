"""Where the token and its proof go, and that they go nowhere else."""

from __future__ import annotations

import hmac

import pytest

from snippetkit.errors import TokenError
from snippetkit.graph import create_pixel, delete_pixel, read_pixel
from snippetkit.model import AccessToken
from tests.apis import CANARY, SECRET, answers, api_that, in_turn, refuses
from tests.conftest import ACCOUNT, PIXEL_ID

PIXEL = answers({"id": PIXEL_ID})


def test_the_proof_is_the_vendors() -> None:
    answer, seen = in_turn(PIXEL)
    with api_that(answer, AccessToken("TOKEN", "APPSECRET")) as api:
        read_pixel(api, PIXEL_ID)
        create_pixel(api, ACCOUNT, "x", "OTHER")
    proof = "e697d0006554740ddfffab3f4406f3cef626ca5483a5c58b72a31941c9f40655"
    assert seen[0].args["appsecret_proof"] == seen[1].form["appsecret_proof"] == proof
    assert seen[0].headers["Authorization"] == "Bearer TOKEN"


def test_without_a_secret_there_is_no_proof() -> None:
    answer, seen = in_turn(PIXEL)
    with api_that(answer) as api:
        read_pixel(api, PIXEL_ID)
    assert "appsecret_proof" not in seen[0].args


def test_for_old_versions_the_token_is_a_parameter_and_not_in_the_header() -> None:
    answer, seen = in_turn(PIXEL, answers(True))
    with api_that(answer, AccessToken(CANARY, in_query=True)) as api:
        read_pixel(api, PIXEL_ID)
        delete_pixel(api, PIXEL_ID)
    assert seen[0].args["access_token"] == seen[1].form["access_token"] == CANARY
    assert not any("Authorization" in request.headers for request in seen)


def test_a_version_is_put_in_front_of_every_path() -> None:
    answer, seen = in_turn(PIXEL)
    with api_that(answer, version="v2.2") as api:
        read_pixel(api, PIXEL_ID)
    assert seen[0].path == f"/v2.2/{PIXEL_ID}"


@pytest.mark.parametrize("in_query", [True, False])
def test_neither_token_nor_secret_is_in_a_repr_a_log_or_an_error(in_query: bool) -> None:
    lines: list[str] = []
    token = AccessToken(CANARY, SECRET, in_query=in_query)
    with api_that(refuses(190), token, log=lines.append) as api:
        with pytest.raises(TokenError) as info:
            read_pixel(api, PIXEL_ID)
        shown = f"{token!r} {api!r} {info.value!r} {info.value.__cause__!r} {info.value.__context__!r} {lines}"
    assert lines == [f"GET https://graph.invalid/{PIXEL_ID}: HTTP 400"]
    proof = hmac.new(SECRET.encode(), CANARY.encode(), "sha256").hexdigest()
    assert not [secret for secret in (CANARY, SECRET, proof) if secret in shown]
