"""Replacing objects, each only if it is still the one that was read."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from snippetkit.errors import FileError
from snippetkit.files import changed, keep_copy
from snippetkit.model import Edit
from snippetkit.stores.adapter import AbsentError, Adapter, ConflictError, StaleError, TransientError
from snippetkit.stores.locations import locate
from snippetkit.stores.pages import StoredPage
from snippetkit.stores.retrying import Attempts

if TYPE_CHECKING:
    from snippetkit.stores.store import Stores


class ObjectWriter:
    """Replaces objects; `backup` is a folder of this machine that gets the bytes from before, or empty."""

    def __init__(self, stores: Stores, backup: str) -> None:
        self._stores = stores
        self._backup = backup

    def __enter__(self) -> ObjectWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing: no object is ever half written."""

    def replace(self, page: StoredPage, edits: Sequence[Edit], forgets: tuple[str, ...] = ()) -> str:
        """Write the page with the edits made, and all that it had; return its tag, if the store has told it.

        Raises:
            FileError: it cannot be written, or has changed since it was read; it is as it was.
            SettingError: the store would write over what others wrote.
            AccessError, NetworkError: the store permits no writing, or does not answer.
        """
        location = locate(page.path)
        adapter = self._stores.adapter(location)
        guarded = self._stores.check_guard(location)
        if self._backup:
            account = [location.account] if location.account else []
            parts = [location.scheme, *account, location.bucket, *location.key.split("/")]
            keep_copy(self._backup, page.path, parts, page.head)
        attempts = self._stores.attempts
        attempts.has_written.set()
        return _put(adapter, location.key, _edited(page.head, edits), page, attempts, guarded=guarded)

    def commit(self) -> dict[str, FileError]:
        """Return nothing: no object waits."""
        return {}


def _put(adapter: Adapter, key: str, data: bytes, page: StoredPage, attempts: Attempts, *, guarded: bool) -> str:
    """Write an object; where the store says that it is another one, an answer may have been lost, and it is our own."""
    passed: TransientError | ConflictError | None = None
    for _ in attempts:
        needs_look = not guarded or isinstance(passed, ConflictError)
        if needs_look and _is_written(adapter, key, data, page, attempts):
            return ""
        try:
            return adapter.put(key, data, page.stored, guarded=guarded)
        except (StaleError, AbsentError):
            if _is_written(adapter, key, data, page, attempts):
                return ""
            raise changed(page.path) from None
        except (TransientError, ConflictError) as error:
            passed = error
    if isinstance(passed, TransientError):
        raise attempts.given_up(passed) from passed
    raise FileError(f"{page.path}: somebody else keeps writing it; run again", path=page.path)


def _is_written(adapter: Adapter, key: str, data: bytes, page: StoredPage, attempts: Attempts) -> bool:
    """Whether an object holds what was to be written.

    Raises:
        FileError: it is neither that nor what was read.
    """
    try:
        now = attempts.of(lambda: adapter.get(key))
    except AbsentError:
        raise changed(page.path) from None
    if now.data == data:
        return True
    if now.tag != page.stored.tag:
        raise changed(page.path)
    return False


def _edited(data: bytes, edits: Sequence[Edit]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for edit in edits:
        parts += (data[at : edit.start], edit.new)
        at = edit.end
    return b"".join([*parts, data[at:]])
