"""The code of each pixel that page rules name, with each of its values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError, SnippetkitError
from snippetkit.work.fetching import Fetched, fetch_all
from snippetkit.work.loading import FromApi, FromFile, Origin
from snippetkit.work.making import Made, make_each
from snippetkit.work.rendering import Tell, unheard
from snippetkit.work.sent import check_errors, code_of_pixel, find_trusted
from snippetkit.work.worth import Value, with_event, with_value

if TYPE_CHECKING:
    from snippetkit.model import Snippet
    from snippetkit.rules import PixelValue, Rule, Rules
    from snippetkit.snippets import Document

_ONE = "put all of its code into one"
_NOTHING_ELSE = Value()


def load_by_rules(
    rules: Rules, origin: Origin, value: Value = _NOTHING_ELSE, failed: Tell = unheard
) -> dict[PixelValue, Fetched]:
    """Return the code for each rule, checked as `load` does, by what the rule wants reported.

    Each pixel is asked for once, whatever its values are; those are set here.

    Args:
        rules: at least one.
        origin: the API, the file that holds the code of all pixels, or where it is made.
        value: what else is asked for; the amount and its currency are the rule's.
        failed: where several rules or pixels fail, is told why each does.

    Raises:
        TokenError, ApiError, NetworkError: the API refused, or could not be reached.
        SnippetError, SettingError: code is not what it should be, or cannot report the value; with the rule's line.
    """
    first: dict[str, Rule] = {}
    for rule in rules.rules:
        first.setdefault(rule.pixel_id, rule)
    errors = _Errors(rules, failed)
    if isinstance(origin, Made):
        return _made(rules, origin, value, errors)
    if isinstance(origin, FromApi):
        codes = _from_api(first, origin, errors)
    else:
        codes = _from_file(rules, first, origin, value, errors)
    loaded: dict[PixelValue, Fetched] = {}
    set_value = with_event if origin.is_made else with_value
    for pixel_value, rule in _first_of_each(rules).items():
        of_pixel = codes[rule.pixel_id]
        with errors.of(rule):
            snippet = set_value(of_pixel.snippet, of_rule(pixel_value, value))
            loaded[pixel_value] = of_pixel._replace(snippet=snippet)
    errors.check(len(rules.rules), "rules")
    return loaded


def values_of(rules: Rules, loaded: Mapping[PixelValue, Fetched]) -> list[dict[str, str | None]]:
    """Return what each rule puts where: its page, its pixel, the value in the major unit, the currency."""
    from snippetkit.rules import COLUMNS

    snippets = ((rule, loaded[rule.pixel_value].snippet) for rule in rules.rules)
    cells = ((rule.page, rule.pixel_id, snippet.value, snippet.currency) for rule, snippet in snippets)
    return [dict(zip(COLUMNS, row, strict=True)) for row in cells]


def asked_of(rules: Rules, loaded: Mapping[PixelValue, Fetched]) -> list[dict[str, str | None]]:
    """Return the same as `values_of`, but neither value nor currency of a rule that asks for none."""
    kept = keeps_values(rules)
    rows = enumerate(values_of(rules, loaded))
    return [{**row, "value": None, "currency": None} if at in kept else row for at, row in rows]


def keeps_values(rules: Rules) -> frozenset[int]:
    """Return the indexes of the rules for which a value that stands on a page stays."""
    return frozenset(at for at, rule in enumerate(rules.rules) if of_rule(rule.pixel_value).is_left)


def _first_of_each(rules: Rules) -> dict[PixelValue, Rule]:
    """The first rule with each pixel and value."""
    first: dict[PixelValue, Rule] = {}
    for rule in rules.rules:
        first.setdefault(rule.pixel_value, rule)
    return first


def _made(rules: Rules, origin: Made, value: Value, errors: _Errors) -> dict[PixelValue, Fetched]:
    made: dict[PixelValue, Fetched] = {}
    for pixel_value, rule in _first_of_each(rules).items():
        with errors.of(rule):
            [made[pixel_value]] = make_each(origin.dialect, [rule.pixel_id], of_rule(pixel_value, value))
    errors.check(len(rules.rules), "rules")
    return made


def _from_api(first: Mapping[str, Rule], origin: FromApi, errors: _Errors) -> dict[str, Fetched]:
    codes: dict[str, Fetched] = {}
    with origin.connect() as transport:
        for pixel_id, code in fetch_all(transport, origin.kind, [*first]):
            with errors.of(first[pixel_id]):
                if isinstance(code, SnippetkitError):
                    raise code
                codes[pixel_id] = code
    errors.check(len(first), "pixels")
    return codes


def _from_file(
    rules: Rules, first: Mapping[str, Rule], origin: FromFile, value: Value, errors: _Errors
) -> dict[str, Fetched]:
    document, readings = find_trusted(origin.sent, [], origin.allowed)
    scripts = _scripts(readings)
    codes: dict[str, Fetched] = {}
    for pixel_id, rule in first.items():
        with errors.of(rule):
            codes[pixel_id] = Fetched("Pixel", None, _code_of(pixel_id, scripts, origin.sent.name))
    errors.check(len(first), "pixels")
    for pixel_value, rule in _first_of_each(rules).items():
        of_pixel = [snippet for snippet in readings if snippet.pixel_id == rule.pixel_id]
        with errors.of(rule):
            check_errors(origin.sent, document, of_pixel, of_rule(pixel_value, value))
    errors.check(len(rules.rules), "rules")
    return codes


def of_rule(wanted: PixelValue, value: Value = _NOTHING_ELSE) -> Value:
    """Return what a rule wants reported, with what else is asked for."""
    return value._replace(cents=wanted.value_cents, amount=wanted.amount, currency=wanted.currency)


def _scripts(readings: Sequence[Snippet]) -> dict[str, list[Document]]:
    """For each pixel its scripts, with what belongs to them, and without what other scripts give the queue."""
    from snippetkit import snippets

    of_pixel: dict[str, list[Document]] = defaultdict(list)
    for group in snippets.group(readings):
        alone = snippets.parse(snippets.share_source(group)[0].source)
        named = {code.pixel_id for code in alone.codes}
        for pixel_id in named if "" not in named else {snippet.pixel_id for snippet in group}:
            of_pixel[pixel_id].append(alone)
    return of_pixel


def _code_of(pixel_id: str, scripts: Mapping[str, Sequence[Document]], name: str) -> Snippet:
    documents = scripts.get(pixel_id, ())
    if not documents:
        there = ", ".join(known for known in scripts if known)
        raise SnippetError(f"{name} has no code of pixel {pixel_id}, only of {there}")
    if len(documents) > 1:
        raise SnippetError(f"{name} has {len(documents)} scripts of pixel {pixel_id}", hint=_ONE)
    return code_of_pixel(name, documents[0], pixel_id)


class _Errors:
    """What is wrong with rules, each with its line and its pixel in front; its kind says what went wrong."""

    def __init__(self, rules: Rules, failed: Tell) -> None:
        self._rules, self._failed = rules, failed
        self._errors: list[SnippetkitError] = []

    @contextmanager
    def of(self, rule: Rule) -> Iterator[None]:
        """Keep what goes wrong with a rule, so that the others are tried too."""
        try:
            yield
        except SnippetkitError as error:
            reason = str(error).removeprefix(f"pixel {rule.pixel_id}: ")
            error.args = (f"{self._rules.where(rule)}: pixel {rule.pixel_id}: {reason}",)
            self._errors.append(error)

    def check(self, tried: int, things: str) -> None:
        """Make sure that nothing went wrong with so many things.

        Raises:
            SnippetkitError: the error of the only one that failed; or one for all, each of which was told.
        """
        if len(self._errors) == 1:
            raise self._errors[0]
        for error in self._errors:
            self._failed(error.with_hint())
        if self._errors:
            message = f"{len(self._errors)} of {tried} {things} failed"
            raise type(self._errors[0])(message, hint="nothing was written")
