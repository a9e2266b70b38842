"""From the plan that was chosen for a round to the numbers of one lot, and to its sample."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from hoaban.verification.engine import acceptance, sampling
from hoaban.verification.engine.sampling import Drawn
from hoaban.verification.rules import Inspection, NoPlan, PlanKind, PlanSpec


def plan_for(spec: PlanSpec, lot: int, inspection: Inspection = Inspection.NORMAL) -> acceptance.Plan:
    """The plan of a lot of that size. Raises NoPlan.

    Where sampling was stopped, every form is looked at. Plans that know no severity are tightened by the next
    stricter limit: one wrong form fewer is allowed.
    """
    if spec.kind is PlanKind.FULL or inspection is Inspection.DISCONTINUED:
        return acceptance.full_check(lot)
    if spec.kind is PlanKind.ISO:
        return acceptance.iso_plan(lot, spec.aql, spec.inspection, inspection)
    plan = _other(spec, lot)
    if inspection is Inspection.TIGHTENED:
        return acceptance.Plan(plan.n, max(plan.limit - 1, 0), plan.letter, plan.kind, plan.terms)
    return plan


def _other(spec: PlanSpec, lot: int) -> acceptance.Plan:
    if spec.kind is PlanKind.SIZE:
        return acceptance.plan_of_size(spec.n or 1, lot, spec.aql)
    if spec.kind is PlanKind.LQAS:
        found = acceptance.lqas_plan(1 - spec.good, 1 - spec.bad, spec.alpha, spec.beta, spec.n)
    else:
        try:
            found = acceptance.smallest_plan(spec.good, spec.bad, spec.alpha, spec.beta, lot)
        except NoPlan:  # so few forms that only all of them tell
            return acceptance.full_check(lot)
    return found if found.n <= lot else acceptance.full_check(lot, found.limit)


def looks_at_all(spec: PlanSpec, lot: int, inspection: Inspection) -> bool:
    """Whether every form is looked at and put right, whatever is found."""
    whole = spec.kind is PlanKind.SIZE and (spec.n or 1) >= lot
    return whole or spec.kind is PlanKind.FULL or inspection is Inspection.DISCONTINUED


def draw_lot(
    frame: Mapping[str, Collection[str]], sample: int, more: int, seed: int, importance: Mapping[str, float]
) -> list[Drawn]:
    """The sample of a lot from its serials by stratum, in the order of the draw.

    The first `sample` forms decide the lot; where nothing more is drawn strata don't matter, and every form
    stands for as many.
    """
    strata = {serial: name for name, serials in frame.items() for serial in serials}
    drawn = sampling.draw_stratified(strata, sample, more, seed, importance, least=sampling.LEAST if more else 0)
    return drawn if more else [replace(one, weight=len(strata) / len(drawn)) for one in drawn]
