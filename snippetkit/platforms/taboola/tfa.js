// Stands in for the vendor's tfa.js: each event that was pushed, and each that is pushed later, asks for the image.
(function () {
  var queue = window._tfa = window._tfa || [];
  if (queue.isStandIn) return;
  queue.isStandIn = true;
  function carryOut(told) {
    if (!told || told.notify !== 'event' || !told.id) return;
    var url = 'https://trc.taboola.com/' + encodeURIComponent(told.id) + '/log/3/unip?en=' + encodeURIComponent(told.name);
    ['revenue', 'currency', 'orderid'].forEach(function (name) {
      if (told[name] !== undefined) url += '&' + name + '=' + encodeURIComponent(told[name]);
    });
    new Image().src = url + '&ts=' + String(Math.random()).slice(2);
  }
  queue.push = function () { [].forEach.call(arguments, carryOut); return queue.length; };
  queue.splice(0).forEach(carryOut);
})();
