#!/usr/bin/env bash
# react-helmet 6.1.0 and react-helmet-async 3.0.0 (npm), with react 18.3.1, bundled by esbuild 0.28.2, in Chromium: an
# inline script of theirs that comes with the page from the server and has a nonce, as the page's
# Content-Security-Policy asks, runs as the page is read and once more as React takes the page over. Browsers hide a
# nonce that came with a policy, so that the script is no longer equal to the one that the component describes; it is
# taken out and put in anew. A conversion is counted twice, on the sites with a policy only: without one, as on a
# developer's machine, the nonce is not hidden, and the script runs once.
#
# Seen: conversions without and with a policy: react-helmet 1 2, react-helmet-async 1 2
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund --legacy-peer-deps react@18.3.1 react-dom@18.3.1 react-helmet@6.1.0 \
    react-helmet-async@3.0.0 esbuild@0.28.2 >> npm.log 2>&1
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
mkdir site
cat > page.jsx <<'JSX'
export const page = (Helmet) => (
  <>
    <Helmet><script nonce="Tm9uY2U">{"fetch('/counted?ev=Purchase')"}</script></Helmet>
    <h1>Thanks</h1>
  </>
);
JSX
cat > react-helmet.app.jsx <<'JSX'
import { Helmet } from "react-helmet";
import { page } from "./page.jsx";
export const App = () => page(Helmet);
export const script = () => Helmet.renderStatic().script;
JSX
cat > react-helmet-async.app.jsx <<'JSX'
import { Helmet, HelmetProvider } from "react-helmet-async";
import { page } from "./page.jsx";
const context = {};
export const App = () => <HelmetProvider context={context}>{page(Helmet)}</HelmetProvider>;
export const script = () => context.helmet.script;
JSX
cat > build.js <<'JS'
const { writeFileSync } = require("fs");
const { buildSync } = require("esbuild");
const build = (name, more) => buildSync({ entryPoints: [name], bundle: true, jsx: "automatic", logLevel: "error",
  define: { "process.env.NODE_ENV": '"production"' }, ...more });
for (const name of ["react-helmet", "react-helmet-async"]) {
  writeFileSync(`${name}.browser.jsx`, `import { hydrateRoot } from "react-dom/client";
    import { App } from "./${name}.app";
    hydrateRoot(document.getElementById("app"), <App/>);`);
  writeFileSync(`${name}.server.jsx`, `import { renderToString } from "react-dom/server";
    import { App, script } from "./${name}.app";
    export const body = renderToString(<App/>), head = script().toString();`);
  build(`${name}.browser.jsx`, { outfile: `site/${name}.js` });
  build(`${name}.server.jsx`, { outfile: `${name}.server.js`, platform: "node" });
  const { head, body } = require(`./${name}.server.js`);
  console.log(head);
  writeFileSync(`site/${name}.html`, `<!doctype html><html><head><meta charset="utf-8"><title>Thanks</title>
<link rel="icon" href="data:,">${head}</head>
<body><div id="app">${body}</div><script src="${name}.js"></script></body></html>`);
}
JS
node build.js
cat > visit.py <<'PY'
import functools
import http.server
import sys
import threading

from playwright.sync_api import sync_playwright

asked = []
policy = []


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        asked.append(self.path)
        super().do_GET()

    def end_headers(self):
        if policy:
            self.send_header("content-security-policy", policy[0])
        super().end_headers()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory="site"))
threading.Thread(target=server.serve_forever, daemon=True).start()
seen = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for name in ("react-helmet", "react-helmet-async"):
        counts = []
        for policy[:] in ([], ["script-src 'self' 'nonce-Tm9uY2U'"]):
            asked.clear()
            page = browser.new_context().new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
            page.wait_for_timeout(1500)
            counts.append(asked.count("/counted?ev=Purchase"))
        seen.append(f"{name} {counts[0]} {counts[1]}")
    browser.close()
line = ", ".join(seen)
print(line)
sys.exit(line != "react-helmet 1 2, react-helmet-async 1 2")
PY
venv/bin/python visit.py "$chromium"
