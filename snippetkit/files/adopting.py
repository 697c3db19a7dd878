"""Pages as they were before their hand-written code was adopted, kept in case it is to come back.

They are in `.snippetkit/adopted` in the current folder, at the page's path as seen from there, or, for a page outside
the current folder, in the page's own folder. They are looked for from the page's folder upwards, so it does not matter
where the command is run.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from snippetkit.errors import FileError
from snippetkit.files.copying import Copier
from snippetkit.files.reading import PageFile, read_file

FOLDER = os.path.join(".snippetkit", "adopted")
_SUFFIX = ".html"


def keep_adopted(page: PageFile, name: str) -> str:
    """Keep a page as it was read, whole and with its mode and owner, under a name; return the path of the copy.

    Raises:
        FileError: it cannot be written.
    """
    folder = os.path.join(adopted_folder(page.path), "")
    temporary = f".snippetkit-{os.urandom(6).hex()}.tmp"
    try:
        os.makedirs(folder, exist_ok=True)
        Copier().copy(page, (), folder, temporary)
        os.replace(folder + temporary, kept := f"{folder}{name}{_SUFFIX}")
    except OSError as error:
        raise FileError.of(folder + temporary, error) from error
    finally:
        with suppress(OSError):
            os.unlink(folder + temporary)
    return kept


def adopted_folder(path: str) -> str:
    """Return the folder for the copies of a page, relative to the current one where the page is in that."""
    real, here = os.path.realpath(path), os.path.realpath(os.getcwd())
    if real.startswith(os.path.join(here, "")):
        return os.path.join(FOLDER, os.path.relpath(real, here))
    return os.path.join(os.path.dirname(real), FOLDER, os.path.basename(real))


class Adopted:
    """Where the copies of pages are, found out once for each folder: it is for one run, which keeps none."""

    def __init__(self) -> None:
        self._real: dict[str, str] = {}
        self._above: dict[str, tuple[str, ...]] = {}

    def find(self, path: str) -> dict[str, str]:
        """Return the paths of the copies that were kept of a page, by their names."""
        real = self._real_path(path)
        for root in self._roots(os.path.dirname(real)):
            folder = os.path.join(root, FOLDER, os.path.relpath(real, root))
            with suppress(OSError):
                names = [name for name in os.listdir(folder) if name.endswith(_SUFFIX)]
                return {name.removesuffix(_SUFFIX): os.path.join(folder, name) for name in sorted(names)}
        return {}

    def _real_path(self, path: str) -> str:
        if os.path.islink(path):
            return os.path.realpath(path)
        folder, name = os.path.split(path)
        if folder not in self._real:
            self._real[folder] = os.path.realpath(folder)
        return os.path.join(self._real[folder], name)

    def _roots(self, folder: str) -> tuple[str, ...]:
        """The folders from one upwards that have copies of pages below them."""
        new = list[str]()
        while folder not in self._above and folder not in new:  # what is above the root is the root
            new.append(folder)
            folder = os.path.dirname(folder)
        for folder in reversed(new):
            own = (folder,) if os.path.isdir(os.path.join(folder, FOLDER)) else ()
            self._above[folder] = own + self._above.get(os.path.dirname(folder), ())
        return self._above[folder]


def read_adopted(path: str) -> bytes:
    """Return a page that was kept.

    Raises:
        FileError: it cannot be read.
    """
    with read_file(Path(path)) as kept:
        return kept.whole()


def forget_adopted(path: str) -> None:
    """Remove a copy that is no longer needed, and those folders made for it that are empty."""
    with suppress(OSError):
        os.unlink(path)
        folder = os.path.dirname(path)
        while os.path.basename(folder) != os.path.dirname(FOLDER):
            os.rmdir(folder)
            folder = os.path.dirname(folder)
        os.rmdir(folder)
