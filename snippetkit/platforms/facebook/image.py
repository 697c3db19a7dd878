"""The image of any dialect: what its URL reports. It is all that there is where code has no script."""

from __future__ import annotations

from snippetkit.platforms import Dialect, no_reports, reader
from snippetkit.platforms.facebook import PLATFORM
from snippetkit.terms import Coexistence

DIALECT = Dialect(
    "image",
    PLATFORM,
    no_reports,
    needles=(b"facebook.com/tr?", b"facebook.com/tr/?", b"offsite_event.php"),
    coexistence=Coexistence.APART,
    read_image=reader(PLATFORM, "image"),
    has_events=False,
    trims_images=True,
    since=2012,
)
