"""A finding, and the codes that there are."""

from __future__ import annotations

from typing import NamedTuple


class Raw(NamedTuple):
    """A finding at a byte offset; `snippet` is the number of the snippet that it is about, from 0, or None."""

    code: str
    offset: int
    message: str
    snippet: int | None = None
    hosts: tuple[str, ...] = ()


class Finding(NamedTuple):
    """What is wrong: a stable code, a sentence, and where, in characters, from 1.

    `snippet` is the number of the snippet in the text that it is about, from 0, or None; `hosts` are the hosts that
    untrusted code reaches.
    """

    code: str
    message: str
    line: int
    column: int
    snippet: int | None = None
    hosts: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """`error` where the wrong thing is reported, or by the wrong code, else `warning`."""
        return "error" if self.code in _ERRORS else "warning"


CODES = {
    "value-mismatch": "The script and the noscript report different values.",
    "value-invalid": "The value is not an amount such as 19.99.",
    "id-mismatch": "The script and the noscript name different pixels.",
    "currency-missing": "A value without its currency.",
    "currency-mismatch": "The script and the noscript report different currencies.",
    "noscript-parameters": "The image's URL has lost the brackets of its parameters, or repeats one.",
    "entity-in-script": "An HTML entity in a script, where it is not decoded.",
    "noscript-in-head": "A noscript image in the head ends the head for visitors without JavaScript.",
    "img-alt-missing": "The image has no alt attribute, which HTML asks for.",
    "insecure-url": "A URL with http, which a secure page blocks.",
    "fb-param-clobber": "Two fp blocks share one global, so only the last one fires.",
    "duplicate-pixel": "The same pixel and event twice, so it counts twice.",
    "retired-endpoint": "An endpoint that was switched off in 2017, so nothing is counted.",
    "dynamic-value": "The value is an expression or a server template, so it cannot be checked.",
    "script-error": "A script is not JavaScript, so nothing of it runs.",
    "unclosed-element": "A script or a noscript with conversion code does not end.",
    "foreign-host": "The code reaches another host than the vendor's.",
    "unexpected-script": "The code holds more than conversion code does.",
}
"""Every code, and what it means."""

_ERRORS = frozenset(
    "value-mismatch value-invalid id-mismatch currency-mismatch noscript-parameters entity-in-script fb-param-clobber "
    "duplicate-pixel script-error unclosed-element foreign-host unexpected-script".split()
)
