#!/usr/bin/env bash
# react-ga4 3.0.1 (npm), in jsdom 29.1.1: `event({ category, action, .. })` writes the action with a capital letter, and
# the action is the event's name. Google Analytics 4 tells names apart by their case: `purchase` sent so is an event
# `Purchase`, which is no key event and no conversion of the property's, and none of Google's recommended ones. The same
# function called with the name first, `event("purchase", {..})`, sends it as it is.
#
# Seen: Purchase Add_to_cart; called with the name: purchase add_to_cart
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund react-ga4@3.0.1 jsdom@29.1.1 >> npm.log 2>&1
cat > events.mjs <<'JS'
import { JSDOM } from "jsdom";
const { window } = new JSDOM("<!doctype html><title>Thanks</title>");
Object.assign(globalThis, { window, document: window.document });
const { default: analytics } = await import("react-ga4");
analytics.initialize("G-AB12CD34EF");
const events = ["purchase", "add_to_cart"];
for (const action of events) analytics.event({ category: "shop", action, value: 19.99 });
for (const name of events) analytics.event(name, { value: 19.99, currency: "USD" });
const names = window.dataLayer.filter(([command]) => command === "event").map(([, name]) => name);
const line = `${names.slice(0, 2).join(" ")}; called with the name: ${names.slice(2).join(" ")}`;
console.log(line);
process.exit(line === "Purchase Add_to_cart; called with the name: purchase add_to_cart" ? 0 : 1);
JS
node events.mjs
