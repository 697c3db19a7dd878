"""Every curl line of the reference "Conversion pixels", run by bash with the real curl against the sandbox on a port.

The lines are as they stand there, but for the host and the ids, and a quote that three of them lack.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ACCOUNT, JS_PIXEL, PIXEL_ID

pytestmark = pytest.mark.curl

OTHER_ACCOUNT = "1454681918119229"
CREATE = """
 curl "$GRAPH/act_434566956589050/offsitepixels" \\
 -F access_token=___ -F name="NAME" -F tag=CHECKOUT
"""
LIST = """
 curl -G "$GRAPH/act_434566956589050/offsitepixels" \\
 -d access_token=___
"""
READ = """
 curl -G "$GRAPH/6009125095680" -d access_token=___
"""
UPDATE = """
 curl "$GRAPH/6009125095680" \\
 -F access_token=___ -F name="NEWNAME" -F tag=OTHER
"""
DELETE = """
 curl -XDELETE "$GRAPH/6009125095680" \\
 -F access_token=___
"""
ACCOUNTS = """
 curl -G "$GRAPH/6009125095680/adaccounts" \\
 -d access_token=___
"""
AUTHORIZE = """
 curl "$GRAPH/6009125095680/adaccounts" \\
 -F access_token=___ -F adaccounts="[1454681918119229]"
"""
DEAUTHORIZE = """
 curl -XDELETE "$GRAPH/6009125095680/adaccounts" \\
 -F access_token=___ -F adaccounts="[1454681918119229]"
"""
SNIPPETS = """
 curl -G "$GRAPH/6009125095680/snippets" \\
 -d value=1999 -d access_token=___
"""
CREATE_OCPM = """
 curl "$GRAPH/act_434566956589050/adgroups" \\
 -F campaign_id=6009125095680 -F bid_type=7 \\
 -F bid_info="{'1':20,'38':10,'44':20,'55':500}" \\
 -F targeting="{'countries':['US']}" -F creative="{creative_id:6009125095681}" \\
 -F name="offsite_ocpm" \\
 -F conversion_specs="[{'action.type':'offsite_conversion','offsite_pixel':6009125095680}]" \\
 -F access_token=___
"""
CREATE_CPC = """
 curl "$GRAPH/act_434566956589050/adgroups" \\
 -F campaign_id=6009125095680 -F bid_type=1 -F max_bid=100 \\
 -F targeting="{'countries':['US']}" -F creative="{creative_id:6009125095681}" \\
 -F name="offsite_cpc" \\
 -F tracking_specs="[{'action.type':'offsite_conversion','offsite_pixel':6009125095680}]" \\
 -F access_token=___
"""
CREATE_OCPM_THAT_TRACKS_ANOTHER = """
 curl "$GRAPH/act_434566956589050/adgroups" \\
 -F campaign_id=6009125095680 -F bid_type=7 \\
 -F "bid_info={'1':0,'38':0,'44':0,'55':500}" \\
 -F targeting="{'countries':['US']}" -F creative="{creative_id:6009125095681}" \\
 -F name="offsite_ocpm" \\
 -F conversion_specs="[{'action.type':'offsite_conversion','offsite_pixel':6009125095680}]" \\
 -F tracking_specs="[{'action.type':'offsite_conversion','offsite_pixel':434566956589050}]" \\
 -F access_token=___
"""
ADS = [CREATE_OCPM, CREATE_CPC, CREATE_OCPM_THAT_TRACKS_ANOTHER]

Curl = Callable[[str], Any]


@pytest.fixture
def curl(sandbox_url: str, tmp_path: Path) -> Curl:
    """Run a line in bash, and return the JSON that curl printed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NO_PROXY": "*", "GRAPH": sandbox_url}

    def curl(line: str) -> Any:
        ran = subprocess.run(["bash", "-euc", line], env=environment, capture_output=True, text=True, check=True)
        return json.loads(ran.stdout)

    return curl


@pytest.fixture
def pixel(curl: Curl) -> dict[str, str]:
    """The pixel of the other lines, made by the first one."""
    assert curl(CREATE) == {"id": PIXEL_ID}
    return {
        "id": PIXEL_ID,
        "name": "NAME",
        "tag": "checkout",
        "status": "Unverified",
        "creator": f"{ACCOUNT} (Sandbox account)",
        "js_pixel": JS_PIXEL.replace("Thank you", "NAME").replace("19.99", "0.01"),
    }


def _members(pixel: dict[str, str], *names: str) -> dict[str, str]:
    return {name: pixel[name] for name in names}


def test_without_a_tag_a_pixel_is_other(curl: Curl) -> None:
    assert curl(CREATE.replace(" -F tag=CHECKOUT", "")) == {"id": PIXEL_ID}
    assert curl(READ)["tag"] == "other"


def test_the_list_has_each_pixel_of_the_account(curl: Curl, pixel: dict[str, str]) -> None:
    curl(CREATE.replace("NAME", "SECOND"))
    first, second = curl(LIST)["data"]
    assert _members(first, "id", "name", "tag") == _members(pixel, "id", "name", "tag")
    assert second["name"] == "SECOND"


def test_a_pixel_reads_with_all_its_members(curl: Curl, pixel: dict[str, str]) -> None:
    assert curl(READ) == pixel


@pytest.mark.parametrize(
    ("left_out", "name", "tag"),
    [("", "NEWNAME", "other"), (" -F tag=OTHER", "NEWNAME", "checkout"), (' -F name="NEWNAME"', "NAME", "other")],
)
def test_name_and_tag_change_together_or_alone(
    curl: Curl, pixel: dict[str, str], left_out: str, name: str, tag: str
) -> None:
    assert curl(UPDATE.replace(left_out, "")) is True
    changed = curl(READ)
    assert (changed["name"], changed["tag"]) == (name, tag)


def test_a_deleted_pixel_is_gone(curl: Curl, pixel: dict[str, str]) -> None:
    assert curl(DELETE) is True
    assert curl(LIST)["data"] == []
    for line in (READ, UPDATE, DELETE, ACCOUNTS, AUTHORIZE, DEAUTHORIZE, SNIPPETS):
        assert curl(line)["error"]["message"]


def test_accounts_are_authorized_and_deauthorized(curl: Curl, pixel: dict[str, str]) -> None:
    creator, other = {"account_id": int(ACCOUNT)}, {"account_id": int(OTHER_ACCOUNT)}
    assert curl(ACCOUNTS) == {"data": {PIXEL_ID: [creator]}}
    assert curl(AUTHORIZE) is True
    assert curl(ACCOUNTS) == {"data": {PIXEL_ID: [creator, other]}}
    assert curl(DEAUTHORIZE) is True
    assert curl(ACCOUNTS) == {"data": {PIXEL_ID: [creator]}}


@pytest.mark.parametrize(("line", "value"), [(SNIPPETS, "19.99"), (SNIPPETS.replace("-d value=1999", ""), "0.01")])
def test_the_snippet_has_the_value_or_one_cent(curl: Curl, pixel: dict[str, str], line: str, value: str) -> None:
    assert curl(line) == {"data": [{"id": ACCOUNT, "js": pixel["js_pixel"].replace("0.01", value)}]}


def test_each_ad_is_created(curl: Curl, pixel: dict[str, str]) -> None:
    made = [curl(line) for line in ADS]
    assert all(ad.keys() == {"id"} and ad["id"].isdecimal() for ad in made)
    assert len({ad["id"] for ad in made}) == len(ADS)
