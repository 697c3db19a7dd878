"""A plan on many files: one file's trouble is told and the others go on, in one process and in several."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from snippetkit.errors import FileError, PageRefusedError, SettingError
from snippetkit.files import Selection
from snippetkit.model import Edit, PageBytes
from snippetkit.run import Outcome, Planned, RunOptions, carry_out, change_page, runs, workers
from tests.processes import started

CODE = b"<script>new</script>"
PAGE = b"<html><head></head><body></body></html>\n"
NEW = PAGE.replace(b"</head>", CODE + b"</head>")


@dataclass(frozen=True)
class Inserts:
    """Puts code before `</head>`, or tells by a page's bytes what else to do."""

    code: bytes = CODE

    def plan(self, path: str, text: PageBytes) -> list[Edit] | Planned:
        if text.find(b"refuse") >= 0:
            raise PageRefusedError("the place is not certain", line=3, column=7, offset=40)
        if text.find(b"fail") >= 0:
            raise FileError(f"{path}: not today")
        if b"die" in text.head:
            os.kill(os.getpid(), signal.SIGKILL)
        if b"defect" in text.head:
            raise KeyError("a defect")
        if b"slow" in text.head:
            time.sleep(0.01)
        if self.code in text.head:
            return []
        at = text.head.find(b"</head>")
        edits = [Edit(at, at, self.code)]
        return Planned(edits, ("look at it",), {"at": at}) if b"told" in text.head else edits


@dataclass(frozen=True)
class Replaces:
    edits: tuple[Edit, ...]

    def plan(self, path: str, text: PageBytes) -> list[Edit]:
        return list(self.edits)


def _run(
    *paths: Path, planner: Inserts | Replaces | None = None, follow: bool = False, **options: object
) -> list[Outcome]:
    given = RunOptions(**options)  # type: ignore[arg-type]
    return list(carry_out(map(str, paths), planner or Inserts(), Selection(follow_links=follow), given))


def _site(folder: Path, **pages: bytes) -> Path:
    folder.mkdir()
    for name, data in pages.items():
        (folder / f"{name}.html").write_bytes(data)
    return folder


def test_each_page_has_an_outcome_and_no_error_stops_the_others(tmp_path: Path) -> None:
    site = _site(tmp_path / "site", a=PAGE, b=PAGE + b"refuse", c=PAGE + b"fail", d=NEW, e=PAGE + b"told", g=PAGE)
    (site / "f.html").symlink_to("a.html")
    (site / "g.html").chmod(0o444)
    (site / "a.html.gz").touch()
    os.link(site / "a.html", tmp_path / "hard")
    a = f"{site}/a.html"
    outcomes = [
        Outcome(
            a,
            "inserted",
            notes=("has 2 hard links; the others keep the old bytes", f"{a}.gz holds the old page; compress it again"),
        ),
        Outcome(f"{site}/b.html", "refused", "the place is not certain", 3, 7, offset=40),
        Outcome(f"{site}/c.html", "failed", "not today"),
        Outcome(f"{site}/d.html", "unchanged"),
        Outcome(f"{site}/e.html", "inserted", notes=("look at it",), detail={"at": 12}),
        Outcome(f"{site}/f.html", "skipped", "a symbolic link"),
        Outcome(f"{site}/g.html", "failed", "read-only; chmod u+w makes it writable"),
    ]
    missing = [
        Outcome("none.html", "failed", "No such file or directory"),
        Outcome("x*", "failed", "nothing matches this pattern"),
    ]
    assert _run(site, Path("none.html"), Path("x*"), dry_run=True) == [missing[1], *outcomes, missing[0]]
    assert (site / "a.html").read_bytes() == PAGE
    assert _run(site, Path("none.html"), Path("x*")) == [missing[1], *outcomes, missing[0]]
    assert (site / "a.html").read_bytes() == NEW
    assert (tmp_path / "hard").read_bytes() == PAGE
    assert (site / "g.html").read_bytes() == PAGE


def test_a_folder_that_cannot_be_listed_has_an_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> object:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert _run(tmp_path) == [Outcome(str(tmp_path), "failed", "Permission denied")]


@pytest.mark.parametrize(
    ("edits", "verb"),
    [
        ([Edit(1, 1, b"x"), Edit(2, 2, b"y")], "inserted"),
        ([Edit(1, 2, b""), Edit(2, 2, b"y")], "updated"),
        ([Edit(1, 2, b"x")], "updated"),
        ([Edit(1, 2, b""), Edit(4, 5, b"")], "removed"),
        ([], "unchanged"),
    ],
)
def test_what_happened_in_one_word(tmp_path: Path, edits: list[Edit], verb: str) -> None:
    site = _site(tmp_path / "site", a=PAGE)
    assert [outcome.verb for outcome in _run(site, planner=Replaces(tuple(edits)))] == [verb]


def test_the_diff_is_what_changes(tmp_path: Path) -> None:
    site = _site(tmp_path / "site", a=b"<head></head>\xff\r\n")
    [outcome] = _run(site, show_diff=True, dry_run=True)
    assert outcome.diff.endswith(b"\n-<head></head>\xff\r\n+<head>" + CODE + b"</head>\xff\r\n")
    assert _run(site, show_diff=True) == [outcome]
    assert not _run(site, show_diff=True)[0].diff


def test_a_followed_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    site = _site(tmp_path / "site")
    target = tmp_path / "target.html"
    target.write_bytes(PAGE)
    (site / "link.html").symlink_to(target)
    assert _run(site / "link.html") == [
        Outcome(f"{site}/link.html", "failed", "a symbolic link; name the file it points to")
    ]
    assert _run(site, follow=True, fsync=True) == [Outcome(f"{site}/link.html", "inserted")]
    assert (site / "link.html").is_symlink()
    assert target.read_bytes() == NEW


def test_one_page_raises_its_errors(tmp_path: Path) -> None:
    site = _site(tmp_path / "site", a=PAGE, b=b"refuse")
    assert change_page(str(site / "a.html"), Inserts()).verb == "inserted"
    with pytest.raises(PageRefusedError, match="not certain"):
        change_page(str(site / "b.html"), Inserts())


def test_a_backup_is_left_out_of_the_walk_and_must_be_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = _site(tmp_path / "site", a=PAGE, b=PAGE)
    monkeypatch.chdir(site)
    assert [outcome.path for outcome in _run(Path(), backup="backup")] == ["a.html", "b.html"]
    assert (site / "backup" / "a.html").read_bytes() == PAGE
    with pytest.raises(SettingError, match="is not empty"):
        carry_out(["."], Inserts(), options=RunOptions(backup="backup"))


def test_leftovers_are_removed_by_a_run_that_writes(tmp_path: Path) -> None:
    site = _site(tmp_path / "site", a=PAGE)
    leftover = site / ".snippetkit-0123456789ab-1.tmp"
    leftover.touch()
    _run(site, dry_run=True)
    assert leftover.exists()
    _run(site)
    assert not leftover.exists()


def _many(folder: Path) -> Path:
    special = {7: b"refuse", 300: b"fail", 301: b"told", 700: b"x" * 50_000, 1100: b"refuse"}
    for index in range(1500):
        page = folder / f"{index % 7}" / f"{index:04}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes((NEW if index % 5 == 0 else PAGE) + special.get(index, b""))
    (folder / "3" / "link.html").symlink_to("0003.html")
    (folder / "2" / "0002.html.br").touch()
    return folder


@pytest.mark.parametrize("options", [{}, {"fsync": True}, {"show_diff": True}, {"dry_run": True}], ids=str)
def test_several_processes_do_the_same_as_one(tmp_path: Path, options: dict[str, object]) -> None:
    site = tmp_path / "site"
    results = []
    for jobs in (1, 2):
        shutil.rmtree(site, ignore_errors=True)
        outcomes = _run(_many(site), site / "none", jobs=jobs, **options)
        results.append((outcomes, {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}))
    assert results[0] == results[1]
    assert len(results[0][0]) == 1502
    assert {outcome.verb for outcome in results[0][0]} == {"inserted", "unchanged", "refused", "failed", "skipped"}


def test_processes_that_are_started_anew_do_the_same_as_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = _many(tmp_path / "site")
    wanted = _run(site, jobs=1, dry_run=True)
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    assert _run(site, jobs=2, dry_run=True) == wanted


def _serve(planner: Inserts, *batches: list[object]) -> list[object]:
    """What a worker answers, in this process."""
    ours, theirs = multiprocessing.Pipe()
    answers: list[object] = []

    def ask() -> None:
        for batch in batches:
            ours.send(batch)
            answers.append(ours.recv())
        ours.close()

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    asking = threading.Thread(target=ask)
    asking.start()
    try:
        workers._serve(theirs, [], planner, RunOptions())
    finally:
        asking.join()
        theirs.close()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return answers


def test_what_workers_are_told_and_tell_is_small(tmp_path: Path) -> None:
    site = _site(tmp_path / "site", a=PAGE, b=NEW, c=b"refuse", d=b"defect")
    a, b, c, d = (str(site / f"{name}.html") for name in "abcd")
    first, defect = _serve(Inserts(), [a, b, (c, (".gz",), c, "")], [d])
    assert first == ["inserted", "unchanged", ("refused", "the place is not certain", 3, 7, (), b"", None, 40, "")]
    assert isinstance(defect, KeyError)


class StrangeError(Exception):
    """One that cannot be pickled; for one that only cannot be made again, Dask teaches pickle how."""

    def __reduce__(self) -> str:
        raise TypeError("it holds an open file")


class Strange(Inserts):
    def plan(self, path: str, text: PageBytes) -> list[Edit]:
        raise StrangeError("onetwo")


def test_a_defect_that_cannot_travel_is_told(tmp_path: Path) -> None:
    [[defect]] = [_serve(Strange(), [str(_site(tmp_path / "site", a=PAGE) / "a.html")])]
    assert isinstance(defect, RuntimeError)
    assert "StrangeError: onetwo" in str(defect)


def test_a_process_that_is_killed_fails_its_batches_and_no_other(tmp_path: Path) -> None:
    site = _many(tmp_path / "site")
    (site / "1" / "0708.html").write_bytes(b"die")
    outcomes = _run(site, jobs=2)
    assert len(outcomes) == 1501
    killed = [outcome for outcome in outcomes if "was killed" in outcome.reason]
    assert f"{site}/1/0708.html" in {outcome.path for outcome in killed}
    assert len(killed) <= 2 * runs._BATCH_SIZE
    (site / "1" / "0708.html").unlink()
    assert {outcome.verb for outcome in _run(site, jobs=2)} == {"inserted", "unchanged", "refused", "failed", "skipped"}
    assert not list(site.rglob("*.tmp"))


def test_a_defect_is_raised_from_where_it_happened(tmp_path: Path) -> None:
    site = _many(tmp_path / "site")
    (site / "1" / "0708.html").write_bytes(b"defect")
    with pytest.raises(KeyError, match="a defect") as caught:
        _run(site, jobs=2)
    assert 'raise KeyError("a defect")' in "".join(caught.value.__notes__)


def test_leaving_a_run_early_ends_its_processes_and_leaves_whole_pages(tmp_path: Path) -> None:
    site = _many(tmp_path / "site")
    run = carry_out([str(site)], Inserts(), options=RunOptions(jobs=2))
    assert next(run).verb == "unchanged"
    run.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()
    _check_whole(site)


def _check_whole(site: Path) -> None:
    assert not list(site.rglob("*.tmp"))
    for page in site.rglob("*.html"):
        assert page.read_bytes().startswith((PAGE, NEW, b"slow"))


_PROGRAM = """
import sys
from tests.test_run import Inserts
from snippetkit.run import RunOptions, carry_out
try:
    for outcome in carry_out([sys.argv[1]], Inserts(), options=RunOptions(jobs=int(sys.argv[2]))):
        print(outcome.verb, flush=True)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("how", ["interrupt", "kill"])
def test_a_run_that_is_interrupted_or_killed_ends_with_all_its_processes(tmp_path: Path, jobs: int, how: str) -> None:
    site = _many(tmp_path / "site")
    for page in site.rglob("*.html"):
        page.write_bytes(b"slow" + page.read_bytes())
    command = [sys.executable, "-c", _PROGRAM, str(site), str(jobs)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with started(command, environment) as process:
        assert process.stdout
        process.stdout.readline()
        if how == "interrupt":
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.kill()
        process.communicate()  # which ends when the last process has
    assert process.returncode == (130 if how == "interrupt" else -signal.SIGKILL)
    if how == "interrupt" or jobs == 2:
        _check_whole(site)
    assert any(NEW not in page.read_bytes() for page in site.rglob("*.html"))


_MEASURE = """
import resource, sys
from tests.test_run import Inserts
from snippetkit.run import RunOptions, carry_out
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
[outcome] = carry_out([sys.argv[1]], Inserts(), options=RunOptions(jobs=1))
print(outcome.verb, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_huge_page_needs_little_memory(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    os.truncate(page, 300_000_000)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-c", _MEASURE, str(page)]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    verb, more_kilobytes = ran.stdout.split()
    assert verb == "inserted"
    assert int(more_kilobytes) < 12_000
    assert page.stat().st_size == 300_000_000 + len(CODE)
    with page.open("rb") as file:
        assert file.read(len(NEW) + 100) == NEW + b"\0" * 100
