"""Proof of where code goes: the documents of html5lib-tests and real pages, judged by two conforming parsers.

    python benchmarks/proof.py [--grammar] [FOLDER]

For each page the code is put at each place, one at a time, and at the usual two at once; on real pages with tags of
head and body, at two places at a time. turbohtml and lexbor, with
scripting on and off, must see it where it was asked for, and every other node as before. Then a pixel's code is put
there, script and noscript (that one always at the top of the body, so that a page without a certain body refuses all):
a second run must find nothing to do, and taking it out must give the bytes back. Printed are the pages that are
right, those refused, by reason, those that the parsers read differently without our code, and each wrong one.
FOLDER holds the real pages; without it they are what `corpus.py` fetches. --grammar judges all pages of the grammar
tables, of which the tests judge a sample.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import corpus

sys.path.insert(0, str(Path(__file__).parent.parent))

from snippetkit import inject
from snippetkit.errors import PageRefusedError
from snippetkit.inject import PlanOptions
from snippetkit.model import Loaded
from snippetkit.terms import Placement
from tests import grammar
from tests.oracle import BOTH, examine
from tests.pages import make_insertion, make_options

PROCESSES = 2
BATCH = 20
MOST_LINES = 3  # of what is wrong with a page
PAGES_A_DOT = 500
INSERTION = make_insertion()


class Judged(NamedTuple):
    """A page: right, wrong, refused or disputed; what is wrong; which placements are refused, and why."""

    name: str
    kind: str
    wrong: tuple[str, ...]
    refused: tuple[str, ...]


def judge_text(text: str) -> Judged:
    """Judge a document's input."""
    return judge(repr(text)[:200], text.encode(), fragments=True)


def judge_file(path: Path) -> Judged:
    """Judge a page."""
    return judge(str(path), path.read_bytes(), in_pairs=True)


def judge_bytes(page: bytes) -> Judged:
    """Judge a page of the grammar."""
    return judge(repr(page)[:200], page, fragments=True)


def judge(name: str, page: bytes, *, fragments: bool = False, in_pairs: bool = False) -> Judged:
    """Judge a page by both parsers, and by what our own code makes of it later."""
    verdict = examine(page, *BOTH, in_pairs=in_pairs, fragments=fragments)
    if verdict.refused:
        return Judged(name, "refused", (), (f"the page: {verdict.refused}",))
    refused, wrong = [], [*verdict.wrong]
    for placement in Placement:
        options = make_options(placement, fragments=fragments)
        try:
            once = inject.apply(page, inject.plan(Loaded(page), INSERTION, options))
        except PageRefusedError as error:
            refused.append(f"{placement}: {error.reason}")
            continue
        wrong += [f"{placement}: {line}" for line in _later(page, once, options)]
    kind = "wrong" if wrong else "disputed" if verdict.disputed else "right"
    return Judged(name, kind, tuple(wrong), tuple(refused))


def _later(page: bytes, once: bytes, options: PlanOptions) -> Iterator[str]:
    """What is wrong with a page that carries the code, nothing where all is well."""
    try:
        if inject.plan(Loaded(once), INSERTION, options):
            yield "a second run finds something to do"
        if inject.apply(once, inject.plan_removal(Loaded(once), options=options)) != page:
            yield "taking the code out gives other bytes"
    except PageRefusedError as error:
        yield f"refused with the code on it: {error}"


def report(what: str, judged: Iterable[Judged]) -> bool:
    """Print what was found, and return whether no page was wrong."""
    start = time.perf_counter()
    counts, reasons = Counter[str](), Counter[str]()
    for index, page in enumerate(judged):
        if index % PAGES_A_DOT == 0:
            print(".", end="", file=sys.stderr, flush=True)
        counts[page.kind] += 1
        reasons.update(page.refused)
        for line in (f"WRONG {page.name}", *page.wrong[:MOST_LINES]) if page.wrong else ():
            print(f"  {line}", flush=True)
    total = counts.total()
    shares = ", ".join(f"{counts[kind]:,} {kind}" for kind in ("right", "wrong", "refused", "disputed"))
    print(f"\n{what}: {total:,} pages: {shares} ({counts['refused'] / total:.2%} refused)")
    for placement in ("page", *Placement):
        count = sum(count for reason, count in reasons.items() if f"{placement}: " in reason)
        print(f"  {count:6,} refused, {count / total:.2%}: {placement if placement != 'page' else 'any place'}")
    for reason, count in reasons.most_common():
        print(f"  {count:6,} {reason}")
    print(f"  {time.perf_counter() - start:.0f} s", flush=True)
    return not counts["wrong"]


def grammar_pages() -> Iterator[bytes]:
    """Yield the pages of all grammar tables, each once."""
    tables: list[Callable[[], Iterator[bytes]]] = [
        grammar.pages_of_one_token,
        grammar.pages_of_two_tokens,
        grammar.pages_of_three_tokens,
        grammar.pages_with_text_elements,
        partial(grammar.pages_with_scripts, 3),
        partial(grammar.pages_with_attributes, 3),
        partial(grammar.pages_with_bodies, 2),
    ]
    seen = set[bytes]()
    for table in tables:
        for page in table():
            if page not in seen:
                seen.add(page)
                yield page


def main() -> int:
    """Judge the documents and the pages; 1 where any is wrong."""
    arguments = sys.argv[1:]
    with ProcessPoolExecutor(PROCESSES) as pool:
        run = partial(pool.map, chunksize=BATCH)
        rights = [report("html5lib-tests", run(judge_text, corpus.document_inputs()))]
        if "--grammar" in arguments:
            rights.append(report("grammar", run(judge_bytes, grammar_pages())))
        folders = [Path(argument) for argument in arguments if argument != "--grammar"] or [corpus.fetch()]
        rights += [report(f"pages in {folder}", run(judge_file, corpus.pages(folder))) for folder in folders]
    return 0 if all(rights) else 1


if __name__ == "__main__":
    sys.exit(main())
