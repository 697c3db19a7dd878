"""`pixels` and `snippet`: what they print, and what they take."""

from __future__ import annotations

import io
import json

import pytest

from tests.conftest import ACCOUNT, JS_PIXEL, PIXEL_ID, Run
from tests.reading import read_js_pixel

SNIPPET = read_js_pixel(JS_PIXEL)


def test_create_prints_the_id_for_scripts_and_the_talk_elsewhere(run: Run) -> None:
    ran = run("pixels", "create", "--name", "x", "--account", f"act_{ACCOUNT}", "--api-url", "sandbox:")
    assert (ran.code, ran.out) == (0, f"{PIXEL_ID}\n")
    assert f"snippetkit snippet {PIXEL_ID}" in ran.err


def test_list_is_a_table_or_one_json_document(sandbox_run: Run) -> None:
    sandbox_run("pixels", "create", "--name", "B")
    assert sandbox_run("pixels", "list").out == (
        "ID             TAG       STATUS      NAME\n"
        "6009125095680  CHECKOUT  Unverified  Thank you\n"
        "6009125095681  OTHER     Unverified  B\n"
    )
    document = json.loads(sandbox_run("pixels", "list", "--json").out)
    assert [pixel["name"] for pixel in document["pixels"]] == ["Thank you", "B"]


def test_an_account_without_pixels_is_said_on_stderr(sandbox_run: Run) -> None:
    ran = sandbox_run("pixels", "list", "--account", "1")
    assert (ran.code, ran.out) == (0, "")
    assert "act_1 has no pixels" in ran.err


def test_show_prints_the_members_or_json(sandbox_run: Run) -> None:
    assert sandbox_run("pixels", "show", PIXEL_ID).out.splitlines()[:3] == [
        "id       6009125095680",
        "name     Thank you",
        "tag      CHECKOUT",
    ]
    assert json.loads(sandbox_run("pixels", "show", PIXEL_ID, "--json").out) == {
        "version": 1,
        "id": PIXEL_ID,
        "name": "Thank you",
        "tag": "CHECKOUT",
        "status": "Unverified",
        "creator": f"{ACCOUNT} (Sandbox account)",
    }


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ([], SNIPPET.source),
        (["--variant", "full"], SNIPPET.source),
        (["--variant", "script"], SNIPPET.script),
        (["--variant", "noscript"], SNIPPET.noscript),
        (["--variant", "image"], SNIPPET.image_url),
    ],
)
def test_snippet_prints_each_variant_byte_for_byte(sandbox_run: Run, variant: list[str], text: str) -> None:
    ran = sandbox_run("snippet", PIXEL_ID, "--value", "1999", *variant)
    assert (ran.code, ran.out) == (0, text)
    assert ran.err == f"pixel {PIXEL_ID} reports 19.99 USD\n"


def test_without_a_value_the_code_reports_one_cent(sandbox_run: Run) -> None:
    assert sandbox_run("snippet", PIXEL_ID).err == f"pixel {PIXEL_ID} reports 0.01 USD\n"


@pytest.mark.parametrize("value", ["19.99", "19,99", "1e3", "-1", "١٢", " 5", "+5", "1_000", "0x10", "1" * 16])
def test_a_value_is_a_whole_number_of_minor_units(sandbox_run: Run, value: str) -> None:
    ran = sandbox_run("snippet", PIXEL_ID, "--value", value)
    assert (ran.code, ran.out) == (2, "")
    assert "give a whole number of minor units (cents)" in ran.err
    assert ("dollars are 1999" in ran.err) == (value in ("19.99", "19,99"))


@pytest.mark.parametrize("pixel_id", ["x", "../me", "6009125095680?", "٦", "-1"])
def test_an_id_is_a_number(sandbox_run: Run, pixel_id: str) -> None:
    assert sandbox_run("snippet", "--", pixel_id).code == 2


def test_code_that_a_pixels_name_breaks_out_of_goes_nowhere(sandbox_run: Run) -> None:
    name = "x --><script>alert(1)</script>"
    pixel_id = sandbox_run("pixels", "create", "--name", name).out.strip()
    for command in (
        ["snippet", pixel_id],
        ["export", "gtm", "--pixel", pixel_id],
        ["inject", ".", "--pixel", pixel_id],
    ):
        ran = sandbox_run(*command)
        assert (ran.code, ran.out) == (6, "")
        assert ran.err.startswith(f"error: pixel {pixel_id}: expected one script and then one noscript, found script, ")


def test_update_changes_name_and_tag_together_or_alone(sandbox_run: Run) -> None:
    assert sandbox_run("pixels", "update", PIXEL_ID).code == 2
    assert sandbox_run("pixels", "update", PIXEL_ID, "--name", "New", "--tag", "lead").err == f"updated: {PIXEL_ID}\n"
    sandbox_run("pixels", "update", PIXEL_ID, "--tag", "OTHER")
    assert "OTHER  Unverified  New" in sandbox_run("pixels", "list").out


def test_delete_asks_and_without_anybody_to_ask_wants_yes(sandbox_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = sandbox_run("pixels", "delete", PIXEL_ID)
    assert nobody.code == 2
    assert "give --yes" in nobody.err
    for typed, verb in (("n\n", "kept"), ("y\n", "deleted")):
        terminal = io.StringIO(typed)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", terminal)
        ran = sandbox_run("pixels", "delete", PIXEL_ID)
        assert (ran.code, ran.out) == (0, "")
        assert ran.err.startswith(f"Delete the CHECKOUT pixel 'Thank you' ({PIXEL_ID})? [y/N]: ")
        assert ran.err.endswith(f"{verb}: {PIXEL_ID}\n")
    assert sandbox_run("pixels", "show", PIXEL_ID).code == 4
    assert sandbox_run("pixels", "delete", PIXEL_ID, "--yes").code == 4


def test_accounts_are_listed_authorized_and_deauthorized(sandbox_run: Run) -> None:
    assert sandbox_run("pixels", "accounts", PIXEL_ID).out == f"{ACCOUNT}\n"
    assert sandbox_run("pixels", "authorize", PIXEL_ID, "act_1", "2").err == "authorized: 1, 2\n"
    assert sandbox_run("pixels", "accounts", PIXEL_ID).out == f"{ACCOUNT}\n1\n2\n"
    assert sandbox_run("pixels", "deauthorize", PIXEL_ID, "1").err == "deauthorized: 1\n"
    assert sandbox_run("pixels", "accounts", PIXEL_ID).out == f"{ACCOUNT}\n2\n"
    assert sandbox_run("pixels", "deauthorize", PIXEL_ID, ACCOUNT).code == 4
    assert sandbox_run("pixels", "authorize", PIXEL_ID).code == 2


def test_both_ways_to_the_code_give_the_same(sandbox_run: Run) -> None:
    ways = [sandbox_run("snippet", PIXEL_ID, "--value", "1999", "--via", via).out for via in ("js_pixel", "snippets")]
    assert ways == [SNIPPET.source] * 2


def test_many_pixels_are_fetched_in_one_request_and_each_is_checked(sandbox_run: Run) -> None:
    second = sandbox_run("pixels", "create", "--name", "b").out.strip()
    ran = sandbox_run("snippet", PIXEL_ID, second, "--value", "1999", "--variant", "image", "-v")
    assert ran.code == 0
    assert ran.out == "".join(f"{SNIPPET.image_url.replace(PIXEL_ID, pixel_id)}\n" for pixel_id in (PIXEL_ID, second))
    assert ran.err.count("HTTP 200") == 1
    everything = sandbox_run("snippet", "--all", "--value", "1999", "--variant", "image")
    assert everything.out == ran.out


def test_a_pixel_that_fails_is_named_and_the_others_are_printed(sandbox_run: Run) -> None:
    hostile = sandbox_run("pixels", "create", "--name", "x --><script>1</script>").out.strip()
    ran = sandbox_run("snippet", "6009125095999", hostile, PIXEL_ID, "--value", "1999")
    assert (ran.code, ran.out) == (4, f"{SNIPPET.source}\n")
    failed = [line for line in ran.err.splitlines() if line.startswith("failed: ")]
    assert [line.split(": ")[1] for line in failed] == ["6009125095999", hostile]
    assert ran.err.endswith("error: 2 of 3 pixels failed; the others were printed\n")


@pytest.mark.parametrize("arguments", [[], ["--all", PIXEL_ID], ["--all", "--via", "snippets"]])
def test_pixels_are_named_or_all_are_taken(sandbox_run: Run, arguments: list[str]) -> None:
    assert sandbox_run("snippet", *arguments).code == 2


def test_all_of_an_account_without_pixels_is_said(sandbox_run: Run) -> None:
    for kind in ("conversion", "meta"):
        ran = sandbox_run("snippet", "--all", "--account", "1", "--kind", kind)
        assert (ran.code, ran.out) == (0, "")
        assert ran.err == "the ad account has no pixels; 'snippetkit pixels create' makes one\n"


def test_a_meta_pixel_that_fails_is_named_and_the_others_are_printed(sandbox_run: Run) -> None:
    meta = sandbox_run("pixels", "create", "--name", "m", "--kind", "meta").out.strip()
    ran = sandbox_run("snippet", "1000000000000999", meta, "--kind", "meta", "--variant", "image")
    assert (ran.code, ran.out) == (4, f"https://www.facebook.com/tr?id={meta}&ev=PageView&noscript=1\n")
    assert ran.err.startswith("failed: 1000000000000999: ")
    assert ran.err.endswith("error: 1 of 2 pixels failed; the others were printed\n")


@pytest.mark.parametrize(
    "command",
    [["update", "--name", "New"], ["delete", "--yes"], ["accounts"], ["authorize", "2"], ["deauthorize", "1"]],
    ids=" ".join,
)
def test_a_pixel_of_the_other_kind_is_told_and_left_as_it_is(sandbox_run: Run, command: list[str]) -> None:
    meta_id = sandbox_run("pixels", "create", "--kind", "meta", "--name", "Meta").out.strip()
    name, *more = command
    wrong = sandbox_run("pixels", name, meta_id, *more)
    assert wrong.code == 4
    assert wrong.err.endswith("this is a Meta Pixel, not a conversion pixel; add --kind meta\n")
    assert "  Meta" in sandbox_run("pixels", "list", "--kind", "meta").out
    if name != "delete":
        business = [] if name == "update" else ["--business", "1"]
        other = sandbox_run("pixels", name, PIXEL_ID, *more, "--kind", "meta", *business)
        assert other.code == 4
        assert other.err.endswith("this is a conversion pixel, not a Meta Pixel; leave out --kind meta\n")
