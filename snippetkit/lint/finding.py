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
    languages: tuple[str, ...] = ()
    asked: str = ""


class Finding(NamedTuple):
    """What is wrong: a stable code, a sentence, and where, in characters, from 1.

    `snippet` is the number of the snippet in the text that it is about, from 0, or None; `hosts` are the hosts that
    untrusted code reaches, `languages` the template languages in which it is a plain value, `asked` is what it is
    called where somebody asks for it, such as `consent:grant`.
    """

    code: str
    message: str
    line: int
    column: int
    snippet: int | None = None
    hosts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    asked: str = ""

    @property
    def level(self) -> str:
        """`error` where the wrong thing is reported, or by the wrong code, else `warning`."""
        return "error" if self.code in _ERRORS else "warning"


CODES = {
    "value-mismatch": "The script and the noscript report different values.",
    "value-missing": "An event without the value that its platform asks for, and without which it is not counted.",
    "value-invalid": "The value is not an amount such as 19.99.",
    "value-parts": "Parts that do not add up to the value.",
    "value-zero": "The zero of the platform's sample code as the value, so a conversion is worth nothing.",
    "value-unit": "A value that is not whole, where the platform takes a whole number of minor units.",
    "unit-unknown": "A value whose unit is not stated, so it may be a hundred times too high or too low.",
    "id-mismatch": "The script and the noscript name different pixels.",
    "id-invalid": "A pixel id or event id that is not valid, such as a placeholder.",
    "event-mismatch": "The script and the noscript report different events.",
    "currency-missing": "A value without its currency.",
    "currency-mismatch": "The script and the noscript report different currencies.",
    "currency-unknown": "The currency is not an ISO 4217 code in capital letters, such as USD.",
    "event-unknown": "A standard event's name in another case, which is another event, or one that does not count.",
    "event-unread": "Events that are reported in a way that cannot be followed, so they are not checked.",
    "event-id-place": "An event's id where the platform does not look: what a server reports too counts twice.",
    "value-key": "A value under a name that the platform does not read, so it is lost.",
    "value-unsupported": "A value in code for which the platform documents none.",
    "order-id-missing": "An order without its id, which is counted again when the page is reloaded.",
    "platforms-disagree": "Two platforms get different values or currencies for what may be one order.",
    "noscript-parameters": "Parameters of the image's URL are lost: no brackets, repeated, missing, or encoded twice.",
    "entity-in-script": "An HTML entity in a script, where it is not decoded.",
    "noscript-in-head": "A noscript image in the head ends the head for visitors without JavaScript.",
    "noscript-without-image": "A noscript holds conversion code as text, so nothing fires without JavaScript.",
    "noscript-with-held-back-script": "The image of a script that waits for consent does not wait.",
    "soft-navigation": "A library shows the page without loading it, so visits count too often or not at all.",
    "fires-in-prerender": "The code fires while the page is prerendered, even if nobody opens it.",
    "img-alt-missing": "The image has no alt attribute, which HTML requires.",
    "insecure-url": "A URL with http, which a secure page blocks.",
    "fb-param-clobber": "Two fp blocks share one global, so only the last one fires.",
    "shared-global": "Two tags share a global that only one can use, so events reach only one.",
    "duplicate-pixel": "The same pixel and event twice, so it counts twice.",
    "image-outside-noscript": "An image beside its script and outside a noscript, so every visit counts twice.",
    "image-lazy": "An image that waits until it is near the screen, and if it is hidden, is never loaded.",
    "duplicate-noscript": "Two noscript images of one pixel and event, which may count twice without JavaScript.",
    "escaped-image": "A noscript whose image is escaped text, so nothing is loaded.",
    "unknown-pixels": "An event whose base code is not here, so which pixels get it is not known.",
    "retired-endpoint": "An endpoint that was switched off in 2017, so nothing is counted.",
    "dynamic-value": "The value is an expression or a server template, so it cannot be checked.",
    "script-error": "A script is not JavaScript, so none of it runs.",
    "not-run": "A script that no browser runs, or an event without a pixel, before its base code, or that no tag gets.",
    "unclosed-element": "A script or a noscript with conversion code is not closed.",
    "foreign-host": "The code reaches a host that is not the vendor's.",
    "unexpected-script": "The code holds more than conversion code does.",
    "second-pixel": "The code of one pixel also names another, which then gets events too.",
    "personal-data": "A person's e-mail address is in the code, so every visitor is reported as that person.",
    "consent-granted": "The code grants consent on the visitor's behalf.",
}
"""Every code, and what it means."""

_ERRORS = frozenset(
    "value-mismatch value-missing value-invalid value-parts value-unit id-mismatch event-mismatch currency-mismatch "
    "noscript-parameters entity-in-script fb-param-clobber duplicate-pixel image-outside-noscript duplicate-noscript "
    "escaped-image image-lazy script-error not-run unclosed-element foreign-host unexpected-script second-pixel "
    "consent-granted personal-data unit-unknown".split()
)
DISAGREEMENTS = frozenset(
    "value-mismatch id-mismatch event-mismatch currency-mismatch noscript-parameters image-outside-noscript "
    "duplicate-noscript escaped-image".split()
)
"""The codes for what the script and the noscript of one code say differently, or not at all."""
TAKEN_APART = {
    "duplicate-pixel": "What another script reports too is there once, when the code of one script is taken.",
    "fb-param-clobber": "A file may hold the codes of several pixels, of which each is taken by itself.",
}
"""The errors of a text that are not errors of the code of one script taken from it, and why."""
