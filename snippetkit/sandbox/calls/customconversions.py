"""Custom conversions (Marketing API, "Custom Conversions"): a rule over what a Meta Pixel receives."""

from __future__ import annotations

from snippetkit.patterns import later
from snippetkit.sandbox.call import (
    ApiCall,
    CallError,
    Route,
    check_account,
    name,
    object_id,
    select,
)
from snippetkit.sandbox.loose_json import read_json
from snippetkit.sandbox.nodes import node_page, stored_node
from snippetkit.sandbox.store import Node

KIND = "customconversion"
EVENT_TYPES = (
    "ADD_PAYMENT_INFO ADD_TO_CART ADD_TO_WISHLIST COMPLETE_REGISTRATION CONTACT CONTENT_VIEW CUSTOMIZE_PRODUCT DONATE "
    "FIND_LOCATION INITIATED_CHECKOUT LEAD OTHER PURCHASE SCHEDULE SEARCH START_TRIAL SUBMIT_APPLICATION SUBSCRIBE"
).split()

_AMOUNT = later(r"[0-9]{1,13}(\.[0-9]{1,2})?")
_FIELDS = ("name", "event_source_id", "rule", "custom_event_type", "default_conversion_value")


def create_conversion(call: ApiCall, account: str) -> object:
    """`POST act_<account>/customconversions`."""
    check_account(account)
    fields = {
        "name": name(call),
        "event_source_id": _event_source_id(call),
        "rule": _rule(call),
        "custom_event_type": _event_type(call),
        "default_conversion_value": _value(call),
    }
    return {"id": call.store.add_node(KIND, account, fields)}


def list_conversions(call: ApiCall, account: str) -> object:
    """`GET act_<account>/customconversions`."""
    return node_page(call, KIND, account, _answer)


def read_conversion(call: ApiCall, conversion_id: str) -> object:
    """`GET <custom conversion>`."""
    return _answer(call, stored_node(call, conversion_id))


ROUTES = [
    Route("", "/act_<account>/customconversions", "GET", list_conversions),
    Route("", "/act_<account>/customconversions", "POST", create_conversion),
    Route(KIND, "/<conversion_id>", "GET", read_conversion),
]


def _event_source_id(call: ApiCall) -> str:
    pixel_id = object_id(call, "event_source_id")
    if call.store.kind(pixel_id) != "adspixel":
        raise CallError(100, "(#100) event_source_id must be a pixel of act_<account>/adspixels")
    return pixel_id


def _rule(call: ApiCall) -> str:
    text = call.params.get("rule", "")
    if not isinstance(read_json(text, "rule"), dict):
        raise CallError(100, "(#100) rule must be a JSON object")
    return text


def _event_type(call: ApiCall) -> str:
    event_type = call.params.get("custom_event_type", "OTHER")
    if event_type not in EVENT_TYPES:
        raise CallError(100, f"(#100) custom_event_type must be one of {', '.join(EVENT_TYPES)}")
    return event_type


def _value(call: ApiCall) -> str:
    """An amount in the major unit; some clients have a type with decimals for it."""
    text = call.params.get("default_conversion_value", "0")
    if not _AMOUNT.fullmatch(text):
        raise CallError(100, "(#100) default_conversion_value must be an amount such as 10 or 19.99")
    return text


def _answer(call: ApiCall, conversion: Node) -> dict[str, object]:
    given = {field: (lambda field=field: conversion.fields[field]) for field in _FIELDS}
    return select(call, "CustomConversion", {"id": lambda: conversion.id, **given})
