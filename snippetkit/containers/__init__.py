"""What goes into a tag manager's container: tags, the pages or the event on which they fire, and their code."""

from __future__ import annotations

from snippetkit.containers.code import images, script
from snippetkit.containers.container_tags import ContainerTag, DataLayerEvent, Export, Options
from snippetkit.containers.from_rules import make_tags
from snippetkit.containers.page_rules import PageRule, fold_case
from snippetkit.containers.percents import hide_percents

__all__ = [
    "ContainerTag",
    "DataLayerEvent",
    "Export",
    "Options",
    "PageRule",
    "fold_case",
    "hide_percents",
    "images",
    "make_tags",
    "script",
]
