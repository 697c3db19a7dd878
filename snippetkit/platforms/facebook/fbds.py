"""The fbds dialect (2014 to 2016): a global queue `_fbq`, whose entries the loader `fbds.js` carries out.

An entry that tracks a number is a conversion; one that names a pixel or tracks a word is of an audience pixel.
"""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit.javascript import Script
from snippetkit.platforms import Adding, Calls, Dialect, Report
from snippetkit.platforms.facebook import PLATFORM
from snippetkit.terms import Coexistence

NAME = "fbds"

_THIRD = "the third item of the array that is pushed onto _fbq"
_ADDING = Adding({"value": "'value': '0.00'", "currency": "'currency': 'USD'"}, _THIRD, _THIRD)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: one for each conversion that it pushes."""
    for entry, items in script.queued(b"_fbq"):
        if len(items) < 2 or script.text(items[0]) != "track":
            continue
        pixel_id = script.setting(items[1])
        if pixel_id and (pixel_id.is_dynamic or pixel_id.text.isdecimal()):
            about = items[2] if len(items) > 2 else None
            value, currency = script.settings(about, needs_quotes=True)
            how = _ADDING.how(about, value, currency)
            yield Report(
                NAME,
                entry.start_byte + script.start,
                pixel_id=pixel_id,
                value=value,
                currency=currency,
                add_value=how,
                add_currency=how,
            )


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"fbds.js", b"_fbq.push", b"facebook.com/tr?ev="),
    coexistence=Coexistence.APART,
    queues=("_fbq",),
    calls=Calls(naming_by_id=frozenset({"track"}), reporting=frozenset({"track"})),
    loader="fbds.js",
    trusted_names=frozenset({"loaded", "push"}),
    has_events=False,
    retired=2017,
    successor="fbq",
    since=2014,
)
