"""Options that are lost silently: given twice, empty, or without the option that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from snippetkit.cli import root
from snippetkit.cli._command import Command
from tests.conftest import JS_PIXEL, PIXEL_ID, Run


def _commands(group: click.Group = root, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command
            if isinstance(command, click.Group):
                yield from _commands(command, (*path, name))
            else:
                yield (*path, name), command


COMMANDS = list(_commands())
BY_NAME = pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])


def _is_text(param: click.Parameter) -> bool:
    return not (isinstance(param, click.Option) and (param.is_flag or param.count))


def test_every_command_is_of_the_kind_that_loses_no_option() -> None:
    assert len(COMMANDS) > 25
    assert [path for path, command in COMMANDS if not isinstance(command, Command)] == []


@BY_NAME
def test_an_option_that_counts_once_complains_when_it_comes_twice(
    run: Run, path: tuple[str, ...], command: click.Command
) -> None:
    once = [p for p in command.params if isinstance(p, click.Option) and _is_text(p) and not p.multiple]
    for option, other in [(option, p.opts[-1]) for p in once for option in p.opts]:
        ran = run(*path, option, "1", other, "1")
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert ran.err.endswith(" can be given only once, not 2 times; give it once\n")
        assert option in ran.err


@BY_NAME
def test_an_option_that_goes_in_front_of_the_command_is_told_as_such(
    run: Run, path: tuple[str, ...], command: click.Command
) -> None:
    for option, shown in (("--config", "--config FILE"), ("--no-config", "--no-config")):
        ran = run(*path, option)
        told = f"Error: {option} goes in front of the command: snippetkit {shown} {' '.join(path)}\n"
        assert (ran.code, ran.out, ran.err.endswith(told)) == (2, "", True), ran.err


@pytest.mark.parametrize("option", ["--dry-run", "-n"])
@pytest.mark.parametrize("command", ["inject", "sync", "export"])
def test_an_option_of_other_tools_is_told_as_ours(run: Run, command: str, option: str) -> None:
    ran = run(command, option)
    assert (ran.code, ran.err.endswith(f"Error: No such option '{option}': it is called --check here.\n")) == (2, True)


@pytest.mark.parametrize(
    ("option", "name"),
    [(["-o", "a.json"], "-o"), (["."], "folder"), (["--force"], "--force"), (["--from-file", "a"], "--from-file")],
)
def test_a_schema_that_is_printed_loses_no_option(run: Run, option: list[str], name: str) -> None:
    ran = run("init", "--schema", *option)
    assert (ran.code, ran.out) == (2, "")
    assert f"{name} cannot be used with --schema, which only prints." in ran.err


@BY_NAME
def test_an_empty_text_is_refused(run: Run, path: tuple[str, ...], command: click.Command) -> None:
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    for param in filter(_is_text, command.params):
        before = ["1"] * arguments.index(param) if isinstance(param, click.Argument) else [param.opts[0]]
        ran = run(*path, *before, "")
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert ran.err.endswith(" is empty; leave it out, or give it a value\n")


def test_a_flag_may_say_the_same_again_and_one_with_an_opposite_may_not(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command(cls=Command)
    @click.option("--on/--off", default=False)
    @click.option("--loud", is_flag=True)
    @click.option("-w", count=True)
    def command(on: bool, loud: bool, w: int) -> None:
        click.echo(f"{on} {loud} {w}")

    monkeypatch.setattr("snippetkit.cli.root", command)
    assert run("--on", "--loud", "--loud", "-ww", "-w").out == "True True 3\n"
    for twice in (["--on", "--off"], ["--off", "--off"]):
        assert run(*twice).err == "error: --on can be given only once, not 2 times; give it once\n"


@pytest.mark.parametrize("option", ["--include", "--exclude"])
@pytest.mark.parametrize("globs", [",", "*.html,", " ", ",*.php", "a,,b"])
def test_a_pattern_between_commas_is_not_empty(run: Run, option: str, globs: str) -> None:
    ran = run("status", ".", option, globs)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: {option} has an empty pattern; give one such as '*.html'; separate several with commas\n"


LOOKING = [
    ["inject", "--from-file", "code.html"],
    ["inject", "--from-file", "code.html", "--check"],
    ["remove"],
    ["remove", "--check"],
    ["remove", "--check", "--json"],
    ["lint"],
    ["csp"],
    ["status"],
    ["inspect"],
    pytest.param(["verify"], marks=pytest.mark.browser),
    pytest.param(["report"], marks=pytest.mark.browser),
]


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("empty", "no matching files; --include says which are taken"),
        ("texts", "no matching files; --include says which are taken"),
        ("none/*.html", "nothing matches this pattern"),
        ("gone.html", "No such file or directory"),
    ],
)
def test_where_there_is_nothing_to_look_at_that_is_a_failure(
    run: Run, command: list[str], path: str, reason: str
) -> None:
    Path("code.html").write_text(JS_PIXEL)
    Path("empty").mkdir()
    Path("texts").mkdir()
    Path("texts/x.txt").write_text("x")
    ran = run(*command, path)
    assert ran.code == 6
    assert reason in (ran.out if "--json" in command else ran.err)


FILE = ["--from-file", "code.html"]
PIXEL = ["--pixel", PIXEL_ID]
LOST = [
    (["inject", "x", *PIXEL, "--allow-host", "cdn.example.com"], "--allow-host needs --from-file."),
    (["inject", "x", *PIXEL, "--allow", "consent:grant"], "--allow needs --from-file."),
    (["inject", "x", *FILE, "--kind", "meta"], "--kind cannot be used with --from-file, which asks no API."),
    (["inject", "x", *FILE, "--api-url", "sandbox:"], "--api-url cannot be used with --from-file"),
    (["export", "gtm", *FILE, "--access-token-file", "t"], "--access-token-file cannot be used with --from-file"),
    (["export", "gtm", *FILE, "--api-version", "none"], "--api-version cannot be used with --from-file"),
    (["snippet", *FILE, "--offline"], "--offline cannot be used with --from-file"),
    (["snippet", *FILE, "--no-cache", "--token-in", "query"], "cannot be used with --from-file"),
    (["snippet", *FILE, "--all"], "--all cannot be used with --from-file"),
    (["snippet", *FILE, "--via", "js_pixel"], "--via cannot be used with --from-file"),
    (["inject", "x", *FILE, "--currency", "USD"], "--currency needs --value or --amount."),
    (["inject", "x", *FILE, "--set", "a=b"], "--set needs --template."),
    (["inject", "x", *FILE, "--template", "clean", "--set", "a=b"], "the template has no variable a"),
    (["inject", "x", *FILE, "--template", "noscript-only", "--nonce", "x"], "the template has no variable nonce"),
    (["inject", "x", *FILE, "--template", "nonce", "--set", "nonce=a", "--set", "nonce=b"], "--set gives two"),
    (["inject", "x", *FILE, "--browser", "b"], "--browser needs --verify."),
    (["inject", "x", *FILE, "--verify", "--check"], "--verify cannot be used with '-', --check or --diff"),
    (["inject", "-", *FILE, "--jobs", "2"], "--jobs cannot be used with '-', only with files."),
    (["inject", "-", *FILE, "--fsync"], "--fsync cannot be used with '-'"),
    (["inject", "-", *FILE, "--json"], "--json cannot be used with '-'"),
    (["remove", "-", "--backup", "old"], "--backup cannot be used with '-'"),
    (["remove", "-", "x"], "'-' cannot be combined with another PATH."),
    (["export", "gtm", *PIXEL, "--browser", "b"], "--browser needs --verify."),
    (["export", "gtm", *PIXEL, "--force"], "--force needs --value or --amount."),
    (["export", "gtm", *PIXEL, "--value-key", "v"], "--value-key, --currency-key and --order-key need --on-event."),
    (["export", "gtm", *PIXEL, "--on-event", "e", "--page-host", "h"], "or --on-event: a tag fires on one"),
    (["export", "gtm", *PIXEL, "--all-pages", "--page-host", "h"], "--all-pages already covers what"),
    (["export", "gtm", *PIXEL, "--page-host", "h", "--ignore-case"], "--ignore-case needs a page's path or URL."),
    (["export", "gtm", *PIXEL, "--on-conflict", "rename"], "--on-conflict needs --into."),
    (["export", "gtm", *PIXEL, "--format", "html"], "--format can only be used with a bundle."),
    (["snippet", PIXEL_ID, "--account", "1"], "--account needs --all."),
    (["snippet", PIXEL_ID, "--templates-dir", "d"], "--templates-dir needs --template."),
    (["snippet", PIXEL_ID, "--template", "clean", "--variant", "script"], "--variant cannot be used with --template"),
    (["snippet", PIXEL_ID, "--force"], "--force needs --value or --amount."),
    (["snippet", "--from-file", "code.html", "--event", "Lead"], "--event needs --value or --amount."),
    (["inject", "x", "--from-file", "code.html", "--event", "Lead"], "--event needs --value or --amount."),
    (["export", "gtm", "--from-file", "code.html", "--event", "Lead"], "--event needs --value or --amount."),
    (["snippet", PIXEL_ID, "--value", "5", "--event", "Lead"], "--event needs a --kind that has events, such as meta,"),
    (["snippet", PIXEL_ID, "--kind", "meta", "--event-id", "1"], "--event-id needs --event."),
    (["snippet", PIXEL_ID, "1", "--kind", "meta", "--event", "Lead"], "--event takes one PIXEL."),
    (["snippet", "--from-file", "code.html", "--event", "x", "--event-id", "1"], "--event-id cannot be used with"),
    (["snippet", PIXEL_ID, "1", "--value", "5", "--currency", "USD"], "--currency takes one PIXEL."),
    (["lint", "x", "--format", "sarif", "--json"], "--format and --json cannot be used together."),
    (["status", "x", "--format", "csv", "--json"], "--format and --json cannot be used together"),
    (["verify", "x", "--format", "junit", "--json"], "--format and --json cannot be used together"),
    (["verify", "x", "--data", "{}"], "--data needs --event."),
    (["verify", "x", "--no-js", "--event", "e"], "--event cannot be used with --no-js"),
    (["verify", "x", "--no-js", "--both"], "--no-js and --both cannot be used together."),
    (["verify", "x", "--expect", "pixel=1,pixel=2"], "--expect 'pixel=1,pixel=2' gives two values for pixel"),
    (["verify", "http://127.0.0.1/x", "--csp", "default-src 'self'"], "--csp is for files"),
    (["report", "http://127.0.0.1/x", "--csp", "default-src 'self'"], "--csp is for files"),
    (["migrate", "code.html", *PIXEL, "--event", "Lead", "--map", "LEAD=Lead"], "--map cannot be used with --event"),
    (["migrate", "code.html", *PIXEL, "--tag", "LEAD", "--map", "LEAD=A", "--map", "lead=B"], "--map gives two"),
    (["templates", "copy", "clean", "c.j2", "--templates-dir", "d"], "--templates-dir cannot be used with DEST"),
]  # fmt: skip


@pytest.mark.wide
@pytest.mark.parametrize(("arguments", "reason"), LOST, ids=[" ".join(arguments) for arguments, _ in LOST])
def test_an_option_that_would_be_lost_in_this_company_is_refused(
    sandbox_run: Run, arguments: list[str], reason: str
) -> None:
    Path("code.html").write_text(JS_PIXEL)
    Path("x").mkdir()
    Path("x/page.html").write_text("<head></head><body>")
    ran = sandbox_run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err
    assert Path("x/page.html").read_text() == "<head></head><body>"


@pytest.mark.parametrize("arguments", [["lint", "x"], ["status", "x"]], ids=" ".join)
def test_json_and_the_format_json_are_the_same(run: Run, arguments: list[str]) -> None:
    Path("x").write_text(JS_PIXEL)
    assert run(*arguments, "--json", "--format", "json") == run(*arguments, "--json")


def test_settings_of_the_environment_are_no_options_that_are_lost(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACCOUNT", "API_URL", "API_VERSION", "BROWSER", "TEMPLATES_DIR"):
        monkeypatch.setenv(f"SNIPPETKIT_{name}", {"API_URL": "sandbox:x.db", "API_VERSION": "none"}.get(name, "1"))
    Path("code.html").write_text(JS_PIXEL)
    Path("page.html").write_text("<head></head><body>")
    assert run("snippet", *FILE).code == 0
    monkeypatch.delenv("SNIPPETKIT_TEMPLATES_DIR")
    assert run("inject", "page.html", *FILE).code == 0
    assert run("export", "gtm", *FILE).code == 0


BAD = {
    "evil.html": f"<script>{JS_PIXEL.split('>', 3)[2]}fetch('https://evil.example')</script>",
    "none.html": "<p>no code",
    "two.html": f"{JS_PIXEL}{JS_PIXEL.replace(PIXEL_ID, '6009125095681')}",
    "broken.html": JS_PIXEL.replace("var fb_param = {};", "var fb_param = {;"),
}


@pytest.mark.parametrize("how", [["--check"], ["--check", "--json"], ["--check", "--diff"], []], ids=" ".join)
@pytest.mark.parametrize("name", BAD)
def test_code_that_cannot_be_used_is_never_taken_for_a_page_that_would_change(
    run: Run, name: str, how: list[str]
) -> None:
    Path("page.html").write_text("<head></head><body>")
    Path(name).write_text(BAD[name])
    ran = run("inject", "page.html", "--from-file", name, *how)
    assert (ran.code, ran.out, ran.err[:7]) == (6, "", "error: ")
    Path("rules.csv").write_text(f"page,pixel\n/page.html,{PIXEL_ID}")
    if name != "two.html":
        assert run("inject", "page.html", "--pages", "rules.csv", "--from-file", name, *how).code == 6
