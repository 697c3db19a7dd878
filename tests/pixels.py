"""Code of each dialect as it stands on pages, and loaders that do what the vendor's do."""

from __future__ import annotations

import re
from pathlib import Path

from snippetkit.platforms import facebook
from tests.conftest import CASES, PIXEL_ID

EVERY_CODE = {path.stem: path.read_text("utf-8") for path in sorted((CASES / "code").glob("*.html"))}
CODES = {name: EVERY_CODE[name] for name in ("fp", "fbds", "fbq")}
META_ID = "434566956589050"
PURCHASE = f"""<script>
fbq('init', '{META_ID}');
fbq('track', 'Purchase', {{value: 30.00, currency: 'USD'}});
</script>
<noscript><img alt="" src="https://www.facebook.com/tr?id={META_ID}&ev=Purchase&cd[value]=30.00&cd[currency]=USD&noscript=1"></noscript>
"""

_OWN = {"fp": PIXEL_ID, "fbds": PIXEL_ID, "fbq": META_ID}


def code_of(dialect: str, pixel_id: str) -> str:
    """The code of another pixel."""
    return CODES[dialect].replace(_OWN[dialect], pixel_id)


LOADERS = {path.name: path.read_text("utf-8") for path in Path(facebook.__file__).parent.glob("*.js")}
"""The stand-ins for the vendor's loaders that `verify` has."""


def without_time(url: str) -> str:
    """The URL of an event without the number that keeps caches from answering."""
    return re.sub(r"&ts=[0-9]+$", "", url)
