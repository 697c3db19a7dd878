#!/usr/bin/env bash
# rehype 13.0.2 (npm), without a plugin and without options: the image of a <noscript> in the head, where Meta has its
# customers put it, comes out behind the noscript, which is empty then, and the rest of the head comes out in the body.
# The page is read as by a browser whose scripting is off, and what the browser would show is written down for all. In
# Chromium, JavaScript on, the written page asks for the image, beside the script that reports the same event.
#
# Seen: <noscript></noscript></head><body><img src="/counted.svg?ev=PageView&#x26;noscript=1">
#   requests of the image: page as written 0, page of rehype 1
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund rehype@13.0.2 >> npm.log
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
cat > process.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { rehype } from "rehype";
const page = `<!doctype html><html><head><meta charset="utf-8"><title>Thanks</title>
<noscript><img src="/counted.svg?ev=PageView&noscript=1"></noscript>
<link rel="icon" href="data:,"></head><body><h1>Thanks</h1></body></html>`;
const processed = String(await rehype().process(page));
console.log(processed);
writeFileSync("written.html", page);
writeFileSync("processed.html", processed);
writeFileSync("counted.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
const moved = '<noscript></noscript></head><body><img src="/counted.svg?ev=PageView&#x26;noscript=1">';
process.exit(processed.includes(moved) ? 0 : 1);
JS
node process.mjs
cat > visit.py <<'PY'
import functools
import http.server
import sys
import threading

from playwright.sync_api import sync_playwright

asked = []


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        asked.append(self.path)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory="."))
threading.Thread(target=server.serve_forever, daemon=True).start()
counts = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for name in ("written", "processed"):
        asked.clear()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
        page.wait_for_timeout(1500)
        counts.append(asked.count("/counted.svg?ev=PageView&noscript=1"))
    browser.close()
print(f"requests of the image: page as written {counts[0]}, page of rehype {counts[1]}")
sys.exit(counts != [0, 1])
PY
venv/bin/python visit.py "$chromium"
