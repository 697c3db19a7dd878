"""How snippets are written: as they are, or through a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from snippetkit.errors import SettingError
from snippetkit.records import dataclass, field
from snippetkit.terms import Part

if TYPE_CHECKING:
    from snippetkit.model import Snippet
    from snippetkit.templating import Template

Tell = Callable[[str], None]
"""Is told what a person should know, a sentence at a time."""


def unheard(note: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """The template's name or file, the person's own folder of templates, and the variables.

    `is_lazy` says that the images of a noscript are to have `loading="lazy"`.
    """

    name: str | None = None
    folder: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    is_lazy: bool = False

    def render(self, snippets: Sequence[Snippet], tell: Tell = unheard) -> dict[str, str]:
        """Return the blocks of the template, `snippet` where none is named.

        Args:
            snippets: at least one.
            tell: is told what the template leaves out, so that less is reported.

        Raises:
            SettingError, SnippetError: as `templating.render_blocks` does; or no image is there to be lazy.
        """
        blocks = self._blocks(snippets, tell)
        if self.is_lazy:
            blocks[Part.NOSCRIPT] = lazy_text(blocks.get(Part.NOSCRIPT, ""), snippets[0])
        return blocks

    def check(self) -> None:
        """Make sure that the template is there, if one is named.

        Raises:
            SettingError: it is not, or it cannot be read.
        """
        if self.name is not None:
            from snippetkit import templating

            templating.check_there(self._template())

    def texts(self) -> dict[str, bytes]:
        """Return the person's own templates, by file: code that is made in the course of a run depends on them."""
        if self.name is None and self.folder is None:
            return {}
        from snippetkit import templating

        return templating.own_texts(self._template())

    def _template(self) -> Template:
        from pathlib import Path

        from snippetkit import templating

        return templating.Template(self.name or "snippet", Path(self.folder) if self.folder else None)

    def _blocks(self, snippets: Sequence[Snippet], tell: Tell) -> dict[str, str]:
        if self.name is None and self.folder is None and len(snippets) == 1:
            return _as_it_is(snippets[0])
        from snippetkit import templating

        template = self._template()
        blocks = templating.render_blocks(template, snippets, self.variables)
        if lacks := _what_lacks(blocks.get(Part.NOSCRIPT), snippets):
            tell(f"the template {template.name} {lacks}: nothing is reported without JavaScript")
        return blocks


def _what_lacks(noscript: str | None, snippets: Sequence[Snippet]) -> str:
    """What a template leaves out, so that nothing fires without JavaScript."""
    from snippetkit.snippets import has_noscript_image

    if not any(snippet.noscript for snippet in snippets):
        return ""
    if noscript is None:
        return "leaves the noscript out"
    return "" if has_noscript_image(noscript) else "has no image in its noscript"


def lazy_text(text: str, snippet: Snippet) -> str:
    """Return markup with `loading="lazy"` on the images of its noscripts.

    Args:
        text: what is to be written.
        snippet: what it was made of.

    Raises:
        SettingError: it has no such image.
    """
    from snippetkit.snippets import has_noscript_image, with_lazy_images

    if not has_noscript_image(text):
        raise SettingError(f"--lazy-noscript: what is written for {snippet.key} has no image in a noscript")
    return with_lazy_images(text)


def _as_it_is(snippet: Snippet) -> dict[str, str]:
    """What the template `snippet` makes, without the time that loading Jinja takes."""
    noscript = {"noscript": f"<noscript>{snippet.noscript}</noscript>"} if snippet.noscript else {}
    return {"script": snippet.script, **noscript}
