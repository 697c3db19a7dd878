"""Proof of where code goes: the documents of html5lib-tests and real pages, judged by two conforming parsers.

    python benchmarks/proof.py [FOLDER]

For each page the code is put at each anchor, one at a time, and at the usual two at once. turbohtml and lexbor, with
scripting on and off, must see it where it was asked for, and every other node as before. Printed are the pages that
are right, those refused, by reason, those that the parsers read differently without our code, and each wrong one.
FOLDER holds the real pages; without it they are what `corpus.py` fetches.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import corpus

sys.path.insert(0, str(Path(__file__).parent.parent))

from snippetkit import html
from snippetkit.errors import PageRefusedError
from tests.oracle import BOTH, Verdict, examine

PROCESSES = 2
BATCH = 50
MAX_WRONG_LINES = 3  # of each page


def judge_text(text: str) -> tuple[str, Verdict, str]:
    """A document's input, what the parsers say, and why no place at the end of its body is certain."""
    return repr(text)[:200], *_judge(text.encode(), fragments=True)


def judge_file(path: Path) -> tuple[str, Verdict, str]:
    """A page's path, what the parsers say, and why no place at the end of its body is certain."""
    return str(path), *_judge(path.read_bytes())


def _judge(page: bytes, *, fragments: bool = False) -> tuple[Verdict, str]:
    verdict = examine(page, *BOTH, fragments=fragments)
    if verdict.refused:
        return verdict, ""
    anchors = html.find_anchors(page, fragments=fragments)
    assert anchors is not None
    if anchors.no_body:
        return verdict, anchors.no_body[1]
    try:
        html.find_body_bottom(page, anchors.body_top)
    except PageRefusedError as error:
        return verdict, error.reason
    return verdict, ""


def report(what: str, judged: Iterable[tuple[str, Verdict, str]]) -> bool:
    """Print what was found, and return whether no page was wrong."""
    start = time.perf_counter()
    counts, refused, no_end = Counter[str](), Counter[str](), Counter[str]()
    for name, verdict, reason in judged:
        kind = "wrong" if verdict.wrong else "refused" if verdict.refused else "disputed"
        counts[kind if verdict != Verdict() else "right"] += 1
        refused.update([verdict.refused] if verdict.refused else [])
        no_end.update([reason] if reason else [])
        for line in (f"WRONG {name}", *verdict.wrong[:MAX_WRONG_LINES]) if verdict.wrong else ():
            print(f"  {line}")
    total = counts.total()
    shares = ", ".join(f"{counts[kind]:,} {kind}" for kind in ("right", "wrong", "refused", "disputed"))
    print(f"{what}: {total:,} pages: {shares} ({counts['refused'] / total:.2%} refused)")
    for title, reasons in (("refused", refused), ("right but for the end of the body", no_end)):
        for reason, count in reasons.most_common():
            print(f"  {count:6,} {title}: {reason}")
    print(f"  {time.perf_counter() - start:.0f} s", flush=True)
    return not counts["wrong"]


def main() -> int:
    """Judge the documents and the pages; 1 where any is wrong."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else corpus.fetch()
    with ProcessPoolExecutor(PROCESSES) as pool:
        judge = partial(pool.map, chunksize=BATCH)
        rights = [
            report("html5lib-tests", judge(judge_text, corpus.document_inputs())),
            report("real pages", judge(judge_file, corpus.pages(folder))),
        ]
    return 0 if all(rights) else 1


if __name__ == "__main__":
    sys.exit(main())
