"""Every format: its module, its template, its golden file and its README section; the same bytes each time; and what
its file gives back when it is read."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from snippetkit import exports, templating
from snippetkit.containers import ContainerTag, Options
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports import ReadableFormat
from snippetkit.model import Snippet
from tests.conftest import CASES
from tests.tags import CHECKOUT, REGISTRATION, TAGS, exact

FORMATS = exports.names()
_FOUND: list[Any] = [exports.find(name) for name in FORMATS]
READABLE: list[ReadableFormat] = [found for found in _FOUND if hasattr(found, "read")]


def _readable(found: exports.Format) -> bytes:
    """What a format makes of all tags; of a bundle, a zip, its README for one format."""
    content = found.export(TAGS, Options(formats=("html",))).content
    if not content.startswith(b"PK"):
        return content
    with ZipFile(BytesIO(content)) as archive:
        return archive.read("README.md")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_its_parts_and_makes_its_golden_file(name: str) -> None:
    found = exports.find(name)
    for part in exports.Format.__annotations__:
        assert hasattr(found, part)
    [golden] = (CASES / "exports").glob(f"{name}.*")
    assert _readable(found) == golden.read_bytes()
    assert list((templating.FOLDER / "exports").glob(f"{name}.*"))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_tags_give_the_same_bytes_and_one_tag_is_enough(name: str) -> None:
    for tag in TAGS:
        assert exports.find(name).export([tag]).content == exports.find(name).export([tag]).content


def _facts(tag: ContainerTag, losses: frozenset[str]) -> dict[str, Any]:
    """What a tag means; the code's own value does not count where the data layer gives it."""
    fields = ("name", "variant", "rules", "exceptions", "event", "consent", "account")
    facts: dict[str, Any] = {field: getattr(tag, field) for field in fields if field not in losses}
    keys = tag.event.keys if tag.event else {}
    settings = {"pixel_id", "value", "currency"} - keys.keys()
    return facts | {"snippets": [{name: getattr(snippet, name) for name in settings} for snippet in tag.snippets]}


@pytest.mark.parametrize("found", READABLE, ids=lambda found: found.TITLE)
def test_a_file_that_is_read_again_gives_the_same_tags_and_these_the_same_file(found: ReadableFormat) -> None:
    content = found.export(TAGS).content
    document = json.loads(content)
    assert found.recognizes(document)
    tags, others = found.read(document)
    assert [_facts(tag, found.LOSES) for tag in tags] == [_facts(tag, found.LOSES) for tag in TAGS]
    assert others == []
    assert found.export(tags).content == content


@pytest.mark.parametrize("found", READABLE, ids=lambda found: found.TITLE)
@pytest.mark.parametrize("document", [None, 1, "x", [], {}, {"containerVersion": 1}, {"tags": {}, "triggers": 3}])
def test_what_is_no_file_of_a_format_is_refused(found: ReadableFormat, document: object) -> None:
    with pytest.raises(SettingError):
        found.read(document)


@pytest.mark.parametrize("name", FORMATS)
def test_a_thousand_tags_make_one_file(name: str) -> None:
    tags = [ContainerTag(f"Tag {number}", (CHECKOUT,), rules=exact(f"/{number}.html")) for number in range(1000)]
    found: Any = exports.find(name)
    content = found.export(tags).content
    if found in READABLE:
        read, _ = found.read(json.loads(content))
        assert [tag.name for tag in read] == [tag.name for tag in tags]


@pytest.mark.parametrize("name", FORMATS)
def test_two_tags_of_one_name_are_refused(name: str) -> None:
    with pytest.raises(SnippetError, match="two tags of one name"):
        exports.find(name).export([ContainerTag("a", (CHECKOUT,)), ContainerTag("a", (REGISTRATION,))])


@pytest.mark.parametrize("name", FORMATS)
def test_a_name_that_no_file_can_hold_is_refused(name: str) -> None:
    with pytest.raises(SnippetError, match="is not UTF-8 text"):
        exports.find(name).export([ContainerTag("a\ud800", (CHECKOUT,))])


def _with_script(script: str) -> Snippet:
    return Snippet("fp", "1", None, None, script, (0, len(script)))


@pytest.mark.parametrize("name", FORMATS)
def test_code_that_a_server_makes_is_refused(name: str) -> None:
    with pytest.raises(SnippetError, match="a: the code holds server code"):
        exports.find(name).export([ContainerTag("a", (_with_script("<script>f(<?= $x ?>)</script>"),))])
