"""The client's calls about Meta Pixels: what it sends, and what it makes of recorded answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from snippetkit import snippets
from snippetkit.errors import ApiError, TokenError
from snippetkit.graph import (
    Transport,
    create_custom_conversion,
    create_meta_pixel,
    list_meta_pixels,
    list_shared_accounts,
    read_meta_pixel,
    read_pixel,
    read_pixels,
    rename_meta_pixel,
    share,
    unshare,
)
from snippetkit.model import AccessToken, MetaPixel
from snippetkit.sandbox import WsgiAdapter
from tests.answers import Answers, recorded
from tests.conftest import CASES

ACCOUNT = "1454681918119229"
META_ID = "434566956589050"
BUSINESS = "6009125095681"
CODE = (CASES / "code" / "fbq.html").read_text("utf-8")


@contextmanager
def _api(answers: Answers) -> Iterator[Transport]:
    with requests.Session() as session:
        session.mount("https://", WsgiAdapter(answers))
        yield Transport(session, "https://graph.invalid", AccessToken("token"))


def test_a_list_is_read_page_after_page_by_its_cursor() -> None:
    path = f"GET /act_{ACCOUNT}/adspixels"
    answers = Answers({path: recorded("adspixels-list"), f"{path}?after=QVFIUk2": recorded("adspixels-list-next")})
    with _api(answers) as api:
        assert list(list_meta_pixels(api, ACCOUNT)) == [
            MetaPixel(META_ID, "Shop", "2026-05-04T03:02:01+0000"),
            MetaPixel("6009125095681", "Blog"),
        ]
    params = {"fields": "id,name,last_fired_time", "limit": "100"}
    assert answers.seen == [(path, params, {}), (path, {**params, "after": "QVFIUk2"}, {})]


def test_a_pixel_is_read_with_its_code_which_is_a_base_code() -> None:
    answers = Answers({f"GET /{META_ID}": recorded("adspixels-read")})
    with _api(answers) as api:
        pixel = read_meta_pixel(api, META_ID)
    assert pixel == MetaPixel(META_ID, "Shop", "2026-05-04T03:02:01+0000", CODE.rstrip("\n"))
    assert snippets.read_code(pixel.code, "fbq").key == f"fbq:{META_ID}"
    assert "fbevents" not in repr(pixel)
    assert answers.seen == [(f"GET /{META_ID}", {"fields": "id,name,last_fired_time,code"}, {})]


def test_a_pixel_is_created_and_renamed() -> None:
    create, rename = f"POST /act_{ACCOUNT}/adspixels", f"POST /{META_ID}"
    answers = Answers({create: {"id": META_ID}, rename: {"success": True}})
    with _api(answers) as api:
        assert create_meta_pixel(api, ACCOUNT, "Shop é") == META_ID
        rename_meta_pixel(api, META_ID, "Shop")
    assert answers.seen == [(create, {}, {"name": "Shop é"}), (rename, {}, {"name": "Shop"})]


@pytest.mark.parametrize(("code", "number"), [(6200, "a Meta Pixel"), (6202, "several Meta Pixels")])
def test_a_second_pixel_of_an_account_is_an_error_that_says_to_use_the_first(code: int, number: str) -> None:
    answer = recorded("adspixels-exists")
    assert isinstance(answer, dict)
    answer["error"]["code"] = code
    with (
        _api(Answers({f"POST /act_{ACCOUNT}/adspixels": answer})) as api,
        pytest.raises(ApiError, match=f"the account has {number} already: POST /act_.* code {code}") as info,
    ):
        create_meta_pixel(api, ACCOUNT, "Shop")
    assert info.value.hint == "use the existing one: 'snippetkit pixels list --kind meta' shows it"
    assert info.value.fields == answer["error"]


@pytest.mark.parametrize(("code", "kind"), [(100, ApiError), (200, TokenError)])
def test_another_refusal_stays_what_it_is(code: int, kind: type[Exception]) -> None:
    answers = Answers({f"POST /act_{ACCOUNT}/adspixels": {"error": {"message": "No.", "code": code}}})
    with _api(answers) as api, pytest.raises(kind, match=r"^POST /act_1454681918119229/adspixels: No\. "):
        create_meta_pixel(api, ACCOUNT, "Shop")


def test_a_pixel_is_shared_with_the_ad_accounts_of_a_business() -> None:
    path = f"/{META_ID}/shared_accounts"
    answers = Answers({f"GET {path}": recorded("shared_accounts"), f"POST {path}": True, f"DELETE {path}": True})
    with _api(answers) as api:
        assert list_shared_accounts(api, META_ID, BUSINESS) == [ACCOUNT, META_ID]
        share(api, META_ID, BUSINESS, ACCOUNT)
        unshare(api, META_ID, BUSINESS, ACCOUNT)
    sent = {"business": BUSINESS, "account_id": ACCOUNT}
    assert answers.seen == [
        (f"GET {path}", {"business": BUSINESS, "fields": "account_id", "limit": "100"}, {}),
        (f"POST {path}", {}, sent),
        (f"DELETE {path}", {}, sent),
    ]


@pytest.mark.parametrize(("value", "worth"), [(None, {}), ("19.99", {"default_conversion_value": "19.99"})])
def test_a_custom_conversion_is_created(value: str | None, worth: dict[str, str]) -> None:
    path = f"POST /act_{ACCOUNT}/customconversions"
    answers = Answers({path: {"id": "6009125095680"}})
    with _api(answers) as api:
        created = create_custom_conversion(
            api, ACCOUNT, META_ID, "Thanks", "PURCHASE", {"URL": {"i_contains": "é"}}, value
        )
    assert created == "6009125095680"
    sent = {
        "name": "Thanks",
        "event_source_id": META_ID,
        "rule": r'{"URL": {"i_contains": "\u00e9"}}',
        "custom_event_type": "PURCHASE",
    }
    assert answers.seen == [(path, {}, sent | worth)]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([], "an unknown form"),
        ({"id": "1"}, f"asked for pixel {META_ID}, the API answered 1"),
        ({"id": int(META_ID)}, "id is not text"),
        ({"id": META_ID, "code": None}, "code is not text"),
        ({"id": META_ID, "code": "\ud800"}, "code is not text"),
        ({"id": META_ID, "last_fired_time": 1}, "last_fired_time is not text"),
    ],
)
def test_an_answer_that_is_no_pixel_is_an_error(answer: object, reason: str) -> None:
    with _api(Answers({f"GET /{META_ID}": answer})) as api, pytest.raises(ApiError, match=reason):
        read_meta_pixel(api, META_ID)


@pytest.mark.parametrize("item", ["x", {}, {"account_id": "act_1"}, {"account_id": True}])
def test_accounts_in_another_form_are_an_error(item: object) -> None:
    answers = Answers({f"GET /{META_ID}/shared_accounts": {"data": [item]}})
    with _api(answers) as api, pytest.raises(ApiError, match="ad accounts in an unknown form"):
        list_shared_accounts(api, META_ID, BUSINESS)


@pytest.mark.parametrize("answer", [False, {"success": False}, {}])
def test_what_is_not_said_to_be_done_is_an_error(answer: object) -> None:
    path = f"/{META_ID}/shared_accounts"
    answers = Answers({f"POST /{META_ID}": answer, f"POST {path}": answer, f"DELETE {path}": answer})
    with _api(answers) as api:
        for call in (share, unshare):
            with pytest.raises(ApiError, match="that it was not done"):
                call(api, META_ID, BUSINESS, ACCOUNT)
        with pytest.raises(ApiError, match="that it was not done"):
            rename_meta_pixel(api, META_ID, "x")


FIELD = "(#100) Tried accessing nonexisting field (%s) on node type (%s)"


@pytest.mark.parametrize(
    ("node_type", "of_conversion", "of_meta"),
    [
        ("AdsPixel", "add --kind meta", ""),
        ("OffsitePixel", "", "leave out --kind meta"),
        ("Page", "", ""),
    ],
)
def test_a_pixel_of_the_other_kind_is_told_by_what_the_api_calls_it(
    node_type: str, of_conversion: str, of_meta: str
) -> None:
    refused = {"error": {"message": FIELD % ("x", node_type), "code": 100}}
    member = {"code": 400, "headers": [], "body": json.dumps(refused)}
    with _api(Answers({f"GET /{META_ID}": refused, "POST /": [member]})) as api:
        with pytest.raises(ApiError) as conversion:
            read_pixel(api, META_ID)
        with pytest.raises(ApiError) as meta:
            read_meta_pixel(api, META_ID)
        [(_, of_batch)] = read_pixels(api, [META_ID])
    assert isinstance(of_batch, ApiError)
    assert (conversion.value.hint, of_batch.hint) == (of_conversion,) * 2
    assert meta.value.hint == of_meta
