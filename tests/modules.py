"""The package's modules, as far as they can be imported where the stores' SDKs are not installed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import snippetkit

_SDKS = {"azure", "boto3", "botocore", "google"}


def every_module() -> Iterator[ModuleType]:
    """Each module of the package but those that need an SDK which is not here."""
    for module in walk_packages(snippetkit.__path__, "snippetkit."):
        if module.name.endswith("__main__"):
            continue
        try:
            yield import_module(module.name)
        except ModuleNotFoundError as error:
            assert (error.name or "").partition(".")[0] in _SDKS, error
