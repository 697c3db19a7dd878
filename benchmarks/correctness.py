"""What tools do to pages: leave them out, change bytes that are not theirs, or put the script where it does not count.

turbohtml, a conforming parser, is asked where the script stands, with scripting on and off. Needs the extra `test`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import corpus
import tools
import turbohtml
from measuring import Bench, Pages, Step, copy_pages, print_table, say

REGION = re.compile(rb"<!-- snippetkit:begin (\S+ (?:no)?script) .*?<!-- snippetkit:end \1 -->", re.DOTALL)
Judge = Callable[[bytes, bytes], Iterator[str]]
SPACE = b"\t\n\f\r "
VERDICTS = ["right", "left out", "damaged", "misplaced"]


def compare(bench: Bench, steps: list[Step], everything: Pages, sample: Pages) -> None:
    """Print a table for the real pages and one for the documents of html5lib's tests."""
    found = [step for step in steps if step.start == "copy" or step.name.endswith("remove")]
    print(f"\n{everything.count:,} real pages; {sample.count:,} for BeautifulSoup and the Node peers\n")
    _print_verdicts(bench, found, everything, sample)
    documents = _documents(bench)
    print(f"\n{documents.count:,} documents of html5lib-tests; ours with --fragments\n")
    _print_verdicts(bench, [_with_fragments(step) for step in found], documents, documents)
    print('\n"damaged" after `remove`: the original bytes did not come back')


def _with_fragments(step: Step) -> Step:
    """Return the step as it takes texts with neither doctype nor `<html>`, where ours has to be asked for that."""
    if not step.name.endswith("first run") or not tools.has("--fragments", "inject"):
        return step
    return replace(step, command=lambda pages, work: [*step.command(pages, work), "--fragments"])


def _documents(bench: Bench) -> Pages:
    source = bench.folder / "inputs"
    source.mkdir()
    for number, text in enumerate(corpus.document_inputs()):
        (source / f"{number:04}.html").write_bytes(text.encode())
    return copy_pages(corpus.pages(source), source, bench.folder / "documents")


def _print_verdicts(bench: Bench, steps: list[Step], everything: Pages, sample: Pages) -> None:
    rows = []
    for step in steps:
        pages = sample if step.sampled else everything
        bench.prepare(pages.folder, step.start)
        run = bench.run(step.command(pages.folder, bench.work))
        say(f"{run.seconds:8.3f} s  {step.name}: {run.last_line}")
        counts = count_verdicts(pages.folder, bench.work, judge_of(step))
        rows.append([step.name, f"{pages.count:,}", *(f"{counts[word]:,}" for word in VERDICTS), str(run.status)])
    print_table(["", "pages", *VERDICTS, "exit"], rows)


def judge_of(step: Step) -> Judge:
    """Return what judges a step's pages."""
    if step.name.endswith("remove"):
        return judge_removal
    return judge_ours if step.name.startswith("snippetkit") else partial(judge_probe, tools.probe().encode())


def count_verdicts(before: Path, after: Path, judge: Judge) -> Counter[str]:
    """Return how many pages got each verdict; a page may be both damaged and misplaced."""
    pairs = ((page, after / page.relative_to(before)) for page in corpus.pages(before))
    counts = Counter[str]()
    with ProcessPoolExecutor(2) as pool:
        for verdicts in pool.map(partial(_judge, judge), pairs, chunksize=50):
            counts.update(verdicts)
    return counts


def _judge(judge: Judge, pair: tuple[Path, Path]) -> list[str]:
    before, after = (path.read_bytes() for path in pair)
    return list(judge(before, after)) or ["right"]


def judge_probe(code: bytes, before: bytes, after: bytes) -> Iterator[str]:
    """Yield what is wrong with a page that a peer inserted the code into."""
    if before == after:
        yield "left out"
        return
    start, _, end = after.partition(code)
    if start + end != before:
        yield "damaged"
    if not all(_is_in_place(after, scripting) for scripting in (True, False)):
        yield "misplaced"


def judge_ours(before: bytes, after: bytes) -> Iterator[str]:
    """Yield what is wrong with a page that snippetkit put its regions onto."""
    if before == after:
        yield "left out"
        return
    if not _is_kept(before, _outside(after)):
        yield "damaged"
    if not all(_is_in_place(after, scripting) for scripting in (True, False)):
        yield "misplaced"


def judge_removal(before: bytes, after: bytes) -> Iterator[str]:
    """Yield whether a page is not what it was before insertion and removal."""
    if before != after:
        yield "damaged"


def _outside(page: bytes) -> list[bytes]:
    """Return what stands before, between and behind the regions of a page."""
    ends = [0, *(at for match in REGION.finditer(page) for at in match.span()), len(page)]
    return [page[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]


def _is_kept(before: bytes, pieces: list[bytes]) -> bool:
    """Tell whether the pieces make up the page, but for white space at the regions that ours adds with them.

    That this white space goes again is what the removal is judged by.
    """
    at = 0
    for number, piece in enumerate(pieces):
        core = (
            piece.strip(SPACE)
            if 0 < number < len(pieces) - 1
            else piece.lstrip(SPACE)
            if number
            else piece.rstrip(SPACE)
        )
        if number:
            at += len(before[at:]) - len(before[at:].lstrip(SPACE))
        if not before.startswith(core, at):
            return False
        at += len(core)
    return at == len(before)


def _is_in_place(page: bytes, scripting: bool) -> bool:
    """Tell whether the script is there once, as a child of the head, and each noscript of ours one of the body."""
    document = turbohtml.parse(page, scripting=scripting)
    scripts = list(_parents(document.find_all("script")))
    noscripts = list(_parents(document.find_all("noscript")))
    return scripts == ["head"] and set(noscripts) <= {"body"}


def _parents(elements: Iterable[turbohtml.Element]) -> Iterator[str]:
    for element in elements:
        if tools.PIXEL_ID in element.html:
            parent = element.parent
            yield parent.tag if isinstance(parent, turbohtml.Element) else ""
