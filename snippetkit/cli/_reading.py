"""What the commands that only read make of each file: many are read in several processes, and some are read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, cast

from snippetkit.cli._output import printable
from snippetkit.cli._progress import shown
from snippetkit.cli._saying import detail, loudness, warn
from snippetkit.cli._texts import Paths, name_of, read_stdin
from snippetkit.errors import FileError, reading
from snippetkit.terms import STDIN

if TYPE_CHECKING:
    from snippetkit.lint import Memory
    from snippetkit.model import PageBytes
    from snippetkit.needles import Needles
    from snippetkit.run import Outcome
    from snippetkit.snippets import Document, FileParts, Others, RunBases

_Result = TypeVar("_Result")
_Made = TypeVar("_Made")
_Look = Callable[[str, "PageBytes", "Others | None"], "Looked[_Result]"]
"""Makes something of a file, given its path, its bytes and the base code of others, None where none is known."""


class Looked(NamedTuple, Generic[_Result]):
    """What was made of a file; `parts` is what it has of base code, and lacks, None where it can hold none."""

    result: _Result
    parts: FileParts | None = None


class Failure(NamedTuple):
    """Why a file could not be read, or not in full; its path is empty where the message alone tells it."""

    path: str
    message: str


class Texts:
    """The texts of some paths; `failed` are those that could not be read, or not in full, each named on stderr."""

    def __init__(self, paths: Paths, jobs: int | None = None) -> None:
        """Take the paths, and how many processes work, None for the number of cores."""
        self._paths = paths
        self._jobs = jobs or 0
        self._door = paths.door(jobs)
        self._stdin: PageBytes | None = None
        self.failed: list[Failure] = []

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
        if bases and bases.asks:
            self._add_calls(bases)
        for path, before in shown("file", waiting):
            others = bases.others_of(path, before.parts) if bases and before.parts else None
            again = self._try(path, partial(_look, look, path, others)) if others else before
            if again is not None:
                yield path, again.result

    def _bases(self) -> RunBases:
        from snippetkit import snippets

        return snippets.RunBases(path for path in self._paths.paths if path != STDIN)

    def _add_calls(self, bases: RunBases) -> None:
        """Take note of what files call and import; why one cannot be read is told already."""
        for path in self._paths_again():
            with suppress(FileError):
                bases.add_calls(path, self._look(path, _whole))

    def _paths_again(self) -> Iterator[str]:
        """The files once more: a run over millions of them does not keep their paths."""
        yield from [STDIN] if STDIN in self._paths.paths else ()
        named = [path for path in self._paths.paths if path != STDIN]
        yield from (file.path for file in self._door.walk(named, _ignore, self._paths.selection()))

    def _each(self, look: Callable[[str, PageBytes], _Result]) -> Iterator[tuple[str, _Result]]:
        """The line is there before stdin is read: whoever types into it, or waits for a pipe, sees that."""
        for path, found in shown("file", self._read(look)):
            if found:
                yield path, found[0]

    def _read(self, look: Callable[[str, PageBytes], _Result]) -> Iterator[tuple[str, tuple[_Result] | None]]:
        if STDIN in self._paths.paths:
            yield STDIN, self._try(STDIN, partial(_found, partial(look, STDIN)))
        is_told = loudness() > 0
        for outcome in self._outcomes(look):
            if is_told:
                detail(printable(f"read: {outcome.path}"))
            if outcome.verb == "failed":
                self.fail(str(outcome.detail), path=outcome.path)
            yield outcome.path, None if outcome.verb == "failed" else (cast("_Result", outcome.detail),)

    def _outcomes(self, look: Callable[[str, PageBytes], _Result]) -> Iterator[Outcome]:
        from snippetkit.run import look_at_each

        named = [path for path in self._paths.paths if path != STDIN]
        return look_at_each(named, look, self._paths.selection(), self._jobs, self._fail, self._door)

    def _try(self, path: str, look: Callable[[PageBytes], _Result]) -> _Result | None:
        """Return what `look` makes of a file, None where it cannot be read."""
        try:
            with reading(name_of(path)):
                return self._look(path, look)
        except FileError as error:
            self.fail(error.with_hint(), path=path)
        return None

    def _look(self, path: str, look: Callable[[PageBytes], _Made]) -> _Made:
        from snippetkit import files
        from snippetkit.model import Loaded

        if path == STDIN:
            self._stdin = self._stdin or Loaded(read_stdin(files.MAX_BYTES))
            files.check_is_text(name_of(path), self._stdin.head)
            return look(self._stdin)
        with closing(self._door.read(files.FoundFile(path), any_file=True)) as page:
            files.check_is_text(path, page.head)
            return look(page)

    def fail(self, message: str, word: str = "failed", path: str = "") -> None:
        """Note a failure, and say it."""
        self.failed.append(Failure(path, message))
        warn(f"{word}: {printable(message)}")

    def _fail(self, error: FileError) -> None:
        self.fail(error.with_hint())


def _ignore(_: FileError) -> None:
    """What could not be walked through is told already."""


def _found(look: Callable[[PageBytes], _Result], page: PageBytes) -> tuple[_Result]:
    return (look(page),)


def _whole(page: PageBytes) -> bytes:
    return page.whole()


def _at_bytes(look: Callable[[PageBytes], _Result], _: str, page: PageBytes) -> _Result:
    return look(page)


def _alone(look: _Look[_Result], path: str, page: PageBytes) -> Looked[_Result]:
    return look(path, page, None)


def _look(look: _Look[_Result], path: str, others: Others | None, page: PageBytes) -> Looked[_Result]:
    return look(path, page, others)


@cache
def needles() -> Needles:
    """Return what of every text with code holds one; the platforms are loaded only where others have some, too."""
    from snippetkit.needles import find_installed, find_shipped

    if not find_installed():
        return find_shipped()
    from snippetkit import platforms

    return platforms.needles()


def looked_at(
    path: str,
    page: PageBytes,
    others: Others | None,
    make: Callable[[Sequence[Document]], _Result],
    memory: Callable[[], Memory[_Result]],
) -> Looked[_Result] | None:
    """Return what is made of the texts of a file, each taken apart; None where it can hold no code.

    Bytes that are not UTF-8 are kept apart.

    Args:
        path: the file.
        page: its bytes.
        others: the base code of other files.
        make: makes it.
        memory: remembers what was made of other pages.
    """
    if not page.holds(needles().are_in):
        return None  # most files: what reads code is not even loaded
    from snippetkit import snippets

    data = page.whole()
    if not others and (known := memory().of_page(path, data)):
        return Looked(*known)
    documents = snippets.take_apart(path, data.decode("utf-8", "surrogateescape"), others or snippets.NOTHING)
    return Looked(make(documents), snippets.find_parts(documents))
