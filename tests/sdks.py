"""Environments with packages from PyPI, such as published clients; they stay for the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def cache_folder(config: pytest.Config) -> Path:
    """Return the folder of the environments."""
    return Path(os.environ.get("SNIPPETKIT_SDK_CACHE") or config.cache.mkdir("sdks")).absolute()


def environment(cache: Path, *requirements: str) -> Path:
    """Return the Python of an environment that has the packages; made once, and anew where that broke off."""
    folder = cache / f"{','.join(requirements)}-python{sys.version_info.major}.{sys.version_info.minor}"
    python, whole = folder / "bin" / "python", folder / "whole"
    if not whole.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *requirements], check=True)
        whole.touch()
    return python
