"""The only door to the disk: find pages, read them, replace them whole, and show what would change."""

from snippetkit.files.backing_up import check_backup
from snippetkit.files.comparing import diff
from snippetkit.files.locking import lock
from snippetkit.files.output import write
from snippetkit.files.reading import Page, read, read_file, read_page
from snippetkit.files.walking import PAGES, TWIN_SUFFIXES, Found, Selection, walk
from snippetkit.files.writing import Writer, check_writable, remove_leftover

__all__ = [
    "PAGES",
    "TWIN_SUFFIXES",
    "Found",
    "Page",
    "Selection",
    "Writer",
    "check_backup",
    "check_writable",
    "diff",
    "lock",
    "read",
    "read_file",
    "read_page",
    "remove_leftover",
    "walk",
    "write",
]
