// Stands in for the vendor's loader: what stands in the globals when it has loaded is asked for once, and each event of
// `adroll.track`, with what `setProperties` said by then. Of the globals' request the sources do not say how the real one
// sends it, so its parameters are ours, as `order_id` is, which the real one has in `event_attributes` alone.
(function () {
  if (!window.adroll_adv_id || window.adrollIsStandIn) return;
  window.adrollIsStandIn = true;
  function ask(url, told) {
    new Image().src = url + '?' + Object.keys(told).filter(function (name) {
      return told[name] !== undefined;
    }).map(function (name) { return name + '=' + encodeURIComponent(told[name]); }).join('&') +
      '&ts=' + String(Math.random()).slice(2);
  }
  function first(told, names) {
    return names.map(function (name) { return told[name]; }).filter(function (text) { return text !== undefined; })[0];
  }
  var value = window.adroll_conversion_value, currency = window.adroll_currency, page = {};
  if (value === undefined && window.adroll_conversion_value_in_dollars !== undefined) {
    value = window.adroll_conversion_value_in_dollars;
    currency = 'USD';
  }
  var queue = window.adroll;
  if (!queue || value !== undefined) {
    ask('https://d.adroll.com/pixel', {
      adv: window.adroll_adv_id, pix: window.adroll_pix_id, value: value, currency: currency,
      order: (window.adroll_custom_data || {}).ORDER_ID
    });
  }
  var methods = {
    setProperties: function (told) { Object.assign(page, told); },
    track: function (event, about) {
      if (!event) return;
      var told = Object.assign({}, page, about), pixel = window.adroll_adv_id + '/' + window.adroll_pix_id;
      var isPage = event === 'pageView';
      ask('https://d.adroll.com/' + (isPage ? 'segment/' + pixel : 'uev/' + pixel + '/'), {
        event_name: isPage ? undefined : event, name: isPage ? told.segment_name : undefined,
        adroll_version: window.adroll_version || '2.0',
        conv_value: first(told, ['conv_value', 'conversion_value']),
        adroll_currency: first(told, ['adroll_currency', 'currency']), order_id: first(told, ['order_id', 'ORDER_ID']),
        event_attributes: JSON.stringify(told)
      });
    }
  };
  if (!queue || typeof queue !== 'object') return;
  [].slice.call(queue).forEach(function (call) {
    if (methods[call[0]]) methods[call[0]].apply(null, [].slice.call(call[1]));
  });
  Object.keys(methods).forEach(function (name) { queue[name] = methods[name]; });
})();
