"""Renders pages with nginx's server side includes, on loopback."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

_CONFIGURATION = """
daemon off;
master_process off;
error_log {folder}/error.log;
pid {folder}/pid;
events {{}}
http {{
  access_log off;
  types {{ text/html html shtml; }}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder};
    ssi on;
    set $on $arg_on;
    set $title $arg_title;
  }}
}}
"""
_PATIENCE_S = 10


def render(folder: Path, asked: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Return what nginx gives for each page that is asked for; all of them are below the folder."""
    with _serving(folder) as url, requests.Session() as session:
        session.trust_env = False
        return [_get(session, f"{url}/{Path(one['folder']).relative_to(folder)}/{one['main']}", one) for one in asked]


def _get(session: requests.Session, url: str, one: dict[str, Any]) -> dict[str, str]:
    data = {"on": "on" if one["data"]["on"] else "off", "title": "Tea"}
    answer = session.get(url, params=data, timeout=_PATIENCE_S)
    answer.encoding = "utf-8"
    failed = answer.status_code != 200 or "an error occurred" in answer.text
    return {"error": f"{answer.status_code} {answer.text}"} if failed else {"html": answer.text}


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port), "utf-8")
    with subprocess.Popen(["/usr/sbin/nginx", "-c", configuration, "-e", folder / "error.log"]) as process:
        url = f"http://127.0.0.1:{port}"
        _wait(process, url)
        yield url
        process.terminate()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        try:
            requests.get(url, timeout=_PATIENCE_S, proxies={"http": ""})
        except requests.ConnectionError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nginx did not start")
