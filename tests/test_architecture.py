"""The house rules, held against the source: who imports whom, who touches the outside, and what each part has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import snippetkit
from snippetkit import dialects, exports, snippets, templating
from snippetkit.cli._modules import public_modules
from snippetkit.terms import Several
from tests.conftest import CASES

PACKAGE = Path(snippetkit.__file__).parent
README = Path(__file__).parent.parent / "README.md"

# Each module or folder, and what of the package it may import.
MAY_IMPORT = {
    "errors": set(),
    "terms": set(),
    "model": {"errors"},
    "money": {"errors"},
    "html": {"errors"},
    "dialects": {"errors", "terms"},
    "snippets": {"dialects", "errors", "html", "model", "money", "terms"},
    "rules": {"errors", "money"},
    "lint": {"money", "dialects", "html", "snippets", "terms"},
    "csp": {"errors", "html"},
    "inject": {"errors", "html", "lint", "model", "snippets", "terms"},
    "templating": {"errors", "html", "model", "terms"},
    "containers": {"dialects", "errors", "model", "rules", "templating", "terms"},
    "gtm": {"dialects", "errors", "html", "terms"},
    "exports": {"containers", "csp", "errors", "gtm", "model", "snippets", "templating", "terms"},
    "migrate": {"errors", "model", "templating", "terms"},
    "files": {"errors", "model"},
    "run": {"errors", "files", "inject", "model"},
    "browser": {"containers", "terms", "errors", "html", "lint", "model", "money", "snippets"},
    "report": {"browser", "csp", "lint", "model", "snippets", "templating", "terms"},
    "cache": set(),
    "graph": {"__version__", "errors", "model", "terms"},
    "sandbox": {"errors", "templating", "terms"},
    "cli": {"browser", "cache", "containers", "csp", "dialects", "errors", "exports", "files", "graph", "gtm"}
    | {"inject", "lint", "migrate", "model", "money", "report", "rules", "run", "sandbox", "snippets", "templating"}
    | {"terms"},
    "__main__": {"cli"},
    "__init__": set(),
}  # fmt: skip
# Outside modules that only some may use.
ONLY = {
    "requests": {"graph", "sandbox", "cli"},
    "click": {"cli"},
    "sqlite3": {"cache", "sandbox"},
    "werkzeug": {"sandbox"},
    "jinja2": {"templating"},
    "bs4": {"snippets"},
    "http": {"browser"},
    "playwright": {"browser"},
    "tree_sitter": {"dialects", "gtm", "lint"},
    "socket": {"sandbox"},
    "tempfile": set(),
    "subprocess": set(),
}
OF_CLI = {"os.environ", "os.getenv", "sys.exit", "sys.stdin", "sys.stdout", "sys.stderr", "print", "exit", "input"}
WRITES = {"write_bytes", "write_text", "rename", "unlink", "mkdir", "rmdir", "touch", "chmod", "symlink_to", "open"}


def _modules() -> Iterator[tuple[str, str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        yield name.parts[0].removesuffix(".py"), str(name), ast.parse(path.read_text("utf-8"))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _parts_of_the_package(tree: ast.Module) -> set[str]:
    names = (name.split(".") for name in _imports(tree))
    return {name[1] for name in names if name[0] == "snippetkit"} - {"__version__"}


@pytest.mark.parametrize(("room", "name", "tree"), [pytest.param(*found, id=found[1]) for found in _modules()])
def test_a_module_imports_only_what_its_room_may(room: str, name: str, tree: ast.Module) -> None:
    assert _parts_of_the_package(tree) - {room} <= MAY_IMPORT[room]
    outside = {found.split(".")[0] for found in _imports(tree)}
    assert not [library for library in outside & ONLY.keys() if room not in ONLY[library]]


@pytest.mark.parametrize(("room", "name", "tree"), [pytest.param(*found, id=found[1]) for found in _modules()])
def test_only_cli_prints_exits_or_reads_the_environment(room: str, name: str, tree: ast.Module) -> None:
    assert room == "cli" or not _used_names(tree) & OF_CLI


@pytest.mark.parametrize(("room", "name", "tree"), [pytest.param(*found, id=found[1]) for found in _modules()])
def test_only_files_and_the_databases_write_to_the_disk(room: str, name: str, tree: ast.Module) -> None:
    methods = {name.rpartition(".")[2] for name in _used_names(tree)} - ({"open"} if room == "cli" else set())
    assert room in {"cache", "files", "sandbox"} or not methods & WRITES


def _used_names(tree: ast.Module) -> set[str]:
    """The names of what is called or read, with the module or variable in front of a dot."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return names | {f"{ast.unparse(node.value)}.{node.attr}" for node in attributes}


def test_modules_and_functions_stay_short() -> None:
    for _, name, tree in _modules():
        assert max((node.end_lineno for node in tree.body if node.end_lineno), default=0) <= 300, name
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{name}: {node.name}"


@pytest.mark.parametrize("name", public_modules(dialects.__path__[0]))
def test_each_dialect_has_its_parts(name: str) -> None:
    module = import_module(f"snippetkit.dialects.{name}")
    assert name == module.NAME
    assert module is dialects.find(name)
    assert module in dialects.every()
    for part in dialects.Dialect.__annotations__:
        assert hasattr(module, part)
    assert all(isinstance(trace, bytes) for trace in module.TRACES)
    assert isinstance(module.SEVERAL, Several)
    [code] = (CASES / "code").glob(f"{name}.*")
    [snippet] = snippets.read(code.read_text("utf-8"))
    assert snippet.dialect == name
    assert any(trace in snippet.source.encode() for trace in module.TRACES)


@pytest.mark.parametrize("name", ["fp", "fbq"])
def test_a_dialect_that_the_api_answers_with_can_be_checked(name: str) -> None:
    for part in dialects.AnsweredDialect.__annotations__:
        assert hasattr(dialects.find_answered(name), part)


@pytest.mark.parametrize("name", exports.names())
def test_each_format_is_in_the_readme(name: str) -> None:
    assert f"snippetkit export {name} " in README.read_text("utf-8")


def test_every_template_ships_and_every_shipped_template_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    for path in templating.FOLDER.rglob("*.j2"):
        name = path.relative_to(templating.FOLDER)
        room, stem = name.parts[0], name.name.removesuffix(".html.j2")
        assert (
            str(name) in source
            or (room == "demo" and f"{stem}.html" in source)
            or (room == "dialects" and stem in public_modules(dialects.__path__[0]))
            or (room == "inject" and templating.find(stem).description)
        ), name


@pytest.mark.parametrize("name", [found.name for found in templating.list_templates()])
def test_each_template_for_a_snippet_is_in_the_readme(name: str) -> None:
    assert re.search(rf"^{name} +shipped ", README.read_text("utf-8"), re.MULTILINE)


def test_the_cases_name_no_pixel_but_our_own() -> None:
    ids = {"6009125095680", "6009125095681", "434566956589050"}
    for path in (path for path in CASES.rglob("*") if path.is_file()):
        assert set(re.findall(rb"(?<![0-9])6[0-9]{12}(?![0-9])", path.read_bytes())) <= {id_.encode() for id_ in ids}
