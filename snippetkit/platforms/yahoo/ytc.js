// Stands in for the vendor's ytc.js: what the base code hands over asks for the image, each beacon for its own.
(function () {
  if (window.YAHOO && YAHOO.isStandIn) return;
  function fire(told) {
    var properties = (told && told.properties) || {}, texts = properties.qstrings || {};
    if (!told || !told.projectId || !properties.pixelId) return;
    var url = 'https://sp.analytics.yahoo.com/spp.pl?a=' + encodeURIComponent(told.projectId) +
      '&.yp=' + encodeURIComponent(properties.pixelId);
    Object.keys(texts).forEach(function (name) {
      if (texts[name] !== undefined) url += '&' + encodeURIComponent(name) + '=' + encodeURIComponent(texts[name]);
    });
    new Image().src = url + '&ts=' + String(Math.random()).slice(2);
  }
  window.YAHOO = {isStandIn: true, ywa: {I13N: {fireBeacon: function (beacons) { beacons.forEach(fire); }}}};
})();
