"""A bundle: the same bytes everywhere, each file as its format makes it, and a README that says it all."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile
from zlib import crc32

import pytest

import snippetkit
from snippetkit import __version__, csp, exports
from snippetkit.containers import ContainerTag, DataLayerEvent, Export, ExportOptions, PageRule, script
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports import _markdown, bundle
from snippetkit.terms import Match, TagVariant
from tests.pixels import LOADERS
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, TAGS, exact

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

OTHERS = [name for name in exports.names() if name != "bundle"]
HTML = ExportOptions(formats=("html",))
OWN_FILES = ["README.md", "csp.txt", "manifest.json"]
HOSTILE = "a\n# b\n| c | `d` **e** <img src=x onerror=alert(1)> [f](http://g.invalid) www.h.invalid \u202e \\| &amp;"


def _files(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _readme(tags: list[ContainerTag], options: ExportOptions = HTML) -> str:
    return _files(bundle.export(tags, options).content)["README.md"].decode()


def test_it_holds_each_format_as_the_format_alone_makes_it() -> None:
    files = _files(bundle.export(TAGS).content)
    made = {exports.find_format(name).FILE_NAME: exports.find_format(name).export(TAGS).content for name in OTHERS}
    assert [*files] == ["README.md", "csp.txt", *made, "manifest.json"]
    assert {name: content for name, content in files.items() if name not in OWN_FILES} == made


def test_the_readme_says_where_the_orders_id_is() -> None:
    made = snippetkit.make("gtag", "G-ABCDE12345", event="purchase", value_cents=1999, currency="USD")
    [with_order] = snippetkit.read(made.source.replace("value:", "transaction_id: 'A-1', value:"))
    tags = [
        ContainerTag("Fixed", (with_order,)),
        ContainerTag("Told", (with_order,), event=DataLayerEvent("purchase", order_key="order.id")),
    ]
    lines = [line for line in _readme(tags).splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    column = rows[0].index("order's id")
    assert [row[column] for row in rows[2:]] == ["`A-1`", "the event's `order.id`"]


def test_it_holds_the_formats_that_are_chosen_each_once_in_one_order() -> None:
    chosen = bundle.export(TAGS, ExportOptions(formats=("html", "gtm", "html")))
    assert [*_files(chosen.content)] == ["README.md", "csp.txt", "gtm.json", "snippets.html", "manifest.json"]
    assert chosen.content == bundle.export(TAGS, ExportOptions(formats=("gtm", "html"))).content


@pytest.mark.parametrize("name", ["bundle", "tealium", "_csp", "../html", ""])
def test_what_is_no_format_of_a_bundle_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match="a bundle has no format") as caught:
        bundle.export(TAGS, ExportOptions(formats=("html", name)))
    assert caught.value.hint == f"there are {', '.join(OTHERS)}"


def test_each_files_name_is_its_own_and_no_path() -> None:
    names = [exports.find_format(name).FILE_NAME for name in OTHERS] + OWN_FILES
    assert len({name.lower() for name in names}) == len(names)
    assert all(name.isascii() and Path(name).name == name and name[0] != "." for name in names)


def test_the_manifest_has_the_sum_of_each_file() -> None:
    files = _files(bundle.export(TAGS).content)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["snippetkit"] == __version__
    assert [entry["path"] for entry in manifest["files"]] == [*files]
    for entry in manifest["files"]:
        content = files[entry["path"]]
        assert (entry["size"], entry["sha256"]) == (len(content), sha256(content).hexdigest())
    formats = {entry["path"]: entry["format"] for entry in manifest["files"]}
    assert formats == dict.fromkeys(OWN_FILES[:2]) | {exports.find_format(name).FILE_NAME: name for name in OTHERS}


def _zipped(files: dict[str, bytes], moment: datetime) -> bytes:
    """A zip with nothing in it that could be otherwise, byte by byte (APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16)."""
    day = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
    time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    local, central = b"", b""
    for name, content in files.items():
        sizes = (crc32(content), len(content), len(content), len(name), 0)
        attributes = (0, 0, 0, 0o100644 << 16, len(local))
        central += struct.pack("<4s6H3I2H", b"PK\1\2", 3 << 8 | 20, 20, 0, 0, time, day, *sizes)
        central += struct.pack("<3H2I", *attributes) + name.encode()
        local += struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, time, day, *sizes) + name.encode() + content
    end = (0, 0, len(files), len(files), len(central), len(local), 0)
    return local + central + struct.pack("<4s4H2IH", b"PK\5\6", *end)


def test_nothing_of_the_machine_is_in_it() -> None:
    made_at = datetime(2026, 11, 25, 23, 59, 59, tzinfo=timezone(timedelta(hours=-2)))
    content = bundle.export(TAGS, ExportOptions(made_at)).content
    assert content == _zipped(_files(content), datetime(2026, 11, 26, 1, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("year", "expected"),
    [(1970, (1980, 1, 1, 0, 0, 0)), (2015, (2015, 1, 1, 0, 0, 0)), (9999, (2107, 12, 31, 23, 59, 58))],
)
def test_a_time_that_a_zip_cannot_hold_is_the_nearest_that_it_can(year: int, expected: tuple[int, ...]) -> None:
    content = bundle.export(TAGS[:1], ExportOptions(datetime(year, 1, 1, tzinfo=UTC), formats=("html",))).content
    assert {info.date_time for info in ZipFile(BytesIO(content)).infolist()} == {expected}


def test_other_programs_unpack_it(tmp_path: Path) -> None:
    content = bundle.export(TAGS).content
    (tmp_path / bundle.FILE_NAME).write_bytes(content)
    assert ZipFile(BytesIO(content)).testzip() is None
    if unzip := shutil.which("unzip"):
        subprocess.run([unzip, "-q", bundle.FILE_NAME], cwd=tmp_path, check=True)
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.suffix != ".zip"} == _files(content)


def test_the_readme_has_each_formats_click_path_and_its_notes() -> None:
    readme = _readme(TAGS, ExportOptions())
    for name in OTHERS:
        found = exports.find_format(name)
        section = readme.split(f"## {found.TITLE}: `{found.FILE_NAME}`\n")[1].split("\n## ")[0]
        for number, step in enumerate(found.STEPS, 1):
            assert f"\n{number}. {step}\n" in section
            assert step.isprintable() and not {*step} & {*"<`*[\\"}, "a step is text that Markdown leaves alone"
        notes = [f"- **Note:** {_markdown.prose(note)}" for note in found.export(TAGS).notes]
        assert [line for line in section.splitlines() if line.startswith("- ")] == notes


def test_the_formats_notes_are_the_bundles() -> None:
    notes = [
        f"{exports.find_format(name).TITLE}: {note}"
        for name in OTHERS
        for note in exports.find_format(name).export(TAGS).notes
    ]
    assert [*bundle.export(TAGS).notes] == notes


class _Picky:
    """A format that cannot hold a tag."""

    TITLE = "Picky"
    FILE_NAME = "picky.json"
    STEPS = ("throw it away",)
    MERGES = True
    HAS_NATIVE = False
    LOSES = frozenset[str]()

    def export(self, tags: list[ContainerTag], options: ExportOptions) -> Export:
        assert options == ExportOptions(options.made_at)
        raise SnippetError(f"{tags[0].name}: it is too long", hint="make it shorter")


@pytest.fixture
def picky(monkeypatch: pytest.MonkeyPatch) -> None:
    find: Callable[[str], Any] = exports.find_format
    monkeypatch.setattr(exports, "names", lambda: ["bundle", "html", "picky"])
    monkeypatch.setattr(exports, "find_format", lambda name: _Picky() if name == "picky" else find(name))


@pytest.mark.usefixtures("picky")
def test_a_format_that_cannot_hold_a_tag_is_never_left_out_without_a_word() -> None:
    with pytest.raises(SnippetError, match=r"^Picky: Image: it is too long$") as caught:
        bundle.export([TAGS[5]])
    assert caught.value.hint == "make it shorter; or a bundle without this format: --format html"
    with pytest.raises(SnippetError) as caught:
        bundle.export([TAGS[5]], ExportOptions(formats=("picky",)))
    assert caught.value.hint == "make it shorter"
    assert "snippets.html" in _files(bundle.export([TAGS[5]], HTML).content)


def test_the_table_says_what_each_tag_reports_and_when() -> None:
    event = DataLayerEvent.of("paid", "total", "ecommerce.currency")
    tags = [
        ContainerTag("A", (CHECKOUT, REGISTRATION), rules=exact("/a") + exact("/b"), exceptions=exact("/c")),
        ContainerTag("B", (QUEUED,), TagVariant.BOTH, event=event),
        ContainerTag("C", (META,), TagVariant.IMAGE),
    ]
    assert [line for line in _readme(tags).splitlines() if line.startswith("| `")] == [
        "| `A` | `6009125095680`, `6009125095681` | `19.99`, `5.00` | `USD`, `USD` | none | script"
        " | `Page path is /a` or `Page path is /b`, but not `Page path is /c` | ads |",
        "| `B` | `6009125095680` | the event's `total`, else `19.99` | the event's `ecommerce.currency`, else `USD`"
        " | none | script and image, each from a tag of its own | on each event `paid` | ads |",
        "| `C` | `434566956589050` | none | none | none | image | you choose | ads |",
    ]


def test_what_comes_from_outside_is_no_markup_in_the_readme() -> None:
    rule = PageRule.of(Match.REGEX, r"^/(?:a|b)\|\*\*$")
    tags = [
        ContainerTag(HOSTILE, (CHECKOUT,), TagVariant.BOTH, (rule,)),
        ContainerTag("", (CHECKOUT,), event=DataLayerEvent(HOSTILE, HOSTILE)),
        ContainerTag("x\\", (CHECKOUT,), rules=(PageRule.of(Match.EXACT, "/<b>*x*</b>"),)),
    ]
    lines = _readme(tags).splitlines()
    assert [line.count("|") for line in lines if line.startswith("| ")][0:4] == [9, 9, 9, 9]
    assert "| `x\\` |" in next(line for line in lines if line.startswith("| `x"))
    assert not any(char in "\n".join(lines) for char in "\u202e")
    hostile = [line for line in lines if "onerror" in line]
    assert hostile
    for line in hostile:
        assert "<img" not in line.replace("\\<img", "")
        assert "www.h" not in line
        assert "http:" not in line.replace("http\\:", "")
        assert "[f]" not in line.replace("\\[f", "")
        assert line.startswith(("| <code>a&#92;n&#35;", "| <code></code> | `6009", "- **Note:** "))


@pytest.mark.parametrize(
    ("text", "as_code", "as_prose"),
    [
        ("plain", "`plain`", "plain"),
        ("a|b", "<code>a&#124;b</code>", "a|b"),
        ("`a`", "<code>&#96;a&#96;</code>", r"\`a\`"),
        ("<b>*é*_", "`<b>*é*_`", r"\<b>\*é\*\_"),
        ("http://x www.y z@w @w", "`http://x www.y z@w @w`", r"http\://x www\.y z\@w @w"),
        ("a_b _c_ __d", "`a_b _c_ __d`", r"a_b \_c\_ \_\_d"),
        ("\r\n\u202e", r"`\r\n\u202e`", r"\\r\\n\\u202e"),
        ("[x](y) $z$ ~w~ &lt; & &#9;", "`[x](y) $z$ ~w~ &lt; & &#9;`", r"\[x](y) \$z\$ \~w\~ \&lt; & \&#9;"),
        ("", "<code></code>", ""),
        (" ", "<code>&#32;</code>", " "),
    ],
)
def test_text_of_others_shows_as_it_is(text: str, as_code: str, as_prose: str) -> None:
    assert (_markdown.code(text), _markdown.prose(text)) == (as_code, as_prose)


SCRIPT, IMAGE = "script-src https://connect.facebook.net", "img-src https://www.facebook.com"


@pytest.mark.parametrize(
    ("variant", "directives"),
    [(TagVariant.SCRIPT, [SCRIPT, IMAGE]), (TagVariant.IMAGE, [IMAGE]), (TagVariant.BOTH, [SCRIPT, IMAGE])],
)
def test_the_policy_needs_the_hosts_of_what_fires(variant: TagVariant, directives: list[str]) -> None:
    text = _files(bundle.export([ContainerTag("a", (CHECKOUT,), variant)], HTML).content)["csp.txt"].decode()
    assert [line for line in text.splitlines() if "https://" in line] == directives


HASH = csp.hash_source(script(TAGS[0]).removeprefix('<script type="text/javascript">')[: -len("</script>")].encode())
# What a tag manager does: a script that is loaded or has the nonce makes one of the tag's text.
PUT_IN = """
var script = document.createElement('script');
script.text = %s;
document.head.appendChild(script);
"""
ALLOWS = {
    f"{SCRIPT} 'unsafe-inline' 'self'; {IMAGE}": True,
    f"{SCRIPT} {HASH} 'self'; {IMAGE}": True,
    f"{SCRIPT} 'self'; {IMAGE}": False,
    f"{SCRIPT} 'unsafe-inline' 'nonce-Zr0pQ1aB' 'self'; {IMAGE}": False,
    f"script-src {HASH} 'nonce-Zr0pQ1aB' 'strict-dynamic'; {IMAGE}": True,
    f"script-src 'unsafe-inline' 'self'; {IMAGE}": False,
    f"{SCRIPT} 'unsafe-inline' 'self'": False,
}


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize("policy", ALLOWS)
def test_a_policy_allows_the_tag_as_the_bundle_says(browser: Browser, policy: str) -> None:
    text = script(TAGS[0]).removeprefix('<script type="text/javascript">').removesuffix("</script>")
    fired: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        if url == "https://shop.invalid/":
            page = '<!doctype html><title>x</title><script nonce="Zr0pQ1aB" src="manager.js"></script>'
            headers = {"content-type": "text/html", "content-security-policy": f"default-src 'none'; {policy}"}
            route.fulfill(body=page, headers=headers)
        elif url.endswith("/manager.js"):
            route.fulfill(body=PUT_IN % json.dumps(text), content_type="text/javascript")
        elif url.startswith("https://connect.facebook.net"):
            route.fulfill(body=LOADERS["fp.js"], content_type="text/javascript")
        else:
            fired.append(url)
            route.fulfill(body="", content_type="image/gif")

    context = browser.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto("https://shop.invalid/")
    page.wait_for_load_state("networkidle")
    context.close()
    assert bool(fired) is ALLOWS[policy]
    if policy == f"{SCRIPT} 'self'; {IMAGE}":
        assert any(HASH in line for line in told)
