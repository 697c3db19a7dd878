// Renders pages with the template engines of npm; see render.py for what it reads and prints. Its argument is the
// folder where they are installed.

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const modules = path.join(process.argv[2], 'node_modules');
const require = createRequire(path.join(modules, 'x.js'));
const load = (name) => import(pathToFileURL(path.join(modules, name)).href);
const read = (folder, name) => readFileSync(path.join(folder, name), 'utf8');

const matter = require('gray-matter');
const readPage = (folder, name) => matter(read(folder, name)).content;

async function handlebars(folder, main, data) {
  const engine = require('handlebars').create();
  engine.registerHelper('raw', (options) => options.fn());
  engine.registerHelper('upper', (text) => String(text).toUpperCase());
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.hbs') && name !== main)) {
    engine.registerPartial(file.slice(0, -4), readPage(folder, file));
  }
  return engine.compile(readPage(folder, main))(data);
}

async function nunjucks(folder, main, data) {
  const engine = require('nunjucks');
  const loader = { getSource: (name) => ({ src: readPage(folder, name), path: name, noCache: true }) };
  return new engine.Environment(loader, { autoescape: true }).render(main, data);
}

async function liquidjs(folder, main, data) {
  const { Liquid } = require('liquidjs');
  const fs = {
    existsSync: () => true,
    exists: async () => true,
    readFileSync: (file) => matter(readFileSync(file, 'utf8')).content,
    readFile: async (file) => matter(readFileSync(file, 'utf8')).content,
    resolve: (root, file) => path.join(root, file),
    contains: async () => true,
    containsSync: () => true,
    sep: path.sep,
    dirname: path.dirname,
  };
  return new Liquid({ root: folder, fs }).renderFile(main, data);
}

async function ejs(folder, main, data) {
  return require('ejs').renderFile(path.join(folder, main), data);
}

async function twigjs(folder, main, data) {
  const { twig } = require('twig');
  const options = { path: path.join(folder, main), base: folder, async: false, rethrow: true, autoescape: true };
  return twig({ ...options, namespaces: {} }).render(data);
}

async function mustache(folder, main, data) {
  return require('mustache').render(read(folder, main), data, (name) => read(folder, `${name}.mustache`));
}

async function eta(folder, main, data) {
  const { Eta } = await load('eta/dist/index.mjs');
  return new Eta({ views: folder, defaultExtension: '' }).render(`./${main}`, data);
}

async function edge(folder, main, data) {
  const { Edge } = await load('edge.js/build/index.js');
  const engine = Edge.create({ cache: false });
  engine.mount(folder);
  return main.endsWith('.edge') ? engine.render(main.slice(0, -5), data) : engine.renderRaw(read(folder, main), data);
}

async function velocityjs(folder, main, data) {
  return require('velocityjs').render(read(folder, main), data);
}

// The function that @sveltejs/kit makes of src/app.html when it builds, called as its server calls it.
async function sveltekit(folder, main, data) {
  const { process_config } = await load('@sveltejs/kit/src/core/config/index.js');
  const { write_server } = await load('@sveltejs/kit/src/core/sync/write_server.js');
  const output = path.join(folder, '.svelte-kit');
  process.chdir(folder);
  write_server(process_config({ kit: { files: { appTemplate: main } } }, { cwd: folder }), output);
  const [, app] = read(output, 'server/internal.js').match(/\bapp: (\(\{.*\n?.*),\s+error\n/);
  const values = { assets: '.', nonce: 'abc', env: { PUBLIC_SHOP: data.title } };
  const head = '<link href="./_app/a.css" rel="stylesheet"><!--[--><title>Tea</title><!--]-->';
  return (0, eval)(app)({ ...values, head, body: `<p>${data.name}</p>` });
}

const engines = { handlebars, nunjucks, liquidjs, ejs, twigjs, mustache, eta, edge, velocityjs, sveltekit };

async function render({ engine, folder, main, data }) {
  try {
    return { html: await engines[engine](folder, main, data) };
  } catch (error) {
    return { error: String(error) };
  }
}

const given = [];
for (const job of await json(process.stdin)) {
  given.push(await render(job));
}
process.stdout.write(JSON.stringify(given));
