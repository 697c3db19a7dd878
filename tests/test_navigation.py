"""What `lint` says of pages that are shown without being loaded, and of noscripts that do not do what they are for."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from snippetkit.terms import Placement
from tests.pages import insertion_of, make_options, put
from tests.pixels import CODES, META_ID

AGAIN = "runs the script again where it shows a preview first (it is in the body)"
NEVER = "does not run the script (it is in the head)"
IMAGE = "asks for the noscript's image; 'snippetkit inject --lazy-noscript' keeps that back"
PAGE = "<!doctype html>\n<html>\n<head>\n  <title>x</title>\n  {}\n</head>\n<body {}>\n  <p>x</p>\n</body>\n</html>\n"
LOADING = {
    "Turbo": [
        '<script type="module" src="https://cdn.jsdelivr.net/npm/@hotwired/turbo@8.0.23/dist/turbo.es2017-esm.js"></script>',
        '<script src="/assets/turbo.min-8a4f3b21c0.js?x=1"></script>',
        "<script type=module>import * as Turbo from 'https://esm.sh/@hotwired/turbo@8.0.23'</script>",
        '<script type="importmap">{"imports": {"@hotwired/turbo-rails": "/assets/app.js"}}</script>',
    ],
    "htmx": ["<script src=https://unpkg.com/htmx.org@2.0.7></script>", '<script src="js/htmx.min.js"></script>'],
    "unpoly": ['<script src="https://cdn.jsdelivr.net/npm/unpoly@3.14.3/unpoly.min.js"></script>'],
    "swup": [
        "<script type=module>import Swup from 'swup'</script>",
        "<script src='https://unpkg.com/swup@4.10.0'></script>",
        "<script src=/js/Swup.umd.js></script>",
        "<script src=/js/swup-4.10.0.min.js></script>",
    ],
    "pjax": ["<script src=jquery.pjax.js></script>", "<script src=/npm/pjax@0.2.8/pjax.min.js></script>"],
    "barba": ['<script src="https://unpkg.com/@barba/core"></script>', "<script src=barba.umd.js></script>"],
    "taxi": ["<script type=module>import { Core } from '@unseenco/taxi'</script>"],
}
SAYS = {  # with the script in the head, with it in the body, and what an image adds
    "Turbo": ("runs the script at the first visit only (it is in the head)", AGAIN, IMAGE),
    "htmx": (NEVER, "", IMAGE),
    "unpoly": (NEVER, "", IMAGE),
    "swup": (NEVER, "does not run the script without the plugin for scripts (it is in the body)", IMAGE),
    "pjax": (NEVER, "", ""),
    "barba": (NEVER, "does not run the script (it is in the body)", ""),
    "taxi": (NEVER, "does not run the script without data-taxi-reload (it is in the body)", ""),
}
LOADED = [(name, tag) for name, tags in LOADING.items() for tag in tags]


def _page(tag: str, placement: Placement, template: str | None = "clean", attribute: str = "hx-boost=true") -> str:
    page = PAGE.format(tag, attribute).encode()
    return put(page, insertion_of(CODES["fbds"], template), make_options(placement)).decode()


def _told(text: str, code: str = "soft-navigation") -> list[str]:
    found = [finding for finding in lint.find(snippets.parse(text)) if finding.code == code]
    assert all(finding.level == "warning" for finding in found)
    return [finding.message.partition(": a soft visit to it ")[2] or finding.message for finding in found]


@pytest.mark.wide
@pytest.mark.parametrize(("name", "tag"), LOADED)
def test_a_library_is_named_with_what_it_does_to_each_placement(name: str, tag: str) -> None:
    in_head, in_body, image = SAYS[name]
    for placement, script in ((Placement.HEAD_BOTTOM, in_head), (Placement.BODY_BOTTOM, in_body)):
        eager = _page(tag, placement)
        lazy = eager.replace("<img ", '<img loading="lazy" ')
        assert _told(eager) == [said for said in [", and ".join(filter(None, [script, image]))] if said]
        assert _told(lazy) == [said for said in [script] if said]
    assert f"the page loads {name}: " in str(lint.find(snippets.parse(_page(tag, Placement.HEAD_BOTTOM))))


@pytest.mark.parametrize(
    ("tag", "attribute"),
    [
        ("<script src=/js/turbocharge.js></script>", ""),
        ("<script src=/pjax/menu.js></script>", ""),
        ("<script src=/js/taxi.js></script>", ""),
        ("<script>var swup = 'swup', turbo = '@hotwired/turbo'</script>", ""),
        ("<script src=https://unpkg.com/htmx.org@2.0.7></script>", "hx-boost=false"),
        ('<meta name="turbo-visit-control" content="reload"><script src=turbo.js></script>', ""),
        ('<meta content="reload" name="turbo-visit-control"><script src=turbo.js></script>', ""),
    ],
)
def test_another_page_is_not_named(tag: str, attribute: str) -> None:
    assert _told(_page(tag, Placement.HEAD_BOTTOM, attribute=attribute)) == []


def test_a_name_that_goes_on_and_on_is_read_in_no_time() -> None:
    for part in (".12345678", ".1", "-min", ".1.12345678"):
        assert _told(_page(f"<script src=/swup{part * 5000}x></script>", Placement.HEAD_BOTTOM)) == []


def test_code_of_the_template_consent_may_run_again_and_has_to_run_once() -> None:
    turbo, htmx = LOADING["Turbo"][0], LOADING["htmx"][0]
    for placement in (Placement.HEAD_BOTTOM, Placement.BODY_BOTTOM):
        assert _told(_page(turbo, placement, "consent")) == []
    assert _told(_page(htmx, Placement.HEAD_BOTTOM, "consent")) == [NEVER]
    assert _told(_page(LOADING["swup"][0], Placement.BODY_BOTTOM, "consent")) == [SAYS["swup"][1]]


def test_a_noscript_alone_has_only_its_image_and_a_library_without_code_is_nothing_to_say() -> None:
    assert _told(_page(LOADING["unpoly"][0], Placement.HEAD_BOTTOM, "noscript-only")) == [IMAGE]
    assert _told(PAGE.format(LOADING["Turbo"][0], "")) == []


GO = f"<script>function go() {{ fbq('init', '{META_ID}'); fbq('track', 'Lead'); }}"
GOES = f"{GO} go();</script>"
GUARDED = f"{GO} if (document.prerendering) document.addEventListener('prerenderingchange', go); else go();</script>"
RULES = '<script type="speculationrules">{}</script>'


@pytest.mark.parametrize(
    ("head", "count"),
    [
        (RULES.format('{"prerender": [{"where": {"href_matches": "/*"}}]}'), 1),
        (RULES.format('{"prefetch": [{"urls": ["/next"]}]}'), 0),
        (RULES.format('{"prerender": []}'), 0),
        (RULES.format('["prerender"]'), 0),
        (RULES.format('{"prerender": [}'), 0),
        ("<script>quicklink.listen({prerender: true})</script>", 1),
        ("<script type=module>import { listen } from 'quicklink'; listen({prerenderAndPrefetch:!0})</script>", 1),
        ("<script>quicklink.listen()</script>", 0),
        ("<script>console.log({prerender: true})</script>", 0),
        ("<meta name=quicklink>", 0),
    ],
)
def test_code_that_does_not_wait_is_named_where_pages_are_prerendered(head: str, count: int) -> None:
    assert len(_told(_page(head, Placement.HEAD_BOTTOM), "fires-in-prerender")) == count
    for script, found in ((GOES, count), (GUARDED, 0)):
        assert len(_told(PAGE.format(head, "") + script, "fires-in-prerender")) == found
    assert _told(_page(head, Placement.HEAD_BOTTOM, "consent"), "fires-in-prerender") == []


REVOKED = CODES["fbq"].replace("fbq('init'", "fbq('consent', 'revoke');\nfbq('init'")
HELD = CODES["fbds"].replace("<script", "<script type='text/plain' data-name='ads'")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (HELD, ["noscript-with-held-back-script"]),
        (HELD.replace("text/plain", "text/partytown"), ["noscript-with-held-back-script"]),
        (HELD.replace("text/plain", "application/json"), []),
        (REVOKED, ["noscript-with-held-back-script"]),
        (REVOKED.replace("fbq('track'", "fbq('consent', 'grant');\nfbq('track'"), []),
        (REVOKED.replace("<script", "<script nomodule"), []),
        (HELD.replace("type='text/plain'", "language=vbscript"), []),
        (HELD.partition("<noscript")[0], []),
        (HELD.partition("<noscript")[0] + CODES["fbq"], []),
        (CODES["fbds"].replace("<img", "&lt;img"), []),
        (CODES["fbds"].partition("<noscript")[0] + "<noscript>JavaScript, please</noscript>", []),
        (CODES["fbds"] + "<noscript>facebook.com/tr?ev=1</noscript>", ["noscript-without-image"]),
    ],
)
def test_a_noscript_that_does_not_do_what_it_is_for_is_named(text: str, codes: list[str]) -> None:
    found = [finding.code for finding in lint.find(snippets.parse(text)) if finding.code.startswith("noscript-")]
    assert found == codes
