"""Whether two builds say and do the same, byte for byte: `lint`, `inspect`, `status`, `csp`, `inject` and `remove`.

    python benchmarks/identity.py BEFORE [FOLDER..]

The last two work on a copy, one after the other, and all files of that are compared too.
BEFORE is the folder of a build or a commit. Without folders it is all pages of `corpus.py`, as they are and with each
code of `tests/cases/code` in turn in every fourth head, and all of `tests/cases`. It exits with 1 where anything on
stdout or stderr, or an exit code, is another one.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
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


def done(folder: Path, site: Path) -> Iterator[tuple[bytes, bytes, int, str]]:
    """Yield what a build says of each run that writes, and the digest of what it makes of a copy of the pages."""
    with TemporaryDirectory(prefix="snippetkit-identity-") as name:
        copy = Path(name, "site")
        shutil.copytree(site, copy)
        for arguments in (["inject", "--from-file", str(_CODES / "fp.html")], ["remove"]):
            ran = subprocess.run(command(folder, *arguments, "site", "-v"), cwd=name, capture_output=True, check=False)
            yield ran.stdout, ran.stderr, ran.returncode, _digest(copy)


def _digest(folder: Path) -> str:
    total = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return total.hexdigest()


def main() -> None:
    """Say of each command and folder whether the two builds agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("folders", type=Path, nargs="*")
    given = parser.parse_args()
    differ = 0
    with build(given.before) as before, TemporaryDirectory(prefix="snippetkit-identity-") as target:
        for site in given.folders or folders(Path(target)):
            pairs = [(name, told(before, name, site), told(ROOT, name, site)) for name in COMMANDS]
            pairs += zip(("inject", "remove"), done(before, site), done(ROOT, site), strict=True)
            for name, then, now in pairs:
                differ += then != now
                print(f"{name:8} {site}: {'the same' if then == now else 'NOT the same'}", flush=True)
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
