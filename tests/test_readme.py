"""Every command line in the README runs, in its order, and prints what stands there."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from snippetkit import lint
from snippetkit.browser import FAULTS
from snippetkit.cli import root
from tests.conftest import CHROMIUM, without_slowness

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [tuple(step.split("\n", 1)) for block in BLOCKS for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
IN_BROWSER = r"In\\ a\\ real\\ browser\\\n(\\ \\ fired.*\n)*"
NO_BROWSER = "[^\n]*no Chromium here; install one [^\n]*"
END = "=== end of a command ==="
PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Thank you</title>
</head>
<body>
  <h1>Thank you</h1>
</body>
</html>
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each command printed, all of them typed into one shell."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "site").mkdir()
    (folder / "site" / "thanks.html").write_text(PAGE)
    script = "".join(f"{command}\n{_until_it_says(command, shown)}echo {END}\n" for command, shown in COMMANDS)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SNIPPETKIT_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment["XDG_CONFIG_HOME"] = str(folder / "config")
    with (folder / "printed").open("w") as out:
        subprocess.run(["bash", "-c", script], cwd=folder, env=environment, stdout=out, stderr=out, check=True)
    return without_slowness((folder / "printed").read_text("utf-8")).split(f"{END}\n")[:-1]


def _until_it_says(command: str, shown: str) -> str:
    """A person reads what a command in the background says before they go on; so does the test."""
    if not command.endswith("&"):
        return ""
    last_line = shlex.quote(shown.strip("\n").rsplit("\n", 1)[-1])
    return f"for i in $(seq 600); do grep -qxF -e {last_line} printed && break; sleep 0.1; done\n"


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=[command[:60] for command, _ in COMMANDS])
def test_the_command_prints_what_the_readme_shows(printed: list[str], number: int) -> None:
    assert len(printed) == len(COMMANDS)
    command, shown = COMMANDS[number][0], COMMANDS[number][1].strip("\n")
    pattern = ".*".join(re.escape(part) for part in shown.split("...\n"))
    pattern = re.sub(r"after\\ [0-9]+\\ ms", "after [0-9]+ ms", pattern)
    if not CHROMIUM:
        pattern = (
            f".*{NO_BROWSER}"
            if re.search(r" (verify|report|export .*--verify)\b", command)
            else re.sub(IN_BROWSER, f"{NO_BROWSER}\\n", pattern)
        )
    assert re.fullmatch(pattern, printed[number].strip("\n"), re.DOTALL), printed[number]


def test_every_command_of_the_command_line_is_in_the_readme() -> None:
    for name in root.list_commands(root.make_context("snippetkit", [], resilient_parsing=True)):
        assert re.search(rf"^\$ (\w+=\S+ )?snippetkit {name}\b", README, re.MULTILINE), name


def test_what_python_prints_is_what_the_readme_shows() -> None:
    blocks = re.findall(r"^```pycon\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
        assert doctest.DocTestRunner().run(example).failed == 0


def test_every_code_of_lint_and_of_verify_is_in_the_readme() -> None:
    for code, meaning in (*lint.CODES.items(), *FAULTS.items()):
        assert f"| `{code}` | {meaning} |" in README
