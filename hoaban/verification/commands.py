"""`hoaban verification …`: drawing rounds, how they stand."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from hoaban.base.clock import now
from hoaban.verification import actions, queries
from hoaban.web.actor import acting

app = typer.Typer(help="Checks at three levels.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="one JSON on standard output")]


@app.command()
def draw(
    commune: Annotated[str, typer.Argument(help="code of the commune")],
    level: Annotated[int, typer.Option(help="level of the check")] = 1,
    size: Annotated[int | None, typer.Option(min=1, help="forms to draw; the level's plan if not given")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="seed of the draw")] = None,
    as_json: Json = False,
) -> None:
    """Draw a round of a commune."""
    made = actions.draw_round(commune_code=commune, level=level, size=size, seed=seed, by=acting(), at=now())
    told = {
        "round": made.pk, "commune": commune, "level": level, "seed": made.seed, "of": made.lot.size,
        "forms": made.lot.sample, "limit": made.lot.limit,
        "serials": [one.serial for one in made.lot.forms.order_by("place")],
    }  # fmt: skip
    typer.echo(json.dumps(told) if as_json else f"round {made.pk}: {made.lot.sample} of {made.lot.size} forms")


@app.command("list")
def list_rounds(
    commune: Annotated[str, typer.Option(help="only this commune")] = "",
    as_json: Json = False,
) -> None:
    """How the rounds stand."""
    rows = []
    for one in queries.rounds({commune} if commune else None):
        tally = queries.tally_shown(one)
        rate = queries.decided_rate(one.lot) or queries.rate_now(tally)
        rows.append(
            {
                "round": one.pk, "commune": one.commune_code, "level": one.level, "state": one.lot.state,
                "forms": tally.sample, "left": tally.left, "wrong": tally.wrong, "pending": tally.pending,
                "rate": rate.rate if rate else None, "low": rate.low if rate else None,
                "high": rate.high if rate else None,
            }
        )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        for row in rows:
            typer.echo("  ".join(str(value) for value in row.values()))
