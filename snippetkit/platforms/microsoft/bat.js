// Stands in for the vendor's UET loader: `new UET({ti, q})` takes over a list, and works it off once the page view is told.
// Three things that are pushed at once stand in a plain list one behind the other, as strings and an object. While
// consent is denied what is told waits: the real one sends it without what would tell the visitor.
(function () {
  if (window.UET) return;
  var SHORT = {event_value: 'ev', revenue_value: 'gv', currency: 'gc', event_category: 'ec', event_label: 'el'};
  var OLD = ['ec', 'ea', 'el', 'ev', 'gv', 'gc'];
  window.UET = function (options) {
    var list = Array.isArray(options.q) ? options.q : [], waiting = [], isDenied = false, isShown = false;
    function send(told) {
      var url = 'https://bat.bing.com/action/0?ti=' + encodeURIComponent(options.ti || options.tagId) + '&Ver=2';
      Object.keys(told).forEach(function (name) {
        var text = told[name];
        if (text !== undefined && text !== null && text !== '' && typeof text !== 'object') {
          url += '&' + name + '=' + encodeURIComponent(text);
        }
      });
      url += '&ts=' + String(Math.random()).slice(2);
      if (isDenied) waiting.push(url); else new Image().src = url;
    }
    function decide(told) {
      if (!told || !told.ad_storage) return;
      isDenied = told.ad_storage === 'denied';
      if (!isDenied) waiting.splice(0).forEach(function (url) { new Image().src = url; });
    }
    function report(action, settings) {
      var told = {evt: 'custom', ea: action};
      Object.keys(settings || {}).forEach(function (name) { told[SHORT[name] || name] = settings[name]; });
      send(told);
    }
    function isOld(told) {
      return told && typeof told === 'object' && OLD.some(function (name) { return name in told; });
    }
    function reportOld(told) {
      var known = {evt: 'custom'};
      OLD.forEach(function (name) { known[name] = told[name]; });
      send(known);
    }
    function show() {
      if (isShown) return;
      isShown = true;
      list.forEach(function (item, at) { if (item === 'consent') decide(list[at + 2]); });
      send({evt: 'pageLoad'});
      workOff();
    }
    function carryOut(verb, about, settings) {
      if (verb === 'event' && typeof about === 'string') report(about, settings);
      if (verb === 'consent') decide(settings);
    }
    function workOff() {
      var items = list.splice(0), at = 0;
      while (at < items.length) {
        var item = items[at++], known = item === 'event' || item === 'consent' || item === 'set';
        if (isOld(item)) reportOld(item);
        if (!known) continue;
        var about = typeof items[at] === 'string' ? items[at++] : undefined;
        var isTold = items[at] && typeof items[at] === 'object' && !isOld(items[at]);
        carryOut(item, about, isTold ? items[at++] : {});
      }
    }
    this.push = function (verb, about, settings) {
      if (arguments.length > 1) carryOut(verb, about, settings);
      else if (verb === 'pageLoad') show();
      else if (isOld(verb)) reportOld(verb);
    };
  };
})();
