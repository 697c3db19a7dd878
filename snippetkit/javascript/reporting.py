"""The globals by which scripts report to somebody: whoever reads scripts says which those are."""

from __future__ import annotations

from typing import NamedTuple


class Reporting(NamedTuple):
    """Names of globals: `functions` are called to report, `queues` have lists pushed onto them.

    Neither changes what it is given. A stub has its own name for the window, and asks whether they are there.
    Of the functions, `objects` are called by their methods alone, of which `methods` report, each as `tell.track`, and
    `own` are only for the code that makes the object. `lists` are those that are called by `push` alone.
    """

    functions: frozenset[bytes] = frozenset()
    queues: frozenset[bytes] = frozenset()
    objects: frozenset[bytes] = frozenset()
    methods: frozenset[bytes] = frozenset()
    own: frozenset[bytes] = frozenset()
    lists: frozenset[bytes] = frozenset()

    @property
    def telling(self) -> frozenset[bytes]:
        """The paths that are called to report."""
        pushed = (b"%b.push" % queue for queue in self.queues)
        return frozenset({*self.functions, *self.queues, *self.methods, *pushed}) - self.objects


NOBODY = Reporting()
