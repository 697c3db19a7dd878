#!/usr/bin/env bash
# workbox-recipes 7.4.1 (npm), `imageCache()`, bundled by esbuild 0.28.2, in Chromium: a service worker with it keeps
# images of other hosts, too, also those that are answered with `no-store`, and a conversion's among them. Where its URL
# is the same for each order, as LinkedIn's is, the platform is asked at the visitor's first order, and not at the next
# ones of the same month; the page is given an image each time, and no error. A number of its own in the URL, such as
# the order's, gets each one through.
#
# Seen: requests for three orders: without a service worker 3, with it 1, with the order in the URL 3
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund workbox-recipes@7.4.1 esbuild@0.28.2 >> npm.log 2>&1
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
mkdir site
cat > worker.js <<'JS'
import { imageCache } from "workbox-recipes";
imageCache();
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
JS
node_modules/.bin/esbuild worker.js --bundle --outfile=site/worker.js --log-level=error \
    --define:process.env.NODE_ENV='"production"'
echo '<!doctype html><meta charset="utf-8"><title>Thanks</title><link rel="icon" href="data:,">' > site/thanks.html
cat > visit.py <<'PY'
import base64
import functools
import http.server
import sys
import threading

from playwright.sync_api import sync_playwright

GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
ORDER = "new Promise((done) => { const image = new Image(); image.onload = done; image.src = '%s'; })"
asked = []


class Shop(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Platform(http.server.BaseHTTPRequestHandler):
    """Where images are counted, on a host of its own."""

    def log_message(self, *_):
        asked.append(self.path)

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "image/gif")
        self.send_header("cache-control", "no-store")
        self.end_headers()
        self.wfile.write(GIF)


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


shop = f"http://localhost:{serve(functools.partial(Shop, directory='site'))}/thanks.html"
image = f"http://127.0.0.1:{serve(Platform)}/collect/?pid=123456&conversionId=7654321&fmt=gif"
counts = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for worker, url in ((False, "{}"), (True, "{}"), (True, "{}&order={}")):
        asked.clear()
        page = browser.new_context().new_page()
        if worker:
            page.goto(shop)
            page.evaluate("navigator.serviceWorker.register('/worker.js')")
            page.wait_for_function("navigator.serviceWorker.controller")
        for order in range(3):
            page.goto(shop)
            page.evaluate(ORDER % url.format(image, order))
            page.wait_for_timeout(500)
        counts.append(len(asked))
    browser.close()
print("without a service worker {}, with it {}, with the order in the URL {}".format(*counts))
sys.exit(counts != [3, 1, 3])
PY
venv/bin/python visit.py "$chromium"
