"""Dialects that share a global: each takes the reports whose pixels are its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from snippetkit.platforms.reports import Report
from snippetkit.records import dataclass, replace

if TYPE_CHECKING:
    from snippetkit.javascript import Script


@dataclass(frozen=True, slots=True)
class Parted:
    """Reads what one of several dialects reports by a global that they share; `find_reports` of a `Dialect`.

    Attributes:
        dialect: its name.
        shared: reads what all of them report.
        ids: how the ids of a dialect's pixels begin.
        no_currency: why a currency is not added, where there is none.
        is_rest: whether it takes those that do not begin so, and those that tell no pixel, instead.
    """

    dialect: str
    shared: Callable[[Script], Iterator[Report]]
    ids: re.Pattern[str]
    no_currency: str = ""
    is_rest: bool = False

    def __call__(self, script: Script) -> Iterator[Report]:
        """Yield what a script reports in the dialect, in the script's order."""
        for report in self.shared(script):
            is_own = report.pixel_id is not None and self.ids.match(report.pixel_id.text) is not None
            if is_own != self.is_rest:
                how = self.no_currency or report.add_currency
                yield replace(report, dialect=self.dialect, add_currency=how)
