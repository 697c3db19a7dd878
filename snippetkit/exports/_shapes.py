"""Items of a document by the thousand: the template is rendered once for each shape, and filled in for each item.

Items have one shape where all that a template can decide on is the same: which parts there are, how many, and what is
no plain text or number. A plain text or number, an empty one too, only goes to where the template writes it, as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from snippetkit.patterns import later

_STAND_IN = later("\0[0-9]+\\.([0-9]+)\0")  # a template has no NUL, and neither has a text that decides
_TEXT, _LIST, _OBJECT = object(), object(), object()

_Values = Sequence[Any]
_Fill = Callable[[_Values], Any]


class Fixed(str):
    """A text on which a template decides, or that hardly differs from item to item."""

    __slots__ = ()


class Shapes:
    """What a template is given in the place of all items: `samples`, one a shape, with stand-ins for its values."""

    def __init__(self, items: Iterable[Mapping[str, object]]) -> None:
        """Take the items, each as the template has it: texts, numbers, and lists and objects of them."""
        self.samples: list[Any] = []
        self._numbers: dict[Hashable, int] = {}
        self._items = [*map(self._taken_apart, items)]

    def filled(self, made: Sequence[Any]) -> Iterator[Any]:
        """Yield each item as the template would make it; parts that are the same in all items of a shape are shared.

        Args:
            made: what the template made of `samples`, parsed.
        """
        fills = [_filler(sample) or _constant(sample) for sample in made]
        return (fills[number](values) for number, values in self._items)

    def _taken_apart(self, item: Mapping[str, object]) -> tuple[int, _Values]:
        values: list[Any] = []
        shape = _shape_of(item, values)
        number = self._numbers.setdefault(shape, len(self.samples))
        if number == len(self.samples):
            stand_ins = (f"\0{number}.{index}\0" for index in range(len(values)))
            self.samples.append(_sample_of(item, stand_ins))
        return number, values


def _is_value(part: object) -> bool:
    return type(part) is str or type(part) is int


def _shape_of(part: Any, values: list[Any]) -> Hashable:
    """What tells the shape of a part; its values are put after the others."""
    if _is_value(part):
        values.append(part)
        return _TEXT
    if isinstance(part, dict):
        return (_OBJECT, *part, *[_shape_of(inner, values) for inner in part.values()])
    if isinstance(part, list | tuple):
        return (_LIST, *[_shape_of(inner, values) for inner in part])
    return type(part), part


def _sample_of(part: Any, stand_ins: Iterator[str]) -> Any:
    """The part with stand-ins for its values."""
    if _is_value(part):
        return next(stand_ins)
    if isinstance(part, dict):
        return {key: _sample_of(inner, stand_ins) for key, inner in part.items()}
    if isinstance(part, list | tuple):
        return [_sample_of(inner, stand_ins) for inner in part]
    return part


def _filler(made: Any) -> _Fill | None:
    """What fills in what a template made, None where nothing in it is a value."""
    if isinstance(made, str):
        return _text_filler(made)
    if isinstance(made, dict):
        return _object_filler(made)
    return _list_filler(made) if isinstance(made, list) else None


def _text_filler(made: str) -> _Fill | None:
    if "\0" not in made:
        return None
    if whole := _STAND_IN.fullmatch(made):
        return itemgetter(int(whole[1]))
    return lambda values: _STAND_IN.sub(lambda match: str(values[int(match[1])]), made)


def _object_filler(made: dict[str, Any]) -> _Fill | None:
    names = {key: _text_filler(key) for key in made}
    parts = {key: _filler(part) for key, part in made.items()}
    if any(names.values()):
        keyed = [(names[key] or _constant(key), parts[key] or _constant(made[key])) for key in made]
        return lambda values: {name(values): fill(values) for name, fill in keyed}
    fills = [(key, fill) for key, fill in parts.items() if fill]
    return (lambda values: made | {key: fill(values) for key, fill in fills}) if fills else None


def _list_filler(made: list[Any]) -> _Fill | None:
    fills = [*map(_filler, made)]
    each = [fill or _constant(part) for fill, part in zip(fills, made, strict=True)]
    return (lambda values: [fill(values) for fill in each]) if any(fills) else None


def _constant(part: Any) -> _Fill:
    return lambda values: part
