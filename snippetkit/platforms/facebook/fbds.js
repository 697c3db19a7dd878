// Stands in for the vendor's fbds loader: it carries out the queue, and what is pushed later at once. A number is a
// conversion pixel's; any other event is of the audience pixels that the page names.
(function () {
  var queue = window._fbq = window._fbq || [], audiences = [];
  function send(query, settings) {
    Object.keys(settings || {}).forEach(function (name) {
      query += '&' + encodeURIComponent('cd[' + name + ']') + '=' + encodeURIComponent(settings[name]);
    });
    new Image().src = 'https://www.facebook.com/tr?' + query + '&ts=' + String(Math.random()).slice(2);
  }
  function name(id) {
    if (id && audiences.indexOf(String(id)) < 0) audiences.push(String(id));
  }
  function carryOut(call) {
    if (call[0] === 'addPixelId') name(call[1]);
    if (call[0] !== 'track') return;
    name((window._fbds || {}).pixelId);
    if (/^[0-9]+$/.test(call[1])) send('ev=' + call[1], call[2]);
    else audiences.forEach(function (id) { send('id=' + id + '&ev=' + encodeURIComponent(call[1]), call[2]); });
  }
  queue.push = function () { [].forEach.call(arguments, carryOut); return queue.length; };
  queue.splice(0).forEach(carryOut);
})();
