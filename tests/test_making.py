"""`--kind NAME`: code that is made here says what was asked for, goes where any other code goes, and out again.

The laws are over every dialect that has a template and was not retired. A dialect that comes brings its sample with it,
the code in `tests/cases/code/<dialect>.html`: nothing is to be added here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from snippetkit import exports, lint, platforms, snippets, work
from snippetkit.cli import root
from snippetkit.cli._types import CODE_KIND
from snippetkit.errors import SettingError
from snippetkit.key import quoted
from snippetkit.model import Snippet
from snippetkit.terms import Kind
from snippetkit.work import Value
from tests.conftest import Run
from tests.documents import PAGES
from tests.pixels import EVERY_CODE

KINDS = work.kinds()
EACH_KIND = pytest.mark.parametrize("name", KINDS)
TTQ_ID, LINTRK_ID, FBQ_ID = "C4ABCDE0C77U00000123", "123456/7654321", "434566956589050"
NO_IMAGE = "has no image that reports the same, so nothing is reported without JavaScript"


class Sample(NamedTuple):
    """What is made of a dialect: what its own case reports."""

    name: str
    pixel_id: str
    event: str | None
    options: tuple[str, ...]
    value: str | None
    currency: str | None

    @classmethod
    def of(cls, name: str) -> Sample:
        dialect = platforms.dialect_named(name)
        found = [one for one in snippets.read_file(f"{name}.html", EVERY_CODE[name]) if one.dialect == name]
        case = max(found, key=lambda one: (one.conversion, one.value is not None))
        event = _event(case) if dialect.has_events else None
        told = work.tells(name, case.pixel_id, event)
        assert case.value is None or told["value"] == "", "the template loses the value"
        value = () if told["value"] else ("--value", "1999")
        currency = () if told["value"] or told["currency"] else ("--currency", "USD")
        options = (*(("--event", event) if event else ()), *value, *currency)
        amount = dialect.platform.amount(1999, currency[-1] if currency else "") if value else None
        return cls(name, case.pixel_id, event, options, amount, currency[-1] if currency else None)

    def is_read_in(self, text: str) -> bool:
        """Whether a text reports what is asked for, once, and nothing else but page views."""
        readings = [one for one in snippets.read(text) if one.conversion]
        told = {(one.dialect, one.pixel_id, one.currency) for one in readings}
        events = {one.event for one in readings} if self.event else {None}
        amounts = {one.value and float(one.value) for one in readings}
        is_one = len(readings) == len({one.line for one in readings}) == 1
        wanted = (self.name, self.pixel_id, self.currency)
        return (is_one, told, events, amounts) == (True, {wanted}, {self.event}, {self.value and float(self.value)})


def _event(case: Snippet) -> str:
    """The event that a case reports, or a standard one where that is a page view."""
    events = platforms.dialect_named(case.dialect).events
    if case.conversion and case.event:
        return case.event
    assert events
    return min(events.standard - {events.base})


@pytest.mark.wide
@EACH_KIND
def test_what_is_printed_says_what_was_asked_for_and_is_as_good_as_anybodys(run: Run, name: str) -> None:
    sample = Sample.of(name)
    ran = run("snippet", "--kind", name, sample.pixel_id, *sample.options)
    assert ran.code == 0, ran.err
    assert sample.is_read_in(ran.out)
    document = snippets.parse(ran.out)
    assert [*lint.find(document), *lint.find_untrusted(document)] == []
    assert ran.err.startswith(f"pixel {sample.pixel_id} reports ")
    assert ran.err.count(NO_IMAGE) == ("<noscript" not in ran.out)


@pytest.mark.wide
@EACH_KIND
@pytest.mark.parametrize("variant", ["script", "noscript", "image"])
def test_a_variant_is_a_part_of_it_or_an_error_that_says_why(run: Run, name: str, variant: str) -> None:
    sample = Sample.of(name)
    command = ["snippet", "--kind", name, sample.pixel_id, *sample.options]
    whole, part = run(*command).out, run(*command, "--variant", variant)
    if variant == "script" or "<noscript" in whole:
        assert (part.code, bool(part.out)) == (0, True)
        assert part.out in whole or variant == "image"
    else:
        title = platforms.dialect_named(name).platform.title
        assert part.out == ""
        assert f"error: --variant {variant}: {title} {NO_IMAGE}" in part.err


@pytest.mark.wide
@EACH_KIND
def test_a_base_code_is_made_too_and_says_that_it_reports_no_conversion(run: Run, name: str) -> None:
    if not platforms.dialect_named(name).has_events:
        return
    sample = Sample.of(name)
    ran = run("snippet", "--kind", name, sample.pixel_id)
    if ran.code:  # where an id by itself is a conversion, there is no base code
        assert "--event" in ran.err
        return
    assert not any(one.conversion for one in snippets.read(ran.out))
    assert "note: this is base code and reports no conversion; --event NAME adds one\n" in ran.err
    assert {one.pixel_id for one in snippets.read_file("code.html", ran.out)} == {sample.pixel_id}


def test_the_page_says_what_each_kind_tells() -> None:
    """The rows are made of what is tried: where this fails, they are to be copied from its message into the page."""
    rows = [_row(Sample.of(name)) for name in KINDS]
    there = [line for line in PAGES["platforms.md"].splitlines() if line.startswith("| `")]
    assert there == rows, "\n".join(["the rows of the table are", *rows])


def _row(sample: Sample) -> str:
    told = work.tells(sample.name, sample.pixel_id, sample.event)
    tells = [name.replace("_id", "'s id") for name, reason in told.items() if not reason]
    worth = Value(sample.value and 100, sample.currency, event=sample.event)
    image = "no" if work.why_no_image(work.make(sample.name, sample.pixel_id, worth)) else "yes"
    title = platforms.dialect_named(sample.name).platform.title
    return f"| `{sample.name}` | {title} | `{sample.pixel_id}` | {', '.join(tells) or 'nothing'} | {image} |"


def test_the_id_of_an_event_is_in_metas_script_and_in_its_image(run: Run) -> None:
    ran = run("snippet", "--kind", "fbq", FBQ_ID, "--event", "Lead", "--event-id", "A 1")
    assert ran.code == 0, ran.err
    assert 'fbq(\'track\', "Lead", {}, {eventID: "A 1"});' in ran.out and "ev=Lead&amp;eid=A+1&amp;" in ran.out
    assert [one.event_id for one in snippets.read(ran.out)] == [None, "A 1"]


def test_several_pixels_each_have_their_own_code(run: Run) -> None:
    other = TTQ_ID.replace("C4", "D4")
    ran = run("snippet", "--kind", "ttq", TTQ_ID, other, "--event", "Lead")
    read = [(one.pixel_id, one.event) for one in snippets.read(ran.out) if one.line]
    assert {(TTQ_ID, "Lead"), (other, "Lead")} <= {*read}
    assert ran.err.count(NO_IMAGE) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--event", "Lead", "--event-id", "e-1"], '{event_id: "e-1"}'),
        (["--event", "Lead", "--value", "150", "--currency", "JPY"], 'value: 150.00, currency: "JPY"'),
        (["--event", "Lead", "--value", "1234", "--currency", "KWD"], 'value: 1.234, currency: "KWD"'),
        (["--event", "Lead", "--template", "idle"], "requestIdleCallback"),
    ],
)
def test_what_is_asked_for_is_in_the_code(run: Run, options: list[str], told: str) -> None:
    ran = run("snippet", "--kind", "ttq", TTQ_ID, *options)
    assert (ran.code, told in ran.out) == (0, True), ran.err


def test_a_base_code_of_today_tracks_its_page_view_and_the_event(run: Run) -> None:
    ran = run("snippet", "--kind", "fbq", FBQ_ID, "--event", "Purchase", "--value", "1999", "--currency", "USD")
    [group] = snippets.group(snippets.read(ran.out))
    told = [(one.event, one.value, one.currency) for one in group]
    assert told == [("PageView", None, None), ("Purchase", "19.99", "USD")]
    assert ran.out.count("<img") == 2
    assert "custom event\n" in run("snippet", "--kind", "fbq", FBQ_ID, "--event", "Own").err
    told = "note: Purchse is not a standard event, so it is reported as a custom event; did you mean Purchase?"
    assert told in run("snippet", "--kind", "fbq", FBQ_ID, "--event", "Purchse").err


TTQ, LINTRK, FBQ = (("--kind", name, id_) for name, id_ in (("ttq", TTQ_ID), ("lintrk", LINTRK_ID), ("fbq", FBQ_ID)))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--kind", "ttq"], "Give the PIXEL for which --kind ttq makes the code."),
        (["--kind", "ttq", "123"], "'123': it is not the id of any TikTok pixel; TikTok's Events Manager shows it"),
        (["--kind", "lintrk", "x"], "'x': it is not the number of any LinkedIn pixel"),
        (["--kind", "fbds", "123"], "'fbds' is unknown; give conversion, meta, "),
        (["--kind", "nobody", "123"], "'nobody' is unknown; give conversion, meta, "),
        (["--kind", "tiktok", "123"], "'tiktok' is unknown; did you mean ttq?"),
        (["--kind", "Google Ads", "123"], "'Google Ads' is unknown; did you mean gtag?"),
        (["--kind", "TTQ", "123"], "'TTQ' is unknown; did you mean ttq?"),
        ([*TTQ, "--value", "1999", "--currency", "USD"], "a base code has no value; --event NAME says what it is for"),
        ([*TTQ, "--event-id", "e"], "a base code has no event's id; --event NAME says what it is for"),
        ([*TTQ, "--event", "Lead", "--value", "1999"], "the currency of 1999 minor units is missing; give"),
        ([*FBQ, "--event", "Lead", "--value", "1999"], "the currency of 1999 minor units is missing; give --currency"),
        ([*TTQ, "--event", "Lead", "--value", "1", "--currency", "XXX"], "unknown currency 'XXX'"),
        ([*TTQ, "--event", "Lead", "--currency", "USD"], "--currency needs --value or --amount."),
        ([*TTQ, "--event", "lead"], "'lead' would be a custom event; the standard event is Lead"),
        ([*TTQ, "--event", "Pageview"], "TikTok's base code reports Pageview already; leave --event out"),
        (
            ["--kind", "gtag", "AW-123456789", "--event", "conversion", "--value", "1999", "--currency", "USD"],
            "Google counts no event of AW-123456789 alone: the part after the slash is missing, AW-123456789/..",
        ),
        (["--kind", "gtag", "AW-123456789", "--event", "sign_up"], "Google counts no event of AW-123456789 alone"),
        (["--kind", "floodlight", "DC-1234567", "--event", "purchase"], "Floodlight counts no event of DC-1234567"),
        (["--kind", "gtag", "UA-1234567-1", "--event", "purchase"], "Google counts no event of UA-1234567-1; without"),
        (
            [*TTQ, "--event", "a{{ b }}"],
            "'a{{ b }}' has a character that cannot be in an event's name here",
        ),
        (
            [*TTQ, "--event", "l'achat"],
            "\"l'achat\" has a character that cannot be in an event's name here; the letters",
        ),
        ([*TTQ, "--event", "été"], "'été' has a character that cannot be in an event's name here; the letters a to z,"),
        ([*TTQ, "--event", "Lead", "--event-id", "l'an"], "\"l'an\" has a character that cannot be in an event's id"),
        (
            [*LINTRK, "--event", "Lead"],
            "--event cannot be used with LinkedIn's lintrk code: its pixel's id says what it counts",
        ),
        (
            [*LINTRK, "--value", "1"],
            "--value cannot be used with LinkedIn's lintrk code: LinkedIn takes a conversion's value from",
        ),
        ([*TTQ, "--from-file", "x"], "--from-file cannot be used with --kind ttq: its code is made here."),
        ([*TTQ, "--via", "js_pixel"], "--via cannot be used with --kind ttq: its code is made here."),
        ([*TTQ, "--api-url", "sandbox:"], "--api-url cannot be used with --kind ttq: its code is made here."),
        ([*TTQ, "--token-file", "x"], "--access-token-file cannot be used with --kind ttq: its code is made here."),
        ([*TTQ, "--account", "1"], "--account cannot be used with --kind ttq: its code is made here."),
        ([*TTQ, "--all"], "--all cannot be used with --kind ttq: its code is made here."),
        ([*TTQ, "--offline"], "--offline cannot be used with --kind ttq: its code is made here."),
        ([*TTQ, "--server-values", "php"], "--server-values cannot be used with --kind ttq: its code is made here."),
        (
            [*TTQ, "--event", "Lead", "--value", "1", "--currency", "USD", "--force"],
            "--force cannot be used with --kind ttq",
        ),
    ],
)
def test_what_it_cannot_do_is_refused_in_one_line(run: Run, arguments: list[str], reason: str) -> None:
    ran = run("snippet", *arguments)
    assert (ran.code in {2, 6}, ran.out, reason in ran.err) == (True, "", True), ran.err


@pytest.mark.parametrize(("kind", "account", "part"), [("gtag", "AW-123456789", "AbC-D_efG")])
def test_an_account_has_its_base_code_and_no_event(run: Run, page: Path, kind: str, account: str, part: str) -> None:
    told = ("--event", "conversion", "--value", "1999", "--currency", "USD")
    before = page.read_bytes()
    assert run("inject", str(page), "--kind", kind, "--pixel", account, *told).code != 0
    assert run("export", "html", "--all-pages", "--kind", kind, "--pixel", account, *told).code != 0
    assert page.read_bytes() == before
    assert run("snippet", "--kind", kind, account).code == 0
    assert run("inject", str(page), "--kind", kind, "--pixel", f"{account}/{part}", *told).code == 0


README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"


@pytest.fixture
def page() -> Path:
    path = Path("thanks.html")
    path.write_bytes(PAGE)
    return path


@pytest.mark.wide
@EACH_KIND
def test_it_goes_onto_a_page_once_and_out_again(run: Run, page: Path, name: str) -> None:
    sample = Sample.of(name)
    inject = ["inject", page, "--kind", name, "--pixel", sample.pixel_id, *sample.options]
    first = run(*inject)
    assert (first.code, first.err.splitlines()[-1]) == (0, "1 inserted"), first.err
    assert sample.is_read_in(page.read_text())
    assert run("lint", page).out == ""
    assert run(*inject, "--check").code == 0
    assert run(*inject).err.endswith("1 unchanged\n")
    assert run("remove", page).code == 0
    assert page.read_bytes() == PAGE


@pytest.mark.browser
def test_each_fires_once_in_a_browser(run: Run) -> None:
    samples = {f"{name}.html": Sample.of(name) for name in KINDS}
    samples |= {f"behind-{name}.html": samples[f"{name}.html"] for name in PARTED}
    for path, sample in samples.items():
        Path(path).write_bytes(PAGE)
        if path.startswith("behind"):
            base = platforms.dialect_named(sample.name).named_by(sample.pixel_id)
            assert run("inject", path, "--kind", sample.name, "--pixel", base).code == 0
        ran = run("inject", path, "--kind", sample.name, "--pixel", sample.pixel_id, *sample.options)
        assert ran.code == 0, ran.err
    ran = run("verify", ".", "--json")
    for visit in json.loads(ran.out)["visits"]:
        sample = samples[Path(visit["path"]).name]
        told_of = {sample.pixel_id, sample.pixel_id.partition("+")[0]}  # no request says how something is counted
        fired = [one for one in visit["fired"] if one["pixel_id"] in told_of]
        told = [(one["event"], float(one["value"] or 0), one["currency"]) for one in fired]
        events = {sample.event, None, *(one["event"] for one in visit["expected"])}
        wanted = [(event, float(sample.value or 0), sample.currency) for event in events]
        assert (sum(map(told.count, wanted)), visit["faults"]) == (1, []), visit  # not each request names the event
    assert ran.code == 0, ran.err


@pytest.mark.wide
@EACH_KIND
def test_a_base_code_goes_onto_a_page_once_and_out_again(run: Run, page: Path, name: str) -> None:
    inject = ["inject", page, "--kind", name, "--pixel", Sample.of(name).pixel_id]
    first = run(*inject)
    if first.code == 2:  # where an id by itself is a conversion, there is no base code
        return
    assert (first.code, first.err.splitlines()[-1]) == (0, "1 inserted"), first.err
    assert run(*inject, "--check").code == 0
    assert run("remove", page).code == 0
    assert page.read_bytes() == PAGE


@pytest.mark.wide
@EACH_KIND
def test_what_was_put_in_by_hand_is_adopted_and_nothing_comes_twice(run: Run, page: Path, name: str) -> None:
    sample = Sample.of(name)
    told = [sample.pixel_id, *sample.options]
    by_hand = run("snippet", "--kind", name, *told).out
    page.write_bytes(PAGE.replace(b"<p>", by_hand.encode() + b"\n<p>"))
    inject = ["inject", page, "--kind", name, "--pixel", *told]
    assert f"unmarked code of {name}:" in run(*inject).err
    ran = run(*inject, "--adopt")
    assert ran.code == 0, ran.err
    assert sample.is_read_in(page.read_text())
    assert run(*inject, "--check").code == 0


@pytest.mark.wide
@EACH_KIND
@pytest.mark.parametrize("format_name", [one for one in exports.names() if one != "bundle"])
def test_it_is_exported(run: Run, name: str, format_name: str) -> None:
    sample = Sample.of(name)
    command = ["export", format_name, "--kind", name, "--pixel", sample.pixel_id, *sample.options, "--all-pages"]
    ran = run(*command, "-o", "made")
    assert ran.code == 0, ran.err
    assert sample.pixel_id.rpartition("/")[2] in Path("made").read_text()
    has_image = NO_IMAGE not in ran.err
    image = run(*command, "--variant", "both", "-o", "image")
    assert (image.code == 0, "error: --variant both: " in image.err) == (has_image, not has_image), image.err


def test_an_order_without_its_id_is_told_where_its_code_is_made(run: Run) -> None:
    code = ["--kind", "gtag", "G-AB1CD2EF3G", "--value", "1999", "--currency", "USD", "--event"]
    told = "note: it has no transaction_id, the order's id, so a page that is reloaded counts it again\n"
    assert [told in run("snippet", *code, event).err for event in ("purchase", "generate_lead")] == [True, False]


@pytest.mark.wide
@EACH_KIND
def test_the_orders_id_of_the_data_layer_has_a_place_in_it(run: Run, name: str) -> None:
    sample = Sample.of(name)
    event = ["--on-event", "order_done", "--order-key", "order.number"]
    ran = run("export", "gtm", "--kind", name, "--pixel", sample.pixel_id, *sample.options, *event, "-o", "made")
    reason = work.tells(name, sample.pixel_id, sample.event)["order_id"]
    assert (
        ran.code == 0,
        f"--order-key cannot be used with {platforms.dialect_named(name).platform.title}'s " in ran.err,
    ) == (
        not reason,
        bool(reason),
    ), ran.err
    if not reason:
        made = Path("made").read_text()
        assert ("{{Data layer order.number}}" in made, 'ORDER"' in made) == (True, False)


@pytest.mark.wide
@EACH_KIND
def test_a_rule_names_a_pixel_of_any_platform(run: Run, page: Path, name: str) -> None:
    sample = Sample.of(name)
    value = "1999" if sample.value else ""
    Path("rules.csv").write_text(
        f"page,pixel,value,currency\n/{page},{sample.pixel_id},{value},{sample.currency or ''}\n"
    )
    event = ["--event", sample.event] if sample.event else []
    event += [] if value else ["--allow-empty-values"]
    ran = run("inject", ".", "--pages", "rules.csv", "--kind", name, *event)
    assert ran.code == 0, ran.err
    assert sample.is_read_in(page.read_text())
    assert run("export", "gtm", "--pages", "rules.csv", "--kind", name, *event, "-o", "made.json").code == 0


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("1,5,USD", "rules.csv, line 2: the pixel '1' is not an id; TikTok's Events Manager shows it"),
        (
            f"{TTQ_ID},5,",
            "line 2: pixel C4ABCDE0C77U00000123: the currency of 5 minor units is missing",
        ),
    ],
)
def test_what_a_rule_asks_for_in_vain_is_told_with_its_line(run: Run, page: Path, rule: str, reason: str) -> None:
    Path("rules.csv").write_text(f"page,pixel,value,currency\n/{page},{rule}\n")
    ran = run("inject", ".", "--pages", "rules.csv", "--kind", "ttq", "--event", "Lead")
    assert (ran.code != 0, reason in ran.err, page.read_bytes()) == (True, True, PAGE), ran.err


@pytest.mark.parametrize("command", [["inject", "."], ["export", "gtm", "--all-pages"]])
@pytest.mark.parametrize(
    "option", [["--from-file", "x"], ["--allow", "consent:grant"], ["--offline"], ["--token-in", "query"]]
)
def test_options_of_code_from_elsewhere_are_refused(
    run: Run, page: Path, command: list[str], option: list[str]
) -> None:
    ran = run(*command, "--kind", "ttq", "--pixel", TTQ_ID, "--event", "Lead", *option)
    assert (ran.code, f"{option[0]} cannot be used with --kind ttq: its code is made here." in ran.err) == (2, True), (
        ran.err
    )
    assert page.read_bytes() == PAGE


def test_a_value_from_the_data_layer_has_one_in_its_place(run: Run) -> None:
    told = ["export", "gtm", "--kind", "ttq", "--pixel", TTQ_ID, "--event", "Lead", "--on-event", "buy", "-o", "made"]
    refused = run(*told, "--value-key", "total")
    assert "--value-key needs --value, which is used where the event has none." in refused.err
    assert run(*told, "--value-key", "total", "--value", "100", "--currency", "USD").code == 0
    assert "{{Data layer total, or 1.00}}" in run("import", "made").out


@pytest.mark.wide
@EACH_KIND
@pytest.mark.parametrize("template", ["clean", "consent", "idle", "nonce"])
def test_it_goes_through_a_template(run: Run, name: str, template: str) -> None:
    sample = Sample.of(name)
    settings = ["--set", "nonce=Zr0pQ1aB"] if template == "nonce" else []
    ran = run("snippet", "--kind", name, sample.pixel_id, *sample.options, "--template", template, *settings)
    assert ran.code == 0, ran.err
    assert sample.is_read_in(ran.out)


def test_a_value_is_one_that_is_asked_for(run: Run, page: Path) -> None:
    told = ["--kind", "ttq", "--pixel", TTQ_ID, "--event", "Lead"]
    amount = ["--value", "500", "--currency", "EUR", "--force"]
    assert "--force cannot be used with --kind ttq" in run("export", "gtm", *told, *amount, "--all-pages").err
    assert run("inject", page, *told, *amount).code == 0
    edited = page.read_bytes().replace(b"5.00", b"6.00")
    page.write_bytes(edited)
    assert run("inject", page, *told, *amount[:-1]).code == 6
    assert run("inject", page, *told, *amount).code == 0
    assert b"value: 5.00" in page.read_bytes()


PARTED = [name for name in KINDS if platforms.dialect_named(name).alone]


@pytest.mark.wide
@pytest.mark.parametrize("name", PARTED)
def test_an_event_goes_behind_the_base_code_that_is_there(run: Run, page: Path, name: str) -> None:
    sample, dialect = Sample.of(name), platforms.dialect_named(name)
    assert run("inject", page, "--kind", name, "--pixel", dialect.named_by(sample.pixel_id)).code == 0
    base = page.read_text()
    event = ["inject", page, "--kind", name, "--pixel", sample.pixel_id, *sample.options]
    assert run(*event).err.endswith("1 inserted\n")
    text = page.read_text()
    assert text.count(dialect.loader) == base.count(dialect.loader) > 0
    assert sample.is_read_in(text)
    assert f"snippetkit:begin {name}:{quoted(sample.pixel_id)}/" in text
    assert run("lint", page).out == ""
    assert run(*event, "--check").code == 0
    assert run("remove", page).code == 0
    assert page.read_bytes() == PAGE


def test_two_conversions_of_one_account_share_its_base_code(run: Run, page: Path) -> None:
    for pixel_id in (LINTRK_ID, "123456/1111111"):
        for verb in ("inserted", "unchanged"):
            assert run("inject", page, "--kind", "lintrk", "--pixel", pixel_id).err.endswith(f"1 {verb}\n")
    assert page.read_text().count("insight.min.js") == 1
    assert run("lint", page).out == ""
    listed = run("status", page).out.splitlines()[1:]
    assert [line.split()[1:3] for line in listed] == [
        ["lintrk:123456%2F7654321", "track"],
        ["lintrk:123456%2F1111111", "track"],
    ]
    refused = run("inject", page, "--kind", "lintrk", "--pixel", "654321/1111111")
    assert "no call of lintrk code reaches one pixel alone" in refused.err
    assert run("remove", page, "--pixel", "123456/1111111").code == 0
    assert [one.pixel_id for one in snippets.read(page.read_text())] == [LINTRK_ID]
    assert run("remove", page).code == 0
    assert page.read_bytes() == PAGE


@pytest.mark.parametrize("name", ["ttq", "pintrk"])
def test_an_event_alone_is_that_of_its_own_pixel(run: Run, page: Path, name: str) -> None:
    sample, other = Sample.of(name), {"ttq": TTQ_ID.replace("C4", "D4"), "pintrk": "2612000000999"}[name]
    made = run("snippet", "--kind", name, sample.pixel_id, "--variant", "script").out
    load = next(line for line in made.splitlines() if sample.pixel_id in line)
    both = made.replace(load, f"{load}\n{load.replace(sample.pixel_id, other)}")
    page.write_bytes(PAGE.replace(b"<p>", f"{both}\n<p>".encode()))
    ran = run("inject", page, "--kind", name, "--pixel", sample.pixel_id, *sample.options)
    told = [(one.pixel_id, one.event) for one in snippets.read(page.read_text()) if one.conversion]
    if platforms.dialect_named(name).calls.single:
        assert (ran.code, told) == (0, [(sample.pixel_id, sample.event)]), ran.err
        assert f"ttq.instance('{TTQ_ID}').track(" in page.read_text()
    else:
        assert (ran.code, told) == (6, [])
        assert "no call of pintrk reaches one pixel as 'track' does all" in ran.err


def test_a_token_and_an_account_of_the_environment_are_not_looked_at(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNIPPETKIT_ACCOUNT", "1")
    monkeypatch.setenv("SNIPPETKIT_API_URL", "http://127.0.0.1:9/")
    assert run("snippet", "--kind", "ttq", TTQ_ID, "--event", "Lead").code == 0


def test_a_pixel_of_any_platform_is_named_in_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "code.html"
    file.write_text(EVERY_CODE["ttq"])
    assert "CompletePayment" in run("snippet", TTQ_ID, "--from-file", file).out
    assert "no platform's pixel has such an id" in run("snippet", "?", "--from-file", file).err


def test_a_shell_completes_the_names() -> None:
    context = click.Context(root)
    names = [one.value for one in CODE_KIND.shell_complete(context, click.Option(["--kind"]), "l")]
    assert (names[:1], {*CODE_KIND.shell_complete(context, click.Option(["--kind"]), "x-")}) == (["lintrk"], set())


def test_the_kinds_are_those_of_the_api_and_what_has_a_template() -> None:
    assert {"fbq", "lintrk", "ttq"} <= {*KINDS}
    assert {"fp", "fbds", "image", "audience", *Kind}.isdisjoint(KINDS)
    with pytest.raises(SettingError, match="'fp' is not a kind of code that can be made here"):
        work.make("fp", "1", Value())
