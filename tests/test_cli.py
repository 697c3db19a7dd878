"""The command line as a whole: help, exit codes, streams, and what is loaded when."""

from __future__ import annotations

import hmac
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click
import pytest
import requests

from snippetkit import __version__
from snippetkit.cli import EXIT_CODES, root
from snippetkit.errors import AnsweredError, SnippetkitError
from snippetkit.terms import API_VERSION
from tests.apis import CANARY, SECRET
from tests.conftest import ACCOUNT, JS_PIXEL, PIXEL_ID, Run
from tests.processes import started
from tests.screens import read_rest

META_ID = "1000000000000001"
AD = ["--campaign", "1", "--creative", "2", "--name", "x", "--targeting", "{'countries':['US']}"]
SNIPPETKIT = [sys.executable, "-m", "snippetkit"]


def test_help_lists_every_command_and_loads_no_library_that_a_command_may_need() -> None:
    code = (
        "import sys\nfrom snippetkit.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print(sorted({'requests', 'jinja2', 'bs4', 'werkzeug', 'tree_sitter', 'sqlite3'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.endswith("[]\n")
    for name in ("ads", "demo", "export", "inject", "pixels", "remove", "sandbox", "snippet"):
        assert f"\n  {name} " in out


def test_version_and_usage_errors(run: Run) -> None:
    assert run("--version").out == f"snippetkit {__version__}\n"
    assert run().code == 2
    unknown = run("nothing")
    assert (unknown.code, unknown.out) == (2, "")
    assert "No such command 'nothing'" in unknown.err


def _kinds(error: type[SnippetkitError]) -> set[type[SnippetkitError]]:
    return {kind for child in error.__subclasses__() for kind in {child, *_kinds(child)}}


def test_every_error_has_an_exit_code() -> None:
    without = [kind for kind in _kinds(SnippetkitError) - {AnsweredError} if not EXIT_CODES.keys() & {*kind.__mro__}]
    assert without == []


def test_without_a_token_the_live_api_is_one_line_on_how_to_get_going(run: Run) -> None:
    ran = run("pixels", "list", "--account", ACCOUNT)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        "error: no access token for https://graph.facebook.com; set SNIPPETKIT_ACCESS_TOKEN "
        "(from https://developers.facebook.com/tools/explorer/), or try it all without an account: --api-url sandbox:\n"
    )


@pytest.mark.parametrize("option", ["--access-token-file", "--token-file"])
def test_the_token_comes_from_a_file_or_stdin_or_the_environment(
    run: Run, sandbox_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, option: str
) -> None:
    command = ["pixels", "list", "--account", ACCOUNT, "--api-url", sandbox_url]
    (tmp_path / "token").write_text(f"{CANARY}\n")
    assert run(*command, option, tmp_path / "token").code == 0
    done = subprocess.run([*SNIPPETKIT, *command, option, "-"], input=CANARY, text=True, capture_output=True)
    assert done.returncode == 0
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", CANARY)
    assert run(*command).code == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "no access token"), (b"a b", "a character that no token has|another character"), (b"\xff", "not text")],
)
def test_a_file_without_a_token_is_refused(run: Run, tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "token").write_bytes(content)
    ran = run("pixels", "list", "--account", ACCOUNT, "--token-file", tmp_path / "token")
    assert ran.code == 3
    assert any(text in ran.err for text in reason.split("|"))
    assert run("pixels", "list", "--account", ACCOUNT, "--token-file", tmp_path / "none").code == 3


@pytest.mark.parametrize("how", [[], ["--token-in", "query"], ["--api-version", "none", "--no-cache"]])
def test_no_secret_is_in_any_output_or_file(
    run: Run,
    sandbox_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    how: list[str],
) -> None:
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", CANARY)
    monkeypatch.setenv("SNIPPETKIT_APP_SECRET", SECRET)
    monkeypatch.setenv("SNIPPETKIT_ACCOUNT", ACCOUNT)
    monkeypatch.setenv("SNIPPETKIT_API_URL", sandbox_url)
    Path("page.html").write_text("<head></head><body>")
    commands = [
        ("pixels", "create", "--name", "x"),
        ("pixels", "create", "--name", "x"),
        ("pixels", "list"),
        ("pixels", "show", PIXEL_ID),
        ("pixels", "show", "1"),
        ("snippet", PIXEL_ID),
        ("snippet", PIXEL_ID, "--via", "snippets"),
        ("pixels", "accounts", PIXEL_ID),
        ("pixels", "authorize", PIXEL_ID, "1"),
        ("pixels", "deauthorize", PIXEL_ID, "1"),
        ("pixels", "deauthorize", PIXEL_ID, ACCOUNT),
        ("pixels", "update", PIXEL_ID, "--name", "y"),
        ("pixels", "update", PIXEL_ID, "--name", ""),
        ("pixels", "delete", "1", "--yes"),
        ("inject", "page.html", "--pixel", PIXEL_ID, "--diff"),
        ("inject", "page.html", "--pixel", PIXEL_ID),
        ("export", "gtm", "--pixel", PIXEL_ID, "-o", "gtm.json"),
        ("snippet", PIXEL_ID, "1"),
        ("snippet", "--all"),
        ("ads", "create", *AD, "--bid-type", "1", "--max-bid", "5", "--track", PIXEL_ID),
        ("ads", "create", *AD, "--bid-type", "1"),
        ("ads", "specs", "--track", PIXEL_ID),
        ("pixels", "create", "--kind", "meta", "--name", "x"),
        ("pixels", "create", "--kind", "meta", "--name", "x"),
        ("pixels", "list", "--kind", "meta"),
        ("snippet", META_ID, "--kind", "meta"),
        ("pixels", "authorize", META_ID, "1", "--kind", "meta", "--business", "2"),
        ("pixels", "create-conversion", META_ID, "--name", "x", "--rule", '{"URL":{"eq":"x"}}'),
        ("pixels", "list", "--api-url", "https://127.0.0.1:1"),
        ("pixels", "list", "--api-url", f"{sandbox_url}/nothing"),
        ("pixels", "list", "--offline"),
    ]
    proof = hmac.new(SECRET.encode(), CANARY.encode(), "sha256").hexdigest()
    for command in commands:
        ran = run(*command, *how, "-vvv")
        assert not [secret for secret in (CANARY, SECRET, proof) if secret in ran.out + ran.err], command
    folders = [Path(), tmp_path, *(Path(os.environ[f"XDG_{name}_HOME"]) for name in ("CACHE", "CONFIG"))]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"page.html", "gtm.json", "sandbox.db"}
    secrets = [secret.encode() for secret in (CANARY, SECRET, proof)]
    assert not [path for path in files for secret in secrets if secret in path.read_bytes()]


def test_verbose_names_each_request(sandbox_run: Run) -> None:
    ran = sandbox_run("pixels", "list", "-v")
    assert ran.err == f"GET https://sandbox.invalid/{API_VERSION}/act_{ACCOUNT}/offsitepixels: HTTP 200\n"
    none = sandbox_run("pixels", "list", "-v", "--api-version", "none")
    assert none.err == f"GET https://sandbox.invalid/act_{ACCOUNT}/offsitepixels: HTTP 200\n"


@pytest.mark.parametrize("version", ["2.3", "v2", "latest", "v2.3/../x"])
def test_a_version_that_is_none_is_refused(sandbox_run: Run, version: str) -> None:
    ran = sandbox_run("pixels", "list", "--api-version", version)
    assert (ran.code, ran.out) == (2, "")
    assert "not a version such as" in ran.err


def test_offline_shows_what_was_asked_before_and_sends_nothing(
    run: Run, sandbox_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", CANARY)
    at_the_sandbox = ["--api-url", sandbox_url, "-v"]
    run("pixels", "create", "--name", "x", "--account", ACCOUNT, *at_the_sandbox)
    online = run("snippet", PIXEL_ID, "--value", "1999", *at_the_sandbox)
    assert "HTTP 200" in online.err
    monkeypatch.delenv("SNIPPETKIT_ACCESS_TOKEN")
    offline = run("snippet", PIXEL_ID, "--value", "1999", *at_the_sandbox, "--offline")
    assert (offline.code, offline.out) == (0, online.out)
    assert "HTTP" not in offline.err
    other = run("snippet", PIXEL_ID, "--value", "500", *at_the_sandbox, "--offline")
    assert (other.code, other.out) == (5, "")
    assert "leave out --offline" in other.err


def test_a_network_error_is_5_and_a_refusal_of_the_api_4(sandbox_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = sandbox_run("pixels", "show", "6009125095999")
    assert (refused.code, refused.out) == (4, "")
    assert refused.err.startswith("error: GET /6009125095999: ")
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", CANARY)
    unreachable = sandbox_run("pixels", "list", "--api-url", "https://127.0.0.1:1")
    assert (unreachable.code, unreachable.out) == (5, "")
    assert unreachable.err.count("\n") == 1


def test_text_from_the_api_cannot_steer_the_terminal(sandbox_run: Run) -> None:
    sandbox_run("pixels", "create", "--name", "a\x1b[31m\x9b\u202eb\nc")
    assert "a\\x1b[31m\\x9b\\u202eb\\nc" in sandbox_run("pixels", "list").out


def test_a_name_that_does_not_fit_the_terminals_encoding_is_shown_escaped(sandbox_run: Run) -> None:
    sandbox_run("pixels", "create", "--name", "é☃")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([*SNIPPETKIT, "pixels", "list"], capture_output=True, env=environment, check=True)
    assert b"\xe9\\u2603\n" in done.stdout


def test_a_folder_that_may_not_be_read_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    Path("closed").mkdir()
    monkeypatch.setattr(Path, "iterdir", refuse)
    ran = run("demo", "closed")
    assert (ran.code, ran.err) == (6, "error: closed: Permission denied\n")


def test_a_terminal_gets_a_newline_behind_the_code(sandbox_run: Run) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [*SNIPPETKIT, "snippet", PIXEL_ID, "--variant", "image"]
    subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, check=True)
    os.close(theirs)
    assert read_rest(ours).endswith(b"&currency=USD\r\n")


def test_a_full_disk_behind_stdout_is_one_line() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run([*SNIPPETKIT, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (6, "error: standard output: No space left on device\n")


def test_a_reader_that_stops_is_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*SNIPPETKIT, "--help"], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


def test_ctrl_c_is_130_and_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "token")
    command = [*SNIPPETKIT, "pixels", "list", "--account", ACCOUNT, "--token-file", str(tmp_path / "token")]
    with started(command) as process:
        writer = _open_once_it_is_read(tmp_path / "token", process)
        out, err = _interrupt(process)
        os.close(writer)
    assert (process.returncode, out, err) == (130, b"", b"\nerror: interrupted\n")


def _interrupt(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Press Ctrl-C as a person does: once more where it fell between two system calls and broke off neither."""
    for _ in range(15):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=2)
    raise AssertionError(process.pid)


def _open_once_it_is_read(fifo: Path, process: subprocess.Popen[bytes]) -> int:
    while process.poll() is None:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.01)
    raise AssertionError(process.communicate())


def test_the_sandbox_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    with started([*SNIPPETKIT, "sandbox", "--port", "0", "--db", str(tmp_path / "new.db")]) as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        assert requests.get(f"{url}/tr?id={PIXEL_ID}", timeout=10).status_code == 200
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    served, how = err.decode().splitlines()
    assert served == f"serving {tmp_path / 'new.db'}"
    assert how.startswith("--api-url takes this URL, ")


def test_the_sandbox_says_when_its_port_is_taken(run: Run, sandbox_url: str) -> None:
    ran = run("sandbox", "--port", sandbox_url.rpartition(":")[2])
    assert ran.code == 2
    assert "cannot be used" in ran.err


def test_every_command_says_what_it_does() -> None:
    for name in root.list_commands(root.make_context("snippetkit", [], resilient_parsing=True)):
        command = root.get_command(root.make_context("snippetkit", [], resilient_parsing=True), name)
        assert command is not None and command.callback is not None
        assert command.help
        module = import_module(command.callback.__module__)
        assert re.fullmatch(rf"`snippetkit {name}`: .{{15,}}\.", (module.__doc__ or "").split("\n")[0])
        assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize(
    "url", ["https://x.example/?access_token={}", "https://a:{}@127.0.0.1:1/", "https://x.example#{}"]
)
def test_a_secret_in_the_apis_url_is_refused_and_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SNIPPETKIT_API_URL", url.format("EAAsecret"))
    ran = run("pixels", "list", "--account", "1")
    assert (ran.code, ran.out, "EAAsecret" in ran.err) == (2, "", False)
    assert "has a user name, a query or a fragment, which is not sent; give a plain URL" in ran.err


@pytest.mark.parametrize("command", [["inject", "--check", "--from-file", "code.html"], ["lint"], ["status"], ["csp"]])
def test_pages_leave_no_cycles_of_objects_behind_for_which_nobody_searches(tmp_path: Path, command: list[str]) -> None:
    code = (
        "import gc, sys\nfrom snippetkit.cli import main\ngc.disable()\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(gc.get_threshold()[0] > 10_000, gc.collect(), file=sys.stderr)"
    )
    Path(tmp_path, "code.html").write_text(JS_PIXEL)
    left = []
    for count in (3, 43):  # with the first ones, modules are loaded
        for number in range(count):
            text = ("<!doctype html><title>x</title>", "<p>refused", f"<!doctype html><title>x</title>{JS_PIXEL}")[
                number % 3
            ]
            Path(tmp_path, f"{number}.html").write_text(text)
        name, *options = command
        pages = [f"{number}.html" for number in range(count)]
        ran = subprocess.run(
            [sys.executable, "-c", code, name, *pages, *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        is_seldom, cycles = ran.stderr.splitlines()[-1].split()
        assert is_seldom == "True", ran.stderr
        left.append(int(cycles))
    assert left[1] < left[0] + 39, left
