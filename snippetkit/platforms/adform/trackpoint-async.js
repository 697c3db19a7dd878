// Stands in for the vendor's trackpoint-async.js: each tracking point asks for the image, with its order.
(function () {
  var set = window._adftrack;
  if (set && set.isStandIn) return;
  function carryOut(told) {
    if (!told || !told.pm) return;
    var url = 'https://track.adform.net/Serving/TrackPoint/?pm=' + encodeURIComponent(told.pm), order = told.order || {};
    if (told.pagename) url += '&ADFPageName=' + told.pagename;
    else if (told.id) url += '&lid=' + encodeURIComponent(told.id);
    ['sales', 'currency', 'orderid'].forEach(function (name) {
      if (order[name]) url += '&' + name + '=' + encodeURIComponent(order[name]);
    });
    new Image().src = url + '&ts=' + String(Math.random()).slice(2);
  }
  [].concat(set || []).forEach(carryOut);
  window._adftrack = [];
  window._adftrack.isStandIn = true;
  window._adftrack.push = function () { [].forEach.call(arguments, carryOut); };
})();
