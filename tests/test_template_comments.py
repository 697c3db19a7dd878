"""Code in a template's comment is not live, by the language that the file's name tells: for `inject` as for `lint`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import snippets
from tests.conftest import Run
from tests.pixels import CODES, META_ID

BASE = "<script>" + snippets.without_nonce(CODES["fbq"]).partition("<script>")[2].partition("<noscript")[0]
PAGE = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n%s\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"
CODE = BASE.replace("</script>", "fbq('track', 'Purchase', {value: 5, currency: 'USD'});</script>")
KIND = ("--kind", "fbq", "--pixel", META_ID, "--event", "Purchase", "--value", "500", "--currency", "USD")


@pytest.mark.wide
@pytest.mark.parametrize(
    ("name", "form", "is_live"),
    [
        ("a.twig", "{# %s #}", False),
        ("a.njk", "{# %s #}", False),
        ("a.liquid", "{%% comment %%}%s{%% endcomment %%}", False),
        ("a.blade.php", "{{-- %s --}}", False),
        ("a.erb", "<%%# %s %%>", False),
        ("a.hbs", "{{! %s }}", False),
        ("a.gohtml", "{{/* %s */}}", False),
        ("a.cshtml", "@* %s *@", False),
        ("a.tpl", "{* %s *}", False),
        ("a.vm", "#* %s *#", False),
        ("a.tt", "[%%# %s %%]", False),
        ("a.html", "<!-- %s -->", False),
        ("a.liquid", "{# %s #}", True),
        ("a.erb", "{{!-- %s --}}", True),
        ("a.php", "{{-- %s --}}", True),
        ("a.html", "@* %s *@", True),
    ],
)
def test_a_comment_is_one_for_every_command(run: Run, name: str, form: str, is_live: bool) -> None:
    Path(name).write_text(PAGE % form % CODE)
    every = ("--include", "*", name)
    assert bool(json.loads(run("inspect", "--json", *every).out)["files"][0]["snippets"]) is is_live
    assert bool(json.loads(run("status", "--json", *every).out)["files"][0]["pixels"]) is is_live
    ran = run("inject", *every, *KIND, "--server-code", "--check")
    assert ("unmarked" in ran.err, "would be inserted" in ran.err) == (is_live, not is_live), ran.err
