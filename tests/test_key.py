"""A region's name: what is one and what is none, and that code which has none goes onto no page."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit.errors import SnippetError
from snippetkit.inject import Insertion
from snippetkit.key import Ids, Key, name_of
from snippetkit.model import Snippet
from snippetkit.terms import Part
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.pixels import CODES, META_ID, PURCHASE

PAGE = "<!doctype html>\n<html>\n<head>\n</head>\n<body>\n</body>\n</html>\n"
dialects = st.from_regex(r"[a-z]+", fullmatch=True)
ids = st.from_regex(r"[0-9]+", fullmatch=True)


@given(dialects, st.lists(ids, min_size=1, max_size=4))
def test_a_key_that_is_printed_is_parsed_to_the_same(dialect: str, pixel_ids: list[str]) -> None:
    key = Key.of(dialect, *pixel_ids)
    assert (key.dialect, key.pixel_ids) == (dialect, pixel_ids)
    assert Key(str(key)) == key == name_of(dialect, *pixel_ids)
    assert pickle.loads(pickle.dumps(key)) == key


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_an_id_that_is_no_number_comes_back_and_ends_no_comment(pixel_ids: list[str]) -> None:
    told = [id_.encode("utf-8", "replace").decode() for id_ in pixel_ids]
    key = Key.of("made", *told, ids=Ids(re.compile(".+", re.DOTALL), "id", "somewhere"))
    assert key.pixel_ids == told
    assert Key(str(key)) == key
    assert "--" not in key
    assert not key.endswith("-")


@given(st.text(min_size=1))
def test_the_key_of_an_event_alone_tells_it_and_ends_no_comment(event: str) -> None:
    key = Key("fbq:1+2").with_event(event)
    told = event.encode("utf-8", "replace").decode()
    assert (key.event, key.pixel_ids, key.dialect) == (told, ["1", "2"], "fbq")
    assert key.with_event("Lead") == "fbq:1+2/Lead"
    assert "-" not in key
    assert key.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fp",
        "fp:",
        ":1",
        "fbq:1/",
        "fbq:1/a-b",
        "fbq:1/%2",
        "fbq:1/a/b",
        "fp:--",
        "fp:1+",
        "fp:+1",
        "FP:1",
        "fp:1 ",
        "fp:\u0661",
        "fp:1\n",
    ],
)
def test_any_other_text_is_no_key(text: str) -> None:
    with pytest.raises(SnippetError, match="is not a key"):
        Key(text)


@pytest.mark.parametrize(
    "pixel_id", ["YOUR_PIXEL_ID", "{{ pixel_id }}", "<?= $id ?>", " 1", "1+2", "\u0661", "-1", "1.0"]
)
def test_a_pixel_that_is_not_told_by_its_number_has_no_key_and_no_insertion(pixel_id: str) -> None:
    reason = f"the fp code has {pixel_id!r} where its pixel's number goes"
    for make in (lambda: Key.of("fp", "1", pixel_id), lambda: _insertion(pixel_id)):
        with pytest.raises(SnippetError) as error:
            make()
        assert str(error.value) == reason
        assert error.value.hint == "put the pixel's number there; 'snippetkit pixels list' shows it"


def _insertion(pixel_id: str) -> Insertion:
    return Insertion.from_blocks({Part.SCRIPT: "<script></script>"}, [Snippet("fp", pixel_id, None, None, "")])


_NO_INIT = "".join(
    line for line in PURCHASE.splitlines(keepends=True) if "'init'" not in line and "noscript" not in line
)
_SERVER_VALUES = {"{{": "--server-values=jinja", "<?": "--server-values=php"}
_NO_ID = "<script>\nwindow.fb_param = {};\nwindow.fb_param.value = '19.99';\n</script>\n"


@pytest.mark.wide
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        *(
            (
                CODES[name].replace(id_, placeholder),
                f":2:1: the {name} code has {placeholder!r} where its pixel's number",
            )
            for name, id_ in (("fp", PIXEL_ID), ("fbds", PIXEL_ID), ("fbq", META_ID))
            for placeholder in ("{{ pixel_id }}", "<?= $id ?>")
        ),
        (CODES["fp"].replace(PIXEL_ID, "YOUR_PIXEL_ID"), ":2:1: the fp code has 'YOUR_PIXEL_ID' where its pixel's"),
        (CODES["fbq"].replace(META_ID, "YOUR_PIXEL_ID"), ":2:1: the fbq code has 'YOUR_PIXEL_ID' where its pixel's"),
        (CODES["fbds"].replace(PIXEL_ID, "YOUR_PIXEL_ID"), " has an audience pixel, not a conversion pixel's code"),
        (CODES["fp"].replace(PIXEL_ID, ""), ":2:1: the fp code names no pixel; "),
        (_NO_INIT, ":1:1: the fbq code names no pixel; "),
        (_NO_ID, ":1:1: the fp code names no pixel; "),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--adopt", "--force"], ["--template", "clean"], ["--check"]])
def test_code_that_has_no_key_is_refused_with_its_place_before_a_page_is_written(
    run: Run, code: str, reason: str, arguments: list[str]
) -> None:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(code)
    told = [option for mark, option in _SERVER_VALUES.items() if mark in code]
    ran = run("inject", "page.html", "--from-file", "code.html", *told, *arguments)
    assert ran.code == 6
    assert ran.err.startswith(f"error: code.html{reason}")
    assert ran.err.count("\n") == 1
    assert Path("page.html").read_text() == PAGE


def test_the_same_code_with_the_pixels_number_is_taken(run: Run) -> None:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(JS_PIXEL)
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    assert run("remove", "page.html", "--key", f"fp:{PIXEL_ID}").code == 0
    assert Path("page.html").read_text() == PAGE


def test_what_is_no_key_is_refused_on_the_command_line(run: Run) -> None:
    ran = run("remove", "page.html", "--key", "fp:x")
    assert ran.code == 2
    assert "'fp:x' is not a key: a key is dialect:id; 'snippetkit status' shows it" in ran.err
