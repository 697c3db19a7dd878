"""Ads that track pixels and optimise for them (reference "Conversion pixels", "Pixel Tracking" and "Creating")."""

from __future__ import annotations

from typing import Any, NamedTuple

from snippetkit.sandbox.call import (
    ID,
    ApiCall,
    CallError,
    Route,
    check_account,
    name,
    object_id,
    select,
    whole_number,
)
from snippetkit.sandbox.loose_json import read_json
from snippetkit.sandbox.nodes import node_page, stored_node
from snippetkit.sandbox.store import Node

KIND = "adgroup"


class _Bid(NamedTuple):
    """What a bid type needs, what it cannot take, what its weights sum to, and whether it optimises for a pixel."""

    needs: str
    refuses: str
    total: int | None
    optimises: bool


_BIDS = {
    "1": _Bid("max_bid", "bid_info", None, optimises=False),  # CPC
    "2": _Bid("max_bid", "bid_info", None, optimises=False),  # CPM
    "6": _Bid("bid_info", "max_bid", 100, optimises=True),  # relative oCPM
    "7": _Bid("bid_info", "max_bid", None, optimises=True),  # absolute oCPM
    "9": _Bid("max_bid", "bid_info", None, optimises=False),  # CPA
}
# Clicks, reach, social and actions; a conversion is paid for by the last.
_BID_INFO_KEYS = {"1", "38", "44", "55"}
_ACTIONS = "55"
_SPECS = ("tracking_specs", "conversion_specs")
_PIXEL_KEYS = ("offsite_pixel", "fb_pixel")
_FIELDS = ("name", "campaign_id", "bid_type", "max_bid", "bid_info", "targeting", "creative", *_SPECS)


def create_ad(call: ApiCall, account: str) -> object:
    """`POST act_<account>/adgroups`."""
    check_account(account)
    fields: dict[str, Any] = {
        "name": name(call),
        "campaign_id": object_id(call, "campaign_id"),
        "targeting": _object(call, "targeting"),
        "creative": _creative(call),
        **{specs: _specs(call, specs) for specs in _SPECS if specs in call.params},
    }
    return {"id": call.store.add_node(KIND, account, {**fields, **_bid(call)})}


def list_ads(call: ApiCall, account: str) -> object:
    """`GET act_<account>/adgroups`."""
    return node_page(call, KIND, account, _answer)


def read_ad(call: ApiCall, ad_id: str) -> object:
    """`GET <ad>`."""
    return _answer(call, stored_node(call, ad_id))


ROUTES = [
    Route("", "/act_<account>/adgroups", "GET", list_ads),
    Route("", "/act_<account>/adgroups", "POST", create_ad),
    Route(KIND, "/<ad_id>", "GET", read_ad),
]


def _bid(call: ApiCall) -> dict[str, object]:
    bid_type = call.params.get("bid_type", "")
    bid = _BIDS.get(bid_type)
    if bid is None:
        raise CallError(100, f"(#100) bid_type must be one of {', '.join(_BIDS)}")
    if bid.needs not in call.params or bid.refuses in call.params:
        raise CallError(100, f"(#100) bid_type {bid_type} takes {bid.needs}, and no {bid.refuses}")
    if "conversion_specs" in call.params and not bid.optimises:
        raise CallError(100, f"(#100) bid_type {bid_type} cannot optimise for conversion_specs")
    amount = int(whole_number(call, "max_bid")) if bid.needs == "max_bid" else _bid_info(call, bid)
    return {"bid_type": int(bid_type), bid.needs: amount}


def _bid_info(call: ApiCall, bid: _Bid) -> dict[str, int]:
    info = _object(call, "bid_info")
    if not info.keys() <= _BID_INFO_KEYS or not all(_is_digits(amount) for amount in info.values()):
        raise CallError(100, "(#100) bid_info takes the keys 1, 38, 44 and 55, each with a whole number")
    amounts = {key: int(amount) for key, amount in info.items()}
    if bid.total is not None and sum(amounts.values()) != bid.total:
        raise CallError(100, f"(#100) the weights of bid_info must sum to {bid.total}")
    if "conversion_specs" in call.params and _ACTIONS not in amounts:
        raise CallError(100, f"(#100) conversion_specs needs the key {_ACTIONS} in bid_info")
    return amounts


def _is_digits(value: object) -> bool:
    return bool(ID.fullmatch(str(value)))


def _object(call: ApiCall, parameter: str) -> dict[str, Any]:
    parsed = read_json(call.params.get(parameter, ""), parameter)
    if not isinstance(parsed, dict) or not parsed:
        raise CallError(100, f"(#100) {parameter} must be a JSON object that is not empty")
    return parsed


def _creative(call: ApiCall) -> dict[str, str]:
    creative_id = _object(call, "creative").get("creative_id")
    if not _is_digits(creative_id):
        raise CallError(100, "(#100) creative must have a creative_id")
    return {"creative_id": str(creative_id)}


def _specs(call: ApiCall, parameter: str) -> list[dict[str, list[object]]]:
    """Specs come as one or as a list, with one value or a list of them; they are kept, and read, as lists of lists."""
    parsed = read_json(call.params[parameter], parameter)
    specs = [spec for spec in (parsed if isinstance(parsed, list) else [parsed]) if isinstance(spec, dict)]
    if not specs or (isinstance(parsed, list) and len(specs) < len(parsed)):
        raise CallError(100, f"(#100) {parameter} must be a list of objects")
    listed = [{key: value if isinstance(value, list) else [value] for key, value in spec.items()} for spec in specs]
    if not all(spec.get("action.type") for spec in specs):
        raise CallError(100, f"(#100) each of {parameter} must have an action.type")
    if not all(_is_digits(pixel) for spec in listed for key in _PIXEL_KEYS for pixel in spec.get(key, [])):
        raise CallError(100, f"(#100) {parameter} must name pixels by their ids")
    return listed


def _answer(call: ApiCall, ad: Node) -> dict[str, object]:
    given = {field: (lambda field=field: ad.fields.get(field)) for field in _FIELDS}
    return select(call, "AdGroup", {"id": lambda: ad.id, "account_id": lambda: ad.account, **given})
