"""The only door to the disk: find pages, read them, replace them whole, and show what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door

if TYPE_CHECKING:
    from snippetkit.files.adopting import Adopted, adopted_folder, forget_adopted, keep_adopted, read_adopted
    from snippetkit.files.backing_up import check_backup, keep_copy
    from snippetkit.files.disk import DISK, twin_notes
    from snippetkit.files.ignoring import IgnoreRules, compile_patterns
    from snippetkit.files.known import Known
    from snippetkit.files.locking import lock
    from snippetkit.files.output import diff, write
    from snippetkit.files.reading import (
        MAX_BYTES,
        PageFile,
        changed,
        check_is_page,
        check_is_text,
        check_size,
        read,
        read_file,
        read_page,
    )
    from snippetkit.files.selecting import PAGES, TWIN_SUFFIXES, FoundFile, Selection, is_same, relative
    from snippetkit.files.walking import FOLDERS_LEFT_OUT, takes, walk
    from snippetkit.files.writing import FileWriter, check_writable, is_leftover, name_leftover

__all__ = [
    "DISK",
    "FOLDERS_LEFT_OUT",
    "MAX_BYTES",
    "PAGES",
    "TWIN_SUFFIXES",
    "Adopted",
    "FileWriter",
    "FoundFile",
    "IgnoreRules",
    "Known",
    "PageFile",
    "Selection",
    "adopted_folder",
    "changed",
    "check_backup",
    "check_is_page",
    "check_is_text",
    "check_size",
    "check_writable",
    "compile_patterns",
    "diff",
    "forget_adopted",
    "is_leftover",
    "is_same",
    "keep_adopted",
    "keep_copy",
    "lock",
    "name_leftover",
    "read",
    "read_adopted",
    "read_file",
    "read_page",
    "relative",
    "takes",
    "twin_notes",
    "walk",
    "write",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "adopting": "Adopted adopted_folder forget_adopted keep_adopted read_adopted",
            "backing_up": "check_backup keep_copy",
            "disk": "DISK twin_notes",
            "ignoring": "IgnoreRules compile_patterns",
            "known": "Known",
            "locking": "lock",
            "output": "diff write",
            "reading": "MAX_BYTES PageFile changed check_is_page check_is_text check_size read read_file read_page",
            "selecting": "PAGES TWIN_SUFFIXES FoundFile Selection is_same relative",
            "walking": "FOLDERS_LEFT_OUT takes walk",
            "writing": "FileWriter check_writable is_leftover name_leftover",
        },
    )
