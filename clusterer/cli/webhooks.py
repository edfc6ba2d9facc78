"""`clusterer webhook`: who is told of changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from clusterer.cli.output import Json, print_json, print_table, say
from clusterer.cli.session import DEFAULT, CollectionName, open_collection

webhook = typer.Typer(help="Endpoints that changes are sent to.", no_args_is_help=True)
WebhookId = Annotated[str, typer.Argument(help="As listed.")]


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.add_typer(webhook, name="webhook")


@webhook.command("add")
def webhook_add(
    url: Annotated[str, typer.Argument(help="Gets a signed POST for each change.")],
    cursor: Annotated[str | None, typer.Option(help="Begin after this cursor; without it, from now on.")] = None,
    collection: CollectionName = DEFAULT,
    as_json: Json = False,
) -> None:
    """Register an endpoint. The secret that its messages are signed with is shown once."""
    webhooks = open_collection(collection).webhooks
    try:
        made = webhooks.create(url, cursor)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json(made)
        return
    say(made.id, "bold")
    say(f"secret (shown only now): {made.secret}")
    if objection := webhooks.objection(url):
        say(f"nothing will be sent to it: {objection} (set it for the workers)", "yellow")


@webhook.command("list")
def webhook_list(collection: CollectionName = DEFAULT, as_json: Json = False) -> None:
    """List endpoints and how far each has been sent the changes."""
    found = open_collection(collection).webhooks.all()
    if as_json:
        print_json([replace(one, secret="") for one in found])
        return
    rows = [(one.id, one.url, one.cursor, one.failures, one.disabled or one.last_error) for one in found]
    print_table("Webhooks", ("id", "url", "has change", "failures", "trouble"), rows, right=("has change", "failures"))


@webhook.command("remove")
def webhook_remove(webhook_id: WebhookId, collection: CollectionName = DEFAULT) -> None:
    """Remove an endpoint."""
    open_collection(collection).webhooks.delete(webhook_id)
    say("removed")


@webhook.command("test")
def webhook_test(webhook_id: WebhookId, collection: CollectionName = DEFAULT) -> None:
    """Send a test event now."""
    say(f"the endpoint answered HTTP {open_collection(collection).webhooks.test(webhook_id)}")


@webhook.command("replay")
def webhook_replay(
    webhook_id: WebhookId,
    cursor: Annotated[
        str | None, typer.Option(help="Send the changes after this cursor; without it, continue where it stopped.")
    ] = None,
    collection: CollectionName = DEFAULT,
) -> None:
    """Send changes again, or enable an endpoint that was disabled."""
    open_collection(collection).webhooks.replay(webhook_id, cursor)
    say("changes will be sent " + ("from that cursor on" if cursor else "from where it stopped"))
