"""`hoaban verification …`: drawing rounds, drawing a sample again, how rounds and lots stand."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from typing import Annotated

import typer

from hoaban.base.clock import now
from hoaban.places import queries as places
from hoaban.verification import actions, queries
from hoaban.verification.models import Lot
from hoaban.verification.rules import LotsBy, PlanKind, PlanSpec
from hoaban.web.actor import acting

app = typer.Typer(help="Checks at three levels.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="one JSON on standard output")]
Share = Annotated[float, typer.Option(min=0, max=1)]


@app.command()
def draw(
    communes: Annotated[list[str] | None, typer.Argument(help="keys of the communes; all if none is named")] = None,
    level: Annotated[int, typer.Option(help="level of the check")] = 1,
    but: Annotated[list[str] | None, typer.Option(help="leave this commune out; may be repeated")] = None,
    name: Annotated[str, typer.Option(help="name of the round")] = "",
    plan: Annotated[PlanKind | None, typer.Option(help="the level's plan if not given")] = None,
    aql: Annotated[str, typer.Option(help="acceptance quality limit in per cent")] = "1.0",
    inspection: Annotated[str, typer.Option(help="general level of the tables: I, II, III")] = "II",
    good: Share = 0.01,
    bad: Share = 0.05,
    alpha: Share = 0.10,
    beta: Share = 0.05,
    size: Annotated[int | None, typer.Option(min=1, help="number of forms of each lot")] = None,
    lots_by: Annotated[LotsBy, typer.Option(help="what is accepted or returned together")] = LotsBy.COMMUNE,
    more: Annotated[int, typer.Option(min=0, help="per cent drawn besides, where errors are likelier")] = 0,
    direct: Annotated[bool, typer.Option("--direct", help="from what the level below didn't look at")] = False,
    opens: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    closes: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="seed of the draw; one is drawn if not given")] = None,
    as_json: Json = False,
) -> None:
    """Draw a round over communes: a lot for each that has forms."""
    chosen = set(communes or [one.key for one in places.communes()]) - set(but or [])
    kind = plan or (PlanKind.SIZE if size else None)
    spec = None
    if kind is not None:
        spec = PlanSpec(kind, aql=aql, inspection=inspection, good=good, bad=bad, alpha=alpha, beta=beta, n=size)
    made = actions.draw_round(
        communes=chosen, level=level, name=name, plan=spec, lots_by=lots_by, more=more, seed=seed,
        opens_on=opens.date() if opens else None, closes_on=closes.date() if closes else None, direct=direct,
        by=acting(), at=now(),
    )  # fmt: skip
    standing = queries.standings([made])[made.pk]
    told = {
        "round": made.pk, "number": made.number, "level": level, "seed": made.seed, "plan": made.plan,
        "communes": len(made.communes), "of": standing.size, "forms": standing.drawn,
        "lots": [
            {
                "lot": one.pk, "commune": one.commune_code, "village": one.village_code, "seed": one.seed,
                "of": one.size, "forms": one.drawn, "sample": one.sample, "limit": one.limit,
                "inspection": one.inspection,
            }
            for one in queries.lots_of(made.pk)
        ],
    }  # fmt: skip
    said = f"round {made.pk}: {sum(standing.lots.values())} lots, {standing.drawn} of {standing.size} forms"
    typer.echo(json.dumps(told) if as_json else said)


@app.command()
def sample(
    lot: Annotated[int, typer.Argument(help="number of the lot")],
    as_csv: Annotated[bool, typer.Option("--csv", help="the forms as a table on standard output")] = False,
) -> None:
    """Draw the sample of a lot again from its recorded seed and frame; fails if other forms are kept for it."""
    queries.one_lot(lot)
    whole = Lot.objects.get(pk=lot)
    again = queries.drawn_again(whole)
    if as_csv:
        table = csv.writer(sys.stdout)
        table.writerow(("place", "serial", "decides", "stratum", "weight"))
        table.writerows((one.place, one.serial, int(one.decides), one.stratum, f"{one.weight:.6f}") for one in again)
    same = queries.is_as_drawn(whole, again)
    verdict = "these are the forms kept for it" if same else "OTHER FORMS ARE KEPT FOR IT"
    typer.echo(f"lot {lot}, seed {whole.seed}: {len(again)} of {whole.size} forms; {verdict}", err=True)
    if not same:
        raise typer.Exit(1)


@app.command("list")
def list_lots(
    commune: Annotated[str, typer.Option(help="only this commune")] = "",
    of_round: Annotated[int | None, typer.Option("--round", help="only this round")] = None,
    as_json: Json = False,
) -> None:
    """How the lots stand."""
    found = queries.lots({commune} if commune else None)
    lots = list(found.filter(round=of_round) if of_round else found)
    tallies = queries.tallies(lots)
    rows = []
    for one in lots:
        tally, rate = tallies[one.pk], queries.decided_rate(one)
        rows.append(
            {
                "lot": one.pk, "round": one.round_id, "commune": one.commune_code, "village": one.village_code,
                "level": one.level, "step": one.step, "state": one.state, "forms": tally.drawn, "left": tally.left,
                "wrong": tally.wrong, "pending": tally.pending, "limit": one.limit,
                "rate": rate.rate if rate else None, "low": rate.low if rate else None,
                "high": rate.high if rate else None,
            }
        )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        for row in rows:
            typer.echo("  ".join(str(value) for value in row.values()))
