"""What an event's script depends on in the same text: the elements of its base code that stand in front of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit import html, platforms
from snippetkit.javascript import Script
from snippetkit.platforms import Dialect
from snippetkit.records import replace
from snippetkit.references import decode
from snippetkit.snippets import states
from snippetkit.snippets.codes import Code

Scripts = Sequence[tuple[html.Element, Script]]


def with_bases(codes: Sequence[Code], elements: Sequence[html.Element], scripts: Scripts) -> Iterator[Code]:
    """Yield the codes, each with the elements of its base code, where those of its dialect stand apart.

    Those are the loader's own, the script that makes the function, the one that names the pixel, and one that tells the
    loader more and reports nothing.
    """
    found: dict[tuple[str, str], list[html.Element]] = {}
    for code in codes:
        dialect = platforms.dialect_named(code.report.dialect)
        if dialect.loader_behind and code.script:
            yield replace(code, bases=tuple(_behind(dialect, code, elements)))
            continue
        if not dialect.is_in_parts or code.script is None:
            yield code
            continue
        key = (dialect.name, dialect.named_by(code.pixel_id))
        if key not in found:
            found[key] = sorted(_bases(dialect, key[1], elements, scripts), key=lambda one: one.start)
        yield replace(code, bases=tuple(_in_front(found[key], code)))


def _behind(dialect: Dialect, code: Code, elements: Sequence[html.Element]) -> Iterator[html.Element]:
    """The one loader behind a code's script, where that does not load it itself and no other stands there."""
    loaders = [one for one in elements if one.name == "script" and one.is_closed and _loads(dialect, one)]
    is_only = code.script is not None and len(loaders) == 1 and loaders[0].start >= code.script.end
    yield from loaders if is_only else ()


def _loads(dialect: Dialect, element: html.Element) -> bool:
    url = element.attributes.get("src")
    return url is not None and dialect.loads(decode(url.value).decode("utf-8", "replace").strip())


def _bases(dialect: Dialect, named: str, elements: Sequence[html.Element], scripts: Scripts) -> Iterator[html.Element]:
    yield from (element for element in elements if is_loader(dialect, element))
    for element, script in scripts:
        reports = [*dialect.find_reports(script)]
        is_named = any(one.verb == "init" and one.pixel_id and one.pixel_id.text == named for one in reports)
        is_base = is_named or dialect.makes.search(script.masked, script.start, script.end)
        if is_base or (not reports and _tells_on_purpose(dialect, script)):
            yield element


def _tells_on_purpose(dialect: Dialect, script: Script) -> bool:
    """Whether a script has a call that code of the dialect may have beside what it reports."""
    calls = (arguments for name in dialect.functions for _, arguments in script.calls(name.encode()))
    said = ([script.text(one) for one in arguments[:2]] for arguments in calls)
    return any({":".join(texts), *texts[:1]} & dialect.calls.on_purpose.keys() for texts in said)


def _in_front(bases: Sequence[html.Element], code: Code) -> list[html.Element]:
    """Those in front of a code's script; none where its noscript stands among them."""
    script, outers = code.script, [image.outer for image in code.images]
    there = [one for one in bases if script and one.end <= script.start]
    is_apart = any(there and there[0].start < outer.start < (script.start if script else 0) for outer in outers)
    return [] if is_apart else there


def is_loader(dialect: Dialect, element: html.Element) -> bool:
    """Return whether an element only loads a dialect's loader, from the platform's own host, where that has its own.

    A loader that makes the function itself is none that may come later than the call.
    """
    is_script = dialect.is_in_parts and element.name == "script" and element.is_closed
    is_script = is_script and (dialect.base_form is not None or not states.may_wait(element))
    return is_script and _loads(dialect, element)
