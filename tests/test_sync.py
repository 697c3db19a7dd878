"""`snippetkit sync`: pages and export files are brought to what is declared, whatever was there before."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

from snippetkit import snippets
from snippetkit.work import declared_exports
from tests.conftest import ACCOUNT, CASES, JS_PIXEL, PIXEL_ID, Run
from tests.pixels import CODES, EVERY_CODE, META_ID, PURCHASE
from tests.processes import started
from tests.screens import read_rest

SECOND_ID = "6009125095681"
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
SITE = '[[sites]]\npaths = ["site"]\n'
THANKS = 'rules = [{ page = "/thanks.html", pixel = "checkout", value = 1999, currency = "USD" }]\n'
CHECKOUT = '[pixels.checkout]\nfile = "fp.html"\n'
GTM = '[[exports]]\nformat = "gtm"\nfile = "build/gtm.json"\n'
TWO = "".join(f'[[sites]]\nname = "{name}"\npaths = ["{name}"]\n' + THANKS for name in ("shop", "blog"))
FULL = CHECKOUT + SITE + THANKS + GTM


def _project(toml: str, pages: Mapping[str, bytes] | None = None) -> None:
    """A project file, the code that was sent, and pages."""
    Path("snippetkit.toml").write_text(toml)
    Path("fp.html").write_text(JS_PIXEL)
    Path("purchase.html").write_text(CODES["fbq"].replace("'PageView');\n", "'PageView');\nfbq('track', 'Lead');\n"))
    for name, data in ({"site/thanks.html": PAGE, "site/a.html": PAGE} if pages is None else pages).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)


def _files() -> dict[str, tuple[bytes, int]]:
    """All there is, and when each was written."""
    found = (Path(folder, name) for folder, _, names in os.walk(".") for name in names)
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def _keys(page: str) -> set[str]:
    return {one.key for one in snippets.read(Path(page).read_text())}


# the laws


def test_an_export_is_made_again_where_it_may_differ_and_only_there(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _project(FULL)
    made = Path("build/gtm.json")
    assert run("sync").code == 0
    first = made.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(declared_exports, "export", None)  # a call would be a TypeError
        assert (run("sync").code, run("sync", "--check").code) == (0, 0)
    made.write_bytes(first + b" ")
    assert run("sync").code == 0 and made.read_bytes() == first
    _project(FULL.replace("1999", "2999"), {})
    assert run("sync").code == 0
    assert b"29.99" in made.read_bytes() and made.read_bytes() != first
    _project(FULL, {})
    assert run("sync", "--no-cache").code == 0 and made.read_bytes() == first
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert run("sync").code == 0
    made.unlink()
    assert run("sync").code == 0 and made.read_bytes() == first


def test_twice_writes_nothing_and_check_says_so_before_and_after(run: Run) -> None:
    _project(FULL)
    before = _files()
    check = run("sync", "--check")
    assert (check.code, _files()) == (1, before)
    assert check.err.splitlines()[-3:] == [
        "would be inserted: site/thanks.html",
        "would be created: build/gtm.json",
        "1 unchanged, 1 would be inserted, 1 would be created",
    ]
    ran = run("sync")
    assert (ran.code, ran.out) == (0, "")
    assert "/thanks.html  6009125095680  19.99  USD" in ran.err
    after = _files()
    assert run("sync").err.endswith("3 unchanged\n")
    assert (run("sync", "--check").code, run("sync", "--diff").out, _files()) == (0, "", after)


DECLARED = [
    'rules = [{ page = "/thanks.html", pixel = "checkout" }]\n',
    'rules = [{ page = "/**", pixel = "checkout", value = 500, currency = "EUR" }]\n',
    'rules = [{ page = "/thanks.html", pixel = "lead" }, { page = "/a.html", pixel = "checkout" }]\n',
    'rules = [{ page = "/**", pixel = "lead" }, { page = "/*.html", pixel = "checkout" }]\n',
    "rules = []\n",
]


@pytest.mark.wide
@pytest.mark.parametrize(("first", "second"), [*product(DECLARED, DECLARED)])
def test_what_was_declared_before_leaves_no_trace(run: Run, first: str, second: str) -> None:
    pixels = CHECKOUT + '[pixels.lead]\nfile = "purchase.html"\n' + SITE
    _project(pixels + second)
    assert run("sync").code == 0
    expected = {page: _keys(page) for page in ("site/thanks.html", "site/a.html")}
    _project(pixels + first)
    for declared in (first, second):
        _project(pixels + declared, {})
        ran = run("sync")
        assert ran.code == 0, ran.err
        assert run("sync", "--check").code == 0
    assert {page: _keys(page) for page in expected} == expected
    _project(pixels + "rules = []\n", {})
    assert run("sync").code == 0
    assert Path("site/thanks.html").read_bytes() == Path("site/a.html").read_bytes() == PAGE


def test_it_puts_in_what_inject_does(run: Run) -> None:
    _project(FULL)
    assert run("sync").code == 0
    synced = Path("site/thanks.html").read_bytes()
    Path("site/thanks.html").write_bytes(PAGE)
    run("inject", "site/thanks.html", "--from-file", "fp.html", "--value", "1999", "--currency", "USD")
    assert Path("site/thanks.html").read_bytes() == synced
    exported = Path("build/gtm.json").read_bytes()
    Path("rules.csv").write_text(f"page,pixel,value,currency\n/thanks.html,{PIXEL_ID},1999,USD\n")
    assert run("export", "gtm", "--from-file", "fp.html", "--pages", "rules.csv").out.encode() == exported


def test_a_run_that_is_interrupted_is_finished_by_the_next(run: Run, tmp_path: Path) -> None:
    names = [f"site/{number}.html" for number in range(1500)]
    body = PAGE + b"x" * 20_000
    _project(CHECKOUT + SITE + 'rules = [{ page = "/**", pixel = "checkout" }]\n' + GTM, dict.fromkeys(names, body))
    with started([sys.executable, "-m", "snippetkit", "sync"], dict(os.environ)) as process:
        while Path(names[20]).read_bytes() == body and process.poll() is None:
            pass
        os.killpg(process.pid, signal.SIGINT)
        process.communicate()
    assert process.returncode == 130
    pages = [Path(name).read_bytes() for name in names]
    whole = next(page for page in pages if page != body)
    assert {*pages} == {body, whole}
    assert not Path("build").exists()
    ran = run("sync")
    assert (ran.code, run("sync", "--check").code) == (0, 0)
    assert {Path(name).read_bytes() for name in names} == {whole}


def test_an_export_file_is_the_old_or_the_new_one(run: Run) -> None:
    _project(FULL)
    assert run("sync").code == 0
    old = Path("build/gtm.json").read_bytes()
    _project(FULL.replace("1999", "500"), {})
    os.link("build/gtm.json", "kept.json")  # what is written over in place changes under both names
    assert run("sync").code == 0
    assert Path("kept.json").read_bytes() == old != Path("build/gtm.json").read_bytes()
    assert [*Path("build").iterdir()] == [Path("build/gtm.json")]


# what is declared


def test_two_sites_have_their_own_rules_and_settings(run: Run) -> None:
    pixels = CHECKOUT + '[pixels.lead]\nfile = "purchase.html"\n'
    shop = '[[sites]]\nname = "shop"\npaths = ["shop"]\n' + THANKS
    blog = '[[sites]]\nname = "blog"\npaths = ["blog"]\nplacement = "body-bottom"\n'
    blog += 'rules = [{ page = "/**", pixel = "lead" }]\n'
    _project(pixels + shop + blog, dict.fromkeys(["shop/thanks.html", "blog/thanks.html"], PAGE))
    assert run("sync", "--site", "blog").code == 0
    assert (_keys("shop/thanks.html"), _keys("blog/thanks.html")) == (set(), {f"fbq:{META_ID}"})
    assert b"script body-bottom" in Path("blog/thanks.html").read_bytes()
    assert run("sync").code == 0
    assert (_keys("shop/thanks.html"), _keys("blog/thanks.html")) == ({f"fp:{PIXEL_ID}"}, {f"fbq:{META_ID}"})
    wrong = run("sync", "--site", "shopp")
    assert (wrong.code, "has no site 'shopp'; sites: shop, blog" in wrong.err) == (2, True)


def test_a_page_is_in_one_site(run: Run) -> None:
    inner = '[[sites]]\npaths = ["site/de"]\nrules = []\n'
    _project(CHECKOUT + SITE + THANKS + inner, dict.fromkeys(["site/thanks.html", "site/de/a.html"], PAGE))
    refused = run("sync")
    told = "snippetkit.toml, line 6: site/de/a.html is in two sites, number 1 and number 2; let one of them exclude it"
    assert (refused.code, told in refused.err) == (2, True), refused.err
    assert Path("site/thanks.html").read_bytes() == PAGE
    _project(CHECKOUT + SITE + 'exclude = ["de/"]\n' + THANKS + inner, {})
    assert run("sync").code == 0


def test_rules_for_all_sites_fail_only_where_no_site_has_the_page(run: Run) -> None:
    sites = '[[sites]]\npaths = ["a"]\n[[sites]]\npaths = ["b"]\n'
    rules = [f'[[rules]]\npage = "/{page}.html"\npixel = "checkout"\n' for page in ("x", "y", "z")]
    _project(CHECKOUT + "".join(rules) + sites, {"a/x.html": PAGE, "b/y.html": PAGE})
    ran = run("sync")
    assert (ran.code, "failed: snippetkit.toml, line 9: there is no page /z.html" in ran.err) == (6, True)
    assert ran.err.count("there is no page") == 1
    assert _keys("a/x.html") == _keys("b/y.html") == {f"fp:{PIXEL_ID}"}


def test_a_pixel_has_one_code_everywhere_and_another_on_a_page(run: Run) -> None:
    made = ["--kind", "meta", "--name", "Shop", "--api-url", "sandbox:", "--account", ACCOUNT]
    pixel_id = run("pixels", "create", *made).out.strip()
    pixels = f'[pixels.base]\nid = "{pixel_id}"\nkind = "meta"\n'
    pixels += f'[pixels.purchase]\nid = "{pixel_id}"\nkind = "meta"\nevent = "Purchase"\n'
    rules = """rules = [
  { page = "/**", pixel = "base" },
  { page = "/thanks.html", pixel = "purchase", value = 500, currency = "EUR" },
]
"""
    _project('[api]\nurl = "sandbox:"\n' + pixels + SITE + rules)
    ran = run("sync")
    found = {page: [*snippets.read(Path(f"site/{page}.html").read_text())] for page in ("a", "thanks")}
    events = {page: [event.event for one in read for event in one.events] for page, read in found.items()}
    assert (ran.code, events) == (0, {"a": ["PageView"], "thanks": ["PageView", "Purchase"]}), ran.err
    both = rules.replace('"/**"', '"/thanks.html"')
    _project('[api]\nurl = "sandbox:"\n' + pixels + SITE + both, {})
    told = run("sync")
    assert told.code == 2
    assert f"snippetkit.toml, line 14: pixel {pixel_id} is on /thanks.html with other code" in told.err


def test_a_sheet_calls_pixels_by_name_or_id(run: Run) -> None:
    _project(CHECKOUT + SITE + 'sheet = "rules.csv"\n')
    Path("rules.csv").write_text(
        f"page,pixel,value,currency\n/a.html,checkout,100,USD\n/thanks.html,{PIXEL_ID},7,USD\n"
    )
    assert run("sync").code == 0
    assert _keys("site/a.html") == _keys("site/thanks.html") == {f"fp:{PIXEL_ID}"}
    Path("rules.csv").write_text("page,pixel\n/a.html,chekout\n")
    told = run("sync")
    assert (told.code, "rules.csv, line 2: the pixel 'chekout' is not a name or id of a pixel" in told.err) == (
        2,
        True,
    )
    assert "pixels: checkout" in told.err


def test_paths_count_from_the_file_and_not_from_where_it_is_run(run: Run) -> None:
    _project(CHECKOUT + SITE + 'template = "own.html.j2"\n' + THANKS + GTM)
    Path("own.html.j2").write_text(
        "{% block script %}<script>/* own */</script>{{ snippet.script | safe }}{% endblock %}"
    )
    os.chdir("site")
    ran = run("sync")
    assert ran.code == 0, ran.err
    assert "created: ../build/gtm.json" in ran.err
    assert b"/* own */" in Path("thanks.html").read_bytes()


def test_a_pyproject_says_the_same(run: Run) -> None:
    _project(FULL)
    Path("snippetkit.toml").unlink()
    toml = FULL.replace("[pixels", "[tool.snippetkit.pixels").replace("[[", "[[tool.snippetkit.")
    Path("pyproject.toml").write_text("[project]\nname = 'x'\n" + toml.replace("/thanks", "/gone"))
    gone = run("sync", "--check")
    assert (gone.code, "pyproject.toml, line 7: there is no page /gone.html" in gone.err) == (6, True), gone.err
    Path("pyproject.toml").write_text(toml)
    assert (run("sync").code, run("sync", "--check").code) == (0, 0)
    assert _keys("site/thanks.html") == {f"fp:{PIXEL_ID}"}


def test_no_prune_and_prune_false_leave_what_no_rule_names(run: Run) -> None:
    _project(FULL)
    run("sync")
    carries = Path("site/thanks.html").read_bytes()
    none = CHECKOUT + SITE + "rules = []\n"
    _project(none, {})
    assert run("sync", "--no-prune").code == 0
    assert Path("site/thanks.html").read_bytes() == carries
    _project(none + "prune = false\n", {})
    assert run("sync").code == 0
    assert Path("site/thanks.html").read_bytes() == carries


@pytest.mark.parametrize("options", [[], ["--check"], ["--diff"]])
def test_a_rule_without_a_page_takes_nothing_out_and_writes_no_export(run: Run, options: list[str]) -> None:
    _project(FULL)
    assert run("sync").code == 0
    _project(FULL.replace("/thanks", "/thank"), {})
    before = _files()
    ran = run("sync", *options)
    assert (ran.code, ran.out, _files()) == (6, "", before)
    assert ran.err.splitlines()[-4:] == [
        "failed: snippetkit.toml, line 5: there is no page /thank.html; there is /thanks.html",
        "skipped: site/thanks.html: its code that no rule names stays, because a rule or a page failed",
        "skipped: build/gtm.json: not written, because a rule or a page failed",
        "1 unchanged, 1 failed, 2 skipped",
    ]


def test_a_page_of_one_site_that_fails_leaves_the_code_of_another(run: Run) -> None:
    sites = '[[sites]]\npaths = ["a"]\n[[sites]]\npaths = ["b"]\n'
    rules = '[[rules]]\npage = "{}"\npixel = "checkout"\n'
    _project(CHECKOUT + rules.format("/**") + sites, {"a/x.html": PAGE, "a/z.html": PAGE, "b/y.html": PAGE})
    assert run("sync").code == 0
    carries = Path("a/x.html").read_bytes()
    _project(CHECKOUT + rules.format("/y.html") + rules.format("/z.html") + sites, {"b/y.html": b"<p>no head"})
    assert run("sync").code == 6
    assert Path("a/x.html").read_bytes() == carries
    _project(CHECKOUT + rules.format("/y.html") + rules.format("/z.html") + sites, {"b/y.html": PAGE})
    assert run("sync", "--backup", "old").code == 0
    assert (Path("a/x.html").read_bytes(), _keys("b/y.html")) == (PAGE, {f"fp:{PIXEL_ID}"})
    kept = {str(path): path.read_bytes() for path in Path("old").rglob("*.html")}
    assert kept == {str(Path("old/a/x.html")): carries, str(Path("old/b/y.html")): PAGE}


@pytest.mark.parametrize(
    ("name", "told"), [("mine", "there is no template 'mine'"), ("./a.j2", "a.j2: the template can")]
)
def test_a_template_that_is_not_there_is_told_with_its_line_and_nothing_is_written(
    run: Run, name: str, told: str
) -> None:
    _project(FULL.replace(SITE, f'{SITE}template = "{name}"\n'))
    ran = run("sync")
    line = FULL.splitlines().index("[[sites]]") + 3
    assert (ran.code, f"error: snippetkit.toml, line {line}: {told}" in ran.err) == (2, True)
    assert Path("site/thanks.html").read_bytes() == PAGE


def test_a_project_file_may_begin_with_a_byte_order_mark(run: Run) -> None:
    _project("\ufeff" + FULL)
    assert run("sync").code == 0
    _project("\ufeff" + FULL.replace("paths", "path"), {})
    assert "snippetkit.toml, line 4: unknown key 'path'" in run("sync").err


def test_what_was_edited_by_hand_is_refused_unless_forced(run: Run) -> None:
    _project(FULL)
    run("sync")
    page = Path("site/thanks.html")
    page.write_bytes(page.read_bytes().replace(b"19.99", b"29.99", 1))
    _project(CHECKOUT + SITE + "rules = []\n", {})
    assert run("sync", "--check").code == 6
    assert run("sync", "--force").code == 0
    assert page.read_bytes() == PAGE


def test_json_is_one_document(run: Run) -> None:
    _project(FULL)
    told = json.loads(run("sync", "--check", "--json").out)
    assert [(one["path"], one["action"]) for one in told["files"]] == [
        ("site/a.html", "unchanged"),
        ("site/thanks.html", "would be inserted"),
        ("build/gtm.json", "would be created"),
    ]
    assert told["rules"] == [{"page": "/thanks.html", "pixel": PIXEL_ID, "value": "19.99", "currency": "USD"}]


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("", "snippetkit.toml has no sites and no exports; add [[sites]] or [[exports]]; 'snippetkit init -o example"),
        (SITE, "line 1: this site has no rules; add rules or a sheet; rules = [] takes all code out"),
        (
            SITE + THANKS,
            "line 3: the pixel 'checkout' is not a name or id of a pixel; give an id, or add it under pixels",
        ),
        ("[pixels.checkout]\n" + SITE + THANKS, "line 1: checkout has no id; add id = '..', or file = '..'"),
        (
            "[pixels.checkout]\nid = '1'\nkind = 'metaa'\n" + SITE + THANKS,
            "line 3: kind must be 'conversion', ",
        ),
        ("[pixels.checkout]\nid = '1'\nallow = ['x']\n" + SITE + THANKS, "line 3: allow needs file"),
        ("[pixels.checkout]\nid = '1'\nevent = 'Lead'\n" + SITE + THANKS, "line 3: a conversion pixel has no event"),
        (CHECKOUT + "kind = 'meta'\n" + SITE + THANKS, "line 3: kind cannot be used with a file"),
        (CHECKOUT + "event_id = '1'\n" + SITE + THANKS, "line 3: event_id needs event"),
        (CHECKOUT + SITE + THANKS.replace("1999", "-1"), "line 5: the value '-1' is negative"),
        (CHECKOUT + SITE + THANKS.replace('"USD"', '"US"'), "line 5: 'US' is not a currency"),
        (CHECKOUT + SITE + THANKS + 'sheet = "x.csv"\n', "line 6: rules and sheet cannot be used together"),
        (CHECKOUT + SITE + "whole_in_head = true\nplacement = 'body-top'\n" + THANKS, "line 3: whole_in_head = true"),
        (CHECKOUT + "[[sites]]\npaths = []\n" + THANKS, "line 4: paths is empty"),
        (FULL.replace('"gtm"', '"gmt"'), "or 'zaraz'; did you mean 'gtm'?"),
        (FULL + "formats = ['gtm']\n", "line 9: formats cannot be used with gtm"),
        (FULL + "on_conflict = 'rename'\n", "line 9: on_conflict cannot be used with gtm"),
        (
            FULL + "into = 'build/gtm.json'\n",
            "line 8: build/gtm.json is the container that tags are merged into, which",
        ),
        (FULL + GTM, "line 11: build/gtm.json is written twice"),
        (FULL + "site = 'x'\n", "line 9: no site has this name; sites: none of them has a name"),
        (FULL + "consent = 'non'\n", "line 9: consent must be 'ads' or 'none'; did you mean 'none'?"),
        (
            CHECKOUT + TWO + GTM,
            "line 11: this export has no rules; add site, which is one of 'shop', 'blog'; or",
        ),
        (
            CHECKOUT + TWO.replace("name", "# ") + GTM,
            "line 11: this export has no rules; add rules or a sheet; or give",
        ),
        (CHECKOUT + SITE + "rules = []\n" + GTM, "line 6: build/gtm.json would hold no tag"),
    ],
)
def test_what_does_not_go_together_is_told_with_its_line_and_nothing_is_written(run: Run, toml: str, told: str) -> None:
    _project(toml)
    before = _files()
    ran = run("sync")
    assert (ran.code, told in ran.err, _files()) == (2, True, before), ran.err


@pytest.mark.parametrize(
    ("value", "settings", "toml"),
    [
        ("total", 'allow = ["value:total"]', SITE + THANKS),
        ("<?= $total ?>", 'server_values = ["php"]', GTM + 'rules = [{ page = "/thanks.html", pixel = "checkout" }]\n'),
    ],
)
def test_code_whose_value_is_an_expression_needs_a_fixed_one_there(
    run: Run, value: str, settings: str, toml: str
) -> None:
    _project(f'[pixels.checkout]\nfile = "mail.html"\n{settings}\n{toml}')
    script = PURCHASE.partition("<noscript>")[0]
    assert "value: 30.00" in script
    Path("mail.html").write_text(script.replace("value: 30.00", f"value: {value}"))
    ran = run("sync", "--force")
    assert (ran.code, ran.err.strip().rpartition("; ")[2]) == (6, "put a fixed value into the code")


INPUTS = {
    "fp.html": "the code of checkout, which would be lost; write another file",
    "./site/../fp.html": "the code of checkout, which would be lost",
    "linked.html": "the code of checkout, which would be lost",
    "rules.csv": "a sheet of rules, which would be lost",
    "snippetkit.toml": "this file, which would be lost",
    "own.j2": "a template, which would be lost",
    "token": "the file of the access token, which would be lost",
    "api.db": "the database of the embedded API, which would be lost",
    "mine/own.json": "in the folder of your templates",
    "site/thanks.html": "a page of site number 1, or would become one; write another file, or let the site exclude it",
    "site/new.html": "a page of site number 1, or would become one",
    "site/new/deep/x.HTM": "a page of site number 1, or would become one",
}
READS = '[api]\nurl = "sandbox:api.db"\ntoken_file = "token"\n'


@pytest.mark.parametrize("file", INPUTS)
def test_no_export_is_written_over_what_the_project_reads(run: Run, file: str) -> None:
    settings = 'template = "own.j2"\nsheet = "rules.csv"\nexclude = ["out/"]\n'
    export = f'[[exports]]\nformat = "gtm"\nsheet = "rules.csv"\nfile = "{file}"\n'
    _project('templates_dir = "mine"\n' + READS + CHECKOUT + SITE + settings + export)
    Path("rules.csv").write_text("page,pixel\n/thanks.html,checkout\n")
    Path("own.j2").write_text("{% block script %}{{ snippet.script | safe }}{% endblock %}")
    Path("token").write_text("secret")
    Path("mine").mkdir()
    Path("linked.html").symlink_to("fp.html")
    before = _files()
    for options in ([], ["--check"]):
        ran = run("sync", *options)
        assert (ran.code, _files()) == (2, before), ran.err
        assert f"snippetkit.toml, line 15: {file} is {INPUTS[file]}" in ran.err


@pytest.mark.parametrize("file", ["site/out/x.html", "site/kept/x.html", "site/.hidden/x.html", "site/gtm.json"])
def test_an_export_may_lie_in_a_sites_folder_where_it_is_no_page(run: Run, file: str) -> None:
    _project(CHECKOUT + SITE + 'exclude = ["out/"]\n' + THANKS + GTM.replace("build/gtm.json", file))
    Path(".git").mkdir()
    Path("site/.gitignore").write_text("kept/\n")
    assert run("sync").code == 0
    ran = run("sync")
    assert (ran.code, ran.err.endswith("3 unchanged\n")) == (0, True), ran.err


def test_a_container_that_one_export_writes_and_another_merges_into_is_refused(run: Run) -> None:
    _project(FULL + GTM.replace("build/", "other/") + 'into = "build/gtm.json"\n')
    ran = run("sync")
    assert (ran.code, "line 8: build/gtm.json is the container that tags are merged into" in ran.err) == (2, True)
    assert not Path("build").exists()


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (FULL.replace("fp.html", "gone.html"), "snippetkit.toml, line 2: gone.html: No such file"),
        (CHECKOUT + SITE + 'sheet = "gone.csv"\n', "snippetkit.toml, line 5: gone.csv: No such file"),
        (FULL.replace('["site"]', '["sitte"]'), "sitte: No such file or directory; snippetkit.toml, line 4 names it"),
        (FULL + 'into = "gone.json"\n', "snippetkit.toml, line 9: gone.json: No such file"),
    ],
)
def test_a_file_that_is_missing_is_told_with_the_line_that_names_it(run: Run, toml: str, told: str) -> None:
    _project(toml)
    ran = run("sync")
    assert (ran.code, told in ran.err) == (6, True), ran.err


def test_a_currency_is_in_any_case(run: Run) -> None:
    _project(CHECKOUT + SITE + THANKS.replace("USD", "eur"))
    assert "19.99  EUR" in run("sync").err
    assert "currency = 'EUR'" in Path("site/thanks.html").read_text()


@pytest.mark.parametrize(("amount", "shown"), [("19.99", "19.99"), ("20", "20.00"), ("1.5", "1.50"), ("'1,5'", "1.50")])
def test_an_amount_is_a_number_or_a_text(run: Run, amount: str, shown: str) -> None:
    _project(CHECKOUT + SITE + THANKS.replace("value = 1999", f"amount = {amount}"))
    ran = run("sync")
    assert (ran.code, f"6009125095680  {shown} " in ran.err) == (0, True), ran.err


@pytest.mark.parametrize("amount", ["-1.0", "1e400", "inf", "nan", "true", "0.0000000001"])
def test_a_number_that_is_no_amount_is_refused_with_its_line(run: Run, amount: str) -> None:
    _project(CHECKOUT + SITE + THANKS.replace("value = 1999", f"amount = {amount}"))
    ran = run("sync")
    assert (ran.code, "snippetkit.toml, line 5: " in ran.err) == (2, True), ran.err


SHEETS = [
    (
        "page,pixel,value,currency\n/a.html,checkout,0,USD\n",
        "sheet = { file = .., allow_zero_values = true } accepts",
    ),
    ("page,pixel,value,currency\n/a.html,checkout,,\n", "sheet = { file = .., allow_empty_values = true } uses the"),
    (
        "page,pixel,value\n/a.html,checkout,0\n/c.html,checkout,\n",
        "allow_empty_values = true } uses",
    ),
]


@pytest.mark.parametrize(("sheet", "told"), SHEETS)
def test_errors_of_a_sheet_name_the_keys_that_sync_reads(run: Run, sheet: str, told: str) -> None:
    _project(CHECKOUT + SITE + 'sheet = "rules.csv"\n')
    Path("rules.csv").write_text(sheet)
    ran = run("sync")
    assert (ran.code, told in ran.err, "--" in ran.err) == (2, True, False), ran.err


def test_a_page_is_refused_and_a_template_fails_in_words_of_the_file(run: Run) -> None:
    _project(FULL, {"site/thanks.html": PAGE.replace(b"</head>", b"<?php head() ?></head>")})
    ran = run("sync")
    assert (ran.code, "server_code = true accepts such pages" in ran.err, "--" in ran.err) == (6, True, False), ran.err
    _project(CHECKOUT + SITE + 'template = "own.j2"\n' + THANKS)
    Path("own.j2").write_text("{% block script %}{{ mine }}{% endblock %}")
    ran = run("sync")
    assert (ran.code, "; variables adds one" in ran.err) == (2, True), ran.err


def test_an_id_of_two_platforms_is_not_one_pixel(run: Run) -> None:
    pixels = f'[pixels.a]\nid = "{META_ID}"\nkind = "fbq"\nevent = "Lead"\n'
    pixels += f'[pixels.b]\nid = "{META_ID}"\nkind = "oaiq"\n'
    rules = 'rules = [{ page = "/a.html", pixel = "a" }, { page = "/**", pixel = "b" }]\n'
    _project(pixels + SITE + rules)
    ran = run("sync")
    assert (ran.code, "is oaiq here, and fbq in line" in ran.err) == (2, True), ran.err


# the API, and what the file says for other commands


def test_a_token_goes_to_no_host_that_only_the_file_names(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", "s3cr3t")
    _project(f'[api]\nurl = "https://evil.example"\n[pixels.checkout]\nid = "{PIXEL_ID}"\n' + SITE + THANKS)
    for command in (["sync"], ["pixels", "list", "--account", ACCOUNT]):
        ran = run(*command)
        assert (ran.code, "line 2: the access token would go to a host that this file names" in ran.err) == (2, True)
        assert "s3cr3t" not in ran.err


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://x", "the API URL 'ftp://x' is not an https URL; give one such as https://graph.facebook.com"),
        ("http://[x", "the API URL cannot be used: it names no host"),
        ("http://evil.example", "the API URL 'http://evil.example' would send the access token in the clear"),
    ],
)
def test_an_address_that_is_none_of_an_api_is_told_with_its_line(run: Run, url: str, told: str) -> None:
    _project(f'[api]\nurl = "{url}"\n[pixels.checkout]\nid = "{PIXEL_ID}"\n' + SITE + THANKS)
    ran = run("sync")
    assert (ran.code, f"snippetkit.toml, line 2: {told}" in ran.err) == (2, True), ran.err


@pytest.mark.parametrize(("key", "line"), [("include", 7), ("exclude", 7)])
def test_a_pattern_that_is_none_is_told_with_its_line(run: Run, key: str, line: int) -> None:
    _project(FULL.replace(SITE, f'{SITE}\n\n{key} = ["[a"]\n'))
    ran = run("sync")
    assert (ran.code, ran.err.startswith(f"error: snippetkit.toml, line {line}: '[a' is not a pattern: ")) == (2, True)


def test_the_file_gives_defaults_and_the_command_line_wins(run: Run) -> None:
    api = f'[api]\nurl = "sandbox:"\naccount = "{ACCOUNT}"\n'
    _project(api + SITE + 'include = ["*.php"]\nplacement = "head-top"\nserver_code = true\nrules = []\n')
    Path("site/b.php").write_bytes(PAGE)
    assert run("pixels", "create", "--name", "Thanks").out == f"{PIXEL_ID}\n"
    assert run("inject", "site", "--pixel", PIXEL_ID).err.endswith("inserted: site/b.php\n1 inserted\n")
    assert b"script head-top" in Path("site/b.php").read_bytes()
    assert f"site/b.php:4  fp:{PIXEL_ID}" in run("status").out
    ran = run("inject", "site", "--pixel", PIXEL_ID, "--include", "a.html", "--placement", "body-top")
    assert (ran.code, b"script body-top" in Path("site/a.html").read_bytes()) == (0, True)
    assert "--account" in run("--no-config", "pixels", "list", "--api-url", "sandbox:").err
    assert "Missing argument" in run("remove").err
    assert "*.html,*.htm]" in run("status", "--help").out


def test_a_template_on_the_command_line_takes_no_variables_of_the_files(run: Run) -> None:
    _project(CHECKOUT + SITE + 'template = "nonce"\nvariables = { nonce = "abc" }\n' + THANKS)
    assert run("inject", "site/a.html", "--from-file", "fp.html").code == 0
    assert b'nonce="abc"' in Path("site/a.html").read_bytes()
    ran = run("inject", "site/thanks.html", "--from-file", "fp.html", "--template", "clean")
    assert (ran.code, b"nonce" in Path("site/thanks.html").read_bytes()) == (0, False), ran.err


def test_a_rule_without_a_value_says_what_a_page_and_a_tag_get(run: Run) -> None:
    _project(FULL)
    assert run("sync").code == 0
    carries = Path("site/thanks.html").read_bytes()
    rule = 'rules = [{ page = "/thanks.html", pixel = "checkout" }]\n'
    Path("fp.html").write_text(JS_PIXEL.replace("19.99", "5.00"))
    Path("snippetkit.toml").write_text(CHECKOUT + SITE + rule + GTM)
    ran = run("sync")
    assert (ran.code, Path("site/thanks.html").read_bytes()) == (0, carries)
    assert f"\n/thanks.html  {PIXEL_ID}  the page's, or 5.00  USD\n" in ran.err
    told = "build/gtm.json: snippetkit.toml, line 5 has no value: the tag gets the code's, 5.00 USD; a page keeps its"
    assert f"\nnote: {told} own\n" in ran.err
    Path("snippetkit.toml").write_text(CHECKOUT + GTM + rule)
    assert f"\n/thanks.html  {PIXEL_ID}  5.00   USD\n" in run("sync").err


def test_yen_have_no_decimals_for_people(run: Run) -> None:
    _project(FULL.replace("1999", "1500").replace("USD", "JPY"))
    assert f"\n/thanks.html  {PIXEL_ID}  1500   JPY\n" in run("sync").err
    for told in (run("status", "site").out, run("status", "site", "--format", "summary").out):
        assert ("1500   JPY" in told, "1500.00" in told) == (True, False)
    assert "  1500   JPY" in run("inspect", "site").out
    assert "  1500   JPY" in run("import", "build/gtm.json").out
    assert ",1500.00,JPY," in run("status", "site", "--format", "csv").out


def test_an_export_that_is_declared_no_more_stays_as_the_documentation_says(run: Run) -> None:
    _project(FULL)
    run("sync")
    left = Path("build/gtm.json").read_bytes()
    _project(CHECKOUT + SITE + THANKS, {})
    assert (run("sync").code, Path("build/gtm.json").read_bytes(), run("sync", "--check").code) == (0, left, 0)
    documentation = " ".join((CASES.parent.parent / "docs/project.md").read_text().split())
    assert "A file whose `[[exports]]` is gone stays, and `--check` does not mention it" in documentation


# events in the data layer

LEAD = '{ on_event = "lead", pixel = "checkout" }'
ON_EVENT = f"events = [\n  {LEAD},\n]\n"
ADS = '[pixels.ads]\nkind = "gtag"\nid = "AW-123456789/aBcD-eF_gHiJkLmNoPqR"\nevent = "conversion"\n'
MADE = ["--kind", "gtag", "--pixel", "AW-123456789/aBcD-eF_gHiJkLmNoPqR", "--event", "conversion"]


@pytest.mark.parametrize(
    ("event", "options"),
    [
        ("", []),
        ('value_key = "e.worth", currency_key = "e.unit"', ["--value-key", "e.worth", "--currency-key", "e.unit"]),
        ('amount = "7,50", currency = "eur"', ["--amount", "7.50", "--currency", "EUR"]),
        (
            'value = 100, currency = "EUR", order_key = "id"',
            ["--value", "100", "--currency", "EUR", "--order-key", "id"],
        ),
    ],
)
def test_an_export_fires_on_an_event_as_that_of_the_options_does(run: Run, event: str, options: list[str]) -> None:
    is_made = "order_key" in event
    pixel, source = ("ads", MADE) if is_made else ("checkout", ["--from-file", "fp.html"])
    _project((ADS if is_made else CHECKOUT) + GTM + ON_EVENT.replace('"checkout"', f'"{pixel}", {event}'.rstrip(", ")))
    assert run("sync").code == 0
    exported = run("export", "gtm", *source, "--on-event", "lead", *options).out
    declared = Path("build/gtm.json").read_text()
    assert " on lead" in declared
    assert declared.replace(" on lead", "") == exported
    assert run("sync", "--check").code == 0


def test_an_export_with_events_takes_pages_where_it_names_them(run: Run) -> None:
    named = SITE + 'name = "shop"\n' + THANKS
    _project(CHECKOUT + named + GTM + ON_EVENT)
    assert "on lead       6009125095680  the event's, or 19.99  USD" in run("sync").err
    assert "Page path" not in run("import", "build/gtm.json").out
    _project(CHECKOUT + named + GTM + ON_EVENT.replace("}", ', value = 750, value_key = "e.worth" }'))
    assert "on lead       6009125095680  the event's, or 7.50  USD" in run("sync").err
    _project(CHECKOUT + named + GTM + 'site = "shop"\n' + ON_EVENT)
    assert run("sync").code == 0
    told = run("import", "build/gtm.json").out
    assert ("Page path is /thanks.html" in told, "Event lead" in told) == (True, True)
    rows = json.loads(run("sync", "--json", "-q").out)["rules"]
    assert {"page": "on lead", "pixel": PIXEL_ID, "value": None, "currency": None} in rows


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (ON_EVENT.replace("lead", "a/b"), "line 8: 'a/b' is not an event name; letters, digits and"),
        (ON_EVENT.replace("checkout", "gone"), "line 8: the pixel 'gone' is not a name or id of a pixel"),
        (ON_EVENT.replace("}", ", value_key = '1' }"), "line 8: '1' is not a data-layer path; such as value"),
        (ON_EVENT.replace("}", ", value = 1, amount = 2 }"), "line 8: there is a value and an amount"),
        (ON_EVENT.replace("]", f"  {LEAD},\n]"), "line 9: lead fires checkout twice; keep one of them"),
        (
            ON_EVENT.replace("checkout", "ads").replace("}", ", value_key = 'v' }") + ADS,
            "line 8: value_key and currency",
        ),
    ],
)
def test_what_is_wrong_with_an_event_is_told_with_its_line(run: Run, toml: str, told: str) -> None:
    _project(CHECKOUT + "\n" + GTM + toml)
    ran = run("sync")
    assert (ran.code, told in ran.err, Path("build").exists()) == (2, True, False), ran.err


# init


def test_what_init_writes_is_what_stands_there(run: Run) -> None:
    _project(FULL, {f"site/{page}.html": PAGE for page in ("thanks", "a", "shop/tea", "shop/cup")})
    run("sync")
    run("inject", "site/shop", "--from-file", "fp.html", "--value", "100", "--currency", "EUR")
    Path("site/hand.html").write_bytes(PAGE.replace(b"</title>\n", b"</title>\n" + PURCHASE.encode()))
    assert "snippetkit.toml already exists; --force replaces it" in run("init", "site").err
    ran = run("init", "site", "--from-file", "fp.html", "--force")
    assert ran.err == (
        "wrote: snippetkit.toml\n5 pages, 1 pixel, 2 rules; 'snippetkit sync --check' says what would change\n"
    )
    text = Path("snippetkit.toml").read_text()
    assert '{ page = "/shop/**", pixel = "conversion", value = 100, currency = "EUR" },' in text
    assert "hand.html:5 fbq:434566956589050: put in by hand; with adopt = true" in text
    check = run("sync", "--check")
    assert (check.code, check.err.endswith("5 unchanged\n")) == (0, True), check.err


@pytest.mark.wide
@pytest.mark.parametrize("dialect", sorted(EVERY_CODE.keys() - {"audience", "image", "rakuten"}))  # no region has these
def test_code_that_init_finds_on_pages_needs_no_token(run: Run, dialect: str) -> None:
    _project("", dict.fromkeys(["site/a.html", "site/b.html", "site/c/a.html"], PAGE))
    Path("sent.html").write_text(EVERY_CODE[dialect])
    assert run("inject", "site", "--from-file", "sent.html").code == 0
    assert run("init", "site", "--force").code == 0
    Path("sent.html").unlink()
    check = run("sync", "--check")
    assert (check.code, check.err.splitlines()[-1]) == (0, "3 unchanged"), check.err


def test_init_writes_what_code_may_do_and_overwrites_no_other_file(run: Run) -> None:
    _project("", {"site/a.html": PAGE})
    Path("sent.html").write_text(CODES["fbq"].replace("connect.facebook.net", "cdn.shop.example"))
    assert run("inject", "site", "--from-file", "sent.html", "--allow-host", "cdn.shop.example").code == 0
    shown = run("init", "site", "-o", "-")
    assert "note: -o FILE would write pixels/meta.txt, too" in shown.err
    assert (Path("pixels").exists(), 'allow_hosts = ["cdn.shop.example"]' in shown.out) == (False, True)
    Path("pixels").mkdir()
    Path("pixels/meta.txt").write_text("mine")
    refused = run("init", "site", "-o", "x.toml")
    assert (refused.code, "pixels/meta.txt already exists; --force replaces it" in refused.err) == (2, True)
    assert (Path("pixels/meta.txt").read_text(), Path("x.toml").exists()) == ("mine", False)
    assert run("init", "site", "--force").code == 0
    assert run("sync", "--check").code == 0


def test_what_init_cannot_say_is_not_pruned(run: Run) -> None:
    _project("", {"site/a.html": PAGE})
    events = "fbq('track', 'PageView');\nfbq('track', 'Lead');\nfbq('track', 'Contact');\n"
    Path("two.html").write_text(CODES["fbq"].replace("fbq('track', 'PageView');\n", events))
    assert run("inject", "site", "--from-file", "two.html").code == 0
    carries = Path("site/a.html").read_bytes()
    assert run("init", "site", "--force").code == 0
    assert "several events; a rule puts in code with one" in Path("snippetkit.toml").read_text()
    assert "\nprune = false" in Path("snippetkit.toml").read_text()
    ran = run("sync")
    assert (ran.code, "this site has no rules" in ran.err, Path("site/a.html").read_bytes()) == (2, True, carries)


def test_a_first_file_without_rules_takes_nothing_out(run: Run) -> None:
    _project("", {"site/a.html": PAGE})
    ran = run("init", "site", "--force")
    assert ran.err.endswith(
        "\n1 page, 0 pixels, 0 rules; add rules to it, then 'snippetkit sync --check' says what would change\n"
    )
    assert run("inject", "site", "--from-file", "fp.html").code == 0
    before = _files()
    for options in ([], ["--check"]):
        synced = run("sync", *options)
        assert (synced.code, _files()) == (2, before)
        assert "this site has no rules; add rules or a sheet; rules = [] takes all code out" in synced.err


def test_init_writes_into_another_folder_and_to_stdout(run: Run) -> None:
    _project("", {"site/a.html": PAGE})
    Path("conf").mkdir()
    assert run("init", "site", "-o", "conf/x.toml").code == 0
    assert 'paths = ["../site"]' in Path("conf/x.toml").read_text()
    assert run("init", "-o", "-").out.startswith("# What 'snippetkit sync' keeps true")
    Path("empty").mkdir()
    ran = run("init", "empty", "-o", "empty/x.toml")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "note: empty has no pages yet")
    assert run("init", "gone").code == 2


@pytest.mark.parametrize(
    ("answers", "worth"),
    [
        ("19.99 EUR\n", 'amount = "19.99", currency = "EUR"'),
        ("1,234\n1.234,50\nEUR\n", 'amount = "1234.5", currency = "EUR"'),  # it is asked again what 1,234 is
        ("$5\n\n", 'amount = "5", currency = "USD"'),
    ],
)
def test_init_asks_on_a_terminal_what_no_page_tells(answers: str, worth: str) -> None:
    import pty

    _project("", {"site/a.html": PAGE})
    Path("snippetkit.toml").unlink()
    ours, theirs = pty.openpty()
    os.write(ours, f"\nmeta\nshop\n434566956589050\nPurchase\nthe page\n/a.html\n{answers}".encode())
    command = [sys.executable, "-m", "snippetkit", "init", "site"]
    try:
        subprocess.run(command, stdin=theirs, stdout=theirs, stderr=theirs, timeout=60, check=True)
    finally:
        os.close(theirs)
        told = read_rest(ours).decode()
    text = Path("snippetkit.toml").read_text()
    assert '[pixels.checkout]\nid = "434566956589050"\nkind = "meta"\nevent = "Purchase"\n' in text
    assert f'{{ page = "/a.html", pixel = "checkout", {worth} }},' in text
    assert "'shop' is not " in told
    assert "'the page' is not a path" in told
    assert "the API has the code of checkout: set SNIPPETKIT_ACCESS_TOKEN for 'sync', or write file" in told
