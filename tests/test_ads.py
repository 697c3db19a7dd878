"""Ads: loose JSON, specs, the bid rules, and the one request."""

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
from snippetkit.graph import Transport, ad_params, choose_pixels, create_ad, loose_json, read_specs, write_specs
from snippetkit.model import AccessToken, AdDraft, AdPixels
from snippetkit.sandbox import WsgiAdapter
from tests.conftest import ACCOUNT, CASES, PIXEL_ID

OTHER_ID = "434566956589050"
LONG_ID = "90071992547409931"  # 17 digits; as a double it ends in 2
CAMPAIGN, CREATIVE = "6009125095681", "1454681918119229"

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
KEYS = st.text() | st.from_regex(r"[a-zA-Z_$][a-zA-Z0-9_$]*", fullmatch=True) | st.integers(0, 10**20).map(str)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)
MARKS = st.text("[]{}:,'\"\\0123456789.eE+- \n\ttruefalsnx$_<é\ud800")


def _loose(value: object) -> str:
    """A value as a person writes it: single quotes, and no quotes around a key that needs none."""
    if isinstance(value, dict):
        members = (f"{_loose_key(key)} :\n{_loose(member)}" for key, member in value.items())
        return f"{{ {' , '.join(members)} }}"
    if isinstance(value, list):
        return f"[ {','.join(map(_loose, value))} ]"
    return _single_quoted(value) if isinstance(value, str) else json.dumps(value)


def _loose_key(key: str) -> str:
    return key if re.fullmatch(r"[a-zA-Z_$][a-zA-Z0-9_$]*|0|[1-9][0-9]*", key) else _single_quoted(key)


def _single_quoted(text: str) -> str:
    inner = json.dumps(text)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"


def _same(one: object, other: object) -> bool:
    """Equal, and of the same types all the way down: 1, 1.0 and True are not the same here."""
    return repr(one) == repr(other)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_what_json_writes_is_read_back_the_same(value: object, ascii_only: bool, indent: int | None) -> None:
    assert _same(loose_json.read(json.dumps(value, ensure_ascii=ascii_only, indent=indent), "x"), value)


@given(VALUES)
def test_single_quotes_and_keys_without_quotes_read_the_same(value: object) -> None:
    assert _same(loose_json.read(_loose(value), "x"), value)


@given(MARKS | st.text(st.characters()))
def test_any_text_is_a_value_or_one_line_that_says_where(text: str) -> None:
    try:
        value = loose_json.read(text, "x")
    except SettingError as error:
        assert re.match(r"x: line [1-9][0-9]*, column [1-9][0-9]*: [^\n]+\Z", str(error))
    else:
        assert _same(loose_json.read(json.dumps(value), "x"), value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1, column 1: expected a value, found the end"),
        ("{creative_id:<creative_id>}", "line 1, column 14: expected a value, found '<'"),
        ("[{'action.type':'x',\n  'offsite_pixel':]", "line 2, column 19: expected a value, found ']'"),
        ("{action.type:1}", "line 1, column 8: expected ':', found '.type'"),
        ("{-1:1}", "line 1, column 2: expected a key, found '-1'"),
        ("{1.5:1}", "line 1, column 2: expected a key, found '1.5'"),
        ("{année:1}", "line 1, column 2: expected a key, found 'année'"),
        ("{'a' 1}", "line 1, column 6: expected ':', found '1'"),
        ("[1 2]", "line 1, column 4: expected ',' or ']', found '2'"),
        ("{a:1 b:2}", "line 1, column 6: expected ',' or '}', found 'b'"),
        ("[1,]", "line 1, column 4: expected a value, found ']'"),
        ("{a:1,}", "line 1, column 6: expected a key, found '}'"),
        ("[,]", "line 1, column 2: expected a value, found ','"),
        ("[1] [2]", "line 1, column 5: expected nothing more, found '['"),
        ("['a]", "line 1, column 2: expected a value, found a string that does not end on its line"),
        ("['a\n']", "line 1, column 2: expected a value, found a string that does not end"),
        ("\u2018a\u2019", "line 1, column 1: expected a value, found '\u2018'"),
        (r"['\x41']", "line 1, column 2: a string with an escape that JSON does not have"),
        (r"'\ud800'", "line 1, column 1: a string with half a character"),
        ("'\udcff'", "line 1, column 1: a string with half a character"),
        ("{'1':1,\n1:2}", "line 2, column 1: the key '1' stands twice in one object"),
        ("undefined", "line 1, column 1: expected a value, found 'undefined'"),
        ("NaN", "found 'NaN'"),
        ("-Infinity", "found '-Infinity'"),
        ("007", "found '007'"),
        ("0x10", "found '0x10'"),
        ("1_000", "found '1_000'"),
        ("+1", "found '+1'"),
        ("1.", "found '1.'"),
        ("1n", "found '1n'"),
        ("0.10000000000000000001", "line 1, column 1: the number '0.10000000000000000001' would lose digits"),
        ("1e400", "the number '1e400' would lose digits"),
        ("0e99999999999999999999", "would lose digits"),
        ("9" * 5000, f"the number '{'9' * 40}...' would lose digits"),
        ("[" * 101, "line 1, column 101: more than 100 lists and objects inside each other"),
        ("[" * 100_000, "more than 100 lists"),
        ("'" + "a" * 100_000, "does not end"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(SettingError) as info:
        loose_json.read(text, "targeting")
    assert str(info.value).startswith("targeting: line ")
    assert reason in str(info.value)


def test_no_digit_of_an_id_is_lost_and_lists_may_be_as_deep_as_it_says() -> None:
    assert loose_json.read(f"[{LONG_ID},'{LONG_ID}',{{{LONG_ID}:1.50}}]", "x") == [
        int(LONG_ID),
        LONG_ID,
        {LONG_ID: 1.5},
    ]
    assert json.dumps(loose_json.read("[" * 100 + "1" + "]" * 100, "x")) == "[" * 100 + "1" + "]" * 100


IDS = st.lists(st.integers(1, 9).map(str), max_size=8)


@given(IDS, IDS)
def test_each_pixel_is_named_once_and_one_that_is_optimised_for_is_not_tracked_too(
    track: list[str], optimize: list[str]
) -> None:
    pixels = choose_pixels(track, optimize)
    assert list(pixels.conversion) == sorted(set(optimize), key=optimize.index)
    assert list(pixels.tracking) == sorted(set(track) - set(optimize), key=track.index)
    written = write_specs(pixels)
    assert choose_pixels(*vars_of(read_specs(json.dumps(written), "x"))) == pixels
    assert read_specs(_loose(written), "x") == pixels


def vars_of(pixels: AdPixels) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return pixels.tracking, pixels.conversion


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
            "bid_type 3 is none of 1 (CPC), 2 (CPM), 6 (relative oCPM), 7 (absolute oCPM), 9 (CPA)",
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
        with pytest.raises(ApiError, match="an ad in a form that is not known"):
            create_ad(api, ACCOUNT, OCPM)
