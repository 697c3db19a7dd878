"""What the sandbox can be asked: one module per subject, each with its `ROUTES`; the folder is the list."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from snippetkit.sandbox.call import Route

ROUTES: list[Route] = [
    route for module in iter_modules(__path__) for route in import_module(f"{__name__}.{module.name}").ROUTES
]
"""Every call."""
