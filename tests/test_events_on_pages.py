"""Base code and events as one code, on pages that have the base code: what is missing goes in, each in a region."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from snippetkit import inject, lint, snippets
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion
from snippetkit.inject.planning import _is_related
from snippetkit.inject.removal import find_page_regions
from snippetkit.key import Key
from snippetkit.model import Loaded
from snippetkit.terms import Part
from snippetkit.work import Combiner, Rendering, make_insertion
from tests.pages import COMBINE, insertion_of, make_options, put, take_out, why_refused
from tests.pixels import CODES, META_ID

BASE = snippets.without_nonce(CODES["fbq"])
VIEW = "fbq('track', 'PageView');\n"
PURCHASE = "fbq('track', 'Purchase', {value: 30.00, currency: 'USD'});"
LEAD = "fbq('track', 'Lead', {value: 2, currency: 'EUR'});"
OWN_LEAD = BASE.replace(VIEW, f"{VIEW}{LEAD}\n")
TERMS = make_options(remake=Combiner(Rendering()), combine=COMBINE)
ADOPT, REPLACE = (
    make_options(remake=Combiner(Rendering()), combine=COMBINE, adopt=True, replaces=replaces)
    for replaces in (False, True)
)
WHOLE, SOLD, LED = Key(f"fbq:{META_ID}"), Key(f"fbq:{META_ID}/Purchase"), Key(f"fbq:{META_ID}/Lead")


def _code(*events: str) -> str:
    """Meta's own form: the base code, and each event in a script of its own."""
    return "\n".join([BASE, *(f"<script>{event}</script>" for event in events)])


def _insertion(code: str) -> Insertion:
    [of_pixel] = snippets.group(snippets.read(code))
    return make_insertion([snippets.join(of_pixel)], Rendering())


def _made(event: str) -> Insertion:
    """What `--kind meta --event` makes."""
    base = snippets.join(snippets.read(BASE))
    return make_insertion([snippets.add_event(base, event, ("19.99", "USD"), "order-7")], Rendering())


def _page(head: str = "") -> bytes:
    return f"<!doctype html>\n<html>\n<head>\n{head}\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n".encode()


def _keys(page: bytes) -> set[Key]:
    return {region.key for region in find_page_regions(page)}


def _fired(page: bytes) -> list[str]:
    return [call.event or "" for call in lint.find_firing(snippets.parse(page.decode()), "fbq").events]


PAGES = {
    "by hand": _page(BASE),
    "in a region": put(_page(), insertion_of(BASE)),
    "adopted": put(_page(BASE), insertion_of(BASE), ADOPT),
}


@pytest.mark.wide
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(
    ("insertion", "keys"),
    [
        (_insertion(_code(PURCHASE)), [SOLD]),
        (_insertion(_code(PURCHASE, LEAD)), [SOLD, LED]),
        (_insertion(_code(LEAD, PURCHASE)), [LED, SOLD]),
        (_insertion(_code(f"{PURCHASE}\n{LEAD}")), [SOLD, LED]),
        (_made("Purchase"), [SOLD]),
        (_made("Tea time"), [WHOLE.with_event("Tea time")]),
    ],
)
def test_what_is_missing_of_several_scripts_goes_in_event_by_event(
    page: bytes, insertion: Insertion, keys: Sequence[Key]
) -> None:
    after = put(page, insertion, TERMS)
    assert _keys(after) - _keys(page) == {*keys}
    assert sorted(_fired(after)) == sorted(["PageView", *(key.event for key in keys)])
    assert after.count(b"fbevents.js") == after.count(b"fbq('init'") == 1
    assert take_out(after, keys=keys) == page


def test_the_id_of_an_event_goes_in_with_it_in_script_and_image() -> None:
    after = put(_page(BASE), _made("Purchase"), TERMS).decode()
    assert "fbq('track', 'Purchase', {value: 19.99, currency: 'USD'}, {eventID: 'order-7'});" in after
    assert "&amp;eid=order-7&amp;noscript=1" in after


def test_each_event_that_stands_alone_is_updated_in_its_own_region() -> None:
    before = put(_page(BASE), _insertion(_code(PURCHASE, LEAD)), TERMS)
    after = put(before, _insertion(_code(PURCHASE.replace("30.00", "5.00"), LEAD)), TERMS)
    assert after == before.replace(b"30.00", b"5.00").replace(
        *(re.findall(rb"Purchase script head-bottom sha256=\w+", page)[0] for page in (before, after))
    ).replace(*(re.findall(rb"Purchase noscript body-top sha256=\w+", page)[0] for page in (before, after)))
    assert b"5.00" in after


def test_of_two_events_one_that_the_page_reports_already_is_neither_doubled_nor_passed_over() -> None:
    two = _insertion(_code(PURCHASE, LEAD))
    by_hand = _page(OWN_LEAD)
    for page in (by_hand, put(by_hand, _insertion(_code(PURCHASE)), TERMS)):
        told = why_refused(page, two, TERMS)
        assert "Lead is reported here already, and the new code reports it along with Purchase" in told
    assert sorted(_fired(put(by_hand, two, ADOPT))) == ["Lead", "PageView", "Purchase"]


def test_a_region_with_one_of_two_events_gets_the_other_one_too() -> None:
    after = put(put(_page(), insertion_of(OWN_LEAD)), _insertion(_code(PURCHASE, LEAD)), TERMS)
    assert (_keys(after), sorted(_fired(after))) == ({WHOLE}, ["Lead", "PageView", "Purchase"])


def test_base_code_with_several_scripts_is_one_adoption_that_loses_nothing() -> None:
    page = _page(_code(PURCHASE, LEAD))
    after = put(page, _insertion(_code(PURCHASE, LEAD)), ADOPT)
    assert (_keys(after), _fired(after)) == ({WHOLE}, ["PageView", "Purchase", "Lead"])


def test_what_an_adoption_of_several_scripts_loses_is_told_and_comes_back() -> None:
    page, part = _page(_code(PURCHASE, f"fbq('consent', 'revoke');{LEAD}")), _insertion(_code(PURCHASE))
    with pytest.raises(PageRefusedError) as refusal:
        inject.plan(Loaded(page), part, ADOPT)
    lost = [re.sub(r"^line \d+: | would be lost$", "", note) for note in refusal.value.notes]
    assert lost == ["fbq('consent', 'revoke')", LEAD.rstrip(";")]
    edits = inject.plan(Loaded(page), part, REPLACE)
    assert [note.partition(": ")[2] for note in inject.tell_losses(Loaded(page), edits)] == [
        f"{one} is lost" for one in lost
    ]
    assert _back(page, inject.apply(page, edits), inject.name_adopted(page, edits)) == page


def _back(page: bytes, after: bytes, name: str, keys: Sequence[Key] = ()) -> bytes:
    """The page with these regions taken out, or all, where the first page was kept under a name."""
    gone = inject.plan_removal(Loaded(after), frozenset(keys), frozenset(), make_options(combine=COMBINE))
    return inject.apply(after, inject.restore(after, gone, {name: page}.get).edits)


@pytest.mark.parametrize("keys", [[], [WHOLE], [WHOLE, SOLD]], ids=str)
def test_an_event_beside_adopted_code_goes_alone_or_with_it(keys: Sequence[Key]) -> None:
    page = _page(BASE)
    edits = inject.plan(Loaded(page), insertion_of(BASE), ADOPT)
    name, adopted = inject.name_adopted(page, edits), inject.apply(page, edits)
    after = put(adopted, _insertion(_code(PURCHASE)), ADOPT)
    assert _back(page, after, name, [SOLD]) == adopted
    assert _back(page, after, name, keys) == page


def test_base_code_is_not_adopted_behind_an_event_that_builds_on_it() -> None:
    page = _page(BASE)
    with_event = put(page, _insertion(_code(PURCHASE)), TERMS)
    assert f"'snippetkit remove --key {SOLD}' first" in why_refused(with_event, insertion_of(BASE), ADOPT)
    assert "--adopt puts marked code in its place" in why_refused(with_event, insertion_of(BASE), TERMS)
    adopted = put(take_out(with_event, keys=[SOLD]), insertion_of(BASE), ADOPT)
    assert _fired(put(adopted, _insertion(_code(PURCHASE)), TERMS)) == ["PageView", "Purchase"]


def test_calls_that_an_adoption_leaves_are_for_its_pixel_and_those_of_an_unknown_one_are_not_adopted() -> None:
    revoke = b"<script>fbq('consent', 'revoke');</script>"
    known, unknown = (page.replace(b"  <p>", revoke + b"  <p>") for page in (_page(BASE), _page()))
    assert revoke in put(known, insertion_of(BASE), ADOPT)
    assert "which pixels that names is not known" in why_refused(unknown, insertion_of(BASE), ADOPT)


def test_several_codes_of_one_pixel_may_share_the_base_code_and_no_event() -> None:
    both = [_insertion(_code(PURCHASE)), _insertion(_code(LEAD))]
    after = inject.apply(_page(), inject.plan_all(Loaded(_page()), both, TERMS))
    assert sorted(_fired(after)) == ["Lead", "PageView", "Purchase"]
    with pytest.raises(PageRefusedError, match="they cannot both report correctly"):
        inject.plan_all(Loaded(_page()), [_insertion(_code(PURCHASE, LEAD)), both[1]], TERMS)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("fbq('dataProcessingOptions', ['LDU'], 1, 1000);", "&amp;dpo=LDU&amp;dpoco=1&amp;dpost=1000"),
        ("if (inCalifornia) fbq('dataProcessingOptions', ['LDU'], 0, 0);", "&amp;dpo=LDU&amp;dpoco=0&amp;dpost=0"),
        ("fbq('dataProcessingOptions', ['LDU']);", "&amp;dpo=LDU"),
        ("fbq('dataProcessingOptions', []);", ""),
        ("fbq('dataProcessingOptions', options);", None),
        ("fbq('dataProcessingOptions', ['LDU'], country, 0);", None),
    ],
)
@pytest.mark.parametrize("of_its_own", [True, False])
def test_what_limits_an_events_script_limits_its_image(call: str, said: str | None, of_its_own: bool) -> None:
    page = _page(BASE.replace("fbq('init'", f"{call}\nfbq('init'"))
    after = put(page, _made("Purchase") if of_its_own else _insertion(_code(PURCHASE)), TERMS)
    added = after.decode().partition("Purchase noscript")[2].partition("</noscript>")[0]
    assert ("ev=Purchase" in added) == (said is not None)
    assert re.findall(r"&amp;dpo=.*?(?=&amp;eid|\")", added) == ([said] if said else [])
    assert take_out(after) == page


def test_an_event_stands_beside_code_of_its_own_pixel_and_of_no_other() -> None:
    page = put(PAGES["by hand"], _insertion(_code(PURCHASE)), TERMS)
    [event] = [region for region in find_page_regions(page) if region.key == SOLD and region.part is Part.SCRIPT]
    own, other = insertion_of(BASE), insertion_of(BASE.replace(META_ID, "434566956589051"))
    both = replace(own, snippets=(*own.snippets, *other.snippets))
    assert [_is_related(event, one, is_fitted=False) for one in (own, both, other)] == [False, False, True]
    assert not _is_related(event, other, is_fitted=True)
