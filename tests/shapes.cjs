// Writes tests/cases/shapes: our code, as minifiers and formatters leave it. tests/test_shapes.py says how to run it.
const fs = require("fs");
const path = require("path");
const babel = require("@babel/core");
const esbuild = require("esbuild");
const html = require("html-minifier-terser");
const minifyHtml = require("@minify-html/node");
const prettier = require("prettier");
const swc = require("@swc/core");
const terser = require("terser");
const uglify = require("uglify-js");

const CASES = path.join(__dirname, "cases");
const SCRIPT = /(<script[^>]*>)([\s\S]*?)(<\/script>)/;
const UNSAFE = { unsafe: true, unsafe_arrows: true, passes: 3, arguments: true, hoist_vars: true, hoist_props: true };
const ES5 = { presets: [[require.resolve("@babel/preset-env"), { targets: "ie 11" }]], sourceType: "script", configFile: false };

const OF_SCRIPTS = {
  babel: (script) => babel.transformSync(script, { ...ES5, minified: true, comments: false }).code,
  esbuild: (script) => esbuild.transformSync(script, { minify: true }).code,
  "esbuild-iife": (script) => esbuild.transformSync(script, { minify: true, format: "iife" }).code,
  swc: (script) => swc.minifySync(script, { compress: true, mangle: true, module: false }).code,
  "swc-toplevel": (script) => swc.minifySync(script, { compress: { toplevel: true }, mangle: { toplevel: true }, module: false }).code,
  terser: async (script) => (await terser.minify(script)).code,
  "terser-2020": async (script) => (await terser.minify(script, { ecma: 2020, compress: UNSAFE })).code,
  "terser-toplevel": async (script) => (await terser.minify(script, { toplevel: true, ecma: 2020, compress: UNSAFE })).code,
  uglify: (script) => uglify.minify(script).code,
  "uglify-toplevel": (script) => uglify.minify(script, { toplevel: true, compress: { passes: 2 } }).code,
};
const OF_PAGES = {
  "html-minifier": (code) =>
    html.minify(code, {
      collapseWhitespace: true, decodeEntities: true, minifyCSS: true, minifyJS: true, removeAttributeQuotes: true,
      removeComments: true, removeScriptTypeAttributes: true, sortAttributes: true,
    }),
  "minify-html": (code) => minifyHtml.minify(Buffer.from(code), { minify_js: true, minify_css: true }).toString(),
  prettier: (code) => prettier.format(code, { parser: "html" }),
  "prettier-strict": (code) =>
    prettier.format(code, { parser: "html", semi: false, singleQuote: true, htmlWhitespaceSensitivity: "ignore" }),
};

async function shapes(code) {
  const made = {};
  const script = SCRIPT.exec(code);
  for (const [name, minify] of Object.entries(script ? OF_SCRIPTS : {})) {
    made[name] = code.replace(SCRIPT, (_, open, inner, close) => open + "\0" + close);
    made[name] = made[name].split("\0").join((await minify(script[2])).trim());
  }
  for (const [name, rewrite] of Object.entries(OF_PAGES)) made[name] = await rewrite(code);
  return made;
}

async function main() {
  const folder = path.join(CASES, "shapes");
  const sources = ["code/audience", "code/fbds", "code/fbq", "code/fp", "code/image", "shapes/modern", "shapes/purchase"];
  for (const name of sources) {
    const seen = new Set();
    for (const [tool, code] of Object.entries(await shapes(fs.readFileSync(path.join(CASES, name + ".html"), "utf8")))) {
      if (!seen.has(code)) fs.writeFileSync(path.join(folder, `${path.basename(name)}.${tool}.html`), code);
      seen.add(code);
    }
  }
}

main();
