"""Drawing: a round over its communes at once, and what follows a returned lot."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.db import connection, transaction

from hoaban.audit import actions as audit
from hoaban.base import bulk
from hoaban.base.clock import day_of
from hoaban.places import queries as places
from hoaban.verification import queries, rules
from hoaban.verification.engine import planning, sampling
from hoaban.verification.models import Lot, Round, SampledForm
from hoaban.verification.queries import Waiting
from hoaban.verification.rules import Inspection, LotsBy, PlanSpec, Step
from hoaban.web.actor import Actor

NAMED = 3  # communes that a refusal names


@dataclass(frozen=True)
class _Pile:
    """The forms of a lot to be drawn."""

    commune: str
    village: str
    forms: Sequence[Waiting]
    inspection: Inspection = Inspection.NORMAL


@transaction.atomic
def draw_round(
    *, communes: Collection[str], level: int, by: Actor, at: dt.datetime, name: str = "", plan: PlanSpec | None = None,
    lots_by: LotsBy = LotsBy.COMMUNE, more: int = 0, seed: int | None = None, opens_on: dt.date | None = None,
    closes_on: dt.date | None = None, direct: bool = False,
) -> Round:  # fmt: skip
    """Draw a round over these communes at a level: a lot for each that has forms, and the forms of its sample.

    Without a `plan` the level's is taken, without a `seed` one is drawn; both are kept. `more` forms in a hundred of
    the plan's are drawn besides, where errors are likelier. `direct` draws from what the level below didn't look at.
    Raises NoSuchLevel, NoSuchDraw, NothingBelow, NothingToDraw, NoPlan.
    """
    drawn_at, opens_on = rules.level(level), opens_on or day_of(at)
    if not communes or (closes_on is not None and closes_on < opens_on):
        raise rules.NoSuchDraw()
    for commune in communes:
        by.must(rules.DRAW, commune)
        by.must(drawn_at.permission, commune)
    _one_at_a_time(level)
    waiting = queries.waiting(drawn_at, communes, day_of(at), direct)
    if not waiting:
        raise rules.NothingToDraw(level=level, commune=_told(communes))
    made = Round.objects.create(
        name=name.strip()[:120], level=level, number=queries.next_number(level), communes=sorted(communes),
        direct=direct, lots_by=lots_by, plan=(plan or drawn_at.spec).kept(), more=more,
        importance=sampling.IMPORTANCE if more else {},
        seed=secrets.randbelow(rules.LARGEST_SEED) if seed is None else seed,
        opens_on=opens_on, closes_on=closes_on, drawn_at=at, drawn_by_id=by.id, drawn_by_name=by.name,
        simulated=any(one.simulated for pile in waiting.values() for one in pile),
    )  # fmt: skip
    piles = list(_piles(waiting, lots_by, queries.inspections(level, waiting)))
    lots = [
        _lot(made, number, pile, made.spec, level=level, seed=rules.lot_seed(made.seed, pile.commune, pile.village))
        for number, pile in enumerate(piles, start=1)
    ]
    _write(lots, piles)
    audit.record(
        "verification.drawn", made.subject, by=by, at=at,
        facts={
            "communes": len(made.communes), "level": level, "seed": made.seed, "plan": made.plan, "more": more,
            "direct": direct, "lots": len(lots), "of": sum(one.size for one in lots),
            "forms": sum(one.drawn for one in lots),
        },
    )  # fmt: skip
    return made


def check_whole(*, lot: Lot, serials: Collection[str], by: Actor, at: dt.datetime) -> Lot:
    """Make a lot of the rows that go back, all to be looked at by the level below. For the gate, in its transaction."""
    level = rules.level(lot.round.level).goes_back_to
    pile = _Pile(lot.commune_code, lot.village_code, queries.forms_under(lot, serials))
    return _follow(lot, pile, PlanSpec(rules.PlanKind.FULL), Step.WHOLE, level, by, at)


def draw_again(*, lot: Lot, by: Actor, at: dt.datetime) -> Lot:
    """Draw a returned lot again, tightened, with a seed that nobody could know. For the gate, in its transaction."""
    serials = [serial for part in lot.frame.values() for serial in part]
    pile = _Pile(lot.commune_code, lot.village_code, queries.forms_under(lot, serials), Inspection.TIGHTENED)
    return _follow(lot, pile, lot.round.spec, Step.AGAIN, lot.round.level, by, at)


def _follow(lot: Lot, pile: _Pile, spec: PlanSpec, step: Step, level: int, by: Actor, at: dt.datetime) -> Lot:
    Round.objects.select_for_update().get(pk=lot.round_id)  # numbers one after the other
    made = _lot(
        lot.round, lot.round.lots.count() + 1, pile, spec, level=level, seed=secrets.randbelow(rules.LARGEST_SEED)
    )
    made.step, made.returned_from = step, lot
    _write([made], [pile])
    audit.record(
        "verification.drawn_again", made.subject, by=by, at=at, commune_code=lot.commune_code,
        facts={
            "step": step, "returned": lot.pk, "level": level, "seed": made.seed, "of": made.size, "forms": made.drawn,
            "limit": made.limit,
        },
    )  # fmt: skip
    return made


def _one_at_a_time(level: int) -> None:
    """Two who draw at once draw one after the other, so that no form is in the frames of both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('verification.draw'), %s)", [level])


def _told(communes: Collection[str]) -> str:
    named = [places.name(one) for one in sorted(communes)[:NAMED]]
    return ", ".join([*named, "…"] if len(communes) > NAMED else named)


def _piles(
    waiting: Mapping[str, Sequence[Waiting]], lots_by: LotsBy, inspections: Mapping[str, Inspection]
) -> Iterator[_Pile]:
    for commune in sorted(waiting):
        parts = defaultdict(list)
        for one in waiting[commune]:
            parts[one.village_code if lots_by is LotsBy.VILLAGE else ""].append(one)
        for village in sorted(parts):
            yield _Pile(commune, village, parts[village], inspections.get(commune, Inspection.NORMAL))


def _lot(round_: Round, number: int, pile: _Pile, spec: PlanSpec, *, level: int, seed: int) -> Lot:
    """The lot of a pile by its plan, not yet saved."""
    frame = defaultdict(list)
    for one in pile.forms:
        frame[one.stratum].append(one.serial)
    size = len(pile.forms)
    plan = planning.plan_for(spec, size, pile.inspection)
    more = min(round(plan.n * round_.more / 100), size - plan.n)
    return Lot(
        round=round_, number=number, commune_code=pile.commune, village_code=pile.village, level=level,
        step=Step.FIRST, seed=seed, size=size, sample=plan.n, more=more,
        limit=None if planning.looks_at_all(spec, size, pile.inspection) else plan.limit,
        inspection=pile.inspection, frame=dict(frame),
    )  # fmt: skip


def _write(lots: Sequence[Lot], piles: Iterable[_Pile]) -> None:
    """Draw each lot's sample and write lots and forms, all at once."""
    samples = [queries.drawn_again(lot) for lot in lots]
    for lot, sample in zip(lots, samples, strict=True):
        lot.drawn = len(sample)
    Lot.objects.bulk_create(lots, batch_size=200)
    rows = [
        (
            lot.pk, one.place, form.commune_code, form.village_code, one.serial, form.person_id, form.stratum,
            one.weight, form.collected_by, form.filled_on, form.keyed_by_id, form.simulated,
        )
        for lot, sample, pile in zip(lots, samples, piles, strict=True)
        for forms in [{form.serial: form for form in pile.forms}]
        for one in sample
        for form in [forms[one.serial]]
    ]  # fmt: skip
    columns = (
        "lot_id", "place", "commune_code", "village_code", "serial", "person_id", "stratum", "weight", "collected_by",
        "filled_on", "keyed_by_id", "simulated",
    )  # fmt: skip
    bulk.insert(SampledForm._meta.db_table, pl.DataFrame(rows, schema=columns, orient="row"))
