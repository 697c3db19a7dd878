"""`--pages`: each rule gets its pixel's code with its value, from the API or a file, or an error names its line."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from snippetkit import cli, lint, snippets
from snippetkit.cli._command import Command
from snippetkit.cli._sheet import PagesFile
from snippetkit.cli._source import Source, pages_options
from snippetkit.model import Snippet
from snippetkit.templating import Template, render_blocks
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.pixels import CODES, META_ID, PURCHASE

SECOND_ID = "6009125095681"
THIRD_ID = "6009125095682"
HEADER = "page,pixel,value,currency\n"
BOTH = JS_PIXEL + JS_PIXEL.replace(PIXEL_ID, SECOND_ID)


@click.command("rules", cls=Command)
@pages_options
def _command(source: Source, pages_file: PagesFile) -> None:
    """What a command does with `--pages`: here, print what each rule gets."""
    rules = pages_file.read(source.ids()) if pages_file.path else None
    for wanted, fetched in source.load_by_rules(rules).items() if rules else ():
        snippet = fetched.snippet
        assert snippet.pixel_id == wanted.pixel_id
        assert {found.pixel_id for found in snippets.read(snippet.source)} == {wanted.pixel_id}
        assert not lint.find_untrusted(snippets.parse(snippet.source))
        click.echo(f"{snippet.key} {snippet.event or ''} {snippet.value} {snippet.currency}")
        click.echo(snippet.image_url, err=True)


@pytest.fixture
def rules_run(sandbox_run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line with such a command, at a sandbox that has two pixels."""
    both = click.CommandCollection(sources=[cli.root, click.Group(commands={"rules": _command})])
    monkeypatch.setattr(cli, "root", both)
    assert sandbox_run("pixels", "create", "--name", "Second").out == f"{SECOND_ID}\n"
    return sandbox_run


def _rules(*lines: str) -> str:
    header = HEADER if any(line.count(",") > 1 for line in lines) else "page,pixel\n"
    Path("rules.csv").write_text(header + "\n".join(lines))
    return "rules.csv"


def _code(text: str) -> str:
    Path("code.html").write_text(text, "utf-8", "surrogateescape")
    return "code.html"


FILE = ["--from-file", "code.html", "--server-values", "php", "--server-values", "jinja"]
SOURCES = pytest.mark.parametrize("source", [[], FILE], ids=["API", "file"])


@SOURCES
def test_each_rule_gets_its_pixel_with_its_value(rules_run: Run, source: Sequence[str]) -> None:
    _code(BOTH)
    lines = [
        f"/a.html,{PIXEL_ID},1999,USD",
        f"/b.html,{SECOND_ID},150,JPY",
        f"/c.html,{PIXEL_ID},5",
        f"/d,{PIXEL_ID},5",
    ]
    ran = rules_run("rules", "--pages", _rules(*lines), *source)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"fp:{PIXEL_ID}  19.99 USD",
        f"fp:{SECOND_ID}  150.00 JPY",
        f"fp:{PIXEL_ID}  0.05 USD",
    ]
    assert "value=19.99&currency=USD" in ran.err
    assert "value=150&currency=JPY" in ran.err


def test_a_rule_without_a_value_gets_the_codes_own(rules_run: Run) -> None:
    _code(BOTH)
    rules = _rules(f"/a.html,{PIXEL_ID}")
    assert rules_run("rules", "--pages", rules).out == f"fp:{PIXEL_ID}  0.01 USD\n"
    assert rules_run("rules", "--pages", rules, *FILE).out == f"fp:{PIXEL_ID}  19.99 USD\n"


def test_a_pixel_is_asked_for_once_and_all_in_one_batch(rules_run: Run) -> None:
    rules = _rules(*(f"/{number}.html,{pixel},{number}" for number in range(1, 101) for pixel in (PIXEL_ID, SECOND_ID)))
    ran = rules_run("rules", "--pages", rules, "-v")
    assert (ran.code, len(ran.out.splitlines())) == (0, 200)
    requests = [line for line in ran.err.splitlines() if not line.startswith("https://www.facebook.com/")]
    assert len(requests) == 1


def test_rules_come_from_stdin(rules_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.TextIOWrapper(io.BytesIO(f"{HEADER}/a.html,{PIXEL_ID},5.00".encode()))
    monkeypatch.setattr("sys.stdin", text)
    ran = rules_run("rules", "--pages", "-")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: stdin, line 2: the value '5.00' is not a whole number")


def test_the_code_comes_from_stdin(rules_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BOTH.encode())))
    ran = rules_run("rules", "--pages", _rules(f"/a,{SECOND_ID},100"), "--from-file", "-")
    assert ran.out == f"fp:{SECOND_ID}  1.00 USD\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give --pixel, or --from-file."),
        (["--pages", "x.csv", "--pixel", PIXEL_ID], "--pixel cannot be used with --pages"),
        (["--pages", "x.csv", "--value", "500"], "--value cannot be used with --pages"),
        (["--pages", "x.csv", "--currency", "USD"], "--currency needs --value or --amount."),
        (["--pages", "-", "--from-file", "-"], "cannot both be read from stdin"),
    ],
)
def test_what_the_rules_say_is_not_said_again(rules_run: Run, arguments: list[str], message: str) -> None:
    ran = rules_run("rules", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_without_rules_the_options_are_those_of_one_pixel(rules_run: Run) -> None:
    assert rules_run("rules", "--pixel", PIXEL_ID).code == 0


def test_rules_that_cannot_be_read_are_an_error(rules_run: Run) -> None:
    missing = rules_run("rules", "--pages", "missing.csv")
    assert (missing.code, missing.err) == (6, "error: missing.csv: No such file or directory\n")
    Path("binary.csv").write_bytes(b"page,pixel\n/caf\x81.html,1\n")
    binary = rules_run("rules", "--pages", "binary.csv")
    assert (binary.code, binary.out) == (2, "")
    assert binary.err.startswith("error: binary.csv, line 2: this is not UTF-8 text; save it as UTF-8")


# from the API


def test_a_pixel_that_the_api_refuses_is_named_with_its_line(rules_run: Run) -> None:
    ran = rules_run("rules", "--pages", _rules(f"/a.html,{PIXEL_ID}", "/b.html,123", "/c.html,123"))
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("error: rules.csv, line 3: pixel 123: ")


def test_all_pixels_that_the_api_refuses_are_named(rules_run: Run) -> None:
    ran = rules_run("rules", "--pages", _rules("/a.html,122", f"/b.html,{PIXEL_ID}", "/c.html,123"))
    assert (ran.code, ran.out) == (4, "")
    first, second, last = ran.err.splitlines()
    assert first.startswith("failed: rules.csv, line 2: pixel 122: ")
    assert second.startswith("failed: rules.csv, line 4: pixel 123: ")
    assert last == "error: 2 of 3 pixels failed; nothing was written"


def test_code_that_cannot_be_read_goes_onto_no_page(rules_run: Run) -> None:
    name = "CV --><script>alert(1)</script>"
    pixel_id = rules_run("pixels", "create", "--name", name).out.strip()
    ran = rules_run("rules", "--pages", _rules(f"/a.html,{pixel_id}"))
    assert (ran.code, ran.out) == (6, "")
    assert ran.err.startswith(f"error: rules.csv, line 2: pixel {pixel_id}: expected one script")


def test_a_meta_pixel_has_no_value(rules_run: Run) -> None:
    pixel_id = rules_run("pixels", "create", "--kind", "meta", "--name", "Shop").out.strip()
    ran = rules_run("rules", "--kind", "meta", "--pages", _rules(f"/a.html,{pixel_id}"))
    assert ran.out == f"fbq:{pixel_id} PageView None None\n"
    valued = rules_run("rules", "--kind", "meta", "--pages", _rules(f"/b.html,{pixel_id},5"))
    assert (valued.code, valued.out) == (6, "")
    assert valued.err.startswith(f"error: rules.csv, line 2: pixel {pixel_id}: a base code has no value; --event NAME ")


# from a file


def test_pixels_of_every_dialect_come_from_one_file(rules_run: Run) -> None:
    _code(JS_PIXEL + CODES["fbds"].replace(PIXEL_ID, SECOND_ID) + PURCHASE)
    lines = [f"/a.html,{PIXEL_ID},100", f"/b.html,{SECOND_ID},200", f"/c.html,{META_ID},300,EUR"]
    ran = rules_run("rules", "--pages", _rules(*lines), *FILE)
    assert ran.out.splitlines() == [
        f"fp:{PIXEL_ID}  1.00 USD",
        f"fbds:{SECOND_ID}  2.00 USD",
        f"fbq:{META_ID} Purchase 3.00 EUR",
    ]


def test_two_base_codes_in_a_file_are_read_each_on_its_own(rules_run: Run) -> None:
    _code(CODES["fbq"] + CODES["fbq"].replace(META_ID, SECOND_ID))
    ran = rules_run("rules", "--pages", _rules(f"/a.html,{META_ID}", f"/b.html,{SECOND_ID}"), *FILE)
    assert ran.out.splitlines() == [f"fbq:{META_ID} PageView None None", f"fbq:{SECOND_ID} PageView None None"]


def test_each_pixel_of_a_combined_block_gets_code_of_its_own(rules_run: Run) -> None:
    block = rules_run("snippet", PIXEL_ID, SECOND_ID, "--value", "500", "--template", "combined").out
    _code(block)
    rules = _rules(f"/a.html,{PIXEL_ID},100", f"/b.html,{SECOND_ID}")
    ran = rules_run("rules", "--pages", rules, *FILE, "--allow-empty-values")
    assert ran.out.splitlines() == [f"fp:{PIXEL_ID}  1.00 USD", f"fp:{SECOND_ID}  5.00 USD"]


def test_one_pixel_of_a_combined_block_goes_onto_a_page_by_its_id(rules_run: Run) -> None:
    _code(rules_run("snippet", PIXEL_ID, SECOND_ID, "--value", "500", "--template", "combined").out)
    page = Path("page.html")
    page.write_text("<!doctype html>\n<html><head><title>x</title>\n</head><body>\n</body></html>\n")
    assert rules_run("inject", page, *FILE, "--pixel", SECOND_ID, "--value", "700").code == 0
    [found] = snippets.read(page.read_text())
    assert (found.pixel_id, found.value, bool(found.image_url)) == (SECOND_ID, "7.00", True)
    which = rules_run("inject", page, *FILE)
    assert (which.code, which.out) == (6, "")
    assert f"one script reports fp:{PIXEL_ID}, fp:{SECOND_ID}; name its --pixel" in which.err


DYNAMIC = JS_PIXEL.replace("'19.99'", "'<?= $total ?>'")
MISSING = f"code.html has no code of pixel {SECOND_ID}, only of {PIXEL_ID}"
AUDIENCE = f"<script>_fbq.push(['addPixelId', '{SECOND_ID}']);</script>"
TWO = [Snippet("fp", PIXEL_ID, None, None, ""), Snippet("fp", SECOND_ID, "7.00", "USD", "")]
DYNAMIC_IN_TWO = render_blocks(Template("combined"), TWO)["script"].replace('"7.00"', "{{ total }}")
TWO_IN_ONE = CODES["fbds"].replace(
    "window._fbq.push", f"window._fbq.push(['track', '{SECOND_ID}', {{}}]);\nwindow._fbq.push"
)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (JS_PIXEL, MISSING),
        (JS_PIXEL + AUDIENCE, "has an audience pixel, not a conversion pixel's code"),
        (JS_PIXEL.partition("<noscript>")[2].replace(PIXEL_ID, SECOND_ID), "has an image pixel"),
        (BOTH + BOTH, "code.html has 2 scripts of pixel"),
        (DYNAMIC_IN_TWO, f"the code of fp:{SECOND_ID} cannot be rewritten: its value is set while the page"),
        (DYNAMIC.replace(PIXEL_ID, SECOND_ID), "the value is set while the page is built or shown"),
        (JS_PIXEL.partition("fb_param.value")[0].replace(PIXEL_ID, SECOND_ID) + "</script>", "no value to set: line "),
        (
            2 * CODES["fbq"].replace(META_ID, SECOND_ID),
            f"code.html has 2 scripts of pixel {SECOND_ID}; put all of its code into one",
        ),
    ],
    ids=[
        "missing",
        "audience",
        "image",
        "twice",
        "dynamic, combined",
        "dynamic",
        "no value",
        "two scripts of fbq",
    ],
)
def test_code_that_a_rule_cannot_use_is_named_with_its_line(rules_run: Run, code: str, message: str) -> None:
    _code(code)
    ran = rules_run("rules", "--pages", _rules(f"/a.html,{SECOND_ID},500"), *FILE)
    assert (ran.code, ran.out) == (6, "")
    assert ran.err.startswith(f"error: rules.csv, line 2: pixel {SECOND_ID}: ")
    assert message in ran.err


def test_a_script_of_two_pixels_is_refused_before_a_rule_can_use_it(rules_run: Run) -> None:
    _code(TWO_IN_ONE)
    ran = rules_run("rules", "--pages", _rules(f"/a.html,{SECOND_ID},500"), *FILE)
    said = f"second-pixel: the code of pixel {SECOND_ID} also names pixel {PIXEL_ID}, which then gets events too"
    hint = "nothing was written; give each pixel a script of its own"
    assert (ran.code, ran.out, ran.err) == (6, "", f"error: code.html:15:29: {said}; {hint}\n")


def test_force_replaces_a_dynamic_value(rules_run: Run) -> None:
    _code(DYNAMIC)
    ran = rules_run("rules", "--pages", _rules(f"/a.html,{PIXEL_ID},500"), *FILE, "--force")
    assert ran.out == f"fp:{PIXEL_ID}  5.00 USD\n"


@pytest.mark.parametrize("extra", ["<script>alert(1)</script>", "<script src='https://example.com/x.js'></script>"])
def test_a_file_with_anything_else_is_refused_whole(rules_run: Run, extra: str) -> None:
    _code(BOTH + extra)
    ran = rules_run("rules", "--pages", _rules(f"/a.html,{PIXEL_ID}"), *FILE)
    assert (ran.code, ran.out) == (6, "")
    assert "unexpected-script" in ran.err or "foreign-host" in ran.err


def test_a_host_may_be_allowed(rules_run: Run) -> None:
    _code(JS_PIXEL.replace("//connect.facebook.net/en_US/fp.js", "//cdn.example.com/en_US/fp.js"))
    arguments = ["rules", "--pages", _rules(f"/a.html,{PIXEL_ID},5"), *FILE]
    refused = rules_run(*arguments)
    assert (refused.code, refused.out) == (6, "")
    assert "--allow-host cdn.example.com allows it" in refused.err


def test_a_value_in_a_currency_that_the_vendor_does_not_know_is_named_with_its_line(rules_run: Run) -> None:
    _code(JS_PIXEL.replace("USD", "XXX"))
    ran = rules_run("rules", "--pages", _rules(f"/a.html,{PIXEL_ID},5"), *FILE)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: rules.csv, line 2: pixel {PIXEL_ID}: unknown currency 'XXX'")
