"""A person's e-mail address that stands in what a platform is told: every visitor is then taken for that person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from snippetkit.javascript import Script
from snippetkit.lint.finding import Raw
from snippetkit.snippets import Document

_ADDRESS = re.compile(rb"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MESSAGE = "{!r} is in the code, so every visitor is reported as that person; take it out, or use the visitor's own"
_MOST = 50


def find(document: Document) -> Iterator[Raw]:
    """Yield `personal-data`."""
    scripts = [script for _, script in document.scripts] or [one for one in (document.program,) if one]
    for script in scripts:
        for match in islice(_ADDRESS.finditer(script.masked, script.start, script.end), _MOST):
            if script.data[slice(*match.span())] == match[0] and _is_told(script, match.start() - script.start):
                yield Raw("personal-data", match.start(), _MESSAGE.format(match[0].decode("utf-8", "replace")))


def _is_told(script: Script, at: int) -> bool:
    """Whether a text is part of what a platform's function, method or queue is called with."""
    node = script.tree.innermost(at, at + 1)
    if node is None or node.type not in {"string", "string_fragment", "template_string"}:
        return False
    calls = (around for around in script.tree.around(node) if around.type == "call_expression")
    return any(_reports(script, script.names.path(call.child_by_field_name("function"))) for call in calls)


def _reports(script: Script, path: bytes) -> bool:
    reporting = script.reporting
    of, _, method = path.rpartition(b".")
    is_method = of in reporting.objects or (method == b"push" and of in reporting.functions | reporting.queues)
    return path in reporting.functions - reporting.objects or is_method
