"""Pages with one fault each, and right ones that look as if they had one; each says what has to be told of it."""

from __future__ import annotations

from typing import NamedTuple

from tests.pixels import CODES, META_ID, PURCHASE

A, B = "6009125095680", "6009125095681"
FP, FBDS, FBQ = CODES["fp"], CODES["fbds"], CODES["fbq"]
FP_B = FP.replace(A, B)
FP_SCRIPT = FP[FP.index("<script") : FP.index("<noscript")]
FP_NOSCRIPT = FP[FP.index("<noscript") :]
IMAGE = f'<img alt="" src="https://www.facebook.com/offsite_event.php?id={A}&amp;value=19.99&amp;currency=USD">\n'
INLINE = "'unsafe-inline'"
LOADER, EVENTS = "https://connect.facebook.net", "https://www.facebook.com"


def page(head: str = "", body: str = "") -> bytes:
    """A page of which `head` begins in line 5; `body` begins the body."""
    html = f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{head}<title>x</title>\n</head>\n'
    return f"{html}<body>\n{body}<p>x</p>\n</body>\n</html>\n".encode()


def policy(*, script: str = f"{INLINE} {LOADER}", image: str = EVENTS) -> str:
    return f"default-src 'none'; style-src {INLINE}; script-src {script}; img-src {image}"


def meta(csp: str) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{csp}">\n'


class Case(NamedTuple):
    """A page, how it is loaded, and the faults that have to be told: each a code, the line, and a part of the text."""

    html: bytes
    faults: tuple[tuple[str, int | None, str], ...] = ()
    javascript: bool = True
    csp: str = ""
    fired: int | None = None
    scripts: tuple[str, ...] = ()


def _missing(line: int | None, pixel_id: str = A) -> tuple[str, int | None, str]:
    return "not-fired", line, f"pixel {pixel_id} did not fire"


INLINE_BLOCKED = ("blocked-by-csp", 6, "script-src blocks inline code")
LOADER_BLOCKED = ("blocked-by-csp", 16, f"script-src blocks {LOADER}/en_US/fp.js")
EVENT_BLOCKED = ("blocked-by-csp", None, f"img-src blocks {EVENTS}/offsite_event.php?id={A}&value=19.99&currency=USD")
FBQ_TWICE = FBQ.replace("fbq('track', 'PageView');", "fbq('track', 'PageView'); fbq('track', 'PageView');")
HANGS = "<script>while (true) {}</script>\n"
DEEP = f"<!-- {'x' * 3000} -->\n"

FAULTY = {
    "two fp snippets by hand": Case(
        page(FP + FP_B),
        (
            _missing(6),
            ("fired-twice", 21, f"pixel {B} fired 2 times"),
            ("clobbered-global", 6, f"pixel {A} and pixel {B} share fb_param"),
        ),
    ),
    "an fp snippet and a script that sets the global": Case(
        page(FP_SCRIPT + f"<script>window['fb_' + 'param'] = {{pixel_id: '{B}', value: '1'}}</script>\n"),
        (_missing(5), ("clobbered-global", 5, "the loader read the other's; combine them")),
    ),
    "CSP by header, inline": Case(page(FP), (_missing(6), INLINE_BLOCKED), csp=policy(script=LOADER)),
    "CSP by header, loader": Case(page(FP), (_missing(6), LOADER_BLOCKED), csp=policy(script=INLINE)),
    "CSP by header, image": Case(page(FP), (_missing(6), EVENT_BLOCKED), csp=policy(image="'none'")),
    "CSP by header, noscript": Case(
        page("", FP_NOSCRIPT),
        (_missing(8), ("blocked-by-csp", 8, "img-src blocks https://www.facebook.com/offsite_event.php")),
        javascript=False,
        csp=policy(image="'self'"),
    ),
    "CSP by meta, inline": Case(
        page(meta(policy(script=LOADER)) + FP), (_missing(7), ("blocked-by-csp", 7, INLINE_BLOCKED[2]))
    ),
    "CSP by meta, loader": Case(
        page(meta(policy(script=INLINE)) + FP), (_missing(7), ("blocked-by-csp", 17, LOADER_BLOCKED[2]))
    ),
    "CSP by meta, image": Case(page(meta(policy(image="'none'")) + FP), (_missing(7), EVENT_BLOCKED)),
    "default-src alone": Case(page(FP), (_missing(6), INLINE_BLOCKED), csp="default-src 'self'"),
    "swallowed by a script": Case(
        page("<script>var x = 1;\n" + FP), (("swallowed", 5, "a script that begins in line 5 and is never closed"),)
    ),
    "swallowed by a script from a file": Case(
        page('<script src="fine.js">\n' + FP), (("swallowed", 5, "a script that begins in line 5"),)
    ),
    "swallowed by a script with a comment": Case(
        page("<script>var x = '<!--<script>';</script>\n" + FP),
        (("swallowed", 5, "is in a script that begins in line 5 and is never closed"),),
    ),
    "swallowed by a comment": Case(
        page("<!-- the shop's code\n" + FP_SCRIPT + FP_NOSCRIPT),
        (("swallowed", 5, f"the code of pixel {A} is in a comment that begins in line 5 and is never closed"),),
    ),
    "swallowed up to another comment's end": Case(
        page("<!-- the shop's code\n" + FP_SCRIPT + "<!-- end -->\n"),
        (("swallowed", 5, f"the code of pixel {A} is in a comment that begins in line 5"),),
    ),
    "swallowed by a textarea": Case(
        page("", "<textarea>\n" + FP), (("swallowed", 8, f"the code of pixel {A} is in a textarea that begins"),)
    ),
    "swallowed by a title": Case(
        page("<title>Thanks\n" + FP), (("swallowed", 5, f"the code of pixel {A} is in a title that begins"),)
    ),
    "swallowed by a style": Case(
        page("<style>p {}\n" + FP), (("swallowed", 5, f"the code of pixel {A} is in a style that begins"),)
    ),
    "swallowed by a noscript": Case(
        page("", "<noscript>\n" + FP_SCRIPT), (("swallowed", 8, "is in a noscript that begins in line 8"),)
    ),
    "swallowed without JavaScript": Case(
        page("", "<!-- x\n" + FP_NOSCRIPT),
        (("swallowed", 8, f"the code of pixel {A} is in a comment"),),
        javascript=False,
    ),
    "in a template": Case(
        page("", f"<template>\n{FP}</template>\n"),
        (("in-template", 8, f"the code of pixel {A} is in a template"),),
    ),
    "one in a template, one not": Case(
        page(FBDS.replace(A, B), f"<template>\n{FP}</template>\n"),
        (("in-template", 24, f"the code of pixel {A} is in a template"),),
    ),
    "in a template, without JavaScript": Case(
        page("", f"<div><template><div>{FP}</div></template></div>\n"),
        (("in-template", 8, f"the code of pixel {A}"),),
        javascript=False,
    ),
    "fp twice": Case(page(FP_SCRIPT * 2), (("fired-twice", 5, f"pixel {A} fired 2 times"),)),
    "fbds twice": Case(page(FBDS * 2), (("fired-twice", 6, f"pixel {A} fired 2 times"),)),
    "fbq twice": Case(page(FBQ * 2), (("fired-twice", 6, f"pixel {META_ID} PageView fired 2 times"),)),
    "fbq tracked twice": Case(page(FBQ_TWICE), (("fired-twice", 6, f"pixel {META_ID} PageView fired 2 times"),)),
    "base code of another pixel in a file": Case(
        page('<script src="fbq.js"></script>\n' + PURCHASE[: PURCHASE.index("<noscript>")]),
        (("reached-another", 8, f"pixel {B} Purchase fired too: its base code is in a file or a tag manager"),),
    ),
    "fbds in the page and in a file": Case(
        page(FBDS + '<script src="fbds.js"></script>\n'), (("fired-twice", 6, f"pixel {A} fired 2 times"),)
    ),
    "an image beside the script": Case(
        page(FP_SCRIPT, IMAGE.replace("&amp;currency", "&#38currency")),
        (("fired-twice", 5, f"pixel {A} fired 2 times"),),
        fired=2,
    ),
    "an image that is escaped": Case(
        page(FP_SCRIPT, FP_NOSCRIPT.replace("<img", "&lt;img")),
        (("not-run", FP_SCRIPT.count("\n") + 8, "the noscript's image is escaped text"),),
        javascript=False,
        fired=0,
    ),
    "images twice, in two writings": Case(
        page("", FP_NOSCRIPT + FP_NOSCRIPT.replace("&amp;currency", "&amp;x=1&amp;currency")),
        (("fired-twice", 8, f"pixel {A} fired 2 times"),),
        javascript=False,
    ),
    "noscript in the head": Case(
        page(FP.replace("<noscript", "\n<noscript") + '<link rel="icon" href="data:,">\n'),
        (("nodes-moved", 20, "the noscript image ends the head, so in the body is now also link, title"),),
        javascript=False,
    ),
    "script error in front of the event": Case(
        page(FP_SCRIPT.replace("(function", "shop.total();\n(function")),
        (_missing(5), ("script-error", 10, "ReferenceError: shop is not defined")),
    ),
    "syntax error": Case(
        page(FP_SCRIPT.replace("fb_param.value", "var = fb_param.value")),
        (_missing(5), ("script-error", 8, "SyntaxError")),
    ),
    "value that the noscript has not": Case(
        page("", FP.replace("value=19.99", "value=0.01")),
        (("wrong-value", None, f"pixel {A} reported 0.01, not 19.99"),),
        javascript=False,
    ),
    "currency that the noscript has not": Case(
        page("", FBDS.replace("cd[currency]=USD", "cd[currency]=EUR")),
        (("wrong-currency", None, f"pixel {A} reported EUR, not USD"),),
        javascript=False,
    ),
    "a script of the page's changes the value": Case(
        page(FP_SCRIPT + "<script>fb_param.value += '0 USD';</script>\n"),
        (("wrong-value", 5, "reported 19.990 USD, not"),),
    ),
    "a page that goes on before the event": Case(
        page("<script>location.href = 'right.html'; while (new Date() < 0);</script>\n" + FP_SCRIPT),
        (_missing(6), ("went-on", None, "the page went on to ")),
    ),
}


OTHERS = """<script>
  (function (w, d) { w.dataLayer = w.dataLayer || []; dataLayer.push({event: 'gtm.js'});
    var s = d.createElement('script'); s.async = true; s.src = 'https://www.googletagmanager.com/gtm.js?id=GTM-X';
    d.head.appendChild(s); })(window, document);
  new Image().src = 'https://www.google-analytics.com/collect?v=1';
</script>
"""
POSTS = """<script>
  var form = new FormData();
  form.append('id', '7'); form.append('ev', 'Lead'); form.append('cd[value]', '2');
  fetch('https://www.facebook.com/tr/', {method: 'POST', mode: 'no-cors', body: form});
  navigator.sendBeacon('https://www.facebook.com/tr/', new URLSearchParams({id: '7', ev: 'Buy', 'cd[value]': '3'}));
</script>
"""
CLICKED = "document.onclick = function () { fbq('track', 'Lead', {value: 1, currency: 'USD'}); };\n"
HANDLER = FBQ.replace("</script>", f"{CLICKED}</script>")
WORKER = """<script>
var told = "fetch('https://bat.bing.com/action/0?ti=40123456&evt=pageLoad', {mode: 'no-cors', keepalive: true})";
new Worker(URL.createObjectURL(new Blob([told])));
</script>
"""

RIGHT = {
    **{f"{name}": Case(page(code), fired=1) for name, code in CODES.items()},
    **{f"{name}, noscript": Case(page("", code), javascript=False, fired=1) for name, code in CODES.items()},
    "no code": Case(page(), fired=0),
    "no code, no JavaScript": Case(page(), javascript=False, fired=0),
    "fp, fbds and fbq": Case(page(FP + FBDS.replace(A, B) + FBQ), fired=3),
    "an image": Case(page("", IMAGE), fired=1),
    "an image, no JavaScript": Case(page("", IMAGE), javascript=False, fired=1),
    "a purchase": Case(page(FBQ + PURCHASE), fired=2),
    "a purchase, no JavaScript": Case(page("", FBQ + PURCHASE), javascript=False, fired=2),
    "scripts with errors of their own": Case(
        page("<script>nothing.here()</script>\n<script>var =;</script>\n" + FP + "<script>throw 1</script>\n"), fired=1
    ),
    "a policy that blocks others": Case(
        page(OTHERS + FP + '<script src="https://cdn.example/x.js"></script>\n'), csp=policy(), fired=1
    ),
    "other trackers": Case(page(OTHERS + FP), fired=1),
    "an iframe with an error": Case(page(FP, '<iframe src="broken.html"></iframe>\n'), fired=1),
    "an iframe of others": Case(page(FP, '<iframe src="https://ads.example/"></iframe>\n'), fired=1),
    "an event handler": Case(page(HANDLER), fired=1),
    "an event handler in the markup": Case(
        page(FBQ, """<button onclick="fbq('track', 'Lead')">x</button>\n"""), fired=1
    ),
    "an event on a condition": Case(
        page(FBQ + "<script>if (window.ordered) fbq('track', 'Purchase', {value: 1});</script>\n"), fired=1
    ),
    "a function that nobody calls": Case(
        page(FBQ + "<script>function bought() { fbq('track', 'Purchase', {value: 1}); }</script>\n"), fired=1
    ),
    "a function that runs at the end": Case(
        page(FBQ + "<script>window.addEventListener('load', function () { fbq('track', 'Lead'); });</script>\n"),
        fired=2,
    ),
    "a tag manager's file": Case(page('<script src="fbds.js"></script>\n'), fired=1),
    "events that are posted": Case(page(POSTS), fired=2),
    "an event that a worker sends": Case(page("", WORKER), fired=1),
    "code that is shown": Case(page(FBDS, f"<textarea>\n{FP}</textarea>\n"), fired=1),
    "code that was taken out": Case(page(FBDS, f"<!--\n{FP_SCRIPT}-->\n"), fired=1),
    "a template that a script takes": Case(
        page(
            "",
            f"<template id=t>\n{FBDS}</template>\n<script>document.body.appendChild(document.importNode("
            "document.getElementById('t').content, true));</script>\n",
        ),
        fired=1,
    ),
    "a link in the body": Case(
        page("", FP_NOSCRIPT + '<link rel="stylesheet" href="x.css">\n<style>p {}</style>\n'),
        javascript=False,
        fired=1,
    ),
    "Latin-1": Case(page(FP).replace(b"utf-8", b"iso-8859-1").replace(b"<p>x", b"<p>\xe9\xff"), fired=1),
    "UTF-16": Case(page(FP).replace(b'<meta charset="utf-8">', b"").decode().encode("utf-16"), fired=1),
    "empty": Case(b"", fired=0),
    "huge": Case(page(FP, DEEP * 4000), fired=1),
}
FILES = {
    "fbds.js": FBDS[FBDS.index("<script>") + 8 : FBDS.index("</script>")],
    "fbq.js": FBQ[FBQ.index("!function") : FBQ.index("</script>")].replace(META_ID, B),
    "fine.js": "var fine = 1;",
    "x.css": "p {}",
    "broken.html": "<!doctype html><title>x</title><script>broken()</script>",
    "right.html": "<!doctype html><title>x</title>",
}
