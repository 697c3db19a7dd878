"""Code on a page that no region of ours holds: told with its place, or replaced by ours; never doubled."""

from __future__ import annotations

import re

import pytest

from snippetkit import inject, snippets
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion, find_code
from snippetkit.model import Loaded
from snippetkit.terms import Placement
from tests.conftest import JS_PIXEL, PIXEL_ID
from tests.pages import COMBINE, as_new, insertion_of, make_options, put, take_out, why_refused
from tests.pixels import CODES, EVERY_CODE, META_ID

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
OTHER_ID = "6009125095681"
ADOPT = make_options(adopt=True, combine=COMBINE)
FORCED = make_options(adopt=True, combine=COMBINE, force=True, server_code=True)
SCRIPT, NOSCRIPT = re.findall(r"<script.*</script>|<noscript.*</noscript>", CODES["fp"], re.DOTALL)
IMAGE = NOSCRIPT.removeprefix("<noscript>").removesuffix("</noscript>")
FP = insertion_of(CODES["fp"])
DONE = put(PAGE, FP)
DIALECTS = pytest.mark.parametrize("name", CODES)


def _with(head: str = "", body: str = "", page: bytes = PAGE) -> bytes:
    """The page with something on lines of its own in its head and in its body."""
    return page.replace(b"</head>", head.encode() + b"</head>").replace(b"  <p>", body.encode() + b"  <p>")


def _told(page: bytes) -> list[tuple[str, str]]:
    return [(found.dialect, found.pixel_id) for found in snippets.read(page.decode("utf-8", "surrogateescape"))]


@DIALECTS
def test_code_of_the_pixel_is_refused_with_its_line_and_what_to_do_next(name: str) -> None:
    insertion = insertion_of(CODES[name])
    comment = CODES[name].startswith("<!--")
    assert why_refused(_with(body=CODES[name]), insertion) == (
        f"line {7 + comment}, column 1: the page carries unmarked code of {insertion.key}; "
        "--adopt puts marked code in its place"
    )


@DIALECTS
def test_code_that_is_adopted_gives_way_to_ours_and_a_second_run_changes_nothing(name: str) -> None:
    code = snippets.without_nonce(CODES[name])  # one that stands on the page stays there
    script, noscript, *_ = re.findall(r"<script.*?</script>|<noscript.*?</noscript>", code, re.DOTALL)
    insertion = insertion_of(code)
    for page in (
        _with(body=f"{script}\n{noscript}\n"),
        _with(head=f"{script}\n", body=f"  {noscript}\n"),
        _with(head=f"  {script}{noscript}\n"),
        _with(head=f"{noscript}  \n", body=f"\t{script} \n"),
        _with(body=f"{script} {noscript}\n"),
        _with(body=f"{noscript}\n"),
        _with(body=f"{script}\n{script}\n"),
    ):
        assert as_new(put(page, insertion, ADOPT)) == put(PAGE, insertion)


@pytest.mark.parametrize(
    "code",
    [
        SCRIPT,
        NOSCRIPT,
        IMAGE,
        f"<NOSCRIPT>{IMAGE}</NOSCRIPT >",
        SCRIPT.replace("<script", "<SCRIPT").replace("</script>", "</SCRIPT\n>"),
        f"<noscript>\n  {IMAGE}\n</noscript>",
        f"<noscript>{IMAGE}{IMAGE}</noscript>",
        SCRIPT.replace("19.99", "5.00"),
        SCRIPT.replace("\n", "\r\n"),
    ],
    ids=["script", "noscript", "image", "upper case", "upper-case script", "lines", "twice", "other value", "CRLF"],
)
@pytest.mark.parametrize("before", ["", "text ", "  "])
def test_each_half_alone_is_told_and_adopted(code: str, before: str) -> None:
    page = _with(body=f"{before}{code}\n")
    assert "--adopt puts marked code in its place" in why_refused(page, FP)
    rest = f"{before}\n" if before.strip() else ""
    assert as_new(put(page, FP, ADOPT)) == put(_with(body=rest), FP)


def test_what_stands_on_the_same_line_stays() -> None:
    page = _with(body=f"<p>a</p>{SCRIPT}<p>b</p>{NOSCRIPT}<!-- c -->\n")
    assert take_out(put(page, FP, ADOPT)) == _with(body="<p>a</p><p>b</p><!-- c -->\n")


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8", "shift_jis"])
def test_bytes_of_any_encoding_around_the_code_stay(newline: bytes, encoding: str) -> None:
    text = {"windows-1252": "éß€", "utf-8": "é☃", "shift_jis": "表能ソ"}[encoding].encode(encoding)
    page = PAGE.replace(b"x</title>", text + b"</title>").replace(b"</body>", text + b"</body>")
    full = _with(body=f"{SCRIPT}\n{NOSCRIPT}\n", page=page.replace(b"  <p>", text + b"\n  <p>"))
    expected = page.replace(b"  <p>", text + b"\n  <p>")
    page, full, expected = (data.replace(b"\n", newline) for data in (page, full, expected))
    assert take_out(put(full, FP, ADOPT)) == expected


OTHER_FP = CODES["fp"].replace(PIXEL_ID, OTHER_ID)
OTHER_IMAGE = IMAGE.replace(PIXEL_ID, OTHER_ID)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            SCRIPT.replace("'19.99'", "total()"),
            "its value is set while the page is built or shown (--force replaces it)",
        ),
        (f"<noscript>{IMAGE}<p>please switch it on</p></noscript>", "its noscript holds something else too"),
        (f"<noscript>{IMAGE}please</noscript>", "its noscript holds something else too"),
        (f"<noscript>{IMAGE}<!-- please --></noscript>", "the noscript holds more than images"),
        (f"<noscript>{IMAGE}<img src='logo.png'></noscript>", "an image in the noscript that reports nothing"),
        (f"<noscript>{IMAGE}<img src='https://x.example/a'></noscript>", "the img loads from x.example"),
        (f"<noscript>{IMAGE}{OTHER_IMAGE}</noscript>", "its script or its noscript reports for other pixels too"),
    ],
)
def test_code_that_is_more_than_the_pixels_is_not_adopted(code: str, reason: str) -> None:
    told = why_refused(_with(body=f"{code}\n"), FP, ADOPT)
    assert "line 7, column 1: unmarked code of " in told
    assert f"that cannot be adopted: {reason}" in told
    assert told.endswith("; take it out by hand")


def test_a_script_of_several_pixels_is_not_adopted() -> None:
    fbds = insertion_of(CODES["fbds"])
    two = CODES["fbds"].replace("\n</script>", f"\nwindow._fbq.push(['track', '{OTHER_ID}', {{}}]);\n</script>")
    assert "reports for other pixels too; take it out by hand" in why_refused(_with(body=two), fbds, ADOPT)


@pytest.mark.parametrize("dynamic", ["<?= $total ?>", "<%= total %>", "{{ total }}"])
def test_a_value_that_is_set_elsewhere_is_replaced_with_force_only(dynamic: str) -> None:
    code = CODES["fp"].replace("19.99", dynamic)
    page = _with(body=code)
    adopt = make_options(adopt=True, combine=COMBINE, server_code=True)
    assert "its value is set while the page is built or shown (--force replaces it)" in why_refused(page, FP, adopt)
    assert as_new(put(page, FP, FORCED)) == put(_with(body=code.partition("\n")[0] + "\n"), FP)


@pytest.mark.parametrize("code", [OTHER_FP, SCRIPT.replace(PIXEL_ID, OTHER_ID)])
def test_code_of_another_pixel_that_would_clobber_is_refused_whether_or_not_it_may_be_adopted(code: str) -> None:
    reason = f"the page carries unmarked code of fp:{OTHER_ID}; beside fp:{PIXEL_ID} they cannot both report correctly"
    for options in (None, ADOPT, FORCED):
        assert why_refused(_with(body=code), FP, options).endswith(reason)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fbds", CODES["fbds"].replace(PIXEL_ID, OTHER_ID)),
        ("fbds", EVERY_CODE["audience"]),
        ("fbds", CODES["fp"].replace(PIXEL_ID, OTHER_ID)),
        ("fp", CODES["fbds"].replace(PIXEL_ID, OTHER_ID)),
        ("fp", EVERY_CODE["image"].replace(PIXEL_ID, OTHER_ID)),
        ("fbq", CODES["fp"]),
    ],
)
def test_code_of_another_pixel_that_does_no_harm_is_let_be(name: str, code: str) -> None:
    page = _with(body=code)
    insertion = insertion_of(CODES[name])
    for options in (None, ADOPT):
        done = put(page, insertion, options)
        assert code.encode() in done
        assert take_out(done) == page


@pytest.mark.parametrize("old", ["fp", "fbds", "image"])
@pytest.mark.parametrize("new", ["fp", "fbds"])
def test_the_pixels_code_in_another_dialect_is_told_and_adopted_too(old: str, new: str) -> None:
    page, insertion = _with(body=EVERY_CODE[old]), insertion_of(CODES[new])
    assert f":{PIXEL_ID}; --adopt puts marked code in its place" in why_refused(page, insertion)
    assert _told(put(page, insertion, ADOPT)) == [(new, PIXEL_ID)]


def test_what_the_page_has_of_others_stays_when_the_pixels_own_code_is_adopted() -> None:
    fbds, other = insertion_of(CODES["fbds"]), CODES["fbds"].replace(PIXEL_ID, OTHER_ID)
    page = _with(body=f"{other}{SCRIPT}\n")
    assert as_new(put(page, fbds, ADOPT)) == put(_with(body=other), fbds)


@pytest.mark.parametrize(
    "text",
    [
        "<pre>{escaped}</pre>",
        "<!-- {open} -->",
        "<textarea>{code}</textarea>",
        "<template>{code}</template>",
        "<xmp>{code}</xmp>",
        "<p title='{escaped}'>",
        "<p>The pixel 6009125095680 is ours; fb_param and offsite_event.php are its words.</p>",
    ],
)
def test_code_that_is_shown_as_text_is_no_code(text: str) -> None:
    shown = text.format(code=JS_PIXEL, escaped=JS_PIXEL.replace("<", "&lt;").replace("'", "&#39;"), open=SCRIPT)
    page = _with(body=f"{shown}\n")
    assert take_out(put(page, FP)) == page


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fp", "<script>if (paid) { fb_param = settings(); }</script>"),
        ("fp", "<script>window['fb_param'] = x;</script>"),
        ("fp", "<script src='/js/fb_param.js'></script>"),
    ],
)
def test_code_that_cannot_be_read_is_refused_rather_than_doubled(name: str, code: str) -> None:
    told = why_refused(_with(body=f"{code}\n"), insertion_of(CODES[name]), ADOPT)
    assert told.startswith("line 7, column 1: the page carries conversion code that cannot be read (")
    assert told.endswith("); take it out first")


@pytest.mark.parametrize("value", ["19.99", "5.00"])
@pytest.mark.parametrize("formatted", [False, True])
def test_unmarked_code_beside_a_region_of_ours_is_told_and_adopted_as_on_a_page_without(
    value: str, formatted: bool
) -> None:
    page = DONE.replace(b"  <p>", f"{SCRIPT}\n  <p>".encode())
    page = page.replace(b"\nfb_param", b"\n  fb_param") if formatted else page
    new = insertion_of(CODES["fp"].replace("19.99", value))
    told = "the page carries unmarked code of fp:6009125095680; --adopt puts marked code in its place"
    assert told in why_refused(page, new)
    assert told in why_refused(_with(body=f"{SCRIPT}\n"), new)
    adopted = as_new(put(page, new, ADOPT))
    assert (SCRIPT.encode() in adopted, adopted.count(value.encode())) == (False, 2)
    assert formatted or adopted == put(PAGE, new)


def _without_markers(page: bytes, part: str) -> bytes:
    """A page whose markers of one half were lost, with the lines that they stood on."""
    return re.sub(rb"[ \t]*<!-- snippetkit:(?:begin|end) [^ ]+ %b .*?-->(?:\r\n?|\n)?" % part.encode(), b"", page)


HALVES = pytest.mark.parametrize("lost", ["script", "noscript"])
PLACES = pytest.mark.parametrize("placement", [*Placement])


@pytest.mark.wide
@HALVES
@PLACES
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@DIALECTS
def test_a_half_that_lost_its_markers_is_told_by_every_command_and_adopted(
    name: str, newline: str, placement: Placement, lost: str
) -> None:
    page, insertion = PAGE.replace(b"\n", newline.encode()), insertion_of(CODES[name])
    options = make_options(placement, combine=COMBINE)
    done = put(page, insertion, options)
    halved = _without_markers(done, lost)
    assert halved.count(b"snippetkit:begin") == 1
    for code in (CODES[name], CODES[name].replace("19.99", "5.00")):
        told = why_refused(halved, insertion_of(code), options)
        assert f":{insertion.key.pixel_ids[0]}; --adopt puts marked code in its place" in told
    for chosen in ({}, {"keys": [insertion.key]}, {"pixel_ids": insertion.pixel_ids}, {"force": True}):
        with pytest.raises(PageRefusedError) as refusal:
            take_out(halved, **chosen)
        assert refusal.value.reason == (
            f"the {lost} of {insertion.key} is here without its markers, and would go on reporting; "
            "'inject --adopt' marks it again, or take it out by hand first"
        )
        assert halved[refusal.value.offset :].startswith(f"<{lost}".encode())
    states = [(one.pixel_id, str(one.state)) for one in find_code(Loaded(halved)).carried]
    assert sorted(states) == [(insertion.key.pixel_ids[0], state) for state in _states(done, lost)]
    adopted = put(halved, insertion, make_options(placement, adopt=True, combine=COMBINE))
    assert sorted(adopted.split(newline.encode())) == sorted(done.split(newline.encode()))
    assert take_out(adopted) == page


def _states(done: bytes, lost: str) -> list[str]:
    """How `status` calls the two halves: the region by where it was put, the other unmarked."""
    [placement] = re.findall(rb"begin [^ ]+ %b ([a-z-]+) " % (b"script" if lost == "noscript" else b"noscript"), done)
    return sorted([placement.decode(), "unmarked"])


@pytest.mark.parametrize("template", ["snippet", "combined"])
def test_the_lost_half_of_several_pixels_is_told_and_adopted(template: str) -> None:
    first, second = (insertion_of(code, template) for code in (CODES["fp"], OTHER_FP))
    done = put(put(PAGE, first), second)
    halved = _without_markers(done, "noscript")
    for insertion in (first, second, insertion_of(CODES["fp"].replace(PIXEL_ID, META_ID))):
        assert "; --adopt puts marked code in its place" in why_refused(halved, insertion)
        assert take_out(put(halved, insertion, ADOPT)) == PAGE
    assert as_new(put(halved, second, ADOPT)) == done
    for pixel_ids in ([], [PIXEL_ID], [OTHER_ID]):
        with pytest.raises(PageRefusedError, match=f"the noscript of fp:{PIXEL_ID}\\+{OTHER_ID} is here without"):
            take_out(halved, pixel_ids=pixel_ids)


def test_the_lost_script_of_several_pixels_is_adopted_by_all_of_them_together() -> None:
    both = [FP, insertion_of(OTHER_FP)]
    done = put(put(PAGE, both[0]), both[1])
    halved = _without_markers(done, "script")
    for insertion in both:
        for options in (None, ADOPT):
            assert f"the script of fp:{PIXEL_ID}+{OTHER_ID} is not in a region" in why_refused(
                halved, insertion, options
            )
    with pytest.raises(PageRefusedError, match="; --adopt puts marked code in its place"):
        inject.plan_all(Loaded(halved), both, make_options(combine=COMBINE))
    assert as_new(inject.apply(halved, inject.plan_all(Loaded(halved), both, ADOPT))) == done


def test_a_second_pixel_does_not_join_one_whose_half_lost_its_markers() -> None:
    other = insertion_of(OTHER_FP)
    assert f":{PIXEL_ID}; --adopt puts" in why_refused(_without_markers(DONE, "noscript"), other)
    assert f"the script of fp:{PIXEL_ID} is not in a region" in why_refused(_without_markers(DONE, "script"), other)
    assert as_new(put(_without_markers(DONE, "noscript"), other, ADOPT)) == put(DONE, other)


@pytest.mark.parametrize(
    ("half", "other"),
    [
        (insertion_of(SCRIPT), f"{OTHER_IMAGE}\n"),
        (insertion_of(SCRIPT), f"<textarea>{NOSCRIPT}</textarea>\n"),
        (insertion_of(SCRIPT), f"<p>{PIXEL_ID}</p>\n"),
        (insertion_of(CODES["fp"], "noscript-only"), OTHER_FP),
        (insertion_of(CODES["fp"], "noscript-only"), f"<!-- {SCRIPT} -->\n"),
        (insertion_of(CODES["fp"], "noscript-only"), f"{IMAGE}\n"),
        (FP, f"{SCRIPT}\n"),
        (FP, f"{NOSCRIPT}\n"),
        (FP, CODES["fbds"]),
    ],
)
def test_what_is_no_half_of_the_regions_code_stays_when_that_goes(half: Insertion, other: str) -> None:
    done = put(PAGE, half)
    assert take_out(done.replace(b"  <p>", other.encode() + b"  <p>")) == _with(body=other)


@pytest.mark.parametrize(
    "script",
    [
        "new Image().src = 'https://www.facebook.com/tr?id={0}&ev=Purchase'",
        "var i = document.createElement('img'); i.src = 'https://www.facebook.com/tr?id={0}&ev=Purchase'",
        "document.write('<img src=\"https://www.facebook.com/tr?id={0}&ev=Purchase\">')",
        "fbq.call(null, 'init', '{0}'); fbq.apply(null, ['track', 'Purchase'])",
        "window.fbq.call(window, 'init', '{0}')",
    ],
)
def test_a_script_that_reports_the_pixel_in_a_way_of_its_own_is_never_doubled(script: str) -> None:
    for name, pixel_id in (("fbq", META_ID), ("fbds", PIXEL_ID)):
        page = PAGE.replace(b"<title>", f"<script>{script.format(pixel_id)}</script>\n  <title>".encode())
        is_read = "fbq.call(" in script  # as what it is
        why = "the page carries unmarked" if is_read else "code that cannot be read"
        assert why in why_refused(page, insertion_of(CODES[name]))
        put(page.replace(pixel_id.encode(), b"1"), insertion_of(CODES[name]))


@pytest.mark.parametrize("mode", ["open", "closed"])
def test_code_in_a_shadow_root_fires_and_is_not_put_onto_the_page_once_more(mode: str) -> None:
    code = EVERY_CODE["fbq"]
    root = f"<div><template shadowrootmode={mode}>\n{code}</template></div>"
    page = f"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n{root}\n</body>\n</html>\n".encode()
    [read] = snippets.read(page.decode())
    assert (read.state, read.event) == ("live", "PageView")
    assert "unmarked code of fbq" in why_refused(page, insertion_of(code))
    inert = page.replace(b" shadowrootmode=", b" data-mode=")
    assert (snippets.read(inert.decode()), len(snippets.read(put(inert, insertion_of(code)).decode()))) == ([], 1)
