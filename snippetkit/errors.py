"""Every error that snippetkit raises: one root, the evidence as attributes.

`str(error)` is one line that says what is wrong and where; `hint` is one line that says what to do next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any


class SnippetkitError(Exception):
    """The root of all errors.

    Args:
        message: what is wrong, and where, on one line; a password in a URL is left out.
        hint: what to do next, on one line, or empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(without_password(message))
        self.hint = hint

    def with_hint(self) -> str:
        """Return what is wrong and what to do next, on one line."""
        return "; ".join(filter(None, [str(self), self.hint]))


def without_password(message: str) -> str:
    """Return a message in which the URLs have no passwords."""
    if "@" not in message:
        return message
    import re

    return re.sub(r"(://[^\s/?#:@'\"]*):[^\s/?#'\"]*@", r"\1:***@", message)


class SettingError(SnippetkitError):
    """A setting or an argument that cannot be used: an amount, a URL, an account, a folder."""


class SheetError(SettingError):
    """A sheet in which several things are wrong.

    Args:
        message: how many, and where, on one line.
        hint: what to do next, on one line, or empty.
        errors: what is wrong, each with its place.
    """

    def __init__(self, message: str, *, hint: str = "", errors: Sequence[SettingError] = ()) -> None:
        super().__init__(message, hint=hint)
        self.errors = tuple(errors)


class NetworkError(SnippetkitError):
    """The API or an object store could not be reached, or did not answer in time."""


class AnsweredError(SnippetkitError):
    """The API answered, and refused.

    Args:
        message: what was refused, on one line.
        hint: what to do next, on one line, or empty.
        fields: the members of the answer's `error` object, as they came (empty where there was none).
    """

    def __init__(self, message: str, *, hint: str = "", fields: dict[str, object] | None = None) -> None:
        super().__init__(message, hint=hint)
        self.fields = fields or {}


class TokenError(AnsweredError):
    """No access token, one that the API does not take, or one without the permission it would need."""


class ApiError(AnsweredError):
    """The API refused for a reason other than the token, or its answer cannot be read."""


class PassingError(ApiError):
    """The API refused for now; the same call may succeed later.

    Args:
        regain_s: seconds until the API takes calls again, or None where it did not say.
    """

    def __init__(
        self, message: str, *, hint: str = "", fields: dict[str, object] | None = None, regain_s: float | None = None
    ) -> None:
        super().__init__(message, hint=hint, fields=fields)
        self.regain_s = regain_s


class AccessError(SnippetkitError):
    """An object store that does not take the credentials, or does not let them do what is needed."""


class BrowserError(SnippetkitError):
    """The browser ended before all pages were seen."""


class SnippetError(SnippetkitError):
    """Code that is not what it should be, and therefore goes onto no page and into no export."""


class SlowReadingError(SnippetkitError):
    """Code that would take far longer to read than any that works, as frames in frames do; nothing of it is read."""


class PageRefusedError(SnippetkitError):
    """A page that is left as it is, because the right edit is not certain.

    Args:
        reason: the rule that could not be satisfied, on one line.
        line: where, counted from 1.
        column: where, in bytes, counted from 1.
        offset: where, in bytes from the start of the page.
        notes: what else there is to know, a line each.
    """

    def __init__(self, reason: str, *, line: int, column: int, offset: int, notes: tuple[str, ...] = ()) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.reason = reason
        self.line = line
        self.column = column
        self.offset = offset
        self.notes = notes

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes it; one that looks at pages hands it over."""
        place = partial(type(self), line=self.line, column=self.column, offset=self.offset, notes=self.notes)
        return place, (self.reason,)


class FileError(SnippetkitError):
    """A file that could not be read or written; it is as it was before.

    Args:
        message: what could not be done, and to which file, on one line.
        hint: what to do next, on one line, or empty.
        path: the file, or empty where only the message names it.
    """

    def __init__(self, message: str, *, hint: str = "", path: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path

    @classmethod
    def of(cls, path: str, error: OSError) -> FileError:
        """Return the error that names a file and what the system said about it."""
        return cls(f"{path}: {error.strerror or error}", path=path)


class NoFilesError(FileError):
    """A path that leads to no file of those that are looked for."""


def why_not_json(error: ValueError | RecursionError) -> str:
    """Return what of a text is not JSON, and where, as its reader found; what another check says stays as it is.

    Args:
        error: what `json` raised, or a hook of its.
    """
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    document, at = getattr(error, "doc", None), getattr(error, "pos", 0)
    if not isinstance(document, str):
        return "a number in it is too long" if str(error).startswith("Exceeds the limit") else str(error)
    line, column = document.count("\n", 0, at) + 1, at - document.rfind("\n", 0, at)
    if str(error).startswith("Unterminated"):
        found = "a string is never closed"
    else:
        found = f"unexpected {document[at : at + 1]!r}" if at < len(document) else "unexpected end"
    return f"line {line}, column {column}: {found}"


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Say which file it is whose code would be too slow to read.

    Raises:
        FileError: it is.
    """
    try:
        yield
    except SlowReadingError as error:
        raise slow_file(name, error) from error


def slow_file(name: str, error: SlowReadingError) -> FileError:
    """Return the error that says which file it is."""
    return FileError(f"{name}: {error}", hint=error.hint, path=name)
