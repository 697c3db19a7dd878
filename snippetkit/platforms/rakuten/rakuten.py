"""The rakuten dialect: an image by itself, whose URL tells an order's lines. Fresh code is not written: it has none."""

from __future__ import annotations

from snippetkit.platforms import Dialect, no_reports, reader
from snippetkit.platforms.rakuten import PLATFORM
from snippetkit.terms import Coexistence

NAME = "rakuten"

DIALECT = Dialect(
    NAME,
    PLATFORM,
    no_reports,
    needles=(b"linksynergy.com/ep",),
    coexistence=Coexistence.APART,
    read_image=reader(PLATFORM, NAME),
    has_events=False,
    since=2008,
)
