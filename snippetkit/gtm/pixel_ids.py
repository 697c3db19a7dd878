"""The pixels that tags of a platform's own type name: a wrong id is refused by nobody, and nothing is counted then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from snippetkit import platforms
from snippetkit.gtm.items import REFERENCE, Item, value_of
from snippetkit.gtm.problem import Problem
from snippetkit.platforms import Dialect, NativeTag


def find_problems(listed: Iterable[Item]) -> Iterator[Problem]:
    """Yield what is wrong with the pixels that tags of platforms' own types name.

    A constant's value counts where a variable stands; another variable may tell any id, and so may another tag.
    """
    constants = {
        item.name: value_of(item.json, "value")
        for item in listed
        if item.kind.key == "variable" and item.json.get("type") == "c"
    }
    for item in (item for item in listed if item.kind.key == "tag"):
        texts = {
            one.get("key", ""): REFERENCE.sub(lambda name: constants.get(name[1], name[0]), str(one.get("value", "")))
            for one in item.json.get("parameter", ())
        }
        if found := platforms.native_tag(item.json.get("type", ""), texts):
            message = _what_is_wrong(*found, texts)
            yield from [Problem("invalidPixelId", message, item.where)] if message else []


def _what_is_wrong(dialect: Dialect, native: NativeTag, texts: Mapping[str, str]) -> str:
    told = {key: texts.get(key, "").strip() for key in native.id_keys}
    first, text = next(iter(told.items()))
    if native.id_prefix and text.startswith(native.id_prefix):
        rest = text.removeprefix(native.id_prefix)
        return f"{first} is {text[:60]!r}, and the tag adds {native.id_prefix}: write {rest[:60]}"
    is_told = not any("{{" in one for one in told.values()) and not texts.get(native.refers)
    if is_told and not platforms.is_id(dialect.name, native.id_told(texts)):
        missing = [key for key, one in told.items() if not one]
        if missing:
            return f"there is no {' and no '.join(missing)}, so it names no pixel of {dialect.platform.title}"
        shown = ", ".join(f"{key} {one[:60]!r}" for key, one in told.items())
        return f"{shown}: that is not a pixel of {dialect.platform.title}"
    return ""
