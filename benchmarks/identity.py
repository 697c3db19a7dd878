"""Whether two builds say the same, byte for byte: `lint`, `inspect`, `status` and `csp` of the same pages.

    python benchmarks/identity.py BEFORE [FOLDER..]

BEFORE is the folder of a build or a commit. Without folders it is all pages of `corpus.py`, as they are and with each
code of `tests/cases/code` in turn in every fourth head, and all of `tests/cases`. It exits with 1 where anything on
stdout or stderr, or an exit code, is another one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from builds import ROOT, build, command
from commands import COMMANDS
from corpus import fetch, pages

_CODES = ROOT / "tests" / "cases" / "code"


def folders(target: Path) -> Iterator[Path]:
    """Make what is compared where nobody names anything."""
    yield ROOT / "tests" / "cases"
    codes = [path.read_bytes() for path in sorted(_CODES.glob("*.html"))]
    for number, path in enumerate(pages(fetch())):
        code = codes[number // 4 % len(codes)] if number % 4 == 0 else b""
        page = target / str(number // 1000) / f"{number}.html"
        page.parent.mkdir(exist_ok=True)
        page.write_bytes(path.read_bytes().replace(b"</head", code + b"</head", 1))
    yield target


def told(folder: Path, name: str, site: Path) -> tuple[bytes, bytes, int]:
    """Return what a build says."""
    ran = subprocess.run(command(folder, name, str(site), "--json"), capture_output=True, check=False)
    return ran.stdout, ran.stderr, ran.returncode


def main() -> None:
    """Say of each command and folder whether the two builds agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("folders", type=Path, nargs="*")
    given = parser.parse_args()
    differ = 0
    with build(given.before) as before, TemporaryDirectory(prefix="snippetkit-identity-") as target:
        for site in given.folders or folders(Path(target)):
            for name in COMMANDS:
                then, now = told(before, name, site), told(ROOT, name, site)
                differ += then != now
                print(
                    f"{name:8} {site}: {'the same' if then == now else 'NOT the same'}, {len(now[0]):,} bytes",
                    flush=True,
                )
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
