"""Drives facebook-sdk: `python sdk_facebook_sdk.py BASE_URL ACCOUNT OTHER_ACCOUNT`."""

from __future__ import annotations

import json
import sys

import facebook
from sdk_report import AD, FIELDS, member, report, specs

base_url, account, other_account = sys.argv[1:]
facebook.FACEBOOK_GRAPH_URL = f"{base_url}/"
graph = facebook.GraphAPI("TOKEN", version="3.1")
pixel_id = ""


def _add(name, tag="OTHER"):
    return graph.put_object(f"act_{account}", "offsitepixels", name=name, tag=tag)["id"]


def create():
    global pixel_id
    pixel_id = _add("Thank you", "CHECKOUT")
    return pixel_id


def _names():
    pages = graph.get_all_connections(f"act_{account}", "offsitepixels", fields="id,name", limit=2)
    return [found["name"] for found in pages]


def list_pages():
    for name in ("a", "b", "c", "d"):
        _add(name)
    return _names()


def total():
    return graph.get_connections(f"act_{account}", "offsitepixels", summary="true")["summary"]["total_count"]


def read():
    return graph.get_object(pixel_id, value=1999, fields=",".join(FIELDS))


def read_without_fields():
    return sorted(graph.get_object(pixel_id))


def snippets():
    return graph.get_connections(pixel_id, "snippets", value=1999)


def update():
    graph.request(f"{graph.version}/{pixel_id}", post_args={"name": "Registered", "tag": "REGISTRATION"})
    found = graph.get_object(pixel_id, fields="name,tag")
    return [found["name"], found["tag"]]


def _accounts():
    return graph.get_connections(pixel_id, "adaccounts")


def authorize():
    return [graph.put_object(pixel_id, "adaccounts", adaccounts=json.dumps([other_account])), _accounts()]


def deauthorize():
    args = {"adaccounts": json.dumps([other_account])}
    return [graph.request(f"{graph.version}/{pixel_id}/adaccounts", args=args, method="DELETE"), _accounts()]


def create_ad():
    ad = {**AD, "conversion_specs": specs(pixel_id)}
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in ad.items()}
    return graph.put_object(f"act_{account}", "adgroups", **values)["id"]


def _batch(*members):
    return graph.request(f"{graph.version}/", post_args={"batch": json.dumps(members)})


def batch():
    found = _batch(
        {"method": "GET", "relative_url": f"{pixel_id}?fields=name,js_pixel&value=1999"},
        {"method": "POST", "relative_url": f"act_{account}/offsitepixels", "body": "name=Of+a+batch&tag=LEAD"},
        {"method": "GET", "relative_url": "1"},
    )
    return [member(one["code"], json.loads(one["body"])) for one in found]


def batch_of_51():
    return _error(lambda: _batch(*[{"method": "GET", "relative_url": pixel_id}] * 51))[1]


def _error(call):
    try:
        call()
    except facebook.GraphAPIError as error:
        return [error.code, error.message]
    raise AssertionError("this was not refused")


def errors():
    anyone = facebook.GraphAPI(version="3.1")
    return {
        "no object": _error(lambda: graph.get_object("1"))[0],
        "no token": _error(lambda: anyone.get_object(pixel_id))[0],
        "unknown tag": _error(lambda: _add("x", "SALE"))[0],
        "name taken": _error(lambda: _add("a"))[0],
    }


def throttled():
    code = _error(lambda: graph.get_object(pixel_id, fields="creator"))[0]
    return [code, graph.get_object(pixel_id, fields="creator")["creator"]]


def delete():
    graph.delete_object(pixel_id)
    return [_error(lambda: graph.get_object(pixel_id))[0], _names()]


def version():
    return graph.get_version()


report(
    {
        "create": create,
        "list": list_pages,
        "total": total,
        "read": read,
        "read without fields": read_without_fields,
        "snippets": snippets,
        "update": update,
        "authorize": authorize,
        "deauthorize": deauthorize,
        "create an ad": create_ad,
        "batch": batch,
        "batch of 51": batch_of_51,
        "errors": errors,
        "throttled": throttled,
        "delete": delete,
        "version": version,
    }
)
