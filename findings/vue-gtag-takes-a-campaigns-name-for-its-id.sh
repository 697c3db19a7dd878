#!/usr/bin/env bash
# vue-gtag 3.7.1 (npm), with vue 3.5.45, in jsdom 29.1.1: a page view of a URL with utm parameters sets the campaign by
# itself, and `utm_campaign`, the name, becomes its id; of it and an `utm_id` the last one in the URL counts. No name is
# reported, since the URL that is reported has no utm parameters any more. The visitor's address bar loses them too, so
# that code which comes later on the page finds no campaign in the URL, and of a parameter that is there several times
# it keeps the last one only.
#
# Seen: set campaign {"source":"news","id":"summer"}; page_location https://shop.example/thanks?size=1&size=2;
#   address bar https://shop.example/thanks?size=2
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund vue-gtag@3.7.1 vue@3.5.45 jsdom@29.1.1 >> npm.log 2>&1
cat > view.mjs <<'JS'
import { JSDOM } from "jsdom";
const url = "https://shop.example/thanks?utm_source=news&utm_id=42&utm_campaign=summer&size=1&size=2";
const { window } = new JSDOM("<!doctype html><title>Thanks</title>", { url });
Object.assign(globalThis, { window, document: window.document });
const { configure, pageview } = await import("vue-gtag");
configure({ tagId: "G-AB12CD34EF", initMode: "manual" });
pageview("/thanks");
const [set, view] = window.dataLayer.map((call) => [...call]);
const lines = [`${set[0]} ${set[1]} ${JSON.stringify(set[2])}`, view[2].page_location, window.location.href];
console.log(lines.join("\n"));
const seen = ['set campaign {"source":"news","id":"summer"}', "https://shop.example/thanks?size=1&size=2",
  "https://shop.example/thanks?size=2"];
process.exit(lines.join() === seen.join() ? 0 : 1);
JS
node view.mjs
