"""What a project file declares: the code of its pixels, and the rules that say on which pages each belongs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SettingError
from snippetkit.records import dataclass, field, replace
from snippetkit.terms import Kind
from snippetkit.work.by_rules import load_by_rules
from snippetkit.work.loading import FromApi, FromFile, Origin
from snippetkit.work.made_before import MadeBefore
from snippetkit.work.making import Made
from snippetkit.work.rendering import Tell, unheard
from snippetkit.work.sent import Allowed, Sent
from snippetkit.work.worth import Value
from snippetkit.work.writing import kinds, suggest_kinds

if TYPE_CHECKING:
    from snippetkit.graph import Transport
    from snippetkit.model import Snippet
    from snippetkit.platforms import Ids
    from snippetkit.project import CodeSettings, ProjectFile, Sheet
    from snippetkit.rules import PixelValue, Rule, Rules
    from snippetkit.work.fetching import Fetched

_FOR_FILES = ("allow_hosts", "allow", "server_values")
_NAMELESS = "code"


class Outside(NamedTuple):
    """What a project needs from outside: the API, the text of a file with code, the rules of a sheet.

    A file is named as seen from the current folder; the ids are those that pixels may have, or their names. `failed` is
    told why each of several pixels failed. `made_before` has what earlier runs made of exports.
    """

    connect: Callable[[Kind], AbstractContextManager[Transport]]
    read_sent: Callable[[str], Sent]
    read_sheet: Callable[[Sheet, Sequence[Ids]], Rules]
    failed: Tell = unheard
    made_before: MadeBefore = MadeBefore(None)


class Declared(NamedTuple):
    """The code of a pixel: where it is from, and what it is to report."""

    origin: Origin
    value: Value
    pixel_id: str = ""


@dataclass
class Codes:
    """The code of the pixels of a project, by the names that rules call them by; `loaded` is what was asked for."""

    file: ProjectFile
    outside: Outside
    loaded: list[tuple[Rules, Mapping[PixelValue, Fetched]]] = field(default_factory=list)
    _sent: dict[str, Sent] = field(default_factory=dict)
    _of_kind: dict[Kind, FromApi] = field(default_factory=dict)

    @cached_property
    def named(self) -> Mapping[str, Declared]:
        """What is declared, by its name.

        Raises:
            FileError: a file cannot be read.
            SettingError: settings do not go together, or it is not clear which pixel is meant; with the line.
        """
        pixels = self.file.project.pixels
        return {name: self._declared(code, code.id, "pixels", name) for name, code in pixels.items()}

    @cached_property
    def nameless(self) -> Declared:
        """Where the code of other pixels is from.

        Raises:
            FileError, SettingError: as `named` does.
        """
        code = self.file.project.code
        return Declared(self._origin(code, _NAMELESS), Value(event=code.event, event_id=code.event_id))

    def load(self, rules: Rules) -> Mapping[PixelValue, Fetched]:
        """Return the code of each rule, as `load_by_rules` does; of the same rules once.

        Raises:
            SnippetkitError: as there; or one id stands for pixels of two platforms.
        """
        for known, loaded in self.loaded:
            if known is rules:
                return loaded
        loaded = self._load(rules)
        self._check_platforms(rules, loaded)
        self.loaded.append((rules, loaded))
        return loaded

    def _load(self, rules: Rules) -> dict[PixelValue, Fetched]:
        groups: dict[tuple[Origin, Value], list[Rule]] = defaultdict(list)
        for rule in rules.rules:
            groups[self.of(rule).origin, self.of(rule).value].append(rule)
        loaded: dict[PixelValue, Fetched] = {}
        for (origin, value), of_origin in groups.items():
            loaded |= load_by_rules(replace(rules, rules=tuple(of_origin)), origin, value, self.outside.failed)
        return loaded

    def made(self) -> list[Snippet]:
        """Return the loaded code that was made here."""
        every = ((rule, loaded) for rules, loaded in self.loaded for rule in rules.rules)
        made = ((rule, loaded) for rule, loaded in every if isinstance(self.of(rule).origin, Made))
        return [loaded[rule.pixel_value].snippet for rule, loaded in made]

    def of(self, rule: Rule) -> Declared:
        """Return where the code of a rule's pixel is from."""
        return self.named.get(rule.code, self.nameless)

    def languages(self, rules: Rules) -> frozenset[str]:
        """Return the server languages in which code that rules name tells values."""
        origins = (self.of(rule).origin for rule in rules.rules)
        allowed = (origin.allowed.languages for origin in origins if isinstance(origin, FromFile))
        return frozenset[str]().union(*allowed)

    def ids(self) -> list[Ids]:
        """Return what the ids of pixels without a name look like."""
        from snippetkit import platforms
        from snippetkit.key import NUMBERS

        origin = self.nameless.origin
        if isinstance(origin, FromApi):
            return [NUMBERS]
        if isinstance(origin, Made):
            return [platforms.ids_of(origin.dialect)]
        return [platform.ids for platform in platforms.every_platform()]

    def find(self, text: str) -> tuple[str, str]:
        """Return the id of the pixel that a rule names, and what its code is called if it has a name.

        Raises:
            SettingError: several codes have that id.
        """
        if text in self.named:
            return self.named[text].pixel_id, text
        names = [name for name, one in self.named.items() if one.pixel_id == text]
        if len(names) > 1:
            raise SettingError(f"the pixel {text} is {' and '.join(names)}", hint="name one of them")
        return text, (names[0] if names else "")

    def _declared(self, code: CodeSettings, pixel_id: str | None, *at: str) -> Declared:
        origin = self._origin(code, *at)
        if pixel_id is None:
            pixel_id = self._only_id(origin, at)
        return Declared(origin, Value(event=code.event, event_id=code.event_id), pixel_id)

    def _only_id(self, origin: Origin, at: Sequence[str]) -> str:
        """The id of the only pixel in a file."""
        from snippetkit.work.sent import find_snippets

        if not isinstance(origin, FromFile):
            raise self.file.error(f"{at[-1]} has no id", "add id = '..', or file = '..' with its code", *at)
        _, readings = find_snippets(origin.sent)
        ids = {*dict.fromkeys(snippet.pixel_id for snippet in readings)}
        if len(ids) != 1:
            raise self.file.error(f"{origin.sent.name} has code of {len(ids)} pixels", "add id = '..'", *at)
        return ids.pop()

    def _origin(self, code: CodeSettings, *at: str) -> Origin:
        self._check(code, *at)
        if code.file is not None:
            allowed = Allowed(*map(frozenset, (code.allow_hosts, code.server_values, code.allow)))
            with self.file.naming(*at, "file"):
                return FromFile(self._read(self.file.path(code.file)), allowed)
        if code.kind not in {*Kind}:
            return Made(code.kind)
        kind = Kind(code.kind)
        return self._of_kind.setdefault(kind, FromApi(lambda: self.outside.connect(kind), kind))

    def _read(self, path: str) -> Sent:
        if path not in self._sent:
            self._sent[path] = self.outside.read_sent(path)
        return self._sent[path]

    def _check(self, code: CodeSettings, *at: str) -> None:
        """Make sure that no setting would be lost."""
        if code.kind not in {*Kind} and code.kind not in kinds():
            if meant := suggest_kinds(code.kind):
                raise self.file.error("unknown kind", meant, *at, "kind")
            raise self.file.none_of([*map(str, Kind), *kinds()], code.kind, *at, "kind")
        of_file = [name for name in _FOR_FILES if getattr(code, name)]
        if code.file is None and of_file:
            raise self.file.error(f"{of_file[0]} needs file", "leave it out", *at, of_file[0])
        if code.file is not None and code.kind != Kind.CONVERSION:
            raise self.file.error(
                "kind cannot be used with a file: the code there says what it is", "leave it out", *at, "kind"
            )
        if code.event_id and (code.file is not None or code.event is None):
            raise self.file.error("event_id needs event, of code that is made here", "leave it out", *at, "event_id")
        if code.event and code.file is None and code.kind == Kind.CONVERSION:
            raise self.file.error("a conversion pixel has no event", "leave it out, or set kind", *at, "event")

    def _check_platforms(self, rules: Rules, loaded: Mapping[PixelValue, Fetched]) -> None:
        """Make sure that one id is that of one platform's pixel: of several codes of a pixel, a page gets one."""
        of_id: dict[str, Rule] = {}
        for rule in rules.rules:
            other = of_id.setdefault(rule.pixel_id, rule)
            dialects = [loaded[one.pixel_value].snippet.dialect for one in (other, rule)]
            if len({*dialects}) > 1:
                what = (
                    f"the pixel {rule.pixel_id} is {dialects[1]} here, and {dialects[0]} in {rules.unit} {other.line}"
                )
                raise SettingError(f"{rules.where(rule)}: {what}", hint="give each a site of its own")


def with_ids(rules: Rules, codes: Codes) -> Rules:
    """Return rules with the pixels' ids where these are called by their names.

    Raises:
        SettingError: it is not clear which is meant, or two say different things of one pixel on one page.
    """
    there: dict[tuple[str, str], Rule] = {}
    for rule in rules.rules:
        where = rules.where(rule)
        try:
            pixel_id, code = codes.find(rule.pixel_id)
        except SettingError as error:
            raise SettingError(f"{where}: {error}", hint=error.hint) from error
        named = replace(rule, pixel_id=pixel_id, code=code)
        other = there.setdefault((rule.page, pixel_id), named)
        if other.pixel_value != named.pixel_value:
            what = f"pixel {pixel_id} is on {rule.page} with other code or another value in {rules.unit} {other.line}"
            raise SettingError(f"{where}: {what}", hint="keep one of the two")
    return replace(rules, rules=tuple(replace(rule, index=at) for at, rule in enumerate(there.values())))
