"""Writing the register: what changes, what is kept of it, what is refused."""

from __future__ import annotations

import datetime as dt
import itertools
import threading

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import ChangedMeanwhile, NotFound
from hoaban.people import actions, queries, rules
from hoaban.people.actions import drawing
from hoaban.people.actions.writing import _left_under
from hoaban.people.models import Change, Household, Number, Person, Relation, Residence
from hoaban.web.actor import acting_as, job_actor
from tests import make

pytestmark = pytest.mark.django_db
NUMBER = "011158000123"


def correct(person: Person, *, changes: dict[str, str], **more: object) -> Person:
    return actions.correct(person_id=person.pk, changes=changes, source="finding:7", by=make.MAKER, at=now(), **more)  # type: ignore[arg-type]


def test_a_new_person_stands_in_the_register_with_source_and_audit() -> None:
    person = make.person(number=NUMBER, father_name="Lò Pao Sung", source="form:DC1")

    [change] = queries.history(person.pk)
    assert (change.field, change.source, change.by_name) == ("record", "form:DC1", make.MAKER.name)
    assert person.name_fold == "lo pao may"
    assert {key.token for key in person.name_keys.all()} == {"lo", "pao", "may"}
    assert queries.facts_of(person.pk).father_name == "Lò Pao Sung"
    [entry] = audit.touching(person.pk)
    assert entry.action == "people.established"


def test_a_chunk_of_people_is_one_act_with_the_root_of_its_changes() -> None:
    rows = [
        {"full_name": f"Lò Pao {n}", "sex": "F", "born": "1990", "commune_code": "03174", "source": f"form:{n}"}
        for n in range(50)
    ]

    ids = actions.establish_many(people=pl.DataFrame(rows), by=make.MAKER, at=now())

    assert [person.full_name for person in Person.objects.order_by("id")] == [row["full_name"] for row in rows]
    assert sorted(ids) == ids
    [entry] = audit.about(f"people.Person:{ids[0]}")
    assert entry.facts["people"] == 50
    assert len(entry.facts["changes_root"]) == 64


def test_a_number_that_denies_sex_or_year_is_refused_by_rule_and_by_table() -> None:
    with pytest.raises(rules.NumberDisagrees):
        make.person(number=NUMBER, sex="M")
    person = make.person()
    with pytest.raises(IntegrityError, match="number_agrees_with_sex_and_birth_year"), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(number="011058000123")


def test_a_number_belongs_to_one_person_for_ever() -> None:
    person = make.person(number=NUMBER)
    with pytest.raises(rules.NumberTaken):
        make.person(number=NUMBER)

    correct(person, changes={"id12": "011158000124"})

    with pytest.raises(rules.NumberTaken):
        make.person(number=NUMBER)
    assert Number.objects.get(pk=NUMBER).cancelled_at is not None


def test_a_family_finds_itself_by_name_in_the_household_and_by_number() -> None:
    father = make.person("Lò Pao Sung", sex="M", born="1960", household="H1", relation_to_head="01")
    make.person("Lò Pao Sung", sex="M", born="2015", household="H1")
    child = make.person("Lò Pao Dia", born="1990", household="H1", father_name="LÒ PAO SUNG", father_number="")
    far_child = make.person("Lò Pao Ly", born="1992", father_name="Lò Pao Sung", father_number="011060000001")
    far_father = make.person("Lò Pao Sung", sex="M", born="1960", number="011060000001")

    assert Relation.objects.get(person=child).other == father
    assert Relation.objects.get(person=far_child).other == far_father
    assert list(queries.children_of(father.pk)) == [child]


def test_two_namesakes_in_a_household_decide_nothing() -> None:
    for _twice in range(2):
        make.person("Lò Pao Sung", sex="M", born="1960", household="H1")

    child = make.person("Lò Pao Dia", born="1990", household="H1", father_name="Lò Pao Sung")

    assert Relation.objects.get(person=child).other is None


def test_a_household_has_one_head() -> None:
    make.person(household="H1", relation_to_head="01")
    with pytest.raises(IntegrityError, match="one_head_per_household"), transaction.atomic():
        make.person(household="H1", relation_to_head="01")
    second = make.person(household="H1", relation_to_head="04")

    with pytest.raises(rules.HeadTaken):
        correct(second, changes={"relation_to_head": "01"})
    assert Household.objects.count() == 1


def test_a_correction_keeps_old_new_source_and_both_dates() -> None:
    person = make.person()
    day = dt.date(2026, 3, 1)

    correct(person, changes={"full_name": "LÒ PAO MAI", "ethnicity": "Kinh", "marital": "2"}, valid_from=day)

    changed = {one.field: (one.old, one.new, one.source, one.valid_from) for one in queries.history(person.pk)}
    assert changed["full_name"] == ("Lò Pao May", "Lò Pao Mai", "finding:7", day)
    assert changed["ethnicity"] == ("03", "01", "finding:7", day)
    assert queries.find("mai", make.MAKER)
    assert not queries.find("may", make.MAKER)
    assert queries.value_of(person.pk, "ethnicity", day, now()) == "01"
    assert queries.value_of(person.pk, "ethnicity", day - dt.timedelta(days=1), now()) == "03"


def test_the_same_correction_twice_does_the_same_as_once() -> None:
    person = make.person()
    for _twice in range(2):
        correct(person, changes={"marital": "2"})

    assert Change.objects.filter(person=person, field="marital").count() == 1
    assert queries.person(person.pk).version == 2


def test_the_second_to_save_sees_what_the_first_changed() -> None:
    person = make.person()
    correct(person, changes={"marital": "2"}, expected_version=1)

    with pytest.raises(ChangedMeanwhile) as no:
        correct(person, changes={"full_name": "Lò Pao Mai"}, expected_version=1)

    assert no.value.facts["who"] == make.MAKER.name
    assert str(rules.label_of("marital")) in str(no.value.facts["changes"])


def test_a_wrong_sex_kills_the_number_and_a_new_one_follows() -> None:
    person = make.person(number=NUMBER)

    person = correct(person, changes={"gender": "Nam", "dob": "12/03/1959"})

    rules.check_number(person.number, "M", "1959-03-12")
    assert person.number[:3] == "011"
    assert {number.number for number in person.numbers.filter(cancelled_at=None)} == {person.number}
    assert Number.objects.get(pk=NUMBER).reason == "finding:7"
    assert Change.objects.get(person=person, field="number").new == person.number


def test_relations_and_addresses_are_corrected_opened_and_closed() -> None:
    person = make.person(father_name="Lò Pao Sung")

    correct(person, changes={"father_name": "Lò Pao Song", "mother_id": "040123456", "mother_name": "LÒ PAO VI"})
    correct(person, changes={"father_name": "", "perm_address": "Nam Tin"})
    correct(person, changes={"cur_address": "Muong Lay"}, valid_from=dt.date(2026, 1, 1))

    facts = queries.facts_of(person.pk)
    assert (facts.father_name, facts.mother_name, facts.mother_number) == ("", "Lò Pao Vi", "040123456")
    assert (facts.permanent_address, facts.current_address) == ("Nam Tin", "Muong Lay")
    assert Relation.objects.get(person=person, kind="father", superseded_at=None).valid_to is not None
    assert Residence.objects.get(person=person, kind="permanent", superseded_at=None).address == "Nam Tin"
    with pytest.raises(rules.NamelessRelation):
        correct(person, changes={"spouse_number": "040123457"})


def test_a_given_number_is_legal_new_and_once() -> None:
    person = make.person(birth_reg_place="Nam Khan, Dien Bien")

    number = actions.give_number(person_id=person.pk, by=make.MAKER, at=now())

    rules.check_number(number, "F", "1958")
    assert queries.by_number(number) == person
    with pytest.raises(rules.AlreadyNumbered):
        actions.give_number(person_id=person.pk, by=make.MAKER, at=now())
    with pytest.raises(rules.BirthPlaceUnknown):
        actions.give_number(person_id=make.person().pk, by=make.MAKER, at=now())


def test_a_taken_draw_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    make.person(number=NUMBER)
    person = make.person(birth_reg_place="Dien Bien")
    draws = iter([123, 123, 124])
    monkeypatch.setattr("hoaban.people.actions.writing.secrets.randbelow", lambda _below: next(draws))

    assert actions.give_number(person_id=person.pk, by=make.MAKER, at=now()) == "011158000124"


def test_temporary_residence_is_registered_once_with_its_dates() -> None:
    person = make.person()
    facts = {
        "person_id": person.pk, "commune_code": "03156", "village_code": "", "address": "Nam Tin",
        "valid_from": dt.date(2026, 9, 1), "valid_to": dt.date(2027, 5, 31), "source": "service:7F3K92",
        "by": make.MAKER, "at": now(),
    }  # fmt: skip

    first = actions.register_temporary_residence(**facts)  # type: ignore[arg-type]
    second = actions.register_temporary_residence(**facts)  # type: ignore[arg-type]

    assert first == second
    assert queries.history(person.pk)[0].field == "temporary_residence"
    assert len(audit.about(f"people.Person:{person.pk}").filter(action="people.temporary_residence_registered")) == 1
    with pytest.raises(rules.TemporaryTooLong):
        actions.register_temporary_residence(**(facts | {"valid_to": dt.date(2030, 1, 1)}))  # type: ignore[arg-type]


def test_nobody_corrects_a_person_who_is_not_there() -> None:
    with pytest.raises(NotFound):
        actions.correct(person_id=1, changes={}, source="finding:1", by=make.MAKER, at=now())


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_are_told_of_each_other() -> None:
    person = make.person()
    refused: list[ChangedMeanwhile] = []

    def save(marital: str) -> None:
        try:
            with acting_as(job_actor("race")):
                correct(person, changes={"marital": marital}, expected_version=1)
        except ChangedMeanwhile as no:
            refused.append(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[marital]) for marital in "234"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 2
    assert queries.person(person.pk).version == 2


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_never_give_the_same_number(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = itertools.count()
    monkeypatch.setattr("hoaban.people.actions.writing.secrets.randbelow", lambda _below: next(draws) // 3)
    people = [make.person(birth_reg_place="Dien Bien") for _each in range(12)]
    given: list[str] = []

    def give(some: list[Person]) -> None:
        try:
            with acting_as(job_actor("race")):
                given.extend(actions.give_number(person_id=person.pk, by=make.MAKER, at=now()) for person in some)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=[people[n::4]]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(given)) == len(people)


def numberless(how_many: int) -> list[int]:
    rows = {"full_name": [f"Lò Pao {n}" for n in range(how_many)], "sex": "F", "born": "1990", "commune_code": "03174"}
    people = pl.DataFrame(rows).with_columns(birth_reg_place=pl.lit("Dien Bien"), source=pl.lit("form:T"))
    return actions.establish_many(people=people, by=make.MAKER, at=now())


def test_many_numbers_are_given_at_once_and_once() -> None:
    ids = [*numberless(40), make.person().pk]  # of the last nobody knows where the birth was registered

    given = actions.give_numbers(person_ids=ids, by=make.MAKER, at=now())

    assert sorted(given) == ids[:-1]
    assert len(set(given.values())) == 40
    assert all(queries.holder_of(number).pk == pk for pk, number in given.items())
    assert actions.give_numbers(person_ids=ids, by=make.MAKER, at=now()) == {}
    assert Change.objects.filter(person=ids[0], field="number", new=given[ids[0]], version=2).exists()
    [entry] = audit.about(f"people.Person:{ids[0]}").filter(action="people.numbers_given")
    assert entry.facts["people"] == 40


def test_who_draws_for_many_keeps_to_a_slice_so_that_nobody_waits_in_a_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = itertools.count()
    monkeypatch.setattr("hoaban.people.actions.drawing._own_slice", lambda: 7)
    monkeypatch.setattr("hoaban.people.actions.drawing.DRAWS", 1)  # many miss: two of them draw the same
    monkeypatch.setattr("hoaban.people.actions.drawing.secrets.randbelow", lambda _below: next(draws) % 20)
    ids = numberless(30)

    found, missed = drawing._give_chunk(ids, make.MAKER, now())

    assert len(found) == 20
    assert sorted([*found, *missed]) == ids
    assert all(int(number[6:]) % drawing.SLICES == 7 for number in found.values())


def test_where_draws_keep_missing_what_is_left_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    make.person(number="011190000000", born="1990")
    monkeypatch.setattr("hoaban.people.actions.writing.secrets.randbelow", lambda _below: 0)
    monkeypatch.setattr("hoaban.people.actions.drawing._own_slice", lambda: 0)
    left = [f"01119{n:07d}" for n in range(2)]
    monkeypatch.setattr("hoaban.people.actions.writing._left_under", lambda _prefix: list(left))

    [person_id] = numberless(1)
    assert actions.give_numbers(person_ids=[person_id], by=make.MAKER, at=now()) == {person_id: left[1]}
    [another] = numberless(1)
    with pytest.raises(rules.NoNumbersLeft):
        actions.give_number(person_id=another, by=make.MAKER, at=now())


def test_what_is_left_of_a_prefix_is_everything_nobody_ever_had() -> None:
    make.person(number="011190000007", born="1990")

    left = _left_under("011190")

    assert len(left) == 999_999
    assert "011190000007" not in left
