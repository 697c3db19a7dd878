"""The only door to the disk: find pages, read them, replace them whole, and show what would change."""

from snippetkit.files.adopting import adopted_folder, find_adopted, forget_adopted, keep_adopted, read_adopted
from snippetkit.files.backing_up import check_backup
from snippetkit.files.locking import lock
from snippetkit.files.output import diff, write
from snippetkit.files.reading import MAX_BYTES, Page, check_is_text, check_size, read, read_file, read_page
from snippetkit.files.selecting import PAGES, TWIN_SUFFIXES, FoundFile, Selection, is_same, relative
from snippetkit.files.walking import takes, walk
from snippetkit.files.writing import Writer, check_writable, remove_leftover

__all__ = [
    "MAX_BYTES",
    "PAGES",
    "TWIN_SUFFIXES",
    "FoundFile",
    "Page",
    "Selection",
    "Writer",
    "adopted_folder",
    "check_backup",
    "check_is_text",
    "check_size",
    "check_writable",
    "diff",
    "find_adopted",
    "forget_adopted",
    "is_same",
    "keep_adopted",
    "lock",
    "read",
    "read_adopted",
    "read_file",
    "read_page",
    "relative",
    "remove_leftover",
    "takes",
    "walk",
    "write",
]
