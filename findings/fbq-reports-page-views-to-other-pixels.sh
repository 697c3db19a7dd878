#!/usr/bin/env bash
# fbq 0.1.4 (npm), in jsdom 29.1.1: `init` reports PageView before it names its pixel to Meta's `fbq`, which reports to
# the pixels that it knows by then. Where the pixel is the only one, that page view reaches nobody; where a tag manager
# or a partner has put one onto the page before, that one counts the visit twice, and the new one does not.
#
# Seen, with a pixel 434566956589050 on the page: init 434566956589050, track PageView, track PageView,
#   init 6009125095680
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund fbq@0.1.4 jsdom@29.1.1 >> npm.log 2>&1
cat > init.js <<'JS'
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<!doctype html><title>Thanks</title><script></script>");
Object.assign(globalThis, { window, document: window.document });
const calls = [];
window.fbq = (...call) => calls.push(call.slice(0, 2).join(" "));
window.fbq("init", "434566956589050");
window.fbq("track", "PageView");
require("fbq").init("6009125095680");
console.log(calls.join(", "));
const seen = "init 434566956589050, track PageView, track PageView, init 6009125095680";
process.exit(calls.join(", ") === seen ? 0 : 1);
JS
node init.js
