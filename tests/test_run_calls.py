"""A function in one file of a run, and its call in another; and modules that a page imports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import snippets
from tests.conftest import Run
from tests.pixels import CODES, META_ID

BASE = snippets.without_nonce(CODES["fbq"]).partition("<noscript")[0]
SCRIPT = BASE.partition("<script>")[2].partition("</script>")[0].replace("fbq('track', 'PageView');", "")
SEND = "function sendConversion() {\n  fbq('track', 'Purchase', {value: 5, currency: 'USD'});\n}\n"
PAGE = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n%s</head>\n<body>\n%s</body>\n</html>\n"
LOAD = '<script src="js/x.js"></script>\n'


def _write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _states(run: Run, *more: str) -> dict[str, list[str]]:
    """The states of the files' events, also as `status` has them."""
    every = ("--include", "*", *(more or ["site"]))
    inspected = json.loads(run("inspect", "--json", *every).out)["files"]
    listed = json.loads(run("status", "--json", *every).out)["files"]
    found = {one["path"]: [s["state"] for s in one["snippets"] if s["event"]] for one in inspected}
    of_status = {one["path"]: [p["state"] for p in one["pixels"] if p["event"]] for one in listed}
    told = {path: [state.replace("live", "unmarked") for state in states] for path, states in found.items()}
    assert told == of_status
    return {path: states for path, states in found.items() if states}


@pytest.mark.parametrize(
    ("page", "state"),
    [
        (PAGE % (LOAD, "<script>sendConversion();</script>\n"), "live"),
        (PAGE % (LOAD, "<script>window.onload = sendConversion;</script>\n"), "live"),
        (PAGE % (LOAD, '<button onclick="sendConversion()">Buy</button>\n'), "on click"),
        (PAGE % (LOAD.replace("js/", "/js/"), "<script>sendConversion();</script>\n"), "live"),
        ("<p>Thanks</p>\n<script>sendConversion();</script>\n", "live"),
        (PAGE % ("", "<script>sendConversion();</script>\n"), "when called"),
        (PAGE % (LOAD, "<script>if (0) resendConversion();</script>\n"), "when called"),
        (PAGE % (LOAD, "<script>function later() { sendConversion(); }</script>\n"), "when called"),
        (PAGE % (LOAD, "<!-- <script>sendConversion();</script> -->\n"), "when called"),
    ],
)
def test_a_function_of_a_script_file_runs_when_its_page_calls_it(run: Run, page: str, state: str) -> None:
    _write(**{"site/js/x.js": SEND, "site/thanks.html": page})
    assert _states(run) == {"site/js/x.js": [state]}
    assert _states(run, "site/js/x.js") == {"site/js/x.js": ["when called"]}


@pytest.mark.parametrize(
    ("other", "state"),
    [
        ("sendConversion();", "live"),
        ("import {sendConversion} from './x.js';\nsendConversion();", "live"),
        ("document.addEventListener('click', sendConversion);", "on click"),
        ("// sendConversion()", "when called"),
    ],
)
def test_a_script_calls_what_another_one_has(run: Run, other: str, state: str) -> None:
    _write(**{"site/js/x.js": f"export {SEND}", "site/js/y.js": other})
    assert _states(run) == {"site/js/x.js": [state]}


def test_a_pages_own_function_is_called_by_the_script_that_it_loads_and_by_no_other_page(run: Run) -> None:
    page = PAGE % (BASE + f"<script>{SEND}</script>\n" + LOAD, "")
    _write(**{"site/a.html": page, "site/b.html": PAGE % ("", "<script>sendConversion()</script>")})
    assert _states(run)["site/a.html"][-1] == "when called"
    _write(**{"site/js/x.js": "sendConversion();"})
    assert _states(run)["site/a.html"][-1] == "live"
    _write(**{"site/a.html": page.replace(LOAD, "")})
    assert _states(run)["site/a.html"][-1] == "when called"


EVENT = "<script type=module>\nimport './js/pixel.js';\nfbq('track', 'Lead');\n</script>\n"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"site/js/pixel.js": SCRIPT}, ["site/js/pixel.js"]),
        ({"site/js/pixel.js": "export * from './inner.js';", "site/js/inner.js": SCRIPT}, ["site/js/inner.js"]),
        ({"site/js/pixel.js": "import a from '../inner.js'", "site/inner.js": SCRIPT}, ["site/inner.js"]),
        ({"site/js/pixel.js": "// nothing", "site/js/inner.js": SCRIPT}, []),
        ({"site/pixel.js": SCRIPT}, []),
    ],
)
def test_base_code_in_a_module_that_a_page_imports_is_that_of_its_events(
    run: Run, files: dict[str, str], found: list[str]
) -> None:
    _write(**{"site/a.html": PAGE % ("", EVENT), **files})
    inspected = json.loads(run("inspect", "--json", "--include", "*", "site").out)["files"]
    [event] = [one for file in inspected for one in file["snippets"] if one["event"] == "Lead"]
    assert (event["base_from"], event["pixel_id"]) == (found, META_ID if found else None)


def test_a_module_that_a_page_loads_brings_what_it_imports(run: Run) -> None:
    page = PAGE % (
        '<script type="module" src="js/main.js"></script>\n',
        "<script>onload = () => fbq('track', 'Lead')</script>",
    )
    _write(**{"site/a.html": page, "site/js/main.js": "import './pixel.js';", "site/js/pixel.js": SCRIPT})
    inspected = json.loads(run("inspect", "--json", "--include", "*", "site").out)["files"]
    [event] = [one for file in inspected for one in file["snippets"] if one["event"] == "Lead"]
    assert (event["base_from"], event["pixel_id"]) == (["site/js/pixel.js"], META_ID)
