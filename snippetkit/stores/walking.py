"""Finding pages in a bucket: below a prefix, or by name."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

from snippetkit.errors import SettingError
from snippetkit.files import FOLDERS_LEFT_OUT, TWIN_SUFFIXES, FoundFile, Selection, compile_patterns, is_leftover
from snippetkit.stores.adapter import Listed


class KeySelection:
    """Says which of the objects below a prefix are taken, as a walk over folders does; `.gitignore` does not count."""

    def __init__(self, selection: Selection) -> None:
        """Take the patterns.

        Raises:
            SettingError: one is malformed.
        """
        self._suffixes = selection.suffixes()
        self._include = None if self._suffixes else compile_patterns(selection.include, whole_folders=True)
        if not self._suffixes and self._include is None:
            raise SettingError("--include has no pattern that could match", hint="give one such as '*.html'")
        self._exclude = compile_patterns(selection.exclude)
        self._enters = lru_cache(maxsize=1024)(self._enters_folder)

    def takes(self, path: str) -> bool:
        """Whether an object is taken, by its key behind the prefix."""
        folder, slash, name = path.rpartition("/")
        if not name or not name.lower().endswith(self._suffixes or ("",)) or is_leftover(name):
            return False
        if self._include and not self._include.decide(path):
            return False
        return not (self._exclude and self._exclude.decide(path)) and (not slash or self._enters(folder))

    def _enters_folder(self, folder: str) -> bool:
        above, slash, name = folder.rpartition("/")
        is_hidden = name[:1] == "." and name not in {".", ".."}  # a key may have these, and they lead nowhere
        if is_hidden or name in FOLDERS_LEFT_OUT:
            return False
        return not (self._exclude and self._exclude.decide(f"{folder}/")) and (not slash or self._enters(above))


def with_twins(root: str, listed: Iterable[Listed], takes: KeySelection, cut: int) -> Iterator[FoundFile]:
    """Yield the objects of a listing that are taken, each with the compressed copies beside it.

    A copy comes behind its page, before any key that sorts behind both; so no more than a few keys wait.

    Args:
        root: the bucket's URL.
        listed: the objects, in order.
        takes: says which are meant.
        cut: how long the prefix is.
    """
    waiting: deque[tuple[Listed, list[str]]] = deque()
    for one in listed:
        key = one.key.encode("utf-8", "surrogatepass")
        while waiting and key > f"{waiting[0][0].key}{TWIN_SUFFIXES[-1]}".encode("utf-8", "surrogatepass"):
            yield _found(root, *waiting.popleft())
        for page, twins in waiting if one.key.endswith(TWIN_SUFFIXES) else ():
            twins += [suffix for suffix in TWIN_SUFFIXES if one.key == page.key + suffix]
        if takes.takes(one.key[cut:]):
            waiting.append((one, []))
    for page, twins in waiting:
        yield _found(root, page, twins)


def _found(root: str, page: Listed, twins: list[str]) -> FoundFile:
    return FoundFile(f"{root}{page.key}", tuple(twins), tag=page.tag)
