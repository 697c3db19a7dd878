"""What goes into a tag manager's container: tags, the pages or the event on which they fire, and their code."""

from __future__ import annotations

from snippetkit.containers.braces import hide_percents
from snippetkit.containers.code import images, script, setting_name
from snippetkit.containers.container_tags import ContainerTag, DataLayerEvent, Export, ExportOptions
from snippetkit.containers.from_rules import make_tags, together
from snippetkit.containers.page_rules import PageRule, fold_case

__all__ = [
    "ContainerTag",
    "DataLayerEvent",
    "Export",
    "ExportOptions",
    "PageRule",
    "fold_case",
    "hide_percents",
    "images",
    "make_tags",
    "script",
    "setting_name",
    "together",
]
