"""What hand-written code does beyond the code in its place is told, thing by thing, and lost only where it may be."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from snippetkit import inject, snippets
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion, PlanOptions
from snippetkit.model import Loaded
from snippetkit.terms import Placement
from tests.conftest import PIXEL_ID, Ran, Run
from tests.pages import COMBINE, insertion_of, make_options, put, why_refused
from tests.pixels import CODES, META_ID

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
ADOPT, REPLACE = (make_options(adopt=True, combine=COMBINE, replaces=replaces) for replaces in (False, True))
FBQ = snippets.without_nonce(CODES["fbq"])
FBDS, FP = CODES["fbds"], CODES["fp"]
INIT, TRACK = f"fbq('init', '{META_ID}');", "fbq('track', 'PageView');"
PUSH, PIXEL = re.findall(r"window\._fbq\.push.*", FBDS)[0], f"fb_param.pixel_id = '{PIXEL_ID}';"
HALF = f"fbq('trackSingleCustom', '{META_ID}', 'Half')"
STUB = "!function (f, b, e, v, n, t, s) { if (f.fbq) return; n = f.fbq = function () ..."
REVOKE = "fbq('consent', 'revoke')"
PURCHASE = "fbq('track', 'Purchase', {value: 19.99, currency: 'USD'});"
SOLD = FBQ.replace(TRACK, f"{TRACK}\n{PURCHASE}")


def _page(code: str) -> bytes:
    return PAGE.replace(b"  <p>", code.encode() + b"  <p>")


def _insertion(code: str) -> Insertion:
    """Code of several events as it is, whichever of them is its own."""
    halves = re.findall(r"<script.*?</script>|<noscript.*?</noscript>", code, re.DOTALL)
    blocks = dict(zip(("script", "noscript"), halves, strict=True))
    return Insertion.from_blocks(blocks, snippets.read(FBQ)[:1], (b"fbevents.js",))


def _losses(page: bytes, insertion: Insertion, options: PlanOptions = ADOPT) -> list[str]:
    with pytest.raises(PageRefusedError) as refusal:
        inject.plan(Loaded(page), insertion, options)
    return [re.sub(r"^line \d+: | would be lost$", "", note) for note in refusal.value.notes]


OF_FBQ = [
    (INIT, f"fbq('consent', 'revoke'); {INIT}", ["fbq('consent', 'revoke')"]),
    (INIT, f"{INIT} window.fbq('consent', 'grant');", ["window.fbq('consent', 'grant')"]),
    (INIT, f"fbq('dataProcessingOptions', ['LDU'], 0, 0);{INIT}", ["fbq('dataProcessingOptions', ['LDU'], 0, 0)"]),
    (INIT, f"fbq('set', 'autoConfig', false, '1'); {INIT}", ["fbq('set', 'autoConfig', false, '1')"]),
    (INIT, f"fbq.disablePushState = true; {INIT}", ["fbq.disablePushState = true"]),
    (
        INIT,
        f"fbq('init', '{META_ID}', {{em: 'a@b.example', external_id: user.id}}, {{'agent': 'shop'}});",
        [f"{told} of {INIT[:-1]}" for told in ("em: 'a@b.example'", "external_id: user.id", "'agent': 'shop'")],
    ),
    (INIT, f"fbq('init', '{META_ID}', visitor);", [f"visitor of fbq('init', '{META_ID}')"]),
    (INIT, f"fbq('init', '{META_ID}', {{...visitor}});", [f"{{...visitor}} of fbq('init', '{META_ID}')"]),
    (TRACK, f"{TRACK} fbq('track', 'Lead');", ["fbq('track', 'Lead')"]),
    (TRACK, f"function buy() {{ {TRACK} }}", ["function buy() { ... around fbq('track', 'PageView')"]),
    (TRACK, f"{TRACK} fbq('trackCustom', 'PageView', {{a: 1}});", ["fbq('trackCustom', 'PageView', {a: 1})"]),
    (TRACK, f"{HALF}; {TRACK}", [HALF]),
    (TRACK, "fbq('track', 'PageView', {}, {eventID: 'x1'});", ["eventID: 'x1' of fbq('track', 'PageView')"]),
    (TRACK, f"if (agreed) {{ {TRACK} }}", [f"if (agreed) {{ ... around {TRACK[:-1]}"]),
    (TRACK, f"if (agreed) {{ note(1); {TRACK} }}", [f"if (agreed) {{ note(1); ... around {TRACK[:-1]}", "note(1)"]),
    (TRACK, f"setTimeout(function () {{ {TRACK} }}, 3e3)", [f"setTimeout(function () {{ ... around {TRACK[:-1]}"]),
    (
        TRACK,
        f"document.addEventListener('click', () => {{ {TRACK} }});",
        [f"document.addEventListener('click', () => {{ ... around {TRACK[:-1]}"],
    ),
    (TRACK, f"function go() {{ {TRACK} }} go();", [f"function go() {{ ... around {TRACK[:-1]}", "go()"]),
    (TRACK, f"{TRACK} shop.start(); var shop = 1;", ["shop.start()", "var shop = 1"]),
    ("<script>", "<script data-category='ads' id=a>", ["the script's attribute data-category=ads"]),
    ("<script>", "<script data-later>", ["the script's attribute data-later"]),
    ("<script>", "<script type=module>", ["the script's attribute type=module"]),
    ("<script>", "<script onload=x() async>", ["the script's attribute onload=x()"]),
    ("noscript=1", "noscript=1&amp;dpo=A&amp;cd[n]=2", ["cd[n]=2 of the image's URL", "dpo=A of the image's URL"]),
    (
        "<!-- End",
        f'<noscript><img src="https://www.facebook.com/tr?id={META_ID}&ev=Lead&noscript=1"></noscript>\n<!-- End',
        ["the image of Lead"],
    ),
    ("<!-- End", "<script>fbq('track', 'Lead')</script><!-- End", ["fbq('track', 'Lead')"]),
    ("<!-- Meta", f"<script>{REVOKE}</script><!-- Meta", [f"{REVOKE} in front of the code"]),
    ("https://connect.facebook.net", "https://x.example", [STUB]),
]
OF_OLDER = [
    (FBDS, PUSH, PUSH.replace("'USD'", "'USD', 'item': 7"), [f"'item': 7 of ['track', '{PIXEL_ID}']"]),
    (FBDS, PUSH, f"window._fbq.push(['setOption', 1]); {PUSH}", ["['setOption', 1]"]),
    (FBDS, PUSH, f"if (agreed) {PUSH}", [f"if (agreed) window._fbq.push( ... around {PUSH[17:-2]}"]),
    (FBDS, PUSH, f"{PUSH} _fbds.debug = true;", ["_fbds.debug = true"]),
    (FP, PIXEL, f"{PIXEL} fb_param.item = 7;", ["fb_param.item = 7"]),
    (FBDS, PUSH, f"{PUSH} _fbds.pixelId = '{PIXEL_ID}';", [f"_fbds.pixelId = '{PIXEL_ID}'"]),
    (FP, PIXEL, f"{PIXEL} track(1);", ["track(1)"]),
    (FP, "<script ", "<script data-src=a ", ["the script's attribute data-src=a"]),
    (FP, "currency=USD", "currency=USD&amp;item=7", ["item=7 of the image's URL"]),
]


@pytest.mark.wide
@pytest.mark.parametrize(
    ("code", "old", "new", "lost"), [*((FBQ, *case) for case in OF_FBQ), *OF_OLDER], ids=lambda value: str(value)[-40:]
)
def test_each_thing_that_would_be_lost_is_told_and_lost_only_where_it_may_be(
    code: str, old: str, new: str, lost: list[str]
) -> None:
    assert old in code
    page, insertion = _page(code.replace(old, new, 1)), insertion_of(code)
    assert _losses(page, insertion) == lost
    rest = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    told = f"adopting this code would lose {lost[0]}{rest}; --adopt=replace puts the new code there anyway"
    assert why_refused(page, insertion, ADOPT).partition(": ")[2] == told[:200]
    done = put(page, insertion, REPLACE)
    edits = inject.plan(Loaded(page), insertion, REPLACE)
    assert [note.partition(": ")[2] for note in inject.tell_losses(Loaded(page), edits)] == [
        f"{one} is lost" for one in lost
    ]
    assert done.count(b"snippetkit:begin") == 2


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        (FBQ, TRACK, f"fbq('trackSingle', '{META_ID}', 'PageView');"),
        (FBQ, TRACK, 'window["fbq"]("track", `PageView`);'),
        (FBQ, INIT, f"fbq('init', {META_ID}, {{}});"),
        (FBQ, TRACK, TRACK * 2),
        (FBQ, "<script>", "<script async charset=utf-8 type='text/javascript'>"),
        (SOLD, "value: 19.99, currency: 'USD'", "'currency': \"EUR\", value: 5"),
        (SOLD, PURCHASE, PURCHASE * 2),
        (FBDS, "'value': '19.99', 'currency': 'USD'", "currency: 'EUR', value: 5"),
        (FP, "'19.99'", "'5.00'"),
        (FP, "fb_param.currency = 'USD';", ""),
        (FP, "<script ", "<script nonce=abc "),
    ],
)
def test_what_the_new_code_does_too_is_no_loss(code: str, old: str, new: str) -> None:
    assert old in code
    insertion = _insertion(code) if code is SOLD else insertion_of(code)
    done = put(_page(code.replace(old, new, 1)), insertion, ADOPT)
    assert done.count(b"snippetkit:begin") == 2


def test_members_in_another_order_and_in_other_quotes_say_the_same() -> None:
    told = "{value: 5, currency: 'USD', contents: [{id: 'a', 'quantity': 2}], content_ids: ['a']}"
    other = '{"content_ids": ["a"], "contents": [{"quantity": 2, "id": "a"}], currency: "USD", value: 5.0}'
    sold = FBQ.replace(TRACK, f"{TRACK} fbq('track', 'Purchase', {told}, {{eventID: 'x'}});")
    page = _page(FBQ.replace(TRACK, f"fbq('track', 'Purchase', {other}, {{'eventID': \"x\"}}); {TRACK}"))
    insertion = Insertion.from_blocks(
        {"script": sold[sold.index("<script") :]}, snippets.read(FBQ)[:1], (b"fbevents.js",)
    )
    put(page, insertion, ADOPT)
    assert _losses(page.replace(b'"quantity": 2', b'"quantity": 3'), insertion) == [
        '"contents": [{"quantity": 3, "id": "a"}] of fbq(\'track\', \'Purchase\')'
    ]


def test_of_one_event_with_several_values_one_goes_over_and_the_others_are_told() -> None:
    insertion = Insertion.from_blocks(
        {"script": SOLD[SOLD.index("<script") :]}, snippets.read(FBQ)[:1], (b"fbevents.js",)
    )
    more = [PURCHASE.replace("19.99", value) for value in ("1", "2", "3")]
    assert _losses(_page(SOLD.replace(PURCHASE, "\n".join(more))), insertion) == [one[:-1] for one in more[1:]]
    assert _losses(_page(SOLD.replace(PURCHASE, "\n".join([*more[:1], PURCHASE]))), insertion) == [more[0][:-1]]


@pytest.mark.parametrize(
    ("before", "behind", "placement", "lost"),
    [
        ("", f"<script>{REVOKE};</script>\n", Placement.HEAD_BOTTOM, []),
        ("", f"<script>{REVOKE};</script>\n", Placement.BODY_BOTTOM, [f"{REVOKE} behind the code"]),
        (f"<script>{REVOKE};</script>\n", "", Placement.BODY_BOTTOM, []),
        (f"<script>{REVOKE};</script>\n", "", Placement.HEAD_BOTTOM, [f"{REVOKE} in front of the code"]),
    ],
)
def test_what_sets_how_the_code_reports_stays_on_its_side(
    before: str, behind: str, placement: Placement, lost: list[str]
) -> None:
    page, insertion = _page(f"{before}{FBQ}{behind}"), insertion_of(FBQ)
    options = make_options(placement, adopt=True, combine=COMBINE)
    if not lost:
        assert b"revoke" in put(page, insertion, options)
        return
    with pytest.raises(PageRefusedError) as refusal:
        inject.plan(Loaded(page), insertion, options)
    assert [note.partition(": ")[2] for note in refusal.value.notes] == [f"{one} would be lost" for one in lost]


def test_code_of_a_region_is_not_hand_written_and_letters_of_any_encoding_are_shown() -> None:
    once = put(_page(""), _insertion(SOLD))
    page = once.replace(b"  <p>", FBQ.replace(TRACK, "fbq('track', 'Käse');").encode() + b"  <p>")
    assert "this region reports Purchase too" in why_refused(page, insertion_of(FBQ), ADOPT)
    assert _losses(page, insertion_of(FBQ), replace(ADOPT, force=True)) == ["fbq('track', 'Käse')"]


def test_code_without_a_base_code_does_not_take_the_place_of_the_only_one() -> None:
    bare = re.sub(r"(?s)!function.*?fbevents\.js'\);\n", "", FBQ)
    assert _losses(_page(FBQ), insertion_of(bare)) == ["the code that loads fbevents.js"]
    put(_page(bare), insertion_of(bare), ADOPT)
    put(_page(bare), insertion_of(FBQ), ADOPT)


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (TRACK, f"{TRACK} <?php more($x) ?>", ["the server code <?php more($x) ?>"]),
        (TRACK, f"{TRACK} {{{{ more }}}}", ["the server code {{ more }}"]),
        (INIT, f"fbq('init', '{META_ID}', {{em: '<?= $mail ?>'}});", [f"em: '<?= $mail ?>' of {INIT[:-1]}"]),
        (TRACK, "fbq('track', '<?= $event ?>');", ["fbq('track', '<?= $event ?>')"]),
    ],
)  # fmt: skip
def test_what_a_server_runs_in_a_script_is_told_too(old: str, new: str, lost: list[str]) -> None:
    options = make_options(adopt=True, combine=COMBINE, server_code=True)
    with pytest.raises(PageRefusedError) as refusal:
        inject.plan(Loaded(_page(FBQ.replace(old, new))), insertion_of(FBQ), options)
    told = [re.sub(r"^line \d+: | would be lost$", "", note) for note in refusal.value.notes]
    assert [one for one in told if one != TRACK[:-1]] == lost


def test_two_pixels_that_are_adopted_at_once_are_told_together() -> None:
    page = _page(FBQ.replace(TRACK, f"{TRACK} fbq('track', 'Lead');") + FP.replace(PIXEL, f"{PIXEL} track(1);"))
    both = [insertion_of(FBQ), insertion_of(FP)]
    with pytest.raises(PageRefusedError) as refusal:
        inject.plan_all(Loaded(page), both, ADOPT)
    assert len(refusal.value.notes) == 2
    done = inject.apply(page, inject.plan_all(Loaded(page), both, REPLACE))
    assert inject.plan_all(Loaded(done), both, ADOPT) == []
    assert b"track(1)" not in done


FILE = FBQ.replace(TRACK, f"{TRACK}\nfbq('track', 'Lead');")
LOST = "page.html: line 22: fbq('track', 'Lead') %s lost"


@pytest.fixture
def page() -> Path:
    Path("code.txt").write_text(FBQ)
    Path("page.html").write_bytes(_page(FILE))
    return Path("page.html")


def _inject(run: Run, *arguments: str | Path) -> Ran:
    return run("inject", *arguments, "--from-file", "code.txt")


def test_the_command_line_refuses_with_a_note_for_each_thing_and_writes_nothing(run: Run, page: Path) -> None:
    for more in ([], ["--check"], ["--diff"], ["--force"]):
        ran = _inject(run, "--adopt", page, *more)
        refused = "refused: page.html: line 22, column 1: adopting this code would lose fbq('track', 'Lead'); --adopt="
        assert (ran.code, refused in ran.err, f"note: {LOST % 'would be'}\n" in ran.err) == (6, True, True)
    [told] = json.loads(_inject(run, page, "--adopt", "--json").out)["files"]
    assert (told["action"], told["notes"]) == ("refused", [(LOST % "would be").partition(": ")[2]])
    assert page.read_bytes() == _page(FILE)


def test_with_replace_what_is_lost_is_said_and_the_page_is_written(run: Run, page: Path) -> None:
    for more in (["--check"], ["--diff"], []):
        ran = _inject(run, "--adopt=replace", page, *more)
        assert (ran.code, f"note: {LOST % 'is'}\n" in ran.err) == (int(more == ["--check"]), True)
    assert b"Lead" not in page.read_bytes()
    ran = _inject(run, "--adopt=replace", page)
    assert (ran.code, ran.err.endswith("\n1 unchanged\n")) == (0, True)


def test_no_path_is_taken_for_the_options_value_and_no_other_word_is_one(run: Run, page: Path) -> None:
    ran = _inject(run, page, "--adopt=all")
    assert (ran.code, "'all' is not one of 'whole', 'replace'" in ran.err) == (2, True)
    ran = run("inject", "--from-file", "code.txt", "--adopt", "--", "--adopt")
    assert (ran.code, "--adopt: no such file" in ran.err.lower() or "--adopt" in ran.err) == (6, True)


def test_stdin_is_told_what_is_lost_too(run: Run, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def feed(*more: str) -> Ran:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page.read_bytes())))
        return _inject(run, "-", *more)

    refused, done = feed("--adopt"), feed("--adopt=replace")
    assert (refused.code, refused.out) == (6, "")
    assert f"note: {(LOST % 'would be').replace('page.html', 'stdin')}\n" in refused.err
    assert (done.code, "Lead" in done.out, "Lead') is lost" in done.err) == (0, False, True)
