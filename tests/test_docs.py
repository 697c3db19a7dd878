"""The pages of docs/ as a site: each is in its menu, each link leads somewhere, and nothing is asked of other hosts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import PAGES, ROOT

pytestmark = pytest.mark.docs


def test_the_site_is_built_without_a_warning_and_asks_no_other_host(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(ROOT / "mkdocs.yml"), "-d", str(tmp_path)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    pages = [*tmp_path.rglob("index.html")]
    assert len(pages) == len(PAGES)
    for page in pages:
        assert not re.findall(
            r"<(?:script|img|link rel=\"stylesheet\")[^>]*\"(?:https?:)?//[^>]*>", page.read_text("utf-8")
        )
