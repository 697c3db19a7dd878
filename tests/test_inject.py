"""The laws of injection, over generated pages, and the pages in `cases/pages` as they are before and after."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from snippetkit import inject
from snippetkit.errors import PageRefusedError
from snippetkit.model import Edit
from snippetkit.terms import Part
from tests.conftest import CASES
from tests.pages import KEY, SNIPPET, make_insertion, pages, tree

INSERTION = make_insertion()
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
_NEWLINES = re.compile(rb"\r\n|\r|\n")


def _inject(page: bytes, value: str = "19.99") -> bytes:
    return inject.apply(page, inject.plan(page, make_insertion(value)))


def _cut_out(after: bytes, insertions: list[Edit]) -> bytes:
    """An edited page without what was inserted, found by the offsets alone."""
    for edit in insertions:
        assert edit.start == edit.end
        after = after[: edit.start] + after[edit.start + len(edit.new) :]
    return after


@given(pages())
def test_law_1_bytes_outside_the_edits_are_identical(page: bytes) -> None:
    edits = inject.plan(page, INSERTION)
    assert len(edits) == 2
    assert _cut_out(inject.apply(page, edits), edits) == page


@given(pages())
def test_law_2_planning_on_the_result_gives_no_edits_and_a_new_value_updates_in_place(page: bytes) -> None:
    once = _inject(page)
    assert inject.plan(once, INSERTION) == []
    assert _inject(once, "5.00") == _inject(page, "5.00")


@given(pages())
def test_law_3_removal_gives_the_original_bytes_back(page: bytes) -> None:
    once = _inject(page)
    assert inject.apply(once, inject.plan_removal(once)) == page
    updated = _inject(once, "123456.00")
    assert inject.apply(updated, inject.plan_removal(updated)) == page
    assert inject.plan_removal(page) == []


@given(pages())
def test_law_5_inserted_lines_have_the_newline_and_the_indentation_of_their_neighbours(page: bytes) -> None:
    newlines = set(_NEWLINES.findall(page)) or {b"\n"}
    for edit in inject.plan(page, INSERTION):
        assert set(_NEWLINES.findall(edit.new)) <= newlines
        if edit.new.endswith((b"\r", b"\n")):
            indent = edit.new[: len(edit.new) - len(edit.new.lstrip(b" \t"))]
            lines = [line for line in _NEWLINES.split(edit.new) if line]
            assert all(line.startswith(indent) for line in lines)


@given(pages())
def test_law_6_a_parser_sees_the_script_in_the_head_and_every_other_node_as_before(page: bytes) -> None:
    parts = {Part.SCRIPT: b'<script id="ours">1</script>', Part.NOSCRIPT: b'<noscript id="ours"></noscript>'}
    after = inject.apply(page, inject.plan(page, inject.Insertion(KEY, parts)))
    for scripting in (True, False):
        ours = [name for name, _, attributes in tree(after, scripting=scripting) if ("id", "ours") in attributes]
        assert ours == ["<script> in <head>", "<noscript> in <body>"]
        assert tree(after, scripting=scripting, without=("ours",)) == tree(page, scripting=scripting)


@pytest.mark.parametrize("name", sorted(path.stem for path in (CASES / "pages").glob("*.before")))
def test_whole_pages(name: str) -> None:
    before = (CASES / "pages" / f"{name}.before").read_bytes()
    after = (CASES / "pages" / f"{name}.after").read_bytes()
    assert _inject(before) == after
    assert inject.apply(after, inject.plan_removal(after)) == before


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"'19.99'", b"'1.00'", "edited by hand"),
        (b"<noscript>", b"<noscript> <!-- x -->", "edited by hand"),
        (b"sha256=", b"sha256=0", "a snippetkit marker where snippetkit puts none"),
        (b"<!-- snippetkit:end fp:6009125095680 script -->", b"", "lost its end marker"),
        (b"<!-- snippetkit:begin fp:6009125095680 script", b"<!-- begin", "a snippetkit marker where snippetkit"),
        (b"</body>", b"<!-- snippetkit:begin -->", "a snippetkit marker where snippetkit puts none"),
        (b"  <!-- snippetkit:begin fp:6009125095680 noscript", b"<p><!-- snippetkit:begin fp:6009125095680 noscript",
         "a snippetkit marker where snippetkit puts none"),
    ],
)  # fmt: skip
def test_law_4_a_region_that_is_not_as_it_was_made_is_refused(old: bytes, new: bytes, reason: str) -> None:
    page = _inject(PAGE)
    assert old in page
    for plan in (lambda data: inject.plan(data, INSERTION), inject.plan_removal):
        with pytest.raises(PageRefusedError, match=reason):
            plan(page.replace(old, new, 1))


def test_a_region_that_was_copied_or_moved_is_refused() -> None:
    page = _inject(PAGE)
    script = page[page.index(b"  <!-- snippetkit:begin") : page.index(b"</head>")]
    noscript = page[page.index(b"<body>\n") + 7 : page.index(b"  <p>x</p>")]
    for wrong in (
        page.replace(script, script * 2),
        page.replace(noscript, noscript * 2),
        page.replace(script, b"").replace(noscript, script + noscript),
    ):
        with pytest.raises(PageRefusedError, match="a snippetkit marker where snippetkit puts none"):
            inject.plan(wrong, INSERTION)


def test_the_line_of_a_refusal_is_the_line_in_the_page() -> None:
    page = _inject(PAGE).replace(b"'19.99'", b"'1.00'")
    with pytest.raises(PageRefusedError) as info:
        inject.plan(page, INSERTION)
    assert page.split(b"\n")[info.value.line - 1][info.value.column - 1 :].startswith(b"<!-- snippetkit:begin")


@pytest.mark.parametrize(("old", "new"), [(b"\n", b"\r\n"), (b"\n  ", b"\n\t\t"), (b"\n  ", b"\n")])
def test_a_changed_newline_or_indentation_is_no_hand_edit(old: bytes, new: bytes) -> None:
    page, reformatted = PAGE.replace(old, new), _inject(PAGE).replace(old, new)
    assert inject.apply(reformatted, inject.plan_removal(reformatted)) == page
    assert b"5.00" in _inject(reformatted, "5.00")


def test_a_second_pixel_of_the_dialect_is_refused_because_not_both_would_report_right() -> None:
    other = inject.Insertion("fp:434566956589050", INSERTION.parts, INSERTION.traces)
    with pytest.raises(
        PageRefusedError, match=r"line 5, .* carries fp:6009125095680; two such pixels on one page would not"
    ):
        inject.plan(_inject(PAGE), other)


@pytest.mark.parametrize("code", ["<script>var fb_param = {};</script>", SNIPPET.noscript])
def test_a_page_that_carries_such_code_already_is_refused(code: str) -> None:
    page = PAGE.replace(b"<p>x</p>", code.encode())
    with pytest.raises(PageRefusedError, match=r"line 7, .* carries conversion code already"):
        inject.plan(page, INSERTION)


def test_only_line_breaks_count_as_line_breaks() -> None:
    code = "<script>// a\u2028b\x0b\x0c\x85\r\nc\rd</script>"
    insertion = inject.Insertion.from_blocks(KEY, {"script": code}, ())
    assert insertion.parts == {Part.SCRIPT: "<script>// a\u2028b\x0b\x0c\x85\nc\nd</script>".encode()}


def test_a_part_that_is_no_longer_wanted_goes_and_comes_back() -> None:
    script_only = inject.Insertion(KEY, {Part.SCRIPT: INSERTION.parts[Part.SCRIPT]})
    page = _inject(PAGE)
    without = inject.apply(page, inject.plan(page, script_only))
    assert b"offsite_event" not in without
    assert b"fb_param" in without
    assert _inject(without) == page


@pytest.mark.parametrize(
    "code",
    ["<script>var x = `a\nb`</script>", "<script>var x = 'a\\\nb'</script>", "<script type='a\nb'></script>"],
)
def test_a_line_break_inside_a_string_or_an_attribute_is_not_indented(code: str) -> None:
    insertion = inject.Insertion(KEY, {Part.SCRIPT: code.encode()})
    page = inject.apply(PAGE, inject.plan(PAGE, insertion))
    assert code.encode() in page
    assert inject.apply(page, inject.plan_removal(page)) == PAGE
