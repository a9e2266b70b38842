"""Forms of a lot: which are free for whom, what was found, one form beside the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet

from hoaban.base import names
from hoaban.base.dc01.paper import Box, boxes
from hoaban.base.errors import NotFound, Refusal
from hoaban.intake import queries as intake
from hoaban.officers import queries as officers
from hoaban.people import queries as people
from hoaban.people import rules as people_rules
from hoaban.verification import rules
from hoaban.verification.models import Finding, SampledForm
from hoaban.verification.queries.lots import DECIDED, HEAVY_OF_LOT, Communes
from hoaban.verification.rules import LotState, Outcome
from hoaban.web.actor import Actor

ON_THE_FORM = tuple(fact.name for fact in people_rules.FACTS if fact.column)


# --- how far --------------------------------------------------------------------------------------------


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


def count_unchecked(communes: Communes) -> int:
    """How many forms of open lots of these communes wait for a checker."""
    found = SampledForm.objects.filter(lot__state=LotState.OPEN, outcome="")
    return (found if communes is None else found.filter(commune_code__in=sorted(communes))).count()


# --- forms of a lot -------------------------------------------------------------------------------------


def form_at(lot_id: int, place: int, communes: Communes = None) -> SampledForm:
    """The form at that place of a lot. Raises NotFound."""
    found = SampledForm.objects.filter(lot=lot_id, place=place)
    if communes is not None:
        found = found.filter(commune_code__in=sorted(communes))
    one = found.select_related("lot__round").defer(*HEAVY_OF_LOT).first()
    if one is None:
        raise NotFound(what=f"{lot_id}/{place}")
    return one


def forms_of(lot_id: int, outcomes: Collection[Outcome]) -> QuerySet[SampledForm]:
    """The forms of a lot that came out so, in the order of the draw, with their findings."""
    found = SampledForm.objects.filter(lot=lot_id, outcome__in=outcomes)
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


def in_hand(lot_id: int, actor: Actor, at: dt.datetime) -> SampledForm | None:
    """The unchecked form of a lot that the actor has taken, if any."""
    mine = SampledForm.objects.filter(lot=lot_id, outcome="", held_by_id=actor.id, held_at__gt=at - rules.HOLDS_FOR)
    return mine.order_by("place").first()


def candidates(lot_id: int, actor: Actor, at: dt.datetime) -> QuerySet[SampledForm]:
    """Unchecked forms of a lot that the actor may check now, in the order of the draw: `rules.saw_it_before` in SQL."""
    checked = SampledForm.objects.filter(serial=OuterRef("serial"), checker_id=actor.id)
    collector = Func(F("collected_by"), function="verification_fold", output_field=CharField())
    unchecked = SampledForm.objects.filter(free_for(actor, at), ~Q(keyed_by_id=actor.id), lot=lot_id, outcome="")
    return (
        unchecked.annotate(collector=collector)
        .filter(Q(collected_by="") | ~Q(collector=names.fold(actor.name)), ~Exists(checked))
        .order_by("place")
    )


def last_by(lot_id: int, actor: Actor) -> SampledForm | None:
    """The form that the actor checked last in a lot, if it may still be taken back."""
    mine = SampledForm.objects.filter(lot=lot_id, checker_id=actor.id, lot__state=LotState.OPEN)
    last = mine.order_by("-checked_at", "-pk").first()
    return last if last is not None and last.sent_at is None else None


def to_send(lot_id: int, actor: Actor) -> QuerySet[SampledForm]:
    """Wrong forms that the actor found in a lot and hasn't sent to a second officer."""
    return SampledForm.objects.filter(lot=lot_id, checker_id=actor.id, outcome=Outcome.WRONG, sent_at=None)


def to_decide(actor: Actor) -> QuerySet[SampledForm]:
    """Forms whose correction this actor may decide as the second officer, oldest first."""
    subjects = officers.waiting(rules.CORRECTION, actor).values_list("subject", flat=True)
    ids = [int(subject.rpartition(":")[2]) for subject in subjects]
    found = SampledForm.objects.filter(pk__in=ids).exclude(checker_id=actor.id)
    return found.select_related("person", "lot__round").defer(*HEAVY_OF_LOT).order_by("sent_at", "pk")


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
