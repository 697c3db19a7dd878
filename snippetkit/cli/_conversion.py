"""`snippetkit pixels create-conversion`: what a Meta Pixel's events count as."""

from __future__ import annotations

import click

from snippetkit.cli._api import Api, account_option, api_options
from snippetkit.cli._types import MINOR_UNITS, NAME, PIXEL_ID, RULE
from snippetkit.terms import CONVERSION_EVENTS


@click.command("create-conversion")
@click.argument("pixel_id", metavar="PIXEL", type=PIXEL_ID)
@click.option("--name", type=NAME, required=True, help="What people call it.")
@click.option(
    "--event",
    type=click.Choice(list(CONVERSION_EVENTS)),
    default="Other",
    show_default=True,
    help="What it counts as.",
)
@click.option("--rule", type=RULE, required=True, help="Which of the pixel's events count, as the API's JSON.")
@click.option("--value", "value_cents", type=MINOR_UNITS, help="What one is worth where the event does not say.")
@click.option("--currency", metavar="CODE", help="The ad account's currency, such as USD; --value needs it.")
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
    currency: str | None,
) -> None:
    """Create a custom conversion over a Meta Pixel's events, and print its id.

    A rule is a JSON object: '{"and": [{"event": {"eq": "PageView"}}, {"URL": {"i_contains": "/thanks"}}]}'.
    """
    from snippetkit import money
    from snippetkit.graph import create_custom_conversion

    if (value_cents is None) != (currency is None):
        raise click.UsageError("Give --value and --currency together, or neither.")
    value = None if value_cents is None or currency is None else money.to_major(value_cents, currency)
    with api.connect() as transport:
        conversion_id = create_custom_conversion(
            transport, account, pixel_id, name=name, event_type=CONVERSION_EVENTS[event], rule=rule, value=value
        )
    click.echo(conversion_id)
    worth = "" if value is None else f", worth {value} {currency} where the event does not say"
    click.echo(f"created: {event}{worth}", err=True)
