#!/usr/bin/env bash
# vue 3.5.45, preact 11.2.0 and lit 3.3.3 (npm), bundled by esbuild 0.28.2, in Chromium, JavaScript on: a conversion's
# <noscript><img></noscript> that stands in a component's template is requested as soon as the component is rendered,
# on the first page too. They build a noscript's children as elements, and an image asks for its URL once it has one,
# wherever it stands. The component that also sends the event by script counts the visit twice. react 19.3.1 and svelte
# 5.57.3 leave the noscript empty, so that the same markup, moved from one framework to the other, begins to count.
#
# Seen: requests of the image: react 0, svelte 0, vue 1, preact 1, lit 1
# It needs a Chromium (`chromium` or `google-chrome`), node's npm and python3 with venv.
set -euo pipefail
chromium=$(command -v chromium || command -v google-chrome)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund vue@3.5.45 preact@11.2.0 lit@3.3.3 react@19.3.1 react-dom@19.3.1 \
    svelte@5.57.3 esbuild@0.28.2 >> npm.log 2>&1
python3 -m venv venv
venv/bin/pip install -q playwright==1.50.0
cat > bundle.js <<'JS'
const { writeFileSync } = require("fs");
const { compile } = require("svelte/compiler");
const markup = (name) => `<h1>thanks</h1><noscript><img src="/counted-by-${name}.svg" width="1" height="1"></noscript>`;
const elements = (name) => `h("div", null, h("h1", null, "thanks"),
  h("noscript", null, h("img", { src: "/counted-by-${name}.svg", width: 1, height: 1 })))`;
const entries = {
  react: `import { createElement as h } from "react"; import { createRoot } from "react-dom/client";
    createRoot(document.body).render(${elements("react")});`,
  svelte: `import { mount } from "svelte"; import Page from "./page.svelte.js"; mount(Page, { target: document.body });`,
  vue: `import { createApp } from "vue/dist/vue.esm-bundler.js";
    createApp({ template: ${JSON.stringify(markup("vue"))} }).mount("body");`,
  preact: `import { h, render } from "preact"; render(${elements("preact")}, document.body);`,
  lit: `import { html, render } from "lit"; render(html\`${markup("lit")}\`, document.body);`,
};
writeFileSync("page.svelte.js", compile(markup("svelte"), { generate: "client" }).js.code);
for (const [name, code] of Object.entries(entries)) {
  writeFileSync(`${name}.entry.js`, code);
  writeFileSync(`counted-by-${name}.svg`, "<svg xmlns='http://www.w3.org/2000/svg'/>");
  writeFileSync(`${name}.html`, `<!doctype html><meta charset=utf-8><title>x</title><body><script src=${name}.js></script>`);
  require("esbuild").buildSync({
    entryPoints: { [name]: `${name}.entry.js` },
    bundle: true,
    outdir: ".",
    conditions: ["browser"],
    logLevel: "error",
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
  });
}
JS
node bundle.js
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
seen = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for name in ("react", "svelte", "vue", "preact", "lit"):
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
        page.wait_for_selector("h1")
        page.wait_for_timeout(1500)
        seen.append(f"{name} {asked.count(f'/counted-by-{name}.svg')}")
    browser.close()
line = ", ".join(seen)
print(line)
sys.exit(line != "react 0, svelte 0, vue 1, preact 1, lit 1")
PY
venv/bin/python visit.py "$chromium"
