"""A template and its values to text; whatever goes wrong is one line that says where."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from snippetkit import html, server_code
from snippetkit.errors import SettingError, SnippetError, SnippetkitError
from snippetkit.patterns import later
from snippetkit.templating import environment, outline
from snippetkit.templating.finding import Template, make_environment
from snippetkit.terms import Part

if TYPE_CHECKING:
    from jinja2 import Template as Loaded

    from snippetkit.model import Snippet

# Without JavaScript a noscript's content is markup: a comment or a quote that does not end would go on after it.
_TAG = later(rb"""</?[a-z](?:[^<>"']|"[^"]*"|'[^']*'|(?!))*+>|<!--(?!-?>)[^<>]*-->""", re.IGNORECASE)
_NO_ATTRIBUTE = later(r"'snippetkit\.model\.Snippet object' (?=has no attribute)")
_ATTRIBUTES = "dialect, pixel_id, value, currency, event, script, noscript, image_url"
_ESCAPED_IMAGE = later(rb"&lt;img\b", re.IGNORECASE)


def render(template: str, /, **values: object) -> str:
    """Return a shipped template's text.

    Args:
        template: its path below `templates/`, such as `demo/checkout.html.j2`.
        values: what the template may use; a name that it uses and that is not here is an error.
    """
    return environment.shipped().get_template(template).render(values)


def render_blocks(
    template: Template, snippets: Sequence[Snippet], variables: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the text of a template's blocks, `script` and `noscript`, without the empty ones.

    Line breaks at the ends of a text are left out.

    Args:
        template: which.
        snippets: at least one; the template has them as `snippets`, and the first as `snippet`.
        variables: what else it has.

    Raises:
        SettingError: there is no such template, or something in it is wrong; with file, line and the variables.
        SnippetError: the template cannot write this code, or gives no text for it.
    """
    given = {name: _as_a_server_reads(value) for name, value in (variables or {}).items()}
    values = {**given, "snippet": snippets[0], "snippets": list(snippets)}
    with _one_line(template, values):
        jinja = make_environment(template)
        loaded = jinja.get_template(template.path)
        outline.check(jinja, template.path, variables=variables or (), several=len(snippets) > 1)
        blocks = _blocks(loaded, values)
    if not blocks:
        raise SnippetError(f"the template {template.name} gives nothing for the code of {snippets[0].key}")
    for part, text in blocks.items():
        _check_elements(template, part, text)
    return blocks


def _as_a_server_reads(value: str) -> str:
    """A value, left unescaped where all of it is server code, which escaping would break."""
    from markupsafe import Markup

    return Markup(value) if server_code.is_whole(value.encode()) else value  # noqa: S704 (the user's own)


def _blocks(loaded: Loaded, values: Mapping[str, object]) -> dict[str, str]:
    context = loaded.new_context(dict(values))
    for _ in loaded.root_render_func(context):
        pass  # from here on the blocks know what the template sets, imports and extends outside them
    parts = [part for part in Part if part in context.blocks]
    texts = {part.value: "".join(context.blocks[part][0](context)) for part in parts}
    if any("\ud800" <= char <= "\udfff" for text in texts.values() for char in text):
        raise SnippetError("the code, or what the template writes, is not UTF-8 text")
    return {part: text.strip("\n") for part, text in texts.items() if text.strip()}


def _check_elements(template: Template, part: str, text: str) -> None:
    """A block holds whole elements of its kind and nothing else, so that what follows on a page keeps its place."""
    data, at = text.encode(), 0
    for element in html.find_elements(data):
        is_next = not element.inside and not data[at : element.start].strip()
        if is_next and element.name == part and element.is_closed:
            at = element.end
    if data[at:].strip() or (part == Part.NOSCRIPT and b"<" in _TAG.sub(b"", data)):
        raise SettingError(
            f"{template.name}: the block {part} gives something other than whole {part} elements",
            hint=f"it gives {text[:60]!r}",
        )
    if part == Part.NOSCRIPT and _ESCAPED_IMAGE.search(data):
        raise SettingError(
            f"{template.name}: the block noscript gives its image as escaped text, which no browser requests",
            hint="write {{ snippet.noscript | safe }}",
        )


@contextmanager
def _one_line(template: Template, known: Collection[str]) -> Iterator[None]:
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    from snippetkit.templating.bounds import TooMuchError

    try:
        yield
    except SnippetkitError:
        raise
    except Exception as error:
        text = " ".join(str(error).split())[:300] or type(error).__name__
        where = _where(error) or template.name
        if isinstance(error, TemplateSyntaxError):
            text, where = error.message or text, f"{error.filename or error.name}, line {error.lineno}"
        elif isinstance(error, TemplateNotFound):
            text = f"there is no template {error.name}"
        elif isinstance(error, UnicodeError):
            text = "not UTF-8 text"
        elif isinstance(error, TooMuchError):
            raise SettingError(
                f"{where}: {text}", hint="a template writes the code of some pixels, and nothing else"
            ) from error
        hint = f"the variables are {', '.join(sorted(known))}; --set adds one"
        if _NO_ATTRIBUTE.match(text):
            text, hint = _NO_ATTRIBUTE.sub("snippet ", text), f"a snippet has {_ATTRIBUTES}"
        raise SettingError(f"{where}: {text}", hint=hint) from error


def _where(error: BaseException) -> str:
    """The file and line of the innermost template that an error comes from, empty if it comes from none."""
    where = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            where = f"{template.filename}, line {template.get_corresponding_lineno(line)}"
    return where
