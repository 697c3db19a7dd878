// Stands in for the vendor's snaptr loader: `init` collects pixels, and each event is asked for for all of them.
(function () {
  var snaptr = window.snaptr, pixels = [];
  if (!snaptr || snaptr.handleRequest) return;
  var told = {price: 'e_pr', currency: 'e_cur', transaction_id: 'e_tid', client_dedup_id: 'client_dedup_id'};
  function track(event, settings) {
    var query = '&ev=' + encodeURIComponent(event);
    Object.keys(told).forEach(function (name) {
      var text = (settings || {})[name];
      if (text !== undefined && text !== null) query += '&' + told[name] + '=' + encodeURIComponent(text);
    });
    if (event) pixels.forEach(function (id) {
      new Image().src = 'https://tr.snapchat.com/p?pid=' + encodeURIComponent(id) + query + '&ts=' + String(Math.random()).slice(2);
    });
  }
  var verbs = {
    init: function (id) { if (id && pixels.indexOf(String(id)) < 0) pixels.push(String(id)); },
    track: track
  };
  snaptr.handleRequest = function (verb) {
    if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  };
  (snaptr.queue || []).splice(0).forEach(function (call) { snaptr.handleRequest.apply(snaptr, call); });
})();
