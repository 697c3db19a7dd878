// Cloudflare Zaraz. On its server: triggers are looked at, `{{ }}` is filled in by JSONata, and Custom HTML becomes code.
// In the browser: that code is run, all of an event's in one function.
var manager = (() => {
  const REQUIRED = ['dataLayer', 'debugKey', 'settings', 'tools', 'triggers', 'variables', 'zarazVersion'];
  const state = { file: null, consent: false, dataLayer: [] };

  // The part of JSONata that our files use: paths, texts, calls, equality, `and`, and `? :`.
  const TOKEN = /\s*(?:(`[^`]*`|[A-Za-z_]\w*)|(\$\w+)|'([^'\\]*)'|([0-9]+)|(!=|[=?:.,()[\]]))/y;

  function tokens(text) {
    const found = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const at = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (!match) throw new Error(`no JSONata that we know: ${text.slice(at)}`);
      const [, name, call, string, number, sign] = match;
      if (name !== undefined) found.push({ kind: 'name', text: name });
      else if (call !== undefined) found.push({ kind: 'call', text: call });
      else if (string !== undefined) found.push({ kind: 'string', text: string });
      else if (number !== undefined) found.push({ kind: 'number', text: number });
      else found.push({ kind: sign, text: sign });
    }
    return found;
  }

  const CALLS = {
    $string(value) {
      if (value === undefined || typeof value === 'string') return value;
      return typeof value === 'number' ? String(Number(value.toPrecision(15))) : JSON.stringify(value);
    },
    $encodeUrlComponent(value) {
      if (value !== undefined && typeof value !== 'string') throw new Error('$encodeUrlComponent takes text');
      return value === undefined ? undefined : encodeURIComponent(value);
    },
  };

  const read = new Map();

  function jsonata(text, context) {
    if (!read.has(text)) read.set(text, tokens(text));
    const rest = [...read.get(text)];
    const is = (kind) => rest.length > 0 && rest[0].kind === kind;
    const take = (kind) => {
      if (!is(kind)) throw new Error(`expected ${kind} in ${text}`);
      return rest.shift().text;
    };

    function whole() {
      const condition = all();
      if (!is('?')) return condition;
      take('?');
      const yes = whole();
      take(':');
      const no = whole();
      return () => (condition() ? yes() : no());
    }
    function all() {
      let left = equality();
      while (is('name') && rest[0].text === 'and') {
        take('name');
        const [first, second] = [left, equality()];
        left = () => Boolean(first()) && Boolean(second());
      }
      return left;
    }
    function equality() {
      const left = value();
      if (!is('=') && !is('!=')) return left;
      const wanted = rest.shift().text === '=';
      const right = value();
      // Nothing is equal to what is not there, nor unequal to it.
      return () => left() !== undefined && right() !== undefined && (left() === right()) === wanted;
    }
    function value() {
      if (is('string')) {
        const string = take('string');
        return () => string;
      }
      if (is('call')) {
        const call = CALLS[take('call')];
        take('(');
        const argument = whole();
        take(')');
        return () => call(argument());
      }
      const name = take('name');
      return name === 'null' ? () => null : path(name);
    }
    function path(first) {
      const names = [first];
      while (is('.') || is('[')) {
        if (rest.shift().text === '.') names.push(take('name'));
        else {
          names.push(Number(take('number')));
          take(']');
        }
      }
      const step = (at, name) => {
        if (at === undefined || at === null) return undefined;
        return at[typeof name === 'string' ? name.replace(/`/g, '') : name];
      };
      return () => names.reduce(step, context);
    }

    const found = whole();
    if (rest.length) throw new Error(`more behind the end of ${text}`);
    return found();
  }

  function fill(text, context) {
    return text.replace(/\{\{(.*?)\}\}/gs, (_, expression) => {
      const value = jsonata(expression, context);
      return value === undefined || value === null ? '' : String(value);
    });
  }

  const OPS = {
    CONTAINS: (text, value) => text.includes(value),
    EQUALS: (text, value) => text === value,
    STARTS_WITH: (text, value) => text.startsWith(value),
    ENDS_WITH: (text, value) => text.endsWith(value),
    MATCH_REGEX: (text, value) => new RegExp(value).test(text),
    NOT_MATCH_REGEX: (text, value) => !new RegExp(value).test(text),
  };

  function build(file) {
    const missing = REQUIRED.filter((part) => !(part in file));
    if (missing.length) throw new Error(`no whole configuration: ${missing}`);
    return { ...file, firing: (...moment) => firing(file, ...moment) };
  }

  function holds(file, id, context) {
    const trigger = file.triggers[id];
    if (!trigger) throw new Error(`no trigger ${id}`);
    if (trigger.excludeRules.length) throw new Error('what exclude rules mean is not known');
    return trigger.loadRules.every(({ match, op, value }) => OPS[op](fill(match, context), fill(value, context)));
  }

  // The server's parts of an absolute URL; this browser's parser would encode more than the one that showed it.
  function parts(href) {
    const [, protocol, hostname, port, pathname] = /^([a-z]+:)\/\/([^:/?#]+)(?::([0-9]+))?([^?#]*)/.exec(href);
    return { href, protocol, hostname, port: port || '', pathname };
  }

  // The actions that an event fires, each with the name of its tool.
  function firing(file, consent, url, event, properties) {
    const context = {
      client: { ...properties, __zarazTrack: event },
      system: { misc: { random: Math.random() }, page: { url: parts(url) } },
    };
    const any = (ids) => ids.some((id) => holds(file, id, context));
    const asks = file.consent && file.consent.enabled;
    const found = [];
    for (const tool of Object.values(file.tools)) {
      if (!tool.enabled || (asks && tool.defaultPurpose && !consent)) continue;
      if (any(tool.blockingTriggers)) continue;
      for (const action of Object.values(tool.actions)) {
        if (!any(action.firingTriggers) || any(action.blockingTriggers)) continue;
        found.push({ name: tool.name, tool, html: fill(action.data.htmlCode, context) });
      }
    }
    return found;
  }

  // The component takes the scripts and links out; the markup that is left stands between backticks.
  function blocks({ tool, html }) {
    if (tool.component !== 'html') throw new Error(`no component ${tool.component} here`);
    if (!tool.permissions.includes('execute_unsafe_scripts')) throw new Error(`${tool.name} may not run scripts`);
    const body = new DOMParser().parseFromString(`<body>${html}`, 'text/html').body;
    const taken = [...body.querySelectorAll('script')].map((element) => {
      element.remove();
      const attributes = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
      return attributes.src ? loader(attributes) : element.textContent;
    });
    const markup = 'const d = document.createElement("div"); d.innerHTML = `' + body.innerHTML.trim() + '`;';
    return [`${markup} document.body.appendChild(d);`, ...taken.filter(Boolean)];
  }

  function loader(attributes) {
    return (
      'const el = document.createElement("script"); const all = JSON.parse(`' + JSON.stringify(attributes) + '`);' +
      'for (const name of Object.keys(all)) el.setAttribute(name, all[name]); document.head.appendChild(el);'
    );
  }

  function run(actions) {
    if (!actions.length) return;
    const element = document.createElement('script');
    const code = actions.flatMap(blocks).map((block) => `{${block}}`);
    element.innerHTML = `(function(w,d){${code.join(';')}})(window,document)`;
    document.head.appendChild(element);
  }

  function track(event, properties) {
    const sent = JSON.parse(JSON.stringify(properties));
    // Found where it was built, once for all pages that share it: a script that has run a thousand times is fast.
    run(state.file.firing(state.consent, location.href, event, sent));
  }

  return {
    fired(file, urls) {
      return urls.map((url) => build(file).firing(true, url, 'Pageview', {}).map(({ name }) => name));
    },
    build,
    start(file, consent) {
      Object.assign(state, { file, consent });
      track('Pageview', {});
    },
    // A push to the data layer: the properties are all that was pushed until then.
    push(data) {
      if (!state.file.dataLayer) throw new Error('the data layer is not listened to');
      state.dataLayer.push(data);
      const { event, ...properties } = Object.assign({}, ...state.dataLayer);
      if (data.event && !data.event.startsWith('gtm.')) track(data.event, properties);
    },
  };
})();
