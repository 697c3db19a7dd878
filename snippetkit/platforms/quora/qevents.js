// Stands in for the vendor's qp loader: `init` collects pixels, and each event is asked for for all of them.
(function () {
  var qp = window.qp, pixels = [];
  if (!qp || qp.qp) return;
  function track(event, settings) {
    var value = (settings || {}).value;
    var told = value === undefined || value === null ? '' : '&value=' + encodeURIComponent(value);
    if (event) pixels.forEach(function (id) {
      var url = 'https://q.quora.com/_/ad/' + encodeURIComponent(id) + '/pixel?tag=' + encodeURIComponent(event) + told;
      new Image().src = url + '&ts=' + String(Math.random()).slice(2);
    });
  }
  var verbs = {
    init: function (id) { if (id && pixels.indexOf(String(id)) < 0) pixels.push(String(id)); },
    track: track
  };
  qp.qp = function (verb) {
    if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  };
  (qp.queue || []).splice(0).forEach(function (call) { qp.qp.apply(qp, call); });
})();
