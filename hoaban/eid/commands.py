"""`hoaban eid …`: relying parties and the provider's keys."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from hoaban.base.clock import now
from hoaban.eid import actions, queries
from hoaban.web.actor import acting

app = typer.Typer(help="e-ID accounts and the OpenID provider.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="one JSON on standard output")]


@app.command("client-add")
def client_add(
    name: Annotated[str, typer.Argument(help="what citizens read before they agree")],
    redirect: Annotated[list[str], typer.Option(help="address to come back to, exactly; may be repeated")],
    scope: Annotated[list[str] | None, typer.Option(help="profile, number; may be repeated")] = None,
    sector: Annotated[str, typer.Option(help="host that stands for several ones")] = "",
    public: Annotated[bool, typer.Option("--public", help="an app that can keep no secret")] = False,
    as_json: Json = False,
) -> None:
    """Admit a relying party. Its secret is shown once."""
    client, secret = actions.add_client(
        name=name, redirects=redirect, scopes=scope or ["profile"], sector=sector, public=public,
        by=acting(), at=now(),
    )  # fmt: skip
    shown = {"client_id": client.client_id, "client_secret": secret, "issuer": queries.issuer()}
    typer.echo(json.dumps(shown) if as_json else "\n".join(f"{key}: {value or '–'}" for key, value in shown.items()))


@app.command("client-withdraw")
def client_withdraw(client_id: Annotated[str, typer.Argument(help="as client-list shows it")]) -> None:
    """Let a relying party ask nothing more."""
    actions.withdraw_client(client_id=client_id, by=acting(), at=now())
    typer.echo(f"{client_id} is withdrawn")


@app.command("client-list")
def client_list(as_json: Json = False) -> None:
    """Relying parties, what each may ask for and where it comes back to."""
    rows = [
        {
            "client_id": one.client_id,
            "name": one.name,
            "scopes": one.scopes,
            "redirects": one.redirects,
            "withdrawn": one.withdrawn_at is not None,
        }
        for one in queries.clients()
    ]
    if as_json:
        typer.echo(json.dumps(rows))
    for row in () if as_json else rows:
        typer.echo("  ".join(str(value) for value in row.values()))


@app.command()
def keys(
    new: Annotated[bool, typer.Option("--new", help="make a new key, which signs from now on")] = False,
    as_json: Json = False,
) -> None:
    """The keys that relying parties verify with; the last one signs."""
    if new:
        actions.add_key(by=acting(), at=now())
    published = queries.provider_keys().published()
    typer.echo(json.dumps(published) if as_json else "\n".join(key["kid"] for key in published["keys"]))
