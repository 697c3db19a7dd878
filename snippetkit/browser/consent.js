// What a consent banner tells a page's scripts once the visitor has answered: Google's Consent Mode (version 2), the
// IAB's TCF API (version 2), the ad platforms' own calls, which `tellPlatforms` makes, and the code of the template
// `consent`. `granted` is the answer. What a page may replace is taken before it can.
(function (granted, tellPlatforms) {
  var state = granted ? 'granted' : 'denied', listeners = 0, types = {}, purposes = {};
  ['ad_storage', 'ad_user_data', 'ad_personalization', 'analytics_storage'].forEach(function (type) {
    types[type] = state;
  });
  for (var purpose = 1; purpose < 12; purpose++) purposes[purpose] = granted;
  var every = new Proxy({}, { get: function () { return granted; } });
  function tell() { window.dataLayer.push(arguments); }
  function answer(listener) {
    return {
      tcfPolicyVersion: 4, cmpStatus: 'loaded', eventStatus: 'useractioncomplete', gdprApplies: true,
      listenerId: listener, purpose: { consents: purposes, legitimateInterests: purposes },
      vendor: { consents: every, legitimateInterests: every }, specialFeatureOptins: every
    };
  }
  var commands = {
    __proto__: null,
    ping: function (callback) { callback({ cmpLoaded: true, cmpStatus: 'loaded', gdprApplies: true, apiVersion: '2.2' }); },
    addEventListener: function (callback) { callback(answer(++listeners), true); },
    removeEventListener: function (callback) { callback(true); },
    getTCData: function (callback) { callback(answer(null), true); }
  };
  window.__tcfapi = function (command, version, callback) {
    if (command in commands) commands[command](callback); else callback(null, false);
  };
  window.dataLayer = window.dataLayer || [];
  tell('consent', 'default', types);
  // Code that asks whether there is consent and then listens waits for that event. Where the page tells of it itself,
  // nothing is told in its place: what nobody hears yet is lost here as it is for a visitor.
  var notes = window['snippetkit.notes'], answered, isAsked = false, count = 0, waiting = { __proto__: null }, told = { __proto__: null };
  var soon = window.queueMicrotask.bind(window), later = window.setTimeout.bind(window), apply = Reflect.apply;
  var Told = window.CustomEvent, listen = document.addEventListener, dispatch = document.dispatchEvent;
  function observe() {
    Object.defineProperty(window, 'snippetkitConsent', {
      configurable: true,
      enumerable: true,
      get: function () {
        isAsked = true;
        soon(function () { isAsked = false; });
        return answered;
      },
      set: function (value) { answered = value; }
    });
    document.addEventListener = function (type) {
      var isOfBrowser = type === 'DOMContentLoaded' || 'on' + type in document;
      if (isAsked && this === document && !isOfBrowser) {
        if (told[type]) notes['consent-too-early'] = true;
        waiting[count++] = type;
      }
      return apply(listen, this, arguments);
    };
    document.dispatchEvent = function (event) {
      if (this === document && event) told[event.type] = true;
      return apply(dispatch, this, arguments);
    };
  }
  function agree() {
    var types = { __proto__: null }, left = 0, isKnown = told['snippetkit:consent'];
    for (var place = 0; place < count; place++) {
      if (told[waiting[place]]) isKnown = true; else types[left++] = waiting[place];
    }
    if (!isKnown) answered = true;
    for (place = 0; place < left; place++) {
      told[types[place]] = true;
      apply(dispatch, document, { __proto__: null, length: 1, 0: new Told(types[place]) });
    }
    tellPlatforms();
  }
  if (granted) observe();
  window.addEventListener('load', function () {
    if (granted) later(agree);
    window.dataLayer = window.dataLayer || [];
    tell('consent', 'update', types);
  });
})
