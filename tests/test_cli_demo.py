"""`demo`: the whole line from pixel to page and to tag manager, and a second run that changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

DEMO = Path("snippetkit-demo")


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the demo says with a browser is tested with `verify`."""
    monkeypatch.setenv("SNIPPETKIT_BROWSER", "none")


def _state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_the_demo_shows_the_values_and_names_each_file_it_wrote(run: Run) -> None:
    ran = run("demo")
    assert ran.code == 0
    assert "CHECKOUT pixel 6009125095680: 1999 cents are 19.99 USD" in ran.out
    assert "REGISTRATION pixel 6009125095681: 500 cents are 5.00 USD" in ran.out
    for name in ("checkout.html", "registration.html", "gtm-container.json"):
        assert f"wrote      snippetkit-demo/{name}\n" in ran.out
    assert "Next:" in ran.out
    assert sorted(_state(DEMO)) == ["checkout.html", "gtm-container.json", "registration.html", "sandbox.db"]


def test_a_second_run_changes_nothing_and_says_so(run: Run) -> None:
    run("demo")
    before = _state(DEMO)
    ran = run("demo")
    assert ran.code == 0
    assert ran.out.endswith("\nNothing changed: everything was there already.\n")
    assert "wrote" not in ran.out
    assert _state(DEMO) == before


def test_the_next_steps_that_it_prints_work(run: Run) -> None:
    steps = run("demo", "my demo").out.splitlines()
    assert "  Take it all out again:    snippetkit remove 'my demo'" in steps
    assert any("--api-url 'sandbox:my demo/sandbox.db'" in step for step in steps)
    listed = run("pixels", "list", "--account", "434566956589050", "--api-url", "sandbox:my demo/sandbox.db")
    assert "Demo registration" in listed.out
    assert run("remove", "my demo").err.endswith("2 removed\n")
    assert b"snippetkit" not in Path("my demo/checkout.html").read_bytes()


def test_the_container_fires_each_pixel_on_its_own_page(run: Run) -> None:
    run("demo")
    version = json.loads((DEMO / "gtm-container.json").read_text())["containerVersion"]
    names = {trigger["triggerId"]: trigger["name"] for trigger in version["trigger"]}
    assert [(tag["name"], names[tag["firingTriggerId"][0]]) for tag in version["tag"]] == [
        ("Demo checkout 6009125095680", "Page path is /checkout.html"),
        ("Demo registration 6009125095681", "Page path is /registration.html"),
    ]


def test_a_folder_with_other_files_is_left_alone(run: Run) -> None:
    Path("site").mkdir()
    Path("site/checkout.html").write_text("mine")
    ran = run("demo", "site")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: site is not empty; name a new folder: snippetkit demo DIR\n"
    assert [path.name for path in Path("site").iterdir()] == ["checkout.html"]


def test_a_demo_page_that_was_broken_meanwhile_is_refused(run: Run) -> None:
    run("demo")
    (DEMO / "checkout.html").write_text("<p>part of a page")
    ran = run("demo")
    assert ran.code == 6
    assert "error: snippetkit-demo/checkout.html: line 1, column 1: only part of a page: " in ran.err
    assert (DEMO / "checkout.html").read_text() == "<p>part of a page"
