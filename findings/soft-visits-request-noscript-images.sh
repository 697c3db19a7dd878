#!/usr/bin/env bash
# @hotwired/turbo 8.0.23, htmx.org 2.0.7 (hx-boost) and unpoly 3.14.3 (npm), in Chromium, JavaScript on: a click to a
# page of the site that they load themselves asks for the image in that page's <noscript>. A page is read there by
# DOMParser, for which scripting is off, so the noscript holds an element and not text; put into the live document, it
# loads. A conversion page reached so is counted by its script and by its noscript's image. The same page loaded
# anew does not ask for the image.
#
# Seen: requests of the image, by a click and by a load: turbo 1 0, htmx 1 0, unpoly 1 0
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund @hotwired/turbo@8.0.23 htmx.org@2.0.7 unpoly@3.14.3 >> npm.log
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
cat > visit.py <<'PY'
import functools
import http.server
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

LIBRARIES = {
    "turbo": ("node_modules/@hotwired/turbo/dist/turbo.es2017-umd.js", "<body>"),
    "htmx": ("node_modules/htmx.org/dist/htmx.min.js", '<body hx-boost="true">'),
    "unpoly": ("node_modules/unpoly/unpoly.min.js", "<body up-main>"),
}
asked = []


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        asked.append(self.path)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory="."))
threading.Thread(target=server.serve_forever, daemon=True).start()
for name, (file, body) in LIBRARIES.items():
    head = f"<!doctype html><html><head><meta charset=utf-8><title>x</title><script src='/{file}'></script></head>{body}"
    Path(f"{name}-cart.html").write_text(f"{head}<a href='/{name}-thanks.html' up-follow>buy</a></body></html>")
    Path(f"counted-by-{name}.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    image = f"<noscript><img src='/counted-by-{name}.svg'></noscript>"
    Path(f"{name}-thanks.html").write_text(f"{head}<h1>thanks</h1>{image}</body></html>")

seen = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for name in LIBRARIES:
        page = browser.new_page()
        counts = []
        for clicks in (True, False):
            asked.clear()
            start = "cart" if clicks else "thanks"
            page.goto(f"http://127.0.0.1:{server.server_port}/{name}-{start}.html", wait_until="load")
            if clicks:
                page.click("a")
                page.wait_for_selector("h1")
            page.wait_for_timeout(1500)
            counts.append(sum(f"counted-by-{name}" in path for path in asked))
        seen.append(f"{name} {counts[0]} {counts[1]}")
    browser.close()
line = ", ".join(seen)
print(line)
sys.exit(line != "turbo 1 0, htmx 1 0, unpoly 1 0")
PY
venv/bin/python visit.py "$chromium"
