"""An amount that is told once more, in parts: a list such as `NEW:10.00|OLD:5.00`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from urllib.parse import quote, unquote

from snippetkit import money
from snippetkit.javascript import Setting
from snippetkit.platforms.reports import Ignored, Report
from snippetkit.records import replace


class Parts(NamedTuple):
    """Where a list of `name:amount` is told, and what stands between its parts, and in front of each amount."""

    name: str
    between: str = "|"
    before: str = ":"

    def in_report(self, report: Report, told: Setting, data: bytes) -> Report:
        """Return a report with what a list that stands in a text says of its value.

        Where there is one part, it is another place of the value; of several, nobody knows how a new one is parted.
        """
        amounts = [*self._amounts(data[told.start : told.end].decode("utf-8", "replace"), told.start)]
        value, faults = report.value, tuple(self._fault(told, amounts, report.value))
        if value is None:
            return report
        if len(amounts) == 1 and not (told.is_dynamic or told.told_by or value.told_by):
            return replace(report, again=(*report.again, *amounts), ignored=(*report.ignored, *faults))
        value = replace(value, told_by=value.told_by or self.name)
        return replace(report, value=value, ignored=(*report.ignored, *faults))

    def _amounts(self, text: str, start: int) -> Iterator[Setting]:
        """The amounts of a list, each where it stands; in a URL, the signs may be encoded."""
        at = start
        for part in re.split(f"({_sign(self.between)})", text):
            *_, amount = re.split(_sign(self.before), part)
            end = at + len(part.encode())
            if not re.fullmatch(_sign(self.between), part):
                yield Setting(unquote(amount), end - len(amount.encode()), end)
            at = end

    def _fault(self, told: Setting, amounts: list[Setting], value: Setting | None) -> Iterator[Ignored]:
        texts = [one.text for one in amounts]
        is_known = value and not (value.is_dynamic or told.is_dynamic)
        if value and is_known and all(map(money.AMOUNT.fullmatch, (value.text, *texts))):
            total = sum(map(Decimal, texts))
            if total != Decimal(value.text):
                message = f"the parts come to {total}, and the value is {value.text}: write parts that add up to it"
                yield Ignored(told, "value-parts", message)


@cache
def _sign(sign: str) -> str:
    """A regular expression for a sign, as it stands or encoded."""
    return f"{re.escape(sign)}|(?i:{re.escape(quote(sign, safe=''))})"
