"""Which visits are repeated alone before it is said that a page is wrong."""

from __future__ import annotations

from collections import Counter

Codes = frozenset[str]
"""The codes of what is wrong with a visit, empty where nothing is."""

_QUICK = 3.0
_ENOUGH = 2


class Doubts:
    """What repeated visits have shown so far.

    On a fast machine, what was confirmed for a few pages is believed of others with the same codes: where
    every page of a site has the same fault, not all are looked at twice. On a slow one, nothing is believed.
    """

    def __init__(self) -> None:
        self._confirmed = Counter[Codes]()
        self._refuted = set[Codes]()

    def is_believed(self, codes: Codes, slowness: float) -> bool:
        """Whether a visit needs no second one.

        Args:
            codes: what was wrong with it.
            slowness: the factor by which it took longer than it should.
        """
        is_known = self._confirmed[codes] >= _ENOUGH and codes not in self._refuted
        return is_known and slowness < _QUICK

    def learn(self, codes: Codes, alone: Codes) -> None:
        """Learn from a lone visit, where the one beside others had found something wrong."""
        if codes == alone:
            self._confirmed[codes] += 1
        else:
            self._refuted.add(codes)
