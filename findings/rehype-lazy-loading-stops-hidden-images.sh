#!/usr/bin/env bash
# rehype-plugin-image-native-lazy-loading 1.2.0 with rehype 13.0.2 (npm), in Chromium: every image of the page gets
# loading="lazy", also the one that is the conversion's code, 1 pixel wide and display:none as ad platforms write it. A
# lazy image without a box is never near the screen, and so is never requested: the conversion is not counted, wherever
# the visitor scrolls, while the markup looks complete. The image of a noscript gets it too, and does load where
# scripting is off, since lazy loading is off there as well.
#
# Seen: <img src="/counted.svg?ev=Purchase" width="1" height="1" style="display:none" alt="" loading="lazy">
#   requests of the image: page as written 1, page of the plugin 0; without scripting 1
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund rehype@13.0.2 rehype-plugin-image-native-lazy-loading@1.2.0 >> npm.log
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
cat > process.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { rehype } from "rehype";
import plugin from "rehype-plugin-image-native-lazy-loading";
const image = '<img src="/counted.svg?ev=Purchase" width="1" height="1" style="display:none" alt="">';
const page = `<!doctype html><html><head><meta charset="utf-8"><title>Thanks</title></head><body><h1>Thanks</h1>
${image}<noscript><img src="/without.svg" width="1" height="1" style="display:none" alt=""></noscript></body></html>`;
const processed = String(await rehype().use(plugin.default ?? plugin).process(page));
console.log(processed);
writeFileSync("written.html", page);
writeFileSync("processed.html", processed);
for (const name of ["counted", "without"]) writeFileSync(`${name}.svg`, "<svg xmlns='http://www.w3.org/2000/svg'/>");
process.exit(processed.includes(image.replace(">", ' loading="lazy">')) ? 0 : 1);
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
    for name, scripting in (("written", True), ("processed", True), ("processed", False)):
        asked.clear()
        page = browser.new_context(java_script_enabled=scripting).new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
        page.wait_for_timeout(1500)
        counts.append(asked.count("/counted.svg?ev=Purchase" if scripting else "/without.svg"))
    browser.close()
print(f"requests of the image: page as written {counts[0]}, page of the plugin {counts[1]}; without scripting {counts[2]}")
sys.exit(counts != [1, 0, 1])
PY
venv/bin/python visit.py "$chromium"
