// Stands in for the vendor's matomo.js: it carries out the queue, first what sets the tracker up, and what is pushed
// later at once. One request for each site that is named, to the tracker's URL; while consent is awaited they wait.
(function () {
  if (window.Matomo) return;
  window.Matomo = {};
  var queue = window._paq = window._paq || [], url = '', own = '', others = [], items = [], waiting = [], mustWait = false;
  var first = ['addTracker', 'setTrackerUrl', 'setSiteId', 'requireConsent', 'setConsentGiven'];
  function ask(to, id, told) {
    var request = to + (to.indexOf('?') < 0 ? '?' : '&') + told + '&idsite=' + encodeURIComponent(id) + '&rec=1';
    request += '&ts=' + String(Math.random()).slice(2);
    if (mustWait) waiting.push(request); else new Image().src = request;
  }
  function send(told) {
    if (url && own) ask(url, own, told);
    others.forEach(function (one) { ask(one[0] || url, one[1], told); });
  }
  function agree() {
    mustWait = false;
    waiting.splice(0).forEach(function (request) { new Image().src = request; });
  }
  var methods = {
    addTracker: function (to, id) { others.push([to, id]); },
    setTrackerUrl: function (to) { url = to; },
    setSiteId: function (id) { own = String(id); },
    requireConsent: function () { mustWait = true; },
    setConsentGiven: agree,
    rememberConsentGiven: agree,
    trackPageView: function () { send('action_name=' + encodeURIComponent(document.title)); },
    trackGoal: function (id, revenue) {
      send('idgoal=' + encodeURIComponent(id) + (revenue === undefined ? '' : '&revenue=' + encodeURIComponent(revenue)));
    },
    addEcommerceItem: function () { items.push([].slice.call(arguments)); },
    trackEcommerceOrder: function (id, total) {
      if (!String(id).length || total === undefined) return;
      var told = 'idgoal=0&ec_id=' + encodeURIComponent(id) + '&revenue=' + encodeURIComponent(total);
      send(told + (items.length ? '&ec_items=' + encodeURIComponent(JSON.stringify(items.splice(0))) : ''));
    }
  };
  function carryOut(call) {
    if (typeof call === 'function') call.call(methods);
    else if (methods[call[0]]) methods[call[0]].apply(null, [].slice.call(call, 1));
  }
  first.forEach(function (name) {
    queue.forEach(function (call) { if (call[0] === name) carryOut(call); });
  });
  queue.splice(0).forEach(function (call) { if (first.indexOf(call[0]) < 0) carryOut(call); });
  queue.push = function () { [].forEach.call(arguments, carryOut); return queue.length; };
})();
