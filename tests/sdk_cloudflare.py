"""Say what Cloudflare's own model of a Zaraz configuration thinks of documents; run where `cloudflare` is installed.

The documents are a JSON object on stdin, by any name. It prints, for each, where the model refuses it, or the keys
that the model does not know.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from cloudflare.types.zaraz import Configuration
from pydantic import BaseModel, ValidationError


def complaints(document: Any) -> list[str]:
    """Where the model refuses a document, or the keys that it does not know."""
    try:
        return sorted({f"unknown: {key}" for key in unknown(Configuration.model_validate(document))})
    except ValidationError as error:
        return sorted({".".join(map(str, found["loc"])) for found in error.errors()})


def unknown(value: object) -> Iterator[str]:
    """The keys in a model that it has no field for."""
    if isinstance(value, BaseModel):
        yield from value.model_extra or ()
        for name in type(value).model_fields:
            yield from unknown(getattr(value, name))
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from unknown(part)


json.dump({name: complaints(document) for name, document in json.load(sys.stdin).items()}, sys.stdout)
