"""Real pages from Debian's documentation packages, and the documents of html5lib's tests, in a cache folder.

    python benchmarks/corpus.py

Nothing is installed and nothing needs root: `apt-get download` fetches the packages, `dpkg-deb` unpacks them. The
cache is $XDG_CACHE_HOME/snippetkit-benchmarks, or ~/.cache/snippetkit-benchmarks. What is there is not fetched again.
"""

from __future__ import annotations

import gzip
import itertools
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TypeVar

# How many pages of each package at most, taken evenly over its list. No package makes up more than a tenth of all.
PACKAGES = {
    "apache2-doc": 700,
    "bash-doc": 3,
    "cppreference-doc-en-html": 700,
    "debian-handbook": 600,
    "debian-policy": 44,
    "developers-reference": 12,
    "docbook-xsl-doc-html": 300,
    "erlang-doc": 120,
    "exim4-doc-html": 70,
    "ghc-doc": 300,
    "git-doc": 241,
    "gnuplot-doc": 300,
    "libboost1.74-doc": 900,
    "libglib2.0-doc": 386,
    "libgtk-3-doc": 382,
    "libstdc++-12-doc": 700,
    "libxml2-doc": 152,
    "linux-doc-6.1": 600,
    "octave-doc": 500,
    "openjdk-17-doc": 800,
    "postgresql-doc-15": 800,
    "python-django-doc": 500,
    "python-sqlalchemy-doc": 120,
    "python3.11-doc": 350,
    "qtbase5-doc-html": 700,
    "r-doc-html": 7,
    "rust-doc": 600,
    "scala-doc": 60,
    "sqlite3-doc": 600,
    "swi-prolog-doc": 296,
    "tcllib": 439,
    "vim-doc": 100,
    "zsh-doc": 186,
}
HTML5LIB = "html5lib==1.1"  # the sdist carries html5lib-tests
SETUPTOOLS = "setuptools<80"  # that sdist's setup.py needs pkg_resources
Item = TypeVar("Item")
SUFFIXES = (".html", ".htm")


def cache_folder() -> Path:
    """Return the folder that holds what the benchmarks download."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "snippetkit-benchmarks"


def pages(folder: Path) -> list[Path]:
    """Return the regular files below a folder whose names end in .html or .htm, sorted; hidden ones are left out."""
    found = (
        Path(parent, name) for parent, _, names in os.walk(folder) for name in names if name.lower().endswith(SUFFIXES)
    )
    shown = (path for path in found if not any(part[0] == "." for part in path.relative_to(folder).parts))
    return sorted(path for path in shown if path.is_file() and not path.is_symlink())


def evenly(items: list[Item], count: int) -> list[Item]:
    """Return at most `count` of the items, spread evenly over their list."""
    if count >= len(items):
        return items
    return [items[index * len(items) // count] for index in range(count)]


def fetch() -> Path:
    """Return the folder of real pages, a folder for each package; downloads and unpacks what is missing.

    A package that cannot be had, because another release of Debian has another version, is said and left out.
    """
    folder = cache_folder() / "pages"
    for package, count in PACKAGES.items():
        if not (folder / package).is_dir():
            try:
                _unpack(_download(package), folder / package, count)
            except subprocess.CalledProcessError as error:
                print(f"{package} is left out: {error} (is `apt-get update` done?)", file=sys.stderr)
    return folder


def counts(folder: Path) -> dict[str, tuple[int, int]]:
    """Return for each package below the folder its number of pages and of bytes."""
    found = {package.name: pages(package) for package in sorted(folder.iterdir())}
    return {name: (len(paths), sum(path.stat().st_size for path in paths)) for name, paths in found.items()}


def python() -> Path:
    """Return the Python of the environment in the cache, which the peers are installed in; makes it if it is absent."""
    folder = cache_folder() / "python"
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def document_inputs() -> list[str]:
    """Return the inputs of html5lib-tests' tree construction that are documents, each once, in their order.

    Inputs for `innerHTML` (`#document-fragment`) are left out, and those with characters that UTF-8 cannot hold.

    Raises:
        subprocess.CalledProcessError: the sdist could not be downloaded.
    """
    with tarfile.open(_html5lib_sdist()) as archive:
        members = sorted(archive.getnames())
        texts = [_text(archive, name) for name in members if "/tree-construction/" in name and name.endswith(".dat")]
    found = dict.fromkeys(data for text in texts for data in _documents(text))
    return [data for data in found if data.encode("utf-8", "replace").decode() == data]


def _download(package: str) -> Path:
    folder = cache_folder() / "debs"
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob(f"{package}_*.deb")):
        quiet = ["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root"]
        subprocess.run([*quiet, package], cwd=folder, check=True, stdout=sys.stderr)
    return max(folder.glob(f"{package}_*.deb"))


def _unpack(package: Path, folder: Path, count: int) -> None:
    """Put the chosen pages of a package into a folder, at once or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent.parent) as temporary:
        archive, chosen = Path(temporary, "tar"), Path(temporary, "pages")
        with archive.open("wb") as file:
            subprocess.run(["dpkg-deb", "--fsys-tarfile", package], stdout=file, check=True)
        with tarfile.open(archive) as tar:
            members = sorted(filter(_is_page, tar.getmembers()), key=lambda member: member.name)
            for member in evenly(members, count):
                _extract(tar, member, chosen)
        chosen.rename(folder)


def _is_page(member: tarfile.TarInfo) -> bool:
    return member.isreg() and member.name.lower().removesuffix(".gz").endswith(SUFFIXES)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    name = PurePosixPath(member.name)
    target = folder / name.relative_to("." if not name.is_absolute() else "/")
    source = tar.extractfile(member)
    assert source is not None
    data = source.read()
    if target.suffix == ".gz":
        target, data = target.with_suffix(""), gzip.decompress(data)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _html5lib_sdist() -> Path:
    folder = cache_folder() / "html5lib"
    if not list(folder.glob("*.tar.gz")):
        pip = [str(python()), "-m", "pip", "-q"]
        subprocess.run([*pip, "install", SETUPTOOLS, "wheel"], check=True, stdout=sys.stderr)
        source = ["--no-build-isolation", "--no-binary", ":all:", "--no-deps", "-d", str(folder)]
        subprocess.run([*pip, "download", *source, HTML5LIB], check=True, stdout=sys.stderr)
    return next(folder.glob("*.tar.gz"))


def _text(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(name)
    return "" if file is None else file.read().decode("utf-8", "surrogatepass")


def _documents(text: str) -> Iterator[str]:
    """Yield the `#data` of each test of a .dat file that has no `#document-fragment`."""
    for test in _tests(text.split("\n")):
        if "#document-fragment" not in test:
            data = itertools.takewhile(lambda line: line != "#errors", test[1:])
            yield "\n".join(data)


def _tests(lines: Iterable[str]) -> Iterator[list[str]]:
    test: list[str] = []
    for line in lines:
        if line == "#data" and test:
            yield test
            test = []
        test.append(line)
    yield test


def main() -> None:
    """Fetch everything and print the counts."""
    folder = fetch()
    found = counts(folder)
    for name, (count, size) in found.items():
        print(f"{name:26} {count:6,} pages {size / 1e6:7.1f} MB")
    total = Counter[str]()
    for count, size in found.values():
        total.update(pages=count, bytes=size)
    print(f"{folder}: {total['pages']:,} pages, {total['bytes'] / 1e6:.1f} MB")
    print(f"html5lib-tests: {len(document_inputs()):,} documents")


if __name__ == "__main__":
    main()
