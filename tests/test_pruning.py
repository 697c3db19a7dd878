"""`inject --pages FILE --prune`: a page carries what its rules name, and nothing else that was put there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import inject, rules, work
from snippetkit.inject import Wanted
from snippetkit.model import Loaded
from snippetkit.platforms import every_platform
from snippetkit.work import ByRules, FromFile, Placing, Rendering, Sent
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.pages import insertion_of, make_insertion, put
from tests.pixels import CODES, EVERY_CODE, META_ID, PURCHASE, code_of

SECOND_ID = "6009125095681"
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
LOADER = CODES["fbq"].partition("fbq('init'")[0]
BASE = LOADER + f"fbq('init', '{META_ID}');\n</script>\n"
CODE = JS_PIXEL + code_of("fp", SECOND_ID) + CODES["fbq"]
IDS = [PIXEL_ID, SECOND_ID, META_ID]


def _planner(*pixel_ids: str, code: str = CODE, prune: bool = True) -> ByRules:
    """Those pixels are to be on the page; a rule for another one, so that there is one."""
    lines = [f"/a.html,{pixel_id}" for pixel_id in pixel_ids] or [f"/b.html,{PIXEL_ID}"]
    ids = [platform.ids for platform in every_platform()]
    every = rules.parse("\n".join(["page,pixel", *lines]), "rules.csv", ids)
    return work.plan_by_rules(
        every,
        work.load_by_rules(every, FromFile(Sent("code.html", code))),
        ["a.html"],
        Rendering(),
        Placing(),
        prune=prune,
    )


def _brought(page: bytes, planner: ByRules) -> bytes:
    """The page after a run; a second one is held to change nothing."""

    def run(page: bytes) -> bytes:
        planned = planner.plan("a.html", Loaded(page))
        return inject.apply(page, getattr(planned, "edits", planned))

    after = run(page)
    assert run(after) == after
    return after


@given(st.lists(st.lists(st.sampled_from(IDS), unique=True), min_size=1, max_size=4))
def test_whatever_was_declared_in_between_the_page_ends_with_its_own_bytes(declared: list[list[str]]) -> None:
    page = PAGE
    for pixel_ids in declared:
        page = _brought(page, _planner(*pixel_ids))
        assert {pixel_id for pixel_id in IDS if pixel_id.encode() in page} == {*pixel_ids}
    assert _brought(page, _planner()) == PAGE


def test_without_it_what_no_rule_names_stays() -> None:
    page = _brought(PAGE, _planner(PIXEL_ID))
    assert _brought(page, _planner(prune=False)) == page
    assert _brought(page, _planner(META_ID, prune=False)).count(PIXEL_ID.encode()) > 0


@pytest.mark.wide
@pytest.mark.parametrize("name", EVERY_CODE)
def test_code_of_each_dialect_is_pruned(name: str) -> None:
    page = put(PAGE, insertion_of(EVERY_CODE[name]))
    assert Wanted([insertion_of(EVERY_CODE[name])]).find_stale(Loaded(page)) == frozenset()
    assert _brought(page, _planner()) == PAGE


def test_of_two_pixels_in_one_script_the_one_that_is_not_wanted_goes() -> None:
    both = put(put(PAGE, make_insertion()), make_insertion(pixel_id=SECOND_ID))
    assert Wanted([make_insertion()]).find_stale(Loaded(both)) == {f"fp:{SECOND_ID}"}
    after = _brought(both, _planner(PIXEL_ID))
    assert (after.count(SECOND_ID.encode()), PIXEL_ID.encode() in after) == (0, True)


def test_an_event_alone_that_is_not_wanted_goes_and_the_pages_own_base_code_stays() -> None:
    own = PAGE.replace(b"</title>\n", b"</title>\n" + BASE.encode())
    lead, purchase = (BASE.replace("</script>", f"fbq('track', '{one}');\n</script>") for one in ("Lead", "Purchase"))
    page = put(own, insertion_of(lead))
    assert b"fbq:434566956589050/Lead" in page
    after = _brought(page, _planner(META_ID, code=purchase))
    assert (b"Lead" in after, b"fbq:434566956589050/Purchase" in after) == (False, True)
    assert _brought(after, _planner()) == own


def test_code_by_hand_and_markers_that_are_text_stay() -> None:
    page = PAGE.replace(b"<p>", b"<textarea>\n<!-- snippetkit:begin fp:1 script head-bottom -->\n</textarea>\n<p>")
    page = page.replace(b"</title>\n", b"</title>\n" + PURCHASE.encode())
    assert _brought(page, _planner()) == page


def _site(pages: Mapping[str, bytes]) -> None:
    for name, data in pages.items():
        Path("site", name).parent.mkdir(parents=True, exist_ok=True)
        Path("site", name).write_bytes(data)
    Path("code.html").write_text(CODE)


def _rules(*lines: str) -> list[str]:
    Path("rules.csv").write_text("\n".join(["page,pixel", *lines]))
    return ["inject", "site", "--from-file", "code.html", "--pages", "rules.csv"]


def test_a_page_taken_out_of_the_rules_is_seen_by_check_and_pruned(run: Run) -> None:
    _site({"a.html": PAGE, "b.html": PAGE})
    assert run(*_rules(f"/a.html,{PIXEL_ID}", f"/b.html,{SECOND_ID}")).code == 0
    command = [*_rules(f"/a.html,{PIXEL_ID}"), "--prune"]
    check = run(*command, "--check")
    assert (check.code, "would be removed: site/b.html" in check.err) == (1, True)
    assert run(*command, "--diff").out.count(f"-  <!-- snippetkit:begin fp:{SECOND_ID}") == 2
    assert run(*command).err.endswith("removed: site/b.html\n1 unchanged, 1 removed\n")
    assert Path("site/b.html").read_bytes() == PAGE
    assert run(*command, "--check").code == 0


def test_a_rule_without_a_page_takes_nothing_out(run: Run) -> None:
    _site({"a.html": PAGE, "b.html": PAGE, "c.html": PAGE})
    assert run(*_rules(f"/a.html,{PIXEL_ID}", f"/b.html,{SECOND_ID}")).code == 0
    carries = Path("site/b.html").read_bytes()
    ran = run(*_rules(f"/c.html,{PIXEL_ID}", f"/d.html,{SECOND_ID}"), "--prune")
    assert (ran.code, ran.err.splitlines()[-5:]) == (
        6,
        [
            "inserted: site/c.html",
            "failed: rules.csv, line 3: there is no page /d.html",
            "skipped: site/a.html: its code that no rule names stays, because a rule or a page failed",
            "skipped: site/b.html: its code that no rule names stays, because a rule or a page failed",
            "1 inserted, 1 failed, 2 skipped",
        ],
    )
    assert Path("site/b.html").read_bytes() == carries


def test_what_pruned_code_had_adopted_comes_back(run: Run) -> None:
    by_hand = PAGE.replace(b"</title>\n", b"</title>\n" + CODES["fbq"].encode())
    _site({"a.html": by_hand, "b.html": PAGE})
    assert run(*_rules(f"/a.html,{META_ID}"), "--adopt").code == 0
    assert Path("site/a.html").read_bytes() != by_hand
    ran = run(*_rules(f"/b.html,{PIXEL_ID}"), "--prune", "--adopt")
    assert (ran.code, Path("site/a.html").read_bytes()) == (0, by_hand), ran.err
    assert "the code that was put in by hand is back" in ran.err
    assert not Path(".snippetkit").exists()


def test_while_one_pixel_is_pruned_the_code_of_another_may_be_adopted(run: Run) -> None:
    by_hand = PAGE.replace(b"</title>\n", b"</title>\n" + CODES["fbq"].encode())
    _site({"a.html": by_hand})
    assert run(*_rules(f"/a.html,{PIXEL_ID}")).code == 0
    ran = run(*_rules(f"/a.html,{META_ID}"), "--prune", "--adopt")
    page = Path("site/a.html").read_bytes()
    assert (ran.code, PIXEL_ID.encode() in page, b"adopted=" in page) == (0, False, True), ran.err
    assert run("remove", "site").code == 0
    assert Path("site/a.html").read_bytes() == by_hand


def test_what_was_edited_by_hand_is_refused_unless_forced(run: Run) -> None:
    _site({"a.html": PAGE, "b.html": PAGE})
    assert run(*_rules(f"/a.html,{PIXEL_ID}", f"/b.html,{PIXEL_ID}")).code == 0
    page = Path("site/b.html").read_bytes()
    Path("site/b.html").write_bytes(page.replace(b"19.99", b"29.99", 1))
    refused = run(*_rules(f"/a.html,{PIXEL_ID}"), "--prune")
    assert (refused.code, "edited by hand; --force takes it out anyway" in refused.err) == (6, True)
    assert run(*_rules(f"/a.html,{PIXEL_ID}"), "--prune", "--force").code == 0
    assert Path("site/b.html").read_bytes() == PAGE


def test_it_goes_with_rules(run: Run) -> None:
    _site({"a.html": PAGE})
    ran = run("inject", "site", "--from-file", "code.html", "--pixel", PIXEL_ID, "--prune")
    assert (ran.code, "--prune needs --pages." in ran.err) == (2, True)
