"""One kind of a platform's page code: what it looks like, how it is read, and what may be in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from snippetkit.key import JOIN
from snippetkit.platforms.calls import AnswerCheck, Calls
from snippetkit.platforms.events import Events
from snippetkit.platforms.native import NativeTag
from snippetkit.platforms.platform import Loader, Platform
from snippetkit.platforms.reports import ImageReport, Report
from snippetkit.records import dataclass, field
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from pathlib import Path

    from tree_sitter import Node

    from snippetkit.javascript import Script


_CONSTANTS = frozenset({"false", "true"})


@cache
def _globals(dialect: Dialect) -> tuple[str, ...]:
    paths = (path.partition(".")[0] for path in dialect.settings)
    return tuple(dict.fromkeys((*dialect.functions, *dialect.queues, *paths)))


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """What a dialect's module has under the name `DIALECT`: all that the other rooms know of such code.

    A dialect is one module, in a folder of `platforms/` or in a distribution of its own with an entry point in the
    group `snippetkit.platforms` whose name is the dialect's; and one template, `<name>.html.j2`, with the macros
    `code(snippet)` and `image(snippet)` (the shipped ones are in `templates/dialects/`).

    Attributes:
        name: lower-case letters and digits; a region's key begins with it.
        platform: whose code it is.
        find_reports: yields what a script reports in this dialect, in the script's order.
        needles: texts that only code of this dialect has; a page that holds one carries such code.
        joins_ids: whether the id that an event tells is only a part of one, which is put behind each id that was
            named, and a slash.
        coexistence: how several pixels live on one page. With `NEVER`, an event that tells no pixel reaches each pixel
            that was named (a report with the verb `init`) by then, and needs `call`.
        functions: the globals that are called to report, such as `tell` in `tell('track', ..)`; with `by_methods` also
            a path to an object, `tell.us`.
        by_methods: whether these are objects, called by their methods alone: of `tell.track(..)` the method is the
            verb, and of `tell.one(..).track(..)` both are, `one.track`, with the arguments of both.
        by_push: whether these are lists until the loader comes, and have no call but `push`: `tell.push('track', ..)`.
        own_methods: methods of an object that only the base code calls, while it makes that object.
        queues: the globals onto which lists are pushed to report, such as `queue` in `queue.push([..])`.
        read_by: what a script holds, besides a global, that is read: of code that is handed the global's name.
        named_as: what a text holds in which its globals are named, where those are words that others use, too: a path
            such as `told.order`.
        id_in_loader: a regular expression for the loader's URL, whose group is the pixel of code that tells none.
        settings: the paths of globals that are set to report, such as `told.value`; one without a dot may be set whole.
        sign: what a text holds in which a global of several dialects' is called for this one; None for the one that it
            is called for in any case.
        base_form: what a script holds that makes the functions, None for the loader's name.
        broken_form: what a script holds that makes functions which do nothing, and why they do.
        found_by: the globals by which the loader finds what was called, if not by all of them.
        is_in_parts: whether its base code stands in elements of its own, one of which has the loader as its `src`.
        loader_behind: whether an element that has the loader as its `src` may stand behind what is set for it.
        counting: the ids of the pixels for which an event counts as a conversion, None where there are no others: it
            puts the visitor into an audience else.
        reached: those that an event without a pixel is of, where there are some, None for all that were named.
        names_accounts: whether what is named is what stands in front of the ids' slash, and an event tells them whole.
        needs_base: whether its events stand apart from its base code, which they need, though they name their pixels.
        needs_currency: whether a value has to have one, where the platform's have to.
        calls: what the functions and queues are told.
        loader: the name of the loader that carries out the code, empty where none does.
        takes_over: the member of a function by which the loader takes its calls over, empty where that is not known.
        waits_in: the member of a function in which its calls wait for that.
        names_first: whether the loader looks for what names pixels before all else, wherever in the queue that stands.
        last_named: whether an event is of the pixels alone that one call named last, and not of all that were named.
        call: in messages, the call that names a pixel.
        marks: attributes without effect that its scripts may have.
        declares: variables that its code declares for the whole script.
        trusted_names: the other identifiers and members that its code uses.
        click_functions: those that its code declares for a page to call, on a click for example.
        encoders: functions of the browser's that an event's texts may be passed through.
        base_codes: pieces of its code that may stand in a script as they are, token for token: statements that are an
            expression, such as a function that is called at once; or a function alone, which is then called with a
            list. In them the texts `ID`, `LOADER` (the URL of one of the platform's loaders), `NAME` (one of the
            dialect's globals), `NUMBER`, `OWN` (the URL of a folder on any host) and `WORD`, and `CALLS` and `OPTIONS`,
            are holes (`javascript.Pattern`).
        read_image: returns what an image, whose `src` is from one byte up to another, reports; see `images.reader`.
        has_events: whether it reports events by name, rather than one conversion.
        events: which of them are standard, None where the platform has no such list.
        image_repeats: whether the noscript's image has to tell value and currency like the script.
        trims_images: whether its images tell amounts without trailing zeros; `trims_scripts`, whether its scripts do.
        sample_value: what the platform's sample code has in the place of a value, empty where that is none.
        since: the year in which it appeared.
        retired: the year in which its endpoint was switched off.
        successor: the dialect that `migrate` makes of it.
        answered: how the API's code is checked, None where no API answers with it.
        single: returns a script's text whose events reach one pixel alone, whatever others the page names.
        alone: returns a script's text without what its page already has: the loader, the pixel's name, other events.
        native: the types of tags that Google Tag Manager has for its code, the first that fits first.
        template: the file of its template, None for a shipped one.
    """

    name: str
    platform: Platform
    find_reports: Callable[[Script], Iterator[Report]]
    needles: tuple[bytes, ...]
    coexistence: Coexistence
    functions: tuple[str, ...] = ()
    by_methods: bool = False
    by_push: bool = False
    own_methods: frozenset[str] = frozenset()
    queues: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()
    named_as: tuple[str, ...] = ()
    id_in_loader: str = ""
    settings: tuple[str, ...] = ()
    sign: re.Pattern[bytes] | None = None
    base_form: re.Pattern[bytes] | None = None
    broken_form: tuple[re.Pattern[bytes], str] | None = None
    found_by: tuple[str, ...] = ()
    is_in_parts: bool = False
    loader_behind: bool = False
    counting: re.Pattern[str] | None = None
    reached: re.Pattern[str] | None = None
    names_accounts: bool = False
    needs_base: bool = False
    needs_currency: bool = True
    calls: Calls = field(default_factory=Calls)
    loader: str = ""
    takes_over: str = ""
    waits_in: str = "queue"
    call: str = ""
    names_first: bool = False
    last_named: bool = False
    joins_ids: bool = False
    marks: frozenset[str] = frozenset()
    declares: frozenset[str] = frozenset()
    trusted_names: frozenset[str] = frozenset()
    click_functions: tuple[str, ...] = ()
    encoders: frozenset[str] = frozenset()
    base_codes: tuple[str, ...] = ()
    read_image: Callable[[bytes, bytes, int, int], ImageReport | None] | None = None
    has_events: bool = True
    events: Events | None = None
    image_repeats: bool = True
    trims_images: bool = False
    sample_value: str = ""
    trims_scripts: bool = False
    since: int = 0
    retired: int | None = None
    successor: str = ""
    answered: AnswerCheck | None = None
    single: Callable[[Script, str], bytes] | None = None
    alone: Callable[[Script, str, str | None], bytes] | None = None
    native: tuple[NativeTag, ...] = ()
    template: Path | None = None

    @property
    def globals(self) -> tuple[str, ...]:
        """The variables of the window that its code and its loader share, each once."""
        return _globals(self)

    @property
    def names(self) -> tuple[str, ...]:
        """What a text with its code holds: its globals, unless those are words that others use, too."""
        return self.named_as or self.globals

    @property
    def makes(self) -> re.Pattern[bytes]:
        """What a script with its base code holds; nothing has it where no loader is known."""
        return self.base_form or _named(self.loader)

    def loads(self, url: str) -> bool:
        """Return whether a URL is that of its loader, on one of the platform's hosts."""
        return _urls(self).fullmatch(url) is not None

    def may_reach(self, named: str) -> bool:
        """Return whether an event that tells no pixel counts for what was named so."""
        return self.reached is None or self.reached.fullmatch(named) is not None

    def named_by(self, pixel_id: str) -> str:
        """Return what has to be named for an event of this pixel: the pixel, or the first part of its id."""
        return pixel_id.partition(JOIN)[0] if self.joins_ids or self.names_accounts else pixel_id

    def counts_for(self, pixel_id: str) -> bool:
        """Return whether an event of this pixel may be a conversion."""
        return self.counting is None or self.counting.fullmatch(pixel_id) is not None

    def call_of(self, said: str) -> str:
        """Return, as it is written, a call that says this: `verb:about`, or a verb alone."""
        name = next(iter(self.functions), self.name)
        verb, *about = said.split(":", 1)
        texts = about if self.by_methods else [verb, *about]
        told = ", ".join(text if text in _CONSTANTS else f"'{text}'" for text in texts)
        if self.calls.verb_key and self.functions:
            return f"{name}({{{self.calls.verb_key}: {told}}})"
        if self.calls.verb_key:
            return f"{self.queues[0]}.push({{{self.calls.verb_key}: {told}}})"
        if self.queues and not self.functions:
            return f"{self.queues[0]}.push([{told}])"
        return f"{name}.{verb}({told})" if self.by_methods else f"{name}{self._push}({told})"

    def consent_said(self, script: Script, arguments: Sequence[Node]) -> str:
        """Return what a call about consent says by its members, as `Calls` has it; empty where it is no such call."""
        verb = script.text(arguments[0]) if arguments else ""
        if not self.calls.agreeing or verb not in self.calls.consent_verbs:
            return ""
        members = script.members(arguments[-1])
        texts = {script.text(node) for name, node in members.items() if name in self.calls.consents}
        agreed = self.calls.grants if self.calls.agreeing in texts else verb
        return self.calls.revokes if texts == {self.calls.refusing} else agreed

    @property
    def call_begins(self) -> tuple[str, ...]:
        """How the calls of its functions begin."""
        return tuple(f"{name}{'.' if self.by_methods else f'{self._push}('}" for name in self.functions)

    @property
    def _push(self) -> str:
        return ".push" if self.by_push else ""

    @property
    def own_loader(self) -> Loader | None:
        """The loader that carries out its code."""
        return next((loader for loader in self.platform.loaders if loader.name == self.loader), None)

    def counts(self, event: str | None) -> bool:
        """Return whether an event, None for one without a name, is a conversion."""
        is_more = event is None or event not in self.platform.base_events
        return is_more and (event is None or self.events is None or self.events.counts(event))

    def tells_no_pixel(self, report: Report) -> bool:
        """Return whether an event is of the pixels that were named before, though it may tell part of their ids."""
        return self.reaches_named and report.verb != "init" and (self.joins_ids or report.pixel_id is None)

    @property
    def reaches_named(self) -> bool:
        """Whether an event that tells no pixel reaches each one that was named before."""
        return self.coexistence is Coexistence.NEVER


@cache
def _named(loader: str) -> re.Pattern[bytes]:
    """A loader's name, which is in no text where there is none."""
    return re.compile(rb"(?<![\w-])" + re.escape(loader).encode() if loader else rb"(?!)")


@cache
def _urls(dialect: Dialect) -> re.Pattern[str]:
    """The URLs of a dialect's loader."""
    loaders = (loader for loader in dialect.platform.loaders if loader.name == dialect.loader)
    return re.compile("|".join(f"(?i:https?:)?{loader.url}" for loader in loaders) or r"(?!)")
