"""`--dask`: pages that the workers of a cluster work on."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from snippetkit.cli._command import refuse_options
from snippetkit.terms import LOCAL_CLUSTER

if TYPE_CHECKING:
    from snippetkit.cli._rewriting import Running
    from snippetkit.cli._texts import Paths
    from snippetkit.run import Crew

_OF_ONE_DISK = ("fsync", "backup", "is_verified")
CLUSTER_OPTIONS = (
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Run on the workers of a Dask cluster, such as tls://10.0.0.5:8786; 'local' starts one here.",
    ),
    click.option(
        "--insecure-cluster",
        is_flag=True,
        help="Accept a scheduler without TLS: whoever reaches it can run any code on its workers.",
    ),
)


def check_cluster(paths: Paths, dask: str | None) -> None:
    """Refuse what does not go with a cluster.

    Raises:
        click.UsageError: something does not.
    """
    if dask is None:
        refuse_options("needs --dask.", "insecure_cluster")
        return
    refuse_options("cannot be used with --dask: pages are on the disks of its workers, not on this one.", *_OF_ONE_DISK)
    if dask != LOCAL_CLUSTER and not paths.in_store():
        refuse_options("cannot be used with a cluster's address: how many workers it has is its own.", "jobs")


def cluster(paths: Paths, running: Running) -> AbstractContextManager[Crew]:
    """Return the cluster that is asked for; in a store, `--jobs` says how many requests each of its threads makes."""
    from snippetkit import run
    from snippetkit.cli._api import SECRET_VARIABLE, TOKEN_VARIABLE

    for name in (TOKEN_VARIABLE, SECRET_VARIABLE):  # the code is there by now, and what is started here would get them
        os.environ.pop(name, None)
    jobs = 0 if paths.in_store() else running.jobs or 0
    return run.open_cluster(running.dask, jobs=jobs, insecure=running.insecure_cluster)
