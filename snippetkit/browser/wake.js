// What the tools that hold scripts back do once the visitor has agreed: in the place of each script a new one that runs.
(function (selectors) {
  var kinds = ['data-type', 'data-rocket-type', 'data-suppressedtype'];
  var places = ['data-src', 'data-rocket-src', 'data-suppressedsrc', 'data-consent-src'];
  function first(held, names) {
    return names.map(function (name) { return held.getAttribute(name); }).filter(Boolean)[0];
  }
  function started(held) {
    var script = document.createElement('script');
    Array.prototype.forEach.call(held.attributes, function (attribute) {
      if (attribute.name !== 'type') script.setAttribute(attribute.name, attribute.value);
    });
    if (first(held, kinds) === 'module' || /-module$/.test(held.type)) script.type = 'module';
    if (!held.hasAttribute('src') && first(held, places)) script.src = first(held, places);
    script.nonce = held.nonce;
    script.async = held.hasAttribute('async');
    script.text = held.textContent;
    return script;
  }
  document.querySelectorAll(selectors.join()).forEach(function (held) {
    if (held.localName === 'script') return held.replaceWith(started(held));
    held.content.querySelectorAll('script').forEach(function (script) {
      held.parentNode.insertBefore(started(script), held);
    });
  });
})
