"""Sitemaps and crawls as sources of pages: what is taken, what is left out, and what is refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from snippetkit.errors import FileError, NetworkError, SettingError
from snippetkit.work import Bounds, Browsing, crawl, find_listed
from snippetkit.work.links import find_links
from snippetkit.work.robots import read_robots
from snippetkit.work.sitemaps import Sitemap, parse
from tests import loopback
from tests.conftest import Run

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _sitemap(*urls: str, root: str = "urlset", entry: str = "url") -> bytes:
    located = "".join(f"<{entry}><loc> {url} </loc><lastmod>2026-11-28</lastmod></{entry}>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{located}</{root}>'.encode()


def _index(*urls: str) -> bytes:
    return _sitemap(*urls, root="sitemapindex", entry="sitemap")


SITEMAPS = {
    "XML": (_sitemap("https://a.example/1", "https://a.example/?a=1&amp;b=2"), Sitemap(("https://a.example/1", "https://a.example/?a=1&b=2"))),
    "with a BOM": (b"\xef\xbb\xbf" + _sitemap("https://a.example/"), Sitemap(("https://a.example/",))),
    "gzip": (gzip.compress(_sitemap("https://a.example/")), Sitemap(("https://a.example/",))),
    "an index": (_index("https://a.example/s.xml.gz"), Sitemap(sitemaps=("https://a.example/s.xml.gz",))),
    "text": (b"https://a.example/1\r\n\r\nhttps://a.example/2\r\n", Sitemap(("https://a.example/1", "https://a.example/2"))),
    "nothing": (_sitemap(), Sitemap()),
    "lines in front": (b"\n\n" + _sitemap("https://a.example/"), Sitemap(("https://a.example/",))),
    "UTF-16": (_sitemap("https://a.example/\xe9").decode().encode("utf-16"), Sitemap(("https://a.example/\xe9",))),
    "UTF-16 without a BOM": (_sitemap("https://a.example/").decode().encode("utf-16-le"), Sitemap(("https://a.example/",))),
    "Latin-1": (_sitemap("https://a.example/\xe9").decode().replace("UTF-8", "ISO-8859-1").encode("latin-1"), Sitemap(("https://a.example/\xe9",))),
    "an image's loc": (
        _sitemap("https://a.example/").replace(b"</url>", b"<i:image xmlns:i='x'><i:loc>https://a.example/a.png</i:loc></i:image></url>"),
        Sitemap(("https://a.example/",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITEMAPS)
def test_each_kind_of_sitemap_is_read(name: str) -> None:
    data, listed = SITEMAPS[name]
    assert parse(data, "sitemap.xml") == listed


BROKEN = {
    "a page": (b"<html><body>x</body></html>", "a page, and no sitemap"),
    "another page": (b"<!DOCTYPE html>\n<p>x", "a page, and no sitemap"),
    "a feed": (b"<rss><channel/></rss>", "not a sitemap but <rss>"),
    "entities in UTF-16": ('<!DOCTYPE x [<!ENTITY a "aa">]><urlset/>'.encode("utf-16"), "has a document type"),
    "a file": (b"shop/thanks.html\n", "lists 'shop/thanks.html', which is not an http"),
    "an index of files": (_index("/etc/hosts"), "lists '/etc/hosts', which is not an http"),
    "a script": (_sitemap("javascript:alert(1)"), r"lists 'javascript:alert\(1\)', which is not an http"),
    "a broken URL": (_sitemap("http://[a/"), r"lists 'http://\[a/', which is not an http"),
    "a port that is none": (_sitemap("http://a.example:x/"), "lists 'http://a.example:x/', which is not an http"),
    "NUL": (b"a\0b", r"lists 'a\\x00b', which is not an http"),
    "no XML": (b"<urlset><url>", "not XML: "),
    "an encoding that there is not": (b"<?xml version='1.0' encoding='nope'?><urlset/>", "not XML: "),
    "entities": (b'<!DOCTYPE x [<!ENTITY a "aa">]><urlset><url><loc>&a;</loc></url></urlset>', "has a document type"),
    "broken gzip": (b"\x1f\x8bx", "broken gzip"),
    "a bomb": (gzip.compress(b"<" + b" " * 60_000_000), "more than 50 MiB"),
    "too many": (b"https://a.example/\n" * 50_001, "lists more than 50000 URLs"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_sitemap_is_refused(name: str) -> None:
    data, message = BROKEN[name]
    with pytest.raises(FileError, match=f"s.xml: {message}"):
        parse(data, "s.xml")


def test_robots_names_sitemaps() -> None:
    robots = b"User-agent: *\nDisallow: /a\nSitemap: https://a.example/1.xml\nsitemap: https://a.example/2.xml # x\n"
    listed = ("https://a.example/1.xml", "https://a.example/2.xml")
    for name in ("robots.txt", "https://a.example/robots.txt", "public/robots.txt"):
        assert parse(robots, name) == Sitemap(sitemaps=listed)


LINKS = [
    ('<a href="x">', ["http://a.example/d/x"]),
    ('<A HREF=" ../x?y=1&amp;z#f ">', ["http://a.example/x?y=1&z"]),
    ('<a href="x"><a href="x#1"><area href="/y">', ["http://a.example/d/x", "http://a.example/y"]),
    ('<base href="/b/"><a href="x">', ["http://a.example/b/x"]),
    ('<a href="mailto:x@example.com"><a href="javascript:x()"><a name=x><a href="http://[/">', []),
    ('<a href="manual.pdf"><a href="a.jpg"><a href="x.php"><a href="x.html">', ["http://a.example/d/x.php", "http://a.example/d/x.html"]),
    ('<!-- <a href="x"> --><script>"<a href=y>"</script>', []),
]  # fmt: skip


@pytest.mark.parametrize(("html", "found"), LINKS)
def test_links_are_found_as_a_browser_has_them(html: str, found: list[str]) -> None:
    assert find_links(html, "http://a.example/d/") == (tuple(found), ())


LEFT = [
    ('<a rel="nofollow" href="x"><a href="y">', ["y"], ["x"]),
    ('<a rel="external NoFollow" href="x"><a rel="ugc sponsored" href="y">', ["y"], ["x"]),
    ('<a rel=nofollow href="x"><a href="x">', ["x"], []),
    ('<meta name="Robots" content="noindex, NOFOLLOW"><a href="x">', [], ["x"]),
    ('<meta name=snippetkit content=none><a href="x">', [], ["x"]),
    ('<meta name=googlebot content=nofollow><meta name=robots content=noindex><a href="x">', ["x"], []),
]


@pytest.mark.parametrize(("html", "followed", "left"), LEFT)
def test_links_that_robots_are_asked_to_leave_are_left(html: str, followed: list[str], left: list[str]) -> None:
    folder = "http://a.example/d/"
    assert find_links(html, folder) == (tuple(folder + one for one in followed), tuple(folder + one for one in left))


OURS = "User-agent: snippetkit\nDisallow: /{}\n"
# What a robots.txt says, and for some paths whether they may be seen (RFC 9309, 2.2).
ROBOTS_TXT: dict[str, tuple[str, dict[str, bool]]] = {
    "nothing": ("", {"/": True}),
    "no path": ("User-agent: *\nDisallow:\n", {"/": True, "/a": True}),
    "everything": ("User-agent: *\nDisallow: /\n", {"/": False, "/a?b": False}),
    "our group alone": (
        "User-agent: *\nDisallow: /\n\nUser-agent: SnippetKit/1.0\nDisallow: /b\n",
        {"/a": True, "/b": False},
    ),
    "two groups of ours": (
        OURS.format("a") + "User-agent: x\nDisallow: /c\n" + OURS.format("b"),
        {"/a": False, "/b": False, "/c": True},
    ),
    "several names": ("User-agent: x\nUser-agent: snippetkit\nDisallow: /a\n", {"/a": False}),
    "a name that begins alike": ("User-agent: snippet\nDisallow: /\n", {"/": True}),
    "the longest": (
        "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\n",
        {"/a/x": False, "/a/b": True, "/a/b/c": False},
    ),
    "two alike": ("User-agent: *\nDisallow: /a\nAllow: /a\n", {"/a": True}),
    "a star": ("User-agent: *\nDisallow: /*/x\nDisallow: *.pdf\n", {"/a/x": False, "/x": True, "/a.pdf?b": False}),
    "the end": (
        "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a$\n",
        {"/x.pdf": False, "/x.pdf?b": True, "/a": False, "/ab": True},
    ),
    "an end that overlaps": ("User-agent: *\nDisallow: /ab*ba$\n", {"/aba": True, "/abba": False}),
    "a query": ("User-agent: *\nDisallow: /*?next=\n", {"/a?next=b": False, "/a": True}),
    "percent codes": (
        "User-agent: *\nDisallow: /\u00e4\nDisallow: /%7eb\n",
        {"/%C3%A4": False, "/\u00e4x": False, "/~b": False},
    ),
    "odd lines": (
        "\ufeffUSER-AGENT : *  # all\r\nnoindex: /c\r\ndisallow:/a # x\r\nDisallow /b\r\n",
        {"/a": False, "/b": True, "/c": True},
    ),
}


@pytest.mark.parametrize("name", ROBOTS_TXT)
def test_a_robots_txt_is_heeded_as_its_standard_says(name: str) -> None:
    text, wanted = ROBOTS_TXT[name]
    robots = read_robots(text)
    assert {path: robots.allows(f"https://a.example{path}") for path in wanted} == wanted


def test_a_delay_is_read_with_its_fraction_and_is_that_of_our_group() -> None:
    text = "User-agent: *\nCrawl-delay: 7\n\nUser-agent: snippetkit\nCrawl-delay: {}\n"
    assert [read_robots(text.format(said)).delay_s for said in ("0.5", "2", "soon", "-1")] == [0.5, 2, 0, 0]
    assert read_robots("User-agent: *\nCrawl-delay: 7\n").delay_s == 7


# A server.

ROBOTS = b"User-agent: *\nDisallow: /secret\n\nUser-agent: other\nDisallow: /\n"
PAGES = {
    "/slow": b"<p>" * 9000,
    "/file": b"<p>",
    "/far": b'<a href="/near"><a rel=nofollow href="/sold"><a rel=nofollow href="/a"><a href="/file">',
    "/near": b'<a href="/a">',
    "/": b'<a href="/a">a</a> <a href="b?x=1#y">b</a> <a href="/secret/x">s</a> <a href="/gone">g</a> <a href="/away">',
    "/a": b'<a href="/">top</a> <a href="/deep">d</a> <a href="http://127.0.0.2:1/">other</a>',
    "/b?x=1": b"<p>",
    "/deep": b'<a href="/deeper">',
    "/deeper": b"<p>",
    "/secret/x": b"<p>",
    "/data": b"{}",
    "/sold": b"<p>",
}


class _Site(loopback.Handler):
    asked: list[str]
    robots: tuple[int, bytes]
    done: Event

    def answer(self) -> None:
        self.asked.append(self.path)
        assert "Authorization" not in self.headers
        host = f"http://{self.headers['Host']}"
        index = _index(f"{host}/one.xml.gz", f"{host}/two.txt")
        files = {
            "/robots.txt": self.robots,
            "/sitemap.xml": (200, index),
            "/one.xml.gz": (200, gzip.compress(_sitemap(f"{host}/", f"{host}/a"))),
            "/two.txt": (200, f"{host}/a\n{host}/b?x=1\n".encode()),
            "/elsewhere.xml": (200, _sitemap("http://127.0.0.2/")),
            "/named/robots.txt": (200, f"Sitemap: {host}/sitemap.xml\n".encode()),
            "/empty.xml": (200, _sitemap()),
            "/nested.xml": (200, _index(f"{host}/sitemap.xml")),
            "/there.xml": (200, _sitemap(f"{host}/a")),
        }
        status, body = files.get(self.path) or (200 if self.path in PAGES else 404, PAGES.get(self.path, b"no"))
        moves = {"/away": "http://192.0.2.1/x", "/circle": "/circle", "/here": "/a"}
        moves["/other-host.xml"] = f"http://localhost:{self.headers['Host'].partition(':')[2]}/there.xml"
        self.send_response(302 if self.path in moves else status)
        if self.path in moves:
            self.send_header("Location", moves[self.path])
        self.send_header("Content-Type", "application/json" if self.path == "/data" else "text/html; charset=utf-8")
        if self.path == "/file":
            self.send_header("Content-Disposition", "attachment; filename=x.html")
        self.end_headers()
        for byte in body if self.path.startswith("/slow") else ():
            self.wfile.write(bytes((byte,)))
            self.done.wait(0.05)
        if not self.path.startswith("/slow"):
            self.wfile.write(body)


@pytest.fixture
def url() -> Iterator[str]:
    _Site.asked, _Site.robots, _Site.done = [], (200, ROBOTS), Event()
    with loopback.serving(_Site) as url:
        yield url
        _Site.done.set()


def _check(url: str) -> None:
    Browsing().check_url(url)


def _anywhere(url: str) -> None:
    Browsing(is_live=True).check_url(url)


def test_an_index_is_followed_and_each_page_taken_once(url: str) -> None:
    wanted = [f"{url}/", f"{url}/a", f"{url}/b?x=1"]
    for name in ("sitemap.xml", "named/robots.txt"):
        assert find_listed(f"{url}/{name}", _check, 30, is_live=False) == wanted
    other = url.replace("127.0.0.1", "localhost")
    assert find_listed(f"{url}/other-host.xml", _check, 30, is_live=False) == [f"{other}/a"]
    Path("sitemap.xml").write_bytes(_index(f"{url}/one.xml.gz"))
    assert find_listed("sitemap.xml", _check, 30, is_live=False) == wanted[:2]


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("gone.xml", NetworkError, "the server answered 404"),
        ("circle", NetworkError, "redirects in a circle"),
        ("away", SettingError, "192.0.2.1 is another machine"),
        ("elsewhere.xml", SettingError, "which is on another site"),
        ("empty.xml", FileError, "lists no pages"),
        ("nested.xml", FileError, "nested.xml: lists http://.*/sitemap.xml, which lists sitemaps"),
    ],
)
def test_a_sitemap_that_cannot_be_had_is_refused(url: str, name: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        find_listed(f"{url}/{name}", _check, 30, is_live=False)


def test_a_crawl_stays_on_the_site_within_its_bounds_and_heeds_robots(url: str) -> None:
    every = crawl([f"{url}/"], Bounds(100, 10), _anywhere, 30)
    assert every.pages == tuple(f"{url}{path}" for path in ("/", "/a", "/b?x=1", "/deep", "/deeper"))
    assert every.notes == (f"robots.txt forbids {url}/secret/x", f"broken links: {url}/gone")
    assert "/secret/x" not in _Site.asked
    assert _Site.asked.count("/robots.txt") == 1
    assert crawl([f"{url}/"], Bounds(100, 1), _anywhere, 30).pages == tuple(
        f"{url}{path}" for path in ("/", "/a", "/b?x=1")
    )
    cut = crawl([f"{url}/"], Bounds(2, 10), _anywhere, 30)
    assert (len(cut.pages), cut.notes) == (2, ("the crawl ended at 2 pages; --max-pages lets it go on",))
    assert crawl([f"{url}/here"], Bounds(1, 0), _anywhere, 30).pages == (f"{url}/a",)


def test_what_a_crawl_leaves_out_is_said(url: str) -> None:
    crawled = crawl([f"{url}/far"], Bounds(9, 1), _anywhere, 30)
    assert crawled.pages == (f"{url}/far", f"{url}/near")  # a file that browsers save is no page
    far = f"the crawl ended 1 link away, at {url}/a; --max-depth lets it go on"
    assert crawled.notes == (far, f"not followed, as nofollow asks: {url}/sold")


def test_a_server_that_sends_a_byte_now_and_then_is_not_waited_for(url: str) -> None:
    with pytest.raises(NetworkError, match="does not answer, or not in full; --timeout gives it longer"):
        crawl([f"{url}/slow"], Bounds(9, 9), _anywhere, 0.3)


def test_a_crawl_that_cannot_begin_says_why(url: str) -> None:
    for path, error, message in (
        ("/secret/x", SettingError, "robots.txt does not let snippetkit see"),
        ("/gone", NetworkError, "the server answered 404"),
        ("/away", SettingError, "the server sends visitors on to http://192"),
    ):
        with pytest.raises(error, match=message):
            crawl([url + path], Bounds(9, 9), _anywhere, 30)
    _Site.robots = 503, b""
    with pytest.raises(SettingError, match=r"robots\.txt does not let"):
        crawl([f"{url}/"], Bounds(9, 9), _anywhere, 30)


WRONG = [
    ([], "Error: Missing argument 'PATH...'; or give --sitemap."),
    (["site", "--max-pages", "3"], "Error: --max-pages needs --crawl."),
    (["site", "--max-depth", "3"], "Error: --max-depth needs --crawl."),
    (["http://127.0.0.1/", "--crawl"], "Error: --crawl needs --live: it asks a server for page after page."),
    (["site", "--crawl", "--live"], "Error: --crawl is for URLs, and site is a path."),
    (["--sitemap", "https://shop.example/s.xml"], "error: shop.example is another machine; --live lets the browser"),
    (["--sitemap", "s.xml", "--since", "a.json"], "Error: --since is for files: "),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
@pytest.mark.parametrize("command", ["verify", "report"])
def test_what_cannot_be_meant_is_refused(run: Run, command: str, arguments: list[str], message: str) -> None:
    Path("s.xml").write_bytes(_sitemap("http://127.0.0.1/"))
    ran = run(command, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith(message)


@pytest.mark.browser
def test_pages_of_both_sources_are_looked_at(run: Run, url: str) -> None:
    listed = json.loads(run("verify", "--sitemap", f"{url}/sitemap.xml", "--json", "--timeout", "60").out)["visits"]
    assert [visit["path"] for visit in listed] == [f"{url}/", f"{url}/a", f"{url}/b?x=1"]
    ran = run("verify", f"{url}/deep", "--crawl", "--live", "--max-pages", "2", "--timeout", "60")
    assert ran.out.splitlines() == [f"quiet: {url}/{name} (JavaScript): nothing fired" for name in ("deep", "deeper")]
    assert (ran.code, ran.err) == (0, "2 visits checked, all OK\n")
