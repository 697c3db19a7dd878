"""Pages on a Dask cluster: real schedulers and workers, some of which are killed."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest

from snippetkit import __version__, files
from snippetkit import run as running
from snippetkit.cli import EXIT_CODES
from snippetkit.errors import NetworkError, SettingError
from snippetkit.model import Edit, PageBytes
from snippetkit.run import DOUBTFUL, Outcome, RunOptions, connecting
from snippetkit.run.cluster import Patience
from snippetkit.run.connecting import check_address, connected
from snippetkit.run.remote import work_on
from snippetkit.work import listing_changed
from tests.clusters import Started, started_cluster
from tests.conftest import CASES, Run
from tests.documents import ROOT
from tests.processes import started

pytestmark = pytest.mark.dask
CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"
NEW = b"<!-- new -->"
PATIENCE = Patience(connect_s=2, workers_s=2)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Started]:
    """Two workers, which no test kills."""
    with started_cluster(2) as cluster:
        yield cluster


@pytest.fixture
def site() -> Path:
    return make_site(300)


def make_site(count: int) -> Path:
    site = Path.cwd() / "site"
    site.mkdir()
    for number in range(count):
        (site / f"{number:03}.html").write_bytes(PAGE)
    return site


@dataclass
class Inserts:
    """A planner that puts a text before `</head>`; at one page it says who it is, and waits until it may go on."""

    holds_at: str = ""

    def plan(self, path: str, page: PageBytes) -> list[Edit]:
        if Path(path).name == self.holds_at:
            said, go = (Path(path).parent.with_name(name) for name in ("said", "go"))
            if not go.exists():
                said.with_name("saying").write_text(str(os.getpid()))
                said.with_name("saying").rename(said)
            while not go.exists():
                time.sleep(0.01)
        at = page.find(b"</head>")
        return [] if NEW in page.whole() else [Edit(at, at, NEW)]


def _carry_out(address: str, site: Path, planner: Inserts, patience: Patience = PATIENCE) -> Iterator[Outcome]:
    with connected(address, jobs=0, insecure=False, patience=patience) as crew:
        yield from running.carry_out([str(site)], planner, files.PAGES, RunOptions(crew=crew))


def _until(path: Path) -> str:
    while not path.exists():
        time.sleep(0.01)
    return path.read_text()


def _is_whole(site: Path) -> bool:
    """Whether each page is as it was or as it is to be, and nothing else is there."""
    after = PAGE.replace(b"</head>", NEW + b"</head>")
    return {page.read_bytes() for page in site.iterdir()} <= {PAGE, after}


def test_what_is_said_and_written_is_what_it_is_without_a_cluster(run: Run, cluster: Started, site: Path) -> None:
    before = site.with_name("before")
    copytree(site, before)
    Path("rules.csv").write_text("page,pixel,value\n/00?.html,6009125095680,500\n/none.html,6009125095680,1\n")
    (site / "100.html").write_text("<p>no page</p>")
    (before / "100.html").write_text("<p>no page</p>")
    code, rules = ["--from-file", CODE, "--value", "1999"], ["--from-file", CODE, "--pages", "rules.csv"]
    lines = [
        [*code, "--check"],
        [*code, "--diff"],
        [*rules, "--prune"],
        [*code, "--json"],
        [*code, "--summary"],
        [*code, "--index", "-v"],
        [*code, "--value", "500", "--shard", "1/3"],
    ]
    lines = [[*line[:2], *line[4:]] if line.count("--value") > 1 else line for line in lines]
    for line in lines:
        told = []
        for options in (["--dask", cluster.address], []):
            told.append(run("inject", site, *line, *options))
            pages = {page.name: page.read_bytes() for page in site.iterdir()}
            rmtree(site)
            copytree(before, site)
        assert told[0] == told[1], line
        assert pages == {page.name: page.read_bytes() for page in site.iterdir()} or "--check" not in line
    assert run("inject", site, *code, "-q").code == 6
    assert run("remove", site, "-q", "--dask", cluster.address).code == 0
    assert {page.read_bytes() for page in site.glob("0*.html")} == {PAGE}


def test_a_cluster_of_its_own_begins_and_ends_with_the_run(site: Path) -> None:
    command = [sys.executable, "-m", "snippetkit", "inject", str(site), "--from-file", str(CODE), "--value", "1999"]
    command += ["--summary", "--dask", "local", "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stdout, done.stderr.splitlines()[2:]) == (0, "", ["300 inserted"])
    assert {PAGE in page.read_bytes() for page in site.iterdir()} == {False}


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the processes are read from /proc")
def test_no_process_of_a_cluster_of_its_own_has_the_token(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    site, seen = make_site(300), list[bytes]()
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", "token-4711")
    monkeypatch.setenv("SNIPPETKIT_APP_SECRET", "secret-4711")
    connect = connecting._connect

    def look(*given: object) -> object:
        children = Path("/proc/self/task").glob("*/children")
        pids = [pid for file in children for pid in file.read_text().split()]
        seen.extend(Path("/proc", pid, "environ").read_bytes() for pid in pids)
        return connect(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(connecting, "_connect", look)
    assert run("remove", site, "--dask", "local", "--jobs", "2").code == 0
    assert len(seen) >= 2
    is_known = b"4711" in b"".join(seen)  # the environment itself is not for a log
    assert not is_known


def test_an_interrupted_run_leaves_whole_pages_and_a_second_one_converges(run: Run) -> None:
    site = make_site(1500)
    command = [sys.executable, "-m", "snippetkit", "inject", str(site), "--from-file", str(CODE), "--value", "1999"]
    command += ["--dask", "local", "--jobs", "2"]
    with started(command, env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:
        assert process.stderr
        while all(page.read_bytes() == PAGE for page in site.glob("00?.html")):
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        said = process.stderr.read().decode().splitlines()
        assert process.wait() == 130
    assert said[-1] == "error: interrupted"
    assert {line for line in said[2:-1] if not line.startswith("inserted: ")} == {""}  # click ends the line after ^C
    changed = {page.read_bytes() for page in site.iterdir()} - {PAGE}
    assert len(changed) == 1
    assert run("inject", site, "--from-file", CODE, "--value", "1999").code == 0
    assert {page.read_bytes() for page in site.iterdir()} == changed


def test_a_batch_of_a_killed_worker_runs_again_and_what_may_have_changed_before_is_told(site: Path) -> None:
    with started_cluster(2) as cluster:
        outcomes = _carry_out(cluster.address, site, Inserts(holds_at="200.html"))
        told = [next(outcomes)]
        cluster.process(int(_until(site.with_name("said")))).kill()
        site.with_name("go").touch()
        changed = site.with_name("changed.txt")
        told += listing_changed(outcomes, [str(site)], str(changed))
    assert [Path(one.path).name for one in told] == sorted(page.name for page in site.iterdir())
    verbs = {Path(one.path).name: (one.verb, one.notes) for one in told}
    assert verbs["199.html"] == ("unchanged", (DOUBTFUL,))
    assert verbs["200.html"] == ("inserted", ())
    assert Counter(verbs.values()).keys() == {("unchanged", (DOUBTFUL,)), ("inserted", ())}
    assert len(changed.read_text().splitlines()) == len(told) - 1
    assert {page.read_bytes() for page in site.iterdir()} == {PAGE.replace(b"</head>", NEW + b"</head>")}


def test_quick_batches_go_together_and_the_plan_goes_once(
    run: Run, cluster: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    sent, real = list[int](), distributed.Client.submit

    def spy(self: Any, *arguments: Any, **named: Any) -> Any:
        sent.append(len(pickle.dumps([one for one in arguments if isinstance(one, bytes)])))
        return real(self, *arguments, **named)

    monkeypatch.setattr(distributed.Client, "submit", spy)
    monkeypatch.setattr("snippetkit.run.cluster._QUICK_S", 60)
    site = make_site(3000)
    rows = [f"/none/{number}.html,6009125095680,1\n" for number in range(5000)]
    Path("rules.csv").write_text("".join(["page,pixel,value\n", "/*.html,6009125095680,500\n", *rows]))
    ran = run("inject", site, "--from-file", CODE, "--pages", "rules.csv", "--summary", "--dask", cluster.address)
    assert ran.err.splitlines()[-1] == "3000 inserted, 5000 failed"
    assert [size > 200_000 for size in sent] == [True] + [False] * (len(sent) - 1)
    assert 3000 / 1024 < len(sent) - 1 < 3000 / 128 - 8


def test_a_scheduler_that_dies_ends_the_run_and_a_second_one_converges(site: Path) -> None:
    with started_cluster(2) as cluster:
        outcomes = _carry_out(cluster.address, site, Inserts(holds_at="200.html"))
        next(outcomes)
        _until(site.with_name("said"))
        cluster.scheduler.kill()
        with pytest.raises(NetworkError, match="the scheduler is gone") as caught:
            list(outcomes)
    assert caught.value.with_hint() == f"{cluster.address}: the scheduler is gone; run again; what is done stays done"
    site.with_name("go").touch()
    assert _is_whole(site)
    with started_cluster(1) as cluster:
        assert len([*_carry_out(cluster.address, site, Inserts())]) == 300
    assert {page.read_bytes() for page in site.iterdir()} == {PAGE.replace(b"</head>", NEW + b"</head>")}


def test_a_cluster_that_loses_all_its_workers_ends_the_run(site: Path) -> None:
    with started_cluster() as cluster:
        with pytest.raises(NetworkError, match="the cluster has no workers"):
            list(_carry_out(cluster.address, site, Inserts()))
        cluster.add()
        outcomes = _carry_out(cluster.address, site, Inserts(holds_at="200.html"))
        next(outcomes)
        cluster.process(int(_until(site.with_name("said")))).kill()
        with pytest.raises(NetworkError, match="all workers are gone"):
            list(outcomes)
    assert _is_whole(site)


def test_where_no_scheduler_answers_the_run_ends_in_time(site: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        for _ in range(2):
            with pytest.raises(NetworkError, match=f"^tcp://127.0.0.1:{port}: no scheduler answers there$"):
                list(_carry_out(f"tcp://127.0.0.1:{port}", site, Inserts()))
            silent.listen()  # the second time somebody is there, and says nothing
    assert EXIT_CODES[NetworkError] == 5
    assert {page.read_bytes() for page in site.iterdir()} == {PAGE}


def test_a_worker_that_lacks_something_is_told_before_anything_is_written(run: Run, site: Path) -> None:
    import distributed

    inject = ["inject", "--from-file", CODE, "--value", "1999"]
    with started_cluster(1) as cluster, distributed.Client(cluster.address, set_as_default=False) as client:
        where = f"error: worker {next(iter(cluster.workers))}: "
        os.chdir("/")
        relative = site.relative_to("/")
        client.run(os.chdir, str(site))
        ran = run(*inject, relative, "--dask", cluster.address)
        assert (ran.code, ran.err.splitlines()[-1]) == (
            2,
            f"{where}{relative}/000.html: No such file or directory; a file system that all workers share works, with "
            "its full path; or give --dask local",
        )
        other = site / relative
        other.mkdir(parents=True)
        (other / "000.html").write_bytes(PAGE)
        assert f"it sees another page at {relative}/000.html;" in run(*inject, relative, "--dask", cluster.address).err
        rmtree(site / relative.parts[0])
        client.run(exec, "import snippetkit.run.remote; snippetkit.run.remote.__version__ = '0.0.9'")
        ran = run(*inject, site, "--dask", cluster.address)
        assert (ran.code, ran.err.splitlines()[-1]) == (
            2,
            f"{where}it has snippetkit 0.0.9, not {__version__}; install the same version there",
        )
        client.run(exec, "import sys; sys.modules['snippetkit.run.remote'] = None")
        ran = run(*inject, site, "--dask", cluster.address)
        assert (ran.code, ran.err.splitlines()[-1][: len(where)]) == (2, where)
    assert {page.read_bytes() for page in site.iterdir()} == {PAGE}


def test_a_worker_that_comes_later_with_another_version_does_nothing() -> None:
    answer = pickle.loads(work_on("run", "0.0.9", b"", b""))
    assert (answer.outcomes, type(answer.error)) == ([], SettingError)


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "tcp://10.0.0.5:8786", "ws://h.example:1", "tcp://127.0.0.1.x:1"])
def test_an_address_that_others_may_reach_is_refused(run: Run, site: Path, address: str) -> None:
    ran = run("inject", site, "--from-file", CODE, "--value", "1999", "--dask", address)
    assert (ran.code, ran.err.splitlines()[-1]) == (
        2,
        f"error: {address} is open: whoever reaches the scheduler can run any code on its workers, with their"
        " credentials; use tls://, or give --insecure-cluster if nobody else reaches it",
    )
    check_address(address, insecure=True)


def test_tls_and_loopback_are_taken_and_what_is_no_address_is_not() -> None:
    for address in ("tls://10.0.0.5:8786", "tcp://127.0.0.1:1", "localhost:1", "tcp://[::1]:1"):
        check_address(address, insecure=False)
    for address in ("tls://10.0.0.5", "nonsense", "tcp://:8786", "tls://h:port"):
        with pytest.raises(SettingError, match="is not a scheduler's address"):
            check_address(address, insecure=True)


@pytest.mark.parametrize("address", ["ann:word@127.0.0.1:1", "tls://ann:word@10.0.0.5:8786"])
def test_an_address_with_a_password_is_refused_without_it(address: str) -> None:
    with pytest.raises(SettingError, match="has a user name or a password, which no scheduler takes") as refused:
        check_address(address, insecure=True)
    assert "word@" not in refused.value.with_hint()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["site", "--fsync", "--dask", "local"], "--fsync cannot be used with --dask: pages are on the disks of its"),
        (["site", "--backup", "b", "--dask", "local"], "--backup cannot be used with --dask: "),
        (["site", "--verify", "--dask", "local"], "--verify cannot be used with --dask: "),
        (["-", "--dask", "local"], "--dask cannot be used with '-', only with files."),
        (["site", "--jobs", "2", "--dask", "tls://h:1"], "--jobs cannot be used with a cluster's address: "),
        (["site", "--insecure-cluster"], "--insecure-cluster needs --dask."),
    ],
)
def test_what_does_not_go_with_a_cluster_is_refused(run: Run, options: list[str], reason: str) -> None:
    ran = run("inject", *options, "--from-file", CODE, "--value", "1999")
    assert ran.code == 2
    assert f"Error: {reason}" in ran.err


def test_without_distributed_the_extra_is_named(run: Run, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = run("inject", site, "--from-file", CODE, "--value", "1999", "--dask", "local")
    assert ran.code == 2
    assert ran.err.endswith("error: --dask needs distributed; pip install distributed (the extra [dask])\n")
