"""Messages in the words of the project file, where the options of other commands are keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from snippetkit.errors import SheetError, SnippetkitError
from snippetkit.patterns import later

if TYPE_CHECKING:
    from snippetkit.run import Outcome

_BARE = {
    "--allow-empty-values": "sheet = { file = .., allow_empty_values = true }",
    "--allow-zero-values": "sheet = { file = .., allow_zero_values = true }",
    "--server-code": "server_code = true",
    "--fragments": "fragments = true",
    "--lazy-noscript": "lazy_noscript = true",
    "--follow-links": "follow_links = true",
    "--whole-in-head": "whole_in_head = true",
    "--adopt": "adopt = true",
    "--server-values": "server_values",
    "--nonce": "nonce",
    "--template": "template",
    "--set": "variables",
    "--event": "event",
    "--event-id": "event_id",
    "--value": "value",
    "--amount": "amount",
    "--currency": "currency",
    "--pixel": "id",
    "--kind": "kind",
    "--into": "into",
    "--all-pages": 'page = "/**"',
    "--include": "include",
    "--exclude": "exclude",
}
"""What an option is called in the file, where messages do not say its value."""

_VALUED = {
    "--hidden-rows": 'sheet = {{ file = .., hidden_rows = "{}" }}',
    "--sheet": 'sheet = {{ file = .., name = "{}" }}',
    "--placement": 'placement = "{}"',
    "--variant": 'variant = "{}"',
    "--as": 'tags_as = "{}"',
    "--on-conflict": 'on_conflict = "{}"',
    "--adopt": 'adopt = "{}"',
    "--allow": "allow = [{}]",
    "--allow-host": "allow_hosts = [{}]",
    "--format": "formats = [{}]",
}
"""The same, with its value, or its values in a list."""

HINTS = {
    "--force replaces it with a fixed one": "put a fixed value into the code",
    "--value with --force puts a fixed value in its place": "put a fixed value into the code",
}
"""What to do, where that is not the same with other words: `sync --force` is about pages, and leaves code as it is."""

_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[^\s;,'\"]*[^\s;,'\".])"
_END = r"(?![\w-])"
_NO_COMMAND = "(?<![\\w-])(?<!inject )"
_WITH = later(
    rf"{_NO_COMMAND}(?P<option>{'|'.join(sorted(_VALUED, key=len, reverse=True))})"
    rf"(?:(?<=adopt)=|(?<!adopt) )(?P<value>{_VALUE})"
    rf"(?P<more>(?: (?P=option) {_VALUE})*)"
)
_WITHOUT = later(rf"{_NO_COMMAND}(?P<option>{'|'.join(sorted(_BARE, key=len, reverse=True))}){_END}(?: NAME\b)?")


def in_keys(text: str) -> str:
    """Return a message whose options are keys of the project file: `--hidden-rows skip` is `hidden_rows = "skip"`."""
    return _WITHOUT.sub(lambda found: _BARE[found["option"]], _WITH.sub(_with_value, text)) if "--" in text else text


def _with_value(found: re.Match[str]) -> str:
    option = found["option"]
    values = [value.strip("'\"") for value in (found["value"], *found["more"].split(f" {option} ")[1:])]
    is_list = "[" in _VALUED[option]
    return _VALUED[option].format(", ".join(f'"{value}"' for value in values) if is_list else values[0])


@contextmanager
def told_in_keys() -> Iterator[None]:
    """Let errors name keys of the project file.

    Raises:
        SnippetkitError: what is raised inside, in these words.
    """
    try:
        yield
    except SnippetkitError as error:
        _reword(error)
        raise


def outcome_in_keys(outcome: Outcome) -> Outcome:
    """Return how a page fared, in these words."""
    if not (outcome.reason or outcome.notes):
        return outcome
    return outcome._replace(reason=in_keys(outcome.reason), notes=tuple(map(in_keys, outcome.notes)))


def _reword(error: SnippetkitError) -> None:
    error.args = (in_keys(str(error)), *error.args[1:])
    error.hint = HINTS.get(error.hint) or in_keys(error.hint)
    for one in error.errors if isinstance(error, SheetError) else ():
        _reword(one)
