#!/usr/bin/env bash
# next 16.4.6 (npm), `next/script`, with react 19.3.1, bundled by esbuild 0.28.2, in Chromium: an inline script with an
# id, which Next asks for, runs once until the site is loaded anew. A visitor who orders twice without a load in between
# is shown the thank-you page twice, with another order's number and value in its script; the second one is dropped, and
# nothing says so. With the order's number in the id, too, each one runs.
#
# Seen: one id: order=1&value=19.99; an id for each order: order=1&value=19.99 order=2&value=5.00
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund next@16.4.6 react@19.3.1 react-dom@19.3.1 esbuild@0.28.2 >> npm.log 2>&1
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
mkdir site
cat > shop.jsx <<'JSX'
import { useState } from "react";
import { createRoot } from "react-dom/client";
import Script from "next/script";

const perOrder = location.search === "?per-order";
const orders = [null, { number: 1, value: "19.99" }, null, { number: 2, value: "5.00" }];
const Thanks = ({ number, value }) => (
  <>
    <h1>Thanks for order {number}</h1>
    <Script id={perOrder ? `conversion-${number}` : "conversion"}>
      {`fetch("/counted?order=${number}&value=${value}")`}
    </Script>
  </>
);
function Shop() {
  const [step, go] = useState(0);
  const order = orders[step];
  return (
    <>
      <button onClick={() => go(step + 1)}>Next</button>
      {order ? <Thanks key={step} {...order} /> : <h1>Shop</h1>}
    </>
  );
}
createRoot(document.getElementById("shop")).render(<Shop />);
JSX
node_modules/.bin/esbuild shop.jsx --bundle --jsx=automatic --outfile=site/shop.js --log-level=error \
    --define:process.env.NODE_ENV='"production"' --define:process.env='{}'
echo '<!doctype html><meta charset="utf-8"><title>Shop</title><div id="shop"></div><script src="shop.js"></script>' \
    > site/index.html
cat > visit.py <<'PY'
import functools
import http.server
import sys
import threading

from playwright.sync_api import sync_playwright

asked = []


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        asked.append(self.path)
        super().do_GET()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory="site"))
threading.Thread(target=server.serve_forever, daemon=True).start()
seen = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for query in ("", "?per-order"):
        asked.clear()
        page = browser.new_context().new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/{query}")
        for shown in ("Thanks for order 1", "Shop", "Thanks for order 2"):
            page.click("button")
            page.wait_for_selector(f"h1:text-is('{shown}')")
            page.wait_for_timeout(700)
        seen.append(" ".join(path.partition("?")[2] for path in asked if path.startswith("/counted?")))
    browser.close()
line = "one id: {}; an id for each order: {}".format(*seen)
print(line)
sys.exit(line != "one id: order=1&value=19.99; an id for each order: order=1&value=19.99 order=2&value=5.00")
PY
venv/bin/python visit.py "$chromium"
