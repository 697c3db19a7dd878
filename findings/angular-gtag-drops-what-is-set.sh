#!/usr/bin/env bash
# angular-gtag 1.0.4 (npm), with Angular 12.2.17: `set` and `config` of its service call Google's `gtag` with an empty
# object, whatever they are given. A currency or a user's consent to ads personalization that is set through it reaches
# no tag, and nothing says so. `event` and `pageview` hand on what they are given.
#
# Seen: set {}; config AW-123456789 {}; event conversion {"value":19.99,"currency":"USD"}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund --legacy-peer-deps angular-gtag@1.0.4 @angular/core@12.2.17 \
    @angular/common@12.2.17 @angular/router@12.2.17 @angular/platform-browser@12.2.17 @angular/compiler@12.2.17 \
    rxjs@6.6.7 zone.js@0.11.8 tslib@2.8.1 >> npm.log 2>&1
cat > set.js <<'JS'
require("@angular/compiler");
const { Gtag } = require("angular-gtag");
const calls = [];
const write = (part) => (typeof part === "string" ? part : JSON.stringify(part));
globalThis.gtag = (...call) => calls.push(call.map(write).join(" "));
const service = new Gtag({ trackingId: "AW-123456789", trackPageviews: false }, { url: "/thanks" });
service.set({ currency: "USD", allow_ad_personalization_signals: false });
service.config({ currency: "USD", allow_ad_personalization_signals: false });
service.event("conversion", { value: 19.99, currency: "USD" });
const line = calls.join("; ");
console.log(line);
process.exit(line === 'set {}; config AW-123456789 {}; event conversion {"value":19.99,"currency":"USD"}' ? 0 : 1);
JS
node set.js
