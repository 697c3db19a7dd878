"""Other machines that work on pages; what they need is loaded only where there are any."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from snippetkit.run.pages import Crew


@contextmanager
def open_cluster(address: str, *, jobs: int = 0, insecure: bool = False) -> Iterator[Crew]:
    """Yield a Dask cluster, which is left, or ended where it was started here, in the end.

    Args:
        address: of its scheduler; `LOCAL_CLUSTER` starts one on this machine.
        jobs: how many processes that one has, 0 for the number of cores.
        insecure: whether a scheduler that is open to others is accepted.

    Raises:
        SettingError: the address cannot be used, or distributed is not installed.
        NetworkError: there is no scheduler, or it has no workers.
    """
    from snippetkit.run.connecting import connected

    with connected(address, jobs=jobs, insecure=insecure) as cluster:
        yield cluster
