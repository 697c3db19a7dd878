"""What the files of one run do with each other's code: which functions they call, and which modules they import.

Most of them hold no conversion code, `<script>sendConversion()</script>`, so they are looked at only once a function
waits for a call that nothing in its own file makes, or a page lacks base code and loads modules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from snippetkit import html, server_code
from snippetkit.javascript import AT_ONCE, Occasion, Occasions, Script
from snippetkit.records import dataclass
from snippetkit.snippets.callers import Callers
from snippetkit.snippets.document import Document
from snippetkit.snippets.given import imported
from snippetkit.snippets.run_bases import loads_of
from snippetkit.terms import COMPONENTS, SCRIPTS, TYPED_SCRIPTS


@dataclass(frozen=True, slots=True)
class FileCalls:
    """When a file calls each of some functions; the modules that a script imports; the files that a page loads.

    `loads` is None for what is no whole page, as `FileParts` has it.
    """

    calls: Mapping[str, Occasion]
    imports: tuple[str, ...] = ()
    loads: Mapping[str, str] | None = None


def find_calls(path: str, data: bytes, names: Sequence[str], of_pages: Sequence[str] = ()) -> FileCalls | None:
    """Return what a file does with functions by these names, and what it imports; None where that is nothing.

    Args:
        path: the file's, whose suffix tells a script.
        data: what it holds.
        names: those of the functions of scripts and of parts of pages.
        of_pages: those of the functions of whole pages, which no other page calls.
    """
    kind = path.rpartition(".")[2].lower()
    is_script = kind in SCRIPTS | TYPED_SCRIPTS
    names = names if not is_script and html.may_be_whole_page(data) else [*names, *of_pages]
    named = [name for name in names if re.search(rb"(?<![\w$])%b(?![\w$])" % re.escape(name.encode()), data)]
    imports = tuple(imported(data)) if is_script else ()
    if not (named or imports):
        return None
    if is_script:
        occasions = Occasions(Script(data, data, 0, len(data))) if named else None
        return FileCalls(
            {name: one for name in named if occasions and (one := _known(occasions.of_name(name)))}, imports
        )
    masked = server_code.mask_page(data, server_code.language_of(path))
    elements = tuple(html.find_elements(masked))
    callers = Callers(masked, elements)
    calls = {name: one for name in named if (one := _known(callers.anywhere(name)))}
    is_whole = kind not in COMPONENTS and html.is_whole_page(masked)
    return FileCalls(calls, (), loads_of([Document(data, masked, elements, (), ())]) if is_whole else None)


def _known(one: Occasion | None) -> Occasion | None:
    """When a function is called, None where that waits for another call."""
    return one if one is not None and (one == AT_ONCE or one.action) else None
