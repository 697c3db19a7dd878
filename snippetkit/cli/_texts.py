"""`PATH...` for commands that work on pages, and the texts there: files, the pages below folders, or stdin."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, NamedTuple, TypeVar, cast

import click

from snippetkit.cli._command import add_options
from snippetkit.cli._output import printable
from snippetkit.cli._paths import File
from snippetkit.cli._progress import shown
from snippetkit.cli._saying import detail, warn
from snippetkit.errors import FileError, SettingError, reading
from snippetkit.terms import STDIN

if TYPE_CHECKING:
    from snippetkit.files import Selection
    from snippetkit.model import PageBytes
    from snippetkit.run import Outcome
    from snippetkit.snippets import Document, FileParts, Others, RunBases

MAX_TEXT_BYTES = 64 * 1024 * 1024
"""How long a text that is parsed whole may be: a container, rules, code. Tag managers take 10 MB."""
_LOOKED_AT = 2000
_PIECE_BYTES = 1024 * 1024

_Result = TypeVar("_Result")
_PATHS = click.argument("paths", metavar="PATH...", type=File(), nargs=-1, required=True)
_GLOBS = (
    click.option(
        "--include", multiple=True, metavar="GLOB,..", help="Which files in folders.  [default: *.html,*.htm]"
    ),
    click.option("--exclude", multiple=True, metavar="GLOB,..", help="Files and folders to leave out."),
)
_GITIGNORE = click.option("--no-gitignore", is_flag=True, help="Include files that git ignores.")
_LINKS = click.option("--follow-links", is_flag=True, help="Follow symbolic links; their targets are rewritten.")
_FOLDER_LINKS = click.option("--follow-links", is_flag=True, help="Follow symbolic links to folders.")


jobs_option = click.option("--jobs", type=click.IntRange(1, 256), help="How many processes work.  [default: the cores]")


class Paths(NamedTuple):
    """Files and folders, and which files below folders are meant."""

    paths: tuple[str, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    gitignore: bool
    follow_links: bool

    def selection(self) -> Selection:
        """Return the same for a walk."""
        from snippetkit.files import PAGES, Selection

        return Selection(self.include or PAGES.include, self.exclude, self.gitignore, self.follow_links)


def selection_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `PATH...`, `--include`, `--exclude`, `--no-gitignore`, `--follow-links`: the command gets them as `paths`."""
    return _add(function, _PATHS, *_GLOBS, _GITIGNORE, _LINKS)


def reading_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that only reads, through links too."""
    return _add(function, _PATHS, *_GLOBS, _GITIGNORE, _FOLDER_LINKS)


def every_file_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that only reads, and takes what git ignores in any case."""
    return _add(function, _PATHS, *_GLOBS, _FOLDER_LINKS)


def _add(function: Callable[..., None], *options: Callable[..., Any]) -> Callable[..., None]:
    @wraps(function)
    def command(
        paths: tuple[str, ...],
        include: tuple[str, ...],
        exclude: tuple[str, ...],
        follow_links: bool,
        no_gitignore: bool = True,
        **arguments: Any,
    ) -> None:
        chosen = Paths(
            paths, _globs("--include", include), _globs("--exclude", exclude), not no_gitignore, follow_links
        )
        function(paths=chosen, **arguments)

    return add_options(command, *options)


def _globs(option: str, given: tuple[str, ...]) -> tuple[str, ...]:
    globs = tuple(glob for text in given for glob in text.split(","))
    if not all(map(str.strip, globs)):
        raise SettingError(f"{option} has an empty pattern", hint="give one such as '*.html', commas between several")
    return globs


_Look = Callable[[str, "PageBytes", "Others | None"], "Looked[_Result]"]
"""Makes something of a file, given its path, its bytes and the base code of others, None where none is known."""


class Looked(NamedTuple, Generic[_Result]):
    """What was made of a file; `parts` is what it has of base code, and lacks, None where it can hold none."""

    result: _Result
    parts: FileParts | None = None


class Texts:
    """The texts of some paths; `failed` is how many could not be read, or not in full, each named on stderr."""

    def __init__(self, paths: Paths, jobs: int | None = None) -> None:
        """Take the paths, and how many processes work, None for the number of cores."""
        self._paths = paths
        self._jobs = jobs or 0
        self._stdin: PageBytes | None = None
        self.failed = 0

    def each_in_bytes(self, look: Callable[[PageBytes], _Result]) -> Iterator[tuple[str, _Result]]:
        """Yield each path, once, and what `look` makes of its bytes; stdin comes first, and links are read through.

        For many files there are processes that work on them, so that `look` is a function of a module.
        """
        return self._each(partial(_at_bytes, look))

    def each_together(self, look: _Look[_Result]) -> Iterator[tuple[str, _Result]]:
        """Yield each path, once, and what `look` makes of it, its bytes, and what other files have of its base code.

        A file that lacks base code is looked at again when all have been: only then is it known which one has that.
        What comes behind such a file waits, so that the order stays.
        """
        bases: RunBases | None = None
        waiting: list[tuple[str, Looked[_Result]]] = []
        for path, looked in self._each(partial(_alone, look)):
            if looked.parts:
                bases = bases or self._bases()
                bases.add(path, looked.parts)
            if waiting or (looked.parts and looked.parts.may_get):
                waiting.append((path, looked))
            else:
                yield path, looked.result
        for path, before in shown("file", waiting):
            others = bases.others_of(path, before.parts) if bases and before.parts else None
            again = self._try(path, partial(_look, look, path, others)) if others else before
            if again is not None:
                yield path, again.result

    def _bases(self) -> RunBases:
        from snippetkit import snippets

        return snippets.RunBases(path for path in self._paths.paths if path != STDIN)

    def _each(self, look: Callable[[str, PageBytes], _Result]) -> Iterator[tuple[str, _Result]]:
        if STDIN in self._paths.paths and (found := self._try(STDIN, partial(_found, partial(look, STDIN)))):
            yield STDIN, found[0]
        for outcome in shown("file", self._outcomes(look)):
            detail(printable(f"read: {outcome.path}"))
            if outcome.verb == "failed":
                self.fail(str(outcome.detail))
            else:
                yield outcome.path, cast("_Result", outcome.detail)

    def _outcomes(self, look: Callable[[str, PageBytes], _Result]) -> Iterator[Outcome]:
        from snippetkit.run import look_at_each

        named = [path for path in self._paths.paths if path != STDIN]
        return look_at_each(named, look, self._paths.selection(), self._jobs, self._fail)

    def _try(self, path: str, look: Callable[[PageBytes], _Result]) -> _Result | None:
        """Return what `look` makes of a file, None where it cannot be read."""
        try:
            with reading(name_of(path)):
                return self._look(path, look)
        except FileError as error:
            self._fail(error)
        return None

    def _look(self, path: str, look: Callable[[PageBytes], _Result]) -> _Result:
        from snippetkit import files
        from snippetkit.model import Loaded

        if path == STDIN:
            self._stdin = self._stdin or Loaded(read_stdin(files.MAX_BYTES))
            files.check_is_text(name_of(path), self._stdin.head)
            return look(self._stdin)
        with files.read_file(path) as page:
            files.check_is_text(path, page.head)
            return look(page)

    def fail(self, message: str, word: str = "failed") -> None:
        """Count a failure, and say it."""
        self.failed += 1
        warn(f"{word}: {printable(message)}")

    def _fail(self, error: FileError) -> None:
        self.fail(error.with_hint())


def _found(look: Callable[[PageBytes], _Result], page: PageBytes) -> tuple[_Result]:
    return (look(page),)


def _at_bytes(look: Callable[[PageBytes], _Result], _: str, page: PageBytes) -> _Result:
    return look(page)


def _alone(look: _Look[_Result], path: str, page: PageBytes) -> Looked[_Result]:
    return look(path, page, None)


def _look(look: _Look[_Result], path: str, others: Others | None, page: PageBytes) -> Looked[_Result]:
    return look(path, page, others)


def documents_of(path: str, page: PageBytes, others: Others | None) -> Sequence[Document]:
    """Return the texts of a file, each taken apart, none where it can hold no code; see `snippets.read_source`.

    Bytes that are not UTF-8 are kept apart.
    """
    from snippetkit import platforms

    if not page.holds(platforms.needles_of_files().are_in):
        return ()
    from snippetkit import snippets

    return snippets.take_apart(path, _decode(page.whole()), others or snippets.NOTHING)


def read_text(path: str) -> str:
    """Return the text of a file, or of stdin for `-`; bytes that are not UTF-8 are kept as lone surrogates.

    Raises:
        FileError: it cannot be read, is empty, or is larger than `MAX_TEXT_BYTES`.
    """
    return _decode(read_data(path))


def read_data(path: str) -> bytes:
    """Return the bytes of a file that is parsed whole, or of stdin for `-`.

    Raises:
        FileError: it cannot be read, is empty, or is larger than `MAX_TEXT_BYTES`.
    """
    from snippetkit import files

    if path == STDIN:
        return read_stdin(MAX_TEXT_BYTES)
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
        raise FileError("stdin is empty", hint="the command in front of the pipe may have failed; or name a file")
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
