"""Drives facebookads 0.2.3 or 2.2.7: `python sdk_facebookads.py BASE_URL ACCOUNT OTHER_ACCOUNT`."""
# ruff: noqa: E402 - the SDK's imports fail on a Python since 3.10 until the names are where it looks for them

from __future__ import annotations

import collections
import collections.abc
import json
import sys

for _name in ("Mapping", "MutableMapping", "Sequence"):
    setattr(collections, _name, getattr(collections.abc, _name))

from facebookads.api import FacebookAdsApi
from facebookads.exceptions import FacebookRequestError
from facebookads.objects import AdAccount, AdConversionPixel, AdGroup, EdgeIterator
from facebookads.session import FacebookSession
from sdk_report import AD, FIELDS, member, report, specs

base_url, account, other_account = sys.argv[1:]
FacebookSession.GRAPH = base_url
api = FacebookAdsApi(FacebookSession("app", "APPSECRET", "TOKEN"))
FacebookAdsApi.set_default_api(api)
pixel = AdConversionPixel(parent_id=f"act_{account}")


def _add(name, tag="OTHER"):
    made = AdConversionPixel(parent_id=f"act_{account}")
    made.update({"name": name, "tag": tag})
    return made.remote_create()


def create():
    pixel.update({"name": "Thank you", "tag": "CHECKOUT"})
    return pixel.remote_create().get_id()


def _pages(**params):
    return EdgeIterator(AdAccount(f"act_{account}"), AdConversionPixel, fields=["id", "name", "tag"], params=params)


def list_pages():
    for name in ("a", "b", "c", "d"):
        _add(name)
    return [found["name"] for found in _pages(limit="2")]


def total():
    return _pages().total()


def read():
    return dict(AdConversionPixel(pixel.get_id()).remote_read(fields=FIELDS, params={"value": "1999"}))


def read_without_fields():
    return sorted(AdConversionPixel(pixel.get_id()).remote_read())


def read_a_list_of_fields():
    return api.call("GET", (pixel.get_id(),), params={"fields": ["name", "tag"]}).json()


def snippets():
    return api.call("GET", (pixel.get_id(), "snippets"), params={"value": "1999"}).json()


def update():
    changed = AdConversionPixel(pixel.get_id())
    changed.update({"name": "Registered", "tag": "REGISTRATION"})
    changed.remote_update()
    found = AdConversionPixel(pixel.get_id()).remote_read(fields=["name", "tag"])
    return [found["name"], found["tag"]]


def _accounts(method="GET", **params):
    return api.call(method, (pixel.get_id(), "adaccounts"), params=params).json()


def authorize():
    return [_accounts("POST", adaccounts=[other_account]), _accounts()]


def deauthorize():
    return [_accounts("DELETE", adaccounts=[other_account]), _accounts()]


def create_ad():
    ad = AdGroup(parent_id=f"act_{account}")
    ad.update({**AD, "conversion_specs": specs(pixel.get_id())})
    return ad.remote_create().get_id()


def etag():
    path = (pixel.get_id(),)
    first = api.call("GET", path)
    return api.call("GET", path, headers={"If-None-Match": first.etag()}).status()


def batch():
    found = []

    def keep(response):
        found.append(member(response.status(), response.json()))

    both = {"success": keep, "failure": keep}
    batch = api.new_batch()
    asked = {"fields": ["name", "js_pixel"], "params": {"value": "1999"}}
    AdConversionPixel(pixel.get_id()).remote_read(batch=batch, **asked, **both)
    made = AdConversionPixel(parent_id=f"act_{account}")
    made.update({"name": "Of a batch", "tag": "LEAD"})
    made.remote_create(batch=batch, **both)
    batch.add("GET", ("1",), **both)
    batch.execute()
    return found


def batch_with_a_late_member():
    found = []
    batch = api.new_batch()
    for fields in ("name", "status"):
        batch.add("GET", (pixel.get_id(),), params={"fields": fields}, success=lambda one: found.append(one.json()))
    batch.execute().execute()
    return found


def batch_of_51():
    batch = api.new_batch()
    for _ in range(51):
        batch.add("GET", (pixel.get_id(),))
    return _error(batch.execute)[1]


def _error(call):
    try:
        call()
    except FacebookRequestError as error:
        body = error.body() if hasattr(error, "body") else json.loads(str(error).rpartition("Body: ")[2])
        return [body["error"]["code"], body["error"]["message"]]
    raise AssertionError("this was not refused")


def errors():
    anyone = FacebookAdsApi(FacebookSession("app", "APPSECRET", ""))
    return {
        "no object": _error(AdConversionPixel("1").remote_read)[0],
        "no token": _error(AdConversionPixel(pixel.get_id(), api=anyone).remote_read)[0],
        "unknown tag": _error(lambda: _add("x", "SALE"))[0],
        "name taken": _error(lambda: _add("a"))[0],
    }


def throttled():
    late = AdConversionPixel(pixel.get_id())
    return [_error(lambda: late.remote_read(fields=["creator"]))[0], late.remote_read(fields=["creator"])["creator"]]


def usage():
    return sorted(json.loads(api.call("GET", (pixel.get_id(),)).headers()["x-app-usage"]))


def delete():
    gone = AdConversionPixel(pixel.get_id())
    gone.remote_delete()
    return [_error(AdConversionPixel(pixel.get_id()).remote_read)[0], [found["name"] for found in _pages(limit="2")]]


report(
    {
        "create": create,
        "list": list_pages,
        "total": total,
        "read": read,
        "read without fields": read_without_fields,
        "read a list of fields": read_a_list_of_fields,
        "snippets": snippets,
        "update": update,
        "authorize": authorize,
        "deauthorize": deauthorize,
        "create an ad": create_ad,
        "ETag": etag,
        "batch": batch,
        "batch with a late member": batch_with_a_late_member,
        "batch of 51": batch_of_51,
        "errors": errors,
        "throttled": throttled,
        "usage": usage,
        "delete": delete,
    }
)
