"""A walk over the WHATWG grammar from "initial" to "after head": pages made of its tokens, and of its text states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

# What brings a parser into each insertion mode (13.2.6.4.1 to 13.2.6.4.19) that can come before a body has content.
MODES = {
    "initial": b"",
    "before html": b"<!DOCTYPE html>",
    "before head": b"<!doctype html><html>",
    "in head": b"<!doctype html><html><head>",
    "in head, after content": b"<!doctype html><html lang=en><head><title>x</title><meta charset=utf-8>\n",
    "in head, implied": b"<!doctype html><title>x</title>",
    "in head noscript": b"<!doctype html><head><noscript>",
    "in head noscript, after content": b"<!doctype html><head><noscript><link>",
    "after head": b"<!doctype html><html><head></head>",
    "after head, implied": b"<!doctype html></head>",
    "after head, after content": b"<!doctype html><head></head><title>x</title> ",
    "in body": b"<!doctype html><html><head></head><body>",
    "in body, implied": b"<!doctype html><html><head></head><p>",
    "in template": b"<!doctype html><head><template>",
    "in frameset": b"<!doctype html><html><head></head><frameset>",
    "after body": b"<!doctype html><head></head><body></body>",
    "after after body": b"<!doctype html><head></head><body></body></html>",
}
# What follows the token; the first four go on as each mode would have it, the others see what it left open.
REST = [
    b"",
    b"</head><body><p>x</p></body></html>",
    b"<head><title>y</title></head><body>x",
    b"</noscript></template></head>\n<body class=a>\n<p>x</p>\n</body>\n",
    b"<title>y</title></head><p>x",
    b" <link></head>\n<script>1</script>\n<h1>x</h1>",
    b"</head><frameset><frame></frameset>",
]

# The tags that these insertion modes name, and one for each way that "in body" treats the others.
NAMED_TAGS = (
    "base basefont bgsound body br frame frameset head html link meta noframes noscript script style template title"
)
OTHER_TAGS = (
    "a b caption col div dd form h1 iframe image img input isindex li listing math noembed object option p plaintext"
    " pre rp select svg table td textarea tr xmp x-y headx htmlx h header hea bodyx linkx metas titles scripts styles"
)
_ATTRIBUTES = [b"", b" a=b", b"/", b" /", b"\n", b" a='>' B=\"<p>\"", b" a=/"]

SPACES = [b" ", b"\n", b"\t\x0c\r\n", b"\r"]
TEXTS = [
    b'x', b'&amp;', b'&#32;', b'&Tab;', b'\x00', b'\x00 ', b'<', b'< p>', b'<3', b'<', b'</', b'\xc2\xa0', b'\x0b',
    b'\x1b', b']]>', b'-->', b'\xef\xbb\xbf', b'\xe9', b'=', b"'", b'"',
]  # fmt: skip
COMMENTS = [
    b'<!---->', b'<!-- x -->', b'<!-->', b'<!--->', b'<!--x--!>', b'<!----!>', b'<!----!x-->', b'<!--x--!x-->',
    b'<!--x--', b'<!--x--!', b'<!--x-', b'<!--', b'<!--x', b'<!-', b'<!', b'<!--<!-->', b'<!--<!--->',
    b'<!--<!-- -->', b'<!--<!--x-->', b'<!--a--b-->', b'<!-- -- >-->', b'<!--->-->', b'<!--</head><body>-->',
    b'<!--<script>-->', b'<!--x-->-->', b'<!--\x00-->', b'<!--x\n--\n>-->', b'<!---x-->', b'<!--x--->',
    b'<!--x----!>', b'<!--x--!-->', b'<!--[if IE]><body><![endif]-->', b'<!--[if !IE]><!--><meta><!--<![endif]-->',
    b'<!--[if !IE]>--><meta><!--<![endif]-->',
]  # fmt: skip
BOGUS_COMMENTS = [
    b'<?x>', b"<?xml version='1.0'?>", b"<?xml-stylesheet href='>'?>", b'<? x>', b'<?>', b'<??>', b'<?x',
    b"<?x a='<p>'?>", b'<!x>', b'<!>', b'<!->', b'<!- x -->', b'<!ELEMENT x ">">', b'<!x', b'<![CDATA[x]]>',
    b'<![CDATA[>]]>', b'<![CDATA[', b'<![if IE]>', b'<![endif]>', b'</ x>', b'</>', b'</1>', b'</ head>',
    b'</!-- > -->', b'</?x>', b'</ x', b'</\x00>', b'</<p>', b'<!\x00>', b'<!doc>', b'<!DOCTYP html>', b'<!-->x-->',
    b"</'>'>",
]  # fmt: skip
DOCTYPES = [
    b'<!doctype html>',
    b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" \'http://www.w3.org/TR/html4/strict.dtd\'>', b'<!DocType>',
    b'<!doctypehtml>', b'<!doctype >', b'<!doctype \n html\n>', b"<!doctype html system 'a>b'>",
    b'<!doctype html public ">', b'<!doctype html public "x"\'y\'>', b'<!doctype html x>', b'<!doctype \x00>',
    b'<!doctype html system "about:legacy-compat">', b"<!doctype html publi 'x'>", b'<!doctype html', b'<!doctype',
    b"<!doctype html system 'x' y '>'>", b"<!DOCTYPE html [<!ENTITY x '>'>]>",
]  # fmt: skip

TEXT_ELEMENTS = [b"title", b"style", b"noframes", b"script", b"noscript"]
_TEXTS_INSIDE = [
    b"", b"x", b"</", b"</x>", b"<!--", b"-->", b"<title>", b"</titl", b"</title", b"</titlex>", b"</title/>",
    b"</title >", b"</TITLE\n>", b"</title x='>'>", b"</title x='", b"</ title>", b"<</title>", b"</</title>",
    b"</title\x0c>", b"</title\0>", b"</head><body>", b"\0", b"<!--</title>", b"</title\t/ a=\"</title>\">",
]  # fmt: skip

SCRIPT_PIECES = [
    b'<!--', b'-->', b'-', b'--', b'--!>', b'>', b'<', b'</', b'<!', b'x', b'<script', b'<script>', b'<SCRIPT ',
    b'<script/', b'<scriptx>', b'<scrip', b'</script', b'</scriptx>', b'</SCRIPT/', b'</scrip>', b'<!-->',
    b'<!--->', b' ',
]  # fmt: skip
SCRIPT_ENDS = [
    b"</script>",
    b"</script >",
    b"</script/>",
    b"</scriptx></script\n>",
    b"</script a='>'>",
    b"</SCRIPT a",
    b"",
]

ATTRIBUTE_PIECES = [
    b" ", b"/", b"a", b"A", b"=", b"'", b'"', b"\0", b"\n", b"`", b"<", b"&gt;", b"a=b", b"='>'", b'=">"', b">",
]  # fmt: skip
ATTRIBUTE_TAGS = [b"<meta", b"<html", b"<head", b"<body", b"<link", b"<p", b"</head", b"</x", b"<script", b"<title"]

# One of each kind that can change what a later token means; for pages of three.
ALPHABET = [
    b' ', b'x', b'<!-- -->', b'<!doctype html>', b'<html a>', b'<head b>', b'</head>', b'<body c>', b'</body>',
    b'</html>', b'<title>x</title>', b'<meta>', b'<script>x</script>', b'<script><!--<script></script></script>',
    b'<noscript>', b'</noscript>', b'<noscript><p></noscript>', b'<noscript><link></noscript>',
    b'<noscript><!--</noscript>-->', b'<template>', b'</template>', b'<template><p></p></template>',
    b'<noframes></head></noframes>', b'<p>', b'</p>', b'</br>', b'<frameset>', b'<svg>', b'<table>', b'<select>',
    b'<style>', b'</style>', b'<textarea>', b'<b>',
]  # fmt: skip


# One of each kind that decides where a body ends; for bodies of three.
BODY_ALPHABET = [
    b" ", b"x", b"<!-- </body> -->", b"<p>", b"</p>", b"<b>", b"</b>", b"<table>", b"<tr>", b"<td>", b"</table>",
    b"<caption>", b"<select>", b"<option>", b"</select>", b"<svg>", b"</svg>", b"<svg/>", b"<svg />", b"<math>",
    b"<mi>", b"<g>", b"</g>", b"<desc>", b"<foreignObject>", b"<annotation-xml encoding=text/html>",
    b"<title></body></title>", b"<title>", b"</title>", b"<textarea></body></textarea>", b"<style></body></style>",
    b"<script></body></script>", b"<script>", b"</script>", b"<xmp></body></xmp>", b"<iframe></iframe>",
    b"<noembed><p></noembed>", b"<plaintext>", b"<template>", b"</template>", b"<noscript>", b"</noscript>",
    b"<noscript><p></noscript>", b"<noscript><table></noscript>", b"<noscript><!--</noscript>", b"<![CDATA[</body>]]>",
    b"<![CDATA[<svg>]]>", b"</body>", b"</html>", b"<body a>", b"<html a>", b"<frameset>", b"<head>", b"</br>",
    b"<input>", b"<font color=x>", b"<form>", b"<button>", b"<object>", b"</object>", b"<a>", b"<nobr>", b"<li>",
]  # fmt: skip

# What may stand in a head, and what ends one: two lists by hand, so that a scanner cannot pass by refusing.
HARMLESS_IN_HEAD = [
    b'', b' ', b'\n\t', b'<!-- </head> -->', b'<!-->', b'<!--->', b'<!--x--!>', b"<?xml version='1.0'?>", b'<!x>',
    b'</>', b'</ x>', b'<!doctype html>', b'<html a>', b'<HEAD>', b'<meta>', b'<LINK rel=x/>', b'<base href=/ >',
    b'<basefont>', b'<bgsound>', b'<title></head></title>', b'<title><!--</title>', b'<TITLE>x</title >',
    b'<title/>x</title/>', b'<style><!-- </style>', b'<style></head></style\n>', b'<noframes><p></head></noframes>',
    b'<script></head></script>', b'<script><!--</script>', b'<script><!--<script></script>--></script>',
    b'<script><!--<script></script></script>', b'<script><!--><script></script>', b'<script><!--<scriptx></script>',
    b'<script src=x />x</script>', b'<noscript></noscript>',
    b'<noscript><link><style></head></style><!-- --></noscript>', b'</p>', b"</div a='>'>", b'</noscript>',
    b'</template>', b'<template></head><p></template>', b'<template><tr><td></template>',
    b'<template><template></template></template>', b"<meta content='</head>'>", b"<meta a=b'>", b"<meta ='>",
    b"<meta '>", b'<meta a= >', b'<meta a=/>', b'<meta\n/>', b'<meta a=\'\n\' b="\'>">', b'</title>', b'</script>',
]  # fmt: skip
ENDS_HEAD = [
    b'x', b'&amp;', b'\xc2\xa0', b'\x0b', b'<', b'< p>', b'<3', b'<p>', b'<P>', b'</br>', b'</body>', b'</html>',
    b'<br>', b'<img>', b'<svg>', b'<iframe>', b'<headx>', b'<titles>', b'<metax>', b'<h>', b'<x-y>', b'<textarea>',
    b'<option>',
]  # fmt: skip


def tags() -> Iterator[bytes]:
    """Every start and end tag that the modes distinguish, in each way to write it, and without its end."""
    for name in NAMED_TAGS.split():
        for attributes in _ATTRIBUTES:
            yield b"<" + name.encode() + attributes + b">"
            yield b"</" + name.upper().encode() + attributes + b">"
        yield from (b"<" + name.encode(), b"</" + name.encode(), b"<" + name.encode() + b" a='")
    for name in OTHER_TAGS.split():
        yield from (b"<" + name.encode() + b">", b"</" + name.encode() + b">", b"<" + name.upper().encode() + b" a>")


def tokens() -> list[bytes]:
    """One token of every kind."""
    return [*SPACES, *TEXTS, *COMMENTS, *BOGUS_COMMENTS, *DOCTYPES, *tags()]


def pages_of_one_token() -> Iterator[bytes]:
    """Every token in every mode, with each rest."""
    return _joined(MODES.values(), tokens(), REST)


def pages_of_two_tokens() -> Iterator[bytes]:
    """Every token in every mode, with one of a reduced alphabet in front of it or behind."""
    some = [*SPACES, *TEXTS, *COMMENTS, *BOGUS_COMMENTS, *DOCTYPES, *_brief_tags()]
    yield from _joined([b"", b"<!doctype html><head>", b"<!doctype html><head></head>"], ALPHABET, some, [b"<p>x"])
    yield from _joined([b"<!doctype html><head>"], some, ALPHABET, [b"</head><body>"])


def pages_of_three_tokens() -> Iterator[bytes]:
    """Three tokens of the reduced alphabet, in the head of a page."""
    return _joined([b"<!doctype html>"], ALPHABET, ALPHABET, ALPHABET)


def pages_with_text_elements() -> Iterator[bytes]:
    """Each text element, ended and not, with each two pieces of text that could be or hide its end."""
    for name in TEXT_ELEMENTS:
        inside = [text.replace(b"title", name).replace(b"TITLE", name.upper()) for text in _TEXTS_INSIDE]
        start, end = b"<" + name + b">", b"</" + name + b">"
        for mode in (b"<!doctype html><head>", b"<!doctype html><head></head>"):
            yield from _joined([mode], [start], inside, [b"", *inside], [b"", end], [b"", b"</head><body>", b"<p>x"])


def pages_with_scripts(pieces: int) -> Iterator[bytes]:
    """A script in the head of each sequence of so many pieces, with each end and none."""
    return _joined([b"<!doctype html><head><script>"], *[SCRIPT_PIECES] * pieces, SCRIPT_ENDS, [b"</head><body>"])


def pages_with_attributes(pieces: int) -> Iterator[bytes]:
    """Each kind of tag with each sequence of so many pieces of attributes, which may end the tag or swallow its end."""
    rest = b"></head><body>'\"></p>"
    return _joined([b"<!doctype html><head>"], ATTRIBUTE_TAGS, *[ATTRIBUTE_PIECES] * pieces, [rest])


def pages_with_bodies(tokens: int) -> Iterator[bytes]:
    """A body of so many tokens, with an end tag and without."""
    return _joined([b"<!doctype html><body>"], *[BODY_ALPHABET] * tokens, [b"</body>", b""])


def every(pages: Iterable[bytes], nth: int) -> Iterator[bytes]:
    """Each nth of the pages: a sample that is always the same."""
    return (page for index, page in enumerate(pages) if index % nth == 0)


def _brief_tags() -> list[bytes]:
    names = f"{NAMED_TAGS} {OTHER_TAGS}".split()
    return [b"<" + slash + name.encode() + b">" for name in names for slash in (b"", b"/")]


def _joined(*choices: Iterable[bytes]) -> Iterator[bytes]:
    sequences: Sequence[Sequence[bytes]] = [list(dict.fromkeys(choice)) for choice in choices]
    return (b"".join(parts) for parts in product(*sequences))
