"""`export`: a file or stdout, and what is said about the trigger."""

from __future__ import annotations

import json
from pathlib import Path

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
        (["tealium", "--pixel", PIXEL_ID], 2, "'tealium' is not 'gtm'"),
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
