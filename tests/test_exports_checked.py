"""`export --check` and `--diff`: the file is held against what would be written, and stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import exports
from tests.conftest import CASES, Run

CODE = ["--from-file", str(CASES / "code" / "fp.html"), "--page-path", "/thanks.html"]


@pytest.mark.parametrize("name", exports.names())
def test_check_says_whether_the_file_would_change_and_writes_nothing(run: Run, name: str) -> None:
    file = Path("build", name)
    file.parent.mkdir()
    command = ["export", name, *CODE, "-o", str(file)]
    missing = run(*command, "--check")
    assert (missing.code, f"would be created: {file}" in missing.err, file.exists()) == (1, True, False)
    assert run(*command).code == 0
    written = file.read_bytes()
    same = run(*command, "--check", "--diff")
    assert (same.code, same.out, f"unchanged: {file}" in same.err) == (0, "", True)
    other = run(*command, "--value", "4242", "--check")
    assert (other.code, other.out, f"would be updated: {file}" in other.err) == (1, "", True)
    assert run(*command, "--value", "4242", "--diff").code == 0
    assert file.read_bytes() == written
    assert [*Path("build").iterdir()] == [file]


def test_the_diff_shows_what_would_change(run: Run) -> None:
    command = ["export", "gtm", *CODE, "-o", "gtm.json"]
    assert run(*command).code == 0
    diff = run(*command, "--value", "4242", "--diff").out.splitlines()
    assert diff[:2] == ["--- a/gtm.json", "+++ b/gtm.json"]
    assert [line[0] for line in diff if "42.42" in line] == ["+"]
    assert run("export", "bundle", *CODE, "-o", "new.zip", "--diff").out == "Binary file new.zip differs\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--check"], "--check and --diff need -o FILE"),
        (
            ["-o", "x.json", "--diff", "--verify"],
            "--verify cannot be used with --check or --diff, which write no file.",
        ),
    ],
)
def test_without_a_file_there_is_nothing_to_compare_with(run: Run, options: list[str], told: str) -> None:
    ran = run("export", "gtm", *CODE, *options)
    assert (ran.code, told in ran.err) == (2, True)
