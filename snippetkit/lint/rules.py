"""Which rules a text is held to: a page to all of them, code from outside to those that keep it off pages.

They are loaded when they are first asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain

from snippetkit.lint.finding import DISAGREEMENTS, TAKEN_APART, Finding, Raw
from snippetkit.snippets import Document

_Rules = tuple[Callable[[Document], Iterator[Raw]], ...]


@cache
def _rules(*, is_program: bool, is_frame: bool) -> _Rules:
    """The rules for a page, a frame's document or a program; those for code from outside need few of them."""
    from snippetkit.lint import (
        across,
        agreement,
        dead,
        elsewhere,
        images,
        navigation,
        noscripts,
        pages,
        personal,
        shared,
        trust,
        unread,
        workers,
    )

    if is_program:
        program = (agreement.find, dead.find, pages.find_in_program, elsewhere.find_in_program, images.find_made)
        return (*program, personal.find, unread.find)
    first = (agreement.find, across.find, images.find, pages.find, shared.find, dead.find, elsewhere.find, workers.find)
    last = (noscripts.find, personal.find, unread.find)
    return (*first, *last) if is_frame else (*first, navigation.find, *last, trust.find)


def find(document: Document) -> list[Finding]:
    """Return what is wrong in a text that was taken apart, in order; nothing is raised.

    A script is held to what conversion code does where the text is code, not a page or a part of one. Of a program's
    script, and of a text in one of its strings, only what the code says is looked at, and whether it runs.
    """
    is_program = document.program is not None or document.outer is not None
    rules = _rules(is_program=is_program and not document.is_frame, is_frame=document.is_frame)
    return _sorted(document, (raw for rule in rules for raw in rule(document)))


def find_in_documents(documents: Sequence[Document]) -> list[Finding]:
    """Return what is wrong in a file, in order, each finding with the number of its snippet in the whole file.

    Args:
        documents: the texts of the file, each taken apart.
    """
    findings: list[Finding] = []
    before = 0
    for document in documents:
        numbered = ((one, one.snippet) for one in find(document))
        findings += (one if number is None else one._replace(snippet=before + number) for one, number in numbered)
        before += len(document.codes) + len(document.handlers) + len(document.bases)
    return sorted(findings, key=lambda one: (one.line, one.column))


def find_untrusted(
    document: Document,
    allowed_hosts: frozenset[str] = frozenset(),
    languages: frozenset[str] | None = frozenset(),
    asked: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Return what keeps code from going onto a page or into an export.

    It is `foreign-host`, `unexpected-script`, `second-pixel`, `consent-granted`, and `script-error` and `not-run` of
    code that would not run there.

    Args:
        document: the code that somebody sent; it is held to the rules for code, even if it looks like a page.
        allowed_hosts: hosts other than the vendor's that it may reach.
        languages: the template languages whose plain values it may tell, None for all; other server code is a finding.
        asked: what else it may do, as `Finding.asked` calls it.
    """
    from snippetkit.lint import dead, trust

    findings = _sorted(document, chain(trust.find(document, is_code=True, languages=languages), dead.find(document)))
    return [one for one in findings if not (one.asked in asked or (one.hosts and allowed_hosts.issuperset(one.hosts)))]


def find_errors(document: Document) -> list[Finding]:
    """Return the errors in what code says and where it is, which also keep it off pages and out of exports.

    With `find_untrusted` these are all errors that `find` gives for code, except those that are `TAKEN_APART`.
    """
    from snippetkit.lint import agreement, images, pages, personal

    raws = (raw for rule in (agreement.find, images.find, pages.find, personal.find) for raw in rule(document))
    return [one for one in _sorted(document, raws) if one.level == "error" and not _is_apart(document, one)]


def _is_apart(document: Document, finding: Finding) -> bool:
    from snippetkit.lint import pages

    number = finding.snippet if finding.code in TAKEN_APART else None
    return number is not None and not pages.is_of_one_script(document, number)


def find_disagreements(document: Document) -> list[Finding]:
    """Return where the scripts and the noscripts of a text disagree, each with the number of its snippet."""
    return [one for one in find_errors(document) if one.code in DISAGREEMENTS and one.snippet is not None]


def _sorted(document: Document, raws: Iterator[Raw]) -> list[Finding]:
    unique = {(raw.code, raw.offset, raw.message): raw for raw in raws}
    in_order = sorted(unique.values(), key=lambda raw: (raw.offset, raw.code))
    return [
        Finding(r.code, r.message, *document.position(r.offset), r.snippet, r.hosts, r.languages, r.asked)
        for r in in_order
    ]
