"""Server code around the statements of a script is no part of them; where it is a value, it stays one."""

from __future__ import annotations

import pytest

from snippetkit import snippets
from tests.pixels import CODES
from tests.reading import find_in_source

BASE = snippets.without_nonce(CODES["fbq"]).partition("<noscript")[0]
TELL = "fbq('track','Purchase',{value:5,currency:'USD'})"


def _read(code: str, name: str = "a.html") -> list[tuple[str | None, str | None]]:
    page = f"<html><head>{BASE}</head><body><script>{code}</script></body></html>"
    assert "script-error" not in {one.code for one in find_in_source(name, page)}
    found = snippets.read_file(name, page)
    return [(one.value, one.currency) for one in found if one.event == "Purchase"]


@pytest.mark.parametrize(
    "code",
    [
        f"{{% if paid %}}{TELL}{{% endif %}}",
        f"go()\n{{% if paid %}}{TELL};{{% endif %}}\ngo()",
        f"{{% if paid %}}{{% set a = 1 %}} {TELL} {{% endif %}}",
        f"{{{{#if paid}}}}{TELL};{{{{/if}}}}",
        f"<% if paid %>{TELL};<% end %>",
        f"<?php if ($paid): ?>{TELL};<?php endif; ?>",
        f"<?php foreach ($all as $one) {{ printf('all.push(%d);', $one); }} ?> {TELL};",
        f"<?php printf('var total = %s;', $total) ?> {TELL}",
        f"<?= $lines ?> {TELL}",
        f"{TELL}<?php /* paid */ ?>",
        TELL.replace("currency", "{% if id %}order: 1,{% endif %} currency"),
        TELL.replace(",currency:'USD'", "{% if usd %},currency:'USD'{% endif %}"),
        TELL.replace("{value", "{<?php printf('a: %s,', $a); ?> value"),
    ],
)
def test_what_stands_around_a_statement_or_a_part_of_it_hides_neither(code: str) -> None:
    assert _read(code) == [("5", "USD")]


@pytest.mark.parametrize(
    "value",
    [
        "<?php printf('%.2f', $total); ?>",
        '<?= sprintf("%.2f", $total) ?>',
        "{{ sprintf('%.2f', total) }}",
        '{{ printf "%.2f" .Total }}',
        "{!! number_format($total, 2) !!}",
        '<%= format("%.2f", total) %>',
        "{% if paid %}5{% else %}6{% endif %}",
    ],
)
@pytest.mark.parametrize("quote", ["", "'"])
def test_what_is_a_value_stays_one(value: str, quote: str) -> None:
    if "'" not in value or not quote:
        assert _read(TELL.replace("5", f"{quote}{value}{quote}")) == [(value, "USD")]


@pytest.mark.parametrize("code", [f"<?php if ($a) {{ ?>{TELL};<?php }} else {{ ?>go();<?php }} ?>"])
def test_each_branch_is_read(code: str) -> None:
    assert _read(code, "a.php") == [("5", "USD")]
