"""What is wrong with the conversion code in a text, as findings with stable codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door

if TYPE_CHECKING:
    from snippetkit.lint.elsewhere import early_reason, find_early
    from snippetkit.lint.finding import CODES, Finding
    from snippetkit.lint.firing import Call, Firing, find_firing
    from snippetkit.lint.images import find_escaped
    from snippetkit.lint.limiting import Limits, limits_at
    from snippetkit.lint.remembering import Memory, Move, moved_findings
    from snippetkit.lint.revoking import find_revoked, is_revoked_at
    from snippetkit.lint.rules import (
        find,
        find_disagreements,
        find_errors,
        find_in_documents,
        find_untrusted,
    )
    from snippetkit.lint.running import runs_at_once
    from snippetkit.lint.syntax import unexpected

__all__ = [
    "CODES",
    "Call",
    "Finding",
    "Firing",
    "Limits",
    "Memory",
    "Move",
    "early_reason",
    "find",
    "find_disagreements",
    "find_early",
    "find_errors",
    "find_escaped",
    "find_firing",
    "find_in_documents",
    "find_revoked",
    "find_untrusted",
    "is_revoked_at",
    "limits_at",
    "moved_findings",
    "runs_at_once",
    "unexpected",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "elsewhere": "early_reason find_early",
            "finding": "CODES Finding",
            "firing": "Call Firing find_firing",
            "images": "find_escaped",
            "limiting": "Limits limits_at",
            "remembering": "Memory Move moved_findings",
            "revoking": "find_revoked is_revoked_at",
            "rules": "find find_disagreements find_errors find_in_documents find_untrusted",
            "running": "runs_at_once",
            "syntax": "unexpected",
        },
    )
