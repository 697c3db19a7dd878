"""`export`: which tags the options make, a file or stdout, and what is said about triggers; `import` lists them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from snippetkit.cli import _target
from tests.conftest import ACCOUNT, CASES, PIXEL_ID, Run

EXPORT = ["export", "gtm", "--pixel", PIXEL_ID, "--value", "1999"]
RULES = """page,pixel,value,currency
/thanks.html,6009125095680,1999,USD
/shop/**,6009125095680,500,USD
"""


def _listed(run: Run, *arguments: str) -> list[dict[str, Any]]:
    """The tags that an export has, by what `import` says of it."""
    ran = run("export", "gtm", "--pixel", PIXEL_ID, *arguments, "-o", "gtm.json")
    assert ran.code == 0, ran.err
    tags: list[dict[str, Any]] = json.loads(run("import", "gtm.json", "--json").out)["tags"]
    return tags


def test_a_container_goes_to_stdout_or_into_a_file_that_is_rewritten_only_when_it_changes(sandbox_run: Run) -> None:
    export = [*EXPORT, "--page-path", "/thanks.html"]
    printed = sandbox_run(*export)
    [tag] = json.loads(printed.out)["containerVersion"]["tag"]
    assert tag["name"] == f"Thank you {PIXEL_ID}"
    assert "fb_param.value = '19.99';" in tag["parameter"][0]["value"]
    written = sandbox_run(*export, "-o", "new/gtm.json")
    assert (written.out, written.err.splitlines()[1:]) == ("", ["wrote: new/gtm.json"])
    assert Path("new/gtm.json").read_text("utf-8") == printed.out
    assert sandbox_run(*export, "-o", "new/gtm.json").err.splitlines()[1:] == ["unchanged: new/gtm.json"]


def test_a_tag_without_a_trigger_is_said(sandbox_run: Run) -> None:
    ran = sandbox_run("export", "gtm", "--pixel", PIXEL_ID)
    assert "firingTriggerId" not in ran.out
    assert f"note: 'Thank you {PIXEL_ID}' never fires until you choose a trigger" in ran.err
    for format_name in ("adobe", "matomo", "zaraz"):
        assert sandbox_run("export", format_name, "--pixel", PIXEL_ID).err.count("never fire") == 1


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (["--page-path", "/a b.html"], "Page path is /a%20b.html"),
        (["--page-prefix", "/shop/", "--ignore-case"], "Page path begins with /shop/ (in any case)"),
        (["--page-regex", r"\.html$"], r"Page path matches \.html$"),
        (["--page-contains", "utm=1"], "Page URL contains utm=1"),
        (["--page-host", "Shop.Example"], "Page host is shop.example"),
        (["--all-pages"], "All pages"),
    ],
)
def test_each_page_option_is_a_rule(sandbox_run: Run, arguments: list[str], rule: str) -> None:
    [tag] = _listed(sandbox_run, *arguments)
    assert (tag["rules"], tag["event"], tag["consent"], tag["account"]) == ([rule], None, "ads", ACCOUNT)
    assert tag["pixels"] == [{"pixel_id": PIXEL_ID, "event": None, "value": "0.01", "currency": "USD"}]


def test_on_an_event_the_data_layer_has_the_value_unless_one_is_given(sandbox_run: Run) -> None:
    [tag] = _listed(sandbox_run, "--on-event", "purchase", "--value-key", "ecommerce.value", "--consent", "none")
    assert (tag["event"], tag["keys"]) == ("purchase", {"value": "ecommerce.value", "currency": "currency"})
    assert (tag["rules"], tag["consent"]) == ([], "none")
    [tag] = _listed(sandbox_run, "--on-event", "purchase", "--value", "1999")
    assert (tag["event"], tag["keys"], tag["pixels"][0]["value"]) == ("purchase", {}, "19.99")


def test_code_without_a_value_takes_none_from_the_data_layer_unless_it_is_to(sandbox_run: Run) -> None:
    pixel_id = sandbox_run("pixels", "create", "--kind", "meta", "--name", "Shop").out.strip()
    export = ["export", "gtm", "--kind", "meta", "--pixel", pixel_id, "--on-event", "lead", "-o", "gtm.json"]
    ran = sandbox_run(*export)
    assert (ran.code, ran.err) == (0, f"pixel {pixel_id} reports PageView, with no value\nwrote: gtm.json\n")
    [tag] = json.loads(sandbox_run("import", "gtm.json", "--json").out)["tags"]
    assert (tag["event"], tag["keys"]) == ("lead", {})
    ran = sandbox_run(*export, "--value-key", "total")
    assert (ran.code, "no value to take from the data layer" in ran.err) == (1, True)


def test_the_rules_that_inject_reads_make_a_tag_each(sandbox_run: Run) -> None:
    Path("rules.csv").write_text(RULES)
    ran = sandbox_run("export", "gtm", "--pages", "rules.csv", "-o", "gtm.json")
    assert (ran.code, ran.out, ran.err) == (0, "", "wrote: gtm.json\n")
    listed = sandbox_run("import", "gtm.json")
    assert [line.split()[1:4] for line in listed.out.splitlines()[1:]] == [
        ["6009125095680", "19.99", "USD"],
        ["6009125095680", "5.00", "USD"],
    ]
    assert listed.err == "Google Tag Manager: 2 conversion tags\n"


def test_the_time_in_the_file_is_fixed_or_that_of_the_build(sandbox_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(sandbox_run(*EXPORT).out)["exportTime"] == "2015-01-01 00:00:00"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    assert json.loads(sandbox_run(*EXPORT).out)["exportTime"] == "2025-06-15 15:06:40"
    for wrong in ("yesterday", "-1", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        ran = sandbox_run(*EXPORT)
        assert (ran.code, ran.out) == (2, "")
        assert "no number of seconds since 1970" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["tealium", "--pixel", PIXEL_ID], 2, "'tealium' is not one of 'adobe', 'bundle', 'gtm'"),
        (["gtm"], 2, "Give --pixel, or --from-file."),
        (["gtm", "--pixel", PIXEL_ID, "--page-path", "thanks"], 2, "does not begin with a slash"),
        (["gtm", "--pixel", PIXEL_ID, "--page-path", "/a", "--all-pages"], 2, "Give one of --page-path,"),
        (["gtm", "--pixel", PIXEL_ID, "--page-path", "/a", "--on-event", "x"], 2, "Give one of --page-path,"),
        (["gtm", "--pixel", PIXEL_ID, "--value-key", "x"], 2, "go with --on-event"),
        (["gtm", "--pixel", PIXEL_ID, "--all-pages", "--ignore-case"], 2, "--ignore-case goes with"),
        (["gtm", "--pixel", PIXEL_ID, "--on-event", "{{x}}"], 2, "is no name of an event"),
        (["gtm", "--pages", "rules.csv", "--page-path", "/a"], 2, "--pages is not for --page-path"),
        (["gtm", "--pixel", PIXEL_ID, "--format", "html"], 2, "--format is for a bundle"),
        (["gtm", "--pixel", PIXEL_ID, "--on-conflict", "fail"], 2, "--on-conflict goes with --into"),
        (["html", "--pixel", PIXEL_ID, "--into", "x"], 2, "--into is not for html"),
        (["gtm", "--pixel", PIXEL_ID, "--into", "missing.json"], 6, "missing.json: No such file"),
        (["gtm", "--pixel", PIXEL_ID, "--into", "/dev/null"], 6, "/dev/null: not a regular file"),
        (["gtm", "--from-file", "-", "--into", "-"], 2, "--into and another file cannot both be read from stdin"),
        (["gtm", "--pages", "-", "--into", "-"], 2, "--into and another file cannot both be read from stdin"),
        (["gtm", "--pixel", PIXEL_ID, "-o", "."], 6, "Is a directory"),
        (["gtm", "--pixel", PIXEL_ID, "-o", "/dev/full"], 6, "/dev/full: No space left"),
    ],
)
def test_what_cannot_be_exported_says_why(sandbox_run: Run, arguments: list[str], code: int, reason: str) -> None:
    ran = sandbox_run("export", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert reason in ran.err


def test_what_is_wrong_with_the_file_to_merge_into_is_told_with_its_name(sandbox_run: Run) -> None:
    Path("mine.json").write_text('{"dataLayer": true}')
    for format_name, reason in (("gtm", "the document: there is no exportFormat"), ("zaraz", "this is no whole Zaraz")):
        ran = sandbox_run("export", format_name, "--pixel", PIXEL_ID, "--into", "mine.json")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.splitlines()[-1].startswith(f"error: mine.json: {reason}")


def test_a_bundle_is_not_printed_on_a_terminal(sandbox_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_target, "_is_terminal", lambda: True)
    ran = sandbox_run("export", "bundle", "--pixel", PIXEL_ID)
    assert (ran.code, ran.out) == (2, "")
    assert "A bundle is a zip: give -o FILE." in ran.err


@pytest.mark.parametrize("name", ["gtm", "matomo", "zaraz", "adobe"])
def test_import_lists_what_fires_where(run: Run, name: str) -> None:
    ran = run("import", CASES / "exports" / f"{name}.json")
    assert ran.code == 0
    header, *rows = ran.out.splitlines()
    assert header.split() == ["NAME", "PIXEL", "VALUE", "CURRENCY", "VARIANT", "CONSENT", "FIRES", "ON"]
    assert len(rows) == 11
    assert "nothing yet" in rows[-1]
    assert ran.err.endswith(": 11 conversion tags\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"{}", "is no export of a tag manager that can be read; give what 'snippetkit export' writes in"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"exportFormatVersion": 2}', "gtm.json"),
    ],
)
def test_what_is_no_export_is_said_in_one_line(run: Run, content: bytes, reason: str) -> None:
    Path("gtm.json").write_bytes(content)
    ran = run("import", "gtm.json")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert reason in ran.err


def test_a_bundle_holds_the_formats_that_are_named_and_its_time_is_that_of_the_source(
    sandbox_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764028800")
    ran = sandbox_run("export", "bundle", "--pixel", PIXEL_ID, "--format", "html", "--all-pages", "-o", "bundle.zip")
    assert "note: Any other tag manager: the code asks for no consent itself" in ran.err
    with ZipFile("bundle.zip") as archive:
        assert archive.namelist() == ["README.md", "csp.txt", "snippets.html", "manifest.json"]
        assert {info.date_time for info in archive.infolist()} == {(2025, 11, 25, 0, 0, 0)}


def test_code_to_paste_has_the_fixed_value_of_an_event_and_says_so(sandbox_run: Run) -> None:
    ran = sandbox_run("export", "html", "--pixel", PIXEL_ID, "--on-event", "purchase")
    assert "Let it fire each time that this event happens: <bdi>purchase</bdi>" in ran.out
    assert f"note: Thank you {PIXEL_ID}: a fixed value stands in the code" in ran.err
