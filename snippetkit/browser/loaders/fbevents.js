// Stands in for the vendor's fbq loader: init collects pixels, each track counts for all of them, trackSingle for one;
// while consent is revoked the events wait.
(function () {
  var pixels = [], waiting = [], revoked = false;
  function send(id, event, settings) {
    var query = Object.keys(settings || {}).map(function (name) {
      return '&' + encodeURIComponent('cd[' + name + ']') + '=' + encodeURIComponent(settings[name]);
    });
    var url = 'https://www.facebook.com/tr?id=' + encodeURIComponent(id) + '&ev=' + encodeURIComponent(event);
    url += query.join('') + '&ts=' + String(Math.random()).slice(2);
    if (revoked) waiting.push(url); else new Image().src = url;
  }
  function track(event, settings) {
    pixels.forEach(function (id) { send(id, event, settings); });
  }
  var verbs = {
    init: function (id) { if (pixels.indexOf(id) < 0) pixels.push(id); },
    track: track,
    trackCustom: track,
    trackSingle: send,
    trackSingleCustom: send,
    consent: function (state) {
      revoked = state === 'revoke';
      if (!revoked) waiting.splice(0).forEach(function (url) { new Image().src = url; });
    }
  };
  fbq.callMethod = function (verb) {
    if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  };
  fbq.queue.splice(0).forEach(function (call) { fbq.callMethod.apply(fbq, call); });
})();
