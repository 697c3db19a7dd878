"""Find and render templates: the shipped ones, and a person's own in their place."""

from __future__ import annotations

from snippetkit.templating.environment import FOLDER
from snippetkit.templating.finding import Found, Template, find, list_templates
from snippetkit.templating.rendering import render, render_blocks

__all__ = ["FOLDER", "Found", "Template", "find", "list_templates", "render", "render_blocks"]
