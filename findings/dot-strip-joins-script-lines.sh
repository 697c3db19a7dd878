#!/usr/bin/env bash
# doT 1.1.3 (npm), with its default setting `strip`: line ends of a page's scripts are removed, and nothing is put in
# their place. A `//` comment, as ad platforms put into the code that they hand out, then takes in all that follows:
# the page is rendered without an error, and the event is never sent. With `strip: false` the script stays as it is.
#
# Seen: <script>var shop = 1; // thank-you pagefbq('track', 'Purchase', {value: 19.99, currency: 'USD'});</script>
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund dot@1.1.3 >> npm.log
cat > render.js <<'JS'
const doT = require("dot");
const page = `<script>
var shop = 1; // thank-you page
fbq('track', 'Purchase', {value: 19.99, currency: 'USD'});
</script>`;
const stripped = doT.template(page)({});
const kept = doT.template(page, { ...doT.templateSettings, strip: false })({});
console.log(stripped);
process.exit(stripped.includes("thank-you pagefbq('track'") && kept === page ? 0 : 1);
JS
node render.js
