"""What a folder's server sends, and to whom: what a web server would, and nothing beside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from snippetkit.browser import serving

SENT = {
    "/a.html": "a",
    "/": "index",
    "/sub/": "old index",
    "/link.html": "a",
    "/folder-link/index.htm": "old index",
    "/.well-known/x": "known",
    "/%2E%2E/a.html": "a",
    "/named.html": "outside",
    "/named/.kept.html": "kept",
}
NOT_SENT = [
    *("/.env", "/%2eenv", "/.git/config", "/.git/", "/sub/.htaccess", "/to-env", "/.well-known/.x", "/.well-knowns/x"),
    *("/out.html", "/out/secret.html", "/out/", "/out", "/far/", "/loop", "/hole", "/piped/", "/gone", "/%00"),
    *("/sub/../../secret.html", "/a.html/", "/empty/"),
]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A folder with files of all kinds, and what links lead to beside it."""
    texts = {"a.html": "a", "index.html": "index", "sub/index.htm": "old index", ".well-known/x": "known"}
    texts |= dict.fromkeys((".env", ".git/config", ".git/index.html", "sub/.htaccess", ".well-known/.x"), "hidden")
    texts |= {".well-knowns/x": "hidden", "../outside/secret.html": "outside", "named/.kept.html": "kept"}
    for name, text in texts.items():
        file = tmp_path / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    site, outside = tmp_path / "site", tmp_path / "outside"
    links = {"link.html": "a.html", "folder-link": "sub", "to-env": ".env", "loop": "loop"}
    links |= {"out.html": str(outside / "secret.html"), "named.html": str(outside / "secret.html"), "out": str(outside)}
    for name, target in links.items():
        (site / name).symlink_to(target)
    for name in ("far", "piped", "empty"):
        (site / name).mkdir()
    (site / "far" / "index.html").symlink_to(outside / "secret.html")
    os.mkfifo(site / "hole")
    os.mkfifo(site / "piped" / "index.html")
    with serving(site, pages=[site / "named.html", site / "named" / ".kept.html"]) as url:
        yield url


def _answer(url: str, path: str, host: str | None = None) -> tuple[int, str]:
    address = urlsplit(url).netloc
    connection = HTTPConnection(address, timeout=20)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host or address)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_a_folder_is_served_as_a_web_server_would(url: str) -> None:
    assert {path: _answer(url, path) for path in SENT} == {path: (200, text) for path, text in SENT.items()}
    assert _answer(url, "/sub")[0] == 301


@pytest.mark.parametrize("path", NOT_SENT)
def test_what_a_link_leads_out_to_and_what_has_a_dot_is_not_served(url: str, path: str) -> None:
    assert _answer(url, path)[0] == 404


def test_only_who_asks_for_the_address_itself_is_answered(url: str) -> None:
    port = urlsplit(url).port
    for host in ("shop.example", f"shop.example:{port}", f"localhost:{port}", "127.0.0.1"):
        assert _answer(url, "/a.html", host)[0] == 421
