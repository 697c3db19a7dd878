// Stands in for the vendor's lintrk loader: one request for the page view, and one for each conversion, each of all the
// partners that were named by then.
(function () {
  if (!window.lintrk || window.lintrk.isStandIn) return;
  var queue = window.lintrk.q || [];
  function ask(more) {
    var ids = (window._linkedin_data_partner_ids || []).slice();
    if (!ids.length && window._linkedin_partner_id) ids.push(window._linkedin_partner_id);
    ids.filter(function (id, at) { return ids.indexOf(id) === at; }).forEach(function (id) {
      var url = 'https://px.ads.linkedin.com/collect/?v=2&fmt=js&pid=' + encodeURIComponent(id) + more;
      new Image().src = url + '&ts=' + String(Math.random()).slice(2);
    });
  }
  function report(verb, told) {
    if (verb !== 'track' || !told || !told.conversion_id) return;
    [].concat(told.conversion_id).forEach(function (id) {
      var event = told.event_id ? '&eventId=' + encodeURIComponent(told.event_id) : '';
      ask('&conversionId=' + encodeURIComponent(id) + event);
    });
  }
  window.lintrk = report;
  window.lintrk.isStandIn = true;
  ask('');
  queue.forEach(function (call) { report(call[0], call[1]); });
})();
