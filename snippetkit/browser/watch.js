// Runs in front of the scripts of every page, and notes what a visitor's browser would answer otherwise. What a page may
// replace is taken before it can.
(function () {
  var notes = Object.create(null), apply = Reflect.apply;
  Object.defineProperty(window, 'snippetkit.notes', { configurable: true, value: notes });
  var webdriver = Object.getOwnPropertyDescriptor(Navigator.prototype, 'webdriver').get;
  Object.defineProperty(Navigator.prototype, 'webdriver', {
    configurable: true,
    enumerable: true,
    get: function () {
      notes['asks-webdriver'] = true;
      return apply(webdriver, this, []);
    }
  });
})();
