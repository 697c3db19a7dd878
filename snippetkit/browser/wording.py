"""What Chromium says of a visit that failed, in the words of this program."""

from __future__ import annotations

import re

from snippetkit.patterns import later

_NETWORK = later(r"net::(ERR_\w+)")
# Chromium's net/base/net_error_list.h says what each means.
_ERRORS = {
    "ERR_ABORTED": "the server sent no page",
    "ERR_ADDRESS_UNREACHABLE": "no server can be reached there",
    "ERR_BLOCKED_BY_CLIENT": "the browser does not load it",
    "ERR_CONNECTION_CLOSED": "the server closed the connection",
    "ERR_CONNECTION_REFUSED": "no server answers there",
    "ERR_CONNECTION_RESET": "the server closed the connection",
    "ERR_CONNECTION_TIMED_OUT": "the server does not answer",
    "ERR_CONTENT_DECODING_FAILED": "its compressed content is broken",
    "ERR_CONTENT_LENGTH_MISMATCH": "the server sent only a part of it",
    "ERR_EMPTY_RESPONSE": "the server closed the connection without an answer",
    "ERR_HTTP_RESPONSE_CODE_FAILURE": "the server answered with an error and without a page",
    "ERR_INCOMPLETE_CHUNKED_ENCODING": "the server sent only a part of it",
    "ERR_INTERNET_DISCONNECTED": "there is no network",
    "ERR_INVALID_HTTP_RESPONSE": "the server's answer is not HTTP",
    "ERR_INVALID_REDIRECT": "the server redirects to something that is not a page",
    "ERR_NAME_NOT_RESOLVED": "its host is not found",
    "ERR_NETWORK_CHANGED": "the network changed meanwhile",
    "ERR_RESPONSE_HEADERS_TRUNCATED": "the server closed the connection in the middle of its answer",
    "ERR_TIMED_OUT": "the server does not answer",
    "ERR_TOO_MANY_REDIRECTS": "the server redirects in a circle",
    "ERR_UNSAFE_PORT": "browsers block this port",
}
_TLS = later(r"ERR_(?:CERT|SSL|BAD_SSL)_")
_SENTENCES = (
    (later(r"crashed", re.IGNORECASE), "the page crashed: its process in the browser ended"),
    (later(r"Download is starting"), "it is a download, not a page"),
    (later(r"closed|detached", re.IGNORECASE), "the page was closed while it was looked at"),
    (later(r"invalid URL", re.IGNORECASE), "its address is invalid"),
)
_ANY = "the browser aborted the visit"


def in_words(message: str) -> str:
    """Return what a message means; a network error keeps its name, to search for."""
    if network := _NETWORK.search(message):
        name = network[1]
        known = "its certificate or encryption is wrong" if _TLS.match(name) else "the browser cannot load it"
        return f"{_ERRORS.get(name, known)} (net::{name})"
    return next((words for pattern, words in _SENTENCES if pattern.search(message)), _ANY)
