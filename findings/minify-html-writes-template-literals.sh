#!/usr/bin/env bash
# @minify-html/node 0.18.1 (npm), with `minify_js`: quoted strings in a page's scripts become template literals, those
# of conversion code too. That is ECMAScript 2015, whatever the code was written for: the compiler of Google Tag
# Manager's Custom HTML tags takes ECMAScript 5 only, and tools that look for fbq('init', '<id>') find nothing.
#
# Seen: <script>fbq(`init`,`6009125095680`),fbq(`track`,`Purchase`,{value:19.99,currency:`USD`});</script>
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund @minify-html/node@0.18.1 >> npm.log
cat > minify.js <<'JS'
const { minify } = require("@minify-html/node");
const page = `<!doctype html><title>Thanks</title><script>
fbq('init', '6009125095680');
fbq('track', 'Purchase', {value: 19.99, currency: 'USD'});
</script>`;
const minified = minify(Buffer.from(page), { minify_js: true }).toString();
console.log(minified);
process.exit(minified.includes("fbq(`init`,`6009125095680`)") && !minified.includes("'") ? 0 : 1);
JS
node minify.js
