// Stands in for the vendor's conv.js, which reads its globals as soon as it is loaded.
(function () {
  if (!window.yahoo_ydn_conv_io) return;
  var names = ['io', 'label', 'transaction_id', 'amount', 'value'];
  var told = names.map(function (name) { return 'yahoo_ydn_conv_' + name; }).filter(function (name) {
    return window[name] !== undefined;
  }).map(function (name) { return name + '=' + encodeURIComponent(window[name]); });
  new Image().src = 'https://b90.yahoo.co.jp/c?' + told.join('&') + '&r=' + String(Math.random()).slice(2);
})();
