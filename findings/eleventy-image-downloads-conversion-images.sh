#!/usr/bin/env bash
# @11ty/eleventy-img 6.0.4 with @11ty/eleventy 3.1.8 (npm), `eleventyImageTransformPlugin` without options: the image of
# a conversion, in a noscript too, is downloaded while the site is built, and the page is given a local copy instead.
# The build asks for it as a visitor would, and no visitor ever does again: the ad platform's URL, with the id and the
# event, is in no page of the site. An `eleventy:ignore` attribute on the image keeps it.
#
# Seen: at build: GET /tr?id=6009125095680&ev=Purchase&noscript=1; in the page: <noscript><picture><source
#   type="image/webp" srcset="/..-1.webp 1w"><img height="1" width="1" style="display:none" alt=""
#   src="/..-1.jpeg"></picture></noscript>; with eleventy:ignore: nothing asked, URL kept
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log
npm install --silent --no-audit --no-fund @11ty/eleventy@3.1.8 @11ty/eleventy-img@6.0.4 >> npm.log 2>&1
cat > build.mjs <<'JS'
import { createServer } from "node:http";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import Eleventy from "@11ty/eleventy";
import { eleventyImageTransformPlugin } from "@11ty/eleventy-img";

const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const asked = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.setHeader("content-type", "image/gif").end(gif);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const image = (attribute, event) =>
  `<noscript><img height="1" width="1" style="display:none" alt=""${attribute} src="http://127.0.0.1:${
    server.address().port
  }/tr?id=6009125095680&ev=${event}&noscript=1"></noscript>`;
const page = (code) => `<!doctype html><html><head><title>Thanks</title></head><body>${code}</body></html>`;
mkdirSync("site");
writeFileSync("site/index.html", page(image("", "Purchase")));
writeFileSync("site/kept.html", page(image(" eleventy:ignore", "Lead")));
const site = new Eleventy("site", "built", {
  quietMode: true,
  config: (config) => config.addPlugin(eleventyImageTransformPlugin),
});
await site.write();
server.close();
const built = readFileSync("built/index.html", "utf8");
const kept = readFileSync("built/kept/index.html", "utf8");
console.log(asked.join(", "), built, kept);
const counted = asked.length === 1 && asked[0] === "GET /tr?id=6009125095680&ev=Purchase&noscript=1";
const gone = !built.includes("6009125095680") && /<noscript><picture>.*src="\/[\w-]+-1\.jpeg"/.test(built);
process.exit(counted && gone && kept.includes("ev=Lead") ? 0 : 1);
JS
node build.mjs
