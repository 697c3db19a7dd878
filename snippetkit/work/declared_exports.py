"""The export files that a project declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from snippetkit.terms import TagVariant
from snippetkit.work.by_rules import keeps_values
from snippetkit.work.declared_events import make_event_tags
from snippetkit.work.exporting import Destination, Tagging, export, make_tags_by_rules
from snippetkit.work.knowing import digest
from snippetkit.work.making import Made, why_no_image

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from snippetkit.containers import ContainerTag
    from snippetkit.project import ExportSettings, ProjectFile
    from snippetkit.rules import PixelValue, Rules
    from snippetkit.work.declared_rules import DeclaredRules
    from snippetkit.work.fetching import Fetched
    from snippetkit.work.made_before import MadeBefore

_BUNDLE = "bundle"
_OF_SOME = ("into", "formats", "tags_as", "on_conflict")
"""The settings that not every format has."""


class ExportFile(NamedTuple):
    """A file that is to hold an export, and notes for a person."""

    path: str
    content: bytes
    notes: tuple[str, ...]


def make_export(declared: DeclaredRules, number: int, made_at: datetime | None = None) -> ExportFile:
    """Return the file of an export.

    Args:
        declared: the project's rules.
        number: which of its exports, from 0.
        made_at: the time that it gives.

    Raises:
        SnippetkitError: settings do not go together, with their line; or as `Codes.load` and `export` do.
    """
    file, wanted = declared.codes.file, declared.codes.file.project.exports[number]
    _check(file, wanted, number)
    rules = declared.of_export(number)
    if not (rules.rules or wanted.events):
        raise file.error(f"{wanted.file} would hold no tag", "add rules, or leave the export out", "exports", number)
    loaded = declared.codes.load(rules) if rules.rules else {}
    _check_images(declared, rules, loaded, number)
    tags = make_tags_by_rules(rules, loaded, Tagging(variant=wanted.variant, consent=wanted.consent))
    tags += make_event_tags(declared, number)
    with file.naming("exports", number, "into"):
        into = None if wanted.into is None else declared.codes.outside.read_sent(file.path(wanted.into))
    destination = Destination(wanted.format, into, wanted.on_conflict, wanted.formats, made_at, wanted.tags_as)
    made = _make(tags, destination, file.path(wanted.file), declared.codes.outside.made_before)
    return made._replace(notes=(*made.notes, *_own_values(rules, loaded)))


def _make(tags: Sequence[ContainerTag], destination: Destination, path: str, made_before: MadeBefore) -> ExportFile:
    """The file; one that an earlier run made is not made again."""
    plan = digest((tags, destination))
    if (content := made_before.find(path, plan)) is not None:
        return ExportFile(path, content, ())
    made = export(tags, destination)
    made_before.keep(path, plan, made.content)
    return ExportFile(path, made.content, (*made.changes, *made.notes))


def _own_values(rules: Rules, loaded: Mapping[PixelValue, Fetched]) -> Iterator[str]:
    """A note for each rule without a value: a page keeps its own, and a tag has none to keep."""
    from snippetkit import money

    for index in sorted(keeps_values(rules)):
        rule = rules.rules[index]
        code = loaded[rule.pixel_value].snippet
        if code.value is not None:
            value = f"{money.shown(code.value, code.currency or '')} {code.currency or ''}".rstrip()
            yield f"{rules.where(rule)} has no value: the tag gets the code's, {value}; a page keeps its own"


def _check(file: ProjectFile, wanted: ExportSettings, number: int) -> None:
    """Make sure that the settings go together."""
    from snippetkit import exports
    from snippetkit.project import ExportSettings

    at, names = ("exports", number), exports.names()
    for key, given in (("format", wanted.format), *(("formats", name) for name in wanted.formats)):
        if given not in names:
            raise file.none_of(names, given, *at, key)
    usual = ExportSettings("", "")
    said = [name for name in _OF_SOME if getattr(wanted, name) != getattr(usual, name)]
    if lost := [name for name in said if _is_lost(name, wanted)]:
        raise file.error(f"{lost[0]} cannot be used with {wanted.format}", "leave it out", *at, lost[0])


def _is_lost(name: str, wanted: ExportSettings) -> bool:
    """Whether the format does not have a setting, or it goes with another one; a format is loaded if that is asked."""
    from snippetkit import exports

    if name == "on_conflict":
        return wanted.into is None
    if name == "formats":
        return wanted.format != _BUNDLE
    chosen = exports.find_format(wanted.format)
    return not (chosen.MERGES if name == "into" else chosen.HAS_NATIVE)


def _check_images(declared: DeclaredRules, rules: Rules, loaded: Mapping[PixelValue, Fetched], number: int) -> None:
    """Make sure that code which is made here has the image that is to fire."""
    file = declared.codes.file
    if file.project.exports[number].variant is TagVariant.SCRIPT:
        return
    for rule in rules.rules:
        is_made = isinstance(declared.codes.of(rule).origin, Made)
        if is_made and (reason := why_no_image(loaded[rule.pixel_value].snippet)):
            raise file.error(f"variant: {reason}", "leave it out", "exports", number, "variant")
