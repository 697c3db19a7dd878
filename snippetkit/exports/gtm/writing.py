"""Google Tag Manager's tags to a container file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from snippetkit import exports, gtm
from snippetkit.containers import ContainerTag, Export, ExportOptions
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports._json import to_bytes
from snippetkit.exports._names import check_names, listed
from snippetkit.exports._notes import about_firing, without_trigger
from snippetkit.exports._splicing import splice
from snippetkit.exports.gtm import tags as gtm_tags
from snippetkit.exports.gtm.document import document
from snippetkit.exports.gtm.tags import GtmTag
from snippetkit.exports.gtm.triggers import to_gtm
from snippetkit.terms import OnConflict

_DEFAULT = ExportOptions()
_EXISTING = "the container to merge into"


def export(tags: Sequence[ContainerTag], options: ExportOptions = _DEFAULT) -> Export:
    """Return a container file that holds `tags`.

    Raises:
        SnippetError: two tags have one name, a tag cannot hold its code, or the tool would refuse the file.
        SettingError: `existing` is no export of a container, or has an item of a tag's name.
    """
    check_names(tags)
    made_of = {tag.name: gtm_tags.make(tag, options.tags_as) for tag in tags}
    made = _once(made for of_tag in made_of.values() for made in of_tag)
    _check_unique(made)
    container = document(made, options)
    warnings = gtm.check(container)
    content = to_bytes(container, levels=3)
    changes: tuple[str, ...] = ()
    if options.existing is not None:
        content, changes, warnings = _merged(options.existing, container, options.on_conflict)
    native = tuple(name for name, of_tag in made_of.items() if any(one.is_native for one in of_tag))
    notes = (*map(str, warnings), *dict.fromkeys(one.note for one in made if one.note), *_notes(tags, changes))
    return Export(content, changes, notes, native)


def _merged(
    text: str, ours: dict[str, Any], on_conflict: OnConflict
) -> tuple[bytes, tuple[str, ...], list[gtm.Problem]]:
    """A person's file with ours in it, the changes and the warnings; what was wrong before is left to them."""
    existing = gtm.parse(text, _EXISTING)
    gtm.refuse_version(existing, _EXISTING)
    exports.refuse_others("gtm", existing)
    if not isinstance(existing, dict):
        raise SettingError(f"{_EXISTING} is not an object", hint="Admin > Export Container gives one")
    merged, changes = gtm.merge(existing, ours, on_conflict)
    known = {*gtm.find_problems(existing)}
    new = [problem for problem in gtm.find_problems(merged) if problem not in known]
    if first := next((problem for problem in new if problem.level == "error"), None):
        raise SnippetError(f"merged, {first}", hint="import the file without --into")
    return splice(text, existing, merged).encode(), changes, new


def _once(made: Iterable[GtmTag]) -> list[GtmTag]:
    """The tags, of those that several need each only once."""
    every = [*made]
    needed = {tag.needs for tag in every}
    firsts = {tag.name: at for at, tag in reversed([*enumerate(every)])}
    return [tag for at, tag in enumerate(every) if tag.name not in needed or firsts[tag.name] == at]


def _check_unique(made: Sequence[GtmTag]) -> None:
    name, times = Counter(tag.name for tag in made).most_common(1)[0]
    if times > 1:
        raise SnippetError(
            f"two tags have the same name: {name!r}, as an image's tag is named too", hint="rename one of them"
        )


def _notes(tags: Sequence[ContainerTag], changes: Sequence[str]) -> Iterator[str]:
    if any(change.startswith("replaced: ") for change in changes):
        yield "at the import choose Merge and overwrite conflicting tags: renaming would keep what is replaced here"
    yield from about_firing(tags)
    if without := without_trigger(tags):
        yield f"{listed(without)} never fires until you choose a trigger for it"
    for tag in tags:
        if ":" in tag.name:
            yield f"the tag {tag.name!r} is called {to_gtm(tag.name)!r}, since Google Tag Manager allows no colon"
