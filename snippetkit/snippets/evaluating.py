"""What stands in a string that a script runs or writes, as a part of the text that the script stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from snippetkit.javascript import Fate, Occasion, Occasions
from snippetkit.records import dataclass, replace
from snippetkit.snippets import states
from snippetkit.snippets.codes import Code
from snippetkit.snippets.document import Document
from snippetkit.snippets.given import Base, Others
from snippetkit.snippets.states import State

_OWN = ""
"""What stands for the text around where the paths of other files are told."""
_NOT_RUN = "a script that is put onto a page as markup does not run there"


@dataclass(frozen=True, slots=True)
class Around:
    """What a string is in: the script's text, when its parts run, and why it is held back, None where it is not."""

    document: Document
    start: int
    occasions: Occasions
    state: State | None = None

    def others(self, at: int) -> Others:
        """Return what a string that begins at this byte offset gets: the pixels that are named in front of it."""
        others = self.document.others.anyhow or Base()
        names = (code for code in self.document.named if code.report.start <= at or code.report.waits)
        own = (code if code.base_from else replace(code, base_from=(_OWN,)) for code in names)
        return Others(replace(others, names=tuple(own)))

    def run(self, inner: Document, at: int, fate: Fate | None) -> Document:
        """Return what is in a string as it runs.

        Args:
            inner: the string, taken apart with what it got of `others`.
            at: the byte offset of what runs it.
            fate: what becomes of it.
        """
        one = self.occasions.at(at - self.start)
        parts = (inner.codes, inner.handlers, inner.bases)
        codes, handlers, bases = (tuple(self._run(_own(part), one, fate)) for part in parts)
        named = tuple(code for code in inner.named if _OWN not in code.base_from)
        return replace(inner, codes=codes, handlers=handlers, bases=bases, named=named, is_run=fate is not None)

    def _run(self, codes: Iterable[Code], one: Occasion, fate: Fate | None) -> Iterator[Code]:
        for code in codes:
            report = code.report
            action, function = report.action or one.action, report.function or one.function
            state = code.state or (replace(self.state, start=0) if self.state else None)
            if one.never is not None:
                state = state or states.dead(report.start, "the script is left before this is reached")
            if fate is Fate.SHOWN and code.script and code.script.name == "script":
                state = states.dead(report.start, _NOT_RUN)
            yield replace(code, report=replace(report, action=action, function=function), state=state)


def _own(codes: Iterable[Code]) -> Iterator[Code]:
    """The codes that are in the string itself, without the text around it among what they are based on."""
    for code in codes:
        is_around = _OWN in code.base_from
        if not (is_around and code.report.verb == "init"):
            yield replace(code, base_from=tuple(filter(None, code.base_from))) if is_around else code
