// Stands in for the vendor's conversion.js, which reads its globals as soon as it is loaded.
(function () {
  if (!window.yahoo_conversion_id) return;
  var url = 'https://b91.yahoo.co.jp/pagead/conversion/' + window.yahoo_conversion_id + '/?';
  if (window.yahoo_conversion_value !== undefined) url += 'value=' + encodeURIComponent(window.yahoo_conversion_value) + '&';
  new Image().src = url + 'label=' + encodeURIComponent(window.yahoo_conversion_label || '') +
    '&ts=' + String(Math.random()).slice(2);
})();
