"""The languages whose code stands in angle or square brackets, on lines of its own, or after a sign."""

from __future__ import annotations

from snippetkit.server_code import marks as m
from snippetkit.server_code.language import Language
from snippetkit.server_code.marks import NAME_PATTERN as _NAME
from snippetkit.server_code.marks import PATH_PATTERN as _PATH

_IN_DOLLAR = rb"\$\{\s*+" + _PATH + rb"\s*+\}"
_TMPL_VAR = (
    rb"(?i:<(?:!--\s*+)?TMPL_VAR\s++(?:NAME\s*+=\s*+)?[\"']?+[\w.]++[\"']?+"
    rb"(?:\s++ESCAPE=[\"']?\w++[\"']?)?\s*+/?(?:--)?>)"
)
_RUBY = m.words("begin case do for if unless until while")
_PERL = m.words("block filter for foreach if perl switch try unless while wrapper")

IN_SIGNS = (
    Language("php", (m.PHP_OUTPUT, m.PHP), None, m.PHP_ECHO, suffixes=(".php", ".phtml")),
    Language(
        "erb",
        m.PERCENTS,
        None,
        m.percent_value(rb"@" + _NAME),
        _RUBY,
        rb"(?m)^%",
        rb"<%.*?(?:\bdo\b|\bend\b|-%>|@\w)",
        suffixes=(".erb", ".rhtml"),
    ),
    Language("ejs", m.PERCENTS, None, m.percent_value(_PATH), suffixes=(".ejs",)),
    Language(
        "eta", m.PERCENTS, None, rb"<%[=~]\s*+it\." + _PATH + rb"\s*+%>", signs=rb"<%[=~]?\s*it\.", suffixes=(".eta",)
    ),
    Language("underscore", m.PERCENTS, None, m.percent_value(_PATH)),
    Language("lodash", (*m.PERCENTS, m.DOLLAR), None, m.percent_value(_PATH) + rb"|\$\{\s*+" + _PATH + rb"\s*+\}"),
    Language(
        "jsp",
        (m.JSP_COMMENT, *m.PERCENTS, m.NAMESPACE_TAG, m.DOLLAR, m.POUND),
        None,
        rb"[$#]\{\s*+" + _PATH + rb"\s*+\}|<%=\s*+" + _NAME + rb"\s*+%>",
        signs=rb"<%@|<(?:c|fmt|fn|jsp|s|form|spring|tiles):\w",
        suffixes=(".jsp", ".jspx", ".jspf", ".tag"),
    ),
    Language(
        "jsf",
        (m.NAMESPACE_TAG, m.POUND, m.DOLLAR),
        None,
        rb"[$#]\{\s*+" + _PATH + rb"\s*+\}",
        signs=rb"<(?:h|f|ui|p|cc):\w",
        suffixes=(".xhtml",),
    ),
    Language(
        "asp",
        (m.JSP_COMMENT, *m.PERCENTS, m.SSI),
        None,
        None,
        signs=rb"(?i)<%@\s*language|<%\s*(?:if\s.*\bthen|dim|end if|response\.)",
        suffixes=(".asp", ".aspx", ".ascx"),
    ),
    Language(
        "mako",
        (m.MAKO_TEXT, m.MAKO_DOC, m.MAKO_TAG, m.PERCENT, m.DOLLAR, m.PERCENT_LINE, m.ANY_PERCENT_LINE, m.DOUBLE_HASH),
        (b"<%text>", b"</%text>"),
        rb"\$\{\s*+" + _PATH + rb"(?:\s*+\|\s*+(?:h|n|u|trim)(?:\s*+,\s*+(?:h|n|u|trim))*)?\s*+\}",
        reads=rb"\\\r?\n",
        signs=rb"</?%(?:block|def|inherit|include|page|namespace|text|doc)\b"
        rb"|(?m:^[\t ]*%[\t ]*(?:end(?:if|for|while)\b|(?:if|for|while)\b.*:))",
        child=rb"<%inherit\s",
        suffixes=(".mako", ".mak"),
    ),
    Language(
        "mason",
        (m.MASON_CALL, m.MASON_END, *m.PERCENTS, m.PERCENT_LINE, m.ANY_PERCENT_LINE),
        None,
        rb"<%\s*+\$" + _NAME + rb"\s*+(?:\|\s*+[hu]\s*+)?%>",
        suffixes=(".mas", ".mhtml", ".mc"),
    ),
    Language(
        "mojolicious",
        (*m.PERCENTS, m.PERCENT_LINE, m.ANY_PERCENT_LINE),
        None,
        m.percent_value(rb"\$" + _NAME),
        reads=rb"\\\r?\n",
        signs=rb"(?m:^[\t ]*%[\t ]*(?:layout|title|content|my|\}|=|(?:if|for|unless|while)\b.*\{))"
        rb"|<%=?=?\s*(?:content|\$\w)",
        suffixes=(".html.ep", ".ep"),
    ),
    Language(
        "bottle",
        (*m.PERCENTS, m.DOUBLE, m.PERCENT_LINE, m.ANY_PERCENT_LINE),
        None,
        rb"\{\{!?+\s*+" + _PATH + rb"\s*+\}\}",
        enders=m.words("def for if try while with"),
        signs=rb"(?m:^[\t ]*%[\t ]*(?:end\b|include\b|rebase\b|(?:if|for|while)\b.*:))",
        child=rb"(?m:^[\t ]*%[\t ]*rebase\b)",
        suffixes=(".stpl",),
    ),
    Language(
        "chameleon",
        (m.NAMESPACE_TAG, m.DOLLAR),
        None,
        _IN_DOLLAR,
        signs=rb"\b(?:tal|metal):[a-z]",
        suffixes=(".pt", ".cpt", ".zpt"),
    ),
    Language(
        "genshi",
        (m.NAMESPACE_TAG, m.PHP, m.DOLLAR, m.NAME),
        None,
        _IN_DOLLAR,
        reads=rb"[&<](?=[^>]*</script>)|\sasync[\s>]",
        signs=rb"\b(?:xmlns:)?py[:=]",
        same=("kajiki",),
    ),
    Language(
        "genshi-text",
        (m.TAG, m.HASH_COMMENT, m.DOLLAR, m.NAME),
        None,
        _IN_DOLLAR,
        reads=rb"\\\r?\n",
        signs=rb"\{%\s*end\s*%\}.*\$\{",
    ),
    Language(
        "thymeleaf",
        (m.INLINED, m.INLINED_RAW, m.NAMESPACE_TAG),
        None,
        rb"\[\[\$\{\s*+" + _PATH + rb"\s*+\}\]\]|\[\(\$\{\s*+" + _PATH + rb"\s*+\}\)\]",
        signs=rb"\b(?:data-)?th[:-][a-z]",
    ),
    Language(
        "cheetah",
        (m.CHEETAH_RAW, m.CHEETAH_TAG, m.DOLLAR, m.QUIET_NAME, m.NAME, m.CALL, m.DOUBLE_HASH, m.PERCENT_OUTPUT),
        (b"#raw\n", b"\n#end raw"),
        None,
        reads=rb"#[a-z]",
        child=rb"(?m:^#extends\s)",
        suffixes=(".cheetah",),
    ),
    Language(
        "webpy",
        (m.WEBPY_LINE, m.DOLLAR, m.CALL, m.NAME),
        None,
        rb"\$:?\{\s*+" + _PATH + rb"\s*+\}|\$:?" + _PATH,
        reads=rb"\\\r?\n",
        signs=rb"(?m:^\$def with)",
    ),
    Language(
        "velocity",
        (m.VELOCITY_LITERAL, m.VELOCITY_COMMENT, m.VELOCITY_TAG, m.DOLLAR, m.QUIET_NAME, m.NAME, m.DOUBLE_HASH),
        (b"#[[", b"]]#"),
        rb"\$!?(?:\{\s*+" + _PATH + rb"\s*+\}|" + _PATH + rb")",
        enders=m.words("define foreach if macro"),
        reads=rb"#(?:if|else|end|macro|foreach|set|stop|parse|include)\b",
        suffixes=(".vm", ".vtl"),
    ),
    Language(
        "freemarker",
        (m.FREEMARKER_COMMENT, m.NOPARSE, m.FREEMARKER_TAG, m.FREEMARKER_MACRO, m.DOLLAR, m.POUND),
        (b"<#noparse>", b"</#noparse>"),
        rb"[$#]\{\s*+" + _PATH + rb"!?(?:\?(?:c|cn|html|js_string|json_string|no_esc|string|url))*\s*+\}",
        suffixes=(".ftl", ".ftlh", ".ftlx"),
    ),
    Language(
        "tt2",
        (m.SQUARE_COMMENT, m.SQUARE),
        None,
        rb"\[%[-+=~]?+\s*+[a-z_]\w*+" + rb"(?:\s*+(?:\||FILTER)\s*+(?:html|js|uri|url))*\s*+[-+=~]?+%\]",
        _PERL,
        suffixes=(".tt", ".tt2"),
    ),
    Language(
        "xslate",
        (m.COLON, m.COLON_LINE, m.ANY_COLON_LINE, m.SQUARE_COMMENT, m.SQUARE),
        None,
        rb"<:\s*+\$" + _NAME + rb"\s*+:>",
        child=rb"(?m:^[\t ]*:[\t ]*cascade\b)",
        suffixes=(".tx",),
    ),
    Language("html-template", (m.TMPL,), None, _TMPL_VAR, suffixes=(".tmpl",)),
    Language("ssi", (m.SSI,), None, suffixes=(".shtml", ".shtm", ".stm")),
    Language(
        "razor",
        (m.RAZOR_COMMENT, m.RAZOR_CODE, m.RAZOR_BLOCK, m.RAZOR_LINE, m.RAZOR_VALUE, m.ANY_AT),
        None,
        rb"@(?:Html\.Raw\(" + _PATH + rb"\)|\(" + _PATH + rb"\)|(?!" + m.RAZOR_WORDS + rb"\b)" + _PATH + rb")",
        child=rb"@\{\s*Layout\s*=",
        suffixes=(".cshtml", ".razor", ".vbhtml"),
    ),
    Language("merge", (m.MERGE,), None, rb"\*\|(?:HTML:|URL:)?[A-Z0-9_]++\|\*"),
    Language("pug", (m.POUND,), None, suffixes=(".pug", ".jade"), is_component=True),
)
