"""The checks: forms are drawn, compared with their paper, corrected with a second officer, a lot is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoaban.intake import actions as intake
from hoaban.rehearsal import queries, rules
from hoaban.synth import actions as synth
from hoaban.verification import actions as verification
from hoaban.verification import queries as checks
from hoaban.verification.rules import Mark, PlanKind, PlanSpec, Verdict
from hoaban.web.actor import Actor

if TYPE_CHECKING:
    from hoaban.rehearsal.actions.company import Company, Figures
    from hoaban.verification.models import Lot, SampledForm

LEFT_TO_CHECK = 8  # so that who tries the demo finds forms to check
LEFT_TO_DECIDE = 2


def check_forms(*, company: Company, by: Actor) -> Figures:
    """Check a sample of two communes; one round stays open with forms to check and corrections to decide."""
    here, there = rules.COMMUNE, rules.NEIGHBOUR
    opened, corrected = _round(company, by, here, "congan.xa", "congan.xa2", leave=LEFT_TO_CHECK)
    closed, more = _round(company, by, there, "canbo.tinh2", "canbo.tinh", leave=0)
    with company.acting("canbo.tinh2") as officer:
        tally = checks.tally(closed)
        gate = verification.accept_lot if tally.may_accept else verification.return_lot
        gate(lot_id=closed.pk, by=officer, at=company.clock())
    tallies = [checks.tally(one) for one in (opened, closed)]
    return {
        "checked": sum(one.done for one in tallies),
        "wrong": sum(one.wrong for one in tallies),
        "corrected": corrected + more,
    }


def _round(company: Company, by: Actor, commune: str, first: str, second: str, *, leave: int) -> tuple[Lot, int]:
    """A lot drawn and checked but for some forms, its corrections decided; how many were."""
    at = company.clock
    with company.acting(first) as officer:
        drawn = verification.draw_round(
            communes=[commune], level=1, plan=PlanSpec(PlanKind.SIZE, n=rules.FORMS_CHECKED), seed=company.seed,
            by=officer, at=at(),
        )  # fmt: skip
        made = checks.lots_of(drawn.pk).get()
        paper = _papers(made, by, company)
        for _form in range(rules.FORMS_CHECKED - leave):
            one = verification.take_next(lot_id=made.pk, by=officer, at=at())
            if one is not None:
                _compare(one, paper, officer, company)
        verification.propose(lot_id=made.pk, by=officer, at=at())
    with company.acting(second) as officer:
        waiting = list(checks.to_decide(officer).filter(lot=made))
        decided = waiting[LEFT_TO_DECIDE:] if leave else waiting
        for one in decided:
            verification.approve(form_id=one.pk, by=officer, at=at())
    return made, len(decided)


def _papers(made: Lot, by: Actor, company: Company) -> dict[str, dict[str, str]]:
    """Draw the papers of the lot; what really stands on those that were typed wrong, by serial and field."""
    folder = queries.forms_folder()
    serials = [one.serial for one in made.forms.all()]
    synth.draw(folder=folder, serials=serials)
    intake.register_images(folder=folder / "images", by=by, at=company.clock())
    return queries.mistyped(serials)


def _compare(one: SampledForm, paper: dict[str, dict[str, str]], officer: Actor, company: Company) -> None:
    sheet = checks.sheet(one)
    fields = {line.name for line in sheet.lines}
    marks = {name: Mark(Verdict.REKEYED, value) for name, value in paper.get(one.serial, {}).items() if name in fields}
    verification.check(form_id=one.pk, marks=marks, version=sheet.version, by=officer, at=company.clock())
