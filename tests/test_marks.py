"""Code that holds the text of our markers would end its own region: it goes onto no page, wherever it is from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from snippetkit.errors import SnippetError
from snippetkit.inject import Insertion
from snippetkit.terms import Part
from snippetkit.work import Rendering, make_insertion
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.pages import KEY
from tests.pixels import CODES, META_ID
from tests.reading import read_js_pixel

PAGE = "<!doctype html>\n<html>\n<head>\n</head>\n<body>\n</body>\n</html>\n"
MARKS = [
    f"<!-- snippetkit:end fp:{PIXEL_ID} noscript -->",
    "<!-- snippetkit:begin",
    "snippetkit:begin fp:1",
    "snippetkit:end",
    "<!-- snippetkit: hi -->",
]
marks = pytest.mark.parametrize("mark", MARKS)


@marks
@pytest.mark.parametrize("part", [*Part])
def test_an_insertion_of_such_code_is_not_made(mark: str, part: Part) -> None:
    code = {Part.SCRIPT: "<script>\n/* %s */\n</script>", Part.NOSCRIPT: "<noscript>\n<img alt='%s'>\n</noscript>"}[
        part
    ]
    told = re.escape(f"the {part} of {KEY} holds '") + ".*" + re.escape("' in its line 2, which marks regions on pages")
    with pytest.raises(SnippetError, match=told):
        Insertion(KEY, {part: (code % mark).encode()})


def _in_alt(code: str, mark: str) -> str:
    return re.sub("<img(?: alt=(?:\"\"|''))?", lambda _: f'<img alt="{mark}"', code)


@pytest.mark.wide
@marks
@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("arguments", [[], ["--whole-in-head", "--force", "--template", "snippet"]])
def test_a_file_with_such_code_is_refused_before_a_page_is_written(
    run: Run, name: str, mark: str, arguments: list[str]
) -> None:
    script = re.sub("<script[^>]*>", lambda match: f"{match[0]}\n/* {mark} */\n", CODES[name])
    for code in (script, _in_alt(CODES[name], mark)):
        assert mark in code
        Path("page.html").write_text(PAGE)
        Path("code.html").write_text(code)
        ran = run("inject", "page.html", "--from-file", "code.html", *arguments)
        assert ran.code != 0
        assert "marks regions on pages" in ran.err
        assert Path("page.html").read_text() == PAGE


@marks
def test_a_template_or_a_variable_that_writes_such_text_is_refused(run: Run, mark: str) -> None:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(JS_PIXEL)
    Path("own.html.j2").write_text("{% block script %}<script>'{{ text | safe }}'</script>{% endblock %}")
    ran = run("inject", "page.html", "--from-file", "code.html", "--template", "own.html.j2", "--set", f"text={mark}")
    assert ran.code != 0
    assert f"error: the script of {KEY} holds " in ran.err
    assert Path("page.html").read_text() == PAGE


def test_a_comment_beside_the_code_and_a_word_that_marks_nothing_are_let_be(run: Run) -> None:
    for code in (f"<!-- snippetkit:end -->\n{JS_PIXEL}", _in_alt(CODES["fbq"], "snippetkit")):
        Path("page.html").write_text(PAGE)
        Path("code.html").write_text(code)
        assert run("inject", "page.html", "--from-file", "code.html").code == 0
        assert run("remove", "page.html").code == 0
        assert Path("page.html").read_text() == PAGE
    assert META_ID in code


def test_an_answer_of_the_api_with_such_text_is_refused() -> None:
    """The API's script is held to be the dialect's, token for token; what its image's alt says is free."""
    snippet = read_js_pixel(JS_PIXEL.replace(' alt=""', f' alt="{MARKS[0]}"'))
    with pytest.raises(SnippetError, match="marks regions on pages"):
        make_insertion([snippet], Rendering())
