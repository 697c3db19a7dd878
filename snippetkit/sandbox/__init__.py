"""The Graph API of conversion pixels over SQLite: the same calls, with no account and no network.

`Store` holds the data, `create_app` answers as a WSGI app, `WsgiAdapter` lets a requests session reach it without a
port, and `create_server` puts it on one. `faults` holds what tests can let go wrong.
"""

from snippetkit.sandbox.adapter import WsgiAdapter
from snippetkit.sandbox.app import create_app
from snippetkit.sandbox.server import create_server
from snippetkit.sandbox.store import Store

__all__ = ["Store", "WsgiAdapter", "create_app", "create_server"]
