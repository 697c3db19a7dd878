"""`snippetkit sandbox`: serve the embedded Graph API on a port."""

from __future__ import annotations

import os
from contextlib import closing

import click

from snippetkit.cli._api import SANDBOX, TOKEN_VARIABLE, URL_VARIABLE, sandbox_path
from snippetkit.cli._command import Command
from snippetkit.cli._output import printable
from snippetkit.cli._paths import File
from snippetkit.cli._saying import put, say

_HOW = f"--api-url takes this URL, {TOKEN_VARIABLE} any text; Ctrl-C ends it"


@click.command(cls=Command)
@click.option("--port", type=click.IntRange(0, 65535), default=8013, show_default=True, help="0 picks a free one.")
@click.option(
    "--db",
    metavar="FILE",
    type=File(),
    help=f"Where pixels and events are kept.  [default: as {URL_VARIABLE} says, or 'sandbox:']",
)
@click.option(
    "--allow-origin",
    "origins",
    metavar="ORIGIN",
    multiple=True,
    help="Let the pages of this origin use it, such as http://localhost:3000; repeatable.",
)
def command(port: int, db: str | None, origins: tuple[str, ...]) -> None:
    """Serve the embedded Graph API of conversion pixels on this machine.

    Any access token will do. It also takes the events that pages fire. Programs of this machine may use it, and pages
    only of the origins that are let in.
    """
    from snippetkit.sandbox import Store, create_app, create_server, guarded

    path = sandbox_path(db or _named_by_the_environment())
    with closing(Store(path, makes_folder=path == sandbox_path(""))) as store:
        server = create_server(guarded(create_app(store), origins), port)
        put(f"http://127.0.0.1:{server.port}")
        say(f"serving {printable(str(path))}\n{_HOW}")
        server.serve_forever()


def _named_by_the_environment() -> str:
    url = os.environ.get(URL_VARIABLE, "")
    return url.removeprefix(SANDBOX) if url.startswith(SANDBOX) else ""
