"""`--kind meta`: the command line at an API on a port, and what is said where the live API has no such pixels."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippetkit.sandbox import Store, create_server
from snippetkit.snippets import read, read_code
from tests.answers import Answers, recorded
from tests.conftest import CASES, PIXEL_ID, Ran, Run, serving

CANARY = "EAACanaryToken"
ACCOUNT = "1454681918119229"
META_ID = "434566956589050"
BUSINESS = "6009125095681"
SNIPPET = read_code((CASES / "code" / "fbq.html").read_text("utf-8"), "fbq")
REPORTS = f"pixel {META_ID} reports PageView, with no value\n"
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
NOTE = "note: the live API switched off conversion pixels in 2017; use --kind meta\n"
RULE = '{"and": [{"event": {"eq": "PageView"}}, {"URL": {"i_contains": "/thanks"}}]}'


@pytest.fixture
def answers() -> Answers:
    return Answers(
        {
            f"GET /act_{ACCOUNT}/adspixels": recorded("adspixels-list"),
            f"GET /act_{ACCOUNT}/adspixels?after=QVFIUk2": recorded("adspixels-list-next"),
            f"POST /act_{ACCOUNT}/adspixels": {"id": META_ID},
            "GET /act_1/adspixels": {"data": []},
            "POST /act_1/adspixels": recorded("adspixels-exists"),
            f"GET /{META_ID}": recorded("adspixels-read"),
            f"POST /{META_ID}": {"success": True},
            f"GET /{META_ID}/shared_accounts": recorded("shared_accounts"),
            f"POST /{META_ID}/shared_accounts": {"success": True},
            f"DELETE /{META_ID}/shared_accounts": {"success": True},
            f"POST /act_{ACCOUNT}/customconversions": {"id": PIXEL_ID},
        }
    )


@pytest.fixture
def meta_run(run: Run, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command line, at that API."""
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", CANARY)
    monkeypatch.setenv("SNIPPETKIT_ACCOUNT", ACCOUNT)

    def checked(*args: str | Path) -> Ran:
        ran = run(*args)
        assert CANARY not in ran.out + ran.err
        return ran

    with serving(create_server(answers, 0)) as url:
        monkeypatch.setenv("SNIPPETKIT_API_URL", url)
        yield checked


def test_list_is_a_table_or_one_json_document(meta_run: Run) -> None:
    assert meta_run("pixels", "list", "--kind", "meta") == Ran(
        0,
        "ID               LAST_FIRED_TIME           NAME\n"
        "434566956589050  2026-05-04T03:02:01+0000  Shop\n"
        "6009125095681                              Blog\n",
        "",
    )
    document = json.loads(meta_run("pixels", "list", "--kind", "meta", "--json").out)
    assert document["pixels"][0] == {"id": META_ID, "name": "Shop", "last_fired_time": "2026-05-04T03:02:01+0000"}
    none = meta_run("pixels", "list", "--kind", "meta", "--account", "1")
    assert none == Ran(0, "", "act_1 has no pixels; 'snippetkit pixels create --kind meta' makes one\n")


def test_show_create_and_update(meta_run: Run, answers: Answers) -> None:
    assert meta_run("pixels", "show", META_ID, "--kind", "meta").out.splitlines() == [
        "id               434566956589050",
        "name             Shop",
        "last_fired_time  2026-05-04T03:02:01+0000",
    ]
    assert meta_run("pixels", "create", "--kind", "meta", "--name", "Shop") == Ran(
        0, f"{META_ID}\n", f"created; 'snippetkit snippet {META_ID} --kind meta' prints its code\n"
    )
    updated = meta_run("pixels", "update", META_ID, "--kind", "meta", "--name", "New")
    assert updated == Ran(0, "", f"updated: {META_ID}\n")
    assert answers.seen[-1] == (f"POST /{META_ID}", {}, {"name": "New"})


def test_a_second_pixel_says_to_use_the_first(meta_run: Run) -> None:
    ran = meta_run("pixels", "create", "--kind", "meta", "--name", "Shop", "--account", "1")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("error: the account has a Meta Pixel already: POST /act_1/adspixels: ")
    assert ran.err.endswith("; use the existing one: 'snippetkit pixels list --kind meta' shows it\n")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            ["snippet", META_ID, "--kind", "meta", "--value", "1999"],
            "--value cannot be used with --kind meta; a base code has no value; name its event: --event Purchase",
        ),
        (
            ["inject", ".", "--pixel", META_ID, "--kind", "meta", "--value", "1"],
            "--value cannot be used with --kind meta",
        ),
        (
            ["export", "gtm", "--pixel", META_ID, "--kind", "meta", "--value", "1"],
            "--value cannot be used with --kind meta",
        ),
        (
            ["snippet", META_ID, "--kind", "meta", "--via", "js_pixel"],
            "--via cannot be used with --kind meta; leave it out",
        ),
        (
            ["pixels", "create", "--kind", "meta", "--name", "x", "--tag", "OTHER"],
            "--tag cannot be used with --kind meta",
        ),
        (["pixels", "update", META_ID, "--kind", "meta", "--tag", "OTHER"], "--tag cannot be used with --kind meta"),
        (["pixels", "delete", META_ID, "--kind", "meta", "--yes"], "a Meta Pixel cannot be deleted: the API has no"),
        (["pixels", "update", META_ID, "--kind", "meta"], "Give --name"),
        (["pixels", "update", META_ID, "--name", "\udcff"], "a name must be text"),
        (["pixels", "create", "--name", "\udcff"], "a name must be text"),
        (["pixels", "create-conversion", META_ID, "--rule", RULE, "--name", "\udcff"], "a name must be text"),
        (["pixels", "accounts", META_ID, "--kind", "meta"], "Give --business"),
        (["pixels", "authorize", META_ID, "1", "--kind", "meta"], "Give --business"),
        (["pixels", "deauthorize", META_ID, "1", "--kind", "meta"], "Give --business"),
        (["pixels", "accounts", META_ID, "--business", "1"], "--business cannot be used with --kind conversion"),
        (["pixels", "accounts", META_ID, "--kind", "meta", "--business", "x"], "a business's id is a number"),
        (["pixels", "list", "--kind", "fbds"], "'fbds' is not one of 'conversion', 'meta'"),
    ],
)
def test_what_a_kind_does_not_have_is_refused_before_anything_is_sent(
    meta_run: Run, answers: Answers, arguments: list[str], reason: str
) -> None:
    ran = meta_run(*arguments)
    assert (ran.code, ran.out, answers.seen) == (2, "", [])
    assert reason in ran.err


def test_accounts_of_a_business_are_listed_authorized_and_deauthorized(meta_run: Run, answers: Answers) -> None:
    meta = ("--kind", "meta", "--business", BUSINESS)
    assert meta_run("pixels", "accounts", META_ID, *meta).out == f"{ACCOUNT}\n{META_ID}\n"
    answers.seen.clear()
    for verb, method in (("authorize", "POST"), ("deauthorize", "DELETE")):
        ran = meta_run("pixels", verb, META_ID, "act_1", "2", *meta)
        assert ran == Ran(0, "", f"{verb}d: 1\n{verb}d: 2\n")
        assert answers.seen.pop(0)[0] == f"GET /{META_ID}"  # what is no Meta Pixel is refused before anything is done
        for account in ("1", "2"):
            call = (f"{method} /{META_ID}/shared_accounts", {}, {"business": BUSINESS, "account_id": account})
            assert answers.seen.pop(0) == call


def test_a_custom_conversion_is_created_and_its_id_printed(meta_run: Run, answers: Answers) -> None:
    create = ["pixels", "create-conversion", META_ID, "--name", "Thanks", "--event", "Purchase", "--rule", RULE]
    ran = meta_run(*create, "--value", "1999", "--currency", "USD")
    assert ran == Ran(0, f"{PIXEL_ID}\n", "created: Purchase, worth 19.99 USD where the event does not say\n")
    sent = {"name": "Thanks", "event_source_id": META_ID, "rule": RULE, "custom_event_type": "PURCHASE"}
    path = f"POST /act_{ACCOUNT}/customconversions"
    assert answers.seen == [(path, {}, {**sent, "default_conversion_value": "19.99"})]
    assert meta_run(*create).err == "created: Purchase\n"
    assert answers.seen[1:] == [(path, {}, sent)]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--rule", "{'and': []}"], "give a JSON object"),
        (["--rule", "[1]"], "give a JSON object"),
        (["--rule", "{}"], "give a JSON object"),
        (["--rule", '{"a": NaN}'], "give a JSON object"),
        (["--rule", '{"a":' * 100_000], "give a JSON object"),
        (["--rule", RULE, "--value", "1999"], "Give --value or --amount and --currency together"),
        (["--rule", RULE, "--value", "1999", "--currency", "XXX"], "unknown currency 'XXX'"),
        (["--rule", RULE, "--event", "Checkout"], "'Checkout' is not one of 'AddPaymentInfo'"),
    ],
)
def test_a_custom_conversion_that_is_none_is_refused(
    meta_run: Run, answers: Answers, arguments: list[str], reason: str
) -> None:
    ran = meta_run("pixels", "create-conversion", META_ID, "--name", "x", *arguments)
    assert (ran.code, ran.out, answers.seen) == (2, "", [])
    assert reason in ran.err
    assert len(ran.err) < 1_000


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ([], SNIPPET.source),
        (["--variant", "script"], SNIPPET.script),
        (["--variant", "noscript"], SNIPPET.noscript),
        (["--variant", "image"], f"https://www.facebook.com/tr?id={META_ID}&ev=PageView&noscript=1"),
    ],
)
def test_snippet_prints_each_variant_without_the_nonce(meta_run: Run, variant: list[str], text: str) -> None:
    assert meta_run("snippet", META_ID, "--kind", "meta", *variant) == Ran(0, text, REPORTS)
    assert "nonce" not in text


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (SNIPPET.source.replace(META_ID, PIXEL_ID), f"asked for pixel {META_ID}, got the code of {PIXEL_ID}"),
        (SNIPPET.source.replace("'PageView'", "'Purchase'"), "script line 14: "),
        ("", "expected one script and then one noscript, found neither"),
    ],
)
def test_code_that_is_not_the_pixels_base_code_goes_nowhere(
    meta_run: Run, answers: Answers, code: str, reason: str
) -> None:
    answers.by_call = {f"GET /{META_ID}": {"id": META_ID, "name": "Shop", "code": code}}
    Path("page.html").write_bytes(PAGE)
    for command in (["snippet", META_ID], ["inject", ".", "--pixel", META_ID], ["export", "gtm", "--pixel", META_ID]):
        ran = meta_run(*command, "--kind", "meta")
        assert (ran.code, ran.out) == (6, "")
        assert ran.err.startswith(f"error: pixel {META_ID}: {reason}")
        assert "nothing was written" in ran.err
    assert Path("page.html").read_bytes() == PAGE


def test_a_base_code_is_injected_once_and_taken_out_again(meta_run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    inject = ["inject", "page.html", "--pixel", META_ID, "--kind", "meta"]
    assert meta_run(*inject).err == f"{REPORTS}inserted: page.html\n1 inserted\n"
    injected = Path("page.html").read_bytes()
    for part in ("script head-bottom", "noscript body-top"):
        assert f"<!-- snippetkit:begin fbq:{META_ID} {part} sha256=".encode() in injected
    assert meta_run(*inject).err == f"{REPORTS}1 unchanged\n"
    assert meta_run("remove", "page.html").code == 0
    assert Path("page.html").read_bytes() == PAGE


@pytest.mark.parametrize("code", [SNIPPET.script, SNIPPET.noscript])
def test_a_page_that_carries_a_base_code_already_is_refused(meta_run: Run, code: str) -> None:
    Path("page.html").write_bytes(PAGE.replace(b"  <p>", code.encode() + b"<p>"))
    ran = meta_run("inject", "page.html", "--pixel", META_ID, "--kind", "meta")
    assert ran.code == 6
    assert f":{META_ID}; --adopt puts marked code in its place" in ran.err


def test_both_kinds_stand_on_one_page(meta_run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    meta_run("pixels", "create", "--name", "x", "--api-url", "sandbox:")
    assert meta_run("inject", "page.html", "--pixel", META_ID, "--kind", "meta").code == 0
    assert meta_run("inject", "page.html", "--pixel", PIXEL_ID, "--api-url", "sandbox:").code == 0
    page = Path("page.html").read_bytes()
    assert page.count(b"snippetkit:begin fbq:") == page.count(b"snippetkit:begin fp:") == 2
    assert meta_run("remove", "page.html").code == 0
    assert Path("page.html").read_bytes() == PAGE


def test_a_base_code_is_exported_to_google_tag_manager(meta_run: Run) -> None:
    ran = meta_run("export", "gtm", "--pixel", META_ID, "--kind", "meta", "--page-path", "/thanks.html")
    [tag] = json.loads(ran.out)["containerVersion"]["tag"]
    assert (ran.code, ran.err) == (0, REPORTS)
    assert tag["name"] == f"Shop {META_ID}"
    assert tag["parameter"][0]["value"] == SNIPPET.script


@pytest.mark.parametrize(
    "arguments",
    [
        ["pixels", "list"],
        ["pixels", "show", PIXEL_ID],
        ["pixels", "create", "--name", "y"],
        ["snippet", PIXEL_ID],
        ["inject", "page.html", "--pixel", PIXEL_ID],
        ["export", "gtm", "--pixel", PIXEL_ID, "--page-path", "/"],
    ],
)
def test_a_conversion_pixel_of_the_live_api_is_said_to_be_of_the_past(
    run: Run, store: Store, sandbox_url: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    Path("page.html").write_bytes(PAGE)
    store.add_pixel(ACCOUNT, "x", "OTHER")
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", CANARY)
    monkeypatch.setenv("SNIPPETKIT_ACCOUNT", ACCOUNT)
    monkeypatch.setenv("SNIPPETKIT_API_URL", sandbox_url)
    elsewhere = run(*arguments)
    assert elsewhere.code == 0
    assert "2017" not in elsewhere.err
    monkeypatch.setattr("snippetkit.graph.LIVE_URL", sandbox_url)
    live = run(*[argument.replace("y", "z") for argument in arguments])
    assert live.code == 0
    assert live.err.startswith(NOTE)
    assert live.err.count("2017") == 1
    assert "2017" not in live.out


def test_a_meta_pixel_of_the_live_api_is_not(meta_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snippetkit.graph.LIVE_URL", os.environ["SNIPPETKIT_API_URL"])
    assert meta_run("snippet", META_ID, "--kind", "meta").err == REPORTS


PURCHASE = ["--kind", "meta", "--event", "Purchase", "--value", "1999", "--currency", "USD"]
SOLD = f"pixel {META_ID} reports Purchase, with 19.99 USD"


def _told(code: str) -> list[tuple[str | None, str | None, str | None]]:
    return [(found.event, found.value, found.currency) for found in read(code)]


def test_an_event_with_its_value_is_injected_updated_and_taken_out_again(meta_run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    inject = ["inject", "page.html", "--pixel", META_ID]
    assert meta_run(*inject, *PURCHASE).err == f"{SOLD}\ninserted: page.html\n1 inserted\n"
    page = Path("page.html").read_text()
    assert _told(page) == [("PageView", None, None), ("Purchase", "19.99", "USD")]
    assert page.count("<img ") == 2
    assert meta_run("lint", "page.html").code == 0
    assert meta_run(*inject, *PURCHASE, "--check").code == 0
    assert meta_run(*inject, *PURCHASE, "--event-id", "17").err.endswith("1 updated\n")
    assert "{eventID: '17'}" in Path("page.html").read_text()
    kept = meta_run(*inject, *PURCHASE[:4])
    assert (kept.code, "the page has the value 19.99" in kept.err) == (6, True)
    assert meta_run("remove", "page.html").code == 0
    assert Path("page.html").read_bytes() == PAGE


def test_an_event_goes_alone_onto_a_page_that_has_the_base_code(meta_run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    inject = ["inject", "page.html", "--pixel", META_ID]
    assert meta_run(*inject, "--kind", "meta").code == 0
    with_base = Path("page.html").read_bytes()
    assert meta_run(*inject, *PURCHASE, "--event-id", "17").code == 0
    assert meta_run(*inject, *PURCHASE, "--event-id", "17", "--check").code == 0
    assert sorted(_told(Path("page.html").read_text())) == [("PageView", None, None), ("Purchase", "19.99", "USD")]
    assert meta_run("remove", "page.html", "--key", f"fbq:{META_ID}/Purchase").code == 0
    assert Path("page.html").read_bytes() == with_base


def test_an_event_is_exported_printed_and_written_anew(meta_run: Run) -> None:
    [tag] = json.loads(meta_run("export", "gtm", "--pixel", META_ID, *PURCHASE).out)["containerVersion"]["tag"]
    assert _told(tag["parameter"][0]["value"]) == [("PageView", None, None), ("Purchase", "19.99", "USD")]
    anew = meta_run("snippet", META_ID, "--kind", "meta", "--event", "Tea", "--template", "clean")
    note = "note: Tea is not a standard event, so it is reported as a custom event\n"
    assert (anew.code, anew.err) == (0, f"{note}pixel {META_ID} reports Tea, with no value\n")
    assert "fbq('trackCustom', \"Tea\");" in anew.out
    lost = meta_run("snippet", META_ID, *PURCHASE, "--event-id", "17", "--template", "clean")
    assert (lost.code, "it has an event's id, which fresh code does not carry over" in lost.err) == (6, True)


def test_a_rule_says_what_the_event_is_worth(meta_run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    Path("rules.csv").write_text(f"page,pixel,value,currency\n/page.html,{META_ID},150,JPY\n")
    inject = ["inject", ".", "--pages", "rules.csv", "--kind", "meta"]
    without = meta_run(*inject)
    assert (without.code, "a base code has no value; --event NAME says what it is for" in without.err) == (6, True)
    assert meta_run(*inject, "--event", "Purchase").code == 0
    assert _told(Path("page.html").read_text())[1] == ("Purchase", "150.00", "JPY")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--event", "purchase"], "the standard event is Purchase"),
        (["--event", "a'b"], "is not an event name"),
        (["--event", "PageView"], "the base code tracks PageView already"),
        (["--event", "Lead", "--event-id", "<?= $id ?>"], "is not an event id"),
        (["--event", "Lead", "--value", "5"], "an event's value needs its currency; give --currency"),
        (["--event", "Lead", "--value", "5", "--currency", "XXX"], "unknown currency 'XXX'"),
    ],
)
def test_an_event_that_cannot_be_written_is_refused(meta_run: Run, arguments: list[str], reason: str) -> None:
    Path("page.html").write_bytes(PAGE)
    for command in (["snippet", META_ID], ["inject", ".", "--pixel", META_ID], ["export", "gtm", "--pixel", META_ID]):
        ran = meta_run(*command, "--kind", "meta", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert reason in ran.err
    assert Path("page.html").read_bytes() == PAGE


@pytest.fixture
def both(run: Run, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The ids of a conversion pixel and of a Meta Pixel at an embedded API that the command line asks."""
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", CANARY)
    monkeypatch.setenv("SNIPPETKIT_ACCOUNT", ACCOUNT)
    monkeypatch.setenv("SNIPPETKIT_API_URL", "sandbox:api.db")
    Path("x.html").write_bytes(PAGE)
    create = "pixels", "create", "--name", "x"
    return run(*create).out.strip(), run(*create, "--kind", "meta").out.strip()


@pytest.mark.parametrize(
    "command",
    [
        ["snippet"],
        ["pixels", "show"],
        ["pixels", "delete"],
        ["inject", "x.html", "--pixel"],
        ["export", "gtm", "--pixel"],
    ],
    ids=" ".join,
)
def test_a_forgotten_kind_is_named(run: Run, both: tuple[str, str], command: list[str]) -> None:
    ran = run(*command, both[1])
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == f"error: GET /{both[1]}: this is a Meta Pixel, not a conversion pixel; add --kind meta\n"


@pytest.mark.parametrize("command", [["snippet"], ["pixels", "show"], ["inject", "x.html", "--pixel"]], ids=" ".join)
def test_a_kind_that_is_one_too_many_is_named(run: Run, both: tuple[str, str], command: list[str]) -> None:
    ran = run(*command, both[0], "--kind", "meta")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.endswith(": this is a conversion pixel, not a Meta Pixel; leave out --kind meta\n")


def test_a_forgotten_kind_is_named_where_several_pixels_are_asked_for(run: Run, both: tuple[str, str]) -> None:
    Path("rules.csv").write_text(f"page,pixel\n/x.html,{both[1]}\n/y.html,123\n")
    for command in (["snippet", *both], ["inject", ".", "--pages", "rules.csv"]):
        ran = run(*command)
        failed = [line for line in ran.err.splitlines() if both[1] in line]
        assert (ran.code, len(failed)) == (4, 1)
        assert failed[0].startswith("failed: ") and failed[0].endswith(
            ": this is a Meta Pixel, not a conversion pixel; add --kind meta"
        )
