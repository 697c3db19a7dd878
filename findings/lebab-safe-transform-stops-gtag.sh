#!/usr/bin/env bash
# lebab 3.2.9 (npm), `arg-rest`, which it lists among its safe transforms: Google's `gtag`, which puts its `arguments`
# onto the data layer, puts a plain list there afterwards. The calls stay as they were, and so does what the list holds,
# but Google's loader takes nothing but an arguments object for a call: no tag is configured and no conversion sent.
#
# Seen: function gtag(...args){dataLayer.push(args);}; on the data layer [object Arguments] before, [object Array] after
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund lebab@3.2.9 >> npm.log 2>&1
node_modules/.bin/lebab --help | sed '/Unsafe transforms/,$d' | grep 'arg-rest'
cat > code.js <<'JS'
window.dataLayer = window.dataLayer || [];
function gtag(){dataLayer.push(arguments);}
gtag('js', new Date());
gtag('config', 'AW-123456789');
gtag('event', 'conversion', {'send_to': 'AW-123456789/AbC-D_efG-h12_34-567', 'value': 19.99, 'currency': 'USD'});
JS
node_modules/.bin/lebab --transform arg-rest code.js --out-file modern.js
cat modern.js
cat > run.js <<'JS'
const { readFileSync } = require("fs");
const { createContext, runInContext } = require("vm");
const kinds = (file) => {
  const window = createContext({});
  window.window = window;
  runInContext(readFileSync(file, "utf8"), window);
  return [...new Set(window.dataLayer.map((entry) => Object.prototype.toString.call(entry)))].join(" ");
};
const line = `${kinds("code.js")} before, ${kinds("modern.js")} after`;
console.log(line);
process.exit(line === "[object Arguments] before, [object Array] after" ? 0 : 1);
JS
node run.js
grep -q -F 'function gtag(...args)' modern.js
