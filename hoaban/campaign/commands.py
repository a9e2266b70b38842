"""`hoaban campaign …`: a week's plan from the command line."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated

import typer

from hoaban.base.clock import now
from hoaban.base.errors import Refusal
from hoaban.base.words import _
from hoaban.campaign import actions, queries
from hoaban.web.actor import acting_as, job_actor

app = typer.Typer(help="Who is left, and weeks of teams.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="one JSON on standard output")]


class NotADay(Refusal):
    """A day is written as year-month-day on the command line."""

    code = "campaign.not_a_day"
    message = _("%(written)s isn't a day. Write it as 2026-03-09.")


@app.command(name="plan")
def plan_week(
    communes: Annotated[str, typer.Argument(help="codes of communes, with commas; the first is the teams' base")],
    first_day: Annotated[str, typer.Option("--from", help="first day of the week, such as 2026-03-09")],
    teams: Annotated[int, typer.Option(min=1, help="how many teams")] = 2,
    fix: Annotated[bool, typer.Option("--fix", help="promise it to people at once")] = False,
    as_json: Json = False,
) -> None:
    """Plan a week and say what the simulator thinks of it."""
    codes = [code.strip() for code in communes.split(",") if code.strip()]
    actor = job_actor("campaign.plan")
    with acting_as(actor):
        made = actions.make_teams(commune_code=codes[0] if codes else "", count=teams, by=actor, at=now())
        plan = actions.plan_week(
            commune_codes=codes, team_codes=[team.code for team in made], first_day=_day(first_day),
            by=actor, at=now(),
        )  # fmt: skip
        if fix:
            plan = actions.fix(plan_id=plan.pk, by=actor, at=now())
        judgement = queries.plan_view(plan).judgement
    said = {
        "plan": plan.pk, "state": plan.state, "first_day": plan.first_day.isoformat(), **plan.figures,
        "sound": judgement.is_sound, "left_out": plan.left_out,
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(said))
    else:
        for name, value in said.items():
            typer.echo(f"{name}: {len(value) if isinstance(value, list) else value}")


@app.command()
def left(as_json: Json = False) -> None:
    """How many are left in each commune, by segment."""
    with acting_as(job_actor("campaign.left")):
        counted = queries.counts_by_commune()
    if as_json:
        typer.echo(json.dumps(counted))
    else:
        for commune, parts in counted.items():
            typer.echo(f"{commune}: " + ", ".join(f"{segment} {count}" for segment, count in parts.items()))


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise NotADay(written=written) from None
