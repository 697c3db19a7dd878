"""The project file: what belongs on which pages, and into which tag managers, declared once."""

from __future__ import annotations

from snippetkit.project.drafting import Draft, DraftedPixel, DraftedRule, to_toml
from snippetkit.project.finding import NAME, look, read
from snippetkit.project.reading import SECTION, ProjectFile, parse
from snippetkit.project.schema import json_schema
from snippetkit.project.settings import (
    ApiSettings,
    CodeSettings,
    EventSettings,
    ExportSettings,
    PixelSettings,
    Project,
    RuleSettings,
    Sheet,
    Site,
)

__all__ = [
    "NAME",
    "SECTION",
    "ApiSettings",
    "CodeSettings",
    "Draft",
    "DraftedPixel",
    "DraftedRule",
    "EventSettings",
    "ExportSettings",
    "PixelSettings",
    "Project",
    "ProjectFile",
    "RuleSettings",
    "Sheet",
    "Site",
    "json_schema",
    "look",
    "parse",
    "read",
    "to_toml",
]
