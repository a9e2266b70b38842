"""`hoaban rehearsal …`"""

from __future__ import annotations

import typer

from hoaban.rehearsal import queries

app = typer.Typer(help="A campaign with synthetic people.", no_args_is_help=True)


@app.callback()
def rehearsal() -> None:
    """A campaign with synthetic people."""


@app.command()
def code(username: str) -> None:
    """The six digits that a made-up officer's authenticator shows now."""
    typer.echo(queries.totp_code(username))
