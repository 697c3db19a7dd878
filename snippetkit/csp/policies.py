"""The policies that a page has itself, and the source by which one allows an inline script."""

from __future__ import annotations

import base64
import hashlib

from snippetkit.csp.keeping import kept
from snippetkit.errors import SnippetError
from snippetkit.html import attributes, head_tokens, position
from snippetkit.server_code import find_in_script

_POLICY = "content-security-policy"


def own_policies(data: bytes) -> list[int]:
    """Return the lines where the head of a page has a policy of its own, in a `<meta>`; it counts beside the server's.

    None where it is not certain what belongs to the head.
    """
    metas = (token for token in head_tokens(data) if token.name == "meta")
    tags = {meta.start: attributes(data[meta.start : meta.end].decode()) for meta in metas}
    return [position(data, at)[0] for at, tag in tags.items() if tag.get("http-equiv", "").lower() == _POLICY]


@kept
def hash_source(text: bytes) -> str:
    """Return the source that allows an inline script: `'sha256-...'`.

    Args:
        text: what stands between the script's tags, in UTF-8.

    Raises:
        SnippetError: what the browser will get is not certain: there is server code in it, or it is not UTF-8.
    """
    if code := find_in_script(text):
        shown = code.decode("utf-8", "replace")[:30]
        raise SnippetError(f"the script holds server code ({shown}), so its hash cannot be known")
    try:
        script = text.decode().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    except UnicodeDecodeError as error:
        raise SnippetError("the script is not UTF-8, so its hash cannot be known") from error
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
