// Stands in for The Trade Desk's up_loader.1.1.0.js. The real one makes a frame; here each pixel is asked for as an image.
(function () {
  if (window.TTDUniversalPixelApi) return;
  window.ttd_dom_ready = function (ready) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready);
    else ready();
  };
  window.TTDUniversalPixelApi = function () {
    this.init = function (advertiser, pixels, url) {
      [].concat(pixels).forEach(function (pixel) {
        var told = '?adv=' + encodeURIComponent(advertiser) + '&upid=' + encodeURIComponent(pixel);
        new Image().src = url + told + '&ts=' + String(Math.random()).slice(2);
      });
    };
  };
})();
