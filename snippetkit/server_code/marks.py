"""The marks of template languages: what a piece of server code begins with, and what ends it.

A mark that several languages share stands here once; the table says which they are. Of two that begin alike the longer
one comes first.
"""

from __future__ import annotations

from snippetkit.server_code.language import Mark, PieceKind

_STRINGS = rb"""\\["']|"(?:\\.|[^"\\\n]|(?!))*+"|(?<!\w)'(?:\\.|[^'\\\n]|(?!))*+'|`[^`\n]*+`"""
_OF_PHP = (
    rb"/\*.*?(?:\*/|\Z)|(?://|\#(?!\[))(?:(?!\?>)[^\n\r]|(?!))*+"
    rb"""|"(?:\\.|[^"\\]|(?!))*+"|'(?:\\.|[^'\\]|(?!))*+'"""
)
_GIVEN = rb"(?:[\t ]*+\((?:[^()]++|\((?:[^()]++|\((?:[^()]++|\([^()]*+\)|(?!))*+\)|(?!))*+\)|(?!))*+\))"
_OUTPUT, _STATEMENT, _COMMENT, _LITERAL = PieceKind.OUTPUT, PieceKind.STATEMENT, PieceKind.COMMENT, PieceKind.LITERAL


def _words(text: str) -> bytes:
    return b"|".join(text.encode().split())


# Between braces.
RAW_BLOCK = Mark(_LITERAL, rb"\{\{\{\{[^/{}]++\}\}\}\}", rb"\{\{\{\{/[^{}]++\}\}\}\}")
MUSTACHE_LITERAL = Mark(_LITERAL, rb"\{\{=<% %>=\}\}", rb"<%=\{\{ \}\}=%>")
DELIMITERS = Mark(_STATEMENT, rb"\{\{=[^=\s{}]+ [^=\s{}]+=\}\}")
DASHED_COMMENT = Mark(_COMMENT, rb"\{\{~?!--", rb"--~?\}\}")
BLADE_COMMENT = Mark(_COMMENT, rb"\{\{--", rb"--\}\}")
GO_COMMENT = Mark(_COMMENT, rb"\{\{(?:- )?/\*", rb"\*/(?: -)?\}\}")
MUSTACHE_COMMENT = Mark(_COMMENT, rb"\{\{~?!", rb"\}\}")
TRIPLE = Mark(_OUTPUT, rb"\{\{\{", rb"\}\}\}", _STRINGS)
SECTION = Mark(_STATEMENT, rb"\{\{~?[#/^>]", rb"\}\}", _STRINGS)
DOUBLE = Mark(_OUTPUT, rb"\{\{", rb"\}\}", _STRINGS)
UNESCAPED = Mark(_OUTPUT, rb"\{!!", rb"!!\}", _STRINGS)
RAW = Mark(_LITERAL, rb"\{%-?\s*raw\s*-?%\}", rb"\{%-?\s*endraw\s*-?%\}")
VERBATIM = Mark(_LITERAL, rb"\{%-?\s*verbatim\s*-?%\}", rb"\{%-?\s*endverbatim\s*-?%\}")
NAMED_VERBATIM = Mark(
    _LITERAL, rb"\{%-?\s*verbatim\s+(?P<name>\w+)\s*-?%\}", rb"\{%-?\s*endverbatim\s+(?P=name)\s*-?%\}"
)
COMMENT_BLOCK = Mark(
    _COMMENT,
    rb"""\{%-?\s*(?:comment(?:\s+(?:"[^"%]*+"|'[^'%]*+'))?|doc)\s*-?%\}""",
    rb"\{%-?\s*end(?:comment|doc)\s*-?%\}",
)
TAG_COMMENT = Mark(_COMMENT, rb"\{%-?\s*(?:#|comment\s)", rb"%\}")
TAG = Mark(_STATEMENT, rb"\{%", rb"%\}", _STRINGS)
HASH_COMMENT = Mark(_COMMENT, rb"\{#", rb"#\}")
SMARTY_LITERAL = Mark(_LITERAL, rb"\{literal\}", rb"\{/literal\}")
SMARTY_COMMENT = Mark(_COMMENT, rb"\{\*", rb"\*\}")
# The arrow tells a method call from JavaScript, `{$x.hide()}`.
_OF_METHOD = rb"->[A-Za-z_]\w*+\((?:[^()\"'{}\n]|\"[^\"\n]*+\"|'[^'\n]*+'|(?!))*+\)"
SMARTY_VALUE = Mark(
    _OUTPUT,
    rb"\{\$[A-Za-z_](?:" + _OF_METHOD + rb"|[\w.$\[\]:|>@%-]|\"[^\"\n]*+\"|'[^'\n]*+'|(?!))*+(?:\s++nofilter)?\}",
)
_OF_SMARTY = _words(
    "append assign block call capture config_load extends fetch for foreach function html_options if include "
    "include_php insert literal math nocache php section setfilter strip textformat while"
)
# JavaScript may begin a block with `{if (`, and an object with `{name}`.
SMARTY_TAG = Mark(
    _STATEMENT,
    rb"\{(?:/(?:" + _OF_SMARTY + rb")\}|(?:else|foreachelse|sectionelse|ldelim|rdelim|strip|nocache|textformat)\}"
    rb"|(?:append|assign|block|call|capture|config_load|extends|foreach|include|include_php|insert|section)"
    rb"(?=\s)[^{}\n]*+\}|html_(?:checkboxes|image|options|radios|select_date|select_time|table)(?:\s[^{}\n]*+)?\}"
    rb"|(?:counter|cycle|eval|fetch|mailto|math|textformat)\s++\w++=[^{}\n]*+\}"
    rb"|(?<!\{\{)(?:\"[^\"{}\n]*+\"|'[^'{}\n]*+')\|[A-Za-z_][^{}\n]*+\}(?!\})|function\s++name=[^{}\n]*+\}|(?:if|elseif|for|while)\s++[^(\s{};][^{};\n]*+\})",
)
SMARTY_ANY = Mark(_STATEMENT, rb"\{(?=[^\s{}])", rb"\}", _STRINGS, is_ordinary=True)
SMARTY_DOUBTS = (
    rb"\{(?:[-!(+]*+\$[A-Za-z_]|\#\w++\#\}|\w++(?:::\w++)?\(|/[A-Za-z_]\w*+\}|[A-Za-z_]\w*+[ \t]++\w++=[\"'$\w]"
    rb"|\"[^\"{}:\n]{0,200}?\$|\[[^{}\n]{0,200}?\]\||[0-9]++[ \t]*+[-+*/%][ \t]*+[0-9])"
)
"""Expressions, and calls of plugins, which may have any name: `{$x + 1}`, `{time()}`, `{hook h='top'}`."""
LATTE_TAG = Mark(
    _STATEMENT,
    rb"[ \t]n:[a-zA-Z-]++=|\{(?:=[^{}\s]|(?:(?:link|plink|control|varType|templateType)\s|var\s++\$)[^{}\n]*+\})",
)
SVELTE_BLOCK = Mark(
    _STATEMENT, rb"\{(?<!\{\{)[#:/@](?:if|else|each|await|then|catch|key|snippet|render|html|const|debug)\b[^{}]*+\}"
)

# Between angle brackets.
PHP_OUTPUT = Mark(_OUTPUT, rb"<\?=", rb"\?>", _OF_PHP, ends_with_file=True)
PHP = Mark(_STATEMENT, rb"<\?(?:php\b|(?=[\t\n\r ]))", rb"\?>", _OF_PHP, ends_with_file=True)
MAKO_TEXT = Mark(_LITERAL, rb"<%text(?:\s[^>]*+)?>", rb"</%text>")
MAKO_DOC = Mark(_COMMENT, rb"<%doc>", rb"</%doc>")
MAKO_TAG = Mark(_STATEMENT, rb"</?%(?:block|call|def|include|inherit|namespace|page|\w++:\w)(?=[\s>/\w])[^<>%]*+>")
JSP_COMMENT = Mark(_COMMENT, rb"<%--", rb"--%>")
PERCENT_COMMENT = Mark(_COMMENT, rb"<%#", rb"%>")
PERCENT_OUTPUT = Mark(_OUTPUT, rb"<%(?:=|-(?=\s*[\w@$])|~|:|\$)", rb"%>")
PERCENT = Mark(_STATEMENT, rb"<%", rb"%>")
MASON_CALL = Mark(_STATEMENT, rb"<&\|?(?=[\s/\w])", rb"&>")
MASON_END = Mark(_STATEMENT, rb"</(?:&|%(?:args|attr|cleanup|doc|filter|flags|init|method|once|perl|shared|text))>")
COLON = Mark(_STATEMENT, rb"<:", rb":>")
SQUARE_COMMENT = Mark(_COMMENT, rb"\[%#", rb"%\]")
SQUARE = Mark(_STATEMENT, rb"\[%", rb"%\]")
YATL_SQUARE = Mark(_STATEMENT, rb"\[\[(?==)", rb"\]\]", is_ordinary=True)
INLINED = Mark(_OUTPUT, rb"\[\[(?=[$*#@~]\{)", rb"\]\]")
INLINED_RAW = Mark(_OUTPUT, rb"\[\((?=[$*#@~]\{)", rb"\)\]")
FREEMARKER_COMMENT = Mark(_COMMENT, rb"<#--", rb"-->")
NOPARSE = Mark(_LITERAL, rb"<#noparse>", rb"</#noparse>")
FREEMARKER_TAG = Mark(_STATEMENT, rb"</?#[a-z]", rb">", _STRINGS + rb"|" + _GIVEN)
FREEMARKER_MACRO = Mark(_STATEMENT, rb"</?@(?=[\w.>])", rb">", _STRINGS + rb"|" + _GIVEN)
TMPL = Mark(_STATEMENT, rb"<(?i:(?:!--\s*+)?/?TMPL_\w++)", rb">", _STRINGS)
SSI = Mark(
    _STATEMENT,
    rb"<!--#(?:block|config|echo|elif|else|endblock|endif|exec|flastmod|fsize|if|include|perl|printenv|set)\b",
    rb"-->",
)
_SPACES = _words(
    "c cc f fmt fn form h i18n jsp metal p portlet py s sec spring svelte t tags tal th tiles ui wicket x xi"
)
NAMESPACE_TAG = Mark(_STATEMENT, rb"</?(?:" + _SPACES + rb"):[A-Za-z][\w.-]*+(?=[\s/>])", rb">", _STRINGS)

# With a sign in front.
DOLLAR = Mark(_OUTPUT, rb"\$!?\{", rb"\}", _STRINGS)
POUND = Mark(_OUTPUT, rb"#\{", rb"\}", _STRINGS)
QUIET_NAME = Mark(_OUTPUT, rb"\$![A-Za-z_][\w-]*+(?:\.\w++)*")
NAME = Mark(_OUTPUT, rb"\$(?<![\w$]\$)[A-Za-z_]\w*+(?:\.\w++)*", is_ordinary=True)
CALL = Mark(_OUTPUT, rb"\$(?<![\w$]\$)(?=\()", rb"\)", _STRINGS, is_ordinary=True)
CHEETAH_RAW = Mark(_LITERAL, rb"#raw\b", rb"#end raw\b")
CHEETAH_TAG = Mark(
    _STATEMENT,
    rb"#(?:end[\t ]++(?:block|cache|call|def|filter|for|if|raw|silent|try|unless|while)\b"
    rb"|(?:arg|attr|block|cache|call|def|echo|elif|encoding|extends|filter|for|from|if|implements"
    rb"|import|include|set|silent|slurp|super|try|unless|while)\b(?![\t ]*+[{(:,;])|else\b|pass\b)",
    is_line=True,
)
VELOCITY_LITERAL = Mark(_LITERAL, rb"#\[\[", rb"\]\]#")
VELOCITY_COMMENT = Mark(_COMMENT, rb"#\*", rb"\*#")
VELOCITY_TAG = Mark(
    _STATEMENT,
    rb"#(?<![\w&/#.]#)\{?(?:(?:if|elseif|foreach|set|parse|include|macro|evaluate|define)\b\}?"
    + _GIVEN
    + rb"|(?:else|end|stop|break)(?:\}|(?![^\s<])))",
)
DOUBLE_HASH = Mark(_COMMENT, rb"##(?<![#\w&]##)[^\n\r]*+", is_ordinary=True)
WEBPY_LINE = Mark(_STATEMENT, rb"\$(?:def with\b|(?:code|elif|else|for|if|var|while)\b[^\n\r]{0,400}?:)", is_line=True)
PERCENT_LINE = Mark(
    _STATEMENT,
    rb"%[\t ]*+(?:=|\}|(?:block|content|def|elif|else|elsif|elseif|end\w*|except|extends|finally|for|foreach|from|if"
    rb"|import|include|layout|my|rebase|title|try|unless|use|while|with)(?![\w;]))",
    is_line=True,
)
ANY_PERCENT_LINE = Mark(_STATEMENT, rb"%(?!%)", is_line=True, is_ordinary=True)
COLON_LINE = Mark(
    _STATEMENT,
    rb":[\t ]*+(?:\}|(?:around|before|after|block|cascade|else|for|if|include|macro|my|override|while)\b)",
    is_line=True,
)
ANY_COLON_LINE = Mark(_STATEMENT, rb":", is_line=True, is_ordinary=True)
AT_VERBATIM = Mark(_LITERAL, rb"@(?<![\w@]@)verbatim\b", rb"@endverbatim\b")
AT_PHP = Mark(_STATEMENT, rb"@(?<![\w@]@)php\b(?![\t ]*\()", rb"@endphp\b")
RAZOR_COMMENT = Mark(_COMMENT, rb"@(?<![\w@]@)\*", rb"\*@")
_OF_RAZOR = _words(
    "addTagHelper attribute await functions implements inherits inject model namespace removeTagHelper rendermode "
    "typeparam using"
)
RAZOR_WORDS = rb"(?:" + _OF_RAZOR + rb"|case|default|do|for|foreach|if|lock|page|section|switch|try|while)"
"""What is a directive or a statement after `@`, not a name."""
RAZOR_LINE = Mark(_STATEMENT, rb"@(?:" + _OF_RAZOR + rb")[\t ]++[\w(*\"]", is_line=True)
RAZOR_VALUE = Mark(
    _OUTPUT,
    rb"@(?<![\w@.]@)(?:\((?=[^)]*+\))|(?:Model|ViewBag|ViewData|TempData|Html|Url|Context|RenderBody|RenderSection"
    rb"|RenderSectionAsync|RenderPage)\b|[A-Za-z_]\w*+(?=\.[A-Za-z_]))(?:(?<=\()[^)]*+\)|"
    + _GIVEN
    + rb"|\.\w++|\[[^\]\n]*+\]|(?!))*+",
)
RAZOR_CODE = Mark(
    _STATEMENT, rb"@(?<![\w@.]@)\{(?:[^{}]++|\{(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\}|(?!))*+\}|(?!))*+\}|(?!))*+\}"
)
RAZOR_BLOCK = Mark(
    _STATEMENT,
    rb"@(?<![\w@.]@)(?:do|for|foreach|functions|if|lock|section|switch|try|using|while)\b[^\n\r<{]{0,400}+\s*+\{",
)
# A comment in JavaScript may name `@class` and the like, but gives them nothing.
_OF_AT = _words(
    "append assert asset auth can cannot case class component continue csrf dd debug default each else elseif "
    "elseguest empty entry env error eval extends flashMessage for foreach forelse guest hasSection if include "
    "includeFirst includeIf includeUnless includeWhen inject isset json lang layout let livewireScripts "
    "livewireStyles method newError once overwrite parent prepend production props push pushOnceTo routes "
    "section sectionMissing selected set show slot stack stop super svg switch unless viteReactRefresh vite "
    "while yield"
)
_ALONE = _words(
    "append auth csrf else empty end endauth endcan endcomponent endempty endenv enderror endfor endforeach "
    "endforelse endguest endif endisset endonce endphp endprepend endproduction endpush endsection endslot "
    "endswitch endunless endwhile guest livewireScripts livewireStyles once overwrite parent production show "
    "stop viteReactRefresh"
)
AT_TAG = Mark(
    _STATEMENT,
    rb"@(?<![\w@./]@)!?(?:(?:"
    + _OF_AT
    + rb")(?![\w-])"
    + _GIVEN
    + rb"|(?:"
    + _ALONE
    + rb")(?![\w-])"
    + _GIVEN
    + rb"?)",
)
ANY_AT = Mark(_STATEMENT, rb"@(?<![\w@.]@)[A-Za-z_]\w*+", is_ordinary=True)
MERGE = Mark(_OUTPUT, rb"\*\|", rb"\|\*", is_ordinary=False)
PLACEHOLDER = Mark(_OUTPUT, rb"%(?:sveltekit\.[\w.]++|PUBLIC_URL|BASE_URL|(?:VITE|REACT_APP)_\w++)%")

# What the table's plain values are made of.
NAME_PATTERN = rb"(?!__)[A-Za-z_]\w*+"
PATH_PATTERN = NAME_PATTERN + rb"(?:\." + NAME_PATTERN + rb")*"
PHP_PATH = rb"\$" + NAME_PATTERN + rb"(?:->" + NAME_PATTERN + rb"|\['[\w-]++'\]|\[\"[\w-]++\"\])*"
PHP_ECHO = rb"<\?(?:=|php\s++echo\s)\s*+" + PHP_PATH + rb"\s*+;?+\s*+\?>"
PERCENTS = (PERCENT_COMMENT, PERCENT_OUTPUT, PERCENT)


def percent_value(path: bytes) -> bytes:
    """Return the pattern of `<%= path %>`."""
    return rb"<%[=-]\s*+" + path + rb"\s*+;?+\s*+-?+%>"


def words(text: str) -> frozenset[bytes]:
    """Return the words of a text."""
    return frozenset(text.encode().split())
