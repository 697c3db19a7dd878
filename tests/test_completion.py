"""What a shell completes: in each of the three that there is a script for, and what it is that they are given."""

from __future__ import annotations

import os
import pty
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import click
import pytest

from snippetkit import exports, platforms, templating, work
from snippetkit.cli import COMPLETION_VARIABLE
from snippetkit.cli._paths import File
from snippetkit.terms import Kind, Match
from tests.conftest import ACCOUNT, JS_PIXEL, PIXEL_ID, Run
from tests.test_cli_options import COMMANDS

SHELLS = ("bash", "zsh", "fish")
SITES = "".join(f'[[sites]]\nname = "{name}"\npaths = ["site"]\n' for name in ("de-shop", "en-shop"))
# In the place of snippetkit: where no shell asks it, it notes what it was told, an argument a line.
_PROGRAM = f"""#!/bin/sh
[ -n "${COMPLETION_VARIABLE}" ] || [ "$1" = completion ] && exec "{sys.executable}" -m snippetkit "$@"
printf '%s\\n' "$@" > told.new && mv told.new told
"""


@pytest.fixture
def complete(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What completes a line, one a line, as bash is given it; the last word is the incomplete one."""

    def complete(line: str) -> list[str]:
        monkeypatch.setenv(COMPLETION_VARIABLE, "bash_complete")
        monkeypatch.setenv("COMP_LINE", f"snippetkit {line}")
        ran = run()
        assert (ran.code, ran.err) == (0, "")
        return ran.out.split()

    return complete  # type: ignore[return-value]


@pytest.fixture
def pixels(sandbox_run: Run) -> None:
    """A conversion pixel, and a Meta Pixel, in the embedded API."""
    sandbox_run("pixels", "create", "--name", "Site", "--kind", "meta", "--account", ACCOUNT)


def _plain(names: object) -> list[str]:
    return [f"plain,{name}" for name in names]  # type: ignore[attr-defined]


def test_commands_options_formats_and_kinds(complete: Run) -> None:
    assert complete("lint-") == ["plain,lint-container"]
    assert complete("--ver") == ["plain,--version"]
    assert complete("pixels li") == ["plain,list"]
    assert complete("lint --sum") == ["plain,--summary"]
    assert complete("export ") == _plain(exports.names())
    assert complete("lint x --format js") == ["plain,json"]
    assert complete("inject x --kind ") == _plain([*Kind, *work.kinds()])
    assert complete("inject x --kind=met") == ["plain,meta"]
    assert complete("inject x --kind meta --event Purc") == ["plain,Purchase"]
    assert complete("inject x --kind ttq --event CompleteP") == ["plain,CompletePayment"]
    assert complete("snippet --from-file x --server-values ph") == ["plain,php"]


def test_templates_and_those_of_a_folder(complete: Run) -> None:
    Path("own/inject").mkdir(parents=True)
    Path("own/inject/mine.html.j2").write_text("{# Mine. #}{{ snippet.source }}")
    shipped = [found.name for found in templating.list_templates()]
    for command in ("inject x --template ", "snippet --template ", "templates show "):
        assert complete(command) == _plain(shipped)
    assert complete("inject x --templates-dir own --template mi") == ["plain,mine"]
    assert complete("inject x --template ./my") == ["file,./my"]


@pytest.mark.parametrize("command", ["snippet ", "inject x --pixel ", "remove x --pixel=", "ads specs --track "])
@pytest.mark.usefixtures("pixels")
def test_the_pixels_of_the_embedded_api(complete: Run, command: str) -> None:
    given = complete(command)
    assert given[0] == f"plain,{PIXEL_ID}"
    assert complete(f"{command}{PIXEL_ID[:4]}") == [f"plain,{PIXEL_ID}"]
    assert complete(f"{command}7") == []


@pytest.mark.usefixtures("pixels")
def test_those_of_the_kind_that_is_asked_for(complete: Run) -> None:
    conversion, meta = complete("snippet --kind conversion "), complete("snippet --kind meta ")
    assert (conversion, len(meta), meta != conversion) == ([f"plain,{PIXEL_ID}"], 1, True)
    assert complete("snippet --kind ttq ") == []
    assert complete("pixels show --kind meta ") == meta
    assert complete("pixels list --account ") == [f"plain,{ACCOUNT}"]


@pytest.mark.usefixtures("pixels")
def test_an_api_that_the_line_names_comes_first(complete: Run) -> None:
    assert complete("snippet --api-url sandbox:none.db ") == []
    assert not Path("none.db").exists()
    Path("no.db").write_text("no database")
    assert complete("snippet --api-url sandbox:no.db ") == []
    assert Path("no.db").read_text() == "no database"
    assert complete("snippet --api-url https://graph.example ") == []
    assert complete("snippet --api-url sandbox: ") != []


@pytest.mark.usefixtures("pixels")
def test_what_a_project_file_says_counts(complete: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNIPPETKIT_API_URL")
    Path("own/inject").mkdir(parents=True)
    Path("own/inject/mine.html.j2").write_text("{# Mine. #}{{ snippet.source }}")
    assert complete("snippet ") == []
    Path("snippetkit.toml").write_text("templates_dir = 'own'\n[api]\nurl = 'sandbox:'\n")
    assert f"plain,{PIXEL_ID}" in complete("snippet ")
    assert complete("inject x --template mi") == ["plain,mine"]
    Path("snippetkit.toml").write_text("nonsense = 1\n")
    assert complete("snippet ") == []


_KINDS = {**dict.fromkeys(("FILE", "FILE|-", "PATH", "A", "B", "DEST"), "file"), "DIR": "dir"}
_BEFORE = {"B": "A", "[DEST]": "NAME"}
_OF_PAGES = {f"page_{match}" for match in Match}  # paths in a URL
PARAMS = [
    pytest.param(" ".join(path), param, id=f"{' '.join(path)} {param.opts[0]}")
    for path, command in COMMANDS
    for param in command.params
    if not (isinstance(param, click.Option) and (param.is_flag or param.count))
]


@pytest.mark.parametrize(("command", "param"), PARAMS)
def test_files_and_folders_are_left_to_the_shell(complete: Run, command: str, param: click.Parameter) -> None:
    kind = _KINDS.get((param.metavar or "").strip("[].")) if param.name not in _OF_PAGES else None
    if kind:
        before = _BEFORE.get(param.metavar or "", "") if isinstance(param, click.Argument) else param.opts[0]
        assert complete(f"{command} {before} si") == [f"{kind},si"]
    else:
        assert not isinstance(param.type, File)


@pytest.mark.wide
@pytest.mark.parametrize(("command", "param"), PARAMS)
def test_nothing_is_asked_over_the_network_and_no_token_is_read(
    complete: Run, monkeypatch: pytest.MonkeyPatch, command: str, param: click.Parameter
) -> None:
    """The token is in a pipe that nobody writes to: whoever opens it waits for ever, and here raises an error."""
    os.mkfifo("token")
    asked: list[object] = []
    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: asked.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **more: asked.append(arguments))
    monkeypatch.setattr("snippetkit.cli._api._read_token", opened.append)
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", "secret-token")
    monkeypatch.setenv("SNIPPETKIT_API_URL", "https://graph.example")
    has_token = "--access-token-file token " if command in {"snippet", "inject", "export gtm", "pixels list"} else ""
    given = complete(f"{command} {has_token}{param.opts[0] + ' ' if isinstance(param, click.Option) else ''}")
    assert (asked, opened) == ([], [])
    assert "secret" not in "".join(given)


def test_the_sites_of_the_project_file(complete: Run) -> None:
    assert complete("sync --site ") == []
    Path("snippetkit.toml").write_text(SITES)
    assert complete("sync --site ") == ["plain,de-shop", "plain,en-shop"]
    assert complete("sync --site de") == ["plain,de-shop"]
    Path("snippetkit.toml").rename("other.toml")
    assert complete("--config other.toml sync --site e") == ["plain,en-shop"]
    Path("other.toml").write_text("sites = 1")
    assert complete("--config other.toml sync --site e") == []


def test_a_defect_is_not_told_into_the_line_that_is_typed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setenv(COMPLETION_VARIABLE, "bash_complete")
    monkeypatch.setenv("COMP_LINE", "snippetkit inject x --kind ")
    monkeypatch.setattr(platforms, "every", fail)
    monkeypatch.setattr(work, "kinds", fail)
    ran = run()
    assert (ran.code, ran.out, ran.err) == (1, "", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_printed(run: Run, shell: str) -> None:
    ran = run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"{COMPLETION_VARIABLE}={shell}_complete" in ran.out
    assert run("completion", "csh").code == 2


@pytest.fixture
def site(tmp_path: Path) -> dict[str, str]:
    """A folder to complete in, and an environment in which snippetkit is a command."""
    Path("site").mkdir()
    Path("site/thanks.html").write_text(JS_PIXEL)
    Path("site/my page.html").write_text(JS_PIXEL)
    Path("mail.html").write_text(JS_PIXEL)
    Path("snippetkit.toml").write_text(SITES)
    program = tmp_path / "bin/snippetkit"
    program.parent.mkdir()
    program.write_text(_PROGRAM)
    program.chmod(0o755)
    Path("rc.bash").write_text('PS1="ready> "\neval "$(snippetkit completion bash)"\n')
    Path(".zshrc").write_text('PS1="ready> "\nautoload -U compinit\ncompinit -u\neval "$(snippetkit completion zsh)"\n')
    Path("rc.fish").write_text("function fish_prompt; echo -n 'ready> '; end\nsnippetkit completion fish | source\n")
    package = str(Path(work.__file__).parents[2])
    return {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": package,
        "ZDOTDIR": str(Path.cwd()),
        "HOME": str(Path.cwd()),
        "TERM": "xterm",
        "SNIPPETKIT_API_URL": "sandbox:",
    }


_START = {
    "bash": ["bash", "--noprofile", "--rcfile", "rc.bash", "-i"],
    "zsh": ["zsh", "-i"],
    "fish": ["fish", "--no-config", "--init-command", "source rc.fish", "-i"],
}
_TAKES_THE_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
TYPED = [
    ("lint-", ["lint-container"]),
    ("lint si", ["lint", "site"]),
    ("lint site/th", ["lint", "site/thanks.html"]),
    ("export mato", ["export", "matomo"]),
    ("inject site --kind met", ["inject", "site", "--kind", "meta"]),
    ("inject site --from-file mai", ["inject", "site", "--from-file", "mail.html"]),
    ("inject site --template noscr", ["inject", "site", "--template", "noscript-only"]),
    ("snippet 6009", ["snippet", PIXEL_ID]),
    ("snippet --api-url sandbox: 6009", ["snippet", "--api-url", "sandbox:", PIXEL_ID]),
    ("sync --site de-", ["sync", "--site", "de-shop"]),
    ("remove site --backup si", ["remove", "site", "--backup", "site"]),
    ("inject site --kind=met", ["inject", "site", "--kind=meta"]),
    ("inject site --from-file=mai", ["inject", "site", "--from-file=mail.html"]),
    ("remove site --backup=si", ["remove", "site", "--backup=site"]),
    (
        "snippet --api-url=sandbox: --kind=conversion 6009",
        ["snippet", "--api-url=sandbox:", "--kind=conversion", PIXEL_ID],
    ),
    ("remove site --pixel=6009", ["remove", "site", f"--pixel={PIXEL_ID}"]),
    ("lint -- site/th", ["lint", "--", "site/thanks.html"]),
    ("lint 'site/my", ["lint", "site/my page.html"]),
    ("lint site/my", ["lint", "site/my page.html"]),
]


BEFORE = [("", shell) for shell in SHELLS]
ELSEWHERE = [("true && ", shell) for shell in SHELLS] + [("LANG=C true; LANG=C ", "bash")]
_TRIED = (TYPED[2], TYPED[7], TYPED[12])  # by each shell every time
_ROWS = [
    pytest.param(*typed, *before, marks=[] if typed in _TRIED and before in BEFORE else pytest.mark.wide)
    for typed, before in [*product(TYPED, BEFORE), *product(TYPED[2:3], ELSEWHERE)]
]


@pytest.mark.shells
@pytest.mark.usefixtures("pixels")
@pytest.mark.parametrize(("typed", "told", "before", "shell"), _ROWS)
def test_a_real_shell_completes(site: dict[str, str], shell: str, before: str, typed: str, told: list[str]) -> None:
    with _shell(shell, site) as terminal:
        _read_until(terminal, b"ready> ")
        os.write(terminal, f"{before}snippetkit {typed}\t\n".encode())
        _read_until(terminal, b"ready> ", lambda: Path("told").exists())
    given = Path("told").read_text().splitlines()
    assert [argument.rstrip("/") for argument in given] == told  # zsh takes a slash away again


@contextmanager
def _shell(shell: str, environment: dict[str, str]) -> Iterator[int]:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _TAKES_THE_TERMINAL, *_START[shell]]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        try:
            yield ours
        finally:
            process.kill()
            os.close(ours)


def _read_until(terminal: int, text: bytes, is_done: Callable[[], bool] = lambda: True) -> None:
    drawn = b""
    while text not in drawn or not is_done():
        more = os.read(terminal, 65536)
        assert more, drawn
        drawn += more
