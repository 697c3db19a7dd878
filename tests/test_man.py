"""The manual page says what the commands say now."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest

from tests.documents import ROOT


@pytest.fixture(scope="module")
def man() -> ModuleType:
    spec = spec_from_file_location("man", ROOT / ".ci" / "man.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_made_of_the_commands_as_they_are(man: ModuleType) -> None:
    assert (ROOT / "man" / "snippetkit.1").read_text("utf-8") == man.make(), "make it anew: python .ci/man.py"


def test_it_has_every_part_of_a_page_and_no_line_of_text_is_an_instruction(man: ModuleType) -> None:
    page = man.make()
    assert re.findall(r"^\.SH (.*)$", page, re.MULTILINE) == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "EXIT STATUS"
    ]  # fmt: skip
    assert {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))} <= {
        ".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nf", ".fi"
    }  # fmt: skip
    assert man._escaped(".so \\x 'a' -b\n'c \"d\"") == "\\&.so \\ex 'a' \\-b\n\\&'c \\(dqd\\(dq"
