"""What commands print with --json, held against the schemas that `snippetkit schema` prints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from snippetkit import schemas
from snippetkit.cli import root
from tests.conftest import ACCOUNT, CASES, Run

VALIDATOR = jsonschema.Draft202012Validator
PAGE = '<!doctype html>\n<html lang="en">\n<head>\n<title>x</title>\n%s</head>\n<body>\n<p>x</p>\n</body>\n</html>\n'
FBQ = "<script>fbq('init', '434566956589050'); fbq('track', 'Purchase', {value: %s, currency: 'USD'});</script>\n"
CODES = sorted((CASES / "code").glob("*.html"))
CONTAINERS = [*sorted((CASES / "exports").glob("*.json")), CASES / "containers" / "broad.json"]


@pytest.fixture
def site() -> Path:
    """A site in which there is something to say of each page."""
    folder = Path("site")
    folder.mkdir()
    pages = {
        "none": PAGE % "",
        "by-hand": PAGE % (FBQ % 5),
        "server": PAGE % (FBQ % "{{ total }}"),
        "broken": "<html><head><title>x",
        "zero": PAGE % (FBQ % "'0,00'") + "<noscript><img src='https://www.facebook.com/tr?id=1&ev=Lead'></noscript>",
    }
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page)
    Path("code.html").write_text(FBQ % 5)
    Path("rules.csv").write_text("page,pixel,value,currency\n/none.html,434566956589050,1999,USD\n")
    return folder


def _document(run: Run, name: str, *arguments: str | Path) -> Any:
    ran = run(*arguments)
    document = json.loads(ran.out)
    VALIDATOR(schemas.schema(name)).validate(document)
    assert document["version"] == schemas.version(name)
    assert next(iter(document)) == "version"
    return document


COMMANDS: dict[str, Callable[[Path], Sequence[Sequence[str | Path]]]] = {
    "csp": lambda site: [["csp", site, "--json"], ["csp", *CODES, "--json"]],
    "inspect": lambda site: [["inspect", site, "--json"], ["inspect", *CODES, "--json"]],
    "lint": lambda site: [
        ["lint", site, "--json"],
        ["lint", *CODES, "--format", "json"],
        ["lint", "code.html", "--json"],
    ],
    "import": lambda site: [["import", file, "--json"] for file in CONTAINERS],
    "lint-container": lambda site: [["lint-container", CONTAINERS[-1], "--format", "json"]],
    "inject": lambda site: [
        ["inject", site, "--from-file", "code.html", "--json", "--check", "--diff"],
        ["inject", site, "--from-file", "code.html", "--pages", "rules.csv", "--json"],
    ],
    "status": lambda site: [["status", site, "--json"], ["status", *CODES, "--json"]],
    "remove": lambda site: [["remove", site, "--json"]],
}


@pytest.mark.wide
@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_prints_is_what_its_schema_says(run: Run, site: Path, name: str) -> None:
    documents = [_document(run, name, *arguments) for arguments in COMMANDS[name](site)]
    assert any(told for document in documents for key, told in document.items() if key != "version")
    if name == "inject":
        _document(run, "status", "status", site, "--json")


def test_a_container_with_findings_is_told_as_its_schema_says(run: Run) -> None:
    broken = json.loads(CONTAINERS[-1].read_bytes())
    broken["containerVersion"]["tag"][0]["firingTriggerId"] = ["99999"]
    Path("x.json").write_text(json.dumps(broken))
    [file] = _document(run, "lint-container", "lint-container", "x.json", "--format", "json")["files"]
    assert file["findings"]


def test_what_sync_prints_is_what_its_schema_says(run: Run, site: Path) -> None:
    Path("snippetkit.toml").write_text(
        '[pixels.shop]\nfile = "code.html"\n\n[[sites]]\npaths = ["site"]\ninclude = ["none.html"]\n'
        'rules = [{ page = "/none.html", pixel = "shop", value = 1999, currency = "USD" }]\n\n'
        '[[exports]]\nformat = "gtm"\nfile = "gtm.json"\n'
    )
    document = _document(run, "sync", "sync", "--json")
    assert [file["path"] for file in document["files"]] == ["site/none.html", "gtm.json"]
    assert document["rules"]


def test_what_is_told_of_pixels_is_what_the_schemas_say(run: Run) -> None:
    api = ["--api-url", "sandbox:x.db", "--account", ACCOUNT]
    for kind in ("conversion", "meta"):
        assert _document(run, "pixels-list", "pixels", "list", "--json", "--kind", kind, *api)["pixels"] == []
        created = run("pixels", "create", "--name", "x", "--kind", kind, *api).out.strip()
        [listed] = _document(run, "pixels-list", "pixels", "list", "--json", "--kind", kind, *api)["pixels"]
        shown = _document(run, "pixels-show", "pixels", "show", created, "--json", "--kind", kind, *api[:2])
        assert shown["id"] == listed["id"] == created


@pytest.mark.browser
def test_what_a_browser_saw_is_told_as_the_schemas_say(run: Run, site: Path) -> None:
    visits = _document(run, "verify", "verify", site, *CODES[:3], "--both", "--json")["visits"]
    assert any(visit["fired"] for visit in visits) and any(visit["faults"] for visit in visits)
    assert _document(run, "verify", "verify", "site/none.html", "--json")["visits"][0]["fired"] == []
    injected = ["inject", "site/none.html", "--from-file", "code.html", "--verify", "--json"]
    assert _document(run, "inject", *injected)["visits"]


@pytest.mark.parametrize("name", schemas.names())
def test_each_schema_is_one_and_is_printed(run: Run, name: str) -> None:
    printed = json.loads(run("schema", name).out)
    assert printed == schemas.schema(name)
    VALIDATOR.check_schema(printed)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR(printed).validate({})
    for part in _objects(printed):
        assert part["additionalProperties"] is not True
        assert {*part.get("required", ())} <= {*part.get("properties", ())}


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _objects(part)
    if isinstance(schema, dict) and schema.get("type") == "object" and "additionalProperties" in schema:
        yield schema


def test_the_project_files_schema_is_printed_too(run: Run) -> None:
    assert json.loads(run("schema", "snippetkit.toml").out) == json.loads(run("init", "--schema").out)


def _commands(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*names, name))
        elif command:
            yield (*names, name), command


def test_each_command_that_prints_json_has_a_schema() -> None:
    told = {"-".join(names) for names, command in _commands(root) if _prints_json(command)}
    assert told == {*schemas.names()}


def _prints_json(command: click.Command) -> bool:
    options = {option for param in command.params for option in param.opts}
    formats = [param.type for param in command.params if param.name == "format_name"]
    return "--json" in options or any("json" in getattr(one, "choices", ()) for one in formats)
