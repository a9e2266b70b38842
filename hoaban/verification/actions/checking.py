"""Checking forms: taking one in hand, saying how it came out, taking the last one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.base.clock import day_of
from hoaban.people import queries as people
from hoaban.people import rules as people_rules
from hoaban.places import queries as places
from hoaban.verification import queries, rules
from hoaban.verification.models import Finding, Lot, SampledForm
from hoaban.verification.rules import LotState, Mark, Outcome, Verdict
from hoaban.web.actor import Actor

CHECKED = (
    "outcome", "checker_id", "checker_name", "checked_at", "seconds", "held_by_id", "held_by_name", "held_at",
)  # fmt: skip


@transaction.atomic
def take_next(*, lot_id: int, by: Actor, at: dt.datetime) -> SampledForm | None:
    """Take the next unchecked form of a lot that nobody else has in hand and that `by` hasn't seen before, if any."""
    lot = queries.one_lot(lot_id)
    by.must(rules.level(lot.level).permission, lot.commune_code)
    _check_open(lot, at)
    mine = queries.in_hand(lot_id, by, at)
    if mine is not None:
        return mine
    # whoever comes at the same moment passes over a form that is being taken
    one = queries.candidates(lot_id, by, at).select_for_update(skip_locked=True, of=("self",)).first()
    if one is not None:
        one.held_by_id, one.held_by_name, one.held_at = by.id, by.name, at
        one.save(update_fields=["held_by_id", "held_by_name", "held_at"])
    return one


@transaction.atomic
def hold(*, form_id: int, by: Actor, at: dt.datetime) -> None:
    """Take one form in hand. Raises NotYours, CheckedAlready, SawItBefore, LotDecided."""
    one = SampledForm.objects.select_related("lot__round").defer(*queries.HEAVY_OF_LOT).get(pk=form_id)
    by.must(rules.level(one.lot.level).permission, one.commune_code)
    _check_hands(one, by, at)
    if not _take(one, by, at):
        one.refresh_from_db()
        raise rules.NotYours(serial=one.serial, who=one.held_by_name)


@transaction.atomic
def check(
    *,
    form_id: int,
    marks: Mapping[str, Mark],
    by: Actor,
    at: dt.datetime,
    typed: Mapping[str, str] | None = None,
    version: int | None = None,
) -> SampledForm:
    """Say how a form compares with the register; a field that isn't marked is right.

    `typed` is what was typed from the paper where the level is blind, `version` the person's version
    that the checker saw. The same check again changes nothing. Raises CheckedAlready, NotYours,
    SawItBefore, LotDecided, ChangedMeanwhile, ValueMissing, StillOpen, and Unreadable and NotFound for
    a value that can't be that fact.
    """
    Lot.objects.keep_open_of(form_id)
    locked = SampledForm.objects.select_for_update(of=("self",)).select_related("lot__round")
    one = locked.defer(*queries.HEAVY_OF_LOT).get(pk=form_id)
    level = rules.level(one.lot.level)
    by.must(level.permission, one.commune_code)
    if one.checker_id == by.id and one.outcome in queries.DECIDED:
        return one
    _check_hands(one, by, at)
    person = people.person(one.person_id)
    if version is not None and version < person.version:
        raise people.changed_since(person, version)
    held = people.stored(person)
    findings = _findings(one, marks, _typed(level, typed or {}), held)
    if one.outcome:
        one.findings.all().delete()  # of the check that waited for an answer
    if findings:
        Finding.objects.bulk_create(findings)
    one.outcome = rules.outcome_of(Verdict(found.verdict) for found in findings)
    one.checker_id, one.checker_name, one.checked_at = by.id, by.name, at
    one.seconds = int(min(at - one.held_at, rules.HOLDS_FOR).total_seconds()) if one.held_at else None
    one.held_by_id, one.held_by_name, one.held_at = "", "", None
    one.save(update_fields=CHECKED)
    audit.record(
        "verification.checked", one.subject, by=by, at=at, person_ids=[one.person_id],
        facts={"outcome": one.outcome, "fields": [found.field for found in findings], "seconds": one.seconds},
    )  # fmt: skip
    return one


@transaction.atomic
def undo_last(*, lot_id: int, by: Actor, at: dt.datetime) -> SampledForm:
    """Take back one's own last check in an open lot; the form is in one's hands again. Raises NothingToUndo."""
    Lot.objects.keep_open(lot_id)
    lot = queries.one_lot(lot_id)
    by.must(rules.level(lot.level).permission, lot.commune_code)
    one = queries.last_by(lot_id, by)
    if one is None:
        raise rules.NothingToUndo()
    was = {found.field: [found.verdict, found.paper_value] for found in one.findings.all()}
    audit.record(
        "verification.undone", one.subject, by=by, at=at, person_ids=[one.person_id],
        facts={"outcome": one.outcome, "findings": was},
    )  # fmt: skip
    one.findings.all().delete()
    one.forget_check()
    one.held_by_id, one.held_by_name, one.held_at = by.id, by.name, at
    one.save()
    return one


def _take(one: SampledForm, by: Actor, at: dt.datetime) -> bool:
    """Put a form into somebody's hands unless another was faster."""
    free = SampledForm.objects.filter(queries.free_for(by, at), pk=one.pk, outcome__in=["", Outcome.PENDING])
    if one.held_by_id == by.id and one.held_at is not None and at - one.held_at < rules.HOLDS_FOR:
        return free.exists()  # the time runs from when it was taken
    return bool(free.update(held_by_id=by.id, held_by_name=by.name, held_at=at))


def _check_hands(one: SampledForm, by: Actor, at: dt.datetime) -> None:
    _check_open(one.lot, at)
    if one.outcome in queries.DECIDED:
        raise rules.CheckedAlready(serial=one.serial, who=one.checker_name)
    if one.held_by_id not in ("", by.id) and one.held_at and at - one.held_at <= rules.HOLDS_FOR:
        raise rules.NotYours(serial=one.serial, who=one.held_by_name)
    if queries.saw_before(one, by):
        raise rules.SawItBefore(serial=one.serial)


def _check_open(lot: Lot, at: dt.datetime) -> None:
    if lot.state != LotState.OPEN:
        raise rules.LotDecided(who=lot.decided_by_name)
    if day_of(at) < lot.round.opens_on:
        raise rules.NotYetOpen(day=f"{lot.round.opens_on:%d/%m/%Y}")


def _typed(level: rules.Level, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed from the paper of a blind check, as stored; who has no number has none on paper."""
    if not level.blind:
        return {}
    for name in rules.CRITICAL:
        if name != "number" and not typed.get(name, "").strip():
            raise rules.ValueMissing(label=people_rules.label_of(name), field=f"typed_{name}")
    return {name: people_rules.read(name, typed.get(name, "")) for name in rules.CRITICAL}


def _findings(
    one: SampledForm, marks: Mapping[str, Mark], typed: Mapping[str, str], held: Mapping[str, str]
) -> list[Finding]:
    differing = rules.differing(typed, held)
    undecided = [name for name in differing if name not in marks]
    if undecided:
        labels = ", ".join(people_rules.label_of(name) for name in undecided)
        raise rules.StillOpen(labels=labels, names=undecided)
    found = []
    for name, mark in marks.items():
        if name in typed and name not in differing:
            continue  # typed as the register has it: nothing to say
        paper = _paper_value(one, name, mark, typed)
        if mark.verdict in rules.CHANGES_THE_RECORD and paper == held[name]:
            continue  # what stands on the paper stands in the register
        found.append(Finding(form=one, field=name, verdict=mark.verdict, register_value=held[name], paper_value=paper))
    return found


def _paper_value(one: SampledForm, name: str, mark: Mark, typed: Mapping[str, str]) -> str:
    """What the paper says of a field, as stored; "" where it isn't known."""
    if name in typed:
        return typed[name]
    if mark.verdict not in rules.CHANGES_THE_RECORD:
        return ""
    if not mark.value.strip():
        raise rules.ValueMissing(label=people_rules.label_of(name), field=f"value_{name}")
    value = people_rules.read(name, mark.value)
    return places.village_named(one.commune_code, value).code if name == "village_code" else value
