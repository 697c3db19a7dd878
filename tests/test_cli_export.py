"""`export`: a file or stdout, and what is said about the trigger."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import PIXEL_ID, Run


def test_a_container_goes_to_stdout_or_into_a_file_that_is_rewritten_only_when_it_changes(sandbox_run: Run) -> None:
    export = ["export", "gtm", "--pixel", PIXEL_ID, "--value", "1999", "--page-path", "/thanks.html"]
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
    assert f"note: the tag 'Thank you {PIXEL_ID}' has no trigger yet" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["tealium", "--pixel", PIXEL_ID], 2, "'tealium' is not one of"),
        (["gtm"], 2, "Give --pixel, or --from-file."),
        (["gtm", "--pixel", PIXEL_ID, "--page-path", "thanks"], 2, "does not begin with a slash"),
        (["gtm", "--pixel", PIXEL_ID, "-o", "."], 6, "Is a directory"),
        (["gtm", "--pixel", PIXEL_ID, "-o", "/dev/full"], 6, "/dev/full: No space left"),
    ],
)
def test_what_cannot_be_exported_says_why(sandbox_run: Run, arguments: list[str], code: int, reason: str) -> None:
    ran = sandbox_run("export", *arguments)
    assert (ran.code, ran.out) == (code, "")
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
