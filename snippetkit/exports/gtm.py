"""Google Tag Manager: a container file, export format version 2, for Admin > Import Container.

The shape is that of the tool's own exports; its resources are those of the Tag Manager API v2 discovery document,
with the enumerations in upper snake case. Ids and fingerprint are fixed, so the same tags give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count

from snippetkit import templating
from snippetkit.containers import ContainerTag, Export, Options, script
from snippetkit.errors import SnippetError

TITLE = "Google Tag Manager"
FILE_NAME = "gtm.json"
STEPS = ("Admin > Import Container", "choose the file and a workspace", "Merge, and rename conflicting tags")
MERGES = True
LOSES = frozenset[str]()

MAX_HTML_CHARACTERS = 102_400

_DEFAULT = Options()


def export(tags: Sequence[ContainerTag], options: Options = _DEFAULT) -> Export:
    """Return a container file that holds `tags`.

    Raises:
        SnippetError: two tags have one name, or a script cannot stand in Custom HTML.
    """
    _check_together(tags)
    scripts = [script(tag) for tag in tags]
    for tag, text in zip(tags, scripts, strict=True):
        _check(tag, text)
    ids = count(1)
    tag_ids = [str(next(ids)) for _ in tags]
    rules = dict.fromkeys(rule for tag in tags for rule in tag.rules)
    text = templating.render(
        "exports/gtm.json.j2",
        tags=list(zip(tag_ids, tags, scripts, strict=True)),
        trigger_ids={rule: str(next(ids)) for rule in rules},
        export_time=f"{options.made_at:%Y-%m-%d %H:%M:%S}",
        fingerprint=f"{options.made_at.timestamp():.0f}000",
    )
    return Export((json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n").encode())


def _check_together(tags: Sequence[ContainerTag]) -> None:
    if len({tag.name for tag in tags}) != len(tags):
        raise SnippetError("two tags of one name: Google Tag Manager merges by name, so one would be lost")


def _check(tag: ContainerTag, text: str) -> None:
    if "{{" in text:
        raise SnippetError(f"{tag.name}: Google Tag Manager would read '{{{{' in the script as a variable")
    if len(text) > MAX_HTML_CHARACTERS:
        raise SnippetError(f"{tag.name}: Custom HTML may have {MAX_HTML_CHARACTERS} characters")
