"""Asking about checks: what is drawn, what waits, how a round stands, how sure we are of a commune."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, Q, QuerySet

from hoaban.base.errors import NotFound, Refusal
from hoaban.base.paper import Box, boxes
from hoaban.intake import queries as intake
from hoaban.officers import queries as officers
from hoaban.people import queries as people
from hoaban.people import rules as people_rules
from hoaban.verification import rules
from hoaban.verification.engine import estimate
from hoaban.verification.models import Finding, Lot, Round, SampledForm
from hoaban.verification.rules import Interval, LotState, Outcome, Tally
from hoaban.web.actor import Actor

Communes = Collection[str] | None  # None is every commune
DECIDED = (Outcome.RIGHT, Outcome.WRONG)
ON_THE_FORM = tuple(fact.name for fact in people_rules.FACTS if fact.column)


# --- how far, how sure ----------------------------------------------------------------------------------


def _checked() -> QuerySet[SampledForm]:
    """Forms of which it is known whether they were right; those of returned lots are done anew."""
    return SampledForm.objects.filter(outcome__in=DECIDED).exclude(lot__state=LotState.RETURNED)


def count_by_commune() -> dict[str, int]:
    """How many people's forms have been checked, at any level, in every commune that has any."""
    counted = _checked().values_list("commune_code").annotate(count=Count("person", distinct=True))
    return dict(counted.order_by("commune_code"))


def checked_in(commune_code: str | None = None) -> QuerySet[SampledForm, int]:
    """Ids of the people of a commune, or of all, whose forms have been checked."""
    found = _checked() if commune_code is None else _checked().filter(commune_code=commune_code)
    return found.order_by().values_list("person_id", flat=True).distinct()


def latest_rate(commune_code: str) -> Interval | None:
    """The error rate of the lot decided last in a commune, with its bounds; None where none was decided."""
    decided = Lot.objects.filter(round__commune_code=commune_code).exclude(state=LotState.OPEN)
    lot = decided.defer("frame", "sent_back").order_by("-decided_at").first()
    return decided_rate(lot) if lot else None


def decided_rate(lot: Lot) -> Interval | None:
    """The error rate with which a lot was decided; None while it is open."""
    if lot.checked is None or lot.wrong is None or lot.low is None or lot.high is None:
        return None
    return Interval(lot.wrong / lot.checked, lot.low, lot.high, lot.checked, lot.wrong, lot.size)


def rate_now(tally: Tally) -> Interval | None:
    """The error rate as far as a lot has been checked; None before the first form."""
    return estimate.exact(tally.wrong, tally.decided, tally.size) if tally.decided else None


# --- rounds ---------------------------------------------------------------------------------------------


def rounds(communes: Communes) -> QuerySet[Round]:
    """The rounds of these communes with the counts of their forms (`right`, `wrong`, `pending`), newest first."""
    found = Round.objects.all() if communes is None else Round.objects.filter(commune_code__in=sorted(communes))
    counts = {one.value: Count("lot__forms", filter=Q(lot__forms__outcome=one)) for one in Outcome}
    found = found.select_related("lot").defer("lot__frame", "lot__sent_back")
    return found.annotate(**counts).order_by("-opened_at", "-pk")


def one_round(round_id: int, communes: Communes = None) -> Round:
    """One round with its counts. Raises NotFound."""
    found = rounds(communes).filter(pk=round_id).first()
    if found is None:
        raise NotFound(what=round_id)
    return found


def tally(lot: Lot) -> Tally:
    """How a lot stands now."""
    counts = dict(lot.forms.exclude(outcome="").values_list("outcome").annotate(count=Count("pk")).order_by())
    return tally_of(lot, counts)


def tally_of(lot: Lot, counts: Mapping[str, int]) -> Tally:
    """How a lot stands, from counts by outcome."""
    right, wrong, pending = (counts.get(one, 0) for one in Outcome)
    return Tally(lot.size, lot.sample, right, wrong, pending, lot.limit)


def tally_shown(one: Round) -> Tally:
    """How the lot of a round stands, from the counts that `rounds` gave it."""
    counted: Any = one
    return tally_of(one.lot, {outcome.value: getattr(counted, outcome.value) for outcome in Outcome})


def waiting(commune_code: str, level: rules.Level) -> list[intake.Paper]:
    """The forms of a commune from which a round of that level may draw now, by serial.

    Level one draws from all, the others from what the level below has checked in accepted lots; forms
    that the level itself has checked so don't come again.
    """
    done = _accepted(commune_code, level.number)
    seen = set(done.values_list("serial", flat=True))
    if level.draws_from == 0:
        pile = intake.papers_in(commune_code)
    else:
        columns = ("serial", "person_id", "collected_by", "keyed_by_id", "simulated")
        below = _accepted(commune_code, level.draws_from).order_by("serial").values_list(*columns).distinct()
        pile = [intake.Paper(*row) for row in below]
    return [one for one in pile if one.serial not in seen]


def _accepted(commune_code: str, level: int) -> QuerySet[SampledForm]:
    return SampledForm.objects.filter(
        commune_code=commune_code, lot__state=LotState.ACCEPTED, lot__round__level=level, outcome__in=DECIDED
    )


def papers_of(lot: Lot) -> list[rules.Paper]:
    """Every form of a lot as the gate sees it."""
    wrong = set(lot.forms.filter(outcome=Outcome.WRONG).values_list("serial", flat=True))
    frame = set(lot.frame)
    pile = {one.serial: one for one in intake.papers_in(lot.round.commune_code) if one.serial in frame}
    for one in lot.forms.all():  # a drawn form counts even if its person has moved since
        pile.setdefault(one.serial, intake.Paper(one.serial, one.person_id, one.collected_by, one.keyed_by_id, False))
    return [
        rules.Paper(one.person_id, one.serial, one.collected_by, one.serial in wrong)
        for _serial, one in sorted(pile.items())
    ]


# --- forms of a round -----------------------------------------------------------------------------------


def form_at(round_id: int, place: int, communes: Communes = None) -> SampledForm:
    """The form at that place of a round. Raises NotFound."""
    found = SampledForm.objects.filter(lot=round_id, place=place)
    if communes is not None:
        found = found.filter(commune_code__in=sorted(communes))
    one = found.select_related("lot__round").defer("lot__frame", "lot__sent_back").first()
    if one is None:
        raise NotFound(what=f"{round_id}/{place}")
    return one


def forms_of(round_id: int, outcomes: Collection[Outcome]) -> QuerySet[SampledForm]:
    """The forms of a round that came out so, in the order of the draw, with their findings."""
    found = SampledForm.objects.filter(lot=round_id, outcome__in=outcomes)
    return found.select_related("person").prefetch_related("findings").order_by("place")


def saw_before(one: SampledForm, actor: Actor) -> bool:
    """Whether the actor keyed, collected or has checked this form at another time."""
    earlier = SampledForm.objects.filter(serial=one.serial).exclude(pk=one.pk).exclude(checker_id="")
    return rules.saw_it_before(
        actor.id, actor.name, keyed_by_id=one.keyed_by_id, collected_by=one.collected_by,
        checked_by=earlier.values_list("checker_id", flat=True),
    )  # fmt: skip


def free_for(actor: Actor, at: dt.datetime) -> Q:
    """Forms that nobody else has in hand at that moment."""
    return Q(held_by_id__in=["", actor.id]) | Q(held_at__lt=at - rules.HOLDS_FOR)


def candidates(round_id: int, actor: Actor, at: dt.datetime) -> Iterator[SampledForm]:
    """Unchecked forms of a round that the actor may check now, in the order of the draw."""
    unchecked = SampledForm.objects.filter(free_for(actor, at), lot=round_id, outcome="").order_by("place")
    checked_before = set(
        SampledForm.objects.filter(checker_id=actor.id, commune_code__in=unchecked.values("commune_code"))
        .exclude(lot=round_id)
        .values_list("serial", flat=True)
    )
    for one in unchecked.iterator(chunk_size=50):
        mine = [actor.id] if one.serial in checked_before else []
        hands = {"keyed_by_id": one.keyed_by_id, "collected_by": one.collected_by}
        if not rules.saw_it_before(actor.id, actor.name, **hands, checked_by=mine):
            yield one


def last_by(round_id: int, actor: Actor) -> SampledForm | None:
    """The form that the actor checked last in a round, if it may still be taken back."""
    mine = SampledForm.objects.filter(lot=round_id, checker_id=actor.id, lot__state=LotState.OPEN)
    last = mine.order_by("-checked_at", "-pk").first()
    return last if last is not None and last.sent_at is None else None


def to_send(round_id: int, actor: Actor) -> QuerySet[SampledForm]:
    """Wrong forms that the actor found in a round and hasn't sent to a second officer."""
    return SampledForm.objects.filter(lot=round_id, checker_id=actor.id, outcome=Outcome.WRONG, sent_at=None)


def count_unchecked(communes: Communes) -> int:
    """How many forms of open lots of these communes wait for a checker."""
    found = SampledForm.objects.filter(lot__state=LotState.OPEN, outcome="")
    return (found if communes is None else found.filter(commune_code__in=sorted(communes))).count()


def not_corrected(round_id: int) -> int:
    """How many wrong forms of a round the register hasn't taken over yet."""
    return SampledForm.objects.filter(lot=round_id, outcome=Outcome.WRONG, corrected_at=None, declined_at=None).count()


def to_decide(actor: Actor) -> QuerySet[SampledForm]:
    """Forms whose correction this actor may decide as the second officer, oldest first."""
    subjects = officers.waiting(rules.CORRECTION, actor).values_list("subject", flat=True)
    ids = [int(subject.rpartition(":")[2]) for subject in subjects]
    found = SampledForm.objects.filter(pk__in=ids).exclude(checker_id=actor.id)
    return found.select_related("person", "lot__round").defer("lot__frame", "lot__sent_back").order_by("sent_at", "pk")


# --- one form beside the register -----------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One field: what the register says, what was typed from the form, whether the paper's reading differs now.

    `box` is where it stands on the paper.
    """

    name: str
    label: str
    register: str
    stored: str
    written: str
    differs: bool
    box: Box | None


@dataclass(frozen=True)
class Sheet:
    """What the screen of a check shows."""

    version: int
    full_name: str
    lines: list[Line]
    image: Path | None


def sheet(one: SampledForm) -> Sheet:
    """The form beside what the register says now. Raises NotFound where the person isn't seen."""
    person = people.person(one.person_id)
    held = people.stored(person)
    form = intake.form(one.serial)
    changed = set(people.history(one.person_id).exclude(field=people.RECORD).values_list("field", flat=True))
    lines = []
    for name in ON_THE_FORM:
        fact = people_rules.fact_of(name)
        written = form.values.get(fact.column, "")
        lines.append(
            Line(
                name, str(fact.label), people.printed(name, held[name]), held[name], written,
                differs=name in changed and _read(name, written) not in ("", held[name]),
                box=boxes().get(fact.column),
            )
        )  # fmt: skip
    return Sheet(person.version, person.full_name, lines, form.image)


def as_printed(name: str, written: str) -> str:
    """What was typed from a form as the register would print it; as it is where it can't be read."""
    return people.printed(name, _read(name, written)) or written


def _read(name: str, written: str) -> str:
    """What was typed from a form, as stored; "" where it can't be read."""
    try:
        return people_rules.read(name, written)
    except Refusal:
        return ""


@dataclass(frozen=True)
class SaidFinding:
    """A finding in words."""

    label: str
    verdict: object
    changes: bool
    register: str
    paper: str


def said(findings: Collection[Finding]) -> list[SaidFinding]:
    """Findings in words, in the order of the form."""
    order = {name: place for place, name in enumerate(ON_THE_FORM)}
    return [
        SaidFinding(
            people_rules.label_of(one.field), one.verdict_words, one.changes_the_register,
            people.printed(one.field, one.register_value), people.printed(one.field, one.paper_value),
        )
        for one in sorted(findings, key=lambda found: order[found.field])
    ]  # fmt: skip


def moved(one: SampledForm, held: Mapping[str, str]) -> list[str]:
    """The labels of what the register has changed since the form was checked, where a correction would overwrite it."""
    return [
        people_rules.label_of(found.field)
        for found in one.findings.all()
        if found.changes_the_register and held[found.field] not in (found.register_value, found.paper_value)
    ]
