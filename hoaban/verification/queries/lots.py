"""Lots: how one stands, how sure we are of it, what goes back of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When

from hoaban.base.errors import NotFound
from hoaban.intake import queries as intake
from hoaban.officers import queries as officers
from hoaban.places import queries as places
from hoaban.verification import rules
from hoaban.verification.engine import clusters, estimate, planning
from hoaban.verification.engine.sampling import Drawn
from hoaban.verification.models import Lot, SampledForm
from hoaban.verification.rules import Interval, LotState, Outcome, Tally

if TYPE_CHECKING:
    from hoaban.officers.models import Approval

Communes = Collection[str] | None  # None is every commune
DECIDED = (Outcome.RIGHT, Outcome.WRONG)
HEAVY = ("frame", "sent_back", "groups")
HEAVY_OF_LOT = tuple(f"lot__{name}" for name in HEAVY)


def lots(communes: Communes = None) -> QuerySet[Lot]:
    """The lots of these communes with their rounds, without their frames, newest first."""
    found = Lot.objects.all() if communes is None else Lot.objects.filter(commune_code__in=sorted(communes))
    return found.select_related("round").defer(*HEAVY).order_by("-pk")


def one_lot(lot_id: int, communes: Communes = None) -> Lot:
    """One lot with its round. Raises NotFound."""
    found = lots(communes).filter(pk=lot_id).first()
    if found is None:
        raise NotFound(what=lot_id)
    return found


def lot_names(found: Collection[Lot]) -> dict[int, str]:
    """What each of these lots is of: its commune, or its village in the commune."""
    communes = places.names({one.commune_code for one in found})
    villages = places.village_names({one.village_code for one in found if one.village_code})
    told = {}
    for one in found:
        commune = communes.get(one.commune_code, one.commune_code)
        village = villages.get(one.village_code)
        told[one.pk] = f"{village}, {commune}" if village else commune
    return told


# --- how it stands --------------------------------------------------------------------------------------


def tally(lot: Lot) -> Tally:
    """How a lot stands now."""
    return tallies([lot])[lot.pk]


def tallies(found: Iterable[Lot]) -> dict[int, Tally]:
    """How these lots stand now, by id."""
    listed = list(found)
    counts = {one.value: Count("pk", filter=Q(outcome=one)) for one in Outcome} | {
        name: Count("pk", filter=Q(outcome=outcome, place__lte=F("lot__sample")))
        for name, outcome in (("counted", Outcome.WRONG), ("unsure", Outcome.PENDING))
    }
    forms = SampledForm.objects.filter(lot__in=[one.pk for one in listed]).exclude(outcome="")
    rows: dict[int, Any] = {row["lot"]: row for row in forms.order_by().values("lot").annotate(**counts)}
    nothing = dict.fromkeys(counts, 0)
    told = {}
    for one in listed:
        row = rows.get(one.pk, nothing)
        told[one.pk] = Tally(one.size, one.drawn, limit=one.limit, **{name: row[name] for name in counts})
    return told


def figures(found: Iterable[Lot]) -> Interval | None:
    """The error rate of these lots together, as far as they have been checked; None before the first form.

    A form weighs by how many it stands for.
    """
    strata = estimate.collapsed(_strata(found))
    return estimate.stratified(strata) if any(one.n for one in strata) else None


def _strata(found: Iterable[Lot]) -> list[estimate.Stratum]:
    forms = SampledForm.objects.filter(lot__in=[one.pk for one in found]).order_by()
    part = Case(When(lot__more=0, then=Value("")), default=F("stratum"))
    rows = forms.annotate(part=part).values_list("lot", "part").annotate(
        population=Sum("weight"), n=Count("pk", filter=Q(outcome__in=DECIDED)),
        wrong=Count("pk", filter=Q(outcome=Outcome.WRONG)),
    )  # fmt: skip
    return [estimate.Stratum(round(population), n, wrong) for _lot, _stratum, population, n, wrong in rows]


def decided_rate(lot: Lot) -> Interval | None:
    """The error rate with which a lot was decided; None while it is open."""
    if lot.checked is None or lot.wrong is None or lot.rate is None or lot.low is None or lot.high is None:
        return None
    return Interval(lot.rate, lot.low, lot.high, lot.checked, lot.wrong, lot.size)


def latest_rate(commune_code: str) -> Interval | None:
    """The error rate of the lot decided last in a commune, with its bounds; None where none was decided."""
    decided = Lot.objects.filter(commune_code=commune_code).exclude(state=LotState.OPEN)
    lot = decided.defer(*HEAVY).order_by("-decided_at").first()
    return decided_rate(lot) if lot else None


def not_corrected(lot_id: int) -> int:
    """How many wrong forms of a lot the register hasn't taken over yet."""
    return SampledForm.objects.filter(lot=lot_id, outcome=Outcome.WRONG, corrected_at=None, declined_at=None).count()


# --- how it was drawn -----------------------------------------------------------------------------------


def drawn_again(lot: Lot) -> list[Drawn]:
    """The sample of a lot, drawn anew from its seed and frame alone."""
    return planning.draw_lot(lot.frame, lot.sample, lot.more, lot.seed, lot.round.importance)


def is_as_drawn(lot: Lot, again: Collection[Drawn]) -> bool:
    """Whether the forms kept for a lot are those that were drawn anew."""
    kept = lot.forms.order_by("place").values_list("place", "serial")
    return list(kept) == [(one.place, one.serial) for one in again]


# --- what goes back -------------------------------------------------------------------------------------


def papers_of(lot: Lot) -> list[rules.Paper]:
    """Every form of a lot as the gate sees it, by serial."""
    checked = {one.serial: one for one in lot.forms.all()}
    serials = {serial for part in lot.frame.values() for serial in part}
    villages = places.village_names({one.village_code for one in checked.values()})
    told = intake.papers_under(serials)
    villages |= places.village_names({one.village_code for one in told} - set(villages))
    return [
        rules.Paper(
            one.person_id, one.serial, one.collected_by, one.filled_on,
            villages.get(one.village_code, one.village_code), _verdict(checked.get(one.serial)),
        )
        for one in told
    ]  # fmt: skip


def _verdict(one: SampledForm | None) -> bool | None:
    return one.outcome == Outcome.WRONG if one is not None and one.outcome in DECIDED else None


def return_of(lot: Lot) -> rules.Return:
    """What goes back of a lot over its limit: the groups in which errors cluster, or all of it."""
    return clusters.goes_back(papers_of(lot), lot.limit or 0)


def groups_kept(lot: Lot) -> list[rules.Group]:
    """The groups by which errors were looked for when the lot was returned."""
    kept = Lot.objects.values_list("groups", flat=True).get(pk=lot.pk)
    return [rules.Group(**{**one, "by": rules.By(one["by"])}) for one in kept]


def override_waiting(lot: Lot) -> Approval | None:
    """The proposal to accept a lot over its limit that waits for a second officer, if any."""
    return officers.approvals_on(lot.subject).filter(kind=rules.OVERRIDE, decided_at=None).first()


def sent_back(lot: Lot) -> list[str]:
    """The serials that went back when the lot was returned."""
    return list(Lot.objects.values_list("sent_back", flat=True).get(pk=lot.pk))


@dataclass(frozen=True)
class StratumOf:
    """A stratum of a lot: how many forms it has, how many were drawn and looked at, what one stands for."""

    words: object
    forms: int
    drawn: int
    checked: int
    wrong: int
    weight: float


def strata_of(lot: Lot) -> list[StratumOf]:
    """The strata of a lot from which more was drawn besides; none where every form has the same chance."""
    if not lot.more:
        return []
    rows = lot.forms.order_by("stratum").values_list("stratum").annotate(
        drawn=Count("pk"), checked=Count("pk", filter=Q(outcome__in=DECIDED)),
        wrong=Count("pk", filter=Q(outcome=Outcome.WRONG)), forms=Sum("weight"),
    )  # fmt: skip
    return [
        StratumOf(rules.STRATUM_WORDS.get(name, name), round(forms), drawn, checked, wrong, forms / drawn)
        for name, drawn, checked, wrong, forms in rows
    ]
