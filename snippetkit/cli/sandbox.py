"""`snippetkit sandbox`: serve the embedded Graph API on a port."""

from __future__ import annotations

import click

from snippetkit.cli._api import TOKEN_VARIABLE, sandbox_path


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8013, show_default=True, help="0 takes a free one.")
@click.option("--db", default="", metavar="FILE", help="Where pixels and events are kept.  [default: as 'sandbox:']")
def command(port: int, db: str) -> None:
    """Serve the embedded Graph API of conversion pixels on this machine.

    Any access token will do. It also takes the events that pages fire.
    """
    from snippetkit.sandbox import Store, create_app, create_server

    store = Store(sandbox_path(db))
    try:
        server = create_server(create_app(store), port)
        click.echo(f"http://127.0.0.1:{server.port}")
        click.echo(f"serving; --api-url takes this URL, {TOKEN_VARIABLE} any text; Ctrl-C ends it", err=True)
        server.serve_forever()
    finally:
        store.close()
