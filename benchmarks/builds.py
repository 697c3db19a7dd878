"""Another build of snippetkit: a folder, or a commit of this repository, checked out for as long as it is needed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent


@contextmanager
def build(named: str) -> Iterator[Path]:
    """Give the folder of a build that is named by its folder or by a commit."""
    if Path(named, "snippetkit", "__init__.py").is_file():
        yield Path(named).resolve()
        return
    with TemporaryDirectory(prefix="snippetkit-before-") as folder:
        subprocess.run(["git", "clone", "-q", "--no-checkout", ROOT, folder], check=True)
        subprocess.run(["git", "-C", folder, "checkout", "-q", named], check=True)
        yield Path(folder)


def command(folder: Path, *arguments: str) -> list[str]:
    """Return what runs a build: `-P` keeps Python from taking the one in the current folder instead."""
    return ["env", f"PYTHONPATH={folder}", sys.executable, "-P", "-m", "snippetkit", *arguments]
