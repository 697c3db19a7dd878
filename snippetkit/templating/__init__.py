"""Find and render templates: the shipped ones, and a person's own in their place."""

from __future__ import annotations

from snippetkit.templating.environment import FOLDER, rewritable_dialects
from snippetkit.templating.finding import Template, TemplateFile, check_there, find_template, list_templates, own_texts
from snippetkit.templating.rendering import render, render_blocks

__all__ = [
    "FOLDER",
    "Template",
    "TemplateFile",
    "check_there",
    "find_template",
    "list_templates",
    "own_texts",
    "render",
    "render_blocks",
    "rewritable_dialects",
]
