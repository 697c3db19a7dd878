"""`--kind meta`: the command line at an API on a port, and what is said where the live API has no such pixels."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippetkit.sandbox import Store, create_server
from snippetkit.snippets import read_code
from tests.answers import Answers, recorded
from tests.conftest import CASES, PIXEL_ID, Ran, Run, serving

CANARY = "EAACanaryToken"
ACCOUNT = "1454681918119229"
META_ID = "434566956589050"
BUSINESS = "6009125095681"
SNIPPET = read_code((CASES / "code" / "fbq.html").read_text("utf-8"), "fbq")
REPORTS = f"pixel {META_ID} reports PageView, with no value\n"
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
NOTE = (
    "note: the live API's endpoints of conversion pixels were switched off in 2017; "
    "Meta Pixels replace them: give --kind meta\n"
)
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
            "--value is not for --kind meta; leave it out: a base",
        ),
        (["inject", ".", "--pixel", META_ID, "--kind", "meta", "--value", "1"], "--value is not for --kind meta"),
        (["export", "gtm", "--pixel", META_ID, "--kind", "meta", "--value", "1"], "--value is not for --kind meta"),
        (["snippet", META_ID, "--kind", "meta", "--via", "js_pixel"], "--via is not for --kind meta; leave it out"),
        (["pixels", "create", "--kind", "meta", "--name", "x", "--tag", "OTHER"], "--tag is not for --kind meta"),
        (["pixels", "update", META_ID, "--kind", "meta", "--tag", "OTHER"], "--tag is not for --kind meta"),
        (["pixels", "delete", META_ID, "--kind", "meta", "--yes"], "a Meta Pixel cannot be deleted: the API has no"),
        (["pixels", "update", META_ID, "--kind", "meta"], "Give --name"),
        (["pixels", "update", META_ID, "--name", "\udcff"], "a name must be text"),
        (["pixels", "create", "--name", "\udcff"], "a name must be text"),
        (["pixels", "create-conversion", META_ID, "--rule", RULE, "--name", "\udcff"], "a name must be text"),
        (["pixels", "accounts", META_ID, "--kind", "meta"], "Give --business"),
        (["pixels", "authorize", META_ID, "1", "--kind", "meta"], "Give --business"),
        (["pixels", "deauthorize", META_ID, "1", "--kind", "meta"], "Give --business"),
        (["pixels", "accounts", META_ID, "--business", "1"], "--business is not for --kind conversion"),
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
        (["--rule", RULE, "--value", "1999"], "Give --value and --currency together"),
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
        assert (ran.code, ran.out) == (1, "")
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
    monkeypatch.setattr("snippetkit.cli._kind.LIVE_URL", sandbox_url)
    live = run(*[argument.replace("y", "z") for argument in arguments])
    assert live.code == 0
    assert live.err.startswith(NOTE)
    assert live.err.count("2017") == 1
    assert "2017" not in live.out


def test_a_meta_pixel_of_the_live_api_is_not(meta_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snippetkit.cli._kind.LIVE_URL", os.environ["SNIPPETKIT_API_URL"])
    assert meta_run("snippet", META_ID, "--kind", "meta").err == REPORTS
