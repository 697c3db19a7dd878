"""Code in the attributes of components, and in strings that a program puts together, is read, or said to be dynamic."""

from __future__ import annotations

import pytest

from snippetkit import snippets
from snippetkit.snippets.braced import with_quotes
from tests.pixels import META_ID

LEAD = "fbq('track', 'Lead', {value: 5, currency: 'USD'})"


def _read(name: str, text: str) -> list[tuple[str, str | None, str | None, bool, str, int]]:
    found = snippets.read_file(name, text)
    return [(one.pixel_id, one.event, one.value, one.dynamic, one.state, one.line) for one in found]


@pytest.mark.parametrize(
    "attribute",
    [
        f"on:click={{() => {LEAD}}}",
        f"onclick={{() => {{ {LEAD}; }}}}",
        f"on:click|preventDefault|once={{() => {LEAD}}}",
        f'class={{a ? "}}" : `{{`}} onclick={{() => {LEAD.replace(chr(39), chr(34))}}}',
        f'class="a={{b}}" on:click={{async () => {{ if (a > b) {{ {LEAD} }} }}}}',
    ],
)
def test_a_handler_in_braces_is_read(attribute: str) -> None:
    text = f"<script>let a = {{}};</script>\n<b\n  {attribute}>x</b>\n"
    assert _read("x.svelte", text) == [("", "Lead", "5", False, "on click", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "<script>let a={b: 1}</script>",
        "---\nconst a={b: 1}\n---\n<p>x</p>",
        "<!-- a={b} -->",
        "<style>a={b}</style>",
        "<b a={b",
        "<p>{a={b}</p>",
        "{#if a === {b}}x{/if}",
    ],
)
def test_other_braces_stay(text: str) -> None:
    assert with_quotes(text.encode()) == (text.encode() if "{a=" not in text else b'<p>{a="b"</p>')


CODE = f"<script>\n fbq('init', '{META_ID}'); {LEAD}\n</script>"
JOINED = {
    "an id": (META_ID, '" . $id . "', "<?= $id ?>", "5"),
    "a method's": (META_ID, '" .esc_js( $this->id ). "', "<?= esc_js( $this->id ) ?>", "5"),
    "an item": (META_ID, "\" . $row['id'] . \"", "<?= $row['id'] ?>", "5"),
    "a value": (": 5", ': " . $sum . "', META_ID, "<?= $sum ?>"),
    "a line": ("; fbq", ';"\n  . " fbq', META_ID, "5"),
}


@pytest.mark.parametrize("name", JOINED)
def test_what_php_puts_together_is_one_code_and_what_it_puts_in_is_dynamic(name: str) -> None:
    old, new, pixel_id, value = JOINED[name]
    text = f'"{CODE.replace(old, new)}"'
    for written in (text, text.translate({34: 39, 39: 34})):  # the other quotes
        found = [one[:5] for one in _read("x.php", f"<?php\necho {written};\n$a = ['x' . $b, 'fbq'];")]
        told = [text.replace(chr(39), chr(34)) for text in (pixel_id, value)]
        assert [(found[0][0].replace("'", '"'), found[0][2])] == [(told[0], told[1])]
        assert [(event, is_dynamic, state) for _, event, _, is_dynamic, state in found] == [
            ("Lead", "<?" in pixel_id + value, "live")
        ]
