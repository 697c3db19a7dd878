"""A Graph API that gives recorded answers, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.wrappers import Request, Response

from snippetkit.terms import API_VERSION
from tests.conftest import CASES

VERSION = f"/{API_VERSION}"


def recorded(name: str) -> object:
    """An answer that stands in a file."""
    return json.loads((CASES / "graph" / f"{name}.json").read_text("utf-8"))


@dataclass
class Answers:
    """The WSGI application; `by_call` has the answer to each `METHOD path`, with `?after=` for a later page."""

    by_call: Mapping[str, object]
    seen: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    @Request.application
    def __call__(self, request: Request) -> Response:
        call = f"{request.method} {request.path.removeprefix(VERSION)}"
        self.seen.append((call, request.args.to_dict(), request.form.to_dict()))
        answer = self.by_call[call + (f"?after={request.args['after']}" if "after" in request.args else "")]
        status = 400 if isinstance(answer, dict) and "error" in answer else 200
        return Response(json.dumps(answer), status, content_type="text/javascript; charset=UTF-8")
