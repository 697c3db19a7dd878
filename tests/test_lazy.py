"""`loading="lazy"` on the image of a noscript: taken everywhere, written where it is asked for, and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from snippetkit import html, inject, lint, snippets
from snippetkit.inject import Insertion
from snippetkit.model import Loaded
from snippetkit.work import Combiner, Rendering, make_insertion
from tests.conftest import CASES, JS_PIXEL, PIXEL_ID, Run
from tests.pages import COMBINE, insertion_of, make_options, put, take_out
from tests.pages import make_insertion as checkout
from tests.pixels import CODES
from tests.reading import read_js_pixel

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
FILE = ["--from-file", str(CASES / "code" / "fp.html")]
TWO = ["--pixel", PIXEL_ID, "--pixel", "6009125095681"]
LAZY = b'<img loading="lazy" '
DIALECTS = pytest.mark.parametrize("dialect", ["fp", "fbds", "fbq"])


def _lazy(dialect: str, template: str | None = None) -> Insertion:
    return make_insertion(
        [snippets.join(snippets.read(snippets.without_nonce(CODES[dialect])))], Rendering(template, is_lazy=True)
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<noscript><img src=x></noscript>", b'<noscript><img loading="lazy" src=x></noscript>'),
        (b"<NOSCRIPT><IMG></NOSCRIPT>", b'<NOSCRIPT><IMG loading="lazy"></NOSCRIPT>'),
        (b"<noscript><img loading=eager></noscript>", b"<noscript><img loading=lazy></noscript>"),
        (b'<noscript><img loading=""></noscript>', b'<noscript><img loading="lazy" loading=""></noscript>'),
        (
            b"<noscript><img LOADING='LAZY'><img></noscript>",
            b"<noscript><img LOADING='lazy'><img loading=\"lazy\"></noscript>",
        ),
        (b"<img><script>'<noscript><img>'</script>", b"<img><script>'<noscript><img>'</script>"),
    ],
)
def test_each_image_of_a_noscript_is_made_lazy_and_nothing_else(before: bytes, after: bytes) -> None:
    assert html.with_lazy_images(before) == after
    assert html.has_lazy_images(after) is (before != after)
    assert html.with_lazy_images(after) == after


@DIALECTS
def test_code_with_a_lazy_image_is_taken_from_a_file_and_from_the_api(dialect: str) -> None:
    code = CODES[dialect].replace("<img ", "<img loading='lazy' ")
    document = snippets.parse(code)
    assert lint.find_untrusted(document) == []
    assert [found.code for found in lint.find(document)] == [
        found.code for found in lint.find(snippets.parse(CODES[dialect]))
    ]
    assert read_js_pixel(JS_PIXEL.replace("<img ", "<img loading=lazy ")).pixel_id == PIXEL_ID


@pytest.mark.wide
@DIALECTS
@pytest.mark.parametrize("template", [None, "clean", "idle", "noscript-only"])
def test_a_lazy_image_stays_whatever_takes_its_place(dialect: str, template: str | None) -> None:
    plain, lazy = insertion_of(CODES[dialect], template), _lazy(dialect, template)
    page = put(PAGE, lazy)
    assert (page.count(LAZY), LAZY in put(PAGE, plain)) == (1, False)
    assert put(page, plain) == page
    assert put(put(PAGE, plain), lazy) == page
    for other in ("clean", "noscript-only"):
        again = put(page, insertion_of(CODES[dialect], other), make_options(combine=COMBINE, force=True))
        assert again == put(PAGE, _lazy(dialect, other))
    assert take_out(page) == PAGE


def test_it_stays_in_a_script_for_several_and_where_a_value_or_a_formatter_changes_the_code() -> None:
    other = checkout("7.00", pixel_id="6009125095681")
    page = put(PAGE, _lazy("fp"))
    both = put(page, other)
    assert both.count(LAZY) == 2
    assert take_out(both, pixel_ids=[PIXEL_ID]).count(LAZY) == 1
    assert put(page, checkout("5.00")).count(LAZY) == 1
    formatted = page.replace(LAZY, b"<img\n    loading=lazy\n    ")
    assert put(formatted, insertion_of(CODES["fp"])) == formatted
    by_hand = PAGE.replace(b"  <p>", JS_PIXEL.replace("<img ", "<img loading=lazy ").encode() + b"  <p>")
    assert put(by_hand, checkout(), make_options(adopt=True, combine=COMBINE)).count(LAZY) == 1
    keeping = replace(checkout("9.00"), keeping=frozenset({PIXEL_ID}))
    options = make_options(combine=COMBINE, remake=Combiner(Rendering()))
    assert inject.plan(Loaded(page), keeping, options) == []


def test_the_option_reaches_pages_beside_a_nonce_and_several_pixels(run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    Path("two.html").write_text(JS_PIXEL + JS_PIXEL.replace(PIXEL_ID, "6009125095681"))
    run("inject", "page.html", *FILE, "--lazy-noscript", "--nonce", "Zr0pQ1aB")
    for verb in ("updated", "unchanged"):
        page = Path("page.html").read_bytes()
        assert (page.count(LAZY), page.count(b'nonce="Zr0pQ1aB"')) == (1, 1)
        assert run("inject", "page.html", *FILE).err.endswith(f"1 {verb}\n")
    run("remove", "page.html")
    assert Path("page.html").read_bytes() == PAGE
    ran = run("inject", "page.html", "--from-file", "two.html", "--lazy-noscript", *TWO)
    assert (ran.code, Path("page.html").read_bytes().count(LAZY)) == (0, 2), ran.err


@pytest.mark.parametrize("more", [[], ["--variant", "noscript"], ["--template", "snippet"], ["--template", "clean"]])
def test_snippet_prints_a_lazy_image_and_no_other_byte_changes(run: Run, more: list[str]) -> None:
    lazy = run("snippet", *FILE, *more, "--lazy-noscript")
    assert lazy.out.count(LAZY.decode()) == 1
    assert lazy.out.replace(LAZY.decode(), "<img ") == run("snippet", *FILE, *more).out


def test_snippet_prints_lazy_images_of_many_pixels(sandbox_run: Run) -> None:
    assert sandbox_run("snippet", PIXEL_ID, PIXEL_ID, "--lazy-noscript").out.count(LAZY.decode()) == 2


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["snippet", *FILE, "--variant", "image"], "--lazy-noscript is for the noscript, not for --variant image."),
        (["snippet", *FILE, "--variant", "script"], "--lazy-noscript is for the noscript, not for --variant script."),
        (["snippet", *FILE, "--template", "consent"], f"what is written for fp:{PIXEL_ID} has no image in a noscript"),
        (["inject", "page.html", *FILE, "--template", "consent"], "has no image in a noscript"),
        (["snippet", "--from-file", "script.html"], "has no image in a noscript"),
    ],
)
def test_where_there_is_no_image_to_be_lazy_the_option_is_refused(run: Run, command: list[str], told: str) -> None:
    Path("page.html").write_bytes(PAGE)
    Path("script.html").write_text(JS_PIXEL[: JS_PIXEL.index("<noscript")])
    ran = run(*command, "--lazy-noscript")
    assert (ran.code, told in ran.err) == (2, True), ran.err
    assert Path("page.html").read_bytes() == PAGE
