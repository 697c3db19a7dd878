"""What the package reads, in one step: code as the API answers it, and what is wrong in a file."""

from __future__ import annotations

from snippetkit import lint, snippets
from snippetkit.lint import Finding
from snippetkit.model import Snippet


def read_js_pixel(js_pixel: str) -> Snippet:
    """The snippet that `js_pixel` holds (reference "Conversion pixels", "Getting the pixel snippet")."""
    return snippets.read_code(js_pixel, "fp")


def find_in_source(name: str, text: str) -> list[Finding]:
    """What is wrong in a file, in order, each finding with the number of its snippet in the whole file."""
    return lint.find_in_documents(snippets.read_source(name, text))
