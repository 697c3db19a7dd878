"""Which pages are as they were at a revision that git knows.

Only `ls-tree` is asked, which runs no filter, hook or monitor of a repository; the bytes are compared here. Line ends
do not count: git may write others into the folder, and browsers read all alike.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from snippetkit.errors import FileError, SettingError
from snippetkit.work.browsing import NamedPage
from snippetkit.work.fingerprints import find_named

_LIMIT_S = 60
_HASHES = {40: "sha1", 64: "sha256"}
_OTHERWISE = "take --since with what 'verify --json' printed before"


class _Revision:
    """The files of a repository at a revision, as seen from a site's folder."""

    def __init__(self, root: str, revision: str) -> None:
        self._root = Path(root)
        self._folder, self._blobs = _read_revision(root, revision)
        self._known: dict[str, bool] = {}

    def has(self, file: str) -> bool:
        """Whether a file's content is what it was; one that a link leads to may have been another."""
        if file not in self._known:
            self._known[file] = self._compare(file)
        return self._known[file]

    def had(self, file: str) -> bool:
        """Whether there was such a file."""
        try:
            return self._blob(self._path(file)) != ""
        except ValueError:  # of another folder
            return False

    def _path(self, file: str) -> Path:
        return self._root.resolve() / Path(file).relative_to(self._root)

    def _blob(self, path: Path) -> str:
        return self._blobs.get(os.fsencode(path.relative_to(self._folder).as_posix()), "")

    def _compare(self, file: str) -> bool:
        from snippetkit import files

        try:
            path = self._path(file)
            blob = self._blob(path)
            if not blob or path.resolve() != path:
                return False
            data = files.read(path)
        except (FileError, OSError, ValueError, RuntimeError):  # gone; of another folder; a link to itself
            return False
        return blob in {_blob(data, len(blob)), _blob(data.replace(b"\r\n", b"\n"), len(blob))}


def split_unchanged(pages: Sequence[NamedPage], revision: str) -> tuple[list[NamedPage], list[NamedPage]]:
    """Return the pages that have changed since a revision, and those that have not, nor anything that they name.

    A page that git does not know has changed.

    Args:
        pages: files, no URLs.
        revision: such as `main`, `HEAD~3` or a commit's id.

    Raises:
        SettingError: there is no git, no repository, or no such revision.
    """
    changed: list[NamedPage] = []
    unchanged: list[NamedPage] = []
    there = {root: _Revision(root, revision) for root in dict.fromkeys(root for _, root in pages)}
    for page in pages:
        (unchanged if _is_same(page, there[page[1]]) else changed).append(page)
    return changed, unchanged


def _is_same(page: NamedPage, there: _Revision) -> bool:
    if not there.has(page[0]):
        return False
    named = find_named(page)
    return all(map(there.has, named.there)) and not any(map(there.had, named.gone))


def _read_revision(root: str, revision: str) -> tuple[Path, dict[bytes, str]]:
    """The repository's folder, and the id of each file's content by its path in there."""
    folder = _git(root, f"{root} is not in a git repository", "rev-parse", "--show-toplevel")
    unknown = f"git has no revision {revision!r} in {root}"
    tree = _git(root, unknown, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
    listed = _git(root, unknown, "ls-tree", "-r", "-z", "--full-tree", tree.decode().strip())
    blobs = {}
    for entry in filter(None, listed.split(b"\0")):
        described, _, name = entry.partition(b"\t")
        blobs[name] = described.split(b" ")[2].decode()
    return Path(os.fsdecode(folder.rstrip(b"\n"))).resolve(), blobs


def _git(folder: str, wrong: str, *arguments: str) -> bytes:
    """What git answers, without the variables of this program.

    Raises:
        SettingError: there is none, or it fails; `wrong` says what that means.
    """
    import shutil
    import subprocess

    from snippetkit.browser import needed

    program = shutil.which("git")
    if program is None:
        raise SettingError("git, which --only-changed asks, is not installed", hint=_OTHERWISE)
    command = [program, "-C", folder, *arguments]
    try:
        environment = needed(is_live=False)
        ran = subprocess.run(command, env=environment, capture_output=True, timeout=_LIMIT_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SettingError(f"git did not answer in {folder}", hint=_OTHERWISE) from error
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").partition("\n")[0]
        raise SettingError(wrong if not said or "not a git" in said else f"{wrong}: {said}", hint=_hint(arguments))
    return ran.stdout


def _hint(arguments: Sequence[str]) -> str:
    return "fetch it first; CI often fetches one commit only" if "--verify" in arguments else _OTHERWISE


def _blob(data: bytes, length: int) -> str:
    """The id that git gives this content (gitglossary, "object name")."""
    return hashlib.new(_HASHES[length], b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
