"""What a condition asks, and for which answer, so that two that cannot both hold are known."""

from __future__ import annotations

from snippetkit.patterns import later

_COMPARED = later(
    rb"(?P<asked>[^'\"=!<>&|?;{}]{1,200}?)\s*+(?:={2,3}|\beq\b)\s*+(?P<answer>'[^']*+'|\"[^\"]*+\"|[0-9]++)"
)
_ASKED = later(rb"(?P<no>(?:!\s*|not\s+)?)(?P<asked>[^'\"=!<>&|?;{}]{1,200})")
_OUTER = later(rb"\(((?:[^()]|\([^()]*\))*)\)")


def said_by(condition: bytes, *, is_denied: bool = False) -> tuple[bytes, bytes] | None:
    """Return what a condition asks and the answer for which it holds; None where it asks for more than one thing.

    `a == 'x'` and `a == 'y'` ask the same for two answers, and so do `a` and `!a`.

    Args:
        condition: the text of a condition, of a script or of a template.
        is_denied: whether what it stands in is for the opposite.
    """
    text = condition.strip()
    while outer := _OUTER.fullmatch(text):
        text = outer[1].strip()
    compared = None if is_denied else _COMPARED.fullmatch(text)
    if compared:
        return b" ".join(compared["asked"].split()), compared["answer"].strip(b"'\"")
    asked = _ASKED.fullmatch(text)
    return (b" ".join(asked["asked"].split()), b"no" if bool(asked["no"]) != is_denied else b"yes") if asked else None
