"""How applications and cards are told on pages: as facts, as steps, as days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hoaban.audit import queries as audit
from hoaban.base.clock import VIETNAM, day_of
from hoaban.base.partial_date import PartialDate
from hoaban.base.words import _ as lazy
from hoaban.cards import rules as cards
from hoaban.services import queries, rules
from hoaban.services.models import Application
from hoaban.services.queries import Dwelling, Meant
from hoaban.services.rules import Definition, Mender, State
from hoaban.web.rules import Fact, Step, Tone

TONES = {
    State.SUBMITTED: Tone.DOING,
    State.APPROVED: Tone.DONE,
    State.RETURNED: Tone.NEEDED,
    State.DECLINED: Tone.NEEDED,
}


HISTORY_WORDS = {
    "services.submitted": lazy("sent"),
    "services.approved": lazy("approved"),
    "services.returned": lazy("sent back"),
    "services.declined": lazy("declined"),
}


def start_address(service: Definition) -> str:
    """Where a service begins."""
    return reverse("services:start", args=[service.slug])


def question_address(service: Definition, number: int) -> str:
    """Where one of its questions is asked."""
    return reverse("services:question", args=[service.slug, number])


def day(value: dt.date) -> str:
    """A day the Vietnamese way."""
    return f"{value:%d/%m/%Y}"


def moment(at: dt.datetime) -> str:
    """A time of a day the Vietnamese way."""
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def period(first: dt.date, last: dt.date) -> str:
    """From a day to another."""
    return _("from %(first)s to %(last)s") % {"first": day(first), "last": day(last)}


def to_check(
    service: Definition, about: Meant, dwelling: Dwelling, first: dt.date, last: dt.date
) -> tuple[list[Fact], list[Fact]]:
    """The check page's two lists: what we had already, and what was answered, with the way to change it."""
    held = [
        Fact(_("Personal number"), about.number),
        Fact(_("Born"), PartialDate.parse(about.born).vietnamese()),
        Fact(_("Registered in"), about.commune),
        Fact(_("Head of your household"), dwelling.head),
        Fact(_("Papers to bring"), len(service.to_bring)),
    ]
    answered = [
        Fact(str(question.asks), value, question_address(service, number))
        for number, (question, value) in enumerate(
            zip(service.questions, [about.full_name, period(first, last), dwelling.address], strict=True), 1
        )
    ]
    return held, answered


def facts_of(application: Application) -> list[Fact]:
    """What an application asks, as it was sent."""
    filled, answers = application.prefilled, application.answers
    first, last = (dt.date.fromisoformat(answers[name]) for name in ("first_day", "last_day"))
    return [
        Fact(_("Who comes"), filled["about_name"]),
        Fact(_("How long"), period(first, last)),
        Fact(_("To which address"), filled["address"]),
        Fact(_("Sent by"), filled["applicant_name"]),
        Fact(_("Papers to bring"), len(queries.service(application.definition).to_bring)),
    ]


def officers_facts_of(application: Application) -> list[Fact]:
    """The same with what the officer weighs."""
    filled = application.prefilled
    minor = rules.needs_guardian(filled["about_born"], day_of(application.submitted_at))
    facts = [
        *facts_of(application),
        Fact(_("Personal number"), filled["about_number"]),
        Fact(_("Born"), PartialDate.parse(filled["about_born"]).vietnamese()),
        Fact(_("Registered in"), filled["about_commune"]),
        Fact(_("Head of the household"), filled["head"]),
    ]
    if minor:
        said = _("the sender says that they agree") if application.answers["agreed"] else _("nobody has agreed")
        facts.append(Fact(_("Father, mother or guardian"), f"{filled['guardians'] or '–'} ({said})"))
    return facts


def steps_of(application: Application, person_id: int) -> list[Step]:
    """The life of an application for the person who follows it: who sent it, or whom it is about."""
    state, sent = State(application.state), day_of(application.submitted_at)
    decided = day(day_of(application.decided_at)) if application.decided_at else ""
    sender = _("%(name)s has sent it") % {"name": application.prefilled["applicant_name"]}
    first = Step(_("You have sent it") if application.applicant_id == person_id else sender, Tone.DONE, day(sent))
    if state is State.SUBMITTED:
        by = _("by %(day)s at the latest") % {"day": day(application.due_on)}
        return [first, Step(_("The commune police look at it"), Tone.DOING, by), Step(_("Result"))]
    looked = Step(_("The commune police have looked at it"), Tone.DONE, decided)
    if state is State.APPROVED:
        return [first, looked, Step(_("It stands in the register"), Tone.DONE, decided)]
    if state is State.DECLINED:
        return [first, looked, Step(_("It was declined"), Tone.NEEDED, decided, application.reason)]
    if application.mender == Mender.CITIZEN:
        return [first, looked, Step(_("Please mend it and send it again"), Tone.NEEDED, "", application.reason)]
    note = _("You needn't do anything: this is mended by %(who)s.") % {"who": rules.MENDER_WORDS[_mender(application)]}
    return [first, looked, Step(_("Something is being mended"), Tone.DOING, "", note)]


def history_of(application: Application) -> list[Step]:
    """What was done with an application, by whom and when, newest first."""
    return [
        Step(f"{entry.actor_name}: {HISTORY_WORDS.get(entry.action, entry.action)}", Tone.DONE, moment(entry.at))
        for entry in audit.about(application.subject)
    ]


def fault_of(application: Application) -> str:
    """What of a returned application is wrong, in words; "" for others."""
    return str(queries.service(application.definition).fields.get(application.field, ""))


def mender_of(application: Application) -> object:
    """Who mends a returned application, in words."""
    return rules.MENDER_WORDS[_mender(application)] if application.mender else ""


def days_left(due_on: dt.date, on: dt.date) -> tuple[Tone, str]:
    """How much of the time limit is left, as a tone and in words."""
    left = (due_on - on).days
    if left < 0:
        return Tone.NEEDED, ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}
    if left == 0:
        return Tone.NEEDED, _("due today")
    return Tone.DOING if left == 1 else Tone.PLAIN, ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}


def card_steps(reached: Sequence[tuple[cards.Step, dt.datetime | None]], *, is_finished: bool) -> list[Step]:
    """Where a card is, as steps."""
    now = [step for step, at in reached if at is not None][-1]
    return [
        Step(
            str(cards.STEP_WORDS[step]),
            Tone.PLAIN if at is None else Tone.DOING if step is now and not is_finished else Tone.DONE,
            day(day_of(at)) if at else "",
        )
        for step, at in reached
    ]


def _mender(application: Application) -> Mender:
    return Mender(application.mender)
