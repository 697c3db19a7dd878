"""Hand-written code that was adopted comes back when what took its place goes, to the byte, where that is certain."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippetkit import files, inject
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion
from snippetkit.inject.removal import find_page_regions
from snippetkit.key import Key
from snippetkit.model import Edit, Loaded
from snippetkit.terms import Placement
from tests.conftest import CASES, PIXEL_ID, Ran, Run, examples
from tests.pages import COMBINE, insertion_of, make_options, pages, pixel_ids
from tests.pixels import CODES, META_ID

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
OTHER_ID = "6009125095681"
FP, FBDS, FBQ = (CODES[name] for name in ("fp", "fbds", "fbq"))
LEAD = FBQ.replace("fbq('track', 'PageView');", "fbq('track', 'PageView'); fbq('track', 'Lead');")
BACK = "note: page.html: the code that was put in by hand is back where it was"
CHANGED = "the page has changed since its own code was adopted, so put that back by hand; the page as it was is kept in"
PLACES = st.sampled_from(Placement)


def _page(*codes: str) -> bytes:
    return PAGE.replace(b"  <p>", "".join(codes).encode() + b"  <p>")


class _Store:
    """Pages and what is kept of them, without files."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def adopt(self, page: bytes, insertion: Insertion, placement: Placement = Placement.HEAD_BOTTOM) -> bytes:
        options = make_options(placement, adopt=True, combine=COMBINE, replaces=True)
        edits = inject.plan(Loaded(page), insertion, options)
        if name := inject.name_adopted(page, edits):
            self.kept[name] = page
        after = inject.apply(page, edits)
        assert inject.plan(Loaded(after), insertion, options) == []
        return after

    def remove(
        self, page: bytes, pixel_ids: Iterable[str] = (), *, keys: Iterable[Key] = (), force: bool = False
    ) -> bytes:
        options = make_options(combine=COMBINE)
        gone = inject.plan_removal(Loaded(page), frozenset(keys), frozenset(pixel_ids), options)
        restored = inject.restore(page, gone, self.kept.get)
        if not force:
            inject.check_back(page, restored, self.kept, "here")
        for name in restored.names:
            del self.kept[name]
        return inject.apply(page, restored.edits)

    def why_not(self, page: bytes, pixel_ids: Iterable[str] = ()) -> str:
        with pytest.raises(PageRefusedError) as refusal:
            self.remove(page, pixel_ids)
        return refusal.value.reason


@settings(max_examples=examples(40))
@given(
    pages(),
    st.sampled_from([FP, FBDS, FBQ, LEAD]),
    st.sampled_from([b"</head>", b"<p>", b"</body>"]),
    PLACES,
    PLACES,
    pixel_ids,
)
def test_what_is_adopted_and_removed_gives_the_original_bytes_whatever_the_region_became(
    page: bytes, code: str, place: bytes, first: Placement, second: Placement, pixel_id: str
) -> None:
    code = code.replace(PIXEL_ID, pixel_id).replace(META_ID, pixel_id)
    page = page.replace(place, code.encode() + place, 1)
    store, insertion = _Store(), insertion_of(code.replace("fbq('track', 'Lead');", ""))
    try:
        done = store.adopt(page, insertion, first)
    except PageRefusedError:
        return
    again = store.adopt(done, insertion_of(code.replace("19.99", "5.00").replace("fbq('track', 'Lead');", "")), second)
    assert store.remove(again) == page
    assert store.kept == {}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "shift_jis"])
@pytest.mark.parametrize("code", [FP, FBDS, FBQ], ids=["fp", "fbds", "fbq"])
def test_pages_of_any_encoding_and_newline_come_back(code: str, encoding: str, newline: str) -> None:
    text = {"utf-8": "é☃", "windows-1252": "éß€", "shift_jis": "表能ソ"}[encoding].encode(encoding)
    page = _page(f"<p>a</p>{code}<p>b</p>").replace(b"x</", text + b"</").replace(b"\n", newline.encode())
    store = _Store()
    done = store.adopt(page, insertion_of(code))
    assert len(store.kept) == 1
    assert store.remove(done) == page


@pytest.mark.parametrize("source", ["fbds", "fbq", "fp", "image", "modern"])
def test_code_of_every_shape_comes_back(source: str) -> None:
    shapes = {path: path.read_text("utf-8") for path in (CASES / "shapes").glob(f"{source}.*.html")}
    insertion = insertion_of({"fbq": FBQ, "fp": FP}.get(source, FBDS))
    adopted = 0
    for shape in shapes.values():
        page, store = _page(shape), _Store()
        try:
            done = store.adopt(page, insertion)
        except PageRefusedError as refusal:
            assert "cannot be read" in refusal.reason
            continue
        adopted += 1
        assert store.remove(done) == page
    assert adopted > len(shapes) // 2


@pytest.mark.parametrize("order", [[None], [PIXEL_ID, META_ID]])
def test_two_that_were_adopted_one_after_the_other_come_back(order: list[str | None]) -> None:
    page, store = _page(FBQ, FP), _Store()
    done = store.adopt(store.adopt(page, insertion_of(FBQ)), insertion_of(FP))
    assert len(store.kept) == 2
    for pixel_id in order:
        done = store.remove(done, [pixel_id] if pixel_id else [])
    assert (done, store.kept) == (page, {})


def test_of_two_the_first_does_not_come_back_before_the_last_is_out_and_that_is_said() -> None:
    store = _Store()
    done = store.adopt(store.adopt(_page(FBQ, FP), insertion_of(FBQ)), insertion_of(FP))
    told = store.why_not(done, [META_ID])
    assert (
        f"only with fp:{PIXEL_ID} out of the page, too: 'snippetkit remove --key fbq:{META_ID} --key fp:{PIXEL_ID}'"
        in told
    )
    assert store.remove(store.remove(done, [PIXEL_ID]), [META_ID]) == _page(FBQ, FP)
    store = _Store()
    done = store.adopt(store.adopt(_page(FBQ, FP), insertion_of(FBQ)), insertion_of(FP))
    without = store.remove(done, [META_ID], force=True)
    assert (b"fbq(" in without, len(store.kept)) == (False, 2)
    last = store.remove(without, [PIXEL_ID])
    assert (FP.encode() in last, b"fbq(" in last, len(store.kept)) == (True, False, 1)


def test_a_pixel_that_was_there_before_stays_when_what_was_adopted_comes_back() -> None:
    store, fbds = _Store(), insertion_of(FBDS.replace(PIXEL_ID, OTHER_ID))
    page = inject.apply(_page(FBQ), inject.plan(Loaded(_page(FBQ)), fbds))
    done = store.adopt(page, insertion_of(FBQ))
    assert store.remove(done, [META_ID]) == page
    assert store.kept == {}


def test_what_was_not_adopted_brings_nothing_back() -> None:
    store, other = _Store(), insertion_of(FBDS.replace(PIXEL_ID, OTHER_ID))
    done = store.adopt(_page(FBQ), insertion_of(FBQ))
    both = store.adopt(done, other)
    assert store.remove(both, [OTHER_ID]) == done
    assert len(store.kept) == 1
    assert store.remove(both) == _page(FBQ)


def test_where_the_page_has_changed_the_regions_go_and_nothing_else_does() -> None:
    store = _Store()
    done = store.adopt(_page(FBQ), insertion_of(FBQ)).replace(b"<p>x</p>", b"<p>y</p>")
    assert store.remove(done) == _page(FBQ.split("\n")[0] + "\n", "<!-- End Meta Pixel Code -->\n").replace(
        b">x</p", b">y</p"
    )
    assert len(store.kept) == 1


def test_half_of_a_region_that_lost_its_markers_is_nothing_to_come_back() -> None:
    store, insertion = _Store(), insertion_of(FBQ)
    done = store.adopt(PAGE, insertion)
    halved = re.sub(rb"[ \t]*<!-- snippetkit:(?:begin|end) [^ ]+ noscript .*?-->\n", b"", done)
    assert store.remove(store.adopt(halved, insertion)) == PAGE
    assert store.kept == {}


def test_a_page_with_other_regions_of_those_that_stay_does_not_come_back() -> None:
    store, other = _Store(), insertion_of(FBDS.replace(PIXEL_ID, OTHER_ID))
    page = inject.apply(_page(FBQ), inject.plan(Loaded(_page(FBQ)), other))
    done = store.adopt(page, insertion_of(FBQ))
    updated = store.adopt(done, insertion_of(FBDS.replace(PIXEL_ID, OTHER_ID).replace("19.99", "5.00")))
    assert f"comes back only with fbds:{OTHER_ID} out of the page, too" in store.why_not(updated, [META_ID])
    assert b"fbq(" not in store.remove(updated, [META_ID], force=True)
    assert store.remove(updated) == _page(FBQ)


def test_where_no_other_one_alone_is_in_the_way_all_are_named() -> None:
    store = _Store()
    done = store.adopt(_page(FBQ), insertion_of(FBQ))
    for code in (FBDS.replace(PIXEL_ID, OTHER_ID), FP):
        done = store.adopt(done, insertion_of(code))
    told = store.why_not(done, [META_ID])
    assert f"comes back only with fbds:{OTHER_ID} and fp:{PIXEL_ID} out of the page, too" in told
    assert store.remove(done) == _page(FBQ)


OF_ONE = insertion_of(FP)
OF_TWO = insertion_of(FP.replace(PIXEL_ID, OTHER_ID))
HAND = "fbq('track', 'Purchase', {value: 30.00, currency: 'USD'});"
SALE = FBQ.replace("fbq('track', 'PageView');", f"fbq('track', 'PageView');\n{HAND}")


def _adopted(page: bytes) -> dict[str, list[str]]:
    return {f"{one.key} {one.part}": sorted(one.adopted) for one in find_page_regions(page) if one.adopted}


def test_a_region_says_what_it_has_adopted_whatever_becomes_of_it() -> None:
    store, both = _Store(), [f"fp:{PIXEL_ID} {part}" for part in ("script", "noscript")]
    done = store.adopt(_page(FP), OF_ONE)
    assert _adopted(done) == {key: [PIXEL_ID] for key in both}
    moved = store.adopt(done, insertion_of(FP.replace("19.99", "5.00")), Placement.BODY_BOTTOM)
    assert (_adopted(moved), moved.count(b"5.00")) == (_adopted(done), 2)
    joined = store.adopt(done, OF_TWO)
    assert {*_adopted(joined)} == {f"fp:{PIXEL_ID}+{OTHER_ID} {part}" for part in ("script", "noscript")}
    assert [*_adopted(joined).values()] == [[PIXEL_ID]] * 2
    assert _adopted(store.remove(joined, [OTHER_ID])) == _adopted(done)
    assert store.remove(joined) == _page(FP)
    assert store.kept == {}


def test_of_a_script_for_two_only_the_one_that_adopted_is_missed() -> None:
    store = _Store()
    joined = store.adopt(store.adopt(_page(FP), OF_ONE), OF_TWO)
    store.kept.clear()
    assert f"this replaced code of fp:{PIXEL_ID}" in store.why_not(joined, [PIXEL_ID])
    left = store.remove(joined, [PIXEL_ID], force=True)
    assert _adopted(left) == {}
    assert store.remove(left) == store.remove(joined, force=True)
    assert store.remove(store.remove(joined, [OTHER_ID]), force=True) == store.remove(joined, force=True)


@pytest.mark.parametrize("first", [None, f"fbq:{META_ID}/Purchase"])
def test_an_event_that_was_adopted_beside_a_region_of_its_pixel_comes_back_with_it_or_alone(first: str | None) -> None:
    page = inject.apply(PAGE, inject.plan(Loaded(PAGE), insertion_of(FBQ)))
    page = page.replace(b"  <p>", f"  <script>{HAND}</script>\n  <p>".encode())
    store = _Store()
    done = store.adopt(page, insertion_of(SALE))
    assert {*_adopted(done)} == {f"fbq:{META_ID}/Purchase {part}" for part in ("script", "noscript")}
    assert store.remove(done, keys=[Key(first)] if first else []) == (page if first else _stripped(page))
    assert store.kept == {}


def test_hand_written_code_beside_a_region_of_the_same_pixel_is_adopted_by_that() -> None:
    region = inject.apply(PAGE, inject.plan(Loaded(PAGE), insertion_of(FP)))
    page, store = region.replace(b"  <p>", f"{FP}\n  <p>".encode()), _Store()
    done = store.adopt(page, OF_ONE)
    assert {*_adopted(done)} == {f"fp:{PIXEL_ID} {part}" for part in ("script", "noscript")}
    assert [one.code for one in find_page_regions(done)] == [one.code for one in find_page_regions(region)]
    store.kept.clear()
    assert "put in by hand, and no copy of the page with that code is kept here; put it there" in store.why_not(done)


def _stripped(page: bytes) -> bytes:
    return inject.apply(page, [Edit(one.start, one.end, b"") for one in find_page_regions(page)])


def test_half_of_a_region_that_is_marked_again_beside_an_adoption_does_not_keep_that_from_being_kept() -> None:
    insertions = [insertion_of(FBDS.replace(PIXEL_ID, OTHER_ID)), insertion_of(FBQ)]
    done = inject.apply(_page(FBQ), inject.plan(Loaded(_page(FBQ)), insertions[0]))
    halved = re.sub(rb"[ \t]*<!-- snippetkit:(?:begin|end) [^ ]+ noscript .*?-->\n", b"", done)
    edits = inject.plan_all(Loaded(halved), insertions, make_options(adopt=True))
    assert inject.name_adopted(halved, edits)


def test_a_marker_that_a_formatter_has_wrapped_says_it_still() -> None:
    store = _Store()
    done = store.adopt(_page(FP), OF_ONE)
    wrapped = re.sub(rb" (adopted=\d+) (?=-->)", rb"\n    \1\n", done)
    assert _adopted(wrapped) == _adopted(done)
    assert store.remove(wrapped) == _page(FP)


@pytest.fixture
def page() -> Path:
    Path("code.txt").write_text(FBQ)
    Path("page.html").write_bytes(_page(LEAD))
    return Path("page.html")


def _adopt(run: Run, *paths: str | Path) -> Ran:
    ran = run("inject", *paths, "--from-file", "code.txt", "--adopt=replace")
    assert ran.code == 0
    return ran


def _kept() -> list[str]:
    return sorted(str(path) for path in Path().glob(".snippetkit/**/*.html") if path.is_file())


def test_the_command_line_keeps_the_page_and_puts_its_code_back(run: Run, page: Path) -> None:
    page.chmod(0o640)
    _adopt(run, page)
    [kept] = _kept()
    assert re.fullmatch(r"\.snippetkit/adopted/page\.html/[0-9a-f]{16}\.html", kept)
    assert (Path(kept).read_bytes(), Path(kept).stat().st_mode & 0o777) == (_page(LEAD), 0o640)
    for more in (["--check"], ["--diff"]):
        ran = run("remove", page, *more)
        assert (ran.code, BACK in ran.err, _kept()) == (int(more == ["--check"]), True, [kept])
    assert f"{BACK}\n" in run("remove", page).err
    assert (page.read_bytes(), _kept(), Path(".snippetkit").exists()) == (_page(LEAD), [], False)


@pytest.mark.parametrize("more", [["--check"], ["--diff"]])
def test_nothing_is_kept_where_nothing_is_written_and_where_nothing_goes(run: Run, page: Path, more: list[str]) -> None:
    run("inject", page, "--from-file", "code.txt", "--adopt=replace", *more)
    page.write_bytes(PAGE)
    assert _adopt(run, page).err.endswith("inserted: page.html\n1 inserted\n")
    assert _kept() == []


def test_the_note_says_where_it_is_kept_and_json_has_it(run: Run, page: Path) -> None:
    [told] = json.loads(_adopt(run, page, "--json").out)["files"]
    assert told["notes"][-1] == f"the page as it was is kept in {_kept()[0]}, from which 'remove' puts that code back"
    [told] = json.loads(run("remove", page, "--json").out)["files"]
    assert (told["action"], told["notes"]) == ("updated", [BACK.removeprefix("note: page.html: ")])


def test_from_whatever_folder_and_with_fsync_it_is_found(run: Run, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Path("site/shop")
    site.mkdir(parents=True)
    page = page.rename(site / "page.html")
    _adopt(run, "site")
    monkeypatch.chdir(site)
    assert run("remove", ".", "--fsync").code == 0
    assert Path("page.html").read_bytes() == _page(LEAD)
    assert not Path("../../.snippetkit").exists()
    run("inject", "page.html", "--from-file", "../../code.txt", "--adopt=replace")
    monkeypatch.chdir("..")
    assert BACK.replace("page.html", "shop/page.html") in run("remove", "shop").err


def test_a_page_outside_the_current_folder_is_kept_in_its_own(
    run: Run, page: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "page.html"
    outside.write_bytes(_page(LEAD))
    assert f"is kept in {os.path.realpath(outside.parent)}/.snippetkit/" in _adopt(run, outside).err
    run("remove", outside)
    assert outside.read_bytes() == _page(LEAD)
    assert [*outside.parent.iterdir()] == [outside]


def test_where_the_page_has_changed_it_is_said_where_it_is_kept(run: Run, page: Path) -> None:
    _adopt(run, page)
    page.write_bytes(page.read_bytes().replace(b"<p>x", b"<p>y"))
    [kept] = _kept()
    ran = run("remove", page)
    assert (ran.code, f"note: page.html: {CHANGED} {os.path.realpath(kept)}\n" in ran.err) == (0, True)
    assert (b"fbq(" in page.read_bytes(), _kept()) == (False, [kept])
    run("inject", page, "--from-file", "code.txt")
    Path("code.txt").write_text(FBDS)
    run("inject", page, "--from-file", "code.txt")
    assert CHANGED not in run("remove", page, "--pixel", PIXEL_ID).err


def test_a_page_that_was_adopted_before_regions_said_so_is_removed_with_no_more_than_our_code(
    run: Run, page: Path
) -> None:
    _adopt(run, page)
    Path(_kept()[0]).unlink()
    page.write_bytes(re.sub(rb" adopted=\d+", b"", page.read_bytes()))
    ran = run("remove", page)
    assert (ran.code, b"fbq(" in page.read_bytes()) == (0, False)


@pytest.mark.parametrize("renamed", [True, False])
def test_without_the_copy_nothing_is_taken_out_unless_by_force(run: Run, page: Path, renamed: bool) -> None:
    _adopt(run, page)
    [kept] = _kept()
    page = page.rename("other.html") if renamed else page
    if not renamed:
        Path(kept).rename("away.html")
    before = page.read_bytes()
    for more in ([], ["--check"], ["--pixel", META_ID]):
        ran = run("remove", page, *more)
        assert (ran.code, page.read_bytes()) == (6, before)
        assert f"refused: {page}: line 5, column 3: this replaced code of fbq:{META_ID}" in ran.err
        assert f"and no copy of the page with that code is kept in .snippetkit/adopted/{page}; put it there" in ran.err
    if renamed:
        Path(kept).parent.rename(Path(kept).parent.with_name("other.html"))
        assert run("remove", page).code == 0
        assert page.read_bytes() == _page(LEAD)
    else:
        assert run("remove", page, "--force").code == 0
        assert b"fbq(" not in page.read_bytes()


def test_a_page_from_stdin_that_has_adopted_is_refused(run: Run, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _adopt(run, page)
    for more, code, told in (
        ([], 6, "no copy of the page with that code is kept for a page from stdin"),
        (["--force"], 0, ""),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page.read_bytes())))
        ran = run("remove", "-", *more)
        assert (ran.code, told in ran.err, "fbq(" in ran.out, bool(ran.out)) == (code, True, False, not code)


def test_what_cannot_be_kept_is_not_adopted_and_what_cannot_be_read_not_removed(run: Run, page: Path) -> None:
    Path(".snippetkit").write_text("")
    ran = run("inject", page, "--from-file", "code.txt", "--adopt=replace")
    assert (ran.code, "Not a directory" in ran.err, page.read_bytes()) == (6, True, _page(LEAD))
    Path(".snippetkit").unlink()
    _adopt(run, page)
    done, [kept] = page.read_bytes(), _kept()
    Path(kept).unlink()
    Path(kept).mkdir()
    ran = run("remove", page)
    assert (ran.code, "failed: page.html" in ran.err, page.read_bytes()) == (6, True, done)


def test_a_copy_that_shares_its_folder_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    with files.read_page(str(path)) as page:
        first, second = (files.keep_adopted(page, name) for name in "ab")
    assert files.Adopted().find(str(path)) == {"a": os.path.realpath(first), "b": os.path.realpath(second)}
    files.forget_adopted(first)
    assert [*files.Adopted().find(str(path))] == ["b"]
    files.forget_adopted(second)
    assert files.Adopted().find(str(path)) == {}
