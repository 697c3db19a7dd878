"""`PATH...` for commands that work on pages, and the texts there: files, the pages below folders, or stdin."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import click

from snippetkit.cli._command import add_options, refuse_options
from snippetkit.cli._paths import File
from snippetkit.errors import FileError, SettingError
from snippetkit.patterns import later
from snippetkit.terms import STDIN, STORES

if TYPE_CHECKING:
    from snippetkit.files import Selection
    from snippetkit.run import Door

MAX_TEXT_BYTES = 64 * 1024 * 1024
"""How long a text that is parsed whole may be: a container, rules, code. Tag managers take 10 MB."""
_LOOKED_AT = 2000
_URL = later(r"\w[\w+.-]+:/")  # not the letter of a drive
_PIECE_BYTES = 1024 * 1024

_PATHS = click.argument("paths", metavar="PATH...", type=File(), nargs=-1, required=True)
_ANY_PATHS = click.argument("paths", metavar="[PATH...]", type=File(), nargs=-1)
_GLOBS = (
    click.option(
        "--include", multiple=True, metavar="GLOB,..", help="Which files in folders.  [default: *.html,*.htm]"
    ),
    click.option("--exclude", multiple=True, metavar="GLOB,..", help="Files and folders to leave out."),
)
_GITIGNORE = click.option("--no-gitignore", is_flag=True, help="Include files that git ignores.")
_LINKS = click.option("--follow-links", is_flag=True, help="Follow symbolic links; their targets are rewritten.")
_ENDPOINT = click.option(
    "--endpoint-url", metavar="URL", help="The address of a store that is compatible with S3, or of an emulator."
)
_FOLDER_LINKS = click.option("--follow-links", is_flag=True, help="Follow symbolic links to folders.")


jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Worker processes; in a store, requests at a time.  [default: one per core, one for small sites; 16]",
)


class Paths(NamedTuple):
    """Files and folders, or objects in a store, and which files below folders are meant."""

    paths: tuple[str, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    gitignore: bool
    follow_links: bool
    endpoint_url: str | None = None
    unsafe_overwrite: bool = False

    def in_store(self) -> str:
        """Return the first that is in an object store, empty where none is."""
        return next((path for path in self.paths if path.startswith(STORES)), "")

    def door(self, jobs: int | None = None) -> Door[Any]:
        """Return the place where they are; in a store, as many requests as this are made at a time.

        Raises:
            click.UsageError: they are in two kinds of places, or an option does not go with this one.
            SettingError: the store's address cannot be used.
        """
        from snippetkit.files import DISK

        if not self.in_store():
            refuse_options("is for an object store, such as s3://bucket/prefix.", "endpoint_url", "unsafe_overwrite")
            self._check_on_disk()
            return DISK
        from snippetkit import stores

        if reason := stores.why_not_together(self.paths):
            raise click.UsageError(reason)
        refuse_options("cannot be used with an object store, which has no links.", "follow_links")
        _check_endpoint(self.endpoint_url)
        at_once = {"at_once": jobs} if jobs else {}
        return stores.Stores(stores.Settings(self.endpoint_url or "", self.unsafe_overwrite, **at_once))

    def _check_on_disk(self) -> None:
        for path in self.paths:
            if _URL.match(path) and not os.path.lexists(path):
                from snippetkit import stores

                raise click.UsageError(stores.why_unknown(path))

    def selection(self) -> Selection:
        """Return the same for a walk."""
        from snippetkit.files import PAGES, Selection

        return Selection(self.include or PAGES.include, self.exclude, self.gitignore, self.follow_links)


def _check_endpoint(url: str | None) -> None:
    if url is not None and not re.match(r"https?://[^/]", url):
        raise click.UsageError("--endpoint-url is a URL, such as http://127.0.0.1:9000.")
    if url is not None and "@" in url.split("/")[2]:
        raise click.UsageError("--endpoint-url takes no user and no password: the credentials come from elsewhere.")


def selection_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `PATH...`, `--include`, `--exclude`, `--no-gitignore`, `--follow-links`: the command gets them as `paths`."""
    return _add(function, _PATHS, *_GLOBS, _GITIGNORE, _LINKS, _ENDPOINT)


def looking_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that only reads, through links too."""
    return _add(function, _PATHS, *_GLOBS, _GITIGNORE, _FOLDER_LINKS, _ENDPOINT)


def any_source_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that only reads, and for which `PATH...` is not the only source of pages."""
    return _add(function, _ANY_PATHS, *_GLOBS, _GITIGNORE, _FOLDER_LINKS)


def every_file_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that only reads, and takes what git ignores in any case."""
    return _add(function, _PATHS, *_GLOBS, _FOLDER_LINKS, _ENDPOINT)


def _add(function: Callable[..., None], *options: Callable[..., Any]) -> Callable[..., None]:
    @wraps(function)
    def command(
        paths: tuple[str, ...],
        include: tuple[str, ...],
        exclude: tuple[str, ...],
        follow_links: bool,
        no_gitignore: bool = True,
        endpoint_url: str | None = None,
        **arguments: Any,
    ) -> None:
        globs = (_globs("--include", include), _globs("--exclude", exclude))
        function(paths=Paths(paths, *globs, not no_gitignore, follow_links, endpoint_url), **arguments)

    return add_options(command, *options)


def _globs(option: str, given: tuple[str, ...]) -> tuple[str, ...]:
    globs = tuple(glob for text in given for glob in text.split(","))
    if not all(map(str.strip, globs)):
        raise SettingError(
            f"{option} has an empty pattern", hint="give one such as '*.html'; separate several with commas"
        )
    return globs


def read_text(path: str) -> str:
    """Return the text of a file, or of stdin for `-`; bytes that are not UTF-8 are kept as lone surrogates.

    Raises:
        FileError: it cannot be read, is empty, or is larger than `MAX_TEXT_BYTES`.
    """
    return _decode(read_data(path))


def read_data(path: str) -> bytes:
    """Return the bytes of a file or a pipe that is parsed whole, or of stdin for `-`.

    Raises:
        FileError: it cannot be read, is empty, or is larger than `MAX_TEXT_BYTES`.
    """
    from pathlib import Path

    from snippetkit import files

    if path == STDIN:
        return read_stdin(MAX_TEXT_BYTES)
    if Path(path).is_fifo():  # such as a shell's <(command)
        with Path(path).open("rb") as pipe:
            return read_stream(pipe, path, MAX_TEXT_BYTES)
    with files.read_file(path) as page:
        files.check_size(path, page.status.st_size, MAX_TEXT_BYTES)
        if not page.status.st_size:
            raise FileError(f"{path}: the file is empty")
        return page.whole()


def read_code(path: str) -> str:
    """Return the text of a file that holds code, or of stdin, as `read_text` does.

    Raises:
        FileError: as `read_text` does, or it is UTF-16, in which no code would be found.
    """
    from snippetkit import files

    text = read_text(path)
    files.check_is_text(name_of(path), text[:_LOOKED_AT].encode("utf-8", "surrogateescape"))
    return text


def read_stdin(most: int) -> bytes:
    """Return what comes from stdin.

    Raises:
        FileError: there is nothing, or more bytes than that; the rest is not read.
    """
    data = read_stream(sys.stdin.buffer, name_of(STDIN), most)
    if not data:
        raise FileError("stdin is empty", hint="the command before the pipe may have failed; or name a file")
    return data


def read_stream(stream: BinaryIO, name: str, most: int) -> bytes:
    """Return the bytes of an open file; messages call it by this name.

    Raises:
        FileError: there are more than that; the rest is not read.
    """
    from snippetkit import files

    data = bytearray()
    while len(data) <= most and (piece := stream.read(_PIECE_BYTES)):
        data += piece
    files.check_size(name, len(data), most)
    return bytes(data)


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def name_of(file: str) -> str:
    """Return what messages call a file."""
    return "stdin" if file == STDIN else file
