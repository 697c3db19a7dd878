"""What is wrong with the conversion code in a text, as findings with stable codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from snippetkit.lint import agreement, pages, trust
from snippetkit.lint.finding import CODES, Finding, Raw
from snippetkit.lint.running import runs_at_once
from snippetkit.snippets import Document

__all__ = ["CODES", "Finding", "find", "find_untrusted", "runs_at_once"]

_RULES: tuple[Callable[[Document], Iterator[Raw]], ...] = (agreement.find, pages.find, trust.find)


def find(document: Document) -> list[Finding]:
    """Return what is wrong in a text that was taken apart, in its order; nothing is raised.

    A script is held to what conversion code does where the text is code, not a page: on a page a script may do more.
    """
    return _sorted(document, (raw for rule in _RULES for raw in rule(document)))


def find_untrusted(document: Document, allowed_hosts: frozenset[str] = frozenset()) -> list[Finding]:
    """Return what keeps code from going onto a page or into an export: `foreign-host` and `unexpected-script`.

    Args:
        document: the code that somebody sent; it is held to the rules for code, even if it looks like a page.
        allowed_hosts: other hosts than the vendor's that it may reach.
    """
    found = _sorted(document, trust.find(document, is_code=True))
    return [finding for finding in found if not finding.hosts or not set(finding.hosts) <= allowed_hosts]


def _sorted(document: Document, raws: Iterator[Raw]) -> list[Finding]:
    unique = {(raw.code, raw.offset, raw.message): raw for raw in raws}
    in_order = sorted(unique.values(), key=lambda raw: (raw.offset, raw.code))
    return [Finding(r.code, r.message, *document.position(r.offset), r.snippet, r.hosts) for r in in_order]
