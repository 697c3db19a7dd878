"""What code goes onto pages, where, and on which terms."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit.cli._report import FAILURES
from snippetkit.cli._template import Choice
from snippetkit.terms import Part, Placement

if TYPE_CHECKING:
    from snippetkit.inject import Insertion, Terms
    from snippetkit.model import Edit, Snippet, Text
    from snippetkit.rules import Conversion, Rules
    from snippetkit.run import Outcome, Planned

_PLAIN = (None, "snippet", "combined", "nonce")  # templates whose code can be combined with other code
_MOST_COMBINED = 1000
_HEAD_WARNING = (
    "warning: with --whole-in-head the noscript's image ends the head for visitors without JavaScript: "
    "what stands behind it in the head belongs to the body for them"
)
_OPTIONS = (
    click.option(
        "--placement",
        type=click.Choice([placement.value for placement in Placement]),
        default=Placement.HEAD_BOTTOM.value,
        show_default=True,
        help="Where the script goes; the noscript goes right behind <body>.",
    ),
    click.option("--whole-in-head", is_flag=True, help="Put the noscript into the head too, as in 2013."),
    click.option("--nonce", help="The nonce of the page's Content-Security-Policy, for the script."),
    click.option("--adopt", is_flag=True, help="Put marked code in the place of unmarked code of the same pixel."),
    click.option("--fragments", is_flag=True, help="Take parts of pages, without doctype, <html>, <head> and <body>."),
    click.option("--server-code", is_flag=True, help="Take pages with PHP, ERB, Jinja or the like in them."),
)


class Place(NamedTuple):
    """Where code goes, and which pages are taken."""

    placement: Placement
    whole_in_head: bool
    nonce: str | None
    adopt: bool
    fragments: bool
    server_code: bool

    def choice(self, template: Choice) -> Choice:
        """Return the template with the nonce, which the template `nonce` has where none is named."""
        if self.nonce is None:
            return template
        variables = {**template.variables, "nonce": self.nonce}
        return Choice(template.name or "nonce", template.folder, variables)

    def terms(self, template: Choice, *, force: bool) -> Terms:
        """Return the same as the terms of a plan."""
        from snippetkit.inject import Terms

        noscript = self.placement if self.whole_in_head else Placement.BODY_TOP
        combine = Combiner(Choice("combined", template.folder, template.variables)) if template.name in _PLAIN else None
        return Terms(
            {Part.SCRIPT: self.placement, Part.NOSCRIPT: noscript},
            self.adopt,
            force,
            self.server_code,
            self.fragments,
            combine,
        )


def place_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options; the command gets them as one `Place`, named `place`."""

    @wraps(function)
    def command(
        placement: str,
        whole_in_head: bool,
        nonce: str | None,
        adopt: bool,
        fragments: bool,
        server_code: bool,
        **arguments: Any,
    ) -> None:
        if whole_in_head and placement.startswith("body"):
            raise click.UsageError("--whole-in-head is not for --placement body-*.")
        if nonce == "":
            raise click.UsageError("An empty --nonce lets nothing run.")
        if whole_in_head:
            click.echo(_HEAD_WARNING, err=True)
        place = Place(Placement(placement), whole_in_head, nonce, adopt, fragments, server_code)
        function(place=place, **arguments)

    with_options: Callable[..., None] = command
    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options


def make_insertion(snippets: Sequence[Snippet], template: Choice) -> Insertion:
    """Return what is put onto a page for snippets of one dialect, as the template renders it."""
    from snippetkit import dialects, inject

    dialect = dialects.find(snippets[0].dialect)
    return inject.Insertion.from_blocks(template.render(snippets), snippets, dialect.TRACES, dialect.SEVERAL)


@dataclass
class Combiner:
    """Makes one insertion of the snippets of several pixels; the same ones are rendered once."""

    template: Choice
    _made: dict[tuple[str, ...], Insertion] = field(default_factory=dict, repr=False)

    def __call__(self, snippets: Sequence[Snippet]) -> Insertion:
        key = tuple(f"{snippet.key} {snippet.value} {snippet.currency}" for snippet in snippets)
        if key not in self._made:
            if len(self._made) == _MOST_COMBINED:
                self._made.clear()
            self._made[key] = make_insertion(snippets, self.template)
        return self._made[key]


@dataclass(frozen=True, slots=True)
class OneForAll:
    """A planner: every page gets the same code."""

    insertion: Insertion
    terms: Terms

    def plan(self, path: str, text: Text) -> Sequence[Edit] | Planned:
        """Return the edits for a page."""
        from snippetkit import inject

        return _noted(inject.plan(text, self.insertion, self.terms), text)


@dataclass(frozen=True, slots=True)
class ByRules:
    """A planner: each page gets the code that its rules name. What it tells of a page are the rules' indexes."""

    rules: Rules
    insertions: dict[Conversion, Insertion]
    terms: Terms
    roots: tuple[str, ...]

    def plan(self, path: str, text: Text) -> Sequence[Edit] | Planned:
        """Return the edits for a page, none where no rule names it."""
        from snippetkit import inject
        from snippetkit.run import Planned

        rules = self.rules.match(self._from_root(path))
        if not rules:
            return ()
        edits = inject.plan_all(text, [self.insertions[rule.conversion] for rule in rules], self.terms)
        noted = _noted(edits, text)
        notes = noted.notes if isinstance(noted, Planned) else ()
        return Planned(edits, notes, tuple(rule.index for rule in rules))

    def met_by(self, outcome: Outcome) -> Iterable[int]:
        """Return the indexes of the rules that a page falls under; one that was refused or failed is there too."""
        if outcome.verb in FAILURES:
            return [rule.index for rule in self.rules.match(self._from_root(outcome.path))]
        return outcome.detail if isinstance(outcome.detail, tuple) else ()

    def missed(self, met: set[int]) -> Iterator[Outcome]:
        """Yield a failure for each rule that no page has met."""
        from snippetkit.run import Outcome

        for rule in self.rules.rules:
            if rule.index not in met:
                yield Outcome(f"{self.rules.name}, line {rule.line}", "failed", f"there is no page {rule.page}")

    def _from_root(self, path: str) -> str:
        root = next((root for root in self.roots if path.startswith(root)), "")
        return path[len(root) :].replace(os.sep, "/")


def roots_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return what the paths below folders begin with; a file that is named counts from the current folder."""
    from glob import glob
    from itertools import chain
    from pathlib import Path

    found = ([path] if Path(path).exists() else glob(path, recursive=True) for path in paths)  # noqa: PTH207 (absolute)
    folders = [Path(path) for path in chain.from_iterable(found) if Path(path).is_dir()]
    prefixes = (f"{folder}{os.sep}" if folder != Path() else "" for folder in folders)
    return tuple(sorted(prefixes, key=len, reverse=True))


def _noted(edits: Sequence[Edit], text: Text) -> Sequence[Edit] | Planned:
    """Say where a policy of the page's own may keep the code from running."""
    if not edits or text.head.find(b"ecurity-", 0, edits[0].start) < 0:
        return edits
    from snippetkit import csp
    from snippetkit.run import Planned

    reason = "has a policy of its own, which may block this code; 'snippetkit csp' says what it has to allow"
    return Planned(edits, tuple(f"line {line} {reason}" for line in csp.own_policies(text.head)))
