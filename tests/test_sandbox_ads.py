"""Ads, Meta Pixels and custom conversions of the sandbox."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from snippetkit.sandbox import Store
from snippetkit.sandbox.call import CallError
from snippetkit.sandbox.loose_json import read_json
from tests.conftest import ACCOUNT, PIXEL_ID

TOKEN = {"access_token": "any"}
OTHER_PIXEL_ID = "434566956589050"
OTHER_ACCOUNT = "1454681918119229"
FIRST_NODE_ID = "1000000000000001"
SPEC = f"[{{'action.type':'offsite_conversion','offsite_pixel':{PIXEL_ID}}}]"
AD = {
    "campaign_id": "6009125095681",
    "name": "offsite_ocpm",
    "targeting": "{'countries':['US']}",
    "creative": "{creative_id:6009125095681}",
}
OCPM = {**AD, "bid_type": "7", "bid_info": "{'1':20,'38':10,'44':20,'55':500}", "conversion_specs": SPEC}
CPC = {**AD, "bid_type": "1", "max_bid": "100", "tracking_specs": SPEC}
RELATIVE = {**OCPM, "bid_type": "6", "bid_info": '{"1":0,"38":0,"44":"30","55":"70"}'}


def _send(method: str, url: str, fields: dict[str, str]) -> Any:
    return requests.request(method, url, data={**TOKEN, **fields}, timeout=10).json()


@pytest.mark.parametrize("ad", [OCPM, CPC, RELATIVE, {**CPC, "bid_type": "2"}, {**CPC, "bid_type": "9"}])
def test_an_ad_is_made_and_kept(sandbox_url: str, ad: dict[str, str]) -> None:
    assert _send("POST", f"{sandbox_url}/act_{ACCOUNT}/adgroups", ad) == {"id": FIRST_NODE_ID}
    kept = _send("GET", f"{sandbox_url}/{FIRST_NODE_ID}", {})
    assert kept["targeting"] == {"countries": ["US"]}
    assert kept["creative"] == {"creative_id": "6009125095681"}
    assert (kept["bid_type"], kept["account_id"]) == (int(ad["bid_type"]), ACCOUNT)
    specs = kept.get("conversion_specs", kept.get("tracking_specs"))
    assert specs == [{"action.type": ["offsite_conversion"], "offsite_pixel": [int(PIXEL_ID)]}]
    assert ("max_bid" in kept, "bid_info" in kept) == ("max_bid" in ad, "bid_info" in ad)
    listed = _send("GET", f"{sandbox_url}/v2.11/act_{ACCOUNT}/adgroups", {"fields": "name", "summary": "true"})
    assert listed["data"] == [{"id": FIRST_NODE_ID, "name": "offsite_ocpm"}]
    assert listed["summary"] == {"total_count": 1}


@pytest.mark.parametrize(
    "specs",
    [
        f'[{{"action.type":"offsite_conversion","offsite_pixel":"{PIXEL_ID}"}}]',
        f'{{"action.type":["offsite_conversion"],"fb_pixel":[{PIXEL_ID}]}}',
        f"[{SPEC[1:-1]},{{'action.type':'offsite_conversion','offsite_pixel':[{OTHER_PIXEL_ID}]}}]",
    ],
)
def test_specs_come_in_many_forms(sandbox_url: str, specs: str) -> None:
    assert "id" in _send("POST", f"{sandbox_url}/act_{ACCOUNT}/adgroups", {**OCPM, "conversion_specs": specs})


@pytest.mark.wide
@pytest.mark.parametrize(
    ("ad", "changed", "reason"),
    [
        (OCPM, {"max_bid": "100"}, "takes bid_info, and no max_bid"),
        (OCPM, {"bid_info": None}, "takes bid_info, and no max_bid"),
        (OCPM, {"bid_info": "{'55':1.5}"}, "whole number"),
        (OCPM, {"bid_info": "{'55':-1}"}, "whole number"),
        (OCPM, {"bid_info": "{'55':true}"}, "whole number"),
        (OCPM, {"bid_info": "{'2':1,'55':1}"}, "takes the keys"),
        (OCPM, {"bid_info": "{'1':20}"}, "needs the key 55"),
        (OCPM, {"bid_info": "[20]"}, "bid_info must be a JSON object"),
        (RELATIVE, {"bid_info": "{'1':20,'55':81}"}, "must sum to 100"),
        (CPC, {"bid_info": "{'55':1}"}, "takes max_bid, and no bid_info"),
        (CPC, {"max_bid": None}, "takes max_bid, and no bid_info"),
        (CPC, {"max_bid": "1.5"}, "max_bid must be a whole number"),
        (CPC, {"conversion_specs": SPEC}, "cannot optimise"),
        (CPC, {"bid_type": "3"}, "bid_type must be one of 1, 2, 6, 7, 9"),
        (CPC, {"bid_type": None}, "bid_type must be one of"),
        (CPC, {"name": "x" * 101}, "name must have 1 to 100"),
        (CPC, {"name": None}, "name must have 1 to 100"),
        (CPC, {"campaign_id": "x"}, "campaign_id must be an id"),
        (CPC, {"campaign_id": None}, "campaign_id must be an id"),
        (CPC, {"targeting": None}, "targeting must be JSON"),
        (CPC, {"targeting": "{}"}, "targeting must be a JSON object"),
        (CPC, {"targeting": "{'age_min':NaN}"}, "targeting must be JSON"),
        (CPC, {"targeting": "{'a':1e999}"}, "targeting must be JSON"),
        (CPC, {"targeting": "{'a':'\\ud800'}"}, "targeting must be JSON"),
        (CPC, {"targeting": "[" * 99_999}, "targeting must be JSON"),
        (CPC, {"creative": "{creative_id:'x'}"}, "creative must have"),
        (CPC, {"creative": "{id:5}"}, "creative must have"),
        (CPC, {"tracking_specs": ""}, "tracking_specs must be JSON"),
        (CPC, {"tracking_specs": "[]"}, "must be a list of objects"),
        (CPC, {"tracking_specs": "[5]"}, "must be a list of objects"),
        (CPC, {"tracking_specs": "[{'offsite_pixel':5}]"}, "must have an action.type"),
        (CPC, {"tracking_specs": "[{'action.type':'x','offsite_pixel':'y'}]"}, "name pixels by their ids"),
    ],
)
def test_an_ad_that_breaks_a_rule_is_refused_and_not_kept(
    sandbox_url: str, store: Store, ad: dict[str, str], changed: dict[str, str | None], reason: str
) -> None:
    fields = {key: text for key, text in {**ad, **changed}.items() if text is not None}
    error = _send("POST", f"{sandbox_url}/act_{ACCOUNT}/adgroups", fields)["error"]
    assert error["code"] == 100
    assert reason in error["message"]
    assert store.count_nodes("adgroup", ACCOUNT) == 0


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(value=_JSON)
def test_strict_json_means_what_it_says(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert read_json(text, "x") == value


@given(value=st.text())
def test_a_text_in_single_quotes_means_what_it_does_in_double_quotes(value: str) -> None:
    strict = json.dumps({"a.b": [value]}, ensure_ascii=False)
    body = strict[strict.index("[") + 2 : -3].replace('\\"', '"').replace("'", "\\'")
    assert read_json(f"{{a.b: ['{body}']}}", "x") == {"a.b": [value]}


@pytest.mark.parametrize("text", ["", "'", "{'a'}", "{a:b}", "{'a':1,}", "'a\\'", "{a b:1}", "\\"])
def test_what_is_no_json_even_loosely_is_refused(text: str) -> None:
    with pytest.raises(CallError, match="x must be JSON"):
        read_json(text, "x")


def _create_pixel(url: str, account: str = ACCOUNT) -> str:
    return str(_send("POST", f"{url}/v2.11/act_{account}/adspixels", {"name": "Shop"})["id"])


def test_a_meta_pixel_is_made_once_read_renamed_and_listed(sandbox_url: str) -> None:
    pixel_id = _create_pixel(sandbox_url)
    account, pixel = f"{sandbox_url}/v2.11/act_{ACCOUNT}/adspixels", f"{sandbox_url}/v2.11/{pixel_id}"
    assert _send("POST", account, {"name": "Shop"})["error"]["code"] == 6200
    assert _send("GET", pixel, {}) == {"id": pixel_id}
    assert _send("POST", pixel, {"name": "Store"}) == {"success": True}
    fields = {"fields": "id,name,code,last_fired_time"}
    found = _send("GET", pixel, fields)
    assert found.keys() == {"id", "name", "code"}
    assert found["name"] == "Store"
    requests.get(f"{sandbox_url}/tr?id={pixel_id}&ev=PageView&noscript=1", timeout=10)
    assert _send("GET", pixel, fields)["last_fired_time"].endswith("+0000")
    listed = _send("GET", account, {"fields": "name", "summary": "true"})
    assert listed == {
        "data": [{"id": pixel_id, "name": "Store"}],
        "paging": {"cursors": {"before": pixel_id, "after": pixel_id}},
        "summary": {"total_count": 1},
    }
    assert _send("DELETE", pixel, {})["error"]["code"] == 2500
    assert _send("GET", f"{pixel}/adaccounts", {})["error"]["code"] == 2500


def test_the_code_is_a_base_code_with_the_vendors_stray_nonce(sandbox_url: str) -> None:
    pixel_id = _create_pixel(sandbox_url)
    code = _send("GET", f"{sandbox_url}/v2.11/{pixel_id}", {"fields": "code"})["code"]
    assert '<script nonce="' in code
    assert "https://connect.facebook.net/en_US/fbevents.js" in code
    assert f"fbq('init', '{pixel_id}');\nfbq('track', 'PageView');\n</script>" in code
    assert f'src="https://www.facebook.com/tr?id={pixel_id}&ev=PageView&noscript=1"' in code


def test_a_meta_pixel_is_shared_through_a_business(sandbox_url: str) -> None:
    pixel_id = _create_pixel(sandbox_url)
    own_id = _create_pixel(sandbox_url, OTHER_ACCOUNT)
    shared = f"{sandbox_url}/v2.11/{pixel_id}/shared_accounts"
    theirs = f"{sandbox_url}/v2.11/act_{OTHER_ACCOUNT}/adspixels"
    grant = {"business": "5", "account_id": OTHER_ACCOUNT}
    for _ in range(2):
        assert _send("POST", shared, grant) == {"success": True}
    assert _send("GET", shared, {"business": "5"}) == {
        "data": [{"account_id": OTHER_ACCOUNT, "id": f"act_{OTHER_ACCOUNT}"}]
    }
    assert _send("GET", shared, {"business": "6"}) == {"data": []}
    assert [pixel["id"] for pixel in _send("GET", theirs, {})["data"]] == [pixel_id, own_id]
    assert _send("POST", theirs, {"name": "x"})["error"]["code"] == 6202
    assert _send("DELETE", shared, grant) == {"success": True}
    assert [pixel["id"] for pixel in _send("GET", theirs, {})["data"]] == [own_id]
    assert _send("POST", shared, {"business": "5"})["error"]["code"] == 100


CONVERSION = {
    "name": "Paid",
    "event_source_id": FIRST_NODE_ID,
    "rule": '{"url":{"i_contains":"thanks"}}',
    "custom_event_type": "PURCHASE",
    "default_conversion_value": "19.99",
}


def test_a_custom_conversion_is_made_over_a_meta_pixel(sandbox_url: str) -> None:
    assert _create_pixel(sandbox_url) == FIRST_NODE_ID
    account = f"{sandbox_url}/act_{ACCOUNT}/customconversions"
    conversion_id = _send("POST", account, CONVERSION)["id"]
    kept = {"id": conversion_id, **CONVERSION}
    assert _send("GET", f"{sandbox_url}/{conversion_id}", {}) == kept
    assert _send("GET", account, {})["data"] == [kept]


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"event_source_id": "x"},
        {"event_source_id": PIXEL_ID},
        {"rule": "url"},
        {"rule": "[]"},
        {"custom_event_type": "SALE"},
        {"default_conversion_value": "1e3"},
    ],
)
def test_a_custom_conversion_that_is_none_is_refused(sandbox_url: str, store: Store, changed: dict[str, str]) -> None:
    _create_pixel(sandbox_url)
    store.add_pixel(ACCOUNT, "a", "OTHER")
    answer = _send("POST", f"{sandbox_url}/act_{ACCOUNT}/customconversions", {**CONVERSION, **changed})
    assert answer["error"]["code"] == 100
    assert store.count_nodes("customconversion", ACCOUNT) == 0


@pytest.mark.parametrize("edge", ["adgroups", "adspixels", "customconversions"])
def test_an_account_that_is_none_has_nothing(sandbox_url: str, edge: str) -> None:
    for method in ("GET", "POST"):
        assert _send(method, f"{sandbox_url}/act_x/{edge}", {})["error"]["error_subcode"] == 33
