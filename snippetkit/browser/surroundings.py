"""Which environment variables a browser gets: those that it needs to run, and none that holds a token or a secret."""

from __future__ import annotations

import os

# Where programs, libraries, fonts, displays and folders are, the language, the time zone; then what Windows needs.
_NEEDED = frozenset(
    "PATH HOME USER LOGNAME TMPDIR TMP TEMP LANG LANGUAGE TZ LD_LIBRARY_PATH FONTCONFIG_FILE FONTCONFIG_PATH DISPLAY "
    "WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS "
    "SSL_CERT_FILE SSL_CERT_DIR "
    "ALLUSERSPROFILE APPDATA COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA NUMBER_OF_PROCESSORS OS PATHEXT "
    "PROCESSOR_ARCHITECTURE PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) PROGRAMW6432 SYSTEMDRIVE SYSTEMROOT "
    "USERPROFILE WINDIR".split()
)
_NEEDED_BEGINNINGS = ("LC_", "XDG_")
_PROXIES = frozenset({"ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"})


def is_needed(name: str, *, is_live: bool) -> bool:
    """Whether a browser needs a variable; one that reaches others may have to go through a proxy."""
    name = name.upper()
    return name in _NEEDED or name.startswith(_NEEDED_BEGINNINGS) or (is_live and name in _PROXIES)


def needed(*, is_live: bool) -> dict[str, str]:
    """Return the variables that a browser gets."""
    return {name: value for name, value in os.environ.items() if is_needed(name, is_live=is_live)}
