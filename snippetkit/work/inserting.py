"""What code goes onto pages, where, and with which options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.records import dataclass, field, replace
from snippetkit.terms import Part, Placement
from snippetkit.work.rendering import Rendering, Tell, unheard

if TYPE_CHECKING:
    from snippetkit.inject import Insertion, PlanOptions
    from snippetkit.model import Snippet
    from snippetkit.work.worth import Value

_PLAIN = (None, "snippet", "combined", "nonce")  # the templates whose code can be combined with other code
_MOST_COMBINED = 1000


class Placing(NamedTuple):
    """Where code goes, and which pages are taken.

    `adopt` is `whole` where marked code may take the place of unmarked code of the same pixel, `replace` where it may
    also of code that does more. `languages` are those of the server that the code itself is written in.
    """

    placement: Placement = Placement.HEAD_BOTTOM
    whole_in_head: bool = False
    nonce: str | None = None
    adopt: str | None = None
    fragments: bool = False
    server_code: bool = False
    languages: frozenset[str] = frozenset()

    def why_not(self) -> str:
        """Return why these do not go together, empty where they do.

        A server has to find what it reads as it was given, and the next run has to find what is there.
        """
        if self.whole_in_head and self.placement.startswith("body"):
            return "--whole-in-head cannot be used with --placement body-*."
        from snippetkit.server_code import find_spans, is_whole

        nonce = self.nonce or ""
        code = nonce.encode("utf-8", "replace")
        if next(find_spans(code), None) and not (self.server_code and is_whole(code) and '"' not in nonce):
            return (
                "A --nonce that a server writes is one piece of its code, without double quotes, and needs "
                "--server-code."
            )
        return ""

    def rendering(self, rendering: Rendering) -> Rendering:
        """Return the rendering with the nonce, which the template `nonce` has where none is named."""
        if self.nonce is None:
            return rendering
        variables = {**rendering.variables, "nonce": self.nonce}
        return replace(rendering, name=rendering.name or "nonce", variables=variables)

    def options(self, rendering: Rendering, *, force: bool) -> PlanOptions:
        """Return the same as the options of a plan."""
        from snippetkit.inject import PlanOptions
        from snippetkit.server_code import language

        noscript = self.placement if self.whole_in_head else Placement.BODY_TOP
        combine = Combiner(replace(rendering, name="combined")) if rendering.name in _PLAIN else None
        return PlanOptions(
            {Part.SCRIPT: self.placement, Part.NOSCRIPT: noscript},
            self.adopt is not None,
            force,
            self.server_code,
            self.fragments,
            combine,
            Combiner(rendering),
            replaces=self.adopt == "replace",
            said=language(*self.languages) if len(self.languages) == 1 else None,
        )


def make_insertion(
    snippets: Sequence[Snippet], rendering: Rendering, *, asked: Value | None = None, tell: Tell = unheard
) -> Insertion:
    """Return what is put onto a page for snippets of one dialect, as the template renders it.

    Args:
        snippets: at least one.
        rendering: how they are written.
        asked: the value that was asked for; where there is none, the one on the page stays.
        tell: is told what the template leaves out.

    Raises:
        SettingError, SnippetError: as `Rendering.render` does.
    """
    from snippetkit import inject, platforms

    dialect = platforms.dialect_named(snippets[0].dialect)
    made = inject.Insertion.from_blocks(
        rendering.render(snippets, tell), snippets, dialect.needles, dialect.coexistence
    )
    if asked is None or asked.currency:
        return made
    return replace(made, keeping=made.pixel_ids) if asked.is_left else replace(made, assuming=made.pixel_ids)


@dataclass
class Combiner:
    """Makes one insertion of snippets; the same ones are rendered once."""

    rendering: Rendering
    _made: dict[tuple[str, ...], Insertion] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, snippets: Sequence[Snippet]) -> Insertion:
        key = tuple(f"{snippet.key} {snippet.value} {snippet.currency}" for snippet in snippets)
        if key not in self._made:
            if len(self._made) == _MOST_COMBINED:
                self._made.clear()
            self._made[key] = make_insertion(snippets, self.rendering)
        return self._made[key]
