"""Every format: its module, its template, its golden file and its README section; the same bytes each time; and what
its file gives back when it is read."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import exports, templating
from snippetkit.containers import ContainerTag, ExportOptions, PageRule
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports import ReadableFormat, TagReading
from snippetkit.exports._json import to_bytes
from snippetkit.exports._names import parts
from snippetkit.exports.matomo.items import NEVER
from snippetkit.model import Snippet
from snippetkit.terms import TagVariant
from tests.conftest import CASES
from tests.tags import CHECKOUT, REGISTRATION, TAGS, exact

FORMATS = exports.names()
READABLE = [*exports.readable().values()]

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


def _readable(found: exports.ExportFormat) -> bytes:
    """What a format makes of all tags; of a bundle, a zip, its README for one format."""
    content = found.export(TAGS, ExportOptions(formats=("html",))).content
    if not content.startswith(b"PK"):
        return content
    with ZipFile(BytesIO(content)) as archive:
        return archive.read("README.md")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_its_parts_and_makes_its_golden_file(name: str) -> None:
    found = exports.find_format(name)
    for part in exports.ExportFormat.__annotations__:
        assert hasattr(found, part)
    [golden] = (CASES / "exports").glob(f"{name}.*")
    assert _readable(found) == golden.read_bytes()
    assert list((templating.FOLDER / "exports").glob(f"{name}.*"))


@pytest.mark.wide
@pytest.mark.parametrize("name", FORMATS)
def test_the_same_tags_give_the_same_bytes_and_one_tag_is_enough(name: str) -> None:
    for tag in TAGS:
        assert exports.find_format(name).export([tag]).content == exports.find_format(name).export([tag]).content


EVENTS = {"gtm": "Event {}", "matomo": "Event: {}", "zaraz": "Event {}", "adobe": "Direct call {}"}
"""What each format calls the trigger of an event."""


def _wanted(name: str, part: ContainerTag) -> tuple[object, ...]:
    """What a file says of a part of a tag: its code, where it fires, and what it waits for."""
    code = [_settings(part, snippet) for snippet in part.snippets]
    fires = [EVENTS[name].format(part.event.name)] if part.event else _rules(name, part.rules)
    consent = (
        None if "consent" in exports.find_format(name).LOSES else "ad_storage" if part.consent == "ads" else "none"
    )
    folder = f"Ad account {part.account}" if part.account and name == "gtm" else None
    return part.name, code, fires, _rules(name, part.exceptions), consent, folder


def _settings(part: ContainerTag, snippet: Snippet) -> tuple[str, ...]:
    dialect = "image" if part.variant is TagVariant.IMAGE else snippet.dialect
    own = {"value": snippet.value, "currency": snippet.currency}
    keys = part.event.keys if part.event else {}
    settings = [f"{{{{Data layer {keys[each]}, or {own[each]}}}}}" if each in keys else own[each] for each in own]
    return dialect, snippet.pixel_id, snippet.event or "", *(setting or "" for setting in settings)


def _rules(name: str, rules: tuple[PageRule, ...]) -> list[str]:
    if name == "adobe" and len(rules) > 1:
        return [f"{rules[0].description} or {len(rules) - 1} more"]
    return [rule.description for rule in rules]


def _said(name: str) -> str:
    """The name of a trigger without what a format puts around a rule's."""
    for text in ("Each page view, where ", "Except where: "):
        name = name.removeprefix(text)
    return {"All Pages": "All pages", "Each page view": "All pages"}.get(name, name)


def _carried(tag: TagReading) -> tuple[object, ...]:
    code = [(one.dialect, one.pixel_id, one.event or "", one.value or "", one.currency or "") for one in tag.snippets]
    consent = None if tag.consent is None else next(iter(tag.consent), "none")
    fires = [_said(name) for name in tag.fires if name != NEVER.name]
    return tag.name, code, fires, [_said(name) for name in tag.blocks], consent, tag.folder


@pytest.mark.parametrize("name", EVENTS)
def test_what_a_file_says_of_its_tags_is_what_the_tags_say(name: str) -> None:
    found = exports.readable()[name]
    document = json.loads(found.export(TAGS).content)
    assert [other for other, each in exports.readable().items() if each.recognizes(document)] == [name]
    contents = found.read(document)
    assert [_carried(tag) for tag in contents.tags] == [_wanted(name, part) for tag in TAGS for part in parts(tag)]
    assert (contents.others, contents.not_read) == ((), ())
    assert not any(tag.is_paused for tag in contents.tags)
    for tag in contents.tags:
        assert [one.dynamic for one in tag.snippets] == ["{{" in f"{one.value} {one.currency}" for one in tag.snippets]


@pytest.mark.parametrize("found", READABLE, ids=lambda found: found.TITLE)
@pytest.mark.parametrize("document", [None, 1, "x", [], {}, {"containerVersion": 1}, {"tags": {}, "triggers": 3}])
def test_what_is_no_file_of_a_format_is_refused(found: ReadableFormat, document: object) -> None:
    with pytest.raises(SettingError):
        found.read(document)


@pytest.mark.wide
@pytest.mark.parametrize("name", FORMATS)
def test_a_thousand_tags_make_one_file(name: str) -> None:
    tags = [ContainerTag(f"Tag {number}", (CHECKOUT,), rules=exact(f"/{number}.html")) for number in range(1000)]
    found: Any = exports.find_format(name)
    content = found.export(tags).content
    if name in exports.readable():
        assert [tag.name for tag in found.read(json.loads(content)).tags] == [tag.name for tag in tags]


@pytest.mark.parametrize("name", FORMATS)
def test_two_tags_of_one_name_are_refused(name: str) -> None:
    with pytest.raises(SnippetError, match="two tags have the same name"):
        exports.find_format(name).export([ContainerTag("a", (CHECKOUT,)), ContainerTag("a", (REGISTRATION,))])


@pytest.mark.parametrize("name", FORMATS)
def test_a_name_that_no_file_can_hold_is_refused(name: str) -> None:
    with pytest.raises(SnippetError, match="is not UTF-8 text"):
        exports.find_format(name).export([ContainerTag("a\ud800", (CHECKOUT,))])


def _with_script(script: str) -> Snippet:
    return Snippet("fp", "1", None, None, script, (0, len(script)))


@pytest.mark.parametrize("name", FORMATS)
def test_code_that_a_server_makes_is_refused(name: str) -> None:
    with pytest.raises(SnippetError, match="a: the code holds server code"):
        exports.find_format(name).export([ContainerTag("a", (_with_script("<script>f(<?= $x ?>)</script>"),))])


@given(_JSON)
def test_a_file_is_what_the_standard_library_writes(document: object) -> None:
    assert to_bytes(document).decode() == json.dumps(document, ensure_ascii=False, indent=2) + "\n"
