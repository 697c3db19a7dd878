"""Every format: its module, its template, its golden file and its README section; and what each refuses."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from snippetkit import exports, templating
from snippetkit.cli._modules import public_modules
from snippetkit.containers import ContainerTag, PageRule, script
from snippetkit.errors import SnippetError
from snippetkit.exports import gtm
from snippetkit.model import Snippet
from snippetkit.snippets import read_js_pixel
from snippetkit.terms import Match
from tests.conftest import CASES, JS_PIXEL

CHECKOUT = read_js_pixel(JS_PIXEL)
REGISTRATION = read_js_pixel(JS_PIXEL.replace("6009125095680", "6009125095681").replace("19.99", "5.00"))
TAGS = [
    ContainerTag('Checkout "one" <é>', (CHECKOUT,), rules=(PageRule.of(Match.EXACT, "/thanks.html"),)),
    ContainerTag("Registration", (REGISTRATION,), rules=(PageRule.of(Match.EXACT, "/welcome.html"),)),
    ContainerTag("Without a trigger", (REGISTRATION,)),
]
FORMATS = public_modules(exports.__path__[0])


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_its_parts_and_makes_its_golden_file(name: str) -> None:
    module = import_module(f"snippetkit.exports.{name}")
    [golden] = (CASES / "exports").glob(f"{name}.*")
    assert module.export(TAGS).content.decode() == golden.read_text("utf-8")
    assert list((templating.FOLDER / "exports").glob(f"{name}.*"))


def _container(tags: list[ContainerTag]) -> dict[str, Any]:
    text = gtm.export(tags).content.decode()
    document = json.loads(text)
    assert text.startswith("{")
    assert list(document) == ["exportFormatVersion", "exportTime", "containerVersion"]
    version: dict[str, Any] = document["containerVersion"]
    return version


def test_gtm_ids_are_strings_of_one_counter_and_every_reference_is_defined() -> None:
    version = _container(TAGS)
    ids = [tag["tagId"] for tag in version["tag"]] + [trigger["triggerId"] for trigger in version["trigger"]]
    assert ids == ["1", "2", "3", "4", "5"]
    fired = [tag.get("firingTriggerId") for tag in version["tag"]]
    assert fired == [["4"], ["5"], None]
    [variable] = version["builtInVariable"]
    assert version["trigger"][0]["filter"][0]["parameter"][0]["value"] == f"{{{{{variable['name']}}}}}"


def test_gtm_gets_the_script_alone_and_waits_for_consent() -> None:
    tag = _container(TAGS)["tag"][0]
    html, write = tag["parameter"]
    assert html == {"type": "TEMPLATE", "key": "html", "value": script(TAGS[0])}
    assert write == {"type": "BOOLEAN", "key": "supportDocumentWrite", "value": "false"}
    assert tag["tagFiringOption"] == "ONCE_PER_LOAD"
    assert [item["value"] for item in tag["consentSettings"]["consentType"]["list"]] == [
        "ad_storage",
        "ad_user_data",
        "ad_personalization",
    ]


def test_gtm_without_triggers_has_no_empty_lists() -> None:
    version = _container(TAGS[2:])
    assert "trigger" not in version
    assert "builtInVariable" not in version


def _with_script(script: str) -> Snippet:
    return Snippet("fp", "1", None, None, script, (0, len(script)))


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ([ContainerTag("a", (CHECKOUT,)), ContainerTag("a", (REGISTRATION,))], "two tags of one name"),
        ([ContainerTag("a", (_with_script("<script>'{{x}}'</script>"),))], "would read '{{' in the script"),
        ([ContainerTag("a", (_with_script("x" * 102_401),))], "102400 characters"),
    ],
)
def test_gtm_refuses_what_it_could_not_import(tags: list[ContainerTag], reason: str) -> None:
    with pytest.raises(SnippetError, match=reason):
        gtm.export(tags)
