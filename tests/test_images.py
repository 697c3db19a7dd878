"""Images that count beside a script, beside another image, or not at all: each reader tells them, none adds to them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.inject import find_code
from snippetkit.model import Loaded
from tests.conftest import Run
from tests.pages import as_new, insertion_of, make_options, put, take_out, why_refused
from tests.pixels import EVERY_CODE, META_ID
from tests.reading import find_in_source

PAGE = b"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"
PURCHASE = f"""<script>
fbq('init', '{META_ID}');
fbq('track', 'Purchase', {{value: 30.00, currency: 'USD'}});
</script>
"""
SRC = f"https://www.facebook.com/tr?id={META_ID}&amp;ev=Purchase&amp;cd%5Bvalue%5D=30&amp;cd%5Bcurrency%5D=USD"
IMAGE = f'<img height="1" width="1" alt="" src="{SRC}">'
NOSCRIPT = f"<noscript>{IMAGE}</noscript>"
LEAD = IMAGE.replace("ev=Purchase", "ev=Lead")
OTHER = IMAGE.replace(META_ID, "6009125095680")
TWO = PURCHASE.replace("fbq('track'", "fbq('init', '6009125095680');\nfbq('track'")
ESCAPED = NOSCRIPT.replace("<img", "&lt;img")
NO_EVENT = NOSCRIPT.replace("&amp;ev=Purchase", "")

# The code, how many snippets it is, and what lint says.
SHAPES = {
    "right": (PURCHASE + NOSCRIPT, 1, []),
    "an image behind its script": (PURCHASE + IMAGE, 2, ["image-outside-noscript"]),
    "an image in front of its script": (IMAGE + PURCHASE, 2, ["image-outside-noscript"]),
    "an image beside script and noscript": (PURCHASE + NOSCRIPT + IMAGE, 2, ["image-outside-noscript"]),
    "an image alone": (IMAGE, 1, []),
    "an image of another event": (PURCHASE + LEAD, 2, []),
    "an image of another pixel": (PURCHASE + OTHER, 2, []),
    "an image beside a script that is none": (PURCHASE.replace("});", "}") + IMAGE, 2, ["script-error"]),
    "two noscripts": (PURCHASE + NOSCRIPT * 2, 2, ["duplicate-noscript"]),
    "two images in a noscript": (PURCHASE + f"<noscript>{IMAGE * 2}</noscript>", 1, ["duplicate-noscript"]),
    "the whole code twice": ((PURCHASE + NOSCRIPT) * 2, 2, ["duplicate-pixel"]),
    "noscripts of two events": (PURCHASE + NOSCRIPT + f"<noscript>{LEAD}</noscript>", 2, []),
    "two pixels of one script, a noscript each": (TWO + NOSCRIPT + f"<noscript>{OTHER}</noscript>", 2, []),
    "no event": (PURCHASE + NO_EVENT, 1, ["noscript-parameters"]),
    "an empty event": (PURCHASE + NOSCRIPT.replace("ev=Purchase", "ev="), 1, ["event-mismatch", "noscript-parameters"]),
    "an event that a server names": (PURCHASE + NOSCRIPT.replace("ev=Purchase", "<?= $event ?>"), 1, []),
    "its own noscript, and one of another pixel": (
        PURCHASE + f"<noscript>{OTHER}</noscript><p>a</p>" + NOSCRIPT,
        2,
        [],
    ),
    "another event of its own noscript, and one of another pixel": (
        PURCHASE.replace("fbq('track'", "fbq('track', 'Lead');\nfbq('track'")
        + f"<noscript>{OTHER}</noscript><p>a</p>"
        + NOSCRIPT,
        3,
        [],
    ),
    "a noscript of another pixel alone": (PURCHASE + f"<noscript>{OTHER}</noscript>", 1, ["id-mismatch"]),
    "an escaped image": (PURCHASE + ESCAPED, 1, ["escaped-image"]),
    "an escaped image, by its number": (PURCHASE + ESCAPED.replace("&lt;", "&#x3C;"), 1, ["escaped-image"]),
    "an escaped image alone": (ESCAPED, 0, ["escaped-image"]),
    "another image that is escaped": (PURCHASE + NOSCRIPT + "<noscript>&lt;img src=a.gif></noscript>", 1, []),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_counts_twice_or_not_at_all_is_found(name: str) -> None:
    code, number, codes = SHAPES[name]
    document = snippets.parse(PAGE.decode().replace("<p>", f"{code}<p>"))
    assert len(document.codes) == number
    assert sorted({finding.code for finding in lint.find(document)}) == codes


@pytest.mark.parametrize("name", [name for name, (_, number, _) in SHAPES.items() if number])
def test_each_that_fires_is_told_by_status_and_none_is_doubled(name: str) -> None:
    code, number, _ = SHAPES[name]
    page = PAGE.replace(b"<p>", code.encode() + b"<p>")
    assert len(find_code(Loaded(page)).carried) == number
    assert "carries unmarked code" in why_refused(page, insertion_of(PURCHASE + NOSCRIPT))


def test_a_noscript_of_another_pixel_outside_a_region_is_no_half_of_what_stands_in_it() -> None:
    page = put(PAGE.replace(b"</head>", f"<noscript>{OTHER}</noscript>\n</head>".encode()), insertion_of(PURCHASE))
    told = [(one.dialect, one.pixel_id) for one in snippets.read(page.decode())]
    assert told == [("fbq", META_ID), ("image", "6009125095680")]
    assert {finding.code for finding in lint.find(snippets.parse(page.decode()))} == {"noscript-in-head"}


@pytest.mark.parametrize("image", [IMAGE, NOSCRIPT])
def test_an_image_beside_a_region_is_told_and_taken_out_only_when_asked(image: str) -> None:
    insertion = insertion_of(PURCHASE + NOSCRIPT)
    page = put(PAGE, insertion).replace(b"<p>", image.encode() + b"\n<p>")
    assert [found.is_managed for found in find_code(Loaded(page)).carried] == [True, False]
    new = insertion_of((PURCHASE + NOSCRIPT).replace("30.00", "31.00").replace("=30", "=31"))
    assert "unmarked code of image:" in why_refused(page, new)
    adopted = put(page, new, make_options(adopt=True))
    assert as_new(adopted) == put(PAGE, new)
    assert take_out(adopted) == PAGE


REFUSED = ["an image behind its script", "an image beside script and noscript", "two noscripts", "no event"]


@pytest.mark.parametrize("name", [*REFUSED, "two images in a noscript", "an escaped image"])
def test_code_from_a_file_that_counts_twice_or_not_at_all_goes_onto_no_page(run: Run, name: str) -> None:
    code, _, [found] = SHAPES[name]
    Path("code.html").write_text(code)
    Path("page.html").write_bytes(PAGE)
    ran = run("inject", "page.html", "--from-file", "code.html", "--pixel", META_ID)
    assert ran.code == 6
    assert f"{found}: " in ran.err
    assert Path("page.html").read_bytes() == PAGE


def test_inspect_names_what_is_wrong_with_an_image(run: Run) -> None:
    Path("page.html").write_text(PURCHASE + IMAGE)
    ran = run("inspect", "page.html")
    assert [line.split()[-1] for line in ran.out.splitlines()[1:]] == ["live", "image-outside-noscript"]


def test_each_pixel_of_a_script_has_its_own_images() -> None:
    document = snippets.parse(TWO + NOSCRIPT + f"<noscript>{OTHER}</noscript>")
    assert [image.read.report.pixel_id.text for code in document.codes for image in code.images] == [  # type: ignore[union-attr]
        code.pixel_id for code in document.codes
    ]


MADE = "https://www.facebook.com/tr?id=434566956589050&ev=Lead&noscript=1"
BY_SCRIPT = {
    f"new Image().src = '{MADE}';": True,
    f"var i = new Image(1, 1); i.src = `{MADE}`;": True,
    f'document.write(\'<img alt="" src="{MADE}">\');': True,
    f"navigator.sendBeacon('{MADE}');": True,
    f"(function () {{ fetch('{MADE}' + '&t=' + Date.now()); }})();": True,
    f'document.write(\'<noscript><img alt="" src="{MADE}"></noscript>\');': False,
    f"function later() {{ new Image().src = '{MADE}'; }}": False,
    f"new Image().src = '{MADE.replace('Lead', 'Contact')}';": False,
}


@pytest.mark.parametrize("script", BY_SCRIPT)
def test_an_image_that_a_script_makes_is_read_and_counts_beside_the_pixels_own(script: str) -> None:
    own = "fbq('init', '434566956589050'); fbq('track', 'Lead');"
    text = f"<html><head><script>{own}</script>\n<script>{script}</script></head><body></body></html>"
    event = "Contact" if "Contact" in script else "Lead"
    read = [(one.dialect, one.event, one.line) for one in snippets.read_file("x.html", text)]
    assert read == [("fbq", "Lead", 1), ("image", event, 2)]
    found = [(one.code, one.line, one.snippet) for one in find_in_source("x.html", text)]
    assert found == ([("image-outside-noscript", 2, 1)] if BY_SCRIPT[script] else [])


@pytest.mark.parametrize(
    ("url", "told", "is_dynamic"),
    [
        ("'https://www.facebook.com/tr?id=' + id + '&ev=Lead'", ("id", "Lead"), True),
        (f"'{MADE.partition('Lead')[0]}' + event", ("434566956589050", "event"), True),
        ("'https://www.facebook.com/tr?id=' + ID + '&ev=Lead'", ("434566956589050", "Lead"), False),
        ("`https://www.facebook.com/tr?id=${ID}&ev=Lead`", ("434566956589050", "Lead"), False),
    ],
)
@pytest.mark.parametrize("name", ["x.html", "x.js"])
def test_an_image_of_which_a_script_tells_a_part_says_which(
    name: str, url: str, told: tuple[str, str], is_dynamic: bool
) -> None:
    script = f"const ID = '434566956589050'; new Image().src = {url};"
    [read] = snippets.read_file(name, script if name == "x.js" else f"<script>{script}</script>")
    assert (read.pixel_id, read.event, read.dynamic) == (*told, is_dynamic)


def test_an_image_in_a_comment_of_a_script_is_none() -> None:
    assert snippets.read_file("x.html", f"<html><head><script>// '{MADE}'</script></head></html>") == []


GOING_ON = {
    "u += '&ev=Lead'; u += '&cd[value]=3.00&cd[currency]=USD'; img.src = u;": ("Lead", "3.00", []),
    "u += '&ev=Lead' + '&cd[value]=' + total;\n// more\nu += '&cd[currency]=USD';": (
        "Lead",
        "total",
        ["dynamic-value"],
    ),
    "/* a */ u+='&ev=Le'; u +='ad';": ("Lead", None, []),
    "if (sold) u += '&ev=Purchase';": (None, None, []),
    "u += '&ev=Lead'; if (sold) { u += '&cd[value]=3'; }": ("Lead", None, []),
    "img.src = u; n += 1;": (None, None, ["noscript-parameters"]),
    "img.src = u; other.u += '&ev=Lead';": (None, None, ["noscript-parameters"]),
}


@pytest.mark.parametrize("name", ["x.html", "x.js"])
@pytest.mark.parametrize("first", ["var u = {};", "let u; u = {};"])
@pytest.mark.parametrize("behind", GOING_ON)
def test_a_url_is_read_with_what_the_statements_behind_it_add(name: str, first: str, behind: str) -> None:
    script = first.format(f"'{MADE.partition('&')[0]}'") + f"\n{behind}"
    text = script if name == "x.js" else f"<script>{script}</script>"
    [read] = snippets.read_file(name, text)
    assert (read.event, read.value, [one.code for one in find_in_source(name, text)]) == GOING_ON[behind]


MARKUP = [
    "document.write('{} + total + '{}')",
    "document.body.innerHTML += '{} + total + '{}'",
    "$('body').append('{} + order.total() + '{}')",
    "document.write(`{}${{total}}{}`)".replace("`", "'").replace("${{total}}", "' + t + '"),
    "x.insertAdjacentHTML('beforeend', '<p>' + a + '</p>' + '{} + '\"a>b' + '{}')".replace("'\"a>b'", '"a>b"'),
    "y('{}'.concat(total, '{}'))",
]


@pytest.mark.parametrize("call", MARKUP)
@pytest.mark.parametrize("name", ["x.html", "x.js"])
def test_markup_that_a_script_puts_together_is_read(name: str, call: str) -> None:
    image = f'<img alt="" src="{MADE}&cd[value]='
    call = call.replace("'{} + ", "'{}' + ", 1)
    script = call.format(image, '&cd[currency]=USD"><b>x</b>')
    text = script if name == "x.js" else f"<script>{script}</script>"
    [read] = snippets.read_file(name, text)
    assert (read.pixel_id, read.event, read.currency) == ("434566956589050", "Lead", "USD")
    assert read.dynamic is ("a>b" not in script)


def test_each_image_of_markup_that_is_put_together_is_read_once() -> None:
    one, two = (f'<img alt="" src="{MADE}&n={number}">' for number in (1, 2))
    text = f"<script>document.write('{one}' + '<hr>' + '{two}' + a);</script>"
    assert [read.image_url[-1] for read in snippets.read_file("x.html", text)] == ["1", "2"]


def test_an_image_of_a_dead_script_is_none() -> None:
    text = f"<script type=text/x-none>fbq('init', '1'); new Image().src = '{MADE}';</script>"
    assert [one.dialect for one in snippets.read_file("x.html", text)] == ["fbq"]


TOLD_LATER = {
    "`{0}&cd[currency]=USD&cd[value]=${{order.total}}`": "${order.total}",
    "'{0}&cd[currency]=USD&cd[value]=' + total": "total",
    "'{0}&cd[currency]=USD&cd[value]=' + order.total": "order.total",
    "'{0}&cd[currency]=USD&cd[value]=' + _": "${_}",
    "'{0}&cd[currency]=USD&cd[value]=' + `${{_}}`": "${_}",
    "'{0}&cd[currency]=USD&cd[value]=' + euros + cents": "${euros}${cents}",
    "'{0}&cd[value]=' + total + '&cd[currency]=USD'": "total",
    "'{0}&cd[currency]=USD&cd[va' + ('lue]=' + total)": "total",
    "'{0}&cd[currency]=USD&cd[value]=' + (price + tax)": "price + tax",
    "'{0}&cd[currency]=USD&cd[value]=' + (paid ? 'a&b=1' : free({{}}))": "paid ? 'a&b=1' : free({})",
    "'{0}&cd[currency]=USD&cd[value]='.concat(encodeURIComponent(total))": "encodeURIComponent(total)",
    "'{0}&cd[currency]=USD&cd[value]=' + euros + '.00'": "${euros}.00",
    "('{0}&cd[currency]=USD&') + `cd[value]=${{total}}`": "${total}",
}
TOLD_AT_ONCE = [
    "'{0}&cd[currency]=USD&cd[val' + 'ue]=3.00'",
    "'{0}&cd[value]=3.00&cd[currency]=US' + 'D&t=' + Date.now()",
    "'{0}&cd[currency]=USD&cd[value]='.concat('3', '.00', '&t=', Date.now())",
    "'{0}&cd[currency]=USD&cd[value]=' + 3.00",
    "'{0}&cd[currency]=USD&t=' + (1 + 2) + '&cd[value]=3\\x2e00'",
]


@pytest.mark.parametrize("url", [*TOLD_LATER, *TOLD_AT_ONCE])
@pytest.mark.parametrize("name", ["x.html", "x.js"])
def test_the_value_of_an_image_that_a_script_puts_together_is_read_to_its_end(run: Run, name: str, url: str) -> None:
    script = f"new Image().src = {url.format(MADE)};"
    text = f"<html><head><script>{script}</script></head></html>" if name == "x.html" else script
    Path(name).write_text(text)
    [read] = snippets.read_file(name, text)
    value = TOLD_LATER.get(url, "3.00")
    assert (read.event, read.value, read.currency, read.dynamic) == ("Lead", value, "USD", url in TOLD_LATER)
    found = [one.code for one in find_in_source(name, text)]
    assert found == (["dynamic-value"] if url in TOLD_LATER else [])
    assert ("dynamic" in run("inspect", name).out.split()) == (url in TOLD_LATER)


@pytest.mark.parametrize(
    "rest", ["'&a=1' + " * 2000 + "b", "('&a=1' + " * 2000 + "b" + ")" * 2000, f"({'a + ' * 2000}b)"]
)
def test_a_url_of_thousands_of_parts_is_told_to_a_part_of_it(rest: str) -> None:
    [read] = snippets.read_file("x.js", f"new Image().src = '{MADE}&cd[currency]=USD&cd[value]=' + 3.00 + {rest};")
    assert (read.event, read.currency, read.pixel_id) == ("Lead", "USD", META_ID)
    assert len(read.image_url) < 3000


def test_what_stands_in_front_of_an_images_url_is_no_part_of_it() -> None:
    script = f"send(scheme + '{MADE[6:]}&cd[value]=' + total + '&cd[currency]=USD', more + 1);"
    [read] = snippets.read_file("x.js", script)
    assert (read.pixel_id, read.value, read.currency) == ("434566956589050", "total", "USD")


def test_an_image_of_a_program_whose_pixel_it_tells_later_is_dynamic() -> None:
    [read] = snippets.read_file("x.js", "new Image().src = 'https://www.facebook.com/tr?id=' + id + '&ev=Lead';")
    assert (read.pixel_id, read.event, read.dynamic) == ("id", "Lead", True)


@pytest.mark.parametrize("url", ["HTTPS://WWW.FACEBOOK.COM/tr?", "//www.Facebook.com/tr/?", "https://FaceBook.com/TR?"])
def test_the_scheme_and_the_host_of_a_url_are_read_in_any_case(run: Run, url: str) -> None:
    image = IMAGE.replace("https://www.facebook.com/tr?", url)
    program = f"new Image().src = '{url}id={META_ID}&ev=Purchase'".replace("/", "\\/")
    for name, text in (("page.html", image), ("page.js", program)):
        Path(name).write_text(text)
        [snippet] = snippets.read_file(name, text)
        assert (snippet.pixel_id, snippet.event) == (META_ID, "Purchase")
        assert [one.pixel_id for one in find_code(Loaded(text.encode()), name).carried] == [META_ID]
        assert META_ID in run("status", name).out


def test_a_loaders_host_may_be_in_capitals_and_its_path_may_not() -> None:
    code = EVERY_CODE["fbq"].replace("https://connect.facebook.net/", "HTTPS://Connect.Facebook.NET/")
    assert not lint.find_untrusted(snippets.parse(code))
    assert lint.find_untrusted(snippets.parse(code.replace("fbevents.js", "FBEVENTS.JS")))


WITHOUT_BRACKETS = NOSCRIPT.replace("cd%5Bvalue%5D", "value").replace("cd%5Bcurrency%5D", "currency")
WITHOUT_VALUE = NOSCRIPT.replace("&amp;cd%5Bvalue%5D=30&amp;cd%5Bcurrency%5D=USD", "")


def test_a_value_that_the_endpoint_does_not_know_is_lost_and_not_in_the_old_one() -> None:
    [wrong] = lint.find(snippets.parse(PURCHASE + WITHOUT_BRACKETS))
    message = "the image's URL has value= where cd[value]= should be, so the value is lost"
    assert (wrong.code, wrong.message) == ("noscript-parameters", message)
    old = f"https://www.facebook.com/tr?ev={META_ID}&amp;value=30&amp;currency=USD"
    found = lint.find(snippets.parse(f'<noscript><img alt="" src="{old}"></noscript>'))
    assert [one.code for one in found] == ["retired-endpoint"]


@pytest.mark.parametrize("noscript", [WITHOUT_BRACKETS, WITHOUT_VALUE])
def test_a_value_is_set_in_both_halves_or_in_none(run: Run, noscript: str) -> None:
    Path("code.html").write_text(PURCHASE + noscript)
    Path("page.html").write_bytes(PAGE)
    for command in (["snippet"], ["inject", "page.html"]):
        ran = run(*command, "--from-file", "code.html", "--value", "500")
        assert (ran.code, ran.out) == (6, "")
    assert (
        "no value to set: line 5: add &amp;cd%5Bvalue%5D=0.00"
        in run("snippet", "--from-file", "code.html", "--value", "500").err
    )
    assert Path("page.html").read_bytes() == PAGE
    page_view = PURCHASE + NO_EVENT.replace(f"id={META_ID}", f"id={META_ID}&amp;ev=PageView").partition("&amp;cd")[0]
    Path("code.html").write_text(f'{page_view}"></noscript>')
    assert "value: 5.00" in run("snippet", "--from-file", "code.html", "--value", "500").out


def test_the_noscript_of_another_event_is_the_scripts_in_front_of_it() -> None:
    base, _, event = PURCHASE.partition("fbq('track'")
    apart = f"{base}fbq('track', 'PageView');</script>\n<p>a</p>\n<script>fbq('track'{event}<p>b</p>"
    text = f"{apart}<noscript>{LEAD}</noscript>"
    [wrong] = [one for one in lint.find(snippets.parse(text)) if one.code == "event-mismatch"]
    assert wrong.message == "the script's event is Purchase, the noscript's Lead"
    [page_view, purchase] = snippets.read(text)
    assert (page_view.noscript_span, purchase.event) == (None, "Purchase")
    assert "ev=Lead" in purchase.noscript


def test_what_is_to_be_added_to_a_url_in_a_string_is_not_escaped() -> None:
    script = f"new Image().src = 'https://www.facebook.com/tr?id={META_ID}&ev=Purchase&cd[value]=3';"
    for name, text in (("page.html", f"<script>{script}</script>"), ("page.js", script)):
        [found] = [one for one in find_in_source(name, text) if one.code == "currency-missing"]
        assert found.message.endswith("add &cd%5Bcurrency%5D=USD to the image's URL")


@pytest.mark.parametrize("event", ["Add+To+Cart", "Add%20To%20Cart"])
def test_a_plus_in_a_query_is_a_blank_as_servers_read_it(event: str) -> None:
    [reading] = snippets.read(LEAD.replace("Lead", event))
    assert reading.event == "Add To Cart"


def test_code_that_is_made_of_a_name_with_blanks_says_the_same_in_both_halves(run: Run) -> None:
    ran = run("snippet", "--kind", "tfa", "1234567", "--event", "Add To Cart")
    assert ran.code == 0, ran.err
    assert {one.event for one in snippets.read(ran.out) if one.conversion} == {"Add To Cart"}


_IMAGES = [
    (name, url)
    for name, code in EVERY_CODE.items()
    for snippet in snippets.read(f"<p></p>{code}")
    for url in snippet.image_urls
]


@pytest.mark.parametrize(("name", "url"), _IMAGES, ids=[f"{name} {at}" for at, (name, _) in enumerate(_IMAGES)])
def test_an_image_of_each_platform_is_read_wherever_its_url_stands(name: str, url: str) -> None:
    def read(text: str) -> list[tuple[str | None, ...]]:
        return [(one.pixel_id, one.event, one.value, one.currency) for one in snippets.read_file("x.html", text)]

    [told] = read(f'<img alt="" src="{url}">')
    host = re.escape(url.split("/")[2])
    for form in (url, re.sub(rf"//{host}", lambda match: f"{match[0]}:443", url)):
        page = "<!doctype html><html><body>{}</body></html>"
        assert read(page.format(f'<img alt="" src="{form.replace("&", "&amp;")}">')) == [told]
        assert read(page.format(f"<script>new Image().src = '{form}';</script>")) == [told]
        assert read(page.format(f"<script>document.write('<img alt src=\"{form}\">');</script>")) == [told]
