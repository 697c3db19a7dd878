"""Data classes that are made for a quick start are as `dataclasses` makes them."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from snippetkit import records
from snippetkit.model import Edit
from tests.modules import every_module

KINDS: list[dict[str, bool]] = [
    {"frozen": frozen, "slots": slots, "eq": eq} for frozen in (False, True) for slots in (False, True)
    for eq in (False, True)
]  # fmt: skip
BODY = '''
class Told:
    """A record."""

    name: str
    parts: list[str] = field(default_factory=list)
    note: str = field(default="x", repr=False, compare=False)
    weight: int = field(default=1, hash=False)
    seen: list[str] = field(init=False, repr=False, compare=False, default_factory=list)
    more: int = 3

    def __len__(self) -> int:
        return len(self.name)
'''


def made(module: ModuleType, options: dict[str, bool], body: str = BODY) -> Any:
    known: dict[str, Any] = {"field": module.field, "__name__": __name__}  # type: ignore[attr-defined]
    exec("from __future__ import annotations\n" + body, known)
    return module.dataclass(**options)(known["Told"])  # type: ignore[attr-defined]


def refusal(act: Callable[[], object]) -> type[BaseException] | None:
    try:
        act()
    except (AttributeError, TypeError, ValueError) as error:
        return type(error)
    return None


def told(cls: Any) -> list[object]:
    """What there is to see of a class and its records."""
    one, same, other = cls("a", ["b"]), cls("a", parts=["b"], note="y"), cls("a", ["c"], "x", 2, 4)
    seen: list[object] = [repr(one), one == same, one == other, one != same, one == "a", len(one), cls.__doc__]
    seen += [(one.parts, one.note, one.seen, one.more), cls("c").parts is not cls("c").parts]
    seen += [refusal(act) for act in (cls, lambda: cls("a", nothing=1), lambda: cls(*"abcdefg"))]
    seen += [refusal(lambda: setattr(same, "name", "a")), refusal(lambda: delattr(other, "more"))]
    seen += [refusal(lambda: hash(cls("a", ("b",)))), refusal(lambda: hash(one)), cls.__match_args__]  # type: ignore[arg-type]
    seen += [hasattr(one, "__dict__"), cls.__qualname__, cls.__module__]
    other = cls("a", ["c"], "x", 2, 4)
    changed = [replace(same, weight=7) for replace in (dataclasses.replace, records.replace)]
    seen += [[repr(each), each.note] for each in (*changed, copy.copy(other), copy.deepcopy(other))]
    for each in dataclasses.fields(cls):
        seen.append((each.name, each.type, each.init, each.repr, each.compare, each.hash, each.default))
    return [*seen, dataclasses.asdict(one), dataclasses.is_dataclass(cls)]


@pytest.mark.parametrize("options", KINDS, ids=str)
def test_a_class_is_as_the_standard_library_makes_it(options: dict[str, bool]) -> None:
    assert told(made(records, options)) == told(made(dataclasses, options))


@pytest.mark.parametrize("options", [each for each in KINDS if each["frozen"] and each["eq"]], ids=str)
def test_what_is_equal_has_one_hash(options: dict[str, bool]) -> None:
    cls = made(records, options)
    assert hash(cls("a", (), "x", 1)) == hash(cls("a", (), "y", 2))
    assert hash(cls("a", (), more=4)) != hash(cls("a", ()))


def test_a_record_without_fields_and_one_with_a_single_field() -> None:
    for body in ("class Told:\n    pass\n", "class Told:\n    only: float\n"):
        arguments = [0.5] if "only" in body else []
        for options in KINDS:
            ours, standard = (made(module, options, body) for module in (records, dataclasses))
            one, other = ours(*arguments), standard(*arguments)
            assert repr(one) == repr(other)
            assert (one == one, one == ours(*arguments)) == (other == other, other == standard(*arguments))
            if arguments:
                assert (one == ours(1.5)) == (other == standard(1.5))


def test_what_follows_is_called() -> None:
    body = "class Told:\n    a: int\n    b: int = field(init=False)\n    def __post_init__(self):\n"
    body += "        object.__setattr__(self, 'b', self.a + 1)\n"
    for options in KINDS:
        assert made(records, options, body)(1).b == 2


def test_a_record_goes_to_another_process() -> None:
    edit = Edit(1, 2, b"x")
    assert pickle.loads(pickle.dumps(edit)) == edit


def test_a_class_of_which_no_record_was_made_goes_to_another_process() -> None:
    code = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()))"
    ran = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(Edit(1, 2, b"x")), capture_output=True, check=True
    )
    assert ran.stdout.decode().strip() == repr(Edit(1, 2, b"x"))


def _every() -> list[type]:
    classes = {one for module in every_module() for one in vars(module).values() if isinstance(one, type)}
    return sorted(
        (one for one in classes if "__record__" in vars(one)), key=lambda one: one.__module__ + one.__qualname__
    )


@pytest.mark.parametrize("cls", _every(), ids=lambda cls: cls.__qualname__)
def test_a_class_of_ours_takes_what_its_fields_say(cls: Any) -> None:
    kind = cls.__record__
    theirs = inspect.signature(kind.standard).parameters.values()
    ours = [*inspect.signature(kind.init()).parameters.values()][1:]
    has_default = [(one.name, one.default is not inspect.Parameter.empty) for one in theirs]
    assert [(one.name, one.default is not inspect.Parameter.empty) for one in ours] == has_default
    assert [base for base in cls.__mro__[1:] if dataclasses.is_dataclass(base)] == []
