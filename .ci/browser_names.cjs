// Derive `snippetkit/lint/browser_names.json`: the names that lead from a page's script to the browser and its visitor.
//
// The sources are the Web IDL of the web platform's specifications, as W3C's webref curates it; what browsers have on
// their window beside that, as MDN's browser-compat-data and the package globals list it; and the members that Node's
// JavaScript gives to every object and function. Run by hand, where these have changed:
//
//     npm install --prefix /tmp/names @webref/idl webidl2 @mdn/browser-compat-data globals
//     NODE_PATH=/tmp/names/node_modules node .ci/browser_names.cjs > snippetkit/lint/browser_names.json
//
// `globals` are what a script finds without a dot: members of Window and of what it inherits from or includes, and the
// objects, interfaces and functions that are exposed there. `elements` are the attributes of what a page's own name may
// stand for, where the page has an element of that id: an element, a collection or a window, apart from those that only
// repeat an attribute of the markup. `others` are the attributes of all other interfaces.

const { parseAll } = require('@webref/idl');
const compat = require('@mdn/browser-compat-data');
const { browser, builtin } = require('globals');

const NAMED = ['HTMLCollection', 'RadioNodeList', 'Window'];  // HTML, 7.2.2.3, "Named access on the Window object"
const version = (name) => `${name} ${require(`${name}/package.json`).version}`;
const sorted = (names) => [...new Set(names)].filter((name) => name && /^[A-Za-z_$][\w$]*$/.test(name)).sort();
const keys = (group) => Object.keys(group).filter((name) => !/^__|_event$/.test(name));

parseAll().then((specifications) => {
  const definitions = Object.values(specifications).flat();
  const members = {}, parents = {}, mixins = {}, exposed = [];
  for (const one of definitions) {
    if (one.type === 'includes') {
      (mixins[one.target] ??= []).push(one.includes);
    } else if (['interface', 'interface mixin', 'namespace', 'callback interface'].includes(one.type)) {
      (members[one.name] ??= []).push(...one.members);
      parents[one.name] ??= one.inheritance;
      exposed.push(...seen(one));
    }
  }
  const all = (name) => name ? [name, ...(mixins[name] ?? []), ...all(parents[name])] : [];
  const of = (names) => names.flatMap((name) => members[name] ?? []);
  const isElement = (name) => all(name).includes('Element') || NAMED.some((named) => all(named).includes(name));
  const elements = Object.keys(members).filter(isElement);
  const ofElements = new Set([...elements, ...NAMED].flatMap(all));
  const attributes = (names) => of(names).filter((one) => one.type === 'attribute' && one.special !== 'static');
  const others = Object.keys(members).filter((name) => !ofElements.has(name));
  process.stdout.write(JSON.stringify({
    sources: [
      version('@webref/idl'), `@mdn/browser-compat-data ${compat.__meta.version}`, version('globals'),
      `Node ${process.version}`,
    ],
    globals: sorted([
      ...of(all('Window')).map((one) => one.name),
      ...exposed, ...keys(compat.api), ...keys(compat.api.Window), ...keys(browser), ...keys(builtin),
      ...Object.getOwnPropertyNames(Object.prototype), 'chrome',  // which Chromium has, and no list
    ]),
    elements: sorted(attributes([...ofElements]).filter((one) => !repeats(one)).map((one) => one.name)),
    others: sorted([
      ...attributes(others).map((one) => one.name),
      ...Object.getOwnPropertyNames(Object.prototype), ...Object.getOwnPropertyNames(Function.prototype), 'prototype',
    ]),
  }) + '\n');
});

// What an interface or a namespace is called for a script of a page.
function seen(one) {
  const names = [one.name];
  for (const about of one.extAttrs) {
    if (['LegacyFactoryFunction', 'LegacyWindowAlias'].includes(about.name)) {
      names.push(...[about.rhs.value].flat().map((name) => name.value ?? name));
    }
  }
  return one.type === 'interface mixin' ? [] : names;
}

// Whether an attribute is a text, a number or a truth that the page's author wrote into the markup.
function repeats(one) {
  return one.extAttrs.some((about) => about.name === 'Reflect') && typeof one.idlType.idlType === 'string' &&
    /^(DOMString|boolean|(unsigned )?long|double)$/.test(one.idlType.idlType);
}
