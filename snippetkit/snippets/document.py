"""A text taken apart: its elements, what its scripts and images report, and which of them belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate

from snippetkit import html, platforms, server_code
from snippetkit.javascript import Script
from snippetkit.patterns import later
from snippetkit.platforms import Dialect, Mentions
from snippetkit.records import dataclass, field, replace
from snippetkit.references import decode
from snippetkit.snippets import mending, states
from snippetkit.snippets.braced import with_quotes
from snippetkit.snippets.bringing import with_bases
from snippetkit.snippets.callers import Callers
from snippetkit.snippets.codes import (
    ASKING,
    Code,
    Named,
    find_bases,
    find_codes,
    find_images,
    find_of_handlers,
)
from snippetkit.snippets.given import NOTHING, Given, Others, names_of
from snippetkit.snippets.pairing import of_images, pair
from snippetkit.snippets.states import State
from snippetkit.snippets.typed import javascript_of
from snippetkit.snippets.unserved import without_server_code

_BLOCK = 1024
_MOST_SCRIPTS, _LONGEST_KEPT = 64, 16 * 1024
_CONTINUED = bytes(range(0x80, 0xC0))
_TEMPLATE = later(rb"(</?)template(?=[\t\n\f\r />])", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A text in bytes, and `masked`, which has identifiers in the place of server code.

    `handlers` are what elements report when something happens to them; the `script` of such code is the element's tag,
    whose inner text is the attribute's. `bases` only name a pixel, and none of the `codes` reports for it; `named` are
    all that name one.
    `program` is the script that the text is where it is no markup. A text may stand in a string of an `outer` one,
    or in the `srcdoc` of its frame (`is_frame`), where `place` says the offset of each of its bytes; `is_run` says that
    a script runs or writes that string. `states` says by
    the offset of a script why it does not run as it stands. Scripts that are broken are mended. `given` is the base
    code of `others`, the other files of the same run, in the order in which the text gets it. `callers` are what calls
    the functions of its scripts from other places. `is_part` says that the file's name is that of a component, or of a
    template, which a program makes a page of.
    """

    data: bytes
    masked: bytes
    elements: tuple[html.Element, ...]
    scripts: tuple[tuple[html.Element, Script], ...]
    codes: tuple[Code, ...]
    handlers: tuple[Code, ...] = ()
    bases: tuple[Code, ...] = ()
    named: tuple[Code, ...] = ()
    program: Script | None = None
    outer: Document | None = None
    place: Callable[[int], int] = int
    is_frame: bool = False
    is_run: bool = False
    states: Mapping[int, State] = field(default_factory=dict)
    others: Others = NOTHING
    given: tuple[Given, ...] = ()
    callers: Callers | None = None
    is_part: bool = False

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column, in characters, of a byte offset, each counted from 1."""
        if self.outer:
            return self.outer.position(self.place(offset))
        line = bisect_right(self._lines, offset)
        start = self._lines[line - 1]
        return line, self._characters(offset) - self._characters(start) + 1

    def place_in_file(self, offset: int) -> int:
        """Return where a byte of this text is in the outermost one."""
        return self.outer.place_in_file(self.place(offset)) if self.outer else offset

    def script_at(self, start: int) -> Script | None:
        """Return the script whose element begins at this byte offset."""
        return self._scripts.get(start)

    @cached_property
    def makes(self) -> frozenset[str]:
        """The dialects whose events need base code, and have it here, wherever it stands, and whether it runs."""
        made = {name for one in self._all_scripts for name in _made(one.data[one.start : one.end])}
        urls = [url.casefold() for _, url in self._sources]

        def may_be(one: platforms.Outline) -> bool:
            is_loaded = not one.has_functions and any(host in url for url in urls for host in one.hosts)
            return one.needs_base and (is_loaded or one.name in made)

        dialects = platforms.choose(may_be)
        return frozenset(dialect.name for dialect in dialects if any(True for _ in self.find_bases(dialect)))

    @property
    def _all_scripts(self) -> list[Script]:
        return [self.program] if self.program else [script for _, script in self.scripts]

    def find_bases(self, dialect: platforms.Dialect) -> Iterator[int]:
        """Yield the byte offsets where base code of a dialect makes its function, or an element loads its loader."""
        made = ((one, _made(one.data[one.start : one.end]).get(dialect.name)) for one in self._all_scripts)
        yield from (one.start + at for one, at in made if at is not None)
        if not dialect.functions:  # nothing is made but the queue, so an element may load what works that off
            yield from (start for start, url in self._sources if dialect.loads(url))

    @cached_property
    def _sources(self) -> list[tuple[int, str]]:
        """The URLs of the scripts that are files, with where those elements begin."""
        urls = ((one.start, one.attributes.get("src")) for one in self.elements if one.name == "script")
        return [(start, decode(url.value).decode("utf-8", "replace")) for start, url in urls if url]

    @cached_property
    def named_here(self) -> frozenset[tuple[str, str]]:
        """The pixels that the text itself names, each with its dialect."""
        return frozenset((one.report.dialect, one.pixel_id) for one in self.named if not one.base_from)

    @cached_property
    def _scripts(self) -> dict[int, Script]:
        return {element.start: script for element, script in self.scripts}

    @cached_property
    def mentions(self) -> Mentions:
        """Where the dialects are named in it."""
        return Mentions(self.masked)

    @cached_property
    def branches(self) -> server_code.Branches:
        """Says in which branches of its server code something stands."""
        return server_code.Branches(self.data)

    @property
    def is_told_by_scripts(self) -> bool:
        """Whether nobody has asked yet for what other text could tell: branches, and what calls functions."""
        return "branches" not in self.__dict__ and not (self.callers and self.callers.are_asked)

    @cached_property
    def dialects(self) -> tuple[Dialect, ...]:
        """Those that it may have code of, in their order: a script holds a global of theirs, or it has their code."""
        names = {dialect.name for _, script in self.scripts for dialect in platforms.dialects_in(script)}
        names |= {code.report.dialect for code in (*self.codes, *self.handlers, *self.bases)}
        return tuple(map(platforms.dialect_named, sorted(names)))

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins; CR LF ends one."""
        lines = (self.data + b".").splitlines(keepends=True)[:-1]
        return [0, *accumulate(map(len, lines))]

    @cached_property
    def _is_ascii(self) -> bool:
        return self.data.isascii()

    @cached_property
    def _counts(self) -> list[int]:
        """How many characters there are in front of each block of bytes."""
        blocks = (self.data[start : start + _BLOCK] for start in range(0, len(self.data), _BLOCK))
        return [0, *accumulate(len(block.translate(None, _CONTINUED)) for block in blocks)]

    def _characters(self, offset: int) -> int:
        if self._is_ascii:
            return offset
        block = offset // _BLOCK
        return self._counts[block] + len(self.data[block * _BLOCK : offset].translate(None, _CONTINUED))


def _made(script: bytes) -> Mapping[str, int]:
    return _made_in(script) if len(script) <= _LONGEST_KEPT else _made_in.__wrapped__(script)


@lru_cache(maxsize=_MOST_SCRIPTS)
def _made_in(script: bytes) -> Mapping[str, int]:
    """The dialects whose function a script makes, and where; all pages of a site have the same scripts."""
    named = platforms.choose(lambda one: any(name.encode() in script for name in (*one.globals, *one.found_by)))
    found = {dialect.name: dialect.makes.search(script) for dialect in named}
    return {name: match.start() for name, match in found.items() if match}


def plain(text: str) -> Document:
    """Return a text in which no code was looked for."""
    data = text.encode("utf-8", "surrogatepass")
    return Document(data, data, (), (), ())


def parse(
    text: str,
    *,
    language: server_code.Language | None = None,
    is_component: bool = False,
    others: Others = NOTHING,
    is_searched: bool = False,
) -> Document:
    """Take a text apart: a page, a part of one, or code that somebody sent.

    Code inside a comment of HTML or of a template, a template element or a JavaScript string is not read;
    `language` is that of the text's file, by which a template's comments are known. In a component, of Vue for example,
    a template is what the component shows. `others` is the base code of other files. A text that `is_searched` may hold
    code.

    Raises:
        SlowReadingError: so much of a long script is broken that it would take minutes.
    """
    document = plain(text)
    data = document.data
    if not (is_searched or platforms.needles().are_in(data)):
        return document
    masked = server_code.mask_page(data, language)
    masked = with_quotes(_TEMPLATE.sub(rb"\1vue-part", masked)) if is_component else masked
    elements, mentions = tuple(html.find_elements(masked)), platforms.Mentions(masked)
    ours = [one for one in elements if _is_script(one) and mentions.are_in(one.inner_start, one.inner_end)]
    within = [(script.inner_start, script.inner_end) for script in ours]
    masked = server_code.mask_values(javascript_of(masked, ours), within, [*_image_urls(elements, mentions)])
    scripts, of_scripts = _scripts(data, masked, ours, is_component=is_component)
    callers = Callers(masked, elements, others.calls)
    document = Document(
        data,
        masked,
        elements,
        scripts,
        (),
        states=of_scripts,
        others=others,
        given=tuple(others.given(elements, masked)),
        callers=callers,
        is_part=is_component or language is not None,
    )
    return _with_codes(document, mentions, callers)


def _with_codes(document: Document, mentions: Mentions, callers: Callers) -> Document:
    """The same text, with the code that stands in it."""
    masked, elements, scripts = document.masked, document.elements, document.scripts
    named: Named = {}
    told = [(at, replace(code, report=callers.as_called(code.report))) for at, code in names_of(document.given)]
    codes = [*find_codes(masked, scripts, document.states, named, told, callers.of)]
    bases = tuple(with_bases([*find_bases(codes, named)], elements, scripts))
    images = [*find_images(document.data, masked, elements)]
    pair(masked, codes, images)
    codes += of_images(images)
    codes = sorted(with_bases(codes, elements, scripts), key=_start)
    handlers = tuple(find_of_handlers(document.data, masked, elements, mentions, named))
    return replace(document, codes=tuple(codes), handlers=handlers, bases=bases, named=tuple(named.values()))


def _start(code: Code) -> int:
    return code.script.start if code.script else code.images[0].outer.start


def _image_urls(elements: Sequence[html.Element], mentions: Mentions) -> Iterator[tuple[int, int]]:
    urls = (element.attributes.get("src") for element in elements if element.name in ASKING)
    spans = ((url.start, url.start + len(url.value)) for url in urls if url)
    yield from (span for span in spans if mentions.are_in(*span))


def _is_script(element: html.Element) -> bool:
    return element.name == "script" and element.is_closed and element.inside != "noscript"


def _scripts(
    data: bytes, masked: bytes, elements: Sequence[html.Element], *, is_component: bool
) -> tuple[tuple[tuple[html.Element, Script], ...], dict[int, State]]:
    """The scripts, mended, and why some do not run; what no browser runs is read only where it is JavaScript."""
    read = [(element, _script(data, masked, element)) for element in elements]
    mended, signs = mending.mend(masked, [script for _, script in read])
    mended = without_server_code(mended, [script for _, script in read if script.start not in signs])
    placed: list[tuple[html.Element, Script]] = []
    of_scripts: dict[int, State] = {}
    for element, script in read:
        sign = signs.get(script.start)
        script = replace(script, masked=mended) if sign or script.error is not None else script
        of_tag = states.of_tag(element)
        if of_tag is None or of_tag.holder or script.error is None:
            read_as = masked if sign else script.masked
            is_changed = data[script.start : script.end] != read_as[script.start : script.end]
            is_served = is_changed or "lang" in element.attributes
            state = of_tag
            if of_tag is None or of_tag.holder:
                is_module = is_component or states.is_module(element)
                state = states.of_text(script, sign, is_served=is_served, is_module=is_module) or of_tag
            of_scripts |= {element.start: state} if state else {}
            placed.append((element, script))
    return tuple(placed), of_scripts


def _script(data: bytes, masked: bytes, element: html.Element) -> Script:
    return Script(data, masked, element.inner_start, element.inner_end, reporting=platforms.reporting())
