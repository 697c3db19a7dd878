// Stands in for the vendor's amzn loader: each tag that was added gets what `trackEvent` reports. How the amount and the
// dedupe id are sent is ours.
(function () {
  if (!window.amzn || !window.amzn.q || window.amzn.isStandIn) return;
  var queue = window.amzn.q, ids = [], origins = {EU: 'aax-eu.amazon-adsystem.com/s'}, region = '';
  function send(id, event, told) {
    var url = 'https://' + (origins[region] || 's.amazon-adsystem.com') + '/iu3?pid=' + id + '&event=' + encodeURIComponent(event);
    ['value', 'currencyCode', 'unitsSold', 'clientDedupeId'].forEach(function (name) {
      if (told && told[name] !== undefined) url += '&' + name + '=' + encodeURIComponent(told[name]);
    });
    new Image().src = url + '&ts=' + String(Math.random()).slice(2);
  }
  var verbs = {
    setRegion: function (name) { region = name; },
    addTag: function (id) { if (id && ids.indexOf(id) < 0) ids.push(id); },
    trackEvent: function (event, told) { if (event) ids.forEach(function (id) { send(id, event, told); }); }
  };
  function report(verb) {
    if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  }
  window.amzn = report;
  window.amzn.isStandIn = true;
  [].slice.call(queue).forEach(function (entry) { report.apply(null, entry[0]); });
})();
