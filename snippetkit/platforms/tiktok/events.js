// Stands in for the vendor's ttq loader: each pixel that was loaded gets what `track` reports, and the one that `instance`
// names gets its own; while consent is held back the events wait. Where the base code runs once more and so loads it once
// more, it takes what was queued meanwhile. How the real one sends events the vendor does not say.
(function () {
  var ttq = window[window.TiktokAnalyticsObject || 'ttq'];
  if (!ttq || !ttq._i) return;
  if (ttq.takeAgain) return ttq.takeAgain();
  var waiting = [], isHeld = false, methods = {};
  function send(ids, event, settings, options) {
    ids.forEach(function (id) {
      var told = {sdkid: id, event: event}, more = settings || {};
      ['value', 'currency', 'order_id'].forEach(function (name) { if (more[name] !== undefined) told[name] = more[name]; });
      if (options && options.event_id !== undefined) told.event_id = options.event_id;
      var url = 'https://analytics.tiktok.com/api/v2/pixel?' + Object.keys(told).map(function (name) {
        return name + '=' + encodeURIComponent(told[name]);
      }).join('&') + '&ts=' + String(Math.random()).slice(2);
      if (isHeld) waiting.push(url); else new Image().src = url;
    });
  }
  function let(isHeldNow) {
    isHeld = isHeldNow;
    if (!isHeld) waiting.splice(0).forEach(function (url) { new Image().src = url; });
  }
  function all() { return Object.keys(ttq._i); }
  function reporting(ids) {
    return {
      page: function () { send(ids(), 'Pageview'); },
      track: function (event, settings, options) { send(ids(), event, settings, options); }
    };
  }
  function take(target, own, queue) {
    queue.forEach(function (call) { if (own[call[0]]) own[call[0]].apply(null, call.slice(1)); });
    Object.keys(own).forEach(function (name) { target[name] = own[name]; });
  }
  methods = reporting(all);
  methods.holdConsent = function () { let(true); };
  methods.revokeConsent = function () { waiting = []; isHeld = true; };
  methods.grantConsent = function () { let(false); };
  methods.instance = function (id) { return reporting(function () { return ttq._i[id] ? [id] : []; }); };
  ttq.takeAgain = function () {
    take(ttq, methods, ttq.splice(0));
    all().forEach(function (id) {
      take(ttq._i[id], reporting(function () { return [id]; }), ttq._i[id].splice(0));
    });
    var load = ttq.load;
    ttq.load = function (id, options) { if (!ttq._i[id]) { ttq._i[id] = []; ttq._o = ttq._o || {}; ttq._o[id] = options; } };
    ttq.load.before = load;
  };
  ttq.takeAgain();
})();
