"""Matomo Tag Manager: a container version as JSON, for its Import version, which replaces the whole draft.

Sources: the plugin's API/Export.php, API/Import.php and ImportVersion.vue (which asks for `idcontainer` too),
Validators/, javascripts/tagmanager.js; Matomo's core/Common.php, which decodes character references in what is pasted.
"""

from __future__ import annotations

from collections.abc import Sequence

from snippetkit.containers import ContainerTag, Export, ExportOptions
from snippetkit.exports._json import to_bytes
from snippetkit.exports._names import check_names
from snippetkit.exports.matomo.code import ENTITY
from snippetkit.exports.matomo.items import make_items
from snippetkit.exports.matomo.notes import make_notes
from snippetkit.exports.matomo.reading import read, recognizes
from snippetkit.exports.matomo.writing import make_document

__all__ = ["FILE_NAME", "HAS_NATIVE", "LOSES", "MERGES", "STEPS", "TITLE", "export", "read", "recognizes"]

TITLE = "Matomo Tag Manager"
FILE_NAME = "matomo.json"
STEPS = (
    "Tag Manager > choose the container > Versions > Import version, as a user who may use custom templates",
    "name a backup of the draft: the import replaces all of it",
    "paste the file's text, import, and publish after a look at the preview",
)
MERGES = False
HAS_NATIVE = False
LOSES = frozenset({"consent"})

_DEFAULT = ExportOptions()


def export(tags: Sequence[ContainerTag], options: ExportOptions = _DEFAULT) -> Export:
    """Return the document that holds `tags`.

    Raises:
        SnippetError: two tags have one name, or Matomo cannot hold a tag's code, event or name.
    """
    check_names(tags)
    items = [item for tag in tags for item in make_items(tag)]
    document = make_document(items)
    text = ENTITY.sub(r"\\u0026", to_bytes(document).decode())
    return Export(text.encode(), (), tuple(make_notes(tags, items, document)))
