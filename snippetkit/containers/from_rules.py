"""From a site's page rules to the tags of a container: each pixel once per page, as `inject` would put it there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from snippetkit import platforms
from snippetkit.containers.container_tags import ContainerTag
from snippetkit.containers.page_rules import PageRule, encode_path
from snippetkit.errors import SettingError
from snippetkit.model import Snippet
from snippetkit.records import replace
from snippetkit.rules import PixelValue, Rule, Rules, addresses, may_overlap, url_regex
from snippetkit.terms import Coexistence, Consent, Match, TagVariant

_ONE_PIXEL = "name the exact pages, or give each page one pixel of this dialect"
_ONE_ONLY = frozenset({Coexistence.ALONE, Coexistence.NEVER})
_APART = "export them one by one, or name the pages of each with --pages"

_Key = tuple[tuple[PixelValue, ...], tuple[PageRule, ...]]
"""What defines a tag: the pixels and values that it reports, and the exceptions among its pages."""


def make_tags(
    rules: Rules,
    codes: Mapping[PixelValue, Snippet],
    accounts: Mapping[str, str | None],
    variant: TagVariant,
    consent: Consent,
) -> list[ContainerTag]:
    """Return the tags for page rules, one for each pixel and value, or for each set of them that shares a script.

    Args:
        rules: which pixel, with which value, is on which pages.
        codes: the code of each pixel and value that the rules name.
        accounts: the ad account of each pixel, None where it is not known.
        variant, consent: as each tag has them.

    Raises:
        SettingError: two rules want different things of one URL, or pixels on one page that cannot share it; or it is
            not certain what the URL of a page is.
    """
    for rule in rules.rules:
        _check_page(rules, rule)
    names = Counter[str]()
    tags: list[ContainerTag] = []
    for coexistence, group in _groups(rules, codes):
        for (pixel_values, exceptions), pages in _tags(group, coexistence).items():
            snippets = tuple(codes[pixel_value] for pixel_value in pixel_values)
            name = _name(snippets, names)
            account = accounts[snippets[0].pixel_id]
            tags.append(ContainerTag(name, snippets, variant, tuple(pages), exceptions, None, consent, account))
    return tags


def together(snippets: Sequence[Snippet]) -> list[tuple[Snippet, ...]]:
    """Return snippets that are to fire on the same pages, grouped where they have to share a script.

    Raises:
        SettingError: two cannot share a page.
    """
    groups = defaultdict[tuple[str, str], list[Snippet]](list)
    for snippet in snippets:
        coexistence = platforms.dialect_named(snippet.dialect).coexistence
        group = groups[snippet.dialect, snippet.pixel_id if coexistence is Coexistence.APART else ""]
        group.append(snippet)
        if coexistence in _ONE_ONLY and len(group) > 1:
            names = " and ".join(f"pixel {one.pixel_id}" for one in group)
            raise SettingError(f"{names} on the same pages: they cannot both report correctly", hint=_APART)
    return [tuple(group) for group in groups.values()]


def _check_page(rules: Rules, rule: Rule) -> None:
    """Refuse a page, named after its file, whose URL is not certain."""
    where = f"{rules.where(rule)}: "
    try:
        encode_path(rule.page)
    except SettingError as error:
        raise SettingError(f"{where}{error}", hint=error.hint) from error
    if "%" in rule.page:
        raise SettingError(
            f"{where}{rule.page} has a '%', so its URL is not certain",
            hint="name a page as its file is named, with a space for %20; for a file with a '%', 'export --page-regex'",
        )


def _name(snippets: Sequence[Snippet], names: Counter[str]) -> str:
    """A name that no tag has yet: two tags for one conversion differ in their exceptions."""
    settings = ([snippet.pixel_id, snippet.value, snippet.currency] for snippet in snippets)
    name = "Pixel " + " + ".join(" ".join(filter(None, of_one)) for of_one in settings)
    names[name] += 1
    return name if names[name] == 1 else f"{name} ({names[name]})"


def _groups(rules: Rules, codes: Mapping[PixelValue, Snippet]) -> Iterator[tuple[Coexistence, Rules]]:
    """The rules, divided into those whose pixels matter to each other on a page, and how these live there."""
    groups = defaultdict[tuple[Coexistence, str], list[Rule]](list)
    for rule in rules.rules:
        dialect = codes[rule.pixel_value].dialect
        coexistence = platforms.dialect_named(dialect).coexistence
        groups[coexistence, rule.pixel_id if coexistence is Coexistence.APART else dialect].append(rule)
    for (coexistence, _), group in groups.items():
        yield coexistence, replace(rules, rules=tuple(group))


def _tags(rules: Rules, coexistence: Coexistence) -> dict[_Key, list[PageRule]]:
    """The pages of each tag.

    An exact page is an exception of each pattern that covers it, and a pattern of each that is less specific, so that
    one rule decides on each URL.
    """
    patterns = replace(rules, rules=tuple(rule for rule in rules.rules if not rule.is_exact))
    tags: dict[_Key, list[PageRule]] = defaultdict(list)
    exact: dict[PageRule, set[str]] = {}
    for of_page in _by_address(rules):
        paths = {path for rule in of_page for path in addresses(rule.page)}
        pixel_values = _pixel_values(rules, of_page[0], paths, coexistence)
        page_rule = _exact(paths)
        exact[page_rule] = {encode_path(path) for path in paths}
        tags[pixel_values, ()].append(page_rule)
    for rule in patterns.rules:
        page_rule = _pattern(rule)
        covered = [other for other, paths in exact.items() if any(map(page_rule.covers, paths))]
        nearer = [_pattern(other) for other in _more_specific(rule, patterns)]
        tags[(rule.pixel_value,), (*covered, *nearer)].append(page_rule)
    return tags


def _by_address(rules: Rules) -> Iterable[list[Rule]]:
    """The rules of exact pages, grouped by the URL that shows them."""
    by_address = defaultdict[str, list[Rule]](list)
    for rule in rules.rules:
        if rule.is_exact:
            by_address[addresses(rule.page)[0]].append(rule)
    return by_address.values()


def _pixel_values(rules: Rules, rule: Rule, paths: Collection[str], coexistence: Coexistence) -> tuple[PixelValue, ...]:
    """What the pages at these paths report; a folder's own path is shown as its index is."""
    reported = {tuple(near.pixel_value for near in rules.match(path)) for path in paths if not path.endswith("/")}
    where = f"{rules.where(rule)}: {rule.page}"
    if len(reported) > 1:
        raise SettingError(f"{where}: the folder's URL shows one index, but the rules differ", hint="name one of them")
    [pixel_values] = reported
    if len(pixel_values) > 1 and coexistence in _ONE_ONLY:
        raise SettingError(f"{where} has {_pixels(pixel_values)}: they cannot both report correctly", hint=_ONE_PIXEL)
    return pixel_values


def _exact(paths: Collection[str]) -> PageRule:
    if len(paths) == 1:
        return PageRule.of(Match.EXACT, *paths)
    folder, *files = sorted(paths)
    return PageRule(Match.REGEX, url_regex(encode_path(files[0] if len(files) == 1 else folder)))


def _pattern(rule: Rule) -> PageRule:
    return PageRule(Match.REGEX, url_regex(encode_path(rule.page)))


def _more_specific(rule: Rule, patterns: Rules) -> Iterator[Rule]:
    """The patterns that count before this one on some page, as `Rules.match` has it."""
    for other in patterns.rules:
        if other is rule or not may_overlap(rule.page, other.page):
            continue
        if other.pixel_id != rule.pixel_id:
            raise SettingError(
                f"{patterns.where(rule, other)}: {rule.page} and {other.page} may be one page,"
                f" with {_pixels([rule.pixel_value, other.pixel_value])}",
                hint=_ONE_PIXEL,
            )
        if (len(other.page), other.index) > (len(rule.page), rule.index):
            yield other


def _pixels(pixel_values: Iterable[PixelValue]) -> str:
    return " and ".join(f"pixel {pixel_id}" for pixel_id, *_ in pixel_values)
