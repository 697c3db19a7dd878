"""Data classes as `dataclasses` makes them, for commands that start often.

There, six functions are compiled for each class while its module is imported; a run imports sixty such classes and
makes records of a few. Here all classes share them, except for `__init__`, which is compiled when it is first called.
What `dataclasses.fields` and its like are asked of a class, they answer as ever. No class extends another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from inspect import get_annotations
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "replace"]

_Getter = Callable[[Any], tuple[Any, ...]]


class _Given:
    """What `field` was given."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options


class _Kind:
    """What the functions that all classes share need to know of one."""

    def __init__(self, cls: type, *, frozen: bool, eq: bool) -> None:
        self.cls, self.frozen, self.eq = cls, frozen, eq
        self.annotations: Mapping[str, str] = get_annotations(cls)
        self.names = tuple(self.annotations)
        given = {name: cls.__dict__[name] for name in self.names if name in cls.__dict__}
        self.given = {name: one.options if isinstance(one, _Given) else {"default": one} for name, one in given.items()}

    def those(self, *options: str) -> tuple[str, ...]:
        """Return the fields that have an option, the first of these that was given; without any, they have it."""
        given = {name: self.given.get(name, {}) for name in self.names}
        return tuple(name for name, one in given.items() if next((one[key] for key in options if key in one), True))

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The fields that `__init__` takes."""
        return self.those("init")

    @cached_property
    def compared(self) -> _Getter:
        """Returns what of a record is compared."""
        return _getter(self.those("compare"))

    @cached_property
    def hashed(self) -> _Getter:
        """Returns what of a record its hash is made of."""
        return _getter(self.those("hash", "compare"))

    @cached_property
    def standard(self) -> type:
        """The same fields in a class of `dataclasses`."""
        import dataclasses

        fields = {name: dataclasses.field(**options) for name, options in self.given.items()}
        bare = type(self.cls.__name__, (), {"__annotations__": self.annotations, **fields})
        return dataclasses.dataclass(frozen=self.frozen, eq=self.eq)(bare)

    def init(self) -> Callable[..., None]:
        """Return `__init__`, compiled."""
        known: dict[str, Any] = {"_set": object.__setattr__, "_missing": _Given}
        for name, options in self.given.items():
            known |= {f"_{option}_{name}": value for option, value in options.items() if option.startswith("default")}
        parameters = ", ".join(["self", *map(self._parameter, self.told)])
        setting = "_set(self, {0!r}, {1})" if self.frozen else "self.{0} = {1}"
        lines = [setting.format(name, value) for name in self.names if (value := self._value(name))]
        lines += ["self.__post_init__()"] if hasattr(self.cls, "__post_init__") else []
        exec(f"def __init__({parameters}):\n {'; '.join(lines) or 'pass'}", known)  # noqa: S102 (as dataclasses does)
        compiled: Callable[..., None] = known["__init__"]
        compiled.__qualname__ = f"{self.cls.__qualname__}.__init__"
        return compiled

    def _parameter(self, name: str) -> str:
        given = self.given.get(name, {})
        default = "_missing" if "default_factory" in given else f"_default_{name}" if "default" in given else ""
        return f"{name}={default}" if default else name

    def _value(self, name: str) -> str:
        """What a field is set to, empty where `__post_init__` sets it."""
        made = f"_default_factory_{name}()" if "default_factory" in self.given.get(name, {}) else ""
        if name not in self.told:
            return made
        return f"{made} if {name} is _missing else {name}" if made else name


def _getter(names: Iterable[str]) -> _Getter:
    names = tuple(names)
    return attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, name) for name in names)


class _Standard:
    """An attribute that the functions of `dataclasses` look for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, record: object, owner: Any) -> Any:
        """Return what the class has that `dataclasses` would have made."""
        return getattr(owner.__record__.standard, self._name)


def _dataclass(cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True) -> Any:
    """Make a class a data class, as `dataclasses.dataclass` does."""
    return _made(cls, frozen, slots, eq) if cls else lambda cls: _made(cls, frozen, slots, eq)


def _made(cls: type, frozen: bool, slots: bool, eq: bool) -> type:
    kind = _Kind(cls, frozen=frozen, eq=eq)
    shared = {name: one for name, one in _shared(kind, slots=slots).items() if name not in cls.__dict__}
    if slots:
        left_out = {*kind.names, "__dict__", "__weakref__"}
        kept = {name: one for name, one in cls.__dict__.items() if name not in left_out}
        kept["__qualname__"] = cls.__qualname__
        kind.cls = type(cls)(cls.__name__, cls.__bases__, {**kept, **shared, "__slots__": kind.names})
        return kind.cls
    for name, one in shared.items():
        setattr(cls, name, one)
    for name, options in kind.given.items():
        if "default" in options:
            setattr(cls, name, options["default"])
        else:
            delattr(cls, name)
    return cls


def _shared(kind: _Kind, *, slots: bool) -> dict[str, object]:
    """What a class has that all have."""
    shared = {"__record__": kind, "__match_args__": kind.told, "__init__": _first_init(kind), "__repr__": _repr}
    shared |= {name: _Standard(name) for name in ("__dataclass_fields__", "__dataclass_params__")}
    if kind.eq:
        shared |= {"__eq__": _eq, "__hash__": _hash if kind.frozen else None}
    if kind.frozen:
        shared |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if kind.frozen and slots:
        shared |= {"__getstate__": _getstate, "__setstate__": _setstate}
    return shared


def _first_init(kind: _Kind) -> Callable[..., None]:
    def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        init = kind.init()
        setattr(kind.cls, "__init__", init)  # noqa: B010 (a type checker takes it for that of `object`)
        init(self, *arguments, **named)

    return __init__


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name in self.__record__.those("repr"))
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    get: _Getter = self.__record__.compared
    return get(self) == get(other)


def _hash(self: Any) -> int:
    return hash(self.__record__.hashed(self))


def _refuse(self: object, name: str, *_: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change {name!r} of a {self.__class__.__name__}")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__record__.names]


def _setstate(self: Any, state: Iterable[Any]) -> None:
    for name, value in zip(self.__record__.names, state, strict=True):
        object.__setattr__(self, name, value)


def _field(**options: Any) -> Any:
    """Return what says more of a field than its default, as `dataclasses.field` does."""
    return _Given(options)


def _replace(record: Any, /, **changes: Any) -> Any:
    """Return a record with other values, as `dataclasses.replace` does."""
    kind = getattr(record, "__record__", None)
    if kind is None:
        import dataclasses

        return dataclasses.replace(record, **changes)
    return record.__class__(**{name: getattr(record, name) for name in kind.told} | changes)


if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    dataclass, field, replace = _dataclass, _field, _replace
