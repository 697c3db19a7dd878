// Stands in for the vendor's obtp.js: each event that obApi was told asks once for each marketer that was named by then.
// How the real one sends them the vendor does not say.
(function () {
  var api = window.obApi;
  if (!api || api.dispatch) return;
  function report(verb, event, settings) {
    if (verb !== 'track' || !event) return;
    [].concat(api.marketerId || []).forEach(function (id) {
      var url = 'https://tr.outbrain.com/unifiedPixel?marketerId=' + encodeURIComponent(id);
      url += '&name=' + encodeURIComponent(event);
      ['orderValue', 'currency', 'orderId'].forEach(function (name) {
        if (settings && settings[name] !== undefined) url += '&' + name + '=' + encodeURIComponent(settings[name]);
      });
      new Image().src = url + '&ts=' + String(Math.random()).slice(2);
    });
  }
  api.dispatch = report;
  api.queue.splice(0).forEach(function (call) { report.apply(null, call); });
})();
