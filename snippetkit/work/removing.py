"""A planner: what was injected is taken out of pages again, and what it had replaced comes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from snippetkit.records import dataclass, field
from snippetkit.terms import STDIN
from snippetkit.work.inserting import Combiner
from snippetkit.work.rendering import Rendering

if TYPE_CHECKING:
    from snippetkit.files import Adopted
    from snippetkit.inject import PlanOptions
    from snippetkit.key import Key
    from snippetkit.model import Edit, PageBytes
    from snippetkit.run import Planned

_BACK = "the code that was put in by hand is back where it was"
_LEFT = "{} is left without its base code"
_CHANGED = (
    "the page has changed since its own code was adopted, so put that back by hand; the page as it was is kept in"
)


def plan_removal(
    keys: Collection[Key] = (), pixel_ids: Collection[str] = (), *, force: bool = False, where: str = "from stdin"
) -> Removal:
    """Return the planner that takes code out of pages.

    Args:
        keys: only the code of these.
        pixel_ids: only the code of these pixels.
        force: also take out what was edited by hand, what has adopted code that cannot come back, and base code that
            an event alone needs.
        where: what messages call a page that has no file.
    """
    from snippetkit.inject import PlanOptions

    options = PlanOptions(force=force, combine=Combiner(Rendering("combined")))
    return Removal(frozenset(keys), frozenset(pixel_ids), options, where)


def _look_for_adopted() -> Adopted:
    from snippetkit.files import Adopted

    return Adopted()


@dataclass(frozen=True, slots=True)
class Removal:
    """A planner: what was injected goes."""

    keys: frozenset[Key]
    pixel_ids: frozenset[str]
    options: PlanOptions
    where: str
    _adopted: Adopted = field(default_factory=_look_for_adopted, repr=False, compare=False)

    def plan(self, path: str, page: PageBytes) -> Sequence[Edit] | Planned:
        """Return the edits for a page, and those that put back hand-written code that was adopted."""
        planned = self.take_out(path, page)
        if not planned.edits:
            return ()
        left = self.check(page, planned.edits)
        return planned._replace(notes=(*planned.notes, *left)) if left else planned

    def take_out(self, path: str, page: PageBytes) -> Planned:
        """Return the same, and do not look at what stays."""
        from snippetkit import inject
        from snippetkit.run import Planned

        edits = inject.plan_removal(page, self.keys, self.pixel_ids, self.options.for_file(path))
        return self._with_adopted(path, page, edits) if edits else Planned(())

    def check(self, page: PageBytes, edits: Sequence[Edit]) -> tuple[str, ...]:
        """Return a note for each event alone that stays without its base code.

        Raises:
            PageRefusedError: one does, and that is not forced.
        """
        from snippetkit import inject

        if not self.options.force:
            inject.check_left(page, edits)
            return ()
        return tuple(_LEFT.format(one.key) for one in inject.find_left(page, edits))

    def _with_adopted(self, path: str, page: PageBytes, edits: Sequence[Edit]) -> Planned:
        """The edits, and those that put back what was adopted by the code that goes."""
        from snippetkit.run import Planned

        kept = self._adopted.find(path) if path != STDIN else {}
        data = page.head if edits[-1].end <= len(page.head) else page.whole()
        if not kept and data.find(b"adopted=", edits[0].start, edits[-1].end) < 0:
            return Planned(edits)
        from snippetkit import files

        where = f"for a page {self.where}" if path == STDIN else f"in {files.adopted_folder(path)}"
        return _restored(page.whole(), edits, kept, None if self.options.force else where)


def _restored(data: bytes, edits: Sequence[Edit], kept: Mapping[str, str], where: str | None) -> Planned:
    """What takes code out and puts back what it had adopted; refused where that was not kept, unless forced."""
    from snippetkit import files, inject
    from snippetkit.run import Planned

    pages = {name: files.read_adopted(copy) for name, copy in kept.items()}
    restored = inject.restore(data, edits, pages.get)
    after = inject.apply(data, restored.edits)
    if where is not None:
        inject.check_back(data, restored, pages, where)
    if restored.names:
        return Planned(restored.edits, (_BACK,), forgets=tuple(kept[name] for name in restored.names))
    held = [kept[name] for name, page in pages.items() if inject.may_hold(page, inject.pixels_gone(data, after))]
    return Planned(edits, tuple(f"{_CHANGED} {copy}" for copy in held))
