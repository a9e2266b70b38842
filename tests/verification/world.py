"""A commune with forms in the register, and officers to check them."""

from __future__ import annotations

from pathlib import Path

from hoaban.base.clock import now
from hoaban.intake import actions as intake
from hoaban.people.models import Person
from hoaban.verification import actions
from hoaban.verification.models import Lot, SampledForm
from hoaban.verification.rules import Mark, PlanKind, PlanSpec, Verdict
from hoaban.web.actor import Actor
from tests import make
from tests.intake.forms import unnumbered, write_csv

NAMES = [
    "LÒ PAO MAY",
    "LÒ PAO SUNG",
    "GIÀNG A CHU",
    "QUÀNG VI",
    "VÀNG A SÚA",
    "LÈO XO",
    "CÀ PAO",
    "MÙA A LONG",
    "SÙNG A DU",
    "TÒNG PAO",
    "LÂU A SAY",
    "CHANG VI",
]


def forms(folder: Path, count: int = 8, **written: str) -> list[Person]:
    """So many people of Nam Khan, counted on forms; collected by turns in the hands of two collectors."""
    rows = [
        unnumbered(**({"full_name": f"{NAMES[place % len(NAMES)]}", "officer": f"Hand {place % 2}"} | written))
        for place in range(count)
    ]
    intake.load(path=write_csv(folder / f"forms-{rows[0]['form_serial']}.csv", *rows), by=make.MAKER, at=now())
    people = list(Person.objects.order_by("-pk")[:count])
    assert len(people) == count
    return people[::-1]


def drawn(level: int = 1, size: int | None = None, seed: int = 7) -> Lot:
    """The lot of a round of Nam Khan."""
    plan = PlanSpec(PlanKind.SIZE, n=size) if size else None
    made = actions.draw_round(communes=[make.NAM_KHAN], level=level, plan=plan, seed=seed, by=make.MAKER, at=now())
    return made.lots.get()


def wrong(name: str = "father_name", value: str = "LÒ PAO DIA") -> dict[str, Mark]:
    """The paper says something else in one field."""
    return {name: Mark(Verdict.REKEYED, value)}


def check(lot: Lot, place: int, by: Actor, marks: dict[str, Mark] | None = None) -> SampledForm:
    """Check the form at that place."""
    one = SampledForm.objects.get(lot=lot.pk, place=place)
    return actions.check(form_id=one.pk, marks=marks or {}, by=by, at=now())


def check_all(lot: Lot, by: Actor, wrong_places: tuple[int, ...] = ()) -> None:
    """Check every form; those at the named places are wrong in the father's name."""
    for one in SampledForm.objects.filter(lot=lot.pk, outcome="").order_by("place"):
        check(lot, one.place, by, wrong() if one.place in wrong_places else None)


def corrected(lot: Lot, found_by: Actor, second: Actor) -> None:
    """Send what was found and have a second officer approve all of it."""
    actions.propose(lot_id=lot.pk, by=found_by, at=now())
    for one in SampledForm.objects.filter(lot=lot.pk, sent_at__isnull=False, corrected_at=None):
        actions.approve(form_id=one.pk, by=second, at=now())
