// Stands in for the vendor's gtag loader: it carries out what gtag has put onto the data layer, each entry the arguments
// of a call; what others push there it lets be. An event goes to what `send_to` names, or to all that was configured.
// While consent is denied the events wait: the real one sends some without cookies then. What it asks for to make
// audiences is left out. A value is told as a number, whatever the page has.
(function () {
  var own = document.currentScript && document.currentScript.src, renamed = /[?&]l=(\w+)/.exec(own || '');
  var name = renamed ? renamed[1] : 'dataLayer', list = window[name] = window[name] || [];
  if (list.isStandIn) return;
  var ids = [], groups = {}, denied = {}, waiting = [];
  function query(told) {
    return Object.keys(told).filter(function (key) { return told[key] !== undefined; }).map(function (key) {
      return key + '=' + encodeURIComponent(told[key]);
    }).join('&') + '&ts=' + String(Math.random()).slice(2);
  }
  function toAds(id, event, told) {
    var parts = id.slice(3).split('/');
    if (parts.length < 2) return;
    ask('ad_storage', 'https://www.googleadservices.com/pagead/conversion/' + parts[0] + '/?' + query({
      label: parts[1], en: event, value: told.value, currency_code: told.currency, oid: told.transaction_id, gtm: 'x'
    }));
  }
  function toAnalytics(id, event, told) {
    ask('analytics_storage', 'https://www.google-analytics.com/g/collect?' + query({
      v: 2, tid: id, en: event, 'epn.value': told.value, cu: told.currency, 'ep.transaction_id': told.transaction_id
    }));
  }
  function toFloodlight(id, event, told) {
    var parts = id.slice(3).split(/[/+]/);
    if (parts.length < 3) return;
    var isSale = event === 'purchase', amount = told.value === undefined ? '' : ';cost=' + encodeURIComponent(told.value);
    var counted = parts[3] === 'unique' ? '1;num=1' : encodeURIComponent(told.session_id || '1');
    var sale = isSale ? ';qty=' + (told.quantity || 1) + amount : '';
    var order = isSale ? encodeURIComponent(told.transaction_id || '') : counted;
    ask('ad_storage', 'https://ad.doubleclick.net/ddm/activity/src=' + parts[0] + ';type=' + parts[1] + ';cat=' + parts[2] +
      sale + ';ord=' + order + '?&ts=' + String(Math.random()).slice(2));
  }
  var kinds = {AW: toAds, G: toAnalytics, GT: toAnalytics, DC: toFloodlight};
  function ask(kind, url) {
    if (denied[kind]) waiting.push([kind, url]); else new Image().src = url;
  }
  function send(id, event, told) {
    (groups[id] || [id]).forEach(function (one) {
      var kind = kinds[String(one).split('-')[0]];
      if (kind) kind(String(one), event, told);
    });
  }
  var verbs = {
    config: function (id, told) {
      if (ids.indexOf(id) < 0) ids.push(id);
      [].concat((told || {}).groups || 'default').forEach(function (group) { (groups[group] = groups[group] || []).push(id); });
      if (/^GT?-/.test(id) && (told || {}).send_page_view !== false) send(id, 'page_view', {});
    },
    event: function (event, told) {
      [].concat((told || {}).send_to || ids).forEach(function (id) { send(id, event, told || {}); });
      if (told && typeof told.event_callback === 'function') setTimeout(told.event_callback, 0);
    },
    consent: function (verb, told) {
      Object.keys(told || {}).forEach(function (kind) { denied[kind] = told[kind] === 'denied'; });
      waiting.splice(0).forEach(function (one) { ask(one[0], one[1]); });
    }
  };
  function carryOut(entry) {
    var isCall = Object.prototype.toString.call(entry) === '[object Arguments]';
    if (isCall && verbs.hasOwnProperty(entry[0])) verbs[entry[0]].apply(null, [].slice.call(entry, 1));
  }
  var push = list.push;
  list.isStandIn = true;
  list.slice().forEach(carryOut);
  list.push = function () {
    var length = push.apply(list, arguments);
    [].forEach.call(arguments, carryOut);
    return length;
  };
})();
