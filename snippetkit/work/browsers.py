"""Where browsers are: their names on the path, and where systems and playwright put them."""

from __future__ import annotations

import sys
from collections.abc import Iterator

# A name is looked for on the path. Anything else is a pattern with "~" and variables in it: one whose variable is not
# set is passed over. The small ones come first: on the same pages they take less than half the time of a whole browser.
_SHELLS = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "{playwright}/chromium_headless_shell-*/chrome-*/chrome-headless-shell",
    "{playwright}/chromium_headless_shell-*/chrome-*/chrome-headless-shell.exe",
    "{playwright}/chromium_headless_shell-*/chrome-*/headless_shell",
    "{playwright}/chromium_headless_shell-*/chrome-*/headless_shell.exe",
)
_WHOLE = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "{playwright}/chromium-*/chrome-*/chrome",
    "{playwright}/chromium-*/chrome-*/chrome.exe",
    "{playwright}/chromium-*/chrome-*/*.app/Contents/MacOS/*",
)
# Where a system's installers put them, which is not on the path.
_INSTALLED = {
    "darwin": tuple(
        f"{folder}/{name}.app/Contents/MacOS/{name}"
        for name in ("Chromium", "Google Chrome", "Microsoft Edge")
        for folder in ("/Applications", "~/Applications")
    ),
    "win32": tuple(
        f"{folder}/{name}"
        for name in (
            "Chromium/Application/chrome.exe",
            "Google/Chrome/Application/chrome.exe",
            "Microsoft/Edge/Application/msedge.exe",
        )
        for folder in ("${LOCALAPPDATA}", "${PROGRAMFILES}", "${PROGRAMFILES(X86)}")
    ),
}
# Where playwright puts its own (its documents, "Managing browser binaries").
_PLAYWRIGHT = {
    "darwin": ("${PLAYWRIGHT_BROWSERS_PATH}", "~/Library/Caches/ms-playwright"),
    "win32": ("${PLAYWRIGHT_BROWSERS_PATH}", "${LOCALAPPDATA}/ms-playwright", "~/AppData/Local/ms-playwright"),
    "linux": ("${PLAYWRIGHT_BROWSERS_PATH}", "${XDG_CACHE_HOME}/ms-playwright", "~/.cache/ms-playwright"),
}


def find_browser(system: str = sys.platform) -> str | None:
    """Return the program of a browser that is installed here, of several the first one of the table, the newest of it.

    Args:
        system: which one this is, as `sys.platform` calls it.
    """
    import shutil

    places = (place for pattern in _patterns(system) for place in _places(pattern))
    return next((program for place in places if (program := shutil.which(place))), None)


def _patterns(system: str) -> Iterator[str]:
    roots = _PLAYWRIGHT.get(system, _PLAYWRIGHT["linux"])
    for pattern in (*_SHELLS, *_WHOLE, *_INSTALLED.get(system, ())):
        yield from (pattern.format(playwright=root) for root in roots) if "{playwright}" in pattern else (pattern,)


def _places(pattern: str) -> Iterator[str]:
    if "/" not in pattern:
        yield pattern
        return
    from glob import glob
    from os.path import expandvars
    from pathlib import Path

    place = expandvars(pattern)
    if "${" not in place:
        yield from sorted(glob(str(Path(place).expanduser())), key=_version, reverse=True)  # noqa: PTH207 (absolute)


def _version(place: str) -> tuple[int, ...]:
    import re

    return tuple(map(int, re.findall(r"-(\d+)\b", place)))
