// Write pages as formatters and minifiers do; run where they are installed.
// The pages are a JSON object on stdin, by any name. It prints, for each tool and each page, what the tool makes of it.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";

import minifyHtml from "@minify-html/node";
import * as cheerio from "cheerio";
import diffable from "diffable-html";
import { minify as terser } from "html-minifier-terser";
import { minify as next } from "html-minifier-next";
import htmlnano from "htmlnano";
import { tidy } from "htmltidy2";
import beautify from "js-beautify";
import * as parse5 from "parse5";
import posthtml from "posthtml";
import prettier from "prettier";
import pretty from "pretty";
import { rehype } from "rehype";
import format from "rehype-format";

const pretty3 = (options) => (html) => prettier.format(html, { parser: "html", ...options });
const beautified = (options) => (html) => beautify.html(html, options);
const tersed = (options) => (html) => terser(html, { collapseWhitespace: true, ...options });
const nexted = (options) => (html) => next(html, { collapseWhitespace: true, ...options });
const minified = (options) => (html) => minifyHtml.minify(Buffer.from(html), { keep_comments: true, ...options }).toString();
const nano = (options, preset) => async (html) =>
  (await htmlnano.process(html, { removeComments: false, minifyCss: false, minifySvg: false, ...options }, htmlnano.presets[preset])).html;
const tidied = (options) => (html) => promisify(tidy)(html, { doctype: "html5", ...options });
const rehyped = (settings, ...plugins) => async (html) =>
  String(await plugins.reduce((all, one) => all.use(one), rehype().data("settings", settings)).process(html));
const ATTRIBUTES = { removeAttributeQuotes: true, collapseBooleanAttributes: true, sortAttributes: true, decodeEntities: true };

const TOOLS = {
  "prettier": pretty3({}),
  "prettier, tabs": pretty3({ useTabs: true, singleQuote: true, endOfLine: "crlf" }),
  "prettier, no semicolons": pretty3({ semi: false, quoteProps: "consistent", htmlWhitespaceSensitivity: "ignore" }),
  "prettier, narrow": pretty3({ printWidth: 40, singleAttributePerLine: true, bracketSameLine: true }),
  "prettier, vue": pretty3({ parser: "vue", vueIndentScriptAndStyle: true }),
  "biome": (html) => execFileSync("node_modules/.bin/biome", ["format", "--stdin-file-path=page.html"], { input: html, encoding: "utf8" }),
  "js-beautify": beautified({}),
  "js-beautify, narrow": beautified({ wrap_line_length: 40, wrap_attributes: "force-expand-multiline" }),
  "js-beautify, tabs": beautified({ indent_with_tabs: true, indent_inner_html: true, preserve_newlines: false }),
  "js-beautify, blocks": beautified({ inline: [], extra_liners: [], indent_scripts: "keep" }),
  "pretty": (html) => pretty(html, { ocd: true }),
  "tidy": tidied({}),
  "tidy, indented": tidied({ indent: true, wrap: 60, "sort-attributes": "alpha" }),
  "tidy, xhtml": tidied({ "output-xhtml": true, doctype: "auto" }),
  "parse5": (html) => parse5.serialize(parse5.parse(html)),
  "parse5, without scripting": (html) => parse5.serialize(parse5.parse(html, { scriptingEnabled: false })),
  "cheerio": (html) => cheerio.load(html).html(),
  "cheerio, htmlparser2": (html) => cheerio.load(html, { xml: { xmlMode: false } }).html(),
  "cheerio, XML": (html) => cheerio.load(html, { xml: { xmlMode: true } }).html(),
  "posthtml": async (html) => (await posthtml().process(html)).html,
  "posthtml, slashes": async (html) => (await posthtml().process(html, { closingSingleTag: "slash", quoteAllAttributes: false })).html,
  "rehype": rehyped({}),
  "rehype, format": rehyped({}, format),
  "rehype, short": rehyped({ omitOptionalTags: true, preferUnquoted: true, quote: "'", closeSelfClosing: true }),
  "html-minifier-terser": tersed({}),
  "html-minifier-terser, attributes": tersed({ ...ATTRIBUTES, removeScriptTypeAttributes: true, minifyCSS: true }),
  "html-minifier-terser, conservative": tersed({ conservativeCollapse: true, keepClosingSlash: true, quoteCharacter: "'" }),
  "html-minifier-terser, scripts": tersed({ minifyJS: true, minifyURLs: true }),
  "html-minifier-terser, names": tersed({ minifyJS: { compress: false }, removeComments: true, ignoreCustomComments: [/snippetkit/] }),
  "html-minifier-next": nexted({}),
  "html-minifier-next, all": nexted({ ...ATTRIBUTES, minifyCSS: true, minifyJS: true }),
  "@minify-html/node": minified({ keep_html_and_head_opening_tags: true, keep_closing_tags: true }),
  "@minify-html/node, scripts": minified({ minify_js: true, minify_css: true }),
  "htmlnano": nano({}, "safe"),
  "htmlnano, no scripts": nano({ minifyJs: false, collapseWhitespace: "aggressive" }, "max"),
  "diffable-html": diffable,
};

const pages = JSON.parse(readFileSync(0, "utf8"));
writeFileSync("biome.json", '{"html": {"formatter": {"enabled": true}, "experimentalFullSupportEnabled": true}}');
const made = {};
for (const [tool, run] of Object.entries(TOOLS)) {
  made[tool] = {};
  for (const [name, page] of Object.entries(pages)) {
    made[tool][name] = await run(page);
  }
}
process.stdout.write(JSON.stringify(made));
