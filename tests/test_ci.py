"""The examples of docs/ci.md, the action and the hooks, each run as the CI runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import CASES
from tests.documents import PAGES, ROOT, blocks
from tests.sdks import cache_folder, environment

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
YAML = {text.partition("\n")[0]: yaml.safe_load(text) for text in blocks(PAGES["ci.md"], "yaml")}
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]  # what a step with `shell: bash` is run by
GOOD = CASES / "docs" / "mail.html"
FINDING = "img-alt-missing"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A repository with one page, whose code fires, and of which lint has one thing to say."""
    folder = tmp_path / "repository"
    (folder / "site").mkdir(parents=True)
    page = f"<!doctype html>\n<title>x</title>\n<body>\n{GOOD.read_text('utf-8')}</body>\n"
    (folder / "site" / "a b.html").write_text(page)
    (folder / "snippetkit.toml").write_text('[[sites]]\npaths = ["site"]\nrules = []\n')
    return folder


def _environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SNIPPETKIT_", "PYTEST_"))}
    return kept | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"} | variables


def _run_action(site: Path, skipped: set[str], **inputs: str) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run the action's steps as a runner does; a step's command and its environment are what action.yml says."""
    assert inputs.keys() <= ACTION["inputs"].keys()
    given = {name: one.get("default") for name, one in ACTION["inputs"].items()} | inputs
    temp = site.parent / "runner"
    done = {}
    for step in ACTION["runs"]["steps"]:
        condition = re.search(r"inputs\.([\w-]+) == 'true'", step.get("if", ""))
        if step["name"] in skipped or (condition and given[condition[1]] != "true"):
            continue
        variables = {name: _filled(value, given) for name, value in step.get("env", {}).items()}
        known = _environment(RUNNER_TEMP=str(temp), GITHUB_ACTION_PATH=str(ROOT), **variables)
        done[step["name"]] = subprocess.run(
            [*SHELL, "-c", step["run"]], cwd=site, env=known, text=True, capture_output=True
        )
    return done


def _filled(text: str, given: dict[str, Any]) -> str:
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: str(given[match[1]]), text)


@pytest.fixture
def ready(site: Path) -> Path:
    """The repository, on a runner where the first step is done."""
    programs = site.parent / "runner" / "snippetkit" / "bin"
    programs.mkdir(parents=True)
    (programs / "snippetkit").symlink_to(Path(sys.executable).with_name("snippetkit"))
    return site


def test_the_action_writes_annotations(ready: Path) -> None:
    [lint] = _run_action(ready, {"Set up"}, paths="site", sync="false", verify="false").values()
    assert re.match(rf"::warning file=site/a b\.html,line=\d+,col=\d+,title={FINDING}::", lint.stdout)
    assert lint.returncode == 1


def test_the_action_takes_several_paths_and_writes_sarif(ready: Path) -> None:
    (ready / "more").mkdir()
    [lint] = _run_action(
        ready, {"Set up"}, paths="site\nmore ", sync="false", verify="false", **{"lint-format": "sarif"}
    ).values()
    assert lint.returncode == 6  # the folder without pages is named
    assert "more" in lint.stderr
    assert FINDING in (ready / "snippetkit.sarif").read_text("utf-8")


def test_the_action_holds_pages_against_what_is_declared(ready: Path) -> None:
    given = {"paths": "site", "verify": "false", "sync": "true"}
    assert _run_action(ready, {"Set up", "Lint"}, **given)["Sync"].returncode == 0
    rule = '[{ page = "/*.html", pixel = "1000000000000001", value = 5, currency = "EUR" }]'
    (ready / "snippetkit.toml").write_text(
        f'[code]\nkind = "fbq"\nevent = "Lead"\n[[sites]]\npaths = ["site"]\nrules = {rule}\n'
    )
    declared = _run_action(ready, {"Set up", "Lint"}, **given)["Sync"]
    assert (declared.returncode, "would be inserted: site/a b.html" in declared.stderr) == (1, True), declared.stderr


def test_what_stands_in_an_input_is_no_command(ready: Path) -> None:
    [lint] = _run_action(ready, {"Set up"}, paths="$(touch broken);--json", sync="false", verify="false").values()
    assert lint.returncode == 6
    assert not (ready / "broken").exists()


@pytest.mark.browser
def test_the_action_sees_in_a_browser_what_fires(ready: Path) -> None:
    done = _run_action(ready, {"Set up"}, paths="site")
    assert done["Verify"].returncode == 0, done["Verify"].stderr
    suite = ET.parse(ready / "snippetkit-junit.xml").getroot()
    assert [case.get("name") for case in suite.iter("testcase")]
    assert not [*suite.iter("failure")]


@pytest.mark.formatters
def test_the_action_sets_itself_up(site: Path) -> None:
    done = _run_action(site, {"Verify"}, paths="site")
    assert done["Set up"].returncode == 0, done["Set up"].stderr
    assert FINDING in done["Lint"].stdout


def test_the_page_tells_each_input_and_uses_no_other() -> None:
    [workflow] = [text for name, text in YAML.items() if name.startswith("# .github/")]
    [ours] = [step for step in workflow["jobs"]["conversion-code"]["steps"] if "snippetkit" in step["uses"]]
    assert ours["with"].keys() <= ACTION["inputs"].keys()
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGES["ci.md"].partition("| input |")[2], re.MULTILINE) == [
        *ACTION["inputs"]
    ]


@pytest.mark.browser
def test_what_gitlab_runs(site: Path) -> None:
    _make_right(site)
    script = YAML["# .gitlab-ci.yml"]["conversion-code"]["script"]
    ours = [line for line in script if line.startswith("snippetkit ")]
    assert len(ours) == len(script) - 2  # the other two install
    subprocess.run(["bash", "-euc", "\n".join(ours)], cwd=site, env=_environment(), check=True)
    assert ET.parse(site / "junit.xml").getroot().tag == "testsuite"


@pytest.mark.browser
@pytest.mark.make
def test_what_make_runs(site: Path) -> None:
    [text] = blocks(PAGES["ci.md"], "make")
    (site / "Makefile").write_text(text)
    before = subprocess.run(["make", "check-code"], cwd=site, env=_environment(), capture_output=True, text=True)
    assert FINDING in before.stdout
    assert before.returncode == 2
    _make_right(site)
    subprocess.run(["make", "check-code"], cwd=site, env=_environment(), check=True)


def _make_right(site: Path) -> None:
    page = site / "site" / "a b.html"
    page.write_text(page.read_text().replace("<img ", '<img alt="" '))


@pytest.mark.formatters
def test_pre_commit_runs_each_hook_of_the_page(site: Path, pytestconfig: pytest.Config, tmp_path: Path) -> None:
    """From a repository made of what is here, since beside the built wheel there is none."""
    hooks = tmp_path / "hooks"
    ignored = shutil.ignore_patterns(".git", "__pycache__", ".venv*", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, hooks, ignore=ignored)
    for repository in (hooks, site):
        _git(repository, "init", "-q", "-b", "main")
        _git(repository, "add", "-A")
        _git(repository, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "-m", "x")
    config = YAML["# .pre-commit-config.yaml"]
    _git(hooks, "tag", config["repos"][0]["rev"])
    config["repos"][0]["repo"] = str(hooks)
    assert [hook["id"] for hook in config["repos"][0]["hooks"]] == [hook["id"] for hook in HOOKS]
    (site / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    python = environment(cache_folder(pytestconfig), "pre-commit==4.7.0")
    known = _environment(PRE_COMMIT_HOME=str(tmp_path / "home"))
    run = [python, "-m", "pre_commit", "run", "--all-files"]
    before = subprocess.run(run, cwd=site, env=known, capture_output=True, text=True)
    assert before.returncode == 1, before.stdout + before.stderr
    assert f"site/a b.html:16:11: warning {FINDING}" in before.stdout
    _make_right(site)
    after = subprocess.run(run, cwd=site, env=known, capture_output=True, text=True)
    assert after.returncode == 0, after.stdout + after.stderr


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", folder, *arguments], check=True)
