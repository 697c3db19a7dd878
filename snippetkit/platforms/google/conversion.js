// Stands in for AdWords' conversion.js, which reads its globals as soon as it is loaded.
(function () {
  var names = ['id', 'label', 'value', 'currency', 'order_id'].map(function (name) { return 'google_conversion_' + name; });
  var told = names.map(function (name) { return window[name]; }), isAudience = window.google_remarketing_only === true;
  names.concat('google_remarketing_only').forEach(function (name) { window[name] = undefined; });
  if (!told[0]) return;
  var url = isAudience ? 'https://googleads.g.doubleclick.net/pagead/viewthroughconversion/' :
    'https://www.googleadservices.com/pagead/conversion/';
  url += encodeURIComponent(told[0]) + '/?';
  [['value', told[2]], ['currency_code', told[3]], ['label', told[1]], ['oid', told[4]]].forEach(function (pair) {
    if (pair[1] !== undefined && pair[1] !== '') url += pair[0] + '=' + encodeURIComponent(pair[1]) + '&';
  });
  new Image().src = url + 'guid=ON&script=0&ts=' + String(Math.random()).slice(2);
})();
