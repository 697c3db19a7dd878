"""Which rules count for each site and each export of a project."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from snippetkit.work.by_rules import keeps_values
from snippetkit.work.declaring import Codes, with_ids

if TYPE_CHECKING:
    from snippetkit.platforms import Ids
    from snippetkit.project import EventSettings, ExportSettings, Project, ProjectFile, RuleSettings, Sheet, Site
    from snippetkit.rules import Rules

_Path = tuple[str | int, ...]
_NO_SITE = "add rules or a sheet; or give a site a name, and the export site = that name"


@dataclass
class DeclaredRules:
    """The rules of a project, each list or sheet of them read once."""

    codes: Codes
    _read: dict[_Path, Rules] = field(default_factory=dict)

    def of_site(self, number: int) -> Rules:
        """Return the rules of a site: its own, else the project's.

        Raises:
            FileError, SettingError: there are none, or they are not what they should be; with the line.
        """
        own = self._of(self._project.sites[number], ("sites", number))
        return own or self._common(("sites", number))

    def of_export(self, number: int) -> Rules:
        """Return the rules of an export: its own, those of the site that it names, the project's, the only site's.

        Raises:
            FileError, SettingError: as `of_site` does.
        """
        export, at = self._project.exports[number], ("exports", number)
        if own := self._of(export, at):
            return own
        if export.events and export.site is None:
            return self._inline((), at)
        names = [site.name for site in self._project.sites]
        if export.site is not None:
            if names.count(export.site) != 1:
                there = ", ".join(filter(None, names)) or "none of them has a name"
                what = "several sites have this name" if export.site in names else "no site has this name"
                raise self._file.error(what, f"sites: {there}", *at, "site")
            return self.of_site(names.index(export.site))
        is_only = len(names) == 1 and self._project.rules is None and self._project.sheet is None
        return self.of_site(0) if is_only else self._common(at)

    def of_events(self, number: int) -> Rules:
        """Return a rule for each event of an export, in order: which pixel it fires, and what that reports.

        Raises:
            SettingError: one is not what it should be, with its line.
        """
        at: _Path = ("exports", number, "events")
        if at not in self._read:
            self._read[at] = self._of_events(self._project.exports[number].events, at)
        return self._read[at]

    def tells_values(self, rules: Rules) -> frozenset[int]:
        """Return the indexes of the rules for which an event in the data layer tells the value.

        A value that is given counts where the event has none, if a key is given with it.
        """
        for number, export in enumerate(self._project.exports):
            if self._read.get(("exports", number, "events")) is rules:
                keyed = {at for at, event in enumerate(export.events) if event.value_key is not None}
                return keeps_values(rules) | keyed
        return frozenset()

    def _of_events(self, events: Sequence[EventSettings], at: _Path) -> Rules:
        from snippetkit.project import RuleSettings

        inline = [
            RuleSettings(f"/{at}", one.pixel, one.value, one.amount, one.currency) for at, one in enumerate(events)
        ]
        rules = self._inline(inline, at)
        fired = set[tuple[str, str, str]]()
        named = []
        for rule, event in zip(rules.rules, events, strict=True):
            pixel_id, code = self.codes.find(rule.pixel_id)
            if (event.on_event, pixel_id, code) in fired:
                hint = "keep one of them"
                raise self._file.error(f"{event.on_event} fires {event.pixel} twice", hint, *at, rule.index)
            fired.add((event.on_event, pixel_id, code))
            named.append(replace(rule, page=f"on {event.on_event}", pixel_id=pixel_id, code=code))
        return replace(rules, rules=tuple(named))

    @property
    def _file(self) -> ProjectFile:
        return self.codes.file

    @property
    def _project(self) -> Project:
        return self._file.project

    def _common(self, at: _Path) -> Rules:
        if common := self._of(self._project, ()):
            return common
        names = [repr(site.name) for site in self._project.sites if site.name]
        if at[0] == "sites":
            raise self._file.error("this site has no rules", "add rules or a sheet; rules = [] takes all code out", *at)
        hint = f"add site, which is one of {', '.join(names)}; or rules, or a sheet" if names else _NO_SITE
        raise self._file.error("this export has no rules", hint, *at)

    def _of(self, owner: Project | Site | ExportSettings, at: _Path) -> Rules | None:
        if owner.rules is None and owner.sheet is None:
            return None
        if owner.rules is not None and owner.sheet is not None:
            raise self._file.error("rules and sheet cannot be used together", "keep one of them", *at, "sheet")
        if at not in self._read:
            inline = self._inline(owner.rules or (), (*at, "rules"))
            rules = self._sheet(owner.sheet, at) if owner.sheet is not None else inline
            self._read[at] = with_ids(rules, self.codes)
        return self._read[at]

    def _sheet(self, sheet: str | Sheet, at: _Path) -> Rules:
        from snippetkit.project import Sheet

        said = Sheet(sheet) if isinstance(sheet, str) else sheet
        with self._file.naming(*at, "sheet"):
            return self.codes.outside.read_sheet(replace(said, file=self._file.path(said.file)), [self._ids()])

    def _inline(self, inline: Sequence[RuleSettings], at: _Path) -> Rules:
        from snippetkit import rules

        if not inline:
            return rules.Rules(self._file.name, ())
        lines = [self._file.line(*at, index) for index in range(len(inline))]
        choices = rules.SheetChoices(allow_empty=True, allow_zero=True)  # each is written by hand
        return rules.parse(_as_json(inline, lines), self._file.name, [self._ids()], choices)

    def _ids(self) -> Ids:
        """What names a pixel in a rule: its name, or an id."""
        import re

        from snippetkit.platforms import Ids

        names = [*self.codes.named]
        patterns = [*map(re.escape, names), *(f"(?:{one.pattern.pattern})" for one in self.codes.ids())]
        known = f"pixels: {', '.join(names)}" if names else "give an id, or add it under pixels"
        return Ids(re.compile("|".join(patterns)), "name or id of a pixel", known)


def _as_json(inline: Sequence[RuleSettings], lines: Sequence[int]) -> str:
    """The rules as the JSON that sheets may be, each in the line where it is in its file, which errors then name."""
    text, line = "[", 1
    for rule, at in zip(inline, lines, strict=True):
        cells = (f"{json.dumps(name)}: {_cell(cell)}" for name, cell in asdict(rule).items() if cell is not None)
        text += "\n" * (at - line) + f"{{{', '.join(cells)}}},"
        line = at
    return f"{text[:-1]}]"


def _cell(cell: str | int | Decimal) -> str:
    """A number with a fraction digit by digit, as it stands in the file; what is none, such as inf, as a text."""
    return str(cell) if isinstance(cell, Decimal) and cell.is_finite() else json.dumps(cell, default=str)
