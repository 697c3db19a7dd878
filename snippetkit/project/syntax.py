"""What is wrong with a text that is no TOML: in which line, and what people mostly meant there."""

from __future__ import annotations

import re
import tomllib

from snippetkit.errors import SettingError
from snippetkit.patterns import later

_AT = later(r"(?P<what>.*) \(at (?:line (?P<line>[0-9]+), column (?P<column>[0-9]+)|end of document)\)", re.DOTALL)
_NAME = "[A-Za-z0-9_-]"
_NAMES = rf"\s*{_NAME}+(?:\s*\.\s*{_NAME}+)*\s*"
_MEANT = (
    (later("[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb]"), "write straight quotes"),
    (later(r"\r[^\r]"), "end each line with a line feed"),
    (later(r"\A\s*(?://|;|/\*|<!--|--)"), "a comment begins with #"),
    (later(rf"\A\s*\[+(?=[^\"']*\Z)(?!{_NAMES}\])"), "put such a name in quotes: [pixels.'our shop']"),
    (later(r"=\s*(?:yes|no|on|off|true|false)\b", re.IGNORECASE), "write true or false"),
    (later(r"=\s*[0-9]+,[0-9]"), "write a number with a point, or as text in quotes: 19.99, '19,99'"),
    (later(r";\s*\Z"), "leave out the ; at the end"),
    (later(r"\\"), "write / between folders"),
    (later(r"\{[^}]*\Z|,\s*\}"), "write what is between { and } into one line, without a comma at its end"),
    (later(rf"\A\s*(?:-\s|{_NAME}+\s*:)"), "write key = value"),
    (later(r"[=\[,]\s*[A-Za-z.~/]"), "put text in quotes"),
)
"""What is in a line in which the parser stops, and what to do about it; the first one counts."""
_ONCE, _IS_TWICE = "keep one of them, with all that belongs there", later(r"\btwice\b|\boverwrite\b|\bmutate\b")
_JSON = "write key = value, with a [table] above; this is as JSON has it"
_OTHERS = {True: "it is nested too deeply", False: "a number has too many digits"}
_OTHERWISE = "correct it; https://toml.io has the rules"


def not_toml(text: str, name: str, error: Exception) -> SettingError:
    """Return the error for a text that is no TOML.

    Args:
        text: the whole text.
        name: what messages call it.
        error: what the parser raised.
    """
    told = str(error) if isinstance(error, tomllib.TOMLDecodeError) else _OTHERS[isinstance(error, RecursionError)]
    reason = told[:1].lower() + told[1:]
    found = _AT.fullmatch(reason)
    if found is None:
        return SettingError(f"{name}: this is not TOML: {reason}", hint=_OTHERWISE)
    lines = text.rstrip().split("\n")
    line = int(found["line"] or len(lines))
    where = f"in column {found['column']}" if found["column"] else "at the end"
    hint = _hint(text, lines[line - 1] if line <= len(lines) else "", found["what"])
    return SettingError(f"{name}, line {line}: this is not TOML: {found['what']}, {where}", hint=hint)


def _hint(text: str, line: str, reason: str) -> str:
    if text.lstrip()[:1] == "{":
        return _JSON
    if _IS_TWICE.search(reason):
        return _ONCE
    return next((hint for pattern, hint in _MEANT if pattern.search(line)), _OTHERWISE)
