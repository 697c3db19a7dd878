// Stands in for the vendor's loader: what stands in the globals when it has loaded is asked for once. How the real one
// sends it the sources do not say; the parameters are ours.
(function () {
  if (!window.adroll_adv_id || window.adrollIsStandIn) return;
  window.adrollIsStandIn = true;
  var value = window.adroll_conversion_value, currency = window.adroll_currency;
  if (value === undefined && window.adroll_conversion_value_in_dollars !== undefined) {
    value = window.adroll_conversion_value_in_dollars;
    currency = 'USD';
  }
  var told = {
    adv: window.adroll_adv_id, pix: window.adroll_pix_id, value: value, currency: currency,
    order: (window.adroll_custom_data || {}).ORDER_ID
  };
  new Image().src = 'https://d.adroll.com/pixel?' + Object.keys(told).filter(function (name) {
    return told[name] !== undefined;
  }).map(function (name) { return name + '=' + encodeURIComponent(told[name]); }).join('&') +
    '&ts=' + String(Math.random()).slice(2);
})();
