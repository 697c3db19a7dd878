// Stands in for the vendor's fbds loader: it carries out the queue, and what is pushed later at once.
(function () {
  var queue = window._fbq = window._fbq || [];
  function fire(call) {
    var settings = call[2] || {};
    var query = Object.keys(settings).map(function (name) {
      return '&' + encodeURIComponent('cd[' + name + ']') + '=' + encodeURIComponent(settings[name]);
    });
    new Image().src = 'https://www.facebook.com/tr?ev=' + encodeURIComponent(call[1]) + query.join('') +
      '&ts=' + String(Math.random()).slice(2);
  }
  queue.push = fire;
  queue.splice(0).forEach(fire);
})();
