"""Marked regions: what a person does to them, what stands beside them, and what only looks like one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import inject
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion, PlanOptions
from snippetkit.key import Key
from snippetkit.model import Loaded
from snippetkit.terms import Part, Placement
from tests.conftest import PIXEL_ID
from tests.pages import (
    COMBINE,
    KEY,
    hostile_pages,
    insertion_of,
    kin,
    make_insertion,
    make_options,
    pages,
    put,
    take_out,
    why_refused,
)
from tests.pixels import CODES, code_of
from tests.tagsoup import mutations, soups

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
INSERTION = make_insertion()
BEGIN, END = b"<!-- snippetkit:begin", b"<!-- snippetkit:end"
DONE = put(PAGE, INSERTION)
PLACEMENTS = pytest.mark.parametrize("placement", [*Placement])


def _region(page: bytes, part: str) -> bytes:
    """The lines of one region."""
    start, end = page.index(BEGIN + f" {KEY} {part} ".encode()), page.index(END + f" {KEY} {part} -->".encode())
    return page[page.rindex(b"\n", 0, start) + 1 : page.index(b"\n", end) + 1]


SCRIPT, NOSCRIPT = _region(DONE, "script"), _region(DONE, "noscript")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"19.99';", b"9.99';", "line 5, column 3"),
        (b"fb_param.currency", b"// fb_param.currency", "line 5, column 3"),
        (b"<noscript>", b"<noscript>mine < yours", "line 22, column 3"),
        (b"<script ", b"mine < yours <script ", "line 5, column 3"),
        (b"</script>", b"</script><script>mine()</script><IMG src=mine>", "line 5, column 3"),
    ],
    ids=["a value", "a comment", "the noscript", "text beside the script", "elements beside the script"],
)
def test_a_hand_edit_is_refused_with_its_place_and_force_takes_it(old: bytes, new: bytes, place: str) -> None:
    edited = DONE.replace(old, new, 1)
    edited_by_hand = f"{place}: this snippetkit region was edited by hand; --force"
    assert why_refused(edited, INSERTION).startswith(edited_by_hand)
    with pytest.raises(PageRefusedError, match=edited_by_hand):
        take_out(edited)
    assert put(edited, INSERTION, make_options(force=True)) == DONE
    assert take_out(edited, force=True) == PAGE


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (b"<script ", b"<p>mine</p><script ", "<p>"),
        (b"<script ", b"</head><body class=shop onload=go()><script ", "</head>"),
        (b"</noscript>", b"</noscript></HEAD\n><body>", "</HEAD >"),
        (b"<noscript>", b"<body class=shop><noscript>", "<body class=shop>"),
        (b"<noscript>", b"", "</noscript>"),
        (b"</noscript>", b'<a href="/m">m</a></noscript>', '<a href="/m">'),
        (b"<noscript>", b"<noscript><!-- mine -->", "<!-- mine -->"),
        (b"<noscript>", b"<noscript><iframe src=mine></iframe>", "<iframe src=mine>"),
        (b"<noscript>", b"<noscript><?php mine() ?>", "<?php mine() ?>"),
        (b"</noscript>", b"<? if (1 ></noscript>", "<? if (1 >"),
        (b"</script>", b"", '<script type="text/javascript">'),
        (b"<script ", b"<!-- mine --><script ", "<!-- mine -->"),
        (b"<script ", b"<iframe></iframe><script ", "<iframe>"),
        (b"<script ", b"<? mine ?><script ", "<? mine ?>"),
        (b"<script ", b"<% mine %><script ", "<% mine %>"),
        (b"<script ", b"{% endblock %}<script ", "{% endblock %}"),
        (b"<script ", b"<svg><script ", "<svg>"),
        (b"<script ", b"<style>a { b: c }</style><script ", "<style>"),
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_what_a_region_holds_beside_code_is_never_cut_out(old: bytes, new: bytes, shown: str, force: bool) -> None:
    part = b"script" if b"noscript" not in old else b"noscript"
    line = 5 if part == b"script" else 22
    edited = DONE.replace(old, new, 1)
    told = f"line {line}, column 3: this snippetkit region holds more than code: {shown}; move that out by hand"
    for insertion in (INSERTION, make_insertion("5.00"), make_insertion(pixel_id="6009125095681")):
        for placement in Placement:
            options = make_options(placement, force=force, server_code=True, combine=COMBINE)
            assert why_refused(edited, insertion, options) == told
    with pytest.raises(PageRefusedError) as refusal:
        take_out(edited, force=force)
    assert str(refusal.value) == told


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_body_tag_that_a_parser_moved_into_a_region_stays(newline: bytes) -> None:
    """A parser without scripting ends the head at the image of a noscript in it."""
    page = PAGE.replace(b"<body>", b'<body class="shop" onload="go()">').replace(b"\n", newline)
    options = PlanOptions(dict.fromkeys(Part, Placement.HEAD_BOTTOM), force=True)
    moved = turbohtml.parse(put(page, INSERTION, options).decode(), scripting=False).serialize().encode()
    assert re.search(rb'begin.*<noscript></noscript></head><body class="shop" onload="go\(\)"><img.*end', moved, re.S)
    for insertion in (INSERTION, make_insertion("5.00")):
        for each in (options, make_options(force=True)):
            assert "holds more than code: </head>; move that out by hand" in why_refused(moved, insertion, each)
    with pytest.raises(PageRefusedError, match="holds more than code: </head>"):
        take_out(moved, force=True)


def test_the_body_tag_that_a_region_brought_goes_with_it_however_it_was_edited() -> None:
    page = b"<!doctype html>\n<title>x</title>\n<p>x\n"
    edited = put(page, INSERTION).replace(b"<noscript>", b"<noscript> ")
    assert edited.count(b"<body>") == 1
    assert take_out(edited, force=True) == page


def test_an_edited_region_of_another_pixel_is_left_to_its_pixel() -> None:
    other = insertion_of(CODES["fbds"])
    both = put(DONE, other)
    edited = both.replace(b"fb_param.value = '19.99'", b"fb_param.value = '1.00'")
    assert b"fbds" not in take_out(edited, keys=[other.key])
    assert put(take_out(edited, keys=[other.key]), other) == edited


_LOST = "this snippetkit region has lost its end marker; delete its lines by hand"
_UNKNOWN = "a snippetkit marker that was changed by hand; delete the lines it marks by hand"
_ALONE = b"<!-- snippetkit:begin fp:6009125095681 script head-bottom sha256=0123456789abcdef -->"
_ENDS = [END + f" {KEY} {part} -->".encode() for part in Part]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(DONE.replace(_ENDS[0], b""), f"line 5, column 3: {_LOST}", id="no end"),
        pytest.param(DONE.replace(_ENDS[1], b""), f"line 22, column 3: {_LOST}", id="no end of the noscript"),
        pytest.param(DONE.replace(_ENDS[0], END + b" fp:1 script -->"), f"line 5, column 3: {_LOST}", id="other end"),
        pytest.param(DONE.replace(b"</body>", SCRIPT + b"</body>"), "script region of fp:6009125095680 is", id="copy"),
        pytest.param(
            DONE.replace(b"  <p>", NOSCRIPT + b"  <p>"), "noscript region of fp:6009125095680 is", id="copies"
        ),
        pytest.param(DONE.replace(b" head-bottom", b""), f"line 5, column 3: {_UNKNOWN}", id="no placement"),
        pytest.param(DONE.replace(b"head-bottom", b"here"), f"line 5, column 3: {_UNKNOWN}", id="no such placement"),
        pytest.param(DONE.replace(b"begin fp:", b"begin fp:x"), f"line 5, column 3: {_UNKNOWN}", id="no such key"),
        pytest.param(DONE.replace(SCRIPT.split(b"\n")[0], b""), f"line 19, column 3: {_UNKNOWN}", id="no begin"),
        pytest.param(
            DONE.replace(b"  <p>", b"<!-- snippetkit: hi -->"), f"line 25, column 1: {_UNKNOWN}", id="unknown"
        ),
        pytest.param(PAGE.replace(b"</body>", _ALONE + b"</body>"), f"line 8, column 1: {_LOST}", id="a begin alone"),
        pytest.param(PAGE + _ALONE, f"line 10, column 1: {_LOST}", id="a begin behind the page"),
    ],
)
def test_what_is_no_whole_region_is_refused_by_both_commands_whatever_the_force(page: bytes, reason: str) -> None:
    for force in (False, True):
        assert reason in why_refused(page, make_insertion("5.00"), make_options(force=force))
        with pytest.raises(PageRefusedError) as refusal:
            take_out(page, force=force)
        assert reason in str(refusal.value)


TEXTS = [
    b"<script>var text = '%s';</script>",
    b"<textarea>%s</textarea>",
    b"<style>/* %s */</style>",
    b"<!-- was: %s",
    b"<p title='%s'>",
    b"<xmp>%s</xmp>",
    b"<iframe>%s</iframe>",
    b"<noscript><!-- x --><textarea>%s</textarea></noscript>",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("marker", [BEGIN + b" x -->", SCRIPT.split(b"\n")[0].strip(), END + b" fp:1 script -->"])
def test_a_marker_in_a_text_is_text_and_stays(text: bytes, marker: bytes) -> None:
    page = PAGE.replace(b"  <p>", text % marker + b"\n  <p>")
    assert take_out(page) == page
    done = put(page, INSERTION)
    assert text % marker in done
    assert take_out(done) == page


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n", b"\r\n"),
        (b"\n", b"\r"),
        (b"\n  ", b"\n\t\t"),
        (b"\n  ", b"\n"),
        (b"\n", b" \n"),
    ],
    ids=["CRLF", "CR", "tabs", "no indentation", "blanks at the ends"],
)
def test_a_page_in_another_format_is_no_hand_edit(old: bytes, new: bytes) -> None:
    formatted, expected = DONE.replace(old, new), PAGE.replace(old, new)
    assert take_out(formatted) == expected
    assert take_out(put(formatted, INSERTION)) == expected
    assert b"'5.00'" in put(formatted, make_insertion("5.00"))


@pytest.mark.parametrize(
    "moved",
    [
        PAGE.replace(b"  <p>x</p>\n", NOSCRIPT + b"  <p>x</p>\n" + SCRIPT),
        PAGE.replace(b"  <title>", SCRIPT + NOSCRIPT + b"  <title>"),
        PAGE.replace(b"  <p>x</p>\n", SCRIPT + NOSCRIPT + b"  <p>x</p>\n"),
        PAGE.replace(b"  <title>", NOSCRIPT + b"  <title>").replace(b"  <p>x</p>\n", b"  <p>x</p>\n" + SCRIPT),
    ],
    ids=["the script into the body", "the noscript into the head", "both into the body", "each into the other half"],
)
def test_a_region_moved_by_hand_into_the_other_half_is_moved_back(moved: bytes) -> None:
    assert put(moved, INSERTION) == DONE
    assert take_out(moved) == PAGE


def test_a_region_moved_by_hand_within_its_half_stays_there_and_is_updated() -> None:
    moved = PAGE.replace(b"  <title>", SCRIPT + b"  <title>").replace(b"  <p>x</p>\n", b"  <p>x</p>\n" + NOSCRIPT)
    assert put(moved, INSERTION) == moved
    updated = put(moved, make_insertion("5.00"))
    assert updated.index(BEGIN) == moved.index(BEGIN)
    assert (updated.count(b"19.99"), updated.count(b"5.00")) == (0, 2)
    assert take_out(updated) == PAGE


@PLACEMENTS
@pytest.mark.parametrize("part", [*Part])
def test_a_part_that_is_not_wanted_any_more_goes_and_comes_back(placement: Placement, part: Part) -> None:
    options = make_options(placement)
    alone = replace(INSERTION, parts={part: INSERTION.parts[part]})
    both = put(PAGE, INSERTION, options)
    assert put(both, alone, options) == put(PAGE, alone, options)
    back = put(put(both, alone, options), INSERTION, options)
    assert sorted(back.split(b"\n")) == sorted(both.split(b"\n"))
    assert take_out(back) == PAGE


@pytest.mark.parametrize(
    "script",
    [
        b"<script>\nvar text = `a\n  b`;\n</script>",
        b"<script>\nvar text = 'a\\\n  b';\n</script>",
        b"<script\n  id='x\n   y'>\nx();\n</script>",
        b'<script src="x"\n>\n</script>',
    ],
    ids=["a template literal", "a continued string", "an attribute", "a tag"],
)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_line_break_inside_a_string_or_a_tag_is_not_indented(script: bytes, newline: bytes) -> None:
    insertion = replace(INSERTION, parts={Part.SCRIPT: script})
    page = PAGE.replace(b"\n", newline)
    done = put(page, insertion)
    assert newline + script.replace(b"\n", newline) + newline in done
    assert newline + b"  " + BEGIN in done
    assert take_out(done) == page


DIALECTS = [insertion_of(CODES["fp"]), insertion_of(CODES["fbds"]), insertion_of(CODES["fbq"])]
any_placement = st.sampled_from([*Placement])
two_dialects = st.permutations(["fp", "fbds", "fbq"]).map(lambda dialects: dialects[:2])
any_two = st.builds(
    lambda dialects, ids: [insertion_of(code_of(*one)) for one in zip(dialects, ids, strict=True)],
    two_dialects,
    kin(may_be_equal=True),
)


@given(pages(), any_placement, any_two)
def test_two_dialects_live_on_one_page_and_each_goes_alone(
    page: bytes, placement: Placement, insertions: list[Insertion]
) -> None:
    first, second = insertions
    options = make_options(placement)
    with_first, with_second = put(page, first, options), put(page, second, options)
    both = put(with_first, second, options)
    assert put(both, first, options) == both
    assert take_out(both, keys=[second.key]) == with_first
    assert _unindented(take_out(both, keys=[first.key])) == _unindented(with_second)
    assert take_out(both) == page


@given(st.one_of(soups(), mutations(), hostile_pages()), any_placement, any_placement, st.booleans(), any_two)
def test_of_two_dialects_on_tag_soup_each_goes_alone(
    page: bytes, one: Placement, other: Placement, server_code: bool, insertions: list[Insertion]
) -> None:
    first, second = insertions
    first_terms = make_options(one, server_code=server_code, fragments=True)
    second_terms = make_options(other, server_code=server_code, fragments=True)
    try:
        with_first, with_second = put(page, first, first_terms), put(page, second, second_terms)
    except PageRefusedError:
        return
    both = put(with_first, second, second_terms)
    assert put(both, first, first_terms) == both
    assert take_out(both, keys=[second.key]) == with_first
    assert _unindented(take_out(both, keys=[first.key])) == _unindented(with_second)
    assert take_out(both) == page


def _unindented(page: bytes) -> list[bytes]:
    """The lines of a page: the first of two regions at the end of a body has its own neighbour to be indented as."""
    return [line.strip() for line in page.splitlines()]


@PLACEMENTS
def test_each_of_two_dialects_is_updated_alone(placement: Placement) -> None:
    fp, fbds, _ = DIALECTS
    options = make_options(placement)
    for first, second in ((fp, fbds), (fbds, fp)):
        both = put(put(PAGE, first, options), second, options)
        new = insertion_of(CODES[first.dialect].replace("19.99", "5.00"))
        updated = put(both, new, options)
        assert updated == put(put(PAGE, new, options), second, options)
        assert take_out(updated, keys=[new.key]) == put(PAGE, second, options)


IMPLIED = [
    b"<!doctype html><title>x</title><p>x",
    b"<!doctype html>\n<title>x</title>\n\n<p>x</p>\n",
    b"<!doctype html>\r\n<html>\r\n<meta charset=utf-8>\r\n<h1>x</h1></html>\r\n",
    b"<!doctype html><head><title>x</title></head>text",
    b"<!doctype html>\n<head>\n  <title>x</title>\n</head>\n\n  <p>x</p>\n</html>",
    b"<!doctype html>",
    b"<html></html>\n",
    b"\xef\xbb\xbf<!doctype html>\n<!-- x -->\n<p>x",
]
BODIES = [Placement.BODY_TOP, Placement.BODY_BOTTOM]


@pytest.mark.parametrize("page", IMPLIED)
@PLACEMENTS
def test_a_region_at_an_implied_body_brings_one_body_tag_and_takes_it_along(page: bytes, placement: Placement) -> None:
    options = make_options(placement)
    done = put(page, INSERTION, options)
    assert done.count(b"<body>") == 1
    assert done.index(BEGIN) < done.index(b"<body>") < done.rindex(END)
    assert put(done, make_insertion("5.00"), options) == put(page, make_insertion("5.00"), options)
    assert take_out(done) == page


@pytest.mark.parametrize("page", IMPLIED)
@PLACEMENTS
def test_a_part_at_an_implied_body_comes_and_goes_with_the_body_tag(page: bytes, placement: Placement) -> None:
    options = make_options(placement)
    alone = replace(INSERTION, parts={Part.SCRIPT: INSERTION.parts[Part.SCRIPT]})
    both = put(page, INSERTION, options)
    assert put(both, alone, options) == put(page, alone, options)
    assert put(put(page, alone, options), INSERTION, options) == both


@pytest.mark.parametrize("page", IMPLIED)
def test_two_dialects_at_an_implied_body_go_alone(page: bytes) -> None:
    fp, fbds, _ = DIALECTS
    for first, second in ((fp, fbds), (fbds, fp)):
        both = put(put(page, first), second)
        assert take_out(both, keys=[second.key]) == put(page, first)
        assert take_out(both, keys=[first.key]) == put(page, second)
        assert take_out(both) == page


def test_a_second_region_of_one_key_in_text_hides_nothing() -> None:
    page = DONE.replace(b"  <p>", b"<textarea>" + SCRIPT + b"</textarea>\n  <p>")
    assert inject.plan(Loaded(page), INSERTION, PlanOptions()) == []
    assert take_out(page) == PAGE.replace(b"  <p>", b"<textarea>" + SCRIPT + b"</textarea>\n  <p>")


def test_a_key_or_a_pixel_that_is_not_there_takes_nothing_out() -> None:
    assert take_out(DONE, keys=[Key("fbds:1")]) == take_out(DONE, pixel_ids=["1"]) == DONE
    assert take_out(DONE, keys=[KEY]) == take_out(DONE, pixel_ids=[PIXEL_ID]) == PAGE
