"""Several formats in one zip, with a README, what a Content-Security-Policy needs, and checksums of all files.

The same tags give the same bytes everywhere: the files are in one order, their times are `ExportOptions.made_at`, and
they are stored, since compressed bytes differ from one zlib to the next (PKWARE, "APPNOTE.TXT", 4.3 and 4.4).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from snippetkit import __version__, exports, templating
from snippetkit.containers import ContainerTag, Export, ExportOptions
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports import _csp, _markdown
from snippetkit.exports._names import check_names
from snippetkit.terms import TagVariant

TITLE = "A bundle of formats"
FILE_NAME = "bundle.zip"
STEPS = ("unpack the file", "open README.md: it says for each format which file to import, and how")
MERGES = False
HAS_NATIVE = True
LOSES = frozenset[str]()

_DEFAULT = ExportOptions()
_ITSELF = "bundle"
_MANIFEST = "manifest.json"
_UNPACK = "unpack it, and give the file in it"
_MOST_BYTES = 64 * 1024 * 1024
"""What a bundle may have when it is unpacked: tag managers take files of 10 MB."""
_FILE_MODE = 0o100644
_UNIX = 3
# What the two bytes of a date can hold (APPNOTE.TXT, 4.4.6); the seconds are even.
_FIRST = datetime(1980, 1, 1, tzinfo=UTC)
_LAST = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)
_VARIANTS = {
    TagVariant.SCRIPT: "script",
    TagVariant.IMAGE: "image",
    TagVariant.BOTH: "script and image, each from a tag of its own",
}


class _Made(NamedTuple):
    """A format and what it made: a file, and what a person has to know."""

    name: str
    format: exports.ExportFormat
    notes: tuple[str, ...]


def export(tags: Sequence[ContainerTag], options: ExportOptions = _DEFAULT) -> Export:
    """Return a zip that holds `tags` in each of `options.formats`; where it is empty, in all formats.

    Raises:
        SnippetError: two tags have one name, or a format cannot hold a tag; nothing is left out without a word.
        SettingError: there is no format of that name.
    """
    check_names(tags)
    chosen = _chosen(options.formats)
    made: list[_Made] = []
    contents: dict[str, bytes] = {}
    for name in chosen:
        of_format = _make(name, tags, options, [other for other in chosen if other != name])
        made.append(_Made(name, exports.find_format(name), of_format.notes))
        contents[made[-1].format.FILE_NAME] = of_format.content
        del of_format  # its file is let go of as soon as it is in the zip
    files = {
        "README.md": _readme(tags, made),
        "csp.txt": templating.render("exports/csp.txt.j2", directives=_csp.additions(tags).directives()).encode(),
    } | contents
    contents.clear()
    files[_MANIFEST] = _manifest(files, {one.format.FILE_NAME: one.name for one in made})
    notes = (f"{one.format.TITLE}: {note}" for one in made for note in one.notes)
    return Export(_zip(files, options.made_at), notes=tuple(notes))


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of a bundle by their names, in its order.

    Raises:
        SettingError: it is no bundle, or a file in it is not the one that was made.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            listed = archive.infolist()
            if sum(info.file_size for info in listed) > _MOST_BYTES:
                raise SettingError(f"more than {_MOST_BYTES} bytes when unpacked", hint=_UNPACK)
            files = {info.filename: archive.read(info) for info in listed}
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise SettingError(f"a zip that cannot be unpacked: {error}") from error
    _check_sums(files)
    return files


def _check_sums(files: Mapping[str, bytes]) -> None:
    try:
        listed = json.loads(files[_MANIFEST])["files"]
        sums = {entry["path"]: entry["sha256"] for entry in listed}
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise SettingError("a zip without the manifest of a bundle", hint=_UNPACK) from error
    for path, expected in sums.items():
        if path not in files or sha256(files[path]).hexdigest() != expected:
            raise SettingError(f"{path} is not the file that was made with this bundle", hint="export the bundle again")


def _chosen(formats: Sequence[str]) -> list[str]:
    there = [name for name in exports.names() if name != _ITSELF]
    for name in formats:
        if name not in there:
            raise SettingError(f"a bundle has no format {name!r}", hint=f"there are {', '.join(there)}")
    return [name for name in there if name in formats or not formats]


def _make(name: str, tags: Sequence[ContainerTag], options: ExportOptions, others: Sequence[str]) -> Export:
    module = exports.find_format(name)
    of_each = ExportOptions(options.made_at, tags_as=options.tags_as)
    try:
        return module.export(tags, of_each)
    except SnippetError as error:
        without = " ".join(f"--format {other}" for other in others)
        hints = [error.hint, without and f"a bundle without this format: {without}"]
        raise SnippetError(f"{module.TITLE}: {error}", hint="; or ".join(filter(None, hints))) from error


def _readme(tags: Sequence[ContainerTag], made: Sequence[_Made]) -> bytes:
    formats = [
        {
            "title": one.format.TITLE,
            "file": one.format.FILE_NAME,
            "steps": one.format.STEPS,
            "notes": [_markdown.prose(note) for note in one.notes],
        }
        for one in made
    ]
    rows = [[_markdown.code(tag.name), *_row(tag)] for tag in tags]
    return templating.render("exports/bundle.md.j2", rows=rows, formats=formats).encode()


def _row(tag: ContainerTag) -> Iterator[str]:
    """The table's cells after a tag's name."""
    keys = tag.event.keys if tag.event else {}
    for setting in ("pixel_id", "value", "currency", "order_id"):
        texts = [_markdown.code(text) for snippet in tag.snippets if (text := getattr(snippet, setting))]
        key = f"the event's {_markdown.code(keys[setting])}" if setting in keys else ""
        own = "" if key and setting == "order_id" else ", ".join(texts) or "none"  # an order's id is that of no other
        yield ", else ".join(filter(None, (key, own)))
    yield _VARIANTS[tag.variant]
    yield _when(tag)
    yield tag.consent


def _when(tag: ContainerTag) -> str:
    if tag.event:
        return f"on each event {_markdown.code(tag.event.name)}"
    holds, fails = (
        " or ".join(_markdown.code(rule.description) for rule in rules) for rules in (tag.rules, tag.exceptions)
    )
    return f"{holds}, but not {fails}" if fails else holds or "you choose"


def _manifest(files: Mapping[str, bytes], formats: Mapping[str, str]) -> bytes:
    listed = [
        {"path": path, "format": formats.get(path), "size": len(content), "sha256": sha256(content).hexdigest()}
        for path, content in files.items()
    ]
    return (json.dumps({"snippetkit": __version__, "files": listed}, indent=2) + "\n").encode()


def _zip(files: dict[str, bytes], made_at: datetime) -> bytes:
    """The zip of these files, each of which is taken out of them once it is in it: they may be large."""
    moment = min(max(made_at.astimezone(UTC), _FIRST), _LAST)
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for path in [*files]:
            info = ZipInfo(path, moment.timetuple()[:6])
            info.create_system, info.external_attr = _UNIX, _FILE_MODE << 16
            archive.writestr(info, files.pop(path))
    return buffer.getvalue()
