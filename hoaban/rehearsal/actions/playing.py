"""The play: step after step, each kept when it's done, so that a play cut short goes on where it was."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.db import transaction

from hoaban.audit import actions as audit
from hoaban.people import queries as people
from hoaban.rehearsal import queries, rules
from hoaban.rehearsal.actions import checks, desks, field, paper
from hoaban.rehearsal.actions.company import Company, Figures
from hoaban.rehearsal.models import Played
from hoaban.rehearsal.rules import Step
from hoaban.web.actor import Actor

Say = Callable[[Step, Played | None], None]  # a step begins (None), a step is done


class Act(Protocol):
    """A step: it plays, and says in figures what came of it."""

    def __call__(self, *, company: Company, by: Actor) -> Figures:
        """Play the step."""


STEPS: dict[Step, Act] = {
    Step.FORMS: paper.write_forms,
    Step.OFFICERS: paper.enlist_officers,
    Step.REGISTER: paper.read_forms,
    Step.CHECKS: checks.check_forms,
    Step.PLAN: field.plan_week,
    Step.ENROLMENT: field.enrol_people,
    Step.CARDS: desks.make_cards,
    Step.ACCOUNTS: desks.activate_accounts,
    Step.SERVICES: desks.declare_residence,
    Step.BOARD: desks.close_day,
}


def play(
    *, people_count: int, seed: int, by: Actor, clock: Callable[[], dt.datetime], say: Say | None = None
) -> list[Played]:
    """Play every step that wasn't played here yet; what came of each. A second run changes nothing.

    Raises NotHere, OthersAreHere, CutShort, TooFew.
    """
    if not settings.HOABAN_SYNTHETIC:
        raise rules.NotHere
    rules.check_size(people_count)
    rules.check_whole(queries.cut_short())
    done = {one.step for one in queries.played()}
    if Step.REGISTER not in done and Step.OFFICERS not in done and people.living().exists():
        raise rules.OthersAreHere
    company = Company(people_count, seed, clock)
    for step, act in STEPS.items():
        if step not in done:
            _play_one(step, act, company, by, say or _silent)
    return queries.played()


def _play_one(step: Step, act: Act, company: Company, by: Actor, say: Say) -> None:
    say(step, None)
    began, before = time.perf_counter(), queries.disk().together
    kept, _new = Played.objects.update_or_create(step=step, defaults={"begun_at": company.clock(), "done_at": None})
    figures = act(company=company, by=by)
    with transaction.atomic():
        kept.done_at, kept.figures = company.clock(), dict(figures)
        kept.seconds = round(time.perf_counter() - began, 1)
        kept.megabytes = round(queries.disk().together - before, 1)
        kept.save()
        audit.record("rehearsal.played", f"rehearsal.Played:{step}", by=by, at=kept.done_at, facts=dict(figures))
    say(step, kept)


def _silent(_step: Step, _played: Played | None) -> None:
    return None
