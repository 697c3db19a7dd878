"""Find and render the templates that ship with snippetkit."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

_PACKAGE = Path(__file__).parent
# In a wheel the templates lie inside the package, in a checkout and an editable install beside it.
FOLDER = next((f for f in (_PACKAGE / "templates", _PACKAGE.parent / "templates") if f.is_dir()), _PACKAGE)


def render(template: str, /, **values: object) -> str:
    """Return a template's text.

    Args:
        template: its path below `templates/`, such as `demo/checkout.html.j2`.
        values: what the template may use; a name that it uses and that is not here is an error.
    """
    return _environment().get_template(template).render(values)


def render_blocks(template: str, /, **values: object) -> dict[str, str]:
    """Return the text of each block of a template, by the block's name."""
    found = _environment().get_template(template)
    context = found.new_context(values)
    return {block: "".join(parts(context)) for block, parts in found.blocks.items()}


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        auto_reload=False,
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
