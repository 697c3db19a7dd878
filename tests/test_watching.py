"""What coverage watches of a table, tried on a run of pytest of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import ROOT

CODE = """
def kind(number):
    if number < 2:
        return "first"
    if number > 60:
        return "last"
    return "between"
"""
TABLE = """
import sys
import pytest
from code_of_table import kind

@pytest.mark.parametrize("number", range(80))
def test_table(number):
    assert kind(number)
    with open("rows", "a") as rows:
        rows.write("watched\\n" if sys.gettrace() else "run\\n")

def test_no_table():
    assert sys.gettrace()
"""
REGISTERED = "from tests.watching import pytest_collection_finish\n"


@pytest.mark.parametrize("workers", [["-n", "1"], ["-p", "no:xdist"]], ids=["worker", "alone"])
def test_all_rows_are_run_and_those_are_watched_that_may_show_something_new(workers: list[str]) -> None:
    for name, text in {"code_of_table": CODE, "test_it": TABLE, "conftest": REGISTERED}.items():
        Path(f"{name}.py").write_text(text)
    Path("pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *workers]
    measured = ["--cov=code_of_table", "--cov-branch", "--cov-report=json:report.json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    subprocess.run([*command, *measured], env={**kept, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    rows = Path("rows").read_text().split()
    assert len(rows) == 80
    assert rows[:7] == ["watched"] * 7  # the third row brings the last news for a while
    assert rows[7:].count("watched") <= 40
    [measures] = json.loads(Path("report.json").read_text())["files"].values()
    assert (measures["missing_lines"], measures["missing_branches"]) == ([], [])
