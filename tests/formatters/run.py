"""Write pages as formatters and minifiers do; run where they are installed, which is not where this package is.

The pages are a JSON object on stdin, by any name. It prints, for each tool and each page, what the tool makes of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import bs4
import css_html_js_minify
import html5lib
import htmlmin
import lxml.html
import minify_html


def djlint(html: str, *options: str) -> str:
    """What the command makes of a file; its exit code says whether that is another."""
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html)
        command = [Path(sys.executable).parent / "djlint", "--reformat", "--quiet", *options, page]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        return page.read_text()


def soup(html: str, parser: str) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(html, parser)


TOOLS: dict[str, Callable[[str], str]] = {
    "djlint": djlint,
    "djlint, with styles and scripts": lambda html: djlint(html, "--format-css", "--format-js", "--indent=2"),
    "BeautifulSoup, prettify": lambda html: soup(html, "html.parser").prettify(),
    "BeautifulSoup, prettify, html5": lambda html: soup(html, "html5lib").prettify(formatter="html5"),
    "BeautifulSoup, lxml": lambda html: str(soup(html, "lxml")),
    "BeautifulSoup, decode": lambda html: soup(html, "html.parser").decode(formatter=None),
    "lxml": lambda html: lxml.html.tostring(lxml.html.document_fromstring(html), encoding="unicode"),
    "lxml, pretty": lambda html: lxml.html.tostring(
        lxml.html.document_fromstring(html), pretty_print=True, doctype="<!doctype html>", encoding="unicode"
    ),
    "html5lib": lambda html: html5lib.serialize(html5lib.parse(html), omit_optional_tags=False),
    "html5lib, minimal": lambda html: html5lib.serialize(
        html5lib.parse(html), strip_whitespace=True, quote_attr_values="legacy", alphabetical_attributes=True
    ),
    "htmlmin": lambda html: htmlmin.minify(html),
    "htmlmin, all": lambda html: htmlmin.minify(html, remove_empty_space=True, reduce_boolean_attributes=True),
    "minify-html": lambda html: minify_html.minify(html, keep_comments=True),
    "minify-html, scripts": lambda html: minify_html.minify(html, keep_comments=True, minify_js=True, minify_css=True),
    "css-html-js-minify": lambda html: css_html_js_minify.html_minify(html, comments=True),
}


if __name__ == "__main__":
    pages = json.load(sys.stdin)
    json.dump({tool: {name: run(page) for name, page in pages.items()} for tool, run in TOOLS.items()}, sys.stdout)
