"""Published clients that this project did not write, at the sandbox on a port.

Each is installed from PyPI into an environment of its own, since they do not go together, and is driven there by a
script of this folder. What a script prints is compared here, call by call.
"""

from __future__ import annotations

import functools
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from snippetkit.sandbox import Store, create_app, create_server, guarded
from snippetkit.sandbox.faults import NULL_MEMBER, throttled
from snippetkit.sandbox.request import parameters
from tests.conftest import ACCOUNT, JS_PIXEL, PIXEL_ID, serving
from tests.sdks import cache_folder, environment

pytestmark = [pytest.mark.sdk]

HERE = Path(__file__).parent
OTHER_ACCOUNT = "1454681918119229"
_LIMIT_S = 120


def _without(calls: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: gives for name, gives in calls.items() if name not in names}


class _AnyId:
    """Equal to each id: text of digits."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other.isdecimal()


_PIXEL = {
    "id": PIXEL_ID,
    "name": "Thank you",
    "tag": "checkout",
    "status": "Unverified",
    "creator": f"{ACCOUNT} (Sandbox account)",
    "js_pixel": JS_PIXEL,
}
_RENAMED = {"id": PIXEL_ID, "name": "Registered", "js_pixel": JS_PIXEL.replace("Thank you", "Registered")}
_GIVEN = {
    "create": PIXEL_ID,
    "list": ["Thank you", "a", "b", "c", "d"],
    "total": 5,
    "read": _PIXEL,
    "read a list of fields": {"id": PIXEL_ID, "name": "Thank you", "tag": "checkout"},
    "snippets": {"data": [{"id": ACCOUNT, "js": JS_PIXEL}]},
    "update": ["Registered", "registration"],
    "create an ad": _AnyId(),
    "ETag": 304,
    "batch": [[200, _RENAMED], [200, {"id": _AnyId()}], [400, 100]],
    "batch with a late member": [{"id": PIXEL_ID, "name": "Registered"}, {"id": PIXEL_ID, "status": "Unverified"}],
    "batch of 51": "Too many requests in batch message. Maximum batch size is 50",
    "errors": {"no object": 100, "no token": 190, "unknown tag": 100, "name taken": 100},
    "throttled": [17, _PIXEL["creator"]],
    "usage": ["call_count", "total_cputime", "total_time"],
    "delete": [100, ["a", "b", "c", "d", "Of a batch"]],
}
_OLD = {
    **_GIVEN,
    "read without fields": sorted(_PIXEL),
    "authorize": [
        True,
        {"data": {PIXEL_ID: [{"account_id": int(ACCOUNT)}, {"account_id": int(OTHER_ACCOUNT)}]}},
    ],
    "deauthorize": [True, {"data": {PIXEL_ID: [{"account_id": int(ACCOUNT)}]}}],
}
_NEW = {
    **_GIVEN,
    "read without fields": ["id"],
    "authorize": [
        {"success": True},
        {"data": [{"account_id": account, "id": f"act_{account}"} for account in (ACCOUNT, OTHER_ACCOUNT)]},
    ],
    "deauthorize": [{"success": True}, {"data": [{"account_id": ACCOUNT, "id": f"act_{ACCOUNT}"}]}],
}
_META = {
    "create a Meta Pixel": _AnyId(),
    "create a second Meta Pixel": 6200,
    "list Meta Pixels": [["Shop"], 1],
    "read a Meta Pixel": ["Shop", True],
    "rename a Meta Pixel": "Shop, renamed",
    "share a Meta Pixel": [[OTHER_ACCOUNT], []],
    "create a custom conversion": _AnyId(),
}
# What each client's calls must give; a client that has no way to a call is not asked for it.
CLIENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "facebookads==0.2.3": ("sdk_facebookads.py", _without(_OLD, "total")),
    "facebookads==2.2.7": ("sdk_facebookads.py", _OLD),
    "facebook-sdk==3.1.0": (
        "sdk_facebook_sdk.py",
        {**_without(_NEW, "read a list of fields", "ETag", "usage", "batch with a late member"), "version": "3.1"},
    ),
    "facebook_business==26.0.3": ("sdk_facebook_business.py", {**_NEW, **_META}),
}


@pytest.fixture(scope="module")
def pythons(pytestconfig: pytest.Config) -> dict[str, Path]:
    """Each client's environment; they stay for the next run."""
    return {client: environment(cache_folder(pytestconfig), client) for client in CLIENTS}


@pytest.fixture(scope="module")
def drive(pythons: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """Drive a client, once, at a sandbox of its own where two things go wrong once; return what its calls gave."""

    @functools.cache
    def drive(client: str) -> dict[str, Any]:
        store = Store(tmp_path_factory.mktemp("sdk") / "sandbox.db")
        faults = {"status": NULL_MEMBER, "creator": throttled(17, ACCOUNT, 5)}
        app = create_app(store, faults=lambda request: faults.pop(parameters(request).get("fields", ""), None))
        with serving(create_server(guarded(app), 0)) as url:
            command = [pythons[client], HERE / CLIENTS[client][0], url, ACCOUNT, OTHER_ACCOUNT]
            ran = subprocess.run(command, env={"NO_PROXY": "*"}, stdout=subprocess.PIPE, check=True, timeout=_LIMIT_S)
        store.close()
        return json.loads(ran.stdout)

    return drive


@pytest.mark.parametrize(("client", "call"), [(client, call) for client in CLIENTS for call in CLIENTS[client][1]])
def test_a_client_that_we_did_not_write_gets(drive: Callable[[str], dict[str, Any]], client: str, call: str) -> None:
    assert drive(client)[call] == CLIENTS[client][1][call]
