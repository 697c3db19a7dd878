#!/usr/bin/env bash
# strict-csp 1.1.2 with vanilla-cookieconsent 3.1.0 (npm), in Chromium: `refactorSourcedScriptsForHashBasedCsp` makes
# the page's external scripts anew from their `src` and `type`, and from nothing else. An ad platform's script that
# waits for consent (type="text/plain" data-category="ads" src="..") keeps the type, by which it does not run, and loses
# the attribute, by which the consent manager finds it: it is never loaded, whatever the visitor accepts.
#
# Seen: ad script requested after consent: page as written 1, page of strict-csp 0
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund strict-csp@1.1.2 vanilla-cookieconsent@3.1.0 >> npm.log
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
cat > build.js <<'JS'
const { readFileSync, writeFileSync } = require("fs");
const { StrictCsp } = require("strict-csp");
const library = readFileSync("node_modules/vanilla-cookieconsent/dist/cookieconsent.umd.js", "utf8");
const texts = { consentModal: { title: "Cookies" }, preferencesModal: { sections: [] } };
const settings = { categories: { ads: {} }, language: { default: "en", translations: { en: texts } } };
writeFileSync("consent.js", `${library};CookieConsent.run(${JSON.stringify(settings)});`);
writeFileSync("ads.js", "window.loaded = true;");
const page = `<!doctype html><html><head><meta charset="utf-8"><title>Thanks</title>
<script type="text/plain" data-category="ads" src="/ads.js?id=AW-123456789"></script>
</head><body><h1>Thanks</h1><script src="/consent.js"></script></body></html>`;
writeFileSync("written.html", page);
const secured = new StrictCsp(page);
secured.refactorSourcedScriptsForHashBasedCsp();
secured.addMetaTag(StrictCsp.getStrictCsp(secured.hashAllInlineScripts()));
writeFileSync("secured.html", secured.serializeDom());
JS
node build.js
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
    for name in ("written", "secured"):
        page = browser.new_context().new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
        page.wait_for_function("window.CookieConsent")
        page.wait_for_timeout(500)
        asked.clear()
        page.evaluate("CookieConsent.acceptCategory('all')")
        page.wait_for_timeout(1500)
        assert page.evaluate("CookieConsent.acceptedCategory('ads')")
        counts.append(asked.count("/ads.js?id=AW-123456789"))
    browser.close()
line = f"ad script requested after consent: page as written {counts[0]}, page of strict-csp {counts[1]}"
print(line)
sys.exit(counts != [1, 0])
PY
venv/bin/python visit.py "$chromium"
