"""`export`: which tags the options make, a file or stdout, and what is said about triggers; `import` lists them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from snippetkit import snippets
from snippetkit.cli import export
from tests.conftest import ACCOUNT, CASES, PIXEL_ID, Run
from tests.pixels import CODES, EVERY_CODE

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


def _settings(tag: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(code["pixel_id"], code["value"], code["currency"]) for code in tag["code"]]


def test_a_container_goes_to_stdout_or_into_a_file_that_is_rewritten_only_when_it_changes(sandbox_run: Run) -> None:
    export = [*EXPORT, "--page-path", "/thanks.html"]
    printed = sandbox_run(*export)
    [tag] = json.loads(printed.out)["containerVersion"]["tag"]
    assert tag["name"] == f"Thank you {PIXEL_ID}"
    assert "fb_param.value = '19.99';" in tag["parameter"][0]["value"]
    Path("new").mkdir()
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
        (["--all-pages"], "All Pages"),
    ],
)
def test_each_page_option_is_a_rule(sandbox_run: Run, arguments: list[str], rule: str) -> None:
    [tag] = _listed(sandbox_run, *arguments)
    assert (tag["fires_on"], tag["except_on"], tag["folder"]) == ([rule], [], f"Ad account {ACCOUNT}")
    assert tag["consent"] == ["ad_storage", "ad_user_data", "ad_personalization"]
    assert _settings(tag) == [(PIXEL_ID, "0.01", "USD")]


def test_on_an_event_the_data_layer_has_the_value_unless_one_is_given(sandbox_run: Run) -> None:
    [tag] = _listed(sandbox_run, "--on-event", "purchase", "--value-key", "ecommerce.value", "--consent", "none")
    [settings] = _settings(tag)
    assert settings[1:] == ("{{Data layer ecommerce.value, or 0.01}}", "{{Data layer currency, or USD}}")
    assert (tag["fires_on"], tag["consent"], tag["code"][0]["dynamic"]) == (["Event purchase"], [], True)
    [tag] = _listed(sandbox_run, "--on-event", "purchase", "--value", "1999")
    assert (tag["fires_on"], _settings(tag)) == (["Event purchase"], [(PIXEL_ID, "19.99", "USD")])


def test_code_without_a_value_takes_none_from_the_data_layer_unless_it_is_to(sandbox_run: Run) -> None:
    pixel_id = sandbox_run("pixels", "create", "--kind", "meta", "--name", "Shop").out.strip()
    export = ["export", "gtm", "--kind", "meta", "--pixel", pixel_id, "--on-event", "lead", "-o", "gtm.json"]
    ran = sandbox_run(*export)
    assert (ran.code, ran.err) == (0, f"pixel {pixel_id} reports PageView, with no value\nwrote: gtm.json\n")
    [tag] = json.loads(sandbox_run("import", "gtm.json", "--json").out)["tags"]
    assert (tag["fires_on"], _settings(tag)) == (["Event lead"], [(pixel_id, None, None)])
    ran = sandbox_run(*export, "--value-key", "total")
    assert (ran.code, "no value to take from the data layer" in ran.err) == (6, True)


@pytest.mark.parametrize("format_name", ["gtm", "matomo", "zaraz", "adobe"])
def test_a_tag_fires_on_the_pages_of_each_page_option_that_is_given(sandbox_run: Run, format_name: str) -> None:
    pages = ["--page-path", "/a", "--page-path", "/b", "--page-prefix", "/c", "--page-host", "Shop.example"]
    export = ["export", format_name, "--pixel", PIXEL_ID, "--value", "5", *pages, "--page-path", "/a", "-o", "out.json"]
    assert sandbox_run(*export).code == 0
    if format_name == "adobe":
        text = Path("out.json").read_text()
        assert all(page in text for page in ("/a", "/b", "/c", "shop"))
        return
    [tag] = json.loads(sandbox_run("import", "out.json", "--json").out)["tags"]
    assert sorted(tag["fires_on"]) == [
        "Page host is shop.example",
        "Page path begins with /c",
        "Page path is /a",
        "Page path is /b",
    ]


def test_several_pixels_are_asked_for_at_once_and_fp_pixels_share_a_tag(sandbox_run: Run) -> None:
    second = sandbox_run("pixels", "create", "--name", "Second").out.strip()
    both = ["--pixel", PIXEL_ID, "--pixel", second, "--value", "1999"]
    ran = sandbox_run("export", "gtm", *both, "--page-path", "/a", "-o", "gtm.json", "-v")
    assert (ran.code, sum("POST" in line for line in ran.err.splitlines())) == (0, 1)
    [tag] = json.loads(sandbox_run("import", "gtm.json", "--json").out)["tags"]
    assert _settings(tag) == [(PIXEL_ID, "19.99", "USD"), (second, "19.99", "USD")]
    assert tag["name"].endswith(f"{PIXEL_ID} + Second {second}")
    assert sandbox_run("export", "gtm", *both, "--on-event", "buy").code == 0
    keyed = sandbox_run("export", "gtm", *both[:4], "--on-event", "buy")
    assert (keyed.code, keyed.out) == (2, "")
    assert "fp pixels share one script, whose values are fixed; give --value, or one --pixel" in keyed.err
    failed = sandbox_run("export", "gtm", "--pixel", PIXEL_ID, "--pixel", "1")
    assert (failed.code, failed.out) == (4, "")
    assert failed.err.startswith("error: pixel 1: ")


def test_each_pixel_of_a_dialect_with_code_of_its_own_has_a_tag(run: Run) -> None:
    fbds = CODES["fbds"]
    [first] = {snippet.pixel_id for snippet in snippets.read(fbds)}
    Path("code.html").write_text(fbds + fbds.replace(first, "2"))
    both = ["--page-path", "/a", "--pixel", first, "--pixel", "2", "-o", "gtm.json"]
    assert run("export", "gtm", "--from-file", "code.html", *both).code == 0
    tags = json.loads(run("import", "gtm.json", "--json").out)["tags"]
    assert [code["pixel_id"] for tag in tags for code in tag["code"]] == [first, "2"]


def test_two_meta_pixels_on_the_same_pages_are_refused(sandbox_run: Run) -> None:
    create = ["pixels", "create", "--kind", "meta", "--name", "Shop", "--account"]
    first, second = (sandbox_run(*create, account).out.strip() for account in (ACCOUNT, "1454681918119229"))
    ran = sandbox_run("export", "gtm", "--kind", "meta", "--pixel", first, "--pixel", second)
    assert (ran.code, ran.out) == (2, "")
    reason = f"pixel {first} and pixel {second} on the same pages: they cannot both report correctly"
    assert f"error: {reason}; export them one by one, or name the pages of each with --pages\n" in ran.err


def test_the_rules_that_inject_reads_make_a_tag_each(sandbox_run: Run) -> None:
    Path("rules.csv").write_text(RULES)
    ran = sandbox_run("export", "gtm", "--pages", "rules.csv", "-o", "gtm.json")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == [
        "PAGE          PIXEL          VALUE  CURRENCY",
        f"/thanks.html  {PIXEL_ID}  19.99  USD",
        f"/shop/**      {PIXEL_ID}  5.00   USD",
        "wrote: gtm.json",
    ]
    listed = sandbox_run("import", "gtm.json")
    assert [line.split()[4:8] for line in listed.out.splitlines()[1:]] == [
        ["fp", "6009125095680", "19.99", "USD"],
        ["fp", "6009125095680", "5.00", "USD"],
    ]
    assert listed.err == "Google Tag Manager: 2 tags with conversion code\n"


def test_the_time_in_the_file_is_fixed_or_that_of_the_build(sandbox_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(sandbox_run(*EXPORT).out)["exportTime"] == "2015-01-01 00:00:00"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    assert json.loads(sandbox_run(*EXPORT).out)["exportTime"] == "2025-06-15 15:06:40"
    for wrong in ("yesterday", "-1", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        ran = sandbox_run(*EXPORT)
        assert (ran.code, ran.out) == (2, "")
        assert "not a number of seconds since 1970" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["tealium", "--pixel", PIXEL_ID], 2, "'tealium' is not one of 'adobe', 'bundle', 'gtm'"),
        (["gtm"], 2, "Give --pixel, or --from-file."),
        (["gtm", "--pixel", PIXEL_ID, "--page-path", "thanks"], 2, "does not begin with a slash"),
        (["gtm", "--pixel", PIXEL_ID, "--page-path", "/a", "--all-pages"], 2, "--all-pages already covers what"),
        (
            ["gtm", "--pixel", PIXEL_ID, "--page-path", "/a", "--on-event", "x"],
            2,
            "Give pages, such as --page-path, or --on-event",
        ),
        (["gtm", "--pixel", PIXEL_ID, "--value-key", "x"], 2, "need --on-event"),
        (["gtm", "--pixel", PIXEL_ID, "--all-pages", "--ignore-case"], 2, "--ignore-case needs"),
        (["gtm", "--pixel", PIXEL_ID, "--on-event", "{{x}}"], 2, "is not an event name"),
        (
            ["gtm", "--pages", "rules.csv", "--page-path", "/a"],
            2,
            "--page-path and the like cannot be used with --pages",
        ),
        (["gtm", "--pixel", PIXEL_ID, "--format", "html"], 2, "--format can only be used with a bundle"),
        (["gtm", "--pixel", PIXEL_ID, "--on-conflict", "fail"], 2, "--on-conflict needs --into"),
        (["html", "--pixel", PIXEL_ID, "--into", "x"], 2, "--into cannot be used with html"),
        (["gtm", "--pixel", PIXEL_ID, "--into", "missing.json"], 6, "missing.json: No such file"),
        (["gtm", "--pixel", PIXEL_ID, "--into", "/dev/null"], 6, "/dev/null: not a regular file"),
        (["gtm", "--from-file", "-", "--into", "-"], 2, "--into and another file cannot both be read from stdin"),
        (["gtm", "--pages", "-", "--into", "-"], 2, "--into and another file cannot both be read from stdin"),
        (["gtm", "--pixel", PIXEL_ID, "-o", "."], 2, ". is a folder; name a file in it"),
        (["gtm", "--pixel", PIXEL_ID, "-o", "typo/x.json"], 2, "there is no folder typo; create it first"),
        (["gtm", "--pixel", PIXEL_ID, "-o", "/dev/full"], 6, "/dev/full: No space left"),
    ],
)
def test_what_cannot_be_exported_says_why(sandbox_run: Run, arguments: list[str], code: int, reason: str) -> None:
    ran = sandbox_run("export", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert reason in ran.err


def test_what_is_wrong_with_the_file_to_merge_into_is_told_with_its_name(sandbox_run: Run) -> None:
    Path("mine.json").write_text('{"dataLayer": true}')
    for format_name, reason in (
        ("gtm", "the document: there is no exportFormat"),
        ("zaraz", "this is not a complete Zaraz"),
    ):
        ran = sandbox_run("export", format_name, "--pixel", PIXEL_ID, "--into", "mine.json")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.splitlines()[-1].startswith(f"error: mine.json: {reason}")


def test_a_bundle_is_not_printed_on_a_terminal(sandbox_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_is_terminal", lambda: True)
    ran = sandbox_run("export", "bundle", "--pixel", PIXEL_ID)
    assert (ran.code, ran.out) == (2, "")
    assert "A bundle is a zip: give -o FILE." in ran.err


@pytest.mark.parametrize("name", ["gtm", "matomo", "zaraz", "adobe"])
def test_import_lists_what_fires_where(run: Run, name: str) -> None:
    ran = run("import", CASES / "exports" / f"{name}.json")
    assert ran.code == 0
    header, *rows = ran.out.splitlines()
    assert header.split() == "NAME DIALECT PIXEL EVENT VALUE CURRENCY STATE CONSENT FIRES ON".split()
    assert len(rows) == 13
    assert rows[-1].endswith("No trigger yet: choose another" if name == "matomo" else "nothing yet")
    assert ran.err.endswith(": 12 tags with conversion code\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" ", "is not JSON: line 1, column 2: unexpected end"),
        (b"{\n <b", "is not JSON: line 2, column 2: unexpected '<'"),
        (b'{"a', "is not JSON: line 1, column 2: a string is never closed"),
        (b"{}", "is not an export of a tag manager that can be read; give what a tag manager exports, or"),
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
    assert f"note: Thank you {PIXEL_ID}: the code has a fixed value" in ran.err


@pytest.mark.parametrize("name", ["adobe", "gtm", "matomo", "zaraz"])
def test_the_orders_id_is_the_data_layers(run: Run, name: str) -> None:
    Path("ttq.html").write_text(EVERY_CODE["ttq"])
    event = ["--on-event", "order_done", "--order-key", "ecommerce.number", "--from-file", "ttq.html"]
    made = run("export", name, *event, "--consent", "none", "-o", "-")
    assert (made.code, "number" in made.out, "A-1001" in made.out) == (0, True, False)


def test_an_orders_id_needs_a_place_and_an_event(sandbox_run: Run) -> None:
    options = ["export", "gtm", "--pixel", PIXEL_ID, "--order-key", "number"]
    made = sandbox_run(*options, "--on-event", "order_done")
    assert made.code == 6
    assert "no order's id to take from the data layer: the code has no place for it" in made.err
    for more, said in (
        (["--all-pages"], "--value-key, --currency-key and --order-key need --on-event"),
        (["--on-event", "order_done", "--value-key", "number.x"], "number.x and number are not two values"),
    ):
        made = sandbox_run(*options, *more)
        assert (made.code, said in made.err) == (2, True)


@pytest.mark.browser
def test_on_all_pages_alone_an_export_is_tried_too(sandbox_run: Run) -> None:
    made = sandbox_run("export", "gtm", "--pixel", PIXEL_ID, "--all-pages", "-o", "gtm.json", "--verify")
    assert made.code == 0
    assert "in a stand-in of Google Tag Manager: 3 visits checked, all OK" in made.err
