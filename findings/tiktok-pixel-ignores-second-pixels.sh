#!/usr/bin/env bash
# tiktok-pixel 2.0.3 (npm): `init` with an id does nothing, and says nothing, where the page has a `ttq` already, be it
# from another call of `init`, from the code that TikTok hands out, or from a tag manager. The pixel named is never
# loaded, and what `track` reports afterwards goes to whichever pixel was there first: two agencies' pixels on one page,
# or a shop's own beside its partner's, and the second has no conversion.
#
# Seen, of C0FIRST00000000000AA and C0SECOND0000000000BB: loaded C0FIRST00000000000AA; known C0FIRST00000000000AA;
#   queued [["page"],["track","CompletePayment",{"value":19.99,"currency":"USD"},{}]]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund tiktok-pixel@2.0.3 jsdom@29.1.1 >> npm.log 2>&1
cat > init.js <<'JS'
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<!doctype html><title>Thanks</title><script></script>");
Object.assign(globalThis, { window, document: window.document });
const tiktok = require("tiktok-pixel").default;
(async () => {
  await tiktok.init("C0FIRST00000000000AA", {}, { debug: false });
  await tiktok.init("C0SECOND0000000000BB", {}, { debug: false });
  tiktok.track("CompletePayment", { value: 19.99, currency: "USD" });
  const loaded = [...document.scripts].map((script) => script.src && new URL(script.src).searchParams.get("sdkid"));
  const queued = [...window.ttq].filter(([name]) => name !== "identify");
  const line = `loaded ${loaded.filter(Boolean)}; known ${Object.keys(window.ttq._i)}; queued ${JSON.stringify(queued)}`;
  console.log(line);
  const track = '["track","CompletePayment",{"value":19.99,"currency":"USD"},{}]';
  const first = "C0FIRST00000000000AA";
  process.exit(line === `loaded ${first}; known ${first}; queued [["page"],${track}]` ? 0 : 1);
})();
JS
node init.js
