"""Sending applications and deciding them. A decision changes the register through `people`."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from hoaban.audit import actions as audit
from hoaban.audit import queries as audit_queries
from hoaban.base import clock
from hoaban.base.errors import NotAllowed, NotFound
from hoaban.base.ids import public_code
from hoaban.people import actions as people
from hoaban.people import queries as people_queries
from hoaban.people import rules as people_rules
from hoaban.services import queries, rules
from hoaban.services.models import Application
from hoaban.services.queries import Dwelling, Meant
from hoaban.services.rules import Definition, State, Who
from hoaban.web.actor import Actor, acting_as, job_actor

DECIDE = "services.decide"
LOOKED_UP = "services.looked_up"
ONE_OPEN = "one_open_application_of_a_service_per_person"


def look_up(*, who: Who, by: Actor, at: dt.datetime) -> Meant:
    """Whom a citizen means. Each try by number is written down, and only so many are taken a day.

    Raises NotAllowed, NobodyMeant, TooManyTries.
    """
    applicant_id = _citizen(by)
    if who.person_id is not None:
        return queries.meant(applicant_id, who)
    found = _tried(applicant_id, who, by, at)
    if found is None:
        raise rules.NobodyMeant(field="number")
    return found


@transaction.atomic
def _tried(applicant_id: int, who: Who, by: Actor, at: dt.datetime) -> Meant | None:
    """A try by number, counted for good whether it finds somebody or not. Raises TooManyTries."""
    _one_at_a_time(by)
    midnight = dt.datetime.combine(clock.day_of(at), dt.time(), clock.VIETNAM)
    if audit_queries.done_by(by.id, LOOKED_UP, midnight).filter(facts__found=False).count() >= rules.TRIES_A_DAY:
        raise rules.TooManyTries()
    try:
        found = queries.meant(applicant_id, who)
    except rules.NobodyMeant:
        audit.record("services.looked_up", "people.Person", by=by, at=at, facts={"found": False})
        return None
    audit.record(
        "services.looked_up", f"people.Person:{found.id}", by=by, at=at, person_ids=[found.id],
        facts={"found": True}, purpose="service",
    )  # fmt: skip
    return found


@transaction.atomic
def apply_for_temporary_residence(
    *, key: str, who: Who, first_day: dt.date, last_day: dt.date, agreed: bool, by: Actor, at: dt.datetime
) -> Application:
    """A citizen declares that somebody comes to live with them; the same key again returns the first answer.

    `agreed` says that a minor's father, mother or guardian agrees. Raises NotAllowed, NobodyMeant,
    LivesHere, AlreadyOver, TooShort, GuardianMustAgree, AlreadyOpen, people.TemporaryTooLong.
    """
    applicant_id = _citizen(by)
    if sent := queries.sent_before(applicant_id, key):
        return sent
    service = queries.service(rules.TEMPORARY_RESIDENCE)
    about, dwelling = _checked(applicant_id, who, first_day, last_day, agreed, clock.day_of(at))
    application = Application(
        code=public_code(), key=key, definition=service.code, version=service.version,
        applicant_id=applicant_id, about_id=about.id, commune_code=dwelling.commune_code,
        village_code=dwelling.village_code, answers=_answers(who, first_day, last_day, agreed),
        prefilled=_prefilled(by.name, applicant_id, about, dwelling), submitted_at=at,
        due_on=rules.due_on(service, clock.day_of(at)),
        simulated=about.simulated or people_queries.person(applicant_id).simulated,
    )  # fmt: skip
    try:
        _save(application)
    except IntegrityError:
        if sent := queries.sent_before(applicant_id, key):  # the same request, a moment ago
            return sent
        raise
    _record("services.submitted", application, by, at)
    return application


@transaction.atomic
def send_again(
    *,
    application_id: int,
    key: str,
    who: Who,
    first_day: dt.date,
    last_day: dt.date,
    agreed: bool,
    by: Actor,
    at: dt.datetime,
) -> Application:
    """The citizen sends a returned application again, mended; its time limit begins anew. The same key is once.

    Raises WrongStep and what the first sending raises; NotFound for somebody else's.
    """
    applicant_id = _citizen(by)
    application = _locked(application_id)
    if application.applicant_id != applicant_id:
        raise NotFound(what=application_id)
    if application.key == key:
        return application
    _move(application, State.SUBMITTED)
    about, dwelling = _checked(applicant_id, who, first_day, last_day, agreed, clock.day_of(at))
    application.key, application.about_id = key, about.id
    application.commune_code, application.village_code = dwelling.commune_code, dwelling.village_code
    application.answers = _answers(who, first_day, last_day, agreed)
    application.prefilled = _prefilled(by.name, applicant_id, about, dwelling)
    application.submitted_at, application.due_on = at, rules.due_on(_service(application), clock.day_of(at))
    application.decided_at, application.decided_by_id_text, application.decided_by_name = None, "", ""
    _clear_fault(application)
    _save(application)
    _record("services.submitted", application, by, at)
    return application


@transaction.atomic
def approve(*, application_id: int, by: Actor, at: dt.datetime) -> Application:
    """Approve an application and let the register say so, with its dates.

    Raises NotAllowed, WrongStep, OwnApplication, people.TemporaryTooLong.
    """
    application = _to_decide(application_id, State.APPROVED, by, at)
    with acting_as(job_actor("services.approve")):  # the person may be registered in another commune
        people.register_temporary_residence(
            person_id=application.about_id, commune_code=application.commune_code,
            village_code=application.village_code, address=application.prefilled["address"],
            valid_from=dt.date.fromisoformat(application.answers["first_day"]),
            valid_to=dt.date.fromisoformat(application.answers["last_day"]),
            source=people_rules.source("service", application.code), by=by, at=at,
        )  # fmt: skip
    _clear_fault(application)
    application.save()
    _record("services.approved", application, by, at)
    return application


@transaction.atomic
def send_back(
    *, application_id: int, field: str, reason: str, rule: str, mender: str, by: Actor, at: dt.datetime
) -> Application:
    """Return an application: which field, why, by which rule, and who mends it.

    Raises NotAllowed, WrongStep, OwnApplication, ReasonMissing, StateHoldsIt.
    """
    application = _to_decide(application_id, State.RETURNED, by, at)
    rules.check_return(_service(application), field, reason, rule, mender)
    application.field, application.mender = field, mender
    application.reason, application.rule = reason.strip(), rule.strip()
    application.save()
    _record("services.returned", application, by, at, field=field, mender=mender)
    return application


@transaction.atomic
def decline(*, application_id: int, reason: str, rule: str, by: Actor, at: dt.datetime) -> Application:
    """Say no to an application: why and by which rule.

    Raises NotAllowed, WrongStep, OwnApplication, ReasonMissing.
    """
    application = _to_decide(application_id, State.DECLINED, by, at)
    rules.check_decline(reason, rule)
    application.reason, application.rule = reason.strip(), rule.strip()
    application.field = application.mender = ""
    application.save()
    _record("services.declined", application, by, at)
    return application


def _one_at_a_time(by: Actor) -> None:
    """Many tries at once are many tries: each waits until the one before is counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('services.look_up'), hashtext(%s))", [by.id])


def _citizen(by: Actor) -> int:
    if by.person_id is None:
        raise NotAllowed()
    return by.person_id


def _checked(
    applicant_id: int, who: Who, first_day: dt.date, last_day: dt.date, agreed: bool, on: dt.date
) -> tuple[Meant, Dwelling]:
    about, dwelling = queries.meant(applicant_id, who), queries.dwelling_of(applicant_id)
    rules.check_elsewhere(about.full_name, about.commune_code, dwelling.commune_code)
    rules.check_period(first_day, last_day, on)
    rules.check_guardian(about.full_name, about.born, on, agreed=agreed)
    return about, dwelling


def _answers(who: Who, first_day: dt.date, last_day: dt.date, agreed: bool) -> dict[str, object]:
    return {
        "person_id": who.person_id,
        "number": who.number,
        "full_name": who.full_name,
        "born": str(who.born or ""),
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "agreed": agreed,
    }


def _prefilled(applicant: str, applicant_id: int, about: Meant, dwelling: Dwelling) -> dict[str, str]:
    return {
        "applicant_name": people_queries.person(applicant_id).full_name or applicant,
        "about_name": about.full_name,
        "about_number": about.number,
        "about_born": about.born,
        "about_commune": about.commune,
        "guardians": about.guardians,
        "address": dwelling.address,
        "head": dwelling.head,
    }


def _save(application: Application) -> None:
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        if ONE_OPEN in str(error):
            raise rules.AlreadyOpen() from error
        raise


def _clear_fault(application: Application) -> None:
    """Nothing is wrong with it any more."""
    application.field = application.reason = application.rule = application.mender = ""


def _service(application: Application) -> Definition:
    return queries.service(application.definition)


def _locked(application_id: int) -> Application:
    found = Application.objects.select_for_update().filter(pk=application_id).first()
    if found is None:
        raise NotFound(what=application_id)
    return found


def _move(application: Application, then: State) -> None:
    rules.check_move(application.code, State(application.state), then)
    application.state = then


def _to_decide(application_id: int, then: State, by: Actor, at: dt.datetime) -> Application:
    """The application, locked and set to what the officer decides; the caller saves it."""
    application = _locked(application_id)
    by.must(DECIDE, application.commune_code)
    rules.check_decider(by.person_id, application.applicant_id, application.about_id)
    _move(application, then)
    application.decided_at, application.decided_by_id_text, application.decided_by_name = at, by.id, by.name
    return application


def _record(action: str, application: Application, by: Actor, at: dt.datetime, **facts: str) -> None:
    audit.record(
        action, application.subject, by=by, at=at,
        person_ids=sorted({application.applicant_id, application.about_id}),
        facts={"code": application.code, "service": application.definition, **facts},
    )  # fmt: skip


@transaction.atomic
def follow_join(*, join_id: int, by: Actor, at: dt.datetime) -> None:
    """Applications follow a join of two records or its parting; again changes nothing.

    One that is open twice for the same service stays under both records: the desk declines one of them. Raises
    NotFound.
    """
    waiting = Q(state__in=[State.SUBMITTED, State.RETURNED])
    there = Application.objects.filter(waiting, about=people_queries.join(join_id).stays_id)
    about = Application.objects.exclude(waiting, definition__in=there.values("definition"))
    people.take_along(join_id=join_id, rows=Application.objects.all(), field="applicant", by=by, at=at)
    people.take_along(join_id=join_id, rows=about, field="about", by=by, at=at)
