"""Base code that more than its own region needs: it does not go silently, and comes again with what is left without."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import snippetkit
from snippetkit import platforms, snippets
from snippetkit.errors import PageRefusedError
from snippetkit.inject.removal import find_page_regions
from snippetkit.key import quoted
from tests.conftest import Ran, Run
from tests.test_making import PARTED, Sample

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
SHARING = [name for name in PARTED if "/" in Sample.of(name).pixel_id]
EACH_SHARING = pytest.mark.parametrize("name", SHARING)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    return path


def _others(name: str, digits: str = "58") -> list[str]:
    """Ids of the same account as the sample's."""
    account, pixel_id = platforms.dialect_named(name).named_by(Sample.of(name).pixel_id), Sample.of(name).pixel_id
    rest = pixel_id.removeprefix(account)
    return [account + re.sub(r"[0-9a-zA-Z]", digit, rest, count=1) for digit in digits]


def _put(run: Run, page: Path, name: str, pixel_id: str, *options: str) -> Ran:
    return run("inject", page, "--kind", name, "--pixel", pixel_id, *Sample.of(name).options, *options)


def _two(run: Run, page: Path, name: str) -> tuple[str, str, str]:
    """Put two ids of an account onto a page; return them, and the key of the one that stands alone."""
    first, second = Sample.of(name).pixel_id, _others(name)[0]
    for pixel_id in (first, second):
        assert _put(run, page, name, pixel_id).err.endswith("1 inserted\n")
    [key] = {region.key for region in find_page_regions(page.read_bytes()) if region.key.event}
    assert key.pixel_ids == [second]
    return first, second, key


def test_the_dialects_whose_ids_share_an_account_are_known() -> None:
    assert {"floodlight", "gtag", "lintrk"} <= {*SHARING}


@EACH_SHARING
def test_base_code_that_another_region_needs_goes_with_it_alone(run: Run, page: Path, name: str) -> None:
    first, second, key = _two(run, page, name)
    before = page.read_bytes()
    for option in (["--pixel", first], ["--key", f"{name}:{quoted(first)}"]):
        refused = run("remove", page, *option)
        assert (refused.code, page.read_bytes()) == (6, before)
        assert f"the base code of {key} goes with {name}:{quoted(first)}; take out both" in refused.err
    with pytest.raises(PageRefusedError, match="take out both"):
        snippetkit.remove_page(before, pixel_ids=[first])
    [command] = re.findall(r"'snippetkit (remove [^']+)'", refused.err)
    assert run(*shlex.split(command), page).code == 0
    assert page.read_bytes() == PAGE
    page.write_bytes(before)
    assert run("remove", page, "--pixel", first, "--pixel", second).code == 0
    assert page.read_bytes() == PAGE


@EACH_SHARING
def test_what_needs_no_other_region_goes_first(run: Run, page: Path, name: str) -> None:
    first, second, _ = _two(run, page, name)
    for pixel_id in (second, first):
        assert run("remove", page, "--pixel", pixel_id).err.endswith("1 removed\n")
    assert page.read_bytes() == PAGE


@EACH_SHARING
def test_with_force_it_goes_and_the_next_inject_brings_it_again(run: Run, page: Path, name: str) -> None:
    _put(run, page, name, _others(name)[0])
    fresh = page.read_bytes()
    page.write_bytes(PAGE)
    first, second, key = _two(run, page, name)
    forced = run("remove", page, "--pixel", first, "--force")
    assert f"note: {page}: {key} is left without its base code\n" in forced.err
    assert _put(run, page, name, second).err.endswith("1 updated\n")
    assert page.read_bytes() == fresh
    assert run("lint", page).out == ""
    assert _put(run, page, name, second).err.endswith("1 unchanged\n")


@EACH_SHARING
def test_it_does_not_come_again_behind_another_event_that_needs_it(run: Run, page: Path, name: str) -> None:
    first, second, key = _two(run, page, name)
    third = _others(name)[1]
    assert _put(run, page, name, third).code == 0
    assert run("remove", page, "--pixel", first, "--force").err.count("is left without its base code") == 2
    left = page.read_bytes()
    refused = _put(run, page, name, third)
    assert (refused.code, page.read_bytes()) == (6, left)
    assert f"{key} is here without its base code, which would go after it" in refused.err
    assert run("remove", page, "--key", key).code == 0
    for pixel_id in (third, second):
        assert _put(run, page, name, pixel_id).code == 0
    assert {one.pixel_id for one in snippets.read(page.read_text()) if one.conversion} == {second, third}
    assert run("lint", page).out == ""


@pytest.mark.wide
@pytest.mark.parametrize("name", PARTED)
def test_an_event_whose_base_code_was_cut_out_gets_it_again(run: Run, page: Path, name: str) -> None:
    sample = Sample.of(name)
    _put(run, page, name, sample.pixel_id)
    fresh = page.read_bytes()
    page.write_bytes(PAGE)
    base = platforms.dialect_named(name).named_by(sample.pixel_id)
    assert run("inject", page, "--kind", name, "--pixel", base).code == 0
    with_base = page.read_bytes()
    assert _put(run, page, name, sample.pixel_id).code == 0
    data = page.read_bytes()
    for region in reversed([one for one in find_page_regions(data) if not one.key.event]):
        data = data[: region.start] + data[region.end :]
    page.write_bytes(data)
    refused = run("inject", page, "--kind", name, "--pixel", base)
    assert (refused.code, page.read_bytes()) == (6, data)
    assert _put(run, page, name, sample.pixel_id).err.endswith("1 updated\n")
    assert page.read_bytes() == fresh != with_base


@pytest.mark.wide
@EACH_SHARING
@pytest.mark.parametrize("held", ["<!-- {} -->", "<noscript>{}</noscript>", "{}"])
def test_base_code_that_does_not_run_is_not_taken_for_gone(run: Run, page: Path, name: str, held: str) -> None:
    sample = Sample.of(name)
    account = platforms.dialect_named(name).named_by(sample.pixel_id)
    base = run("snippet", "--kind", name, account, "--variant", "script").out
    page.write_bytes(PAGE.replace(b"</head>", base.encode() + b"</head>"))
    assert _put(run, page, name, sample.pixel_id).code == 0
    off = held.format(re.sub("<!--.*?-->", "", base, flags=re.DOTALL))
    off = off if held != "{}" else off.replace("<script>", "<script type='text/plain'>")
    page.write_bytes(page.read_bytes().replace(base.encode(), off.encode()))
    left = page.read_bytes()
    assert off.encode() in left
    ran = _put(run, page, name, sample.pixel_id)
    is_refused = (ran.code, page.read_bytes()) == (6, left)
    assert is_refused or (held.startswith("<!--") and sample.is_read_in(page.read_text())), ran.err


@pytest.mark.wide
@pytest.mark.parametrize("name", PARTED)
def test_with_its_own_base_code_an_event_alone_goes_as_ever(run: Run, page: Path, name: str) -> None:
    sample = Sample.of(name)
    base = platforms.dialect_named(name).named_by(sample.pixel_id)
    assert run("inject", page, "--kind", name, "--pixel", base).code == 0
    assert _put(run, page, name, sample.pixel_id).code == 0
    keys = [f"--key={name}:{quoted(one)}" for one in (base, sample.pixel_id)]
    assert run("remove", page, *keys).code == 0
    assert page.read_bytes() == PAGE


@EACH_SHARING
def test_behind_base_code_that_was_put_in_by_hand_each_goes_by_itself(run: Run, page: Path, name: str) -> None:
    first, second = Sample.of(name).pixel_id, _others(name)[0]
    base = run("snippet", "--kind", name, platforms.dialect_named(name).named_by(first), "--variant", "script").out
    page.write_bytes(PAGE.replace(b"</head>", base.encode() + b"</head>"))
    before = page.read_bytes()
    for going in ([first, second], [second, first]):
        for pixel_id in (first, second):
            assert _put(run, page, name, pixel_id).code == 0
        for pixel_id in going:
            assert run("remove", page, "--pixel", pixel_id).err.endswith("1 removed\n")
        assert page.read_bytes() == before


@EACH_SHARING
def test_of_many_that_need_it_the_first_is_named(run: Run, page: Path, name: str) -> None:
    first, _, key = _two(run, page, name)
    for pixel_id in _others(name, "1234"):
        assert _put(run, page, name, pixel_id).code == 0
    refused = run("remove", page, "--pixel", first)
    told = (
        f"the base code of {key} and 4 more go with {name}:{quoted(first)}; take all of them out ('snippetkit status'"
    )
    assert (refused.code, told in refused.err) == (6, True), refused.err
    assert "--force leaves them without" in refused.err


@EACH_SHARING
def test_an_event_in_front_of_base_code_that_is_written_here_does_not_run(run: Run, page: Path, name: str) -> None:
    _, _, key = _two(run, page, name)
    data = page.read_bytes()
    [alone] = [one for one in find_page_regions(data) if one.key == key and one.part == "script"]
    moved = data[: alone.start] + data[alone.end :]
    at = moved.index(b"  <!-- snippetkit:begin")
    page.write_bytes(moved[:at] + data[alone.start : alone.end] + moved[at:])
    assert "error not-run: " in run("lint", page).out
    assert "dead" in run("inspect", page).out
