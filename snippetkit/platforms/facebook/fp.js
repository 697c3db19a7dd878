// Stands in for the vendor's fp loader: it reads the shared global once, when it loads, and asks for one image, which
// no cache answers.
(function () {
  var settings = window.fb_param || {};
  var query = ['pixel_id', 'value', 'currency'].filter(function (name) { return settings[name] != null; });
  new Image().src = 'https://www.facebook.com/offsite_event.php?' + query.map(function (name) {
    return name.replace('pixel_', '') + '=' + encodeURIComponent(settings[name]);
  }).join('&') + '&ts=' + String(Math.random()).slice(2);
})();
