"""Environments for published clients, each with one package from PyPI; they stay for the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def cache_folder(config: pytest.Config) -> Path:
    """Return the folder of the environments."""
    return Path(os.environ.get("SNIPPETKIT_SDK_CACHE") or config.cache.mkdir("sdks")).absolute()


def environment(cache: Path, requirement: str) -> Path:
    """Return the Python of an environment that has the package; made once, and anew where that broke off."""
    folder = cache / f"{requirement}-python{sys.version_info.major}.{sys.version_info.minor}"
    python, whole = folder / "bin" / "python", folder / "whole"
    if not whole.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", requirement], check=True)
        whole.touch()
    return python
