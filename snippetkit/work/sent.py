"""Code that somebody sent in a file: taken apart, and checked to do only what conversion code does."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SnippetError, reading
from snippetkit.work.worth import Value

if TYPE_CHECKING:
    from snippetkit.lint import Finding
    from snippetkit.model import Snippet
    from snippetkit.snippets import Document


_LONGEST_VALUE = 60


class Allowed(NamedTuple):
    """What a file's code may do beyond a conversion: reach these hosts, report plain values of these server languages.

    And what else is asked for, as `Finding.asked` calls it.
    """

    hosts: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


class Sent(NamedTuple):
    """The text of a file, and what messages call the file."""

    name: str
    text: str

    def reason(self, finding: Finding) -> str:
        """Return what is wrong with the file's code, and where."""
        return f"{self.name}:{finding.line}:{finding.column}: {finding.code}: {finding.message}"


def find_snippets(sent: Sent, pixel_ids: Sequence[str] = ()) -> tuple[Document, list[Snippet]]:
    """Return the code in a file as a document, and its snippets: of these pixels, or all where none is named.

    Raises:
        SnippetError: there are none, or none of a pixel that is named.
        FileError: it would be too slow to read.
    """
    from snippetkit import snippets

    with reading(sent.name):
        document = snippets.parse(snippets.without_nonce(sent.text))
    readings = snippets.read_code_from_outside(document)
    if bases := [] if readings else snippets.read_bases(document):
        message = f"{sent.name}: the base code of {bases[0].key}, and no event"
        raise SnippetError(message, hint="put the event after its init")
    if not readings:
        raise SnippetError(f"{sent.name}: no conversion code", hint="'snippetkit lint' may say why")
    there = {snippet.pixel_id: snippet.key for snippet in readings}
    for missing in (pixel_id for pixel_id in pixel_ids if pixel_id not in there):
        raise SnippetError(f"{sent.name} has no code of pixel {missing}, only {', '.join(there.values())}")
    return document, [snippet for snippet in readings if not pixel_ids or snippet.pixel_id in pixel_ids]


def why_retired(snippet: Snippet) -> str:
    """Return that the endpoint of such code was switched off, so nothing is counted; empty where it was not."""
    from snippetkit import platforms

    year = platforms.dialect_named(snippet.dialect).retired
    off = f"the endpoint of {snippet.dialect} code was switched off in {year}, so nothing is counted"
    return f"{off}; 'snippetkit migrate' turns it into today's code" if year else ""


def find_trusted(sent: Sent, pixel_ids: Sequence[str], allowed: Allowed) -> tuple[Document, list[Snippet]]:
    """Return what `find_snippets` does, checked to do only what conversion code does.

    Raises:
        SnippetError: as `find_snippets` does; also where the code reaches further.
    """
    from snippetkit import lint

    document, readings = find_snippets(sent, pixel_ids)
    untrusted = lint.find_untrusted(document, *allowed)
    if untrusted:
        hint = variable_for(document, untrusted[0]) or hint_of(untrusted[0])
        raise SnippetError(sent.reason(untrusted[0]), hint=hint)
    return document, readings


def variable_for(document: Document, finding: Finding) -> str:
    """What to do about a value that is an expression, which nothing else allows; empty for another finding."""
    if finding.languages or finding.asked or finding.hosts:
        return ""
    values = (code.report.value for code in document.codes)
    for value in (value for value in values if value and value.is_dynamic and not value.is_whole):
        first, behind = document.position(value.start), document.position(value.end)
        if first <= (finding.line, finding.column) < behind:
            said = " ".join(value.text.split())[:_LONGEST_VALUE]
            first_set = f"have a script of the page put it into a variable first (var total = {said};)"
            return f"{first_set} and use that: value: total"
    return ""


def code_of_each(sent: Sent, pixel_ids: Sequence[str], allowed: Allowed, value: Value) -> list[Snippet]:
    """Return the code of each pixel in a file, or of the only one; it does only what conversion code does.

    Where a script combines several pixels, the named one's is written as fresh code of its own. Its script and its
    noscript report the same, except for a value that is still to be set.

    Raises:
        SnippetError: a pixel has not exactly one script, or base code and events in different ones; or it reaches
            further, or they disagree.
    """
    document, readings = find_trusted(sent, pixel_ids, allowed)
    of_each = {pixel_id: [snippet for snippet in readings if snippet.pixel_id == pixel_id] for pixel_id in pixel_ids}
    pairs = of_each.items() if pixel_ids else [(None, readings)]
    check_errors(sent, document, readings, value)
    return [_of_one_script(sent.name, document, of_pixel, pixel_id) for pixel_id, of_pixel in pairs]


def _of_one_script(name: str, document: Document, readings: Sequence[Snippet], pixel_id: str | None) -> Snippet:
    from snippetkit import snippets

    places = {(snippet.line, snippet.column) for snippet in readings}
    if len(snippets.group(readings)) > 1:
        keys = ", ".join(snippet.key for snippet in readings)
        raise SnippetError(f"{name} has {len(places)} scripts: {keys}", hint="give one, or name its --pixel")
    return code_of_pixel(name, document, pixel_id, places)


def code_of_pixel(
    name: str, document: Document, pixel_id: str | None, places: Collection[tuple[int, int]] = ()
) -> Snippet:
    """Return the code of one pixel: written afresh for the named one where several are combined, else of the only one.

    Args:
        name: what messages call the file.
        document: holds the code.
        pixel_id: which pixel.
        places: the lines and columns of the scripts that count, none where nothing else is in the document.

    Raises:
        SnippetError: several pixels share a script; or it is no JavaScript, no conversion pixel's code, or no UTF-8.
    """
    from snippetkit import snippets

    pairs = [*zip(document.codes, snippets.read_code_from_outside(document), strict=True)]
    of_script = [pair for pair in pairs if not places or (pair[1].line, pair[1].column) in places]
    if any(code.error is not None for code, _ in of_script):
        raise SnippetError(f"{name}: the script is not JavaScript", hint="'snippetkit lint' says where it breaks")
    queues = {code.report.queue for code, _ in of_script}
    named = [snippet for _, snippet in of_script if snippet.pixel_id == pixel_id]
    is_combined = len(of_script) > 1 == len(queues) and queues != {None}
    if is_combined and len(named) == 1:
        snippet = _written_anew(named[0])
    else:
        hint = "name its --pixel" if is_combined else "give each pixel a script of its own"
        snippet = _joined(name, [snippet for _, snippet in of_script], hint)
    if not snippet.script or snippet.dialect == "audience":
        article = "an" if snippet.dialect[0] in "aeiou" else "a"
        raise SnippetError(f"{name} has {article} {snippet.dialect} pixel, not a conversion pixel's code")
    if any("\ud800" <= char <= "\udfff" for char in snippet.source):
        raise SnippetError(f"{name}: the code is not UTF-8, as pages are", hint="save it as UTF-8")
    return snippet


def _written_anew(snippet: Snippet) -> Snippet:
    """One of several pixels of a script, in a script of its own."""
    from snippetkit import snippets
    from snippetkit.templating import Template, render_blocks

    [alone] = snippets.read("\n".join(render_blocks(Template("clean"), [snippet]).values()))
    return alone


def _joined(name: str, readings: list[Snippet], hint: str) -> Snippet:
    from snippetkit import snippets

    try:
        return snippets.join(readings)
    except SnippetError as error:
        raise SnippetError(f"{name}: {error}", hint=hint) from error


_MENDS = {
    "duplicate-noscript": "nothing was written; leave one of them out",
    "duplicate-pixel": "nothing was written; leave one of them out",
    "entity-in-script": "nothing was written; fix the script",
    "escaped-image": "nothing was written; fix the noscript",
    "image-lazy": "nothing was written; take loading out",
    "personal-data": "nothing was written; take it out",
    "unclosed-element": "nothing was written; close it",
    "value-invalid": "--value or the rule's value replaces it",
    "value-parts": "--value or the rule's value replaces both, if there is only one part",
    "value-unit": "--value or the rule's value replaces it",
    "value-mismatch": "--value or the rule's value sets both",
    "currency-mismatch": "--value with --currency or the rule's currency sets both",
    "noscript-parameters": "nothing was written; fix the image's URL",
}
_BY_HAND = "nothing was written; fix the script or the noscript so that both report the same"


def check_errors(sent: Sent, document: Document, taken: Sequence[Snippet], value: Value) -> None:
    """Make sure that the code that is taken has no errors: its scripts and noscripts report the same, and once.

    Args:
        sent: the file, for messages.
        document: the code in it.
        taken: the snippets of it that are taken.
        value: what is set in both.

    Raises:
        SnippetError: it has one, in something that is not set.
    """
    for finding in find_errors(document, taken, value):
        is_set = _is_given(finding, value)
        raise SnippetError(sent.reason(finding), hint=_BY_HAND if is_set else _MENDS.get(finding.code, _BY_HAND))


def find_errors(document: Document, taken: Sequence[Snippet], value: Value) -> Iterator[Finding]:
    """Yield the errors of the code that is taken, except in what a value sets; the arguments are `check_errors`'."""
    from snippetkit import lint, snippets

    pixel_ids = {snippet.pixel_id for snippet in taken}
    findings = lint.find_errors(document)
    every = snippets.read_document(document) if findings else []
    for finding in findings:
        of = next(iter(every[finding.snippet : finding.snippet + 1]), None) if finding.snippet is not None else None
        if of is None or (of.pixel_id in pixel_ids and not (_is_set(of, every, value) and _is_given(finding, value))):
            yield finding


def _is_set(snippet: Snippet, every: Sequence[Snippet], value: Value) -> bool:
    """Whether a value would go to this event: the one that is named, the one that has a value, or the only one."""
    if value.event is not None or not snippet.conversion:
        return snippet.conversion and snippet.event == value.event
    events = {one.event for one in every if one.conversion and one.key == snippet.key}
    return snippet.value is not None or len(events) == 1


def _is_given(finding: Finding, value: Value) -> bool:
    """Whether a value sets what differs between the script and the noscript of a conversion."""
    amounts = dict.fromkeys(("value-mismatch", "value-invalid", "value-parts", "value-unit"), value.is_given or None)
    given = {**amounts, "currency-mismatch": value.currency}
    return given.get(finding.code) is not None


def hint_of(finding: Finding) -> str:
    """Return what would allow code that does more than a conversion, if anything does."""
    if finding.languages:
        named = " or ".join(finding.languages)
        return f"--server-values takes it, with the language that makes the page: {named}"
    if finding.asked:
        import shlex

        return f"--allow {shlex.quote(finding.asked)} allows it"
    if finding.code == "second-pixel":
        return "nothing was written; give each pixel a script of its own"
    hosts = " ".join(f"--allow-host {host}" for host in finding.hosts)
    return f"{hosts} allows it" if hosts else "nothing was written; use only the vendor's code"
