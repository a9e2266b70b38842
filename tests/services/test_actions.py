"""Declaring and deciding temporary residence: what happens once, what is refused, what the register says then."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from hoaban.audit import queries as audit
from hoaban.base.clock import day_of, now, today
from hoaban.base.errors import NotAllowed, NotFound
from hoaban.base.partial_date import PartialDate
from hoaban.people import queries as people
from hoaban.people import rules as people_rules
from hoaban.people.models import Residence
from hoaban.services import actions, queries, rules
from hoaban.services.models import Application
from hoaban.services.rules import Who
from hoaban.web.actor import acting_as
from tests import make
from tests.services import world

pytestmark = pytest.mark.django_db


def test_a_declaration_is_filled_in_from_the_register_and_due_in_three_working_days() -> None:
    family = world.family()
    monday = dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)

    sent = world.declared(family, at=monday, first_day=dt.date(2026, 3, 1))

    assert sent.due_on == dt.date(2026, 3, 5)
    assert (sent.applicant_id, sent.about_id, sent.commune_code) == (family.aunt.pk, family.nephew.pk, make.NAM_KHAN)
    assert sent.prefilled["about_name"] == "Lo Van Nam"
    assert sent.prefilled["guardians"] == "Lo Van Pao"
    assert sent.prefilled["address"].startswith("Nam Khan 1, ")
    assert sent.prefilled["head"] == "Lo Thi Mai"
    assert sent.simulated
    [entry] = audit.about(sent.subject)
    assert (entry.action, sorted(entry.person_ids)) == (
        "services.submitted", sorted([family.aunt.pk, family.nephew.pk]),
    )  # fmt: skip


def test_sent_twice_is_one_application() -> None:
    family = world.family()

    first = world.declared(family, key="K1")
    second = world.declared(family, key="K1")

    assert first == second
    assert Application.objects.count() == 1
    assert audit.about(first.subject).count() == 1


def test_a_second_application_for_the_same_person_waits_for_the_first() -> None:
    family = world.family()
    world.declared(family)

    with pytest.raises(rules.AlreadyOpen):
        world.declared(family)


def test_an_application_of_another_citizen_for_the_same_person_is_refused_without_telling_whose() -> None:
    family = world.family()
    world.declared(family)
    other = make.person("Lo Thi Ban", born="1970", household="H2", relation_to_head="01")

    with pytest.raises(rules.AlreadyOpen) as refused:
        world.declared(world.Family(other, family.nephew))
    assert "Mai" not in str(refused.value)


@pytest.mark.parametrize(
    "wrong", [{"number": "011209000018"}, {"full_name": "Lo Van"}, {"born": PartialDate(2009)}, {"born": None}]
)
def test_a_stranger_is_not_found_unless_number_name_and_birth_are_all_right(wrong: dict[str, object]) -> None:
    family = world.family()
    aunt = world.citizen(family.aunt)

    with acting_as(aunt), pytest.raises(rules.NobodyMeant):
        actions.look_up(who=world.the_nephew(**wrong), by=aunt, at=now())
    with acting_as(aunt):
        found = actions.look_up(who=world.the_nephew(), by=aunt, at=now())

    assert found.id == family.nephew.pk
    [entry] = audit.touching(family.nephew.pk).filter(action="services.looked_up")
    assert entry.actor_id == aunt.id


def test_the_id_of_a_stranger_opens_nothing() -> None:
    family = world.family()
    aunt = world.citizen(family.aunt)

    with acting_as(aunt), pytest.raises(rules.NobodyMeant):
        actions.look_up(who=Who(person_id=family.nephew.pk), by=aunt, at=now())


def test_family_in_other_communes_is_known_without_a_number() -> None:
    family = world.family()
    son = make.person(
        "Lo Van Sung", sex="M", born="1990", commune_code=make.NAM_TIN, mother_name="Lo Thi Mai",
        mother_number=family.aunt.number,
    )  # fmt: skip
    make.person("Lo Thi Dia", born="1992", household="H1", relation_to_head="04")
    aunt = world.citizen(family.aunt)

    with acting_as(aunt):
        known = queries.family_elsewhere(family.aunt.pk)
        found = actions.look_up(who=Who(person_id=son.pk), by=aunt, at=now())
        strangers = people.many([son.pk, family.nephew.pk]).count()

    assert [one.id for one in known] == [son.pk]
    assert found.full_name == "Lo Van Sung"
    assert strangers == 0


def test_guessing_ends_after_some_tries_a_day() -> None:
    family = world.family()
    aunt = world.citizen(family.aunt)
    for _try in range(rules.TRIES_A_DAY):
        with pytest.raises(rules.NobodyMeant):
            actions.look_up(who=world.the_nephew(full_name="Lo Van Ba"), by=aunt, at=now())

    with pytest.raises(rules.TooManyTries):
        actions.look_up(who=world.the_nephew(), by=aunt, at=now())
    tomorrow = now() + dt.timedelta(days=1)
    assert actions.look_up(who=world.the_nephew(), by=aunt, at=tomorrow).id == family.nephew.pk


def test_what_law_does_not_allow_is_refused_before_it_is_sent() -> None:
    family = world.family()
    neighbour = make.person("Lo Thi Hoa", born="1980-01-01", number="011180000001")
    here = Who(number=neighbour.number, full_name=neighbour.full_name, born=PartialDate(1980, 1, 1))

    with pytest.raises(rules.LivesHere):
        world.declared(family, who=here)
    with pytest.raises(rules.TooShort):
        world.declared(family, days=29)
    with pytest.raises(people_rules.TemporaryTooLong):
        world.declared(family, days=800)
    with pytest.raises(rules.AlreadyOver):
        world.declared(family, first_day=today() - dt.timedelta(days=100), days=50)
    with pytest.raises(rules.GuardianMustAgree):
        world.declared(family, agreed=False)
    assert not Application.objects.exists()


def test_somebody_of_age_needs_no_guardian() -> None:
    family = world.family()
    make.person("Lo Thi Xuan", born="1999-02-02", number="011199000002", commune_code=make.NAM_TIN)
    who = Who(number="011199000002", full_name="Lo Thi Xuan", born=PartialDate(1999, 2, 2))

    assert world.declared(family, who=who, agreed=False).state == "submitted"


def test_approval_stands_in_the_register_with_the_right_dates() -> None:
    family = world.family()
    begins = today() + dt.timedelta(days=2)
    sent = world.declared(family, first_day=begins, days=100)
    clerk = world.officer()

    with acting_as(clerk):
        actions.approve(application_id=sent.pk, by=clerk, at=now())

    residence = Residence.objects.get(person=family.nephew, kind="temporary")
    assert (residence.valid_from, residence.valid_to) == (begins, begins + dt.timedelta(days=100))
    assert residence.commune_code == make.NAM_KHAN
    assert residence.address == sent.prefilled["address"]
    assert residence.source == f"service:{sent.code}"
    change = people.history(family.nephew.pk)[0]
    assert (change.field, change.valid_from, change.by_name) == ("temporary_residence", begins, clerk.name)
    assert day_of(change.recorded_at) == today()
    assert [entry.action for entry in audit.about(sent.subject)] == ["services.approved", "services.submitted"]


def test_an_application_is_decided_once() -> None:
    family = world.family()
    sent = world.declared(family)
    actions.approve(application_id=sent.pk, by=world.officer(), at=now())

    with pytest.raises(rules.WrongStep):
        actions.approve(application_id=sent.pk, by=world.officer(), at=now())
    with pytest.raises(rules.WrongStep):
        actions.decline(application_id=sent.pk, reason="r", rule="r", by=world.officer(), at=now())
    assert Residence.objects.filter(kind="temporary").count() == 1


def test_only_an_officer_of_the_commune_with_the_right_decides() -> None:
    family = world.family()
    sent = world.declared(family)
    aunt = world.citizen(family.aunt)

    with acting_as(aunt), pytest.raises(NotAllowed):
        actions.approve(application_id=sent.pk, by=aunt, at=now())
    with pytest.raises(NotAllowed):
        actions.approve(application_id=sent.pk, by=world.officer("kit_operator"), at=now())
    elsewhere = world.officer(commune=make.NAM_TIN)
    with acting_as(elsewhere), pytest.raises(NotFound):
        actions.approve(application_id=sent.pk, by=elsewhere, at=now())


def test_nobody_decides_an_application_that_names_them() -> None:
    family = world.family()
    sent = world.declared(family)
    clerk = world.officer()
    same = type(clerk)(clerk.kind, clerk.id, clerk.name, clerk.permissions, clerk.communes, family.aunt.pk)

    with pytest.raises(rules.OwnApplication):
        actions.approve(application_id=sent.pk, by=same, at=now())


@pytest.mark.parametrize("lacking", ["field", "reason", "rule", "mender"])
def test_the_database_refuses_a_return_that_says_too_little(lacking: str) -> None:
    sent = world.declared(world.family())
    said = {"field": "period", "reason": "r", "rule": "r", "mender": "citizen"} | {lacking: ""}
    decided = {"state": "returned", "decided_at": now(), "decided_by_id_text": "officer:1"}

    with pytest.raises(IntegrityError, match="a_return_says_field_reason_rule_and_who"), transaction.atomic():
        Application.objects.filter(pk=sent.pk).update(**said, **decided)
    with pytest.raises(rules.ReasonMissing):
        actions.send_back(application_id=sent.pk, by=world.officer(), at=now(), **said)
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_a_paper_that_the_state_holds_is_never_the_citizens_errand() -> None:
    sent = world.declared(world.family())
    said = {"field": "CHONHA", "reason": "not in the land register", "rule": "art. 28"}

    with pytest.raises(rules.StateHoldsIt):
        actions.send_back(application_id=sent.pk, mender="citizen", by=world.officer(), at=now(), **said)
    returned = actions.send_back(application_id=sent.pk, mender="officer", by=world.officer(), at=now(), **said)

    assert list(queries.waiting({make.NAM_KHAN})) == [returned]
    approved = actions.approve(application_id=sent.pk, by=world.officer(), at=now())
    assert (approved.state, approved.field, approved.mender) == ("approved", "", "")


def test_a_returned_application_is_mended_by_its_citizen_and_sent_again() -> None:
    family = world.family()
    sent = world.declared(family)
    actions.send_back(
        application_id=sent.pk, field="period", reason="begins earlier", rule="art. 27", mender="citizen",
        by=world.officer(), at=now(),
    )  # fmt: skip
    aunt = world.citizen(family.aunt)
    begins = today() - dt.timedelta(days=5)
    assert list(queries.waiting({make.NAM_KHAN})) == []
    assert queries.with_citizens({make.NAM_KHAN}) == 1

    with acting_as(aunt):
        again = actions.send_again(
            application_id=sent.pk, key="again", who=world.the_nephew(), first_day=begins,
            last_day=begins + dt.timedelta(days=90), agreed=True, by=aunt, at=now(),
        )  # fmt: skip

    assert (again.code, again.state, again.reason) == (sent.code, "submitted", "")
    assert again.answers["first_day"] == begins.isoformat()
    assert list(queries.waiting({make.NAM_KHAN})) == [again]
    assert audit.about(sent.subject).filter(action="services.returned").get().facts["field"] == "period"


def test_a_citizen_sees_their_own_applications_and_no_others() -> None:
    family = world.family()
    sent = world.declared(family)
    stranger = make.person("Lo Thi Hoa", born="1980")

    for person in (family.aunt, family.nephew):
        with acting_as(world.citizen(person)):
            assert list(queries.of_person(person.pk)) == [sent]
    with acting_as(world.citizen(stranger)):
        assert not Application.objects.exists()
        with pytest.raises(NotFound):
            queries.application_of(stranger.pk, sent.code)


def test_a_no_says_why_and_counts_nobody_as_served() -> None:
    family = world.family()
    sent = world.declared(family)
    with pytest.raises(rules.ReasonMissing):
        actions.decline(application_id=sent.pk, reason=" ", rule="r", by=world.officer(), at=now())

    actions.decline(application_id=sent.pk, reason="not a dwelling", rule="art. 23", by=world.officer(), at=now())
    assert queries.count_by_commune() == {}

    again = world.declared(family)
    actions.approve(application_id=again.pk, by=world.officer(), at=now())
    assert queries.count_by_commune() == {make.NAM_KHAN: 1}
    assert list(queries.served_in(make.NAM_KHAN)) == [family.aunt.pk]
