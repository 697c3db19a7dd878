"""`lint-container` and `diff-container`: what a person and a pipeline see of them."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import CASES, Run
from tests.containers import BROAD, Json, broad, export, html_tag, variable

SNIPPETKIT = [sys.executable, "-m", "snippetkit"]
GOLDEN = CASES / "exports" / "gtm.json"


def _write(name: str, document: object) -> Path:
    path = Path(name)
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return path


@pytest.mark.parametrize("file", [BROAD, GOLDEN], ids=["theirs", "ours"])
def test_a_clean_container_prints_nothing(run: Run, file: Path) -> None:
    ran = run("lint-container", file)
    assert (ran.code, ran.out, ran.err) == (0, "", "0 findings\n")
    document = json.loads(run("lint-container", file, "--format", "json").out)
    assert document == {"version": 1, "files": [{"path": str(file), "findings": []}]}


def test_each_finding_is_a_line_with_its_place_and_nothing_that_steers_a_terminal(run: Run) -> None:
    tags = [html_tag("1", "A\x1b[2J\n", triggers=("7",)), html_tag("2", "B", "x " * 20_000)]
    _write("x.json", export(tag=tags))
    ran = run("lint-container", "x.json")
    assert (ran.code, ran.err) == (1, "2 findings\n")
    first, second = ran.out.splitlines()
    assert first.startswith("x.json: error unknownTriggerId: tag 'A\\x1b[2J\\n' (tagId 1): it refers to a trigger")
    assert second.startswith("x.json: warning lineTooLong: tag 'B' (tagId 2): a line of 40000 characters")
    [file] = json.loads(run("lint-container", "x.json", "--format", "json").out)["files"]
    assert [(found["code"], found["level"]) for found in file["findings"]] == [
        ("unknownTriggerId", "error"),
        ("lineTooLong", "warning"),
    ]


def test_a_container_comes_from_stdin_too() -> None:
    done = subprocess.run([*SNIPPETKIT, "lint-container", "-"], input=BROAD.read_bytes(), capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"0 findings\n")


BAD = {
    "truncated": BROAD.read_text("utf-8")[:5000],
    "empty": "",
    "deep": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "twice": '{"a": 1, "a": 2}',
    "binary": "\x00\x01",
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", [["lint-container"], ["diff-container", BROAD]], ids=lambda parts: parts[0])
def test_a_file_that_is_no_json_ends_in_one_line(run: Run, command: list[str], name: str) -> None:
    ran = run(*command, _write("x.json", BAD[name]))
    assert (ran.code, ran.out) == (6 if name == "empty" else 2, "")
    assert ran.err.startswith("error: x.json: ")
    assert ran.err.count("\n") == 1


def test_bytes_that_are_not_utf_8_and_files_that_are_not_there_end_in_one_line(run: Run) -> None:
    Path("x.json").write_bytes(b'{"a": "\xff"}')
    assert run("lint-container", "x.json").err.startswith("error: x.json: not UTF-8; export the container again")
    ran = run("lint-container", "y.json")
    assert (ran.code, ran.err.count("\n")) == (6, 1)


def test_json_that_is_no_export_is_a_finding_of_lint_and_refused_by_diff(run: Run) -> None:
    _write("x.json", '{"containerVersion": ' + "[" * 150 + "]" * 150 + "}")
    ran = run("lint-container", "x.json")
    assert (ran.code, ran.out) == (
        1,
        "x.json: error wrongType: the document: more than 100 lists and objects inside each other\n",
    )
    ran = run("diff-container", BROAD, _write("x.json", {"tags": []}))
    assert ran.code == 2
    assert ran.err.startswith("error: x.json: not an export of Google Tag Manager; give what Admin > Export")
    assert run("lint-container", "x.json").err == ran.err
    ran = run("diff-container", BROAD, _write("x.json", {"containerVersion": {}}))
    assert ran.err.startswith("error: x.json: the document: there is no exportFormatVersion; give a container")


API = {"containerVersionId": "3", "container": {}, "tag": [{"tagId": "1", "name": "x", "type": "html"}]}
OTHERS = {
    "matomo": (CASES / "exports" / "matomo.json", "this is a file of Matomo Tag Manager, not of Google"),
    "zaraz": (CASES / "exports" / "zaraz.json", "this is a file of Cloudflare Zaraz, not of Google Tag"),
    "adobe": (CASES / "exports" / "adobe.json", "this is a file of Adobe Experience Platform Tags, not of Google"),
    "version": (API, "a ContainerVersion of the Tag Manager API, not an export; export the container in the tag"),
    "answer": ({"containerVersion": API}, "a ContainerVersion of the Tag Manager API, not an export; export the"),
    "zip": (None, "a zip, not an export; unpack it, and give the file in it"),
    "list": ([API], "Admin > Export Container"),
}


def _zip() -> Path:
    with ZipFile("x.zip", "w") as archive:
        archive.write(GOLDEN, "gtm.json")
    return Path("x.zip")


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("command", ["lint", "diff", "into"])
def test_another_kind_of_file_is_said_to_be_one_with_what_to_do(run: Run, command: str, name: str) -> None:
    given, message = OTHERS[name]
    file = _zip() if given is None else given if isinstance(given, Path) else _write("x.json", given)
    _write("code.html", "<script>fbq('init', '434566956589050'); fbq('track', 'Lead');</script>")
    export_into = ["export", "gtm", "--from-file", "code.html", "--all-pages", "-o", "out.json", "--into"]
    commands = {"lint": ["lint-container"], "diff": ["diff-container", BROAD], "into": export_into}
    ran = run(*commands[command], file)
    assert (ran.code, ran.out, Path("out.json").exists()) == (2, "", False)
    [error] = [line for line in ran.err.splitlines() if line.startswith("error: ")]
    assert error.startswith(f"error: {file}: ")
    assert message in error


def test_a_container_whose_items_have_no_ids_takes_no_tags(run: Run) -> None:
    _write("code.html", "<script>fbq('init', '434566956589050'); fbq('track', 'Lead');</script>")
    document = export(tag=[{key: part for key, part in html_tag("1", "A").items() if key != "tagId"}])
    merged = run("export", "gtm", "--from-file", "code.html", "--all-pages", "--into", _write("x.json", document))
    assert (merged.code, merged.out) == (2, "")
    assert "error: x.json: containerVersion.tag[0]: there is no tagId; give a container that Google" in merged.err


def test_a_large_file_is_read() -> None:
    document = export(tag=[html_tag(str(number), f"Tag {number}") for number in range(1, 5001)])
    done = subprocess.run(
        [*SNIPPETKIT, "lint-container", "-"], input=json.dumps(document).encode(), capture_output=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stdout.startswith(b"-: warning containerTooLarge")


def test_the_same_container_differs_in_nothing(run: Run) -> None:
    ran = run("diff-container", BROAD, BROAD)
    assert (ran.code, ran.out, ran.err) == (0, "", "0 added, 0 removed, 0 changed\n")


def _changed() -> Json:
    after = deepcopy(broad())
    version = after["containerVersion"]
    version["tag"][0]["paused"] = True
    version["tag"][6]["parameter"][0]["value"] = version["tag"][6]["parameter"][0]["value"].replace("500", "900")
    version["variable"][2]["parameter"][0]["value"] = "G-" + "X" * 300 + "\x07"
    version["folder"].append({"folderId": "999", "name": "New\x1b"})
    del version["zone"]
    return after


def test_what_differs_is_readable(run: Run) -> None:
    ran = run("diff-container", BROAD, _write("after.json", _changed()))
    assert (ran.code, ran.err) == (1, "1 added, 1 removed, 3 changed\n")
    assert ran.out == (
        "changed: tag 'Google tag'\n"
        "  paused: nothing -> 'True'\n"
        "changed: tag 'Settings of consent'\n"
        "  html:\n"
        "    -    'wait_for_update': 500\n"
        "    +    'wait_for_update': 900\n"
        "changed: variable 'Measurement ID'\n"
        f"  value: 'G-ABCDE12345' -> 'G-{'X' * 158}...'\n"
        "added: folder 'New\\x1b'\n"
        "removed: zone 'Partner'\n"
    )


def test_notes_of_people_count_and_are_shown_line_by_line(run: Run) -> None:
    after = deepcopy(broad())
    after["containerVersion"]["tag"][0]["notes"] = "Ask Anna.\nShe knows."
    after["containerVersion"]["trigger"][0]["notes"] = "Since May"
    ran = run("diff-container", BROAD, _write("after.json", after))
    assert ran.out == (
        "changed: tag 'Google tag'\n  notes:\n    +Ask Anna.\n    +She knows.\n"
        "changed: trigger 'Pages of the shop'\n  notes: nothing -> 'Since May'\n"
    )
    assert "    -She knows.\n" in run("diff-container", "after.json", BROAD).out


def test_a_long_text_is_shown_where_it_differs_and_a_very_long_one_only_counted(run: Run) -> None:
    first = export(variable=[variable("1", "V", "a" * 500 + "b"), variable("2", "W", "x\n" * 3000)])
    other = export(variable=[variable("1", "V", "a" * 500 + "c"), variable("2", "W", "y\n" * 2500)])
    ran = run("diff-container", _write("a.json", first), _write("b.json", other))
    assert f"  value: '...{'a' * 40}b' -> '...{'a' * 40}c'\n" in ran.out
    assert "  value:\n    3001 lines -> 2501 other lines\n" in ran.out


def test_a_secret_that_differs_is_said_and_not_shown(run: Run) -> None:
    first, other = (export(variable=[variable("1", "API secret", value)]) for value in ("S3CR3T", "0TH3R"))
    ran = run("diff-container", _write("a.json", first), _write("b.json", other))
    assert ran.out == "changed: variable 'API secret'\n  value: differs in a part that is not shown\n"


def test_both_cannot_come_from_stdin(run: Run) -> None:
    ran = run("diff-container", "-", "-")
    assert ran.code == 2
    assert "A and B cannot both be read from stdin." in ran.err
