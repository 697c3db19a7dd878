"""Code of each dialect as it stands on pages, and loaders that do what the vendor's do."""

from __future__ import annotations

from tests.conftest import CASES

EVERY_CODE = {path.stem: path.read_text("utf-8") for path in sorted((CASES / "code").glob("*.html"))}
CODES = {name: EVERY_CODE[name] for name in ("fp", "fbds", "fbq")}
META_ID = "434566956589050"
PURCHASE = f"""<script>
fbq('init', '{META_ID}');
fbq('track', 'Purchase', {{value: 30.00, currency: 'USD'}});
</script>
<noscript><img alt="" src="https://www.facebook.com/tr?id={META_ID}&ev=Purchase&cd[value]=30.00&cd[currency]=USD&noscript=1"></noscript>
"""

# fp reads the shared global once, when it loads; fbds and fbq carry out their queues, and what comes later at once.
LOADERS = {
    "fp.js": """
var query = ['pixel_id', 'value', 'currency'].map(function (name) {
  return name.replace('pixel_', '') + '=' + encodeURIComponent(window.fb_param[name]);
});
new Image().src = 'https://www.facebook.com/offsite_event.php?' + query.join('&');
""",
    "fbds.js": """
(function () {
  function fire(call) {
    var query = Object.keys(call[2] || {}).map(function (name) {
      return '&' + encodeURIComponent('cd[' + name + ']') + '=' + encodeURIComponent(call[2][name]);
    });
    new Image().src = 'https://www.facebook.com/tr?ev=' + call[1] + query.join('');
  }
  window._fbq.push = fire;
  window._fbq.splice(0).forEach(fire);
})();
""",
    "fbevents.js": """
(function () {
  var id;
  fbq.callMethod = function (verb, text, settings) {
    if (verb === 'init') { id = text; return; }
    var query = Object.keys(settings || {}).map(function (name) {
      return '&' + encodeURIComponent('cd[' + name + ']') + '=' + encodeURIComponent(settings[name]);
    });
    new Image().src = 'https://www.facebook.com/tr?id=' + id + '&ev=' + text + query.join('');
  };
  fbq.queue.forEach(function (call) { fbq.callMethod.apply(fbq, call); });
})();
""",
}
