"""Rounds: the list, and how each stands over its lots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from hoaban.base.errors import NotFound
from hoaban.verification.models import Lot, Round, SampledForm
from hoaban.verification.queries.lots import Communes, lots
from hoaban.verification.rules import LotState, Outcome


def rounds(communes: Communes = None) -> QuerySet[Round]:
    """The rounds over any of these communes, newest first."""
    found = Round.objects.all() if communes is None else Round.objects.filter(communes__overlap=sorted(communes))
    return found.order_by("-drawn_at", "-pk")


def one_round(round_id: int, communes: Communes = None) -> Round:
    """One round. Raises NotFound."""
    found = rounds(communes).filter(pk=round_id).first()
    if found is None:
        raise NotFound(what=round_id)
    return found


def lots_of(round_id: int, communes: Communes = None, state: LotState | None = None) -> QuerySet[Lot]:
    """The lots of a round in these communes, in their order."""
    found = lots(communes).filter(round=round_id)
    return (found if state is None else found.filter(state=state)).order_by("number")


@dataclass
class Standing:
    """How a round stands: lots by state, forms drawn, looked at and found wrong."""

    lots: dict[LotState, int] = field(default_factory=lambda: dict.fromkeys(LotState, 0))
    size: int = 0
    drawn: int = 0
    done: int = 0
    wrong: int = 0

    @property
    def left(self) -> int:
        """Forms that are still to be looked at."""
        return self.drawn - self.done


def standings(found: Iterable[Round], communes: Communes = None) -> dict[int, Standing]:
    """How these rounds stand in these communes, by id. Forms are counted in open lots only; the others know."""
    ids = [one.pk for one in found]
    told = {pk: Standing() for pk in ids}
    of_them = lots(communes).filter(round__in=ids).order_by()
    sums = {name: Coalesce(Sum(name), 0) for name in ("size", "drawn", "checked", "wrong")}
    for round_id, state, count, size, drawn, checked, wrong in of_them.values_list("round", "state").annotate(
        count=Count("pk"), **{f"all_{name}": one for name, one in sums.items()}
    ):
        one = told[round_id]
        one.lots[LotState(state)] += count
        one.size, one.drawn = one.size + size, one.drawn + drawn
        one.done, one.wrong = one.done + checked, one.wrong + wrong
    opened = SampledForm.objects.filter(lot__in=of_them.filter(state=LotState.OPEN).values("pk")).exclude(outcome="")
    for round_id, outcome, count in opened.order_by().values_list("lot__round", "outcome").annotate(count=Count("pk")):
        told[round_id].done += count
        told[round_id].wrong += count if outcome == Outcome.WRONG else 0
    return told


def next_number(level: int) -> int:
    """The number of the next round of a level."""
    return Round.objects.filter(level=level).count() + 1
