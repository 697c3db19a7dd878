"""`ads`: the documents it prints, what it sends, and what it refuses before it sends anything."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.wrappers import Request, Response

from snippetkit.sandbox import create_server
from snippetkit.terms import API_VERSION
from tests.conftest import ACCOUNT, PIXEL_ID, Run, serving

CANARY = "EAACanaryToken"
OTHER_ID = "434566956589050"
AD_ID, CAMPAIGN, CREATIVE = "6009125095681", "6009125095681", "1454681918119229"
REFERENCE = (
    "[{'action.type':'offsite_conversion','offsite_pixel':6009125095680},"
    " {'action.type':'offsite_conversion','offsite_pixel':434566956589050}]\n"
)
COMMON = {
    "campaign_id": CAMPAIGN,
    "targeting": '{"countries": ["US"]}',
    "creative": f'{{"creative_id": "{CREATIVE}"}}',
}
CREATE = ["ads", "create", "--campaign", CAMPAIGN, "--creative", CREATIVE, "--targeting", "{'countries':['US']}"]
OCPM = [*CREATE, "--name", "offsite_ocpm", "--bid-type", "7", "--bid-info", "{'1':0,'38':0,'44':0,'55':500}"]
CPC = [*CREATE, "--name", "offsite_cpc", "--bid-type", "1", "--max-bid", "100"]


def _but(args: list[str], *changed: str) -> list[str]:
    """The same arguments, with these options, each with its value, in the place of those that were there."""
    new = dict(zip(changed[::2], changed[1::2], strict=True))
    kept = [args[at : at + 2] for at in range(2, len(args), 2) if args[at] not in new]
    return [*args[:2], *(text for pair in kept for text in pair), *changed]


def _specs(*pixel_ids: str, key: str = "offsite_pixel") -> list[dict[str, str]]:
    return [{"action.type": "offsite_conversion", key: pixel_id} for pixel_id in pixel_ids]


class _AdApi:
    """An API that creates ads, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.answer: object = {"id": AD_ID}
        self.asked: list[tuple[str, str, dict[str, str], str]] = []

    @Request.application
    def app(self, request: Request) -> Response:
        self.asked.append((request.method, request.full_path, request.form.to_dict(), request.headers["Authorization"]))
        return Response(json.dumps(self.answer), self.status)


@pytest.fixture
def ad_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[_AdApi]:
    api = _AdApi()
    with serving(create_server(api.app, 0)) as url:
        monkeypatch.setenv("SNIPPETKIT_API_URL", url)
        monkeypatch.setenv("SNIPPETKIT_ACCOUNT", ACCOUNT)
        monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", CANARY)
        yield api


def test_specs_are_one_json_document_in_which_no_pixel_stands_twice(run: Run) -> None:
    ran = run("ads", "specs", "--track", "1", "--track", "2", "--track", "3", "--track", "2", "--optimize", "1")
    assert ran.code == 0
    assert json.loads(ran.out) == {"tracking_specs": _specs("2", "3"), "conversion_specs": _specs("1")}
    assert ran.err == "note: 1 is not in tracking_specs: what is optimised for is tracked anyway\n"


def test_specs_take_the_key_of_today_and_ids_of_any_length(run: Run) -> None:
    ran = run("ads", "specs", "--optimize", "90071992547409931", "--key", "fb_pixel")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == {
        "tracking_specs": [],
        "conversion_specs": _specs("90071992547409931", key="fb_pixel"),
    }


def test_specs_read_a_file_as_the_reference_writes_it_and_add_to_it(run: Run) -> None:
    Path("specs.txt").write_text(REFERENCE, "utf-8-sig")
    assert json.loads(run("ads", "specs", "--from", "specs.txt").out) == {
        "tracking_specs": _specs(PIXEL_ID, OTHER_ID),
        "conversion_specs": [],
    }
    ran = run("ads", "specs", "--from", "specs.txt", "--track", "1", "--optimize", PIXEL_ID)
    assert json.loads(ran.out) == {"tracking_specs": _specs(OTHER_ID, "1"), "conversion_specs": _specs(PIXEL_ID)}
    assert PIXEL_ID in ran.err


def test_specs_read_what_they_print_from_stdin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = run("ads", "specs", "--track", OTHER_ID, "--optimize", PIXEL_ID).out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(printed.encode())))
    assert run("ads", "specs", "--from", "-").out == printed


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[{'action.type':'offsite_conversion',\n'offsite_pixel':<id>}]", "line 2, column 17: expected a value"),
        (b"[{'action.type':'offsite_conversion','fb_pixel':1}]", "spec 1: expected an object"),
        (b"\xff", "not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(run: Run, content: bytes, reason: str) -> None:
    Path("specs.txt").write_bytes(content)
    ran = run("ads", "specs", "--from", "specs.txt")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("error: specs.txt: ")
    assert reason in ran.err


def test_specs_want_a_pixel_that_is_one(run: Run) -> None:
    for args in ([], ["--track", "x"], ["--optimize", ""], ["--from", "none.txt"], ["--track", "1", "--key", "pixel"]):
        ran = run("ads", "specs", *args)
        assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(
    ("args", "params", "said"),
    [
        (
            [*OCPM, "--optimize", PIXEL_ID],
            {
                "name": "offsite_ocpm",
                "bid_type": "7",
                "bid_info": '{"1": 0, "38": 0, "44": 0, "55": 500}',
                "conversion_specs": json.dumps(_specs(PIXEL_ID)),
            },
            f"created; optimises for {PIXEL_ID}\n",
        ),
        (
            [*CPC, "--track", PIXEL_ID],
            {
                "name": "offsite_cpc",
                "bid_type": "1",
                "max_bid": "100",
                "tracking_specs": json.dumps(_specs(PIXEL_ID)),
            },
            f"created; tracks {PIXEL_ID}\n",
        ),
        (
            [*OCPM, "--optimize", PIXEL_ID, "--track", PIXEL_ID, "--track", OTHER_ID],
            {
                "name": "offsite_ocpm",
                "bid_type": "7",
                "bid_info": '{"1": 0, "38": 0, "44": 0, "55": 500}',
                "conversion_specs": json.dumps(_specs(PIXEL_ID)),
                "tracking_specs": json.dumps(_specs(OTHER_ID)),
            },
            f"created; optimises for {PIXEL_ID} and tracks {OTHER_ID}\n"
            f"note: {PIXEL_ID} is not in tracking_specs: what is optimised for is tracked anyway\n",
        ),
        (
            CPC,
            {"name": "offsite_cpc", "bid_type": "1", "max_bid": "100"},
            "created; tracks no pixel\n",
        ),
    ],
    ids=["oCPM", "CPC", "oCPM of two", "no pixel"],
)
def test_create_sends_the_ad_once_and_prints_its_id(
    run: Run, ad_api: _AdApi, args: list[str], params: dict[str, str], said: str
) -> None:
    ran = run(*args)
    assert (ran.code, ran.out, ran.err) == (0, f"{AD_ID}\n", said)
    assert ad_api.asked == [("POST", f"/{API_VERSION}/act_{ACCOUNT}/adgroups?", COMMON | params, f"Bearer {CANARY}")]


@pytest.mark.parametrize(
    ("args", "reasons"),
    [
        ([*CPC, "--optimize", PIXEL_ID], ["bid_type 1 (CPC) does not optimise"]),
        ([*CPC, "--bid-info", "{1:0}"], ["bid_type 1 (CPC) takes max_bid, and was given max_bid and bid_info"]),
        ([*OCPM, "--max-bid", "0"], ["bid_type 7 (absolute oCPM) takes bid_info"]),
        (_but(OCPM, "--bid-type", "6"), ["the weights of bid_info sum to 500"]),
        (_but(OCPM, "--bid-info", "{1:0}", "--optimize", PIXEL_ID), ["needs the key 55"]),
        (_but(OCPM, "--bid-info", "{55:<cents>}"), ["bid_info: line 1, column 5: expected a value, found '<'"]),
        (
            _but(CPC, "--name", "a" * 101, "--campaign", "x", "--targeting", "US", "--bid-type", "5"),
            ["name has 101", "campaign_id 'x'", "targeting: line 1, column 1", "bid_type 5 is not one of"],
        ),
        (_but(CPC, "--max-bid", "1.00"), ["1.00 dollars are 100"]),
        (_but(CPC, "--bid-type", "CPC"), ["'CPC' is not a valid integer"]),
        (CREATE, ["Missing option '--name'"]),
    ],
)
def test_nothing_is_sent_where_a_rule_is_broken(run: Run, ad_api: _AdApi, args: list[str], reasons: list[str]) -> None:
    ran = run(*args)
    assert (ran.code, ran.out, ad_api.asked) == (2, "", [])
    assert not [reason for reason in reasons if reason not in ran.err]
    assert CANARY not in ran.err


def test_a_broken_rule_is_one_line_and_told_before_a_missing_token(run: Run) -> None:
    ran = run(*_but(OCPM, "--name", "a" * 101, "--bid-type", "3", "--account", ACCOUNT))
    assert ran.code == 2
    assert ran.err == (
        "error: name has 101 characters, and takes 1 to 100; bid_type 3 is not one of 1 (CPC), 2 (CPM), "
        "6 (relative oCPM), 7 (absolute oCPM), 9 (CPA); nothing was sent; "
        "'snippetkit ads create --help' has the rules\n"
    )
    assert run(*OCPM, "--account", ACCOUNT).code == 3


def test_the_apis_own_refusals_come_through_without_the_token(run: Run, ad_api: _AdApi) -> None:
    for code, exit_code in ((100, 4), (190, 3), (294, 3)):
        ad_api.status = 400
        ad_api.answer = {"error": {"message": "Sorry.", "type": "OAuthException", "code": code}}
        ran = run(*OCPM)
        assert (ran.code, ran.out, ran.err.count("\n")) == (exit_code, "", 1)
        assert ran.err.startswith(f"error: POST /act_{ACCOUNT}/adgroups: Sorry. (HTTP 400, code {code})")
        assert CANARY not in ran.err
    ad_api.status, ad_api.answer = 200, {"id": 1}
    ran = run(*OCPM)
    assert (ran.code, ran.out) == (4, "")
    assert "an ad in an unknown form" in ran.err


def test_the_token_is_in_no_output(run: Run, ad_api: _AdApi) -> None:
    for args in (
        [*OCPM, "--optimize", PIXEL_ID],
        [*CPC, "--name", ""],
        [*CPC, "--api-url", "https://127.0.0.1:1"],
        ["ads", "specs", "--track", PIXEL_ID],
        ["ads", "specs", "--track", CANARY[:3]],
    ):
        ran = run(*args)
        assert CANARY not in ran.out + ran.err
