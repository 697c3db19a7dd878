"""The files of tag managers that commands read: any of them, or an export of Google Tag Manager's alone."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.cli._output import printable
from snippetkit.cli._saying import warn
from snippetkit.cli._texts import name_of, read_data, read_text
from snippetkit.errors import SettingError, reading, why_not_json

if TYPE_CHECKING:
    from snippetkit.exports import Contents, ReadableFormat

ZIP = b"PK\x03\x04"
"""With what the bytes of a zip begin."""
_IN_BUNDLES = ("gtm", "matomo", "zaraz", "adobe")
_EXPORTED = "give what Admin > Export Container makes"
_ANOTHER = "export a bundle with --format gtm"
_AS_EXPORTED = "give the file as it was exported"


def read_container(file: str) -> object:
    """Return what stands in a file that has to be an export of Google Tag Manager's, or in stdin for `-`.

    Raises:
        SettingError: it is not JSON, or is clearly another thing: a zip, another tag manager's file, an API's answer,
            a document without a container.
    """
    from snippetkit import gtm

    document = gtm.parse(read_text(file), name_of(file))
    if not (isinstance(document, dict) and "exportFormatVersion" in document):
        from snippetkit import exports

        gtm.refuse_version(document, name_of(file))
        exports.refuse_others("gtm", document, name_of(file))
        if not (isinstance(document, dict) and "containerVersion" in document):
            raise SettingError(f"{name_of(file)}: not an export of Google Tag Manager", hint=_EXPORTED)
    return document


def read_tags(file: str, document: object) -> tuple[str, ReadableFormat, Contents]:
    """Return a document's format, by its name and as it is, and what stands in it.

    Args:
        file: what it was read from.
        document: parsed JSON.

    Raises:
        SettingError: it is of no format that can be read, or is not whole.
    """
    name, readable = _format(file, document)
    try:
        with reading(name_of(file)):
            return name, readable, readable.read(document)
    except SettingError as error:
        raise SettingError(f"{name_of(file)}: {error}", hint=error.hint) from error


def parsed(text: str, file: str) -> object:
    """Return the JSON value of a text, whoever wrote it; of a key that occurs twice the last counts, which is said.

    Raises:
        SettingError: it is not JSON.
    """
    from snippetkit import gtm

    gtm.refuse_binary(text, name_of(file))
    twice: dict[str, None] = {}
    members = partial(_members, twice)
    try:
        document = json.loads(text.removeprefix("\ufeff"), parse_int=gtm.whole, object_pairs_hook=members)
    except RecursionError as error:
        raise SettingError(f"{name_of(file)} is not an export: it is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise SettingError(f"{name_of(file)} is not JSON: {why_not_json(error)}", hint=_AS_EXPORTED) from error
    except ValueError as error:
        raise SettingError(f"{name_of(file)} is not an export of a tag manager: {error}", hint=_AS_EXPORTED) from error
    for key in twice:
        told = f"the key {key[:60]!r} occurs twice in one object, and what stands there first is not read"
        warn(f"warning: {name_of(file)}: {printable(told)}")
    return document


def _members(twice: dict[str, None], pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice |= dict.fromkeys(key for key, count in counts.items() if count > 1)
    return members


class GivenContainer(NamedTuple):
    """A container that a person gave: its document, its format, and the files of the bundle that it came in."""

    document: object
    format_name: str
    readable: ReadableFormat
    contents: Contents
    files: tuple[str, ...] = ()


def read_given(file: str) -> GivenContainer:
    """Return the container in a file: an export of a tag manager, or a bundle, whose first one counts.

    Raises:
        SettingError: it is of no format that can be read, or is not whole.
    """
    from snippetkit import exports

    data = read_data(file)
    if not data.startswith(ZIP):
        document = parsed(data.decode("utf-8", "surrogateescape"), file)
        return GivenContainer(document, *read_tags(file, document))
    try:
        files = exports.unpack(data)
    except SettingError as error:
        raise SettingError(f"{name_of(file)}: {error}", hint=error.hint) from error
    for name in _IN_BUNDLES:
        path = exports.find_format(name).FILE_NAME
        if path in files:
            inside = f"{file}:{path}"
            document = parsed(files[path].decode("utf-8", "surrogateescape"), inside)
            return GivenContainer(document, *read_tags(inside, document), tuple(files))
    raise SettingError(f"{name_of(file)}: a bundle without a container that can be read", hint=_ANOTHER)


def _format(file: str, document: object) -> tuple[str, ReadableFormat]:
    from snippetkit import exports

    formats = exports.readable()
    for name, readable in formats.items():
        if readable.recognizes(document):
            return name, readable
    hint = f"give what a tag manager exports, or 'snippetkit export' writes, in one of the formats {', '.join(formats)}"
    raise SettingError(f"{name_of(file)} is not an export of a tag manager that can be read", hint=hint)
