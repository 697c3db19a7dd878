"""Pages that a run does not read: `--index` and `--known` (an earlier one has), `--shard` (another one will)."""

from __future__ import annotations

import json
import os
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from snippetkit import files, templating
from snippetkit.errors import FileError
from snippetkit.run import Shard
from tests.conftest import CASES, Ran, Run

CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"
NAMES = ("a", "b", "c", "d")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How much later than now it is, in nanoseconds, for what judges how young a page is."""
    now_ns, later_ns = time.time_ns, [10_000_000_000]
    monkeypatch.setattr("snippetkit.files.known.time.time_ns", lambda: now_ns() + later_ns[0])
    return later_ns


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the lists are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "snippetkit" / "pages"


@pytest.fixture
def site(run: Run, index: Path, later: list[int]) -> Path:
    """Pages with the code, which the index knows."""
    site = Path("site")
    site.mkdir()
    for name in NAMES:
        (site / f"{name}.html").write_bytes(PAGE)
    assert _inject(run).code == 0
    assert _known(index) == []  # what was just written may change again without another time
    assert _inject(run).code == 0
    assert _known(index) == [f"site/{name}.html" for name in NAMES]
    return site


def _inject(run: Run, *options: str, value: int = 1999) -> Ran:
    return run("inject", "site", "--from-file", CODE, "--value", str(value), "--index", *options)


def _known(index: Path) -> list[str]:
    [one] = index.iterdir()
    return [line.split("\t")[1] for line in one.read_text().splitlines()[1:]]


def _last(ran: Ran) -> str:
    return ran.err.splitlines()[-1]


def _read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are read from now on."""
    read_page, came = files.disk.reading.read_page, list[str]()
    monkeypatch.setattr(files.disk.reading, "read_page", lambda path: came.append(path) or read_page(path))
    return came


def test_a_run_that_changes_nothing_reads_no_page_and_tells_the_same(
    run: Run, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = run("inject", "site", "--from-file", CODE, "--value", "1999")
    came = _read(monkeypatch)
    assert (_inject(run), came) == (without, [])
    assert (_inject(run, "--check").err, came) == (without.err, [])
    assert run("inject", "site", "--from-file", CODE, "--value", "1999", "--check").code == 0
    assert len(came) == len(NAMES)  # a check looks at the pages, unless it is told not to


def test_nearly_only_known_pages_start_no_process(run: Run, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snippetkit.run.runs.PARALLEL_FROM", len(NAMES))
    monkeypatch.setattr("snippetkit.run.workers.WorkerPool", None)  # to start it is an error
    (site / "a.html").write_bytes(PAGE)
    assert _last(_inject(run, "--jobs", "2")) == "1 inserted, 3 unchanged"
    with pytest.raises(TypeError):
        _inject(run, "--jobs", "2", value=2999)


def _edited(page: Path) -> None:
    """The same size, and the same time of change."""
    status = page.stat()
    page.write_bytes(page.read_bytes().replace(b"Thanks", b"Danke!"))
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))


def _replaced(page: Path) -> None:
    """Another file of that name, size and time."""
    shutil.copy2(page, page.with_suffix(".tmp"))
    _edited(page.with_suffix(".tmp"))
    page.with_suffix(".tmp").replace(page)


def _other_content(page: Path) -> None:
    page.write_bytes(PAGE)


@pytest.mark.parametrize("change", [_edited, _replaced, Path.touch, lambda page: page.write_bytes(PAGE)])
def test_a_page_that_has_changed_is_read(
    run: Run, site: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    change(site / "b.html")
    came = _read(monkeypatch)
    assert _inject(run).code == 0
    assert came == ["site/b.html"]
    assert b"19.99" in (site / "b.html").read_bytes()


def test_another_value_code_template_or_rule_reads_all_pages(run: Run, site: Path, tmp_path: Path) -> None:
    assert _last(_inject(run, value=2999)) == "4 updated"
    assert _last(_inject(run)) == "4 updated"
    assert _last(_inject(run, "--template", "clean")) == "4 updated"
    Path("rules.csv").write_text("page,pixel,value,currency\n/*.html,6009125095680,1999,USD\n")
    with_rules = ("inject", "site", "--from-file", CODE, "--pages", "rules.csv", "--index")
    assert _last(run(*with_rules)) == "4 updated"
    assert _last(run(*with_rules)) == "4 unchanged"
    assert run(*with_rules).code == 0  # a rule whose pages are all known has its pages
    Path("rules.csv").write_text("page,pixel,value,currency\n/*.html,6009125095680,2999,USD\n")
    assert _last(run(*with_rules)) == "4 updated"


def test_another_text_of_a_template_for_several_pixels_reads_all_pages(run: Run, index: Path, later: list[int]) -> None:
    """It is rendered only once a page needs it, so that none of the code that is asked for holds it."""
    Path("site").mkdir()
    Path("site/a.html").write_bytes(PAGE)
    code = CODE.read_text()
    Path("code.html").write_text(code + code.replace("6009125095680", "434566956589050"))
    Path("rules.csv").write_text(
        "page,pixel,value,currency\n/a.html,6009125095680,1999,USD\n/a.html,434566956589050,1999,USD\n"
    )
    template = Path("own/inject/combined.html.j2")
    template.parent.mkdir(parents=True)
    template.write_text(templating.find_template("combined").file.read_text())
    command = (
        "inject",
        "site",
        "--from-file",
        "code.html",
        "--pages",
        "rules.csv",
        "--templates-dir",
        "own",
        "--index",
    )
    assert [_last(run(*command)) for _ in range(3)] == ["1 inserted", "1 unchanged", "1 unchanged"]
    template.write_text(template.read_text().replace("waiting", "queue"))
    assert _last(run(*command)) == "1 updated"
    assert b"queue" in Path("site/a.html").read_bytes()


def test_pages_that_come_and_go_leave_the_others_known(
    run: Run, site: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "b.html").unlink()
    (site / "bb.html").write_bytes(PAGE)
    (site / "0.html").write_bytes(PAGE)
    came = _read(monkeypatch)
    assert _last(_inject(run)) == "2 inserted, 3 unchanged"
    assert sorted(came) == ["site/0.html", "site/bb.html"]
    _inject(run)
    assert _known(index) == [f"site/{name}.html" for name in ("0", "a", "bb", "c", "d")]


def test_a_refused_page_is_never_known(run: Run, site: Path, index: Path) -> None:
    (site / "b.html").write_bytes(b"<html><head><title>Thanks")
    assert [_inject(run).code for _ in range(2)] == [6, 6]
    assert "site/b.html" not in _known(index)


def test_a_page_that_has_just_changed_is_not_trusted(run: Run, site: Path, index: Path, later: list[int]) -> None:
    later[0] = 0
    (site / "b.html").touch()
    _inject(run)
    assert "site/b.html" not in _known(index)


def test_a_run_that_breaks_off_leaves_the_list_as_it_was(site: Path, tmp_path: Path) -> None:
    path = tmp_path / "list"
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), files.Known(str(path), "plan") as known:
            assert not known.has("a", "1")
            known.note("a", stays=True)
            raise KeyboardInterrupt
        assert not path.exists()
    with files.Known(str(path), "plan") as known:
        assert not known.has("a", "1")
        known.note("a", stays=True)
    before = path.read_text()
    with pytest.raises(KeyboardInterrupt), files.Known(str(path), "plan") as known:
        assert known.has("a", "1")
        raise KeyboardInterrupt
    assert (path.read_text(), [*tmp_path.glob(".snip*")]) == (before, [])


def test_a_file_that_is_no_list_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("page,pixel\n")
    with pytest.raises(FileError, match="not a list of known pages") as raised:
        files.Known(str(path), "plan")
    assert raised.value.hint == "delete it if nobody needs it, or name another file"
    assert path.read_text() == "page,pixel\n"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused_at_once_and_stays(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "list"
    make(path)
    with pytest.raises(FileError, match="list: not a regular file"):
        files.Known(str(path), "plan")
    assert not path.is_file()


def test_a_list_is_written_where_a_link_leads(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("list")
    _make_list(link, "a")
    assert (link.is_symlink(), (tmp_path / "list").read_text().splitlines()[1:]) == (True, ["1\ta"])


def _make_list(path: Path, *names: str) -> None:
    with files.Known(str(path), "plan") as known:
        for name in names:
            known.has(name, "1")
            known.note(name, stays=True)


def test_a_line_that_was_cut_off_is_no_other_pages(tmp_path: Path) -> None:
    path = tmp_path / "list"
    _make_list(path, "a.htm", "b.html")
    path.write_text(path.read_text()[: -len("l\n")])
    with files.Known(str(path), "plan", writes=False) as known:
        assert [known.has(name, "1") for name in ("a.htm", "b.htm", "b.html")] == [True, False, False]


def test_where_the_list_cannot_be_written_the_pages_are_done_and_told(
    run: Run, site: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [path] = index.iterdir()
    before = path.read_text()
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr("snippetkit.files.known._FIRST", "snippetkit: known pages, 1, plan {}" + "." * 100_000 + "\n")
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, most[1]))
    try:
        ran = _inject(run, value=2999)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert ran.code == 6
    assert ran.err.splitlines()[-2:] == [
        "4 updated",
        f"error: {path}: the list of known pages cannot be written: File too large; the pages themselves are done",
    ]
    assert [*index.iterdir()] == [path]
    assert path.read_text() == before


@pytest.mark.parametrize("known", ["-", "s3://shop/list"])
def test_a_list_is_a_file_of_this_machine(run: Run, known: str) -> None:
    ran = run("inject", "s3://shop/site", "--from-file", CODE, "--known", known)
    assert (ran.code, _last(ran)) == (2, "Error: --known takes a file on this machine.")
    assert [*Path().iterdir()] == []


def test_the_shards_of_a_site_are_all_of_it_each_page_once(run: Run, index: Path) -> None:
    site = Path("site")
    site.mkdir()
    for number in range(40):
        (site / f"{number}.html").write_bytes(PAGE)
    Path("rules.csv").write_text(
        "page,pixel,value,currency\n/1.html,6009125095680,1999,USD\n/2.html,6009125095680,1,USD\n"
    )
    rules = ("inject", "site", "--from-file", CODE, "--pages", "rules.csv", "--shard")
    assert [run(*rules, f"{number}/3").code for number in (1, 2, 3)] == [0, 0, 0]
    assert [b"19.99" in (site / "1.html").read_bytes(), b"0.01" in (site / "2.html").read_bytes()] == [True, True]
    shards = [run("remove", "site", "--shard", f"{number}/3", "--check", "--json").out for number in (1, 2, 3)]
    paths = [page["path"] for out in shards for page in json.loads(out)["files"]]
    assert sorted(paths) == sorted(f"site/{number}.html" for number in range(40))
    assert run(*rules[:-1], "--shard", "4/3").code == 2
    assert _last(run("remove", "site/1.html", "--shard", f"{2 if Shard(1, 2).holds('1.html') else 1}/2")) == "no pages"
    assert all(Shard(1, 1).holds(path) for path in paths)


@pytest.mark.parametrize(
    "paths",
    [
        ["site"],
        ["./site/"],
        ["{here}/site"],
        ["{here}/site/"],
        ["site/*.html"],
        ["{here}/site/**/*.html"],
        ["site/a.html", "site/b.html", "site/c.html", "site/d.html"],
        ["{here}/site/a.html", "{here}/site/b.html", "{here}/site/c.html", "{here}/site/d.html"],
    ],
)
def test_a_page_is_in_the_same_part_wherever_a_machine_keeps_the_site(run: Run, site: Path, paths: list[str]) -> None:
    ran = run("remove", *(path.format(here=Path.cwd()) for path in paths), "--shard", "1/2", "--check", "--json")
    names = {Path(page["path"]).name for page in json.loads(ran.out)["files"]}
    assert names == {f"{name}.html" for name in NAMES if Shard(1, 2).holds(f"{name}.html")} != set()


@pytest.mark.parametrize("path", ["a.html", "site/a.html", "{here}/site/a.html", "{here}/site/a.html*"])
def test_so_is_a_page_that_is_named(run: Run, site: Path, path: str) -> None:
    shutil.copy(site / "a.html", "a.html")
    part = 1 if Shard(1, 2).holds("a.html") else 2
    assert _last(run("remove", path.format(here=Path.cwd()), "--shard", f"{part}/2", "--check")) == "1 would be removed"


def test_each_part_of_a_site_has_an_index_of_its_own(
    run: Run, site: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = ("1/2", "2/2")
    assert [_inject(run, "--shard", part).code for part in parts] == [0, 0]
    came = _read(monkeypatch)
    assert [_inject(run, "--shard", part).code for part in parts] == [0, 0]
    assert came == []


def test_runs_with_other_code_leave_each_others_pages_known(
    run: Run, site: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("other.html").write_text(CODE.read_text().replace("6009125095680", "434566956589050"))
    commands = [
        ("inject", "site/a.html", "--from-file", CODE, "--value", "1999", "--index"),
        ("inject", "site/a.html", "--from-file", "other.html", "--value", "1999", "--index"),
        ("remove", "site/a.html", "--pixel", "6009125095681", "--index"),
        ("remove", "site/a.html", "--key", "fp:6009125095681", "--index"),
    ]
    for _ in range(2):
        assert [run(*command).code for command in commands] == [0, 0, 0, 0]
    came = _read(monkeypatch)
    assert [run(*command).code for command in commands] == [0, 0, 0, 0]
    assert came == []
