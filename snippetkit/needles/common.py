"""What pages are full of: a text that stands here, or begins as much here does, is not quickly ruled out."""

from __future__ import annotations

from functools import cache

_PAGE = b"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The latest version of this article</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/css/main.min.css?v=2">
<script type="text/javascript" src="https://code.example.com/jquery-3.4.1.min.js"></script>
<script>window.dataLayer = window.dataLayer || []; (function (w, d, s, l, i) { var f = d.getElementsByTagName(s)[0],
j = d.createElement(s); j.src = '//www.example.com/a.js?id=' + i; f.parentNode.insertBefore(j, f); })(window,
document, 'script', 'dataLayer'); if (typeof require === "function" && !options.required) {
return this.each(function () {
target.style.display = "none"; }); }</script></head><body class="page page-template"><div class="navigation menu-item">
<a href="/directory/index.php?page=about&amp;id=10">About</a></div><p>In order to get all the information that you
require, read the entire manual: each of these functions returns the value of its first argument, and adds another one
where there is none. They are requested by most applications on the internet; see the FAQ, a unique technique, or the
previous question. Contact us, the author, for more tracking and trade conversions in the store.</p>
<a href="https://www.example.com/share" target="_blank"><img src="/wp-content/images/logo.png" alt="Logo"></a>
<form method="post" action="/action.php"><input type="hidden" name="new_user_id" value="1"></form><table><tr><td>One
and others</td></tr></table><li><a href="#inherited">Inherited members</a></li>
<a name="function_parameters"></a><code>std::vector&lt;int&gt;</code>"""
_LOWER = _PAGE.lower()
_BEGINNING, _WHOLE = 0.25, 80


@cache
def cost_of(text: bytes) -> float:
    """Return what searching a page for a text takes, beside one whose first two bytes are rare."""
    return 1 + _BEGINNING * _PAGE.count(text[:2]) + _WHOLE * _LOWER.count(text.lower())
