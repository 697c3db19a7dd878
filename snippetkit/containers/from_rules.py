"""Page rules of a site to the tags of a container: on each page each pixel once, as `inject` would put it there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from snippetkit import dialects
from snippetkit.containers.container_tags import ContainerTag
from snippetkit.containers.page_rules import PageRule, encode_path
from snippetkit.errors import SettingError
from snippetkit.model import Snippet
from snippetkit.rules import Conversion, Rule, Rules, addresses, may_overlap, url_regex
from snippetkit.terms import Consent, Match, Several, TagVariant

_ONE_PIXEL = "name the exact pages, or give each page one pixel of this dialect"


_Key = tuple[tuple[Conversion, ...], tuple[PageRule, ...]]
"""What makes a tag: the conversions that it reports, and the exceptions among its pages."""


def make_tags(
    rules: Rules,
    codes: Mapping[Conversion, Snippet],
    accounts: Mapping[str, str | None],
    variant: TagVariant,
    consent: Consent,
) -> list[ContainerTag]:
    """Return the tags for page rules, one for each conversion, or for each set of conversions that share a script.

    Args:
        rules: which pixel, with which value, is on which pages.
        codes: the code of each conversion that the rules name.
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
    for several, group in _groups(rules, codes):
        for (conversions, exceptions), pages in _tags(group, several).items():
            found = tuple(codes[conversion] for conversion in conversions)
            name = _name(found, names)
            account = accounts[found[0].pixel_id]
            tags.append(ContainerTag(name, found, variant, tuple(pages), exceptions, None, consent, account))
    return tags


def _check_page(rules: Rules, rule: Rule) -> None:
    """A page is named as its file is, and some names have no URL that is certain."""
    where = f"{rules.name}, line {rule.line}: "
    try:
        encode_path(rule.page)
    except SettingError as error:
        raise SettingError(f"{where}{error}", hint=error.hint) from error
    if "%" in rule.page:
        raise SettingError(
            f"{where}{rule.page} has a '%', so its URL is not certain",
            hint="name a page as its file is named, with a space for %20; for a file with a '%', --page-regex",
        )


def _name(snippets: Sequence[Snippet], names: Counter[str]) -> str:
    """A name that no tag has yet: two tags of one conversion differ in their exceptions."""
    settings = ([snippet.pixel_id, snippet.value, snippet.currency] for snippet in snippets)
    name = "Pixel " + " + ".join(" ".join(filter(None, of_one)) for of_one in settings)
    names[name] += 1
    return name if names[name] == 1 else f"{name} ({names[name]})"


def _groups(rules: Rules, codes: Mapping[Conversion, Snippet]) -> Iterator[tuple[Several, Rules]]:
    """The rules, parted into those whose pixels have to do with each other on a page, and how these live there."""
    groups = defaultdict[tuple[Several, str], list[Rule]](list)
    for rule in rules.rules:
        dialect = codes[rule.conversion].dialect
        several = dialects.find(dialect).SEVERAL
        groups[several, rule.pixel_id if several is Several.APART else dialect].append(rule)
    for (several, _), group in groups.items():
        yield several, Rules(rules.name, tuple(group))


def _tags(rules: Rules, several: Several) -> dict[_Key, list[PageRule]]:
    """The pages of each tag.

    An exact page is an exception of each pattern that covers it, and a pattern of each that is less specific, so that
    one rule decides on each URL.
    """
    patterns = Rules(rules.name, tuple(rule for rule in rules.rules if not rule.is_exact))
    tags: dict[_Key, list[PageRule]] = defaultdict(list)
    exact: dict[PageRule, set[str]] = {}
    for of_page in _by_address(rules):
        paths = {path for rule in of_page for path in addresses(rule.page)}
        conversions = _conversions(rules, of_page[0], paths, several)
        page_rule = _exact(paths)
        exact[page_rule] = {encode_path(path) for path in paths}
        tags[conversions, ()].append(page_rule)
    for rule in patterns.rules:
        page_rule = _pattern(rule)
        covered = [other for other, paths in exact.items() if any(map(page_rule.covers, paths))]
        nearer = [_pattern(other) for other in _more_specific(rule, patterns)]
        tags[(rule.conversion,), (*covered, *nearer)].append(page_rule)
    return tags


def _by_address(rules: Rules) -> Iterable[list[Rule]]:
    """The rules of exact pages, those together that one URL shows."""
    found = defaultdict[str, list[Rule]](list)
    for rule in rules.rules:
        if rule.is_exact:
            found[addresses(rule.page)[0]].append(rule)
    return found.values()


def _conversions(rules: Rules, rule: Rule, paths: Collection[str], several: Several) -> tuple[Conversion, ...]:
    """What the pages at these paths report; a folder's own path is shown as its index is."""
    found = {tuple(near.conversion for near in rules.match(path)) for path in paths if not path.endswith("/")}
    where = f"{rules.name}, line {rule.line}: {rule.page}"
    if len(found) > 1:
        raise SettingError(f"{where}: the folder's URL shows one index, but the rules differ", hint="name one of them")
    [conversions] = found
    if len(conversions) > 1 and several is Several.NEVER:
        raise SettingError(f"{where} has {_pixels(conversions)}: not both would report right", hint=_ONE_PIXEL)
    return conversions


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
                f"{patterns.name}, lines {rule.line} and {other.line}: {rule.page} and {other.page} may be one page,"
                f" with {_pixels([rule.conversion, other.conversion])}",
                hint=_ONE_PIXEL,
            )
        if (len(other.page), other.index) > (len(rule.page), rule.index):
            yield other


def _pixels(conversions: Iterable[Conversion]) -> str:
    return " and ".join(f"pixel {pixel_id}" for pixel_id, _, _ in conversions)
