// Stands in for the loader of Twitter's old conversion code. The real one asks t.co for the same, too.
(function () {
  window.twttr = window.twttr || {};
  window.twttr.conversion = {
    trackPid: function (id, told) {
      var url = 'https://analytics.twitter.com/i/adsct?txn_id=' + encodeURIComponent(id) + '&p_id=Twitter';
      ['tw_sale_amount', 'tw_order_quantity'].forEach(function (name) {
        if (told && told[name] !== undefined) url += '&' + name + '=' + encodeURIComponent(told[name]);
      });
      new Image().src = url + '&ts=' + String(Math.random()).slice(2);
    }
  };
})();
