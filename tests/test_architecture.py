"""The house rules, held against the source: who imports whom, who touches the outside, and what each part has."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import snippetkit
from snippetkit import exports, platforms, snippets, templating
from tests.conftest import CASES
from tests.documents import PAGES, ROOT, TOGETHER

PACKAGE = Path(snippetkit.__file__).parent
CONTRIBUTING = ROOT / "CONTRIBUTING.md"

# Each module or folder, and what of the package it may import.
MAY_IMPORT = {
    "errors": set(),
    "terms": set(),
    "patterns": set(),
    "records": set(),
    "doors": set(),
    "key": {"errors"},
    "places": {"money"},
    "references": set(),
    "model": {"errors", "key", "money", "places", "references"},
    "money": {"errors"},
    "schemas": set(),
    "searching": set(),
    "conditions": set(),
    "needles": {"searching"},
    "server_code": {"conditions", "errors", "searching"},
    "html": {"errors", "references", "server_code", "terms"},
    "javascript": {"conditions", "errors", "references"},
    "platforms": {"errors", "javascript", "key", "money", "needles", "references", "searching", "terms"},
    "snippets": {
        "errors", "html", "javascript", "key", "model", "money", "places", "platforms", "references", "server_code",
        "terms",
    },
    "amounts": {"errors"},
    "sheets": {"amounts", "errors"},
    "rules": {"amounts", "errors", "money", "platforms", "sheets"},
    "lint": {
        "html", "javascript", "key", "money", "platforms", "references", "searching", "server_code", "snippets",
        "terms",
    },
    "csp": {"errors", "html", "javascript", "platforms", "references", "searching", "server_code"},
    "inject": {
        "errors", "html", "javascript", "key", "lint", "model", "platforms", "searching", "server_code", "snippets",
        "terms",
    },
    "templating": {"errors", "html", "model", "money", "platforms", "server_code", "terms"},
    "containers": {
        "errors", "javascript", "model", "places", "platforms", "rules", "server_code", "templating", "terms",
    },
    "gtm": {"javascript", "errors", "html", "platforms", "terms"},
    "exports": {
        "containers", "csp", "errors", "gtm", "html", "javascript", "model", "platforms", "server_code", "snippets",
        "templating", "terms",
    },
    "migrate": {"errors", "model", "platforms", "templating"},
    "files": {"errors", "model", "searching", "terms"},
    "run": {"errors", "files", "inject", "model", "terms"},
    "stores": {"errors", "files", "model", "terms"},
    "browser": {
        "containers", "terms", "errors", "html", "key", "lint", "model", "money", "platforms", "references", "snippets",
    },
    "project": {"errors", "files", "terms"},
    "report": {"browser", "csp", "exports", "gtm", "lint", "model", "platforms", "snippets", "templating", "terms"},
    "cache": set(),
    "graph": {"errors", "model"},
    "sandbox": {"errors", "templating", "terms"},
    "work": {"browser", "cache", "containers", "csp", "errors", "exports", "files", "graph", "inject", "key", "lint"}
    | {"model", "money", "platforms", "project", "rules", "run", "sandbox", "server_code", "snippets", "stores"}
    | {"templating", "terms"},
    "cli": {"amounts", "browser", "containers", "csp", "errors", "exports", "files", "graph", "gtm", "inject", "key"}
    | {"lint", "migrate", "model", "money", "needles", "platforms", "project", "report", "rules", "run", "sandbox"}
    | {"schemas", "server_code", "snippets", "stores"}
    | {"templating", "terms", "work"},
    "__main__": {"cli"},
    "accepting": {"arguments", "errors", "lint", "model", "snippets", "work"},
    "arguments": {"containers", "errors", "model", "money", "platforms", "terms"},
    "interface": {
        "accepting", "arguments", "containers", "errors", "exports", "files", "lint", "model", "snippets", "terms",
        "work",
    },
    "__init__": {"interface"},
}  # fmt: skip
# What all may use.
OF_ALL = {"__version__", "doors", "patterns", "records"}
# Outside modules that only some may use.
ONLY = {
    "requests": {"graph", "sandbox", "stores", "work"},
    "boto3": {"stores"},
    "botocore": {"stores"},
    "google": {"stores"},
    "azure": {"stores"},
    "dask": set(),
    "distributed": {"run"},
    "click": {"cli"},
    "sqlite3": {"cache", "sandbox"},
    "werkzeug": {"sandbox"},
    "jinja2": {"templating"},
    "bs4": {"snippets"},
    "http": {"browser"},
    "playwright": set(),
    "openpyxl": {"sheets"},
    "tree_sitter": {"csp", "javascript", "platforms", "gtm", "lint"},
    "socket": {"sandbox"},
    "tempfile": {"browser"},
    "subprocess": {"browser", "work"},  # on Windows the browser is started; git is asked what has changed
}
# What is still taken past a room's front door, by who takes it; nothing new comes in.
PAST_THE_DOOR: dict[str, set[str]] = {}
# What `.ci/needles.py` makes.
MADE = ("needles/shipped.py", "platforms/shipped.py")
# The rooms that are about one platform; the API's client and the sandbox are of the one that has such an API. A store's
# SDK is called as the platform of the same vendor is.
OF_ONE_PLATFORM = (
    *(f"platforms/{one.name}/" for one in platforms.every_platform()),
    "graph/",
    "sandbox/",
    "stores/gcs",
    *MADE,  # of what they say
)
# What a platform is called, its title apart, which tag managers have for their own tags; its loaders; its globals.
# One platform has a tag manager too, by which an export is called.
_WORDS = {one.name for one in platforms.every_platform()} - {*exports.names()} | {"Facebook"}
_WORDS |= {host for one in platforms.every_platform() for host in one.loader_hosts}
_WORDS |= {name for dialect in platforms.every() for name in dialect.names}
NAMES = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, _WORDS)))})(?![\w-])")
OF_CLI = {"os.environ", "os.getenv", "sys.exit", "sys.stdin", "sys.stdout", "sys.stderr", "print", "exit", "input"}
WRITES = {"write_bytes", "write_text", "rename", "unlink", "mkdir", "rmdir", "touch", "chmod", "symlink_to", "open"}


@dataclass(frozen=True)
class Module:
    """A module of the package, and the room that it is in."""

    path: Path

    @cached_property
    def name(self) -> str:
        return str(self.path.relative_to(PACKAGE))

    @property
    def room(self) -> str:
        return Path(self.name).parts[0].removesuffix(".py")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return [*ast.walk(ast.parse(self.path.read_text("utf-8")))]

    @cached_property
    def imports(self) -> list[str]:
        """What it imports, by its full name."""
        names: list[str] = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names += (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names += (f"{node.module}.{alias.name}" for alias in node.names)
        return names

    @cached_property
    def used_names(self) -> set[str]:
        """The names of what is called or read, with the module or variable in front of a dot."""
        names = {node.id for node in self.nodes if isinstance(node, ast.Name)}
        attributes = (node for node in self.nodes if isinstance(node, ast.Attribute))
        return names | {f"{ast.unparse(node.value)}.{node.attr}" for node in attributes}

    def members(self) -> Iterator[str]:
        """What is taken with a dot of rooms, where their names are imported."""
        for scope in (node for node in self.nodes if isinstance(node, _SCOPES)):
            inside = scope.body if isinstance(scope, ast.Module) else ast.walk(scope)  # it may be on a condition
            imports = [node for node in inside if isinstance(node, ast.ImportFrom) and node.module == "snippetkit"]
            rooms = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
            for node in ast.walk(scope) if rooms else ():
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in rooms:
                    yield f"snippetkit.{rooms[node.value.id]}.{node.attr}"

    def taken_past_the_door(self) -> Iterator[str]:
        """What it takes of another room that the room's front door does not offer."""
        every = {name for name in (*self.imports, *self.members()) if name.startswith("snippetkit.")}
        for of, *names in (name.split(".")[1:] for name in every):
            if names and of != self.room and (len(names) > 1 or names[0] not in _front_door(of)):
                yield ".".join([of, *names])


_SCOPES = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef
MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]


@cache
def _front_door(room: str) -> frozenset[str]:
    """What a room says is for all: its `__all__`, else what has no leading underscore and is no module of its own."""
    module = import_module(f"snippetkit.{room}")
    public = (name for name, value in vars(module).items() if name[0] != "_" and not isinstance(value, ModuleType))
    return frozenset(getattr(module, "__all__", public))


def _broken(rule: Callable[[Module], object]) -> dict[str, object]:
    """The modules that break a rule, each with what it does.

    All are looked at in one test: thousands of tests would take longer than what they look at.
    """
    return {module.name: told for module in MODULES if (told := rule(module))}


def test_a_module_imports_only_what_its_room_may() -> None:
    assert _broken(_imports_too_much) == {}


def test_what_a_room_may_import_it_does() -> None:
    taken: dict[str, set[str]] = {}
    for module in MODULES:
        names = (name.split(".") for name in (*module.imports, *module.members()) if name.startswith("snippetkit."))
        taken.setdefault(module.room, set()).update(name[1] for name in names)
    assert {room: may - taken[room] for room, may in MAY_IMPORT.items() if may - taken[room]} == {}


def _imports_too_much(module: Module) -> set[str]:
    parts = {name.split(".")[1] for name in module.imports if name.startswith("snippetkit.")} - OF_ALL
    outside = {name.split(".")[0] for name in module.imports} & ONLY.keys()
    libraries = {library for library in outside if module.room not in ONLY[library]}
    return (parts - {module.room} - MAY_IMPORT[module.room]) | libraries


def test_a_room_is_entered_by_its_front_door() -> None:
    assert _broken(lambda module: {*module.taken_past_the_door()}) == PAST_THE_DOOR


def test_a_door_that_loads_later_offers_what_it_is_typed_with() -> None:
    doors = [module for module in MODULES if "snippetkit.doors.door" in module.imports]
    rooms = "csp files html inject javascript lint platforms run server_code snippets work".split()
    assert sorted(module.room for module in doors if module.room != "doors") == rooms
    for module in doors:
        [homes] = (
            node.args[1] for node in module.nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "door"
        )
        of_home = ast.literal_eval(homes).items()
        told = {f"snippetkit.{module.room}.{home}.{name}" for home, names in of_home for name in names.split()}
        typed = {name for name in module.imports if name.startswith(f"snippetkit.{module.room}.")}
        assert told <= typed
        room = import_module(f"snippetkit.{module.room}")
        names = {name.rpartition(".")[2] for name in told}
        assert names <= {*room.__all__}
        assert all(name in vars(room) for name in {*room.__all__} - names)  # of modules that are called like these
        assert all(getattr(room, name) is not None for name in room.__all__)
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            room.nothing  # noqa: B018


def test_a_class_has_a_name_of_its_own() -> None:
    homes: dict[str, list[str]] = {}
    for module in MODULES:
        for node in (node for node in module.nodes if isinstance(node, ast.ClassDef)):
            homes.setdefault(node.name, []).append(module.name)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


def test_only_cli_prints_exits_or_reads_the_environment() -> None:
    # The one to keep it from the browser; the other because each vendor's SDK but Azure's looks there for credentials.
    allowed = {"browser/surroundings.py": {"os.environ"}, "stores/azure_credentials.py": {"os.environ"}}
    cli = {module.name: OF_CLI for module in MODULES if module.room == "cli"}
    assert _broken(lambda module: (module.used_names & OF_CLI) - (allowed | cli).get(module.name, set())) == {}


def test_what_is_printed_is_as_loud_as_is_wanted_and_makes_way_for_no_line() -> None:
    own = {"cli/_saying.py", "cli/_progress.py", "cli/_terminal.py"}
    assert _broken(lambda module: module.name not in own and module.used_names & {"click.echo"}) == {}


def test_only_files_and_the_databases_write_to_the_disk() -> None:
    assert _broken(lambda module: module.room not in {"cache", "files", "sandbox"} and _writes(module)) == {}


def _writes(module: Module) -> set[str]:
    methods = {name.rpartition(".")[2] for name in module.used_names} - ({"open"} if module.room == "cli" else set())
    return methods & WRITES


def test_a_module_and_its_functions_stay_short() -> None:
    assert _broken(lambda module: [*_too_long(module)]) == {}


def _too_long(module: Module) -> Iterator[str]:
    if len(module.path.read_text("utf-8").splitlines()) > 300 and module.name not in MADE:
        yield "the module"
    for node in (node for node in module.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        statements = node.body[1:] if ast.get_docstring(node) else node.body
        first = statements[0].lineno if statements else node.end_lineno or 0
        if (node.end_lineno or 0) - first >= 33:
            yield node.name


def test_only_a_platforms_own_room_names_it() -> None:
    assert _broken(lambda module: not module.name.startswith(OF_ONE_PLATFORM) and _platforms_in(module)) == {}


def _platforms_in(module: Module) -> list[str]:
    """What names a platform; docstrings are for people: there is code of some platform in their examples."""
    firsts = [getattr(node, "body", None) for node in module.nodes if not isinstance(node, ast.Lambda)]
    docs = [body[0].value for body in firsts if isinstance(body, list) and body and isinstance(body[0], ast.Expr)]
    texts = (node for node in module.nodes if isinstance(node, ast.Constant) and node not in docs)
    told = [node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value) for node in texts]
    told += [name for node in module.nodes for name in (getattr(node, "id", ""), getattr(node, "attr", "")) if name]
    return [text for text in (*told, *module.imports) if NAMES.search(text)]


@pytest.mark.parametrize("name", [dialect.name for dialect in platforms.every()])
def test_each_dialect_has_its_parts(name: str) -> None:
    dialect = platforms.dialect_named(name)
    assert name == dialect.name
    assert dialect in platforms.every()
    assert not dialect.loader or dialect.own_loader is not None
    assert all(loader.script() for loader in dialect.platform.loaders)
    [code] = (CASES / "code").glob(f"{name}.*")
    [snippet] = snippets.read(code.read_text("utf-8"))
    assert snippet.dialect == name
    assert any(needle in snippet.source.encode() for needle in dialect.needles)
    assert re.search(rf"^\| (?:`\w+`, )*`{name}`(?:, `\w+`)* \| ", PAGES["read-code.md"], re.MULTILINE)


@pytest.mark.parametrize("name", ["fp", "fbq"])
def test_a_dialect_that_the_api_answers_with_can_be_checked(name: str) -> None:
    assert platforms.dialect_named(name).answered is not None


@pytest.mark.parametrize("name", exports.names())
def test_each_format_has_an_example(name: str) -> None:
    assert f"snippetkit export {name} " in TOGETHER


def test_every_template_ships_and_every_shipped_template_is_used() -> None:
    files = (*PACKAGE.rglob("*.py"), *templating.FOLDER.rglob("*.j2"))
    source = "".join(path.read_text("utf-8") for path in files)
    for path in templating.FOLDER.rglob("*.j2"):
        name = path.relative_to(templating.FOLDER)
        room, stem = name.parts[0], name.name.removesuffix(".html.j2")
        assert (
            f'"{name}"' in source
            or (room == "demo" and f"{stem}.html" in source)
            or (room == "migrate" and stem in {dialect.successor for dialect in platforms.every()})
            or (room == "dialects" and stem in [dialect.name for dialect in platforms.every()])
            or (room == "inject" and templating.find_template(stem).description)
        ), name


@pytest.mark.parametrize("name", [found.name for found in templating.list_templates()])
def test_each_template_for_a_snippet_is_told(name: str) -> None:
    assert re.search(rf"^{name} +shipped ", PAGES["templates.md"], re.MULTILINE)


def test_where_the_contributors_page_sends_people_there_is_something() -> None:
    text = CONTRIBUTING.read_text("utf-8")
    for room, rest in re.findall(r"`(snippetkit|templates|tests)/([\w./]+)`", text):
        base = {"snippetkit": PACKAGE, "templates": templating.FOLDER, "tests": Path(__file__).parent}[room]
        assert (base / rest).exists(), f"{room}/{rest}"
    assert text.count("\n") <= 75  # one screen


def test_the_cases_name_no_pixel_but_our_own() -> None:
    ids = {"6009125095680", "6009125095681", "434566956589050"}
    for path in (path for path in CASES.rglob("*") if path.is_file()):
        assert set(re.findall(rb"(?<![0-9])6[0-9]{12}(?![0-9])", path.read_bytes())) <= {id_.encode() for id_ in ids}
