"""The base code in the files of one run: which file's events it is of.

A part of a page, a template and a script may come together with any other file of the run. A whole page is complete by
itself, but for what its server includes, and for the script files that it loads: by the rules of HTML for URLs, from
the page's own folder, or from the folder that was named, as `verify` serves it. Of what is included, the files of those
names count; where none of them is in the run, any may be it, as of a part.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from snippetkit import html
from snippetkit.javascript import AT_ONCE, Occasion, Setting
from snippetkit.platforms import Report
from snippetkit.records import dataclass, replace
from snippetkit.references import decode
from snippetkit.snippets.codes import Code, Of
from snippetkit.snippets.document import Document
from snippetkit.snippets.elsewhere import lacks_base, lacks_name
from snippetkit.snippets.given import MOST_PATHS, Base, Others, urls_of
from snippetkit.snippets.including import find_file, find_included

if TYPE_CHECKING:
    from snippetkit.snippets.run_calls import FileCalls

_MOST_FILES = 100  # that a page reaches by one URL
_DEFAULT = "default"
"""What a function without a name is called that a module exports."""


@dataclass(frozen=True, slots=True)
class FileParts:
    """What a file has of base code, and what its events lack.

    `names` are codes that name a pixel, without the file's text; `makes` are the dialects whose function is made.
    `lacks_names` are the events whose pixels nothing in the file names, `lacks_makers` the dialects of those that tell
    their pixels. `loads` are the URLs of the scripts that a whole page loads, as written, and as they count from
    its own; None for any other file, and for one that lacks nothing. `includes` are the names of the files that
    its server puts into it, one of them empty where a name is computed. `waits_for` are the functions by whose calls
    its events are made, and which nothing in it calls; with these, `loads` is told too.
    """

    names: tuple[Code, ...] = ()
    makes: frozenset[str] = frozenset()
    lacks_names: frozenset[Of] = frozenset()
    lacks_makers: frozenset[str] = frozenset()
    loads: Mapping[str, str] | None = None
    includes: frozenset[str] = frozenset()
    waits_for: frozenset[str] = frozenset()

    @property
    def may_get(self) -> bool:
        """Whether another file may have what this one lacks."""
        return bool(self.waits_for) or self.lacks_base

    @property
    def lacks_base(self) -> bool:
        """Whether another file may have base code that this one lacks."""
        return bool(self.lacks_names or self.lacks_makers) and (self.loads != {} or bool(self.includes))


def find_parts(documents: Sequence[Document]) -> FileParts:
    """Return what a file has of base code and lacks, given the texts in it; a frame's page is none of its parts."""
    mine = [document for document in documents if not _is_in_frame(document)]
    names = tuple(code for document in mine for code in _names(document))
    makes = frozenset(name for document in mine for name in document.makes)
    codes = [(document, code) for document in mine for code in (*document.codes, *document.handlers)]
    of_nobody = {code.of for _, code in codes if lacks_name(code)} - {
        code.of for code in names if not code.report.waits
    }
    alone = {code.report.dialect for document, code in codes if lacks_base(document, code)} - makes
    lacks = frozenset(of_nobody), frozenset(alone)
    waits_for = frozenset(code.report.function for _, code in codes if code.report.function and not code.report.action)
    if not (any(lacks) or waits_for):
        return FileParts(names, makes)
    pages = [one for one in mine if not (one.program or one.outer) and html.is_whole_page(one.masked)]
    included = frozenset(name for page in pages for name in find_included(page.data))
    return FileParts(names, makes, *lacks, loads_of(pages), included, waits_for - {_DEFAULT})


def _is_in_frame(document: Document) -> bool:
    return document.is_frame or (document.outer is not None and _is_in_frame(document.outer))


def _names(document: Document) -> Iterator[Code]:
    """What names a pixel, no more of it than that."""
    for code in document.named:
        report, told = code.report, Setting(code.pixel_id, 0, 0, is_dynamic=code.has_dynamic_id)
        is_dead = code.state is not None and not code.state.holder
        if not (is_dead or report.is_outer or code.base_from):
            channel, unit_unknown = report.channel, report.unit_unknown
            slim = Report(report.dialect, 0, told, verb="init", channel=channel, unit_unknown=unit_unknown)
            slim = replace(slim, action=report.action, function=report.function)
            state = code.state and replace(code.state, start=0)
            yield Code(slim, code.pixel_id, has_dynamic_id=code.has_dynamic_id, state=state)


def loads_of(pages: Sequence[Document]) -> Mapping[str, str] | None:
    """Return the URLs of the script files that whole pages load or import, as `FileParts` has them."""
    loaded = ((page, url) for page in pages for element in page.elements for url in urls_of(element, page.masked))
    from_base = ((url, _from_base(page, url)) for page, url in loaded if url)
    return {url: told for url, told in from_base if told} if pages else None


def _from_base(page: Document, url: str) -> str:
    """A URL as it counts from the page's own, by the element `base`; empty where that leads away from the files."""
    href = html.base_of(page.masked)
    told = decode(href.value).decode("utf-8", "replace").strip() if href else ""
    try:
        base, parts = urlsplit(told), urlsplit(url)
    except ValueError:
        return ""
    if base.scheme or base.netloc or (href and page.data[href.start :][: len(href.value)] != href.value):
        return ""
    is_whole = parts.scheme or parts.netloc or parts.path.startswith("/")
    return url if is_whole else "".join(base.path.rpartition("/")[:2]) + url


class RunBases:
    """The base code of the files of a run, by what it is of: no more than ids, dialects and paths."""

    def __init__(self, roots: Iterable[str] = ()) -> None:
        """Begin a run.

        Args:
            roots: the folders that were named, from which a URL that begins with a slash counts; of a file it counts
                from the folder that it is in.
        """
        self._roots = [*map(Path, roots)]
        self._names: dict[Of, dict[str, list[Code]]] = {}
        self._makers: dict[str, set[str]] = {}
        self._files: dict[str, tuple[str, FileParts]] = {}
        self._told: dict[Of, Base] = {}
        self._functions: tuple[set[str], set[str]] = set(), set()
        self._calls: dict[str, FileCalls] = {}
        self._are_modules_asked = False

    def add(self, path: str, parts: FileParts) -> None:
        """Take note of what a file has."""
        for code in parts.names:
            self._names.setdefault(code.of, {}).setdefault(path, []).append(code)
        for dialect in parts.makes:
            self._makers.setdefault(dialect, set()).add(path)
        self._functions[parts.loads is not None].update(parts.waits_for)
        self._are_modules_asked |= parts.lacks_base and bool(parts.loads)
        if parts.names or parts.makes:
            kept = FileParts(parts.names, parts.makes)
            self._files[os.path.normpath(path)] = (path, kept)

    @property
    def asks(self) -> bool:
        """Whether it matters what the files call and import."""
        return any(self._functions) or self._are_modules_asked

    def add_calls(self, path: str, data: bytes) -> None:
        """Take note of what a file calls and imports, once all have been added."""
        from snippetkit.snippets.run_calls import find_calls

        if found := find_calls(path, data, *map(sorted, self._functions)):
            self._calls[os.path.normpath(path)] = found

    def others_of(self, path: str, parts: FileParts) -> Others | None:
        """Return what a file gets of the others once all have been added, None where that is nothing."""
        based = self._based(path, parts) if parts.lacks_base else None
        calls = {name: one for name in sorted(parts.waits_for) if (one := self._called(path, parts, name))}
        return replace(based or Others(), calls=calls) if calls else based

    def _called(self, path: str, parts: FileParts, name: str) -> Occasion | None:
        """When another file calls a function that a file has."""
        own = os.path.normpath(path)
        named = [(other, one) for other, one in self._calls.items() if other != own and name in one.calls]
        found = [one.calls[name] for other, one in named if self._comes_with(own, parts, other, one)]
        return AT_ONCE if AT_ONCE in found else next(iter(found), None)

    def _comes_with(self, own: str, parts: FileParts, other: str, calls: FileCalls) -> bool:
        """Whether a file comes together with one that calls its function: one of them may be a whole page."""
        if calls.loads is not None:
            return parts.loads is None and self._loads(other, calls.loads, own)
        return parts.loads is None or bool(parts.includes) or self._loads(own, parts.loads, other)

    def _loads(self, page: str, urls: Mapping[str, str], script: str) -> bool:
        return any(script in self._reached(page, url) for url in urls.values())

    def _reached(self, page: str, url: str) -> list[str]:
        """The files that a URL leads to: a script, and what that imports."""
        reached = list[str]()
        pending = [(page, url)]
        while pending and len(reached) < _MOST_FILES:
            path = self._path_of(*pending.pop())
            if path and path not in reached:
                reached.append(path)
                pending += [(path, one) for one in (self._calls[path].imports if path in self._calls else ())]
        return reached

    def _based(self, path: str, parts: FileParts) -> Others | None:
        """What a file gets of the others' base code."""
        if parts.loads is not None:
            found = {
                url: [self._files[file] for file in self._reached(path, told) if file in self._files]
                for url, told in parts.loads.items()
            }
            by_url = {url: _merged([_base_of(*file) for file in files]) for url, files in found.items() if files}
            if len(found) > 1 or any(len(files) > 1 for files in found.values()):
                # one script file may call what another one makes
                by_url = {url: replace(base, names=_called(base.names)) for url, base in by_url.items()}
            included = self._included(path, parts)
            if included or not parts.includes:
                return Others(included, by_url) if included or by_url else None
        told = [self._of(one) for one in sorted(parts.lacks_names) if self._names.get(one, {}).keys() - {path}]
        lacking = sorted(parts.lacks_makers & self._makers.keys())
        makers = {dialect: tuple(sorted(self._makers[dialect])[:MOST_PATHS]) for dialect in lacking}
        if not (told or makers):
            return None
        names = _called(code for base in told for code in base.names)
        return Others(Base(names, makers, {of: paths for base in told for of, paths in base.candidates.items()}))

    def _of(self, of: Of) -> Base:
        """The pixels that events of a kind get: of the only file that names some, or of all, where they agree."""
        if of not in self._told:
            self._told[of] = _agreed(of, self._names[of])
        return self._told[of]

    def _included(self, page: str, parts: FileParts) -> Base | None:
        """The base code of the files that a page includes by their names; None where none of those has any."""
        found = {find_file(page, name, self._files) for name in sorted(parts.includes)}
        bases = [_base_of(*self._files[path]) for path in sorted(filter(None, found))]
        return _merged(bases) if bases else None

    def _path_of(self, page: str, url: str) -> str:
        """The file that a page's URL leads to, empty where it leads away from the files."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        if parts.scheme or parts.netloc or not parts.path:
            return ""
        folder = Path(page).parent
        if parts.path.startswith("/"):
            inside = [root for root in self._roots if Path(page).is_relative_to(root)]
            folders = (folder if root == Path(page) else root for root in inside)
            folder = max(folders, key=lambda root: len(root.parts), default=folder)
        return os.path.normpath(folder / unquote(parts.path).lstrip("/"))


def _base_of(path: str, parts: FileParts) -> Base:
    names = tuple(replace(code, base_from=(path,)) for code in parts.names)
    return Base(names, dict.fromkeys(parts.makes, (path,)))


def _merged(bases: Sequence[Base]) -> Base:
    makers = {dialect: paths for base in bases for dialect, paths in base.makers.items()}
    return Base(tuple(name for base in bases for name in base.names), makers)


def _called(names: Iterable[Code]) -> tuple[Code, ...]:
    """The codes that name pixels, as if what is in a function runs: what calls it may be in any file."""
    reports = ((one, one.report if one.report.action else replace(one.report, function="")) for one in names)
    return tuple(replace(one, report=report) for one, report in reports)


def _agreed(of: Of, by_path: Mapping[str, Sequence[Code]]) -> Base:
    paths = tuple(sorted(by_path)[:MOST_PATHS])
    said = {frozenset((one.pixel_id, one.state) for one in codes) for codes in by_path.values()}
    first = by_path[paths[0]]
    if len(by_path) > 1 and (len(said) > 1 or any(code.has_dynamic_id for code in first)):
        return Base(candidates={of: paths})
    return Base(tuple(replace(code, base_from=paths) for code in first))
