// Stands in for the vendor's twq loader: `config` counts that the page was shown, `event` is of the pixel that its id
// begins with, and what `track` reports of all pixels.
(function () {
  var twq = window.twq, pixels = [];
  if (!twq || twq.exe) return;
  function send(id, event, settings) {
    var url = 'https://analytics.twitter.com/1/i/adsct?txn_id=' + encodeURIComponent(id) + '&event=' + encodeURIComponent(event);
    ['value', 'currency', 'conversion_id'].forEach(function (name) {
      var text = (settings || {})[name];
      if (text !== undefined && text !== null) url += '&' + name + '=' + encodeURIComponent(text);
    });
    new Image().src = url + '&ts=' + String(Math.random()).slice(2);
  }
  function init(id) {
    var isNew = Boolean(id) && pixels.indexOf(String(id)) < 0;
    if (isNew) pixels.push(String(id));
    return isNew;
  }
  var verbs = {
    init: init,
    config: function (id) { if (init(id)) send(id, 'PageView'); },
    event: function (event, settings) {
      var id = /^tw-([a-z0-9]+)-[a-z0-9]+$/.exec(event);
      if (id) send(id[1], event, settings);
    },
    track: function (event, settings) { if (event) pixels.forEach(function (id) { send(id, event, settings); }); }
  };
  twq.exe = function (verb) {
    if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  };
  (twq.queue || []).splice(0).forEach(function (call) { twq.exe.apply(twq, call); });
})();
