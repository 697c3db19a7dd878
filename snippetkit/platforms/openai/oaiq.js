// Stands in for the vendor's oaiq loader: each pixel that was named gets what `measure` reports, `measureSingle` is for
// one of them; what is reported while the visitor has not agreed is lost. The parameters are ours: the vendor sends a body.
(function () {
  if (!window.oaiq || !window.oaiq.q || window.oaiq.isStandIn) return;
  var queue = window.oaiq.q, ids = [], isAgreed = true;
  function send(id, event, data, options) {
    var more = data || {}, told = {pid: id, event: (options || {}).custom_event_name || event};
    ['amount', 'currency'].forEach(function (name) { if (more[name] !== undefined) told[name] = more[name]; });
    if (options && options.event_id !== undefined) told.event_id = options.event_id;
    new Image().src = 'https://bzr.openai.com/v1/sdk/events?' + Object.keys(told).map(function (name) {
      return name + '=' + encodeURIComponent(told[name]);
    }).join('&') + '&ts=' + String(Math.random()).slice(2);
  }
  var verbs = {
    init: function (settings) {
      var id = settings && settings.pixelId;
      if (id && ids.indexOf(id) < 0) ids.push(id);
    },
    measure: function (event, data, options) {
      if (isAgreed && event) ids.forEach(function (id) { send(id, event, data, options); });
    },
    measureSingle: function (id, event, data, options) {
      if (isAgreed && event && ids.indexOf(id) >= 0) send(id, event, data, options);
    },
    consent: function (state) { isAgreed = state !== false; }
  };
  function report(verb) {
    if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  }
  window.oaiq = report;
  window.oaiq.isStandIn = true;
  [].slice.call(queue).forEach(function (call) { report.apply(null, call); });
})();
