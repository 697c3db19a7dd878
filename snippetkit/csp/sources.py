"""The sources that a policy needs, by directive."""

from __future__ import annotations

from collections.abc import Iterable

from snippetkit.records import dataclass


@dataclass(frozen=True, slots=True)
class Additions:
    """What a policy needs for one page, or for several.

    `script_src`, `img_src`, `connect_src` and `frame_src` are sources as they stand in a policy, each once. `unknown`
    says for each script or handler whose hash cannot be known where it is, why, and what to do, `(line, reason)`;
    `nonces` are the lines of the scripts that a nonce may allow, where the policy names it, without a hash.
    """

    script_src: tuple[str, ...] = ()
    img_src: tuple[str, ...] = ()
    unknown: tuple[tuple[int, str], ...] = ()
    nonces: tuple[int, ...] = ()
    connect_src: tuple[str, ...] = ()
    frame_src: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is code that needs something."""
        return bool(self.unknown) or any(self.sources.values())

    @property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """The sources of each directive, by its name."""
        return {
            "script-src": self.script_src,
            "img-src": self.img_src,
            "connect-src": self.connect_src,
            "frame-src": self.frame_src,
        }

    def directives(self) -> list[str]:
        """Return the directives that are not empty, as they stand in a policy."""
        return [" ".join([name, *sources]) for name, sources in self.sources.items() if sources]


def union(pages: Iterable[Additions]) -> Additions:
    """Return what one policy for several pages needs: hashes in the order of the pages, then hosts."""
    pages = list(pages)
    sources = dict.fromkeys(source for page in pages for source in page.script_src)
    images = dict.fromkeys(source for page in pages for source in page.img_src)
    requests = dict.fromkeys(source for page in pages for source in page.connect_src)
    frames = dict.fromkeys(source for page in pages for source in page.frame_src)
    in_order = tuple(sorted(sources, key=lambda source: not source.startswith("'")))
    return Additions(in_order, tuple(images), connect_src=tuple(requests), frame_src=tuple(frames))
