"""`snippetkit csp`: print what a Content-Security-Policy needs for the code to fire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from snippetkit import schemas
from snippetkit.cli._command import Command, format_options
from snippetkit.cli._output import Sums, printable
from snippetkit.cli._reading import Texts
from snippetkit.cli._saying import put, say, warn
from snippetkit.cli._texts import Paths, every_file_options, jobs_option, name_of

if TYPE_CHECKING:
    from snippetkit.csp import Additions
    from snippetkit.model import PageBytes


@click.command(cls=Command)
@format_options(
    ("text", "json", "summary"), "A directive a line, one JSON document with what each file needs, or notes as counts."
)
@jobs_option
@every_file_options
def command(paths: Paths, format_name: str, jobs: int | None) -> None:
    """Print what a Content-Security-Policy has to allow so that the conversion code on these pages fires.

    PATH is a file, a folder whose .html and .htm files are taken, or - for stdin. What is printed is what all of the
    pages need together, a directive a line; add the sources to the directives of the same name.
    """
    from snippetkit import csp

    texts = Texts(paths, jobs)
    sums = Sums("page") if format_name == "summary" else None
    pages: dict[str, Additions] = {}
    for path, (page, policies) in texts.each_in_bytes(_look):
        pages[path] = page
        for word, line, message in _notes(page, policies):
            if sums:
                sums.add(word, message)
            else:
                (warn if word == "error" else say)(f"{word}: {_place(path, line)}: {message}")
    for counted in sums.lines() if sums else ():
        say(counted)
    whole = csp.union(pages.values())
    if format_name == "json":
        _print_json(pages, whole)
    else:
        put("".join(f"{directive}\n" for directive in whole.directives()), nl=False)
    is_known = not any(page.unknown for page in pages.values())
    click.get_current_context().exit(6 if texts.failed else 0 if is_known else 1)


def _look(text: PageBytes) -> tuple[Additions, list[int]]:
    from snippetkit import csp

    data = text.whole()
    additions = csp.additions(data)
    return additions, csp.own_policies(data) if additions else []


def _notes(page: Additions, policies: list[int]) -> Iterator[tuple[str, int, str]]:
    """Yield what there is to know about a page: what kind of message it is, the line or 0, and the message."""
    if not page:
        yield "note", 0, "no conversion code"
    for line in policies:
        yield "note", line, "the page has its own policy; every policy must allow all of it"
    for line in page.nonces:
        yield "note", line, "the script has a nonce; if the policy names it, no hash is needed"
    for line, reason in page.unknown:
        yield "error", line, reason


def _place(path: str, line: int) -> str:
    name = printable(name_of(path))
    return f"{name}:{line}" if line else name


def _print_json(pages: dict[str, Additions], whole: Additions) -> None:
    import json

    listed = [{"path": path, **page.sources} for path, page in pages.items()]
    put(json.dumps({"version": schemas.version("csp"), "files": listed, **whole.sources}, indent=2))
