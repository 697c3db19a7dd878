// Stands in for the vendor's fbq loader: init collects pixels, each track counts for all of them, trackSingle for one;
// while consent is revoked the events wait. The base code puts fbq in the place of `_fbq`, too, so that code of 2014
// which runs behind it loads no fbds.js, and pushes its calls here, each as one list.
(function () {
  if (!window.fbq || fbq.callMethod) return;
  var pixels = [], audiences = [], waiting = [], isRevoked = false;
  function send(id, event, settings, options) {
    var eventId = options && options.eventID ? '&eid=' + encodeURIComponent(options.eventID) : '';
    if (event) ask('id=' + encodeURIComponent(id) + '&ev=' + encodeURIComponent(event) + eventId, settings);
  }
  function ask(query, settings) {
    var url = 'https://www.facebook.com/tr?' + query;
    Object.keys(settings || {}).forEach(function (name) {
      url += '&' + encodeURIComponent('cd[' + name + ']') + '=' + encodeURIComponent(settings[name]);
    });
    url += '&ts=' + String(Math.random()).slice(2);
    if (isRevoked) waiting.push(url); else new Image().src = url;
  }
  function track(event, settings, options) {
    pixels.forEach(function (id) { send(id, event, settings, options); });
  }
  function trackSingle(id, event, settings, options) {
    if (pixels.indexOf(String(id)) >= 0) send(id, event, settings, options);
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
  function name(id) {
    if (id && audiences.indexOf(String(id)) < 0) audiences.push(String(id));
  }
  function carryOut(call) {
    if (call[0] === 'addPixelId') name(call[1]);
    if (call[0] !== 'track') return;
    name((window._fbds || {}).pixelId);
    if (/^[0-9]+$/.test(call[1])) ask('ev=' + call[1], call[2]);
    else audiences.forEach(function (id) { send(id, call[1], call[2]); });
  }
  fbq.callMethod = function (verb) {
    if (Array.isArray(verb)) [].forEach.call(arguments, carryOut);
    else if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  };
  fbq.queue.splice(0).forEach(function (call) { fbq.callMethod.apply(fbq, call); });
})();
