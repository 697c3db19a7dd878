"""Which files a walk finds: in order, each once, and what git ignores is left out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snippetkit import files
from snippetkit.errors import FileError, SettingError
from snippetkit.files import PAGES, FoundFile, Selection
from tests.conftest import examples


def _make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def _walk(folder: Path, *names: str, selection: Selection = PAGES) -> list[str]:
    given = [folder / name for name in names or ["."]]
    return [os.path.relpath(found.path, folder) for found in files.walk(given, _fail, selection)]


def _fail(error: FileError) -> None:
    if "no matching files" not in str(error):
        raise error


def test_named_files_are_taken_as_they_are_and_pages_below_folders_once_in_order(tmp_path: Path) -> None:
    _make(tmp_path, "b.html", "a.HTM", "x.txt", "sub/c.html", ".git/d.html", "node_modules/e.html", "f.phtml")
    assert _walk(tmp_path) == ["a.HTM", "b.html", "sub/c.html"]
    assert _walk(tmp_path, "x.txt", ".", "b.html", "x.txt") == ["x.txt", "a.HTM", "sub/c.html", "b.html"]
    assert _walk(tmp_path, ".", "sub") == ["a.HTM", "b.html", "sub/c.html"]
    assert _walk(tmp_path, "sub/c.html", "sub", ".") == ["sub/c.html", "a.HTM", "b.html"]
    assert _walk(tmp_path, "node_modules") == ["node_modules/e.html"]
    assert _walk(tmp_path, "none.html") == ["none.html"]


def test_the_current_folder_is_not_part_of_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "a.html", "sub/b.html")
    monkeypatch.chdir(tmp_path)
    for name, found in {".": ["a.html", "sub/b.html"], "./sub/": ["sub/b.html"], "": ["a.html", "sub/b.html"]}.items():
        assert [one.path for one in files.walk([name], _fail)] == found
    monkeypatch.chdir(tmp_path / "sub")
    assert [one.path for one in files.walk(["..", "b.html"], _fail)] == ["../a.html", "b.html"]


def test_a_folder_that_cannot_be_listed_is_told_and_the_others_are_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(tmp_path, "closed/page.html", "open/page.html")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if "closed" in path:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    failed: list[str] = []
    found = list(files.walk([tmp_path], lambda error: failed.append(str(error))))
    assert found == [FoundFile(f"{tmp_path}/open/page.html")]
    assert failed == [f"{tmp_path}/closed: Permission denied"]


def test_compressed_twins_are_told(tmp_path: Path) -> None:
    _make(tmp_path, "a.html", "a.html.br", "a.html.gz", "a.htm", "b.html.zst", "c.html", "c.html.zst")
    wanted = [
        FoundFile(f"{tmp_path}/a.htm"),
        FoundFile(f"{tmp_path}/a.html", (".gz", ".br")),
        FoundFile(f"{tmp_path}/c.html", (".zst",)),
    ]
    assert list(files.walk([tmp_path], _fail)) == wanted
    assert list(files.walk([tmp_path / "a.html"], _fail)) == [wanted[1]]
    assert list(files.walk([tmp_path], _fail, Selection(include=("/a*.html",)))) == [wanted[1]]


def test_patterns_are_expanded_where_no_shell_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "a.html", "b.php", "sub/c.html", "sub/deep/d.html", "[x].html")
    monkeypatch.chdir(tmp_path)
    assert _walk(tmp_path, "*.html") == ["[x].html", "a.html"]
    assert _walk(tmp_path, "**/*.html", "a.html") == ["[x].html", "a.html", "sub/c.html", "sub/deep/d.html"]
    assert _walk(tmp_path, "[x].html") == ["[x].html"]
    assert _walk(tmp_path, "s?b") == ["sub/c.html", "sub/deep/d.html"]
    failed: list[str] = []
    assert not list(files.walk(["*.xyz"], lambda error: failed.append(str(error))))
    assert failed == ["*.xyz: nothing matches this pattern"]


def test_include_and_exclude(tmp_path: Path) -> None:
    _make(tmp_path, "a.html", "b.php", "c.PHP", "drafts/d.html", "shop/e.html", "shop/drafts/f.php", "g")
    for selection, found in {
        Selection(include=("*.php",)): ["b.php", "c.PHP", "shop/drafts/f.php"],
        Selection(include=("*.htm-l", "*.x")): [],
        Selection(exclude=("drafts/",)): ["a.html", "shop/e.html"],
        Selection(exclude=("/drafts",)): ["a.html", "shop/e.html"],
        Selection(exclude=("*", "!*/", "!e.html")): ["shop/e.html"],
        Selection(include=("shop/", "!*.html")): ["shop/drafts/f.php"],
        Selection(include=("/[ag]*",)): ["a.html", "g"],
    }.items():
        assert _walk(tmp_path, selection=selection) == found
    assert _walk(tmp_path, "a.html", selection=Selection(include=("*.php",), exclude=("a.html",))) == ["a.html"]
    with pytest.raises(SettingError, match="'!' is not a pattern"):
        _walk(tmp_path, selection=Selection(exclude=("!",)))
    with pytest.raises(SettingError, match=r"'\[' is not a pattern: nothing ends its bracket"):
        _walk(tmp_path, selection=Selection(include=("[",)))
    with pytest.raises(SettingError, match="--include has no pattern that could match"):
        _walk(tmp_path, selection=Selection(include=("#nothing",)))


def test_links(tmp_path: Path) -> None:
    _make(tmp_path, "site/a.html", "site/z/b.html", "other/c.html", "other/deep/d.html", "e.html", "site/e.html.gz")
    site = tmp_path / "site"
    for name, target in {
        "other": "../other",
        "deep": "../other/deep",
        "loop": "..",
        "z/self": "../../site",
        "inside.html": "a.html",
        "e.html": "../e.html",
        "e2.html": "../e.html",
        "broken.html": "nowhere",
        "text.txt": "a.html",
        "folder.html": "../other",
    }.items():
        (site / name).symlink_to(target)
    assert list(files.walk([site], _fail)) == [
        FoundFile(f"{site}/a.html"),
        *(FoundFile(f"{site}/{n}.html", skipped="a symbolic link") for n in ("broken", "e", "e2", "inside")),
        FoundFile(f"{site}/z/b.html"),
    ]
    followed = list(files.walk([site], _fail, Selection(follow_links=True)))
    real = [os.path.realpath(found.target or found.path) for found in followed if "broken" not in found.path]
    assert sorted(real) == sorted(
        {str(path) for path in tmp_path.rglob("*.html") if path.is_file() and not path.is_symlink()}
    )
    named = list(files.walk([site / "e.html", site / "a.html"], _fail, Selection(follow_links=True)))
    assert named == [FoundFile(f"{site}/e.html", (".gz",), f"{tmp_path}/e.html"), FoundFile(f"{site}/a.html")]
    both = [site / "inside.html", site / "a.html"]
    assert [found.path for found in files.walk(both, _fail)] == [str(path) for path in both]
    assert [found.path for found in files.walk(both, _fail, Selection(follow_links=True))] == [str(both[0])]
    assert [found.path for found in files.walk([site / "other"], _fail)] == [
        f"{site}/other/c.html",
        f"{site}/other/deep/d.html",
    ]


def test_folders_to_skip_and_leftovers(tmp_path: Path) -> None:
    _make(tmp_path, "a.html", "backup/b.html", "sub/.snippetkit-12ab-1.tmp", ".snippetkit-34cd-1.tmp", "named/c.html")
    _make(tmp_path, "named/.snippetkit-1-1.tmp", "sub/.snippetkit.toml", "sub/.x.html")
    leftovers: list[str] = []
    given = [tmp_path, tmp_path / "named" / "c.html"]
    found = files.walk(given, _fail, skip=[str(tmp_path / "backup")], leftover=leftovers.append)
    assert [os.path.relpath(one.path, tmp_path) for one in found] == ["a.html", "sub/.x.html", "named/c.html"]
    names = {os.path.relpath(path, tmp_path) for path in leftovers}
    assert names == {".snippetkit-34cd-1.tmp", "sub/.snippetkit-12ab-1.tmp", "named/.snippetkit-1-1.tmp"}


def _git(folder: Path, *args: str, text: str = "") -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-C", str(folder), *args]
    return subprocess.run(command, input=text, capture_output=True, text=True, env=environment, check=False).stdout


def _check_against_git(top: Path) -> None:
    pages = sorted(os.path.relpath(path, top) for path in top.rglob("*.html") if path.is_file())
    ignored = set(_git(top, "check-ignore", "--stdin", "-z", text="\0".join(pages)).split("\0"))
    assert sorted(_walk(top)) == [page for page in pages if page not in ignored]


@pytest.mark.skipif(not shutil.which("git"), reason="compares with git")
def test_what_git_ignores_is_left_out(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    _make(
        tmp_path,
        *(f"{folder}{name}.html" for folder in ("", "a/", "a/b/", "build/", "a/build/c/", "é/") for name in "xyz"),
    )
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfy.html\r\n# x.html\n/build/\n!a/y.html\n\\!\n!\na/**/z.html\n")
    (tmp_path / "a" / ".gitignore").write_text("x.html\n!z.html\nb/*\n!b/y.html\n")
    (tmp_path / "a" / "b" / ".gitignore").write_text("!x.html\nz.html\n")
    _check_against_git(tmp_path)
    below = [name for name in _walk(tmp_path) if name.startswith("a/b/")]
    assert _walk(tmp_path, "a/b") == below == ["a/b/x.html", "a/b/y.html"]
    assert _walk(tmp_path, "build") == ["build/x.html", "build/z.html"]
    assert _walk(tmp_path, "y.html") == ["y.html"]
    everything = _walk(tmp_path, selection=Selection(gitignore=False))
    assert len(everything) == 18


def test_outside_a_repository_only_the_ignore_files_below_count(tmp_path: Path) -> None:
    _make(tmp_path, "site/a.html", "site/b.html")
    (tmp_path / ".gitignore").write_text("a.html\n")
    (tmp_path / "site" / ".gitignore").write_text("b.html\n")
    assert _walk(tmp_path, "site") == ["site/a.html"]


def test_a_gitignore_that_is_a_link_counts_nowhere_as_with_git(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    _make(tmp_path, "site/a.html", "site/b/a.html")
    (tmp_path / "lines").write_text("a.html\n")
    (tmp_path / "site" / ".gitignore").symlink_to(tmp_path / "lines")
    _check_against_git(tmp_path)
    assert _walk(tmp_path, "site/b") == ["site/b/a.html"]


_SEGMENTS = st.sampled_from(["a", "b", "*", "**", "?", "a*", "c.html", "*.html", "[ab]", "[!a]", "d.*"])
_PATTERNS = st.builds(
    lambda sign, start, segments, end: f"{sign}{start}{'/'.join(segments)}{end}",
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(_SEGMENTS, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", "/**"]),
)


@pytest.mark.skipif(not shutil.which("git"), reason="compares with git")
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["", "a", "b", "a/b"]), st.lists(_PATTERNS, max_size=4), max_size=3),
)
def test_any_patterns_mean_what_they_mean_to_git(
    tmp_path_factory: pytest.TempPathFactory, ignore: dict[str, list[str]]
) -> None:
    top = tmp_path_factory.mktemp("repository")
    _git(top, "init", "-q")
    folders = ["", "a/", "b/", "ab/", "a/a/", "a/b/", "a/b/ab/", "b/a/"]
    _make(top, *(f"{folder}{name}" for folder in folders for name in ("c.html", "d.html")))
    for folder, lines in ignore.items():
        (top / folder / ".gitignore").write_text("\n".join(lines))
    try:
        _check_against_git(top)
    finally:
        shutil.rmtree(top)


def test_an_argument_that_leads_to_no_file_is_told_unless_its_files_have_another_turn(tmp_path: Path) -> None:
    for name in ("a/x.html", "a/b/y.html", "c/z.txt", "d/old/o.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "link.html").symlink_to(tmp_path / "a" / "x.html")
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "link.html").symlink_to(tmp_path / "a" / "x.html")
    skip = [str(tmp_path / "d" / "old")]
    for names, told in (
        (["a", "c"], ["c"]),
        (["a/x.html", "a/b", "a"], []),
        (["a", "a", "a/x.html"], []),
        (["*"], []),
        (["c*", "e"], ["c*"]),
        (["d"], ["d"]),
    ):
        failed: list[str] = []
        paths = [tmp_path / name for name in names]
        list(files.walk(paths, lambda error: failed.append(error.path), skip=skip))  # noqa: B023
        assert failed == [str(tmp_path / name) for name in told], names
    failed = []
    follow = Selection(follow_links=True)
    list(files.walk([tmp_path / "a", tmp_path / "f"], lambda error: failed.append(error.path), follow))
    assert failed == []
