// Answers what scripts ask to tell a driven browser as a visitor's would; what a server is sent stays as it is.
(function () {
  function answer(name, value) {
    Object.defineProperty(Navigator.prototype, name, { configurable: true, enumerable: true, get: function () { return value; } });
  }
  answer('webdriver', false);
  answer('userAgent', navigator.userAgent.replace('Headless', ''));
  answer('appVersion', navigator.appVersion.replace('Headless', ''));
})();
