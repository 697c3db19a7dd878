"""JavaScript as it stands in pages: its tree, the calls in it and their arguments, and what a script does.

It knows no ad platform. tree-sitter reads it; the rules beyond its grammar are those of ECMA-262.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door
from snippetkit.javascript.tokens import refusal, text_of, tokens

if TYPE_CHECKING:
    from snippetkit.javascript.branches import branches_at
    from snippetkit.javascript.early import find_error, find_of_module
    from snippetkit.javascript.evaluated import Evaluated, Fate, find_evaluated, may_evaluate
    from snippetkit.javascript.events import ON_LOAD
    from snippetkit.javascript.joined import Joined, join_behind
    from snippetkit.javascript.lists import joining_call
    from snippetkit.javascript.literals import is_nothing, said_by_string
    from snippetkit.javascript.meaning import meaning_of, meaning_of_script
    from snippetkit.javascript.modules import find_own_global
    from snippetkit.javascript.names import (
        FUNCTIONS,
        Names,
        Use,
        given,
        is_text,
        member_name,
        parameters,
        unwrapped,
        uses,
    )
    from snippetkit.javascript.objects import Keys, Member, set_by
    from snippetkit.javascript.occasion import AT_ONCE, Elsewhere, Occasion
    from snippetkit.javascript.occasions import Occasions
    from snippetkit.javascript.parsing import parse
    from snippetkit.javascript.pattern import CALLS, Pattern, matches_any
    from snippetkit.javascript.reporting import Reporting
    from snippetkit.javascript.rounds import Round
    from snippetkit.javascript.script import Script
    from snippetkit.javascript.setting import Setting
    from snippetkit.javascript.syntax import JOINED
    from snippetkit.javascript.things import Thing, UncertainError, kind_of
    from snippetkit.javascript.tree import SIDES, Tree, right_side, walk
    from snippetkit.javascript.trial import FailedError, ScriptTrial

__all__ = [
    "AT_ONCE",
    "CALLS",
    "FUNCTIONS",
    "JOINED",
    "ON_LOAD",
    "SIDES",
    "Elsewhere",
    "Evaluated",
    "FailedError",
    "Fate",
    "Joined",
    "Keys",
    "Member",
    "Names",
    "Occasion",
    "Occasions",
    "Pattern",
    "Reporting",
    "Round",
    "Script",
    "ScriptTrial",
    "Setting",
    "Thing",
    "Tree",
    "UncertainError",
    "Use",
    "branches_at",
    "find_error",
    "find_evaluated",
    "find_of_module",
    "find_own_global",
    "given",
    "is_nothing",
    "is_text",
    "join_behind",
    "joining_call",
    "kind_of",
    "matches_any",
    "may_evaluate",
    "meaning_of",
    "meaning_of_script",
    "member_name",
    "parameters",
    "parse",
    "refusal",
    "right_side",
    "said_by_string",
    "set_by",
    "text_of",
    "tokens",
    "unwrapped",
    "uses",
    "walk",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "branches": "branches_at",
            "early": "find_error find_of_module",
            "evaluated": "Evaluated Fate find_evaluated may_evaluate",
            "events": "ON_LOAD",
            "joined": "Joined join_behind",
            "lists": "joining_call",
            "literals": "is_nothing said_by_string",
            "meaning": "meaning_of meaning_of_script",
            "modules": "find_own_global",
            "names": "FUNCTIONS Names Use given is_text member_name parameters unwrapped uses",
            "objects": "Keys Member set_by",
            "occasion": "AT_ONCE Elsewhere Occasion",
            "occasions": "Occasions",
            "parsing": "parse",
            "pattern": "CALLS Pattern matches_any",
            "reporting": "Reporting",
            "rounds": "Round",
            "script": "Script",
            "setting": "Setting",
            "syntax": "JOINED",
            "things": "Thing UncertainError kind_of",
            "tree": "SIDES Tree right_side walk",
            "trial": "FailedError ScriptTrial",
        },
    )
