"""Renders pages with the template engines of PyPI; runs in an environment that has them.

Reads a JSON list of jobs, each the `engine`, the `folder` of its templates, the `main` one of them, and its `data`.
Prints a JSON list with what each gave: `{"html": ...}`, or `{"error": ...}` where the engine failed.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

Data = dict[str, Any]


def jinja2(folder: Path, main: str, data: Data) -> str:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(folder), autoescape=True).get_template(main).render(data)


def django(folder: Path, main: str, data: Data) -> str:
    import django
    from django.conf import settings
    from django.template import Context, Engine

    if not settings.configured:
        settings.configure(INSTALLED_APPS=["django.contrib.staticfiles"], STATIC_URL="/static/", USE_I18N=False)
        django.setup()
    libraries = {"static": "django.templatetags.static", "i18n": "django.templatetags.i18n"}
    return Engine([folder], libraries=libraries).get_template(main).render(Context(data))


def mako(folder: Path, main: str, data: Data) -> str:
    from mako.lookup import TemplateLookup

    return TemplateLookup([str(folder)], default_filters=["h"]).get_template(main).render(**data)


def tornado(folder: Path, main: str, data: Data) -> str:
    from tornado.template import Loader

    return Loader(str(folder)).load(main).generate(**data).decode()


def liquid(folder: Path, main: str, data: Data) -> str:
    from liquid import Environment, FileSystemLoader

    return Environment(loader=_FrontMatterLoader.of(FileSystemLoader)(folder)).get_template(main).render(**data)


class _FrontMatterLoader:
    """A loader of python-liquid for pages that begin with front matter, which the site's generator takes off."""

    @staticmethod
    def of(base: Any) -> Any:
        class Loader(base):
            def get_source(self, *args: Any, **options: Any) -> Any:
                source = super().get_source(*args, **options)
                return source._replace(text=without_front_matter(source.text))

        return Loader


def without_front_matter(text: str) -> str:
    """Take off what stands between two lines of dashes, where the first of them is the file's first line."""
    if not text.startswith("---\n"):
        return text
    return text.split("\n---\n", 1)[1]


def chameleon(folder: Path, main: str, data: Data) -> str:
    from chameleon import PageTemplateFile

    return PageTemplateFile(str(folder / main), search_path=[str(folder)]).render(**data)


def bottle(folder: Path, main: str, data: Data) -> str:
    from bottle import SimpleTemplate

    return SimpleTemplate(name=main, lookup=[str(folder)]).render(**data)


def cheetah(folder: Path, main: str, data: Data) -> str:
    from Cheetah.Template import Template

    return str(Template(file=str(folder / main), searchList=[data]))


def airspeed(folder: Path, main: str, data: Data) -> str:
    from airspeed import CachingFileLoader

    loader = CachingFileLoader(str(folder))
    return loader.load_template(main).merge(data, loader=loader)


def chevron(folder: Path, main: str, data: Data) -> str:
    import chevron

    return chevron.render((folder / main).read_text(), data, partials_path=str(folder))


def yatl(folder: Path, main: str, data: Data) -> str:
    from yatl.template import render

    return render((folder / main).read_text(), path=str(folder), context=dict(data), delimiters="{{ }}")


ENGINES: dict[str, Callable[[Path, str, Data], str]] = {
    function.__name__: function
    for function in (jinja2, django, mako, tornado, liquid, chameleon, bottle, cheetah, airspeed, chevron, yatl)
}


def render(job: dict[str, Any]) -> dict[str, str]:
    """Do one job; an engine may fail with anything."""
    try:
        return {"html": ENGINES[job["engine"]](Path(job["folder"]), job["main"], job["data"])}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    json.dump([render(job) for job in json.load(sys.stdin)], sys.stdout)
