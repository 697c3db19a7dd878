#!/usr/bin/env bash
# react-facebook-pixel 1.0.4 (npm), in jsdom 29.1.1: `trackSingleCustom`, for a custom event of one pixel, calls fbq's
# `trackSingle`, which is for standard events. Its own debug line says that `trackSingleCustom` was called.
# `trackCustom`, for all pixels, calls what it is named after.
#
# Seen: called trackSingle 6009125095680 Configured;
#   said called fbq('trackSingleCustom', '6009125095680', 'Configured');
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund react-facebook-pixel@1.0.4 jsdom@29.1.1 >> npm.log 2>&1
cat > events.js <<'JS'
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<!doctype html><title>Cart</title><script></script>");
Object.assign(globalThis, { window, document: window.document, fbq: (...call) => window.fbq(...call) });
const said = [];
console.info = (...words) => said.push(words.slice(1).join(" "));
const pixel = require("react-facebook-pixel").default;
pixel.init("6009125095680", {}, { debug: true });
pixel.trackSingleCustom("6009125095680", "Configured", { size: "L" });
pixel.trackCustom("Compared", { size: "L" });
const [, single, all] = window.fbq.queue.map((call) => [...call].filter((part) => typeof part === "string").join(" "));
console.log(`called ${single}; said ${said[0]}`);
const called = single === "trackSingle 6009125095680 Configured" && all === "trackCustom Compared";
const told = said[0] === "called fbq('trackSingleCustom', '6009125095680', 'Configured');";
process.exit(called && told ? 0 : 1);
JS
node events.js
