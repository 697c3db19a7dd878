// What Matomo Tag Manager does with a container version that it imports: the import's checks, the container that it
// publishes, and the runtime on a page.
'use strict';

const manager = (() => {
  const MOST = { name: 50, description: 1000, event: 300 };
  const KINDS = {
    tags: ['CustomHtml', 'CustomImage'],
    triggers: ['PageView', 'CustomEvent'],
    variables: ['CustomJsFunction', 'DataLayer'],
  };
  const REQUIRED = {
    tags: ['parameters', 'fire_limit', 'fire_delay', 'priority', 'start_date', 'end_date'],
    triggers: ['idtrigger', 'parameters', 'conditions'],
    variables: ['parameters', 'default_value', 'lookup_table'],
  };
  const COMPARISONS = ['equals', 'equals_exactly', 'contains', 'starts_with', 'ends_with', 'regexp', 'regexp_ignore_case'];
  const PAGE = {
    PageUrl: (place) => place.href,
    PagePath: (place) => place.pathname,
    PageHostname: (place) => place.hostname,
  };
  const LIMITS = ['unlimited', 'once_page', 'once_24hours', 'once_lifetime'];

  function check(holds, message) {
    if (!holds) throw new Error(`Matomo refuses it: ${message}`);
  }

  // ---- the import ----

  // Each text of the API is decoded, escaped for the checks, and unescaped again where it is a parameter.
  function decoded(text) {
    return text.replace(/&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/gi, (reference) => {
      const area = document.createElement('textarea');
      area.innerHTML = reference;
      return area.value;
    });
  }

  function escaped(text) {
    return decoded(text).replace(/[&<>"']/g, (char) => `&#${String(char.charCodeAt(0)).padStart(3, '0')};`);
  }

  function allDecoded(value) {
    if (typeof value === 'string') return decoded(value);
    if (Array.isArray(value)) return value.map(allDecoded);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, allDecoded(inner)]));
  }

  // The database compares names without case, accents and white space at the end, and takes all emoji for one.
  function asCompared(name) {
    return name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\0-\uffff]/gu, '?').toLowerCase().trim();
  }

  function imported(file) {
    for (const key of ['tags', 'triggers', 'variables', 'idcontainer', 'context']) check(key in file, `no ${key}`);
    check(file.context === 'web', 'the context is not web');
    const draft = {};
    for (const kind of ['variables', 'triggers', 'tags']) {
      const taken = new Set();
      draft[kind] = file[kind].map((entry, index) => added(kind, entry, index, taken));
    }
    const ids = new Map(draft.triggers.map((trigger) => [trigger.idtrigger, trigger.id]));
    draft.triggers.forEach((trigger) => checkTrigger(trigger, draft));
    draft.tags.forEach((tag) => checkTag(tag, ids));
    draft.variables.forEach(checkVariable);
    return draft;
  }

  function added(kind, entry, index, taken) {
    const where = `${kind} ${entry.name}`;
    for (const key of ['name', 'description', ...REQUIRED[kind]]) check(key in entry, `${where}: no ${key}`);
    check(KINDS[kind].includes(entry.type), `${where}: the type ${entry.type}`);
    const length = [...escaped(entry.name)].length;
    check(length >= 1 && length <= MOST.name, `${where}: ${length} characters`);
    check([...escaped(entry.description)].length <= MOST.description, `${where}: the description is too long`);
    check(!taken.has(asCompared(entry.name)), `${where}: the name is in use`);
    taken.add(asCompared(entry.name));
    const conditions = allDecoded(entry.conditions || []);
    return { ...entry, id: 1000 + index, parameters: allDecoded(entry.parameters), conditions };
  }

  function checkTrigger(trigger) {
    for (const condition of trigger.conditions) {
      check(condition.actual in PAGE, `${trigger.name}: no variable ${condition.actual}`);
      check(COMPARISONS.includes(condition.comparison.replace(/^not_/, '')), `${trigger.name}: the comparison`);
      check(condition.expected && condition.expected !== '0', `${trigger.name}: the expected value is empty`);
    }
    const event = trigger.parameters.eventName;
    if (trigger.type === 'CustomEvent') check(event && event.length <= MOST.event, `${trigger.name}: the event's name`);
  }

  function checkTag(tag, ids) {
    tag.fires = (tag.fire_trigger_ids || []).filter((id) => ids.has(id)).map((id) => ids.get(id));
    tag.blocks = (tag.block_trigger_ids || []).filter((id) => ids.has(id)).map((id) => ids.get(id));
    check(tag.fires.length, `${tag.name}: no trigger`);
    check(LIMITS.includes(tag.fire_limit), `${tag.name}: the fire limit`);
    check(tag.fire_delay >= 0 && tag.priority >= 0 && tag.priority <= 65535, `${tag.name}: a number`);
    check(tag.parameters.customHtml || tag.parameters.customImageSrc, `${tag.name}: there is nothing to fire`);
  }

  function checkVariable(variable) {
    check(!(variable.name in PAGE), `${variable.name} is a variable of Matomo's own`);
    check(['string', 'number', 'boolean'].includes(typeof variable.default_value), `${variable.name}: the default`);
    const { jsFunction } = variable.parameters;
    if (variable.type !== 'CustomJsFunction') return;
    check(jsFunction && jsFunction.startsWith('function') && jsFunction.includes('return '), `${variable.name}: the code`);
  }

  // ---- the container ----

  // A text with {{names}} of variables to a list of texts and variables; a name that is unknown stays as it is.
  function parts(text, variables) {
    const found = [];
    let at = 0;
    let isConstant = true;
    for (const match of text.matchAll(/\{\{(?!\{)((?:(?!\{\{)[^])*?)\}\}/g)) {
      const variable = variables.find(({ name }) => name === match[1].trim());
      found.push(text.slice(at, match.index).replace(/\\([{}])/g, '$1'), variable || match[0]);
      isConstant = isConstant && !variable;
      at = match.index + match[0].length;
    }
    found.push(text.slice(at));
    return isConstant ? [found.join('')] : found.filter((part) => part !== '');
  }

  // ---- the runtime ----

  class DataLayer {
    values = {};
    callbacks = [];

    push(value) {
      if (typeof value !== 'object' || value === null) return;
      Object.assign(this.values, value);
      this.callbacks.forEach((callback) => callback(value));
    }

    on(callback) {
      this.callbacks.push(callback);
    }

    get(name) {
      if (name in this.values) {
        const value = this.values[name];
        if (typeof value === 'function') return value();
        return value && typeof value.get === 'function' ? value.get() : value;
      }
      if (!name.includes('.')) return undefined;
      let found = this.values;
      for (const part of name.split('.')) {
        if (!(part in found)) return undefined; // throws where it is no object
        found = found[part];
      }
      return found;
    }
  }

  function compare(actual, expected, comparison) {
    if (comparison.startsWith('not_')) return !compare(actual, expected, comparison.slice(4));
    const [low, lowExpected] = [actual.toLowerCase(), expected.toLowerCase()];
    switch (comparison) {
      case 'equals': return low === lowExpected;
      case 'contains': return low.includes(lowExpected);
      case 'starts_with': return low.startsWith(lowExpected);
      case 'ends_with': return low.endsWith(lowExpected);
      case 'equals_exactly': return actual === expected;
      case 'regexp': return new RegExp(expected).test(actual);
      default: return new RegExp(expected, 'i').test(actual);
    }
  }

  // Triggers that block any tag are set up first, the others behind them, each in the order of their ids.
  function inOrder(triggers, tags) {
    const blocking = new Set(tags.flatMap((tag) => tag.blocks));
    const rank = (trigger) => (blocking.has(trigger.id) ? 0 : 1);
    return [...triggers].sort((a, b) => rank(a) - rank(b) || a.id - b.id);
  }

  class Container {
    constructor(draft, place, globalLayer, fire) {
      this.place = place;
      this.globalLayer = globalLayer;
      this.fireTag = fire;
      this.dataLayer = new DataLayer();
      globalLayer.on((value) => this.dataLayer.push(value));
      this.variables = draft.variables;
      this.tags = draft.tags.map((tag) => ({ ...tag, count: 0, isBlocked: false }));
      this.triggers = inOrder(draft.triggers, this.tags);
    }

    run() {
      for (const trigger of this.triggers) {
        if (trigger.type === 'PageView') this.happened(trigger, { event: 'mtm.PageView' });
        if (trigger.type === 'CustomEvent') this.listen(trigger);
      }
    }

    listen(trigger) {
      this.dataLayer.on(({ event }) => {
        if (event !== trigger.parameters.eventName) return;
        this.happened(trigger, { event: 'mtm.CustomEvent', 'mtm.customEventMatch': event });
      });
    }

    happened(trigger, event) {
      this.globalLayer.push(event);
      const holds = trigger.conditions.every(({ actual, comparison, expected }) =>
        compare(PAGE[actual](this.place), expected, comparison));
      if (!holds) return;
      for (const tag of this.tags) {
        if (tag.blocks.includes(trigger.id)) tag.isBlocked = true;
        else if (tag.fires.includes(trigger.id)) this.fire(tag);
      }
    }

    fire(tag) {
      if (tag.isBlocked || (tag.fire_limit !== 'unlimited' && tag.count)) return;
      tag.count += 1;
      this.fireTag(tag, this);
    }

    value(variable) {
      const { jsFunction, dataLayerName } = variable.parameters;
      let found;
      try {
        const isOurs = variable.type === 'CustomJsFunction';
        found = isOurs ? new Function(`return (${jsFunction})();`)() : this.dataLayer.get(dataLayerName);
      } catch (error) {
        found = undefined;
      }
      return found === undefined || found === null || found === false ? variable.default_value : found;
    }
  }

  // Inside a script a variable becomes an expression, also in a string; outside it is escaped.
  function htmlOf(tag, container) {
    return parts(tag.parameters.customHtml, container.variables).reduce((text, part) => {
      if (typeof part === 'string') return text + part;
      const value = container.value(part);
      if (!/<script(?![^]*<\s*\/\s*script>)/i.test(text)) return text + escaped(String(value));
      const store = window.MatomoTagManager.customHtmlDataStore;
      store.push(value);
      return `${text}window.MatomoTagManager.customHtmlDataStore[${store.length - 1}]`;
    }, '');
  }

  // A script that was parsed from text does not run, so it is made again, with some of its attributes.
  function remade(script) {
    const made = document.createElement('script');
    if (script.getAttribute('src')) made.setAttribute('src', script.getAttribute('src'));
    else made.text = script.text;
    for (const name of ['id', 'charset', 'defer', 'async', 'onload', 'type']) {
      if (script.hasAttribute(name)) made.setAttribute(name, script.getAttribute(name));
    }
    const nonce = document.querySelector('script[nonce]');
    if (nonce) made.setAttribute('nonce', nonce.nonce);
    return made;
  }

  function move(nodes, parent, isAppended) {
    const first = isAppended ? null : parent.firstChild;
    for (const node of nodes) {
      const isScript = node.nodeName === 'SCRIPT' && /^(text\/javascript)?$/i.test(node.getAttribute('type') || '');
      if (isScript) {
        parent.insertBefore(remade(node), first);
      } else if (node.innerHTML && /<script/i.test(node.innerHTML)) {
        const inner = [...node.childNodes];
        node.replaceChildren();
        parent.insertBefore(node, first);
        move(inner, node, true);
      } else {
        parent.insertBefore(node, first);
      }
    }
  }

  function insertHtml(tag, container) {
    const position = tag.parameters.htmlPosition || 'bodyEnd';
    const outer = document.createElement('div');
    outer.innerHTML = htmlOf(tag, container);
    move([...outer.childNodes], document[position.startsWith('head') ? 'head' : 'body'], position.endsWith('End'));
  }

  // In the URL a variable's value stands as it is.
  function insertImage(tag, container) {
    const { customImageSrc, cacheBusterEnabled } = tag.parameters;
    let url = parts(customImageSrc, container.variables).reduce(
      (text, part) => text + (typeof part === 'string' ? part : container.value(part)), '');
    if (cacheBusterEnabled) url += `${url.includes('?') ? '&' : '?'}mtmcb=${Math.floor(Math.random() * 90000000)}`;
    const image = document.createElement('img');
    image.style.display = 'none';
    image.src = url;
    document.body.appendChild(image);
  }

  // As a location has a URL that the browser shows; a URL that is parsed may be written anew.
  function placeOf(href) {
    const [, hostname, pathname] = /^[a-z]+:\/\/([^/:?#]*)(?::\d+)?([^?#]*)/.exec(href);
    return { href, hostname, pathname: pathname || '/' };
  }

  return {
    fired(file, urls) {
      const draft = imported(file);
      return urls.map((url) => {
        const names = new Set();
        new Container(draft, placeOf(url), new DataLayer(), (tag) => names.add(tag.name)).run();
        return draft.tags.map((tag) => tag.name).filter((name) => names.has(name));
      });
    },

    build: imported,

    // Matomo asks for no consent itself.
    start(draft) {
      const dataLayer = new DataLayer();
      window.MatomoTagManager = { dataLayer, customHtmlDataStore: [] };
      window._mtm = { push: (value) => dataLayer.push(value) };
      const insert = { CustomHtml: insertHtml, CustomImage: insertImage };
      new Container(draft, location, dataLayer, (tag, container) => insert[tag.type](tag, container)).run();
    },

    push(data) {
      window._mtm.push(data);
    },
  };
})();
