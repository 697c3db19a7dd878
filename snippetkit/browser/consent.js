// What a consent banner tells a page's scripts once the visitor has answered: Google's Consent Mode (version 2), the
// IAB's TCF API (version 2), and the code of the template `consent`. `granted` is the answer.
(function (granted) {
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
    ping: function (callback) { callback({ cmpLoaded: true, cmpStatus: 'loaded', gdprApplies: true, apiVersion: '2.2' }); },
    addEventListener: function (callback) { callback(answer(++listeners), true); },
    removeEventListener: function (callback) { callback(true); },
    getTCData: function (callback) { callback(answer(null), true); }
  };
  window.__tcfapi = function (command, version, callback) {
    if (commands.hasOwnProperty(command)) commands[command](callback); else callback(null, false);
  };
  window.dataLayer = window.dataLayer || [];
  tell('consent', 'default', types);
  if (granted) window.snippetkitConsent = true;
  window.addEventListener('load', function () {
    window.dataLayer = window.dataLayer || [];
    tell('consent', 'update', types);
  });
})
