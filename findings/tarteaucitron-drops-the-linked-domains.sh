#!/usr/bin/env bash
# tarteaucitronjs 1.34.0 (npm), its service `gtag`, in Chromium: the domains of `tarteaucitron.user.gtagCrossdomain` are
# put into a fourth part of the call `gtag('config', ..)`, which has three. The tag is configured as if there were none:
# unless they are in the tag's settings at Google, too, a visitor who goes on to the other domain to pay is a new one
# there, and the purchase has no campaign.
#
# Seen: config G-AB12CD34EF {"anonymize_ip":true,"cookie_expires":31536000} {"linker":{"domains":[..]}}
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund tarteaucitronjs@1.34.0 >> npm.log 2>&1
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
cat > index.html <<'HTML'
<!doctype html><html><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<script src="/node_modules/tarteaucitronjs/tarteaucitron.js"></script>
<script>
tarteaucitron.init({ hashtag: "#consent", highPrivacy: true });
tarteaucitron.user.gtagUa = "G-AB12CD34EF";
tarteaucitron.user.gtagCrossdomain = ["shop.example", "pay.example"];
(tarteaucitron.job = tarteaucitron.job || []).push("gtag");
</script>
</head><body><h1>Shop</h1></body></html>
HTML
cat > visit.py <<'PY'
import functools
import http.server
import json
import sys
import threading

from playwright.sync_api import sync_playwright


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory="."))
threading.Thread(target=server.serve_forever, daemon=True).start()
local = f"http://127.0.0.1:{server.server_port}/"
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    page = browser.new_page()
    page.route(lambda url: not url.startswith(local), lambda route: route.fulfill(body=""))
    page.goto(local)
    page.wait_for_function("tarteaucitron.services && tarteaucitron.services.gtag")
    page.evaluate("tarteaucitron.userInterface.respondAll(true)")
    page.wait_for_function("window.dataLayer && [...dataLayer].some(([command]) => command === 'config')")
    call = page.evaluate("[...[...dataLayer].find(([command]) => command === 'config')]")
    browser.close()
print(" ".join(part if isinstance(part, str) else json.dumps(part) for part in call))
sys.exit(len(call) != 4 or "linker" in call[2] or call[3] != {"linker": {"domains": ["shop.example", "pay.example"]}})
PY
venv/bin/python visit.py "$chromium"
