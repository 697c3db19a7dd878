"""The Graph API of conversion pixels over SQLite: the same calls, with no account and no network.

`Store` holds the data, `create_app` answers as a WSGI app, `WsgiAdapter` lets a requests session reach it without a
port, and `create_server` puts it on one, where `guarded` keeps the pages of other sites out. `faults` are what tests
can make go wrong.
"""

from snippetkit.sandbox.adapter import WsgiAdapter
from snippetkit.sandbox.app import create_app
from snippetkit.sandbox.doors import guarded
from snippetkit.sandbox.server import create_server
from snippetkit.sandbox.store import Store

__all__ = ["Store", "WsgiAdapter", "create_app", "create_server", "guarded"]
