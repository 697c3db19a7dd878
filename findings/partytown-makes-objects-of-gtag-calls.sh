#!/usr/bin/env bash
# @qwik.dev/partytown 0.14.4 (npm), in Chromium, with `forward: ["dataLayer.push"]` as its documentation has it for
# Google's tags: what the page pushes reaches the worker's data layer, but the `arguments` that a `gtag` on the page
# pushes are an object with the keys 0, 1, 2 there, which Google's loader, in the worker, takes for no call. A purchase
# that a button reports is lost without an error, while the tag's own calls, made in the worker, count. A call of a
# forwarded function, as of `fbq`, arrives whole.
#
# Seen: in the worker: its own call [object Arguments], the page's [object Object] {"0":"event","1":"conversion",..},
#   fbq ["track","Purchase",{"value":19.99,"currency":"USD"}]
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund @qwik.dev/partytown@0.14.4 >> npm.log 2>&1
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
mkdir site
cp -R node_modules/@qwik.dev/partytown/lib site/~partytown
cat > site/index.html <<'HTML'
<!doctype html><html><head><meta charset="utf-8"><title>Cart</title><link rel="icon" href="data:,">
<script>partytown = { forward: ["dataLayer.push", "fbq"] };</script>
<script src="/~partytown/partytown.js"></script>
<script type="text/partytown">
window.dataLayer = window.dataLayer || [];
function gtag(){dataLayer.push(arguments);}
gtag('config', 'AW-123456789');
const tell = (name, value) => fetch(`/seen?${name} ${Object.prototype.toString.call(value)} ${JSON.stringify(value)}`);
tell("own", dataLayer[0]);
dataLayer.push = (entry) => { tell("page", entry); };
window.fbq = (...call) => { tell("fbq", call); };
</script>
</head><body>
<script>
function gtag(){dataLayer.push(arguments);}
function bought() {
  gtag('event', 'conversion', {send_to: 'AW-123456789/AbC-D_efG-h12_34-567', value: 19.99, currency: 'USD'});
  fbq('track', 'Purchase', {value: 19.99, currency: 'USD'});
}
</script>
<button onclick="bought()">Buy</button>
</body></html>
HTML
cat > visit.py <<'PY'
import functools
import http.server
import sys
import threading
import urllib.parse

from playwright.sync_api import sync_playwright

seen = []


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.startswith("/seen?"):
            seen.append(urllib.parse.unquote(self.path.partition("?")[2]))
        super().do_GET()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory="site"))
threading.Thread(target=server.serve_forever, daemon=True).start()
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.wait_for_timeout(2500)
    page.click("button")
    page.wait_for_timeout(2000)
    browser.close()
print("\n".join(seen))
fbq, own, gtag = sorted(seen)
sys.exit(
    not own.startswith("own [object Arguments]")
    or not gtag.startswith('page [object Object] {"0":"event","1":"conversion",')
    or fbq != 'fbq [object Array] ["track","Purchase",{"value":19.99,"currency":"USD"}]'
)
PY
venv/bin/python visit.py "$chromium"
