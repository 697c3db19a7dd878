"""Ads that track and optimise for pixels (reference "Conversion pixels", "Creating your ads")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Protocol

from snippetkit.errors import ApiError, SettingError
from snippetkit.graph import loose_json
from snippetkit.graph.specs import is_id, write_specs
from snippetkit.model import AdDraft
from snippetkit.records import dataclass

MAX_NAME_CHARACTERS = 100
MAX_AMOUNT = 10**15 - 1
"""The largest bid that is sent, in minor units, far above any real one."""
WEIGHTS_SUM = 100


@dataclass(frozen=True, slots=True)
class _BidType:
    """A bid type's name, which of `max_bid` and `bid_info` it takes, and what it does with `bid_info`."""

    name: str
    takes: tuple[str, ...]
    optimizes: bool = False
    weighs: bool = False


# For CPM and CPA the reference says nothing about either: one of them is given, and the API decides.
_BID_TYPES = {
    1: _BidType("CPC", ("max_bid",)),
    2: _BidType("CPM", ("max_bid", "bid_info")),
    6: _BidType("relative oCPM", ("bid_info",), optimizes=True, weighs=True),
    7: _BidType("absolute oCPM", ("bid_info",), optimizes=True),
    9: _BidType("CPA", ("max_bid", "bid_info")),
}
_BID_KEYS = ("1", "38", "44", "55")
_CONVERSION_KEY = "55"


class _Caller(Protocol):
    def post(self, path: str, data: Mapping[str, str], *, again: bool = True) -> object: ...


def ad_params(draft: AdDraft) -> dict[str, str]:
    """Return the parameters of `POST act_<account>/adgroups` for an ad; what is JSON is strict JSON.

    Raises:
        SettingError: the ad breaks rules of the API; the message names all of them.
    """
    if problems := list(_problems(draft)):
        raise SettingError("; ".join(problems), hint="nothing was sent; 'snippetkit ads create --help' has the rules")
    params: dict[str, object] = {
        "campaign_id": draft.campaign_id,
        "name": draft.name,
        "bid_type": str(draft.bid_type),
        "targeting": loose_json.read(draft.targeting, "targeting"),
        "creative": {"creative_id": draft.creative_id},
    }
    if draft.bid_info is not None:
        params["bid_info"] = loose_json.read(draft.bid_info, "bid_info")
    if draft.max_bid_cents is not None:
        params["max_bid"] = str(draft.max_bid_cents)
    params |= {role: specs for role, specs in write_specs(draft.pixels).items() if specs}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}


def create_ad(api: _Caller, account: str, draft: AdDraft) -> str:
    """Create an ad and return its id.

    Args:
        api: the transport.
        account: the ad account's digits, without `act_`.
        draft: the ad; it is checked before anything is sent.

    Raises:
        SettingError: as `ad_params` does.
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the answer has no id.
    """
    answer = api.post(f"act_{account}/adgroups", ad_params(draft), again=False)
    ad_id = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(ad_id, str) or not is_id(ad_id):
        raise ApiError("the API answered an ad in an unknown form", hint="check whether the ad is there")
    return ad_id


def _problems(draft: AdDraft) -> Iterator[str]:
    """What the API would refuse, one text per broken rule."""
    if not loose_json.is_text(draft.name):
        yield "name is not Unicode text"
    if not 1 <= len(draft.name) <= MAX_NAME_CHARACTERS:
        yield f"name has {len(draft.name)} characters, and takes 1 to {MAX_NAME_CHARACTERS}"
    for name, value in (("campaign_id", draft.campaign_id), ("creative_id", draft.creative_id)):
        if not is_id(value):
            yield f"{name} {value[:40]!r} is not a number"
    yield from _read_object("targeting", draft.targeting)[1]
    yield from _bid_problems(draft)


def _bid_problems(draft: AdDraft) -> Iterator[str]:
    bid_type = _BID_TYPES.get(draft.bid_type)
    if bid_type is None:
        known = ", ".join(f"{number} ({known.name})" for number, known in _BID_TYPES.items())
        yield f"bid_type {draft.bid_type} is not one of {known}"
    else:
        yield from _mismatches(draft, bid_type)
    if draft.max_bid_cents is not None and not _is_amount(draft.max_bid_cents):
        yield _amount_rule("max_bid", draft.max_bid_cents)
    if draft.bid_info is not None:
        yield from _bid_info_problems(draft, weighs=bid_type is not None and bid_type.weighs)


def _mismatches(draft: AdDraft, bid_type: _BidType) -> Iterator[str]:
    name = f"bid_type {draft.bid_type} ({bid_type.name})"
    amounts = {"max_bid": draft.max_bid_cents, "bid_info": draft.bid_info}
    given = [field for field, value in amounts.items() if value is not None]
    if len(given) != 1 or given[0] not in bid_type.takes:
        yield f"{name} takes {' or '.join(bid_type.takes)}, and was given {' and '.join(given) or 'neither'}"
    if draft.pixels.conversion and not bid_type.optimizes:
        optimizing = [str(number) for number, known in _BID_TYPES.items() if known.optimizes]
        yield f"{name} does not optimise for a pixel: conversion_specs needs bid_type {' or '.join(optimizing)}"


def _bid_info_problems(draft: AdDraft, *, weighs: bool) -> Iterator[str]:
    info, reasons = _read_object("bid_info", draft.bid_info or "")
    yield from reasons
    if info is None:
        return
    if not info or info.keys() - set(_BID_KEYS):
        keys = ", ".join(info) or "none"
        yield f"bid_info takes the keys {', '.join(_BID_KEYS)}, and has {keys[:80]}"
    yield from (_amount_rule(f"bid_info {key[:40]}", value) for key, value in info.items() if not _is_amount(value))
    amounts = [value for value in info.values() if isinstance(value, int) and _is_amount(value)]
    if weighs and len(amounts) == len(info) and sum(amounts) != WEIGHTS_SUM:
        yield f"the weights of bid_info sum to {sum(amounts)}, not to {WEIGHTS_SUM}"
    if draft.pixels.conversion and _CONVERSION_KEY not in info:
        yield f"conversion_specs needs the key {_CONVERSION_KEY} in bid_info"


def _read_object(name: str, text: str) -> tuple[dict[str, object] | None, list[str]]:
    """The object that a text holds, or why it does not."""
    try:
        value = loose_json.read(text, name)
    except SettingError as error:
        return None, [str(error)]
    return (value, []) if isinstance(value, dict) else (None, [f"{name} is not a JSON object"])


def _is_amount(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_AMOUNT


def _amount_rule(name: str, value: object) -> str:
    return f"{name} is {json.dumps(value)[:40]}, and takes a whole number from 0 to {MAX_AMOUNT}"
