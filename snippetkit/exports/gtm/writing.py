"""Google Tag Manager's tags to a container file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, TypeVar

from snippetkit import gtm, templating
from snippetkit.containers import ContainerTag, Export, Options
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports._names import check_names, listed
from snippetkit.exports.gtm import tags as gtm_tags
from snippetkit.exports.gtm import triggers
from snippetkit.exports.gtm.names import to_gtm
from snippetkit.exports.gtm.tags import GtmTag
from snippetkit.terms import OnConflict, TagVariant

_DEFAULT = Options()
_Item = TypeVar("_Item")


def export(tags: Sequence[ContainerTag], options: Options = _DEFAULT) -> Export:
    """Return a container file that holds `tags`.

    Raises:
        SnippetError: two tags have one name, a tag's code cannot stand there, or the tool would refuse the file.
        SettingError: `existing` is no export of a container, or has an item of a tag's name.
    """
    check_names(tags)
    made = [made for tag in tags for made in gtm_tags.make(tag)]
    _check_unique(made)
    found = document(made, options)
    changes: tuple[str, ...] = ()
    warnings = gtm.check(found)
    if options.existing is not None:
        found, changes, warnings = _merged(options.existing, found, options.on_conflict)
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    return Export(text.encode(), changes, (*map(str, warnings), *_notes(tags, changes)))


def _merged(
    text: str, ours: dict[str, Any], on_conflict: OnConflict
) -> tuple[dict[str, Any], tuple[str, ...], list[gtm.Problem]]:
    """A person's container with ours in it, the changes and the warnings; what was wrong before is theirs to mend."""
    existing = gtm.parse(text, "the container to merge into")
    if not isinstance(existing, dict):
        raise SettingError("the container to merge into is no object", hint="Admin > Export Container gives one")
    merged, changes = gtm.merge(existing, ours, on_conflict)
    known = {*gtm.find_problems(existing)}
    new = [problem for problem in gtm.find_problems(merged) if problem not in known]
    if first := next((problem for problem in new if problem.level == "error"), None):
        raise SnippetError(f"merged, {first}", hint="import the file without --into")
    return merged, changes, new


def document(made: Sequence[GtmTag], options: Options = _DEFAULT) -> dict[str, Any]:
    """Return the container that holds these tags and what they need: triggers, variables, folders."""
    ids = count(1)
    fired = _unique(trigger for tag in made for trigger in (*tag.firing, *tag.blocking))
    found = _unique(lookup for tag in made for lookup in tag.lookups)
    variables = {trigger.variable for trigger in fired}
    text = templating.render(
        "exports/gtm.json.j2",
        tags=_numbered(made, ids),
        triggers=_numbered((trigger for trigger in fired if trigger != triggers.ALL_PAGES), ids),
        variables=_numbered(_unique(each for lookup in found for each in (lookup.source, lookup)), ids),
        folders=_numbered(_unique(tag.folder for tag in made if tag.folder is not None), ids),
        all_pages=(triggers.ALL_PAGES, triggers.ALL_PAGES_ID),
        built_in=[(name, type_) for name, type_ in triggers.BUILT_IN.items() if name in variables],
        export_time=f"{options.made_at:%Y-%m-%d %H:%M:%S}",
        fingerprint=f"{round(options.made_at.timestamp() * 1000):013d}",
    )
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def _unique(items: Iterable[_Item]) -> list[_Item]:
    return [*dict.fromkeys(items)]


def _numbered(items: Iterable[_Item], ids: Iterator[int]) -> dict[_Item, str]:
    """Each with its id: all kinds of items share one counter."""
    return {item: str(next(ids)) for item in items}


def _check_unique(made: Sequence[GtmTag]) -> None:
    name, times = Counter(tag.name for tag in made).most_common(1)[0]
    if times > 1:
        raise SnippetError(f"two tags of one name: {name!r}, as an image's tag is named too", hint="rename one of them")


def _notes(tags: Sequence[ContainerTag], changes: Sequence[str]) -> Iterator[str]:
    if any(change.startswith("replaced: ") for change in changes):
        yield "at the import choose Merge and overwrite conflicting tags: renaming would keep what is replaced here"
    if both := [tag for tag in tags if tag.variant is TagVariant.BOTH]:
        yield (
            f"{listed(both)}: script and image both fire, so each conversion counts twice where JavaScript runs;"
            " delete one of the two tags if it should count once"
        )
    if without := [tag for tag in tags if not tag.rules and not tag.event]:
        yield f"{listed(without)} never fires until you choose a trigger for it"
    for tag in tags:
        if ":" in tag.name:
            yield f"the tag {tag.name!r} is called {to_gtm(tag.name)!r}, since Google Tag Manager takes no colon"
