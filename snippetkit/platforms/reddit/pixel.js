// Stands in for the vendor's rdt loader: `init` collects pixels with what is said of each, and each event is asked for
// for all of them.
(function () {
  var rdt = window.rdt, pixels = [];
  if (!rdt || rdt.sendEvent) return;
  function track(event, settings) {
    if (event) pixels.forEach(function (pixel) {
      var value = pixel.options.useDecimalCurrencyValues ? 'm.valueDecimal' : 'm.value';
      var told = {value: value, currency: 'm.currency', transactionId: 'm.transactionId', conversionId: 'm.conversionId'};
      var url = 'https://alb.reddit.com/rp.gif?event=' + encodeURIComponent(event) + '&id=' + encodeURIComponent(pixel.id);
      Object.keys(told).forEach(function (name) {
        var text = (settings || {})[name];
        if (text !== undefined && text !== null) url += '&' + told[name] + '=' + encodeURIComponent(text);
      });
      new Image().src = url + '&opt_out=' + (pixel.options.optOut ? 1 : 0) + '&ts=' + String(Math.random()).slice(2);
    });
  }
  function init(id, options) {
    var known = pixels.filter(function (pixel) { return pixel.id === String(id); });
    if (id && !known.length) pixels.push({id: String(id), options: options || {}});
  }
  var verbs = {init: init, track: track};
  rdt.sendEvent = function (verb) {
    if (verbs.hasOwnProperty(verb)) verbs[verb].apply(null, [].slice.call(arguments, 1));
  };
  (rdt.callQueue || []).splice(0).forEach(function (call) { rdt.sendEvent.apply(rdt, call); });
})();
