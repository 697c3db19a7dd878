// Stands in for AdWords' conversion_async.js: what a call does not tell is read from the globals.
window.google_trackConversion = function (options) {
  function told(name) {
    return options && options[name] !== undefined ? options[name] : window[name];
  }
  if (!told('google_conversion_id')) return false;
  var url = told('google_remarketing_only') === true ?
    'https://googleads.g.doubleclick.net/pagead/viewthroughconversion/' :
    'https://www.googleadservices.com/pagead/conversion/';
  url += encodeURIComponent(told('google_conversion_id')) + '/?';
  [['value', 'value'], ['currency_code', 'currency'], ['label', 'label'], ['oid', 'order_id']].forEach(function (pair) {
    var text = told('google_conversion_' + pair[1]);
    if (text !== undefined && text !== '') url += pair[0] + '=' + encodeURIComponent(text) + '&';
  });
  var image = new Image();
  if (options && options.onload_callback) image.onload = image.onerror = options.onload_callback;
  image.src = url + 'guid=ON&script=0&ts=' + String(Math.random()).slice(2);
  return true;
};
