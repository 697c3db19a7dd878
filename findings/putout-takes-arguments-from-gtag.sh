#!/usr/bin/env bash
# putout 41.3.1 (npm), `putout --fix` without settings: Google's code for a page is rewritten so that it sends nothing.
# `gtag` declares no parameters and reads `arguments`; the arguments of its calls are taken for unused and deleted, the
# id, the label and the value of the conversion among them. What is left runs without an error and puts nothing into the
# data layer that a tag could send.
#
# Seen: gtag('js'); gtag('config'); gtag('event');
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund putout@41.3.1 >> npm.log 2>&1
cat > code.js <<'JS'
window.dataLayer = window.dataLayer || [];
function gtag(){dataLayer.push(arguments);}
gtag('js', new Date());
gtag('config', 'AW-123456789');
gtag('event', 'conversion', {'send_to': 'AW-123456789/AbC-D_efG-h12_34-567', 'value': 19.99, 'currency': 'USD'});
JS
node_modules/.bin/putout --fix code.js
cat code.js
calls=$(grep '^gtag(' code.js | paste -s -d ' ')
[ "$calls" = "gtag('js'); gtag('config'); gtag('event');" ]
! grep -q -e 'AW-123456789' -e '19\.99' code.js
