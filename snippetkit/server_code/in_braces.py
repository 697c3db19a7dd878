"""The languages whose code stands in braces."""

from __future__ import annotations

from snippetkit.server_code import marks as m
from snippetkit.server_code.language import Language
from snippetkit.server_code.marks import NAME_PATTERN as _NAME
from snippetkit.server_code.marks import PATH_PATTERN as _PATH

_HANDLEBARS = (m.DASHED_COMMENT, m.MUSTACHE_COMMENT, m.TRIPLE, m.SECTION, m.DOUBLE)
_ESCAPES = rb"abs|e|escape|float|forceescape|int|round|string|tojson|trim"
_RAW = (b"{% raw %}", b"{% endraw %}")
_VERBATIM = (b"{% verbatim %}", b"{% endverbatim %}")
_FUNCTIONS = (b"{counter ", b"{cycle ", b"{eval ", b"{fetch ", b"{mailto ", b"{math ")
_EXTENDS = rb"\{%-?\s*extends\s"


def _braces(path: bytes, filters: bytes = b"", *, dash: bytes = b"-?+") -> bytes:
    """The pattern of `{{ path | filter }}`, where the filters only convert or escape."""
    piped = rb"(?:\s*+\|\s*+(?:" + filters + rb")(?!\w))*" if filters else b""
    return rb"\{\{" + dash + rb"\s*+" + path + piped + rb"\s*+" + dash + rb"\}\}"


IN_BRACES = (
    Language(
        "jinja",
        (m.RAW, m.TAG, m.HASH_COMMENT, m.DOUBLE),
        _RAW,
        _braces(_PATH, _ESCAPES + rb"|safe|forceescape"),
        signs=rb"\{%-?\s*(?:macro|call|import|from)\s|\bloop\.index|url_for\(",
        child=_EXTENDS,
        suffixes=(".j2", ".jinja", ".jinja2"),
    ),
    Language(
        "django",
        (m.VERBATIM, m.NAMED_VERBATIM, m.COMMENT_BLOCK, m.TAG, m.HASH_COMMENT, m.DOUBLE),
        _VERBATIM,
        _braces(_NAME, rb"escape|escapejs|floatformat|force_escape|safe|stringformat:\"[.\w]++\"|unlocalize", dash=b""),
        signs=rb"\{%\s*(?:load|csrf_token|url|static|blocktrans\w*|translate|comment|firstof|ifchanged)\b",
        child=_EXTENDS,
        suffixes=(".djhtml",),
    ),
    Language(
        "twig",
        (m.VERBATIM, m.TAG, m.HASH_COMMENT, m.DOUBLE),
        _VERBATIM,
        _braces(_NAME, rb"abs|e|escape|number_format|raw|round"),
        signs=rb"\{%-?\s*(?:embed|use|form_theme|sandbox|deprecated|stopwatch)\s|\b(?:path|asset|absolute_url)\(",
        child=_EXTENDS,
        suffixes=(".twig",),
    ),
    Language(
        "nunjucks",
        (m.RAW, m.VERBATIM, m.TAG, m.HASH_COMMENT, m.DOUBLE),
        _RAW,
        _braces(_PATH, _ESCAPES + rb"|dump|safe"),
        signs=rb"\{%-?\s*(?:asyncEach|asyncAll|ifAsync)\s",
        child=_EXTENDS,
        suffixes=(".njk", ".nunjucks"),
    ),
    Language(
        "liquid",
        (m.RAW, m.COMMENT_BLOCK, m.TAG_COMMENT, m.TAG, m.DOUBLE),
        _RAW,
        _braces(_PATH, rb"escape|escape_once|json|money_without_currency|round|times:\s*1\.0|url_encode"),
        signs=rb"\{%-?\s*(?:assign|capture|unless|elsif|tablerow|liquid|render|section|layout|#)|\bforloop\.|\{%-?\s*for\s[^%]*\b(?:limit|offset):",
        suffixes=(".liquid",),
    ),
    Language(
        "tornado",
        (m.TAG_COMMENT, m.TAG, m.HASH_COMMENT, m.DOUBLE),
        None,
        _braces(_PATH, dash=b""),
        enders=m.words("apply block for if try while"),
        signs=rb"\{%\s*(?:end|module|apply|whitespace|raw\s+\w)\b",
        child=_EXTENDS,
    ),
    Language(
        "handlebars",
        (m.RAW_BLOCK, *_HANDLEBARS),
        None,
        rb"\{\{\{~?\s*+" + _PATH + rb"\s*+~?\}\}\}|\{\{~?\s*+" + _PATH + rb"\s*+~?\}\}",
        signs=rb"\{\{~?(?:#(?:if|unless|each|with)\s|!--|else\b)|\{\{\{\{",
        suffixes=(".hbs", ".handlebars"),
    ),
    Language(
        "mustache",
        (m.MUSTACHE_LITERAL, m.DELIMITERS, m.MUSTACHE_COMMENT, m.TRIPLE, m.SECTION, m.DOUBLE),
        (b"{{=<% %>=}}", b"<%={{ }}=%>"),
        rb"\{\{\{\s*+" + _PATH + rb"\s*+\}\}\}|\{\{&?+\s*+" + _PATH + rb"\s*+\}\}",
        signs=rb"\{\{=\S+ \S+=\}\}",
        suffixes=(".mustache",),
    ),
    Language(
        "go",
        (m.GO_COMMENT, m.DOUBLE),
        None,
        _braces(rb"(?:\$|\.|\$\.)" + _NAME, rb"html|js|print|urlquery"),
        enders=m.words("block define if range with"),
        signs=rb"\{\{-?\s*(?:end|define|range|template|partial|block)\b|\{\{-?\s*[.$]",
        child=rb"\A\s*+(?:\{\{-?\s*/\*.*?\*/\s*-?\}\}\s*+)*\{\{-?\s*define\s",
        suffixes=(".gohtml",),
    ),
    Language(
        "blade",
        (m.BLADE_COMMENT, m.UNESCAPED, m.AT_VERBATIM, m.AT_PHP, m.AT_TAG, m.TRIPLE, m.DOUBLE, m.PHP_OUTPUT, m.PHP),
        (b"@verbatim", b"@endverbatim"),
        rb"\{\{\s*+" + m.PHP_PATH + rb"\s*+\}\}|\{!!\s*+" + m.PHP_PATH + rb"\s*+!!\}|" + m.PHP_ECHO,
        reads=rb"@[A-Za-z]+\(",
        signs=rb"\{!!|@(?:yield|csrf|stack|extends|push|endif|endsection|vite|lang)\b|\{\{\s*(?:\$|--|__\()",
        child=rb"@extends\s*\(",
        suffixes=(".blade.php",),
    ),
    Language(
        "edge",
        (m.BLADE_COMMENT, m.AT_TAG, m.TRIPLE, m.DOUBLE),
        None,
        rb"\{\{\{\s*+" + _PATH + rb"\s*+\}\}\}|\{\{\s*+" + _PATH + rb"\s*+\}\}",
        enders=m.words("can cannot component each if push pushTo section slot unless"),
        reads=rb"(?m)^[\t ]*@!?(?:if|each|include|component|section|let|set|end|layout)\b",
        signs=rb"@(?:layout|entry|each|end|flashMessage|svg|let|newError)\b",
        child=rb"@layout\s*\(",
        suffixes=(".edge",),
    ),
    Language(
        "squirrelly",
        (m.DOUBLE,),
        None,
        _braces(rb"it\." + _PATH, rb"safe|e"),
        signs=rb"\{\{[@~]|\{\{\s*it\.",
        suffixes=(".squirrelly", ".sqrl"),
    ),
    Language(
        "dot",
        (m.DOUBLE,),
        None,
        rb"\{\{[=!]\s*+it\." + _PATH + rb"\s*+\}\}",
        reads=rb"\n",
        signs=rb"\{\{[=!?~]\s*it\.",
        suffixes=(".dot", ".jst", ".def"),
    ),
    Language(
        "yatl",
        (m.YATL_SQUARE, m.DOUBLE),
        None,
        rb"\{\{=\s*+" + _PATH + rb"\s*+\}\}|\[\[=\s*+" + _PATH + rb"\s*+\]\]",
        enders=m.words("block for if try while"),
        signs=rb"(?:\{\{|\[\[)(?:=|pass\b|extend\b|include\b)",
        child=rb"(?:\{\{|\[\[)\s*extend\s",
    ),
    Language(
        "art",
        (m.DOUBLE, *m.PERCENTS),
        None,
        rb"\{\{@?+\s*+" + _PATH + rb"\s*+\}\}|" + m.percent_value(_PATH),
        signs=rb"\{\{/?(?:if|each|block|set)\b",
        child=rb"\{\{\s*extend\s",
        suffixes=(".art",),
    ),
    Language("vue", (m.DOUBLE,), None, signs=rb"\sv-(?:if|for|bind|html|on)\b", suffixes=(".vue",), is_component=True),
    Language(
        "angular",
        (m.DOUBLE,),
        None,
        signs=rb"\s\*ng[A-Z]\w+=|\s\[\(?[\w.]+\)?\]=|@(?:if|for|switch|defer)\s*\([^\n]*\)\s*\{",
        suffixes=(".component.html",),
        is_component=True,
    ),
    Language(
        "svelte",
        (m.SVELTE_BLOCK, m.NAMESPACE_TAG),
        None,
        signs=rb"<svelte:|(?<!\{)\{[#:@](?:if|each|else|await|html)\b",
        suffixes=(".svelte",),
        is_component=True,
    ),
    Language("sveltekit", (m.PLACEHOLDER,), None, None),
    Language(
        "smarty",
        (m.SMARTY_LITERAL, m.SMARTY_COMMENT, m.SMARTY_VALUE, m.SMARTY_TAG, m.SMARTY_ANY),
        (b"{literal}", b"{/literal}"),
        rb"\{\$" + _NAME + rb"(?:\." + _NAME + rb"|->" + _NAME + rb")*"
        rb"(?:\|(?:escape(?::[\"']?(?:html|htmlall|javascript|js|url)[\"']?)?|string_format:[\"'][%.\w]++[\"']))*(?:\s++nofilter)?\}",
        child=rb"\{extends\s",
        needs=(
            b"{$",
            b"{/",
            b"{*",
            b"{include",
            b"delim}",
            b"{html_",
            b"{append ",
            b"{assign ",
            *_FUNCTIONS,
            b'"|',
            b"'|",
        ),
        suffixes=(".tpl", ".smarty"),
        is_name_shared=True,
        doubts=m.SMARTY_DOUBTS,
    ),
    Language(
        "latte",
        (m.LATTE_TAG, m.SMARTY_ANY),
        None,
        child=rb"\{(?:extends|layout)\s",
        needs=(b" n:", b"{link ", b"{plink ", b"{control ", b"{var $", b"{varType ", b"{="),
        suffixes=(".latte",),
    ),
)
