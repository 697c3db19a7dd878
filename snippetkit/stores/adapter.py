"""What an object store is to this room: one module each gives it over its vendor's own SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from snippetkit.errors import AccessError, FileError, NetworkError, SettingError, SnippetkitError
from snippetkit.records import dataclass, field

SCRATCH = b"snippetkit tries here whether this store refuses a stale write. This object may be deleted.\n"


class Listed(NamedTuple):
    """An object as a listing has it; `tag` is its ETag without quotes, or its generation: each write gives another."""

    key: str
    tag: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it was read; `tag` is as a listing has it.

    `encoding` is its Content-Encoding. `kept` is what else goes back with its bytes, as the adapter's SDK takes it.
    """

    data: bytes = field(repr=False)
    tag: str
    encoding: str = ""
    kept: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """How stores are spoken to.

    `endpoint_url` is that of a compatible store, empty for the vendor's own. `at_once` is how many requests are made
    at a time. `timeout_s` is how long an answer may take, `pause_s` how long the first pause before another attempt is.
    """

    endpoint_url: str = ""
    unsafe_overwrite: bool = False
    at_once: int = 16
    timeout_s: float = 30
    pause_s: float = 0.4
    attempts: int = 5


class Adapter(Protocol):
    """A bucket or container. Each method makes one attempt, and is called from several threads.

    All raise, beside what they name: AccessError for credentials that the store does not take, `TransientError` for
    what another attempt may mend, NetworkError for what it may not, FileError for what is wrong with this object.
    """

    def list(self, prefix: str, token: str) -> tuple[Sequence[Listed], str]:
        """Return some of the objects whose keys begin with a text, in the order of their keys' bytes.

        Args:
            prefix: the text.
            token: where to go on, which the call before has returned; empty at first, and where there are no more.

        Raises:
            AccessError: they may not be listed.
            AbsentError: there is no such bucket.
        """
        ...

    def get(self, key: str) -> Stored:
        """Return an object, its bytes as they are stored.

        Raises:
            AbsentError: there is none.
        """
        ...

    def put(self, key: str, data: bytes, stored: Stored, *, guarded: bool = True) -> str:
        """Write an object with all that it had, if it is still the one that was read; not guarded, in any case.

        Returns:
            Its new tag, as a listing has it.

        Raises:
            StaleError: it is another one.
            ConflictError: somebody writes it at this moment.
        """
        ...

    def try_guard(self, scratch: str) -> bool:
        """Return whether the store refuses to write over an object that has changed, tried on a key that nobody uses.

        The scratch object is gone afterwards. What else has to be known of the store before a write is found out here.

        Raises:
            AccessError: nothing may be written here.
        """
        ...

    def delete(self, key: str) -> None:
        """Delete an object, if there is one."""
        ...


class AbsentError(FileError):
    """There is no such object, or no such bucket."""


class DeniedError(FileError):
    """The credentials do not permit this."""


class StaleError(FileError):
    """The object is not the one that was read."""


class ConflictError(FileError):
    """Somebody writes the object at this moment."""


class TransientError(NetworkError):
    """An answer that was lost, cut off or too late, or a store that has too much to do; another attempt may succeed."""


def unreachable(name: str, url: object) -> TransientError:
    """Return the error for a store that cannot be reached at a URL, of which the host and the port are told."""
    at = urlsplit(str(url or "")).netloc.rpartition("@")[2]
    return TransientError(f"{name}: the store{at and f' at {at}'} could not be reached")


Telling = Sequence[tuple[Any, Callable[[str, Any], SnippetkitError]]]
"""Exceptions of an SDK, and what makes an adapter's error of one and the name of what it is about; the first counts."""


@contextmanager
def translating(told_by: Telling, name: str, *, whole_bucket: bool = False) -> Iterator[None]:
    """Raise what an SDK raises as errors of an adapter.

    Args:
        told_by: says how.
        name: what messages call the object or the bucket.
        whole_bucket: whether what is not permitted here is permitted nowhere, and so ends the run; what the SDK does
            not take ends it too, while of one object it is that object's fault alone.
    """
    try:
        yield
    except Exception as error:
        tell = next((tell for kinds, tell in told_by if isinstance(error, kinds)), None)
        if tell is None:
            raise
        told = tell(name, error)
        if whole_bucket and isinstance(told, DeniedError):
            told = AccessError(str(told), hint=told.hint)
        elif not whole_bucket and isinstance(told, SettingError):
            told = FileError(str(told), path=name)
        raise told from error


def is_refused(write: Callable[[], object], drop: Callable[[], object]) -> bool:
    """Return whether a store refuses a stale write; `drop` deletes the scratch object then, if it can."""
    try:
        write()
    except (StaleError, AbsentError):
        return True
    finally:
        with suppress(AccessError, FileError, NetworkError):
            drop()
    return False
