// Stands in for the vendor's fbq loader: init collects pixels, each track counts for all of them, trackSingle for one;
// while consent is revoked the events wait.
(function () {
  if (!window.fbq || fbq.callMethod) return;
  var pixels = [], waiting = [], isRevoked = false;
  function send(id, event, settings) {
    if (!event) return;
    var url = 'https://www.facebook.com/tr?id=' + encodeURIComponent(id) + '&ev=' + encodeURIComponent(event);
    Object.keys(settings || {}).forEach(function (name) {
      url += '&' + encodeURIComponent('cd[' + name + ']') + '=' + encodeURIComponent(settings[name]);
    });
    url += '&ts=' + String(Math.random()).slice(2);
    if (isRevoked) waiting.push(url); else new Image().src = url;
  }
  function track(event, settings) {
    pixels.forEach(function (id) { send(id, event, settings); });
  }
  function trackSingle(id, event, settings) {
    if (pixels.indexOf(String(id)) >= 0) send(id, event, settings);
  }
  var verbs = {
    init: function (id) { if (pixels.indexOf(String(id)) < 0) pixels.push(String(id)); },
    track: track,
    trackCustom: track,
    trackSingle: trackSingle,
    trackSingleCustom: trackSingle,
    consent: function (state) {
      isRevoked = state === 'revoke';
      if (!isRevoked) waiting.splice(0).forEach(function (url) { new Image().src = url; });
    }
  };
  fbq.callMethod = function (verb) {
    if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  };
  fbq.queue.splice(0).forEach(function (call) { fbq.callMethod.apply(fbq, call); });
})();
