#!/usr/bin/env bash
# ngx-pixel 1.1.1 (npm), with Angular 12.2.17, in jsdom 29.1.1: `remove()` takes the script element out of the page, and
# leaves the pixel in Meta's `fbq`. A new pixel, for which its documentation and its warning ask to remove the old one
# first, is one more: what `track` reports afterwards reaches both, a purchase in one shop's pixel and in the other's.
#
# Seen: init 6009125095680, track PageView, init 434566956589050, track PageView, track Purchase; elements 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund --legacy-peer-deps ngx-pixel@1.1.1 @angular/core@12.2.17 \
    @angular/common@12.2.17 @angular/router@12.2.17 @angular/platform-browser@12.2.17 @angular/compiler@12.2.17 \
    rxjs@6.6.7 zone.js@0.11.8 tslib@2.8.1 jsdom@29.1.1 >> npm.log 2>&1
cat > pixels.js <<'JS'
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<!doctype html><title>Thanks</title><script></script>", { runScripts: "dangerously" });
Object.assign(globalThis, { window, document: window.document, fbq: (...call) => window.fbq(...call) });
require("@angular/compiler");
const { PixelService } = require("ngx-pixel");
const renderer = {
  createElement: (name) => document.createElement(name),
  setAttribute: (element, name, value) => element.setAttribute(name, value),
  setProperty: (element, name, value) => { element[name] = value; },
  appendChild: (parent, child) => parent.appendChild(child),
};
const renderers = { createRenderer: () => renderer };
const pixel = new PixelService({ pixelId: "6009125095680" }, document, "browser", null, renderers);
pixel.initialize();
pixel.remove();
pixel.initialize("434566956589050");
pixel.track("Purchase", { value: 19.99, currency: "USD" });
const calls = window.fbq.queue.map((call) => [...call].slice(0, 2).join(" ")).join(", ");
const line = `${calls}; elements ${document.querySelectorAll("#pixel-script").length}`;
console.log(line);
const seen = "init 6009125095680, track PageView, init 434566956589050, track PageView, track Purchase; elements 1";
process.exit(line === seen ? 0 : 1);
JS
node pixels.js
