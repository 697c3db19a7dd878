"""Ads: their specs, the bid rules, and the one request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Request, Response

from snippetkit.errors import ApiError, SettingError
from snippetkit.graph import Transport, ad_params, choose_pixels, create_ad, read_specs, write_specs
from snippetkit.model import AccessToken, AdDraft, AdPixels
from snippetkit.sandbox import WsgiAdapter
from tests.conftest import ACCOUNT, CASES, PIXEL_ID
from tests.loose import loose

OTHER_ID = "434566956589050"
LONG_ID = "90071992547409931"  # 17 digits, and between two doubles
CAMPAIGN, CREATIVE = "6009125095681", "1454681918119229"

IDS = st.lists(st.integers(1, 9).map(str), max_size=8)


@given(IDS, IDS)
def test_each_pixel_is_named_once_and_one_that_is_optimised_for_is_not_tracked_too(
    track: list[str], optimize: list[str]
) -> None:
    pixels = choose_pixels(track, optimize)
    assert list(pixels.conversion) == sorted(set(optimize), key=optimize.index)
    assert list(pixels.tracking) == sorted(set(track) - set(optimize), key=track.index)
    written = write_specs(pixels)
    assert read_specs(json.dumps(written), "x") == pixels
    assert read_specs(loose(written), "x") == pixels


def test_specs_are_the_references_with_the_ids_as_strings() -> None:
    assert write_specs(AdPixels((OTHER_ID,), (PIXEL_ID,))) == {
        "tracking_specs": [{"action.type": "offsite_conversion", "offsite_pixel": OTHER_ID}],
        "conversion_specs": [{"action.type": "offsite_conversion", "offsite_pixel": PIXEL_ID}],
    }
    assert write_specs(AdPixels((), (PIXEL_ID,)), "fb_pixel") == {
        "tracking_specs": [],
        "conversion_specs": [{"action.type": "offsite_conversion", "fb_pixel": PIXEL_ID}],
    }


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        (
            "[{'action.type':'offsite_conversion','offsite_pixel':1}, {'action.type':'offsite_conversion',"
            "'offsite_pixel':2}, {'action.type':'offsite_conversion','offsite_pixel':3}]",
            AdPixels(("1", "2", "3")),
        ),
        ("{'action.type':'offsite_conversion',offsite_pixel:'1'}", AdPixels(("1",))),
        (f"{{'action.type':['offsite_conversion'],offsite_pixel:[1,'2',{LONG_ID}]}}", AdPixels(("1", "2", LONG_ID))),
        (
            "{tracking_specs:{'action.type':'offsite_conversion',offsite_pixel:1},"
            "conversion_specs:[{'action.type':'offsite_conversion',offsite_pixel:[1]}]}",
            AdPixels(("1",), ("1",)),
        ),
        ("{conversion_specs:{'action.type':'offsite_conversion',offsite_pixel:1}}", AdPixels((), ("1",))),
        ("[]", AdPixels()),
    ],
)
def test_specs_are_read_in_every_form_in_use(text: str, pixels: AdPixels) -> None:
    assert read_specs(text, "x") == pixels


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tracking_specs=[]", "specs.txt: line 1, column 1: expected a value, found 'tracking_specs'"),
        (
            "7",
            "tracking_specs: spec 1: expected an object with 'action.type' and 'offsite_pixel', found something else",
        ),
        ("{}", "found an empty one"),
        ("{conversion_specs:[],name:1}", "specs.txt: 'name' beside the specs"),
        ("{conversion_specs:[null]}", "conversion_specs: spec 1: expected an object"),
        (
            "[{'action.type':'offsite_conversion',offsite_pixel:1},{'action.type':'offsite_conversion',fb_pixel:2}]",
            "tracking_specs: spec 2: expected an object with 'action.type' and 'offsite_pixel', "
            "found 'action.type', 'fb_pixel'",
        ),
        (
            "{'action.type':'offsite_conversion',offsite_pixel:1,page:2}",
            "found 'action.type', 'offsite_pixel', 'page'",
        ),
        ("{'action.type':'like',offsite_pixel:1}", "spec 1: the action.type is not 'offsite_conversion'"),
        ("{'action.type':[],offsite_pixel:1}", "spec 1: the action.type is not 'offsite_conversion'"),
        *(
            (f"{{'action.type':'offsite_conversion',offsite_pixel:{value}}}", "is not a pixel's id")
            for value in ("true", "null", "-1", "6.5", "1e3", "'x'", "'6\\n'", "'٦'", "[[1]]", "{}", "1" * 21, "''")
        ),
    ],
)
def test_what_is_no_spec_of_a_pixel_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SettingError, match=re.escape(reason)) as info:
        read_specs(text, "specs.txt")
    assert str(info.value).startswith("specs.txt: ")


OCPM = AdDraft(
    campaign_id=CAMPAIGN,
    creative_id=CREATIVE,
    name="offsite_ocpm",
    bid_type=7,
    targeting="{'countries':['US']}",
    bid_info="{'1':20,'38':10,'44':20,'55':500}",
    pixels=AdPixels((), (PIXEL_ID,)),
)
CPC = replace(OCPM, name="offsite_cpc", bid_type=1, bid_info=None, max_bid_cents=100, pixels=AdPixels((PIXEL_ID,), ()))
OCPM_OF_TWO = replace(OCPM, bid_info="{1:0,'38':0,'44':0,'55':500}", pixels=AdPixels((OTHER_ID,), (PIXEL_ID,)))
COMMON = {
    "campaign_id": CAMPAIGN,
    "targeting": '{"countries": ["US"]}',
    "creative": f'{{"creative_id": "{CREATIVE}"}}',
}


def _spec(pixel_id: str) -> str:
    return f'[{{"action.type": "offsite_conversion", "offsite_pixel": "{pixel_id}"}}]'


@pytest.mark.parametrize(
    ("draft", "params"),
    [
        (
            OCPM,
            {
                "name": "offsite_ocpm",
                "bid_type": "7",
                "bid_info": '{"1": 20, "38": 10, "44": 20, "55": 500}',
                "conversion_specs": _spec(PIXEL_ID),
            },
        ),
        (CPC, {"name": "offsite_cpc", "bid_type": "1", "max_bid": "100", "tracking_specs": _spec(PIXEL_ID)}),
        (
            OCPM_OF_TWO,
            {
                "name": "offsite_ocpm",
                "bid_type": "7",
                "bid_info": '{"1": 0, "38": 0, "44": 0, "55": 500}',
                "conversion_specs": _spec(PIXEL_ID),
                "tracking_specs": _spec(OTHER_ID),
            },
        ),
    ],
    ids=["oCPM", "CPC", "oCPM of two"],
)
def test_the_three_ads_of_the_reference_go_out_in_strict_json(draft: AdDraft, params: dict[str, str]) -> None:
    seen: list[tuple[str, str, dict[str, str], dict[str, str]]] = []

    def answer(request: Request) -> Response:
        seen.append((request.method, request.path, request.args.to_dict(), request.form.to_dict()))
        return Response((CASES / "graph" / "ad-created.json").read_text())

    with requests.Session() as session:
        session.mount("https://", WsgiAdapter(Request.application(answer)))
        api = Transport(session, "https://graph.invalid", AccessToken("token"))
        assert create_ad(api, ACCOUNT, draft) == "6009125095681"
    assert seen == [("POST", f"/act_{ACCOUNT}/adgroups", {}, COMMON | params)]


@pytest.mark.parametrize(
    "draft",
    [
        replace(OCPM, name="é" * 100),
        replace(OCPM, bid_type=6, bid_info="{1:0,55:100}"),
        replace(OCPM, bid_info="{55:0}"),
        replace(OCPM, bid_info="{1:999999999999999}", pixels=AdPixels()),
        replace(CPC, max_bid_cents=0),
        *(replace(CPC, bid_type=bid_type) for bid_type in (2, 9)),
        *(replace(OCPM, bid_type=bid_type, pixels=AdPixels((PIXEL_ID,))) for bid_type in (2, 9)),
    ],
)
def test_an_ad_within_the_rules_is_taken(draft: AdDraft) -> None:
    assert ad_params(draft)["name"] == draft.name


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (replace(OCPM, name="a" * 101), "name has 101 characters, and takes 1 to 100"),
        (replace(OCPM, name=""), "name has 0 characters, and takes 1 to 100"),
        (replace(OCPM, name="a\udcff"), "name is not Unicode text"),
        (replace(OCPM, campaign_id="<campaign id>"), "campaign_id '<campaign id>' is not a number"),
        (replace(OCPM, creative_id=""), "creative_id '' is not a number"),
        (replace(OCPM, targeting="{"), "targeting: line 1, column 2: expected a key, found the end"),
        (replace(OCPM, targeting="[]"), "targeting is not a JSON object"),
        (
            replace(OCPM, bid_type=3),
            "bid_type 3 is not one of 1 (CPC), 2 (CPM), 6 (relative oCPM), 7 (absolute oCPM), 9 (CPA)",
        ),
        (replace(CPC, max_bid_cents=None), "bid_type 1 (CPC) takes max_bid, and was given neither"),
        (replace(CPC, bid_info="{1:0}"), "bid_type 1 (CPC) takes max_bid, and was given max_bid and bid_info"),
        (
            replace(CPC, max_bid_cents=None, bid_info="{1:0}"),
            "bid_type 1 (CPC) takes max_bid, and was given bid_info",
        ),
        (
            replace(OCPM, max_bid_cents=1),
            "bid_type 7 (absolute oCPM) takes bid_info, and was given max_bid and bid_info",
        ),
        (
            replace(CPC, bid_type=6),
            "bid_type 6 (relative oCPM) takes bid_info, and was given max_bid",
        ),
        (
            replace(CPC, bid_type=2, max_bid_cents=None),
            "bid_type 2 (CPM) takes max_bid or bid_info, and was given neither",
        ),
        (
            replace(CPC, bid_type=9, bid_info="{1:0}"),
            "bid_type 9 (CPA) takes max_bid or bid_info, and was given max_bid and bid_info",
        ),
        (
            replace(CPC, pixels=AdPixels((), (PIXEL_ID,))),
            "bid_type 1 (CPC) does not optimise for a pixel: conversion_specs needs bid_type 6 or 7",
        ),
        (replace(CPC, max_bid_cents=-1), "max_bid is -1, and takes a whole number from 0 to 999999999999999"),
        (replace(OCPM, bid_info="55"), "bid_info is not a JSON object"),
        (replace(OCPM, bid_info="{55:}"), "bid_info: line 1, column 5: expected a value, found '}'"),
        (replace(OCPM, pixels=AdPixels(), bid_info="{}"), "bid_info takes the keys 1, 38, 44, 55, and has none"),
        (replace(OCPM, bid_info="{55:1,56:1}"), "bid_info takes the keys 1, 38, 44, 55, and has 55, 56"),
        (replace(OCPM, bid_info="{1:100}"), "conversion_specs needs the key 55 in bid_info"),
        (replace(OCPM, bid_type=6), "the weights of bid_info sum to 550, not to 100"),
        (replace(OCPM, bid_type=6, bid_info="{1:20,55:'x'}"), 'bid_info 55 is "x", and takes a whole number from 0'),
        *(
            (replace(OCPM, bid_info=f"{{55:{value}}}"), f"bid_info 55 is {shown}, and takes a whole number from 0")
            for value, shown in [
                ("1.0", "1.0"),
                ("-1", "-1"),
                ("true", "true"),
                ("'5'", '"5"'),
                ("null", "null"),
                ("1000000000000000", "1000000000000000"),
            ]
        ),
    ],
)
def test_an_ad_outside_the_rules_is_refused_for_that_alone(draft: AdDraft, problem: str) -> None:
    with pytest.raises(SettingError) as info:
        ad_params(draft)
    assert str(info.value).startswith(problem)
    assert "; " not in str(info.value).removeprefix(problem)


def test_all_that_is_wrong_with_an_ad_is_said_at_once() -> None:
    draft = replace(CPC, name="", targeting="x", bid_info="{2:'a'}", pixels=AdPixels((), (PIXEL_ID,)))
    with pytest.raises(SettingError) as info:
        ad_params(draft)
    assert [part.split()[0] for part in str(info.value).split("; ")] == [
        *("name", "targeting:", "bid_type", "bid_type"),
        *("bid_info", "bid_info", "conversion_specs"),
    ]


class _Unreachable:
    """An API that no request may reach."""

    def post(self, path: str, data: object) -> object:
        raise AssertionError(f"{path} was asked")


def test_nothing_is_sent_for_an_ad_outside_the_rules() -> None:
    with pytest.raises(SettingError, match="bid_type 8"):
        create_ad(_Unreachable(), ACCOUNT, replace(OCPM, bid_type=8))


@pytest.mark.parametrize("answer", [True, [], {}, {"id": 6009125095681}, {"id": "x"}, {"id": "6\n"}, {"id": None}])
def test_an_answer_without_an_id_is_an_error(answer: object) -> None:
    app: Callable[[Request], Response] = lambda request: Response(json.dumps(answer))  # noqa: E731
    with requests.Session() as session:
        session.mount("https://", WsgiAdapter(Request.application(app)))
        api = Transport(session, "https://graph.invalid", AccessToken("token"))
        with pytest.raises(ApiError, match="an ad in an unknown form"):
            create_ad(api, ACCOUNT, OCPM)
