"""Every command line in the README and in docs/ runs, in its order, and prints what stands there; every link leads
somewhere."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from snippetkit import lint
from snippetkit.browser import FAULTS
from snippetkit.cli import root
from tests.conftest import CASES, CHROMIUM, without_slowness
from tests.documents import DOCUMENTS, README, ROOT, TOGETHER, blocks, commands
from tests.stores import Stores

START = "docs/index.md"  # what the examples of the other pages begin with
IN_A_STORE = "docs/stores.md"
COMMANDS = {name: commands(text) for name, text in DOCUMENTS.items()}
IN_BROWSER = r"In\\ a\\ real\\ browser\\\n(\\ \\ fired.*\n)*"
NO_BROWSER = "[^\n]*no Chromium found; install [^\n]*"
END = "=== end of a command ==="


def _printed(folder: Path, name: str, set_before: Mapping[str, str]) -> list[str]:
    """What each command of a document printed, all of them typed into one shell."""
    shutil.copytree(CASES / "docs", folder, dirs_exist_ok=True)
    before = [] if name in ("README.md", START) else COMMANDS[START]
    return _type(folder, before + COMMANDS[name], set_before)[len(before) :]


def _type(
    folder: Path, steps: list[tuple[str, str]], set_before: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    script = "".join(f"{command}\n{_until_it_says(command, shown)}echo {END}\n" for command, shown in steps)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SNIPPETKIT_")}
    environment |= set_before
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


@pytest.mark.wide
@pytest.mark.parametrize("name", [name for name, steps in COMMANDS.items() if steps and name != IN_A_STORE])
def test_each_command_prints_what_is_shown(tmp_path: Path, name: str) -> None:
    _check(tmp_path, name)


@pytest.mark.stores
def test_each_command_on_a_store_prints_what_is_shown(tmp_path: Path, object_stores: Stores) -> None:
    store = replace(object_stores("seaweedfs"), bucket="shop")
    store.client.create_bucket(Bucket=store.bucket)
    page = (CASES / "docs" / "site" / "thanks.html").read_bytes()
    for name in ("index.html", "thanks.html"):
        store.put(f"site/{name}", page, ContentType="text/html; charset=utf-8", CacheControl="max-age=300")
    _check(tmp_path, IN_A_STORE, store.environment)


def _check(folder: Path, name: str, set_before: Mapping[str, str] = MappingProxyType({})) -> None:
    printed = _printed(folder, name, set_before)
    told = zip(COMMANDS[name], printed, strict=True)
    assert [(command, lines) for (command, shown), lines in told if not _is_shown(lines, command, shown)] == []


def _is_shown(lines: str, command: str, shown: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in shown.strip("\n").split("...\n"))
    pattern = re.sub(r"after\\ [0-9]+\\ ms", "after [0-9]+ ms", pattern)
    if not CHROMIUM:
        pattern = (
            f".*{NO_BROWSER}(\nwrote: .*)?"
            if re.search(r" (verify|report|export .*--verify)\b", command)
            else re.sub(IN_BROWSER, f"{NO_BROWSER}\\n", pattern)
        )
    return re.fullmatch(pattern, lines.strip("\n"), re.DOTALL) is not None


def test_every_command_of_the_command_line_has_an_example() -> None:
    for name in root.list_commands(root.make_context("snippetkit", [], resilient_parsing=True)):
        assert re.search(rf"^\$ (\w+=\S+ )?snippetkit {name}\b", TOGETHER, re.MULTILINE), name


@pytest.mark.parametrize("name", [name for name, text in DOCUMENTS.items() if blocks(text, "pycon")])
def test_what_python_prints_is_what_is_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES / "docs")
    for block in blocks(DOCUMENTS[name], "pycon"):
        example = doctest.DocTestParser().get_doctest(block, {}, name, name, 0)
        assert doctest.DocTestRunner().run(example).failed == 0


def test_every_code_of_lint_and_of_verify_is_told() -> None:
    for code, meaning in (*lint.CODES.items(), *FAULTS.items()):
        assert f"| `{code}` | {meaning} |" in TOGETHER


def test_the_readme_is_short_and_python_has_an_example() -> None:
    assert README.count("\n") <= 200
    assert any(blocks(text, "pycon") for text in DOCUMENTS.values())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    for path, _, heading in (link.partition("#") for link in _links(DOCUMENTS[name])):
        target = (ROOT / name).parent / path if path else ROOT / name
        # beside the built wheel the checkout has no SECURITY.md; the links within the documents hold there too
        assert target.is_file() or target.name == "SECURITY.md", path
        assert not heading or heading in _anchors(target.read_text("utf-8")), heading


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name not in ("README.md", START)])
def test_every_page_is_in_the_index(name: str) -> None:
    assert name.removeprefix("docs/") in _links(DOCUMENTS[START])


def _links(text: str) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", _prose(text)) if "://" not in link]


def _anchors(text: str) -> set[str]:
    """The names of headings, as GitHub and mkdocs give them."""
    heads = re.findall(r"^#+ (.*)$", _prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).lower().replace(" ", "-") for head in heads}


def _prose(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
