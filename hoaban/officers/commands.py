"""`hoaban officers …`: who may sign in, in which role and where."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from hoaban.base.clock import now, today
from hoaban.officers import actions, queries
from hoaban.officers.rules import AreaLevel, Role
from hoaban.places import queries as places
from hoaban.web.actor import job_actor

if TYPE_CHECKING:
    from hoaban.places.models import Unit

app = typer.Typer(help="Officers, their roles and passwords.", no_args_is_help=True)
BY = job_actor("officers.command")


@app.command()
def enlist(
    username: str,
    full_name: str,
    role: Role,
    unit: Annotated[str, typer.Argument(help="code of the commune, district or province")],
    level: Annotated[AreaLevel, typer.Option(help="what the code names")] = AreaLevel.COMMUNE,
    title: Annotated[str, typer.Option(help="post, as it is written under their name")] = "",
    number: Annotated[str, typer.Option(help="their own 12-digit number, if they give it")] = "",
) -> None:
    """Make an officer with a role in an area; prints the first password. They set up the second step themselves."""
    at, password = now(), _password()
    found = _unit(unit, level)
    officer = actions.enlist(
        username=username,
        full_name=full_name,
        password=password,
        title=title,
        number=number,
        by=BY,
        at=at,
        is_new=True,
    )
    actions.assign(officer=officer, role=role, unit_code=found.key, unit_level=level, by=BY, at=at)
    typer.echo(f"{username}: {full_name}, {role}, {found.full_name}\npassword {password}")


@app.command()
def assign(
    username: str,
    role: Role,
    unit: Annotated[str, typer.Argument(help="code of the commune, district or province")],
    level: Annotated[AreaLevel, typer.Option(help="what the code names")] = AreaLevel.COMMUNE,
) -> None:
    """Give an officer one more role in an area, from today on."""
    found = _unit(unit, level)
    officer = queries.officer(username)
    actions.assign(officer=officer, role=role, unit_code=found.key, unit_level=level, by=BY, at=now())
    typer.echo(f"{username}: {role}, {found.full_name}")


@app.command()
def renew(username: str) -> None:
    """Give a new password in place of a forgotten one; the second step is set up anew. Signs them out everywhere."""
    password = _password()
    actions.renew(officer=queries.officer(username), password=password, by=BY, at=now())
    typer.echo(f"{username}\npassword {password}")


@app.command(name="list")
def write_list() -> None:
    """Everybody who may sign in, with their roles today."""
    for officer in queries.officers():
        held = ", ".join(f"{one.role} {one.unit_code}" for one in queries.roles_of(officer))
        typer.echo(f"{officer.username}\t{officer.full_name}\t{held}")


def _unit(code: str, level: str) -> Unit:
    """The unit that has this code today: a code of before a reform may be another unit's now."""
    return places.unit(places.key_of(code, today(), level), level=level)


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(4))
