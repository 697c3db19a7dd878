// What Google Tag Manager does with a container of export format version 2: what its compiler refuses, and what the
// runtime then does. Facts from the tool's published runtime and from the error names of its compiler.
const manager = (() => {
  const ALL_PAGES = '2147479553';
  const PAGE_VIEW = 'gtm.js';
  // Taken from the text that the browser shows, so that no other browser's habits come in.
  const URL_PARTS = /^[a-z]+:\/\/(\[[^\]]*\]|[^/?#:]*)(?::[0-9]*)?([^?#]*)/;
  const BUILT_IN = {
    PAGE_URL: (url) => url.split('#')[0],
    PAGE_HOSTNAME: (url) => url.match(URL_PARTS)[1].toLowerCase(),
    PAGE_PATH: (url) => url.match(URL_PARTS)[2] || '/',
  };
  const COMPARISONS = {
    EQUALS: (left, right) => left === right,
    STARTS_WITH: (left, right) => left.indexOf(right) === 0,
    CONTAINS: (left, right) => left.indexOf(right) >= 0,
    MATCH_REGEX: (left, right, ignoreCase) => new RegExp(right, ignoreCase ? 'i' : '').test(left),
  };
  const FIRING_OPTIONS = ['ONCE_PER_LOAD', 'ONCE_PER_EVENT', 'UNLIMITED'];
  const MOST_CHARACTERS = 102400;
  const REFERENCE = /\{\{(.+?)\}\}/g;
  const JAVASCRIPT = /^(?:text|application)\/(?:x-)?(?:java|ecma)script$|^$/i;
  const SCRIPT = /(<script\b[^>]*>)([\s\S]*?)(<\/script\s*>)/gi;
  const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"|\{\{.+?\}\}/g;
  const AFTER_ES5 = /=>|`|\b(?:let|const|class)\s/;

  // The compiler.

  function compile(file) {
    const version = file.containerVersion;
    require(file.exportFormatVersion === 2 && version.tag.length > 0, 'no export of version 2');
    const container = {
      tags: version.tag,
      triggers: byKey(list(version.trigger), 'triggerId', 'duplicateTriggerId'),
      variables: byKey([...list(version.variable), ...list(version.builtInVariable)], 'name', 'duplicateVariableName'),
    };
    byKey(list(version.tag), 'name', 'duplicateTagName');
    byKey(list(version.trigger), 'name', 'duplicateTriggerName');
    const folders = byKey(list(version.folder), 'folderId', 'duplicateFolderId');
    const ids = ['tag', 'trigger', 'variable', 'folder'].flatMap((kind) =>
      list(version[kind]).map((item) => item[`${kind}Id`]));
    require(ids.every((id) => /^[1-9][0-9]*$/.test(id)) && new Set(ids).size === ids.length, 'ids of one counter');
    for (const [name, { parameter }] of container.variables) {
      checkReferences(container, list(parameter));
      resolved(container, name);
    }
    for (const trigger of container.triggers.values()) checkTrigger(container, trigger);
    for (const tag of container.tags) checkTag(container, tag, folders);
    return container;
  }

  function require(holds, message) {
    if (!holds) throw new Error(message);
  }

  function list(items) {
    require(items === undefined || items.length > 0, 'an empty array');
    return items || [];
  }

  function byKey(items, key, error) {
    const found = new Map(items.map((item) => [item[key], item]));
    require(found.size === items.length, error);
    return found;
  }

  function checkTrigger(container, trigger) {
    const conditions = conditionsOf(trigger);
    for (const { type, parameter } of conditions) {
      require(type in COMPARISONS, `the comparison ${type}`);
      checkReferences(container, parameter);
      const { arg1, ignore_case: ignoreCase } = named(parameter);
      require(ignoreCase === undefined || type === 'MATCH_REGEX', `${type} cannot ignore case`);
      if (type === 'MATCH_REGEX') new RegExp(arg1);
    }
  }

  function conditionsOf(trigger) {
    if (trigger.type === 'CUSTOM_EVENT') {
      require((trigger.customEventFilter || []).length === 1, 'customTriggerMissingEventFilter');
      return [...trigger.customEventFilter, ...list(trigger.filter)];
    }
    require(trigger.type === 'PAGEVIEW', `a trigger of type ${trigger.type}`);
    return list(trigger.filter);
  }

  function checkTag(container, tag, folders) {
    for (const id of [...list(tag.firingTriggerId), ...list(tag.blockingTriggerId)]) {
      require(id === ALL_PAGES || container.triggers.has(id), `unknownTriggerId ${id}`);
    }
    require(tag.parentFolderId === undefined || folders.has(tag.parentFolderId), 'unknown folder');
    require(FIRING_OPTIONS.includes(tag.tagFiringOption), `the firing option ${tag.tagFiringOption}`);
    checkReferences(container, tag.parameter);
    const { html, url } = named(tag.parameter);
    if (tag.type === 'html') checkHtml(html);
    if (tag.type === 'img') require(/^https:\/\//.test(url), 'the URL of an image');
  }

  function checkHtml(html) {
    require(html.length <= MOST_CHARACTERS, 'javascriptTooLong');
    require(!/<!--(?:(?!-->)[\s\S])*\{\{/.test(html), 'macroInCommentsError');
    for (const [, , code] of html.matchAll(SCRIPT)) {
      for (const [token] of code.matchAll(TOKEN)) {
        require(!(token[0] === '/' && token.includes('{{')), 'macroInCommentsError');
      }
      require(!AFTER_ES5.test(code.replace(TOKEN, '0')), 'jsCompilerError: newer than ES5');
      new Function(code.replace(TOKEN, (token) => (token[0] === '{' ? '0' : token)));
    }
  }

  function checkReferences(container, parameters) {
    for (const { type, value = '', list: items = [], map = [] } of parameters) {
      require(typeof value === 'string' && /^(?:TEMPLATE|BOOLEAN|INTEGER|LIST|MAP)$/.test(type), 'a value is no text');
      for (const [, name] of value.matchAll(REFERENCE)) {
        require(name === '_event' || container.variables.has(name), `unknownMacroInstance ${name}`);
      }
      checkReferences(container, [...items, ...map]);
    }
  }

  function named(parameters) {
    return Object.fromEntries(parameters.map((parameter) => [parameter.key, parameter.value ?? parameter.list]));
  }

  // Variables: `moment` is the URL that is shown, the event, and the data layer's model.

  const NOWHERE = { url: 'https://x.invalid/', event: '', model: {} };

  function resolved(container, name, moment = NOWHERE, waiting = []) {
    if (name === '_event') return moment.event;
    require(!waiting.includes(name), `macroCycle ${name}`);
    const variable = container.variables.get(name);
    if (variable.type in BUILT_IN) return BUILT_IN[variable.type](moment.url);
    const settings = named(variable.parameter);
    const value = (text) => filled(text, (inner) => resolved(container, inner, moment, [...waiting, name]));
    if (variable.type === 'v') {
      require(settings.dataLayerVersion === '2', 'a data layer variable of version 1');
      const found = settings.name.split('.').reduce((at, key) => (at == null ? undefined : at[key]), moment.model);
      return found === undefined && settings.setDefaultValue === 'true' ? value(settings.defaultValue) : found;
    }
    if (variable.type === 'c') return settings.value;
    require(variable.type === 'remm', `a variable of type ${variable.type}`);
    require(settings.fullMatch === 'false' && settings.replaceAfterMatch === 'false', 'a part of RegEx Tables');
    const input = value(settings.input);
    const row = settings.map.map((entry) => named(entry.map)).find(({ key }) => new RegExp(key).test(input));
    if (row) return value(row.value);
    return settings.setDefaultValue === 'true' ? value(settings.defaultValue) : undefined;
  }

  // A text that is one reference alone keeps the type of the value.
  function filled(text, resolve) {
    const alone = text.match(/^\{\{([^{}]+)\}\}$/);
    return alone ? resolve(alone[1]) : text.replace(REFERENCE, (_, name) => String(resolve(name)));
  }

  // What a value becomes, by where it stands.
  const escapes = {
    hexadecimal: (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    inString: (value) => String(value).replace(/[^\w .,]/g, escapes.hexadecimal),
    asValue: (value) => {
      if (value == null) return ' null ';
      return ['boolean', 'number'].includes(typeof value) ? ` ${value} ` : `'${escapes.inString(value)}'`;
    },
    inUrl: (value) => encodeURIComponent(String(value)).replace(/['()]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
    inHtml: (value) => String(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`),
  };

  function html(text, resolve) {
    let at = 0;
    let made = '';
    const markup = (part) => part.replace(REFERENCE, (_, name) => escapes.inHtml(resolve(name)));
    for (const { 0: whole, 1: start, 2: code, 3: end, index } of text.matchAll(SCRIPT)) {
      made += markup(text.slice(at, index) + start) + code.replace(TOKEN, (token) => {
        const escape = token[0] === '{' ? escapes.asValue : escapes.inString;
        return token.replace(REFERENCE, (_, name) => escape(resolve(name)));
      }) + end;
      at = index + whole.length;
    }
    return made + markup(text.slice(at));
  }

  // Which tags fire.

  function firing(container, moment) {
    const holds = (id) => {
      if (id === ALL_PAGES) return moment.event === PAGE_VIEW;
      const trigger = container.triggers.get(id);
      const isOfEvent = trigger.type === 'CUSTOM_EVENT' || moment.event === PAGE_VIEW;
      return isOfEvent && conditionsOf(trigger).every((condition) => {
        const { arg0, arg1, ignore_case: ignoreCase } = named(condition.parameter);
        const [left, right] = [arg0, arg1].map((text) =>
          String(filled(text, (name) => resolved(container, name, moment))));
        return COMPARISONS[condition.type](left, right, ignoreCase === 'true');
      });
    };
    return container.tags.filter((tag) =>
      list(tag.firingTriggerId).some(holds) && !list(tag.blockingTriggerId).some(holds));
  }

  function fired(file, urls) {
    const container = compile(file);
    return urls.map((url) =>
      firing(container, { url, event: PAGE_VIEW, model: {} }).map((tag) => tag.name));
  }

  // On a page. Which tags fire is found where the container was built, once for all pages that share it, since a script
  // that has run a thousand times is fast.

  function build(file) {
    const container = compile(file);
    return { ...container, firing: (moment) => firing(container, moment) };
  }

  let page;

  function start(container, consent) {
    page = { container, consent, model: {}, loaded: new Set() };
    happen(PAGE_VIEW);
  }

  // The model keeps what was pushed earlier, and objects grow together.
  function push(data) {
    merge(page.model, data);
    if (data.event) happen(String(data.event));
  }

  function merge(into, from) {
    for (const [key, value] of Object.entries(from)) {
      const isObject = Object.prototype.toString.call(value) === '[object Object]';
      into[key] = isObject ? merge(Object(into[key] || {}), value) : value;
    }
    return into;
  }

  function happen(event) {
    const moment = { url: location.href, event, model: page.model };
    for (const tag of page.container.firing(moment)) {
      if (!hasConsent(tag) || (tag.tagFiringOption === 'ONCE_PER_LOAD' && page.loaded.has(tag.name))) continue;
      page.loaded.add(tag.name);
      const settings = named(tag.parameter);
      const resolve = (name) => resolved(page.container, name, moment);
      if (tag.type === 'html') insert(document.body, nodes(html(settings.html, resolve)));
      if (tag.type === 'img') load(settings, resolve);
    }
  }

  function hasConsent(tag) {
    const { consentStatus, consentType } = tag.consentSettings || { consentStatus: 'NOT_SET' };
    require(['NEEDED', 'NOT_NEEDED', 'NOT_SET'].includes(consentStatus), `the consent status ${consentStatus}`);
    const given = { ad_storage: page.consent, ad_user_data: page.consent, ad_personalization: page.consent };
    const needed = (consentType && consentType.list) || [];
    return consentStatus !== 'NEEDED' || needed.every(({ value }) => given[value]);
  }

  function nodes(text) {
    const holder = document.createElement('div');
    holder.innerHTML = text;
    return [...holder.childNodes];
  }

  // Scripts are made anew, with four of their attributes; the others' content is theirs, a noscript's is a text.
  function insert(parent, [node, ...others]) {
    if (!node) return;
    const next = () => insert(parent, others);
    if (node.nodeName === 'SCRIPT' && JAVASCRIPT.test(node.type)) {
      const script = document.createElement('script');
      script.async = false;
      script.type = 'text/javascript';
      script.id = node.id;
      script.text = node.text;
      if (node.charset) script.charset = node.charset;
      const source = node.getAttribute('src');
      if (source) Object.assign(script, { src: source, onload: next });
      parent.appendChild(script);
      if (!source) next();
    } else {
      const inside = /<script/i.test(node.innerHTML || '') ? [...node.childNodes] : [];
      inside.forEach((child) => child.remove());
      parent.appendChild(node);
      insert(node, inside);
      next();
    }
  }

  // The URL is read as an attribute of HTML.
  function load(settings, resolve) {
    const url = settings.url.replace(REFERENCE, (_, name) => escapes.inUrl(resolve(name)));
    let { href } = nodes(`<a href="${url}"></a>`)[0];
    if (settings.useCacheBuster === 'true') {
      const joint = href.includes('?') ? (/[?&]$/.test(href) ? '' : '&') : '?';
      href += `${joint}${settings.cacheBusterQueryParam || 'gtmcb'}=${Math.floor(Math.random() * 1e9)}`;
    }
    new Image(1, 1).src = href;
  }

  return { fired, build, start, push };
})();
