"""Drives facebook_business: `python sdk_facebook_business.py BASE_URL ACCOUNT OTHER_ACCOUNT`."""

from __future__ import annotations

import json
import sys

from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adspixel import AdsPixel
from facebook_business.adobjects.offsitepixel import OffsitePixel
from facebook_business.api import Cursor, FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession
from sdk_report import AD, FIELDS, member, report, specs

base_url, account, other_account = sys.argv[1:]
FacebookSession.GRAPH = base_url
api = FacebookAdsApi.init("app", "APPSECRET", "TOKEN", crash_log=False)
pixel_id = ""
meta_pixel = AdsPixel()


def _add(name, tag="OTHER"):
    return api.call("POST", (f"act_{account}", "offsitepixels"), params={"name": name, "tag": tag}).json()["id"]


def create():
    global pixel_id
    pixel_id = _add("Thank you", "CHECKOUT")
    return pixel_id


def _pages(**params):
    return Cursor(AdAccount(f"act_{account}"), OffsitePixel, fields=["id", "name", "tag"], params=params)


def list_pages():
    for name in ("a", "b", "c", "d"):
        _add(name)
    return [found["name"] for found in _pages(limit=2)]


def total():
    pages = _pages()
    pages.load_next_page()
    return pages.total()


def read():
    return OffsitePixel(pixel_id).api_get(fields=FIELDS, params={"value": 1999}).export_all_data()


def read_without_fields():
    return sorted(OffsitePixel(pixel_id).api_get().export_all_data())


def read_a_list_of_fields():
    return api.call("GET", (pixel_id,), params={"fields": ["name", "tag"]}).json()


def snippets():
    return api.call("GET", (pixel_id, "snippets"), params={"value": 1999}).json()


def update():
    OffsitePixel(pixel_id).remote_update(params={"name": "Registered", "tag": "REGISTRATION"})
    found = OffsitePixel(pixel_id).api_get(fields=["name", "tag"])
    return [found["name"], found["tag"]]


def _accounts(method="GET", **params):
    return api.call(method, (pixel_id, "adaccounts"), params=params).json()


def authorize():
    return [_accounts("POST", adaccounts=[other_account]), _accounts()]


def deauthorize():
    return [_accounts("DELETE", adaccounts=[other_account]), _accounts()]


def create_ad():
    ad = {**AD, "conversion_specs": specs(pixel_id)}
    return api.call("POST", (f"act_{account}", "adgroups"), params=ad).json()["id"]


def etag():
    first = api.call("GET", (pixel_id,))
    return api.call("GET", (pixel_id,), headers={"If-None-Match": first.etag()}).status()


def batch():
    found = []

    def keep(response):
        found.append(member(response.status(), response.json()))

    both = {"success": keep, "failure": keep}
    batch = api.new_batch()
    asked = {"fields": ["name", "js_pixel"], "params": {"value": 1999}}
    OffsitePixel(pixel_id).api_get(batch=batch, **asked, **both)
    batch.add("POST", (f"act_{account}", "offsitepixels"), params={"name": "Of a batch", "tag": "LEAD"}, **both)
    batch.add("GET", ("1",), **both)
    batch.execute()
    return found


def batch_with_a_late_member():
    found = []
    batch = api.new_batch()
    for fields in ("name", "status"):
        batch.add("GET", (pixel_id,), params={"fields": fields}, success=lambda one: found.append(one.json()))
    batch.execute().execute()
    return found


def batch_of_51():
    members = api.new_batch()
    for _ in range(51):
        members.add("GET", (pixel_id,))
    return _error(members.execute)[1]


def _error(call):
    try:
        call()
    except FacebookRequestError as error:
        return [error.api_error_code(), error.api_error_message()]
    raise AssertionError("this was not refused")


def errors():
    anyone = FacebookAdsApi(FacebookSession("app", "APPSECRET", ""))
    return {
        "no object": _error(OffsitePixel("1").api_get)[0],
        "no token": _error(OffsitePixel(pixel_id, api=anyone).api_get)[0],
        "unknown tag": _error(lambda: _add("x", "SALE"))[0],
        "name taken": _error(lambda: _add("a"))[0],
    }


def throttled():
    late = OffsitePixel(pixel_id)
    return [_error(lambda: late.api_get(fields=["creator"]))[0], late.api_get(fields=["creator"])["creator"]]


def usage():
    return sorted(json.loads(api.call("GET", (pixel_id,)).headers()["x-app-usage"]))


def delete():
    OffsitePixel(pixel_id).remote_delete()
    return [_error(OffsitePixel(pixel_id).api_get)[0], [found["name"] for found in _pages(limit=2)]]


def create_meta_pixel():
    global meta_pixel
    meta_pixel = AdAccount(f"act_{account}").create_ads_pixel(params={"name": "Shop"})
    return meta_pixel["id"]


def second_meta_pixel():
    return _error(lambda: AdAccount(f"act_{account}").create_ads_pixel(params={"name": "Shop 2"}))[0]


def list_meta_pixels():
    pages = AdAccount(f"act_{account}").get_ads_pixels(fields=["name"], params={"limit": 1})
    return [[found["name"] for found in pages], pages.total()]


def read_meta_pixel():
    found = AdsPixel(meta_pixel["id"]).api_get(fields=["name", "code"])
    return [found["name"], meta_pixel["id"] in found["code"]]


def rename_meta_pixel():
    AdsPixel(meta_pixel["id"]).api_update(params={"name": "Shop, renamed"})
    return AdsPixel(meta_pixel["id"]).api_get(fields=["name"])["name"]


def share_meta_pixel():
    sharing = {"business": "1", "account_id": other_account}
    pixel = AdsPixel(meta_pixel["id"])
    found = []
    for change in (pixel.create_shared_account, pixel.delete_shared_accounts):
        change(params=sharing)
        accounts = pixel.get_shared_accounts(fields=["account_id"], params={"business": "1"})
        found.append([shared["account_id"] for shared in accounts])
    return found


def create_custom_conversion():
    conversion = {
        "name": "Bought",
        "event_source_id": meta_pixel["id"],
        "rule": json.dumps({"url": {"i_contains": "thanks"}}),
        "custom_event_type": "PURCHASE",
        "default_conversion_value": 19.99,
    }
    return AdAccount(f"act_{account}").create_custom_conversion(params=conversion)["id"]


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
        "create a Meta Pixel": create_meta_pixel,
        "create a second Meta Pixel": second_meta_pixel,
        "list Meta Pixels": list_meta_pixels,
        "read a Meta Pixel": read_meta_pixel,
        "rename a Meta Pixel": rename_meta_pixel,
        "share a Meta Pixel": share_meta_pixel,
        "create a custom conversion": create_custom_conversion,
    }
)
