"""What stands in a constant or in a list is read as what it is, and what may be something else at times is dynamic."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from snippetkit.errors import SnippetError
from tests.pixels import META_ID

A, B = META_ID, "6009125095680"
LIST = f"['{A}', '{B}']"
PURCHASE = "fbq('track','Purchase',{value: total, currency: 'USD'})"
NOSCRIPT = f'<noscript><img alt="" src="https://www.facebook.com/tr?id={A}&amp;ev=Lead"></noscript>'


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(text))]


def _events(script: str) -> list[tuple[str, str | None]]:
    return [(found.pixel_id, found.event) for found in snippets.read(f"<script>{script}</script>")]


@pytest.mark.parametrize(
    "script",
    [
        "var ID = '{A}'; fbq('init', ID);",
        "const ID = `{A}`; fbq('init', `${{ID}}`);",
        "let ID = {A}; fbq('init', (ID));",
        "var ID; ID = '{A}'; fbq('init', ID);",
        "var x = '{A}', ID = x; fbq('init', ID);",
        "var ID = '{A}'; function go() {{ fbq('init', ID) }} go();",
        "(function (id) {{ fbq('init', id) }})('{A}');",
        "!function () {{ var id = '{A}'; window.fbq('init', id) }}();",
        "var cfg = {{id: '{A}', other: '{B}'}}; fbq('init', cfg.id);",
        "var cfg = {{'id': '{A}'}}; fbq('init', cfg['id']);",
        "const cfg = {{fb: {{id: '{A}'}}}}; fbq('init', cfg.fb.id);",
        "const cfg = {{/* ours */ ids: ['{A}', '{B}']}}; fbq('init', cfg.ids[0]);",
        "var ids = ['{A}']; if (ids.length && ids.indexOf('x') < 0) fbq('init', ids[0]);",
        "fbq('init', {{id: '{A}'}}.id);",
        "var INIT = 'init'; fbq(INIT, '{A}');",
        "var ID = '{A}'; if (a) console.log(ID, typeof ID, {{ID}}, {{id: ID}}, [ID]); fbq('init', ID);",
        "function f(ID) {{ ID = '1' }} var ID = '{A}'; fbq('init', ID);",
        "function f(ID) {{ fbq('init', ID) }} f('{A}');",
        "var cfg = {{id: '1', id: '{A}'}}; fbq('init', cfg.id);",
        "var cfg = {{...x, id: '{A}'}}; fbq('init', cfg.id);",
        "var base = {{id: '{A}'}}, cfg = {{id: '1', ...base, ...(x && {{other: 1}})}}; fbq('init', cfg.id);",
        "var cfg = Object.assign({{}}, {{id: '{A}'}}); fbq('init', cfg.id);",
        'var cfg = JSON.parse(\'{{"fb": {{"id": "{A}"}}}}\'); fbq(\'init\', cfg.fb.id);',
        "const cfg = Object.freeze({{id: '{A}'}}); console.log(JSON.stringify(cfg)); fbq('init', cfg.id);",
        "var ID = '4345' + '66956589050'; fbq('init', ID);",
        "var ID = String({A}); fbq('init', ID);",
        "_fbq('init', '{A}');",
        "window._fbq('init', '{A}');",
    ],
)
def test_an_id_in_a_constant_is_read_and_agrees_with_its_noscript(script: str) -> None:
    text = f"<script>{script.format(A=A, B=B)}fbq('track', 'Lead')</script>\n{NOSCRIPT}"
    [snippet] = snippets.read(text)
    assert (snippet.pixel_id, snippet.event, snippet.dynamic) == (A, "Lead", False)
    assert snippet.noscript
    assert not {"id-mismatch", "event-mismatch"} & {*_codes(text)}
    assert "id-mismatch" in _codes(text.replace(f"id={A}", "id=1"))


@pytest.mark.parametrize(
    "script",
    [
        "fbq('init', ID);",
        "fbq('init', ID); var ID = '1';",
        "var ID = '1'; ID = '2'; fbq('init', ID);",
        "var ID = '1'; ID += '2'; fbq('init', ID);",
        "var ID = 1; ID++; fbq('init', ID);",
        "var ID; if (a) ID = '1'; fbq('init', ID);",
        "var ID; if (a) { ID = '1' } fbq('init', ID);",
        "var ID; a && (ID = '1'); fbq('init', ID);",
        "var ID = a || '1'; fbq('init', ID);",
        "var ID = '1' + x; fbq('init', ID);",
        "var ID = '<?= $id ?>'; fbq('init', ID);",
        "var ID = '1'; function f({ID}) { fbq('init', ID) } f(x);",
        "var ID = '1'; function f([ID]) { fbq('init', ID) } f(x);",
        "var ID = '1'; ({ID} = x); fbq('init', ID);",
        "var ID = '1'; [ID] = x; fbq('init', ID);",
        "var ID = '1'; for (ID of x) fbq('init', ID);",
        "var ID = '1'; try { f() } catch (ID) { fbq('init', ID) }",
        "function f(ID) { ID = ID || x; fbq('init', ID) } f('1');",
        "function f(cfg) { fill(cfg); fbq('init', cfg.id) } f({id: '1'});",
        "const {ID} = {ID: '1'}; fbq('init', ID);",
        "fbq('init', `1${ID}`);",
        "var cfg = {id: '1'}; cfg.id = x; fbq('init', cfg.id);",
        "var cfg = {id: '1'}; delete cfg.id; fbq('init', cfg.id);",
        "var cfg = {id: '1'}; fill(cfg); fbq('init', cfg.id);",
        "var cfg = {id: '1', ...x}; fbq('init', cfg.id);",
        "var cfg = {id: '1', ...(x && {id: '2'})}; fbq('init', cfg.id);",
        "var cfg = Object.assign({id: '1'}, x); fbq('init', cfg.id);",
        "var cfg = {id: '1'}; Object.assign(cfg, x); fbq('init', cfg.id);",
        "var cfg = JSON.parse(x); fbq('init', cfg.id);",
        "var cfg = JSON.parse('{id: 1}'); fbq('init', cfg.id);",
        "var cfg = JSON.parse('{\\u0022id\\u0022: 1}'); fbq('init', cfg.id);",
        "var cfg = JSON.parse('{\"id\": \"<?= $id ?>\"}'); fbq('init', cfg.id);",
        "var cfg = {[x]: '1'}; fbq('init', cfg.id);",
        "var cfg = {id: '1'}; fbq('init', cfg[id]);",
        "var cfg = {id: '1'}; fbq('init', cfg.other);",
        "var ids = ['1']; ids.push('2'); fbq('init', ids[0]);",
        "var ids = [,'1']; fbq('init', ids[0]);",
        "var ids = ['1']; fbq('init', ids[7]);",
        "var ids = ['1']; fbq('init', ids[i]);",
        "var a1 = b1, b1 = a1; fbq('init', a1);",
        "var a0='1',a1=a0,a2=a1,a3=a2,a4=a3,a5=a4,a6=a5,a7=a6,a8=a7,a9=a8,ID=a9; fbq('init', ID);",
    ],
)
def test_an_id_that_may_be_another_is_dynamic(script: str) -> None:
    assert [snippet.dynamic for snippet in snippets.read(f"<script>{script}fbq('track','Lead')</script>")] == [True]


def test_a_name_of_the_whole_page_that_another_script_sets_is_dynamic() -> None:
    text = "<script>var ID = '1'; function f() { fbq('init', ID); fbq('track', 'Lead') }</script>"
    assert [one.dynamic for one in snippets.read(text)] == [False]
    for other in ("ID = '2'", "ID += 1", "ID++"):
        assert [one.dynamic for one in snippets.read(f"{text}<script>{other}</script>")] == [True]
    for other in ("!function (ID) { ID = '2' }('3')", "f('?ID=2')"):
        assert [one.dynamic for one in snippets.read(f"{text}<script>{other}</script>")] == [False]
    assert [one.dynamic for one in snippets.read(f'{text}<p ID=2 title="x">')] == [False]
    assert [one.dynamic for one in snippets.read(f'{text}<p onclick="ID = 2">')] == [True]
    inside = text.replace("var ID", "!function () { var ID").replace("</script>", "}()</script>")
    assert [one.dynamic for one in snippets.read(f"{inside}<script>ID = '2'</script>")] == [False]


@pytest.mark.parametrize(
    "loop",
    [
        f"{LIST}.forEach(function (id) {{ fbq('init', id) }})",
        f"{LIST}.forEach(id => fbq('init', id))",
        f"{LIST}.map((id, i) => {{ fbq('init', id) }})",
        f"var ids = {LIST}; ids.forEach(function (id) {{ fbq('init', id) }})",
        f"for (const id of {LIST}) fbq('init', id)",
        f"for (var id of {LIST}) {{ window.fbq('init', id) }}",
        f"var ids = {LIST}; for (var i = 0; i < ids.length; i++) fbq('init', ids[i])",
        f"const ids = {LIST}; for (let i = 0; i < ids.length; ++i) {{ var id = ids[i]; fbq('init', id) }}",
        f"var ids = {LIST}; for (var i in ids) {{ fbq('init', ids[i]) }}",
        f"$.each({LIST}, function (i, id) {{ fbq('init', id) }})",
        f"_.forEach({LIST}, id => fbq('init', id))",
        f"[{{id: '{A}'}}, {{id: '{B}'}}].forEach(p => fbq('init', p.id))",
        f"var cfg = {{ids: {LIST}}}; cfg.ids.forEach(id => {{ if (id) {{ fbq('init', id) }} }})",
        f"var f = function (id) {{ fbq('init', id) }}; for (const id of {LIST}) f(id)",
    ],
)
def test_a_loop_over_a_list_names_each_pixel_of_it(loop: str) -> None:
    assert _events(f"{loop}; fbq('track', 'Lead')") == [(A, "Lead"), (B, "Lead")]


@pytest.mark.parametrize(
    "loop",
    [
        "ids.forEach(id => fbq('init', id))",
        f"[...x, '{A}'].forEach(id => fbq('init', id))",
        f"{LIST}.forEach(id => {{ id = x; fbq('init', id) }})",
        f"{LIST}.forEach(({{id}}) => fbq('init', id))",
        f"{LIST}.sort(id => fbq('init', id))",
        f"{LIST}.forEach(other, id => fbq('init', id))",
        f"each({LIST}, id => fbq('init', id))",
        f"for (const id in {{a: '{A}'}}) fbq('init', id)",
        f"var id; for (id of {LIST}) fbq('init', id)",
        f"var ids = {LIST}; for (var i = 1; i < ids.length; i++) fbq('init', ids[i])",
        f"var ids = {LIST}; for (var i = 0; i < ids.length; i += 2) fbq('init', ids[i])",
        f"var ids = {LIST}; for (var i = 0; i < ids.length; i++) {{ i++; fbq('init', ids[i]) }}",
        f"var ids = {LIST}; for (var i = 0; i < 2; i++) fbq('init', ids[i])",
        f"var ids = {LIST}; for (;;) fbq('init', ids[i])",
        f"{LIST}.forEach(function (id) {{ function f() {{ fbq('init', id) }} f(); }})",
        f"[{', '.join(['1'] * 21)}].forEach(id => fbq('init', id))",
    ],
)
def test_a_loop_of_which_not_all_is_known_is_dynamic(loop: str) -> None:
    [snippet] = snippets.read(f"<script>{loop}; fbq('track', 'Lead')</script>")
    assert snippet.dynamic


def test_what_a_loop_does_is_done_for_each_item_in_its_order() -> None:
    once = f"{LIST}.forEach(id => {{ fbq('init', id); fbq('trackSingle', id, 'Lead') }})"
    assert _events(once) == [(A, "Lead"), (B, "Lead")]
    twice = f"{LIST}.forEach(id => {{ fbq('init', id); fbq('track', 'Lead') }})"
    assert _events(twice) == [(A, "Lead"), (A, "Lead"), (B, "Lead")]
    assert "duplicate-pixel" in _codes(f"<script>{twice}</script>")
    inner = "for (const name of ['Lead', 'Contact']) fbq('trackSingle', id, name)"
    nested = f"fbq('init', '1'); {LIST}.forEach(id => {{ {inner} }})"
    assert _events(nested) == [(A, "Lead"), (A, "Contact"), (B, "Lead"), (B, "Contact")]


@pytest.mark.parametrize("loop", [f"for (const id of {LIST})", f"{LIST}.forEach(id =>", f"$.each({LIST}, (i, id) =>"])
def test_a_loop_over_a_list_is_no_condition(loop: str) -> None:
    end = ")" if loop.endswith("=>") else ""
    document = snippets.parse(f"<script>fbq('init', '1'); {loop} fbq('trackSingle', id, 'Lead'){end}</script>")
    assert [lint.runs_at_once(document, code) for code in document.codes] == [True, True]
    document = snippets.parse("<script>for (const id of ids) fbq('trackSingle', id, 'Lead')</script>")
    assert [lint.runs_at_once(document, code) for code in document.codes] == [False]


@pytest.mark.parametrize(
    ("script", "written"),
    [
        (f"var total = 19.99; {PURCHASE}", "total = 5.00;"),
        (f"const total = '19.99'; {PURCHASE}", "total = '5.00';"),
        (f"var o = {{total: 19.99, id: 7}}; f(o.id); {PURCHASE.replace('total', 'o.total')}", "{total: 5.00,"),
        ("const value = 19.99; fbq('track','Purchase',{value, currency: 'USD'})", "value = 5.00;"),
        ("const data = {value: 19.99, currency: 'USD'}; fbq('track','Purchase',data)", "{value: 5.00,"),
        ("fbq('track','Lead');var v = 19.99; _fbq.push(['track','1',{value: v, currency: 'USD'}])", "v = 5.00;"),
        ("fbq('track','Lead');var v = '19.99'; fb_param = {pixel_id: 1, value: v, currency: 'USD'}", "v = '5.00';"),
        ("var c = 'USD'; fbq('track','Purchase',{value: 19.99, currency: c})", "c = 'EUR'; "),
        ("const o = {currency: 'USD'}; fbq('track','Purchase',{...o, value: 19.99})", "value: 5.00"),
        ("fbq('track','Purchase',Object.assign({currency: 'USD'}, {value: 19.99}))", "value: 5.00"),
        ("fbq('track','Purchase',JSON.parse('{\"value\": 19.99, \"currency\": \"USD\"}'))", '"value": 5.00'),
    ],
)  # fmt: skip
def test_a_value_is_changed_where_it_stands(script: str, written: str) -> None:
    text = f"<script>fbq('init', '{A}'); {script}</script>"
    [snippet] = [one for one in snippets.read(text) if one.value]
    assert (snippet.value, snippet.currency, snippet.dynamic) == ("19.99", "USD", False)
    changed = snippet.with_value("5", "EUR")
    assert written in changed.source
    assert [(one.value, one.currency) for one in snippets.read(changed.source) if one.value] == [("5.00", "EUR")]
    assert changed.source.replace("5.00", "19.99").replace("EUR", "USD") == text
    assert "dynamic-value" not in _codes(text)


@pytest.mark.parametrize(
    ("script", "name"),
    [
        (f"var total = 19.99;\nshow(total); {PURCHASE}", "total"),
        (f"var total = 19.99;\n{PURCHASE}; fbq('track','Lead',{{value: total}})", "total"),
        ("var o = {total: 19.99};\nshow(o.total); fbq('track','Purchase',{value: o.total})", "o.total"),
        ("var data = {value: 19.99};\nfbq('track','Lead',data);fbq('track','Purchase',data)", "data"),
        ("\n[19.99].forEach(v => fbq('track','Purchase',{value: v}))", "v"),
        ("var o = {value: 19.99};\nfbq('track','Lead',o);fbq('track','Purchase',{...o, currency: 'USD'})", "o"),
        ("\nfunction f(v) { fbq('track','Purchase',{value: v}) } f(19.99)", "v"),
    ],
)
def test_a_value_that_tells_more_is_not_changed(script: str, name: str) -> None:
    found = snippets.read(f"<script>fbq('init', '{A}'); {script}</script>")
    snippet = next(one for one in found if one.event == "Purchase")
    assert (snippet.value, snippet.dynamic) == ("19.99", False)
    with pytest.raises(SnippetError, match=rf"line [12]: {name} sets more than this value; change it there by hand"):
        snippet.with_value("5", force=True)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Number('19.90')", "19.90"),
        ("parseFloat('19.90')", "19.90"),
        ("parseFloat('19.90 USD')", "19.90"),
        ("parseFloat('1,990.00')", "1"),
        ("parseInt('19.90', 10)", "19"),
        ("+'19.90'", "19.90"),
        ("String(19.9)", "19.9"),
        ("(19.9).toFixed(2)", "19.90"),
        ("10 + 9.99", "19.99"),
        ("2 * 9.99 + 0.01", "19.99"),
        ("1999 / 100", "19.99"),
        ("20 - 0.1 - 0.2", "19.7"),
        ("Math.round(19.99 * 100) / 100", "19.99"),
        ("price * 2", "19.98"),
        ("`${price}`", "9.99"),
        ("price.toFixed(1)", "10.0"),
        ("Number('19,90'.replace(',', '.'))", "19.90"),
        ("double || 0", "19.98"),
        ("0 || price", "9.99"),
        ("null ?? price", "9.99"),
        ("lines[1].price * lines[1].quantity", "20"),
    ],
)
def test_a_value_that_is_computed_of_what_is_known_is_read_and_written(value: str, told: str) -> None:
    known = "var price = 9.99, double = price * 2, lines = [{}, {price: 5, quantity: 4}];"
    text = f"<script>fbq('init', '{A}'); {known} {PURCHASE.replace('total', value)}</script>"
    [snippet] = snippets.read(text)
    assert (snippet.value, snippet.currency, snippet.dynamic) == (told, "USD", False)
    if "`" not in value:
        assert snippet.with_value("5").source == text.replace(f"value: {value}", "value: 5.00")


@pytest.mark.parametrize(
    "value",
    ["total * 2", "1 / 3", "Math.floor(19.99)", "(1.005).toFixed(2)", "parseInt('10', 2)", "9.99 + total()", "'9' + x"],
)
def test_a_value_that_is_computed_of_what_is_not_known_is_dynamic(value: str) -> None:
    [snippet] = snippets.read(f"<script>fbq('init', '{A}'); {PURCHASE.replace('total', value)}</script>")
    assert (snippet.value, snippet.dynamic) == (value, True)


@pytest.mark.parametrize("sum_", ["+".join(["1"] * 40), "(" * 90 + "1" + "+1)" * 90, "-" * 300 + "1"])
def test_a_sum_that_is_too_long_is_left_as_it_is(sum_: str) -> None:
    [snippet] = snippets.read(f"<script>fbq('init', '{A}'); {PURCHASE.replace('total', sum_)}</script>")
    assert snippet.dynamic
    doubled = "".join(f"var a{n + 1} = a{n} + a{n};" for n in range(60))
    [snippet] = snippets.read(
        f"<script>fbq('init', '{A}'); var a0 = 1; {doubled} {PURCHASE.replace('total', 'a60')}</script>"
    )
    assert snippet.dynamic


def test_a_value_that_another_script_uses_too_is_not_changed() -> None:
    [snippet] = snippets.read(f"<script>var total = 1; fbq('init', '1'); {PURCHASE}</script><script>f(total)</script>")
    with pytest.raises(SnippetError, match="line 1: total sets more"):
        snippet.with_value("5")


@pytest.mark.parametrize("name", ["parent", "top", "window.parent", "self.top", "window.parent.parent", "opener"])
def test_what_another_window_reports_is_read_and_is_no_event_of_this_pages_pixels(name: str) -> None:
    there = f"{name}.fbq('init', '{B}'); {name}.fbq('track', 'Lead')"
    document = snippets.parse(f"<script>fbq('init', '{A}'); {there}; fbq('track', 'Contact')</script>")
    assert [(code.pixel_id, code.event) for code in document.codes] == [(B, "Lead"), (A, "Contact")]
    assert [lint.runs_at_once(document, code) for code in document.codes] == [False, True]


@pytest.mark.parametrize(
    "script", ["var top = f(); top.fbq('track','Lead')", "x.parent.fbq('track','Lead')", "parent.fb_param.value = '1'"]
)
def test_another_object_is_no_window(script: str) -> None:
    assert _events(script) == []
