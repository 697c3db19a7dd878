// Stands in for the vendor's ld.js: what names accounts first, then one request for each event and account. How the
// real one tells the lines of an order the vendor does not say: here it is their sum.
(function () {
  var queue = window.criteo_q = window.criteo_q || [], accounts = [];
  if (queue.isStandIn) return;
  queue.isStandIn = true;
  function send(told) {
    if (/^set|Flush$|^flush/.test(told.event)) return;
    var more = '';
    if (told.event === 'trackTransaction') {
      var sum = (told.item || []).reduce(function (sum, line) { return sum + line.price * line.quantity; }, 0);
      more = '&id=' + encodeURIComponent(told.id) + '&sum=' + Math.round(sum * 1000) / 1000;
    }
    accounts.forEach(function (id) {
      var url = 'https://sslwidget.criteo.com/event?a=' + encodeURIComponent(id) + '&e=' + encodeURIComponent(told.event);
      new Image().src = url + more + '&ts=' + String(Math.random()).slice(2);
    });
  }
  function workOff(all) {
    all = [].concat.apply([], [].slice.call(all)).filter(function (told) { return told && told.event; });
    all.forEach(function (told) { if (told.event === 'setAccount') accounts = [].concat(told.account); });
    all.forEach(send);
  }
  queue.push = function () { workOff(arguments); return queue.length; };
  workOff(queue.splice(0));
})();
