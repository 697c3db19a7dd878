"""Code from outside as that of one pixel, fit for a page or an export; or it is refused, with the reason."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from snippetkit import lint, snippets
from snippetkit.arguments import Amount, check
from snippetkit.errors import SettingError, SnippetError
from snippetkit.lint import Finding
from snippetkit.model import Snippet
from snippetkit.snippets import Document
from snippetkit.work import Value, code_of_pixel, variable_for, with_value

_SET = frozenset({"value-invalid", "value-mismatch", "value-parts", "value-unit", "currency-mismatch"})
_ONE = "pass a snippet that snippetkit.read returned"


class Wish(NamedTuple):
    """What code is to report, and what it may do beyond that.

    `value` is what a conversion is worth, None for what the code says, and whether that replaces what is made while the
    page is shown; `event` is the event that it is for, where several have a value. `asked` is what else the code may
    do, as `Finding.asked` calls it, `hosts` which other hosts it may reach.
    """

    value: Value = Value()
    event: str | None = None
    asked: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()

    def check(self) -> None:
        """Make sure that the wishes go together.

        Raises:
            SettingError: they do not.
        """
        if not self.value.is_given and (self.value.currency, self.event) != (None, None):
            raise SettingError("a currency or an event without a value", hint="give value_cents or amount")


def worth(value_cents: int | None, amount: Amount | None, currency: str | None) -> Value:
    """Return what a conversion is worth, as it is passed: in minor units, or in major ones.

    Raises:
        SettingError: one is not what it has to be, or both are given.
    """
    check(value_cents=value_cents, amount=amount, currency=currency)
    if value_cents is not None and amount is not None:
        raise SettingError("value_cents and amount are the same in two units", hint="give one of them")
    told = f"{amount:f}" if isinstance(amount, Decimal) else amount
    return Value(value_cents, currency and currency.upper(), amount=told)


def accept(code: str | Snippet, wish: Wish) -> Snippet:
    """Return code as that of its one pixel, with the value that is wanted; it only reports that.

    Args:
        code: code as text, or one of the snippets that were read, even one of a script for several pixels.
        wish: what it is to report, and what it may do.

    Raises:
        SettingError: the wishes do not go together, or the vendor does not know the currency.
        SnippetError: there is no conversion code, or that of several pixels; it does more than report, its halves
            disagree, or there is no place for the value.
    """
    wish.check()
    document = snippets.parse(snippets.without_nonce(code if isinstance(code, str) else code.source))
    _check_trusted(document, wish)
    snippet = _of_one_pixel(document, None if isinstance(code, str) else code.pixel_id)
    if wish.value.is_given:
        event = code.event if isinstance(code, Snippet) and code.others and wish.event is None else wish.event
        snippet = with_value(snippet, wish.value._replace(event=event))
    for error in lint.find_errors(snippets.parse(snippet.source)):
        raise SnippetError(_told(error), hint="fix the script or the noscript so that both report the same, once")
    return snippet


def _check_trusted(document: Document, wish: Wish) -> None:
    """What the code does beyond a conversion, and what is wrong with it that no value mends."""
    for finding in lint.find_untrusted(document, wish.hosts, asked=wish.asked):
        raise SnippetError(_told(finding), hint=variable_for(document, finding) or _allowing(finding))
    for error in lint.find_errors(document):
        if error.code not in _SET:
            raise SnippetError(_told(error), hint="fix the code")


def _told(finding: Finding) -> str:
    return f"line {finding.line}, column {finding.column}: {finding.code}: {finding.message}"


def _allowing(finding: Finding) -> str:
    if finding.asked:
        return f"allow=[{finding.asked!r}] allows it"
    return f"allow_hosts={[*finding.hosts]} allows it" if finding.hosts else "use only the vendor's code"


def _of_one_pixel(document: Document, pixel_id: str | None) -> Snippet:
    read = snippets.read_code_from_outside(document)
    keys = ", ".join(dict.fromkeys(snippet.key for snippet in read or snippets.read_bases(document)))
    if not read:
        raise SnippetError(f"the base code of {keys}, and no event" if keys else "no conversion code")
    if len(snippets.group(read)) > 1:
        raise SnippetError(f"the code of several scripts: {keys}", hint=_ONE)
    return code_of_pixel("the code", document, pixel_id)
