"""What `sync` says names keys of the project file, where other commands have an option."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from snippetkit import project
from snippetkit.cli import _keys, sync

KEYS = {one.name for table in (project.Code, project.Site, project.Export, project.Sheet) for one in fields(table)}
KEYS |= {one.name for table in (project.Pixel, project.Rule) for one in fields(table)}
TOLD = {
    "--hidden-rows skip leaves them out, --hidden-rows take takes them": (
        'sheet = { file = .., hidden_rows = "skip" } leaves them out, sheet = { file = .., hidden_rows = "take" } takes'
        " them"
    ),
    "--sheet 'EU 1' takes it": 'sheet = { file = .., name = "EU 1" } takes it',
    "--allow 'consent:grant' allows it": 'allow = ["consent:grant"] allows it',
    "--allow-host a.example --allow-host b.example allows it": 'allow_hosts = ["a.example", "b.example"] allows it',
    "--adopt=replace puts": 'adopt = "replace" puts',
    "--adopt puts": "adopt = true puts",
    "'inject --adopt' marks it again": "'inject --adopt' marks it again",
    "--on-conflict rename keeps both": 'on_conflict = "rename" keeps both',
    "--event NAME says which": "event says which",
    "--event-id gives it one, --force leaves it out": "event_id gives it one, --force leaves it out",
    "--server-values takes it, with php": "server_values takes it, with php",
    "'snippetkit remove --key fp:1' first": "'snippetkit remove --key fp:1' first",
}


@pytest.mark.parametrize("text", TOLD)
def test_an_option_is_a_key_of_the_file(text: str) -> None:
    assert _keys.in_keys(text) == TOLD[text]


def test_each_key_is_one_that_the_file_has_and_no_option_is_one_of_syncs() -> None:
    told = {**_keys._BARE, **_keys._VALUED}
    for option, text in told.items():
        assert {*re.findall(r"\b[a-z_]{2,}\b(?= =|\Z)", text)} - {"sheet", "file", "true"} <= KEYS, option
    assert not {opt for param in sync.command.params for opt in param.opts} & told.keys()
