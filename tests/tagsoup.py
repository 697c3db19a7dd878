"""Generated pages as they are found in the wild and worse, in every encoding that browsers take."""

from __future__ import annotations

from hypothesis import strategies as st

# Codecs and their names on a page; those in which markup is not ASCII come last.
ENCODINGS = {
    "utf-8": "utf-8",
    "cp1252": "windows-1252",
    "cp932": "Shift_JIS",
    "gb18030": "GB18030",
    "euc_jp": "EUC-JP",
    "big5hkscs": "Big5",
    "cp949": "EUC-KR",
    "koi8_r": "KOI8-R",
    "cp1251": "windows-1251",
    "iso8859_7": "ISO-8859-7",
}
NOT_ASCII = {"utf-16": "UTF-16", "utf-16-le": "UTF-16LE", "iso2022_jp": "ISO-2022-JP"}
_CHARACTERS = "é¥ß—€ ソ表能ボ構貼漢字啊㐀功許蓋가힣яЖΩλ\u00a0 a\\|{}[]~"

_START = [
    "", "<!doctype html>", "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x.dtd'>\n", "<!-- x -->\n",
    "<?xml version='1.0' encoding='{charset}'?>\n", "<!--[if IE]><html><head><![endif]-->\n", " \n",
]  # fmt: skip
_HTML = ["", "<html>", "<HTML LANG=en>\n", "<html xmlns='http://www.w3.org/1999/xhtml' xml:lang='en'>\n", "<html amp>"]
_HEAD = ["", "<head>", "<HEAD>\n", "<head profile='>'>\n  ", "\n<head />\n"]
_HEAD_END = ["", "</head>", "</HEAD >\n", "\n  </head>\n\n", "</head></head>"]
_BODY = ["", "<body>", "<BODY onload='>'>\n", "\n<body\n class=x>\n  ", "<frameset cols='*'><frame></frameset>"]
_END = [
    "",
    "</body>",
    "\n</body>\n</html>\n",
    "</BODY></HTML>",
    "\n  </body></html><!-- x -->",
    "</html>\n\n",
    "</body> x",
]

IN_HEAD = [
    "<title>{text}</head></title>", "<TITLE>{text}</TITLE>", "<meta charset={charset}>",
    "<meta name=x content='{text}>'>", '<meta http-equiv=Content-Security-Policy content="script-src \'self\'">',
    "<base href='/x/' />", "<link rel=x href={text}>", "<style>/* {text} </head> */</style>",
    "<script>'{text}</head>'</script>", "<script><!--\n'<script></script>'\n--></script>",
    "<script><!-- <script> {text} </script>", "<script src=x />{text}</script>",
    "<SCRIPT>//<!--{text}\n//--></SCRIPT\n>", "<noscript><link><style>{text}</style></noscript>",
    "<noscript><img alt='{text}'></noscript>", "<noscript>{text}</noscript>", "<noscript><!-- {text} --></noscript>",
    "<noscript><!-- </noscript> -->", "<noscript><iframe src=x></iframe></noscript>",
    "<noscript><iframe></noscript></iframe>", "<noscript><p>{text}</noscript>", "<noscript><meta></noscript>",
    "<noscript><title></noscript></title>", "<noscript><script>x</script></noscript>", "<noscript><svg></noscript>",
    "<noscript><table></noscript>", "<noscript><b></noscript>", "<noscript></br></noscript>",
    "<noscript><body></noscript>", "<noscript></head></noscript>", "<noscript><template></noscript>",
    "<noscript><select><option></noscript>", "<noscript><img alt='</noscript>'>",
    "<noscript class=x><link></noscript>", "<template>{text}<p></head></template>", "<template><tr><td></template>",
    "<template><meta charset={charset}></template>",
    "<script>'{{ x }} <% y %>'</script>", "<!-- <?php x ?> {% y %} -->",
    "<title>{{ x }}</title>", "<?php x ?>", "<% y %>", "{% z %}",
    "<template><template><script></template></script></template></template>",
    "<template><svg><title></template></title></svg></template>",
    "<template><table><template></table></template></template>", "<noframes></head><body></noframes>",
    "<!-- {text} </head> <body> -->", "<!-->", "<!--->", "<!--x--!>",
    "<!--[if lt IE 9]><script src=x></script></head><![endif]-->", "<!--[if !IE]><!--><link><!--<![endif]-->",
    "<![if !IE]><meta><![endif]>", "<?x {text}>", "</x {text}>", "</>", "</p>", "<bgsound>", "<basefont>", "<head>",
    "<html a=b>", "\n", "\n  ", " ", "\t",
]  # fmt: skip
ENDS_HEAD = [
    "{text}", "<p>", "<div id='{text}'>", "<br/>", "</br>", "&nbsp;", "&#32;", "<svg/>", "<h1>", "$macro$",
    "<img src=x>",
]  # fmt: skip
IN_BODY = [
    "{{ x }}", "<?php echo '</body>' ?>", "<% x %>", "{% x %}",
    "<p>{text}", "<p>{text}</p>\n", "<div>", "</div>", "<b>", "</b>", "<a href='{text}'>", "</p>", "<br>", "\n",
    "<h1>{text}</h1>", "<svg><title>{text}</title><path/></svg>", "<svg>", "</svg>", "<svg/>", "<svg><style>p</style>",
    "<math><mi>x</mi></math>", "<math><annotation-xml encoding=text/html><p></math>",
    "<svg><foreignObject><p>{text}</foreignObject></svg>", "<svg><![CDATA[</body>]]></svg>",
    "<select><option>{text}</select>", "<select><option>", "<table><tr><td>{text}</table>", "<table><tr>",
    "<table>{text}</table>", "<table><caption>{text}</table>", "<textarea></body>{text}</textarea>", "<textarea>\n",
    "<xmp></body></xmp>", "<plaintext>", "<iframe></body></iframe>", "<noembed></body></noembed>",
    "<script>'</body>{text}'</script>", "<script><!--<script></script>-->",
    "<script><!--<script></script></body></script>", "<style>/*</body>*/</style>", "<title></body></title>",
    "<!-- </body> -->", "<!--", "<p title='</body>'>", "<template><p></body></template>",
    "<template><td>{text}</template>", "<template>", "</template>", "<noscript><p></body>{text}</noscript>",
    "<noscript><img src=x></noscript>", "<noscript><!--</noscript>-->", "<noscript><table></noscript>", "</body>",
    "</html>", "<body class=y>", "<head>", "</head>", "<frameset>", "<form>", "<button>", "<object>", "<marquee>",
    "</body><!-- x -->", "<li>", "<option>", "<image>", "<input type=hidden>", "<nobr>", "<video>", "<object><p>",
    "<ruby><rt>", "<hr/>", "<pre>\n",
]  # fmt: skip


def in_encoding(draw: st.DrawFn, piece: str, codec: str) -> bytes:
    """A piece of a page with text of an encoding in it, or bytes that are none."""
    name = {**ENCODINGS, **NOT_ASCII}[codec]
    head, found, tail = piece.replace("{charset}", name).partition("{text}")
    text = b""
    if found:
        text = draw(st.text(_CHARACTERS, max_size=4)).encode(codec, "ignore")
        text += bytes(draw(st.lists(st.sampled_from([0x81, 0x8E, 0x8F, 0xE9, 0xFE, 0x30, 0x41, 0x7C]), max_size=2)))
    return head.encode(codec) + text + tail.encode(codec)


@st.composite
def soups(draw: st.DrawFn, codecs: tuple[str, ...] = ("utf-8",)) -> bytes:
    """A page of all parts, some of them missing, with LF, CRLF, CR or mixed newlines and sometimes a BOM."""
    head = draw(st.lists(st.sampled_from(IN_HEAD), max_size=5))
    if draw(st.integers(0, 3)) == 0:
        head.insert(draw(st.integers(0, len(head))), draw(st.sampled_from(ENDS_HEAD)))
    between = draw(st.lists(st.sampled_from(IN_HEAD), max_size=1)) if draw(st.booleans()) else []
    frame = [draw(st.sampled_from(choices)) for choices in (_START, _HTML, _HEAD, _HEAD_END, _BODY, _END)]
    body = draw(st.lists(st.sampled_from(IN_BODY), max_size=5))
    codec = draw(st.sampled_from(codecs))
    pieces = [*frame[:3], *head, frame[3], *between, frame[4], *body, frame[5]]
    page = b"".join(in_encoding(draw, piece, codec) for piece in pieces)
    return _finish(draw, page, codec)


def _finish(draw: st.DrawFn, page: bytes, codec: str) -> bytes:
    newline = draw(st.sampled_from([b"\n", b"\r\n", b"\r", b""]))
    lines = page.split(b"\n")
    page = (
        newline.join(lines)
        if newline
        else b"".join(line + draw(st.sampled_from([b"\n", b"\r\n", b"\r"])) for line in lines)
    )
    return b"\xef\xbb\xbf" + page if codec == "utf-8" and draw(st.booleans()) else page


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A page with bytes taken out, put in, doubled or cut off."""
    page = draw(soups())
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(page)))
        end = min(len(page), start + draw(st.integers(0, 12)))
        new = draw(
            st.sampled_from(
                [b"", page[start:end] * 2, b"<", b">", b"-", b"'", b'"', b"/", b"=", b"\0", b"&", b"!", b"\xff"]
            )
        )
        page = page[:start] + new + page[end:]
    return page[: draw(st.integers(0, len(page)))] if draw(st.integers(0, 4)) == 0 else page
