// Stands in for the vendor's ytag loader: each conversion is asked for as the image of its kind of ads.
(function () {
  var layer = window.yjDataLayer = window.yjDataLayer || [];
  if (layer.isStandIn) return;
  layer.isStandIn = true;
  function ask(url, told) {
    new Image().src = url + Object.keys(told).filter(function (name) { return told[name] !== undefined; })
      .map(function (name) { return name + '=' + encodeURIComponent(told[name]); }).join('&') +
      '&ts=' + String(Math.random()).slice(2);
  }
  function carryOut(entry) {
    var said = entry && entry[0], config = (said && said.config) || {};
    if (said && said.type === 'yss_conversion' && config.yahoo_conversion_id) {
      ask('https://b91.yahoo.co.jp/pagead/conversion/' + config.yahoo_conversion_id + '/?', {
        value: config.yahoo_conversion_value, label: config.yahoo_conversion_label
      });
    } else if (said && said.type === 'yjad_conversion' && config.yahoo_ydn_conv_io) {
      ask('https://b90.yahoo.co.jp/c?', {
        yahoo_ydn_conv_io: config.yahoo_ydn_conv_io, yahoo_ydn_conv_label: config.yahoo_ydn_conv_label,
        yahoo_ydn_conv_transaction_id: config.yahoo_ydn_conv_transaction_id,
        yahoo_ydn_conv_amount: config.yahoo_ydn_conv_value
      });
    }
  }
  [].slice.call(layer).forEach(carryOut);
  layer.push = function () { [].forEach.call(arguments, carryOut); };
})();
