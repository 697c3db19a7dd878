"""`snippetkit pixels`: list, show and change pixels, and who may use them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from snippetkit import schemas
from snippetkit.cli._api import Api, account_option, api_options
from snippetkit.cli._command import Group, json_option
from snippetkit.cli._kind import connect, kind_option
from snippetkit.cli._output import printable, table
from snippetkit.cli._saying import put, say
from snippetkit.cli._terminal import make_way
from snippetkit.cli._types import ACCOUNT, AMOUNT, BUSINESS, CURRENCY, MINOR_UNITS, NAME, PIXEL_ID, RULE
from snippetkit.errors import SettingError
from snippetkit.terms import CONVERSION_EVENTS, PIXEL_TAGS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from snippetkit.graph import Transport
    from snippetkit.model import MetaPixel, Pixel

    _ListPixels = Callable[[Transport, str], Iterable[Pixel | MetaPixel]]

_COLUMNS = {Kind.CONVERSION: ("id", "tag", "status", "name"), Kind.META: ("id", "last_fired_time", "name")}
_TAG = click.Choice(PIXEL_TAGS, case_sensitive=False)
_pixel_argument = click.argument("pixel_id", metavar="PIXEL", type=PIXEL_ID)
_accounts_argument = click.argument("account_ids", metavar="ACCOUNT...", type=ACCOUNT, nargs=-1, required=True)
_business_option = click.option(
    "--business", type=BUSINESS, help="The business of the ad accounts; a Meta Pixel needs it."
)


@click.group(cls=Group)
def command() -> None:
    """List, show and change conversion pixels and Meta Pixels, and who may use them."""


@command.command("list")
@account_option
@json_option
@kind_option
@api_options
def list_(api: Api, kind: Kind, account: str, as_json: bool) -> None:
    """List all pixels of an ad account."""
    from snippetkit import graph

    list_pixels: _ListPixels = graph.list_meta_pixels if kind is Kind.META else graph.list_pixels
    with connect(api, kind) as transport:
        pixels = [_members(pixel) for pixel in list_pixels(transport, account)]
    columns = _COLUMNS[kind]
    if as_json:
        _print_json("pixels-list", {"pixels": pixels})
    elif pixels:
        put(table([[name.upper() for name in columns], *([p[name] for name in columns] for p in pixels)]))
    else:
        say(f"act_{account} has no pixels; 'snippetkit pixels create{_more(kind)}' makes one")


@command.command()
@_pixel_argument
@json_option
@kind_option
@api_options
def show(api: Api, kind: Kind, pixel_id: str, as_json: bool) -> None:
    """Show one pixel."""
    from snippetkit import graph

    with connect(api, kind) as transport:
        if kind is Kind.META:
            members = _members(graph.read_meta_pixel(transport, pixel_id))
        else:
            members = _members(graph.read_pixel(transport, pixel_id))
    if as_json:
        _print_json("pixels-show", members)
    else:
        put(table(list(members.items())))


@command.command()
@click.option("--name", type=NAME, required=True, help="A name that no other pixel of the account has.")
@click.option("--tag", type=_TAG, default="OTHER", show_default=True, help="What the pixel reports.")
@account_option
@kind_option
@api_options
def create(api: Api, kind: Kind, account: str, name: str, tag: str) -> None:
    """Create a pixel and print its id; an account has one Meta Pixel."""
    from snippetkit import graph

    with connect(api, kind) as transport:
        if kind is Kind.META:
            pixel_id = graph.create_meta_pixel(transport, account, name)
        else:
            pixel_id = graph.create_pixel(transport, account, name, tag)
    put(pixel_id)
    say(f"created; 'snippetkit snippet {pixel_id}{_more(kind)}' prints its code")


@command.command()
@_pixel_argument
@click.option("--name", type=NAME, help="A new name.")
@click.option("--tag", type=_TAG, help="A new tag.")
@kind_option
@api_options
def update(api: Api, kind: Kind, pixel_id: str, name: str | None, tag: str | None) -> None:
    """Change the name of a pixel, its tag, or both; a Meta Pixel has no tag."""
    from snippetkit import graph

    if name is None and tag is None:
        raise click.UsageError("Give --name, --tag, or both.")
    with _connect(api, kind, pixel_id) as transport:
        if kind is Kind.META:
            graph.rename_meta_pixel(transport, pixel_id, name or "")
        else:
            graph.update_pixel(transport, pixel_id, name=name, tag=tag)
    say(f"updated: {pixel_id}")


@command.command()
@_pixel_argument
@click.option("--yes", is_flag=True, help="Delete without asking.")
@kind_option
@api_options
def delete(api: Api, kind: Kind, pixel_id: str, yes: bool) -> None:
    """Delete a conversion pixel, after asking."""
    from snippetkit.graph import delete_pixel, read_pixel

    if kind is Kind.META:
        raise SettingError(
            "a Meta Pixel cannot be deleted: the API has no call for it",
            hint="take its code off your pages ('snippetkit remove'), and end its sharing ('pixels deauthorize')",
        )
    with _connect(api, kind, pixel_id) as transport:
        if not yes and not _confirm_deletion(read_pixel(transport, pixel_id)):
            say(f"kept: {pixel_id}")
            return
        delete_pixel(transport, pixel_id)
    say(f"deleted: {pixel_id}")


@command.command()
@_pixel_argument
@_business_option
@kind_option
@api_options
def accounts(api: Api, kind: Kind, pixel_id: str, business: str | None) -> None:
    """List the ad accounts that may use a pixel."""
    from snippetkit import graph

    _check_business(kind, business)
    with _connect(api, kind, pixel_id) as transport:
        if business:
            account_ids = graph.list_shared_accounts(transport, pixel_id, business)
        else:
            account_ids = graph.list_accounts(transport, pixel_id)
    put("".join(f"{account}\n" for account in account_ids), nl=False)


@command.command()
@_pixel_argument
@_accounts_argument
@_business_option
@kind_option
@api_options
def authorize(api: Api, kind: Kind, pixel_id: str, account_ids: tuple[str, ...], business: str | None) -> None:
    """Let ad accounts use a pixel."""
    from snippetkit import graph

    _for_accounts(api, kind, pixel_id, account_ids, business, "authorized", graph.authorize, graph.share)


@command.command()
@_pixel_argument
@_accounts_argument
@_business_option
@kind_option
@api_options
def deauthorize(api: Api, kind: Kind, pixel_id: str, account_ids: tuple[str, ...], business: str | None) -> None:
    """Let ad accounts no longer use a pixel."""
    from snippetkit import graph

    _for_accounts(api, kind, pixel_id, account_ids, business, "deauthorized", graph.deauthorize, graph.unshare)


def _for_accounts(
    api: Api,
    kind: Kind,
    pixel_id: str,
    account_ids: Sequence[str],
    business: str | None,
    done: str,
    of_all: Callable[[Transport, str, Sequence[str]], None],
    of_one: Callable[[Transport, str, str, str], None],
) -> None:
    """Change who may use a pixel: all accounts in one call, or those of a business one by one; say what is done."""
    _check_business(kind, business)
    with _connect(api, kind, pixel_id) as transport:
        if business is None:
            of_all(transport, pixel_id, account_ids)
            say(f"{done}: {', '.join(account_ids)}")
        for account in account_ids if business else ():
            of_one(transport, pixel_id, business or "", account)
            say(f"{done}: {account}")


@command.command("create-conversion")
@click.argument("pixel_id", metavar="PIXEL", type=PIXEL_ID)
@click.option("--name", type=NAME, required=True, help="Its name.")
@click.option(
    "--event",
    type=click.Choice(list(CONVERSION_EVENTS)),
    default="Other",
    show_default=True,
    help="What it counts as.",
)
@click.option("--rule", type=RULE, required=True, help="Which of the pixel's events count, as the API's JSON.")
@click.option("--value", "value_cents", type=MINOR_UNITS, help="What one is worth if the event does not say.")
@click.option("--amount", type=AMOUNT, metavar="AMOUNT", help="The same in major units: 19.99.")
@click.option("--currency", type=CURRENCY, help="The ad account's currency, such as USD; --value and --amount need it.")
@account_option
@api_options
def create_conversion(
    api: Api,
    account: str,
    pixel_id: str,
    name: str,
    event: str,
    rule: dict[str, object],
    value_cents: int | None,
    amount: str | None,
    currency: str | None,
) -> None:
    """Create a custom conversion over a Meta Pixel's events, and print its id.

    A rule is a JSON object: '{"and": [{"event": {"eq": "PageView"}}, {"URL": {"i_contains": "/thanks"}}]}'.
    """
    from snippetkit import platforms, work
    from snippetkit.graph import create_custom_conversion

    if value_cents is not None and amount is not None:
        raise click.UsageError("--value and --amount cannot be used together: they are the same in two units.")
    if (value_cents is None and amount is None) != (currency is None):
        raise click.UsageError("Give --value or --amount and --currency together, or neither.")
    platform = platforms.answering(Kind.META)[0].platform
    cents = work.Value(value_cents, currency, amount=amount).minor_units(platform, currency or "")
    value = None if cents is None else platform.amount(cents, currency or "")
    with api.connect() as transport:
        conversion_id = create_custom_conversion(
            transport, account, pixel_id, name=name, event_type=CONVERSION_EVENTS[event], rule=rule, value=value
        )
    put(conversion_id)
    worth = "" if value is None else f", worth {value} {currency} where the event does not say"
    say(f"created: {event}{worth}")


@contextmanager
def _connect(api: Api, kind: Kind, pixel_id: str) -> Iterator[Transport]:
    """Connect, and make sure that there is such a pixel of this kind: nothing else is changed or deleted by its id."""
    from snippetkit import graph

    with connect(api, kind) as transport:
        (graph.read_meta_pixel if kind is Kind.META else graph.read_pixel)(transport, pixel_id)
        yield transport


def _check_business(kind: Kind, business: str | None) -> None:
    if kind is Kind.META and business is None:
        raise click.UsageError("Give --business: a Meta Pixel is shared with the ad accounts of a business.")


def _more(kind: Kind) -> str:
    """What a command line needs in addition for this kind."""
    return "" if kind is Kind.CONVERSION else f" --kind {kind}"


def _confirm_deletion(pixel: Pixel) -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to confirm on; give --yes.")
    make_way()
    return click.confirm(f"Delete the {pixel.tag} pixel '{printable(pixel.name)}' ({pixel.id})?", err=True)


def _print_json(name: str, members: Mapping[str, object]) -> None:
    import json

    put(json.dumps({"version": schemas.version(name), **members}, indent=2))


def _members(pixel: Pixel | MetaPixel) -> dict[str, str]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(pixel).items() if name not in {"js_pixel", "code"}}
