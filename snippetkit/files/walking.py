"""Finding pages: below folders, by name, and by pattern."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import PurePath

from snippetkit.errors import FileError, NoFilesError, SettingError
from snippetkit.files.folders import Listing, WalkedFolder, inner_folder, is_left_out, takes_file, with_own_rules
from snippetkit.files.ignoring import compile_patterns, rules_above
from snippetkit.files.selecting import PAGES, TWIN_SUFFIXES, FoundFile, Selection, is_same, relative
from snippetkit.files.writing import is_leftover

FOLDERS_LEFT_OUT = frozenset({"node_modules"})
"""The names of folders in which no page of a site is; so is no hidden one."""
_MAGIC = frozenset("*?[")


def walk(
    paths: Iterable[str | os.PathLike[str]],
    failed: Callable[[FileError], None],
    selection: Selection = PAGES,
    *,
    skip: Iterable[str] = (),
    leftover: Callable[[str], None] | None = None,
) -> Iterator[FoundFile]:
    """Yield files as given, and those below folders: of each folder first the files, by name, then its folders.

    Each file comes once; one that is named comes in its own turn, not in its folder's. A name that is not a file, with
    `*`, `?` or `[` in it, is a pattern (`**` for any folders). Hidden folders and `node_modules` are left out. What
    is kept in memory is the arguments, and the names in one folder.

    Args:
        paths: files, folders, and patterns.
        failed: is told of each folder that cannot be listed, and each argument that leads to no file.
        selection: which files are taken.
        skip: folders that are left out.
        leftover: is told of each temporary file that a killed run left behind.

    Raises:
        SettingError: a pattern of the selection is malformed.
    """
    return _Walk(failed, selection, leftover).files(paths, skip)


def takes(paths: Iterable[str], file: str, selection: Selection = PAGES) -> bool:
    """Whether a walk over these paths comes upon a file, be it there already or not.

    Raises:
        SettingError: as `walk` does.
    """
    walk = _Walk(lambda _: None, selection, None)
    return any(walk.takes(PurePath(path).as_posix(), file) for path in paths)


class _Walk:
    def __init__(
        self, failed: Callable[[FileError], None], selection: Selection, leftover: Callable[[str], None] | None
    ) -> None:
        self._failed = failed
        self._selection = selection
        self._leftover = leftover
        self._suffixes = selection.suffixes()
        self._include = None if self._suffixes else compile_patterns(selection.include, whole_folders=True)
        if not self._suffixes and self._include is None:
            raise SettingError("--include has no pattern that could match", hint="give one such as '*.html'")
        self._exclude = compile_patterns(selection.exclude)
        # By folder, as it really is: the names in it that have, or had, a turn of their own.
        self._own_turn: dict[str, set[str]] = {}
        self._swept: set[str] = set()
        self._skipped: set[str] = set()
        # Whether what was named led to a file, to one that has a turn of its own, or to another failure.
        self._is_met = False
        self._real_folder = lru_cache(maxsize=16)(os.path.realpath)

    def files(self, paths: Iterable[str | os.PathLike[str]], skip: Iterable[str]) -> Iterator[FoundFile]:
        given = [(path, self._expand(path)) for path in (PurePath(path).as_posix() for path in paths)]
        turns = [(path, [self._turn(root) for root in roots]) for path, roots in given if roots]
        for folder in skip:
            self._takes_turn(real := os.path.realpath(folder))
            self._skipped.add(real)
        for path, own in turns:
            self._is_met = False
            for root, real in own:
                yield from self._of_root(root, real)
            if not self._is_met:
                self._failed(NoFilesError(f"{path}: no matching files; --include says which are taken", path=path))

    def takes(self, path: str, file: str) -> bool:
        """Whether a file that is named, or lies below what is named, is taken."""
        is_new = not _MAGIC.isdisjoint(path) and not os.path.lexists(path) and fnmatchcase(file, path)
        return is_new or any(is_same(root, file) or self._takes_below(root, file) for root in self._expand(path))

    def _takes_below(self, root: str, file: str) -> bool:
        real = os.path.realpath(root)
        *folders, name = relative(os.path.realpath(file), real).split("/")
        folder = self._root(root, real)
        for inner in folders:
            folder = self._with_rules(folder)
            if not self._enters(folder, inner):
                return False
            folder = inner_folder(folder, inner)
        return name.lower().endswith(self._suffixes or ("",)) and takes_file(
            self._with_rules(folder), folder.prefix + name
        )

    def _with_rules(self, folder: WalkedFolder) -> WalkedFolder:
        return with_own_rules(folder) if self._selection.gitignore else folder

    def _turn(self, root: str) -> tuple[str, str]:
        """What was named and where it really is; the latter is empty where that has had its turn."""
        real = self._real(root)
        return root, real if self._takes_turn(real) else ""

    def _of_root(self, root: str, real: str) -> Iterator[FoundFile]:
        if not real:
            self._is_met = True
            return
        for file in self._below(root, real) if os.path.isdir(root) else (self._named(root, real),):
            self._is_met = True
            yield file

    def _expand(self, path: str) -> list[str]:
        if _MAGIC.isdisjoint(path) or os.path.lexists(path):
            return [path]
        from glob import glob

        matching = sorted(glob(path, recursive=True))
        if not matching:
            self._failed(FileError(f"{path}: nothing matches this pattern", path=path))
        return [PurePath(one).as_posix() for one in matching]

    def _real(self, path: str) -> str:
        """Where a file, a folder or a followed link really is."""
        folder, name = os.path.split(path)
        if name in {"", ".", ".."} or (os.path.islink(path) and (self._selection.follow_links or os.path.isdir(path))):
            return os.path.realpath(path)
        return os.path.join(self._real_folder(folder), name)

    def _takes_turn(self, real: str) -> bool:
        """Whether something has not had its turn; from now on it has."""
        folder, name = os.path.split(real)
        names = self._own_turn.setdefault(folder, set())
        if name in names:
            return False
        names.add(name)
        return True

    def _named(self, path: str, real: str) -> FoundFile:
        folder = os.path.dirname(path)
        if self._leftover and folder not in self._swept:
            self._swept.add(folder)
            self._list(f"{folder}/" if folder else "")
        twins = tuple(suffix for suffix in TWIN_SUFFIXES if os.path.exists(path + suffix))
        return FoundFile(path, twins, real if self._selection.follow_links and os.path.islink(path) else "")

    def _below(self, root: str, real: str) -> Iterator[FoundFile]:
        stack = [self._root(root, real)]
        while stack:
            folder = stack.pop()
            listing = self._list(folder.prefix)
            folder = with_own_rules(folder) if listing.has_gitignore else folder
            yield from self._files_in(folder, listing)
            stack += [
                inner_folder(folder, name)
                for name in sorted(listing.folders, reverse=True)
                if self._enters(folder, name)
            ]
            stack += self._linked_folders(folder, listing)

    def _root(self, root: str, real: str) -> WalkedFolder:
        prefix = "" if root == "." else f"{root.rstrip('/')}/"
        rules = rules_above(real, len(prefix)) if self._selection.gitignore else None
        own = (rules_in.at(len(prefix)) if rules_in else None for rules_in in (self._exclude, self._include))
        return WalkedFolder(prefix, real, rules, *own)

    def _list(self, prefix: str) -> Listing:
        listing = Listing()
        try:
            with os.scandir(prefix or ".") as entries:
                self._sort(entries, prefix, listing)
        except OSError as error:
            self._is_met = True
            self._failed(FileError.of(prefix.rstrip("/") or prefix or ".", error))
        return listing

    def _sort(self, entries: Iterable[os.DirEntry[str]], prefix: str, listing: Listing) -> None:
        suffixes, files = self._suffixes or ("",), listing.files
        for entry in entries:
            name = entry.name
            if name.endswith(TWIN_SUFFIXES):
                listing.twins.add(name)
            is_file = entry.is_file(follow_symlinks=False)
            if is_file and name[0] != "." and name.endswith(suffixes):  # as most do, in lower case
                files.append(name)
            elif not is_file and entry.is_dir(follow_symlinks=False):
                listing.folders.append(name)
            elif not is_file and entry.is_symlink():
                listing.links.add(name)
            elif name[0] == "." and self._is_apart(prefix, name, listing):
                pass
            elif name.lower().endswith(suffixes):
                files.append(name)

    def _is_apart(self, prefix: str, name: str, listing: Listing) -> bool:
        if is_leftover(name):
            if self._leftover:
                self._leftover(prefix + name)
            return True
        if name == ".gitignore":
            listing.has_gitignore = self._selection.gitignore
        return False

    def _files_in(self, folder: WalkedFolder, listing: Listing) -> Iterator[FoundFile]:
        prefix, twins = folder.prefix, listing.twins
        own_turn = self._own_turn.get(folder.real, ())
        is_choosy = folder.rules or folder.exclude or folder.include
        linked = [name for name in listing.links if name.lower().endswith(self._suffixes or ("",))]
        if not (own_turn or is_choosy or linked or twins):
            yield from (FoundFile(prefix + name) for name in sorted(listing.files))
            return
        for name in sorted(listing.files + linked):
            path = prefix + name
            if name in own_turn:
                self._is_met = True
                continue
            if is_choosy and not takes_file(folder, path):
                continue
            if name in listing.links:
                yield from self._linked_file(path)
            elif twins:
                yield FoundFile(path, tuple(suffix for suffix in TWIN_SUFFIXES if name + suffix in twins))
            else:
                yield FoundFile(path)

    def _enters(self, folder: WalkedFolder, name: str) -> bool:
        if name[0] == "." or name in FOLDERS_LEFT_OUT:
            return False
        if name in self._own_turn.get(folder.real, ()):
            self._is_met = self._is_met or os.path.join(folder.real, name) not in self._skipped
            return False
        return not is_left_out(folder, f"{folder.prefix}{name}/")

    def _linked_file(self, path: str) -> Iterator[FoundFile]:
        try:
            if stat.S_ISDIR(os.stat(path).st_mode):
                return
        except OSError:
            pass
        if not self._selection.follow_links:
            yield FoundFile(path, skipped="a symbolic link")
        elif self._is_new(real := os.path.realpath(path)):
            twins = tuple(suffix for suffix in TWIN_SUFFIXES if os.path.exists(real + suffix))
            yield FoundFile(path, twins, real)

    def _linked_folders(self, folder: WalkedFolder, listing: Listing) -> Iterator[WalkedFolder]:
        if not self._selection.follow_links:
            return
        for name in sorted(listing.links, reverse=True):
            path = folder.prefix + name
            if self._enters(folder, name) and os.path.isdir(path) and self._is_new(real := os.path.realpath(path)):
                yield folder._replace(prefix=f"{path}/", real=real)

    def _is_new(self, real: str) -> bool:
        """Whether what a link leads to has no other turn; then this is its turn.

        It has one where it lies in a folder that was named or that another link led to, even where the selection
        leaves it out there.
        """
        above = real
        while (parent := os.path.dirname(above)) != above:
            if os.path.basename(above) in self._own_turn.get(parent, ()):
                self._is_met = True
                return False
            above = parent
        return self._takes_turn(real)
