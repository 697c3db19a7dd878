"""Page rules: what a CSV or JSON text may hold, which page gets which pixel, and what is refused with its line."""

from __future__ import annotations

import json
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import rules
from snippetkit.errors import SettingError
from snippetkit.rules import PixelValue, Rule, Rules, SheetChoices
from tests.conftest import PIXEL_ID

OTHER_ID = "6009125095681"
HEADER = "page,pixel,value,currency\n"
ALLOWED = SheetChoices(allow_empty=True, allow_zero=True)


def csv(*lines: str) -> Rules:
    return rules.parse(HEADER + "\n".join(lines), "rules.csv", choices=ALLOWED)


def pages(*pages: str) -> Rules:
    return csv(*(f"{page},{number}" for number, page in enumerate(pages, 1)))


def matched(found: Rules, path: str) -> list[tuple[str, int | None]]:
    return [(rule.pixel_id, rule.value_cents) for rule in found.match(path)]


def refusal(text: str) -> SettingError:
    with pytest.raises(SettingError) as error:
        rules.parse(text, "rules.csv", choices=ALLOWED)
    return error.value


TWO = (
    Rule("/thanks.html", PIXEL_ID, 1999, "USD", 2, 0),
    Rule("/shop/*", OTHER_ID, None, None, 3, 1),
)


@pytest.mark.parametrize(
    "text",
    [
        f"page,pixel,value,currency\n/thanks.html,{PIXEL_ID},1999,USD\n/shop/*,{OTHER_ID},,\n",
        f"page,pixel,value,currency\r\n/thanks.html,{PIXEL_ID},1999,USD\r\n/shop/*,{OTHER_ID}",
        f"page,pixel,value,currency\r/thanks.html,{PIXEL_ID},1999,USD\r/shop/*,{OTHER_ID}\r",
        f"page;pixel;value;currency\nthanks.html;{PIXEL_ID};1999;USD\nshop/*;{OTHER_ID};;\n",
        f"\ufeffcurrency,value,page,pixel\nUSD,1999,/thanks.html,{PIXEL_ID}\n,,/shop/*,{OTHER_ID}\n",
        f'"page","pixel","value","currency"\n"/thanks.html","{PIXEL_ID}","1999","USD"\n"/shop/*","{OTHER_ID}","",""\n',
        f" page , pixel , value , currency \n /thanks.html , {PIXEL_ID} , 1999 , USD \n/shop/*,{OTHER_ID}\n,,,\n\n",
    ],
    ids=["csv", "CRLF", "CR", "semicolons", "byte order mark", "quotes", "spaces"],
)
def test_a_csv_is_read_in_the_forms_that_programs_write(text: str) -> None:
    assert rules.parse(text, "rules.csv", choices=ALLOWED).rules == TWO


@pytest.mark.parametrize("value", ["1999", '"1999"', ' "1999" '], ids=["a number", "a string", "white space"])
def test_json_is_a_list_of_objects(value: str) -> None:
    text = f"""\ufeff\n[{{"page": "/thanks.html", "pixel": "{PIXEL_ID}", "value": {value},
 "currency": "USD"}},\r\n {{"pixel": "{OTHER_ID}", "page": "shop/*", "value": null, "currency": ""}} ]\n"""
    first, second = rules.parse(text, "rules.json", choices=ALLOWED).rules
    assert (first.page, first.pixel_value, first.line, first.index) == (
        "/thanks.html",
        PixelValue(PIXEL_ID, 1999, "USD"),
        2,
        0,
    )
    assert (second.page, second.pixel_value, second.line, second.index) == ("/shop/*", PixelValue(OTHER_ID), 4, 1)


def test_a_field_in_quotes_may_hold_the_delimiter_and_lines_are_counted_as_an_editor_does() -> None:
    found = csv(f'"/a,""b"".html",{PIXEL_ID}', "", f'"/c\n",{PIXEL_ID}', f"/d,{PIXEL_ID}")
    assert [(rule.page, rule.line) for rule in found.rules] == [('/a,"b".html', 2), ("/c", 4), ("/d", 6)]


@pytest.mark.parametrize(
    ("page", "falls_under", "does_not"),
    [
        ("/thanks.html", ["thanks.html", "/thanks.html"], ["Thanks.html", "shop/thanks.html", "thanks.htm", "thanks"]),
        ("thanks.html", ["thanks.html"], ["shop/thanks.html"]),
        ("/", ["index.html", "index.htm"], ["shop/index.html", "index.php", ""]),
        ("/shop/", ["shop/index.html", "shop/index.htm"], ["shop", "shop/", "shop/a/index.html", "index.html"]),
        ("/*", ["a.html", "b"], ["shop/a.html"]),
        ("/shop/*.html", ["shop/a.html", "shop/.html"], ["shop/a.htm", "shop/a/b.html", "shop/a.html.html/x"]),
        ("/shop/*/", ["shop/a/index.html", "shop/b/index.htm"], ["shop/index.html", "shop/a/b/index.html", "shop/a"]),
        ("/a*b*c.html", ["abc.html", "axxbyyc.html", "abbc.html"], ["ab/c.html", "acb.html", "abcxhtml"]),
        ("/**", ["a.html", "shop/a/b/c"], [""]),
        ("/**/", ["index.html", "a/index.html", "a/b/index.htm"], ["a/x.html", "aindex.html"]),
        ("/shop/**", ["shop/a", "shop/a/b.html"], ["shop", "shops/a", "x/shop/a"]),
        ("**/thanks.html", ["thanks.html", "a/thanks.html", "a/b/thanks.html"], ["a/nothanks.html", "thanks.html/a"]),
        ("/a/**/b/*/c", ["a/b/x/c", "a/x/b/y/c", "a/b/b/b/c"], ["a/b/c", "a/x/c"]),
        ("/a/**/b/**/c/d", ["a/b/c/d", "a/b/c/b/c/d", "a/c/d/b/c/c/d"], ["a/c/d", "a/c/b/d"]),
        ("/**/**/x", ["x", "a/x", "a/b/x"], ["x/a"]),
        ("/a.b+(c)[d]/*", ["a.b+(c)[d]/x"], ["axb+(c)[d]/x"]),
        ("/index.htm*", ["index.htm", "index.html", "index.htmx"], ["index.php"]),
        ("/café.html", ["café.html"], ["cafe.html"]),
    ],
)
def test_a_page_is_a_path_or_a_pattern(page: str, falls_under: list[str], does_not: list[str]) -> None:
    found = pages(page)
    assert [path for path in [*falls_under, *does_not] if found.match(path)] == falls_under


SEGMENT = st.text("ab*", min_size=1, max_size=4).filter(lambda text: "**" not in text)
PATTERN = st.lists(SEGMENT | st.just("**"), min_size=1, max_size=5).map("/".join)
PATH = st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=5).map("/".join)


def _plainly(page: str) -> re.Pattern[str]:
    """The meaning of a page, as a pattern that may try a text often."""
    text = re.escape(page).replace(r"\*\*/", "(?:[^/]+/)*").replace(r"\*\*", "(?:[^/]+/)*[^/]+")
    return re.compile(text.replace(r"\*", "[^/]*"))


@given(PATTERN, PATH)
def test_a_pattern_means_what_its_plain_reading_means(page: str, path: str) -> None:
    assert bool(pages(f"/{page}").match(path)) == bool(_plainly(page).fullmatch(path))


def test_several_pixels_go_onto_one_page_in_the_order_of_their_rules() -> None:
    found = csv("/a.html,1,100", "/*,2,200", "/a.html,3,300", "/**,4")
    assert matched(found, "a.html") == [("1", 100), ("2", 200), ("3", 300), ("4", None)]
    assert matched(found, "b.html") == [("2", 200), ("4", None)]
    assert matched(found, "b/c.html") == [("4", None)]


@pytest.mark.parametrize(
    "lines",
    [
        ["/shop/tea.html,1,100", "/shop/*.html,1,200", "/shop/**,1,300"],
        ["/shop/**,1,300", "/shop/*.html,1,200", "/shop/tea.html,1,100"],
        ["/shop/**,1,300", "/shop/te*.html,1,100"],
        ["/shop/t*.html,1,300", "/shop/*a.html,1,100"],
        ["/**/shop/**/tea.html,1,300", "/shop/tea.html,1,100"],
    ],
    ids=["exact", "in any order", "the longer", "the later", "exact and shorter"],
)
def test_for_one_pixel_the_most_specific_rule_counts(lines: list[str]) -> None:
    assert matched(csv(*lines), "shop/tea.html") == [("1", 100)]


def test_the_index_that_is_named_counts_before_its_folder() -> None:
    found = csv("/shop/index.html,1,100", "/shop/,1,200")
    assert matched(found, "shop/index.html") == [("1", 100)]
    assert matched(found, "shop/index.htm") == [("1", 200)]


def test_the_index_of_a_rule_tells_which_are_on_no_page() -> None:
    found = csv("/a.html,1", "/typo.html,1", "/a*,2", "/a*,2", "/b*,2")
    used = {rule.index for path in ("a.html", "ab.html") for rule in found.match(path)}
    unused = [rule for rule in found.rules if rule.index not in used]
    assert [(rule.page, rule.line) for rule in unused] == [("/typo.html", 3), ("/b*", 6)]
    assert [rule.index for rule in found.rules] == [0, 1, 2, 3]


def test_rules_go_to_another_process() -> None:
    found = csv("/a.html,1,100,USD", "/shop/**,2")
    copy = pickle.loads(pickle.dumps(found))
    assert copy == found
    assert copy.match("shop/x") == found.match("shop/x") != ()


def test_the_same_line_twice_counts_once() -> None:
    assert [rule.line for rule in csv("/a.html,1,100,USD", "a.html,1,0100,USD", "/a.html,2,100,USD").rules] == [2, 4]


@pytest.mark.parametrize("other", ["/a.html,1,200,USD", "a.html,1,100,EUR", "/a.html,1,100", "/a.html,1"])
def test_the_same_page_and_pixel_with_another_value_is_an_error_that_names_both_lines(other: str) -> None:
    error = refusal(f"{HEADER}/a.html,1,100,USD\n/b.html,1\n{other}\n")
    assert str(error) == "rules.csv, line 4: pixel 1 is on /a.html with another value in line 2"
    assert error.hint == "keep one of the two lines"


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("/a,1,19.99", "the value '19.99' is not a whole number", "minor units: 1999 is 19.99"),
        ('/a,1,"19,99"', "the value '19,99' is not a whole number", "minor units: 1999 is 19,99"),
        ("/a,1,0.05", "the value '0.05' is not a whole number", "minor units: 5 is 0.05"),
        ("/a,1,1999.0", "the value '1999.0' is not a whole number", "minor units: write 1999; in major"),
        ("/a,1,$5", "the value '$5' is not a whole number", "minor units: 1999 is 19.99"),
        ("/a,1,-5", "the value '-5' is negative", ""),
        ("/a,1,١٢", "is not a whole number", ""),
        ("/a,1,1234567890123456", "at most 15 digits", ""),
        ("/a,1,5,US", "'US' is not a currency", "three letters"),
        ("/a,1,5,$", "'$' may be USD, AUD, CAD", "three letters"),
        ("/a,1,5,ABC", "unknown currency 'ABC'", "give one of those that are taken, such as EUR, GBP, JPY, USD"),
        ("/a,1,,USD", "a currency without a value", "both, or neither"),
        ("/a,act_1", "the pixel 'act_1' is not a string of digits", "pixels list"),
        ("/a", "the pixel is empty", "in each row"),
        (",1", "the page '' is not a path", "/thanks.html"),
        ("https://example.com/a,1", "is a URL; leave the scheme and the host out", "/thanks.html"),
        ("//example.com/a,1", "is a URL", ""),
        ("shop\\a.html,1", "has a backslash; write /", ""),
        ("/shop/../a.html,1", "goes through '.' or '..'", ""),
        ("..,1", "goes through '.' or '..'", ""),
        ("./a.html,1", "goes through '.' or '..'", ""),
        ("/shop//a.html,1", "has an empty segment", ""),
        ("/a.html?x=1,1", "has a query or a fragment", ""),
        ("/a.html#x,1", "has a query or a fragment", ""),
        ("/shop/a**,1", "has ** next to other text", "/shop/**"),
        ("/***/a,1", "has ** next to other text", ""),
        ("/a\tb,1", "is not a path", ""),
        ("/a,1,19,99,USD", "5 fields, where the header has 4", "double quotes"),
        ("Thank you page,1", "the page 'Thank you page' is not a path", "/thanks.html"),
        ("shop/tea,1", "the page 'shop/tea' is not a path", "/thanks.html"),
        ('"/a"b,1', "this is not CSV", "double quote"),
        ('"/a,1', "this is not CSV", "double quote"),
        ("/a\x00,1", "this is not UTF-8 text", "save it as UTF-8"),
        ("/caf\udce9,1", "this is not UTF-8 text", "save it as UTF-8"),
    ],
)
def test_a_line_that_is_wrong_is_named_with_what_to_do(line: str, message: str, hint: str) -> None:
    error = refusal(f"{HEADER}\n/right.html,1,5,USD\n{line}\n")
    assert str(error).startswith("rules.csv, line 4: ")
    assert message in str(error)
    assert hint in error.hint


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (f"/thanks.html,{PIXEL_ID}", "no column 'page' and 'pixel'"),
        ("page,value", "no column 'pixel'"),
        ("pixel", "no column 'page'"),
    ],
)
def test_the_header_names_the_columns(header: str, message: str) -> None:
    error = refusal(f"{header}\n/a.html,1,5,6\n")
    assert str(error) == f"rules.csv, line 1: {message}"
    assert error.hint == "one row names the columns; the columns are page, pixel, value, amount, currency"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{"page": "/a", "pixel": "1"}', 1, "this is not a JSON list: no '['"),
        ('[{"page": "/a", "pixel": "1"}\n{}]', 2, "this is not a JSON list: no ','"),
        ('[{"page": "/a", "pixel": "1"},\n]', 2, "this is not JSON: Expecting value"),
        ('[{"page": "/a",\n"pixel": 1\n"value": 1}]', 3, "this is not JSON: Expecting ',' delimiter"),
        ('[{"page": "/a", "pixel": "1"}', 1, "this is not a JSON list: no ','"),
        ('[{"page": "/a", "pixel": "1"}]\n[]', 1, "there is something after the JSON list"),
        ('[\n\n"/a"]', 3, "this is not an object"),
        ("[" * 100_000, 1, "this is nested too deeply"),
        ('[{"page": "/a", "page": "/b"}]', 1, "this is not JSON: a key is there twice"),
        ('[{"page": "/a", "pixel": "1", "price": 5}]', 1, "unknown key 'price'"),
        ('[{"page": "/a", "pixel": 6009125095680}]', 1, "the pixel 6009125095680 is not a string"),
        ('[{"page": "/a", "pixel": "1", "value": 19.99}]', 1, "the value '19.99' is not a whole number"),
        ('[{"page": "/a", "pixel": "1", "value": 1e3}]', 1, "the value '1e3' is not a whole number"),
        ('[{"page": "/a", "pixel": "1", "value": NaN}]', 1, "the value is neither text nor a whole number"),
        ('[{"page": "/a", "pixel": "1", "value": true}]', 1, "the value is neither text nor a whole number"),
        ('[{"page": ["/a"], "pixel": "1"}]', 1, "the page is neither text nor a whole number"),
        ('[{"page": "/a\\ud800", "pixel": "1"}]', 1, "is not a path"),
        ('[{"page": "/a\\u0000", "pixel": "1"}]', 1, "is not a path"),
        ('[{"pixel": "1"}]', 1, "the page '' is not a path"),
        (f'[{{"page": "/a", "pixel": "1", "value": {"9" * 5000}}}]', 1, "is not a whole number"),
    ],
)
def test_json_that_is_wrong_is_named_with_its_line(text: str, line: int, message: str) -> None:
    error = refusal(text)
    assert str(error).startswith(f"rules.csv, line {line}: ")
    assert message in str(error)
    assert len(str(error)) < 200


@pytest.mark.parametrize(
    ("pixel", "advice"),
    [
        ("6009125095680", 'write "6009125095680": as a number'),
        ("6009125095680.0", "write the id in quotes, as the platform shows it"),
        ("6.00912509568e+12", "write the id in quotes, as the platform shows it"),
    ],
)
def test_an_id_that_became_a_number_has_to_be_written_as_the_platform_shows_it(pixel: str, advice: str) -> None:
    assert advice in str(refusal(f'[{{"page": "/a", "pixel": {pixel}}}]').hint)


@pytest.mark.parametrize("text", ["", "\ufeff", " \n", HEADER, "[]", " [ ] "])
def test_a_text_without_rules_is_an_error(text: str) -> None:
    assert str(refusal(text)) == "rules.csv: no rules"


@pytest.mark.parametrize("text", ["\x1f\x8b\x08\x00", b"p\x00a\x00g\x00e\x00".decode(), "\udcff\udcfep\x00"])
def test_what_is_no_text_is_one_clear_error(text: str) -> None:
    assert str(refusal(text)) == "rules.csv, line 1: this is not UTF-8 text"


@given(st.text(st.sampled_from('page,ixl;vu"\n[]{}:/*19\\.#\ufeff\x00'), max_size=60))
def test_any_text_is_rules_or_a_setting_error_with_a_hint(text: str) -> None:
    for given_text in (text, HEADER + text, f'[{{"page": "/a", "pixel": "1"}}{text}'):
        try:
            rules.parse(given_text, "rules.csv")
        except SettingError as error:
            assert error.hint


@given(st.lists(st.tuples(PATTERN, st.integers(1, 9), st.none() | st.integers(0, 10**15 - 1)), min_size=1))
def test_csv_and_json_mean_the_same(lines: list[tuple[str, int, int | None]]) -> None:
    unique = {(f"/{page}", pixel): value for page, pixel, value in lines}
    as_csv = csv(*(f"{page},{pixel},{'' if value is None else value}" for (page, pixel), value in unique.items()))
    items = [{"page": page, "pixel": str(pixel), "value": value} for (page, pixel), value in unique.items()]
    as_json = rules.parse(json.dumps(items), "rules.json", choices=ALLOWED)
    assert [(r.page, r.pixel_value) for r in as_csv.rules] == [(r.page, r.pixel_value) for r in as_json.rules]


def test_exact_pages_are_found_however_many_there_are() -> None:
    found = csv(*(f"/shop/{number}.html,1,{number}" for number in range(50_000)))
    paths = [f"shop/{number}.html" for number in range(0, 100_000, 10)]
    assert sum(len(found.match(path)) for path in paths) == 5_000


@pytest.mark.parametrize(
    "page", ["/" + "*a" * 50, "/" + "**/a/" * 30 + "b", "/" + "**/*a*/" * 30 + "b", "/" + "*/" * 100 + "b"]
)
def test_no_pattern_takes_for_ever_on_any_path(page: str) -> None:
    found = pages(page)
    for path in ("a" * 4000, "a/" * 2000 + "c", "aa/" * 100 + "c"):
        assert not found.match(path + "!")
