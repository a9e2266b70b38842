"""Drawing a round: which forms of a commune are looked at, so that anyone can draw them again."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import connection, transaction

from hoaban.audit import actions as audit
from hoaban.places import queries as places
from hoaban.verification import queries, rules
from hoaban.verification.engine import acceptance, sampling
from hoaban.verification.models import Lot, Round, SampledForm
from hoaban.verification.rules import Level, PlanKind
from hoaban.web.actor import Actor

LARGEST_SEED = 10**9


@transaction.atomic
def draw_round(
    *, commune_code: str, level: int, by: Actor, at: dt.datetime, size: int | None = None, seed: int | None = None
) -> Round:
    """Draw a round of a commune at a level: its lot and its sampled forms.

    Without a `size` the level's plan says how many. Without a `seed` one is drawn and kept. Raises
    NoSuchLevel, RoundRunning, NothingToDraw.
    """
    drawn_at = rules.level(level)
    by.must(rules.DRAW, commune_code)
    by.must(drawn_at.permission, commune_code)
    number = _next_number(commune_code, drawn_at)
    pile = {one.serial: one for one in queries.waiting(commune_code, drawn_at)}
    if not pile:
        raise rules.NothingToDraw(level=level, commune=places.name(commune_code))
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    plan = _plan(drawn_at, len(pile), size)
    made = Round.objects.create(
        commune_code=commune_code, level=level, number=number, seed=seed, opened_at=at,
        opened_by_id=by.id, opened_by_name=by.name, simulated=any(one.simulated for one in pile.values()),
    )  # fmt: skip
    limit = None if drawn_at.plan is PlanKind.FULL and plan.n == len(pile) else plan.limit
    lot = Lot.objects.create(
        round=made, size=len(pile), sample=plan.n, limit=limit, aql=drawn_at.aql, frame=sorted(pile)
    )
    drawn = [pile[serial] for serial in sampling.draw(pile, plan.n, seed)]
    SampledForm.objects.bulk_create(
        (
            SampledForm(
                lot=lot, place=place, commune_code=commune_code, serial=one.serial, person_id=one.person_id,
                collected_by=one.collected_by[:200], keyed_by_id=one.keyed_by_id, simulated=one.simulated,
            )
            for place, one in enumerate(drawn, start=1)
        ),
        batch_size=1000,
    )  # fmt: skip
    audit.record(
        "verification.drawn", made.subject, by=by, at=at,
        facts={
            "commune": commune_code, "level": level, "seed": seed, "of": lot.size, "forms": lot.sample,
            "limit": limit, "aql": lot.aql,
        },
    )  # fmt: skip
    return made


def _next_number(commune_code: str, level: Level) -> int:
    """The number of the next round, one after the other. Raises RoundRunning."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('verification.draw'), hashtext(%s))",
            [f"{commune_code}/{level.number}"],
        )
    earlier = Round.objects.filter(commune_code=commune_code, level=level.number)
    running = earlier.filter(closed_at=None).first()
    if running is not None:
        raise rules.RoundRunning(round=running.number, commune=places.name(commune_code))
    return earlier.count() + 1


def _plan(level: Level, waiting: int, size: int | None) -> acceptance.Plan:
    if size is not None:
        return acceptance.plan_of_size(size, waiting, level.aql)
    if level.plan is PlanKind.FULL:
        return acceptance.Plan(waiting, 0)
    return acceptance.iso_plan(waiting, level.aql)
