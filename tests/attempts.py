"""Whatever a page can do to reach somebody, one kind each: `$to` is a host and port, `$name` and `$port` are each."""

from __future__ import annotations

from string import Template

from tests.trap import SITE_URL, addresses

_INNER = """
  fetch('http://$to/fetch', {mode: 'no-cors'}).catch(function () {});
  try { new WebSocket('ws://$to/'); } catch (error) {}
  try { new EventSource('http://$to/'); } catch (error) {}
  try { new WebTransport('https://$to/'); } catch (error) {}
  try { importScripts('http://$to/import.js'); } catch (error) {}
"""
_PEER = """
  var one = new RTCPeerConnection(SERVERS), two = new RTCPeerConnection();
  one.createDataChannel('x');
  one.createOffer().then(function (offer) {
    return one.setLocalDescription(offer).then(function () { return two.setRemoteDescription(offer); });
  }).then(function () { return two.createAnswer(); }).then(function (answer) {
    return two.setLocalDescription(answer).then(function () { return one.setRemoteDescription(answer); });
  }).then(function () {
    ['udp', 'tcp'].forEach(function (kind) {
      var more = kind === 'tcp' ? ' tcptype passive' : '';
      var text = 'candidate:1 1 ' + kind + ' 2122260223 $name $port typ host' + more;
      one.addIceCandidate({candidate: text, sdpMid: '0', sdpMLineIndex: 0}).catch(function () {});
    });
  });
"""


def _script(text: str) -> str:
    return f"<script>\n(function () {{{text}}})();\n</script>"


def _peer(url: str = "") -> str:
    servers = f"{{iceServers: [{{urls: '{url}', username: 'a', credential: 'b'}}]}}" if url else ""
    return _script(_PEER.replace("SERVERS", servers))


def _in(start: str, script: str = _INNER) -> str:
    return _script(f"var url = URL.createObjectURL(new Blob([`{script}`], {{type: 'text/javascript'}})); {start}")


def _speculation(action: str) -> str:
    rules = f'[{{"source": "list", "urls": ["http://$to/{action}", "https://$to/"], "eagerness": "immediate"}}]'
    return f'<script type="speculationrules">{{"{action}": {rules}}}</script>'


ATTEMPTS = {
    "header": '<img alt="" src="/none.gif">',
    "fetch": _script("fetch('http://$to/', {mode: 'no-cors', keepalive: true}).catch(function () {});"),
    "fetchlater": _script("if (window.fetchLater) fetchLater('https://$to/', {activateAfter: 0});"),
    "beacon": _script("navigator.sendBeacon('http://$to/', 'x');"),
    "ping": '<a href="#x" id="ping" ping="http://$to/">x</a>' + _script("document.getElementById('ping').click();"),
    "websocket": _script("new WebSocket('ws://$to/'); new WebSocket('wss://$to/');"),
    "eventsource": _script("new EventSource('http://$to/');"),
    "webtransport": _script("new WebTransport('https://$to/').closed.catch(function () {});"),
    "ice": _peer(),
    "stun": _peer("stun:$to"),
    "turnudp": _peer("turn:$to?transport=udp"),
    "turntcp": _peer("turn:$to?transport=tcp"),
    "turns": _peer("turns:$to?transport=tcp"),
    "preconnect": '<link rel="preconnect" href="http://$to"><link rel="preconnect" href="https://$to" crossorigin>',
    "dnsprefetch": '<link rel="dns-prefetch" href="//$to"><a href="http://$to/">x</a>',
    "prefetch": '<link rel="prefetch" href="http://$to/p" as="script">'
    '<link rel="preload" href="http://$to/l" as="image">',
    "modulepreload": '<link rel="modulepreload" href="http://$to/m.js">'
    '<script type="module" src="http://$to/n.js"></script>',
    "specprefetch": _speculation("prefetch"),
    "specprerender": _speculation("prerender"),
    "prerender": '<link rel="prerender" href="http://$to/">',
    "worker": _in("new Worker(url);"),
    "sharedworker": _in("new SharedWorker(url);", "onconnect = function () {};" + _INNER),
    "sharedmodule": _script("new SharedWorker('http://$to/s.js', {type: 'module'});"),
    "serviceworker": _script("navigator.serviceWorker.register('/sw.js').catch(function () {});")
    + '<script type="text/plain" id="sw"></script>',
    "inframe": "<iframe srcdoc=\"<script>try { navigator.serviceWorker.register('/sw.js'); } catch (e) {}"
    "new WebSocket('ws://$to/'); new Image().src = 'http://$to/';</script>\"></iframe>",
    "audioworklet": _script("new AudioContext().audioWorklet.addModule('http://$to/w.js').catch(function () {});"),
    "inworklet": _in(
        "new AudioContext().audioWorklet.addModule(url).catch(function () {});", "import 'http://$to/i.js';"
    ),
    "paintworklet": _script("CSS.paintWorklet.addModule('http://$to/p.js').catch(function () {});"),
    "download": '<a id="down" download="x" href="http://$to/x.zip">x</a>'
    + _script("document.getElementById('down').click();"),
    "popup": _script(
        "window.open('http://$to/'); var w = window.open('');"
        "if (w) w.document.write('<img src=\"http://$to/y\"><link rel=preconnect href=\"http://$to\">');"
    ),
    "form": '<iframe name="in"></iframe><form id="f" method="post" target="in" action="http://$to/"></form>'
    '<form id="g" target="_blank" action="http://$to/g"></form>'
    + _script("document.getElementById('f').submit(); document.getElementById('g').submit();"),
    "frame": '<iframe src="http://$to/"></iframe><object data="http://$to/o"></object><embed src="http://$to/e">',
    "favicon": '<link rel="icon" href="http://$to/favicon.ico"><link rel="manifest" href="http://$to/m.json">',
    "image": '<img alt="" src="http://$to/x.gif" attributionsrc="http://$to/a"><video src="http://$to/v" poster="http://$to/q">'
    "</video><audio src=\"http://$to/u\"></audio><svg><image href=\"http://$to/s\"/></svg>",
    "style": '<style>@import "http://$to/i.css"; @font-face { font-family: x; src: url(http://$to/f) }'
    " p { font-family: x; background: url(http://$to/b) }</style><link rel=\"stylesheet\" href=\"http://$to/c\">",
    "fedcm": _script(
        "navigator.credentials.get({identity: {providers: [{configURL: 'https://$to/c.json', clientId: '1'}]}})"
        ".catch(function () {});"
    ),
    "payment": _script(
        "new PaymentRequest([{supportedMethods: 'https://$to/pay'}], {total: {label: 'x', amount:"
        " {currency: 'USD', value: '1.00'}}}).canMakePayment().catch(function () {});"
    ),
    "adauction": _script(
        "if (navigator.joinAdInterestGroup) navigator.joinAdInterestGroup({owner: 'https://$to', name: 'x'}, 100)"
        ".catch(function () {});"
    ),
    "socketstream": _script("new WebSocketStream('ws://$to/').opened.catch(function () {});"),
}  # fmt: skip
"""For each kind what a page has."""


def fragment(name: str) -> str:
    """Return one kind of attempt, at each of its targets."""
    return "\n".join(_filled(ATTEMPTS[name], name))


def page(*names: str) -> str:
    """A page that tries these kinds, or all."""
    body = "\n".join(map(fragment, names or ATTEMPTS))
    return f"<!doctype html>\n<html lang=en>\n<head>\n<title>x</title>\n</head>\n<body>\n{body}\n</body>\n</html>\n"


def _filled(text: str, kind: str) -> list[str]:
    targets = addresses(list(ATTEMPTS).index(kind), kind).values()
    split = [(to, *to.partition(":")[::2]) for to in targets]
    return [Template(text).substitute(to=to, name=name, port=port or "80") for to, name, port in split]


SERVICE_WORKER = "\n".join(["self.onfetch = function () {};", *_filled(_INNER, "serviceworker")])
"""A service worker that tries what a worker can."""
__all__ = ["ATTEMPTS", "SERVICE_WORKER", "SITE_URL", "page"]
