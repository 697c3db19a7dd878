"""Matomo's container version: its conditions, names and notes, what its import decodes, and what is read from it."""

from __future__ import annotations

import copy
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports import matomo
from snippetkit.exports.matomo import names
from snippetkit.terms import Consent, Match, TagVariant
from tests import managers
from tests.conftest import ACCOUNT, JS_PIXEL
from tests.managers import Fired
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, TAGS, exact, purchase

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Document = dict[str, Any]


def _document(*tags: ContainerTag) -> Document:
    document: Document = json.loads(matomo.export(tags).content)
    return document


def _conditions(rule: PageRule) -> list[tuple[str, str, str]]:
    [trigger] = _document(ContainerTag("a", (CHECKOUT,), rules=(rule,)))["triggers"]
    return [(found["actual"], found["comparison"], found["expected"]) for found in trigger["conditions"]]


@pytest.mark.parametrize(
    ("rule", "conditions"),
    [
        (PageRule.of(Match.ALL), []),
        (PageRule.of(Match.EXACT, "/a.b"), [("PagePath", "equals_exactly", "/a.b")]),
        (PageRule.of(Match.EXACT, "/a.b", ignore_case=True), [("PagePath", "regexp", r"^/[aA]\.[bB]$")]),
        (PageRule.of(Match.PREFIX, "/a.b"), [("PagePath", "regexp", r"^/a\.b")]),
        (PageRule.of(Match.REGEX, r"^/a+$"), [("PagePath", "regexp", "^/a+$")]),
        (PageRule.of(Match.CONTAINS, "?a=b"), [("PageUrl", "regexp", r"^[^#]*\?a=b")]),
        (PageRule.of(Match.HOST, "shop.example"), [("PageHostname", "regexp", r"^shop\.example$")]),
        (PageRule.of(Match.EXACT, "/a&lt;b"), [("PagePath", "regexp", r"^/a\x26lt;b$")]),
        (PageRule.of(Match.CONTAINS, "x&amp;y&z"), [("PageUrl", "regexp", r"^[^#]*x\x26amp;y&z")]),
    ],
)
def test_only_comparisons_that_heed_case_are_used_and_no_fragment_is_looked_at(
    rule: PageRule, conditions: list[tuple[str, str, str]]
) -> None:
    assert _conditions(rule) == conditions


def test_tags_with_a_rule_in_common_share_its_trigger_and_exceptions_have_their_own_in_front() -> None:
    shop, cart = PageRule.of(Match.PREFIX, "/shop/"), PageRule.of(Match.EXACT, "/shop/cart.html")
    document = _document(
        ContainerTag("a", (CHECKOUT,), rules=(shop,), exceptions=(cart,)),
        ContainerTag("b", (REGISTRATION,), rules=(cart, shop)),
        ContainerTag("c", (QUEUED,), rules=(cart,), exceptions=(shop,)),
    )
    called = {trigger["idtrigger"]: trigger["name"] for trigger in document["triggers"]}
    assert list(called.values()) == [
        "Except where: Page path is /shop/cart.html",
        "Except where: Page path begins with /shop/",
        "Page path begins with /shop/",
        "Page path is /shop/cart.html",
    ]
    assert [tag["fire_trigger_ids"] for tag in document["tags"]] == [[3], [4, 3], [4]]
    assert [tag["block_trigger_ids"] for tag in document["tags"]] == [[1], [], [2]]


@pytest.mark.browser
def test_tags_whose_rules_are_each_others_exceptions_fire_where_they_should(browser: Browser) -> None:
    shop, cart = PageRule.of(Match.PREFIX, "/shop/"), PageRule.of(Match.REGEX, r"\.html$")
    tags = [
        ContainerTag("a", (CHECKOUT,), rules=(shop,), exceptions=(cart,)),
        ContainerTag("b", (REGISTRATION,), rules=(cart,), exceptions=(shop,)),
        ContainerTag("c", (QUEUED,), rules=(cart, shop)),
        ContainerTag("d", (META,), rules=(cart,), exceptions=(cart,)),
    ]
    urls = [f"https://shop.example{path}" for path in ("/shop/", "/tea.html", "/shop/tea.html", "/")]
    fired = managers.fired(browser, "matomo", matomo.export(tags).content, urls)
    assert fired == [["a", "c"], ["b", "c"], ["c"], []]


def test_a_page_fires_a_tag_once_and_an_event_each_time() -> None:
    document = _document(*TAGS)
    limits = {tag["name"]: tag["fire_limit"] for tag in document["tags"]}
    assert {limits[name] for name in ("Purchase", "Order", "Sign-up")} == {"unlimited"}
    assert {limits[name] for name in ("Image", "Registration", "Registration image", "Meta Pixel")} == {"once_page"}


LONG = "Conversions of the shop on the pages of the autumn sale"


@pytest.mark.parametrize("name", [LONG, "The \"best\" <tea> & the 'second best' <coffee>", " x", "x... 0123456789", ""])
def test_a_name_that_matomo_would_not_take_is_shortened_said_and_read_whole(name: str) -> None:
    tag = ContainerTag(name, (CHECKOUT,), rules=exact("/a"), account=ACCOUNT)
    exported = matomo.export([tag])
    [written] = json.loads(exported.content)["tags"]
    assert len(escape(written["name"])) <= names.MAX_CHARACTERS
    assert re.search(r"\.\.\. [0-9a-f]{10}$", written["name"])
    assert written["description"] == f"Ad account {ACCOUNT}. Tag {name}"
    [said] = [note for note in exported.notes if "is called" in note]
    assert said.startswith(f"the tag {name!r} is called {written['name']!r} there")
    [read] = matomo.read(json.loads(exported.content)).tags
    assert read.name == name


def test_names_that_differ_in_case_or_accents_only_are_told_apart() -> None:
    paths = ["/Thanks.html", "/thanks.html", "/other.html"]
    tags = [
        ContainerTag(name, (CHECKOUT,), rules=exact(path))
        for name, path in zip(["Café", "cafe", "tea"], paths, strict=True)
    ]
    document = _document(*tags)
    assert [tag["name"] == tag["name"][:4] for tag in document["tags"]] == [False, False, True]
    assert [len(trigger["name"]) > 30 for trigger in document["triggers"]] == [True, True, False]
    read = matomo.read(document).tags
    assert [tag.name for tag in read] == ["Café", "cafe", "tea"]
    assert [tag.fires for tag in read] == [(f"Page path is {path}",) for path in paths]


def _as_compared(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)).casefold()


def test_emoji_are_told_apart() -> None:
    assert len(set(names.choose(["tea 🍵", "tea 🍮"]).values()) - {"tea 🍵", "tea 🍮"}) == 2


@given(st.lists(st.text(max_size=70) | st.text("aAáÁ .<", max_size=60), max_size=8, unique=True))
def test_no_two_names_become_one(whole: list[str]) -> None:
    shortened = [*whole, *(names.shorten(name) for name in whole)]
    chosen = names.choose([*dict.fromkeys(shortened)])
    assert len({_as_compared(name) for name in chosen.values()}) == len(chosen)
    assert all(0 < len(escape(name)) <= names.MAX_CHARACTERS for name in chosen.values())
    assert all(names.whole(new, old) == old for old, new in chosen.items())


@pytest.mark.parametrize("name", ["x" * 1000, "&" * 200])
def test_a_name_that_no_description_has_room_for_is_refused(name: str) -> None:
    with pytest.raises(SnippetError, match="Matomo has room for a name or a page rule of some 900 characters"):
        matomo.export([ContainerTag(name, (CHECKOUT,))])


def test_an_image_that_has_the_name_of_another_tag_is_refused() -> None:
    tags = [ContainerTag("a", (CHECKOUT,), TagVariant.BOTH), ContainerTag("a image", (REGISTRATION,))]
    with pytest.raises(SnippetError, match="two tags have the same name: 'a image'"):
        matomo.export(tags)


@pytest.mark.parametrize("reference", ["&quot;", "&#39;", "&#x27;", "&eacute;"])
def test_code_that_the_import_would_decode_is_refused(reference: str) -> None:
    [code] = snippets.read(
        JS_PIXEL.replace("'text/javascript'", "x").replace("(function", f"f('{reference}');(function")
    )
    with pytest.raises(SnippetError, match=f"a: the import of Matomo would decode {reference} in the code"):
        matomo.export([ContainerTag("a", (code,))])


@pytest.mark.parametrize("kind", ["module", "application/javascript", " text/javascript"])
def test_a_script_that_matomo_would_not_run_is_refused(kind: str) -> None:
    [code] = snippets.read(JS_PIXEL.replace("text/javascript", kind))
    with pytest.raises(SnippetError, match=f"a: Matomo would not run a script of the type '{kind}'"):
        matomo.export([ContainerTag("a", (code,))])


@pytest.mark.parametrize("text", ["x&&y;", "&unknown;", "f(a&b)"])
def test_code_with_an_ampersand_that_stands_for_itself_is_taken(text: str) -> None:
    [code] = snippets.read(JS_PIXEL.replace("(function", f"{text};(function"))
    [tag] = _document(ContainerTag("a", (code,)))["tags"]
    assert text in tag["parameters"]["customHtml"]


def test_no_character_reference_stands_in_the_file_so_that_it_is_json_when_it_is_decoded() -> None:
    tag = ContainerTag("a &quot; b", (CHECKOUT,), TagVariant.BOTH, exact("/&quot;"))
    content = matomo.export([tag]).content.decode()
    assert not re.search(r"&#?\w+;", content)
    assert "&currency=" in content
    assert matomo.read(json.loads(content)).tags[0].name == "a &quot; b"


def test_a_literal_brace_pair_is_no_variable() -> None:
    code = snippets.read(JS_PIXEL.replace("(function", "f('{{PageUrl}}');(function"))
    [tag] = _document(ContainerTag("a", tuple(code)))["tags"]
    assert "{{" not in tag["parameters"]["customHtml"]
    url = JS_PIXEL.replace("&amp;currency=USD", "&amp;currency=USD&amp;x={{PageUrl}}")
    with pytest.raises(SnippetError, match=r"a: (Matomo would read '\{\{' in the image|the code holds server code)"):
        matomo.export([ContainerTag("a", tuple(snippets.read(url)), TagVariant.IMAGE)])


@pytest.mark.parametrize("name", ["mtm.CustomEvent", "mtm.PageView"])
def test_an_event_of_matomos_own_is_refused_for_it_would_call_itself(name: str) -> None:
    with pytest.raises(SnippetError, match=f"a: {name} is one of Matomo's own events"):
        matomo.export([ContainerTag("a", (CHECKOUT,), event=DataLayerEvent.of(name))])


def test_several_pixels_have_no_value_from_the_data_layer() -> None:
    tag = ContainerTag("a", (CHECKOUT, REGISTRATION), event=DataLayerEvent.of("paid", "value"))
    with pytest.raises(SnippetError, match="a: several pixels cannot take their value from one event"):
        matomo.export([tag])


EVERY_SHAPE = [
    ContainerTag("Both", (CHECKOUT, REGISTRATION), TagVariant.BOTH, exact("/a"), account=ACCOUNT),
    ContainerTag("Images", (CHECKOUT, REGISTRATION), TagVariant.IMAGE, exact("/b")),
    ContainerTag("Image of an event", (CHECKOUT,), TagVariant.IMAGE, event=DataLayerEvent.of("a", "a.b", "currency")),
    ContainerTag("Image 2", (QUEUED,), TagVariant.IMAGE, event=DataLayerEvent.of("b", None, "currency")),
    ContainerTag("Both of an event", (QUEUED,), TagVariant.BOTH, event=DataLayerEvent.of("c", "x" * 60, "currency")),
    ContainerTag("Purchase of an event", (purchase(),), event=DataLayerEvent.of("d", "value", "currency")),
    ContainerTag("Meta", (META,), TagVariant.BOTH, exact("/c"), exact("/d")),
    ContainerTag("Nothing yet", (META,), TagVariant.BOTH),
]


def test_what_a_person_has_to_know_is_said() -> None:
    notes = matomo.export([*TAGS, *EVERY_SHAPE[:1]]).notes
    assert [note.split(":")[0] for note in notes] == [
        "the import replaces all tags, triggers and variables of the container's draft",
        "Matomo has no consent setting",
        "'Registration', 'Both'",
        "'Without a trigger'",
        "the page has to push its events onto _mtm, not dataLayer",
        "the tag 'Queue, on the pages of the shop but one, under a name that is much longer than fifty characters' is"
        " called 'Queue, on the pages of the shop but... f41c86e473' there; its description has the whole name",
        r"the trigger 'Page path matches ^/[a-z]+/tea\\.html$ (in any case)' is called"
        r" 'Page path matches ^/[a-z]+/tea\\.html... c7cebbd612' there; its description has the whole name",
    ]
    assert "'Purchase' and 7 more" not in notes[1]
    plain = ContainerTag("a", (CHECKOUT,), rules=exact("/a"), consent=Consent.NONE)
    assert len(matomo.export([plain]).notes) == 1


GOLDEN = _document(*TAGS, *EVERY_SHAPE[2:5])


def _paths(node: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield (*path, key)
        yield from _paths(node[key], (*path, key))  # type: ignore[index]


@given(st.sampled_from([*_paths(GOLDEN)]), st.sampled_from([None, 1, True, "", "x", [], {}, [[]], [{}], {"x": 1}, 1.5]))
def test_a_malformed_document_is_read_as_far_as_it_goes_or_refused(path: tuple[str | int, ...], new: object) -> None:
    document: Any = copy.deepcopy(GOLDEN)
    node = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = new
    try:
        found = matomo.read(document)
    except SettingError as error:
        assert str(error).startswith("not a Matomo container: ")
    else:
        assert len(found.tags) <= len(GOLDEN["tags"])


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with managers.serving_site() as url:
        yield url


HOSTILE = "1&id=6009125095681#'\"</script>{{PageUrl}}%"
LAYER = [
    ([{"event": "a", "a": {"b": 7.5}, "currency": "EUR"}], Fired("6009125095680", None, "7.5", "EUR")),
    ([{"event": "a", "a": None}], Fired("6009125095680", None, "19.99", "USD")),
    ([{"event": "a", "a": "text"}], Fired("6009125095680", None, "19.99", "USD")),
    ([{"event": "a", "a": {"b": 0}, "currency": ""}], Fired("6009125095680", None, "0", "USD")),
    ([{"event": "a", "a": {"b": HOSTILE}, "currency": HOSTILE}], Fired("6009125095680", None, HOSTILE, HOSTILE)),
    ([{"a": {"b": 8}}, {"event": "a"}], Fired("6009125095680", None, "8", "USD")),
]


@pytest.mark.browser
@pytest.mark.parametrize("variant", [TagVariant.SCRIPT, TagVariant.IMAGE])
@pytest.mark.parametrize(("pushed", "expected"), LAYER)
def test_no_value_of_the_data_layer_breaks_out_or_stops_the_code(
    browser: Browser, site: str, variant: TagVariant, pushed: list[Document], expected: Fired
) -> None:
    tag = ContainerTag("a", (CHECKOUT,), variant, event=DataLayerEvent.of("a", "a.b", "currency"))
    assert managers.visit(browser, "matomo", matomo.export([tag]).content, f"{site}/", push=pushed) == [expected]


@pytest.mark.browser
def test_tags_of_every_shape_fire_each_of_their_pixels(browser: Browser, site: str) -> None:
    content = matomo.export(EVERY_SHAPE).content
    checked_out, registered = (Fired(id_, None, value, "USD") for id_, value in
                               [("6009125095680", "19.99"), ("6009125095681", "5.00")])  # fmt: skip
    visited = {path: sorted(managers.visit(browser, "matomo", content, site + path)) for path in ("/a", "/b", "/d")}
    assert visited == {
        "/a": [checked_out, checked_out, registered, registered],
        "/b": [checked_out, registered],
        "/d": [],
    }


def _in_a_string(document: Document) -> Document:
    html = document["tags"][0]["parameters"]
    html["customHtml"] = html["customHtml"].replace("'19.99'", "'{{Value}}'")
    variable = {"type": "DataLayer", "name": "Value", "description": "", "parameters": {"dataLayerName": "value"}}
    document["variables"] = [variable | {"default_value": "", "lookup_table": []}]
    return document


@pytest.mark.browser
def test_a_variable_in_a_string_of_a_script_would_be_an_expression_there(browser: Browser, site: str) -> None:
    document = _in_a_string(_document(ContainerTag("a", (CHECKOUT,), event=DataLayerEvent.of("a"))))
    pushed = [{"event": "a", "value": 7.5}]
    [fired] = managers.visit(browser, "matomo", json.dumps(document).encode(), f"{site}/", push=pushed)
    assert fired.value == "window.MatomoTagManager.customHtmlDataStore[0]"


REFUSED: list[tuple[Callable[[Document], object], str]] = [
    (lambda document: document.pop("idcontainer"), "no idcontainer"),
    (lambda document: document["tags"][0].update(fire_trigger_ids=[]), "no trigger"),
    (lambda document: document["tags"][0].update(fire_trigger_ids=[99]), "no trigger"),
    (lambda document: document["tags"][0].update(name="x" * 51), "51 characters"),
    (lambda document: document["tags"].append(document["tags"][0] | {"name": "A"}), "the name is in use"),
    (lambda document: document["tags"][0].update(fire_limit="once"), "the fire limit"),
    (lambda document: document["tags"][0].update(type="Html"), "the type Html"),
    (lambda document: document["triggers"][0].pop("description"), "no description"),
    (lambda document: document["triggers"][0]["conditions"][0].update(comparison="is"), "the comparison"),
    (lambda document: document["triggers"][0]["conditions"][0].update(expected=""), "the expected value is empty"),
]


@pytest.mark.browser
@pytest.mark.parametrize(("change", "reason"), REFUSED)
def test_what_the_import_refuses_our_stand_in_for_it_does_too(
    browser: Browser, change: Callable[[Document], object], reason: str
) -> None:
    document = _document(ContainerTag("a", (CHECKOUT,), rules=exact("/a")))
    change(document)
    with pytest.raises(Exception, match=f"Matomo refuses it: .*{reason}"):
        managers.fired(browser, "matomo", json.dumps(document).encode(), ["https://shop.example/a"])


def test_where_publishing_nears_the_limit_of_php_a_note_says_so() -> None:
    many = [replace(TAGS[0], name=f"Tag {number}") for number in range(300)]
    notes = {count: [note for note in matomo.export(many[:count]).notes if "PHP" in note] for count in (200, 300)}
    assert notes[200] == []
    assert notes[300] == [
        "publishing 300 tags takes Matomo about 30 s, and PHP's max_execution_time is 30 s unless it has been set: "
        "raise it first"
    ]
