// Stands in for the vendor's pintrk loader: each tag that was loaded gets what `page` and `track` report, by the image's
// parameters; without consent nothing is sent, nor later. How the real one sends them the vendor does not say.
(function () {
  var call = window.pintrk, ids = [], isAllowed = true;
  if (!call || call.isStandIn) return;
  function send(event, settings) {
    if (!isAllowed) return;
    ids.forEach(function (id) {
      var url = 'https://ct.pinterest.com/v3/?tid=' + encodeURIComponent(id) + '&event=' + encodeURIComponent(event);
      ['value', 'currency', 'order_id', 'event_id'].forEach(function (name) {
        if (settings && settings[name] !== undefined) {
          url += '&' + encodeURIComponent('ed[' + name + ']') + '=' + encodeURIComponent(settings[name]);
        }
      });
      new Image().src = url + '&ts=' + String(Math.random()).slice(2);
    });
  }
  var methods = {
    load: function (id) { if (id && ids.indexOf(String(id)) < 0) ids.push(String(id)); },
    page: function () { send('init'); },
    setconsent: function (isGiven) { isAllowed = !!isGiven; },
    track: function (event, settings) { if (event) send(event, settings); }
  };
  function carryOut(told) {
    if (Object.prototype.hasOwnProperty.call(methods, told[0])) methods[told[0]].apply(null, [].slice.call(told, 1));
  }
  window.pintrk = function () { carryOut(arguments); };
  window.pintrk.isStandIn = true;
  (call.queue || []).forEach(carryOut);
})();
