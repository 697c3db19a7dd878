"""`snippetkit templates`, and `--template`, `--set` and `--templates-dir` where a command has them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from snippetkit import snippets, templating
from snippetkit.work import Rendering
from tests.conftest import ACCOUNT, PIXEL_ID, Run
from tests.pixels import EVERY_CODE

SECOND_ID = "6009125095681"
META_ID = "1000000000000001"
PAGE = "<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
OURS = "{# Ours. #}\n{% block script %}<script>var a = {{ a | tojson }}</script>{% endblock %}\n"


@pytest.fixture
def ours() -> Path:
    """A folder of a person's own, with one template that needs a variable."""
    folder = Path("ours")
    (folder / "inject").mkdir(parents=True)
    (folder / "inject" / "thanks.html.j2").write_text(OURS)
    return folder


# templates


def test_list_names_each_template_its_origin_and_what_it_is_for(run: Run, ours: Path) -> None:
    (ours / "inject" / "clean.html.j2").write_text(OURS)
    rows = run("templates", "list", "--templates-dir", ours).out.splitlines()
    assert [row.split() for row in rows if "Ours" in row] == [["clean", "ours", "Ours."], ["thanks", "ours", "Ours."]]
    assert rows[0].split() == ["NAME", "FROM", "DESCRIPTION"]
    shipped = run("templates", "list").out.splitlines()[1:]
    assert [row.split()[:2] for row in shipped] == [[found.name, "shipped"] for found in templating.list_templates()]


def test_the_folder_may_come_from_the_environment(run: Run, ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNIPPETKIT_TEMPLATES_DIR", str(ours))
    assert run("templates", "show", "thanks").out == OURS


def test_show_prints_the_template_as_it_stands(run: Run) -> None:
    assert run("templates", "show", "clean").out == (templating.FOLDER / "inject/clean.html.j2").read_text("utf-8")
    unknown = run("templates", "show", "nothing")
    assert (unknown.code, unknown.out) == (2, "")
    assert unknown.err.startswith("error: there is no template 'nothing'; there are clean, combined, ")


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        ([], "clean.html.j2"),
        (["mine.html.j2"], "mine.html.j2"),
        (["a/b.html.j2"], "a/b.html.j2"),
        (["ours"], "ours/clean.html.j2"),
        (["--templates-dir", "new"], "new/inject/clean.html.j2"),
        (["--templates-dir", "ours"], "ours/inject/clean.html.j2"),
    ],
)
def test_copy_writes_the_shipped_template_and_never_over_a_file(
    run: Run, ours: Path, arguments: list[str], target: str
) -> None:
    copied = run("templates", "copy", "clean", *arguments)
    assert (copied.code, copied.out, copied.err) == (0, "", f"wrote: {target}\n")
    assert Path(target).read_text() == run("templates", "show", "clean").out
    Path(target).write_text("mine")
    again = run("templates", "copy", "clean", *arguments)
    assert (again.code, again.err) == (2, f"error: {target}: the file exists already; give another DEST\n")
    assert Path(target).read_text() == "mine"


def test_copy_follows_no_link_and_says_where_it_cannot_write(run: Run) -> None:
    Path("link").symlink_to("elsewhere")
    assert run("templates", "copy", "clean", "link").code == 2
    assert not Path("elsewhere").exists()
    Path("file").touch()
    failed = run("templates", "copy", "clean", "file/x")
    assert (failed.code, failed.err.count("\n")) == (6, 1)


def test_a_copy_renders_what_the_shipped_template_does(sandbox_run: Run) -> None:
    for name in ("clean", "consent", "idle", "noscript-only", "snippet", "combined"):
        sandbox_run("templates", "copy", name)
        shipped = sandbox_run("snippet", PIXEL_ID, "--template", name)
        assert shipped.code == 0
        assert sandbox_run("snippet", PIXEL_ID, "--template", f"{name}.html.j2").out == shipped.out


def test_the_templates_are_known_without_loading_what_renders_them() -> None:
    code = (
        "import sys\nfrom snippetkit.cli import main\n"
        "try: main(['templates', 'list'])\n"
        "finally: print('jinja2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.endswith("False\n")


# snippet


def test_snippet_prints_the_script_and_then_the_noscript(sandbox_run: Run) -> None:
    ran = sandbox_run("snippet", PIXEL_ID, "--value", "1999", "--template", "clean")
    assert (ran.code, ran.err) == (0, f"pixel {PIXEL_ID} reports 19.99 USD\n")
    assert ran.out.startswith("<script>\nwindow.fb_param = {};\n")
    assert "</script>\n<noscript><img " in ran.out
    assert ran.out.endswith("></noscript>\n")


def test_the_template_snippet_is_the_code_as_fetched(sandbox_run: Run) -> None:
    plain = sandbox_run("snippet", PIXEL_ID, "--value", "1999").out
    assert sandbox_run("snippet", PIXEL_ID, "--value", "1999", "--template", "snippet").out.strip() == plain.strip()


def test_several_pixels_are_one_code_through_combined(sandbox_run: Run) -> None:
    sandbox_run("pixels", "create", "--name", "second")
    ran = sandbox_run("snippet", PIXEL_ID, SECOND_ID, "--value", "500", "--template", "combined")
    assert ran.out.count("<script>") == ran.out.count("<noscript>") == 1
    assert ran.out.count(PIXEL_ID) == ran.out.count(SECOND_ID) == 2
    assert ran.err == "".join(f"pixel {pixel_id} reports 5.00 USD\n" for pixel_id in (PIXEL_ID, SECOND_ID))
    every = sandbox_run("snippet", "--all", "--account", ACCOUNT, "--value", "500", "--template", "combined")
    assert sorted(every.out) == sorted(ran.out)
    refused = sandbox_run("snippet", PIXEL_ID, SECOND_ID, "--template", "clean")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.endswith("the template takes one pixel; the template combined takes several\n")


def test_of_several_pixels_one_that_fails_leaves_nothing_printed(sandbox_run: Run) -> None:
    ran = sandbox_run("snippet", PIXEL_ID, "1", "--template", "combined")
    assert (ran.code, ran.out) == (4, "")
    sandbox_run("pixels", "delete", PIXEL_ID, "--yes")
    none = sandbox_run("snippet", "--all", "--template", "combined")
    assert (none.code, none.out) == (2, "")
    assert "the ad account has no pixels" in none.err


def test_a_template_that_leaves_the_noscript_out_is_noted(sandbox_run: Run) -> None:
    ran = sandbox_run("snippet", PIXEL_ID, "--template", "consent")
    assert "noscript" not in ran.out
    assert ran.err.endswith(
        "note: the template consent leaves the noscript out: nothing is reported without JavaScript\n"
    )
    for name in ("clean", "noscript-only", "snippet"):
        assert "note" not in sandbox_run("snippet", PIXEL_ID, "--template", name).err


def test_a_meta_pixel_is_written_anew_too_but_not_combined(sandbox_run: Run) -> None:
    sandbox_run("pixels", "create", "--kind", "meta", "--name", "x")
    meta = ["snippet", META_ID, "--kind", "meta", "--template"]
    assert f"fbq('init', \"{META_ID}\");\nfbq('track', \"PageView\");" in sandbox_run(*meta, "clean").out
    refused = sandbox_run(*meta, "combined")
    assert (refused.code, refused.out) == (6, "")
    assert refused.err.endswith(
        f"error: the code of fbq:{META_ID} cannot be rewritten: it is fbq code, and this template writes fp; "
        "the templates snippet and noscript-only take the code as it stands\n"
    )


def test_the_nonce_is_asked_for_and_escaped(sandbox_run: Run) -> None:
    ran = sandbox_run("snippet", PIXEL_ID, "--template", "nonce")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(
        "inject/nonce.html.j2, line 4: 'nonce' is undefined; the variables are snippet, snippets; --set adds one\n"
    )
    out = sandbox_run("snippet", PIXEL_ID, "--template", "nonce", "--set", 'nonce="><script>').out
    assert out.startswith('<script nonce="&#34;&gt;&lt;script&gt;">\n')


def test_set_gives_variables_each_of_them_once(sandbox_run: Run, ours: Path) -> None:
    command = ["snippet", PIXEL_ID, "--templates-dir", ours, "--template", "thanks"]
    ran = sandbox_run(*command, "--set", "a=x=</script>{{ 7*7 }}{% raw %}")
    assert ran.out == '<script>var a = "x=\\u003c/script\\u003e{{ 7*7 }}{% raw %}"</script>\n'
    assert sandbox_run(*command, "--set", "a=").out == '<script>var a = ""</script>\n'
    twice = sandbox_run(*command, "--set", "a=1", "--set", "a=2")
    assert (twice.code, twice.out, twice.err) == (2, "", "error: --set gives two values for a; give one\n")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("a", "--set 'a' is not KEY=VALUE"),
        ("=1", "is not KEY=VALUE"),
        ("a b=1", "is not KEY=VALUE"),
        ("é=1", "is not KEY=VALUE"),
        ("a.b=1", "is not KEY=VALUE"),
        ("snippet=1", "--set snippet: the template has snippet from the pixel"),
        ("snippets=1", "--set snippets: the template has snippets from the pixel"),
        ("a=\udc80", "--set a: its value must be text in this terminal's encoding"),
        ("nonse=1", "the template has no variable nonse; its variables are nonce, snippet"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(sandbox_run: Run, setting: str, message: str) -> None:
    ran = sandbox_run("snippet", PIXEL_ID, "--template", "clean", "--set", setting)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_options_that_say_nothing_together_are_a_usage_error(sandbox_run: Run) -> None:
    for arguments in (["--set", "a=1"], ["--template", "clean", "--variant", "full"]):
        ran = sandbox_run("snippet", PIXEL_ID, *arguments)
        assert (ran.code, ran.out) == (2, "")


def test_an_error_in_a_template_is_one_line_without_a_traceback(sandbox_run: Run) -> None:
    Path("own.html.j2").write_text("{% block script %}\n{{ nothing }}\n{% endblock %}")
    ran = sandbox_run("snippet", PIXEL_ID, "--template", "own.html.j2")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[1:] == [
        "error: own.html.j2, line 2: 'nothing' is undefined; the variables are snippet, snippets; --set adds one"
    ]


def test_a_pixels_name_is_never_a_template(sandbox_run: Run) -> None:
    sandbox_run("pixels", "update", PIXEL_ID, "--name", "{{ 7*7 }}{% raw %}")
    plain = sandbox_run("snippet", PIXEL_ID, "--template", "snippet")
    assert (plain.code, "49" in plain.out) == (0, False)


# inject


def test_inject_puts_the_templates_text_onto_pages_and_remove_takes_it_out(sandbox_run: Run) -> None:
    Path("page.html").write_text(PAGE)
    command = ["inject", "page.html", "--pixel", PIXEL_ID, "--value", "1999", "--template"]
    assert sandbox_run(*command, "clean").err.endswith("1 inserted\n")
    page = Path("page.html").read_text()
    assert "  <script>\n  window.fb_param = {};\n" in page
    assert sandbox_run(*command, "clean").err.endswith("1 unchanged\n")
    idle = sandbox_run(*command, "idle")
    assert idle.err.endswith("1 updated\n")
    consent = sandbox_run(*command, "consent")
    assert "note: the template consent leaves the noscript out" in consent.err
    assert "<noscript>" not in Path("page.html").read_text()
    assert "the code here waits, for consent for example; " in sandbox_run(*command, "noscript-only").err
    assert sandbox_run(*command, "noscript-only", "--force").err.endswith("1 updated\n")
    assert "<script>" not in Path("page.html").read_text()
    sandbox_run("remove", "page.html")
    assert Path("page.html").read_text() == PAGE


def test_without_a_name_inject_takes_the_persons_own_template_snippet(sandbox_run: Run, ours: Path) -> None:
    (ours / "inject" / "snippet.html.j2").write_text("{% block script %}<script>'ours'</script>{% endblock %}")
    Path("page.html").write_text(PAGE)
    sandbox_run("inject", "page.html", "--pixel", PIXEL_ID, "--templates-dir", ours)
    assert "<script>'ours'</script>" in Path("page.html").read_text()


def test_a_noscript_without_its_image_is_said_and_one_with_its_image_as_text_is_refused(sandbox_run: Run) -> None:
    Path("page.html").write_text(PAGE)
    script, noscript = "{{ snippet.script | safe }}", "{% block noscript %}<noscript>{}</noscript>{% endblock %}"
    for inner, code, told in (
        ("{{ snippet.noscript | safe }}", 0, "reports"),
        ("Please!", 0, "note: the template ./own.html.j2 has no image in its noscript: nothing is reported without"),
        ("{{ snippet.noscript }}", 2, "./own.html.j2: the block noscript gives its image as escaped text"),
    ):
        Path("own.html.j2").write_text(f"{{% block script %}}{script}{{% endblock %}}{noscript.replace('{}', inner)}")
        for command in (["snippet", PIXEL_ID], ["inject", "page.html", "--check", "--pixel", PIXEL_ID]):
            ran = sandbox_run(*command, "--template", "./own.html.j2")
            assert ran.code == (code or int(command[0] == "inject"))
            assert (told in ran.err, "note: the" in ran.err) == (True, told.startswith("note"))
    assert Path("page.html").read_text() == PAGE


def test_a_template_that_would_change_the_page_writes_nothing(sandbox_run: Run) -> None:
    Path("page.html").write_text(PAGE)
    Path("own.html.j2").write_text("{% block script %}<script>x{% endblock %}")
    ran = sandbox_run("inject", "page.html", "--pixel", PIXEL_ID, "--template", "./own.html.j2")
    assert ran.code == 2
    assert Path("page.html").read_text() == PAGE


@pytest.mark.parametrize("dialect", ["fp", "fbds", "fbq"])
def test_without_a_template_the_code_is_what_the_template_snippet_makes(dialect: str) -> None:
    [snippet] = snippets.read(EVERY_CODE[dialect])
    for given in (snippet, replace(snippet, noscript_span=None)):
        assert Rendering().render([given]) == templating.render_blocks(templating.Template("snippet"), [given], {})
