// Adobe Tags: the API that takes the requests, and the library that is built of them, with the Core extension.
const manager = (() => {
  const text = (value) => typeof value === 'string' && value !== '';
  const flag = (value) => typeof value === 'boolean' || value === undefined;
  const only = (value, shape) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
    && Object.keys(value).every((key) => key in shape)
    && Object.entries(shape).every(([key, takes]) => takes(value[key]));
  const paths = (value) =>
    Array.isArray(value) && value.length > 0 && value.every((path) => only(path, {value: text, valueIsRegex: flag}));
  const SETTINGS = {
    'core::events::library-loaded': {},
    'core::events::direct-call': {identifier: text},
    'core::conditions::path': {paths},
    'core::conditions::custom-code': {source: text},
    'core::actions::custom-code': {
      language: (value) => ['html', 'javascript'].includes(value), source: text, global: flag,
    },
  };

  function refuse(request, reason) {
    throw new Error(`${reason}: ${JSON.stringify(request)}`);
  }

  function parsed(request, attributes) {
    const shape = SETTINGS[attributes.delegate_descriptor_id];
    if (!shape) refuse(request, 'Core has no such delegate');
    if (typeof attributes.settings !== 'string') refuse(request, 'settings is no JSON text');
    const settings = JSON.parse(attributes.settings);
    if (!only(settings, shape)) refuse(request, 'settings do not fit the schema');
    return settings;
  }

  // What the API makes of the requests, once a script has filled in the ids.
  function build(file) {
    const ids = {'{property_id}': 'PR1', '{extension_id}': 'EX1'};
    const filled = (part) => JSON.parse(JSON.stringify(part).replace(/\{\w+\}/g, (name) => ids[name] ?? name));
    const rules = new Map();
    for (const request of file.requests) {
      const {type, attributes, relationships} = request.body.data;
      if (request.method !== 'POST' || filled(request.path) !== `/properties/PR1/${type}`) refuse(request, 'no endpoint');
      if (!text(attributes.name)) refuse(request, 'no name');
      if (type === 'rules') {
        const id = `RL${rules.size + 1}`;
        rules.set(id, {id, name: attributes.name, events: [], conditions: [], actions: []});
        if (request.placeholder) ids[request.placeholder] = id;
      } else if (type === 'rule_components') {
        const {extension, rules: of} = filled(relationships);
        if (extension.data.id !== 'EX1' || extension.data.type !== 'extensions') refuse(request, 'no extension');
        if (of.data.length !== 1 || of.data[0].type !== 'rules' || !rules.has(of.data[0].id)) refuse(request, 'no rule');
        const delegate = attributes.delegate_descriptor_id;
        const component = {...attributes, delegate, settings: parsed(request, attributes)};
        rules.get(of.data[0].id)[delegate.split('::')[1]].push(component);
      } else {
        refuse(request, 'no such kind');
      }
    }
    for (const rule of rules.values()) {
      rule.conditions.sort((one, other) => one.order - other.order);
      rule.actions.sort((one, other) => one.order - other.order);
    }
    return [...rules.values()];
  }

  // The property is the worst that there can be: whatever stands between two percent signs is a data element of it.
  function replaced(thing) {
    if (typeof thing === 'string') {
      return /^%([^%]+)%$/.test(thing) ? 'a data element' : thing.replace(/%(.+?)%/g, 'a data element');
    }
    if (Array.isArray(thing)) return thing.map(replaced);
    if (thing === null || typeof thing !== 'object') return thing;
    return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, replaced(value)]));
  }

  const CONDITIONS = {
    'core::conditions::path': (settings, document) => replaced(settings).paths.some(({value, valueIsRegex}) => {
      const path = document.location.pathname;
      return valueIsRegex ? new RegExp(value, 'i').test(path) : value === path;
    }),
    // The build makes a function of the code, in which nothing is replaced.
    'core::conditions::custom-code': (settings, document, event) =>
      new Function('event', 'target', 'document', settings.source).call(event.element, event, event.target, document),
  };

  // A condition that fails stops the rule, a negated one too.
  function holds(condition, document, event) {
    let result;
    try {
      result = CONDITIONS[condition.delegate](condition.settings, document, event);
    } catch {
      return false;
    }
    return Boolean(result) !== Boolean(condition.negate);
  }

  // The library is loaded asynchronously, so what it writes goes to the end of the body, and scripts are made anew.
  function write(html) {
    document.body.append(document.createRange().createContextualFragment(html));
  }

  let scripts = 0;
  function act(settings, event) {
    const {language, global, source} = replaced(settings);
    if (language === 'html') {
      write(source);
    } else if (global) {
      write(`<script>\n${source}\n</script>`);
    } else {
      const name = `_runScript${scripts += 1}`;
      window._satellite[name] = (code) => {
        delete window._satellite[name];
        code.call(event.element, event, event.target, Promise);
      };
      write(`<script>_satellite["${name}"](function(event, target, Promise) {\n${source}\n});</script>`);
    }
  }

  function trigger(rule, type, given) {
    const event = {...given, $type: type, $rule: {id: rule.id, name: rule.name}};
    if (rule.conditions.every((condition) => holds(condition, document, event))) {
      rule.actions.forEach((action) => act(action.settings, event));
    }
  }

  const isAtLoad = (event) => event.delegate === 'core::events::library-loaded';

  // The URLs are as a browser shows them; to parse one anew could change it.
  function shownAt(url) {
    const [, hostname, pathname] = /^https?:\/\/([^:/?#]*)[^/?#]*([^?#]*)/.exec(url);
    return {location: {href: url, hostname, pathname}};
  }

  function fired(file, urls) {
    const rules = build(file);
    return urls.map((url) => {
      const shown = shownAt(url);
      const runs = (rule) => rule.events.some(isAtLoad) && rule.conditions.every((each) => holds(each, shown, {}));
      return rules.filter(runs).map((rule) => rule.name);
    });
  }

  // Core asks nobody for consent.
  function start(rules, consent) {
    const direct = {};
    window._satellite = {
      track(identifier, detail) {
        const name = identifier.trim();
        (direct[name] ?? []).forEach((rule) => trigger(rule, 'core.direct-call', {identifier: name, detail}));
      },
    };
    for (const rule of rules) {
      for (const {delegate, settings} of rule.events) {
        if (delegate === 'core::events::direct-call') (direct[replaced(settings).identifier] ??= []).push(rule);
      }
    }
    rules.filter((rule) => rule.events.some(isAtLoad)).forEach((rule) => trigger(rule, 'core.library-loaded', {}));
  }

  // A page calls this itself: Adobe Tags knows no data layer.
  const push = (data) => window._satellite.track(data.event, data);

  return {fired, build, start, push};
})();
