"""Page rules as in tag managers: which URLs a tag fires on, the same ones in each of them."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from string import ascii_letters
from urllib.parse import urlsplit

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.records import dataclass
from snippetkit.terms import Match

# The regular expressions that mean the same in Python, in JavaScript and in RE2, on ASCII text.
_CLASS = r"\[\^?+(?:\\[dDwWsS\\\]\[^./+*?|(){}$-]|[^\\\[\]])+\]"
_QUANTIFIER = r"(?:[*+?]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})\??"
_PORTABLE = later(
    rf"(?:(?:{_CLASS}|\\[dDwWsS\\\]\[^./+*?|(){{}}$-]|[^\\\[\](){{}}*+?|^$]|\))(?:{_QUANTIFIER}(?![*+?{{]))?"
    r"|(?:\((?:\?:)?|[|^$]|\\[bB])(?![*+?{]))*"
)
_TOKEN = later(rf"{_CLASS}|\\.|\{{[0-9,]+\}}|\(\?:|.")
_SPECIAL = later(r"[\\.^$|?*+()\[\]{}]")
# The path percent-encode set, and the query's (URL Standard, "Percent-encoded bytes").
_ENCODED_IN_PATH = later(r"[^!$-;=@-\[\]_a-z~]")
_ENCODED_IN_URL = later(r"[^!$-;=?-~]")

_DESCRIPTIONS = {
    Match.ALL: "All pages",
    Match.EXACT: "Page path is ",
    Match.PREFIX: "Page path begins with ",
    Match.REGEX: "Page path matches ",
    Match.CONTAINS: "Page URL contains ",
    Match.HOST: "Page host is ",
}
_IN_ANY_CASE = " (in any case)"


@dataclass(frozen=True, slots=True)
class PageRule:
    """The pages whose URL has `text` where `match` says; made by `PageRule.of`, which checks it.

    `text` is what the browser shows: percent-encoded, a host in lower case. Case counts unless `ignore_case`.
    """

    match: Match
    text: str = ""
    ignore_case: bool = False

    @classmethod
    def of(cls, match: Match, text: str = "", *, ignore_case: bool = False) -> PageRule:
        """Return the rule for a text that a person wrote, percent-encoded as browsers do.

        Raises:
            SettingError: no URL can match it, or it is a regular expression that tag managers read differently.
        """
        if match is not Match.ALL and not text:
            raise SettingError("an empty text is on no page or on each", hint="--all-pages is for all of them")
        return cls(match, _CHECKS[match](text), ignore_case and match not in {Match.ALL, Match.HOST})

    @property
    def description(self) -> str:
        """The rule in words, unique to it, such as `Page path is /thanks.html`."""
        return f"{_DESCRIPTIONS[self.match]}{self.text}{_IN_ANY_CASE * self.ignore_case}"

    @property
    def regex(self) -> str:
        """A regular expression, to be searched for, that finds what the rule finds where it looks; case counts for it.

        It looks at the URL's path, at the URL without its fragment for CONTAINS, at the host for HOST.
        """
        literal = _SPECIAL.sub(r"\\\g<0>", self.text)
        regex = {
            Match.ALL: "^",
            Match.EXACT: f"^{literal}$",
            Match.PREFIX: f"^{literal}",
            Match.REGEX: self.text,
            Match.CONTAINS: literal,
            Match.HOST: f"^{literal}$",
        }[self.match]
        return fold_case(regex) if self.ignore_case else regex

    def matches(self, url: str) -> bool:
        """Whether the rule holds for an absolute URL, as the browser shows it."""
        parts = urlsplit(url)
        looked_at = parts.path or "/"
        if self.match is Match.CONTAINS:
            looked_at = url.partition("#")[0]
        elif self.match is Match.HOST:
            looked_at = parts.hostname or ""
        return self.covers(looked_at)

    def covers(self, looked_at: str) -> bool:
        """Whether the rule holds for what it looks at: a path, a URL without its fragment, or a host."""
        return bool(_searching(self).search(looked_at))


@lru_cache(maxsize=4096)
def _searching(rule: PageRule) -> re.Pattern[str]:
    return _compiled(rule.regex)


@lru_cache(maxsize=4096)
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.ASCII)


def fold_case(regex: str) -> str:
    """Return a regular expression that ignores case without a flag for it: `a[b-d]` becomes `[aA][b-dB-D]`.

    Args:
        regex: one that `PageRule.of` takes.
    """
    return "".join(_folded(token) for token in _TOKEN.findall(regex))


def _folded(token: str) -> str:
    if token[0] == "[":
        caret = "^" if token[1] == "^" else ""
        inner = re.sub(r"^-", r"\\-", token[1 + len(caret) : -1])
        has = _compiled(f"[{inner}]").match
        others = "".join(c.swapcase() for c in ascii_letters if has(c) and not has(c.swapcase()))
        return f"[{caret}{others}{inner}]"
    return f"[{token}{token.swapcase()}]" if len(token) == 1 and token in ascii_letters else token


def _path(text: str) -> str:
    if not text.startswith("/"):
        raise SettingError(f"the path {text!r} does not begin with a slash", hint="give the URL's path: /thanks.html")
    if "?" in text or "#" in text:
        raise SettingError(f"{text!r} is more than a path", hint="--page-contains looks at the query too")
    if {".", ".."} & {*text.lower().replace("%2e", ".").split("/")}:
        raise SettingError(f"the path {text!r} has a segment of dots", hint="browsers resolve it: write what they show")
    return encode_path(text)


def _url_part(text: str) -> str:
    if "#" in text:
        raise SettingError(f"{text!r} has a fragment, which no page rule looks at", hint="leave out '#' and the rest")
    if "'" in text:
        raise SettingError(f"{text!r} has an apostrophe, which is %27 in a query only", hint="leave it out")
    return _encoded(_ENCODED_IN_URL, text)


def encode_path(path: str) -> str:
    """Return a path as URLs show it: with `%` in front of what browsers encode.

    Raises:
        SettingError: it is not text, or browsers differ about it.
    """
    if "|" in path:
        raise SettingError(f"browsers differ about the '|' in {path!r}", hint="'export --page-regex' names its page")
    return _encoded(_ENCODED_IN_PATH, path)


def _encoded(pattern: re.Pattern[str], text: str) -> str:
    try:
        return pattern.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)
    except UnicodeEncodeError:
        raise SettingError(f"{text!r} is not UTF-8 text") from None


def _regex(text: str) -> str:
    reason = ""
    if not re.fullmatch("[!-~]+", text):
        reason = "URLs are ASCII without spaces: write %C3%B6 for 'ö', %20 for a space"
    elif not _PORTABLE.fullmatch(text):
        reason = "tag managers do not agree on it; there is no look-around, reference, name, flag or literal brace"
    try:
        with warnings.catch_warnings(action="error"):
            re.compile(text, re.ASCII)
    except (re.error, FutureWarning, RecursionError, OverflowError) as error:
        reason = reason or str(error)
    if reason:
        raise SettingError(f"the regular expression {text[:60]!r} cannot be used: {reason}")
    return text


def _host(text: str) -> str:
    try:
        host = text.lower() if text.isascii() else text.encode("idna").decode()
    except UnicodeError:
        host = ""
    if not re.fullmatch(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", host):
        shown = repr(text) if "@" not in text else "a URL's user and password"  # they stay where they are
        raise SettingError(f"{shown} is not a host name", hint="give it alone: shop.example")
    return host


_CHECKS = {
    Match.ALL: lambda text: "",
    Match.EXACT: _path,
    Match.PREFIX: _path,
    Match.REGEX: _regex,
    Match.CONTAINS: _url_part,
    Match.HOST: _host,
}
