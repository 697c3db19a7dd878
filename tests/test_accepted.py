"""The laws of injection over every code that `--from-file` accepts: that of the cases, each variant, and generated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import inject, snippets
from snippetkit.errors import PageRefusedError, SnippetkitError
from snippetkit.inject import Insertion, PlanOptions
from snippetkit.model import Loaded
from snippetkit.server_code import with_values
from snippetkit.terms import Part, Placement
from snippetkit.work import Allowed, Rendering, Sent, Value, code_of_each, make_insertion
from tests.conftest import CASES
from tests.pages import COMBINE, KEY, make_options, pages, put, take_out, why_refused
from tests.pixels import CODES, PURCHASE
from tests.variants import VARIANTS

PAGES = [
    "<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n",
    "<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n",
    "<!doctype html>\n<html>\n\t<head>\n\t\t<title>x</title>\n\t</head>\n\t<body>\n\t\t<p>x</p>\n\t</body>\n</html>",
    "<!doctype html>\n<title>x</title>\n\n<p>x\n",
    "<!doctype html><html><head><title>x</title></head><body><p>x</p></body></html>",
]
NEWLINES = ["\n", "\r\n", "\r"]
TERMS = {
    **{placement.value: make_options(placement, combine=COMBINE) for placement in Placement},
    **{
        f"whole in {placement}": PlanOptions(dict.fromkeys(Part, placement), combine=COMBINE)
        for placement in (Placement.HEAD_TOP, Placement.HEAD_BOTTOM)
    },
}
_ALLOWED = Allowed(languages=frozenset(with_values()))


@cache
def _accepted(code: bytes) -> list[Insertion]:
    """What `inject --from-file` takes from a file: the code of each pixel that it names."""
    sent = Sent("code.html", code.decode("utf-8", "surrogateescape"))
    named = {found.pixel_id for found in snippets.read(sent.text)}
    insertions = []
    for pixel_id in sorted(named):
        try:
            insertions.append(make_insertion(code_of_each(sent, [pixel_id], _ALLOWED, Value()), Rendering()))
        except SnippetkitError:
            continue
    return insertions


def _check_laws(page: bytes, insertion: Insertion, options: PlanOptions) -> str:
    """Why a page does not take the code; where it does, it is held to come off again. Only server code is refused."""
    try:
        inject.plan(Loaded(page), insertion, options)
    except PageRefusedError as error:
        assert insertion.has_server_code, error
        return str(error)
    done = put(page, insertion, options)
    assert done != page
    for chosen in ({}, {"keys": [insertion.key]}, {"pixel_ids": insertion.pixel_ids}):
        assert take_out(done, **chosen) == page
    return ""


def _every_code() -> Iterator[tuple[str, bytes]]:
    for path in sorted(path for path in CASES.rglob("*") if path.is_file()):
        yield str(path.relative_to(CASES)), path.read_bytes()
    for variant in VARIANTS:
        yield variant.name, variant.code.encode()
    yield "a purchase", PURCHASE.encode()


EVERY_CODE = dict(_every_code())


@pytest.mark.wide
@pytest.mark.parametrize("options", TERMS)
@pytest.mark.parametrize("name", EVERY_CODE)
def test_what_is_accepted_goes_onto_a_page_and_off_again(name: str, options: str) -> None:
    for insertion in _accepted(EVERY_CODE[name]):
        for server_code in {False, insertion.has_server_code}:
            asked = replace(TERMS[options], server_code=server_code)
            for page, newline in product(PAGES, NEWLINES):
                reason = _check_laws(page.replace("\n", newline).encode(), insertion, asked)
                assert not reason or not server_code or reason.endswith("would read the script as its own")


def test_most_of_the_cases_code_is_accepted() -> None:
    names = {name for name, code in EVERY_CODE.items() if _accepted(code)}
    assert {"code/fp.html", "code/fbds.html", "code/fbq.html", "a purchase"} <= names
    assert len(names) > len(VARIANTS) // 2


@pytest.mark.parametrize(
    ("page", "server_code", "reason"),
    [
        (PAGES[0], False, "server code: what the browser gets is not certain; --server-code accepts such pages"),
        (PAGES[0].replace("</head>", "</head></head>"), True, "a second </head> in a page with server code"),
    ],
)
def test_server_code_that_would_keep_a_page_from_being_read_again_is_refused_at_once(
    page: str, server_code: bool, reason: str
) -> None:
    [insertion] = _accepted(CODES["fp"].replace("19.99", "<?= $total ?>").encode())
    told = f"{insertion.key} brings server code, and the page could not be read again: {reason}"
    assert told in why_refused(page.encode(), insertion, make_options(server_code=server_code))
    assert why_refused(page.encode(), insertion, make_options(server_code=server_code)).startswith("line 5, column 1: ")


def test_server_code_that_does_not_end_is_not_accepted() -> None:
    assert _accepted(CODES["fp"].replace("<script", "<script class='x'").encode())
    assert not _accepted(CODES["fp"].replace("<script", "<script class='{{'").encode())


_TEXT = st.text(st.sampled_from("\t\n\r\f <>!-/\\'\"`{}%&;:*é\u2028aB0"), max_size=12) | st.sampled_from(
    ["<body>", "</body>", "</head>", "\\\n  x", "-->", "<!--", "snippetkit:", "snippetkit", "\u2029", "\ufeff", "`\n  "]
)


@st.composite
def _generated(draw: st.DrawFn) -> bytes:
    """Code of a dialect with text where a person or a tool puts some: in comments, in an alt, between the lines."""
    code = draw(st.sampled_from([*CODES.values(), PURCHASE]))
    for _ in range(draw(st.integers(1, 3))):
        text = draw(_TEXT)
        old, new = draw(
            st.sampled_from(
                [
                    (r"(?<=<script)", f' class="{text}"'),
                    (r"(?<=<script>)|(?<=javascript\">)|(?<=1aB\">)", f"\n/* {text} */\n"),
                    (r"(?=</script>)", f"// {text}\n"),
                    (r"(?<=;\n)", f"  /* {text} */ "),
                    (r"<img", f'<img title="{text}"'),
                    (r"<img", f"<img title='{text}'"),
                    (r"<noscript>", f"<noscript>{text}"),
                    (r"\n", draw(st.sampled_from(["\r\n", "\r", "\n\n", "\n\t", "\n    ", " \n"]))),
                    (r"'", '"'),
                    (r"'(?=19|30|PageView|USD)", f"'{text}' || '"),
                ]
            )
        )
        code = re.sub(old, lambda _, new=new: new, code, count=draw(st.integers(0, 2)))
    return code.encode()


@given(
    _generated(), pages() | st.sampled_from(PAGES).map(str.encode), st.sampled_from([*TERMS.values()]), st.booleans()
)
def test_what_is_accepted_of_generated_code_goes_onto_any_page_and_off_again(
    code: bytes, page: bytes, options: PlanOptions, server_code: bool
) -> None:
    options = replace(options, server_code=server_code)
    for insertion in _accepted(code):
        if insertion.is_ascii or _is_utf8(page):
            _check_laws(page, insertion, options)


def _is_utf8(page: bytes) -> bool:
    try:
        page.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("code", "has_server_code"),
    [
        (b"<script>a({b: {}})</script>", False),
        (b"<script>a('{{ b }}')</script>", True),
        (b"<script>/* </head></head> <%= b %> */</script>", True),
    ],
)
def test_what_a_server_may_run_is_told(code: bytes, has_server_code: bool) -> None:
    assert Insertion(KEY, {Part.SCRIPT: code}).has_server_code is has_server_code
