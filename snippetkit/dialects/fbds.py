"""The fbds dialect (2014 to 2016): a global queue `_fbq`, whose entries the loader `fbds.js` carries out.

An entry that tracks a number is a conversion; one that names a pixel or tracks a word is of an audience pixel.
"""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit.dialects import Report
from snippetkit.dialects._javascript import Script
from snippetkit.terms import Several

NAME = "fbds"
TRACES = (b"fbds.js", b"_fbq.push", b"facebook.com/tr?ev=")
TRUSTED_NAMES = frozenset({"_fbq", "loaded", "push"})
TRUSTED_FUNCTIONS: tuple[str, ...] = ()
SEVERAL = Several.APART

_ADD = "add {'value': '0.00', 'currency': 'USD'} as the third item of the array that is pushed onto _fbq"


def find(script: Script) -> Iterator[Report]:
    """Yield what a script reports: one for each conversion that it pushes."""
    for entry, items in script.queued:
        if len(items) < 2 or script.text(items[0]) != "track":
            continue
        pixel_id = script.setting(items[1])
        if pixel_id and (pixel_id.is_dynamic or pixel_id.text.isdecimal()):
            value, currency = script.settings(items[2] if len(items) > 2 else None, needs_quotes=True)
            yield Report(
                NAME,
                entry.start_byte + script.start,
                pixel_id=pixel_id,
                value=value,
                currency=currency,
                add_value=_ADD,
                add_currency=_ADD,
            )
