"""The way to a Dask cluster: one that is there, or one of this machine's own for one run."""

from __future__ import annotations

import logging
import os
import signal
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_address
from multiprocessing import resource_tracker
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from snippetkit.errors import NetworkError, SettingError
from snippetkit.run.cluster import Cluster, Patience, in_a_line
from snippetkit.terms import LOCAL_CLUSTER

_PATIENCE = Patience()
_LOGS = ("distributed", "tornado", "asyncio")


def check_address(address: str, *, insecure: bool) -> None:
    """Make sure that nobody else can give the cluster work: that is code, which its workers run.

    Raises:
        SettingError: anybody could.
    """
    url = urlsplit(address if "://" in address else f"tcp://{address}")
    try:
        host, has_port = url.hostname or "", url.port is not None
    except ValueError:
        host, has_port = "", False
    if not (host and has_port):
        raise SettingError(f"{address} is not a scheduler's address", hint="give one such as tls://10.0.0.5:8786")
    if "@" in url.netloc:
        reason = f"the address of the scheduler at {host} has a user name or a password, which no scheduler takes"
        raise SettingError(reason, hint="give one such as tls://10.0.0.5:8786")
    if not (insecure or url.scheme == "tls" or _is_loopback(host)):
        raise SettingError(
            f"{address} is open: whoever reaches the scheduler can run any code on its workers, with their credentials",
            hint="use tls://, or give --insecure-cluster if nobody else reaches it",
        )


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


@contextmanager
def connected(address: str, *, jobs: int, insecure: bool, patience: Patience = _PATIENCE) -> Iterator[Cluster]:
    """Do what `crews.open_cluster` says; `patience` is how long it may take."""
    if address != LOCAL_CLUSTER:
        check_address(address, insecure=insecure)
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        try:
            import distributed
        except ImportError as error:
            raise SettingError("--dask needs distributed", hint="pip install distributed (the extra [dask])") from error
        _silence()
        own = stack.enter_context(_started(distributed, jobs)) if address == LOCAL_CLUSTER else None
        client = _connect(distributed, own or address, patience)
        stack.callback(client.close, timeout=5)
        cluster = Cluster(client, address, patience)
        stack.callback(cluster.stop)
        yield cluster


@contextmanager
def _started(distributed: Any, jobs: int) -> Iterator[Any]:
    """A cluster of processes on loopback that nobody else on this machine can give work."""
    try:
        security = distributed.Security.temporary()
    except ImportError as error:
        raise SettingError("--dask local needs cryptography", hint="pip install cryptography") from error
    settings = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": logging.CRITICAL}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ExitStack() as stack:
        with _interrupted_later():
            cluster = distributed.LocalCluster(
                n_workers=jobs or cores, host="127.0.0.1", protocol="tls://", security=security, **settings
            )
            stack.callback(cluster.close, timeout=5)
        yield cluster


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Let threads and processes start that Ctrl-C does not reach; it counts for this thread afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would let the signal through again in the thread that starts it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _connect(distributed: Any, where: Any, patience: Patience) -> Any:
    def connect() -> None:
        try:
            made.set_result(distributed.Client(where, timeout=patience.connect_s, set_as_default=False))
        except Exception as error:
            made.set_exception(error)

    made = Future[Any]()
    Thread(target=connect, daemon=True).start()  # with who takes the connection and says nothing, it waits for ever
    try:
        return made.result(timeout=2 * patience.connect_s)
    except (OSError, CancelledError) as error:
        raise NetworkError(f"{where}: no scheduler answers there", hint="start one with 'dask scheduler'") from error
    except (TypeError, ValueError, RuntimeError) as error:
        raise SettingError(
            f"{where}: {in_a_line(error)}", hint="set its certificates in Dask's configuration"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what distributed says from the output: what matters of it is told as ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _silence() -> None:
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in _LOGS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
