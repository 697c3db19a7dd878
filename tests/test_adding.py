"""Meta Pixel code on pages that have some: an event alone, a pixel beside another; nothing is lost, nothing doubled."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from snippetkit import inject, lint, snippets
from snippetkit.browser import Visit, judge, serving, visit_all
from snippetkit.inject import Insertion
from snippetkit.key import Key
from snippetkit.model import Loaded
from snippetkit.terms import Coexistence, Part, Placement
from snippetkit.work import Combiner, Rendering, Value, make_insertion, with_value
from tests.conftest import CHROMIUM, Run
from tests.pages import insertion_of, make_options, put, take_out, why_refused
from tests.pixels import CODES, META_ID

A, B = META_ID, "6009125095680"
VIEW = "fbq('track', 'PageView');\n"
BASE = snippets.without_nonce(CODES["fbq"])
SCRIPT, NOSCRIPT = re.findall(r"<script.*</script>|<noscript.*</noscript>", BASE, re.DOTALL)
STUB = BASE[BASE.index("!function") : BASE.index("fbq('init'")]
INIT = f"fbq('init', '{A}');\n"
CALL = "fbq('track', 'Purchase', {value: 30.00, currency: 'USD'});\n"
PURCHASE = BASE.replace(VIEW, VIEW + CALL)
LEAD = PURCHASE.replace("Purchase", "Lead")
IMAGE = (
    '<img height="1" width="1" alt="" style="display:none" src="https://www.facebook.com/tr?'
    f'id={A}&amp;ev=Purchase&amp;cd%5Bvalue%5D=30.00&amp;cd%5Bcurrency%5D=USD&amp;noscript=1">'
)


def _of(code: str, pixel_id: str = B) -> str:
    return code.replace(A, pixel_id)


def _page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html>\n<html>\n<head>\n{head}</head>\n<body>\n  <p>x</p>\n{body}</body>\n</html>\n".encode()


def _put(page: bytes, code: str, template: str | None = None, placement: Placement = Placement.HEAD_BOTTOM) -> bytes:
    """The page with the code; a second run changes nothing, and taken out again it is the page from before."""
    options = make_options(placement, remake=Combiner(Rendering(template)))
    after = put(page, insertion_of(code, template), options)
    known = {region.key for region in _regions(page)}
    assert take_out(after, keys={region.key for region in _regions(after)} - known) == page
    return after


def _regions(page: bytes) -> list[inject.Region]:
    found = inject.find_code(Loaded(page))
    assert found.refusal is None
    from snippetkit.inject.removal import find_page_regions

    return find_page_regions(page)


def _added(before: bytes, after: bytes) -> dict[str, str]:
    """The code in the regions that came, without the indentation, by their keys and parts."""
    there = {(region.key, region.part) for region in _regions(before)}
    came = [region for region in _regions(after) if (region.key, region.part) not in there]
    return {f"{one.key} {one.part}": re.sub(r"\n +", "\n", one.code.decode()).strip() for one in came}


BASES = {
    "unmarked in the head": _page(BASE),
    "in a region": put(_page(), insertion_of(BASE)),
    "in one line": _page(BASE.replace(",\n", ",").replace("'2.0'; n", "'2.0';n")),
    "in two scripts": _page(f"<script>\n{STUB}</script>\n<script>\n{INIT}{VIEW}</script>\n"),
    "defined in a file": _page(f'<script src="pixel.js"></script>\n<script>{INIT}{VIEW}</script>\n'),
    "without a page view": _page(SCRIPT.replace(VIEW, "")),
    "with another event": _page(LEAD),
    "with another event in a region": put(_page(), insertion_of(LEAD)),
    "with an event on a click": _page(BASE, "<a onclick=\"fbq('track', 'Contact')\">x</a>\n"),
    "in a function that is called there": _page(SCRIPT.replace(INIT, f"(function () {{ {INIT} }})();")),
    "in a loop over a list": _page(SCRIPT.replace(INIT, f"['{A}'].forEach(function (id) {{ fbq('init', id); }});\n")),
    "as window.fbq": _page(BASE.replace("fbq('init'", "window.fbq('init'")),
    "in windows-1252": _page(BASE).replace(b"<p>x", b"<p>\xe9"),
}  # fmt: skip


@pytest.mark.parametrize("name", BASES)
def test_an_event_goes_alone_behind_the_base_code_of_its_pixel(name: str) -> None:
    page = BASES[name]
    after = _put(page, PURCHASE)
    call = CALL if "click" not in name else CALL.replace("'track'", f"'trackSingle', '{A}'")
    assert _added(page, after) == {
        f"fbq:{A}/Purchase script": f"<script>\n{call}</script>",
        f"fbq:{A}/Purchase noscript": f"<noscript>{IMAGE}</noscript>",
    }
    firing = lint.find_firing(snippets.parse(after.decode("latin-1")), "fbq")
    assert [call.pixel_ids for call in firing.events if call.event == "Purchase"] == [{A}]


@pytest.mark.parametrize(
    ("template", "script"),
    [
        ("nonce", f'<script nonce="n">\n{CALL}</script>'),
        ("idle", "addEventListener"),
        ("consent", "snippetkit:consent"),
    ],
)
def test_an_event_goes_alone_through_a_template(template: str, script: str) -> None:
    variables = {"nonce": "n"} if template == "nonce" else {}
    page, code = _page(BASE), insertion_of(PURCHASE, template, **variables)
    after = put(page, code)
    told = _added(page, after)[f"fbq:{A}/Purchase script"].replace('"', "'")
    assert script.replace('"', "'") in told
    assert told.count("fbq(") == 1
    assert "fbevents" not in told
    assert (f"fbq:{A}/Purchase noscript" in _added(page, after)) == (template != "consent")
    assert take_out(after) == page


def test_an_event_of_any_name_is_known_again_on_a_page_of_any_encoding() -> None:
    name = "K\u00e4ufe -- 1"
    code = PURCHASE.replace("'track', 'Purchase'", "'trackCustom', 'K\\u00e4ufe -- 1'")
    page = _page(BASE)
    assert next(iter(_added(page, _put(page, code)))) == f"fbq:{A}/K%C3%A4ufe%20%2D%2D%201 script"
    there = _page(BASE + f"<script>fbq('trackCustom', '{name}')</script>\n").decode()
    for encoding in ("utf-8", "windows-1252"):
        assert "--adopt puts marked code in its place" in why_refused(there.encode(encoding), insertion_of(code))


SERVED = {
    "smarty": _page("<title>{$title|escape}</title>\n" + BASE),
    "php": _page("<?php $x = 1; ?>\n" + BASE.replace("<script>", '<script nonce="<?= $nonce ?>">')),
}


@pytest.mark.parametrize("language", SERVED)
def test_an_event_goes_alone_onto_a_page_with_server_code(language: str) -> None:
    options, page = make_options(server_code=True), SERVED[language]
    after = put(page, insertion_of(PURCHASE), options)
    code = _added(page, after)[f"fbq:{A}/Purchase script"]
    assert ("{literal}" in code, "<?= $nonce ?>" in code) == (language == "smarty", language == "php")
    assert take_out(after) == page


def test_an_event_has_the_nonce_of_its_base_code() -> None:
    page = _page(BASE.replace("<script>", '<script nonce="Zr0pQ1aB">'))
    assert '<script nonce="Zr0pQ1aB">' in _added(page, _put(page, PURCHASE))[f"fbq:{A}/Purchase script"]


IN_THE_BODY = _page("", SCRIPT + "\n")
LATE_CONSENT = _page(BASE, "<script>fbq('consent', 'revoke');</script>\n")


@pytest.mark.parametrize(
    ("page", "placement", "where"),
    [
        (_page(BASE), Placement.HEAD_TOP, Placement.HEAD_BOTTOM),
        (_page(BASE), Placement.BODY_TOP, Placement.BODY_TOP),
        (IN_THE_BODY, Placement.HEAD_BOTTOM, Placement.BODY_BOTTOM),
        (put(_page(), insertion_of(BASE), make_options(Placement.BODY_TOP)), Placement.HEAD_TOP, Placement.BODY_BOTTOM),
        (LATE_CONSENT, Placement.HEAD_BOTTOM, Placement.BODY_BOTTOM),
    ],
)
def test_an_event_stands_behind_its_base_code_and_what_is_said_about_consent(
    page: bytes, placement: Placement, where: Placement
) -> None:
    after = _put(page, PURCHASE, placement=placement)
    [region] = (region for region in _regions(after) if region.key.event and region.part is Part.SCRIPT)
    assert region.placement == where


REVOKE, GRANT = (f"<script>fbq('consent', '{what}');</script>\n" for what in ("revoke", "grant"))


@pytest.mark.parametrize(
    ("page", "is_held"),
    [
        (_page(BASE.replace(INIT, f"fbq('consent', 'revoke');\n{INIT}")), True),
        (LATE_CONSENT, True),
        (_page(BASE, REVOKE + GRANT), False),
        (_page(BASE), False),
        (_page(BASE, "<p>You may revoke it.</p>\n"), False),
    ],
)
def test_an_event_that_waits_for_consent_has_no_image_that_does_not_and_that_is_said(
    page: bytes, *, is_held: bool
) -> None:
    text = Loaded(page)
    edits = inject.plan(text, insertion_of(PURCHASE), make_options(placement=Placement.HEAD_BOTTOM))
    after = inject.apply(page, edits)
    noscripts = [region for region in _regions(after) if region.key.event and region.part is Part.NOSCRIPT]
    assert (len(noscripts), len([*inject.tell(text, edits)])) == ((0, 1) if is_held else (1, 0))
    assert take_out(after) == page
    assert "noscript-with-held-back-script" not in {one.code for one in lint.find(snippets.parse(after.decode()))} - (
        {one.code for one in lint.find(snippets.parse(page.decode()))}
    )
    if is_held:
        assert "would not wait" in next(inject.tell(text, edits))


LATER = "window.addEventListener('load', function () {{ {} }});"


@pytest.mark.parametrize(
    ("page", "line", "reason"),
    [
        (_page(f"<script>function agreed() {{ {INIT} }}</script>\n"), 4, f"fbq:{A} is named here on a condition"),
        (_page(f"<script>{LATER.format(INIT)}</script>\n"), 4, f"fbq:{A} is named here on a condition"),
        (_page(f"<script>later(function () {{ ['{A}'].map(id => fbq('init', id)) }})</script>\n"), 4, "on a condition"),
        (_page(f"<script>if (agreed) {{ {INIT} }}</script>\n"), 4, f"fbq:{A} is named here on a condition"),
        (_page(f'<script type="module">{INIT}</script>\n'), 4, f"fbq:{A} is named here on a condition"),
        (_page(f"<script>{INIT} x y z</script>\n"), 4, f"fbq:{A} is dead here: this is not JavaScript"),
        (_page(BASE.replace("'init'", "\u2018init\u2019")), 17, f"fbq:{A} is dead here: '\u2018' is not JavaScript"),
        (_page(BASE.replace("fbq('track'", "<br />\nfbq('track'")), 17, f"fbq:{A} is dead here: '<br />' is not"),
        (_page(BASE, f"<script>{CALL.replace('fbq(', 'fbq.call(null, ')}</script>\n"), 26, "--adopt puts marked code"),
        (_page(BASE, f"<script>{CALL.replace('fbq(', 'fbq.bind(null, ')}()</script>\n"), 26, "may be reported already"),
        (_page(BASE, "<script>fbq.apply(null, a); a = ['Purchase']</script>\n"), 26, "may be reported already"),
        (_page(BASE, f'<script type="text/plain">{CALL}</script>\n'), 26, "here Purchase may be reported already"),
        (_page(BASE, f'<a onclick="{CALL.strip()}">x</a>\n'), 26, "here Purchase may be reported already"),
        (_page(BASE) + b"<script>fbq('set', 'x');</script>", 28, "fbq is called here, after the last"),
        (
            _page(BASE + f"<script>{CALL}</script>\n"),
            23,
            f"unmarked code of fbq:{A}, which reports Purchase here already; --adopt puts marked code",
        ),
        (put(_page(), insertion_of(BASE)) + f"<script>{CALL}</script>".encode(), 30, "reports Purchase here already"),
        (_page(BASE.replace("PageView&", "Purchase&")), 5, "--adopt puts marked code in its place"),
    ],
)  # fmt: skip
def test_an_event_that_is_not_certain_to_come_right_and_once_is_refused(page: bytes, line: int, reason: str) -> None:
    told = why_refused(page, insertion_of(PURCHASE))
    assert told.startswith(f"line {line}, column ")
    assert reason in told


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (PURCHASE.replace(INIT, f"fbq('consent', 'revoke');\n{INIT}"), "it calls fbq('consent'), which would count"),
        (PURCHASE.replace(INIT, INIT.replace(";", ",")), "is a part of something larger"),
        (PURCHASE.replace(f";\n{INIT}", f",\n{INIT}"), "is a part of something larger"),
        (PURCHASE.replace(f";\n{INIT}{VIEW}", ",\n"), "its loader and its event are one statement"),
        (PURCHASE.replace(INIT, f"{INIT}for (;;) {INIT}"), "is a part of something larger"),
        (PURCHASE.replace(CALL, CALL * 2), "its Purchase is not one plain call"),
    ],
)
def test_code_whose_event_cannot_be_cut_out_is_refused(code: str, reason: str) -> None:
    snippet = next(one for one in snippets.read(code) if one.event == "Purchase")
    told = why_refused(_page(BASE), make_insertion([replace(snippet, pixel_id=A)], Rendering()))
    assert f"the base code of fbq:{A} is here, and its event cannot be added on its own: " in told
    assert reason in told


def test_code_of_two_events_does_not_lose_one() -> None:
    [snippet] = [one for one in snippets.read(PURCHASE) if one.event == "Purchase"]
    two = {"script": snippet.script.replace(CALL, CALL + CALL.replace("Purchase", "Lead"))}
    told = why_refused(_page(BASE), Insertion.from_blocks(two, [snippet], coexistence=Coexistence.NEVER))
    assert "the new code reports Purchase and Lead; insert them one at a time" in told


def test_two_scripts_and_comments_of_the_code_are_no_matter() -> None:
    comment = "/* loads fbevents.js */\n"
    code = PURCHASE.replace(CALL, f"</script>\n<script>\n{comment}{CALL}")
    [snippet] = [one for one in snippets.read(code) if one.event == "Purchase"]
    both = code[code.index("<script") : code.rindex("</script>") + 9]
    insertion = Insertion.from_blocks({"script": both}, [snippet], coexistence=Coexistence.NEVER)
    page = _page(BASE)
    assert _added(page, put(page, insertion)) == {f"fbq:{A}/Purchase script": f"<script>\n{comment}{CALL}</script>"}


def test_an_event_moves_where_another_placement_is_wanted() -> None:
    page, code = _page(BASE), insertion_of(PURCHASE)
    moved = put(put(page, code), code, make_options(Placement.BODY_BOTTOM))
    assert moved == put(page, code, make_options(Placement.BODY_BOTTOM))
    assert take_out(moved) == page


def test_the_noscript_alone_is_that_of_the_event_and_stands_beside_any_pixel() -> None:
    code = insertion_of(PURCHASE, "noscript-only")
    assert [*_added(_page(BASE), put(_page(BASE), code))] == [f"fbq:{A}/Purchase noscript"]
    assert [*_added(_page(_of(BASE)), put(_page(_of(BASE)), code))] == [f"fbq:{A} noscript"]


def test_code_that_names_its_pixel_in_each_call_stays_as_it_is() -> None:
    code = PURCHASE.replace("'track'", f"'trackSingle', '{A}'")
    told = _added(_page(_of(BASE)), _put(_page(_of(BASE)), code))[f"fbq:{A} script"]
    assert told == re.search(r"<script.*</script>", re.sub(r"\n +", "\n", code), re.DOTALL)[0]  # type: ignore[index]


def test_an_events_own_image_is_taken_and_a_value_of_the_servers_has_none() -> None:
    own = PURCHASE.replace("ev=PageView", "ev=Purchase")
    assert "ev=Purchase&noscript=1" in _added(_page(BASE), _put(_page(BASE), own))[f"fbq:{A}/Purchase noscript"]
    dynamic = insertion_of(PURCHASE.replace("30.00", "total()"))
    after = put(_page(BASE), dynamic)
    assert [*_added(_page(BASE), after)] == [f"fbq:{A}/Purchase script"]
    assert take_out(after) == _page(BASE)


def _asked(code: str, cents: int | None, currency: str | None = None) -> Insertion:
    value = Value(cents, currency, force=False)
    return make_insertion([with_value(snippets.join(snippets.read(code)), value)], Rendering(), asked=value)


def test_the_value_of_an_event_that_stands_alone_stays_and_another_that_is_asked_for_takes_its_place() -> None:
    options = make_options(remake=Combiner(Rendering()))
    first = put(_page(BASE), _asked(PURCHASE, 500), options)
    assert first.count(b"5.00") == 2
    assert put(first, _asked(PURCHASE, None), options) == first
    second = put(first, _asked(PURCHASE, 700), options)
    assert (second.count(b"7.00"), second.count(b"5.00")) == (2, 0)
    assert take_out(second) == _page(BASE)


BESIDE = {
    "the base code": _page(_of(BASE)),
    "in a region": put(_page(), insertion_of(_of(BASE))),
    "in the body": _page("", _of(BASE)),
    "an event of its own later": _page(_of(BASE), f"<script>fbq('trackSingle', '{B}', 'Lead');</script>\n"),
    "an event of its own on a click": _page(
        _of(BASE) + f"<script>function f() {{ fbq('trackSingle', '{B}', 'Lead'); }}</script>\n"
    ),
}


@pytest.mark.parametrize("name", BESIDE)
def test_a_pixel_beside_another_reports_for_itself_alone(name: str) -> None:
    page = BESIDE[name]
    after = _put(page, PURCHASE)
    firing = lint.find_firing(snippets.parse(after.decode()), "fbq")
    of_each = {pixel: sorted(c.event or "" for c in firing.events if pixel in c.pixel_ids) for pixel in (A, B)}
    assert of_each[A] == ["PageView", "Purchase"]
    assert of_each[B] == sorted(c.event or "" for c in lint.find_firing(snippets.parse(page.decode()), "fbq").events)
    assert [c.verb for c in firing.events if A in c.pixel_ids] == ["trackSingle", "trackSingle"]


@pytest.mark.parametrize(
    ("page", "line", "reason"),
    [
        (
            _page(_of(BASE), "<a onclick=\"fbq('track', 'Lead')\">x</a>\n"),
            26,
            f"what this fires for fbq:{B}, later or on a condition, would count for fbq:{A} too; write trackSingle",
        ),
        (_page(_of(BASE) + "<script>function f() { fbq('track', 'Lead') }</script>\n"), 23, "would count for"),
        (_page(_of(BASE) + f"<script>{LATER.format(CALL)}</script>\n"), 23, "would count for"),
        (_page("<script>fbq('track', 'Lead')</script>\n"), 4, "its base code is in a file or a tag manager"),
        (_page("<script>fbq('consent', 'grant')</script>\n"), 4, "its base code is in a file or a tag manager"),
        (_page(SCRIPT.replace(INIT, "")), 16, "the base code on this page names no pixel"),
        (_page("<script>fbq('init', pixelId)</script>\n"), 4, f"built or shown; it may be fbq:{A}"),
        (_page(_of(BASE), f"{NOSCRIPT}\n"), 5, f"beside fbq:{A} they cannot both report correctly"),
        (_page() + f"<script>{_of(INIT)}</script>".encode(), 9, "fbq is called here, after the last place"),
    ],
)  # fmt: skip
def test_a_pixel_is_not_put_where_an_event_may_reach_two(page: bytes, line: int, reason: str) -> None:
    told = why_refused(page, insertion_of(PURCHASE))
    assert told.startswith(f"line {line}, column ")
    assert reason in told


def test_code_that_does_more_than_track_does_not_go_beside_another_pixel() -> None:
    code = PURCHASE.replace(INIT, f"fbq('consent', 'revoke');\n{INIT}")
    [snippet] = [one for one in snippets.read(code) if one.event == "Purchase"]
    told = why_refused(_page(_of(BASE)), make_insertion([snippet], Rendering()))
    assert f"code of another pixel is here, and fbq:{A} cannot go beside it: it calls fbq('consent')" in told


def test_pixels_and_events_of_a_page_go_out_in_any_order() -> None:
    codes = [insertion_of(code) for code in (BASE, PURCHASE, LEAD, _of(PURCHASE))]
    options = make_options()
    page = _page()
    full = inject.apply(page, inject.plan_all(Loaded(page), codes, options))
    assert inject.plan_all(Loaded(full), codes, options) == []
    keys = [Key(f"fbq:{A}"), Key(f"fbq:{B}"), Key(f"fbq:{A}/Purchase"), Key(f"fbq:{A}/Lead")]
    assert {region.key for region in _regions(full)} == {*keys}
    for order in permutations(keys):
        left = full
        for key in order:
            left = take_out(left, keys=[key])
            assert key not in {region.key for region in _regions(left)}
        assert left == page
    assert {region.key for region in _regions(take_out(full, keys=keys[:1]))} == {keys[1]}
    assert {region.key for region in _regions(take_out(full, keys=keys[2:3]))} == {*keys} - {keys[2]}


def test_a_region_with_an_event_is_not_made_one_without() -> None:
    page = put(_page(), insertion_of(PURCHASE))
    assert "this region reports Purchase too, and the new code does not; --force loses it" in why_refused(
        page, insertion_of(BASE)
    )
    assert put(page, insertion_of(BASE), make_options(force=True)) == put(_page(), insertion_of(BASE))


def test_a_region_beside_code_of_the_pixel_in_none_is_left_to_adopt() -> None:
    page = put(_page(), insertion_of(BASE)).replace(b"</head>", f"<script>{CALL}</script></head>".encode())
    new = insertion_of(PURCHASE)
    assert "--adopt puts marked code in its place" in why_refused(page, new)


DONE = put(_page(), insertion_of(BASE))


@pytest.mark.parametrize(
    ("page", "code", "line", "reason"),
    [
        (DONE, BASE, 28, "the page carries unmarked code of fbq:434566956589050; --adopt puts marked code"),
        (put(_page(), insertion_of(PURCHASE)), f"<script>{CALL}</script>", 28, "reports Purchase here already"),
        (put(_page(BASE), insertion_of(PURCHASE)), f"<script>{CALL}</script>", 33, "has a region here, and this"),
        (DONE, _of(BASE), 28, f"PageView of fbq:{B} here counts for fbq:{A} too, which reports it itself; write"),
    ],
)  # fmt: skip
def test_what_doubles_a_region_that_is_up_to_date_is_told(page: bytes, code: str, line: int, reason: str) -> None:
    insertion = insertion_of(PURCHASE if b"Purchase" in page else BASE)
    assert put(page, insertion) == page
    told = why_refused(page.replace(b"<p>", f"{code}<p>".encode()), insertion)
    assert told.startswith(f"line {line}, column ")
    assert reason in told


@pytest.mark.parametrize(
    "code",
    [
        "<script>fbq('track', 'Contact');</script>",
        f"<script>fbq('trackSingle', '{A}', 'Contact');</script>",
        _of(BASE).replace("'track'", f"'trackSingle', '{B}'"),
        f"<p>{A} and fbevents.js</p>",
    ],
)
def test_what_doubles_nothing_leaves_a_region_up_to_date(code: str) -> None:
    page = DONE.replace(b"<p>", f"{code}<p>".encode())
    assert put(page, insertion_of(BASE)) == page


@pytest.mark.parametrize(
    "page",
    [
        DONE.replace(b"<p>", b"<script>fbq('track', 'Contact');</script><p>"),
        DONE.replace(b"<p>", b"<script>fbq('consent', 'grant');</script><p>"),
        put(DONE, insertion_of(PURCHASE)),
        put(put(_page(_of(BASE)), insertion_of(BASE)), insertion_of(PURCHASE)),
    ],
)
@pytest.mark.parametrize("placement", [Placement.BODY_TOP, Placement.BODY_BOTTOM])
def test_a_region_on_which_other_code_builds_is_not_moved(page: bytes, placement: Placement) -> None:
    told = why_refused(page, insertion_of(BASE), make_options(placement))
    assert f"its base code is in the region of fbq:{A}; leave it at head-bottom, or take this out first" in told


def test_a_region_that_stands_as_far_up_as_it_may_is_not_moved_whatever_builds_on_it() -> None:
    options = make_options(Placement.HEAD_TOP)
    page = put(put(_page(_of(BASE)), insertion_of(BASE), options), insertion_of(PURCHASE), options)
    assert put(page, insertion_of(BASE), options) == page


def test_an_event_whose_base_code_waits_goes_into_its_region_and_takes_the_place_of_another_with_force_only() -> None:
    page, sold, led = (put(_page(), insertion_of(code, "consent")) for code in (BASE, PURCHASE, LEAD))
    assert put(page, insertion_of(PURCHASE, "consent")) == sold
    told = why_refused(sold, insertion_of(LEAD, "consent"))
    assert "this region reports Purchase too, and the new code does not" in told
    assert put(sold, insertion_of(LEAD, "consent"), make_options(force=True)) == led


def test_an_event_that_waits_is_for_its_pixel_alone_where_another_is_named_behind_it() -> None:
    page = _page(BASE, _of(SCRIPT) + "\n")
    for template, verb in ((None, "track"), ("idle", "trackSingle")):
        assert f"fbq('{verb}'," in _added(page, _put(page, PURCHASE, template))[f"fbq:{A}/Purchase script"]


def test_inject_says_that_another_pixel_is_beside(run: Run) -> None:
    Path("page.html").write_bytes(_page(_of(BASE)))
    Path("code.html").write_text(PURCHASE)
    ran = run("inject", "--from-file", "code.html", "page.html")
    assert ran.code == 0
    assert f"fbq:{A} is next to another pixel, and its events are its own; what a script of a file" in ran.err
    assert run("remove", "page.html", "--key", f"fbq:{A}").code == 0
    assert Path("page.html").read_bytes() == _page(_of(BASE))


SEEN = {
    "an event": (put(_page(BASE), insertion_of(PURCHASE)), {(A, "PageView"): 1, (A, "Purchase"): 1}),
    "an event beside two": (
        put(_page(_of(BASE) + BASE.replace("'track'", f"'trackSingle', '{A}'")), insertion_of(PURCHASE)),
        {(A, "PageView"): 1, (B, "PageView"): 1, (A, "Purchase"): 1},
    ),
    "an event behind a loop": (
        put(
            _page(BASE.replace(INIT, f"['{A}'].forEach(function (id) {{ fbq('init', id); }});")), insertion_of(PURCHASE)
        ),
        {(A, "PageView"): 1, (A, "Purchase"): 1},
    ),
    "a pixel beside": (
        put(_page(_of(PURCHASE)), insertion_of(PURCHASE)),
        {(A, "PageView"): 1, (B, "PageView"): 1, (A, "Purchase"): 1, (B, "Purchase"): 1},
    ),
}


@pytest.mark.browser
def test_chromium_sees_each_event_once_for_its_own_pixel(tmp_path: Path) -> None:
    assert CHROMIUM
    with serving(tmp_path, "") as url:
        for name, (page, _) in SEEN.items():
            (tmp_path / f"{name}.html").write_bytes(page)
        visits = [Visit(name, f"{url}/{name}.html", javascript, ()) for name in SEEN for javascript in (True, False)]
        seen = [observed for _, observed in visit_all(visits, CHROMIUM, parallel=2)]
    for observed in seen:
        fired = [(one.pixel_id, one.event) for one in observed.fired]
        if observed.javascript:
            assert {one: fired.count(one) for one in fired} == SEEN[observed.path][1]
        elif "pixel" not in observed.path:
            assert sorted(fired) == sorted(SEEN[observed.path][1])
        assert judge(observed).faults == ()


def test_inject_says_nothing_of_that_where_there_is_no_other(run: Run) -> None:
    Path("page.html").write_bytes(_page())
    Path("code.html").write_text(PURCHASE)
    ran = run("inject", "--from-file", "code.html", "page.html")
    assert ran.code == 0
    assert "stands beside" not in ran.err
