"""What is said by the calls of a dialect, and by the API's answer in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from snippetkit.records import dataclass, field
from snippetkit.terms import Kind

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript import Script

OBJECT = "{}"
"""The verb of an object that is told alone."""

EMPTY_LIST = "[]"
"""What a call with an empty list behind its verb is about."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What code says by the calls of a dialect, each known by its first argument, the verb.

    `naming` are the verbs whose second argument is a pixel, `naming_by_id` those where it is one if it looks like an
    id; `reporting` those whose second argument is an event. `single` are verbs that report an event, the third, to one
    pixel alone, the second, each with the verb that reports it to all. `on_purpose` are other calls that code from
    outside may make, `verb:about` (a text, or `true`), `verb`, or `verb:*` whatever that is about, each with the
    reason; any that is in none of these does more than report. `amounts` are verbs whose value stands by itself, each
    with the argument that it is. `unwritten` are verbs that say what code written anew would not say.
    `id_key` is the member that is the pixel, where what names one is an object. `verb_key` is the member that is the
    verb, where objects are pushed onto the queue, `head_keys` are others that say what such an object is, and
    `value_key` is the one that tells the value.
    `grants` and `revokes` are the calls, said in the same way, by which the visitor's consent is told. Where
    `agreeing` and `refusing` are given, these texts say it, of the members `consents`: one that agrees grants, none
    but refusals revoke.
    `objects` are the members of which an object that is told alone, without a verb, has one to report an event; its
    verb is `OBJECT`.
    `limits` is the verb that says, by a list and further arguments, what the vendor may do with events, and
    `limit_parameters` are those by which an image says each of them.
    """

    naming: frozenset[str] = frozenset()
    naming_by_id: frozenset[str] = frozenset()
    reporting: frozenset[str] = frozenset()
    single: Mapping[str, str] = field(default_factory=dict)
    on_purpose: Mapping[str, str] = field(default_factory=dict)
    unwritten: frozenset[str] = frozenset()
    id_key: str = ""
    verb_key: str = ""
    head_keys: tuple[str, ...] = ()
    value_key: str = "value"
    grants: str = ""
    revokes: str = ""
    objects: frozenset[str] = frozenset()
    agreeing: str = ""
    refusing: str = ""
    consents: frozenset[str] = frozenset()
    limits: str = ""
    limit_parameters: tuple[str, ...] = ()
    amounts: Mapping[str, int] = field(default_factory=dict)

    @property
    def to_pixels(self) -> frozenset[str]:
        """The verbs that always name a pixel."""
        return self.naming | self.single.keys()

    @property
    def heads(self) -> Mapping[str, int]:
        """How many arguments of a call say what it is; those after them say more. Of other calls, all of them do."""
        named = self.naming | self.naming_by_id | self.reporting
        return {**dict.fromkeys(named, 2), **dict.fromkeys(self.single, 3)}

    @property
    def consent_verbs(self) -> frozenset[str]:
        """The verbs of calls about consent."""
        return frozenset({said.partition(":")[0] for said in (self.grants, self.revokes) if said})

    @property
    def verbs(self) -> frozenset[str]:
        """The verbs of all calls that are known."""
        others = (said.partition(":")[0] for said in self.on_purpose)
        return frozenset({*self.heads, *self.consent_verbs, *others})


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """How the API's answer in a dialect is checked.

    The noscript image is `https://<image_host><image_path>`; `image_query` says which parameter of its URL repeats
    which setting of the script, `image_constants` which others there are, with their texts. `read_script` returns what
    a script sets, or raises a SnippetError with the line of what is not of this dialect. `kind` is that of the pixels
    whose code it is, `hint` says what to do if an answer is not the code of the pixel that was asked for.
    """

    image_host: str
    image_path: str
    image_query: Mapping[str, str]
    image_constants: Mapping[str, str]
    read_script: Callable[[str], dict[str, str]]
    kind: Kind
    hint: str


def verb_of_object(script: Script, arguments: Sequence[Node], members: frozenset[str]) -> str:
    """Return `OBJECT` where an object with one of these members is told alone, else nothing."""
    is_alone = bool(members) and len(arguments) == 1
    return OBJECT if is_alone and not members.isdisjoint(script.members(arguments[0])) else ""
