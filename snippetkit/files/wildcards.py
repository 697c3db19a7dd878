"""A pattern of a `.gitignore` as a regular expression, in which no text is tried twice for one wildcard.

The patterns are those of git's documentation ("gitignore", "Pattern format"), with classes as git's wildmatch.c reads
them; as there, a character is a byte of UTF-8. What is between two wildcards is matched
where it occurs first, which leaves the most to the rest; then a name of 255 bytes against `*a*a*a*b`, and a long path
against `a/**/b/**/c/**/d`, take as many steps as they are long.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from snippetkit.patterns import later

_SIGN = r"(?:\\.|[^\\\]])"
_PART = rf"\[:[^\]]*:\]|{_SIGN}(?:-{_SIGN})?"
_CLASS = rf"\[(?P<no>[!^]?)(?P<inside>(?:\](?:-{_SIGN})?|(?!))?+(?:{_PART}|(?!))*+)\]"
_TOKEN = later(
    r"(?P<folders>(?<![^/])\*\*+(?=\\?/|\Z))|(?P<any>\*+)|(?P<one>\?)|\\?(?P<slash>/)"
    rf"|{_CLASS}|\\(?P<escaped>.)|(?P<char>[^\\\[])",
    re.DOTALL,
)
_INSIDE = later(r"\[:(?P<name>[^\]]*):\]|\\?(?P<first>(?<=\\).|[^\\])(?:-\\?(?P<last>(?<=\\).|[^\\\]]))?", re.DOTALL)
_NAMED = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\0-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\r ",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class PathPattern:
    """A line of a `.gitignore`: whether it takes what it matches, and which paths that are.

    Raises:
        ValueError: it is malformed, and matches nothing.
    """

    def __init__(self, text: str) -> None:
        self.takes = not text.startswith("!")
        text = text.removeprefix("!")
        self._is_folder = text.endswith("/")
        text = text.removesuffix("/")
        if not text:
            raise ValueError("it names nothing")
        self._runs = _runs(text.removeprefix("/") if "/" in text else f"**/{text}")

    def expression(self, *, whole_folders: bool) -> str:
        """Return a regular expression for a path, which ends with a slash where it is a folder's.

        Args:
            whole_folders: let what matches a folder match all that is in it, too.
        """
        first, *others = self._runs
        written, slash = (first, "/") if first else ("", "")
        for run in others[:-1]:
            written += f"(?>{slash}(?:.*?/)??{run}(?=/))"
            slash = "/"
        end = "" if whole_folders else r"\Z"
        if others and not others[-1]:
            return f"{written}{slash}.+/{end}" if self._is_folder else f"{written}{slash}."
        written += f"{slash}(?:.*/)?{others[-1]}" if others else ""
        slash = "/" if self._is_folder else r"(?:/|\Z)" if whole_folders else "/?"
        return f"{written}{slash}{end}"


def parse(line: str) -> PathPattern | None:
    """Return the pattern on a line, None where it is empty or a comment.

    Raises:
        ValueError: it is malformed, and matches nothing.
    """
    line = as_bytes(line)
    text = line.rstrip(" ")
    if (len(text) - len(text.rstrip("\\"))) % 2:
        text += line[len(text) : len(text) + 1]  # a space behind a backslash belongs to the pattern
    return None if not text or text[0] == "#" or text in {"/", "!/"} else PathPattern(text)


def as_bytes(text: str) -> str:
    """Return a text with a character for each of its bytes."""
    return text if text.isascii() else text.encode("utf-8", sys.getfilesystemencodeerrors()).decode("latin-1")


def _runs(text: str) -> list[str]:
    """What is between each `**`, as expressions; a first or a last one may be empty."""
    runs = [list[str]()]
    for segment in _segments(text):
        if segment:
            runs[-1].append("".join(_glob(segment)))
        elif runs[-1] or len(runs) == 1:
            runs.append([])
    return ["/".join(run) for run in runs]


def _segments(text: str) -> list[list[str]]:
    """The names in a path, of each what is between its wildcards, as expressions; `**` has nothing."""
    segments, at = [[""]], 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError("nothing ends its bracket, or follows its backslash")
        at = token.end()
        if token["folders"]:
            segments[-1].clear()
        elif token["any"]:
            segments[-1].append("")
        elif token["slash"]:
            segments.append([""])
        else:
            segments[-1][-1] += _character(token)
    return segments


def _glob(texts: Sequence[str]) -> Iterator[str]:
    """A name with wildcards, piece by piece; one that is empty is no name."""
    if not any(texts):
        yield "[^/]+" if len(texts) > 1 else "(?!)"
        return
    first, *others = texts
    yield first
    yield from (f"(?>[^/]*?{text})" for text in others[:-1])
    yield from (f"[^/]*{text}" for text in others[-1:])


def _character(token: re.Match[str]) -> str:
    if token["one"]:
        return "[^/]"
    if token["inside"] is None:
        return re.escape(token["escaped"] or token["char"])
    ranges = "".join(map(_range, _INSIDE.finditer(token["inside"])))
    return f"[^/{ranges}]" if token["no"] else f"(?!/)[{ranges}]"


def _range(part: re.Match[str]) -> str:
    """A part of a class; of a range whose ends are the wrong way round it has the first character."""
    if part["name"] is not None:
        if part["name"] not in _NAMED:
            raise ValueError("it has a class of characters that is not known")
        return _NAMED[part["name"]]
    first, last = part["first"], part["last"] or part["first"]
    return f"{re.escape(first)}-{re.escape(last)}" if first < last else re.escape(first)
