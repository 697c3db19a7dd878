"""What a person has to know about a configuration of ours: what Zaraz cannot say, and what the import does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit.containers import ContainerTag
from snippetkit.exports._names import listed
from snippetkit.exports._notes import about_firing, without_trigger
from snippetkit.exports.zaraz.document import Configuration, Item, purposes
from snippetkit.terms import Match, TagVariant


def notes(
    tags: Sequence[ContainerTag], waiting: Sequence[ContainerTag], configuration: Configuration, *, is_merged: bool
) -> Iterator[str]:
    """Give what a person has to know about the tags in a configuration, a line each.

    Args:
        tags: all of them.
        waiting: those that are to wait for consent, though their tools do not ask for it.
        configuration: the whole file.
        is_merged: whether a person's own is in it.
    """
    yield _import(is_merged=is_merged)
    if waiting:
        yield _consent(waiting, configuration.whole)
    yield from about_firing(tags)
    if with_image := [tag for tag in tags if tag.variant is not TagVariant.SCRIPT]:
        yield f"the image of {listed(with_image)} is an <img> in a Custom HTML tool, so it needs JavaScript as well"
    if of_account := [tag for tag in tags if tag.account]:
        yield f"Zaraz has no place for the ad account of {listed(of_account)}"
    if without := without_trigger(tags):
        yield f"{listed(without)} never fires until you choose firing triggers for its action"
    if is_merged:
        yield from _of_settings(tags, configuration.whole)


def _import(*, is_merged: bool) -> str:
    if is_merged:
        return (
            "the import replaces the zone's whole Zaraz configuration with this file: what was changed there since you"
            " exported it is lost"
        )
    return (
        "the import replaces the zone's whole Zaraz configuration: to keep what is there, export it in Zaraz > Settings"
        " > Advanced and merge with --into"
    )


def _consent(waiting: Sequence[ContainerTag], whole: Item) -> str:
    steps = "in Zaraz > Consent, "
    if names := [*purposes(whole).values()]:
        steps += f"assign one of your purposes ({', '.join(map(repr, names))}) to them"
    else:
        steps += "enable Consent Management, add a purpose for ads, and assign it to them"
    return f"{listed(waiting)} would fire without consent, which belongs to the zone: {steps}"


def _of_settings(tags: Sequence[ContainerTag], whole: Item) -> Iterator[str]:
    """What the zone's own settings do to the tags."""
    if not whole["dataLayer"] and (on_event := [tag for tag in tags if tag.event]):
        yield (
            f"{listed(on_event)} hears zaraz.track() only: for dataLayer.push(), turn on Zaraz > Settings > Data layer"
            " compatibility mode"
        )
    settings = whole["settings"] if isinstance(whole["settings"], dict) else {}
    by_url = [tag for tag in tags if any(rule.match is Match.CONTAINS for rule in (*tag.rules, *tag.exceptions))]
    if settings.get("hideQueryParams") and by_url:
        yield f"{listed(by_url)} looks at the URL's query, which Zaraz > Settings > Remove URL query parameters hides"
    if whole.get("historyChange"):
        yield "the zone counts each change of the URL as a page view (Single Page Application support): so do the tags"
