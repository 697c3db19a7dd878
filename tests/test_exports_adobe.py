"""Adobe Tags: settings that the Core extension takes, requests that a script can send, rules that are read again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from snippetkit import snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports import adobe
from snippetkit.exports._names import parts
from snippetkit.model import Snippet
from snippetkit.terms import Consent, Match, TagVariant
from tests import managers
from tests.documents import PAGES
from tests.managers import Fired
from tests.pixels import CODES
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, TAGS, exact, purchase

if TYPE_CHECKING:
    from playwright.sync_api import Browser

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
EVENT = DataLayerEvent.of("purchase", "ecommerce.value", "ecommerce.currency")
EVERYWHERE = (PageRule.of(Match.ALL),)
PREFIX = PageRule.of(Match.PREFIX, "/shop/")
MORE_TAGS = [
    ContainerTag("Both on an event", (QUEUED,), TagVariant.BOTH, event=EVENT),
    ContainerTag("Image on an event", (CHECKOUT,), TagVariant.IMAGE, event=DataLayerEvent.of("x", None, "currency")),
    ContainerTag("Meta Pixel on an event", (purchase(),), event=EVENT),
    ContainerTag("Both pixels, both variants", (CHECKOUT, REGISTRATION), TagVariant.BOTH, exact("/a")),
    ContainerTag("Both pixels' images", (CHECKOUT, REGISTRATION), TagVariant.IMAGE, EVERYWHERE, (PREFIX,)),
    ContainerTag("Everywhere and there", (META,), rules=(*EVERYWHERE, PREFIX), exceptions=exact("/a%20b%20c")),
    ContainerTag("Paths", (META,), rules=(*exact("/a"), *exact("/b")), exceptions=(*exact("/c"), *exact("/d%20e"))),
    ContainerTag("Nowhere", (META,), exceptions=exact("/a")),
    ContainerTag("In any case", (META,), rules=(PageRule.of(Match.EXACT, "/a/*/b", ignore_case=True),)),
]


def _document(*tags: ContainerTag) -> Any:
    return json.loads(adobe.export(tags).content)


def _components(*tags: ContainerTag) -> list[Any]:
    data = [request["body"]["data"] for request in _document(*tags)["requests"]]
    return [of_one["attributes"] for of_one in data if of_one["type"] == "rule_components"]


def _conditions(*tags: ContainerTag) -> list[tuple[str, bool, Any]]:
    return [
        (of_one["delegate_descriptor_id"].rpartition("::")[2], of_one["negate"], json.loads(of_one["settings"]))
        for of_one in _components(*tags)
        if "::conditions::" in of_one["delegate_descriptor_id"]
    ]


# What the Core extension's manifest says of the settings of each delegate: what must be there, and what it takes.
def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _are_paths(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_fits(path, _PATH, {"value"}) for path in value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


_Kinds = dict[str, Callable[[object], bool]]
_PATH: _Kinds = {"value": _is_text, "valueIsRegex": _is_flag}
DELEGATES: dict[str, tuple[_Kinds, set[str]]] = {
    "core::events::library-loaded": ({}, set()),
    "core::events::direct-call": ({"identifier": _is_text}, {"identifier"}),
    "core::conditions::path": ({"paths": _are_paths}, {"paths"}),
    "core::conditions::custom-code": ({"source": _is_text}, {"source"}),
    "core::actions::custom-code": (
        {"language": lambda value: value == "javascript", "source": _is_text, "global": _is_flag},
        {"language", "source"},
    ),
}


def _fits(settings: object, kinds: _Kinds, required: set[str]) -> bool:
    return (
        isinstance(settings, dict)
        and required <= settings.keys() <= kinds.keys()
        and all(kinds[name](value) for name, value in settings.items())
    )


@pytest.mark.parametrize("tag", [*TAGS, *MORE_TAGS], ids=lambda tag: tag.name)
def test_the_settings_are_what_the_core_extension_takes(tag: ContainerTag) -> None:
    for component in _components(tag):
        assert component.keys() == {"name", "delegate_descriptor_id", "order", "negate", "settings"}
        assert _fits(json.loads(component["settings"]), *DELEGATES[component["delegate_descriptor_id"]])


def test_the_script_of_the_page_sends_the_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("adobe.json").write_bytes(adobe.export([*TAGS, *MORE_TAGS]).content)
    sent: list[tuple[str, Any]] = []

    def post(path: str, body: Any) -> Any:
        sent.append((path, deepcopy(body["data"])))
        return {"data": {"id": f"ID{len(sent)}"}}

    [script] = re.findall(r"^```python\n(def fill.*?)^```$", PAGES["adobe.md"], re.MULTILINE | re.DOTALL)
    ids = {"{property_id}": "PR1", "{extension_id}": "EX1"}
    exec(script, {"json": json, "Path": Path, "post": post, "ids": ids})
    rules = {f"ID{number}": data["attributes"]["name"] for number, (path, data) in enumerate(sent, 1)
             if path == "/properties/PR1/rules"}  # fmt: skip
    names = [tag.name for tag in [*TAGS, *MORE_TAGS]]
    assert [name for name in rules.values() if name in names] == names
    for path, data in sent:
        if data["type"] == "rule_components":
            assert path == "/properties/PR1/rule_components"
            assert data["relationships"]["extension"]["data"] == {"type": "extensions", "id": "EX1"}
            [rule] = data["relationships"]["rules"]["data"]
            assert rule["id"] in rules


def test_paths_are_a_list_and_what_it_cannot_say_is_code() -> None:
    plain = ("path", False, {"paths": [{"value": "/a", "valueIsRegex": False}, {"value": "/b", "valueIsRegex": False}]})
    assert _conditions(ContainerTag("a", (META,), rules=(*exact("/a"), *exact("/b")))) == [plain]
    for rules in [
        (PREFIX,),
        (PageRule.of(Match.HOST, "shop.example"), *exact("/a")),
        (PageRule.of(Match.EXACT, "/a", ignore_case=True),),
        exact("/a%20b%20c"),
    ]:
        [(delegate, negate, settings)] = _conditions(ContainerTag("a", (META,), rules=rules))
        assert (delegate, negate) == ("custom-code", False)
        assert [f"// {rule.description}" in settings["source"] for rule in rules] == [True] * len(rules)


def test_every_page_has_no_condition_and_exceptions_have_one_that_is_negated() -> None:
    assert _conditions(ContainerTag("a", (META,), rules=EVERYWHERE)) == []
    [(delegate, negate, _)] = _conditions(ContainerTag("a", (META,), rules=EVERYWHERE, exceptions=exact("/a")))
    assert (delegate, negate) == ("path", True)


@pytest.mark.parametrize("tag", MORE_TAGS, ids=lambda tag: tag.name)
def test_a_tag_is_read_again(tag: ContainerTag) -> None:
    read = adobe.read(_document(tag)).tags
    assert [found.name for found in read] == [part.name for part in parts(tag)]
    for found in read:
        assert [one.pixel_id for one in found.snippets] == [one.pixel_id for one in tag.snippets]
        assert len(found.fires) == bool(tag.rules or tag.event)
        assert len(found.blocks) == bool(tag.exceptions)


def _places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield (*path, key)
            yield from _places(value[key], *path, key)


@pytest.mark.wide
@pytest.mark.parametrize("odd", [None, True, 7, "x", "{}", '{"paths": [{}, 1, {"value": 2}]}', [], [1], {}], ids=repr)
def test_whatever_stands_in_a_file_reading_it_ends_well(odd: object) -> None:
    whole = _document(ContainerTag("a", (CHECKOUT,), rules=(PREFIX,), exceptions=exact("/a")))
    for *path, last in _places(whole):
        document = deepcopy(whole)
        at = document
        for key in path:
            at = at[key]
        at[last] = odd
        with suppress(SettingError):
            found = adobe.read(document)
            assert len(found.tags) + len(found.others) + len(found.not_read) <= 2


def test_what_the_file_cannot_say_is_a_note() -> None:
    tag = ContainerTag("a", (CHECKOUT,), TagVariant.BOTH, event=EVENT, account="434566956589050")
    notes = adobe.export([tag, ContainerTag("b", (META,), consent=Consent.NONE)]).notes
    for note, words in zip(
        notes,
        [
            "imports no file",
            "'a' will not wait for consent",
            "'a' will not say the ad account",
            "'a': script and image both fire, so each conversion counts twice",
            "'a' will fire only where the page calls _satellite.track(\"purchase\", data) with the value in"
            " data.ecommerce.value and the currency in data.ecommerce.currency: a data layer is not watched",
            "'b' will never fire",
        ],
        strict=True,
    ):
        assert words in note
    assert len(adobe.export([ContainerTag("a", (META,), rules=EVERYWHERE, consent=Consent.NONE)]).notes) == 1


def test_a_name_that_an_image_has_is_taken() -> None:
    tags = [ContainerTag("a", (CHECKOUT,), TagVariant.BOTH), ContainerTag("a image", (META,))]
    with pytest.raises(SnippetError, match="two tags have the same name: 'a image'"):
        adobe.export(tags)


def test_several_pixels_have_no_value_from_a_direct_call() -> None:
    with pytest.raises(SnippetError, match="a: several pixels cannot take their value from one event"):
        adobe.export([ContainerTag("a", (CHECKOUT, REGISTRATION), event=EVENT)])


def _code(text: str) -> Snippet:
    return snippets.join(snippets.read(text))


def test_code_that_cannot_be_read_and_has_percent_signs_is_refused() -> None:
    code = Snippet("fp", "1", None, None, "<script>f('%x%'</script>", (0, 24))
    with pytest.raises(SnippetError, match="a: "):
        adobe.export([ContainerTag("a", (code,))])


def test_the_page_s_own_expression_is_no_constant() -> None:
    code = _code(CODES["fbds"].replace("'19.99'", "order.total").split("<noscript>")[0])
    [*_, action] = _components(ContainerTag("a", (code,), event=DataLayerEvent.of("x", "value")))
    assert """data === '' ? \\"\\" : data""" in action["settings"]


ENCODED = _code(CODES["fbds"].replace("cd[value]", "cd%5Bvalue%5D").replace("cd[currency]", "cd%5Bcurrency%5D"))
SUM = "var event = 3, x = 7; if (x%event%2 !== 1 || '%x%'.length !== 3) { throw new Error('replaced'); }"
PERCENTS = _code(CODES["fbds"].replace("window._fbq.push", f"{SUM}\nwindow._fbq.push").split("<noscript>")[0])
HOSTILE = "1'\"</script>%x%\\"


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize(
    ("tag", "data", "expected"),
    [
        (ContainerTag("a", (ENCODED,), TagVariant.IMAGE, EVERYWHERE), None, [("19.99", "USD")]),
        (ContainerTag("a", (PERCENTS,), rules=EVERYWHERE), None, [("19.99", "USD")]),
        (ContainerTag("a", (ENCODED,), TagVariant.BOTH, event=EVENT),
         {"ecommerce": {"value": HOSTILE, "currency": "%"}}, [(HOSTILE, "%")] * 2),
        (ContainerTag("a", (ENCODED,), TagVariant.BOTH, event=EVENT), {"ecommerce": None}, [("19.99", "USD")] * 2),
        (ContainerTag("a", (ENCODED,), TagVariant.IMAGE, event=EVENT), {"ecommerce": {"value": 0}}, [("0", "USD")]),
        (ContainerTag("a", (ENCODED,), event=EVENT), {"ecommerce": {"value": ""}}, [("19.99", "USD")]),
        (ContainerTag("a", (ENCODED,), TagVariant.IMAGE, event=EVENT), {}, [("19.99", "USD")]),
    ],
)  # fmt: skip
def test_percent_signs_and_hostile_values_arrive(
    browser: Browser, tag: ContainerTag, data: dict[str, object] | None, expected: list[tuple[str, str]]
) -> None:
    pushed = [] if data is None else [{"event": "purchase", **data}]
    with managers.serving_site() as site:
        fired = managers.visit(browser, "adobe", adobe.export([tag]).content, f"{site}/", push=pushed)
    assert fired == [Fired("6009125095680", None, *settings) for settings in expected]
