"""`snippetkit ads`: make ads that track pixels and optimise for them."""

from __future__ import annotations

from typing import BinaryIO

import click

from snippetkit.cli._api import Api, account_option, api_options
from snippetkit.cli._command import Group
from snippetkit.cli._saying import put, say
from snippetkit.cli._texts import MAX_TEXT_BYTES, read_stream
from snippetkit.cli._types import MINOR_UNITS, PIXEL_ID
from snippetkit.errors import SettingError

_track_option = click.option(
    "--track", metavar="PIXEL", type=PIXEL_ID, multiple=True, help="A pixel that the ad tracks; repeatable."
)
_optimize_option = click.option(
    "--optimize",
    metavar="PIXEL",
    type=PIXEL_ID,
    multiple=True,
    help="A pixel that the ad optimises for, and so tracks; repeatable.",
)


@click.group(cls=Group)
def command() -> None:
    """Make ads that track pixels and optimise for them."""


@command.command()
@_track_option
@_optimize_option
@click.option(
    "--key",
    type=click.Choice(["offsite_pixel", "fb_pixel"]),
    default="offsite_pixel",
    show_default=True,
    help="What the specs call the pixel: a conversion pixel, or today's Meta Pixel.",
)
@click.option(
    "--from",
    "file",
    type=click.File("rb"),
    metavar="FILE",
    help="Take the pixels of these specs too; '-' is stdin.",
)
def specs(track: tuple[str, ...], optimize: tuple[str, ...], key: str, file: BinaryIO | None) -> None:
    """Print tracking_specs and conversion_specs as one JSON document.

    FILE holds specs as the reference writes them: single quotes and keys without quotes will do. It is a list of
    specs to track, or an object with tracking_specs, conversion_specs or both. A pixel that is optimised for is
    tracked anyway, and is left out of tracking_specs.
    """
    import json

    from snippetkit import graph

    if not (track or optimize or file):
        raise click.UsageError("Give --track, --optimize or --from.")
    if file:
        pixels = graph.read_specs(_text(file), _name(file), key)
        track, optimize = pixels.tracking + track, pixels.conversion + optimize
    document = graph.write_specs(graph.choose_pixels(track, optimize), key)
    put(json.dumps(document, indent=2))
    _say_what_is_left_out(track, optimize)


@command.command()
@click.option("--campaign", "campaign_id", metavar="ID", required=True, help="The campaign that the ad is part of.")
@click.option("--creative", "creative_id", metavar="ID", required=True, help="What the ad shows.")
@click.option("--name", required=True, help="Up to 100 characters.")
@click.option(
    "--bid-type",
    type=int,
    metavar="N",
    required=True,
    help="1 CPC, 2 CPM, 6 relative oCPM, 7 absolute oCPM, 9 CPA.",
)
@click.option("--max-bid", "max_bid_cents", type=MINOR_UNITS, metavar="CENTS", help="The bid in minor units; for CPC.")
@click.option("--bid-info", metavar="JSON", help="Bids in minor units or weights, by action; for oCPM.")
@click.option("--targeting", metavar="JSON", required=True, help="Who sees the ad: \"{'countries':['US']}\".")
@_track_option
@_optimize_option
@account_option
@api_options
def create(
    api: Api,
    account: str,
    campaign_id: str,
    creative_id: str,
    name: str,
    bid_type: int,
    max_bid_cents: int | None,
    bid_info: str | None,
    targeting: str,
    track: tuple[str, ...],
    optimize: tuple[str, ...],
) -> None:
    """Create an ad and print its id.

    JSON may be written with single quotes and with keys without quotes. CPC takes --max-bid and oCPM takes
    --bid-info, with the keys 1, 38, 44 and 55 and whole numbers from 0; relative weights sum to 100. --optimize
    needs bid type 6 or 7 and the key 55. All of this is checked before anything is sent.
    """
    from snippetkit import graph
    from snippetkit.model import AdDraft

    pixels = graph.choose_pixels(track, optimize)
    draft = AdDraft(campaign_id, creative_id, name, bid_type, targeting, max_bid_cents, bid_info, pixels)
    graph.ad_params(draft)  # a broken rule is reported before a missing token
    with api.connect() as transport:
        ad_id = graph.create_ad(transport, account, draft)
    put(ad_id)
    roles = {"optimises for": pixels.conversion, "tracks": pixels.tracking}
    said = [f"{verb} {', '.join(ids)}" for verb, ids in roles.items() if ids]
    say(f"created; {' and '.join(said) or 'tracks no pixel'}")
    _say_what_is_left_out(track, optimize)


def _say_what_is_left_out(track: tuple[str, ...], optimize: tuple[str, ...]) -> None:
    for pixel in dict.fromkeys(pixel for pixel in track if pixel in optimize):
        say(f"note: {pixel} is not in tracking_specs: what is optimised for is tracked anyway")


def _text(file: BinaryIO) -> str:
    try:
        return read_stream(file, _name(file), MAX_TEXT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingError(f"{_name(file)}: not UTF-8 text", hint="save it as UTF-8") from None


def _name(file: BinaryIO) -> str:
    return getattr(file, "name", "-")
